"""Errors as pages: what happened, what to do next, and a reference to quote; the same whatever was not there."""
from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import Response, current_app, g, redirect, request, session
from werkzeug.exceptions import SecurityError

from api.store import audit, people
from api.texts.pages import CATALOGUES
from api.web.access import session_asker
from api.web.database import rows
from api.web.pages.base import show
from api.web.problems import Problem

LOST = "niet-bewaard"
"""Key of the address of signing in that says: what was sent a moment ago was not saved."""

RIGHTS = "rechten"
"""The same for: the session ended because of other rights."""
_OTHER_RIGHTS = ("account.granted", "account.revoked")


def _page_here() -> str:
    """The page of this request; of a form, the nearest page above its address. What was typed goes nowhere."""
    if request.method == "GET":
        return request.full_path.rstrip("?")
    routes, path = current_app.url_map.bind(""), request.path
    while path and not routes.test(path, "GET"):
        path = path.rpartition("/")[0]
    return path


def wants_page() -> bool:
    """Whether a browser asks for a page: not the API, and HTML rather than JSON.

    Under a name that is not ours there are no pages: no address of one can be made.
    """
    if isinstance(request.routing_exception, SecurityError):
        return False
    if request.path.startswith(("/api/", "/health/", "/static/")) or request.is_json:
        return False
    return request.accept_mimetypes.best_match(["application/json", "text/html"]) == "text/html"


def error_page(status: int, code: str, reference: str = "", **more: Any) -> Response:
    """Return the page of an error; words by its code, else by its status."""
    if "asker" not in g:  # there is no such address: nobody was asked who they are
        g.asker = session_asker()
    words = CATALOGUES["error"]
    key = next(k for k in (code, str(status), "other") if f"{k}_title" in words)
    seconds = more.get("seconds", "")
    return show("error.html", status, key=key, code=status, seconds=seconds, reference=reference or f"{status}-{key}")


def _rights_were_changed() -> bool:
    """Whether this session ended because the one whose it is got other roles."""
    was = people.sign_in_by_id(rows(), str(session.get("sign_in", "")))
    if was is None or was.ended_at is None:
        return False
    found = (audit.latest(rows(), None, 1, action=action, subject_id=was.account_id) for action in _OTHER_RIGHTS)
    return any(events and events[0].at == was.ended_at for events in found)


def instead_of(error: Problem) -> Response | None:
    """What a browser gets in place of a problem: a page, or the way to sign in; None: this asks for no page."""
    if not wants_page():
        return None
    if error.status == 401:
        sent = request.method != "GET"
        here = {"next": _page_here()} | ({LOST: "1"} if sent else {})
        here |= {RIGHTS: "1"} if _rights_were_changed() else {}
        return redirect(f"/inloggen?{urlencode({key: value for key, value in here.items() if value})}", 303)  # type: ignore[return-value]
    if error.code == "first_password":
        return redirect("/wachtwoord", 303)  # type: ignore[return-value]
    if error.code == "second_factor":
        return redirect("/mijn-account/tweede-stap", 303)  # type: ignore[return-value]
    return error_page(error.status, error.code, **error.more)
