"""A student or a place as a connector sees it: data, questions, proposals, history; a card for a conversation."""
from __future__ import annotations

from typing import Any

import marshmallow as ma
from flask import Blueprint, Response

from api.services import vacancies
from api.services.records import opening_of, student_of
from api.store import decisions, organisations, plans, reviews, runs
from api.texts.questions import OF_OPENING, OF_STUDENT
from api.web.access import access, asker, regions_of
from api.web.database import local_day, now, rows
from api.web.json.once import once
from api.web.own import look_at_id
from api.web.pages import words
from api.web.pages.base import day, go, read_form, show
from api.web.pages.language import language
from api.web.pages.posted import told
from api.web.pages.scope import held_runs, my_regions
from api.web.pages.today import stale_students
from api.web.problems import not_found
from features.completeness import missing_of_opening, missing_of_student

blueprint = Blueprint("details", __name__)
SHOWN = 10


class SeenForm(ma.Schema):
    """Which version was seen."""

    seen = ma.fields.Integer(required=True)


@blueprint.get("/leerlingen/<student_id>/verbinder")
@access("connector", people_only=True)
def student(student_id: str) -> Response:
    """A student of one's own regions; the student reads later who looked."""
    _look(student_id)
    return show("student.html", **_student(student_id))


@blueprint.get("/leerlingen/<student_id>/gesprekskaart")
@access("connector", people_only=True)
def student_card(student_id: str) -> Response:
    """The student on one page of paper."""
    _look(student_id)
    return show("student_card.html", **_student(student_id))


@blueprint.get("/plekken/<opening_id>")
@access("connector", people_only=True)
def opening(opening_id: str) -> Response:
    """A place in one's own regions."""
    return show("opening.html", **_opening(opening_id))


@blueprint.post("/plekken/<opening_id>/gezien")
@access("connector", people_only=True)
@once
def opening_seen(opening_id: str) -> Any:
    """Say that one saw what the employer changed; of what changed after the page was shown that is not said."""
    found = reviews.opening_in(rows(), opening_id, regions_of(asker()))
    if found is None:
        raise not_found()
    values, wrong = read_form(SeenForm)
    if wrong or values["seen"] != found[2].number:
        return go(f"/plekken/{opening_id}")
    vacancies.see(rows(), asker().actor, found[0].vacancy_id, now=now())
    return go("/vandaag", done="change_seen")


@blueprint.get("/plekken/<opening_id>/gesprekskaart")
@access("connector", people_only=True)
def opening_card(opening_id: str) -> Response:
    """The place on one page of paper."""
    return show("opening_card.html", **_opening(opening_id))


@blueprint.get("/geschiedenis")
@access("connector", people_only=True)
def history() -> Response:
    """Who chose what, when and why, in the regions one looks at."""
    found = reviews.words_of(rows(), regions=my_regions())
    students, openings = runs.names_of(rows(), [d.student_id for d, *_ in found], [d.opening_id for d, *_ in found])
    return show("history.html", history=found, students=students, openings=openings)


@blueprint.get("/verouderd")
@access("connector", people_only=True)
def stale() -> Response:
    """Whose data are old, or were never confirmed."""
    return show("stale.html", students=stale_students())


def _look(student_id: str) -> None:
    if reviews.student_in(rows(), student_id, regions_of(asker())) is not None:
        look_at_id(student_id)


def _student(student_id: str) -> dict[str, Any]:
    found = reviews.student_in(rows(), student_id, regions_of(asker()))
    if found is None:
        raise not_found()
    stored, school, profile = found
    record = student_of(profile.record)
    missing = [OF_STUDENT[name][language() == "en"] for name in missing_of_student(record) if name in OF_STUDENT]
    shown = []
    for run_id in held_runs():
        shown += runs.proposals_of(rows(), run_id, student_id=student_id, limit=SHOWN)
    shown += _held_outside(student_id, {one.opening_id for one in shown})
    return {
        "id": stored.id, "record": record, "school": school, "words": words, "questions": missing,
        "name": record.background.first_name or record.student_ref, "since": profile.created_at,
        "age": words.age_on(record.birth_date, local_day(now())), **_with_names(shown),
        **_history(reviews.words_of(rows(), student_id=student_id, regions=regions_of(asker())), of_student=True),
        "day": day,
    }  # fmt: skip


def _held_outside(student_id: str, shown: set[str]) -> list[runs.Proposal]:
    """The proposal by which a student holds a place that the plan does not show: it is no part of its run."""
    held = [one for one in plans.words_on(rows(), [student_id]) if one.holds and one.opening_id not in shown]
    return [found for one in held if (found := runs.proposal_by_id(rows(), one.proposal_id)) is not None]


def _opening(opening_id: str) -> dict[str, Any]:
    found = reviews.opening_in(rows(), opening_id, regions_of(asker()))
    if found is None:
        raise not_found()
    stored, employer, version = found
    record = opening_of(version.record)
    missing = [OF_OPENING[name][language() == "en"] for name in missing_of_opening(record) if name in OF_OPENING]
    places, held = reviews.seats(rows(), opening_id)
    shown = []
    for run_id in held_runs():
        shown += runs.proposals_of(rows(), run_id, opening_id=opening_id, among_regions=regions_of(asker()),
                                   limit=SHOWN)  # fmt: skip
    return {
        "id": stored.id, "record": record, "employer": record.employer or employer, "words": words,
        "questions": missing, "title_of": record.title or record.vacancy_ref, "places": places, "held": held,
        "number": version.number,
        "changed": vacancies.changed_unseen(rows(), regions_of(asker()), now(), vacancy_id=stored.vacancy_id),
        **_history(reviews.words_of(rows(), opening_id=opening_id, regions=regions_of(asker())), of_student=False),
        "tasks": [demand.text for demand in record.tasks], "contacts": organisations.to_call(rows(), stored.vacancy_id),
        "vacancy": told(stored.vacancy_id), **_with_names(shown),
    }  # fmt: skip


def _with_names(shown: list[runs.Proposal]) -> dict[str, Any]:
    students, openings = runs.names_of(rows(), [p.student_id for p in shown], [p.opening_id for p in shown])
    live = decisions.live_among(rows(), shown)
    return {"proposals": [(p, students[p.student_id], openings[p.opening_id], live.get((p.student_id, p.opening_id)))
                          for p in shown]}  # fmt: skip


def _history(found: list[tuple[decisions.Decided, str, str | None]], *, of_student: bool) -> dict[str, Any]:
    """What was chosen, and of which place or student: a page is about the one and names the other."""
    students, openings = runs.names_of(rows(), [d.student_id for d, *_ in found], [d.opening_id for d, *_ in found])
    about = {}
    for decided, *_ in found:
        who, where = students[decided.student_id], openings[decided.opening_id]
        about[decided.id] = f"{where['title'] or where['vacancy_ref']}, {where['employer']}" if of_student \
            else who["first_name"] or who["student_ref"]  # fmt: skip
    return {"history": found, "about": about}
