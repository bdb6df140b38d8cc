"""One search that serves two stages: the best of the next stage among what is hoped to be the best of this one."""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matcher.constraints import Residual, Row, with_row
from matcher.exact import exact_sum
from matcher.highs import DUAL, GAP
from matcher.milp import LARGE, search
from matcher.problem import Ints, Problem

DOUBLES, LARGEST = 2**50, 2**34
"""Totals that doubles hold to the unit, and single worths that a sum of two stages may have."""
HOPES, HOPE_NODES, SUM_NODES = 4, 1_000, 50


@dataclass(frozen=True, slots=True, eq=False)
class Foreseen:
    """Pairs of an assignment, or None.

    ``first``: HiGHS says nothing is worth more in this stage; ``both``: and nothing as good is better in the next.
    """

    pairs: Ints | None
    first: bool
    both: bool


def foresee(
    problem: Problem, state: Residual, worth: Ints, then: Ints, most: int, *, deadline: float | None = None
) -> Foreseen:
    """Look for an assignment that is worth ``most`` (a bound) and best in ``then`` among those; else a good one.

    When the bound can be reached, which is usual, or nearly, the search for the next stage finds the answer to both,
    and has something to go by: that as many as possible are placed says nothing about where. When it cannot, the sum
    of both stages, this one far heavier, is searched for a while.
    """
    everywhere = np.sort(np.concatenate((state.pair, state.taken)))
    for goal in range(most, most - HOPES, -1):
        hoped = with_row(state, Row(everywhere, worth[everywhere], goal, None))
        if hoped is None:
            continue
        found = search(hoped, then, nodes=HOPE_NODES, deadline=deadline)
        if found.infeasible:
            continue
        if found.chosen is None:
            break
        pairs = np.sort(np.concatenate((hoped.taken, found.chosen)))
        return Foreseen(pairs, True, found.finished and fits_doubles(then[state.pair]))
    found = search(state, _together(problem, worth, then), nodes=SUM_NODES, deadline=deadline)
    if found.chosen is None:
        return Foreseen(None, False, False)
    return Foreseen(np.sort(np.concatenate((state.taken, found.chosen))), False, False)


def fits_doubles(worth: Ints) -> bool:
    """Whether HiGHS's tolerances leave no doubt about one unit: then what it calls the best is.

    A linear programme that it takes for optimal may promise each column (0 to 1) too little by `DUAL`, so its bound is
    wrong by that times the columns at most, and it ends a search `GAP` before the bound; one unit of the worth, scaled
    as in `matcher.milp`, has to be more than twice that. Rows may give way a little, which only raises a bound.
    """
    size = np.abs(worth)
    step = max(int(np.gcd.reduce(size, initial=0)), 1)
    unit = step / max(int(size.max(initial=0)) / LARGE, 1.0)
    return exact_sum(size) // step < DOUBLES and unit > 2.0 * (DUAL * len(worth) + GAP)


def _together(problem: Problem, first: Ints, second: Ints) -> Ints:
    """Both stages in one worth, the first beyond any total of the second where doubles allow it."""
    size = np.zeros(problem.n, dtype=np.int64)
    np.maximum.at(size, problem.rows, np.abs(second))
    top = max(int(np.abs(first).max(initial=0)), 1)
    largest = max(min(DOUBLES // max(problem.n, 1), LARGEST) // top, 1)
    return first * min(2 * exact_sum(size) + 1, largest) + second
