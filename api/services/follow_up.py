"""After the start: moments to ask how it goes, and the steps of the plan."""
from __future__ import annotations

from datetime import date, datetime

from api.services import sane_days
from api.services.days import local_day
from api.services.introductions import Seen
from api.services.states import NotNow, move
from api.store import audit, placements
from api.store.audit import Actor
from api.store.people import Session
from api.store.placements import CheckMoment, Placement, Step

VERBS = {"active": "begin", "paused": "pause", "stopped": "stop", "done": "finish"}
"""State that a step should come in -> the verb of `api.services.states` that leads there."""


def add_moment(session: Session, actor: Actor, of: Placement, due_on: date, *, now: datetime) -> CheckMoment:
    """Plan one more moment to ask how it goes."""
    if due_on < of.started_on:
        raise NotNow("day_before_start")
    sane_days.follows(due_on, of.started_on)
    made = CheckMoment(placement_id=of.id, kind="extra", due_on=due_on)
    placements.add_parts(session, [made])
    audit.append(session, actor, "check_moment.planned", ("check_moment", made.id), now=now, placement=of.id)
    return made


def report(
    session: Session, actor: Actor, found: CheckMoment, *, held_on: date, outcome: str, note: str | None, seen: Seen,
    now: datetime,
) -> CheckMoment:  # fmt: skip
    """Say how it goes; the student may read the note."""
    if held_on > local_day(now):
        raise NotNow("day_to_come")
    found = placements.lock_part(session, CheckMoment, found.id)
    seen(found.version)
    of = placements.of_parts(session, [found.placement_id])[found.placement_id]
    sane_days.was(held_on, _first(of), now)
    move("check_moment", "due" if found.held_on is None else "held", "report")
    found.held_on, found.outcome, found.note, found.account_id = held_on, outcome, note, actor.id
    session.flush()
    audit.append(session, actor, "check_moment.held", ("check_moment", found.id), now=now, outcome=outcome,
                 placement=found.placement_id)  # fmt: skip
    return found


def add_step(
    session: Session, actor: Actor, of: Placement, *, goal: str, what: str, who: str, by: date | None, now: datetime
) -> Step:
    """Add a step to the plan: to what end, what, who, by when."""
    sane_days.follows(by, _first(of))
    made = Step(placement_id=of.id, goal=goal, what=what, who=who, by=by, state="planned", account_id=actor.id,
                created_at=now)  # fmt: skip
    placements.add_parts(session, [made])
    audit.append(session, actor, "step.planned", ("step", made.id), now=now, placement=of.id, who=who)
    return made


def change_step(
    session: Session, actor: Actor, found: Step, *, goal: str, what: str, who: str, by: date | None, state: str,
    reason: str | None, seen: Seen, now: datetime,
) -> Step:  # fmt: skip
    """Say a step otherwise, or move it on; pausing and stopping have a reason."""
    found = placements.lock_part(session, Step, found.id)
    seen(found.version)
    if by != found.by:
        sane_days.follows(by, _first(placements.of_parts(session, [found.placement_id])[found.placement_id]))
    if state != found.state:
        found.state = move("step", found.state, VERBS.get(state, "begin"))
    found.goal, found.what, found.who, found.by, found.reason = goal, what, who, by, reason
    session.flush()
    audit.append(session, actor, f"step.{found.state}", ("step", found.id), now=now, placement=found.placement_id)
    return found


def _first(of: Placement) -> date:
    """The first day on which something is done for a placement: its report, or its start."""
    return min(of.started_on, local_day(of.created_at))


__all__ = ["VERBS", "add_moment", "add_step", "change_step", "report"]
