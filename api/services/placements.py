"""A student at work: a trial, its verdict, a contract, an end with its reason, and back to who looks for a place.

A placement begins after a meeting, on an agreement of both sides, on an acceptance that holds a place. When it ends,
the place is free, the employer sees the student no more, and the next run proposes who looks again. One that ends
before the day of its start never began: somebody backed out, or that day was wrong.
"""
from __future__ import annotations

from datetime import date, datetime, timedelta

from api.services import agreements, destinations, sane_days
from api.services.cards import LOOKING
from api.services.consents import end_questions, end_unless_option
from api.services.days import local_day, months_after
from api.services.decisions import placed_nowhere
from api.services.introductions import Seen
from api.services.releases import end_release
from api.services.states import NotNow, move
from api.store import audit, decisions, introductions, placements, releases
from api.store import destinations as reports
from api.store.audit import Actor
from api.store.introductions import Agreement
from api.store.people import Session
from api.store.placements import CheckMoment, Placement
from api.store.tables.introductions import ONLY_BEGUN

MOMENTS = (("weeks_2", 0, 14), ("months_3", 3, 0), ("months_6", 6, 0), ("months_12", 12, 0), ("months_24", 24, 0))
"""Check moments: kind, months and days after the start. Two years is how long schools follow who left."""
_STAYS = ("completed", "next_step")
"""Ends after which nobody looks for a place again, unless that is said."""


def start(
    session: Session, actor: Actor, agreed: Agreement, *, started_on: date, trial_until: date | None, hours: int | None,
    now: datetime,
) -> Placement:  # fmt: skip
    """Begin a placement on an agreement of both sides, with its check moments.

    Without ``trial_until`` the trial lasts as long as the vacancy says.

    Raises
    ------
    NotNow
        If one side has not agreed, it began already, or the employer does not see the student any more.
    """
    decisions.lock_pair(session, agreed.student_id, agreed.opening_id)
    agreed = introductions.lock_agreement(session, agreed.id)
    began = agreed.introduction_id in introductions.started(session, [agreed.introduction_id])
    state = agreements.state_of(agreed, started=began)
    if state == "draft":
        raise NotNow("not_agreed")
    move("agreement", state, "start")
    after = introductions.lock(session, agreed.introduction_id)
    agreements.must_go_on(after)
    shown = introductions.release_of(session, after)
    if shown.ended_at is not None:
        raise NotNow("no_longer_available")
    if after.held_on is not None and started_on < after.held_on:
        raise NotNow("day_before_start")
    months = releases.record_now(session, agreed.opening_id).get("trial_months")
    until = trial_until or (months_after(started_on, round(months)) if months else None)
    if until is not None and until < started_on:
        raise NotNow("day_before_start")
    sane_days.starts(started_on, agreed.created_at, now)
    sane_days.tries(until, started_on)
    made = placements.add(
        session, decision_id=shown.decision_id, introduction_id=after.id, student_id=agreed.student_id,
        opening_id=agreed.opening_id, state="trial", started_on=started_on, trial_until=until,
        hours=hours if hours is not None else agreed.hours, account_id=actor.id, created_at=now,
    )  # fmt: skip
    placements.add_parts(session, [
        CheckMoment(placement_id=made.id, kind=kind, due_on=months_after(started_on, months) + timedelta(days=days))
        for kind, months, days in MOMENTS
    ])  # fmt: skip
    return _said(session, actor, made, "started", now)


def judge(
    session: Session, actor: Actor, found: Placement, verdict: str, *, on: date, trial_until: date | None, seen: Seen,
    now: datetime,
) -> Placement:  # fmt: skip
    """Say how the trial went: passed, extended until a later day, or not passed, which ends the placement."""
    if verdict == "not_passed":
        found = _locked(session, found, "end", seen)
        _must_have_begun(found, on)
        found.verdict, found.verdict_on = verdict, on
        return _end(session, actor, found, on=on, reason="not_passed", back=None, now=now)
    found = _locked(session, found, "extend" if verdict == "extended" else "pass", seen)
    _must_have_begun(found, on)
    _must_be_past(on, now)
    found.verdict, found.verdict_on = verdict, on
    if verdict == "extended":
        if trial_until is None or trial_until <= on:
            raise NotNow("day_before_start")
        sane_days.extends(trial_until, found.trial_until or on)
        found.trial_until = trial_until
    return _said(session, actor, found, f"trial_{verdict}", now)


