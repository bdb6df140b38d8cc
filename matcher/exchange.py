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

import numpy as np
from numpy.typing import NDArray

from matcher.exact import Exact
from matcher.problem import Ints

ROOM = 2**59
"""No path costs this much in one int64 plane."""
FAR = 2**60
"""Farther than any path; two of them still fit 64 bits."""


@dataclass(frozen=True, slots=True, eq=False)
class Planes:
    """Weights (p,) of all stages, packed; ``scales`` holds per plane the factor of each of its stages, last 1."""

    weights: tuple[Exact, ...]
    scales: tuple[tuple[int, ...], ...]
    far: int

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


def cheapest(source: Ints, target: Ints, costs: Sequence[Exact], nodes: int) -> tuple[Ints, Ints]:
    """The cheapest arc of each (source, target) that has one: its key ``source * nodes + target`` and its index."""
    key = source * nodes + target
    if any(cost.dtype == object for cost in costs):
        order = np.array(
            sorted(range(len(key)), key=lambda e: (int(key[e]), *(cost[e] for cost in costs))), dtype=np.int64
        )
    else:
        order = np.lexsort((*reversed(costs), key))
    first = np.flatnonzero(np.diff(key[order], prepend=-1))
    return key[order[first]], order[first]


@dataclass(slots=True, eq=False)
class Matrix:
    """The arcs of a graph as dense matrices.

    ``cost`` holds one (N, N) array per plane, ``far`` where there is no arc; ``via`` (N, N) is a number of the
    caller's for each arc (who moves).
    """

    cost: tuple[Exact, ...]
    via: Ints
    far: int

    @classmethod
    def of(cls, arcs: tuple[Ints, Ints, Ints], costs: Sequence[Exact], *, nodes: int, far: int) -> Matrix:
        """The cheapest of parallel ``arcs`` (source, target and via of each); of equal ones the first."""
        source, target, via = arcs
        key, arc = cheapest(source, target, costs, nodes)
        planes = []
        for k, cost in enumerate(costs):
            plane = np.full(nodes * nodes, far if k == 0 else 0, dtype=cost.dtype)
            plane[key] = cost[arc]
            planes.append(plane.reshape(nodes, nodes))
        chosen = np.full(nodes * nodes, -1, dtype=np.int64)
        chosen[key] = via[arc]
        return cls(tuple(planes), chosen.reshape(nodes, nodes), far)

    def from_one(self, source: int) -> tuple[list[Exact], Ints]:
        """Distances (N,) per plane from a node, and the node before each on its path (Bellman and Ford).

        Raises
        ------
        ArithmeticError
            If a cycle gains something: the plan was not optimal.
        """
        nodes = len(self.via)
        dist = [np.full(nodes, self.far if k == 0 else 0, dtype=plane.dtype) for k, plane in enumerate(self.cost)]
        before = np.full(nodes, -1, dtype=np.int64)
        for plane in dist:
            plane[source] = 0
        active = np.array([source])
        for _ in range(nodes + 1):
            reached = [d[active, None] + plane[active] for d, plane in zip(dist, self.cost, strict=True)]
            best = _lowest(reached)
            column = np.arange(nodes)
            found = [r[best, column] for r in reached]
            up = less(found, dist) & np.asarray(found[0] < self.far // 2, dtype=bool)
            if not up.any():
                return dist, before
            for d, value in zip(dist, found, strict=True):
                d[up] = value[up]
            before[up] = active[best[up]]
            active = np.flatnonzero(up)
        raise ArithmeticError("a cycle of exchanges gains something: the plan was not optimal")

    def all_pairs(self) -> tuple[list[Exact], Ints]:
        """Distances (N, N) per plane and the next node on each path (Floyd and Warshall)."""
        nodes = len(self.via)
        dist = [plane.copy() for plane in self.cost]
        after = np.where(self.via != -1, np.arange(nodes), -1)
        here = np.arange(nodes)
        for plane in dist:
            plane[here, here] = 0
        after[here, here] = here
        for middle in range(nodes):
            into = np.flatnonzero(np.asarray(dist[0][:, middle] < self.far // 2, dtype=bool))
            out = np.flatnonzero(np.asarray(dist[0][middle] < self.far // 2, dtype=bool))
            if len(into) < 2 or len(out) < 2:
                continue
            whole = 2 * len(into) > nodes and 2 * len(out) > nodes
            if whole:
                through = [plane[:, middle, None] + plane[middle] for plane in dist]
                up = less(through, dist) & np.asarray(through[0] < self.far // 2, dtype=bool)
                if up.any():
                    for plane, value in zip(dist, through, strict=True):
                        np.copyto(plane, value, where=up)
                    np.copyto(after, after[:, middle, None], where=up)
                continue
            block = np.ix_(into, out)
            parts = [plane[block] for plane in dist]
            through = [plane[into, middle, None] + plane[middle, out] for plane in dist]
            up = less(through, parts)
            if up.any():
                for plane, part, value in zip(dist, parts, through, strict=True):
                    plane[block] = np.where(up, value, part)
                after[block] = np.where(up, after[into, middle, None], after[block])
        return dist, after


def _lowest(rows: Sequence[Exact]) -> Ints:
    """Index of the lexicographically lowest row of each column."""
    if len(rows) == 1:
        return np.asarray(rows[0].argmin(axis=0), dtype=np.int64)
    best = rows[0].min(axis=0)
    open_ = np.asarray(rows[0] == best, dtype=bool)
    for plane in rows[1:-1]:
        high = plane.max() + 1
        masked = np.where(open_, plane, high)
        open_ &= np.asarray(masked == masked.min(axis=0), dtype=bool)
    last = rows[-1]
    return np.asarray(np.where(open_, last, last.max() + 1).argmin(axis=0), dtype=np.int64)
