"""Kernels that place students by bids, and by weight alone.

The kernels of the sparse engine work on flat arrays. They are written once: :mod:`matcher.kernels` runs them as
they stand, on plain lists, whose integers have no upper limit, or compiled with numba.
Names used throughout these modules:

- ``graph`` is (indptr, indices, weight): the pairs row by row (CSR) and what each is worth
- ``worth[i]`` is what it is worth to leave student i unplaced
- ``state`` is (price, room, at, home, head, after, before): the price of one place at each opening, at
  least 0; the places still free there; the pair that places each student and its opening, or -1; and a
  doubly linked list of the students in each opening
- ``work`` is (dist, via, owner, seen): room for one search over openings; ``dist`` is FAR in between

What a student gets is never stored: ``weight - price`` of the pair it holds, else ``worth``.
"""
# Compiled code takes flat arrays one by one and is fastest in one piece: no limit on arguments and statements.
# ruff: noqa: PLR0915, PLR0917
from __future__ import annotations

from typing import Any


def leave(k: Any, state: Any) -> None:
    """Take student k out of the list of its opening, if it is in one."""
    _price, _room, at, home, head, after, before = state
    j = home[k]
    if j < 0:
        return
    if before[k] >= 0:
        after[before[k]] = after[k]
    else:
        head[j] = after[k]
    if after[k] >= 0:
        before[after[k]] = before[k]
    at[k] = -1
    home[k] = -1


def enter(k: Any, e: Any, j: Any, state: Any) -> None:
    """Put student k, who is nowhere, in opening j through pair e."""
    _price, _room, at, home, head, after, before = state
    at[k] = e
    home[k] = j
    before[k] = -1
    after[k] = head[j]
    if head[j] >= 0:
        before[head[j]] = k
    head[j] = k


def transversal(order: Any, gain: Any, graph: Any, state: Any, work: Any) -> None:
    """Place the heaviest set of students when a placement weighs the same at every opening.

    Sets that can be placed together form a matroid, so taking students by descending ``gain`` and keeping
    each one that still fits is optimal (Edmonds 1971). A search that finds no room proves that the openings
    it saw are lost for every later student; the gain of the one who searched is their least optimal price.
    """
    indptr, indices, _weight = graph
    price, room, _at, home, head, after, _before = state
    mark, via, owner, seen = work
    for i in order:
        found = -1
        for e in range(indptr[i], indptr[i + 1]):
            j = indices[e]
            if room[j] > 0:
                found = j
                via[j] = e
                owner[j] = i
                break
        count = 0
        if found < 0:
            for e in range(indptr[i], indptr[i + 1]):
                j = indices[e]
                if price[j] == 0 and mark[j] != i:
                    mark[j] = i
                    via[j] = e
                    owner[j] = i
                    seen[count] = j
                    count += 1
        done = 0
        while found < 0 and done < count:
            k = head[seen[done]]
            done += 1
            while k >= 0 and found < 0:
                for e in range(indptr[k], indptr[k + 1]):
                    j = indices[e]
                    if price[j] == 0 and mark[j] != i:
                        mark[j] = i
                        via[j] = e
                        owner[j] = k
                        if room[j] > 0:
                            found = j
                            break
                        seen[count] = j
                        count += 1
                k = after[k]
        if found < 0:
            for s in range(count):
                price[seen[s]] = gain[i]
            continue
        room[found] -= 1
        while found >= 0:
            k = owner[found]
            left = home[k]
            leave(k, state)
            enter(k, via[found], found, state)
            found = left


def sink(seats: Any, bid: Any, base: Any, size: Any) -> None:
    """Let the student on the first of ``size`` seats from ``base`` sink to where its bid belongs (lowest first)."""
    t = 0
    k = seats[base]
    while 2 * t + 1 < size:
        c = 2 * t + 1
        if c + 1 < size and bid[seats[base + c + 1]] < bid[seats[base + c]]:
            c += 1
        if bid[seats[base + c]] >= bid[k]:
            break
        seats[base + t] = seats[base + c]
        t = c
    seats[base + t] = k


def rise(seats: Any, bid: Any, base: Any, size: Any) -> None:
    """Let the student on the last of ``size`` seats from ``base`` rise to where its bid belongs (lowest first)."""
    t = size - 1
    k = seats[base + t]
    while t > 0 and bid[seats[base + (t - 1) // 2]] > bid[k]:
        seats[base + t] = seats[base + (t - 1) // 2]
        t = (t - 1) // 2
    seats[base + t] = k


def auction(graph: Any, worth: Any, state: Any, stand: Any, queue: Any, count: int, rules: Any) -> int:
    """Let the first ``count`` students of ``queue`` bid in turn; leave there, and count, who still wants a place.

    The row reduction of Jonker and Volgenant (1987) with capacities: the price of a full opening is the
    lowest bid among those it holds, and prices rise only at full openings. ``rules`` is (budget, step): so
    many bids at most, each ``step`` above what a student would rather pay elsewhere (Bertsekas 1988). A
    step keeps rivals for the last place from bidding each other up by crumbs; ``release`` undoes what it
    wronged. ``stand`` is (bid, seats, base): a heap by bid of the students in each opening.
    """
    indptr, indices, weight = graph
    price, room, _at, home, _head, _after, _before = state
    bid, seats, base = stand
    budget, step = rules
    n = len(home)
    turn = 0
    while count > 0 and budget > 0:
        budget -= 1
        i = queue[turn]
        turn = turn + 1 if turn + 1 < n else 0
        count -= 1
        best = worth[i]
        second = best
        chosen = -1
        for e in range(indptr[i], indptr[i + 1]):
            gain = weight[e] - price[indices[e]]
            if gain > second:
                if gain > best:
                    second = best
                    best = gain
                    chosen = e
                else:
                    second = gain
        if chosen < 0:
            continue
        j = indices[chosen]
        size = base[j + 1] - base[j]
        bid[i] = price[j] + best - second + step
        if room[j] > 0:
            seats[base[j] + size - room[j]] = i
            room[j] -= 1
            rise(seats, bid, base[j], size - room[j])
        else:
            if size == 0 or bid[i] <= price[j]:
                continue  # nobody to outbid, or no money left to do it with: a search decides
            out = seats[base[j]]
            if bid[out] >= bid[i]:
                price[j] = bid[out]  # everybody inside offers as much: look again at their price
                out = i
            else:
                leave(out, state)
                seats[base[j]] = i
                sink(seats, bid, base[j], size)
            queue[turn + count if turn + count < n else turn + count - n] = out
            count += 1
            if out == i:
                continue
        enter(i, chosen, j, state)
        if room[j] == 0:
            price[j] = max(price[j], bid[seats[base[j]]])
    count = 0
    for i in range(n):
        if home[i] < 0:
            for e in range(indptr[i], indptr[i + 1]):
                if weight[e] - price[indices[e]] > worth[i]:
                    queue[count] = i
                    count += 1
                    break
    return count


def release(graph: Any, worth: Any, state: Any, queue: Any) -> int:
    """Take out every student who would be better off elsewhere; list in ``queue``, and count, who wants a place."""
    indptr, indices, weight = graph
    price, room, at, home, _head, _after, _before = state
    count = 0
    for i in range(len(home)):
        own = worth[i] if home[i] < 0 else weight[at[i]] - price[home[i]]
        best = worth[i]
        for e in range(indptr[i], indptr[i + 1]):
            best = max(best, weight[e] - price[indices[e]])
        if own < best:
            if home[i] >= 0:
                room[home[i]] += 1
                leave(i, state)
            queue[count] = i
            count += 1
    return count
