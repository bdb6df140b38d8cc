"""Signing in, by Flask-Security: passwords, sessions, tokens against cross-site requests; ours are the rules around it.

A session stands in the database (`api.store.tables.accounts.SignIn`), so that it can be ended there; who guesses
passwords is slowed down there too, whichever process is asked.
"""
from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

from flask import Flask, Response, current_app, g, jsonify, session
from flask_login import user_logged_in, user_logged_out
from flask_security import (
    LoginForm,
    PasswordUtil,
    Security,
    SQLAlchemySessionUserDatastore,
    UserMixin,
    login_user,
    password_changed,
)  # fmt: skip
from werkzeug.local import LocalProxy

from api.errors import Refused
from api.services import addresses, codes, invitations, passwords
from api.settings import Settings
from api.store import audit, people
from api.store.audit import Actor
from api.store.tables import Account, Grant
from api.web import second_factor
from api.web.database import now, rows
from api.web.problems import defects, problem
from api.web.tries import remember, slowed

_SAFE_NEXT = re.compile(r"/(?![/\\])[\x21-\x5b\x5d-\x7e]*")
"""An address of ours: one slash, no backslash, nothing that does not print."""
COOKIE, COOKIE_ON_HTTPS = "sid", "__Host-sid"
"""What a session's cookie is called; over HTTPS so that a browser takes it of this very host alone."""
IDLE, LONGEST = timedelta(minutes=30), timedelta(hours=8)
IDLE_YOUTH, LONGEST_YOUTH = timedelta(minutes=15), timedelta(hours=2)
"""For who has no other role than student or parent: their screen is often one that others use too."""


class Accounts(SQLAlchemySessionUserDatastore):
    """Accounts for Flask-Security; whether anything is kept is for the end of the request."""

    def find_user(self, case_insensitive: bool = False, **by: Any) -> UserMixin | None:
        """Find an account; the one of a session with its rights and whether it goes on, in one question."""
        if tuple(by) == ("fs_uniquifier",):
            sign_in = session.get("sign_in", "")
            found = people.account_of_session(rows(), by["fs_uniquifier"], sign_in, now())
            g.going_on = (found[0].id, sign_in) if found and found[1] else None
            return found[0] if found else None
        return super().find_user(case_insensitive, **by)

    def commit(self) -> None:
        """Write, but leave the end of the transaction to the request."""
        rows().flush()


class SignInForm(LoginForm):  # type: ignore[misc]
    """The form of signing in, slowed down for an address that was tried too often."""

    def validate(self, **options: Any) -> bool:
        """Check address and password; a wrong one is remembered."""
        if not _SAFE_NEXT.fullmatch(self.next.data or ""):
            self.next.data = ""  # never to another site; signing in itself is no worse for it
        tried = slowed(addresses.spelled(self.email.data or ""))  # as it is looked up: one account, one count
        if super().validate(**options):
            people.forget_failures(rows(), tried)
            return True
        if self.email.data and self.password.data and not self.csrf_token.errors:
            remember(tried, "password", str(self.user.id) if self.user else None)
        return False


class Passwords(PasswordUtil):  # type: ignore[misc]
    """What a new password must be; the reason is said as Flask-Security says its own."""

    def validate(self, password: str, is_register: bool, **kwargs: Any) -> tuple[list[str] | None, str]:
        """Return what is wrong, or None, and the password in the form in which it is hashed."""
        wrong, normal = super().validate(password, is_register, **kwargs)
        user = kwargs["user"]
        try:
            passwords.check(normal, user.email or "", user.name)
        except Refused as refused:
            wrong = wrong or [str(refused)]
        return wrong, normal


