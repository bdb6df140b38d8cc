"""The optimal face: the pairs, students and openings that optimal plans of the earlier stages leave open."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from matcher.columns import Column, OfStudent
from matcher.kernels import PLAIN, compiled_kernels
from matcher.levels import Graph, Ints, frozen, linked


@dataclass(frozen=True, slots=True)
class Face:
    """The pairs that optimal plans of the stages so far may use, and the stages still to come.

    ``weights`` and ``worths`` hold per coming stage what a pair (p,) and being unplaced (n,) is worth;
    ``must_place`` (n,) and ``must_fill`` (m,) mark whom all those plans place, and what they fill.
    """

    indptr: Ints
    indices: Ints
    places: Ints
    weights: tuple[Ints | Column, ...]
    worths: tuple[Ints, ...]
    must_place: NDArray[np.bool_]
    must_fill: NDArray[np.bool_]

    def graph(self, stage: int) -> Graph:
        """Give the pairs with their worth in a coming stage."""
        return Graph(self.indptr, self.indices, np.asarray(self.weights[stage]), len(self.places))

    def bare(self) -> Graph:
        """Give the pairs where what they are worth does not depend on the opening: any numbers stand for it."""
        return Graph(self.indptr, self.indices, self.indices, len(self.places))

    def flat_gain(self) -> Ints | None:
        """Return what placing each student is worth in the next stage (n,), or None if it depends on the opening."""
        weight, gain = self.weights[0], np.zeros(len(self.must_place), dtype=np.int64)
        some = np.flatnonzero(np.diff(self.indptr) > 0)
        if len(some) == 0:
            return gain
        if isinstance(weight, OfStudent):
            gain[some] = weight.number[some] - self.worths[0][some]
            return gain
        weight = np.asarray(weight)
        starts = self.indptr[some]
        low = np.minimum.reduceat(weight, starts)
        if not np.array_equal(low, np.maximum.reduceat(weight, starts)):
            return None
        gain[some] = low - self.worths[0][some]
        return gain

    def spread(self, stage: int) -> int:
        """Return the greatest difference between two worths of a coming stage."""
        ends = [part for part in (np.asarray(self.weights[stage]), self.worths[stage]) if len(part)]
        if not ends:
            return 0
        return max(int(part.max()) for part in ends) - min(int(part.min()) for part in ends)

    def scale(self, stage: int) -> int:
        """Return a weight that no sum of differences along a path of exchanges in ``stage`` can reach."""
        return 4 * self.spread(stage) * (min(len(self.must_place), len(self.places)) + 2) + 1

    def with_draw(self) -> Face:
        """Add a last stage of drawn numbers, the same for the same pair of indices (splitmix64, 32 bits)."""
        rows = np.repeat(np.arange(len(self.must_place), dtype=np.uint64), np.diff(self.indptr))
        z = (rows << np.uint64(32)) ^ self.indices.astype(np.uint64)
        z += np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        drawn = ((z ^ (z >> np.uint64(31))) >> np.uint64(32)).astype(np.int64)
        return replace(self, weights=(drawn,), worths=(np.zeros(len(self.must_place), dtype=np.int64),))

    def is_unique(self, home: Ints, at: Ints, *, compiled: bool) -> bool:
        """Tell whether the plan is the only one on this face."""
        m = len(self.places)
        filled = np.bincount(home[home >= 0], minlength=m)
        loose = np.where(self.must_fill, 0, np.where(filled < self.places, 2, 1))
        head, after, _before = linked(home, m)
        none = np.zeros(0, dtype=np.int64)
        graph, state = (self.indptr, self.indices, none), (none, none, at, home, head, after, none)
        optional, count = (~self.must_place).astype(np.int64), np.zeros(m + 1, dtype=np.int64)
        tool = compiled_kernels() if compiled else None
        if tool is not None:
            return bool(tool.settled(tuple(map(frozen, graph)), state, optional, loose, count, count.copy()))
        lists = [tuple(part.tolist() for part in parts) for parts in (graph, state)]
        rest = [part.tolist() for part in (optional, loose, count, count)]
        return bool(PLAIN.settled(*lists, *rest))


def whole_face(
    indptr: Ints, indices: Ints, places: Ints, stage_weights: Sequence[Ints | Column],
    stage_unplaced: Sequence[Ints | int],
) -> Face:
    """Give the face before the first stage: everything is possible yet."""
    n, m = len(indptr) - 1, len(places)
    return Face(
        np.asarray(indptr, dtype=np.int64),
        np.asarray(indices, dtype=np.int64),
        np.asarray(places, dtype=np.int64),
        tuple(w if isinstance(w, Column) else np.asarray(w, dtype=np.int64) for w in stage_weights),
        tuple(np.broadcast_to(np.asarray(worth, dtype=np.int64), (n,)) for worth in stage_unplaced),
        np.zeros(n, dtype=bool),
        np.zeros(m, dtype=bool),
    )
