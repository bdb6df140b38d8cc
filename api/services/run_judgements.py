"""Taking a run over, or discarding it: nothing that a run proposes counts before a connector has looked at it.

A plan is taken over for all regions of its run at once. It is refused when it was computed beside another plan than
the one that holds now, or when people have decided since what it goes against; computing it again keeps their word.
"""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from api.services.pairs import carry_over
from api.services.uploads import Conflict
from api.store import audit, plans, runs
from api.store.audit import Actor
from api.store.people import Session

WORDS = ("take_over", "discard")


@dataclass(frozen=True, slots=True)
class Outdated:
    """What a plan goes against: ``code`` placed_elsewhere, rejected or full, on one pair of the plan.

    ``decision_id`` is the decision that was made since; a pair that is full has none.
    """

    code: str
    student_id: str
    opening_id: str
    decision_id: str | None = None


class OutdatedPlan(Conflict):
    """The run was overtaken: ``code`` other_plan or outdated, ``pairs`` what it goes against."""

    def __init__(self, message: str, pairs: tuple[Outdated, ...] = ()) -> None:
        super().__init__(message)
        self.pairs = pairs


def judge(session: Session, actor: Actor, run: runs.Run, word: str, *, now: datetime) -> None:
    """Take a run over or discard it; ``run`` is locked.

    Raises
    ------
    Conflict
        If it is not done, or judged already.
    OutdatedPlan
        If it is to be taken over and another plan holds since, or people decided otherwise.
    """
    if run.kind != "match" or run.state != "done":
        raise Conflict("Only a run that is done is taken over or discarded.")
    if run.taken_at is not None or run.discarded_at is not None:
        raise Conflict(f"This run is {'taken over' if run.taken_at else 'discarded'} already.")
    run.judged_by = actor.id
    if word == "discard":
        run.discarded_at = now
        session.flush()
        audit.append(session, actor, "run.discarded", ("run", run.id), now=now)
        return
    if overtaken(session, run):
        raise OutdatedPlan("Another plan was taken over since. Compute this one again.")
    against = tuple(outdated(session, run))
    if against:
        raise OutdatedPlan("People decided otherwise since. Compute it again: that keeps their word.", against)
    before = sorted({plan.run_id for plan in plans.holding(session, run.regions, lock=True).values()})
    run.taken_at = now
    plans.hold(session, run.regions, run.id, now)
    carry_over(session, run, before)
    audit.append(session, actor, "run.taken_over", ("run", run.id), now=now, regions=run.regions, before=before)


def overtaken(session: Session, run: runs.Run) -> bool:
    """Whether another plan holds than the one the run was computed beside."""
    now = {region: plan.run_id for region, plan in plans.holding(session, run.regions).items()}
    return now != (run.basis or {})


def outdated(session: Session, run: runs.Run) -> Iterator[Outdated]:
    """Return what the plan of a run goes against: decisions that it did not know, and places that are gone."""
    plan = plans.chosen_in(session, dict.fromkeys(run.regions, run.id))
    known = plans.known_to(session, run.id)
    for decision in plans.words_on(session, plan):
        if decision.id in known:
            continue
        planned = plan[decision.student_id].opening_id
        if decision.holds and decision.opening_id != planned:
            yield Outdated("placed_elsewhere", decision.student_id, planned, decision.id)
        elif decision.word == "reject" and decision.opening_id == planned:
            yield Outdated("rejected", decision.student_id, planned, decision.id)
    inside: dict[str, list[str]] = {}
    for student, chosen in plan.items():
        inside.setdefault(chosen.opening_id, []).append(student)
    places, held = plans.places(session, inside), plans.places_held(session, inside)
    for opening, students in sorted(inside.items()):
        others = [d for d in held.get(opening, ()) if d.student_id not in students]
        room = places[opening] - len(others)
        decided = {d.student_id for d in held.get(opening, ())}
        loose = sorted(student for student in students if student not in decided)
        for student in loose[max(room - (len(students) - len(loose)), 0):]:
            yield Outdated("full", student, opening)


__all__ = ["WORDS", "Outdated", "OutdatedPlan", "judge", "outdated", "overtaken"]
