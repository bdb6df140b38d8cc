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
from matcher.foresight import fits_doubles, foresee
from matcher.highs import Basis
from matcher.milp import Relaxation, relax, search
from matcher.problem import Ints, Problem

HALF = 1e-6
"""An x this close to 0 or 1 is taken for it, to propose an assignment; nothing is concluded from it."""
EFFORT = 40_000
"""Cost of nodes, in pairs looked at, after which HiGHS's own search is believed where its tolerances leave no doubt."""
ROW_COST, NODE_COST = 20, 300


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """The best assignment (None: none found), its value, a bound, and whether nothing is better.

    ``infeasible``: nothing (above the floor, where one was given) is left. ``root`` is the root's bound with its
    prices, None when the residual was settled without one. ``foreseen``: best in the next stage too, says HiGHS.
    """

    pairs: Ints | None
    value: int
    bound: int
    proven: bool
    infeasible: bool
    root: Bound | None
    prices: Prices | None
    nodes: int
    foreseen: bool


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """What is asked of a residual.

    Attributes
    ----------
    worth : int64 array, shape (p,)
        Worth of each pair of the problem above that of being unplaced; as high a total as can be is wanted.
    start : int64 array, optional
        Pairs of an assignment that holds everything.
    floor : int, optional
        Only assignments worth more than this are of interest.
    then : int64 array, optional
        The worth (p,) of the next stage.
    trusted : bool
        HiGHS has found ``start`` to be the best already.
    most_nodes : int, optional
        Give up after so many nodes, and do not ask HiGHS.
    search_nodes : int, optional
        Let HiGHS's own search give up after so many nodes; then `EFFORT` is all that is spent.
    """

    worth: Ints
    start: Ints | None = None
    floor: int | None = None
    then: Ints | None = None
    trusted: bool = False
    most_nodes: int | None = None
    search_nodes: int | None = None


@dataclass(order=True, slots=True)
class _Node:
    key: tuple[int, int]
    state: Residual = field(compare=False)


def maximise(problem: Problem, state: Residual, question: Question, *, deadline: float | None = None) -> Outcome:
    """The assignment of the residual that is worth most, proven.

    Parameters
    ----------
    problem : Problem
        Where pairs come from; assignments are checked against all its limits.
    state : Residual
        What may be taken; its rows hold too.
    question : Question
        What it is worth, and what is known already.
    deadline : float, optional
        On the clock of `time.monotonic`.
    """
    return _Tree(problem, state, question, deadline).run()


