"""Accounts and their rights: first login, new people, systems' tokens, slowing down who guesses."""
from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from argon2 import PasswordHasher

from api.errors import Refused
from api.store import audit, people
from api.store.audit import Actor
from api.store.people import Account, Session
from api.store.tables.accounts import OF_ORGANISATION, ROLES

SHORTEST_PASSWORD = 12
WINDOW, FREE_TRIES, LONGEST_WAIT = timedelta(minutes=15), 10, timedelta(minutes=15)
SCOPES = ("read", "upload", "run")
"""What a token may do; deciding is for people alone."""
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+")
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Right:
    """A role, with the organisation (kind and official number) or the region it is for."""

    role: str
    code: str = ""
    name: str = ""


def new_password() -> str:
    """Return a password of 96 random bits that can be read aloud."""
    return "-".join(secrets.token_hex(3) for _ in range(4))


def first_administrator(session: Session, *, now: datetime) -> tuple[str, str] | None:
    """Make the first account if there is none; return its address and its password, which is nowhere else."""
    if people.accounts(session):
        return None
    email, password = "beheer@schakel.example", new_password()
    add_account(session, audit.SERVICE, email, "Beheer", [Right("administrator")], password=password, now=now)
    return email, password


def add_account(
    session: Session, actor: Actor, email: str, name: str, rights: list[Right], *, password: str, now: datetime,
    must_change: bool = True,
) -> Account:  # fmt: skip
    """Add an account with its rights; organisations that are not there yet are made.

    Raises
    ------
    Refused
        If the address is none or is taken, a right cannot be, or the password is too short.
    """
    if not _EMAIL.fullmatch(email) or len(email) > 254:
        raise Refused(f"{email!r} is no e-mail address.")
    if people.account_by_email(session, email) is not None:
        raise Refused(f"{email}: there is an account with this address already.")
    if len(password) < SHORTEST_PASSWORD:
        raise Refused(f"A password has at least {SHORTEST_PASSWORD} characters.")
    hashed = PasswordHasher().hash(password)
    account = people.add_account(session, email, name, hashed, must_change=must_change, now=now)
    audit.append(session, actor, "account.added", ("account", account.id), now=now)
    for right in rights:
        grant(session, actor, account, right, now=now)
    return account


def grant(session: Session, actor: Actor, account: Account, right: Right, *, now: datetime) -> None:
    """Give an account a right.

    Raises
    ------
    Refused
        If there is no such role, or it needs an organisation or region that is not said.
    """
    organisation_id = region = None
    if right.role not in ROLES:
        raise Refused(f"{right.role!r} is no role; the roles are {', '.join(ROLES)}.")
    if right.role in OF_ORGANISATION:
        if not right.code:
            raise Refused(f"{right.role}: say of which organisation, by its official number.")
        known = people.organisation(session, right.role, right.code)
        known = known or people.add_organisation(session, right.role, right.code, name=right.name or right.code,
                                                 region=None, now=now)  # fmt: skip
        organisation_id = known.id
    elif right.role == "connector":
        if not re.fullmatch(r"AM\d\d", right.code):
            raise Refused("connector: say for which region, such as AM36.")
        region = right.code
    made = people.add_grant(session, account, right.role, organisation_id, region)
    audit.append(session, actor, "account.granted", ("account", account.id), now=now, role=right.role,
                 organisation=organisation_id, region=region, grant=made.id)  # fmt: skip


def set_password(session: Session, actor: Actor, account: Account, password: str, *, now: datetime) -> None:
    """Give an account a password for one use; every session ends."""
    account.password, account.must_change = PasswordHasher().hash(password), True
    _end_sessions(session, actor, account, "account.password_set", now)


def disable(session: Session, actor: Actor, account: Account, *, now: datetime) -> None:
    """Close an account; every session ends at once."""
    account.active = False
    _end_sessions(session, actor, account, "account.disabled", now)


def _end_sessions(session: Session, actor: Actor, account: Account, action: str, now: datetime) -> None:
    account.fs_uniquifier = secrets.token_hex(16)
    people.end_sign_ins(session, account.id, now)
    audit.append(session, actor, action, ("account", account.id), now=now)


def new_token(
    session: Session, actor: Actor, account: Account, name: str, scopes: list[str], *, now: datetime, days: int = 90
) -> str:
    """Make a token for a system that works with the rights of ``account``; it is returned once and not kept.

    Raises
    ------
    Refused
        If a scope is none, or the time is not between a day and a year.
    """
    if not scopes or not set(scopes) <= set(SCOPES):
        raise Refused(f"Scopes are {', '.join(SCOPES)}.")
    if not 1 <= days <= 366:
        raise Refused("A token lasts from 1 to 366 days.")
    token = f"schakel_{secrets.token_urlsafe(32)}"
    made = people.add_token(session, account.id, name, token_digest(token), sorted(scopes), now=now,
                            expires_at=now + timedelta(days=days))  # fmt: skip
    audit.append(session, actor, "token.added", ("token", made.id), now=now, account=account.id, scopes=sorted(scopes))
    return token


def token_digest(token: str) -> str:
    """SHA-256 of a token: it has 256 random bits, so nothing slower is needed."""
    return hashlib.sha256(token.encode()).hexdigest()


def who(key: bytes, email: str) -> str:
    """The address that somebody tried, as a keyed digest."""
    return hmac.new(key, email.strip().lower().encode(), "sha256").hexdigest()


def wait_until(session: Session, tried: str, now: datetime) -> datetime | None:
    """Return until when the next try for this address must wait; None: it may be now.

    Ten tries in a quarter of an hour are free; each next one doubles the pause, up to a quarter of an hour. Nobody
    is locked out for longer by somebody else's guesses.
    """
    wrong = people.failures(session, tried, now - WINDOW)
    if len(wrong) < FREE_TRIES:
        return None
    pause = min(timedelta(seconds=2 ** (len(wrong) - FREE_TRIES + 1)), LONGEST_WAIT)
    return wrong[-1] + pause if wrong[-1] + pause > now else None


def remember_failure(session: Session, tried: str, *, now: datetime) -> None:
    """Count a wrong sign-in."""
    people.add_failure(session, tried, now, _DAY)


__all__ = [
    "SCOPES", "Right", "add_account", "disable", "first_administrator", "grant", "new_password", "new_token",
    "remember_failure", "set_password", "token_digest", "wait_until", "who",
]  # fmt: skip
