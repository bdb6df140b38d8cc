"""People's words in the database."""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.store.base import IDS, among
from api.store.tables import (
    Account,
    Decided,
    Proposal,
    Release,
    Run,
    RunOpening,
    RunStudent,
    Seat,
    StoredOpening,
    StoredStudent,
)

# Stated once, for stating a question costs more than asking it.
_LIVE_AMONG = select(Decided).where(Decided.ended_at.is_(None), Decided.student_id.in_(IDS))
_NAMES = select(Account.id, Account.name).where(Account.id.in_(IDS))


def lock_pair(session: Session, student_id: str, opening_id: str) -> tuple[StoredStudent, StoredOpening]:
    """Let nobody else decide about this student or opening until this transaction ends; always in this order."""
    fresh = {"populate_existing": True}
    student = session.get_one(StoredStudent, student_id, with_for_update=True, execution_options=fresh)
    opening = session.get_one(StoredOpening, opening_id, with_for_update=True, execution_options=fresh)
    return student, opening


def lock_pairs(session: Session, pairs: Iterable[tuple[str, str]]) -> None:
    """The same about many pairs: all students first, then all openings, each in the order of their ids.

    Ask for it before the first event is logged: who logs has the end of the log, and must not wait for a row that
    somebody holds who waits to log.
    """
    of = list(pairs)
    for table, ids in ((StoredStudent, {student for student, _ in of}), (StoredOpening, {place for _, place in of})):
        query = select(table).where(table.id.in_(ids)).order_by(table.id).with_for_update()
        session.scalars(query.execution_options(populate_existing=True)).all()


def lock_student(session: Session, student_id: str) -> None:
    """Let nobody else decide about this student until this transaction ends."""
    session.execute(select(StoredStudent.id).where(StoredStudent.id == student_id).with_for_update())


def region_of(session: Session, student_id: str) -> str | None:
    """Where a student belongs."""
    return session.scalar(select(StoredStudent.region_code).where(StoredStudent.id == student_id))


def versions_in_run(session: Session, proposal: Proposal) -> tuple[int | None, int | None]:
    """Which profile and which version of the opening the run of a proposal had; None of what was no part of it."""
    student = select(RunStudent.number).where(
        RunStudent.run_id == proposal.run_id, RunStudent.student_id == proposal.student_id)  # fmt: skip
    opening = select(RunOpening.number).where(
        RunOpening.run_id == proposal.run_id, RunOpening.opening_id == proposal.opening_id)  # fmt: skip
    return session.scalar(student), session.scalar(opening)


def refreshed(session: Session, decision_id: str) -> Decided:
    """A decision as it is now."""
    return session.get_one(Decided, decision_id, execution_options={"populate_existing": True})


def live_of(session: Session, student_id: str, opening_id: str) -> Decided | None:
    """The decision that stands on a pair."""
    query = select(Decided).where(Decided.student_id == student_id, Decided.opening_id == opening_id,
                                  Decided.ended_at.is_(None))  # fmt: skip
    return session.scalar(query.execution_options(populate_existing=True))


def live_among(session: Session, proposals: Sequence[Proposal]) -> dict[tuple[str, str], Decided]:
    """The decisions that stand on the pairs of proposals."""
    found = session.scalars(_LIVE_AMONG, among(p.student_id for p in proposals)) if proposals else ()
    return {(decision.student_id, decision.opening_id): decision for decision in found}


def place_of(session: Session, student_id: str) -> Decided | None:
    """The decision by which a student holds a place."""
    return session.scalar(select(Decided).where(Decided.student_id == student_id, Decided.holds))


def free_seat(session: Session, opening: StoredOpening) -> int | None:
    """The lowest seat that nobody holds."""
    held = select(Decided.seat).where(Decided.opening_id == opening.id, Decided.holds)
    query = select(Seat.seat).where(Seat.opening_id == opening.id, Seat.seat <= opening.places, Seat.seat.not_in(held))
    return session.scalar(query.order_by(Seat.seat).limit(1))


def last_holder(session: Session, opening: StoredOpening) -> Decided | None:
    """The decision that took the last place of an opening."""
    held = select(Decided).where(Decided.opening_id == opening.id, Decided.holds)
    return session.scalar(held.order_by(Decided.decided_at.desc(), Decided.id).limit(1))


def is_discarded(session: Session, proposal: Proposal, *, lock: bool = False) -> bool:
    """Whether a connector discarded the run of a proposal; with ``lock`` nobody does until this transaction ends."""
    query = select(Run.discarded_at).where(Run.id == proposal.run_id)
    return session.scalar(query.with_for_update(read=True) if lock else query) is not None


def is_released(session: Session, decision: Decided) -> bool:
    """Whether an employer sees the student on this decision."""
    query = select(Release.id).where(Release.decision_id == decision.id, Release.ended_at.is_(None))
    return session.scalar(query) is not None


def add(session: Session, **values: Any) -> Decided:
    """Write a decision."""
    made = Decided(actor_kind="human", **values)
    session.add(made)
    session.flush()
    return made


def end(session: Session, decision: Decided, account_id: str | None, now: datetime) -> None:
    """End a decision; what it said stays."""
    decision.holds, decision.ended_at, decision.ended_by = False, now, account_id
    session.flush()


def history(session: Session, student_id: str, opening_id: str) -> Sequence[Decided]:
    """Every decision on a pair, oldest first."""
    query = select(Decided).where(Decided.student_id == student_id, Decided.opening_id == opening_id)
    return session.scalars(query.order_by(Decided.decided_at, Decided.ended_at.is_(None), Decided.id)).all()


def by_id(session: Session, decision_id: str) -> Decided | None:
    """One decision."""
    return session.get(Decided, decision_id)


def names(session: Session, account_ids: Iterable[str]) -> dict[str, str]:
    """Who decided, by name."""
    ids = among(account_ids)
    return dict(session.execute(_NAMES, ids).all()) if ids["ids"] else {}


__all__ = [
    "Decided", "Proposal", "add", "by_id", "end", "free_seat", "history", "is_discarded", "is_released", "last_holder",
    "live_among", "live_of", "lock_pair", "lock_pairs", "lock_student", "names", "place_of", "refreshed", "region_of",
    "versions_in_run",
]  # fmt: skip
