"""What an assignment means for those in it: shares, fits, ranks, blocking pairs, envy; and how full every limit is.

Scores are compared as they are, whole millionths; means and shares are rounded half to even to millionths, so the
figures are the same on every machine. Forbidden pairs count nowhere; a closed opening blocks nothing.
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from matcher.exact import exact_sum
from matcher.problem import FORBID, Ints, Problem

MILLION = 10**6


@dataclass(frozen=True, slots=True)
class Metrics:
    """Figures of a set of students; fits, shares and ratios in millionths, None where there is nobody to look at.

    ``worst_fit`` and ``tenth_percentile`` (nearest rank) are over the placed. ``own_best_ratio`` is the mean over the
    placed of the fit relative to the student's own best eligible one (pairs with a best of 0 or less left out).
    ``ranks[k]`` counts students placed at their (k + 1)-th best opening; equals share the lowest rank.
    ``blocking_pairs`` counts pairs (i, j) where i would rather be at j and j has a free place or somebody with a lower
    score there [1]_; ``envious`` students would rather be where somebody else is.

    References
    ----------
    .. [1] D. Gale, L. S. Shapley, "College admissions and the stability of marriage", Amer. Math. Monthly 69, 1962.
       doi:10.2307/2312726
    """

    students: int
    placed: int
    placed_share: int | None
    total_fit: int
    mean_fit: int | None
    worst_fit: int | None
    tenth_percentile: int | None
    own_best_ratio: int | None
    worst_ratio: int | None
    ranks: tuple[int, ...]
    blocking_pairs: int
    envious: int


@dataclass(frozen=True, slots=True)
class LimitUse:
    """How full one limit is: ``kind`` places | load | group | minimum, the index it speaks of, and its bounds."""

    kind: str
    index: int
    used: int
    at_least: int | None
    at_most: int | None


def metrics(problem: Problem, assignment: Ints) -> Metrics:
    """The figures of all students together.

    Examples
    --------
    >>> from matcher import build_problem, solve
    >>> problem = build_problem([0, 0, 1], [0, 1, 0], [900_000, 800_000, 500_000], places=[1, 1])
    >>> found = metrics(problem, solve(problem).assignment)
    >>> found.placed, found.mean_fit, found.ranks, found.blocking_pairs
    (2, 650000, (1, 1), 1)
    """
    return metrics_by(problem, assignment, ["all"] * problem.n).get("all", _figures(_Facts(problem, assignment), []))


def metrics_by(problem: Problem, assignment: Ints, groups: Sequence[str]) -> dict[str, Metrics]:
    """The figures of each group, by name in order; ``groups`` has shape (n,)."""
    facts = _Facts(problem, assignment)
    members: dict[str, list[int]] = {}
    for i, name in enumerate(groups):
        members.setdefault(name, []).append(i)
    return {name: _figures(facts, members[name]) for name in sorted(members)}


def limits_used(problem: Problem, assignment: Ints) -> tuple[LimitUse, ...]:
    """Every limit and how full it is: places, loads, group limits, minimums to open (those present counted)."""
    pair = problem.pairs_of(assignment)
    filled = np.bincount(assignment[assignment >= 0], minlength=problem.m).tolist()
    load = np.zeros(problem.m, dtype=object)
    for k in pair[pair >= 0].tolist():
        load[problem.indices[k]] += int(problem.load[k])
    result = [LimitUse("places", j, filled[j], None, int(problem.places[j])) for j in range(problem.m)]
    for j in np.flatnonzero(problem.load_capacity >= 0).tolist():
        result.append(LimitUse("load", j, int(load[j]), None, int(problem.load_capacity[j])))
    for g, limit in enumerate(problem.limits):
        used = int(problem.in_limit(limit)[pair[pair >= 0]].sum())
        result.append(LimitUse("group", g, used, limit.at_least, limit.at_most))
    for j in np.flatnonzero(problem.min_to_open > 1).tolist():
        inside = filled[j] + int(problem.present[j])
        result.append(LimitUse("minimum", j, inside, int(problem.min_to_open[j]), None))
    return tuple(result)


class _Facts:
    """Per student, (n,): fit, own best, rank, blocking pairs, envy; computed once for all groups."""

    def __init__(self, problem: Problem, assignment: Ints) -> None:
        pair = problem.pairs_of(assignment)
        self.placed = pair >= 0
        values, rows, columns = problem.values, problem.rows, problem.indices
        free = problem.locks != FORBID
        self.fit = np.zeros(problem.n, dtype=np.int64)
        self.fit[self.placed] = values[pair[self.placed]]
        self.best = np.full(problem.n, -(2**62), dtype=np.int64)
        np.maximum.at(self.best, rows[free], values[free])
        better = free & (~self.placed[rows] | (values > self.fit[rows]))
        self.rank = np.bincount(rows[better], minlength=problem.n) + 1
        lowest = np.full(problem.m, 2**62, dtype=np.int64)
        np.minimum.at(lowest, assignment[self.placed], self.fit[self.placed])
        filled = np.bincount(assignment[self.placed], minlength=problem.m)
        takes = ~problem.closed & (problem.places > 0)
        blocking = better & takes[columns] & ((filled < problem.places)[columns] | (values > lowest[columns]))
        self.blocking = np.bincount(rows[blocking], minlength=problem.n)
        self.envious = np.bincount(rows[better & (filled > 0)[columns]], minlength=problem.n) > 0


def _figures(facts: _Facts, members: Sequence[int]) -> Metrics:
    who = np.array(members, dtype=np.int64)
    inside = who[facts.placed[who]]
    fits = np.sort(facts.fit[inside])
    total = exact_sum(fits)
    ratios = [Fraction(int(facts.fit[i]), int(facts.best[i])) for i in inside.tolist() if facts.best[i] > 0]
    return Metrics(
        students=len(who),
        placed=len(inside),
        placed_share=_millionths(Fraction(len(inside), len(who))) if len(who) else None,
        total_fit=total,
        mean_fit=round(Fraction(total, len(inside))) if len(inside) else None,
        worst_fit=int(fits[0]) if len(fits) else None,
        tenth_percentile=int(fits[(len(fits) + 9) // 10 - 1]) if len(fits) else None,
        own_best_ratio=_millionths(sum(ratios, Fraction(0)) / len(ratios)) if ratios else None,
        worst_ratio=_millionths(min(ratios)) if ratios else None,
        ranks=_profile(facts.rank[inside]),
        blocking_pairs=int(facts.blocking[who].sum()),
        envious=int(facts.envious[who].sum()),
    )


def _profile(ranks: NDArray[np.int64]) -> tuple[int, ...]:
    return tuple(np.bincount(ranks - 1).tolist()) if len(ranks) else ()


def _millionths(share: Fraction) -> int:
    return round(share * MILLION)
