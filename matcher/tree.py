"""Branch and bound over a `Residual`, exact: every node is closed by a whole-number bound or by having nothing left.

HiGHS proposes (relaxations, assignments), whole numbers decide: a node is pruned when `matcher.bounds.bound` says that
nothing in it beats the incumbent, or that nothing in it holds the limits. Branching is over openings that open or stay
closed first, then over pairs. Nodes go best bound first, so the bound of what is open is the bound of the whole.
"""
from __future__ import annotations

import heapq
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from matcher.bounds import Bound, Prices, bound
from matcher.certificate_limits import broken_limits
from matcher.constraints import Residual, closing, dropping, opening, taking
from matcher.exact import exact_sum
from matcher.milp import Relaxation, model, relax, search
from matcher.problem import Ints, Problem

HALF = 1e-6
"""An x this close to 0 or 1 is taken for it, to propose an assignment; nothing is concluded from it."""
EFFORT = 3_000
"""Nodes of the tree after which HiGHS's own search is believed where the numbers are small enough for it."""


@dataclass(slots=True, eq=False)
class Best:
    """The best assignment known: pairs of the problem, ascending, and what they are worth; none yet: None."""

    pairs: Ints | None = None
    value: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """The best assignment (None: none found), its value, a bound, and whether nothing is better.

    ``root`` is the root's bound with its prices, None when the residual was settled without one; ``infeasible`` is
    proven where it stands.
    """

    pairs: Ints | None
    value: int
    bound: int
    proven: bool
    infeasible: bool
    root: Bound | None
    prices: Prices | None
    nodes: int


@dataclass(order=True, slots=True)
class _Node:
    key: tuple[int, int]
    state: Residual = field(compare=False)


def maximise(
    problem: Problem, state: Residual, worth: Ints, *, start: Ints | None = None, deadline: float | None = None,
    effort: int = EFFORT,
) -> Outcome:
    """The assignment of the residual that is worth most, proven.

    Parameters
    ----------
    problem : Problem
        Where pairs come from; assignments are checked against all its limits.
    state : Residual
        What may be taken; its rows hold too.
    worth : int64 array, shape (p,)
        Worth of each pair of the problem above that of being unplaced.
    start : int64 array, optional
        Pairs of an assignment that holds everything.
    deadline : float, optional
        On the clock of `time.monotonic`.
    effort : int
        Nodes to spend where HiGHS's own search has finished already.
    """
    return _Tree(problem, state, worth, deadline, effort).run(start)


