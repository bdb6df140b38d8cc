"""Who stands beside a student, in the database: parents with a mandate, coaches."""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.store.tables import Account, Grant, Mandate, Profile, StoredStudent
from features.eligibility_columns import age_on

ADULT = 18


def live_students(session: Session, account_id: str, today: date) -> frozenset[str]:
    """The students whose mandate to an account stands today; a minor's ends with childhood, whatever was written."""
    query = (
        select(Mandate.student_id, Mandate.ground, Profile.record)
        .join(StoredStudent, StoredStudent.id == Mandate.student_id)
        .join(Profile, (Profile.student_id == StoredStudent.id) & (Profile.number == StoredStudent.number))
        .where(Mandate.account_id == account_id, Mandate.ended_at.is_(None), Mandate.begins_on <= today,
               Mandate.ends_on > today)
    )  # fmt: skip
    return frozenset(
        student_id for student_id, ground, record in session.execute(query)
        if ground != "minor" or age_on(date.fromisoformat(record["birth_date"]), today) < ADULT
    )  # fmt: skip


def mandates_of(session: Session, student_id: str) -> list[tuple[Mandate, Account]]:
    """Every mandate of a student with the account it is for, newest first."""
    query = select(Mandate, Account).join(Account, Account.id == Mandate.account_id)
    query = query.where(Mandate.student_id == student_id).order_by(Mandate.created_at.desc(), Mandate.id)
    return [(mandate, account) for mandate, account in session.execute(query)]


def mandate_by_id(session: Session, mandate_id: str) -> Mandate | None:
    """One mandate."""
    return session.get(Mandate, mandate_id, with_for_update=True)


def live_mandate(session: Session, student_id: str, account_id: str) -> Mandate | None:
    """The mandate of a student to an account that was not taken back."""
    same = (Mandate.student_id == student_id, Mandate.account_id == account_id, Mandate.ended_at.is_(None))
    return session.scalar(select(Mandate).where(*same))


def add_mandate(
    session: Session, student_id: str, account_id: str, ground: str, recorded_by: str, *, begins_on: date,
    ends_on: date, now: datetime,
) -> Mandate:  # fmt: skip
    """Write a mandate."""
    made = Mandate(student_id=student_id, account_id=account_id, ground=ground, recorded_by=recorded_by,
                   begins_on=begins_on, ends_on=ends_on, created_at=now)  # fmt: skip
    session.add(made)
    session.flush()
    return made


def coaches_of(session: Session, student_id: str) -> Sequence[tuple[Grant, Account]]:
    """The coaches of a student, by name."""
    query = select(Grant, Account).join(Account, Account.id == Grant.account_id)
    query = query.where(Grant.role == "coach", Grant.student_id == student_id).order_by(Account.name, Account.id)
    return [(grant, account) for grant, account in session.execute(query)]


def known_elsewhere(session: Session, account_ids: Iterable[str], organisation_id: str) -> set[str]:
    """Which accounts have rights at another party, in a region or of its students, and none at the party itself."""
    query = (
        select(Grant.account_id, Grant.organisation_id, StoredStudent.organisation_id)
        .outerjoin(StoredStudent, StoredStudent.id == Grant.student_id)
        .where(Grant.account_id.in_(set(account_ids)))
    )
    rights = list(session.execute(query))
    own = {account_id for account_id, at, _ in rights if at == organisation_id}
    return {account_id for account_id, at, of in rights if (at or of) != organisation_id} - own


__all__ = ["ADULT", "Mandate", "add_mandate", "coaches_of", "known_elsewhere", "live_mandate", "live_students",
           "mandate_by_id", "mandates_of"]  # fmt: skip
