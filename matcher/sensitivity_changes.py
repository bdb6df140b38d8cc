"""What one change does to the best plan: a rejection, a drop-out, an opening that closes, a score that changes.

A change that is about one student alone is a choice among what that student can do: what each costs the whole plan is
known from the exchange graph (`matcher.sensitivity.choices`), so the best of them is the answer, ties included. Other
changes are solved again.
"""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from matcher.problem import FORBID, Problem
from matcher.sensitivity import change_of, choices
from matcher.sensitivity_told import Change
from matcher.sensitivity_tree import EFFORT
from matcher.solution import Solution
from matcher.solver import search
from matcher.variations import revalued, without_opening, without_pair, without_student

UNCHANGED = Change(0, 0, ())


def rejection(
    problem: Problem, solution: Solution, i: int, j: int, *, unplaced_value: int = 0, effort: int = EFFORT,
    again: bool = True,
) -> Change | None:  # fmt: skip
    """What the plan loses when student i may not go to opening j (a pin on it lifted).

    None where that is not told without solving again and ``again`` is False; so too below.

    Raises
    ------
    Infeasible
        If no plan is left; so too below.

    Examples
    --------
    >>> from matcher import build_problem, solve
    >>> problem = build_problem([0, 0, 1], [0, 1, 0], [900_000, 800_000, 500_000], places=[1, 1])
    >>> rejection(problem, solve(problem), 1, 0)
    Change(placed_loss=1, fit_loss=400000, moves=((0, 1, 0), (1, 0, -1)))
    """
    changed = without_pair(problem, i, j)
    if _stays_best(problem, solution, changed):
        return UNCHANGED
    if solution.objective != "balanced":  # there a rejection may change what the student's best is
        known = choices(problem, solution, i, unplaced_value=unplaced_value, effort=effort)
        others = {at: change for at, change in (known or {}).items() if at != j}
        best = _best(problem, solution.objective, others)
        if best is not None:
            return best
    return _again(problem, solution, changed, unplaced_value) if again else None


def departure(
    problem: Problem, solution: Solution, i: int, *, unplaced_value: int = 0, effort: int = EFFORT, again: bool = True
) -> Change | None:
    """What the plan loses when student i drops out, what the student had included (a pin lifted)."""
    changed = without_student(problem, i)
    if _stays_best(problem, solution, changed):
        return UNCHANGED
    if solution.objective != "balanced":
        known = choices(problem, solution, i, unplaced_value=unplaced_value, effort=effort)
        if known is not None and -1 in known:
            return known[-1]
    return _again(problem, solution, changed, unplaced_value) if again else None


def closure(
    problem: Problem, solution: Solution, j: int, *, unplaced_value: int = 0, again: bool = True
) -> Change | None:
    """What the plan loses when opening j closes (pins to it lifted)."""
    changed = without_opening(problem, j)
    if _stays_best(problem, solution, changed):
        return UNCHANGED
    return _again(problem, solution, changed, unplaced_value) if again else None


def revaluation(
    problem: Problem, solution: Solution, by: int, *, student: int | None = None, opening: int | None = None,
    unplaced_value: int = 0, effort: int = EFFORT, again: bool = True,
) -> Change | None:  # fmt: skip
    """What the plan gains when scores change by so many millionths: every pair of a student, of an opening, or of both.

    Both plans are compared at the new scores, so the loss is never above 0.
    """
    changed = revalued(problem, by, student=student, opening=opening)
    if solution.objective != "balanced" and student is not None:  # there own bests change too
        here = int(solution.assignment[student])
        inside = here >= 0 if opening is None else here == opening
        if by == 0 or (by > 0) == inside:
            return UNCHANGED  # what there is gains most
        known = choices(problem, solution, student, unplaced_value=unplaced_value, effort=effort)
        if known is not None and student >= 0 and problem.pinned[student] < 0:
            touched = {at for at in known if (at >= 0 if opening is None else at == opening)}
            able = {at: change for at, change in known.items() if (at in touched) != inside}
            lost = {at: replace(change, fit_loss=change.fit_loss - abs(by)) for at, change in able.items()}
            best = _best(changed, solution.objective, {**lost, here: UNCHANGED})
            assert best is not None
            return best
    if not again:
        return None
    found = search(changed, objective=solution.objective, unplaced_value=unplaced_value)
    return change_of(changed, solution, found.assignment, unplaced_value=unplaced_value)


def _best(problem: Problem, objective: str, known: Mapping[int, Change]) -> Change | None:
    """The change that loses least in the stages of the objective, the tie rule last."""
    def losses(change: Change) -> tuple[int, int, int]:
        ties = sum(_tie(problem, i, a) - _tie(problem, i, b) for i, a, b in change.moves)
        return change.placed_loss if objective == "placed" else 0, change.fit_loss, ties

    return min(known.values(), key=losses, default=None)


def _tie(problem: Problem, i: int, j: int) -> int:
    return int(problem.ties[problem.pair(i, j)]) if j >= 0 else 0


def _stays_best(problem: Problem, solution: Solution, changed: Problem) -> bool:
    """Whether a problem that only rules more out still allows the best plan there was: then that is the best of it."""
    if solution.objective == "balanced" and not np.array_equal(problem.locks, changed.locks):
        return False  # what is forbidden counts no more for anybody's own best
    pair = changed.pairs_of(solution.assignment)
    allowed = bool((changed.locks[pair[pair >= 0]] != FORBID).all())
    return allowed and np.array_equal(changed.pinned, problem.pinned)


def _again(problem: Problem, solution: Solution, changed: Problem, unplaced_value: int) -> Change:
    found = search(changed, objective=solution.objective, unplaced_value=unplaced_value)
    return change_of(problem, solution, found.assignment, unplaced_value=unplaced_value)


__all__ = ["closure", "departure", "rejection", "revaluation"]
