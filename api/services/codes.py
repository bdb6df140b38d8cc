"""A student's way in: a code on paper that the school hands out, and the birth date.

A code has 61 random bits in letters and digits that look like nothing else, serves once, within 14 days, and is kept
as a keyed digest. A newer one ends the older; ten wrong birth dates end it too, for the paper may have been found.
"""
from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from api.services import accounts
from api.store import audit, codes
from api.store.audit import Actor
from api.store.codes import Account, StoredStudent
from api.store.people import Session

ALPHABET = "2346789BCDFGHJKLMNPQRTVWXYZ"
"""No letter that looks like a digit, and no vowel, so that no code is a word."""
GROUPS = (3, 3, 3, 4)
LASTS = timedelta(days=14)
MOST_TRIES = 10


@dataclass(frozen=True, slots=True)
class HandedOut:
    """A code for paper; it is nowhere else."""

    student_id: str
    student_ref: str
    name: str
    code: str
    expires_at: datetime


def new_code() -> str:
    """Return a code of 13 characters in groups, such as ``K7M-4QP-X2R-9TBD``."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(size)) for size in GROUPS)


def digest_of(key: bytes, code: str) -> str:
    """The keyed digest of a code, however it was typed: case, spaces and hyphens do not count."""
    typed = "".join(char for char in code.upper() if char.isalnum())
    return hmac.new(key, typed.encode(), "sha256").hexdigest()


def hand_out(
    session: Session, actor: Actor, students: list[StoredStudent], key: bytes, *, now: datetime
) -> list[HandedOut]:
    """Make a code for each student; whoever has no account gets one, without an address."""
    # All of them, their codes and their accounts are held in this order before the first event is logged: who signs in
    # holds a code, then the account, and then waits to log.
    codes.hold_students(session, [student.id for student in students])
    codes.end_codes(session, [student.id for student in students], now)
    for student in students:
        account = codes.account_of_student(session, student.id)
        if account is not None:
            _call(account, name_of(session, student))
    session.flush()
    return [_hand_out(session, actor, student, key, now) for student in students]


def _hand_out(session: Session, actor: Actor, student: StoredStudent, key: bytes, now: datetime) -> HandedOut:
    name = name_of(session, student)
    if codes.account_of_student(session, student.id) is None:
        accounts.add_account(session, actor, None, name, [accounts.Right("student", student.id)], now=now)
    code = new_code()
    made = codes.add_code(session, student.id, digest_of(key, code), actor.id or "", now=now, expires_at=now + LASTS)
    audit.append(session, actor, "code.handed_out", ("code", made.id), now=now, student=student.id)
    return HandedOut(student.id, student.student_ref, name, code, made.expires_at)


def sign_in(session: Session, key: bytes, code: str, birth_date: date, *, now: datetime) -> Account | None:
    """Use a code: return the student's account; None when code and birth date do not open one, whatever the cause."""
    found = codes.live_code(session, digest_of(key, code), now)
    if found is None:
        return None
    student = codes.student_by_id(session, found.student_id)
    account = codes.account_of_student(session, found.student_id)
    if student is None or account is None or not account.active:
        return None
    if codes.record_of(session, student)["birth_date"] != birth_date.isoformat():
        found.wrong_tries += 1
        if found.wrong_tries >= MOST_TRIES:
            found.ended_at = now
        session.flush()
        return None
    found.used_at = now
    _call(account, name_of(session, student))
    session.flush()
    audit.append(session, Actor("human", account.id, "web"), "code.used", ("code", found.id), now=now,
                 student=student.id)  # fmt: skip
    return account


def _call(account: Account, name: str) -> None:
    """Call an account what its student is called now; one with an address has the name that its owner goes by."""
    if account.email is None:
        account.name = name


def whose(session: Session, key: bytes, code: str, *, now: datetime) -> str | None:
    """The account of the student that a code in use is for; None: it is no such code."""
    found = codes.live_code(session, digest_of(key, code), now)
    account = None if found is None else codes.account_of_student(session, found.student_id)
    return None if account is None else account.id


def state_of(code: codes.Code, now: datetime) -> str:
    """How far a code is: open, used, ended (by a newer one or wrong tries) or expired."""
    if code.used_at is not None:
        return "used"
    if code.ended_at is not None:
        return "ended"
    return "open" if code.expires_at > now else "expired"


def name_of(session: Session, student: StoredStudent) -> str:
    """What a student is called: the first name the school gave, or the school's number."""
    background = codes.record_of(session, student)["background"]
    assert isinstance(background, dict)
    return str(background["first_name"] or student.student_ref)[:120]


__all__ = ["ALPHABET", "GROUPS", "HandedOut", "digest_of", "hand_out", "name_of", "new_code", "sign_in", "state_of",
           "whose"]
