"""Accounts and their rights: first login, new people, systems' tokens, slowing down who guesses."""
from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from argon2 import PasswordHasher

from api.errors import Faults, Refused
from api.services import addresses, party_codes, passwords
from api.store import answers, audit, people
from api.store.audit import Actor
from api.store.people import Account, Session
from api.store.tables.accounts import OF_ORGANISATION, OF_STUDENT, ROLES

WINDOW, FREE_TRIES, LONGEST_WAIT = timedelta(minutes=15), 10, timedelta(minutes=15)
SCOPES = ("read", "upload", "run")
"""What a token may do; deciding is for people alone."""
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Right:
    """A role, with the organisation (kind and official number), the region or the student (id) it is for."""

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
    session: Session, actor: Actor, email: str | None, name: str, rights: list[Right], *, password: str | None = None,
    now: datetime, must_change: bool = True,
) -> Account:  # fmt: skip
    """Add an account with its rights; organisations that are not there yet are made.

    Without a password it is opened by an invitation (`api.services.invitations`); without an address, which is for
    students alone, by a code (`api.services.codes`).

    Raises
    ------
    Faults
        If nobody signs in with such an address or it is taken, or rights cannot be: all of it at once.
    Refused
        If the password is too short, or guessed too soon.
    """
    found = _wrong_address(session, email) if email is not None else []
    found += [(f"rights.{at}.{field}", said, code) for at, right in enumerate(rights)
              for field, said, code in _wrong_right(session, right)]  # fmt: skip
    found += [(f"rights.{field}", said, code) for field, said, code in _apart([right.role for right in rights])]
    _refuse(found)
    if password is not None:
        passwords.check(password, email or "", name)
    hashed = PasswordHasher().hash(password) if password is not None else None
    address = addresses.checked(email) if email is not None else None
    account = people.add_account(session, address, name, hashed, must_change=password is not None and must_change,
                                 now=now)  # fmt: skip
    audit.append(session, actor, "account.added", ("account", account.id), now=now)
    for right in rights:
        _give(session, actor, account, right, now)
    return account


def grant(session: Session, actor: Actor, account: Account, right: Right, *, now: datetime) -> None:
    """Give an account a right; one that is there already changes nothing. Who gains a role signs in anew.

    Raises
    ------
    Faults
        If there is no such role, it needs an organisation, a region or a student, and that cannot be this one, or it
        does not go with the rights that are there.
    """
    people.hold(session, account)
    before = list(account.grants)
    _refuse([*_wrong_right(session, right), *_apart([right.role, *people.roles_of(session, account.id)])])
    _give(session, actor, account, right, now)
    _rights_changed(session, actor, account, before, now)


def _give(session: Session, actor: Actor, account: Account, right: Right, now: datetime) -> None:
    organisation_id = region = student_id = None
    code = party_codes.tidy(right.role, right.code)
    if right.role in OF_ORGANISATION:
        known = people.organisation(session, right.role, code)
        if known is None:
            known = people.add_organisation(session, right.role, code, name=right.name or code, region=None, now=now)
            if right.role == "employer" and actor.kind == "human":  # a connector looks at it first
                known.approved_at = None
        organisation_id = known.id
    elif right.role == "connector":
        region = code
    elif right.role in OF_STUDENT:
        student_id = right.code
    made = people.add_grant(session, account, right.role, organisation_id=organisation_id, region=region,
                            student_id=student_id)  # fmt: skip
    audit.append(session, actor, "account.granted", ("account", account.id), now=now, role=right.role,
                 organisation=organisation_id, region=region, student=student_id, grant=made.id)  # fmt: skip


def _rights_changed(session: Session, actor: Actor, account: Account, before: list[people.Grant],
                    now: datetime) -> None:  # fmt: skip
    """Count other rights as an edit of the account, and end its sessions when the roles are others.

    A session that was begun with fewer or more roles is not carried on: the one that is begun next has another id.
    Where a right went, so do the answers that are kept for requests sent twice: they were given with that right.
    """
    had = {held.id: held.role for held in before}
    session.expire(account, ["grants"])
    has = {held.id: held.role for held in account.grants}
    if has == had:
        return
    if had.keys() - has.keys():
        answers.forget(session, account.id)
    if set(has.values()) != set(had.values()):
        end_sessions(session, actor, account, now=now)
    else:
        people.touch(session, account)


