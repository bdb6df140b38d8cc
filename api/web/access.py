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

from api.services import accounts, factors
from api.store import mandates, people
from api.store.audit import Actor
from api.store.tables.accounts import OF_STUDENT
from api.web.bsn_door import refuse_bsn, refuse_unwritable, shown
from api.web.database import READS, local_day, now, rows
from api.web.problems import Problem

View = TypeVar("View", bound=Callable[..., Any])
ANYBODY = "anybody"
SIGNED_IN = "signed in"
_FOREIGN = {
    "security.login": (ANYBODY,), "security.logout": (SIGNED_IN,), "security.change_password": (SIGNED_IN,),
    "security.two_factor_token_validation": (ANYBODY,),
}  # fmt: skip
"""Views that are not ours, and who may ask for them; every other one of theirs stays closed."""
_BOXES = ("remember", "submit")
"""Fields of their forms that are a yes or no; every other one is a text."""
_OF_NOBODY = 1_000_000
"""Bytes that are looked through for who has not signed in: a form or two; lists come from people we know."""
_ON_THE_WAY_IN = ("security.two_factor_token_validation",)
"""Asked by who is in already, it would end the session, even by a GET."""
_SEEN = 60.0
"""Seconds after which it is written again that somebody is there: to the minute is enough to end what is left alone."""
_WITH_FIRST_PASSWORD = ("security.logout", "security.change_password", "account.Account")

_WITHOUT_FACTOR = (*_WITH_FIRST_PASSWORD, "account.SecondFactor", "second_factor.page", "second_factor.change")


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks: an account with the rights it has now, as a person or through a system's token."""

    account_id: str
    kind: str  # human | system
    roles: frozenset[str]
    organisations: dict[str, str] = field(default_factory=dict)  # id -> role there
    regions: frozenset[str] = frozenset()
    students: dict[str, frozenset[str]] = field(default_factory=dict)  # coach, student or parent -> of whom
    scopes: frozenset[str] = frozenset(accounts.SCOPES)

    @property
    def actor(self) -> Actor:
        """Who stands in the log."""
        return Actor(self.kind, self.account_id, "web")


def access(
    *roles: str, scope: str = "", people_only: bool = False, own_lock: bool = False
) -> Callable[[View], View]:
    """Say who may ask for a view: roles, `SIGNED_IN` or `ANYBODY`; ``scope`` is what a token needs.

    ``people_only`` keeps systems out whatever their rights: a decision is a person's. A view with its ``own_lock``
    looks at what was sent itself: no account is behind it.
    """
    def mark(view: View) -> View:
        view.access = Access(roles, scope, people_only, own_lock)  # type: ignore[attr-defined]
        return view

    return mark


@dataclass(frozen=True, slots=True)
class Access:
    """What `access` said."""

    roles: tuple[str, ...]
    scope: str = ""
    people_only: bool = False
    own_lock: bool = False


def access_of(app: Flask, endpoint: str | None, method: str) -> Access | None:
    """Return who may ask for an endpoint by a method; None: nobody."""
    if endpoint in _FOREIGN:
        return Access(_FOREIGN[endpoint])
    return getattr(handler_of(app, endpoint, method), "access", None)


def handler_of(app: Flask, endpoint: str | None, method: str) -> Any:
    """The function that answers, with the marks that it was given."""
    view: Any = app.view_functions.get(endpoint or "")
    return getattr(getattr(view, "view_class", None), method.lower(), view)


def asker() -> Asker:
    """Who asks for the view that runs now."""
    found: Asker = g.asker
    return found


def asker_or_nobody() -> Asker | None:
    """Who asks for a view that is for anybody."""
    found: Asker | None = g.asker
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
        if allowed.own_lock:
            g.asker = None
            return
        by_token = _token_asker()
        g.asker = by_token or session_asker()
        if g.asker is not None and request.endpoint in _ON_THE_WAY_IN:
            raise Problem(409, "You are signed in already.", "signed_in")
        if g.asker is None and ANYBODY not in allowed.roles:
            raise Problem(401, "Sign in first, or send a token.", "signed_out", headers={"WWW-Authenticate": "Bearer"})
        # Nothing of what was sent is looked through before here: whose session ended is told so, however much it was.
        if g.asker is None and (request.content_length or len(request.get_data())) > _OF_NOBODY:
            raise Problem(413, "This is more than who has not signed in can send.", "too_large")
        if request.method not in READS and by_token is None:
            _refuse_cross_site(csrf)
        if ANYBODY not in allowed.roles:
            _check(g.asker, allowed)
        if request.endpoint in _FOREIGN:
            _refuse_no_form()
        refuse_unwritable()
        refuse_bsn()


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
    elif _lacks_factor(who) and request.endpoint not in _WITHOUT_FACTOR:
        raise Problem(403, "Set up a second factor first.", "second_factor")


