"""One level of the sparse engine: run the kernels from any start prices to an optimal plan with least prices."""
from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.kernels import PLAIN, compiled_kernels
from matcher.rounds import best_of, bid_in_rounds, lower_prices, slack_of

Ints = NDArray[np.int64]
LIMIT = 1 << 61  # the compiled kernels count in 64 bits; beyond this the plain ones take over
CALM, BIDS = 6, 200  # bids per student without a step, and with one
WIDE = 20_000  # pairs from which NumPy's wide steps beat single bids
NEAR = 8  # pairs per student on which searches begin without compiled kernels
OVER = 6  # steps by which prices found with a step are lowered before bids go on without
FEW = 0.02  # share of students still waiting from which a step pays


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
    graph: Graph, worth: NDArray[Any], places: Ints, start: NDArray[Any], *, top: int, step: int, compiled: bool
) -> Plan:
    """Solve one level exactly.

    Parameters
    ----------
    graph : Graph
        The pairs; never modified.
    worth : array (n,)
        What leaving a student unplaced is worth.
    places : int64 array (m,)
        Places per opening.
    start : array (m,)
        Prices to start from, 0 or more; any are right, good ones are fast.
    top : int
        No price or path is longer than this.
    step : int
        How much a bid may overshoot where many compete; 0 for not at all.
    compiled : bool
        Run the compiled kernels if numba is there and ``top`` fits.

    Returns
    -------
    Plan
    """
    room = np.minimum(places, np.bincount(graph.indices, minlength=graph.m))
    # Nobody can bid for an opening without places: its price starts out of reach.
    start = np.where(room == 0, top // 8, start)
    compiled = compiled and top < LIMIT and compiled_kernels() is not None
    if not compiled and top < LIMIT and len(graph.indices) >= WIDE:
        return _solve_wide(graph, worth, room, start, step)
    run = _Run(graph, worth, room, start, compiled=compiled)
    waiting = run.bid(room, CALM, 0)
    if step and waiting > FEW * graph.n:
        # Rivals for few places would take very many bids: find rough prices with a step, then start from those.
        run.bid(room, BIDS, step)
        price = np.asarray(run.state[0]) - OVER * step
        run = _Run(graph, worth, room, np.maximum(start, price), compiled=compiled)
        waiting = run.bid(room, CALM, 0)
    run.search(waiting, 32 * step)
    run.tool.lower(run.graph, run.worth, run.state, run.work)
    return run.plan()


def _solve_wide(graph: Graph, worth: Ints, room: Ints, start: Ints, step: int) -> Plan:
    """Solve a large level without compiled kernels: bids in rounds, then searches over few pairs.

    Searches for those left over look at pairs with little slack only. All others are priced afterwards: who is
    wronged by one waits again, and that pair joins, until there is none.
    """
    price = np.array(start, dtype=np.int64)
    everything = (graph.indptr, graph.indices, graph.weight)
    at, waiting = bid_in_rounds(everything, worth, room, price, (CALM * graph.n, 0))
    if step and len(waiting) > FEW * graph.n:
        bid_in_rounds(everything, worth, room, price, (BIDS * graph.n // 2, step))
        price = np.maximum(start, price - OVER * step)
        at, _waiting = bid_in_rounds(everything, worth, room, price, (CALM * graph.n, 0))
    plan = _search_near(graph, worth, room, (price, at), 32 * step)
    lower_prices(everything, plan.own, plan.home, plan.price)
    return replace(plan, own=_own(graph, worth, plan.home, plan.at, plan.price))


def reoptimise(
    graph: Graph, worth: NDArray[Any], places: Ints, *, price: Ints, at: Ints, near: int, compiled: bool
) -> Plan:
    """Make a plan optimal again after its numbers changed, from prices of any kind; not the least prices.

    ``at`` (n,) are the pairs of the plan, which holds places; ``near`` is about how far the changes reach.
    """
    if not compiled and len(graph.indices) >= WIDE:
        room = np.minimum(places, np.bincount(graph.indices, minlength=graph.m))
        return _search_near(graph, worth, room, (price, at), near)
    run = _Run(graph, worth, places, price, compiled=compiled, at=at)
    run.search(run.tool.release(run.graph, run.worth, run.state, run.queue), near)
    return run.plan()


def _search_near(graph: Graph, worth: Ints, room: Ints, start: tuple[Ints, Ints], near: int) -> Plan:
    """Search over pairs with little slack, then price all others, add the wronged, and go on until there are none.

    ``start`` is the prices and the pairs of the plan to start from.
    """
    price, at = start
    everything = (graph.indptr, graph.indices, graph.weight)
    slack = slack_of(everything, best_of(everything, worth, price), price)
    most = min(NEAR * graph.n, len(slack))
    use = slack < (np.partition(slack, most - 1)[most - 1] + 1 if most else 0)
    use[at[at >= 0]] = True
    while True:
        pairs = np.flatnonzero(use)
        part = Graph(np.searchsorted(pairs, graph.indptr), graph.indices[pairs], graph.weight[pairs], graph.m)
        inside = np.where(at < 0, -1, np.searchsorted(pairs, at))
        run = _Run(part, worth, room, price, compiled=False, at=inside)
        run.search(run.tool.release(run.graph, run.worth, run.state, run.queue), near)
        plan = run.plan()
        at, price = home_of(pairs, plan.at), plan.price
        wronged = np.flatnonzero(slack_of(everything, plan.own, price) < 0)
        if len(wronged) == 0:
            return replace(plan, at=at)
        use[wronged] = True


def place_most(graph: Graph, gain: Ints, places: Ints, *, compiled: bool) -> Plan:
    """Solve a level whose pairs are worth ``gain[i]`` more than leaving i unplaced, whatever the opening."""
    nothing = np.zeros(max(graph.n, graph.m), dtype=np.int64)
    run = _Run(graph, nothing[: graph.n], places, nothing[: graph.m], compiled=compiled)
    order = np.argsort(-gain, kind="stable")
    run.tool.transversal(run.fresh(order[gain[order] > 0]), run.fresh(gain), run.graph, run.state, run.work)
    plan = run.plan()
    own, held = np.zeros(graph.n, dtype=np.int64), np.flatnonzero(plan.home >= 0)
    own[held] = gain[held] - plan.price[plan.home[held]]
    return replace(plan, own=own)


class _Run:
    """The arrays (compiled) or lists (plain) the kernels work on."""

    def __init__(
        self, graph: Graph, worth: NDArray[Any], places: Ints, start: NDArray[Any], *, compiled: bool,
        at: Ints | None = None,
    ) -> None:
        tool = compiled_kernels() if compiled else None
        self.listed = tool is None
        self.tool: Any = PLAIN if tool is None else tool
        self.source = graph
        n, m = graph.n, graph.m
        self.graph = tuple(self.shared(part) for part in (graph.indptr, graph.indices, graph.weight))
        self.worth = self.shared(worth)
        at = np.full(n, -1, dtype=np.int64) if at is None else at
        home = home_of(graph.indices, at)
        room = np.minimum(places, np.bincount(graph.indices, minlength=m)) - np.bincount(home[home >= 0], minlength=m)
        self.state = tuple(self.fresh(part) for part in (start, room, at, home, *linked(home, m)))
        nowhere = np.full(m, -1, dtype=np.int64)
        far = [self.tool.FAR] * m if self.listed else np.full(m, self.tool.FAR)
        self.queue = self.fresh(np.arange(n))
        self.stand: Any = None
        self.waiting = n
        self.work = (far, self.fresh(nowhere), self.fresh(nowhere), self.fresh(nowhere))

    def fresh(self, source: NDArray[Any]) -> Any:
        """Copy numbers into a list or array the kernels may change."""
        return source.tolist() if self.listed else np.array(source, dtype=np.int64)

    def shared(self, source: NDArray[Any]) -> Any:
        """Hand over numbers nobody changes; arrays without a copy, read-only, so that kernels compile once."""
        if self.listed:
            return source.tolist()
        return frozen(source)

    def bid(self, room: Ints, rounds: int, step: int) -> int:
        """Let who is in the queue bid, so many times for each student on average; return how many still wait."""
        n = self.source.n
        if self.stand is None:
            bids, seats = np.zeros(n, dtype=np.int64), np.zeros(int(room.sum()), dtype=np.int64)
            self.stand = tuple(self.fresh(part) for part in (bids, seats, np.append(0, np.cumsum(room))))
        rules = (rounds * n, step)
        self.waiting = int(
            self.tool.auction(self.graph, self.worth, self.state, self.stand, self.queue, self.waiting, rules)
        )
        return self.waiting

    def search(self, waiting: int, near: int) -> None:
        """Place the waiting, fill the places that stand free at a price, until nobody wants to move.

        Filling looks at pairs with less slack than ``near`` only, then at ever more; who is wronged by a pair
        that was left out waits again.
        """
        while True:
            self.tool.forward(self.graph, self.worth, self.state, self.work, self.queue, waiting)
            price, free = self.state[0], np.asarray(self.state[1])
            stale = [j for j in np.flatnonzero(free).tolist() if price[j] > 0]
            if not stale:
                return
            near = max(near, 1)
            everything = near > max(price[j] for j in stale)
            holes = self.fresh(np.repeat(stale, free[stale]))
            columns = self.columns(near)
            self.tool.backward(self.graph, columns, self.worth, self.state, self.work, holes, len(holes))
            waiting = self.tool.release(self.graph, self.worth, self.state, self.queue)
            if waiting == 0:
                return
            near *= 1 << 40 if everything else 1 << 6

    def columns(self, near: int) -> Any:
        """Give the pairs with less slack than ``near``, opening by opening: (colptr, rows, pairs)."""
        graph, plan = self.source, self.plan()
        lengths, pairs = close_pairs(graph, plan.own, plan.price, near, compiled=not self.listed)
        rows, ends = np.repeat(np.arange(graph.n), lengths), graph.indices[pairs]
        # NumPy counts small numbers instead of comparing them.
        order = np.argsort(ends.astype(np.uint16) if graph.m < 1 << 16 else ends, kind="stable")
        colptr = np.append(0, np.cumsum(np.bincount(ends, minlength=graph.m)))
        return tuple(self.shared(part) for part in (colptr, rows[order], pairs[order]))

    def plan(self) -> Plan:
        """Read the state back as a plan."""
        price, worth = _numbers(self.state[0]), _numbers(self.worth)
        at, home = (np.array(part, dtype=np.int64) for part in self.state[2:4])
        return Plan(home, at, price, _own(self.source, worth, home, at, price))


def _own(graph: Graph, worth: NDArray[Any], home: Ints, at: Ints, price: NDArray[Any]) -> NDArray[Any]:
    """Give what each student gets: the worth of its pair less the price, or of being unplaced."""
    own = np.array(worth, dtype=np.result_type(worth, price))
    held = np.flatnonzero(home >= 0)
    own[held] = graph.weight[at[held]] - price[home[held]]
    return own


def close_pairs(
    graph: Graph, own: NDArray[Any], price: NDArray[Any], limit: int, *, compiled: bool
) -> tuple[Ints, Ints]:
    """Find the pairs with less slack than ``limit``: how many each student has (n,), and their numbers in order."""
    narrow = limit < LIMIT and all(part.dtype == np.int64 for part in (price, own, graph.weight))
    tool = compiled_kernels() if compiled and narrow else None
    if tool is None:
        slack = np.repeat(own, np.diff(graph.indptr)) + price[graph.indices] - graph.weight
        chosen = np.flatnonzero(slack < limit)
        return np.diff(np.searchsorted(chosen, graph.indptr)), chosen
    lengths = np.zeros(graph.n, dtype=np.int64)
    chosen = np.zeros(4 * (graph.n + graph.m), dtype=np.int64)
    parts = tuple(frozen(part) for part in (graph.indptr, graph.indices, graph.weight))
    count = tool.close(parts, own, price, limit, lengths, chosen)
    if count > len(chosen):
        chosen = np.zeros(count, dtype=np.int64)
        tool.close(parts, own, price, limit, lengths, chosen)
    return lengths, chosen[:count]


def frozen(source: NDArray[Any]) -> NDArray[Any]:
    """View an array read-only: kernels compile for one kind of array, whoever made it."""
    view = np.ascontiguousarray(source, dtype=np.int64).view()
    view.flags.writeable = False
    return view


def home_of(indices: Ints, at: Ints) -> Ints:
    """Look up the opening of each student's pair, or whatever else ``indices`` says of pairs; -1 stays -1."""
    home = np.full(len(at), -1, dtype=np.int64)
    held = np.flatnonzero(at >= 0)
    home[held] = indices[at[held]]
    return home


def linked(home: Ints, m: int) -> tuple[Ints, Ints, Ints]:
    """List the students of each opening: its first one (m,), and the next and previous of each student (n,)."""
    head = np.full(m, -1, dtype=np.int64)
    after, before = np.full(len(home), -1, dtype=np.int64), np.full(len(home), -1, dtype=np.int64)
    order = np.argsort(home, kind="stable")
    order = order[np.searchsorted(home[order], 0) :]
    head[home[order[::-1]]] = order[::-1]
    same = home[order[1:]] == home[order[:-1]]
    after[order[:-1][same]] = order[1:][same]
    before[order[1:][same]] = order[:-1][same]
    return head, after, before


def _numbers(source: Any) -> NDArray[Any]:
    """Copy numbers into an int64 array, or one of Python integers where they are wider."""
    if isinstance(source, list) and any(abs(number) >= LIMIT for number in source):
        return np.array(source, dtype=object)
    return np.array(source, dtype=np.int64)
