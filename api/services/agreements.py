"""What is agreed before the start: who adapts what, by when; agreed when both sides agree to the same words."""
from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from api.services import sane_days
from api.services.consents import must_speak
from api.services.days import local_day
from api.services.introductions import Seen
from api.services.states import NotNow, move
from api.store import audit, decisions, introductions
from api.store.audit import Actor
from api.store.introductions import Agreement, Introduction
from api.store.people import Session


def write(
    session: Session, actor: Actor, after: Introduction, *, starts_on: date, hours: int | None, mentor: str,
    adaptations: Sequence[dict[str, Any]], now: datetime,
) -> Agreement:  # fmt: skip
    """Write down what is agreed after an introduction.

    Raises
    ------
    NotNow
        If it was not held, they do not go on, the employer does not see the student any more, there is an agreement
        already, or a day makes no sense.
    """
    decisions.lock_pair(session, after.student_id, after.opening_id)
    after = introductions.lock(session, after.id)
    must_go_on(after)
    _must_be_shown(session, after)
    if introductions.agreement_on(session, after.id) is not None:
        raise NotNow("agreement_there")
    _must_make_sense(starts_on, adaptations, now, now)
    made = introductions.add_agreement(
        session, adaptations, introduction_id=after.id, student_id=after.student_id, opening_id=after.opening_id,
        starts_on=starts_on, hours=hours, mentor=mentor, account_id=actor.id, created_at=now,
    )  # fmt: skip
    return _said(session, actor, made, "written", now)


def change(
    session: Session, actor: Actor, found: Agreement, *, starts_on: date, hours: int | None, mentor: str,
    adaptations: Sequence[dict[str, Any]], seen: Seen, now: datetime,
) -> Agreement:  # fmt: skip
    """Say it otherwise; who had agreed must agree anew.

    Raises
    ------
    NotNow
        If it started, the employer does not see the student any more, or a day makes no sense.
    """
    found = _locked(session, found, "change", seen)
    _must_make_sense(starts_on, adaptations, found.created_at, now)
    found.starts_on, found.hours, found.mentor = starts_on, hours, mentor
    found.student_agreed_at = found.employer_agreed_at = None
    introductions.replace_adaptations(session, found, adaptations)
    return _said(session, actor, found, "changed", now)


def _must_make_sense(starts_on: date, adaptations: Sequence[dict[str, Any]], made_at: datetime, now: datetime) -> None:
    sane_days.starts(starts_on, made_at, now)
    for one in adaptations:
        sane_days.adapts(one["by"], made_at, starts_on)


def agree(
    session: Session, actor: Actor, found: Agreement, *, roles: Collection[str], seen: Seen, now: datetime
) -> Agreement:
    """Agree, for the employer or (``roles`` student or parent) for the student.

    Raises
    ------
    NotNow
        If it started, or the employer does not see the student any more.
    """
    found = _locked(session, found, "agree", seen)
    if "employer" in roles:
        found.employer_agreed_at = now
    else:
        must_speak(session, actor, found.student_id, roles, local_day(now), yes=True)
        found.student_agreed_at = now
    return _said(session, actor, found, "agreed_by_employer" if "employer" in roles else "agreed_by_student", now)


def finish(
    session: Session, actor: Actor, found: Agreement, position: int, *, done_on: date | None, seen: Seen, now: datetime
) -> Agreement:
    """Say that an adaptation is done, or (None) not yet.

    Raises
    ------
    LookupError
        If there is no adaptation at this position.
    NotNow
        If the employer has the student no more: it is shown no more and works there not, or not any more.
    """
    decisions.lock_pair(session, found.student_id, found.opening_id)
    found = introductions.lock_agreement(session, found.id)
    seen(found.version)
    if not introductions.shown(session, [found.introduction_id]):
        raise NotNow("no_longer_available")
    one = next((a for a in introductions.adaptations_of(session, [found.id])[found.id] if a.position == position), None)
    if one is None:
        raise LookupError(position)
    one.done_on = done_on
    introductions.touch(session, found)
    return _said(session, actor, found, "adapted", now)


def state_of(found: Agreement, *, started: bool) -> str:
    """draft, agreed or started."""
    if started:
        return "started"
    return "agreed" if found.student_agreed_at is not None and found.employer_agreed_at is not None else "draft"


def must_go_on(found: Introduction) -> None:
    """Refuse an introduction that was not held, or after which they do not go on."""
    if found.state != "held":
        raise NotNow("not_held")
    if found.outcome != "go_on":
        raise NotNow("no_go")


def _locked(session: Session, found: Agreement, verb: str, seen: Seen) -> Agreement:
    decisions.lock_pair(session, found.student_id, found.opening_id)
    found = introductions.lock_agreement(session, found.id)
    seen(found.version)
    started = found.introduction_id in introductions.started(session, [found.introduction_id])
    move("agreement", state_of(found, started=started), verb)
    _must_be_shown(session, introductions.lock(session, found.introduction_id))
    return found


def _must_be_shown(session: Session, after: Introduction) -> None:
    """Refuse what would go on with somebody who withdrew, or is shown no more for another reason."""
    if introductions.release_of(session, after).ended_at is not None:
        raise NotNow("no_longer_available")


def _said(session: Session, actor: Actor, found: Agreement, what: str, now: datetime) -> Agreement:
    session.flush()
    audit.append(session, actor, f"agreement.{what}", ("agreement", found.id), now=now, student=found.student_id,
                 opening=found.opening_id)  # fmt: skip
    return found


__all__ = ["agree", "change", "finish", "must_go_on", "state_of", "write"]
