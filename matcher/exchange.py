"""Shortest exchanges: what it costs to make room somewhere, over all chains of moves, exactly.

Nodes are places where students are (openings, and one node for the unplaced); the arc a -> b costs the least that
any student now in a would lose by moving to b. On an optimal plan no cycle of arcs gains anything, so shortest paths
exist, although arcs may be negative; carrying one out gives the optimal plan of the changed problem (Ahuja, Magnanti
and Orlin [1]_, chapters 9 and 12).

Costs are lexicographic whole numbers. They are kept as *planes*: int64 arrays compared one after the other, as many
stages packed into each as cannot overflow; stages of arbitrary size are Python ints (dtype object).

References
----------
.. [1] R. K. Ahuja, T. L. Magnanti, J. B. Orlin, Network Flows, Prentice Hall, 1993.
.. [2] R. W. Floyd, "Algorithm 97: shortest path", Commun. ACM 5, 1962. doi:10.1145/367766.368168
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher import paths
from matcher.exact import Exact
from matcher.kernels import compiled_kernels
from matcher.problem import Ints

ROOM = 2**59
"""No path costs this much in one int64 plane."""
PATIENCE = 80
"""Rounds after which paths that still get shorter are taken for a cycle that may gain something."""
FAR = 2**60
"""Farther than any path; two of them still fit 64 bits."""


@dataclass(frozen=True, slots=True, eq=False)
class Planes:
    """Weights (p,) of all stages, packed; ``scales`` holds per plane the factor of each of its stages, last 1."""

    weights: tuple[Exact, ...]
    scales: tuple[tuple[int, ...], ...]
    far: int

    @property
    def price(self) -> int:
        """What a sum of two costs takes, in sums of numbers of 64 bits: wider ones are Python's own."""
        wide = [plane for plane in self.weights if plane.dtype == object and len(plane)]
        bits = [max(abs(int(plane.max())), abs(int(plane.min()))).bit_length() for plane in wide]
        return 1 + sum(40 + number // 32 for number in bits)

    def unpack(self, packed: Sequence[Exact]) -> tuple[Exact, ...]:
        """One array per stage of sums along paths, from one array per plane."""
        stages: list[Exact] = []
        for plane, scales in zip(packed, self.scales, strict=True):
            rest = plane
            for scale in scales[:-1]:
                part = (rest + scale // 2) // scale
                stages.append(part)
                rest = rest - part * scale
            stages.append(rest)
        return tuple(stages)


def packed(weights: Sequence[Exact], arcs: int) -> Planes:
    """Stages (p,) as planes for paths of at most so many arcs."""
    planes: list[Exact] = []
    scales: list[tuple[int, ...]] = []
    k = 0
    far = FAR
    while k < len(weights):
        reach = _reach(weights[k], arcs)
        group = [weights[k]]
        factors = [1]
        if weights[k].dtype == object or reach >= ROOM:
            planes.append(np.array(weights[k].tolist(), dtype=object))
            far = far if scales else max(far, 4 * reach + 4)  # only the first plane tells where an arc is
            k += 1
        else:
            while k + len(group) < len(weights):
                after = weights[k + len(group)]
                size = 2 * _reach(after, arcs) + 2
                if after.dtype == object or reach * size + size >= ROOM:
                    break
                factors = [factor * size for factor in factors] + [1]
                reach = reach * size + size
                group.append(after)
            plane = np.zeros_like(group[0])
            for part, factor in zip(group, factors, strict=True):
                plane += part * factor
            planes.append(plane)
            k += len(group)
        scales.append(tuple(factors))
    return Planes(tuple(planes), tuple(scales), far)


def _reach(weight: Exact, arcs: int) -> int:
    """No sum of differences of these weights along a path is larger."""
    if not len(weight):
        return 1
    return 2 * (arcs + 2) * max(abs(int(weight.max())), abs(int(weight.min()))) + 1


def less(a: Sequence[Exact], b: Sequence[Exact]) -> NDArray[np.bool_]:
    """Where ``a`` is lexicographically below ``b``; one array per plane, shapes that broadcast."""
    result = np.asarray(a[-1] < b[-1], dtype=bool)
    for x, y in zip(a[-2::-1], b[-2::-1], strict=True):
        result = np.asarray(x < y, dtype=bool) | (np.asarray(x == y, dtype=bool) & result)
    return result


@dataclass(slots=True, eq=False)
class Arcs:
    """The arcs of a graph, by end.

    ``begin``, ``end`` and ``via`` (E,), ``end`` ascending; ``via`` is a number of the caller's for each arc (who
    moves). ``cost`` holds one (E,) array per plane, ``far`` or more in the first where an arc is shut.
    """

    begin: Ints
    end: Ints
    via: Ints
    cost: tuple[Exact, ...]
    nodes: int
    far: int

    @classmethod
    def of(cls, begin: Ints, end: Ints, via: Ints, cost: Sequence[Exact], *, nodes: int, far: int) -> Arcs:
        """Arcs in any order."""
        order = np.argsort(end, kind="stable")
        return cls(begin[order], end[order], via[order], tuple(plane[order] for plane in cost), nodes, far)

    def turned(self) -> Arcs:
        """Every arc the other way round."""
        return Arcs.of(self.end, self.begin, self.via, self.cost, nodes=self.nodes, far=self.far)

    def from_one(self, source: int) -> tuple[list[Exact], Ints]:
        """Distances (N,) per plane from a node, and the arc by which each was reached, or -1 (Bellman and Ford).

        Of arcs that serve as well the first is taken.

        Raises
        ------
        ArithmeticError
            If a cycle gains something: the plan was not optimal.
        """
        dist = [np.full(self.nodes, self.far if k == 0 else 0, dtype=plane.dtype) for k, plane in enumerate(self.cost)]
        before = np.full(self.nodes, -1, dtype=np.int64)
        for plane in dist:
            plane[source] = 0
        tool = _compiled(self.cost)
        if tool is not None:
            start = np.flatnonzero(np.diff(self.end, prepend=-1))
            ends = self.end[start]
            pair = self._two(dist)
            arcs = (self.begin, *self._two(self.cost), ends, np.append(start, len(self.end)))
            done = tool.ford(arcs, pair, (pair[0].copy(), pair[1].copy()), before, self.far)
            dist = list(pair[: len(dist)])
        else:
            active = np.arange(self.nodes) == source
            done = self._rounds(active, dist, before, self.nodes + 1)
        if not done:
            raise ArithmeticError("a cycle of exchanges gains something: the plan was not optimal")
        return dist, before

    def _two(self, planes: Sequence[Exact]) -> tuple[Exact, Exact]:
        return planes[0], planes[1] if len(planes) > 1 else np.zeros_like(planes[0])

    def is_settled(self) -> bool:
        """Whether no cycle gains anything; False also where that is not seen in a few rounds."""
        dist = [np.zeros(self.nodes, dtype=plane.dtype) for plane in self.cost]
        before = np.full(self.nodes, -1, dtype=np.int64)
        return self._rounds(np.ones(self.nodes, dtype=bool), dist, before, PATIENCE)

    def _rounds(self, active: NDArray[np.bool_], dist: list[Exact], before: Ints, most: int) -> bool:
        """Shorten paths that lead on from active nodes; False when they still get shorter after so many rounds."""
        for _ in range(most):
            live = active[self.begin].nonzero()[0]  # other arcs cannot shorten anything
            begin, end = self.begin[live], self.end[live]
            new = np.empty(len(end), dtype=bool)
            new[:1] = True
            np.not_equal(end[1:], end[:-1], out=new[1:])
            start = new.nonzero()[0]
            if not len(start):
                return True
            group, ends = new.cumsum() - 1, end[start]
            reached = [plane[begin] + cost[live] for plane, cost in zip(dist, self.cost, strict=True)]
            best = [np.minimum.reduceat(reached[0], start)]
            lowest = np.asarray(reached[0] == best[0][group], dtype=bool)
            for plane in reached[1:]:
                best.append(np.minimum.reduceat(np.where(lowest, plane, plane.max() + 1), start))
                lowest &= np.asarray(plane == best[-1][group], dtype=bool)
            up = less(best, [plane[ends] for plane in dist]) & np.asarray(best[0] < self.far // 2, dtype=bool)
            if not up.any():
                return True
            active[:] = False
            active[ends[up]] = True
            for plane, value in zip(dist, best, strict=True):
                plane[ends[up]] = value[up]
            chosen = (lowest & up[group]).nonzero()[0]
            first = np.flatnonzero(np.diff(group[chosen], prepend=-1))
            before[ends[up]] = live[chosen[first]]
        return False

    def all_pairs(self) -> tuple[list[Exact], Ints]:
        """Distances (N, N) per plane, and the last arc of each path, or -1 (Floyd and Warshall)."""
        nodes = self.nodes
        key, arc = self._cheapest()
        dist = []
        for k, cost in enumerate(self.cost):
            plane = np.full(nodes * nodes, self.far if k == 0 else 0, dtype=cost.dtype)
            plane[key] = cost[arc]
            plane[:: nodes + 1] = 0
            dist.append(plane.reshape(nodes, nodes))
        last = np.full(nodes * nodes, -1, dtype=np.int64)
        last[key] = arc
        before = last.reshape(nodes, nodes)
        tool = _compiled(self.cost)
        if tool is not None:
            pair = self._two(dist)
            tool.floyd(*pair, before, self.far)
            return list(pair[: len(dist)]), before
        for middle in range(nodes):
            _through(dist, before, middle, self.far // 2)
        return dist, before

    def _cheapest(self) -> tuple[Ints, Ints]:
        """The cheapest arc from node to node, the first of equals: ``begin * nodes + end``, and the arc."""
        live = np.flatnonzero(np.asarray(self.cost[0] < self.far // 2, dtype=bool) & (self.begin != self.end))
        key = self.begin[live] * self.nodes + self.end[live]
        costs = [cost[live] for cost in self.cost]
        if any(cost.dtype == object for cost in costs):
            order = np.array(
                sorted(range(len(key)), key=lambda e: (int(key[e]), *(cost[e] for cost in costs))), dtype=np.int64
            )
        else:
            order = np.lexsort((*reversed(costs), key))
        first = np.flatnonzero(np.diff(key[order], prepend=-1))
        return key[order[first]], live[order[first]]


def _through(dist: list[Exact], before: Ints, middle: int, half: int) -> None:
    """Let every path lead through one more node where that is shorter."""
    nodes = len(before)
    into = np.flatnonzero(np.asarray(dist[0][:, middle] < half, dtype=bool))
    out = np.flatnonzero(np.asarray(dist[0][middle] < half, dtype=bool))
    if len(into) < 2 or len(out) < 2:
        return
    if 2 * len(into) > nodes and 2 * len(out) > nodes:
        through = [plane[:, middle, None] + plane[middle] for plane in dist]
        up = less(through, dist) & np.asarray(through[0] < half, dtype=bool)
        if up.any():
            for plane, value in zip(dist, through, strict=True):
                np.copyto(plane, value, where=up)
            np.copyto(before, before[middle], where=up)
        return
    block = np.ix_(into, out)
    parts = [plane[block] for plane in dist]
    through = [plane[into, middle, None] + plane[middle, out] for plane in dist]
    up = less(through, parts)
    if up.any():
        for plane, part, value in zip(dist, parts, through, strict=True):
            plane[block] = np.where(up, value, part)
        before[block] = np.where(up, before[middle, out], before[block])


def _compiled(cost: Sequence[Exact]) -> Any:
    """The compiled kernels, where they are worth loading or loaded and can hold the numbers; else None."""
    if len(cost) > 2 or any(plane.dtype == object for plane in cost):
        return None
    return compiled_kernels() if paths.use_compiled("auto", len(cost[0])) else None
