"""Kernels that judge an optimal state: which pairs have little slack, and whether another plan uses them.

The names are those of :mod:`matcher.bids`.
"""
# Compiled code takes flat arrays one by one and is fastest in one piece: no limit on arguments and statements.
# ruff: noqa: PLR0915, PLR0917
from __future__ import annotations

from typing import Any


def close(graph: Any, own: Any, price: Any, limit: Any, lengths: Any, chosen: Any) -> int:
    """List the pairs with less slack than ``limit``, and their number per student; return how many.

    ``chosen`` holds as many as it has room for: a second call with more room gets the rest.
    """
    indptr, indices, weight = graph
    count = 0
    for i in range(len(own)):
        first = count
        for e in range(indptr[i], indptr[i + 1]):
            if own[i] + price[indices[e]] - weight[e] < limit:
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
