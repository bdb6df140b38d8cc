"""The proof of a lexicographic optimum from dual prices.

Write u_i, v_j, y_g for the vectors of prices over all stages and w_ij, q for the worths, compared
lexicographically. If u_i >= q (a pinned student has no such limit, and only the pinned pair), v_j >= 0,
y_g >= 0 or y_g <= 0 where the group limit has an upper or a lower bound, and for every usable pair

    u_i + v_j + sum_{g counts ij} y_g >= w_ij,

then no assignment is worth more than sum u_i + sum places_j v_j + sum (y_g at_most_g or y_g at_least_g).
This is weak duality in an ordered ring; each stage is proven with all before it. Loads and minimums to open
are not needed in it: leaving a limit out can only raise the bound.
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.certificate_limits import Finding
from matcher.certificate_values import Worth
from matcher.exact import Exact, exact_dot, exact_sum, roomy
from matcher.problem import FORBID, Problem
from matcher.solution import Price


@dataclass(frozen=True, slots=True, eq=False)
class StagePrices:
    """Prices of one stage as arrays; kinds student (n,), opening (m,), limit (len(limits),), load (m,), open (m,)."""

    student: Exact
    opening: Exact
    limit: Exact
    load: Exact


def by_stage(problem: Problem, prices: Sequence[Price], names: Sequence[str]) -> tuple[dict[str, StagePrices], str]:
    """The prices as arrays per stage (a price not given is 0), and a sentence on the first that cannot be."""
    n, m = problem.n, problem.m
    sizes = {"student": n, "opening": m, "limit": len(problem.limits), "load": m, "open": m}
    tables = {name: {kind: [0] * size for kind, size in sizes.items()} for name in names}
    seen: set[tuple[str, str, int]] = set()
    for price in prices:
        if price.stage not in tables:
            return {}, f"a price of stage {price.stage!r}, which this objective does not have"
        if price.kind not in sizes or not 0 <= price.index < sizes[price.kind]:
            return {}, f"a price of {price.kind} {price.index}, which the problem does not have"
        key = (price.stage, price.kind, price.index)
        if key in seen:
            return {}, f"two prices of {price.kind} {price.index} in stage {price.stage!r}"
        seen.add(key)
        tables[price.stage][price.kind][price.index] = price.price
    return {
        name: StagePrices(*(_array(table[kind]) for kind in ("student", "opening", "limit", "load")))
        for name, table in tables.items()
    }, ""


def _array(numbers: list[int]) -> Exact:
    if all(-(2**60) < number < 2**60 for number in numbers):
        return np.array(numbers, dtype=np.int64)
    return np.array(numbers, dtype=object)


def proven_totals(
    problem: Problem, worths: Sequence[Worth], prices: Sequence[StagePrices]
) -> tuple[tuple[int, ...], Finding | None]:
    """What the prices prove no assignment can exceed, stage by stage; or () and why they prove nothing."""
    pinned = problem.pinned >= 0
    places = np.where(problem.closed, 0, problem.places)
    open_students, open_openings, open_pairs = ~pinned, np.ones(problem.m, bool), problem.usable
    signs = [0] * len(problem.limits)
    totals = []
    for worth, price in zip(worths, prices, strict=True):
        student, opening = roomy(price.student, 8), roomy(price.opening, 8)
        spare = student - worth.unplaced
        if (at := _first(open_students & _true(spare < 0))) >= 0:
            found = f"student {{student}}: a price below {worth.unplaced} in stage {worth.name}"
            return (), Finding("prices", found, at)
        if (at := _first(open_openings & _true(opening < 0))) >= 0:
            return (), Finding("prices", f"opening {{opening}}: a price below 0 in stage {worth.name}", opening=at)
        extra = _limits(problem, price.limit, signs)
        slack = student[problem.rows] + opening[problem.indices] + extra - worth.pair
        if (at := _first(open_pairs & _true(slack < 0))) >= 0:
            i, j = int(problem.rows[at]), int(problem.indices[at])
            found = f"student {{student}} and opening {{opening}} exceed their prices in stage {worth.name}"
            return (), Finding("prices", found, i, j)
        open_students, open_openings = open_students & _true(spare == 0), open_openings & _true(opening == 0)
        open_pairs = open_pairs & _true(slack == 0)
        totals.append(exact_sum(student) + exact_dot(opening, places) + _group_total(problem, price.limit, signs))
    for sign, rule in zip(signs, problem.limits, strict=True):
        if (sign > 0 and rule.at_most is None) or (sign < 0 and rule.at_least is None):
            return (), Finding("prices", f"limit {rule.name!r} has a price on the side where it has no bound")
    return tuple(totals), None


def unsupported(problem: Problem, worths: Sequence[Worth], prices: Sequence[StagePrices]) -> Finding | None:
    """An opening without places whose price is not the least: what the best student for it would gain there.

    Such a price adds nothing to any total, so the totals cannot show that somebody changed it.
    """
    empty = (problem.places == 0) | problem.closed
    pairs = np.flatnonzero(empty[problem.indices] & (problem.locks != FORBID) & (problem.pinned < 0)[problem.rows])
    rows, columns = problem.rows[pairs], problem.indices[pairs].tolist()
    gains = [(w.pair[pairs] - p.student[rows]).tolist() for w, p in zip(worths, prices, strict=True)]
    best = {j: (0,) * len(worths) for j in np.flatnonzero(empty).tolist()}
    for j, *gain in zip(columns, *gains, strict=True):
        best[j] = max(best[j], tuple(gain))
    for j, most in best.items():
        if most != tuple(int(price.opening[j]) for price in prices):
            return Finding("prices", "opening {opening} has no places, and not its least price", opening=j)
    return None


def _limits(problem: Problem, price: Exact, signs: list[int]) -> Exact:
    """What the group limits add to each pair; ``signs`` keeps the side of each limit's first price that is not 0."""
    extra: Exact = np.zeros(problem.p, dtype=price.dtype)
    for g, (value, rule) in enumerate(zip(price.tolist(), problem.limits, strict=True)):
        if value:
            signs[g] = signs[g] or (1 if value > 0 else -1)
            extra[problem.in_limit(rule)] += value
    return extra


def _group_total(problem: Problem, price: Exact, signs: Sequence[int]) -> int:
    total = 0
    for value, sign, rule in zip(price.tolist(), signs, problem.limits, strict=True):
        total += value * int((rule.at_most if sign > 0 else rule.at_least) or 0)
    return total


def _true(mask: object) -> NDArray[np.bool_]:
    return np.asarray(mask, dtype=bool)


def _first(mask: NDArray[np.bool_]) -> int:
    return int(mask.argmax()) if mask.any() else -1
