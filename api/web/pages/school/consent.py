"""Toestemming: who has a code, who was asked and what they said; slips to print. Never consent on behalf."""
from __future__ import annotations

from typing import Any

from flask import Blueprint, request

from api.services import codes as verbs
from api.services import students as student_verbs
from api.services.students import Wanted
from api.store import codes
from api.store.students import place_of
from api.web.access import access, asker
from api.web.cursors import place_or_start, seal
from api.web.database import local_day, now, rows
from api.web.json.once import once_secret
from api.web.login import code_key
from api.web.own import OF_PARTY, own_student
from api.web.pages.base import beginning, home, show, t
from api.web.pages.school.students import homes, name_of

blueprint = Blueprint("school_consent", __name__)
PATH = "/toestemming"
_MOST = 200


@blueprint.get(PATH)
@access(*OF_PARTY, people_only=True)
def overview() -> Any:
    """Per student: code and consent."""
    return _page()


@blueprint.post(f"{PATH}/codes")
@access(*OF_PARTY, people_only=True)
@once_secret
def slips() -> Any:
    """Make codes and show them once, as slips to print."""
    ids = list(dict.fromkeys(request.form.getlist("student")))[:_MOST]
    chosen = [own_student(student_id, *OF_PARTY) for student_id in ids]
    if not chosen:
        return _page({"student": t("consent.nobody")})
    made = verbs.hand_out(rows(), asker().actor, chosen, code_key(), now=now())
    return show("school/slips.html", slips=made, address=home())


def _page(wrong: dict[str, str] | None = None) -> Any:
    after = place_or_start(request.args.get("na", ""))
    found = student_verbs.listed(rows(), Wanted(), homes=homes(), regions=(), ids=(), after=after, limit=_MOST,
                                 today=local_day(now()))  # fmt: skip
    if after and not found:
        return beginning()
    last: dict[str, Any] = {}
    for code in codes.codes_of(rows(), [row.student.id for row, _, _ in found]):
        last.setdefault(code.student_id, (code, verbs.state_of(code, now())))
    without = {row.student.id for row, _, _ in found[:_MOST] if row.student.id not in last}
    return show("school/consent.html", 400 if wrong else 200, wrong=wrong or {}, shown=found[:_MOST], last=last,
                without=without, ticked=without if request.args.get("kies") == "zonder-code" else set(),
                more=seal(place_of(found[_MOST - 1][0])) if found[_MOST:] else "", name_of=name_of)  # fmt: skip
