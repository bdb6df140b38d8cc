"""Break-glass: everything about one person in a file, for a reason, seen by that person and written in the log."""
from __future__ import annotations

import json
from typing import Any

import marshmallow as ma
from flask import Blueprint, Response

from api.services import privacy
from api.services.export_page import page
from api.services.run_inputs import policy_now
from api.store import audit, decisions, people, persons
from api.web.access import access, asker
from api.web.database import now, rows
from api.web.json.once import once_secret
from api.web.pages.base import read_form, show, t
from api.web.pages.language import language

blueprint = Blueprint("admin_insight", __name__)
PATH = "/beheer/noodtoegang"
ADMINISTRATOR = access("administrator", people_only=True)
KINDS = ("school", "referrer")
_SHOWN = 20


class InsightForm(ma.Schema):
    """Whom, why, in which form, and the word."""

    party = ma.fields.String(required=True, validate=ma.validate.Length(1, 120))
    ref = ma.fields.String(required=True, validate=ma.validate.Length(1, 120))
    reason = ma.fields.String(required=True, validate=ma.validate.OneOf(privacy.BREAK_GLASS))
    form = ma.fields.String(load_default="html", validate=ma.validate.OneOf(["html", "json"]))
    word = ma.fields.String(load_default="")


@blueprint.get(PATH)
@ADMINISTRATOR
def ask() -> Response:
    """What happens when one looks, the form, and who looked before."""
    return _shown()


@blueprint.post(PATH)
@ADMINISTRATOR
@once_secret
def fetch() -> Response:
    """Hand over the file, once the word is typed."""
    values, wrong = read_form(InsightForm)
    if wrong:
        return _shown(wrong)
    if values["word"].strip().upper() != t("admin_insight.typed"):
        return _shown({"word": t("admin_insight.wrong_word")})
    student_id = student_by_ref(values["party"].strip(), values["ref"].strip())
    if student_id is None:
        return _shown({"ref": t("admin_insight.nobody")})
    made = privacy.break_glass(rows(), asker().actor, student_id, reason=values["reason"], now=now())
    if values["form"] == "html":
        return _file(page(made, language(), policy_now(rows()).terms), "text/html", "schakel.html")
    return _file(json.dumps(made, indent=1, ensure_ascii=False), "application/json", "schakel.json")


def student_by_ref(party: str, ref: str) -> str | None:
    """The id of a student by the number that the own school or referrer gave."""
    homes = [people.organisation(rows(), kind, code) for kind in KINDS for code in {party, party.upper()}]
    found = next((one for home in homes if home is not None
                  if (one := persons.id_by_ref(rows(), home.id, ref)) is not None), None)  # fmt: skip
    return None if found is None or persons.is_erased(rows(), found) else found


def _shown(wrong: dict[str, str] | None = None) -> Response:
    earlier = audit.all_of(rows(), "student.break_glass", _SHOWN)
    who = decisions.names(rows(), [one.actor_id for one in earlier if one.actor_id])
    reasons = [(code, t(f"admin_insight.{code}")) for code in privacy.BREAK_GLASS]
    told: list[Any] = [(one.at, who.get(one.actor_id or "", ""), t(f"admin_insight.{one.details['reason']}"))
                       for one in earlier]  # fmt: skip
    return show("admin_insight.html", 400 if wrong else 200, wrong=wrong or {}, reasons=reasons, earlier=told)


def _file(text: str, kind: str, name: str) -> Response:
    return Response(text, content_type=f"{kind}; charset=utf-8",
                    headers={"Content-Disposition": f"attachment; filename={name}"})  # fmt: skip
