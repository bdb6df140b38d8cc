"""Who keeps the own opening when the scores turn out otherwise: the plan solved again under other scores.

A scenario gives every pair another score; pairs, limits, locks and priorities stay. Its plan has the highest sum of
priorities there is (that does not hang on scores), then the highest total score; among equals as many as possible
keep the opening they have, then the tie numbers settle it.

Where places, locks and priorities are all there is, every scenario is solved as any plan. Under other limits the
relaxation is solved with the groups open that are open now, which mostly settles it; then every group in turn is
closed (or opened), and only where the bound still leaves something better a tree is searched (`matcher.tree`). A tree
that finds no end in `NODES` nodes leaves the best plan found. Larger problems, and the objective ``balanced`` beyond a
few pairs, are left open. What is done hangs on sizes, never on the clock.
"""
from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from matcher.bounds import Prices, bound
from matcher.constraints import Residual, Row, closing, dropping, opening, residual, with_row
from matcher.exact import exact_sum
from matcher.highs import Basis
from matcher.milp import Model, Relaxation, model, relax, search
from matcher.plain import solve_plain
from matcher.problem import Ints, Problem
from matcher.reduction import StageWeights
from matcher.solution import Solution
from matcher.solver import search as solve_again
from matcher.tree import HALF, Question, holds, maximise

PLAIN_PAIRS = 50_000
"""More pairs than this are left open where places alone limit."""
LIMITED_PAIRS = 8_000
"""More pairs than this are left open under other limits."""
GROUPS = 50
"""More groups than this are left open."""
NODES = 60
"""Nodes of a tree at most."""
BALANCED_PAIRS = 200
"""More pairs than this are left open for the objective ``balanced``."""
_FEW_NODES = 200  # of HiGHS's search among the pairs that a relaxation uses
_SCORE, _KEEP, _TIE = 1 << 14, 1 << 9, 28  # weights of a score, of keeping; bits of a tie number that do not count
Answer = Callable[[Ints], Ints]


def keepers(
    problem: Problem, solution: Solution, scores: Sequence[Ints], *, unplaced_value: int = 0
) -> NDArray[np.bool_] | None:
    """Say which students have their opening in the plan of each scenario.

    Parameters
    ----------
    problem : Problem
        As it was solved.
    solution : Solution
        Its optimal plan.
    scores : sequence of int64 arrays, shape (p,)
        The scores of each scenario, in millionths.
    unplaced_value : int
        As it was solved.

    Returns
    -------
    bool array, shape (scenarios, n), or None
        True for who keeps the opening, False for others and the unplaced; None where that is left open.

    Examples
    --------
    >>> from matcher import build_problem, solve
    >>> problem = build_problem([0, 0, 1], [0, 1, 1], [900_000, 800_000, 500_000], places=[1, 1])
    >>> plan = solve(problem)
    >>> keepers(problem, plan, [np.array([700_000, 800_000, 500_000])]).tolist()
    [[True, True]]
    >>> problem = build_problem([0, 0, 1, 1], [0, 1, 0, 1], [900_000, 800_000, 500_000, 450_000], places=[1, 1])
    >>> keepers(problem, solve(problem), [np.array([700_000, 800_000, 500_000, 450_000])]).tolist()
    [[False, False]]
    """
    answer = _method(problem, solution, unplaced_value)
    if answer is None:
        return None
    keep = np.empty((len(scores), problem.n), dtype=bool)
    for row, score in zip(keep, scores, strict=True):
        row[:] = (answer(score) == solution.assignment) & (solution.assignment >= 0)
    return keep


def _method(problem: Problem, solution: Solution, unplaced_value: int) -> Answer | None:
    """How a scenario's plan is found, openings by student; None where it is left open."""
    if solution.status != "optimal":
        return None
    if solution.objective == "balanced":
        return _balanced(problem) if problem.p <= BALANCED_PAIRS else None
    if problem.is_plain:
        return _plain(problem, solution, unplaced_value) if problem.p <= PLAIN_PAIRS else None
    few = problem.p <= LIMITED_PAIRS and int((problem.required > 1).sum()) <= GROUPS
    return _Limited(problem, solution, unplaced_value).plan if few else None


def _kept(problem: Problem, solution: Solution) -> Ints:
    kept: Ints = (solution.assignment[problem.rows] == problem.indices).astype(np.int64)
    return kept


def _balanced(problem: Problem) -> Answer:
    def plan(score: Ints) -> Ints:
        changed = replace(problem, values=np.maximum(score, 1))  # the objective needs scores above 0
        found: Ints = solve_again(changed, objective="balanced").assignment
        return found

    return plan


def _plain(problem: Problem, solution: Solution, unplaced_value: int) -> Answer:
    first: list[StageWeights] = []
    if solution.objective == "placed":
        first.append(StageWeights("priority", problem.priority[problem.rows]))
    aside = unplaced_value if solution.objective == "fit" else 0
    kept, tie = StageWeights("kept", _kept(problem, solution)), StageWeights("tie", problem.ties)

    def plan(score: Ints) -> Ints:
        found: Ints = solve_plain(problem, (*first, StageWeights("fit", score, aside), kept, tie)).assignment
        return found

    return plan


