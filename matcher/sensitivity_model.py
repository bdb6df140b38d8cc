"""A problem as a `matcher.network` tree, and the parts of it that no tree holds: loads, and groups that open or not.

Loads become slots. An opening with k places and a load capacity takes students who fit slots a_1 >= a_2 >= ...: the
heaviest fits the first, and so on; so many students of load t or more fit as there are slots of t or more, which is a
chain of nested limits. The slots of the whole problem are the largest that any allowed set of students fills one by
one; where a plan fills them and is too heavy, with loads b_1 >= b_2 >= ..., every allowed set has some s with its
s-th load below b_s: one branch for each s. An opening with a minimum branches into closed and open.
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from matcher.exact import Exact, exact_sum
from matcher.network import Flow, Tree, counted, tree
from matcher.problem import FORBID, Ints, Problem
from matcher.ratios import ladder
from matcher.reduction import objective_stages

UNBOUNDED = 2**40
LARGEST_TREE = 1_200
"""Nodes beyond which dense matrices of exchanges are not made."""


@dataclass(frozen=True, slots=True)
class State:
    """What a branch has decided: slots of each opening with a load (position in ``Model.heavy``), descending, and
    for each opening with a minimum (position in ``Model.grouped``) 1 open, 0 closed, -1 undecided.
    """

    slots: tuple[tuple[int, ...], ...]
    opens: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Model:
    """A problem made ready for branching.

    Slots leave room for one student more than an opening has places: its own node holds those, and a question about
    one more place finds the slot it needs.

    ``total`` (m,) is the node of each opening; ``heavy`` the openings whose load binds, ``chains`` per heavy opening
    its (threshold, node) descending, the opening's own node last; ``grouped`` the openings with a minimum.
    """

    problem: Problem
    names: tuple[str, ...]
    tree: Tree
    total: Ints
    heavy: tuple[int, ...]
    chains: tuple[tuple[tuple[int, int], ...], ...]
    grouped: tuple[int, ...]
    limits: tuple[tuple[int, int, int], ...]
    places: Ints
    first: State

    def grows(self, state: State) -> NDArray[np.bool_]:
        """Openings that one place more could serve in a state: not closed, and not short of slots; (m,)."""
        result = np.ones(self.problem.m, dtype=bool)
        for j, slots in zip(self.heavy, state.slots, strict=True):
            result[j] = len(slots) > self.places[j]
        for j, way in zip(self.grouped, state.opens, strict=True):
            result[j] &= way != 0
        return result

    @property
    def loose(self) -> tuple[int, ...]:
        """Openings that only their places limit."""
        return tuple(sorted(set(range(self.problem.m)) - set(self.heavy) - set(self.grouped)))

    @cached_property
    def heavy_at(self) -> dict[int, int]:
        """Position of each heavy opening."""
        return {j: h for h, j in enumerate(self.heavy)}

    @cached_property
    def grouped_at(self) -> dict[int, int]:
        """Position of each grouped opening."""
        return {j: g for g, j in enumerate(self.grouped)}

    def branches(self, state: State, kind: str, at: int, pair: Ints) -> list[State]:
        """States that together hold every allowed plan of ``state``, none of them this plan."""
        if kind == "group":
            return [State(state.slots, (*state.opens[:at], way, *state.opens[at + 1 :])) for way in (1, 0)]
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
                result.append(State((*state.slots[:at], slots, *state.slots[at + 1 :]), state.opens))
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
                now = now.within(node, low, high)
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
        return State(tuple(slots), opens)

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


def model(problem: Problem, objective: str, unplaced_value: int, *, more: int = 0) -> Model | None:
    """The problem as a tree; None when its limits do not nest or it is too large for dense matrices.

    ``more`` places (0 or 1) are looked ahead: with 1 a load that would bind with one more place has its slots too.
    """
    groups = _nested(problem) if problem.m < LARGEST_TREE else None
    if groups is None:
        return None
    sets, forced = groups
    usable = (problem.locks != FORBID) & ~problem.closed[problem.indices]
    may_leave = np.ones(problem.n, dtype=bool)
    for i, columns in forced:
        may_leave[i] = False
        mine = np.arange(problem.indptr[i], problem.indptr[i + 1])
        usable[mine] &= np.isin(problem.indices[mine], columns)
    capped = (problem.load_capacity >= 0)[problem.indices]
    usable &= ~(capped & (problem.load > problem.load_capacity[problem.indices]))
    places = np.minimum(problem.places, np.bincount(problem.indices[usable], minlength=problem.m))
    heavy, chains, slots, total, entry, parent = _nodes(problem, usable, places, sets, more)
    if len(parent) > LARGEST_TREE:
        return None
    names, weights = _weights(problem, objective, unplaced_value)
    shape = tree(
        problem.rows, entry, parent, weights, usable=usable, movable=problem.pinned < 0, may_leave=may_leave,
    )  # fmt: skip
    first_group = len(parent) - 1 - len(sets)
    limits = tuple((first_group + g, low, high) for g, (_, low, high) in enumerate(sets))
    grouped = tuple(np.flatnonzero((problem.required > 1) & ~problem.closed).tolist())
    taken = set(problem.indices[problem.pinned[problem.pinned >= 0]].tolist())
    first = State(slots, tuple(1 if j in taken else -1 for j in grouped))
    return Model(problem, names, shape, total, heavy, chains, grouped, limits, places, first)


def root(model: Model, flow: Flow) -> Flow | None:
    """The optimal plan of the whole tree, from that of any state: loads as slots, groups free to take anybody in."""
    now: Flow | None = flow
    for at, slots in enumerate(model.first.slots):
        for threshold, node in model.chains[at]:
            high = _most(model, at, node, threshold, slots)
            now = now.between(node, 0, high) if now is not None else None
    for j, way in zip(model.grouped, model.first.opens, strict=True):
        low = int(model.problem.required[j]) if way == 1 else 0
        now = now.between(int(model.total[j]), low, int(model.places[j])) if now is not None else None
    for j in model.loose:
        now = now.between(int(model.total[j]), 0, int(model.places[j])) if now is not None else None
    return now


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
    return flow, state


def _weights(problem: Problem, objective: str, unplaced_value: int) -> tuple[tuple[str, ...], list[Exact]]:
    stages = objective_stages(problem, objective, unplaced_value)
    names = [stage.name for stage in stages]
    weights: list[Exact] = [stage.pair - stage.unplaced for stage in stages]
    if objective == "balanced":
        steps = ladder(problem)
        top, base = len(steps.numerator) - 1, problem.n + 1
        worth = [base**top - base ** (top - level) for level in range(top + 1)]
        names.insert(1, "leximin")
        weights.insert(1, np.array([worth[level] for level in steps.level.tolist()], dtype=object))
    return tuple(names), weights


def _nested(
    problem: Problem,
) -> tuple[list[tuple[Ints, int, int]], list[tuple[int, Ints]]] | None:
    """Limits over whole openings as (openings, low, high), inner ones first, and students who must get one of some."""
    sets: dict[tuple[int, ...], tuple[int, int]] = {}
    forced: list[tuple[int, Ints]] = []
    for limit in problem.limits:
        if not limit.at_least and limit.at_most is None:
            continue
        openings = np.arange(problem.m) if limit.openings is None else limit.openings
        if limit.students is not None and len(limit.students) < problem.n:
            if len(limit.students) == 1 and limit.at_least == 1 and (limit.at_most is None or limit.at_most >= 1):
                forced.append((int(limit.students[0]), openings))
                continue
            return None
        low, high = sets.get(tuple(openings.tolist()), (0, UNBOUNDED))
        most = UNBOUNDED if limit.at_most is None else limit.at_most
        sets[tuple(openings.tolist())] = (max(low, limit.at_least or 0), min(high, most))
    ordered = sorted(sets, key=lambda members: (len(members), members))
    owner = np.full(problem.m, -1, dtype=np.int64)
    for k, members in enumerate(ordered):
        inner = set(owner[list(members)].tolist()) - {-1}
        if any((owner == k2).sum() != np.isin(np.flatnonzero(owner == k2), members).sum() for k2 in inner):
            return None
        owner[list(members)] = k
    return [(np.array(members, dtype=np.int64), *sets[members]) for members in ordered], forced


def _nodes(
    problem: Problem, usable: NDArray[np.bool_], places: Ints, sets: Sequence[tuple[Ints, int, int]], more: int
) -> tuple[
    tuple[int, ...], tuple[tuple[tuple[int, int], ...], ...], tuple[tuple[int, ...], ...], Ints, Ints, Ints
]:
    """Number the nodes, children first: loads of an opening, the opening, groups, outside."""
    parent: list[int] = []
    entry = np.zeros(problem.p, dtype=np.int64)
    total = np.zeros(problem.m, dtype=np.int64)
    heavy, chains, slots = [], [], []
    order = np.argsort(problem.indices, kind="stable")
    start = np.searchsorted(problem.indices[order], np.arange(problem.m + 1))
    for j in range(problem.m):
        pairs = order[start[j] : start[j + 1]]
        pairs = pairs[usable[pairs]]
        capacity = int(problem.load_capacity[j])
        loads = problem.load[pairs]
        chain: list[tuple[int, int]] = []
        if capacity >= 0 and exact_sum(np.sort(loads)[::-1][: places[j] + more]) > capacity:
            steps = sorted(set(loads.tolist()))
            for threshold in reversed(steps[1:]):
                node = len(parent)
                parent.append(node + 1)
                chain.append((threshold, node))
                entry[pairs[loads == threshold]] = node
            chain.append((steps[0], len(parent)))
            heavy.append(j)
            chains.append(tuple(chain))
            slots.append(_root_slots(loads, capacity, int(places[j]) + 1))
            entry[pairs[loads == steps[0]]] = len(parent)
        else:
            entry[pairs] = len(parent)
        total[j] = len(parent)
        parent.append(-1)
    first = len(parent)
    outside = first + len(sets)
    holder = np.full(problem.m, outside, dtype=np.int64)
    inner: list[Ints] = []
    for g, (members, _, _) in enumerate(sets):
        for g2 in set(holder[members].tolist()) - {outside}:
            parent[g2] = first + g
        for j in members.tolist():
            if holder[j] == outside:
                parent[total[j]] = first + g
        holder[members] = first + g
        parent.append(outside)
        inner.append(members)
    result = np.array([*parent, outside], dtype=np.int64)
    result[result < 0] = outside
    return tuple(heavy), tuple(chains), tuple(slots), total, entry, result


def _root_slots(loads: Ints, capacity: int, places: int) -> tuple[int, ...]:
    """The largest slots: the s-th is the largest load of which, or of larger ones, s students fit together."""
    slots: list[int] = []
    steps = sorted(set(loads.tolist()), reverse=True)
    for threshold in steps:
        light = np.cumsum(np.sort(loads[loads >= threshold]))
        fit = min(int((light <= capacity).sum()), places)
        slots += [threshold] * (fit - len(slots))
    return tuple(slots)


__all__ = ["Model", "State", "carried", "fitted", "model", "root", "unlimited"]
