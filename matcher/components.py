"""Connected components of the pair graph: parts that can be solved apart."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from matcher.problem import Ints
from matcher.reduction import Graph


@dataclass(frozen=True, slots=True, eq=False)
class Component:
    """Students, openings and pairs (all ascending indices of the whole graph) that hang together."""

    students: Ints
    openings: Ints
    pairs: Ints


def components(graph: Graph, use: NDArray[np.bool_]) -> Iterator[Component]:
    """The components of the pairs in ``use`` (p,), ordered by their first student; lone students have none."""
    pairs = np.flatnonzero(use)
    if not len(pairs):
        return
    rows, columns = graph.rows[pairs], graph.indices[pairs]
    size = graph.n + graph.m
    links = coo_array((np.ones(len(pairs), dtype=np.int8), (rows, graph.n + columns)), shape=(size, size))
    count, label = connected_components(links, directed=False)
    if count == 1:
        yield Component(np.arange(graph.n), np.arange(graph.m), pairs)
        return
    by_pair = _grouped(label[rows], count)
    by_student = _grouped(label[: graph.n], count)
    by_opening = _grouped(label[graph.n :], count)
    first = np.unique(label[rows], return_index=True)
    for part in first[0][np.argsort(first[1], kind="stable")].tolist():
        yield Component(by_student(part), by_opening(part), pairs[by_pair(part)])


class _grouped:  # noqa: N801 - reads as the function it is
    """Positions of each label, ascending, without a scan per label."""

    def __init__(self, label: NDArray[np.int32], count: int) -> None:
        self._order = np.argsort(label, kind="stable")
        self._start = np.concatenate(([0], np.cumsum(np.bincount(label, minlength=count))))

    def __call__(self, part: int) -> Ints:
        return self._order[self._start[part] : self._start[part + 1]]
