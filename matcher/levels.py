"""One level of the sparse engine: run the kernels from any start prices to an optimal plan with least prices."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from matcher import kernels
from matcher.compiled import compiled_kernels

Ints = NDArray[np.int64]
LIMIT = 1 << 61  # the compiled kernels count in 64 bits; beyond this the plain ones take over
BIDS = 12  # bids per student before searches take over


@dataclass(frozen=True, slots=True)
class Graph:
    """The pairs of a level row by row, shapes (n + 1,), (p,), (p,), and the number of openings."""

    indptr: Ints
    indices: Ints
    weight: Ints
    m: int

    @property
    def n(self) -> int:
        """Number of students."""
        return len(self.indptr) - 1


@dataclass(frozen=True, slots=True)
class Plan:
    """An optimal plan of a level: ``home`` and ``at`` (n,) name opening and pair or -1; least ``price`` (m,).

    ``own`` (n,) is what each student gets. Prices may be whole numbers wider than 64 bits (dtype object).
    """

    home: Ints
    at: Ints
    price: NDArray[Any]
    own: NDArray[Any]


def solve_level(
    graph: Graph, worth: NDArray[Any], places: Ints, start: NDArray[Any], top: int, *, compiled: bool
) -> Plan:
    """Solve one level exactly.

    Parameters
    ----------
    graph : Graph
    worth : array (n,)
        What leaving a student unplaced is worth.
    places : int64 array (m,)
    start : array (m,)
        Prices to start from, 0 or more; any are right, good ones are fast.
    top : int
        No price or path is longer than this.
    compiled : bool
        Run the compiled kernels if numba is there and ``top`` fits.

    Returns
    -------
    Plan
    """
    run = _Run(graph, worth, places, start, compiled=compiled and top < LIMIT)
    tool, price, room = run.tool, run.state[0], run.state[1]
    queue = run.fresh(np.arange(graph.n))
    bids = run.fresh(np.zeros(graph.n, dtype=np.int64))
    waiting = tool.auction(run.graph, run.worth, run.state, bids, queue, graph.n, BIDS * graph.n)
    tool.forward(run.graph, run.worth, run.state, run.work, queue, waiting)
    stale = [j for j, free in enumerate(room) if free > 0 and price[j] > 0]
    if stale:
        holes = run.fresh(np.repeat(stale, [room[j] for j in stale]))
        tool.backward(run.graph, run.columns(), run.worth, run.state, run.work, holes, len(holes))
    tool.lower(run.graph, run.worth, run.state, run.work)
    return run.plan()


def place_most(graph: Graph, gain: Ints, places: Ints, *, compiled: bool) -> Plan:
    """Solve a level whose pairs are worth ``gain[i]`` more than leaving i unplaced, whatever the opening."""
    nothing = np.zeros(max(graph.n, graph.m), dtype=np.int64)
    run = _Run(graph, nothing[: graph.n], places, nothing[: graph.m], compiled=compiled)
    order = np.argsort(-gain, kind="stable")
    run.tool.transversal(run.fresh(order[gain[order] > 0]), run.fresh(gain), run.graph, run.state, run.work)
    return run.plan(gain)


class _Run:
    """The arrays (compiled) or lists (plain) the kernels work on."""

    def __init__(
        self, graph: Graph, worth: NDArray[Any], places: Ints, start: NDArray[Any], *, compiled: bool
    ) -> None:
        tool = compiled_kernels() if compiled else None
        self.listed = tool is None
        self.tool: Any = kernels if tool is None else tool
        self.source = graph
        n, m = graph.n, graph.m
        self.graph = tuple(self.shared(part) for part in (graph.indptr, graph.indices, graph.weight))
        self.worth = self.shared(worth)
        nobody, nowhere = np.full(n, -1, dtype=np.int64), np.full(m, -1, dtype=np.int64)
        room = np.minimum(places, np.bincount(graph.indices, minlength=m))
        self.state = tuple(self.fresh(part) for part in (start, room, nobody, nobody, nowhere, nobody, nobody))
        far = [self.tool.FAR] * m if self.listed else np.full(m, self.tool.FAR)
        self.work = (far, self.fresh(nowhere), self.fresh(nowhere), self.fresh(nowhere))

    def fresh(self, source: NDArray[Any]) -> Any:
        """Copy numbers into a list or array the kernels may change."""
        return source.tolist() if self.listed else np.array(source, dtype=np.int64)

    def shared(self, source: NDArray[Any]) -> Any:
        """Hand over numbers nobody changes; arrays without a copy, read-only, so that kernels compile once."""
        if self.listed:
            return source.tolist()
        view = np.ascontiguousarray(source, dtype=np.int64).view()
        view.flags.writeable = False
        return view

    def columns(self) -> Any:
        """Give the pairs opening by opening: (colptr, rows, pairs)."""
        graph = self.source
        numbers = np.arange(len(graph.indices))
        turned = csr_array((numbers, graph.indices, graph.indptr), shape=(graph.n, graph.m)).tocsc()
        return tuple(self.shared(part) for part in (turned.indptr, turned.indices, turned.data))

    def plan(self, weight: NDArray[Any] | None = None) -> Plan:
        """Read the state back as a plan; ``weight`` (n,) overrules the pairs' own."""
        price, own = _numbers(self.state[0]), _numbers(self.worth)
        at, home = (np.asarray(part, dtype=np.int64) for part in self.state[2:4])
        own = own.astype(np.result_type(own, price))
        held = np.flatnonzero(home >= 0)
        worth = self.source.weight[at[held]] if weight is None else weight[held]
        own[held] = worth - price[home[held]]
        return Plan(home, at, price, own)


def _numbers(source: Any) -> NDArray[Any]:
    """Copy numbers into an int64 array, or one of Python integers where they are wider."""
    if isinstance(source, list) and any(abs(number) >= LIMIT for number in source):
        return np.array(source, dtype=object)
    return np.array(source, dtype=np.int64)
