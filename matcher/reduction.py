"""From a problem to graphs and weights: the stages of an objective, and what locks leave over."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.errors import ConflictMember
from matcher.problem import FORBID, PIN, Ints, Problem


@dataclass(frozen=True, slots=True, eq=False)
class StageWeights:
    """What one stage of a lexicographic objective counts.

    ``pair`` has shape (p,): the worth of each pair; ``unplaced`` the worth of leaving a student unplaced.
    """

    name: str  # priority | fit | tie, or a name of the caller's own
    pair: Ints
    unplaced: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Graph:
    """Pairs that may be used, row by row, and the places left: a problem without locks.

    ``indptr`` (n + 1,), ``indices`` (p,), ``rows`` (p,) and ``places`` (m,).
    """

    indptr: Ints
    indices: Ints
    rows: Ints
    places: Ints

    @property
    def n(self) -> int:
        """Number of students."""
        return len(self.indptr) - 1

    @property
    def m(self) -> int:
        """Number of openings."""
        return len(self.places)


def objective_stages(problem: Problem, objective: str, unplaced_value: int = 0) -> tuple[StageWeights, ...]:
    """The numeric stages of an objective, the tie rule last.

    ``placed`` and ``balanced``: priority, then fit (leximin, which is no sum, comes between them elsewhere);
    ``fit``: fit alone, an unplaced student worth ``unplaced_value`` millionths.
    """
    tie = StageWeights("tie", problem.ties)
    if objective == "fit":
        return StageWeights("fit", problem.values, unplaced_value), tie
    priority = StageWeights("priority", problem.priority[problem.rows])
    return priority, StageWeights("fit", problem.values), tie


def without_locks(problem: Problem) -> tuple[Graph, Ints]:
    """What pins and forbids leave: the graph of the other students, and the index of each of its pairs (q,).

    A pinned student has no pairs in it and takes a place; an opening that cannot reach its minimum has no places.
    """
    locks, pinned = problem.locks, problem.pinned
    places = np.where(problem.closed, 0, problem.places)
    free = pinned < 0
    if free.all() and not (locks == FORBID).any():
        return Graph(problem.indptr, problem.indices, problem.rows, places), np.arange(problem.p, dtype=np.int64)
    places = places - np.bincount(problem.indices[pinned[~free]], minlength=problem.m)
    kept = np.flatnonzero((locks != FORBID) & free[problem.rows])
    rows = problem.rows[kept]
    indptr = np.concatenate(([0], np.cumsum(np.bincount(rows, minlength=problem.n)))).astype(np.int64)
    return Graph(indptr, problem.indices[kept], rows, places), kept


def pin_conflict(problem: Problem) -> tuple[ConflictMember, ...]:
    """An irreducible conflict among pins, forbids and places alone, or (); limits and loads are not looked at.

    The first of: a pair pinned and forbidden, a pin on a pair that is not eligible, two pins of one student,
    more pins at an opening than it has places; the lowest students and openings of each.
    """
    for i, j in sorted(problem.pinned_forbidden):
        if problem.pair(i, j) < 0:
            continue  # not eligible either: the pin alone is a conflict, named below
        return (_member("pin", (i,), (j,)), _member("forbid", (i,), (j,)))
    lost = sorted({*problem.ineligible_pins, *(pair for pair in problem.pinned_forbidden if problem.pair(*pair) < 0)})
    if lost:
        return (_member("ineligible_pin", lost[0][:1], lost[0][1:]),)
    pins = np.flatnonzero(problem.locks == PIN)
    rows, columns = problem.rows[pins], problem.indices[pins]
    twice = np.flatnonzero(rows[1:] == rows[:-1])
    if len(twice):
        k = int(twice[0])
        return tuple(_member("pin", (int(rows[at]),), (int(columns[at]),)) for at in (k, k + 1))
    over = np.flatnonzero(np.bincount(columns, minlength=problem.m) > problem.places)
    if len(over):
        j = int(over[0])
        too_many = rows[columns == j][: int(problem.places[j]) + 1]
        return (*(_member("pin", (int(i),), (j,)) for i in too_many), _member("places", (), (j,)))
    return ()


def _member(kind: str, students: Sequence[int], openings: Sequence[int]) -> ConflictMember:
    return ConflictMember(kind, -1, tuple(students), tuple(openings))


def largest_total(graph: Graph, weight: NDArray[np.int64]) -> int:
    """A bound on the size of any total: the sum over students of their largest absolute weight, as a Python int."""
    if not len(weight):
        return 0
    starts = graph.indptr[:-1][np.diff(graph.indptr) > 0]
    return sum(map(int, np.maximum.reduceat(np.abs(weight), starts)))
