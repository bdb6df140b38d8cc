"""Where students went, in the database; the one place that keeps reports and profiles the same.

A report is a row that is never changed; the latest one counts. It is in the record of the profile as well, by a next
version of it, because matching reads records. A list that says nothing does not undo what was reported.
"""
from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, exists, func, select
from sqlalchemy.orm import Session

from api.store import placements
from api.store.paging import START, Place, newest
from api.store.reach import Reach
from api.store.tables import Destination, Profile, StoredStudent


def latest(session: Session, student_ids: Iterable[str]) -> dict[str, Destination]:
    """The report that counts, per student: the newest."""
    query = select(Destination).where(Destination.student_id.in_(list(student_ids)))
    query = query.order_by(Destination.reported_at, Destination.since, Destination.id)
    return {found.student_id: found for found in session.scalars(query)}


def reports(session: Session, reach: Reach, *, student_id: str = "", after: Place = START,
            limit: int = 100) -> list[Destination]:  # fmt: skip
    """Reports on students within reach, newest first."""
    query = select(Destination).join(StoredStudent, StoredStudent.id == Destination.student_id)
    query = query.where(reach.of_students())
    if student_id:
        query = query.where(Destination.student_id == student_id)
    return newest(session, query, Destination, Destination.reported_at, after=after, limit=limit)


def reaches(session: Session, reach: Reach, student_id: str) -> bool:
    """Whether a student is within reach."""
    query = select(StoredStudent.id).where(StoredStudent.id == student_id, reach.of_students())
    return session.scalar(query) is not None


def report(
    session: Session, student_id: str, destination: str, *, since: date, source: str, account_id: str | None,
    now: datetime,
) -> Destination:  # fmt: skip
    """Write a report, and a next version of the profile that says the same."""
    made = Destination(student_id=student_id, destination=destination, since=since, source=source,
                       account_id=account_id, reported_at=now)  # fmt: skip
    session.add(made)
    student = session.get_one(StoredStudent, student_id)
    profile = session.get(Profile, (student_id, student.number))
    if profile is not None and profile.record.get("destination") != destination:
        last = session.scalar(select(func.max(Profile.number)).where(Profile.student_id == student_id)) or 0
        session.add(Profile(student_id=student_id, number=last + 1, account_id=account_id, created_at=now,
                            record={**profile.record, "destination": destination}))  # fmt: skip
        session.flush()
        student.number = last + 1
    session.flush()
    return made


def merged(session: Session, records: Sequence[tuple[str | None, dict[str, Any]]]) -> list[dict[str, Any]]:
    """Return records of students (id, when known) with what was reported where they say nothing."""
    known = latest(session, [i for i, _ in records if i is not None])
    return [
        {**record, "destination": known[i].destination} if i in known and not record["destination"] else record
        for i, record in records
    ]  # fmt: skip


def add_said(session: Session, said: Sequence[tuple[str, dict[str, Any]]], now: datetime, *, by: str) -> None:
    """Write a report for every record that says another destination than was reported last.

    ``by`` is who changed the record on a screen; empty: a list said so.
    """
    known = latest(session, [i for i, _ in said])
    for student_id, record in said:
        before = known.get(student_id)
        if record["destination"] and (before is None or before.destination != record["destination"]):
            since = date.fromisoformat(record["leaves_on"]) if record["leaves_on"] else now.date()
            session.add(Destination(student_id=student_id, destination=record["destination"],
                                    since=min(since, now.date()), source="school" if by else "list",
                                    account_id=by or None, reported_at=now))  # fmt: skip
    session.flush()


def add_looking(session: Session, said: Mapping[str, str], now: datetime) -> None:
    """Write what a list says of students of whom it was said, with the end of a placement, that they look no more.

    That they have no destination may be what was reported before; said after that end it is a word of its own.
    """
    for student_id in sorted(placements.resting(session, StoredStudent.id.in_(list(said))) if said else ()):
        session.add(Destination(student_id=student_id, destination=said[student_id], since=now.date(), source="list",
                                reported_at=now))  # fmt: skip
    session.flush()


def said_since(student_id: Any, stored_at: datetime | None) -> ColumnElement[bool]:
    """Whether somebody reported on a student after a list was stored: a report that only repeats it counts too."""
    own = (Destination.source == "list") & (Destination.reported_at == stored_at)
    return exists().where(Destination.student_id == student_id, Destination.reported_at >= stored_at, ~own)


def take_back(session: Session, student_ids: Iterable[str], reported_at: datetime | None) -> None:
    """Delete what a list that is undone had said."""
    mine = (Destination.student_id.in_(list(student_ids)), Destination.source == "list")
    session.execute(delete(Destination).where(*mine, Destination.reported_at == reported_at))


__all__ = ["Destination", "add_looking", "add_said", "latest", "merged", "reaches", "report", "reports",
           "said_since", "take_back"]  # fmt: skip
