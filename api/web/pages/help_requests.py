"""Hulpvragen: asking a municipality for help for a student, and the municipality's list with its answers.

The student says yes or no under Toestemming (`api.web.pages.youth.my_help`); before that the municipality sees nothing.
"""
from __future__ import annotations

from typing import Any

import marshmallow as ma
from flask import Blueprint, Response

from api.services import help_requests as verbs
from api.services.codes import name_of
from api.services.states import NotNow
from api.store import help_requests
from api.web.access import access, asker
from api.web.database import now, rows
from api.web.json.help_requests import ASKING, SEEING, look_at, own, told
from api.web.json.once import once
from api.web.own import own_student, role_at
from api.web.pages.base import go, read_form, show, t
from api.web.pages.language import language
from api.web.pages.school.fields import Day, Said
from api.web.pages.seen import Stale, seen_as
from api.web.reach import own_municipalities, reach_of

blueprint = Blueprint("help_pages", __name__)
PATH, OF_STUDENT = "/hulpvragen", "/leerlingen/<student_id>/hulp"
_MOST = 200
_BACK = {"school": "/leerlingen/{}", "referrer": "/leerlingen/{}", "connector": "/leerlingen/{}/verbinder",
         "coach": "/route/{}"}  # fmt: skip


class AskForm(ma.Schema):
    """What is asked, of which municipality."""

    municipality = ma.fields.String(required=True, error_messages={"required": "help_request.choose"})
    what = Said(500, least=1, required=True, error_messages={"required": "help_request.what_missing"})
    who = Said(200, load_default="")
    by = Day(load_default=None)


class AnswerForm(ma.Schema):
    """The municipality's answer, on the version that was read."""

    answer = Said(500, least=1, required=True, error_messages={"required": "help_request.answer_missing"})
    seen = ma.fields.String(load_default="")


class SeenForm(ma.Schema):
    """The version that was read."""

    seen = ma.fields.String(load_default="")


@blueprint.get(PATH)
@access("municipality", people_only=True)
def requests() -> Response:
    """What a municipality was asked with consent, what waits for its answer first; the student reads who looked."""
    return _list()


@blueprint.post(f"{PATH}/<request_id>")
@access("municipality", people_only=True)
@once
def answer(request_id: str) -> Any:
    """Answer one."""
    found = own(request_id, "municipality")
    said, wrong = read_form(AnswerForm)
    if wrong:
        return _list({f"answer-{request_id}": wrong.get("answer", "")})
    try:
        verbs.answer(rows(), asker().actor, found, said["answer"], seen=seen_as(said["seen"]), now=now())
    except (NotNow, Stale):
        return go(PATH, done="help_changed")
    return go(PATH, done="help_answered")


@blueprint.get(OF_STUDENT)
@access(*ASKING, people_only=True)
def of_student(student_id: str) -> Response:
    """What was asked for one student, how far it is, and the form."""
    return _page(student_id)


@blueprint.post(OF_STUDENT)
@access(*ASKING, people_only=True)
@once
def ask(student_id: str) -> Any:
    """Ask; it waits for the student's yes."""
    found = own_student(student_id, *ASKING)
    said, wrong = read_form(AskForm)
    if wrong:
        return _page(student_id, wrong)
    try:
        verbs.ask(rows(), asker().actor, found.id, said["municipality"], what=said["what"], who=said["who"],
                  by=said["by"], now=now())  # fmt: skip
    except NotNow as refused:
        return _page(student_id, {"municipality": refused.sentence(language())})
    return go(f"/leerlingen/{student_id}/hulp", done="help_asked")


@blueprint.post(f"{OF_STUDENT}/<request_id>/terug")
@access(*ASKING, people_only=True)
@once
def take_back(student_id: str, request_id: str) -> Any:
    """Take one back; the municipality sees it no more."""
    own_student(student_id, *ASKING)
    said, _ = read_form(SeenForm)
    try:
        verbs.withdraw(rows(), asker().actor, own(request_id, *ASKING), roles=(), seen=seen_as(said["seen"]),
                       now=now())  # fmt: skip
    except (NotNow, Stale):
        return go(f"/leerlingen/{student_id}/hulp", done="help_changed")
    return go(f"/leerlingen/{student_id}/hulp", done="help_withdrawn")


def with_versions(found: list[help_requests.HelpRequest]) -> list[dict[str, Any]]:
    """Requests as they are shown, with the version that an answer must have seen."""
    return [one | {"version": of.version} for one, of in zip(told(found), found, strict=True)]


def _list(wrong: dict[str, str] | None = None) -> Response:
    found = help_requests.requests(rows(), reach_of(asker(), *SEEING), own_municipalities(asker()), limit=_MOST)
    mine = [one for one in look_at(found) if one.organisation_id in own_municipalities(asker())
            and one.state in help_requests.VISIBLE]  # fmt: skip
    shown = sorted(with_versions(mine), key=lambda one: one["state"] != "open")
    return show("help_requests.html", 400 if wrong else 200, wrong=wrong or {}, requests=shown)


def _page(student_id: str, wrong: dict[str, str] | None = None) -> Response:
    student = own_student(student_id, *ASKING)
    found = help_requests.requests(rows(), reach_of(asker(), *ASKING), frozenset(), limit=_MOST, student_id=student.id)
    towns = [("", t("help_request.choose"))] + [(one.id, one.name) for one in help_requests.municipalities(rows())]
    back = _BACK[role_at(student, *ASKING)].format(student.id)
    return show("help_of_student.html", 400 if wrong else 200, wrong=wrong or {}, requests=with_versions(found),
                towns=towns, name=name_of(rows(), student), student_id=student.id, back=back)  # fmt: skip


__all__ = ["blueprint", "with_versions"]
