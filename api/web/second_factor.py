"""The second factor at sign-in, by Flask-Security: an app on the phone that gives a code of six digits.

Its secret stands in the database encrypted under a key that is not there. A code works once, a wrong one slows the
next try down, and who lost the phone has recovery codes. The setting SCHAKEL_TWO_FACTOR says whether it is off,
offered or required of everybody who sees data of others; in production it is required unless it is said to be offered.
"""
from __future__ import annotations

import base64
import hashlib
from typing import Any

from flask import Flask, current_app, session
from flask_security import TwoFactorVerifyCodeForm
from flask_security.forms import Form
from flask_security.totp import Totp
from passlib.totp import TokenError
from wtforms import StringField

from api.services import factors
from api.settings import Settings
from api.store import factors as stored
from api.store import people
from api.store.tables import Account
from api.web.database import now, rows
from api.web.problems import Problem
from api.web.tries import remember, slowed

PENDING = "factor"
"""Where a session keeps the sealed secret between showing it and the first right code."""
_WINDOW = 30  # seconds that a clock may differ, either way


class Factor(Totp):  # type: ignore[misc]
    """Codes that work once, by our clock."""

    def verify_totp(self, token: str, totp_secret: str, user: Any, window: int = 0) -> bool:  # noqa: ARG002
        """Whether a code is right for a secret and was not used before."""
        try:
            found = self._totp.verify(token.replace(" ", ""), totp_secret, time=now(), window=_WINDOW)
        except (TokenError, ValueError):
            return False
        return stored.advance(rows(), user.id, found.counter)


class CodeForm(TwoFactorVerifyCodeForm):  # type: ignore[misc]
    """The form that asks for the code; takes a recovery code as well."""

    def validate(self, **options: Any) -> bool:
        """Check the code; a wrong one is remembered, as a wrong password is."""
        assert self.user is not None
        tried = slowed(f"factor {self.user.id}")
        user: Any = self.user
        if factors.recover(rows(), user, self.code.data or "", _key(), now=now()):
            people.forget_failures(rows(), tried)
            return True
        if super().validate(**options):
            people.forget_failures(rows(), tried)
            return True
        if self.code.data:
            remember(tried, "factor", str(self.user.id))
        return False


class NoRescue(Form):  # type: ignore[misc]
    """In place of the form that would send codes by mail: whoever lost the app has recovery codes."""

    help_setup = StringField()


def configure(app: Flask, settings: Settings) -> dict[str, Any]:
    """Set what Flask-Security must know; return the arguments it is made with."""
    app.config.update(
        SECURITY_TWO_FACTOR=settings.two_factor != "off",
        SECURITY_TWO_FACTOR_REQUIRED=False,  # of whom it is, is ours to say: `factors.must_set_up`
        SECURITY_TWO_FACTOR_ENABLED_METHODS=["authenticator"],
        SECURITY_TWO_FACTOR_ALWAYS_VALIDATE=True,
        SECURITY_TWO_FACTOR_RESCUE_EMAIL=False,
        SECURITY_TWO_FACTOR_TOKEN_VALIDATION_URL="/inloggen/code",
        SECURITY_TWO_FACTOR_VERIFY_CODE_TEMPLATE="second_factor.html",
        SECURITY_TOTP_ISSUER="Schakel",
        SECURITY_TOTP_SECRETS={"1": base64.b64encode(settings.derive("factors")).decode()},
        SCHAKEL_RECOVERY_KEY=settings.derive("recovery"),
    )
    return {"totp_cls": Factor, "two_factor_verify_code_form": CodeForm, "two_factor_rescue_form": NoRescue}


def begin(account: Account) -> dict[str, str]:
    """Draw a secret and keep it in the session until a first code shows that it arrived; how to enter it in an app.

    Raises
    ------
    Problem
        409 where there is a factor already.
    """
    _refuse_another(account)
    factory = _factory()
    sealed = factory.generate_totp_secret()
    session[PENDING] = sealed
    return shown(sealed)


def drawn(account: Account) -> str:
    """Which secret this session drew and waits for a code of: what who confirms it must have seen."""
    sealed = "" if account.tf_totp_secret else session.get(PENDING, "")
    return hashlib.sha256(sealed.encode()).hexdigest()[:32] if sealed else "none"


def shown(sealed: str) -> dict[str, str]:
    """How a secret is entered in an app: the key in groups, an address for apps, and a picture of it."""
    from flask_login import current_user

    factory = _factory()
    name = current_user.email or current_user.name
    return {"key": factory.get_totp_pretty_key(sealed), "uri": factory.get_totp_uri(name, sealed),
            "image": factory.generate_qrcode(name, sealed)}  # fmt: skip


def confirm(account: Account, code: str) -> list[str] | None:
    """Set the secret of this session up when the code is right; return recovery codes, or None.

    Raises
    ------
    Problem
        409 where there is a factor already.
    """
    from api.store.audit import Actor

    _refuse_another(account)
    sealed = session.get(PENDING)
    if not sealed or not _factory().verify_totp(code, sealed, account):
        return None
    session.pop(PENDING)
    counter = account.tf_counter
    made = factors.set_up(rows(), Actor("human", account.id, "web"), account, sealed, _key(), now=now())
    account.tf_counter = counter
    return made


def _refuse_another(account: Account) -> None:
    """Taking a factor away asks for a code of it: else whoever finds a session open puts the own phone in its place."""
    if account.tf_totp_secret:
        session.pop(PENDING, None)
        raise Problem(409, "There is a second factor already. Take it away first; that asks for a code of it.",
                      "factor_set")  # fmt: skip


def is_right(account: Account, code: str) -> bool:
    """Whether a code, or a recovery code, of an account is right."""
    if not account.tf_totp_secret:
        return False
    return factors.recover(rows(), account, code, _key(), now=now()) or _factory().verify_totp(
        code, account.tf_totp_secret, account
    )


def _factory() -> Factor:
    found: Factor = current_app.extensions["security"].totp_factory
    return found


def _key() -> bytes:
    key: bytes = current_app.config["SCHAKEL_RECOVERY_KEY"]
    return key


__all__ = ["PENDING", "CodeForm", "Factor", "begin", "configure", "confirm", "drawn", "is_right", "shown"]
