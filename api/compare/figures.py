"""Totals of two plans side by side, and per group of students, small groups hidden."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from api.compare.plans import Comparison, Plan
from api.report.fairness import DIMENSIONS, SMALL
from features.eligibility import RULES
from features.pairwise import pair_features
from features.scoring import contributions
from features.settings import NEUTRAL
from matcher.problem import FORBID

BANDS = ("good", "fair", "not_yet")


@dataclass(frozen=True, slots=True)
class Row:
    """One figure under the old and the new policy; None where there is none. ``micro``: in millionths."""

    name: str
    old: int | None
    new: int | None
    micro: bool = False


@dataclass(frozen=True, slots=True)
class GroupRow:
    """How many of a group have a place; ``students`` is None where the group is hidden, a count where that is."""

    code: str
    students: int | None
    old: int | None
    new: int | None


def totals(found: Comparison) -> tuple[Row, ...]:
    """Return the totals of both plans; the mean fit of each plan is measured by both policies."""
    plans = (found.old, found.new)
    placed = [int((plan.assignment >= 0).sum()) for plan in plans]
    n = len(found.students)
    bands = [_bands(plan) for plan in plans]
    rows = [
        Row("students", n, n),
        Row("placed", placed[0], placed[1]),
        Row("unplaced", n - placed[0], n - placed[1]),
        _row("priority", plans, _priority),
        *(Row(band, bands[0][band], bands[1][band]) for band in BANDS),
        _row("groups", plans, _groups),
        _row("eligible", plans, lambda plan: int((plan.case.problem.locks != FORBID).sum())),
        _row("fit_by_old", plans, lambda plan: _mean_fit(found.old, plan.assignment), micro=True),
        _row("fit_by_new", plans, lambda plan: _mean_fit(found.new, plan.assignment), micro=True),
    ]
    return tuple(rows)


def _row(
    name: str, plans: tuple[Plan, Plan], measure: Callable[[Plan], int | None], *, micro: bool = False
) -> Row:
    return Row(name, measure(plans[0]), measure(plans[1]), micro)


def refused(found: Comparison) -> tuple[Row, ...]:
    """Return how many pairs each rule refuses, where that differs."""
    before, after = (plan.case.blocked_students.sum(axis=0).tolist() for plan in (found.old, found.new))
    return tuple(Row(code, a, b) for code, a, b in zip(RULES, before, after, strict=True) if a != b)


def groups(found: Comparison) -> dict[str, tuple[GroupRow, ...]]:
    """Return per dimension how many students of each group have a place; see `hidden` and `hidden_cells`."""
    made = {}
    for name, of in DIMENSIONS.items():
        members: dict[str, list[int]] = {}
        for i, student in enumerate(found.students):
            members.setdefault(of(student), []).append(i)
        small = hidden({code: len(inside) for code, inside in members.items()})
        columns = []
        for plan in (found.old, found.new):
            counts = {code: int((plan.assignment[inside] >= 0).sum()) for code, inside in members.items()}
            away = small | hidden_cells(counts, small)
            columns.append({code: None if code in away else number for code, number in counts.items()})
        made[name] = tuple(
            GroupRow(code, None if code in small else len(inside), columns[0][code], columns[1][code])
            for code, inside in sorted(members.items())
        )
    return made


def hidden(sizes: dict[str, int]) -> set[str]:
    """Return the groups that may not be shown: the small ones, and one more where a lone one could be worked out."""
    small = {code for code, size in sizes.items() if size < SMALL}
    return small | _second(sizes, small)


def hidden_cells(counts: dict[str, int], away: set[str]) -> set[str]:
    """Return whose count of 1 to 4 may not be shown, and one more where a lone one could be worked out."""
    small = {code for code, number in counts.items() if 0 < number < SMALL and code not in away}
    return small | _second(counts, small | away)


def _second(numbers: dict[str, int], away: set[str]) -> set[str]:
    rest = sorted((number, code) for code, number in numbers.items() if code not in away and number)
    return {rest[0][1]} if len(away) == 1 and rest else set()


def _priority(plan: Plan) -> int:
    return int(plan.case.priorities[plan.assignment >= 0].sum())


def _bands(plan: Plan) -> dict[str, int]:
    fits = plan.case.scored.fit[plan.pair_of[plan.pair_of >= 0]].tolist()
    found = [plan.case.policy.band(fit) for fit in fits]
    return {band: found.count(band) for band in BANDS}


def _groups(plan: Plan) -> int:
    problem, inside = plan.case.problem, plan.assignment[plan.assignment >= 0]
    filled = np.bincount(inside, minlength=problem.m) + problem.present
    return int(((problem.min_to_open > 1) & (filled >= problem.min_to_open)).sum())


def _mean_fit(by: Plan, assignment: NDArray[np.int64]) -> int | None:
    """Mean fit of the placed in ``assignment`` by the weights and rules of plan ``by``, in millionths."""
    i = np.flatnonzero(assignment >= 0)
    if not len(i):
        return None
    weights = by.case.policy.weights.as_tuple()
    value = pair_features(by.case.eligibility, i, assignment[i]).value
    parts = contributions(value, weights, (NEUTRAL,) * len(weights))
    total = int(by.case.scored.base) * len(i) + int(parts.sum())
    return round(total / len(i))
