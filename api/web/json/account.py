"""Who you are: the account that asks, its rights, and the token against cross-site requests."""
from __future__ import annotations

from typing import Any

import marshmallow as ma
from flask.views import MethodView
from flask_wtf.csrf import generate_csrf

from api.services.directory import account_with_rights
from api.web.access import SIGNED_IN, access, asker
from api.web.database import rows
from api.web.json.base import Blueprint, Schema

blueprint = Blueprint("account", __name__, description="Who you are and what you may do")


class RightSchema(Schema):
    """A role, at an organisation or for a region."""

    role = ma.fields.String(required=True)
    organisation_id = ma.fields.String(allow_none=True)
    organisation = ma.fields.String(allow_none=True)
    region = ma.fields.String(allow_none=True)


class AccountSchema(Schema):
    """The account that asks."""

    id = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    email = ma.fields.String(required=True)
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
