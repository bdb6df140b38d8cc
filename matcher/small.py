"""Levels that need no search of our own: a dense assignment for small ones, prices alone where the plan is known."""
from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from matcher.levels import Graph, Ints, Plan, home_of

CELLS = 1 << 18  # a dense table of at most so many cells is faster than bids in plain Python
EXACT = 1 << 50  # whole numbers up to this, and sums of a few, are exact in doubles


def is_small(graph: Graph, places: Ints, top: int, *, compiled: bool) -> bool:
    """Tell whether a dense table is the least work, and exact."""
    return not compiled and top < EXACT and graph.n * int(np.minimum(places, graph.n).sum()) <= CELLS


def solve_small(graph: Graph, worth: Ints, places: Ints) -> Plan:
    """Solve a small level by SciPy's dense assignment.

    One column per place; what is not eligible gains nothing over being unplaced, so who gets such a cell, or none,
    is unplaced. Prices follow from the plan.
    """
    n = graph.n
    room = np.minimum(places, np.bincount(graph.indices, minlength=graph.m))
    begin = np.cumsum(room) - room
    rows = np.repeat(np.arange(n), np.diff(graph.indptr))
    gain = graph.weight - worth[rows]
    table = np.zeros((n, int(room.sum())))
    copies = room[graph.indices]
    first = np.repeat(begin[graph.indices] - (np.cumsum(copies) - copies), copies)
    # Costs, lest SciPy turns a copy of the table around.
    table[np.repeat(rows, copies), first + np.arange(int(copies.sum()))] = np.repeat(np.minimum(-gain, 0), copies)
    students, seats = linear_sum_assignment(table)
    taken = table[students, seats] < 0
    home = np.full(n, -1, dtype=np.int64)
    home[students[taken]] = np.repeat(np.arange(graph.m), room)[seats[taken]]
    at = np.full(n, -1, dtype=np.int64)
    held = np.flatnonzero(home[rows] == graph.indices)
    at[rows[held]] = held
    return priced(graph, worth, at)


def priced(graph: Graph, worth: NDArray[Any], at: Ints) -> Plan:
    """Find the least prices of a plan that is known to be optimal (Bellman and Ford, all arcs at once).

    One more place at j is worth what the best chain of moves gains: a student comes in who was unplaced, or who
    leaves one more place elsewhere. A plan that is not optimal would gain for ever.

    Raises
    ------
    ArithmeticError
        If prices do not settle: the plan is not optimal.
    """
    home = home_of(graph.indices, at)
    rows = np.repeat(np.arange(graph.n), np.diff(graph.indptr))
    source, held = home[rows], at >= 0
    now = worth.copy()
    now[held] = graph.weight[at[held]]
    gain = graph.weight - now[rows]
    order = np.argsort(graph.indices, kind="stable")
    order = order[source[order] != graph.indices[order]]
    gain, source, ends = gain[order], source[order], graph.indices[order]
    # One more node, the last, stands for being unplaced: nobody needs to come after who leaves from there.
    price = np.zeros(graph.m + 1, dtype=gain.dtype)
    if len(ends):
        first = np.flatnonzero(np.append(True, ends[1:] != ends[:-1]))
        openings = ends[first]
        for turn in range(graph.m + 3):
            better = np.maximum(np.maximum.reduceat(gain + price[source], first), 0)
            if np.array_equal(better, price[openings]):
                break
            if turn > graph.m + 1:
                raise ArithmeticError("prices do not settle: the plan is not optimal")
            price[openings] = better
    price = price[:-1]
    own = now
    own[held] = now[held] - price[home[held]]
    return Plan(home, at, price, own)
