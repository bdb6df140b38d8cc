"""Loads, group limits and minimums to open: solved to proven optimality, stage by stage.

Each stage is a search of its own (`matcher.tree`) among the assignments that are best in all stages before it: the
pairs that no such assignment takes are dropped by proof, and the value reached stays as a row. The last stage is the
tie rule, so the answer does not depend on the order in which anything was looked at.
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.bounds import Prices
from matcher.conflict import explain_conflict
from matcher.constraints import Residual, Row, dropping, residual, with_row
from matcher.errors import Infeasible, NoPlanYet
from matcher.exact import exact_sum
from matcher.problem import Ints, Problem
from matcher.reduction import StageWeights, objective_stages
from matcher.solution import Price, Solution, Stage
from matcher.tree import Outcome, maximise

PRICED = ("priority", "fit")
"""Stages whose prices are kept: from them anybody can compute a bound."""


def solve_limited(
    problem: Problem, *, objective: str = "placed", unplaced_value: int = 0, deadline: float | None = None
) -> Solution:
    """Solve a problem with any limits for the objectives ``placed`` and ``fit``.

    Parameters
    ----------
    problem : Problem
        Any limits; pins that exclude each other are the caller's to find first.
    objective : {"placed", "fit"}
        As `matcher.solver.solve`.
    unplaced_value : int
        Worth of an unplaced student in the objective ``fit``, in millionths.
    deadline : float, optional
        On the clock of `time.monotonic`.

    Returns
    -------
    Solution
        Status optimal, or feasible when the deadline struck.

    Raises
    ------
    Infeasible
        If no assignment holds every limit.
    NoPlanYet
        If the deadline struck before any assignment was found.
    """
    return Stages(problem, deadline).through(objective, objective_stages(problem, objective, unplaced_value))


@dataclass(frozen=True, slots=True)
class Reached:
    """A stage as far as it came: value and bound above everybody unplaced."""

    value: int
    bound: int


class Stages:
    """A residual that narrows, stage by stage, to the assignments that are best in all of them."""

    def __init__(self, problem: Problem, deadline: float | None) -> None:
        self.problem, self.deadline = problem, deadline
        state = residual(problem)
        if state is None:
            raise Infeasible(explain_conflict(problem, deadline=deadline))
        self.state: Residual = state
        self.pairs: Ints | None = None
        self.on_time = True
        self.prices: list[Price] = []

    def through(self, objective: str, stages: Sequence[StageWeights]) -> Solution:
        """All stages in turn, as a solution."""
        reached = [self.best(stage.pair - stage.unplaced, stage.name) for stage in stages]
        return self.solution(
            objective, [self.stated(stage, found) for stage, found in zip(stages, reached, strict=True)]
        )

    def solution(self, objective: str, stages: Sequence[Stage]) -> Solution:
        """What was found, with the status that fits it."""
        assert self.pairs is not None
        assignment = np.full(self.problem.n, -1, dtype=np.int64)
        assignment[self.problem.rows[self.pairs]] = self.problem.indices[self.pairs]
        optimal = all(stage.value == stage.bound for stage in stages)
        return Solution(assignment, "optimal" if optimal else "feasible", objective, tuple(stages), tuple(self.prices))

    def stated(self, stage: StageWeights, found: Reached) -> Stage:
        """The stage in its own unit: the unplaced are worth what the stage says."""
        aside = stage.unplaced * self.problem.n
        return Stage(stage.name, found.value + aside, found.bound + aside)

    def best(self, worth: Ints, name: str) -> Reached:
        """One stage more: ``worth`` (p,) above being unplaced as high as can be, and held there from now on."""
        if not self.on_time:
            value = exact_sum(worth[self.pairs]) if self.pairs is not None else 0
            return Reached(value, max(value, _ceiling(self.state, worth)))
        unit = max(int(np.gcd.reduce(worth[np.concatenate((self.state.pair, self.state.taken))], initial=0)), 1)
        small = worth // unit
        found = maximise(self.problem, self.state, small, start=self.pairs, deadline=self.deadline)
        if found.infeasible:
            raise Infeasible(explain_conflict(self.problem, deadline=self.deadline))
        if found.pairs is None:
            raise NoPlanYet("the time limit struck before any assignment was found")
        self.pairs = found.pairs
        self.on_time = found.proven
        if found.prices is not None and name in PRICED:
            self._keep_prices(found.prices, name, unit)
        if found.proven:
            self._narrow(small, found)
        return Reached(found.value * unit, found.bound * unit)

    @property
    def plan(self) -> Ints:
        """Pairs of the assignment at hand, ascending."""
        assert self.pairs is not None
        return self.pairs

    def settled(self) -> bool:
        """Whether no other assignment is left."""
        return not len(self.state.pair)

    def hold(self, row: Row) -> None:
        """Hold a row from now on; the assignment at hand holds it."""
        self._set(with_row(self.state, row))

    def drop(self, mask: NDArray[np.bool_]) -> None:
        """Drop pairs of the problem (p,) from now on; the assignment at hand has none of them."""
        self._set(dropping(self.state, mask[self.state.pair]))

    def _set(self, state: Residual | None) -> None:
        assert state is not None
        self.state = state

    def _narrow(self, worth: Ints, found: Outcome) -> None:
        if found.root is not None and len(found.root.loss) == len(self.state.pair):
            self._set(dropping(self.state, found.root.below(found.value)))
        everywhere = np.concatenate((self.state.pair, self.state.taken))
        everywhere = np.sort(everywhere[worth[everywhere] != 0])
        if not len(everywhere):
            return
        coefficients = worth[everywhere]
        if (coefficients == 1).all():
            self.hold(Row(everywhere, None, found.value, None))
        elif (coefficients == -1).all():
            self.hold(Row(everywhere, None, None, -found.value))
        else:
            self.hold(Row(everywhere, coefficients, found.value, None))

    def _keep_prices(self, prices: Prices, name: str, unit: int) -> None:
        """The prices of a stage's relaxation, rounded to its unit: from them anybody can compute a bound."""
        def rounded(price: int) -> int:
            return (price * unit + prices.scale // 2) // prices.scale

        for i, price in enumerate(prices.student.tolist()):
            self.prices.append(Price("student", i, name, rounded(price)))
        for row, price in zip(self.state.rows, prices.row.tolist(), strict=True):
            if row.limit >= 0:
                self.prices.append(Price("limit", row.limit, name, rounded(price)))


def _ceiling(state: Residual, worth: Ints) -> int:
    best = np.zeros(state.n, dtype=np.int64)
    np.maximum.at(best, state.student, worth[state.pair])
    return exact_sum(best) + exact_sum(worth[state.taken])


__all__ = ["Reached", "Stages", "solve_limited"]