def _wrong_address(session: Session, email: str) -> list[tuple[str, str, str]]:
    try:
        address = addresses.checked(email)
    except ValueError as wrong:
        return [("email", f"{email!r} is no e-mail address to sign in with. {wrong}", "email")]
    if people.account_by_email(session, address) is not None:
        return [("email", f"{email}: there is an account with this address already.", "email_taken")]
    return []


def _wrong_right(session: Session, right: Right) -> list[tuple[str, str, str]]:
    """Why a right cannot be, as (field, sentence, code of the refusal)."""
    if right.role not in ROLES:
        return [("role", f"{right.role!r} is no role; the roles are {', '.join(ROLES)}.", "refused")]
    if right.role in (*OF_ORGANISATION, "connector"):
        said = party_codes.fault_of(right.role, party_codes.tidy(right.role, right.code))
        return [("code", said, "code")] if said else []
    if right.role in OF_STUDENT and not people.is_student(session, right.code):
        return [("code", f"{right.role}: say of which student, by the id of the record.", "refused")]
    return []


def _apart(roles: Iterable[str]) -> list[tuple[str, str, str]]:
    """Nobody of an employer stands beside a student: what one reads as coach or parent is kept from employers."""
    held = set(roles)
    if "employer" not in held or not held & set(OF_STUDENT):
        return []
    return [("role", "An employer's account is no student's, parent's or coach's. Use another address.", "apart")]


def _refuse(found: list[tuple[str, str, str]]) -> None:
    if found:
        code = found[0][2] if len(found) == 1 else "invalid"
        raise Faults([(where, said) for where, said, _ in found], code=code)


def revoke(session: Session, actor: Actor, account: Account, grant_id: str, *, now: datetime) -> None:
    """Take a right away; it counts from the next request on. Who loses a role signs in anew.

    Raises
    ------
    Refused
        If the account has no such right, or nobody would be administrator any more.
    """
    people.hold(session, account)
    before = list(account.grants)
    found = next((held for held in account.grants if held.id == grant_id), None)
    if found is None:
        raise Refused("The account has no such right.", code="no_right")
    if found.role == "administrator":
        _keep_an_administrator(session, account)
    people.remove_grant(session, found)
    audit.append(session, actor, "account.revoked", ("account", account.id), now=now, role=found.role,
                 organisation=found.organisation_id, region=found.region_code, student=found.student_id,
                 grant=found.id)  # fmt: skip
    _rights_changed(session, actor, account, before, now)


def set_password(session: Session, actor: Actor, account: Account, password: str, *, now: datetime) -> None:
    """Give an account a password for one use; every session ends."""
    account.password, account.must_change = PasswordHasher().hash(password), True
    end_sessions(session, actor, account, "account.password_set", now=now)


def choose_password(session: Session, actor: Actor, account: Account, password: str, *, now: datetime) -> None:
    """Give an account the password that its owner chose; every session ends."""
    account.password, account.must_change = PasswordHasher().hash(passwords.normal(password)), False
    end_sessions(session, actor, account, "account.password_chosen", now=now)


def forget_password(session: Session, actor: Actor, account: Account, *, now: datetime) -> None:
    """Take the password away, so that only an invitation opens the account again; every session ends."""
    account.password, account.must_change = None, False
    end_sessions(session, actor, account, "account.password_forgotten", now=now)


def disable(session: Session, actor: Actor, account: Account, *, now: datetime) -> None:
    """Close an account; every session ends at once.

    Raises
    ------
    Refused
        If nobody would be administrator any more.
    """
    if any(held.role == "administrator" for held in account.grants):
        _keep_an_administrator(session, account)
    account.active = False
    end_sessions(session, actor, account, "account.disabled", now=now)