def _refuse_no_form() -> None:
    """Refuse what a form cannot hold where one is read that is not ours: it would fail on it, as our fault."""
    sent = request.get_json(silent=True) if request.is_json and request.get_data() else {}
    if not isinstance(sent, dict):
        raise Problem(400, "Send a JSON object with the fields of the form.", "invalid",
                      errors=[{"field": "json", "message": "An object is asked for."}])  # fmt: skip
    wrong = [name for name, value in sent.items()
             if not (value is None or isinstance(value, str) or (isinstance(value, bool) and name in _BOXES))]
    wrong += request.files  # by their names
    if wrong:
        raise Problem(400, "A field of the form is no text.", "invalid",
                      errors=[{"field": shown(name), "message": "This must be a text."} for name in wrong])  # fmt: skip


def _lacks_factor(who: Asker) -> bool:
    return factors.must_set_up(who.roles, current_user, current_app.config["SCHAKEL_SETTINGS"].two_factor)


def _token_asker() -> Asker | None:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer":
        return None
    found = people.live_token(rows(), accounts.token_digest(token.strip()), now())
    account = None if found is None else people.account_by_id(rows(), found.account_id)
    if found is None or account is None or not account.active:
        raise Problem(401, "This token is not valid, or not any more.", "token", headers={"WWW-Authenticate": "Bearer"})
    return _asker(account, "system", frozenset(found.scopes))


def session_asker() -> Asker | None:
    """Who the session of this request is of; None: nobody, or it has ended."""
    if not current_user.is_authenticated:
        return None
    sign_in = session.get("sign_in", "")
    goes_on = g.get("going_on") == (current_user.id, sign_in) or people.sign_in_is_live(
        rows(), sign_in, current_user.id, now())  # fmt: skip
    if not goes_on or _idle():
        session.clear()
        return None
    if now().timestamp() - session.get("seen", 0) >= _SEEN:
        session["seen"] = now().timestamp()  # signs the cookie anew
    account: people.Account = current_user._get_current_object()  # read in this request, with its rights
    return _asker(account, "human", frozenset(accounts.SCOPES))


def _idle() -> bool:
    """Whether a session of a student or parent was left alone for too long; see `api.web.login` for the others."""
    longest = session.get("idle")
    return longest is not None and now().timestamp() - session.get("seen", 0) > longest


def _asker(account: people.Account, kind: str, scopes: frozenset[str]) -> Asker:
    students = {role: frozenset(grant.student_id for grant in account.grants if grant.role == role and grant.student_id)
                for role in OF_STUDENT}  # fmt: skip
    if students["parent"]:  # a parent's right holds as long as the mandate does
        students["parent"] &= mandates.live_students(rows(), account.id, local_day(now()))
    held = {role for role, ids in students.items() if ids}
    return Asker(
        account.id, kind, frozenset(grant.role for grant in account.grants if grant.role not in OF_STUDENT) | held,
        {grant.organisation_id: grant.role for grant in account.grants if grant.organisation_id},
        frozenset(grant.region_code for grant in account.grants if grant.region_code), students, scopes,
    )  # fmt: skip


def _refuse_cross_site(csrf: CSRFProtect) -> None:
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        raise Problem(403, "This came from another site.", "cross_site")
    if not current_app.config["WTF_CSRF_ENABLED"]:
        return
    try:
        csrf.protect()
    except CSRFError as error:
        raise Problem(403, str(error.description), "csrf") from None


def regions_of(who: Asker) -> frozenset[str]:
    """The regions of a connector."""
    return who.regions if "connector" in who.roles else frozenset()


__all__ = [
    "ANYBODY", "SIGNED_IN", "Access", "Asker", "access", "access_of", "asker", "asker_or_nobody", "guard",
    "handler_of", "regions_of", "session_asker",
]  # fmt: skip
