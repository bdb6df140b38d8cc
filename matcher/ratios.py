"""Ratios of scores to each student's own best, ranked exactly."""
from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from matcher.problem import FORBID, Ints, Problem

CLOSE = 1e-14
"""Doubles of different fractions closer than this (ratios are at most 1) are compared as fractions."""


@dataclass(frozen=True, slots=True, eq=False)
class Ladder:
    """The levels of a problem: 0 is unplaced, then the distinct ratios, ascending.

    ``level`` (p,) of each pair; ``numerator`` and ``denominator`` of each level, lowest terms, level 0 being 0/1.
    """

    level: Ints
    numerator: Ints
    denominator: Ints

    def ratio(self, level: int) -> tuple[int, int]:
        """A level as a fraction in lowest terms."""
        return int(self.numerator[level]), int(self.denominator[level])


def ladder(problem: Problem) -> Ladder:
    """Rank the ratio of every pair that is not forbidden: score by the student's own best such score.

    Scores are above 0. A forbidden pair has level 0; it is never taken.
    """
    allowed = problem.locks != FORBID
    best = np.ones(problem.n, dtype=np.int64)
    np.maximum.at(best, problem.rows[allowed], problem.values[allowed])
    value = np.where(allowed, problem.values, 0)
    base = best[problem.rows]
    common = np.gcd(value, base)
    top, bottom = value // common, base // common
    order = np.lexsort((bottom, top, top / bottom))
    different = (np.diff(top[order], prepend=-1) != 0) | (np.diff(bottom[order], prepend=-1) != 0)
    first = order[different]
    ranked = _exactly(top[first], bottom[first])
    place = np.empty(len(first), dtype=np.int64)
    place[ranked] = np.arange(len(first))
    level = np.empty(problem.p, dtype=np.int64)
    level[order] = place[np.cumsum(different) - 1] if problem.p else 0
    top, bottom = top[first][ranked], bottom[first][ranked]
    if not len(top) or top[0] != 0:
        level += 1
        top, bottom = np.concatenate(([0], top)), np.concatenate(([1], bottom))
    return Ladder(level, top, bottom)


def _exactly(top: Ints, bottom: Ints) -> Ints:
    """The order of distinct fractions that doubles have nearly put in order."""
    order = np.arange(len(top))
    value = top / bottom
    near = np.flatnonzero(np.diff(value) <= CLOSE)
    if not len(near):
        return order
    result: list[int] = []
    runs = np.split(order, np.setdiff1d(np.arange(1, len(top)), near + 1))
    for run in runs:
        result += run.tolist() if len(run) == 1 else sorted(
            run.tolist(), key=lambda k: Fraction(int(top[k]), int(bottom[k]))
        )
    return np.array(result, dtype=np.int64)