class _Tree:
    def __init__(self, problem: Problem, state: Residual, question: Question, deadline: float | None) -> None:
        self.problem, self.first, self.asked, self.deadline = problem, state, question, deadline
        self.worth = question.worth
        self.pairs: Ints | None = None
        self.floor = question.floor  # nothing worth this or less is of interest
        self.nodes, self.spent = 0, 0
        self.root: tuple[Bound, Prices] | None = None
        self.believed: int | None = None  # the most there is, says HiGHS, on numbers it can hold
        self.foreseen: Ints | None = None
        self.basis: Basis | None = None  # of the relaxation looked at last: most of the next one's

    def run(self) -> Outcome:
        if self.asked.start is not None:
            self._offer(self.asked.start)
            self.believed = self.floor if self.asked.trusted else None
        heap = [_Node((-ceiling(self.first, self.worth), 0), self.first)]
        serial = 0
        while heap and not self._spent():
            node = heapq.heappop(heap)
            most = -node.key[0]
            if self.floor is not None and most <= self.floor:
                heap.clear()
                break
            self.nodes += 1
            self.spent += len(node.state.pair) + ROW_COST * len(node.state.rows) + NODE_COST
            for child, reach in self._split(node.state, most):
                serial += 1
                heapq.heappush(heap, _Node((-reach, serial), child))
        return self._outcome(heap)

    def _spent(self) -> bool:
        if self.deadline is not None and time.monotonic() >= self.deadline:
            return True
        if self.asked.most_nodes is not None and self.nodes >= self.asked.most_nodes:
            return True
        # With neither HiGHS's word nor a limit of its own, the question is asked to the end: only a clock may stop it.
        return (self._is_believed() or self.asked.search_nodes is not None) and self.spent >= EFFORT

    def _is_believed(self) -> bool:
        return self.believed is not None and self.floor is not None and self.believed <= self.floor

    def _outcome(self, heap: list[_Node]) -> Outcome:
        reach = max((-node.key[0] for node in heap), default=None)
        done = reach is None or (self.floor is not None and reach <= self.floor) or self._is_believed()
        value = self.floor if self.floor is not None else 0
        most = value if done or reach is None else max(reach, value)
        root, prices = self.root if self.root is not None else (None, None)
        found = self.pairs is not None
        both = self.pairs is not None and self.foreseen is not None and np.array_equal(self.foreseen, self.pairs)
        return Outcome(self.pairs, value, most, done and found, done and not found, root, prices, self.nodes, both)

    def _split(self, state: Residual, most: int) -> Iterator[tuple[Residual, int]]:
        """Look at a node; yield what of it may still hold something better, in two parts."""
        if not len(state.pair):
            self._offer(state.taken)
            return
        found = relax(state, self.worth, start=self.basis, plan=self.pairs, deadline=self.deadline)
        self.basis = found.basis or self.basis
        if found.infeasible:
            if bound(state, np.zeros_like(self.worth), found.prices).total >= 0:
                yield from self._children(state, found, most)
            return
        reach = bound(state, self.worth, found.prices)
        most = min(most, reach.most)
        self._propose(state, found)
        if self.nodes == 1:
            self.root = (reach, found.prices)
            near = None if self.floor is None else dropping(state, reach.below(self.floor))
            self._ask(state if near is None else near, most)
        if self.floor is not None:
            if most <= self.floor:
                return
            narrowed = dropping(state, reach.below(self.floor + 1))
            if narrowed is None:
                return
            if len(narrowed.pair) < 0.8 * len(state.pair):
                yield narrowed, most
                return
        yield from self._children(state, found, most)

    def _ask(self, state: Residual, most: int) -> None:
        """Let HiGHS search, for the next stage too, as long as the root's bound leaves something to be found."""
        if self.asked.most_nodes is not None or self.asked.trusted:
            return
        if self.asked.then is not None and (self.floor is None or most > self.floor):
            seen = foresee(self.problem, state, self.worth, self.asked.then, most, deadline=self.deadline)
            if seen.pairs is not None:
                self._offer(seen.pairs)
                if self.pairs is seen.pairs:
                    self.foreseen = seen.pairs if seen.both else None
                    self.believed = self.floor if seen.first and fits_doubles(self.worth[state.pair]) else None
        if self._is_believed() or (self.floor is not None and most <= self.floor):
            return
        result = search(state, self.worth, nodes=self.asked.search_nodes, deadline=self.deadline)
        if result.chosen is not None:
            pairs = np.sort(np.concatenate((state.taken, result.chosen)))
            self._offer(pairs)
            sure = result.finished and fits_doubles(self.worth[state.pair])
            if sure and holds(self.problem, self.first, pairs):
                self.believed = exact_sum(self.worth[pairs])

    def _propose(self, state: Residual, found: Relaxation) -> None:
        taken = found.x > 0.5
        if (np.abs(found.x - taken) <= HALF).all():
            self._offer(np.sort(np.concatenate((state.taken, state.pair[taken]))))

    def _offer(self, pairs: Ints) -> None:
        """Keep an assignment (pairs, ascending) when it holds every limit and is better."""
        value = exact_sum(self.worth[pairs])
        if (self.floor is None or value > self.floor) and holds(self.problem, self.first, pairs):
            self.pairs, self.floor = pairs, value

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


def ceiling(state: Residual, worth: Ints) -> int:
    """A bound that costs nothing: every student in the best free pair."""
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
