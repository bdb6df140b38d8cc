"""Accounts and rights, for the administrator: who may come in, with which rights, from which systems."""
from __future__ import annotations

from typing import Any

import marshmallow as ma
from flask.views import MethodView

from api.services import account_lists, accounts, invitations
from api.store import people
from api.store.people import Account as Stored
from api.store.tables.accounts import ROLES
from api.web.access import access, asker
from api.web.database import now, rows
from api.web.json.base import (
    ETAG,
    LOCATION,
    Blueprint,
    Moment,
    Page,
    PageSchema,
    Schema,
    Words,
    etag,
    link,
    matched,
    must_match,
    page_of,
)
from api.web.json.once import once, once_secret
from api.web.login import code_key
from api.web.problems import not_found

blueprint = Blueprint("accounts", __name__, description="Accounts, rights, invitations, sessions and tokens")
ADMINISTRATOR = access("administrator", people_only=True)
_CODE = {"description": "To be handed to the owner; shown once"}


class GrantSchema(Schema):
    """A right of an account."""

    id = ma.fields.String(required=True)
    role = ma.fields.String(required=True, validate=ma.validate.OneOf(ROLES))
    organisation_id = ma.fields.String(allow_none=True)
    organisation = ma.fields.String(allow_none=True)
    region = ma.fields.String(allow_none=True)


class HeldAccountSchema(Schema):
    """An account."""

    id = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    email = ma.fields.String(allow_none=True)
    active = ma.fields.Boolean(required=True)
    has_password = ma.fields.Boolean(required=True, metadata={"description": "No: an invitation is needed"})
    created_at = Moment(required=True)
    version = ma.fields.Integer(required=True)
    rights = ma.fields.List(ma.fields.Nested(GrantSchema), required=True)
    sessions = ma.fields.Integer(required=True, metadata={"description": "How many could still be used"})


class InvitationSchema(Schema):
    """A code with which the owner chooses a password."""

    code = ma.fields.String(required=True, metadata=_CODE)
    expires_at = Moment(required=True)


class InvitedSchema(Schema):
    """A new account, and the code with which its owner chooses a password."""

    account = ma.fields.Nested(HeldAccountSchema, required=True)
    invitation = ma.fields.Nested(InvitationSchema, required=True)


class NewRightSchema(Schema):
    """A right to give."""

    role = ma.fields.String(required=True, validate=ma.validate.OneOf(ROLES))
    code = ma.fields.String(load_default="", validate=ma.validate.Length(max=120), metadata={
        "description": "The organisation's official number, the region, or the id of the student"})  # fmt: skip
    name = Words(200, load_default="", metadata={
        "description": "The organisation's name, when it is new"})  # fmt: skip


class NewAccountSchema(Schema):
    """An account to add."""

    email = ma.fields.String(required=True, validate=ma.validate.Length(3, 254))
    name = Words(120, least=1, required=True)
    rights = ma.fields.List(ma.fields.Nested(NewRightSchema), required=True, validate=ma.validate.Length(max=40))


class ChangedAccountSchema(Schema):
    """What to change."""

    name = Words(120, least=1)
    active = ma.fields.Boolean()


class AccountQuery(PageSchema):
    """Which accounts."""

    role = ma.fields.String(load_default="", validate=ma.validate.OneOf(["", *ROLES]))
    organisation_id = ma.fields.String(load_default="", validate=ma.validate.Length(max=32))


class TokenSchema(Schema):
    """A system's token, without its secret."""

    id = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    scopes = ma.fields.List(ma.fields.String(), required=True)
    created_at = Moment(required=True)
    expires_at = Moment(required=True)
    live = ma.fields.Boolean(required=True)


class NewTokenSchema(Schema):
    """A token to make."""

    name = Words(120, least=1, required=True)
    scopes = ma.fields.List(ma.fields.String(validate=ma.validate.OneOf(accounts.SCOPES)), required=True,
                            validate=ma.validate.Length(1, len(accounts.SCOPES)))  # fmt: skip
    days = ma.fields.Integer(load_default=90, validate=ma.validate.Range(1, 366))


class SecretSchema(Schema):
    """A token; it is shown once."""

    id = ma.fields.String(required=True)
    token = ma.fields.String(required=True)
    expires_at = Moment(required=True)


@blueprint.route("/accounts")
class Accounts(MethodView):
    """All accounts that sign in with an address."""

    @ADMINISTRATOR
    @blueprint.arguments(AccountQuery, location="query")
    @blueprint.response(200, page_of(HeldAccountSchema, "HeldAccount"))
    def get(self, query: dict[str, Any]) -> Page:
        """The accounts by name."""
        found = people.on_page(rows(), role=query["role"], organisation_id=query["organisation_id"],
                               after=query["after"], limit=query["limit"] + 1)  # fmt: skip
        page = Page.of(found, query["limit"], lambda last: (last.name, last.id))
        return Page(account_lists.shown(rows(), page.items, now()), page.next)

    @ADMINISTRATOR
    @blueprint.arguments(NewAccountSchema)
    @blueprint.response(201, InvitedSchema, headers=ETAG | LOCATION)
    @once_secret
    def post(self, given: dict[str, Any]) -> Any:
        """Add an account with its rights; its owner chooses a password with the code."""
        rights = [accounts.Right(**right) for right in given["rights"]]
        made = accounts.add_account(rows(), asker().actor, given["email"], given["name"], rights, now=now())
        told = {"invitation": invited(made), "account": _shown(made)}
        return told, 201, etag(made.version) | _at(made)


