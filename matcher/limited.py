"""Loads, group limits and minimums to open: solved to proven optimality, stage by stage.

Each stage is a search of its own (`matcher.tree`) among the assignments that are best in all stages before it: the
pairs that no such assignment takes are dropped by proof, and the value reached stays as a row. The last stage is the
tie rule, so the answer does not depend on the order in which anything was looked at.
"""
from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from matcher.bounds import Bound, Prices
from matcher.conflict import explain_conflict
from matcher.constraints import Residual, Row, dropping, residual, with_row
from matcher.cuts import with_cuts
from matcher.errors import Infeasible, NoPlanYet
from matcher.exact import Exact, exact_sum, roomy, whole_numbers
from matcher.groups import is_flow, solve_groups
from matcher.paths import solve_paths
from matcher.problem import Ints, Problem
from matcher.reduction import StageWeights, objective_stages
from matcher.rounding import rounded
from matcher.solution import PriceBlock, PriceTable, Solution, Stage
from matcher.tree import Outcome, Question, ceiling, maximise

EASY = 40
"""Nodes that the tie rule may cost before other assignments that are as good so far are looked for."""
EASY_PAIRS = 40_000
"""Pairs times such nodes at most: a node of a wide problem takes seconds."""
COARSE = 10_000
"""Worths with fewer steps than this leave so many equals that other assignments need not be looked for."""
TIE_PAIRS = 30_000
"""Pairs times nodes of HiGHS's own search that the tie rule may cost; then its bound stays above its value."""
SMALL, MANY_GROUPS = 20_000, 15
"""Below so many pairs a linear programme costs less than flows for more groups than this."""
CONTESTED = 2
"""Groups per student, of those who may go to any, from which flows are not tried first."""
GROUP_NODES = 60
"""Nodes times groups that flows may cost; what they leave open is left to linear programmes."""
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
    stages = objective_stages(problem, objective, unplaced_value)
    search = Stages(problem, deadline)
    if is_flow(search.state):
        found = search.by_groups(objective, stages)
        if found is not None:
            return found
    return search.through(objective, stages)


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
        self.prices: list[PriceBlock] = []
        self.aside = 0  # worth of being unplaced, in the stage's own unit
        self.trusted = False  # HiGHS has found the next stage's best already
        self.before: tuple[Residual, Ints, int] | None = None  # the last stage: residual, worth, value

    def through(self, objective: str, stages: Sequence[StageWeights], *, known: int = 0) -> Solution:
        """All stages in turn, as a solution; the plan at hand is proven best in so many of them already."""
        above = [stage.pair - stage.unplaced for stage in stages]
        stated = []
        for k, stage in enumerate(stages):
            self.aside = stage.unplaced
            if k < known:
                value = exact_sum(above[k][self.plan])
                self.narrow(above[k], value, None)
                stated.append(self.stated(stage, Reached(value, value)))
                continue
            found = self.best(above[k], stage.name, then=above[1] if k == 0 and len(stages) > 2 else None)
            stated.append(self.stated(stage, found))
        return self.solution(objective, stated)

    def by_groups(self, objective: str, stages: Sequence[StageWeights]) -> Solution | None:
        """All stages at once where only minimums to open and places limit; None where another way is better."""
        state = self.state
        above = [stage.pair[state.pair] - stage.unplaced for stage in stages]
        groups = len(state.grouped)
        if groups > MANY_GROUPS:
            if len(state.pair) < SMALL:
                return None
            if len(stages) > 2 and _contested(state) and self._begin(stages):
                return self.through(objective, stages, known=1)
        most_nodes = max(GROUP_NODES // max(groups, 1), 1)
        found = solve_groups(state, above[:-1], above[-1], most_nodes=most_nodes, deadline=self.deadline)
        if found is None:
            return None
        if found.infeasible:
            raise Infeasible(explain_conflict(self.problem, deadline=self.deadline))
        prices = [
            _student_prices(stage, price)
            for stage, price in zip(stages, found.root.student_prices, strict=False)
            if stage.name in PRICED
        ]
        if found.pairs is not None:
            self.pairs = np.sort(np.concatenate((state.taken, state.pair[found.pairs])))
        settled = found.pairs is not None and found.values == found.bounds
        late = self.deadline is not None and time.monotonic() >= self.deadline
        if not settled and not late:  # linear programmes decide what is left, from the plan found
            self._set(dropping(state, ~np.isin(np.arange(len(state.pair)), found.kept)))
            known = int(found.pairs is not None and len(stages) > 2 and found.values[0] == found.bounds[0])
            return replace(self.through(objective, stages, known=known), prices=PriceTable(prices))
        if self.pairs is None:
            raise NoPlanYet("the time limit struck before any assignment was found")
        self.prices = prices
        stated = []
        for k, stage in enumerate(stages):
            taken = exact_sum(stage.pair[state.taken] - stage.unplaced)
            stated.append(self.stated(stage, Reached(found.values[k] + taken, found.bounds[k] + taken)))
        return self.solution(objective, stated)

    def _begin(self, stages: Sequence[StageWeights]) -> bool:
        """Whether a first plan was found that is proven best in the first stage: no plan without minimums is better."""
        first, then = (stage.pair - stage.unplaced for stage in stages[:2])
        state = self.state
        indptr = np.searchsorted(state.student, np.arange(state.n + 1))
        root = solve_paths(indptr, state.opening, state.places, [first[state.pair]], [0])
        placed = root.pair[root.pair >= 0]
        most = exact_sum(first[state.pair[placed]]) + exact_sum(first[state.taken])
        self.pairs = rounded(self.problem, state, first, then, most, deadline=self.deadline)
        if self.pairs is None:
            return False
        self.prices.append(_student_prices(stages[0], root.student_prices[0]))
        return True

    def solution(self, objective: str, stages: Sequence[Stage]) -> Solution:
        """What was found, with the status that fits it."""
        assert self.pairs is not None
        assignment = np.full(self.problem.n, -1, dtype=np.int64)
        assignment[self.problem.rows[self.pairs]] = self.problem.indices[self.pairs]
        optimal = all(stage.value == stage.bound for stage in stages if stage.name != "tie")
        status = "optimal" if optimal else "feasible"
        return Solution(assignment, status, objective, tuple(stages), PriceTable(self.prices))

    def stated(self, stage: StageWeights, found: Reached) -> Stage:
        """The stage in its own unit: the unplaced are worth what the stage says."""
        aside = stage.unplaced * self.problem.n
        return Stage(stage.name, found.value + aside, found.bound + aside)

    def best(self, worth: Ints, name: str, *, then: Ints | None = None) -> Reached:
        """One stage more: ``worth`` (p,) above being unplaced as high as can be, and held there from now on.

        ``then`` is the worth of the next stage, for a search that serves both.
        """
        if not self.on_time:
            value = exact_sum(worth[self.pairs]) if self.pairs is not None else 0
            return Reached(value, max(value, ceiling(self.state, worth)))
        everywhere = np.concatenate((self.state.pair, self.state.taken))
        unit = max(int(np.gcd.reduce(worth[everywhere], initial=0)), 1)
        small = worth // unit
        self.state = with_cuts(self.state, small)
        found = self._settle_ties(small) if name == "tie" else None
        if found is None:
            question = Question(
                small, start=self.pairs, then=then, trusted=self.trusted,
                search_nodes=self._tie_nodes() if name == "tie" else None,
            )
            found = maximise(self.problem, self.state, question, deadline=self.deadline)
        if found.infeasible:
            raise Infeasible(explain_conflict(self.problem, deadline=self.deadline))
        if found.pairs is None:
            raise NoPlanYet("the time limit struck before any assignment was found")
        self.pairs, self.on_time = found.pairs, found.proven
        self.trusted = found.foreseen
        if found.prices is not None and name in PRICED:
            self._keep_prices(found.prices, name, unit)
        if found.proven:
            self.narrow(small, found.value, found.root)
        return Reached(found.value * unit, found.bound * unit)

    def _easy_nodes(self) -> int:
        return min(EASY, EASY_PAIRS // (len(self.state.pair) + 1) + 1)

    def _tie_nodes(self) -> int:
        return TIE_PAIRS // (len(self.state.pair) + 50) + 20

    def _settle_ties(self, worth: Ints) -> Outcome | None:
        """The last stage where it is easy: the relaxation settles it, or no other assignment is as good so far."""
        question = Question(worth, start=self.pairs, most_nodes=self._easy_nodes())
        found = maximise(self.problem, self.state, question, deadline=self.deadline)
        if found.proven or self.before is None or self.pairs is None:
            return found if found.proven else None
        state, earlier, value = self.before
        if int(np.abs(earlier).max(initial=0)) < COARSE:
            return None
        other = _without(state, self.pairs)
        if other is not None:
            question = Question(earlier, floor=value - 1, search_nodes=self._tie_nodes())
            rest = maximise(self.problem, other, question, deadline=self.deadline)
            if not rest.infeasible:
                return None
        most = exact_sum(worth[self.pairs])
        return Outcome(self.pairs, most, most, True, False, None, None, found.nodes, False)

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

    def narrow(self, worth: Ints, value: int, root: Bound | None) -> None:
        """Only assignments worth ``value``, the most there is, from now on; ``root`` bounds the residual as it is."""
        if root is not None and len(root.loss) == len(self.state.pair):
            self._set(dropping(self.state, root.below(value)))
        self.before = self.state, worth, value
        everywhere = np.concatenate((self.state.pair, self.state.taken))
        everywhere = np.sort(everywhere[worth[everywhere] != 0])
        if not len(everywhere):
            return
        coefficients = worth[everywhere]
        if (coefficients == 1).all():
            self.hold(Row(everywhere, None, value, None))
        elif (coefficients == -1).all():
            self.hold(Row(everywhere, None, None, -value))
        else:
            self.hold(Row(everywhere, coefficients, value, None))

    def _keep_prices(self, prices: Prices, name: str, unit: int) -> None:
        """The prices of a stage's relaxation, rounded to its unit: from them anybody can compute a bound."""
        def rounded(price: Exact) -> Exact:
            return whole_numbers([(one * unit + prices.scale // 2) // prices.scale for one in price.tolist()])

        limits = np.array([row.limit for row in self.state.rows], dtype=np.int64)
        limited = np.flatnonzero(limits >= 0)
        student = roomy(rounded(prices.student), 2) + self.aside
        self.prices.append(PriceBlock("student", name, np.arange(self.problem.n), student))
        self.prices.append(PriceBlock("limit", name, limits[limited], rounded(prices.row)[limited]))


def _student_prices(stage: StageWeights, price: Exact) -> PriceBlock:
    """Prices above being unplaced (n,) in the stage's own unit."""
    return PriceBlock("student", stage.name, np.arange(len(price)), roomy(price, 2) + stage.unplaced)


def _contested(state: Residual) -> bool:
    """Whether groups take each other's students: those who may go to one may mostly go to several."""
    inside = np.isin(state.opening, state.grouped)
    return int(inside.sum()) > CONTESTED * len(np.unique(state.student[inside]))


def _without(state: Residual, pairs: Ints) -> Residual | None:
    """Only other assignments than this one."""
    everywhere = np.sort(np.concatenate((state.pair, state.taken)))
    inside = np.isin(everywhere, pairs, assume_unique=True)
    return with_row(state, Row(everywhere, np.where(inside, -1, 1), 1 - int(inside.sum()), None))


__all__ = ["Reached", "Stages", "solve_limited"]
