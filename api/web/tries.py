"""Wrong tries to get in, by password, code, invitation or factor: remembered, and the next ones slowed down."""
from __future__ import annotations

from flask import current_app

from api.services import accounts
from api.web import throttle
from api.web.database import keep, now, rows
from api.web.problems import Problem


def slowed(name: str) -> str:
    """Who tries, as a keyed digest; a problem when that was too often of late."""
    tried = accounts.who(_key(), name)
    until = accounts.wait_until(rows(), tried, now())
    if until is not None:
        seconds = int((until - now()).total_seconds()) + 1
        raise Problem(429, f"Too many wrong tries. Wait {seconds} seconds.", "too_many",
                      headers={"Retry-After": str(seconds)}, seconds=seconds)  # fmt: skip
    if current_app.config["SCHAKEL_SETTINGS"].rate_limits and throttle.spent(rows(), throttle.SIGN_INS):
        raise throttle.too_many(throttle.SIGN_INS)
    return tried


def remember(tried: str, by: str, account_id: str | None) -> None:
    """Remember a wrong try by password, code, invitation or factor, although the answer is an error."""
    throttle.count_address(rows(), throttle.SIGN_INS)
    accounts.remember_failure(rows(), tried, by, account_id, now=now())
    keep()


def _key() -> bytes:
    key: bytes = current_app.config["SCHAKEL_THROTTLE_KEY"]
    return key


__all__ = ["remember", "slowed"]
