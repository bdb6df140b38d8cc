"""Kernels that repair an optimal plan after one change, all stages at once.

As :mod:`matcher.searches`, with every number in two planes compared one after the other: ``high`` holds what comes
first (priority and fit), ``low`` the ties. ``graph`` is (indptr, indices, high, low), ``worth`` (high, low), ``state``
is (high price, low price, room, at, home, head, after, before), ``work`` (high dist, low dist, via, owner, seen).
"""
# Compiled code takes flat arrays one by one and is fastest in one piece: no limit on arguments and statements.
# ruff: noqa: PLR0915
from __future__ import annotations

from heapq import heappop, heappush
from typing import Any

from matcher.bids import enter, leave
from matcher.searches import FAR


def seat(i: Any, graph: Any, worth: Any, state: Any, work: Any) -> None:
    """Give student i, who is in no list, a place along a shortest path, or leave somebody unplaced."""
    indptr, indices, high, low = graph
    price, small, room, at, home, head, after, before = state
    lists = (price, room, at, home, head, after, before)
    dist, little, via, owner, seen = work
    best, least = worth[0][i], worth[1][i]
    for e in range(indptr[i], indptr[i + 1]):
        j = indices[e]
        gain, extra = high[e] - price[j], low[e] - small[j]
        if gain > best or (gain == best and extra > least):
            best, least = gain, extra
    end, tail = best - worth[0][i], least - worth[1][i]
    if end == 0 and tail == 0:
        return
    last = -1
    leaver = i
    touched = 0
    heap = [(end, tail, i)]
    heap.pop()
    k = i
    d, s = end - end, end - end
    own, rest = best, least
    while True:
        for e in range(indptr[k], indptr[k + 1]):
            b = indices[e]
            t = d + own + price[b] - high[e]
            if t > end:
                continue
            r = s + rest + small[b] - low[e]
            if (t < end or r < tail) and (t < dist[b] or (t == dist[b] and r < little[b])):
                if dist[b] == FAR:
                    seen[touched] = b
                    touched += 1
                dist[b], little[b] = t, r
                via[b] = e
                owner[b] = k
                if room[b] > 0:
                    end, tail = t, r
                    last = b
                    leaver = -1
                else:
                    heappush(heap, (t, r, b))
        k = after[k] if k != i else -1
        while k < 0 and len(heap) > 0:
            d, s, j = heappop(heap)
            if d > end or (d == end and s >= tail):
                heap.clear()
            elif d == dist[j] and s == little[j]:
                k = head[j]
        if k < 0:
            break
        own, rest = high[at[k]] - price[home[k]], low[at[k]] - small[home[k]]
        t, r = d + own - worth[0][k], s + rest - worth[1][k]
        if t < end or (t == end and r < tail):
            end, tail = t, r
            leaver = k
    for c in range(touched):
        j = seen[c]
        if dist[j] < end or (dist[j] == end and little[j] < tail):
            price[j] += end - dist[j]
            small[j] += tail - little[j]
        dist[j] = FAR
    if leaver == i:
        return
    if leaver >= 0:
        last = home[leaver]
        leave(leaver, lists)
    else:
        room[last] -= 1
    while last >= 0:
        k = owner[last]
        left = home[k]
        leave(k, lists)
        enter(k, via[last], last, lists)
        last = left


def fill(start: Any, graph: Any, columns: Any, worth: Any, state: Any, work: Any) -> None:  # noqa: PLR0917
    """Fill one free place at an opening that has a price, or bring that price down."""
    _indptr, indices, high, low = graph
    colptr, rows, pairs = columns
    price, small, room, at, home, head, after, before = state
    lists = (price, room, at, home, head, after, before)
    dist, little, via, owner, seen = work
    end, tail = price[start], small[start]
    if end == 0 and tail == 0:
        return
    last = start
    comer = -1
    filler = -1
    touched = 1
    seen[0] = start
    dist[start], little[start] = end - end, end - end
    heap = [(dist[start], little[start], start)]
    while len(heap) > 0:
        d, s, j = heappop(heap)
        if d > end or (d == end and s >= tail):
            break
        if d != dist[j] or s != little[j]:
            continue
        t, r = d + price[j], s + small[j]
        if t < end or (t == end and r < tail):
            end, tail = t, r
            last = j
            comer = -1
        for c in range(colptr[j], colptr[j + 1]):
            k = rows[c]
            e = pairs[c]
            a = home[k]
            if a < 0:
                t, r = d + worth[0][k] + price[j] - high[e], s + worth[1][k] + small[j] - low[e]
                if t < end or (t == end and r < tail):
                    end, tail = t, r
                    last = j
                    comer = e
                    filler = k
            elif a != j:
                t = d + high[at[k]] - price[a] + price[j] - high[e]
                if t > end:
                    continue
                r = s + low[at[k]] - small[a] + small[j] - low[e]
                if (t < end or r < tail) and (t < dist[a] or (t == dist[a] and r < little[a])):
                    if dist[a] == FAR:
                        seen[touched] = a
                        touched += 1
                    dist[a], little[a] = t, r
                    via[a] = e
                    owner[a] = k
                    heappush(heap, (t, r, a))
    for c in range(touched):
        j = seen[c]
        if dist[j] < end or (dist[j] == end and little[j] < tail):
            price[j] -= end - dist[j]
            small[j] -= tail - little[j]
        dist[j] = FAR
    room[start] -= 1
    hole = last
    while hole != start:
        k = owner[hole]
        e = via[hole]
        leave(k, lists)
        enter(k, e, indices[e], lists)
        hole = indices[e]
    if comer >= 0:
        enter(filler, comer, last, lists)
    else:
        room[last] += 1
