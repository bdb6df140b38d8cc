"""The wide steps of the sparse engine in NumPy, for when the compiled kernels are not there."""
from __future__ import annotations

from heapq import heapify, heappop, heappush
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
LEFT = 0.01  # share of students from which single bids take over


def spread_rows(indptr: Ints, students: Ints) -> tuple[Ints, Ints]:
    """Give the pairs of some students one after the other, and where each student's begin."""
    degree = indptr[students + 1] - indptr[students]
    starts = np.cumsum(degree) - degree
    pairs = np.arange(int(degree.sum()), dtype=np.int64) + np.repeat(indptr[students] - starts, degree)
    return pairs, starts


def best_of(graph: Any, worth: Ints, price: Ints) -> Ints:
    """Give the most each student can get at these prices (n,)."""
    indptr, indices, weight = graph
    best = worth.copy()
    some = np.flatnonzero(np.diff(indptr) > 0)
    if len(some):
        best[some] = np.maximum(best[some], np.maximum.reduceat(weight - price[indices], indptr[some]))
    return best


def slack_of(graph: Any, own: Ints, price: Ints) -> Ints:
    """Give how much each pair falls short of what its student has (p,)."""
    indptr, indices, weight = graph
    slack: Ints = price[indices]
    slack += np.repeat(own, np.diff(indptr))
    slack -= weight
    return slack


def bid_in_rounds(graph: Any, worth: Ints, room: Ints, price: Ints, rules: tuple[int, int]) -> tuple[Ints, Ints]:
    """Let all who are unplaced bid at once, round after round: the auction of the kernels, many bids at a time.

    ``graph`` is (indptr, indices, weight); ``price`` (m,) is raised in place. Complementary slackness holds
    after every round, up to ``step``: a price rises only at a full opening, to the lowest bid it accepts.

    ``rules`` is (most, step) as in the auction of the kernels; no round begins when few are left.

    Returns
    -------
    at : int64 array (n,)
        The pair that places each student, or -1.
    waiting : int64 array
        Students who still want a place.
    """
    indptr, indices, weight = graph
    most, step = rules
    n = len(worth)
    at = np.full(n, -1, dtype=np.int64)
    bid = np.zeros(n, dtype=np.int64)
    waiting = np.flatnonzero(np.diff(indptr) > 0)
    while most > 0 and len(waiting) > LEFT * n:
        most -= len(waiting)
        pairs, starts = spread_rows(indptr, waiting)
        gain = weight[pairs] - price[indices[pairs]]
        best = np.maximum.reduceat(gain, starts)
        # The first of the best pairs; with it struck out, the maximum is the second best.
        owner = np.repeat(np.arange(len(waiting)), np.diff(np.append(starts, len(pairs))))
        tops = np.flatnonzero(gain == best[owner])
        tops = tops[np.append(True, np.diff(owner[tops]) > 0)]
        gain[tops] = np.iinfo(np.int64).min
        second = np.maximum(np.maximum.reduceat(gain, starts), worth[waiting])
        wanting = best > worth[waiting]
        waiting, chosen = waiting[wanting], pairs[tops[wanting]]
        if len(waiting) == 0:
            break
        bid[waiting] = price[indices[chosen]] + best[wanting] - second[wanting] + step
        at[waiting] = chosen
        touched = np.zeros(len(price), dtype=bool)
        touched[indices[chosen]] = True
        rivals = np.flatnonzero(at >= 0)
        rivals = rivals[touched[indices[at[rivals]]]]
        waiting = _accept(rivals, indices[at[rivals]], (at, bid), room, price)
    return at, waiting


def _accept(inside: Ints, where: Ints, state: tuple[Ints, Ints], room: Ints, price: Ints) -> Ints:
    """Let openings keep the highest bids of those ``inside``, and set prices; return whom they turned away."""
    at, bid = state
    order = np.lexsort((-bid[inside], where))
    inside, where = inside[order], where[order]
    first = np.flatnonzero(np.append(True, where[1:] != where[:-1]))
    count = np.diff(np.append(first, len(where)))
    rank = np.arange(len(where)) - np.repeat(first, count)
    kept = rank < room[where]
    out = inside[~kept]
    at[out] = -1
    # The lowest bid inside a full opening is its price.
    openings = where[first]
    full = (count >= room[openings]) & (room[openings] > 0)
    last = first[full] + room[openings[full]] - 1
    price[openings[full]] = np.maximum(price[openings[full]], bid[inside[last]])
    return out


def lower_prices(graph: Any, own: Ints, home: Ints, price: Ints) -> None:
    """Bring prices down to the least optimal ones, in place: ``lower`` of the kernels, over few pairs.

    A price can fall by no more than itself, so a pair with more slack than that never limits it: what is
    left is a small part of the pairs.
    """
    indptr, indices, _weight = graph
    m = len(price)
    fall = price.copy()
    slack = slack_of(graph, own, price)
    close = np.flatnonzero(slack < fall[indices])
    rows = np.searchsorted(indptr, close, side="right") - 1
    slack, ends, sources = slack[close], indices[close], home[rows]
    outside = sources < 0
    np.minimum.at(fall, ends[outside], slack[outside])
    moving = np.flatnonzero((sources >= 0) & (sources != ends))
    order = moving[np.argsort(sources[moving], kind="stable")]
    begin = np.searchsorted(sources[order], np.arange(m + 1)).tolist()
    arcs = list(zip(slack[order].tolist(), ends[order].tolist(), strict=True))
    falls = fall.tolist()
    heap = list(zip(falls, range(m), strict=True))
    heapify(heap)
    while heap:
        d, a = heappop(heap)
        if d > falls[a]:
            continue
        for length, b in arcs[begin[a] : begin[a + 1]]:
            if d + length < falls[b]:
                falls[b] = d + length
                heappush(heap, (d + length, b))
    price -= np.array(falls, dtype=np.int64)
