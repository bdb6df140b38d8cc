"""Where a student went: reported by the school, a connector or the student, or by a contract; the latest counts.

Who has a destination is not matched; who has none, or of whom it is unknown, is.
"""
from __future__ import annotations

from datetime import date, datetime

from api.services.days import local_day
from api.services.states import NotNow
from api.store import audit, decisions, destinations
from api.store.audit import Actor
from api.store.destinations import Destination
from api.store.people import Session
from features.codes import code_list

CODES = code_list("destination").codes
SOURCES = ("list", "school", "connector", "placement", "student")
OF_CONTRACT = {"apprenticeship": "work_bbl", "job": "work", "supported_job": "work", "secondment": "work"}
"""Which contracts are a destination; a stage, a place for experience or a sheltered place is on the way to one."""


def report(
    session: Session, actor: Actor, student_id: str, destination: str, *, since: date, source: str, now: datetime
) -> Destination:
    """Write where a student went, and since when.

    Raises
    ------
    NotNow
        If the day is still to come.
    """
    if since > local_day(now):
        raise NotNow("day_to_come")
    decisions.lock_student(session, student_id)
    made = destinations.report(session, student_id, destination, since=since, source=source, account_id=actor.id,
                               now=now)  # fmt: skip
    audit.append(session, actor, "destination.reported", ("destination", made.id), now=now, student=student_id,
                 destination=destination, source=source)  # fmt: skip
    return made


__all__ = ["CODES", "OF_CONTRACT", "SOURCES", "report"]
