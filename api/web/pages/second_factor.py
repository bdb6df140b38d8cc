"""The second step at sign-in: set up with an app, and taken away."""
from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, current_app, request, session

from api.services import factors
from api.store import factors as stored
from api.store import people
from api.web import second_factor
from api.web.access import SIGNED_IN, access, asker
from api.web.database import keep, now, rows
from api.web.pages.base import go, show, t
from api.web.tries import remember, slowed

blueprint = Blueprint("second_factor", __name__)
PATH = "/mijn-account/tweede-stap"


@blueprint.get(PATH)
@access(SIGNED_IN, people_only=True)
def page() -> Response:
    """Whether there is one, and how to get one."""
    return _shown({})


@blueprint.post(PATH)
@access(SIGNED_IN, people_only=True)
def change() -> Any:
    """Set it up with a first code, or take it away with a code of it."""
    account, code = _own(), request.form.get("code", "")
    if request.form.get("wish") == "begin":
        second_factor.begin(account)
        return go(PATH)
    tried = slowed(f"factor {account.id}")
    if request.form.get("wish") == "stop":
        if second_factor.is_right(account, code):
            factors.take_away(rows(), asker().actor, account, now=now())
            return go(PATH)
    else:
        made = second_factor.confirm(account, code)
        if made is not None:
            return _shown({}, codes=made)
    remember(tried, "factor", account.id)
    keep()
    return _shown({"code": t("factor.wrong")})


def _shown(wrong: dict[str, str], codes: list[str] | None = None) -> Response:
    account, pending = _own(), session.get(second_factor.PENDING)
    return show(
        "second_step.html", 400 if wrong else 200, wrong=wrong, is_set=bool(account.tf_totp_secret), codes=codes or [],
        left=stored.codes_left(rows(), account.id), how=second_factor.shown(pending) if pending else None,
        required=factors.must_set_up(asker().roles, account, current_app.config["SCHAKEL_SETTINGS"].two_factor),
    )  # fmt: skip


def _own() -> people.Account:
    found = people.account_by_id(rows(), asker().account_id)
    assert found is not None
    return found
