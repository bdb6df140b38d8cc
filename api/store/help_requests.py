"""Requests for help to municipalities, in the database."""
from __future__ import annotations

from typing import Any

from sqlalchemy import false, or_, select
from sqlalchemy.orm import Session

from api.store.paging import START, Place, newest
from api.store.reach import Reach
from api.store.tables import HelpRequest, Organisation, StoredStudent

VISIBLE = ("open", "answered")
"""What a municipality sees: nothing before the student consented, nothing after it was withdrawn."""


def add(session: Session, **values: Any) -> HelpRequest:
    """Write a request."""
    made = HelpRequest(**values)
    session.add(made)
    session.flush()
    return made


def _within(reach: Reach, municipalities: frozenset[str]) -> Any:
    asked = HelpRequest.organisation_id.in_(municipalities) & HelpRequest.state.in_(VISIBLE)
    return or_(reach.of_students(), asked if municipalities else false())


def request(session: Session, reach: Reach, municipalities: frozenset[str], request_id: str) -> HelpRequest | None:
    """One request, if its student is within reach or it was made, with consent, to one of ``municipalities``."""
    query = select(HelpRequest).join(StoredStudent, StoredStudent.id == HelpRequest.student_id)
    return session.scalar(query.where(HelpRequest.id == request_id, _within(reach, municipalities)))


def requests(session: Session, reach: Reach, municipalities: frozenset[str], *, state: str = "", student_id: str = "",
             after: Place = START, limit: int = 100) -> list[HelpRequest]:  # fmt: skip
    """Requests one may see, newest first."""
    query = select(HelpRequest).join(StoredStudent, StoredStudent.id == HelpRequest.student_id)
    query = query.where(_within(reach, municipalities))
    if student_id:
        query = query.where(HelpRequest.student_id == student_id)
    if state:
        query = query.where(HelpRequest.state == state)
    return newest(session, query, HelpRequest, HelpRequest.asked_at, after=after, limit=limit)


def lock(session: Session, request_id: str) -> HelpRequest:
    """The request as it is now, for this transaction alone."""
    return session.get_one(HelpRequest, request_id, with_for_update=True, execution_options={"populate_existing": True})


def municipality(session: Session, organisation_id: str) -> Organisation | None:
    """The municipality with this id that takes part."""
    found = session.get(Organisation, organisation_id)
    return found if found is not None and found.kind == "municipality" else None


def municipalities(session: Session) -> list[Organisation]:
    """Every municipality that takes part, by name."""
    query = select(Organisation).where(Organisation.kind == "municipality").order_by(Organisation.name, Organisation.id)
    return list(session.scalars(query))


__all__ = ["VISIBLE", "HelpRequest", "add", "lock", "municipalities", "municipality", "request", "requests"]
