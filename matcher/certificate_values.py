"""What every stage of an assignment is worth, recomputed from the problem's numbers alone."""
from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from matcher.columns import Column
from matcher.exact import exact_sum
from matcher.problem import FORBID, Ints, Problem

STAGES = {
    "placed": ("priority", "fit", "tie"),
    "fit": ("fit", "tie"),
    "balanced": ("priority", "leximin", "fit", "tie"),
}


@dataclass(frozen=True, slots=True, eq=False)
class Worth:
    """A numeric stage: the worth of each pair, shape (p,), and of being unplaced."""

    name: str
    column: Ints | Column
    unplaced: int

    @property
    def pair(self) -> Ints:
        """The column as an array."""
        return np.asarray(self.column)


def worths(problem: Problem, objective: str, unplaced_value: int) -> tuple[Worth, ...]:
    """The numeric stages of an objective, in order (leximin is no sum and is left out)."""
    result = []
    for name in STAGES[objective]:
        if name == "priority":
            result.append(Worth(name, problem.priority_column, 0))
        elif name == "fit":
            result.append(Worth(name, problem.values, unplaced_value if objective == "fit" else 0))
        elif name == "tie":
            result.append(Worth(name, problem.tie_column, 0))
    return tuple(result)


def total(worth: Worth, pair: Ints) -> int:
    """Value of a numeric stage for the pairs (n,) of an assignment, -1 being unplaced."""
    placed = pair >= 0
    return exact_sum(worth.column[pair[placed]]) + worth.unplaced * int((~placed).sum())


def ratios(problem: Problem, pair: Ints) -> tuple[tuple[int, int], ...]:
    """Every student's score relative to the best eligible one, ascending; unplaced is 0, forbidden pairs left out."""
    best = np.zeros(problem.n, dtype=np.int64)
    allowed = problem.locks != FORBID
    np.maximum.at(best, problem.rows[allowed], problem.values[allowed])
    found = [
        Fraction(int(problem.values[k]), int(best[i])) if k >= 0 and best[i] > 0 else Fraction(0)
        for i, k in enumerate(pair.tolist())
    ]
    return tuple((ratio.numerator, ratio.denominator) for ratio in sorted(found))


def same_ratios(stated: object, found: tuple[tuple[int, int], ...]) -> bool:
    """Whether a stated list of (numerator, denominator) pairs is the one found, as fractions."""
    if not isinstance(stated, tuple) or len(stated) != len(found):
        return False
    return all(b > 0 and d > 0 and a * d == c * b for (a, b), (c, d) in zip(stated, found, strict=True))
