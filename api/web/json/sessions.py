"""Ways in without a password: a student's code, an invitation to choose a password; and the token that they need."""
from __future__ import annotations

from typing import Any

import marshmallow as ma
from flask.views import MethodView
from flask_login import current_user
from flask_wtf.csrf import generate_csrf

from api.services import passwords
from api.services.directory import account_with_rights
from api.web.access import ANYBODY, access
from api.web.database import rows
from api.web.json.account import AccountSchema
from api.web.json.base import LOCATION, Blueprint, Schema, before_sign_in, link
from api.web.login import activate, sign_in_by_code
from api.web.problems import Problem
from api.web.throttle import slows

blueprint = Blueprint("sessions", __name__, description="Ways in without a password")


class CodeSchema(Schema):
    """A student's code and birth date."""

    code = ma.fields.String(required=True, validate=ma.validate.Length(1, 40))
    birth_date = ma.fields.Date(required=True)


class ActivationSchema(Schema):
    """An invitation's code and the password that its owner chooses."""

    code = ma.fields.String(required=True, validate=ma.validate.Length(1, 40))
    password = ma.fields.String(required=True, validate=ma.validate.Length(passwords.SHORTEST, passwords.LONGEST))


class CsrfTokenSchema(Schema):
    """What shows that a request comes from who holds the session's cookie."""

    csrf_token = ma.fields.String(required=True, metadata={"description": "To send as X-CSRFToken"})


@blueprint.route("/csrf-token")
class CsrfToken(MethodView):
    """The token against cross-site requests."""

    @access(ANYBODY)
    @blueprint.response(200, CsrfTokenSchema)
    def get(self) -> dict[str, str]:
        """The token of this session, also before signing in; the answer sets the cookie that belongs to it.

        Signing in begins another session: its token stands in the answer, and in /account.
        """
        return {"csrf_token": generate_csrf()}


@blueprint.route("/sessions")
class Sessions(MethodView):
    """Sessions of students."""

    @slows
    @before_sign_in
    @access(ANYBODY)
    @blueprint.arguments(CodeSchema)
    @blueprint.response(201, AccountSchema, headers=LOCATION)
    def post(self, given: dict[str, Any]) -> Any:
        """Sign in with a code that the school handed out. Every code that opens nothing gets the same answer.

        Without Idempotency-Key: a code opens one session and no second one, and a key is kept with an account.
        """
        if not sign_in_by_code(given["code"], given["birth_date"]):
            raise Problem(400, "This code and birth date do not belong together, or the code is not in use any more.",
                          "code")  # fmt: skip
        told = account_with_rights(rows(), current_user.id) | {"csrf_token": generate_csrf()}
        return told, 201, {"Location": link("account.Account")}


@blueprint.route("/activations")
class Activations(MethodView):
    """Passwords chosen with an invitation."""

    @slows
    @before_sign_in
    @access(ANYBODY)
    @blueprint.arguments(ActivationSchema)
    @blueprint.response(204)
    def post(self, given: dict[str, Any]) -> None:
        """Choose a password with a code that was handed to you. Every code that opens nothing gets the same answer."""
        if not activate(given["code"], given["password"]):
            raise Problem(400, "This code is not in use, or not any more.", "code")
