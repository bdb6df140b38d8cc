"""Errors as pages: what happened, what to do next, and a reference to quote; the same whatever was not there."""
from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import Response, g, redirect, request, session

from api.store import audit, people
from api.texts.pages import CATALOGUES
from api.web.access import session_asker
from api.web.database import now, rows
from api.web.pages.base import show
from api.web.problems import Problem


def wants_page() -> bool:
    """Whether a browser asks for a page: not the API, and HTML rather than JSON."""
    if request.path.startswith(("/api/", "/health/", "/static/")) or request.is_json:
        return False
    return request.accept_mimetypes.best_match(["application/json", "text/html"]) == "text/html"


def error_page(status: int, code: str, reference: str = "", **more: Any) -> Response:
    """Return the page of an error; words by its code, else by its status."""
    if "asker" not in g:  # there is no such address: nobody was asked who they are
        g.asker = session_asker()
    words = CATALOGUES["error"]
    key = next(k for k in (code, str(status), "other") if f"{k}_title" in words)
    if key == "403" and _rights_were_taken():
        key = "403_changed"
    seconds = more.get("seconds", "")
    return show("error.html", status, key=key, code=status, seconds=seconds, reference=reference or f"{status}-{key}")


def _rights_were_taken() -> bool:
    """Whether a right of who asks was taken away after this session began: the page was theirs a moment ago."""
    if g.asker is None:
        return False
    began = next((one.began_at for one in people.live_sign_ins(rows(), g.asker.account_id, now())
                  if one.id == session.get("sign_in")), None)  # fmt: skip
    taken = audit.latest(rows(), None, 1, action="account.revoked", subject_id=g.asker.account_id)
    return began is not None and bool(taken) and taken[0].at > began


def instead_of(error: Problem) -> Response | None:
    """What a browser gets in place of a problem: a page, or the way to sign in; None: this asks for no page."""
    if not wants_page():
        return None
    if error.status == 401:
        here = request.full_path.rstrip("?") if request.method == "GET" else ""
        return redirect("/inloggen" + (f"?{urlencode({'next': here})}" if here else ""), 303)  # type: ignore[return-value]
    if error.code == "first_password":
        return redirect("/wachtwoord", 303)  # type: ignore[return-value]
    if error.code == "second_factor":
        return redirect("/mijn-account/tweede-stap", 303)  # type: ignore[return-value]
    return error_page(error.status, error.code, **error.more)
