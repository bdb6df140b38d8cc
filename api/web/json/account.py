"""Who you are: the account that asks, its rights, and the token against cross-site requests."""
from __future__ import annotations

from typing import Any

import marshmallow as ma
from flask.views import MethodView
from flask_wtf.csrf import generate_csrf

from api.services import factors
from api.services.directory import account_with_rights
from api.store import people
from api.web import second_factor
from api.web.access import SIGNED_IN, access, asker
from api.web.database import now, rows
from api.web.json.base import ETAG, Blueprint, Schema, etag, matched, must_match
from api.web.problems import Problem
from api.web.throttle import slows
from api.web.tries import remember, slowed

blueprint = Blueprint("account", __name__, description="Who you are and what you may do")


class RightSchema(Schema):
    """A role, at an organisation or for a region."""

    role = ma.fields.String(required=True)
    organisation_id = ma.fields.String(allow_none=True)
    organisation = ma.fields.String(allow_none=True)
    region = ma.fields.String(allow_none=True)
    student_id = ma.fields.String(allow_none=True, metadata={"description": "Of a coach, student or parent"})


class AccountSchema(Schema):
    """The account that asks."""

    id = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    email = ma.fields.String(allow_none=True)
    must_change_password = ma.fields.Boolean(required=True)
    rights = ma.fields.List(ma.fields.Nested(RightSchema), required=True)
    csrf_token = ma.fields.String(allow_none=True, metadata={
        "description": "To send as X-CSRFToken with whatever changes something; for sessions only"})  # fmt: skip


@blueprint.route("/account")
class Account(MethodView):
    """The account that asks."""

    @access(SIGNED_IN)
    @blueprint.response(200, AccountSchema)
    def get(self) -> dict[str, Any]:
        """Who you are and what you may do."""
        token = generate_csrf() if asker().kind == "human" else None
        return account_with_rights(rows(), asker().account_id) | {"csrf_token": token}


class FactorSchema(Schema):
    """The second factor: whether there is one; while it is being set up, what to enter in an app."""

    is_set = ma.fields.Boolean(required=True)
    key = ma.fields.String(metadata={"description": "To type into an app; shown while it is set up"})
    uri = ma.fields.String(metadata={"description": "The same as an address that apps open"})
    recovery_codes = ma.fields.List(ma.fields.String(), metadata={"description": "Shown once, when it is set up"})


class FactorCodeSchema(Schema):
    """A code of the app, or a recovery code."""

    code = ma.fields.String(required=True, validate=ma.validate.Length(max=20))


@blueprint.route("/account/second-factor")
class SecondFactor(MethodView):
    """One's own second factor at sign-in."""

    @access(SIGNED_IN, people_only=True)
    @blueprint.response(200, FactorSchema, headers=ETAG)
    def post(self) -> Any:
        """Draw a secret to enter in an app; it counts from the first right code on. Its ETag is for that code."""
        account = _own()
        made = second_factor.begin(account)
        told = {"is_set": False, "key": made["key"], "uri": made["uri"]}
        return told, 200, etag(second_factor.drawn(account))

    @matched
    @slows
    @access(SIGNED_IN, people_only=True)
    @blueprint.arguments(FactorCodeSchema)
    @blueprint.response(200, FactorSchema)
    def put(self, sent: dict[str, Any]) -> dict[str, Any]:
        """Set it up with a first code; the answer holds recovery codes, this once.

        If-Match is the ETag of the secret that was drawn last; only the session that drew it can confirm it.
        """
        must_match(second_factor.drawn(_own()))
        tried = slowed(f"factor {asker().account_id}")
        made = second_factor.confirm(_own(), sent["code"])
        if made is None:
            remember(tried, "factor", asker().account_id)
            raise _wrong()
        return {"is_set": True, "recovery_codes": made}

    @slows
    @access(SIGNED_IN, people_only=True)
    @blueprint.arguments(FactorCodeSchema)
    @blueprint.response(204)
    def delete(self, sent: dict[str, Any]) -> None:
        """Take it away; asks for a code of it."""
        tried = slowed(f"factor {asker().account_id}")
        if not second_factor.is_right(_own(), sent["code"]):
            remember(tried, "factor", asker().account_id)
            raise _wrong()
        factors.take_away(rows(), asker().actor, _own(), now=now())


def _own() -> people.Account:
    found = people.account_by_id(rows(), asker().account_id)
    assert found is not None
    return found


def _wrong() -> Problem:
    return Problem(400, "This code is not right, or was used before.", "invalid",
                   errors=[{"field": "code", "message": "Not right, or used before."}])  # fmt: skip
