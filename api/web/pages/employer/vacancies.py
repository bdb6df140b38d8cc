"""Mijn vacatures: the list with places left, one vacancy, opening and closing it, and whether a group would fit."""
from __future__ import annotations

from typing import Any

import marshmallow as ma
from flask import Blueprint, Response

from api.services import group_questions, vacancy_drafts, vacancy_review
from api.services import vacancies as verbs
from api.services.records import opening_of
from api.services.uploads import Conflict
from api.store import drafts, organisations, queue
from api.store.organisations import Contact
from api.store.vacancies import VacancyRow
from api.texts.catalogue import listing
from api.web.access import access, asker
from api.web.database import local_day, now, rows
from api.web.json.once import once
from api.web.pages.base import code_label, go, read_form, show, t
from api.web.pages.employer import topics
from api.web.pages.employer.base import contact_words, own_vacancies, own_vacancy, title_of
from api.web.pages.employer.words import FOR_TEMPLATES
from api.web.pages.language import language
from api.web.problems import not_found
from api.web.reach import own_employers
from api.web.throttle import RUNS, limited

blueprint = Blueprint("vacancy_pages", __name__)
PATH = "/vacatures"


class StateForm(ma.Schema):
    """Open or closed."""

    state = ma.fields.String(required=True, validate=ma.validate.OneOf(["open", "closed"]))


@blueprint.get(PATH)
@access("employer", people_only=True)
def overview() -> Response:
    """Vacancies with places left, and drafts to go on with."""
    since = now() - vacancy_drafts.LASTS
    waiting = [{"id": one.id, "title": title_of(one.content["fields"]), "changed_at": one.changed_at,
                "of_posted": one.subject_id is not None}
               for one in drafts.drafts_of(rows(), "vacancy", sorted(own_employers(asker())), since)]  # fmt: skip
    return show("employer/vacancies.html", waiting=waiting, found=[_told(row) for row in own_vacancies()])


@blueprint.get(f"{PATH}/<vacancy_id>")
@access("employer", people_only=True)
def vacancy(vacancy_id: str) -> Response:
    """One vacancy: what it says, its start moments, and what changed."""
    row = own_vacancy(vacancy_id)
    said = topics.shown(verbs.fields_of(row), verbs.openings_of(row), code_label)
    person = organisations.get(rows(), Contact, row.vacancy.contact_id) if row.vacancy.contact_id else None
    return show("employer/vacancy.html", one=_told(row), v=said, topics=topics, review_words=review_words,
                findings=vacancy_review.findings_of(row, language()) if row.vacancy.to_review else [],
                contact=contact_words(person) if person else "", **FOR_TEMPLATES)  # fmt: skip


@blueprint.post(f"{PATH}/<vacancy_id>/stand")
@access("employer", people_only=True)
@once
def set_state(vacancy_id: str) -> Any:
    """Close it, or open it again."""
    row = own_vacancy(vacancy_id, lock=True)
    said, wrong = read_form(StateForm)
    here = f"{PATH}/{vacancy_id}"
    if wrong:
        return go(here)
    try:
        verbs.set_state(rows(), asker().actor, row, said["state"], trusted=False, now=now())
    except Conflict:
        return go(here, done="changed_meanwhile")
    return go(here, done=f"vacancy_{said['state']}")


@blueprint.get(f"{PATH}/<vacancy_id>/groep")
@access("employer", people_only=True)
def group(vacancy_id: str) -> Response:
    """Ask whether a group, or somebody, would fit here."""
    return show("employer/group.html", one=_told(own_vacancy(vacancy_id)), state="", words=())


@blueprint.post(f"{PATH}/<vacancy_id>/groep")
@access("employer", people_only=True)
@limited(RUNS)
@once
def ask_group(vacancy_id: str) -> Any:
    """Have it worked out, for the last start moment."""
    row = own_vacancy(vacancy_id)
    if not row.openings:
        raise not_found()
    opening = opening_of(row.openings[-1].record)
    where = opening.location.label if opening.location else ""
    question = {
        "branch": opening.branch, "starts_on": opening.starts_on.isoformat(), "places": opening.places,
        "min_to_open": max(opening.min_to_open - opening.present, 0), "tasks": [one.text for one in opening.tasks],
        "postcode" if where.isdigit() else "place": where, "hours_min": opening.hours_min,
        "hours_max": opening.hours_max, "contract_type": opening.contract_type,
    }  # fmt: skip
    try:
        made = group_questions.ask(rows(), asker().actor, question, on=local_day(now()), lang=language(), now=now())
    except group_questions.UnknownPlace:
        return go(f"{PATH}/{vacancy_id}/groep", done="place_unknown")
    return go(f"{PATH}/{vacancy_id}/groep/{made.id}")


@blueprint.get(f"{PATH}/<vacancy_id>/groep/<run_id>")
@access("employer", people_only=True)
def group_answer(vacancy_id: str, run_id: str) -> Response:
    """The answer in words, without a number and without anybody; or that it is being worked out."""
    row, run = own_vacancy(vacancy_id), queue.run_by_id(rows(), run_id)
    if run is None or run.kind != "group" or run.account_id != asker().account_id:
        raise not_found()
    words: Any = ()
    if run.state == "done" and run.totals is not None:
        words = group_questions.told_in_words(run.totals, dict(run.question or {}), language(), near=False)["words"]
    return show("employer/group.html", one=_told(row), words=words,
                state="done" if words else "failed" if run.state in ("failed", "cancelled") else "runs")  # fmt: skip


def review_words(found: list[str]) -> str:
    """What a connector looks at, as people say it."""
    kinds = dict.fromkeys("new_employer" if code == "new_employer" else "wording" for code in found)
    return listing([t(f"vacancy.{kind}") for kind in kinds], language())


def _told(row: VacancyRow) -> dict[str, Any]:
    """A vacancy as the templates show it."""
    fields = verbs.fields_of(row)
    return {
        "home": row.home.name if len(own_employers(asker())) > 1 else "",
        "id": row.vacancy.id, "ref": row.vacancy.vacancy_ref, "title": title_of(fields), "state": row.vacancy.state,
        "to_review": list(row.vacancy.to_review),
        "openings": [{"starts_on": one.opening.starts_on, "places": one.opening.places,
                      "left": max(one.opening.places - one.shown, 0)} for one in row.openings],
    }  # fmt: skip