class _Limited:
    """The scenarios of a problem with loads, group limits or minimums."""

    def __init__(self, problem: Problem, solution: Solution, unplaced_value: int) -> None:
        self.problem = problem
        pairs = problem.pairs_of(solution.assignment)
        self.start: Ints = np.sort(pairs[pairs >= 0])
        self.aside = unplaced_value if solution.objective == "fit" else 0
        self.extra = _kept(problem, solution) * _KEEP + (problem.ties >> _TIE)
        state = residual(problem)
        if state is not None and solution.objective == "placed":
            state = _with_priority(problem, state, self.start)
        assert state is not None  # the plan at hand is one
        self.state: Residual = state
        self.bases: dict[str, Basis | None] = {}  # where the relaxations of the last scenario ended
        self.shapes: dict[str, Model] = {}
        self.flips, self.as_is = self._patterns(state, np.bincount(self.start_openings(), minlength=problem.m))

    def start_openings(self) -> Ints:
        """Opening of everybody who is placed in the plan at hand."""
        return self.problem.indices[self.start]

    def _patterns(self, state: Residual, filled: Ints) -> tuple[tuple[Residual, ...], Residual]:
        """All plans, parted: first group otherwise, first as it is and second otherwise, ..., all as they are."""
        flips = []
        for j in state.grouped.tolist():
            ways = (opening, closing) if filled[j] else (closing, opening)
            stays, flipped = ways[0](state, j), ways[1](state, j)
            if flipped is not None:
                flips.append(flipped)
            assert stays is not None  # the plan at hand is one
            state = stays
        return tuple(flips), state

    def plan(self, score: Ints) -> Ints:
        """The openings of a scenario's plan."""
        worth = (score - self.aside) * _SCORE + self.extra
        pairs = self._best(worth)
        result = np.full(self.problem.n, -1, dtype=np.int64)
        result[self.problem.rows[pairs]] = pairs
        return self.problem.assignment_of(result)

    def _best(self, worth: Ints) -> Ints:
        if not len(self.state.pair):
            return self.start
        pairs = self.start
        if len(self.as_is.pair):
            found = self._relaxed("as it is", self.as_is, worth)
            pairs = self._better(self.as_is, worth, self._among_used(worth, found.x), found.prices)
        if self.flips:
            prices = self._relaxed("undecided", self.state, worth).prices  # good for every part
            for k, part in enumerate(self.flips):
                same = len(part.rows) == len(prices.row)  # a part that decides a whole row has prices of its own
                own = prices if same else self._relaxed(f"part {k}", part, worth).prices
                pairs = self._better(part, worth, pairs, own)
        return pairs

    def _relaxed(self, name: str, state: Residual, worth: Ints) -> Relaxation:
        """The relaxation; scenarios differ in scores alone, so each begins where the last one ended."""
        if name not in self.shapes:
            self.shapes[name] = model(state)
        found = relax(state, worth, self.shapes[name], start=self.bases.get(name))
        self.bases[name] = found.basis
        return found

    def _among_used(self, worth: Ints, x: NDArray[np.float64]) -> Ints:
        """The best plan among the pairs that the relaxation or the plan at hand uses."""
        few = dropping(self.as_is, (x <= HALF) & ~np.isin(self.as_is.pair, self.start))
        chosen = None if few is None else search(few, worth, nodes=_FEW_NODES).chosen
        if few is None or chosen is None:
            return self.start
        pairs = np.sort(np.concatenate((few.taken, chosen)))
        better = exact_sum(worth[pairs]) > exact_sum(worth[self.start])
        return pairs if better and holds(self.problem, self.as_is, pairs) else self.start

    def _better(self, state: Residual, worth: Ints, pairs: Ints, prices: Prices) -> Ints:
        """A better plan of one part, if there is one."""
        value = exact_sum(worth[pairs])
        reach = bound(state, worth, prices)
        left = None if reach.most <= value else dropping(state, reach.below(value + 1))
        if left is None:
            return pairs
        found = maximise(self.problem, left, Question(worth, floor=value, most_nodes=NODES)).pairs
        return pairs if found is None else found


def _with_priority(problem: Problem, state: Residual, plan: Ints) -> Residual | None:
    """Only plans that place as much priority as the plan at hand."""
    priority = problem.priority[problem.rows]
    everywhere = np.sort(np.concatenate((state.pair, state.taken)))
    everywhere = everywhere[priority[everywhere] != 0]
    if not len(everywhere):
        return state
    weights = priority[everywhere]
    same = bool((weights == 1).all())
    return with_row(state, Row(everywhere, None if same else weights, exact_sum(priority[plan]), None))
