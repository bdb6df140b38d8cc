"""One-time codes in the database: a student's for signing in, an account's for choosing a password."""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from api.store.tables import Account, Code, Grant, Invitation, Profile, StoredStudent


def add_code(session: Session, student_id: str, digest: str, account_id: str, *, now: datetime,
             expires_at: datetime) -> Code:  # fmt: skip
    """Add a student's code; the ones before it end."""
    end_codes(session, [student_id], now)
    made = Code(student_id=student_id, digest=digest, account_id=account_id, created_at=now, expires_at=expires_at)
    session.add(made)
    session.flush()
    return made


def end_codes(session: Session, student_ids: Iterable[str], now: datetime) -> None:
    """End every code of students that could still be used."""
    live = (Code.student_id.in_(list(student_ids)), Code.used_at.is_(None), Code.ended_at.is_(None))
    session.execute(update(Code).where(*live).values(ended_at=now))


def live_code(session: Session, digest: str, now: datetime) -> Code | None:
    """The code with this digest, if it may still be used; nobody else uses it in the meantime."""
    live = (Code.digest == digest, Code.used_at.is_(None), Code.ended_at.is_(None), Code.expires_at > now)
    return session.scalar(select(Code).where(*live).with_for_update())


def codes_of(session: Session, student_ids: Iterable[str]) -> list[Code]:
    """The codes of students, newest first."""
    query = select(Code).where(Code.student_id.in_(set(student_ids)))
    return list(session.scalars(query.order_by(Code.created_at.desc(), Code.id)))


def account_of_student(session: Session, student_id: str) -> Account | None:
    """The account with which a student signs in."""
    grant = (Grant.account_id == Account.id) & (Grant.role == "student") & (Grant.student_id == student_id)
    return session.scalar(select(Account).join(Grant, grant).order_by(Account.created_at, Account.id).limit(1))


def record_of(session: Session, student: StoredStudent) -> dict[str, object]:
    """The profile of a student that holds."""
    found: dict[str, object] = session.get_one(Profile, (student.id, student.number)).record
    return found


def add_invitation(session: Session, account_id: str, digest: str, made_by: str | None, *, now: datetime,
                   expires_at: datetime) -> Invitation:  # fmt: skip
    """Add an account's code; the ones before it end."""
    end_invitations(session, account_id, now)
    made = Invitation(account_id=account_id, digest=digest, made_by=made_by, created_at=now, expires_at=expires_at)
    session.add(made)
    session.flush()
    return made


def end_invitations(session: Session, account_id: str, now: datetime) -> None:
    """End every code of an account that could still be used."""
    live = (Invitation.account_id == account_id, Invitation.used_at.is_(None), Invitation.ended_at.is_(None))
    session.execute(update(Invitation).where(*live).values(ended_at=now))


def live_invitation(session: Session, digest: str, now: datetime) -> Invitation | None:
    """The code with this digest, if it may still be used; nobody else uses it in the meantime."""
    live = (Invitation.digest == digest, Invitation.used_at.is_(None), Invitation.ended_at.is_(None),
            Invitation.expires_at > now)  # fmt: skip
    return session.scalar(select(Invitation).where(*live).with_for_update())


def student_by_id(session: Session, student_id: str, *, lock: bool = False) -> StoredStudent | None:
    """One student; locked, nobody else hands a code out to, or adds a person beside, the student meanwhile."""
    query = select(StoredStudent).where(StoredStudent.id == student_id).execution_options(populate_existing=True)
    return session.scalar(query.with_for_update() if lock else query)


def hold_students(session: Session, ids: Iterable[str]) -> None:
    """Let nobody else hand codes out to students meanwhile; always in the order of their ids."""
    query = select(StoredStudent).where(StoredStudent.id.in_(list(ids))).order_by(StoredStudent.id).with_for_update()
    session.scalars(query.execution_options(populate_existing=True)).all()


def students_by_id(session: Session, ids: Sequence[str]) -> dict[str, StoredStudent]:
    """Students by id."""
    return {found.id: found for found in session.scalars(select(StoredStudent).where(StoredStudent.id.in_(ids)))}


__all__ = [
    "Account", "Code", "Invitation", "StoredStudent", "account_of_student", "add_code", "add_invitation", "codes_of",
    "end_codes", "end_invitations", "hold_students", "live_code", "live_invitation", "record_of", "student_by_id",
    "students_by_id",
]  # fmt: skip
