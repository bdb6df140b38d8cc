"""One's own account: language and keys, the password, and where one is signed in."""
from __future__ import annotations

from typing import Any

import marshmallow as ma
from flask import Blueprint, Response, current_app, session

from api.services import accounts
from api.services.directory import account_with_rights
from api.store import people
from api.texts.catalogue import LANGUAGES, listing
from api.web.access import SIGNED_IN, access, asker
from api.web.database import now, rows
from api.web.json.once import once
from api.web.pages.base import code_label, go, me, read_form, show, t
from api.web.pages.language import language, remember

blueprint = Blueprint("own_account", __name__)
PATH = "/mijn-account"


class WishForm(ma.Schema):
    """How somebody likes the pages."""

    lang = ma.fields.String(required=True, validate=ma.validate.OneOf(LANGUAGES))
    shortcuts = ma.fields.Boolean(required=True)


@blueprint.get(PATH)
@access(SIGNED_IN, people_only=True)
def account() -> Response:
    """The account with what can be set and ended."""
    return _shown()


@blueprint.post(PATH)
@access(SIGNED_IN, people_only=True)
@once
def wishes() -> Any:
    """Set language and keys."""
    values, wrong = read_form(WishForm)
    if wrong:
        return _shown(wrong)
    accounts.set_wishes(rows(), asker().actor, asker().account_id, now=now(), **values)
    remember(values["lang"])
    return go(PATH, done="saved")


@blueprint.post(f"{PATH}/sessies")
@access(SIGNED_IN, people_only=True)
@once
def end_others() -> Any:
    """End every other session."""
    accounts.end_other_sessions(rows(), asker().actor, asker().account_id, session["sign_in"], now=now())
    return go(PATH, done="sessions")


@blueprint.get("/sessie")
@access(SIGNED_IN, people_only=True)
def stay() -> Response:
    """Nothing but a session that lasts longer."""
    return Response(status=204)


def _shown(wrong: dict[str, str] | None = None) -> Response:
    live = people.live_sign_ins(rows(), asker().account_id, now())
    return show(
        "account.html", 400 if wrong else 200, wrong=wrong or {}, account=me(), here=session["sign_in"], sign_ins=live,
        two_factor=current_app.config["SCHAKEL_SETTINGS"].two_factor,
        rights=_told(account_with_rights(rows(), asker().account_id)["rights"]),
    )  # fmt: skip


def _told(rights: list[dict[str, Any]]) -> list[str]:
    """Every role once, with where: "verbinder in Regio Zwolle en Drenthe"."""
    where: dict[tuple[str, str], list[str]] = {}
    for right in rights:
        kind = "right_at" if right["organisation"] else "right_in" if right["region"] else ""
        place = right["organisation"] or (code_label("region", right["region"]) if right["region"] else "")
        where.setdefault((right["role"], kind), []).append(place)
    return [
        t(f"account.{kind}", role=t(f"account.{role}"), where=listing(places, language())) if kind
        else t(f"account.{role}")
        for (role, kind), places in where.items()
    ]  # fmt: skip
