"""Signing in with the code that the school handed out, and the date of birth."""
from __future__ import annotations

import contextlib
from datetime import date
from typing import Any

from flask import Blueprint, Response, request

from api.web.access import ANYBODY, access
from api.web.login import sign_in_by_code
from api.web.pages.base import go, show, t

blueprint = Blueprint("code", __name__)
PATH = "/code"
FIELDS = ("code", "day", "month", "year")


@blueprint.get(PATH)
@access(ANYBODY)
def form() -> Response:
    """Ask for code and date of birth."""
    return show("youth/code.html", typed=dict.fromkeys(FIELDS, ""))


@blueprint.post(PATH)
@access(ANYBODY)
def sign_in() -> Any:
    """Sign in; every code that opens nothing gets the same answer."""
    typed = {name: request.form.get(name, "").strip()[:40] for name in FIELDS}
    born = _born(typed)
    wrong = {}
    if not typed["code"]:
        wrong["code"] = t("code.no_code_given")
    if born is None:
        wrong["day"] = t("code.no_date")
    if not wrong and born is not None and not sign_in_by_code(typed["code"], born):
        wrong["code"] = t("code.wrong")
    if wrong:
        return show("youth/code.html", 400, wrong=wrong, typed=typed)
    return go("/mijn-voorstellen")


def _born(typed: dict[str, str]) -> date | None:
    with contextlib.suppress(ValueError, OverflowError):  # a year of ten digits is no number that a date can hold
        return date(int(typed["year"]), int(typed["month"]), int(typed["day"]))
    return None
