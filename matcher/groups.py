"""Groups with a minimum to open where nothing else but places limits: to proven optimality at any size.

Branch and bound over groups that are closed or open [1]_. Each node is a flow problem, solved from its parent's
(`matcher.transport`); its bound is a chain of either-ors (`matcher.disjunctions`); what that bound leaves no room for,
sides and pairs, is dropped. All stages but the tie rule are one whole number per pair; ties are settled where a node's
best plan is found, and among all nodes that reach the same. Everything is whole numbers: what is pruned is pruned by
proof.

References
----------
.. [1] A. H. Land, A. G. Doig, "An automatic method of solving discrete programming problems", Econometrica 28, 1960.
   doi:10.2307/1910129
"""
from __future__ import annotations

import heapq
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from matcher.constraints import Residual
from matcher.disjunctions import Chain, chain, settle_sides
from matcher.exact import exact_sum
from matcher.paths import PathResult, solve_paths, use_compiled
from matcher.problem import Ints
from matcher.transport import CLOSED, MAYBE, OPEN, Field, State, choose, make_field, settle, slack

NEAR = 64
"""Pairs whose slack is less than this part of the differences in score are looked at first."""
ROUNDS = 4
"""Times the root is bounded anew after pairs or sides were dropped."""


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """What was found: ``pairs`` (free pairs of the residual by number, None: no plan), and per stage value and bound.

    ``root`` is the plain problem's answer, minimums left out, whose prices bound every stage. ``kept`` are the free
    pairs, ascending, that a plan as good as the one found may take; no other pair can be in one.
    """

    pairs: Ints | None
    values: tuple[int, ...]
    bounds: tuple[int, ...]
    infeasible: bool
    root: PathResult
    nodes: int
    kept: Ints


def is_flow(state: Residual) -> bool:
    """Whether minimums to open and places are all that limits what is left."""
    return not state.rows and not (state.capacity >= 0).any()


def solve_groups(
    state: Residual, stages: Sequence[Ints], ties: Ints, *, most_nodes: int | None = None, deadline: float | None = None
) -> Groups | None:
    """The assignment of the residual that is best in every stage, then by ties; None where numbers are too large.

    Parameters
    ----------
    state : Residual
        `is_flow` of it holds.
    stages : one or two int64 arrays, shape (q,)
        Worth of each free pair above being unplaced, stage by stage.
    ties : int64 array, shape (q,)
        The tie number of each free pair.
    most_nodes : int, optional
        Nodes after which it ends with what it has.
    deadline : float, optional
        On the clock of `time.monotonic`.
    """
    return _Search.of(state, stages, ties, most_nodes, deadline)


@dataclass(order=True, slots=True)
class _Node:
    key: tuple[int, int]
    side: Ints = field(compare=False)
    from_: State = field(compare=False)


