"""Signing in, by Flask-Security: passwords, sessions, tokens against cross-site requests; ours are the rules around it.

A session stands in the database (`api.store.tables.accounts.SignIn`), so that it can be ended there; who guesses
passwords is slowed down there too, whichever process is asked.
"""
from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Flask, Response, current_app, jsonify, session
from flask_login import user_logged_in, user_logged_out
from flask_security import LoginForm, Security, SQLAlchemySessionUserDatastore, password_changed
from werkzeug.local import LocalProxy

from api.services import accounts
from api.settings import Settings
from api.store import audit, people
from api.store.audit import Actor
from api.store.tables import Account, Grant
from api.web.database import keep, now, rows
from api.web.problems import Problem, defects, problem

IDLE, LONGEST = timedelta(minutes=30), timedelta(hours=8)


class Accounts(SQLAlchemySessionUserDatastore):
    """Accounts for Flask-Security; whether anything is kept is for the end of the request."""

    def commit(self) -> None:
        """Write, but leave the end of the transaction to the request."""
        rows().flush()


class SignInForm(LoginForm):  # type: ignore[misc]
    """The form of signing in, slowed down for an address that was tried too often."""

    def validate(self, **options: Any) -> bool:
        """Check address and password; a wrong one is remembered."""
        tried = accounts.who(_key(), self.email.data or "")
        until = accounts.wait_until(rows(), tried, now())
        if until is not None:
            seconds = int((until - now()).total_seconds()) + 1
            raise Problem(429, f"Too many wrong tries. Wait {seconds} seconds.", "too_many",
                          headers={"Retry-After": str(seconds)})  # fmt: skip
        if super().validate(**options):
            people.forget_failures(rows(), tried)
            return True
        if self.email.data and self.password.data and not self.csrf_token.errors:
            accounts.remember_failure(rows(), tried, now=now())
            keep()
        return False


def set_up_login(app: Flask, settings: Settings) -> None:
    """Add signing in, signing out and changing the password."""
    app.config.update(
        SECRET_KEY=settings.derive("sessions").hex(),
        SECURITY_PASSWORD_SALT=settings.derive("passwords").hex(),
        SECURITY_PASSWORD_HASH="argon2",
        SECURITY_PASSWORD_SCHEMES=["argon2"],
        SECURITY_PASSWORD_SINGLE_HASH=["argon2"],  # the hash of `schakel user` is the hash of the web
        SECURITY_DEPRECATED_PASSWORD_SCHEMES=[],
        SECURITY_PASSWORD_LENGTH_MIN=accounts.SHORTEST_PASSWORD,
        SECURITY_LOGIN_URL="/inloggen",
        SECURITY_LOGOUT_URL="/uitloggen",
        SECURITY_LOGOUT_METHODS=["POST"],
        SECURITY_CHANGEABLE=True,
        SECURITY_CHANGE_URL="/wachtwoord",
        SECURITY_SEND_PASSWORD_CHANGE_EMAIL=False,
        SECURITY_POST_LOGIN_VIEW="/api/v1/account",
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
        SESSION_COOKIE_NAME="__Host-schakel" if settings.secure else "schakel",
        SESSION_COOKIE_SECURE=settings.secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        REMEMBER_COOKIE_DURATION=timedelta(0),
        PERMANENT_SESSION_LIFETIME=IDLE,
        SCHAKEL_THROTTLE_KEY=settings.derive("throttle"),
    )
    session_of_request: Any = LocalProxy(rows)
    rights: Any = Grant
    store = Accounts(session_of_request, Account, rights)
    security = Security(app, store, login_form=SignInForm, register_blueprint=True)
    security.render_json(_render)
    manager: Any = vars(app)["login_manager"]
    manager.request_loader(lambda _: None)  # tokens are ours: never in an address or a body
    user_logged_in.connect(_signed_in, app)
    user_logged_out.connect(_signed_out, app)
    password_changed.connect(_password_changed, app)

    @app.after_request
    def _idle_ends(response: Response) -> Response:
        if session:
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


def _key() -> bytes:
    key: bytes = current_app.config["SCHAKEL_THROTTLE_KEY"]
    return key


def _signed_in(_: Flask, user: Account) -> None:
    session["sign_in"] = people.begin_sign_in(rows(), user.id, now(), LONGEST)
    audit.append(rows(), Actor("human", user.id, "web"), "session.began", ("account", user.id), now=now(),
                 sign_in=session["sign_in"])  # fmt: skip


def _signed_out(_: Flask, user: Account) -> None:
    people.end_sign_ins(rows(), user.id, now(), only=session.get("sign_in", ""))
    audit.append(rows(), Actor("human", user.id, "web"), "session.ended", ("account", user.id), now=now())


def _password_changed(_: Flask, user: Account, **__: Any) -> None:
    user.must_change = False
    people.end_sign_ins(rows(), user.id, now(), but=session["sign_in"])
    audit.append(rows(), Actor("human", user.id, "web"), "account.password_changed", ("account", user.id), now=now())
