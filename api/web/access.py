"""Who asks, and whether they may: closed by default, rights read anew for every request.

A view says who may ask with `access`; one that says nothing answers 403 to everybody. A system sends a bearer token;
a person has a session, whose cookie is worth nothing once the session has ended on the server. What changes
anything needs, from a session, the token against cross-site requests as well.
"""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from flask import Flask, current_app, g, request, session
from flask_login import current_user
from flask_wtf.csrf import CSRFError, CSRFProtect

from api.services import accounts
from api.store import people
from api.store.audit import Actor
from api.web.database import now, rows
from api.web.problems import Problem

View = TypeVar("View", bound=Callable[..., Any])
ANYBODY = "anybody"
SIGNED_IN = "signed in"
SAFE = ("GET", "HEAD", "OPTIONS")
_FOREIGN = {
    "security.login": (ANYBODY,), "security.logout": (SIGNED_IN,), "security.change_password": (SIGNED_IN,),
}  # fmt: skip
"""Views that are not ours, and who may ask for them; every other one of theirs stays closed."""
_WITH_FIRST_PASSWORD = ("security.logout", "security.change_password", "account.Account")


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks: an account with the rights it has now, as a person or through a system's token."""

    account_id: str
    kind: str  # human | system
    roles: frozenset[str]
    organisations: dict[str, str] = field(default_factory=dict)  # id -> role there
    regions: frozenset[str] = frozenset()
    scopes: frozenset[str] = frozenset(accounts.SCOPES)

    @property
    def actor(self) -> Actor:
        """Who stands in the log."""
        return Actor(self.kind, self.account_id, "web")


def access(*roles: str, scope: str = "", people_only: bool = False) -> Callable[[View], View]:
    """Say who may ask for a view: roles, `SIGNED_IN` or `ANYBODY`; ``scope`` is what a token needs.

    ``people_only`` keeps systems out whatever their rights: a decision is a person's.
    """
    def mark(view: View) -> View:
        view.access = Access(roles, scope, people_only)  # type: ignore[attr-defined]
        return view

    return mark


@dataclass(frozen=True, slots=True)
class Access:
    """What `access` said."""

    roles: tuple[str, ...]
    scope: str = ""
    people_only: bool = False


def access_of(app: Flask, endpoint: str | None, method: str) -> Access | None:
    """Return who may ask for an endpoint by a method; None: nobody."""
    if endpoint in _FOREIGN:
        return Access(_FOREIGN[endpoint])
    view: Any = app.view_functions.get(endpoint or "")
    handler = getattr(getattr(view, "view_class", None), method.lower(), view)
    return getattr(handler, "access", None)


def asker() -> Asker:
    """Who asks for the view that runs now."""
    found: Asker = g.asker
    return found


def guard(app: Flask, csrf: CSRFProtect) -> None:
    """Look at every request before its view does."""

    @app.before_request
    def _guard() -> None:
        if request.endpoint is None:  # no such address: 404 or 405, the same for all
            return
        allowed = access_of(app, request.endpoint, "get" if request.method in ("HEAD", "OPTIONS") else request.method)
        if allowed is None:
            raise Problem(403, "This is closed.", "closed")
        by_token = _token_asker()
        g.asker = by_token or _session_asker()
        if g.asker is None and ANYBODY not in allowed.roles:
            raise Problem(401, "Sign in first, or send a token.", "signed_out", headers={"WWW-Authenticate": "Bearer"})
        if request.method not in SAFE and by_token is None:
            _refuse_cross_site(csrf)
        if ANYBODY not in allowed.roles:
            _check(g.asker, allowed)


def _check(who: Asker, allowed: Access) -> None:
    if SIGNED_IN not in allowed.roles and not who.roles & set(allowed.roles):
        raise Problem(403, "Your role does not allow this.", "role")
    if who.kind == "system":
        if allowed.people_only:
            raise Problem(403, "Only a person decides this; a token cannot.", "people_only")
        if (allowed.scope or "read") not in who.scopes:
            raise Problem(403, f"The token lacks the scope {allowed.scope or 'read'}.", "scope")
    elif current_user.must_change and request.endpoint not in _WITH_FIRST_PASSWORD:
        raise Problem(403, "Choose a password of your own first.", "first_password")


def _token_asker() -> Asker | None:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer":
        return None
    found = people.live_token(rows(), accounts.token_digest(token.strip()), now())
    account = None if found is None else people.account_by_id(rows(), found.account_id)
    if found is None or account is None or not account.active:
        raise Problem(401, "This token is not valid, or not any more.", "token", headers={"WWW-Authenticate": "Bearer"})
    return _asker(account, "system", frozenset(found.scopes))


def _session_asker() -> Asker | None:
    if not current_user.is_authenticated:
        return None
    sign_in = session.get("sign_in", "")
    if not people.sign_in_is_live(rows(), sign_in, current_user.id, now()):
        session.clear()
        return None
    account = people.account_by_id(rows(), current_user.id)
    return None if account is None else _asker(account, "human", frozenset(accounts.SCOPES))


def _asker(account: people.Account, kind: str, scopes: frozenset[str]) -> Asker:
    return Asker(
        account.id, kind, frozenset(grant.role for grant in account.grants),
        {grant.organisation_id: grant.role for grant in account.grants if grant.organisation_id},
        frozenset(grant.region_code for grant in account.grants if grant.region_code), scopes,
    )  # fmt: skip


def _refuse_cross_site(csrf: CSRFProtect) -> None:
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        raise Problem(403, "This came from another site.", "cross_site")
    if not current_app.config["WTF_CSRF_ENABLED"] or request.endpoint == "security.login":
        return  # its form checks by itself
    try:
        csrf.protect()
    except CSRFError as error:
        raise Problem(403, str(error.description), "csrf") from None


def regions_of(who: Asker) -> frozenset[str]:
    """The regions of a connector."""
    return who.regions if "connector" in who.roles else frozenset()


__all__ = ["ANYBODY", "SIGNED_IN", "Access", "Asker", "access", "access_of", "asker", "guard", "regions_of"]
