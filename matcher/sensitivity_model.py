"""A problem as a `matcher.network` tree, and the parts of it that no tree holds: loads, and groups that open or not.

Loads become slots. An opening with k places and a load capacity takes students who fit slots a_1 >= a_2 >= ...: the
heaviest fits the first, and so on; so many students of load t or more fit as there are slots of t or more, which is a
chain of nested limits. The slots of the whole problem are the largest that any allowed set of students fills one by
one; where a plan fills them and is too heavy, with loads b_1 >= b_2 >= ..., every allowed set has some s with its
s-th load below b_s: one branch for each s. An opening with a minimum branches into closed and open. A limit that
crosses another one branches where a plan breaks it: some opening in it has fewer (or more) than in that plan.
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from matcher.network import Flow, Tree, counted, tree
from matcher.problem import FORBID, Ints, Problem
from matcher.sensitivity_nodes import UNBOUNDED, number_nodes, sorted_limits, stage_weights

LARGEST_TREE = 20_000
"""Nodes beyond which no tree is made."""


@dataclass(frozen=True, slots=True)
class State:
    """What a branch has decided: slots of each opening with a load (position in ``Model.heavy``), descending, and
    for each opening with a minimum (position in ``Model.grouped``) 1 open, 0 closed, -1 undecided; for each opening
    in a crossing limit (position in ``Model.spread``) how few and how many students it may have.
    """

    slots: tuple[tuple[int, ...], ...]
    opens: tuple[int, ...]
    spread: tuple[tuple[int, int], ...]


@dataclass(frozen=True, eq=False)
class Model:
    """A problem made ready for branching.

    Slots leave room for one student more than an opening has places: its own node holds those, and a question about
    one more place finds the slot it needs.

    ``total`` (m,) is the node of each opening; ``heavy`` the openings whose load binds, ``chains`` per heavy opening
    its (threshold, node) descending, the opening's own node last; ``grouped`` the openings with a minimum;
    ``crossing`` limits no tree holds beside the nested ones, as (openings, low, high), ``spread`` their openings.
    """

    problem: Problem
    names: tuple[str, ...]
    tree: Tree
    total: Ints
    heavy: tuple[int, ...]
    chains: tuple[tuple[tuple[int, int], ...], ...]
    grouped: tuple[int, ...]
    limits: tuple[tuple[int, int, int], ...]
    crossing: tuple[tuple[Ints, int, int], ...]
    spread: tuple[int, ...]
    places: Ints
    first: State

    @cached_property
    def price(self) -> int:
        """As `matcher.exchange.Planes.price`."""
        return self.tree.planes.price

    def grows(self, state: State) -> NDArray[np.bool_]:
        """Openings that one place more could serve in a state: not closed, and not short of slots; (m,)."""
        result = np.ones(self.problem.m, dtype=bool)
        for j, slots in zip(self.heavy, state.slots, strict=True):
            result[j] = len(slots) > self.places[j]
        for j, way in zip(self.grouped, state.opens, strict=True):
            result[j] &= way != 0
        for j, (_, high) in zip(self.spread, state.spread, strict=True):
            result[j] &= high > self.places[j]
        return result

    @property
    def loose(self) -> tuple[int, ...]:
        """Openings that only their places limit."""
        return tuple(sorted(set(range(self.problem.m)) - set(self.heavy) - set(self.grouped)))

    @cached_property
    def positions(self) -> tuple[Ints, Ints]:
        """Where each opening (m,) stands among the heavy ones, and behind those among the grouped ones; or -1."""
        result = np.full((2, self.problem.m), -1, dtype=np.int64)
        result[0, list(self.heavy)] = np.arange(len(self.heavy))
        result[1, list(self.grouped)] = np.arange(len(self.grouped)) + len(self.heavy)
        return result[0], result[1]

    @cached_property
    def spread_at(self) -> dict[int, int]:
        """Position of each opening in a crossing limit."""
        return {j: k for k, j in enumerate(self.spread)}

    @cached_property
    def member(self) -> NDArray[np.bool_]:
        """Which openings each crossing limit counts; (m, limits)."""
        result = np.zeros((self.problem.m, len(self.crossing)), dtype=bool)
        for at, (members, _, _) in enumerate(self.crossing):
            result[members, at] = True
        return result

    def branches(self, state: State, kind: str, at: int, pair: Ints) -> list[State]:
        """States that together hold every allowed plan of ``state``, none of them this plan."""
        if kind == "group":
            opens = [(*state.opens[:at], way, *state.opens[at + 1 :]) for way in (1, 0)]
            return [replace(state, opens=way) for way in opens]
        if kind == "crossing":
            return self._spread(state, at, pair)
        j = self.heavy[at]
        inside = pair[(pair >= 0)]
        loads = sorted(self.problem.load[inside[self.problem.indices[inside] == j]].tolist(), reverse=True)
        known = sorted({t for t, _ in self.chains[at]})
        result = []
        for s, load in enumerate(loads):
            lower = [t for t in known if t < load]
            top = lower[-1] if lower else None
            kept = state.slots[at][:s]
            rest = () if top is None else tuple(min(a, top) for a in state.slots[at][s:])
            slots = (*kept, *rest)
            if slots != state.slots[at]:
                result.append(replace(state, slots=(*state.slots[:at], slots, *state.slots[at + 1 :])))
        return result

    def _spread(self, state: State, at: int, pair: Ints) -> list[State]:
        """Where a plan breaks a limit over several openings, every allowed one has fewer (or more) at one of them."""
        members, _, high = self.crossing[at]
        count = np.bincount(self.problem.indices[pair[pair >= 0]], minlength=self.problem.m)
        over = int(count[members].sum()) > high
        result = []
        for j in members.tolist():
            position = self.spread_at[j]
            few, many = state.spread[position]
            bounds = (few, int(count[j]) - 1) if over else (int(count[j]) + 1, many)
            if 0 <= bounds[0] <= bounds[1]:
                spread = (*state.spread[:position], bounds, *state.spread[position + 1 :])
                result.append(replace(state, spread=spread))
        return result

    def apply(self, flow: Flow, before: State, after: State) -> Flow | None:
        """The optimal plan of a branch, from that of the state it comes from; None when there is none."""
        now: Flow | None = flow
        for at, (old, new) in enumerate(zip(before.slots, after.slots, strict=True)):
            if old != new:
                for threshold, node in self.chains[at]:
                    if now is None:
                        return None
                    high = min(int(now.high[node]), sum(a >= threshold for a in new))  # a branch never widens
                    now = now.within(node, int(now.low[node]), high)
        for j, old_way, way in zip(self.grouped, before.opens, after.opens, strict=True):
            if old_way != way and now is not None:
                node = int(self.total[j])
                low, high = (0, 0) if way == 0 else (int(self.problem.required[j]), int(now.high[node]))
                now = now.within(node, max(low, int(now.low[node])), high)
        for j, wide, narrow in zip(self.spread, before.spread, after.spread, strict=True):
            if wide != narrow and now is not None:
                node = int(self.total[j])
                now = now.within(node, max(narrow[0], int(now.low[node])), min(narrow[1], int(now.high[node])))
        return now

    def state_of(self, pair: Ints) -> State:
        """A state without any choice left that holds this allowed plan."""
        slots = []
        placed = pair[pair >= 0]
        inside = self.problem.indices[placed]
        for h, j in enumerate(self.heavy):
            loads = sorted(self.problem.load[placed[inside == j]].tolist(), reverse=True)
            slots.append(self._widest(h, loads))
        opens = tuple(int((inside == j).any()) for j in self.grouped)
        return State(tuple(slots), opens, self._close(np.bincount(inside, minlength=self.problem.m)))

    def _close(self, count: Ints) -> tuple[tuple[int, int], ...]:
        """How few and how many each opening in crossing limits may have, so that none of those can be broken."""
        bounds = dict.fromkeys(self.spread, (0, UNBOUNDED))
        for members, low, high in self.crossing:
            more, less = high - int(count[members].sum()), int(count[members].sum()) - low
            room = np.minimum(self.places[members] + 1 - count[members], more)
            room = np.clip(more - (np.cumsum(room) - room), 0, room)
            spare = np.minimum(count[members], less)
            spare = np.clip(less - (np.cumsum(spare) - spare), 0, spare)
            for j, up, down in zip(members.tolist(), room.tolist(), spare.tolist(), strict=True):
                few, many = bounds[j]
                bounds[j] = max(few, int(count[j]) - down), min(many, int(count[j]) + up)
        return tuple(bounds[j] for j in self.spread)

    def _widest(self, h: int, loads: list[int]) -> tuple[int, ...]:
        """Slots that hold these loads and whatever else fits beside them, largest last."""
        known = sorted({t for t, _ in self.chains[h]})
        most = self.first.slots[h]
        left = int(self.problem.load_capacity[self.heavy[h]]) - sum(loads)
        slots = list(loads)
        while len(slots) < len(most) and known[0] <= left:
            slots.append(known[0])
            left -= known[0]
        for s in range(len(slots)):
            fitting = [t for t in known if slots[s] <= t <= min(slots[s] + left, most[s])]
            if fitting:
                left -= fitting[-1] - slots[s]
                slots[s] = fitting[-1]
        return tuple(sorted(slots, reverse=True))


def model(
    problem: Problem, objective: str, unplaced_value: int, *, more: int = 0, ties: bool = True
) -> Model | None:
    """The problem as a tree; None when a limit counts some students only, or it is too large.

    ``more`` places (0 or 1) are looked ahead: with 1 a load that would bind with one more place has its slots too.
    Without ``ties`` the tie rule is left out.
    """
    groups = sorted_limits(problem) if problem.m < LARGEST_TREE else None
    if groups is None:
        return None
    sets, forced = groups.nested, groups.forced
    usable = (problem.locks != FORBID) & ~problem.closed[problem.indices]
    may_leave = np.ones(problem.n, dtype=bool)
    for i, columns in forced:
        may_leave[i] = False
        mine = np.arange(problem.indptr[i], problem.indptr[i + 1])
        usable[mine] &= np.isin(problem.indices[mine], columns)
    capped = (problem.load_capacity >= 0)[problem.indices]
    usable &= ~(capped & (problem.load > problem.load_capacity[problem.indices]))
    places = np.minimum(problem.places, np.bincount(problem.indices[usable], minlength=problem.m))
    heavy, chains, slots, total, entry, parent = number_nodes(problem, usable, places, sets, more)
    if len(parent) > LARGEST_TREE:
        return None
    names, weights = stage_weights(problem, objective, unplaced_value)
    if not ties:
        names, weights = names[:-1], weights[:-1]
    shape = tree(
        problem.rows, entry, parent, weights, usable=usable, movable=problem.pinned < 0, may_leave=may_leave,
    )  # fmt: skip
    first_group = len(parent) - 1 - len(sets)
    limits = tuple((first_group + g, low, high) for g, (_, low, high) in enumerate(sets))
    grouped = tuple(np.flatnonzero((problem.required > 1) & ~problem.closed).tolist())
    taken = set(problem.indices[problem.pinned[problem.pinned >= 0]].tolist())
    crossing = tuple(
        part for part in groups.crossing if part[1] > 0 or part[2] < int((places[part[0]] + 1).sum())
    )  # fmt: skip
    spread = tuple(sorted({j for members, _, _ in crossing for j in members.tolist()}))
    first = State(slots, tuple(1 if j in taken else -1 for j in grouped), ((0, UNBOUNDED),) * len(spread))
    return Model(problem, names, shape, total, heavy, chains, grouped, limits, crossing, spread, places, first)


def root(model: Model, flow: Flow) -> tuple[Flow | None, int]:
    """The optimal plan of the whole tree, from that of any state: loads as slots, groups free to take anybody in.

    With it comes how many searches it may have taken.
    """
    bounds = [
        (node, 0, _most(model, at, node, threshold, slots))
        for at, slots in enumerate(model.first.slots)
        for threshold, node in model.chains[at]
    ]
    bounds += [(int(model.total[j]), 0, int(model.places[j])) for j in model.loose]
    groups = []
    for j, way in zip(model.grouped, model.first.opens, strict=True):
        node, low = int(model.total[j]), int(model.problem.required[j]) if way == 1 else 0
        bounds = [part for part in bounds if part[0] != node]
        groups.append((node, low, int(model.places[j])))
    now: Flow | None = flow.loosened(bounds)
    steps = [*(bounds if now is None else ()), *groups]
    searches = 1 + 2 * sum(bool(low < flow.low[node] or high > flow.high[node]) for node, low, high in steps)
    for node, low, high in steps:
        now = (flow if now is None else now).between(node, low, high)
        if now is None:
            return None, searches
    return now, searches


def _most(model: Model, at: int, node: int, threshold: int, slots: Sequence[int]) -> int:
    """How many students of such a load or more slots let in; at the opening's own node no more than its places."""
    j = model.heavy[at]
    high = sum(a >= threshold for a in slots)
    return min(high, int(model.places[j])) if node == model.total[j] else high


