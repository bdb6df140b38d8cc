"""A request for help to a municipality: who, what, by when, and the answer.

The municipality sees nothing of it, nor of the student, before the student (or who may speak for them) consents.
"""
from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from api.services.consents import must_speak
from api.services.days import local_day
from api.services.introductions import Seen
from api.services.states import NotNow, move
from api.store import audit, help_requests
from api.store.audit import Actor
from api.store.help_requests import HelpRequest
from api.store.people import Session


def ask(
    session: Session, actor: Actor, student_id: str, municipality_id: str, *, what: str, who: str, by: date | None,
    now: datetime,
) -> HelpRequest:  # fmt: skip
    """Write a request; it waits for the student's consent.

    Raises
    ------
    NotNow
        If there is no such municipality that takes part.
    """
    if help_requests.municipality(session, municipality_id) is None:
        raise NotNow("not_a_municipality")
    made = help_requests.add(session, student_id=student_id, organisation_id=municipality_id, state="asked", what=what,
                             who=who, by=by, asked_by=actor.id, asked_at=now)  # fmt: skip
    return _said(session, actor, made, "asked", now)


def consent(
    session: Session, actor: Actor, found: HelpRequest, *, roles: Collection[str], seen: Seen, now: datetime
) -> HelpRequest:
    """Let the municipality see this one request."""
    must_speak(session, actor, found.student_id, roles, local_day(now), yes=True)
    found = _moved(session, found, "consent", seen)
    found.consented_by, found.consented_at = actor.id, now
    return _said(session, actor, found, "consented", now)


def answer(
    session: Session, actor: Actor, found: HelpRequest, text: str, *, seen: Seen, now: datetime
) -> HelpRequest:
    """Answer for the municipality."""
    found = _moved(session, found, "answer", seen)
    found.answer, found.answered_by, found.answered_at = text, actor.id, now
    return _said(session, actor, found, "answered", now)


def withdraw(
    session: Session, actor: Actor, found: HelpRequest, *, roles: Collection[str], seen: Seen, now: datetime
) -> HelpRequest:
    """Take it back: by who asked, or by the student; the municipality sees it no more, nor what it answered.

    ``roles`` are student and parent, for who acts by these alone; empty for who may ask for the student.

    Raises
    ------
    NotNow
        If who acts as student or parent may not speak for the student, or it was taken back.
    """
    if roles:
        must_speak(session, actor, found.student_id, roles, local_day(now), yes=False)
    return _said(session, actor, _moved(session, found, "withdraw", seen), "withdrawn", now)


def _moved(session: Session, found: HelpRequest, verb: str, seen: Seen) -> HelpRequest:
    found = help_requests.lock(session, found.id)
    seen(found.version)
    found.state = move("help_request", found.state, verb)
    return found


def _said(session: Session, actor: Actor, found: HelpRequest, what: str, now: datetime) -> HelpRequest:
    session.flush()
    audit.append(session, actor, f"help_request.{what}", ("help_request", found.id), now=now,
                 student=found.student_id, municipality=found.organisation_id)  # fmt: skip
    return found


__all__ = ["answer", "ask", "consent", "withdraw"]
