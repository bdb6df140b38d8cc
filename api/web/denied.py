"""Refused access of who is signed in leaves a trace: whoever tries ids or doors that are not theirs is noticed.

What is not there and what is not theirs are answered alike, and counted alike: guessing ids looks the same. Per
account the log gets the first refusal of an hour at a route, and one alert when there are more than ten in that hour;
after the alert nothing more is written before the next hour. A request that is not refused costs nothing here.
"""
from __future__ import annotations

import hashlib
from datetime import timedelta

import structlog
from flask import Flask, Response, current_app, g, request
from sqlalchemy.exc import SQLAlchemyError

from api.store import audit, throttle
from api.store.people import Session
from api.web.access import ANYBODY, Asker, access_of
from api.web.database import database, now
from api.web.metrics import count_alert

MOST = 10
"""Refusals in an hour that may be mistakes."""
_HOUR = timedelta(hours=1)
_OF_RIGHTS = ("role", "people_only", "scope", "region", "kind")
"""Codes of a 403 that says: this is not yours to do; the others say what to do first."""
_log = structlog.get_logger("web")


def watch(app: Flask) -> None:
    """Look at every refusal of ``app``, after what the request itself changed was kept or taken back."""

    @app.after_request
    def _look(response: Response) -> Response:
        who: Asker | None = g.get("asker")
        if who is not None and _is_refusal(response):
            try:
                _note(who)
            except SQLAlchemyError as error:  # the answer stays the same for who must not know
                _log.error("access.unwritten", kind=type(error).__name__)
        return response


def _is_refusal(response: Response) -> bool:
    if response.status_code == 403:
        return g.get("problem_code") in _OF_RIGHTS
    if response.status_code != 404 or request.endpoint is None:
        return False
    allowed = access_of(current_app, request.endpoint, request.method)
    return allowed is not None and ANYBODY not in allowed.roles


def _note(who: Asker) -> None:
    with database().reading() as session:
        if throttle.number(session, "denied", who.account_id, _HOUR, now()) > MOST:
            return
    with database().writing() as session:
        number = throttle.add(session, "denied", who.account_id, _HOUR, now())
        if throttle.add(session, _at_route(), who.account_id, _HOUR, now()) == 1:
            _write(session, who, "access.denied", number)
        if number == MOST + 1:
            _write(session, who, "access.alert", number)
    if number == MOST + 1:
        count_alert()
        _log.warning("access.alert", account=who.account_id, route=str(request.url_rule))


def _at_route() -> str:
    """What is counted per route, in the room of `RequestCount.what`."""
    return f"denied {hashlib.sha256(str(request.endpoint).encode()).hexdigest()[:32]}"


def _write(session: Session, who: Asker, action: str, number: int) -> None:
    audit.append(session, who.actor, action, ("account", who.account_id), now=now(), result="refused",
                 route=str(request.endpoint)[:64], number=number)  # fmt: skip


__all__ = ["MOST", "watch"]
