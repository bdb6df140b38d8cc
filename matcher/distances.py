"""Shortest paths in whole numbers of two planes: kernels that run compiled (extra ``fast``) where that is loaded.

Costs and distances are pairs of int64, compared one after the other; ``far`` and more in the first plane is no arc.
What `matcher.exchange` does with NumPy for costs of any size is done here the same way, to the same bits.
"""
from __future__ import annotations

from typing import Any


def floyd(first: Any, second: Any, before: Any, far: int) -> None:
    """All pairs (Floyd and Warshall): distances (N, N) in place, and the last arc of each path."""
    nodes = len(before)
    half = far // 2
    for middle in range(nodes):
        for i in range(nodes):
            a, b = first[i, middle], second[i, middle]
            if i == middle or a >= half:
                continue
            for j in range(nodes):
                c = first[middle, j]
                if c >= half:
                    continue
                c += a
                if c > first[i, j]:
                    continue
                d = b + second[middle, j]
                if c < first[i, j] or d < second[i, j]:
                    first[i, j], second[i, j] = c, d
                    before[i, j] = before[middle, j]


def ford(arcs: Any, dist: Any, last: Any, before: Any, far: int) -> bool:
    """From one node (Bellman and Ford), round by round; False when a cycle gains something.

    ``arcs`` are begin and cost in two planes, by end, and where the arcs of each end start; ``dist`` two planes (N,),
    ``last`` the same for the round before, ``before`` (N,) the arc by which each node was reached.
    """
    begin, first, second, ends, start = arcs
    half = far // 2
    nodes = len(before)
    for _ in range(nodes + 1):
        for node in range(nodes):
            last[0][node], last[1][node] = dist[0][node], dist[1][node]
        moved = False
        for g in range(len(ends)):
            node = ends[g]
            a, b, arc = last[0][node], last[1][node], -1
            for e in range(start[g], start[g + 1]):
                c = last[0][begin[e]] + first[e]
                if c < half and c <= a:
                    d = last[1][begin[e]] + second[e]
                    if c < a or d < b:
                        a, b, arc = c, d, e
            if arc >= 0:
                dist[0][node], dist[1][node] = a, b
                before[node] = arc
                moved = True
        if not moved:
            return True
    return False
