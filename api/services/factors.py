"""The second factor of people who work with others' data: set up, taken away, and codes for who lost it."""
from __future__ import annotations

import hmac
import re
import secrets
from datetime import datetime

from api.store import audit, factors
from api.store.audit import Actor
from api.store.factors import Account
from api.store.people import Session

HOW_MANY = 10
STAFF = frozenset(("school", "referrer", "employer", "connector", "coach", "municipality", "administrator"))
"""Roles that see data of others; students and parents sign in with a code and see their own."""
RECOVERY = re.compile(r"[a-z0-9]{5}-[a-z0-9]{5}")
_SIGNS = "23456789abcdefghjkmnpqrstuvwxyz"  # no sign that reads like another


def must_set_up(roles: frozenset[str], account: Account, rule: str) -> bool:
    """Whether somebody must have a second factor and has none yet; ``rule`` is off, offered or required."""
    return rule == "required" and bool(roles & STAFF) and not account.tf_totp_secret


def digest_of(key: bytes, code: str) -> str:
    """Keyed digest of a recovery code."""
    return hmac.new(key, f"recovery {code.strip().lower()}".encode(), "sha256").hexdigest()


def set_up(session: Session, actor: Actor, account: Account, sealed: str, key: bytes, *, now: datetime) -> list[str]:
    """Give an account its second factor; return recovery codes, which are shown once and kept as digests only."""
    factors.set_factor(account, sealed)
    made = ["-".join("".join(secrets.choice(_SIGNS) for _ in range(5)) for _ in range(2)) for _ in range(HOW_MANY)]
    factors.put_codes(session, account.id, [digest_of(key, code) for code in made], now)
    audit.append(session, actor, "account.factor_set", ("account", account.id), now=now)
    return made


def take_away(session: Session, actor: Actor, account: Account, *, now: datetime) -> None:
    """Take a second factor away."""
    factors.take_away(session, account)
    audit.append(session, actor, "account.factor_removed", ("account", account.id), now=now)


def recover(session: Session, account: Account, code: str, key: bytes, *, now: datetime) -> bool:
    """Use a recovery code in place of the second factor."""
    if not RECOVERY.fullmatch(code.strip().lower()):
        return False
    if not factors.use_code(session, account.id, digest_of(key, code), now):
        return False
    actor = Actor("human", account.id, "web")
    audit.append(session, actor, "account.recovery_used", ("account", account.id), now=now,
                 left=factors.codes_left(session, account.id))  # fmt: skip
    return True


__all__ = ["HOW_MANY", "RECOVERY", "STAFF", "digest_of", "must_set_up", "recover", "set_up", "take_away"]
