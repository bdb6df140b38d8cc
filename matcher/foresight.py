"""One search that serves two stages: the best of the next stage among what is hoped to be the best of this one."""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matcher.constraints import Residual, Row, with_row
from matcher.exact import exact_sum
from matcher.milp import Search, search
from matcher.problem import Ints, Problem

DOUBLES, LARGEST = 2**50, 2**34
"""Totals and single worths up to which HiGHS tells one unit apart."""
HOPE_NODES, SUM_NODES = 1_000, 50


@dataclass(frozen=True, slots=True, eq=False)
class Foreseen:
    """Pairs of an assignment, or None; ``both``: HiGHS says it is the best of both stages."""

    pairs: Ints | None
    both: bool


def foresee(
    problem: Problem, state: Residual, worth: Ints, then: Ints, most: int, *, deadline: float | None = None
) -> Foreseen:
    """Look for an assignment that is worth ``most`` (a bound) and best in ``then`` among those; else a good one.

    When the bound can be reached, which is usual, the search for the next stage finds the answer to both, and has
    something to go by: that as many as possible are placed says nothing about where. When it cannot, the sum of both
    stages, this one far heavier, is searched for a while.
    """
    everywhere = np.sort(np.concatenate((state.pair, state.taken)))
    hoped = with_row(state, Row(everywhere, worth[everywhere], most, None))
    if hoped is not None:
        found = _all_pairs(hoped, search(hoped, then, nodes=HOPE_NODES, deadline=deadline))
        if found.pairs is not None and exact_sum(worth[found.pairs]) == most:
            return Foreseen(found.pairs, found.both and fits_doubles(then[state.pair]))
    return _all_pairs(state, search(state, _together(problem, worth, then), nodes=SUM_NODES, deadline=deadline), False)


def fits_doubles(worth: Ints) -> bool:
    """Whether totals are small enough for HiGHS to tell one unit apart."""
    size = np.abs(worth)
    return int(size.max(initial=0)) < LARGEST and exact_sum(size) < DOUBLES


def _all_pairs(state: Residual, found: Search, both: bool = True) -> Foreseen:
    if found.chosen is None:
        return Foreseen(None, False)
    return Foreseen(np.sort(np.concatenate((state.taken, found.chosen))), both and found.finished)


def _together(problem: Problem, first: Ints, second: Ints) -> Ints:
    """Both stages in one worth, the first beyond any total of the second where doubles allow it."""
    size = np.zeros(problem.n, dtype=np.int64)
    np.maximum.at(size, problem.rows, np.abs(second))
    top = max(int(np.abs(first).max(initial=0)), 1)
    largest = max(min(DOUBLES // max(problem.n, 1), LARGEST) // top, 1)
    return first * min(2 * exact_sum(size) + 1, largest) + second
