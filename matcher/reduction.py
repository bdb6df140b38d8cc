"""From a problem to graphs and weights: the stages of an objective, and what locks leave over."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from matcher.columns import Column, rows_of
from matcher.errors import ConflictMember
from matcher.problem import FORBID, PIN, Ints, Problem


@dataclass(frozen=True, slots=True, eq=False)
class StageWeights:
    """What one stage of a lexicographic objective counts.

    ``column`` is the worth of each pair, shape (p,); ``unplaced`` the worth of leaving a student unplaced.
    """

    name: str  # priority | fit | tie, or a name of the caller's own
    column: Ints | Column
    unplaced: int = 0

    @property
    def pair(self) -> Ints:
        """The column as an array."""
        return np.asarray(self.column)


@dataclass(frozen=True, eq=False)
class Graph:
    """Pairs that may be used, row by row, and the places left: a problem without locks.

    ``indptr`` (n + 1,), ``indices`` (p,) and ``places`` (m,).
    """

    indptr: Ints
    indices: Ints
    places: Ints

    @cached_property
    def rows(self) -> Ints:
        """Student of each pair, shape (p,)."""
        return np.repeat(np.arange(self.n, dtype=np.int64), np.diff(self.indptr))

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
    tie = StageWeights("tie", problem.tie_column)
    if objective == "fit":
        return StageWeights("fit", problem.values, unplaced_value), tie
    return StageWeights("priority", problem.priority_column), StageWeights("fit", problem.values), tie


def without_locks(problem: Problem) -> tuple[Graph, Ints | None]:
    """What pins and forbids leave: the graph of the other students, and the index of each of its pairs (q,).

    Without locks all pairs are in it, and None says so.

    A pinned student has no pairs in it and takes a place; an opening that cannot reach its minimum has no places.
    """
    locks, pinned = problem.locks, problem.pinned
    places = np.where(problem.closed, 0, problem.places)
    free = pinned < 0
    if free.all() and not (locks == FORBID).any():
        return Graph(problem.indptr, problem.indices, places), None
    places = places - np.bincount(problem.indices[pinned[~free]], minlength=problem.m)
    kept = np.flatnonzero((locks != FORBID) & free[problem.rows])
    rows = problem.rows[kept]
    indptr = np.concatenate(([0], np.cumsum(np.bincount(rows, minlength=problem.n)))).astype(np.int64)
    return Graph(indptr, problem.indices[kept], places), kept


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
    rows, columns = rows_of(problem.indptr, pins), problem.indices[pins]
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
