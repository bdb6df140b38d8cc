"""Other plans that are nearly as good: so that people choose among real alternatives, not among one.

Each further plan comes from the same solver with the same limits; a place that earlier plans gave to a student is
worth a little less to that student, and the price of repetition rises until enough students go elsewhere. What is
returned is checked against the stated conditions with the true values.
"""
from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from matcher.errors import InvalidProblem
from matcher.exact import exact_sum
from matcher.problem import Ints, Problem
from matcher.solution import Solution
from matcher.solver import search

FIRST_PRICE = 1_000
"""The first price of a repeated place, in millionths of a score; it doubles until enough students move."""
PRICES = 24
REFINED = 5


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

    def solved(changed: Problem) -> Ints:
        found = search(changed, objective=objective, unplaced_value=unplaced_value, time_limit=time_limit)
        return found.assignment

    maker = _Maker(problem, solution.assignment, solved, within=within, different=different)
    plans: list[Alternative] = []
    for _ in range(count):
        found = maker.another([solution.assignment, *(plan.assignment for plan in plans)])
        if found is None:
            break
        plans.append(found)
    return tuple(plans)


class _Maker:
    def __init__(
        self, problem: Problem, best: Ints, solved: Callable[[Problem], Ints], *, within: float, different: float
    ) -> None:
        self.problem, self.best, self.solved = problem, best, solved
        placed = int((best >= 0).sum())
        self.moved = max(int(np.ceil(different * placed)), 1)
        total = self._total(best)
        self.least = total - int(abs(total) * within)
        self.weight = self._weight(best)
        self.last: tuple[bytes, Ints] | None = None

    def another(self, known: list[Ints]) -> Alternative | None:
        """One more plan that meets every condition beside the known ones, or None."""
        repeated = np.zeros(self.problem.p, dtype=np.int64)
        for plan in known:
            repeated += plan[self.problem.rows] == self.problem.indices
        for price in self._prices(repeated, known):
            plan = self._solved(repeated * price)
            if self._holds(plan, known):
                return Alternative(plan, self._total(plan), self._elsewhere(plan, self.best))
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

    def _solved(self, price: Ints) -> Ints:
        key = price.tobytes()
        if self.last is None or self.last[0] != key:
            self.last = key, self.solved(replace(self.problem, values=self.problem.values - price))
        return self.last[1]

    def _holds(self, plan: Ints, known: list[Ints]) -> bool:
        return (
            self._weight(plan) == self.weight
            and self._total(plan) >= self.least
            and self._is_apart(plan, known)
        )

    def _is_apart(self, plan: Ints, known: list[Ints]) -> bool:
        return all(self._elsewhere(plan, other) >= self.moved for other in known)

    def _elsewhere(self, plan: Ints, other: Ints) -> int:
        return int(((plan != other) & (plan >= 0)).sum())

    def _weight(self, plan: Ints) -> int:
        return exact_sum(self.problem.priority[plan >= 0])

    def _total(self, plan: Ints) -> int:
        pair = self.problem.pairs_of(plan)
        return exact_sum(self.problem.values[pair[pair >= 0]])


__all__ = ["Alternative", "alternatives"]
