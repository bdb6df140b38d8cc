"""What a run would change: every pair of its plan beside the plan it stays close to, with the cause in codes.

A pair is *new* or *gone*, or it is in both plans: *risen*, *fallen* or the *same* by its fit. Causes are looked up in
what went into both runs: another version of a profile or an opening, somebody or something new or gone, another
decision, another policy, another day; and where nothing of its own changed, who took the place or left it.

A pair that holds by a person's word and is no part of the run (its vacancy is held back, it lies in another region,
the student is settled) stays as it is: the *same*, kept, outside the run.
"""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from api.store import plans, queue, runs
from api.store.people import Session

CHANGES = ("new", "gone", "risen", "fallen", "same")
HOLDING = ("accept", "pin")
Cause = dict[str, Any]
Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Change:
    """One pair in either plan; fits in millionths. ``kept`` is the word by which it is fixed, or None."""

    student_id: str
    opening_id: str
    change: str
    fit_before: int | None
    fit_after: int | None
    rank_before: int | None
    rank_after: int | None
    kept: str | None
    causes: tuple[Cause, ...]


@dataclass(frozen=True, slots=True)
class _Side:
    """What went into one plan and what came out."""

    plan: Mapping[str, plans.Chosen]
    students: Mapping[str, int]
    openings: Mapping[str, int]
    words: Mapping[Pair, str]
    policies: frozenset[str]
    days: frozenset[str]
    outside: Mapping[str, plans.Outside]

    def place_of(self, student: str) -> str | None:
        """Where a student is: in the plan, or outside it by a word that holds."""
        held, chosen = self.outside.get(student), self.plan.get(student)
        if held is not None and held.holds:
            return held.opening_id
        return None if chosen is None else chosen.opening_id

    def inside(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for student, chosen in self.plan.items():
            found.setdefault(chosen.opening_id, set()).add(student)
        return found


def difference(session: Session, run: runs.Run) -> list[Change]:
    """Return every pair of the plan before and the plan of ``run``, by student; nothing before: all is new."""
    before = _side(session, run.basis or {})
    after = _side(session, dict.fromkeys(run.regions, run.id))
    teller = _Teller(session, before, after)
    found: list[Change] = []
    for student in sorted(before.plan.keys() | after.plan.keys() | after.outside.keys()):
        here, there = before.place_of(student), after.place_of(student)
        if here == there and here is not None:
            found.append(teller.stays(student, here))
            continue
        if here is not None:
            found.append(teller.moves(student, here, "gone"))
        if there is not None and student in after.outside:
            found.append(teller.stays(student, there))
        elif there is not None:
            found.append(teller.moves(student, there, "new"))
    return found


def counts(changes: list[Change]) -> dict[str, int]:
    """How many pairs of each kind."""
    return {kind: sum(change.change == kind for change in changes) for kind in CHANGES}


def _side(session: Session, by_region: dict[str, str]) -> _Side:
    ids = set(by_region.values())
    stored = [run for run in (queue.run_by_id(session, run_id) for run_id in sorted(ids)) if run is not None]
    words = {(d.student_id, d.opening_id): d.word for d in plans.decisions_of(session, ids).values()}
    outside = plans.outside(session, by_region)
    words = {pair: word for pair, word in words.items() if pair[0] not in outside or outside[pair[0]].holds}
    return _Side(
        plans.chosen_in(session, by_region), plans.students_of(session, ids), plans.openings_of(session, ids), words,
        frozenset(run.policy_id for run in stored), frozenset(run.on.isoformat() for run in stored),
        outside,
    )  # fmt: skip


class _Teller:
    """Says of each pair what changed, and why."""

    def __init__(self, session: Session, before: _Side, after: _Side) -> None:
        self.before, self.after = before, after
        self.inside = before.inside(), after.inside()
        self.profiles = _versions(before.students, after.students)
        self.openings = _versions(before.openings, after.openings)
        self.records = (
            plans.profiles(session, ((i, n) for i, pair in self.profiles.items() for n in pair)),
            plans.opening_records(session, ((i, n) for i, pair in self.openings.items() for n in pair)),
        )  # fmt: skip

    def stays(self, student: str, opening: str) -> Change:
        """A pair in both plans, or held outside one of them: what is no part of a plan has no fit in it."""
        if student in self.after.outside:
            return self._change(student, opening, "same", ({"code": "outside_run"},))
        old, new = self.before.plan.get(student), self.after.plan[student]
        if old is None:
            return self._change(student, opening, "same", ())
        kind = "risen" if new.fit > old.fit else "fallen" if new.fit < old.fit else "same"
        causes = () if kind == "same" else tuple(self._own(student, opening)) or self._rest
        return self._change(student, opening, kind, causes)

    def moves(self, student: str, opening: str, kind: str) -> Change:
        """A pair in one plan alone."""
        causes = [*self._own(student, opening), *self._others(student, opening, kind)]
        return self._change(student, opening, kind, tuple(causes) or self._rest)

    @property
    def _rest(self) -> tuple[Cause, ...]:
        """The cause of what has no other: rules that go by the day, or the plan as a whole."""
        return ({"code": "day_changed" if self.before.days != self.after.days else "whole"},)

    def _change(self, student: str, opening: str, kind: str, causes: tuple[Cause, ...]) -> Change:
        old, new = (side.plan.get(student) for side in (self.before, self.after))
        old = old if old and old.opening_id == opening else None
        new = new if new and new.opening_id == opening else None
        word = self.after.words.get((student, opening))
        return Change(
            student, opening, kind, old.fit if old else None, new.fit if new else None, old.rank if old else None,
            new.rank if new else None, word if word in HOLDING else None, causes,
        )  # fmt: skip

    def _own(self, student: str, opening: str) -> Iterator[Cause]:
        """What changed of the pair itself."""
        if not self.before.students:
            yield {"code": "first_plan"}
            return
        yield from self._record("student", student)
        yield from self._record("opening", opening)
        old, new = (side.words.get((student, opening)) for side in (self.before, self.after))
        freed = [held for side in (self.before, self.after) if (held := side.outside.get(student)) and not held.holds]
        if freed:  # a place held outside the run, given up since
            yield {"code": "decision_ended", "word": freed[-1].word}
        elif old != new:
            yield {"code": "decision", "word": new} if new else {"code": "decision_ended", "word": old}
        elsewhere = [where for (who, where), word in self.after.words.items()
                     if who == student and word in HOLDING and where != opening]  # fmt: skip
        if elsewhere and (student, elsewhere[0]) not in self.before.words:
            yield {"code": "decided_elsewhere", "opening_id": elsewhere[0]}
        if self.before.policies != self.after.policies:
            yield {"code": "policy_changed"}

    def _record(self, kind: str, record_id: str) -> Iterator[Cause]:
        one, versions = (0, self.profiles) if kind == "student" else (1, self.openings)
        old, new = (side.students if kind == "student" else side.openings for side in (self.before, self.after))
        if record_id not in old and record_id not in self.before.outside:
            yield {"code": f"{kind}_new"}
        elif record_id not in new and record_id not in self.after.outside:
            yield {"code": f"{kind}_left"}
        elif record_id in versions:
            then, now = (self.records[one].get((record_id, n), {}) for n in versions[record_id])
            fields = sorted(name for name in then.keys() | now.keys() if then.get(name) != now.get(name))
            yield {"code": f"{kind}_changed", "changed": fields}

    def _others(self, student: str, opening: str, kind: str) -> Iterator[Cause]:
        """Who took the place, or left it."""
        old, new = (side.get(opening, set()) - {student} for side in self.inside)
        came, left = sorted(new - old), sorted(old - new)
        if kind == "gone" and came:
            yield {"code": "place_taken", "student_ids": came}
        if kind == "new" and left:
            yield {"code": "place_freed", "student_ids": left}


def _versions(before: Mapping[str, int], after: Mapping[str, int]) -> dict[str, tuple[int, int]]:
    """Records that went into both with another version."""
    return {i: (n, after[i]) for i, n in before.items() if i in after and after[i] != n}


__all__ = ["CHANGES", "Change", "counts", "difference"]
