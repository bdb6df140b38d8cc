"""The administrator's pages of accounts: who may come in, and with which rights."""
from __future__ import annotations

from typing import Any

import marshmallow as ma
from flask import Blueprint, Response, request

from api.errors import Refused
from api.services import account_lists, accounts, invitations, party_codes
from api.store import people
from api.store.people import Account
from api.store.tables.accounts import OF_ORGANISATION, OF_STUDENT, ROLES
from api.web.access import access, asker
from api.web.cursors import place_or_start, seal
from api.web.database import now, rows
from api.web.json.once import once, once_secret
from api.web.login import code_key
from api.web.pages.base import beginning, code_label, go, read_form, show, t
from api.web.pages.school.fields import Said
from api.web.problems import not_found

blueprint = Blueprint("admin_accounts", __name__)
PATH = "/beheer/accounts"
ADMINISTRATOR = access("administrator", people_only=True)
GIVEN = tuple(role for role in ROLES if role not in OF_STUDENT)
"""Rights that an administrator gives; those of one student are given by school, connector or the student."""
_PAGE = 50


class RightForm(ma.Schema):
    """A right to give."""

    role = ma.fields.String(required=True, validate=ma.validate.OneOf(GIVEN))
    code = ma.fields.String(load_default="", validate=ma.validate.Length(max=120))
    organisation = Said(200, load_default="")

    @ma.validates_schema
    def names_its_subject(self, data: dict[str, Any], **_: Any) -> None:
        """A right at a party says which; a connector's says the region."""
        role, code = data.get("role", ""), data.get("code", "")
        if role not in (*OF_ORGANISATION, "connector") or not party_codes.fault_of(role, party_codes.tidy(role, code)):
            return
        of_party = "admin_parties.wrong_code" if code.strip() else "admin_accounts.wrong_party"
        raise ma.ValidationError("admin_accounts.wrong_region" if role == "connector" else of_party, "code")

    @ma.post_load
    def as_right(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """The right as the service takes it."""
        data["right"] = accounts.Right(data.pop("role"), data.pop("code"), data.pop("organisation").strip())
        return data


class AccountForm(RightForm):
    """A new account with its first right."""

    name = Said(120, least=1, required=True)
    email = ma.fields.String(required=True, validate=ma.validate.Length(3, 254))


class WordForm(ma.Schema):
    """A word typed over, for what cannot be undone by a click."""

    word = ma.fields.String(load_default="")


@blueprint.get(PATH)
@ADMINISTRATOR
def account_list() -> Any:
    """Everybody who signs in with an address, by role."""
    role, after = request.args.get("rol", ""), place_or_start(request.args.get("na", ""))
    found = people.on_page(rows(), role=role if role in ROLES else "", organisation_id="", after=after,
                           limit=_PAGE + 1)  # fmt: skip
    if after and not found:
        return beginning()
    shown = account_lists.shown(rows(), found[:_PAGE], now())
    return show("admin_accounts.html", accounts=shown, role=role, roles=ROLES, told=right_words,
                older=seal((found[_PAGE - 1].name, found[_PAGE - 1].id)) if len(found) > _PAGE else "")  # fmt: skip


@blueprint.get(f"{PATH}/nieuw")
@ADMINISTRATOR
def new_account() -> Response:
    """The form for an account."""
    return show("admin_account_new.html", roles=GIVEN)


@blueprint.post(f"{PATH}/nieuw")
@ADMINISTRATOR
@once_secret
def add() -> Any:
    """Add an account and show its code, once."""
    values, wrong = read_form(AccountForm)
    if not wrong:
        try:
            made = accounts.add_account(rows(), asker().actor, values["email"], values["name"], [values["right"]],
                                        now=now())  # fmt: skip
            return _invited(made)
        except Refused as refused:
            wrong = {"email": t(f"admin_accounts.{refused.code}")}
    return show("admin_account_new.html", 400, wrong=wrong, roles=GIVEN)


@blueprint.get(f"{PATH}/<account_id>")
@ADMINISTRATOR
def one_account(account_id: str) -> Response:
    """An account with its rights."""
    return _shown(_account(account_id))


@blueprint.post(f"{PATH}/<account_id>/rechten")
@ADMINISTRATOR
@once
def give(account_id: str) -> Any:
    """Give a right."""
    found = _account(account_id)
    values, wrong = read_form(RightForm)
    if wrong:
        return _shown(found, wrong)
    try:
        accounts.grant(rows(), asker().actor, found, values["right"], now=now())
    except Refused as refused:
        return _shown(found, {"role": t(f"admin_accounts.{refused.code}")})
    return go(f"{PATH}/{found.id}", done="saved")


@blueprint.post(f"{PATH}/<account_id>/rechten/<right_id>")
@ADMINISTRATOR
@once
def take(account_id: str, right_id: str) -> Any:
    """Take a right away."""
    found = _account(account_id)
    try:
        accounts.revoke(rows(), asker().actor, found, right_id, now=now())
    except Refused as refused:
        return _shown(found, {"right": t(f"admin_accounts.{refused.code}")})
    return go(f"{PATH}/{found.id}", done="saved")


@blueprint.post(f"{PATH}/<account_id>/code")
@ADMINISTRATOR
@once_secret
def invite(account_id: str) -> Any:
    """Make a code with which the owner chooses a password."""
    found = _account(account_id)
    try:
        return _invited(found)
    except Refused as refused:
        return _shown(found, {"invite": t(f"admin_accounts.{refused.code}")})


@blueprint.post(f"{PATH}/<account_id>/sessies")
@ADMINISTRATOR
@once
def end_sessions(account_id: str) -> Any:
    """Sign the owner out everywhere."""
    accounts.end_sessions(rows(), asker().actor, _account(account_id), now=now())
    return go(f"{PATH}/{account_id}", done="saved")


@blueprint.post(f"{PATH}/<account_id>/stand")
@ADMINISTRATOR
@once_secret
def change_state(account_id: str) -> Any:
    """Close an account (the word must be typed), or open it again."""
    found = _account(account_id)
    if not found.active:
        accounts.enable(rows(), asker().actor, found, now=now())
        return go(f"{PATH}/{found.id}", done="saved")
    values, _ = read_form(WordForm)
    if values["word"].strip().upper() != t("admin_accounts.close_typed"):
        return _shown(found, {"word": t("admin_accounts.close_wrong")})
    try:
        accounts.disable(rows(), asker().actor, found, now=now())
    except Refused as refused:
        return _shown(found, {"word": t(f"admin_accounts.{refused.code}")})
    return go(f"{PATH}/{found.id}", done="saved")


def right_words(right: dict[str, Any]) -> str:
    """A right in words: "verbinder in Regio Zwolle"."""
    role = t(f"account.{right['role']}")
    if right["organisation"]:
        return t("account.right_at", role=role, where=right["organisation"])
    return t("account.right_in", role=role, where=code_label("region", right["region"])) if right["region"] else role


def _invited(account: Account) -> Response:
    code, expires_at = invitations.invite(rows(), asker().actor, account, code_key(), now=now())
    return show("admin_invitation.html", account=account, code=code, expires_at=expires_at)


def _shown(account: Account, wrong: dict[str, str] | None = None) -> Response:
    rows().expire(account, ["grants"])
    told = account_lists.shown(rows(), [account], now())[0]
    return show("admin_account.html", 400 if wrong else 200, wrong=wrong or {}, account=told, roles=GIVEN,
                told=right_words)  # fmt: skip


def _account(account_id: str) -> Account:
    found = people.account_by_id(rows(), account_id)
    if found is None or found.email is None:
        raise not_found()
    return found
