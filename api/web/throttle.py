"""Limits on how often one may ask, for accounts and for addresses; they hold across processes.

Nothing here is a secret: who reaches a limit is told until when, with 429 and Retry-After, and the first time in a
window it stands in the log. Addresses of machines are kept as keyed digests, for a day.
"""
from __future__ import annotations

import functools
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

from flask import current_app, request

from api.store import audit, throttle
from api.store.people import Session
from api.web.access import asker
from api.web.database import database, now, rows
from api.web.problems import Problem

View = TypeVar("View", bound=Callable[..., Any])
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many in a window; ``alert`` says that reaching it is worth a look by the administrator."""

    what: str
    most: int
    window: timedelta
    alert: bool = False


UPLOADS = Limit("upload", 120, _HOUR)
RUNS = Limit("run", 60, _HOUR)
CANDIDATES = Limit("candidate", 200, _DAY, alert=True)
SIGN_INS = Limit("sign_in", 100, timedelta(minutes=15), alert=True)
PER_ADDRESS = 5
"""A whole school may come from one address: it gets as many times what one account gets."""


def limited(limit: Limit) -> Callable[[View], View]:
    """Let a view be asked so often per account, and a multiple of it per address. Stands above `once`.

    The count is kept whatever becomes of the request: it is written before the view begins, in a transaction of its
    own, after what the guard has read.
    """
    def mark(view: View) -> View:
        @functools.wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if current_app.config["SCHAKEL_SETTINGS"].rate_limits:
                _spend(limit)
            return view(*args, **kwargs)

        guarded.limit = limit  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return mark


def slows(view: View) -> View:
    """Mark a view that says itself, inside, when one asks too often."""
    view.slows = True  # type: ignore[attr-defined]
    return view


def address() -> str:
    """Where a request comes from, as a keyed digest."""
    key: bytes = current_app.config["SCHAKEL_THROTTLE_KEY"]
    return hmac.new(key, (request.remote_addr or "").encode(), "sha256").hexdigest()


def spend(session: Session, limit: Limit, times: int) -> bool:
    """Count so many more for who asks; False when that is too many. Reaching it stands in the log, once in a window."""
    if not current_app.config["SCHAKEL_SETTINGS"].rate_limits:
        return True
    who = asker()
    number = throttle.add(session, limit.what, who.account_id, limit.window, now(), times=times)
    if limit.alert and number - times <= limit.most < number:
        audit.append(session, who.actor, "limit.reached", ("account", who.account_id), now=now(), result="refused",
                     what=limit.what, number=number)  # fmt: skip
    return number <= limit.most


def count_address(session: Session, limit: Limit) -> None:
    """Count something that went wrong for an address, whoever it was."""
    number = throttle.add(session, limit.what, address(), limit.window, now())
    if limit.alert and number == limit.most:
        audit.append(session, audit.Actor("service", None, "web"), "limit.reached", ("limit", limit.what), now=now(),
                     result="refused", number=number)  # fmt: skip


def spent(session: Session, limit: Limit) -> bool:
    """Whether an address has nothing left of a limit."""
    return throttle.number(session, limit.what, address(), limit.window, now()) >= limit.most


def _spend(limit: Limit) -> None:
    rows().rollback()  # a reading transaction of SQLite would keep the count from being written
    with database().writing() as session:
        mine = _count(session, limit, asker().account_id, 1)
        theirs = _count(session, limit, address(), PER_ADDRESS)
    if mine or theirs:
        raise too_many(limit)


def _count(session: Session, limit: Limit, who: str, times: int) -> bool:
    """Count one more; whether that is too many."""
    number = throttle.add(session, limit.what, who, limit.window, now())
    if limit.alert and number == limit.most * times + 1:
        audit.append(session, asker().actor, "limit.reached", ("account", asker().account_id), now=now(),
                     result="refused", what=limit.what, number=number)  # fmt: skip
    return number > limit.most * times


def too_many(limit: Limit) -> Problem:
    """The answer to who asked too often: until when to wait."""
    ends = throttle.begin_of(limit.window, now()) + limit.window
    seconds = int((ends - now()).total_seconds()) + 1
    return Problem(429, f"You asked this too often. Wait {seconds} seconds.", "too_many",
                   headers={"Retry-After": str(seconds)}, seconds=seconds)  # fmt: skip


__all__ = [
    "CANDIDATES", "RUNS", "SIGN_INS", "UPLOADS", "Limit", "address", "count_address", "limited", "spend",
    "spent", "too_many",
]  # fmt: skip
