"""Which proposals hold under stated uncertainty: fits recomputed, the plan made again, the same opening or not.

The scenarios are those of `features.robust`. In each, the plan is made again among the same eligible pairs
(`matcher.scenarios`); a proposal is robust when its student keeps the opening in all of them, at a fit that the
policy still proposes. What a person fixed stays, whatever its fit.
"""
from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from api.match_report import Robustness
from features.robust import scenarios
from features.scoring import ScoredPairs
from matcher.problem import Problem
from matcher.scenarios import keepers
from matcher.solution import Solution


def robustness(
    problem: Problem, solution: Solution, scored: ScoredPairs, *,
    min_fit: int, unplaced_value: int, fixed: frozenset[tuple[int, int]],
) -> Robustness | None:  # fmt: skip
    """Make the plan again in every scenario; None where that is left open.

    Parameters
    ----------
    problem : Problem
        As it was solved; its pairs are those of ``scored``.
    solution : Solution
        Its plan.
    scored : ScoredPairs
        Features and fits.
    min_fit : int
        Millionths below which nothing is proposed.
    unplaced_value : int
        As it was solved.
    fixed : pairs (i, j)
        What a person decided.
    """
    made = scenarios(scored)
    keeps = keepers(problem, solution, [one.fit for one in made], unplaced_value=unplaced_value)
    if keeps is None:
        return None
    pair = problem.pairs_of(solution.assignment)
    free = np.array([k >= 0 and (i, int(solution.assignment[i])) not in fixed for i, k in enumerate(pair.tolist())])
    low = np.zeros(keeps.shape, dtype=bool)
    who: NDArray[np.int64] = np.flatnonzero(free)
    for row, one in zip(low, made, strict=True):
        row[who] = one.fit[pair[who]] < min_fit
    return Robustness(tuple(one.name for one in made), keeps, low)
