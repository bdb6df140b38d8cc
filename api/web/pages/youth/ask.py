"""Vraag of bezwaar: a question, a correction or an objection to a person, and what was answered."""
from __future__ import annotations

from typing import Any

import marshmallow as ma
from flask import Blueprint, Response, request

from api.bsn import suspects
from api.services import student_questions as verbs
from api.services.options import Option
from api.store import students as store
from api.web.access import access, asker
from api.web.database import now, rows
from api.web.json.once import once
from api.web.pages.base import go, read_form, t
from api.web.pages.youth.base import ROLES, names, own_options, shown, students
from api.web.pages.youth.contact import contact_of
from api.web.problems import not_found

blueprint = Blueprint("ask", __name__)
PATH = "/vraag"
KINDS = ("talk", "data_correction", "objection", "erasure")
LONGEST, LONGEST_NAME = 500, 120
"""Of a question with the name of the place before it, and of that name."""


class AskForm(ma.Schema):
    """A question."""

    kind = ma.fields.String(required=True, validate=ma.validate.OneOf(KINDS), error_messages={
        "required": "ask.choose_kind"})  # fmt: skip
    text = ma.fields.String(load_default="")
    student = ma.fields.String(load_default="")
    offer = ma.fields.String(load_default="")

    @ma.validates("text")
    def no_bsn(self, value: str, **_: Any) -> None:
        """No citizen service number comes in."""
        if suspects(value):
            raise ma.ValidationError("ask.bsn")


@blueprint.get(PATH)
@access(*ROLES, people_only=True)
def form() -> Response:
    """The form, whom to call, and what was asked before."""
    return _shown()


@blueprint.post(PATH)
@access(*ROLES, people_only=True)
@once
def send() -> Any:
    """Send it; a wish to be erased is an objection that says so."""
    said, wrong = read_form(AskForm)
    if wrong:
        return _shown(wrong)
    found, own = _option(said["offer"]), students()
    student = said["student"] or _whose(found, own)
    if not student:
        return _shown({"student": t("form.choose")})
    if student not in own:
        raise not_found()
    if found is not None and found.request.student_id != student:
        found = None
    erasure, about = said["kind"] == verbs.ERASURE, _about(found)
    text = said["text"].replace("\r\n", "\n")  # a line that ends counts once in a browser
    if len(text) > _room(about):
        return _shown({"text": t("ask.too_long", n=_room(about))})
    verbs.ask(rows(), asker().actor, student, "objection" if erasure else said["kind"],
              code=verbs.ERASURE if erasure else "", text=". ".join(part for part in (about, text) if part), now=now())
    return go(PATH, done="asked")


def _shown(wrong: dict[str, str] | None = None) -> Response:
    typed = {"kind": request.args.get("soort", ""), "offer": request.args.get("voorstel", ""), "text": "",
             "student": "", **request.form.to_dict()}  # fmt: skip
    found, own = _option(typed["offer"]), students()
    typed["student"] = typed["student"] or _whose(found, own)
    asked = [one for student in own for one in store.questions_of(rows(), student) if one.kind != "to_school"]
    by = store.names_of(rows(), asked)
    told = [{"kind": verbs.kind_of(one), "text": one.text, "asked_at": one.asked_at, "answer": one.answer,
             "answered_at": one.answered_at, "answered_name": by.get(one.answered_by or "", "")}
            for one in sorted(asked, key=lambda one: one.asked_at, reverse=True)]  # fmt: skip
    called, whose = names(), [typed["student"]] if typed["student"] in own else own
    return shown("ask.html", 400 if wrong else 200, wrong=wrong or {}, typed=typed, about=_about(found),
                 room=_room(_about(found)), kinds=[(kind, t(f"ask.{kind}")) for kind in KINDS],
                 people=sorted(called.items()), asked=told,
                 calls=[(called[i] if len(called) > 1 else "", contact_of(i)) for i in whose])  # fmt: skip


def _option(offer: str) -> Option | None:
    """The place that a question is about."""
    return next((one for one in own_options() if one.request.id == offer), None) if offer else None


def _whose(found: Option | None, own: list[str]) -> str:
    """Whom a question is about when nobody was chosen: whose place it is, or who is the only one; else nobody."""
    if found is not None:
        return found.request.student_id
    return own[0] if len(own) == 1 else ""


def _room(about: str) -> int:
    """How many characters are left for somebody's own words, after the name of a place."""
    return LONGEST - (len(f"{about}. ") if about else 0)


def _about(found: Option | None) -> str:
    """A place by name."""
    return f"{found.work['title']}, {found.work['employer']}"[:LONGEST_NAME].rstrip() if found is not None else ""
