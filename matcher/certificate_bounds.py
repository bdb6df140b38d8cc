"""A bound of our own on every stage, from prices that anybody may have thought up.

Relax "one place each" with student prices u and the group limits with prices y, and loads with prices l. What is
left falls apart by opening and is solved exactly there: closed and worth 0, or open with its best students between
its minimum and its places. For **any** prices of the right sign

    sum_i u_i + sum_g (y_g at_most_g or y_g at_least_g) + sum_j l_j capacity_j
      + sum_j max(0, max_S sum_{i in S} (w_ij - u_i - y_ij - l_j load_ij))

is at least the optimum (Lagrangian relaxation [1]_); prices of the optimum of a plain problem make it equal.

References
----------
.. [1] M. L. Fisher, "The Lagrangian relaxation method for solving integer programming problems",
   Management Science 27, 1981. doi:10.1287/mnsc.27.1.1
"""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matcher.exact import Exact, exact_sum, roomy
from matcher.problem import PIN, Ints, Problem

LOAD_UNIT = 10**6
"""A load price is per whole unit of load; loads are stored in millionths of it."""


@dataclass(frozen=True, slots=True, eq=False)
class Prices:
    """Prices of one stage: students (n,), limits (len(limits),), loads (m,); openings price themselves."""

    student: Exact
    limit: Exact
    load: Exact


def bound(problem: Problem, worth: Exact, unplaced: int, prices: Prices) -> int:
    """The bound above, as a Python int; prices of the wrong sign are taken as 0.

    Parameters
    ----------
    problem : Problem
        Whose assignments are bounded.
    worth : whole numbers, shape (p,)
        The worth of each pair.
    unplaced : int
        Worth of a student who stays unplaced.
    prices : Prices
        Anybody's.
    """
    pinned = problem.pinned >= 0
    limit = _signed(problem, prices.limit)
    reduced = roomy(worth, 4) - _limit_part(problem, limit)
    ceiling, floors = _load_part(problem, prices.load)
    student = prices.student
    if int(abs(student).max(initial=0)) < 2**60 and reduced.dtype != object:
        student = student.astype(np.int64)
    own = np.where(pinned, 0, np.maximum(student, unplaced))
    reduced = reduced - floors - own[problem.rows]
    total = exact_sum(own) + ceiling
    for g, rule in enumerate(problem.limits):
        price = int(limit[g])
        total += price * int((rule.at_most if price > 0 else rule.at_least) or 0)
    return total + _openings(problem, reduced)


def _signed(problem: Problem, price: Exact) -> Exact:
    result = price.copy()
    for g, rule in enumerate(problem.limits):
        if (price[g] > 0 and rule.at_most is None) or (price[g] < 0 and rule.at_least is None):
            result[g] = 0
    return result


def _limit_part(problem: Problem, price: Exact) -> Exact:
    part = np.zeros(problem.p, dtype=price.dtype)
    for g in np.flatnonzero(np.asarray(price != 0, dtype=bool)).tolist():
        part[problem.in_limit(problem.limits[g])] += price[g]
    return part


def _load_part(problem: Problem, price: Exact) -> tuple[int, Exact]:
    """What loads add to the bound, and take off each pair, rounded so that the bound stays one."""
    priced = np.asarray(price > 0, dtype=bool) & (problem.load_capacity >= 0)
    if not priced.any():
        return 0, np.zeros(problem.p, dtype=np.int64)
    used = np.where(priced, price, 0).astype(object)
    ceiling = sum(a * b // LOAD_UNIT for a, b in zip(used.tolist(), problem.load_capacity.tolist(), strict=True))
    return ceiling, used[problem.indices] * problem.load.astype(object) // LOAD_UNIT


def _openings(problem: Problem, reduced: Exact) -> int:
    """Sum over openings of their best set of students at these reduced worths; pinned students are in it anyway."""
    pin, usable = problem.locks == PIN, problem.usable
    total = exact_sum(reduced[pin & usable])
    inside = np.bincount(problem.indices[pin], minlength=problem.m)
    places = np.where(problem.closed, 0, problem.places - inside)
    need = np.where(problem.required > 1, problem.required - inside, 0)
    free = np.flatnonzero(usable & ~pin)
    grouped = need > 0
    gain = np.asarray(reduced[free] > 0, dtype=bool) | grouped[problem.indices[free]]
    free = free[gain]  # a pair that gains nothing matters only where a minimum may force it in
    order = free[np.lexsort((-reduced[free], problem.indices[free]))] if reduced.dtype != object else _sorted(
        problem.indices, reduced, free
    )
    column = problem.indices[order]
    rank = np.arange(len(order)) - np.searchsorted(column, column)
    taken = (rank < places[column]) & ~grouped[column] & np.asarray(reduced[order] > 0, dtype=bool)
    total += exact_sum(reduced[order[taken]])
    for j in np.flatnonzero(grouped).tolist():
        begin, end = np.searchsorted(column, [j, j + 1])
        best = reduced[order[begin:end]][: int(places[j])].tolist()
        if len(best) >= need[j]:
            opened = sum(best[: int(need[j])]) + sum(x for x in best[int(need[j]) :] if x > 0)
            total += opened if inside[j] else max(0, opened)
        elif inside[j]:
            total += 0  # pinned into an opening that cannot fill up: infeasible, any bound holds
    return total


def _sorted(indices: Ints, reduced: Exact, free: Ints) -> Ints:
    keys = sorted(range(len(free)), key=lambda k: (int(indices[free[k]]), -reduced[free[k]]))
    return free[np.array(keys, dtype=np.int64)] if keys else free
