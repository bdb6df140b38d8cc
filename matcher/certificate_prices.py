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

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.certificate_limits import Finding
from matcher.certificate_values import Worth
from matcher.columns import CHUNK, Pairs, rows_of
from matcher.exact import Exact, exact_dot, exact_sum, roomy
from matcher.problem import FORBID, Problem
from matcher.solution import Price, PriceBlock, PriceTable


@dataclass(frozen=True, slots=True, eq=False)
class StagePrices:
    """Prices of one stage as arrays; kinds student (n,), opening (m,), limit (len(limits),), load (m,), open (m,)."""

    student: Exact
    opening: Exact
    limit: Exact
    load: Exact


def by_stage(problem: Problem, prices: Iterable[Price], names: Sequence[str]) -> tuple[dict[str, StagePrices], str]:
    """The prices as arrays per stage (a price not given is 0), and a sentence on the first that cannot be."""
    n, m = problem.n, problem.m
    sizes = {"student": n, "opening": m, "limit": len(problem.limits), "load": m, "open": m}
    parts: dict[tuple[str, str], list[PriceBlock]] = {}
    for block in PriceTable.of(prices).blocks:
        if block.stage not in names:
            return {}, f"a price of stage {block.stage!r}, which this objective does not have"
        size = sizes.get(block.kind, 0)
        if block.index.dtype == object or (at := _first((block.index < 0) | (block.index >= size))) >= 0:
            at = 0 if block.index.dtype == object else at
            return {}, f"a price of {block.kind} {block.index[at]}, which the problem does not have"
        parts.setdefault((block.stage, block.kind), []).append(block)
    tables: dict[tuple[str, str], Exact] = {}
    for (stage, kind), blocks in parts.items():
        index, price = (_joined([getattr(block, part) for block in blocks]) for part in ("index", "price"))
        count = np.bincount(index, minlength=sizes[kind])
        if (at := _first(count > 1)) >= 0:
            return {}, f"two prices of {kind} {at} in stage {stage!r}"
        tables[stage, kind] = np.zeros(sizes[kind], dtype=price.dtype)
        tables[stage, kind][index] = price
    return {
        stage: StagePrices(
            *(
                tables[stage, kind] if (stage, kind) in tables else np.zeros(sizes[kind], dtype=np.int64)
                for kind in ("student", "opening", "limit", "load")
            )
        )
        for stage in names
    }, ""


def _joined(parts: Sequence[Exact]) -> Exact:
    return parts[0] if len(parts) == 1 else np.concatenate(parts)


def proven_totals(
    problem: Problem, worths: Sequence[Worth], prices: Sequence[StagePrices]
) -> tuple[tuple[int, ...], Finding | None]:
    """What the prices prove no assignment can exceed, stage by stage; or () and why they prove nothing."""
    pinned = problem.pinned >= 0
    places = np.where(problem.closed, 0, problem.places)
    open_students, open_openings = ~pinned, np.ones(problem.m, bool)
    signs = [0] * len(problem.limits)
    totals, offers = [], []
    for worth, price in zip(worths, prices, strict=True):
        student, opening = roomy(price.student, 8), roomy(price.opening, 8)
        spare = student - worth.unplaced
        if (at := _first(open_students & _true(spare < 0))) >= 0:
            found = f"student {{student}}: a price below {worth.unplaced} in stage {worth.name}"
            return (), Finding("prices", found, at)
        if (at := _first(open_openings & _true(opening < 0))) >= 0:
            return (), Finding("prices", f"opening {{opening}}: a price below 0 in stage {worth.name}", opening=at)
        offers.append((worth, student, opening, _limits(problem, price.limit, signs)))
        open_students, open_openings = open_students & _true(spare == 0), open_openings & _true(opening == 0)
        totals.append(exact_sum(student) + exact_dot(opening, places) + _group_total(problem, price.limit, signs))
    if (exceeded := _exceeded(problem, offers)) is not None:
        return (), exceeded
    for sign, rule in zip(signs, problem.limits, strict=True):
        if (sign > 0 and rule.at_most is None) or (sign < 0 and rule.at_least is None):
            return (), Finding("prices", f"limit {rule.name!r} has a price on the side where it has no bound")
    return tuple(totals), None


def _exceeded(problem: Problem, offers: Sequence[tuple[Worth, Exact, Exact, Exact | None]]) -> Finding | None:
    """A usable pair worth more than its prices: student's, opening's, and what limits add, stage after stage."""
    for begin in range(0, problem.p, CHUNK):
        pairs: Pairs = slice(begin, min(begin + CHUNK, problem.p))
        rows = rows_of(problem.indptr, pairs)
        for worth, student, opening, extra in offers:
            slack = student[rows] + opening[problem.indices[pairs]] - worth.column[pairs]
            if extra is not None:
                slack = slack + extra[pairs]
            low = np.flatnonzero(_true(slack <= 0))
            slack, rows = slack[low], rows[low]
            pairs = low + begin if isinstance(pairs, slice) else pairs[low]
            wrong = _true(slack < 0)
            if wrong.any() and not problem.all_usable:
                wrong &= problem.usable[pairs]
            if (at := _first(wrong)) >= 0:
                found = f"student {{student}} and opening {{opening}} exceed their prices in stage {worth.name}"
                return Finding("prices", found, int(rows[at]), int(problem.indices[pairs[at]]))
            tight = _true(slack == 0)  # not those that are not usable, which may be worth anything
            pairs, rows = pairs[tight], rows[tight]
    return None


def unsupported(problem: Problem, worths: Sequence[Worth], prices: Sequence[StagePrices]) -> Finding | None:
    """An opening without places whose price is not the least: what the best student for it would gain there.

    Such a price adds nothing to any total, so the totals cannot show that somebody changed it.
    """
    empty = (problem.places == 0) | problem.closed
    if not empty.any():
        return None
    pairs = np.flatnonzero(empty[problem.indices] & (problem.locks != FORBID) & (problem.pinned < 0)[problem.rows])
    rows, columns = problem.rows[pairs], problem.indices[pairs]
    open_ = np.ones(len(pairs), dtype=bool)  # those that gain most in the stages so far
    idle = empty.copy()  # openings where nobody gains anything in the stages so far
    for worth, price in zip(worths, prices, strict=True):
        gain = worth.column[pairs] - price.student[rows]
        order = np.flatnonzero(open_)
        order = order[np.argsort(columns[order], kind="stable")]
        most: Exact = np.zeros(problem.m, dtype=gain.dtype)
        if len(order):
            start = np.flatnonzero(np.diff(columns[order], prepend=-1))
            where = columns[order[start]]
            best = np.maximum.reduceat(gain[order], start)
            most[where] = np.where(idle[where], np.maximum(best, 0), best)
        if (at := _first(empty & _true(most != price.opening))) >= 0:
            return Finding("prices", "opening {opening} has no places, and not its least price", opening=at)
        open_ &= _true(gain == most[columns])
        idle &= _true(most == 0)
    return None


def _limits(problem: Problem, price: Exact, signs: list[int]) -> Exact | None:
    """What the group limits add to each pair (None: nothing); ``signs`` keeps the side of each limit's first price."""
    if not _true(price != 0).any():
        return None
    price = roomy(price, len(price) + 8)
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
