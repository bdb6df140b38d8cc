"""Kernels that search: shortest alternating paths over openings, forward, backward, and from all grounds at once.

The names are those of :mod:`matcher.bids`. FAR is farther than any distance; compiled, it fits 64 bits.
"""
# Compiled code takes flat arrays one by one and is fastest in one piece: no limit on arguments and statements.
# ruff: noqa: PLR0915, PLR0917
from __future__ import annotations

from heapq import heapify, heappop, heappush
from typing import Any

from matcher.bids import enter, leave

FAR = 1 << 4096


def forward(graph: Any, worth: Any, state: Any, work: Any, queue: Any, count: int) -> None:
    """Give each waiting student a place along a shortest alternating path, or let somebody go unplaced.

    Dijkstra over openings with reduced costs as lengths (Crouse 2016). A path ends at free room, or at the
    student whom it costs least to be unplaced.
    """
    indptr, indices, weight = graph
    price, room, at, home, head, after, _before = state
    dist, via, owner, seen = work
    for turn in range(count):
        i = queue[turn]
        best = worth[i]
        for e in range(indptr[i], indptr[i + 1]):
            best = max(best, weight[e] - price[indices[e]])
        end = best - worth[i]
        if end == 0:
            continue
        last = -1  # the opening where the path ends in free room, or
        leaver = i  # the student who goes unplaced
        touched = 0
        heap = [(end, i)]
        heap.pop()
        k = i
        d = end - end
        own = best
        while True:
            # Scan the row of k, who can be placed elsewhere at distance d.
            for e in range(indptr[k], indptr[k + 1]):
                b = indices[e]
                t = d + own + price[b] - weight[e]
                if t < end and t < dist[b]:
                    if dist[b] == FAR:
                        seen[touched] = b
                        touched += 1
                    dist[b] = t
                    via[b] = e
                    owner[b] = k
                    if room[b] > 0:
                        end = t  # nothing farther matters any more, and this opening needs no scan
                        last = b
                        leaver = -1
                    else:
                        heappush(heap, (t, b))
            k = after[k] if k != i else -1
            while k < 0 and len(heap) > 0:
                d, j = heappop(heap)
                if d >= end:
                    heap.clear()
                elif d == dist[j]:
                    k = head[j]
            if k < 0:
                break
            own = weight[at[k]] - price[home[k]]
            if d + own - worth[k] < end:
                end = d + own - worth[k]
                leaver = k
        for s in range(touched):
            j = seen[s]
            if dist[j] < end:
                price[j] += end - dist[j]
            dist[j] = FAR
        if leaver == i:
            continue
        if leaver >= 0:
            last = home[leaver]
            leave(leaver, state)
        else:
            room[last] -= 1
        while last >= 0:
            k = owner[last]
            left = home[k]
            leave(k, state)
            enter(k, via[last], last, state)
            last = left


def backward(graph: Any, columns: Any, worth: Any, state: Any, work: Any, queue: Any, count: int) -> None:
    """Fill each free place that has a price, or bring that price down: the mirror image of ``forward``.

    ``queue`` names an opening once for every such place; ``columns`` is (colptr, rows, pairs), the pairs
    opening by opening. A path ends with an unplaced student, or at an opening whose price reaches 0.
    """
    _indptr, indices, weight = graph
    colptr, rows, pairs = columns
    price, room, at, home, _head, _after, _before = state
    dist, via, owner, seen = work
    for turn in range(count):
        start = queue[turn]
        end = price[start]
        if end == 0:
            continue
        last = start  # the opening that ends with one student less,
        comer = -1  # unless this pair brings in an unplaced student
        filler = -1
        touched = 1
        seen[0] = start
        dist[start] = end - end
        heap = [(dist[start], start)]
        while len(heap) > 0:
            d, j = heappop(heap)
            if d >= end:
                break
            if d > dist[j]:
                continue
            if d + price[j] < end:
                end = d + price[j]
                last = j
                comer = -1
            for c in range(colptr[j], colptr[j + 1]):
                k = rows[c]
                e = pairs[c]
                a = home[k]
                if a < 0:
                    t = d + worth[k] + price[j] - weight[e]
                    if t < end:
                        end = t
                        last = j
                        comer = e
                        filler = k
                elif a != j:
                    t = d + weight[at[k]] - price[a] + price[j] - weight[e]
                    if t < end and t < dist[a]:
                        if dist[a] == FAR:
                            seen[touched] = a
                            touched += 1
                        dist[a] = t
                        via[a] = e
                        owner[a] = k
                        heappush(heap, (t, a))
        for s in range(touched):
            j = seen[s]
            if dist[j] < end:
                price[j] -= end - dist[j]
            dist[j] = FAR
        room[start] -= 1
        hole = last
        while hole != start:
            k = owner[hole]
            e = via[hole]
            leave(k, state)
            enter(k, e, indices[e], state)
            hole = indices[e]
        if comer >= 0:
            enter(filler, comer, last, state)
        else:
            room[last] += 1


def lower(graph: Any, worth: Any, state: Any, work: Any) -> None:
    """Bring the prices of an optimal state down to the least optimal ones.

    The least price is what one more place would be worth. Prices can fall together until an unplaced
    student would want in, a price is 0, or a student elsewhere would rather be here: one Dijkstra from
    those grounds over all pairs.
    """
    indptr, indices, weight = graph
    price, _room, at, home, head, after, _before = state
    fall = work[0]
    n = len(home)
    m = len(price)
    for j in range(m):
        fall[j] = price[j]
    for i in range(n):
        if home[i] < 0:
            for e in range(indptr[i], indptr[i + 1]):
                j = indices[e]
                fall[j] = min(fall[j], worth[i] + price[j] - weight[e])
    heap = [(fall[j], j) for j in range(m)]
    heapify(heap)
    while len(heap) > 0:
        d, a = heappop(heap)
        if d > fall[a]:
            continue
        k = head[a]
        while k >= 0:
            slack = d + weight[at[k]] - price[a]
            for e in range(indptr[k], indptr[k + 1]):
                j = indices[e]
                t = slack + price[j] - weight[e]
                if t < fall[j]:
                    fall[j] = t
                    heappush(heap, (t, j))
            k = after[k]
    for j in range(m):
        price[j] -= fall[j]
        fall[j] = FAR
