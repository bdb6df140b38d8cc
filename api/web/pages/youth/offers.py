"""Mijn voorstellen: every place that a person found good for a student, one a page, and the student's word on it."""
from __future__ import annotations

from typing import Any

import marshmallow as ma
from flask import Blueprint, Response

from api.services import consents as verbs
from api.services import introductions as meetings
from api.services.card_words import words
from api.services.options import Option
from api.services.states import NotNow
from api.services.why import Why, for_student
from api.store import consents, help_requests, introductions
from api.web.access import access, asker
from api.web.database import local_day, now, rows
from api.web.json.once import once
from api.web.pages.base import code_label, go, read_form
from api.web.pages.language import language
from api.web.pages.youth.base import ROLES, banner_of, hello, names, own_option, own_options, shown, who_answers
from api.web.pages.youth.contact import contact_of
from api.web.problems import not_found
from api.web.reach import reach_of, speaks_for
from features.codes import code_list

blueprint = Blueprint("offers", __name__)
PATH = "/mijn-voorstellen"
OPEN = ("asked",)
TASKS = 6
FIRST_REASONS = 4
"""So many stand open; who wants to read more opens the rest."""


class AnswerForm(ma.Schema):
    """A student's answer."""

    answer = ma.fields.String(required=True, validate=ma.validate.OneOf(["yes", "no", "talk"]))
    only_this = ma.fields.Boolean(load_default=False)


class NamesForm(ma.Schema):
    """Whether the company may know the name."""

    names = ma.fields.String(required=True, validate=ma.validate.OneOf(["yes", "no"]))


@blueprint.get(PATH)
@access(*ROLES, people_only=True)
def offers() -> Response:
    """Every place, those to choose from first."""
    called = names()
    several = len(called) > 1
    told = [
        {"id": one.request.id, "state": one.state, "work": one.work,
         "name": called[one.request.student_id] if several else ""}
        for one in _places()
    ]  # fmt: skip
    asked = help_requests.requests(rows(), reach_of(asker(), *ROLES), frozenset(), state="asked", limit=1)
    return shown("offers.html", hello=hello(), help_waits=bool(asked),
                 open=[one for one in told if one["state"] in OPEN],
                 closed=[one for one in told if one["state"] not in OPEN])  # fmt: skip


@blueprint.get(f"{PATH}/<request_id>")
@access(*ROLES, people_only=True)
def offer(request_id: str) -> Response:
    """One place: what it is, why, what is not known, and the question."""
    found = own_option(request_id)
    meeting = introductions.live_on(rows(), found.release.id) if found.release is not None else None
    return shown(
        "offer.html", id=request_id, state=found.state, work=work_of(found), asked_by=found.asked_by, why=_why(found),
        others=_others(found), introduction=meeting, has_card=found.shows is not None,
        yes_by=who_answers(found.request.student_id, yes=True), no_by=who_answers(found.request.student_id, yes=False),
        consent_id=found.consent.id if found.consent is not None else "", first_reasons=FIRST_REASONS,
        contact=contact_of(found.request.student_id),
    )  # fmt: skip


@blueprint.post(f"{PATH}/<request_id>")
@access(*ROLES, people_only=True)
@once
def answer(request_id: str) -> Any:
    """Yes, no, or first a talk."""
    found = consents.request(rows(), reach_of(asker(), *ROLES), request_id)
    if found is None:
        raise not_found()
    said, wrong = read_form(AnswerForm)
    here = f"{PATH}/{request_id}"
    if wrong:
        return go(here)
    try:
        verbs.answer(rows(), asker().actor, found, said["answer"], roles=speaks_for(asker(), found.student_id),
                     now=now(), only_this=said["only_this"])  # fmt: skip
    except NotNow as refused:
        return go(here, done=banner_of(refused))
    return go(here, done=f"answer_{said['answer']}")


@blueprint.get(f"{PATH}/<request_id>/kaart")
@access(*ROLES, people_only=True)
def card(request_id: str) -> Response:
    """Exactly the card that the company sees, or would see."""
    found = own_option(request_id)
    shows = None if found.shows is None else words(found.shows, language())
    code = found.release.pseudonym if found.release is not None else ""
    return shown("card.html", id=request_id, work=found.work, shows=shows, code=code)


@blueprint.post(f"{PATH}/<request_id>/naam")
@access(*ROLES, people_only=True)
@once
def names_permission(request_id: str) -> Any:
    """Let the company know the name, or rather not."""
    found = own_option(request_id)
    said, wrong = read_form(NamesForm)
    meeting = introductions.live_on(rows(), found.release.id) if found.release is not None else None
    if meeting is None:
        raise not_found()
    here = f"{PATH}/{request_id}"
    if wrong:
        return go(here)
    verb = meetings.permit_names if said["names"] == "yes" else meetings.hide_names
    try:
        verb(rows(), asker().actor, meeting, roles=speaks_for(asker(), found.request.student_id), now=now())
    except NotNow as refused:
        return go(here, done=banner_of(refused))
    return go(here, done=f"names_{said['names']}")


def work_of(found: Option) -> dict[str, Any]:
    """The place in words; a task by its label, or as the company wrote it."""
    tasks = code_list("task")
    told = [code_label("task", task) if task in tasks else task for task in found.work["tasks"][:TASKS]]
    return {**found.work, "task_words": told}


def _places() -> list[Option]:
    """The places, each once: of two intakes that were asked about one may be where the other came to."""
    found = own_options()
    asked = {one.decision.id: one for one in reversed(found)}
    asked |= {one.decision.id: one for one in found if one.decision.opening_id == one.request.opening_id}
    return [one for one in found if asked[one.decision.id] is one]


def _why(found: Option) -> Why:
    return for_student(rows(), found.decision, language(), local_day(now()))


def _others(found: Option) -> bool:
    """Whether the student has other places to choose from."""
    return any(one.state in OPEN and one.request.student_id == found.request.student_id
               and one.request.id != found.request.id for one in own_options())  # fmt: skip

__all__ = ["blueprint", "work_of"]
