"""Places, and groups that may be closed or opened with a minimum: a flow problem per choice, re-solved from the last.

Each group has a second column with as many places as it needs and a bonus for everybody in it beyond anything the
rest can gain: an open group fills that column first. Undecided, its second column has no places; closed, neither has.
From the plan and prices before a choice the ones after it are a few shortest paths away.
"""
from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from matcher.exact import exact_dot, exact_sum
from matcher.levels import LIMIT, Graph, home_of, reoptimise
from matcher.problem import Ints

Flags = NDArray[np.bool_]
MAYBE, CLOSED, OPEN = 0, -1, 1


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """Students, openings and groups.

    ``graph`` has m + G columns, the second columns of the groups last; ``origin`` (p,) is the number of each pair
    among those without second columns, ``twin`` (p,) the pair in the other column of the group, or -1.
    ``places`` (m,); ``group`` (G,) openings; ``need`` (G,) students an open group needs. ``bonus`` and ``shut``: worth
    of the second column, and the price at which nobody enters. ``near``: slack of pairs that a search looks at first.
    """

    graph: Graph
    origin: Ints
    twin: Ints
    places: Ints
    group: Ints
    need: Ints
    bonus: int
    shut: int
    near: int
    compiled: bool

    @property
    def m(self) -> int:
        """Openings, second columns not counted."""
        return len(self.places)

    def room(self, side: Ints) -> Ints:
        """Places of all columns when the groups are closed, open or undecided, shape (m + G,)."""
        first, second = self.places.copy(), np.where(side == OPEN, self.need, 0)
        first[self.group] = np.where(side == CLOSED, 0, np.maximum(first[self.group] - second, 0))
        return np.concatenate((first, second))

    def with_weight(self, weight: Ints) -> Field:
        """The same pairs at other worths."""
        return replace(self, graph=replace(self.graph, weight=weight))


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """An optimal plan for a choice of sides (G,): pairs ``at`` (n,), what each student gets, and prices.

    ``value`` leaves the bonuses out that open groups need: below anything else where one lacks somebody, which
    ``holds`` says; ``count`` (G,) is who is in each group.
    """

    side: Ints
    at: Ints
    own: Ints
    price: Ints
    value: int
    holds: bool
    count: Ints

    def violated(self, field: Field) -> Ints:
        """Groups in which there are some, but too few."""
        return np.flatnonzero((self.side == MAYBE) & (self.count > 0) & (self.count < field.need))


def make_field(
    n: int, pairs: tuple[Ints, Ints, Ints], places: Ints, groups: tuple[Ints, Ints], *, compiled: bool, near: int,
    bonus: int = 0,
) -> Field | None:
    """The field of some pairs; None when its numbers are too large for 64 bits.

    Parameters
    ----------
    n : int
        Students.
    pairs : three int64 arrays, shape (p,)
        Student, opening and worth of each pair, row by row.
    places : int64 array, shape (m,)
        Places per opening.
    groups : two int64 arrays, shape (G,)
        The openings that are groups, and how many each needs.
    compiled, near
        As in `Field`.
    bonus : int
        That of a field with more pairs, to keep its prices.
    """
    rows, columns, weight = pairs
    group, need = groups
    # More places than pairs are never filled; without them, prices times places are what they can earn.
    places = np.minimum(places, np.bincount(columns, minlength=len(places)))
    spread = int(weight.max(initial=0)) - int(weight.min(initial=0))
    bonus = bonus or 4 * spread * (min(n, len(places) + len(group)) + 2) + 1
    shut = 16 * bonus
    if 8 * shut >= LIMIT:
        return None
    at = np.full(len(places), -1)
    at[group] = len(places) + np.arange(len(group))
    inside = np.flatnonzero(at[columns] >= 0)
    rows = np.concatenate((rows, rows[inside]))
    columns = np.concatenate((columns, at[columns[inside]]))
    origin = np.concatenate((np.arange(len(weight)), inside))
    order = np.lexsort((columns, rows))
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    twin = np.full(len(order), -1)
    twin[rank[inside]] = rank[len(weight) :]
    twin[rank[len(weight) :]] = rank[inside]
    whole = np.concatenate((weight, weight[inside] + bonus))[order]
    indptr = np.searchsorted(rows[order], np.arange(n + 1))
    graph = Graph(indptr, columns[order], whole, len(places) + len(group))
    return Field(graph, origin[order], twin, places, group, need, bonus, shut, near, compiled)


def settle(field: Field, side: Ints, price: Ints, at: Ints) -> State:
    """The optimal plan for these sides, from any prices and a plan that holds the places."""
    room = field.room(side)
    price = np.where(room == 0, field.shut, price)
    worth = np.zeros(field.graph.n, dtype=np.int64)
    plan = reoptimise(
        field.graph, worth, room, price=price, at=at, near=field.near, compiled=field.compiled
    )
    filled = np.bincount(plan.home[plan.home >= 0], minlength=field.graph.m)
    second = filled[field.m :]
    is_open = side == OPEN
    taken = plan.at[plan.at >= 0]
    value = exact_sum(field.graph.weight[taken]) - field.bonus * int(field.need[is_open].sum())
    holds = bool((second[is_open] == field.need[is_open]).all())
    return State(side, plan.at, plan.own, plan.price, value, holds, filled[field.group] + second)


def choose(field: Field, state: State, g: int, side: int) -> State:
    """The same with one group closed or open, whatever it was."""
    sides = state.side.copy()
    sides[g] = side
    at, price = state.at.copy(), state.price.copy()
    first, second = int(field.group[g]), field.m + g
    home = home_of(field.graph.indices, at)
    if side == CLOSED:
        at[(home == first) | (home == second)] = -1
    else:
        inside = np.flatnonzero(home == first)[: int(field.need[g])]
        at[inside] = field.twin[at[inside]]
        price[first] = 0 if state.side[g] == CLOSED else price[first]
        price[second] = price[first] + field.bonus
    return settle(field, sides, price, at)


def dual_value(field: Field, side: Ints, own: Ints, price: Ints) -> int:
    """What these prices bound the value with, bonuses left out."""
    room = field.room(side)
    return exact_sum(own) + exact_dot(price, room) - field.bonus * int(room[field.m :].sum())


def slack(field: Field, own: Ints, price: Ints) -> Ints:
    """How much each pair falls short of its prices, shape (p,)."""
    result: Ints = price[field.graph.indices]
    result += np.repeat(own, np.diff(field.graph.indptr))
    result -= field.graph.weight
    return result
