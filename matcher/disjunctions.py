"""A bound for groups that are closed or hold their minimum: one either-or after the other, each paid for once.

A group that an optimal plan leaves with too few is emptied and filled, each from that plan by a few shortest paths,
with prices. Whatever side holds, a plan x loses at least the smaller of the two losses, and besides that the slack
which the pairs of x have on that side. So with the smaller of both sides' slacks, and of both sides' prices,

    value(x) <= value of the better side - sum of slacks of x - prices of what x leaves unplaced and empty,

which is again the value of x at other worths, plus a constant: the next group is asked in that problem, and the losses
add up. The dearer side's prices are taken only part of the way from the plan's, to where they cost as much as the
cheaper side. All numbers are whole; any prices give a bound that holds (weak duality [1]_).

References
----------
.. [1] E. Balas, "Disjunctive programming", Annals of Discrete Mathematics 5, 1979.
   doi:10.1016/S0167-5060(08)70342-X
"""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from matcher.problem import Ints
from matcher.transport import CLOSED, MAYBE, OPEN, Field, State, choose, dual_value, settle, slack

TURNS = 3
"""How often one group is asked at most: others shift what it costs."""
PARTS = 30
"""A part of the way is counted in so many bits, less where numbers are large."""


@dataclass(frozen=True, slots=True, eq=False)
class Chain:
    """The last problem of a chain: ``field`` at its worths, its optimal ``state``, and what to ``add`` to its values.

    No plan of the first problem is worth more than ``most``; one with a pair of slack s no more than ``most`` - s.
    The sides of ``state`` that the first problem left undecided are those that plans of interest must have.
    """

    field: Field
    state: State
    add: int

    @property
    def most(self) -> int:
        """The bound."""
        return self.add + self.state.value


def chain(field: Field, state: State, enough: int | None, stop: Callable[[], bool]) -> Chain | None:
    """Ask group after group until nothing is left to ask; None when no plan is worth ``enough``.

    Only plans worth ``enough`` or more are of interest (None: all that hold). ``stop`` ends it early.
    """
    link = Chain(field, state, 0)
    asked = np.zeros(len(field.group), dtype=np.int64)
    while not stop():
        if enough is not None and link.most < enough:
            return None
        short = link.state.violated(field)
        short = short[asked[short] < TURNS]
        if not len(short):
            break
        few = np.minimum(link.state.count, field.need - link.state.count)[short]
        g = int(short[np.lexsort((short, few, asked[short]))[0]])  # what costs least first: it is told by few
        asked[g] += 1
        longer = _step(link, g, enough)
        if longer is None:
            return None
        link = longer
    return link


def settle_sides(link: Chain, enough: int, stop: Callable[[], bool]) -> Chain | None:
    """Decide every group of which one side cannot be worth ``enough``; None when neither side of one can."""
    for g in range(len(link.field.group)):
        if link.state.side[g] != MAYBE or stop():
            continue
        inside = int(link.state.count[g])
        side = CLOSED if inside >= int(link.field.need[g]) else OPEN
        other = choose(link.field, link.state, g, side)  # the side the plan is not on already
        if link.add + other.value < enough:
            rest = choose(link.field, link.state, g, -side)
            if link.add + rest.value < enough:
                return None
            link = Chain(link.field, rest, link.add)
    return link


def _step(link: Chain, g: int, enough: int | None) -> Chain | None:
    """One group more; None when neither side is worth enough."""
    field, state = link.field, link.state
    closed, filled = choose(field, state, g, CLOSED), choose(field, state, g, OPEN)
    least = state.value - field.bonus // 2 if enough is None else enough - link.add
    good = [side for side in (closed, filled) if side.value >= least]
    if len(good) < 2:
        return Chain(field, good[0], link.add) if good else None
    target = max(closed.value, filled.value)
    (own_c, price_c), (own_f, price_f) = (_part(field, state, side, target) for side in (closed, filled))
    most = max(dual_value(field, closed.side, own_c, price_c), dual_value(field, filled.side, own_f, price_f))
    columns, first = field.graph.indices, int(field.group[g])
    lack = slack(field, own_f, price_f)
    gap = np.minimum(slack(field, own_c, price_c), lack)
    mine = np.flatnonzero(columns == first)  # closed, nobody is in: the open side tells, in either column
    gap[mine] = np.minimum(lack[mine], lack[field.twin[mine]])
    own, price = np.minimum(own_c, own_f), np.minimum(price_c, price_f)
    price[first] = 0
    weight: Ints = price[columns]
    weight += np.repeat(own, np.diff(field.graph.indptr))
    weight -= gap
    undecided = np.concatenate((np.zeros(field.m, dtype=bool), state.side == MAYBE))
    second = np.flatnonzero(undecided[columns])
    weight[second] = weight[field.twin[second]] + field.bonus
    after = field.with_weight(weight)
    left = dual_value(after, state.side, own, price)
    return Chain(after, settle(after, state.side, price, state.at), link.add + most - left)


def _part(field: Field, state: State, side: State, target: int) -> tuple[Ints, Ints]:
    """Prices of a side, taken back towards those of the plan as far as the value stays at most ``target``."""
    far = state.value - side.value
    if side.value >= target or far <= 0:
        return side.own, side.price
    # The plan's own prices, made to hold on this side: nobody in a closed group, a second column at a bonus more.
    start = state.price.copy()
    changed = np.flatnonzero(side.side != state.side)
    for g in changed.tolist():
        first, second = int(field.group[g]), field.m + g
        if side.side[g] == CLOSED:
            start[first], start[second] = side.price[first], side.price[second]
        else:
            start[second] = start[first] + field.bonus
    rise, fall = side.price - start, side.own - state.own
    largest = max(int(np.abs(rise).max(initial=0)), int(np.abs(fall).max(initial=0)), 1)
    bits = min(PARTS, 61 - largest.bit_length())
    if bits < 4:
        return side.own, side.price
    share = -((-(state.value - target) << bits) // far)  # rounded up: no more value than asked
    return state.own - (-(fall * share) >> bits), start - (-(rise * share) >> bits)
