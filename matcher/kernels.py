"""The steps of the sparse engine, on flat arrays: written once, run as they stand or compiled with numba.

Without numba the same lines run on plain lists, whose integers have no upper limit. Names used throughout:

- ``graph`` is (indptr, indices, weight): the pairs row by row (CSR) and what each is worth
- ``worth[i]`` is what it is worth to leave student i unplaced
- ``state`` is (price, room, at, home, head, after, before): the price of one place at each opening, at
  least 0; the places still free there; the pair that places each student and its opening, or -1; and a
  doubly linked list of the students in each opening
- ``work`` is (dist, via, owner, seen): room for one search over openings; ``dist`` is FAR in between

What a student gets is never stored: ``weight - price`` of the pair it holds, else ``worth``.
FAR is farther than any distance; ``matcher.compiled`` gives it a value that fits 64 bits.
"""
from __future__ import annotations

from heapq import heappop, heappush
from typing import Any

FAR = 1 << 4096


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


def release(graph: Any, worth: Any, state: Any, queue: Any, kept: int) -> int:
    """Take out every student who would be better off elsewhere, and let it wait; return how many wait."""
    indptr, indices, weight = graph
    price, room, at, home, _head, _after, _before = state
    for i in range(len(home)):
        if home[i] >= 0:
            best = worth[i]
            for e in range(indptr[i], indptr[i + 1]):
                best = max(best, weight[e] - price[indices[e]])
            if weight[at[i]] - price[home[i]] < best:
                room[home[i]] += 1
                leave(i, state)
                queue[kept] = i
                kept += 1
    return kept


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
    heap.sort()
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


def tight(graph: Any, own: Any, price: Any, lengths: Any, chosen: Any) -> int:
    """List the pairs without slack in ``chosen``, their number per student in ``lengths``; return how many."""
    indptr, indices, weight = graph
    count = 0
    for i in range(len(own)):
        first = count
        for e in range(indptr[i], indptr[i + 1]):
            if own[i] + price[indices[e]] == weight[e]:
                if count < len(chosen):
                    chosen[count] = e
                count += 1
        lengths[i] = count - first
    return count


def settled(graph: Any, state: Any, optional: Any, loose: Any, degree: Any, queue: Any) -> bool:
    """Tell whether no other plan uses these pairs: the exchanges they allow form no directed cycle.

    Nodes are the openings and, numbered m, the outside. An arc a -> b is a student in a with a pair to b;
    to the outside leads a student in a who may go unplaced (``optional``), from the outside comes an
    unplaced one. ``loose[j]`` is 1 where a place may be left empty (outside -> j); it is 2 where one also
    stands free, which makes j part of the outside. Kahn's algorithm takes nodes nobody points to.
    """
    indptr, indices, _weight = graph
    _price, _room, at, home, head, after, _before = state
    m = len(loose)
    for j in range(m + 1):
        degree[j] = 0
    for k in range(len(home)):
        a = m if home[k] < 0 or loose[home[k]] == 2 else home[k]
        if home[k] >= 0 and optional[k]:
            if a == m:
                return False
            degree[m] += 1
        for e in range(indptr[k], indptr[k + 1]):
            if e != at[k]:
                b = m if loose[indices[e]] == 2 else indices[e]
                if a == b:
                    return False
                degree[b] += 1
    left = 0
    for j in range(m):
        if loose[j] == 1:
            degree[j] += 1
    for j in range(m + 1):
        if degree[j] == 0:
            queue[left] = j
            left += 1
    done = 0
    while done < left:
        a = queue[done]
        done += 1
        k = head[a] if a < m and loose[a] < 2 else -1
        if a == m:
            for j in range(m):
                if loose[j] == 1:
                    degree[j] -= 1
                    if degree[j] == 0:
                        queue[left] = j
                        left += 1
        scan = 0
        while True:
            if a == m:
                while scan < len(home) and home[scan] >= 0 and loose[home[scan]] < 2:
                    scan += 1
                k = scan if scan < len(home) else -1
                scan += 1
            if k < 0:
                break
            if a < m and optional[k]:
                degree[m] -= 1
                if degree[m] == 0:
                    queue[left] = m
                    left += 1
            for e in range(indptr[k], indptr[k + 1]):
                if e != at[k]:
                    b = m if loose[indices[e]] == 2 else indices[e]
                    degree[b] -= 1
                    if degree[b] == 0:
                        queue[left] = b
                        left += 1
            k = after[k] if a < m else k
    return left == m + 1
