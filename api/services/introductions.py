"""Meeting a candidate: asked for by the employer, planned by a connector, held or cancelled; and the name, which is
given after a permission of its own by the student or who may speak for them.
"""
from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date, datetime

from api.services import sane_days
from api.services.consents import must_speak
from api.services.days import local_day
from api.services.releases import end_release
from api.services.states import NotNow, move
from api.store import audit, decisions, introductions
from api.store.audit import Actor
from api.store.introductions import Introduction
from api.store.people import Session

Seen = Callable[[int], None]
"""Called with the version under the lock; refuses who saw another."""


def plan(
    session: Session, actor: Actor, found: Introduction, *, at: datetime, where: str, seen: Seen, now: datetime
) -> Introduction:
    """Say when and where they meet; may be said again.

    Raises
    ------
    NotNow
        If the day is over, what was today may be said afterwards; or if it is more than a year ahead.
    """
    if local_day(at) < local_day(now):
        raise NotNow("day_over")
    sane_days.meets(local_day(at), now)
    found = _moved(session, found, "plan", seen)
    found.planned_at, found.where = at, where
    return _said(session, actor, found, "planned", now)


def hold(
    session: Session, actor: Actor, found: Introduction, *, outcome: str, held_on: date, by_employer: bool, seen: Seen,
    now: datetime,
) -> Introduction:  # fmt: skip
    """Report that they met and whether they go on; when they do not, the employer sees the student no more.

    Raises
    ------
    NotNow
        If it was not planned, or the day is still to come or lies before it was asked for.
    """
    if held_on > local_day(now):
        raise NotNow("day_to_come")
    sane_days.was(held_on, found.asked_at, now)
    found = _moved(session, found, "hold", seen)
    found.outcome, found.outcome_by, found.held_on = outcome, actor.id, held_on
    session.flush()
    if outcome == "stop":
        shown = introductions.release_of(session, found)
        if shown.ended_at is None:
            end_release(session, actor, shown, "employer_declined" if by_employer else "taken_back", now=now)
    return _said(session, actor, found, f"held_{outcome}", now)


def cancel(session: Session, actor: Actor, found: Introduction, *, seen: Seen, now: datetime) -> Introduction:
    """Call it off; the candidate stays visible."""
    return _said(session, actor, _moved(session, found, "cancel", seen), "cancelled", now)


def permit_names(
    session: Session, actor: Actor, found: Introduction, *, roles: Collection[str], seen: Seen | None = None,
    now: datetime,
) -> Introduction:  # fmt: skip
    """Permit the first name, and who to call, to be given to the employer of this introduction."""
    must_speak(session, actor, found.student_id, roles, local_day(now), yes=True)
    found = _moved(session, found, "permit_names", seen)
    found.names_by, found.names_at = actor.id, now
    return _said(session, actor, found, "names_permitted", now)


def hide_names(
    session: Session, actor: Actor, found: Introduction, *, roles: Collection[str], now: datetime
) -> Introduction:
    """Take that permission back, as long as they have not met."""
    must_speak(session, actor, found.student_id, roles, local_day(now), yes=False)
    found = _moved(session, found, "take_back_names")
    found.names_by = found.names_at = None
    return _said(session, actor, found, "names_hidden", now)


def shows_name(found: Introduction) -> bool:
    """Whether it was permitted that the employer knows whom they meet, as long as it has the student at all."""
    return found.names_at is not None and found.state != "cancelled"


def _moved(session: Session, found: Introduction, verb: str, seen: Seen | None = None) -> Introduction:
    decisions.lock_pair(session, found.student_id, found.opening_id)
    found = introductions.lock(session, found.id)
    if seen is not None:
        seen(found.version)
    found.state = move("introduction", found.state, verb)
    return found


def _said(session: Session, actor: Actor, found: Introduction, what: str, now: datetime) -> Introduction:
    session.flush()
    audit.append(session, actor, f"introduction.{what}", ("introduction", found.id), now=now, student=found.student_id,
                 opening=found.opening_id, release=found.release_id)  # fmt: skip
    return found


__all__ = ["Seen", "cancel", "hide_names", "hold", "permit_names", "plan", "shows_name"]
