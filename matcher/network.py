"""A plan as a flow, kept optimal while limits that nest are tightened one by one.

Students flow into the node of the opening (and, where loads count, of the load) that their pair enters, and from
there along a tree to the node outside: lighter loads of the opening, the opening, groups of openings. Every node of
the tree has a least and a greatest number of students. Those without a place are outside. Any tightening is carried
out by shortest exchanges (`matcher.exchange`), so the plan stays optimal for the limits the tree holds.
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from matcher.exact import Exact
from matcher.exchange import Arcs, Planes, less, packed
from matcher.problem import Ints

LEAVE = -2
"""``via`` of the arc on which student i gives up a place is ``LEAVE - i``; of an arc where nobody moves NOBODY."""
NOBODY = -(2**60)


@dataclass(frozen=True, slots=True, eq=False)
class Ways:
    """The arcs there can be, by end: which arcs are open, and where those of a student begin, depends on the plan.

    ``begin``, ``end`` and ``via`` (E,); ``who`` (E,) the student who moves, or n where nobody does; ``gain`` one (E,)
    array per plane, what is gained at the end; ``up`` and ``down`` positions of the arcs from each node but the last
    to its parent and back.
    """

    begin: Ints
    end: Ints
    via: Ints
    who: Ints
    gain: tuple[Exact, ...]
    up: Ints
    down: Ints


@dataclass(frozen=True, slots=True, eq=False)
class Tree:
    """What does not change: pairs, where they enter, and how nodes hang together.

    ``row`` (p,) student and ``entry`` (p,) node of each pair, ``usable`` (p,) pairs that may be taken, ``may_leave``
    (n,) students who may be unplaced; ``parent`` (N,) of each node, the last node being outside (its own parent);
    ``weights`` of pairs above that of being unplaced, per stage, ``planes`` the same packed.
    """

    row: Ints
    entry: Ints
    usable: NDArray[np.bool_]
    may_leave: NDArray[np.bool_]
    parent: Ints
    weights: tuple[Exact, ...]
    planes: Planes
    ways: Ways
    levels: tuple[Ints, ...]

    @property
    def nodes(self) -> int:
        """Number of nodes."""
        return len(self.parent)

    @property
    def outside(self) -> int:
        """The node of the unplaced."""
        return len(self.parent) - 1


def tree(
    row: Ints,
    entry: Ints,
    parent: Ints,
    weights: Sequence[Exact],
    *,
    usable: NDArray[np.bool_],
    movable: NDArray[np.bool_],
    may_leave: NDArray[np.bool_],
) -> Tree:
    """A `Tree` with its weights packed for the longest path it can have.

    ``movable`` (n,) marks students who are not pinned, ``may_leave`` (n,) those who may be unplaced.
    """
    planes = packed(weights, 2 * len(parent) + 4)
    leavers = np.flatnonzero(movable & may_leave)
    ways = _ways(row, entry, parent, planes, usable=usable & movable[row], leavers=leavers, n=len(movable))
    return Tree(row, entry, usable, may_leave, parent, tuple(weights), planes, ways, _levels(parent))


def _ways(
    row: Ints, entry: Ints, parent: Ints, planes: Planes, *, usable: NDArray[np.bool_], leavers: Ints, n: int
) -> Ways:
    below = np.arange(len(parent) - 1)
    pairs = np.flatnonzero(usable)
    still = np.full(2 * len(below), -1)
    end = np.concatenate((parent[:-1], below, entry[pairs], np.full(len(leavers), len(parent) - 1)))
    order = np.argsort(end, kind="stable")
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    gains = []
    for weight in planes.weights:
        gain = np.zeros(len(order), dtype=weight.dtype)
        gain[place[len(still) : len(still) + len(pairs)]] = weight[pairs]
        gains.append(gain)
    return Ways(
        begin=np.concatenate((below, parent[:-1], np.zeros(len(pairs) + len(leavers), dtype=np.int64)))[order],
        end=end[order],
        via=np.concatenate((np.full(len(still), NOBODY), pairs, LEAVE - leavers))[order],
        who=np.concatenate((np.full(len(still), n), row[pairs], leavers))[order],
        gain=tuple(gains),
        up=place[: len(below)],
        down=place[len(below) : len(still)],
    )


def _levels(parent: Ints) -> tuple[Ints, ...]:
    """Nodes but the last, those below others first, in batches of which none is below another."""
    depth = np.zeros(len(parent), dtype=np.int64)
    for node in range(len(parent) - 2, -1, -1):  # children stand before their parents
        depth[node] = depth[parent[node]] + 1
    return tuple(np.flatnonzero(depth == d) for d in range(int(depth.max(initial=0)), 0, -1))


@dataclass(frozen=True, slots=True, eq=False)
class Flow:
    """An optimal plan under least and greatest numbers per node.

    ``pair`` (n,) of each student or -1; ``low``, ``high`` and ``count`` (N,) of each node.
    """

    tree: Tree
    pair: Ints
    low: Ints
    high: Ints
    count: Ints

    def arcs(self) -> Arcs:
        """The arcs along which the plan may change; those on which it is already cost nothing."""
        t, ways = self.tree, self.tree.ways
        inside = np.flatnonzero(self.pair >= 0)
        held = self.pair[inside]
        at = np.full(len(self.pair) + 1, t.outside, dtype=np.int64)
        at[inside] = t.entry[held]
        begin = np.where(ways.who < len(self.pair), at[ways.who], ways.begin)
        costs = []
        for weight, gain in zip(t.planes.weights, ways.gain, strict=True):
            own = np.zeros(len(self.pair) + 1, dtype=weight.dtype)
            own[inside] = weight[held]
            costs.append(own[ways.who] - gain)
        costs[0][ways.up[np.asarray(self.count >= self.high, dtype=bool)[:-1]]] = t.planes.far
        costs[0][ways.down[np.asarray(self.count <= self.low, dtype=bool)[:-1]]] = t.planes.far
        return Arcs(begin, ways.end, ways.via, tuple(costs), t.nodes, t.planes.far)

    def moved(self, pairs: Ints) -> Flow:
        """The plan with another pair (n,) per student; it must be optimal under the same numbers."""
        return replace(self, pair=pairs, count=counted(self.tree, pairs))

    def within(self, node: int, low: int, high: int) -> Flow | None:
        """The optimal plan when ``node`` counts from ``low`` to ``high`` students; None when there is none."""
        if low > high:  # a group that must open with more than its load leaves room for
            return None
        flow = self
        parent = int(self.tree.parent[node])
        while flow.count[node] > high or flow.count[node] < low:
            over = bool(flow.count[node] > high)
            step = 1 if over else -1
            bounds = flow.bounded(node, int(flow.count[node]), int(flow.count[node]))  # the arc itself is shut
            begin, end = (node, parent) if over else (parent, node)
            after = bounds.along(begin, end)
            if after is None:
                return None
            count = flow.count[node] - step
            flow = replace(flow, pair=after, count=counted(flow.tree, after))
            assert flow.count[node] == count
        return flow.bounded(node, low, high)

    def widened(self, node: int, low: int, high: int) -> Flow:
        """The optimal plan when ``node``, whose numbers were narrower, counts from ``low`` to ``high`` students."""
        flow = self
        parent = int(self.tree.parent[node])
        for begin, end, step in ((parent, node, 1), (node, parent, -1)):
            while low <= flow.count[node] + step <= high:
                shut = flow.bounded(node, int(flow.count[node]), int(flow.count[node]))
                after = shut.along(begin, end, gain=True)
                if after is None:
                    break
                flow = replace(flow, pair=after, count=counted(flow.tree, after))
        return flow.bounded(node, low, high)

    def between(self, node: int, low: int, high: int) -> Flow | None:
        """The optimal plan when ``node`` counts from ``low`` to ``high``, whatever it did; None when there is none."""
        old_low, old_high = int(self.low[node]), int(self.high[node])
        wide = self
        if low < old_low or high > old_high:
            wide = self.widened(node, min(low, old_low), max(high, old_high))
        return wide if low <= old_low and high >= old_high else wide.within(node, low, high)

    def loosened(self, bounds: Sequence[tuple[int, int, int]]) -> Flow | None:
        """The same plan under several (node, low, high) at once; None when it may not be optimal under them."""
        low, high = self.low.copy(), self.high.copy()
        for node, least, most in bounds:
            if least > low[node] or most < high[node]:
                return None  # not looser
            low[node], high[node] = least, most
        flow = replace(self, low=low, high=high)
        return flow if flow.arcs().is_settled() else None

    def bounded(self, node: int, low: int, high: int) -> Flow:
        """The same plan with other numbers at a node, which it must hold for the plan to be one."""
        lows, highs = self.low.copy(), self.high.copy()
        lows[node], highs[node] = low, high
        return replace(self, low=lows, high=highs)

    def along(self, begin: int, end: int, *, gain: bool = False) -> Ints | None:
        """The pairs (n,) after the shortest exchange from a node with one too many to one with one too few.

        None when there is none, or with ``gain`` when it does not make the plan better.
        """
        arcs = self.arcs()
        dist, before = arcs.from_one(begin)
        if not dist[0][end] < arcs.far // 2:
            return None
        if gain and not less([plane[end : end + 1] for plane in dist], [plane[:1] * 0 for plane in dist]).all():
            return None
        pair = self.pair.copy()
        node = end
        for _ in range(arcs.nodes):
            if node == begin:
                return pair
            arc = int(before[node])
            carry_out(pair, int(arcs.via[arc]), self.tree.row)
            node = int(arcs.begin[arc])
        raise ArithmeticError("exchanges that cost nothing run in a circle")


def nodes_of(t: Tree, pair: Ints) -> Ints:
    """The node of each of these pairs; of -1 the node outside."""
    if not len(t.entry):
        return np.full(len(pair), t.outside, dtype=np.int64)
    return np.where(pair >= 0, t.entry[pair], t.outside)


def carry_out(pair: Ints, via: int, row: Ints) -> None:
    """Change the plan by what one arc stands for."""
    if via >= 0:
        pair[row[via]] = via
    elif via != NOBODY:
        pair[LEAVE - via] = -1


def counted(t: Tree, pair: Ints) -> Ints:
    """Students at each node (N,), those of the nodes below it included; 0 outside."""
    count = np.bincount(t.entry[pair[pair >= 0]], minlength=t.nodes).astype(np.int64)
    for level in t.levels:
        np.add.at(count, t.parent[level], count[level])
    count[t.outside] = 0
    return count