def set_up_login(app: Flask, settings: Settings) -> None:
    """Add signing in, signing out and changing the password."""
    app.config.update(
        SECRET_KEY=settings.derive("sessions").hex(),
        SECURITY_PASSWORD_SALT=settings.derive("passwords").hex(),
        SECURITY_PASSWORD_HASH="argon2",
        SECURITY_PASSWORD_SCHEMES=["argon2"],
        SECURITY_PASSWORD_SINGLE_HASH=["argon2"],  # the hash of `schakel user` is the hash of the web
        SECURITY_DEPRECATED_PASSWORD_SCHEMES=[],
        SECURITY_PASSWORD_LENGTH_MIN=passwords.SHORTEST,
        SECURITY_EMAIL_VALIDATOR_ARGS=dict(addresses.RULE),
        SECURITY_LOGIN_URL="/inloggen",
        SECURITY_LOGOUT_URL="/uitloggen",
        SECURITY_LOGOUT_METHODS=["POST"],
        SECURITY_CHANGEABLE=True,
        SECURITY_CHANGE_URL="/wachtwoord",
        SECURITY_SEND_PASSWORD_CHANGE_EMAIL=False,
        SECURITY_LOGIN_USER_TEMPLATE="sign_in.html",
        SECURITY_CHANGE_PASSWORD_TEMPLATE="password.html",
        SECURITY_FLASH_MESSAGES=False,  # what was done stands in the address of the next page
        SECURITY_POST_LOGIN_VIEW="/",
        SECURITY_POST_CHANGE_VIEW="/mijn-account?gedaan=password",
        SECURITY_POST_LOGOUT_VIEW="/inloggen",
        SECURITY_RETURN_GENERIC_RESPONSES=True,
        SECURITY_TRACKABLE=False,  # no IP addresses of people are kept
        SECURITY_JOIN_USER_ROLES=False,
        SECURITY_CSRF_PROTECT_MECHANISMS=["session", "basic"],
        SECURITY_CSRF_IGNORE_UNAUTH_ENDPOINTS=False,
        SECURITY_TOKEN_AUTHENTICATION_HEADER="X-Not-Used",
        SECURITY_API_ENABLED_METHODS=["session"],
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session
        WTF_CSRF_SSL_STRICT=False,  # it asks for a Referer, which our own headers keep in
        SESSION_COOKIE_NAME=COOKIE_ON_HTTPS if settings.secure else COOKIE,
        SESSION_COOKIE_SECURE=settings.secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        REMEMBER_COOKIE_DURATION=timedelta(0),
        PERMANENT_SESSION_LIFETIME=IDLE,
        SESSION_REFRESH_EACH_REQUEST=False,  # but by `access.session_asker`, once a minute
        SCHAKEL_THROTTLE_KEY=settings.derive("throttle"),
        SCHAKEL_CODE_KEY=settings.derive("codes"),
    )
    session_of_request: Any = LocalProxy(rows)
    rights: Any = Grant
    store = Accounts(session_of_request, Account, rights)
    factor = second_factor.configure(app, settings)
    security = Security(app, store, login_form=SignInForm, register_blueprint=True, password_util_cls=Passwords,
                        **factor)  # fmt: skip
    security.render_json(_render)
    manager: Any = vars(app)["login_manager"]
    manager.request_loader(lambda _: None)  # tokens are ours: never in an address or a body
    user_logged_in.connect(_signed_in, app)
    user_logged_out.connect(_signed_out, app)
    password_changed.connect(_password_changed, app)

    @app.after_request
    def _idle_ends(response: Response) -> Response:
        if session and not session.permanent:
            session.permanent = True  # signed with its time, so that an idle session ends
        return response


def _render(payload: dict[str, Any], status: int, headers: Any, _: Any) -> Response:
    """Its errors in our one shape; what goes well as it is."""
    if status < 400:
        response = jsonify(payload)
        response.headers.update(headers or {})
        return response
    named = {name or "form": told for name, told in (payload.get("field_errors") or {}).items()}
    return problem(status, " ".join(payload.get("errors") or []), "invalid", errors=defects(named))


def _signed_in(_: Flask, user: Account) -> None:
    held = people.account_by_id(rows(), user.id)
    youth = held is not None and {grant.role for grant in held.grants} <= {"student", "parent"}
    longest = LONGEST_YOUTH if youth else LONGEST
    session.pop("idle", None)
    if youth:
        session["idle"] = IDLE_YOUTH.total_seconds()
    session["seen"] = now().timestamp()
    session["sign_in"] = people.begin_sign_in(rows(), user.id, now(), longest)
    audit.append(rows(), Actor("human", user.id, "web"), "session.began", ("account", user.id), now=now(),
                 sign_in=session["sign_in"])  # fmt: skip


def sign_in_by_code(code: str, birth_date: date) -> bool:
    """Sign a student in; whether it went well, and nothing about why not. Slowed down like a password."""
    tried = slowed(f"code {codes.digest_of(code_key(), code)}")
    account = codes.sign_in(rows(), code_key(), code, birth_date, now=now())
    if account is None:
        remember(tried, "code", codes.whose(rows(), code_key(), code, now=now()))
        return False
    people.forget_failures(rows(), tried)
    return bool(login_user(account, authn_via=["code"]))


def activate(code: str, password: str) -> bool:
    """Give the account of an invitation its password; whether the code opened one. Slowed down like a password."""
    tried = slowed(f"invitation {codes.digest_of(code_key(), code)}")
    account = invitations.activate(rows(), code_key(), code, password, now=now())
    if account is None:
        remember(tried, "invitation", None)
        return False
    people.forget_failures(rows(), tried)
    return True


def code_key() -> bytes:
    """The key under which digests of codes are kept."""
    key: bytes = current_app.config["SCHAKEL_CODE_KEY"]
    return key


def _signed_out(_: Flask, user: Account) -> None:
    people.end_sign_ins(rows(), user.id, now(), only=session.get("sign_in", ""))
    audit.append(rows(), Actor("human", user.id, "web"), "session.ended", ("account", user.id), now=now())


def _password_changed(_: Flask, user: Account, **__: Any) -> None:
    user.must_change = False
    people.end_sign_ins(rows(), user.id, now(), but=session["sign_in"])
    audit.append(rows(), Actor("human", user.id, "web"), "account.password_changed", ("account", user.id), now=now())