class _Search:
    def __init__(
        self, state: Residual, stages: Sequence[Ints], ties: Ints, *, scale: int, root: PathResult, whole: Field,
        deadline: float | None,
    ) -> None:  # fmt: skip
        self.state, self.stages, self.ties, self.scale = state, stages, ties, scale
        self.root, self.field, self.deadline = root, whole, deadline
        self.kept = np.arange(len(state.pair))  # the free pairs that are still in the field
        self.best: tuple[int, int] | None = None
        self.pairs: Ints | None = None
        self.plan: State | None = None  # the best of those that were improved group by group
        self.free = np.ones(len(whole.group), dtype=bool)  # groups that nobody is in for certain
        self.nodes = 0

    @classmethod
    def of(
        cls, state: Residual, stages: Sequence[Ints], ties: Ints, most_nodes: int | None, deadline: float | None
    ) -> Groups | None:
        n, rows, columns = state.n, state.student, state.opening
        indptr = np.searchsorted(rows, np.arange(n + 1))
        root = solve_paths(indptr, columns, state.places, list(stages), [0] * len(stages))
        spread = [int(w.max(initial=0)) - int(w.min(initial=0)) for w in stages]
        scale = 1 if len(stages) == 1 else 4 * spread[1] * (n + 2) + 1
        if spread[0] * scale >= 2**58:
            return None
        weight, price = stages[0] * scale, root.opening_prices[0] * scale
        if len(stages) > 1:
            weight, price = weight + stages[1], price + root.opening_prices[1]
        group = np.flatnonzero((state.need > 0) & (np.bincount(columns, minlength=state.m) > 0))
        whole = make_field(
            n, (rows, columns, weight), state.places, (group, state.need[group]),
            compiled=use_compiled("auto", len(rows)), near=spread[-1] // NEAR,
        )  # fmt: skip
        if whole is None:
            return None
        search = cls(state, stages, ties, scale=scale, root=root, whole=whole, deadline=deadline)
        side = np.where(state.is_open[group], OPEN, MAYBE)
        return search.run(side, root.pair, price, most_nodes)

    def run(self, side: Ints, pair: Ints, price: Ints, most_nodes: int | None = None) -> Groups:
        self.free = side == MAYBE
        state = self._begin(side, pair, price)
        if not state.holds:
            return self._outcome([], infeasible=True)
        self._dive(state)
        heap = [_Node((-state.value, 0), state.side, state)]
        root = True
        while heap and not self._late() and (most_nodes is None or self.nodes < most_nodes):
            node = heapq.heappop(heap)
            if self.best is not None and -node.key[0] < self.best[0]:
                heap.clear()
                break
            self.nodes += 1
            for child, most in self._look(node, root=root):
                heapq.heappush(heap, _Node((-most, self.nodes * 2 + len(heap)), child.side, child))
            root = False
        return self._outcome(heap, infeasible=self.best is None and not heap)

    def _late(self) -> bool:
        return self.deadline is not None and time.monotonic() >= self.deadline

    def _begin(self, side: Ints, pair: Ints, price: Ints) -> State:
        """The root: the plain plan, with the groups open that must be."""
        whole = self.field
        number = np.full(len(self.state.pair) + 1, -1)
        first = np.flatnonzero(whole.graph.indices < whole.m)
        number[whole.origin[first]] = first
        prices = np.concatenate((price, np.full(len(whole.group), whole.shut)))
        state = settle(whole, np.zeros_like(side), prices, number[pair])
        for g in np.flatnonzero(side == OPEN).tolist():
            state = choose(whole, state, g, OPEN)
        return state

    def _dive(self, state: State) -> None:
        """A first plan: the group whose sides differ most in what they cost goes first, to the cheaper one."""
        while not self._late():
            short = state.violated(self.field)
            if not len(short):
                self._improve(self._decided(state))
                return
            costs = []
            for g in short.tolist():
                closed, filled = choose(self.field, state, g, CLOSED), choose(self.field, state, g, OPEN)
                if not closed.holds and not filled.holds:
                    return
                costs.append((-abs(closed.value - filled.value), g, CLOSED if closed.value >= filled.value else OPEN))
            for _, g, side in sorted(costs):
                after = choose(self.field, state, g, side)
                if not after.holds or self._late():
                    return
                state = after

    def _decided(self, state: State) -> State:
        """The same plan with every group on the side it is on."""
        for g in np.flatnonzero(state.side == MAYBE).tolist():
            state = choose(self.field, state, g, OPEN if state.count[g] else CLOSED)
        return state

    def _improve(self, plan: State) -> None:
        """Turn single groups to their other side for as long as one of them makes the plan better."""
        self.plan = plan
        self._offer(plan)
        better = True
        while better:
            better = False
            gains = []
            for g in np.flatnonzero(self.free).tolist():
                if self._late():
                    return
                turned = choose(self.field, plan, g, -int(plan.side[g]))
                if turned.holds and turned.value > plan.value:
                    gains.append((-turned.value, g))
            for _, g in sorted(gains):
                turned = choose(self.field, plan, g, -int(plan.side[g]))
                if turned.holds and turned.value > plan.value:
                    self.plan = plan = turned
                    self._offer(plan)
                    better = True

    def _look(self, node: _Node, *, root: bool) -> list[tuple[State, int]]:
        """Bound a node, and what of it may still hold something better, in two parts."""
        state, most = node.from_, -node.key[0]
        for _ in range(ROUNDS):
            if not len(state.violated(self.field)):
                return self._leaf(state)
            enough = None if self.best is None else self.best[0]
            link = chain(self.field, state, enough, self._late)
            if link is None:
                return []
            most, before, size = min(most, link.most), state.side, len(self.kept)
            if enough is not None:
                link = settle_sides(link, enough, self._late)
                if link is None:
                    return []
                if root:
                    state = self._drop(link, state, enough)
            for g in np.flatnonzero(link.state.side != before).tolist():
                state = choose(self.field, state, g, int(link.state.side[g]))
                if not state.holds:
                    return []
            if (state.side == before).all() and len(self.kept) > 0.8 * size:
                break
        short = state.violated(self.field)
        if not len(short):
            return self._leaf(state)
        return self._children(state, short, most)

    def _children(self, state: State, short: Ints, most: int) -> list[tuple[State, int]]:
        """Both sides of the group whose cheaper side costs most."""
        found = []
        for g in short.tolist():
            sides = [choose(self.field, state, g, side) for side in (CLOSED, OPEN)]
            worth = [side.value if side.holds else state.value - self.field.bonus for side in sides]
            found.append((max(worth), g, sides))
        _, _, sides = min(found, key=lambda one: one[:2])
        return [(side, min(most, side.value)) for side in sides if side.holds]

    def _drop(self, link: Chain, state: State, enough: int) -> State:
        """Leave out every pair that no plan worth ``enough`` takes; the same plan on what is left."""
        whole = self.field
        near = slack(link.field, link.state.own, link.state.price) <= link.most - enough
        for plan in (state, self.plan):
            if plan is not None:
                near[plan.at[plan.at >= 0]] = True
        keep = np.zeros(len(self.kept), dtype=bool)
        keep[whole.origin[near]] = True
        if keep.all():
            return state
        rows = np.repeat(np.arange(whole.graph.n), np.diff(whole.graph.indptr))
        first = np.flatnonzero((whole.graph.indices < whole.m) & keep[whole.origin])
        smaller = make_field(
            whole.graph.n, (rows[first], whole.graph.indices[first], whole.graph.weight[first]), whole.places,
            (whole.group, whole.need), compiled=whole.compiled, bonus=whole.bonus, near=whole.near,
        )  # fmt: skip
        assert smaller is not None
        self.kept = self.kept[keep]
        # Pairs of both columns keep their order, so the plan's are the same ones among those that are left.
        left = np.flatnonzero(keep[whole.origin])
        self.field = smaller
        if self.plan is not None:
            self._improve(self._moved(self.plan, left))
        return self._moved(state, left)

    def _moved(self, state: State, left: Ints) -> State:
        """A state of the field before, in the numbers of the one that is left."""
        at = np.where(state.at < 0, -1, np.searchsorted(left, state.at))
        return settle(self.field, state.side, state.price, at)

    def _leaf(self, state: State) -> list[tuple[State, int]]:
        """The node's own best plan, ties included; two parts where ties ask for what no plan may have."""
        self._offer(state)
        if self.best is not None and state.value < self.best[0]:
            return []
        whole = self.field
        room = whole.room(state.side)
        use = np.flatnonzero(room[whole.graph.indices] > 0)
        columns, origin = whole.graph.indices[use], self.kept[whole.origin[use]]
        rows = np.repeat(np.arange(whole.graph.n), np.diff(whole.graph.indptr))[use]
        stages = [*(stage[origin] for stage in self.stages), self.ties[origin]]
        if (state.side == OPEN).any():
            stages.insert(0, (columns >= whole.m).astype(np.int64))
        indptr = np.searchsorted(rows, np.arange(whole.graph.n + 1))
        found = solve_paths(indptr, columns, room, stages, [0] * len(stages))
        pairs = use[found.pair[found.pair >= 0]]
        at = np.full(whole.graph.n, -1, dtype=np.int64)
        at[rows[found.pair[found.pair >= 0]]] = pairs
        filled = np.bincount(whole.graph.indices[pairs], minlength=whole.graph.m)
        count = filled[whole.group] + filled[whole.m :]
        tied = State(state.side, at, state.own, state.price, state.value, True, count)
        short = tied.violated(whole)
        if not len(short):
            self._offer(tied)
            return []
        g = int(short[0])
        parts = (choose(whole, state, g, side) for side in (CLOSED, OPEN))
        return [(part, part.value) for part in parts if part.holds]

    def _offer(self, state: State) -> None:
        """Keep a plan without violated groups when it is better, ties included."""
        pairs = np.sort(self.kept[self.field.origin[state.at[state.at >= 0]]])
        value = (state.value, exact_sum(self.ties[pairs]))
        if self.best is None or value > self.best:
            self.best, self.pairs = value, pairs

    def _outcome(self, heap: list[_Node], *, infeasible: bool) -> Groups:
        values: tuple[int, ...] = ()
        if self.pairs is not None:
            values = tuple(exact_sum(stage[self.pairs]) for stage in (*self.stages, self.ties))
        bounds = values
        if heap and self.pairs is not None:
            bounds = self._open_bounds(values, max(-node.key[0] for node in heap))
        return Groups(self.pairs, values, bounds, infeasible, self.root, self.nodes, self.kept)

    def _open_bounds(self, values: tuple[int, ...], most: int) -> tuple[int, ...]:
        """Bounds of the stages when nodes worth ``most`` are left open; what follows an open stage is bounded apart."""
        parts = [most] if len(self.stages) == 1 else [(most + self.scale // 2) // self.scale]
        if len(self.stages) > 1:
            parts.append(most - parts[0] * self.scale)
        bounds = []
        proven = True
        for part, value, weight in zip((*parts, None), values, (*self.stages, self.ties), strict=True):
            if proven and part is not None:
                bounds.append(max(part, value))
            else:
                best = np.zeros(self.state.n, dtype=np.int64)
                np.maximum.at(best, self.state.student, weight)
                bounds.append(max(exact_sum(best), value))
            proven = proven and part == value
        return tuple(bounds)