class _Tree:
    def __init__(self, problem: Problem, state: Residual, worth: Ints, deadline: float | None, effort: int) -> None:
        self.problem, self.first, self.worth = problem, state, worth
        self.deadline, self.effort = deadline, effort
        self.best = Best()
        self.nodes = 0
        self.root: tuple[Bound, Prices] | None = None
        self.believed: int | None = None  # the value HiGHS finished with, on numbers it can hold

    def run(self, start: Ints | None) -> Outcome:
        if start is not None:
            self._offer(start)
        heap: list[_Node] = []
        serial = 0
        ceiling = _ceiling(self.first, self.worth)
        heapq.heappush(heap, _Node((-ceiling, serial), self.first))
        while heap:
            node = heapq.heappop(heap)
            most = -node.key[0]
            if self.best.pairs is not None and most <= self.best.value:
                heap.clear()
                break
            if self._spent():
                heapq.heappush(heap, node)
                break
            self.nodes += 1
            for child, reach in self._split(node.state, most):
                serial += 1
                heapq.heappush(heap, _Node((-reach, serial), child))
        return self._outcome(heap)

    def _spent(self) -> bool:
        if self.deadline is not None and time.monotonic() >= self.deadline:
            return True
        return self._is_believed() and self.nodes >= self.effort

    def _is_believed(self) -> bool:
        return self.believed is not None and self.believed == self.best.value

    def _outcome(self, heap: list[_Node]) -> Outcome:
        found = self.best.pairs is not None
        reach = max((-node.key[0] for node in heap), default=None)
        done = reach is None or (found and reach <= self.best.value) or (found and self._is_believed())
        bound_ = self.best.value if done else max(reach or 0, self.best.value if found else reach or 0)
        root, prices = self.root if self.root is not None else (None, None)
        nothing = reach is None and not found
        return Outcome(self.best.pairs, self.best.value, bound_, done and found, nothing, root, prices, self.nodes)

    def _split(self, state: Residual, most: int) -> Iterator[tuple[Residual, int]]:
        """Look at a node; yield what of it may still hold something better, in two parts."""
        if not len(state.pair):
            self._offer(state.taken)
            return
        shape = model(state)
        found = relax(state, self.worth, shape)
        if found.infeasible:
            if bound(state, np.zeros_like(self.worth), found.prices).total < 0:
                return
            yield from self._children(state, found, most)
            return
        reach = bound(state, self.worth, found.prices)
        self._propose(state, found)
        if self.nodes == 1:
            self.root = (reach, found.prices)
            if self.best.pairs is None or reach.most > self.best.value:
                self._ask(state)
        if self.best.pairs is not None:
            if reach.most <= self.best.value:
                return
            narrowed = dropping(state, reach.below(self.best.value + 1))
            if narrowed is None:
                return
            if len(narrowed.pair) < 0.8 * len(state.pair):
                yield narrowed, min(most, reach.most)
                return
        yield from self._children(state, found, min(most, reach.most))

    def _ask(self, state: Residual) -> None:
        result = search(state, self.worth, deadline=self.deadline)
        if result.chosen is not None:
            self._offer(np.concatenate((state.taken, result.chosen)))
            if result.finished and self._fits_doubles(state) and self.best.pairs is not None:
                self.believed = self.best.value

    def _fits_doubles(self, state: Residual) -> bool:
        """Whether totals are small enough for HiGHS to tell one unit apart."""
        return exact_sum(np.abs(self.worth[state.pair])) < 2**50

    def _propose(self, state: Residual, found: Relaxation) -> None:
        taken = found.x > 0.5
        if (np.abs(found.x - taken) <= HALF).all():
            self._offer(np.concatenate((state.taken, state.pair[taken])))

    def _offer(self, pairs: Ints) -> None:
        """Keep an assignment when it holds every limit and is better."""
        pairs = np.sort(pairs)
        value = exact_sum(self.worth[pairs])
        if (self.best.pairs is None or value > self.best.value) and holds(self.problem, self.first, pairs):
            self.best.pairs, self.best.value = pairs, value

    def _children(self, state: Residual, found: Relaxation, most: int) -> Iterator[tuple[Residual, int]]:
        grouped = state.grouped
        if len(grouped):
            j = int(grouped[_most_open(state, found, grouped)])
            parts = (opening(state, j), closing(state, j))
        else:
            at = _most_open_pair(state, found, self.worth)
            mask = np.zeros(len(state.pair), dtype=bool)
            mask[at] = True
            parts = (taking(state, at), dropping(state, mask))
        for part in parts:
            if part is not None:
                yield part, most


def holds(problem: Problem, state: Residual, pairs: Ints) -> bool:
    """Whether these pairs are an assignment that holds the problem's limits and the residual's own rows."""
    students = problem.rows[pairs]
    if len(np.unique(students)) < len(students):
        return False
    pair = np.full(problem.n, -1, dtype=np.int64)
    pair[students] = pairs
    assignment = np.full(problem.n, -1, dtype=np.int64)
    assignment[students] = problem.indices[pairs]
    if not np.isin(state.taken, pairs, assume_unique=True).all():
        return False
    for row in state.rows:
        inside = np.isin(row.pairs, pairs, assume_unique=True)
        used = int(inside.sum()) if row.coefficients is None else exact_sum(row.coefficients[inside])
        if (row.lower is not None and used < row.lower) or (row.upper is not None and used > row.upper):
            return False
    return not broken_limits(problem, assignment, pair)


def _ceiling(state: Residual, worth: Ints) -> int:
    best = np.zeros(state.n, dtype=np.int64)
    np.maximum.at(best, state.student, worth[state.pair])
    return exact_sum(best) + exact_sum(worth[state.taken])


def _most_open(state: Residual, found: Relaxation, grouped: Ints) -> int:
    """The undecided opening the relaxation is least decided about."""
    if found.infeasible:
        return 0
    inside = np.bincount(state.opening, weights=found.x, minlength=state.m)[grouped]
    short = np.minimum(inside, np.maximum(state.need[grouped] - inside, 0.0)) / state.need[grouped]
    return int(np.argmax(short + np.minimum(found.y, 1.0 - found.y)))


def _most_open_pair(state: Residual, found: Relaxation, worth: Ints) -> int:
    if found.infeasible:
        return 0
    apart: NDArray[np.float64] = np.minimum(found.x, 1.0 - found.x)
    size = max(float(np.abs(worth[state.pair]).max()), 1.0)
    return int(np.argmax(np.where(apart > HALF, 1.0 + apart + worth[state.pair] / size * 0.1, found.x)))
