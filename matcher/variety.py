"""Other plans that are nearly as good: so that people choose among real alternatives, not among one.

A place that earlier plans gave to a student is worth a little less to that student, and the price of repetition
rises until enough students go elsewhere. Each further plan comes from the linear programme near the best plan
(`matcher.held`), or where there is none, or it finds nothing and the problem is small, from the solver itself. What is
returned is checked against every limit and the stated conditions with the true values.
"""
from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from matcher.certificate_limits import broken_limits
from matcher.constraints import residual
from matcher.errors import InvalidProblem
from matcher.exact import exact_sum
from matcher.held import held
from matcher.milp import relax
from matcher.problem import Ints, Problem
from matcher.solution import Solution
from matcher.solver import search

FIRST_PRICE = 1_000
"""The first price of a repeated place, in millionths of a score; it doubles until enough students move."""
PRICES = 24
REFINED = 5
WHOLE = 1e-6
"""How near to 0 or 1 the linear programme must be."""
FINE = 2**50
"""Worths beyond this are too coarse for doubles."""
SMALL = 1_000
"""Pairs up to which the solver itself looks for a plan where the linear programme finds none."""


@dataclass(frozen=True, slots=True, eq=False)
class Alternative:
    """Another plan: ``assignment`` (n,), its ``total`` score, and how many are ``elsewhere`` than in the best."""

    assignment: Ints
    total: int
    elsewhere: int


def alternatives(
    problem: Problem,
    solution: Solution,
    *,
    count: int = 5,
    within: float = 0.01,
    different: float = 0.10,
    unplaced_value: int = 0,
    time_limit: float | None = None,
) -> tuple[Alternative, ...]:
    """Plans with the same placed weight and nearly the same total score, in which many students go elsewhere.

    Parameters
    ----------
    problem : Problem
        The limits every plan holds.
    solution : Solution
        The best plan.
    count : int
        Plans wanted; fewer are returned when no more are found.
    within : float
        Share of the total score that a plan may lose.
    different : float
        Share of the placed students who are elsewhere than in the best plan, and than in each other one.
    unplaced_value : int
        As it was solved.
    time_limit : float, optional
        Seconds per plan that is tried.

    Examples
    --------
    >>> from matcher import build_problem, solve
    >>> problem = build_problem([0, 0, 1, 1], [0, 1, 0, 1], [900_000, 895_000, 900_000, 900_000], places=[1, 1])
    >>> [plan.assignment.tolist() for plan in alternatives(problem, solve(problem))]
    [[1, 0]]
    """
    if solution.status != "optimal":
        raise InvalidProblem(f"the solution is {solution.status}; expected an optimal one")
    objective = "fit" if solution.objective == "fit" else "placed"

    def solved(changed: Problem) -> Ints | None:
        found = search(changed, objective=objective, unplaced_value=unplaced_value, time_limit=time_limit)
        return found.assignment

    near = _near(problem, solution, unplaced_value)
    ways = [way for way in (near, solved) if way is not None]
    if near is not None and problem.p > SMALL:
        ways = [near]
    makers = [_Maker(problem, solution.assignment, way, within=within, different=different) for way in ways]
    plans: list[Alternative] = []
    for _ in range(count):
        known = [solution.assignment, *(plan.assignment for plan in plans)]
        found = next((plan for plan in (maker.another(known) for maker in makers) if plan is not None), None)
        if found is None:
            break
        plans.append(found)
    return tuple(plans)


def _near(problem: Problem, solution: Solution, unplaced_value: int) -> Callable[[Problem], Ints | None] | None:
    """The best plan near the one at hand, by a linear programme; None where no such programme is whole."""
    close = held(problem, solution.assignment)
    state = None if close is None else residual(close)
    if state is None:
        return None
    aside = unplaced_value if solution.objective == "fit" else 0
    most = 0 if solution.objective == "fit" else 2 * problem.n * (int(np.abs(problem.values).max(initial=0)) + 1)
    if most * int(problem.priority.max(initial=0)) > FINE:
        return None

    def solved(changed: Problem) -> Ints | None:
        worth = changed.values - aside + most * problem.priority[problem.rows]
        found = relax(state, worth)
        taken = found.x > 0.5
        if found.infeasible or (np.abs(found.x - taken) > WHOLE).any():
            return None
        return state.assignment(state.pair[taken], problem)

    return solved


class _Maker:
    def __init__(
        self, problem: Problem, best: Ints, solved: Callable[[Problem], Ints | None], *, within: float, different: float
    ) -> None:
        self.problem, self.best, self.solved = problem, best, solved
        placed = int((best >= 0).sum())
        self.moved = max(math.ceil(Fraction(str(different)) * placed), 1)
        total = self._total(best)
        self.least = total - math.floor(Fraction(str(within)) * abs(total))
        self.weight = self._weight(best)
        self.last: tuple[bytes, Ints | None] | None = None

    def another(self, known: list[Ints]) -> Alternative | None:
        """One more plan that meets every condition beside the known ones, or None."""
        repeated = np.zeros(self.problem.p, dtype=np.int64)
        for plan in known:
            repeated += plan[self.problem.rows] == self.problem.indices
        for price in self._prices(repeated, known):
            found = self._solved(repeated * price)
            if found is not None and self._holds(found, known):
                return Alternative(found, self._total(found), self._elsewhere(found, self.best))
        return None

    def _prices(self, repeated: Ints, known: list[Ints]) -> Iterator[int]:
        """Rising prices; then finer ones between the last at which too few moved and the first at which enough did."""
        low, high = 0, 0
        for turn in range(PRICES):
            price = FIRST_PRICE << turn
            yield price
            if self._is_apart(self._solved(repeated * price), known):
                low, high = price // 2, price
                break
        for _ in range(REFINED if high else 0):
            middle = (low + high) // 2
            yield middle
            apart = self._is_apart(self._solved(repeated * middle), known)
            low, high = (low, middle) if apart else (middle, high)

    def _solved(self, price: Ints) -> Ints | None:
        key = price.tobytes()
        if self.last is None or self.last[0] != key:
            self.last = key, self.solved(replace(self.problem, values=self.problem.values - price))
        return self.last[1]

    def _holds(self, plan: Ints, known: list[Ints]) -> bool:
        return (
            self._weight(plan) == self.weight
            and self._total(plan) >= self.least
            and self._is_apart(plan, known)
            and not broken_limits(self.problem, plan, self.problem.pairs_of(plan))
        )

    def _is_apart(self, plan: Ints | None, known: list[Ints]) -> bool:
        return plan is not None and all(self._elsewhere(plan, other) >= self.moved for other in known)

    def _elsewhere(self, plan: Ints, other: Ints) -> int:
        return int(((plan != other) & (plan >= 0)).sum())

    def _weight(self, plan: Ints) -> int:
        return exact_sum(self.problem.priority[plan >= 0])

    def _total(self, plan: Ints) -> int:
        pair = self.problem.pairs_of(plan)
        return exact_sum(self.problem.values[pair[pair >= 0]])


__all__ = ["Alternative", "alternatives"]