def sign(
    session: Session, actor: Actor, found: Placement, *, contract_on: date, contract_type: str, hours: int | None,
    seen: Seen, now: datetime,
) -> Placement:  # fmt: skip
    """Give a contract after a trial that was passed; work is a destination, from that day or today on."""
    found = _locked(session, found, "sign", seen)
    if found.verdict != "passed":
        raise NotNow("not_passed")
    if contract_on < found.started_on:
        raise NotNow("day_before_start")
    sane_days.signs(contract_on, found.started_on, now)
    found.state, found.contract_on, found.contract_type = "contract", contract_on, contract_type
    found.hours = hours if hours is not None else found.hours
    session.flush()
    if contract_type in destinations.OF_CONTRACT:
        destinations.report(session, actor, found.student_id, destinations.OF_CONTRACT[contract_type],
                            since=min(contract_on, local_day(now)), source="placement", now=now)  # fmt: skip
    return _said(session, actor, found, "contract", now)


def end(
    session: Session, actor: Actor, found: Placement, *, on: date, reason: str, back: bool | None, seen: Seen,
    now: datetime,
) -> Placement:  # fmt: skip
    """End a placement with its reason; ``back`` whether the student looks again (None: after whatever broke off).

    Raises
    ------
    NotNow
        If the day is still to come, or lies before the start; one that has not begun ends from the day of its report
        on, and for a reason that needs no work.
    """
    found = _locked(session, found, "end", seen)
    if local_day(now) < found.started_on:
        if reason in ONLY_BEGUN:
            raise NotNow("not_begun")
        if on < local_day(found.created_at):
            raise NotNow("day_before_report")
    else:
        _must_have_begun(found, on)
    return _end(session, actor, found, on=on, reason=reason, back=back, now=now)


def _end(
    session: Session, actor: Actor, found: Placement, *, on: date, reason: str, back: bool | None, now: datetime
) -> Placement:
    _must_be_past(on, now)
    looks_again = reason not in _STAYS if back is None else back
    found.state, found.ended_on, found.end_reason, found.back_to_pool = "ended", on, reason, looks_again
    found.decision_holds = None
    session.flush()
    shown = placements.live_release(session, found.decision_id)
    if shown is not None:
        end_release(session, actor, shown, "placement_ended", now=now)
    decision = placements.decision_of(session, found)
    if decision.ended_at is None:
        end_questions(session, actor, decision, now=now)
        decisions.end(session, decision, actor.id, now)
        audit.append(session, actor, "decision.ended", ("decision", decision.id), now=now, student=found.student_id,
                     opening=found.opening_id)  # fmt: skip
        end_unless_option(session, actor, decision, now=now)
    known = reports.latest(session, [found.student_id]).get(found.student_id)
    # What somebody reported stands, unless it is said that the student looks again: by itself an end undoes no more
    # than the contract that ends with it. Who says the same as the contract after it was signed repeats it.
    of_contract = known is not None and (
        known.source == "placement" or known.destination == destinations.OF_CONTRACT.get(found.contract_type or ""))
    undone = back or (looks_again and of_contract)
    if undone and known is not None and known.destination not in LOOKING:
        destinations.report(session, actor, found.student_id, "none", since=on, source="placement", now=now)
    return _said(session, actor, found, "ended", now)


def not_back(session: Session, found: Placement) -> str:
    """Why a student who was to look again after a placement takes part in no run now, by its code; empty: does."""
    rests = placements.rests_now(session, found.student_id)
    return placed_nowhere(session, found.student_id) or ("not_looking" if rests else "")


def _must_have_begun(found: Placement, on: date) -> None:
    if on < found.started_on:
        raise NotNow("day_before_start")


def _must_be_past(on: date, now: datetime) -> None:
    if on > local_day(now):
        raise NotNow("day_to_come")


def _locked(session: Session, found: Placement, verb: str, seen: Seen) -> Placement:
    decisions.lock_pair(session, found.student_id, found.opening_id)
    found = placements.lock(session, found.id)
    seen(found.version)
    move("placement", found.state, verb)
    return found


def _said(session: Session, actor: Actor, found: Placement, what: str, now: datetime) -> Placement:
    session.flush()
    audit.append(session, actor, f"placement.{what}", ("placement", found.id), now=now, student=found.student_id,
                 opening=found.opening_id, decision=found.decision_id, reason=found.end_reason)  # fmt: skip
    return found


__all__ = ["MOMENTS", "end", "judge", "months_after", "not_back", "sign", "start"]
