"""Exact dual prices of an assignment, by longest paths in whole numbers; and repair of one that is not optimal.

Nodes are the openings and one node outside (the unplaced, and every empty place). If a place at opening j
came free, student i could move there from where i is now, a(i): that gains w_ij - w_ia(i) and frees a place
at a(i). The best such chain is the price of j,

    v_j = max(0, max_i (w_ij - w_ia(i) + v_a(i))),   v_outside = 0,

the smallest price that any dual solution can have, and exactly what one more place there is worth
(Demange 1982 [1]_). A student's price is what is left, u_i = w_ia(i) - v_a(i). A chain that returns to its
start with a gain means that the assignment was not optimal; it is then carried out.

In a lexicographic objective a later stage uses only pairs that are tight (u_i + v_j = w_ij) in all earlier
ones; an opening with an earlier price above 0 must stay full, a student with one must stay placed
(complementary slackness), so that their later prices may have either sign.

References
----------
.. [1] L. S. Shapley, M. Shubik, "The assignment game I: the core", Int. J. Game Theory 1, 1971.
   doi:10.1007/BF01753437
.. [2] R. Bellman, "On a routing problem", Quart. Appl. Math. 16, 1958. doi:10.1090/qam/102435
"""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.errors import SolverFailure
from matcher.exact import Exact, roomy
from matcher.problem import Ints
from matcher.reduction import Graph


@dataclass(slots=True, eq=False)
class Tight:
    """What an optimal solution of the earlier stages may still do: pairs (p,), empty places (m,), unplaced (n,)."""

    pairs: NDArray[np.bool_]
    may_empty: NDArray[np.bool_]
    may_leave: NDArray[np.bool_]


@dataclass(slots=True, eq=False)
class _Arcs:
    """Moves into each opening, grouped by it: the pair, where its student is now (m: outside), and the gain."""

    pair: Ints
    source: Ints
    gain: Exact
    start: Ints
    opening: Ints