@blueprint.route("/accounts/<account_id>")
class OneAccount(MethodView):
    """One account."""

    @ADMINISTRATOR
    @blueprint.response(200, HeldAccountSchema, headers=ETAG)
    def get(self, account_id: str) -> Any:
        """The account with its rights."""
        return answer(_account(account_id))

    @ADMINISTRATOR
    @matched
    @blueprint.arguments(ChangedAccountSchema)
    @blueprint.response(200, HeldAccountSchema, headers=ETAG)
    def patch(self, given: dict[str, Any], account_id: str) -> Any:
        """Rename, close (every session ends at once) or open again."""
        found = _account(account_id)
        must_match(found.version)
        if "name" in given and given["name"] != found.name:
            accounts.rename(rows(), asker().actor, found, given["name"], now=now())
        if given.get("active") is False and found.active:
            accounts.disable(rows(), asker().actor, found, now=now())
        if given.get("active") is True and not found.active:
            accounts.enable(rows(), asker().actor, found, now=now())
        return answer(found)


@blueprint.route("/accounts/<account_id>/rights")
class Rights(MethodView):
    """The rights of an account."""

    @ADMINISTRATOR
    @blueprint.arguments(NewRightSchema)
    @blueprint.response(201, HeldAccountSchema, headers=ETAG | LOCATION)
    @once
    def post(self, given: dict[str, Any], account_id: str) -> Any:
        """Give a right; one that is there already changes nothing. Who gains a role by it signs in anew."""
        found = _account(account_id)
        accounts.grant(rows(), asker().actor, found, accounts.Right(**given), now=now())
        rows().expire(found, ["grants"])
        return _shown(found), 201, etag(found.version) | _at(found)


@blueprint.route("/accounts/<account_id>/rights/<right_id>")
class Right(MethodView):
    """One right of an account."""

    @ADMINISTRATOR
    @blueprint.response(200, HeldAccountSchema, headers=ETAG)
    def delete(self, account_id: str, right_id: str) -> Any:
        """Take a right away; it counts from the next request on, and who loses a role by it signs in anew."""
        found = _account(account_id)
        if not any(held.id == right_id for held in found.grants):
            raise not_found()
        accounts.revoke(rows(), asker().actor, found, right_id, now=now())
        return answer(found)


@blueprint.route("/accounts/<account_id>/invitations")
class Invitations(MethodView):
    """Codes with which the owner of an account chooses a password."""

    @ADMINISTRATOR
    @blueprint.response(201, InvitationSchema, headers=LOCATION)
    @once_secret
    def post(self, account_id: str) -> Any:
        """Make a code; the password of before is worth nothing any more, and every session ends."""
        found = _account(account_id)
        return invited(found), 201, _at(found)


@blueprint.route("/accounts/<account_id>/sessions")
class Sessions(MethodView):
    """The sessions of an account."""

    @ADMINISTRATOR
    @blueprint.response(204)
    def delete(self, account_id: str) -> None:
        """End them all at once."""
        accounts.end_sessions(rows(), asker().actor, _account(account_id), now=now())


@blueprint.route("/accounts/<account_id>/tokens")
class Tokens(MethodView):
    """The tokens of systems that work with the rights of an account."""

    @ADMINISTRATOR
    @blueprint.response(200, TokenSchema(many=True))
    def get(self, account_id: str) -> Any:
        """The tokens, newest first."""
        return account_lists.tokens_shown(people.tokens_of(rows(), _account(account_id).id), now())

    @ADMINISTRATOR
    @blueprint.arguments(NewTokenSchema)
    @blueprint.response(201, SecretSchema, headers=LOCATION)
    @once_secret
    def post(self, given: dict[str, Any], account_id: str) -> Any:
        """Make a token; it is shown once."""
        secret, made = accounts.new_token(rows(), asker().actor, _account(account_id), given["name"], given["scopes"],
                                          now=now(), days=given["days"])  # fmt: skip
        told = {"id": made.id, "token": secret, "expires_at": made.expires_at}
        return told, 201, {"Location": link("accounts.Tokens", account_id=account_id)}


@blueprint.route("/tokens/<token_id>")
class Token(MethodView):
    """One token."""

    @ADMINISTRATOR
    @blueprint.response(204)
    def delete(self, token_id: str) -> None:
        """Take it back."""
        found = people.token_by_id(rows(), token_id)
        if found is None:
            raise not_found()
        accounts.end_token(rows(), asker().actor, found, now=now())


def _at(account: Stored) -> dict[str, str]:
    return {"Location": link("accounts.OneAccount", account_id=account.id)}


def invited(account: Stored) -> dict[str, Any]:
    """A fresh invitation for an account."""
    code, expires_at = invitations.invite(rows(), asker().actor, account, code_key(), now=now())
    return {"code": code, "expires_at": expires_at}


def answer(account: Stored) -> tuple[dict[str, Any], int, dict[str, str]]:
    """An account as it is now, with its state."""
    return _shown(account), 200, etag(account.version)


def _shown(account: Stored) -> dict[str, Any]:
    return account_lists.shown(rows(), [account], now())[0]


def _account(account_id: str) -> Stored:
    """The account, if it is one that signs in with an address: a student's is the school's matter."""
    found = people.account_by_id(rows(), account_id)
    if found is None or found.email is None:
        raise not_found()
    return found


__all__ = ["InvitationSchema", "blueprint", "invited"]