def carried(model: Model, before: Model, flow: Flow, changed: int) -> Flow:
    """The plan of ``before`` (optimal for its bounds) in the tree of a problem with more places at one opening."""
    t = model.tree
    after = Flow(t, flow.pair, np.zeros(t.nodes, dtype=np.int64), np.full(t.nodes, UNBOUNDED), counted(t, flow.pair))
    for j in range(model.problem.m):
        node, old = int(model.total[j]), int(before.total[j])
        after.low[node], after.high[node] = flow.low[old], flow.high[old]
    for at, j in enumerate(model.heavy):
        if j == changed and j not in before.heavy:
            continue  # nothing but its places limited it
        for (_, node), (_, old) in zip(model.chains[at], before.chains[before.heavy.index(j)], strict=True):
            after.high[node] = flow.high[old]
    for (node, _, _), (old, _, _) in zip(model.limits, before.limits, strict=True):
        after.low[node], after.high[node] = flow.low[old], flow.high[old]
    return after


def unlimited(model: Model, pair: Ints) -> Flow:
    """A plan in which only places limit."""
    t = model.tree
    high = np.full(t.nodes, UNBOUNDED, dtype=np.int64)
    high[model.total] = model.places
    return Flow(t, pair, np.zeros(t.nodes, dtype=np.int64), high, counted(t, pair))


def fitted(model: Model, pair: Ints) -> tuple[Flow, State]:
    """The optimal plan of the problem as the optimal plan of a state in which nothing is left to decide."""
    state = model.state_of(pair)
    flow = unlimited(model, pair)
    for at, slots in enumerate(state.slots):
        for threshold, node in model.chains[at]:
            flow = flow.bounded(node, 0, _most(model, at, node, threshold, slots))
    for j, way in zip(model.grouped, state.opens, strict=True):
        node = int(model.total[j])
        flow = flow.bounded(node, int(model.problem.required[j]) * way, int(flow.high[node]) * way)
    for node, low, high in model.limits:
        flow = flow.bounded(node, low, high)
    for j, (low, high) in zip(model.spread, state.spread, strict=True):
        node = int(model.total[j])
        flow = flow.bounded(node, max(low, int(flow.low[node])), min(high, int(flow.high[node])))
    return flow, state


__all__ = ["Model", "State", "carried", "fitted", "model", "root", "unlimited"]
