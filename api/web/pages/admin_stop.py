"""The stop switch: one page, a reason, and a word to type."""
from __future__ import annotations

from typing import Any

import marshmallow as ma
from flask import Blueprint, Response

from api.services import switches
from api.store import decisions
from api.web.access import access, asker
from api.web.database import now, rows
from api.web.json.once import once
from api.web.pages.base import go, read_form, show, t
from api.web.pages.school.fields import Said

blueprint = Blueprint("admin_stop", __name__)
PATH = "/beheer/stopknop"
ADMINISTRATOR = access("administrator", people_only=True)


class StopForm(ma.Schema):
    """Why, and the word."""

    reason = Said(300, least=1, required=True)
    word = ma.fields.String(load_default="")


@blueprint.get(PATH)
@ADMINISTRATOR
def switch() -> Response:
    """Whether everything is halted, and the way to do it."""
    return _shown()


@blueprint.post(PATH)
@ADMINISTRATOR
@once
def halt() -> Any:
    """Halt every run."""
    values, wrong = read_form(StopForm)
    if not wrong and values["word"].strip().upper() != t("admin_stop.typed"):
        wrong = {"word": t("admin_stop.wrong_word")}
    if wrong:
        return _shown(wrong)
    switches.set_stop(rows(), asker().actor, on=True, reason=values["reason"], now=now())
    return go(PATH, done="stopped")


@blueprint.post(f"{PATH}/verder")
@ADMINISTRATOR
@once
def go_on() -> Any:
    """Let runs go on."""
    switches.set_stop(rows(), asker().actor, on=False, reason="", now=now())
    return go(PATH, done="goes_on")


def _shown(wrong: dict[str, str] | None = None) -> Response:
    found = switches.stop_switch(rows())
    name = decisions.names(rows(), [found.account_id]) if found is not None and found.account_id else {}
    return show("admin_stop.html", 400 if wrong else 200, wrong=wrong or {}, switch=found,
                by=next(iter(name.values()), ""))  # fmt: skip
