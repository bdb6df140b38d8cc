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
from matcher.exchange import Matrix, Planes, less, packed
from matcher.problem import Ints

LEAVE = -2
"""``via`` of the arc on which student i gives up a place is ``LEAVE - i``; of an arc where nobody moves NOBODY."""
NOBODY = -(2**60)


@dataclass(frozen=True, slots=True, eq=False)
class Tree:
    """What does not change: pairs, where they enter, and how nodes hang together.

    ``row`` (p,) student and ``entry`` (p,) node of each pair, ``usable`` (p,) pairs that may be taken; ``movable``
    (n,) students who are not pinned, ``may_leave`` (n,) those who may be unplaced; ``parent`` (N,) of each node, the
    last node being outside (its own parent); ``planes`` the weights of pairs above that of being unplaced.
    """

    row: Ints
    entry: Ints
    usable: NDArray[np.bool_]
    movable: NDArray[np.bool_]
    may_leave: NDArray[np.bool_]
    parent: Ints
    weights: tuple[Exact, ...]
    planes: Planes

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
    """A `Tree` with its weights packed for the longest path it can have."""
    return Tree(row, entry, usable, movable, may_leave, parent, tuple(weights), packed(weights, 2 * len(parent) + 4))


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

    def matrix(self) -> Matrix:
        """The arcs along which the plan may change."""
        t = self.tree
        now = self.pair[t.row]
        arcs = np.flatnonzero(t.usable & t.movable[t.row] & (now != np.arange(len(now))))
        held = now[arcs]
        source = np.where(held >= 0, t.entry[held], t.outside) if len(t.entry) else held
        target = t.entry[arcs]
        inside = np.flatnonzero((self.pair >= 0) & t.movable & t.may_leave)
        up = np.flatnonzero((self.count < self.high) & (t.parent != np.arange(t.nodes)))
        down = np.flatnonzero((self.count > self.low) & (t.parent != np.arange(t.nodes)))
        still = len(up) + len(down)
        costs = []
        for weight in t.planes.weights:
            kept = np.where(held >= 0, weight[held], 0) if len(weight) else held
            zero = np.zeros(still, dtype=weight.dtype)
            costs.append(np.concatenate((zero, kept - weight[arcs], weight[self.pair[inside]])))
        begin = np.concatenate((up, t.parent[down], source, t.entry[self.pair[inside]]))
        end = np.concatenate((t.parent[up], down, target, np.full(len(inside), t.outside)))
        via = np.concatenate((np.full(still, NOBODY), arcs, LEAVE - inside))
        return Matrix.of((begin, end, via), costs, nodes=t.nodes, far=t.planes.far)

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

    def bounded(self, node: int, low: int, high: int) -> Flow:
        """The same plan with other numbers at a node, which it must hold for the plan to be one."""
        lows, highs = self.low.copy(), self.high.copy()
        lows[node], highs[node] = low, high
        return replace(self, low=lows, high=highs)

    def along(self, begin: int, end: int, *, gain: bool = False) -> Ints | None:
        """The pairs (n,) after the shortest exchange from a node with one too many to one with one too few.

        None when there is none, or with ``gain`` when it does not make the plan better.
        """
        matrix = self.matrix()
        dist, before = matrix.from_one(begin)
        if not dist[0][end] < matrix.far // 2:
            return None
        if gain and not less([plane[end : end + 1] for plane in dist], [plane[:1] * 0 for plane in dist]).all():
            return None
        pair = self.pair.copy()
        node = end
        while node != begin:
            previous = int(before[node])
            carry_out(pair, int(matrix.via[previous, node]), self.tree.row)
            node = previous
        return pair


def carry_out(pair: Ints, via: int, row: Ints) -> None:
    """Change the plan by what one arc stands for."""
    if via >= 0:
        pair[row[via]] = via
    elif via != NOBODY:
        pair[LEAVE - via] = -1


def counted(t: Tree, pair: Ints) -> Ints:
    """Students at each node (N,), those of the nodes below it included; 0 outside."""
    count = np.bincount(t.entry[pair[pair >= 0]], minlength=t.nodes).astype(np.int64)
    for node in range(t.nodes - 1):  # children stand before their parents
        parent = t.parent[node]
        if parent != t.outside:
            count[parent] += count[node]
    count[t.outside] = 0
    return count