def stage_prices(graph: Graph, weight: Ints, choice: Ints, tight: Tight) -> tuple[Exact, Exact, Ints]:
    """Prices of students (n,) and openings (m,) of one stage, and the choice, repaired where it was not optimal.

    Parameters
    ----------
    graph : Graph
        Pairs and places.
    weight : int64 array, shape (p,)
        The worth of each pair above that of being unplaced.
    choice : int64 array, shape (n,)
        The pair of each student, or -1; optimal in all earlier stages.
    tight : Tight
        What those stages leave.

    Raises
    ------
    SolverFailure
        If an opening that must stay full cannot be reached by any chain (``choice`` was not optimal before).
    """
    exact = roomy(weight, 2 * graph.n + 4)  # a chain has no more terms than that
    lowest = -(2**61) if exact.dtype != object else -(10**60)
    while True:
        arcs = _arcs(graph, exact, choice, tight)
        price, better = _longest(graph, exact, choice, tight, arcs, lowest)
        if better is None:
            break
        choice = better
    if price.size and (price[:-1] <= lowest // 2).any():
        raise SolverFailure("an opening that must stay full has no price: the assignment was not optimal before")
    placed = choice >= 0
    student = np.zeros(graph.n, dtype=exact.dtype)
    student[placed] = exact[choice[placed]] - price[graph.indices[choice[placed]]]
    return student, price[:-1], choice


def narrow(graph: Graph, weight: Ints, student: Exact, opening: Exact, tight: Tight) -> Tight:
    """What is left after one more stage with these prices."""
    slack = student[graph.rows] + opening[graph.indices] - weight
    return Tight(
        tight.pairs & np.asarray(slack == 0, dtype=bool),
        tight.may_empty & np.asarray(opening == 0, dtype=bool),
        tight.may_leave & np.asarray(student == 0, dtype=bool),
    )


def _arcs(graph: Graph, weight: Exact, choice: Ints, tight: Tight) -> _Arcs:
    now = choice[graph.rows]
    pair = np.flatnonzero(tight.pairs & (now != np.arange(len(now))))
    pair = pair[np.argsort(graph.indices[pair], kind="stable")]
    now = now[pair]
    source = np.where(now >= 0, graph.indices[now], graph.m) if len(graph.indices) else now
    gain = weight[pair] - np.where(now >= 0, weight[now], 0)
    column = graph.indices[pair]
    start = np.flatnonzero(np.diff(column, prepend=-1))
    return _Arcs(pair, source, gain, start, column[start])


def _longest(
    graph: Graph, weight: Exact, choice: Ints, tight: Tight, arcs: _Arcs, lowest: int
) -> tuple[Exact, Ints | None]:
    """Prices (m + 1,) and None; or, when a chain gains something, the choice after carrying one out."""
    price = np.zeros(graph.m + 1, dtype=weight.dtype)
    price[:-1][~tight.may_empty] = lowest
    parent = np.full(graph.m + 1, -1, dtype=np.int64)
    length = np.diff(arcs.start, append=len(arcs.pair))
    for turn in range(1, graph.m + 3):
        if not len(arcs.pair):
            break
        reached = arcs.gain + price[arcs.source]
        best = np.maximum.reduceat(reached, arcs.start)
        # A node that no chain has reached yet passes nothing on.
        up = np.asarray((best > price[arcs.opening]) & (best > lowest // 2), dtype=bool)
        if not up.any():
            break
        hit = np.flatnonzero(np.asarray(np.repeat(best, length) == reached, dtype=bool) & np.repeat(up, length))
        parent[graph.indices[arcs.pair[hit[::-1]]]] = hit[::-1]  # the first of equals stays
        price[arcs.opening[up]] = best[up]
        if turn % 8 == 0 or turn > graph.m:
            loop = _loop(arcs, parent, graph.m)
            if loop:
                return price, _moved(graph, arcs, choice, loop)
    return price, _leave(graph, weight, choice, tight, arcs, price, parent)


def _loop(arcs: _Arcs, parent: Ints, m: int) -> list[int]:
    """Arcs of a cycle in the parent graph (always a gain), or []."""
    seen = np.zeros(m + 1, dtype=np.int64)
    follow = np.where(parent >= 0, arcs.source[parent], m)
    for begin in np.flatnonzero(parent >= 0).tolist():
        node = begin
        while node != m and seen[node] == 0:
            seen[node] = begin + 1
            node = int(follow[node])
        if node != m and seen[node] == begin + 1:
            cycle, at = [int(parent[node])], int(follow[node])
            while at != node:
                cycle.append(int(parent[at]))
                at = int(follow[at])
            return cycle
    return []


def _leave(
    graph: Graph, weight: Exact, choice: Ints, tight: Tight, arcs: _Arcs, price: Exact, parent: Ints
) -> Ints | None:
    """Carry out a chain that starts outside: a student leaves, or an empty place is filled, at a gain."""
    placed = np.flatnonzero((choice >= 0) & tight.may_leave)
    worse = placed[np.asarray(weight[choice[placed]] < price[graph.indices[choice[placed]]], dtype=bool)]
    taken = np.bincount(graph.indices[choice[choice >= 0]], minlength=graph.m)
    empty = np.flatnonzero((taken < graph.places) & np.asarray(price[:-1] > 0, dtype=bool))
    if len(worse):
        node = int(graph.indices[choice[worse[0]]])
        choice = choice.copy()
        choice[worse[0]] = -1
    elif len(empty):
        node = int(empty[0])
    else:
        return None
    chain = []
    while node != graph.m and parent[node] >= 0:
        chain.append(int(parent[node]))
        node = int(arcs.source[parent[node]])
    return _moved(graph, arcs, choice, chain)


def _moved(graph: Graph, arcs: _Arcs, choice: Ints, chain: list[int]) -> Ints:
    after = choice.copy()
    pairs = arcs.pair[chain]
    after[graph.rows[pairs]] = pairs
    return after
