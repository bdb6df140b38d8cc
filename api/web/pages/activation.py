"""Choosing a password with a code that the administrator, or the school for a parent, handed out."""
from __future__ import annotations

from typing import Any

import marshmallow as ma
from flask import Blueprint, Response

from api.errors import Refused
from api.services import passwords
from api.web.access import ANYBODY, access
from api.web.login import activate
from api.web.pages.base import go, read_form, show, t

blueprint = Blueprint("activation", __name__)
PATH = "/account-openen"


class ActivationForm(ma.Schema):
    """The code and the password, twice."""

    code = ma.fields.String(required=True, validate=ma.validate.Length(1, 40, error="activation.wrong_code"))
    password = ma.fields.String(
        required=True, validate=ma.validate.Length(passwords.SHORTEST, passwords.LONGEST, error="account.wrong_new"))
    again = ma.fields.String(load_default="")

    @ma.validates_schema
    def typed_twice(self, data: dict[str, Any], **_: Any) -> None:
        """A slip of the finger would lock its owner out."""
        if data.get("password") != data.get("again"):
            raise ma.ValidationError("account.wrong_again", "again")


@blueprint.get(PATH)
@access(ANYBODY)
def form() -> Response:
    """The form."""
    return show("activation.html")


@blueprint.post(PATH)
@access(ANYBODY)
def choose() -> Any:
    """Choose the password; whatever is wrong with a code, the answer is the same."""
    values, wrong = read_form(ActivationForm)
    try:
        if not wrong and not activate(values["code"], values["password"]):
            wrong = {"code": t("activation.wrong_code")}
    except Refused:
        wrong = {"password": t("account.wrong_new")}
    if wrong:
        return show("activation.html", 400, wrong=wrong)
    return go("/inloggen", done="activated")
