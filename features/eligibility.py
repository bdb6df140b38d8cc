"""Hard rules: which pairs are eligible, what each refused pair failed by, and what is left to check.

Every rule is evaluated for every pair, without short cut: the counts of what blocks a student or an opening
need all of them. Records become columns of whole numbers once; equal rows are one class, so a count is a
small table of classes times how many share them, and only pairs within region and reach are looked at one by
one. At 10,000 students and 8,000 openings nothing of n x m entries is ever held.
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from features.eligibility_amounts import Refusal, amounts
from features.eligibility_columns import Columns, Run, areas
from features.eligibility_counts import count_pairs
from features.eligibility_openings import opening_columns
from features.eligibility_pairs import Masks, Sides, eligible_pairs, points_to_check, with_fixed
from features.eligibility_reach import Distances, distances
from features.eligibility_rules import NEVER_FIXED, POINTS, RULES, rules
from features.eligibility_students import student_columns
from features.eligibility_tasks import TaskSets, task_sets
from features.records import Opening, Student
from features.settings import RuleSettings
from features.travel_times import TravelTimes

__all__ = ["NEVER_FIXED", "POINTS", "RULES", "Eligibility", "Refusal", "evaluate"]

Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Eligibility:
    """The eligible pairs of n students and m openings, and what refused the others.

    Parameters
    ----------
    indptr, indices : int64 arrays, shapes (n + 1,) and (p,)
        Openings of student i are ``indices[indptr[i]:indptr[i + 1]]``, ascending.
    points : uint64 array, shape (p,)
        Points to check of each pair, as bits over `POINTS`.
    broken : uint64 array, shape (p,)
        Rules that a fixed pair breaks, as bits over `RULES`; 0 for every other pair.
    blocked_students, blocked_openings : int64 arrays, shapes (n, R) and (m, R)
        How many openings (students) each rule refuses; a pair counts under every rule that refuses it. A rule
        that a connector's decision overrides does not count for that pair.
    """

    indptr: Ints
    indices: Ints
    points: Masks
    broken: Masks
    blocked_students: Ints
    blocked_openings: Ints
    students: tuple[Student, ...]
    openings: tuple[Opening, ...]
    run: Run
    sides: Sides

    @property
    def settings(self) -> RuleSettings:
        """The figures of the rules."""
        return self.run.settings

    @property
    def tasks(self) -> TaskSets:
        """What every task text was read as."""
        return self.run.tasks

    @property
    def near(self) -> Distances:
        """Distances between the records."""
        return self.run.near

    @property
    def times(self) -> TravelTimes | None:
        """The table of travel times, None where every time is an estimate."""
        return None if self.near.times is None else self.near.times.table

    def minutes(self, i: int, j: int, means: str) -> float:
        """Return minutes one way by ``means`` for the pair (i, j), NaN where a place is not known."""
        here, there = self.near.student[[i]], self.near.opening[[j]]
        metres = self.near.between(here, there)
        return float(self.near.minutes(here, there, metres, means)[0]) if metres[0] >= 0 else float("nan")

    @property
    def student_columns(self) -> Columns:
        """One array per figure of the students."""
        return self.sides.ours

    @property
    def opening_columns(self) -> Columns:
        """One array per figure of the openings."""
        return self.sides.theirs

    @property
    def rows(self) -> Ints:
        """Student of each pair, shape (p,)."""
        return np.repeat(np.arange(len(self.students), dtype=np.int64), np.diff(self.indptr))

    def refused_by(self, i: Ints | int, j: Ints | int) -> Masks:
        """Return the refusing rules of pairs ``i``, ``j`` (arrays that broadcast) as bits over `RULES`."""
        i, j = np.broadcast_arrays(np.asarray(i, dtype=np.int64), np.asarray(j, dtype=np.int64))
        return self.sides.refused_by(i, j)

    def refusals(self, i: int, j: int) -> tuple[Refusal, ...]:
        """Return by how much each refusing rule fails the pair, in the order of `RULES`; empty if none does."""
        mask = int(self.refused_by(i, j))
        codes = [code for k, code in enumerate(RULES) if mask >> k & 1]
        return tuple(refusal for code in codes for refusal in self.refusals_of(code, i, j))

    def refusals_of(self, code: str, i: int, j: int) -> tuple[Refusal, ...]:
        """Return by how much the rule ``code``, known to refuse the pair, fails it."""
        metres = int(self.near.between(self.near.student[i], self.near.opening[j]))
        return amounts(
            code, self.students[i], self.openings[j], metres, self.run, taken=lambda means: self.minutes(i, j, means)
        )


def evaluate(
    students: Sequence[Student],
    openings: Sequence[Opening],
    settings: RuleSettings,
    *,
    on: date,
    fixed: frozenset[tuple[int, int]] = frozenset(),
    times: TravelTimes | None = None,
) -> Eligibility:
    """Apply every hard rule to every pair.

    Parameters
    ----------
    students : sequence of n students
        In the order in which every result speaks of them; callers sort by key.
    openings : sequence of m openings
        Likewise.
    settings : RuleSettings
        Figures of the rules.
    on : date
        The day of the run, for freshness and closing dates; nothing here reads a clock.
    fixed : pairs (i, j) that a connector accepted or pinned
        Eligible whatever rule they break, except those of `NEVER_FIXED`.
    times : TravelTimes, optional
        A table of travel times, in place of the estimate where it speaks.

    Returns
    -------
    Eligibility

    Raises
    ------
    FeatureError
        If a record holds a code that is not in its closed list.
    """
    tasks = task_sets(students, openings)
    near = distances([s.location for s in students], [o.location for o in openings], times)
    where = areas(students, openings, settings)
    run = Run(settings, on, tasks, near, where)
    sides = Sides(rules(near, where), student_columns(students, run), opening_columns(openings, run))
    i, j = eligible_pairs(sides, near)
    i, j, broken = with_fixed(i, j, fixed, sides)
    by_student = np.zeros((len(students), len(RULES)), dtype=np.int64)
    by_opening = np.zeros((len(openings), len(RULES)), dtype=np.int64)
    for code, refuses in sides.refusing:
        k = RULES.index(code)
        by_student[:, k], by_opening[:, k] = count_pairs(refuses, sides.ours, sides.theirs)
        overridden = np.flatnonzero(broken >> np.uint64(k) & np.uint64(1))
        by_student[:, k] -= np.bincount(i[overridden], minlength=len(students))
        by_opening[:, k] -= np.bincount(j[overridden], minlength=len(openings))
    indptr = np.concatenate([[0], np.cumsum(np.bincount(i, minlength=len(students)))]).astype(np.int64)
    return Eligibility(
        indptr, j, points_to_check(sides, i, j), broken, by_student, by_opening, tuple(students), tuple(openings),
        run, sides,
    )  # fmt: skip