def set_wishes(session: Session, actor: Actor, account_id: str, *, lang: str, shortcuts: bool, now: datetime) -> None:
    """Remember how somebody likes the pages: the language, and whether single letters are keys."""
    account = people.account_by_id(session, account_id)
    assert account is not None
    account.preferences = {**account.preferences, "lang": lang, "shortcuts": shortcuts}
    audit.append(session, actor, "account.wishes_set", ("account", account_id), now=now, lang=lang, shortcuts=shortcuts)


def set_preference(session: Session, account_id: str, name: str, value: object) -> None:
    """Remember how somebody likes to work; it is about nobody else, so the log says nothing of it."""
    account = people.account_by_id(session, account_id)
    assert account is not None
    account.preferences = {**account.preferences, name: value}
    session.flush()


def end_other_sessions(session: Session, actor: Actor, account_id: str, here: str, *, now: datetime) -> None:
    """End every session of an account but the one that asks."""
    people.end_sign_ins(session, account_id, now, but=here)
    audit.append(session, actor, "account.other_sessions_ended", ("account", account_id), now=now)


def enable(session: Session, actor: Actor, account: Account, *, now: datetime) -> None:
    """Open a closed account again."""
    account.active = True
    session.flush()
    audit.append(session, actor, "account.enabled", ("account", account.id), now=now)


def rename(session: Session, actor: Actor, account: Account, name: str, *, now: datetime) -> None:
    """Say a person's name anew."""
    account.name = name
    session.flush()
    audit.append(session, actor, "account.renamed", ("account", account.id), now=now)


def end_sessions(
    session: Session, actor: Actor, account: Account, action: str = "account.sessions_ended", *, now: datetime
) -> None:
    """End every session of an account at once."""
    account.fs_uniquifier = secrets.token_hex(16)
    people.end_sign_ins(session, account.id, now)
    session.flush()
    audit.append(session, actor, action, ("account", account.id), now=now)


def _keep_an_administrator(session: Session, but: Account) -> None:
    others = (other for other in people.accounts(session) if other.active and other.id != but.id)
    if not any(held.role == "administrator" for other in others for held in other.grants):
        raise Refused("This is the last administrator. Give somebody else that role first.", code="last_administrator")


def new_token(
    session: Session, actor: Actor, account: Account, name: str, scopes: list[str], *, now: datetime, days: int = 90
) -> tuple[str, people.Token]:
    """Make a token for a system that works with the rights of ``account``: its secret, returned once and not kept.

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
    return token, made


def end_token(session: Session, actor: Actor, token: people.Token, *, now: datetime) -> None:
    """Take a token back; it is worth nothing from now on."""
    people.end_token(session, token, now)
    audit.append(session, actor, "token.ended", ("token", token.id), now=now, account=token.account_id)


def token_digest(token: str) -> str:
    """SHA-256 of a token: it has 256 random bits, so nothing slower is needed."""
    return hashlib.sha256(token.encode()).hexdigest()


def who(key: bytes, email: str) -> str:
    """The address that somebody tried, as a keyed digest: one for all spellings in which a database may find it."""
    small = email.strip().casefold().replace("i\u0307", "i")  # PostgreSQL takes a capital I with a dot for an i
    return hmac.new(key, small.encode(), "sha256").hexdigest()


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


def remember_failure(session: Session, tried: str, by: str, account_id: str | None, *, now: datetime) -> None:
    """Count a wrong sign-in and log it: by which means, and for which account, or for which keyed digest if for none.

    The work is the same for both, so that nobody can tell from it whether there is an account.
    """
    people.add_failure(session, tried, now, _DAY)
    subject = ("sign_in", tried) if account_id is None else ("account", account_id)
    audit.append(session, Actor("service", None, "web"), "session.refused", subject, now=now, result="refused", by=by)


__all__ = [
    "SCOPES", "Right", "add_account", "choose_password", "disable", "enable", "end_other_sessions", "end_sessions",
    "end_token", "first_administrator", "forget_password", "grant", "new_password", "new_token", "remember_failure",
    "rename", "revoke", "set_password", "set_preference", "set_wishes", "token_digest", "wait_until", "who",
]  # fmt: skip
