"""Which pairs are eligible: region and reach first, student by student, then every other rule on what is left."""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from features.eligibility_columns import Columns
from features.eligibility_reach import Distances
from features.eligibility_rules import NEVER_FIXED, ONLY_ASK, POINTS, RULES, Formula, Rule

Ints = NDArray[np.int64]
Masks = NDArray[np.uint64]
_BLOCK = 1 << 18  # pairs at a time


@dataclass(frozen=True, eq=False)
class Sides:
    """The rules and the columns they read."""

    rules: tuple[Rule, ...]
    ours: Columns
    theirs: Columns

    @property
    def n(self) -> int:
        """Number of students."""
        return len(self.ours["birth"])

    @property
    def m(self) -> int:
        """Number of openings."""
        return len(self.theirs["starts"])

    @property
    def refusing(self) -> list[tuple[str, Formula]]:
        """Each rule's code with the formula by which it refuses."""
        return [(rule.code, rule.refuses) for rule in self.rules if rule.refuses is not None]

    def refused_by(self, i: Ints, j: Ints) -> Masks:
        """Return the refusing rules of the pairs (i, j) as bits over `RULES`."""
        mask = np.zeros(i.shape, dtype=np.uint64)
        for code, refuses in self.refusing:
            mask |= refuses.of_pairs(self.ours, self.theirs, i, j).astype(np.uint64) << np.uint64(RULES.index(code))
        return mask


def eligible_pairs(sides: Sides, near: Distances) -> tuple[Ints, Ints]:
    """Return the pairs that no rule refuses, by student and then opening."""
    rest = [f for code, f in sides.refusing if f.student and f.opening and code not in ("region", "reach")]
    found: list[tuple[Ints, Ints]] = []
    for block in _within_reach(sides, near):
        i, j = block
        for refuses in rest:
            keep = ~refuses.of_pairs(sides.ours, sides.theirs, i, j)
            i, j = i[keep], j[keep]
        found.append((i, j))
    return _joined([i for i, _ in found]), _joined([j for _, j in found])


def _within_reach(sides: Sides, near: Distances) -> Iterator[tuple[Ints, Ints]]:
    """Yield blocks of pairs that the rules of one side, region and reach let through."""
    ours, theirs = sides.ours, sides.theirs
    no_student, no_opening = np.zeros(sides.n, dtype=bool), np.zeros(sides.m, dtype=bool)
    if not sides.n or not sides.m:
        return
    for _, refuses in sides.refusing:
        if not refuses.opening:
            no_student |= refuses.of_pairs(ours, theirs, np.arange(sides.n), np.zeros(sides.n, dtype=np.int64))
        elif not refuses.student:
            no_opening |= refuses.of_pairs(ours, theirs, np.zeros(sides.m, dtype=np.int64), np.arange(sides.m))
    candidates = np.flatnonzero(~no_opening)
    region, reach = dict(sides.refusing)["region"], dict(sides.refusing)["reach"]
    by_area: dict[tuple[int, int], Ints] = {}  # students of one area share one list of openings
    wait_i: list[Ints] = []
    wait_j: list[Ints] = []
    waiting = 0
    for i in np.flatnonzero(~no_student & (ours["stranded"] == 0)):
        area = int(ours["region"][i]), int(ours["own"][i])
        if area not in by_area:
            by_area[area] = candidates[~region.of_pairs(ours, theirs, np.full(len(candidates), i), candidates)]
        cols = by_area[area]
        if near.times is None:
            cols = cols[near.between(ours["place"][i], theirs["place"][cols]) <= ours["limit_m"][i]]
        else:
            cols = cols[~reach.of_pairs(ours, theirs, np.full(len(cols), i), cols)]
        wait_i.append(np.full(len(cols), i, dtype=np.int64))
        wait_j.append(cols)
        waiting += len(cols)
        if waiting > _BLOCK:
            yield _joined(wait_i), _joined(wait_j)
            wait_i, wait_j, waiting = [], [], 0
    yield _joined(wait_i), _joined(wait_j)


def _joined(parts: Sequence[Ints]) -> Ints:
    return np.concatenate(parts) if parts else np.empty(0, dtype=np.int64)


def with_fixed(i: Ints, j: Ints, fixed: frozenset[tuple[int, int]], sides: Sides) -> tuple[Ints, Ints, Masks]:
    """Add the fixed pairs that no rule of `NEVER_FIXED` refuses, and return what each pair breaks."""
    broken = np.zeros(len(i), dtype=np.uint64)
    if not fixed:
        return i, j, broken
    pairs = np.array(sorted(fixed), dtype=np.int64)
    mask = sides.refused_by(pairs[:, 0], pairs[:, 1])
    never = np.uint64(sum(1 << RULES.index(code) for code in NEVER_FIXED))
    added = (mask != 0) & (mask & never == 0)  # a pair that breaks nothing is among the eligible already
    i, j = np.concatenate([i, pairs[added, 0]]), np.concatenate([j, pairs[added, 1]])
    broken = np.concatenate([broken, mask[added]])
    order = np.argsort(i * sides.m + j, kind="stable")
    return i[order], j[order], broken[order]


def points_to_check(sides: Sides, i: Ints, j: Ints) -> Masks:
    """Return the points to check of the pairs (i, j) as bits over `POINTS`."""
    points = np.zeros(len(i), dtype=np.uint64)
    for rule in (*sides.rules, *ONLY_ASK):
        if rule.asks is None:
            continue
        bit = np.uint64(1 << POINTS.index(rule.code))
        for start in range(0, len(i), _BLOCK):
            part = slice(start, start + _BLOCK)
            asks = rule.asks.of_pairs(sides.ours, sides.theirs, i[part], j[part])
            if rule.refuses is not None:  # a fixed pair may break the rule: then there is nothing left to ask
                asks = asks & ~rule.refuses.of_pairs(sides.ours, sides.theirs, i[part], j[part])
            points[part] |= np.where(asks, bit, np.uint64(0))
    return points
