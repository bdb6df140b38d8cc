"""Wissen: taking a student out of everything for good, by the own school or referrer, or by the administrator."""
from __future__ import annotations

from typing import Any

import marshmallow as ma
from flask import Blueprint, Response

from api.services.codes import name_of
from api.services.student_questions import ERASURE
from api.store import students
from api.web.access import access
from api.web.database import rows
from api.web.json.once import once
from api.web.json.privacy import erase_for_good
from api.web.own import OF_PARTY, own_student
from api.web.pages.admin_insight import student_by_ref
from api.web.pages.base import go, read_form, show, t

blueprint = Blueprint("erasing", __name__)
PATH, OF_ADMINISTRATOR = "/leerlingen/<student_id>/wissen", "/beheer/wissen"


class WordForm(ma.Schema):
    """The word typed over: nobody is brought back."""

    word = ma.fields.String(load_default="")

    @ma.validates_schema
    def is_typed(self, data: dict[str, Any], **_: Any) -> None:
        """A click alone is no confirmation, nor is a form without the word."""
        if data.get("word", "").strip().upper() != t("erasing.typed"):
            raise ma.ValidationError("erasing.wrong_word", "word")


class WhomForm(WordForm):
    """Whom the administrator means: an administrator sees no lists of students."""

    party = ma.fields.String(required=True, validate=ma.validate.Length(1, 120))
    ref = ma.fields.String(required=True, validate=ma.validate.Length(1, 120))


@blueprint.get(PATH)
@access(*OF_PARTY, people_only=True)
def sure(student_id: str) -> Response:
    """What goes and what stays, and the word to type."""
    return _of_student(student_id)


@blueprint.post(PATH)
@access(*OF_PARTY, people_only=True)
@once
def erase(student_id: str) -> Any:
    """Erase one's own student; a question to be erased goes along, answered by what was done."""
    found = own_student(student_id, *OF_PARTY)
    _, wrong = read_form(WordForm)
    if wrong:
        return _of_student(student_id, wrong)
    erase_for_good(found.id)
    return go("/leerlingen", done="erased")


@blueprint.get(OF_ADMINISTRATOR)
@access("administrator", people_only=True)
def whom() -> Response:
    """The same for the administrator, by the number of school and student."""
    return _page("")


@blueprint.post(OF_ADMINISTRATOR)
@access("administrator", people_only=True)
@once
def erase_by_ref() -> Any:
    """Erase the student of a school or referrer by the number it gave."""
    values, wrong = read_form(WhomForm)
    if wrong:
        return _page("", wrong)
    student_id = student_by_ref(values["party"].strip(), values["ref"].strip())
    if student_id is None:
        return _page("", {"ref": t("admin_insight.nobody")})
    erase_for_good(student_id)
    return go(OF_ADMINISTRATOR, done="erased")


def _of_student(student_id: str, wrong: dict[str, str] | None = None) -> Response:
    found = own_student(student_id, *OF_PARTY)
    asked = [one for one in students.questions_of(rows(), found.id) if one.code == ERASURE and one.answered_at is None]
    return _page(found.id, wrong, name=name_of(rows(), found), asked=asked[0] if asked else None)


def _page(student_id: str, wrong: dict[str, str] | None = None, *, name: str = "",
          asked: students.Question | None = None) -> Response:  # fmt: skip
    return show("erasing.html", 400 if wrong else 200, wrong=wrong or {}, student_id=student_id, name=name, asked=asked)
