"""A `Residual` as a linear or mixed-integer programme.

HiGHS (`matcher.highs`) works in doubles and its promises hold within tolerances (rows within 1e-6), so its answers are
proposals here: an assignment counts when it holds every limit in whole numbers, prices count through
`matcher.bounds.bound`, and "infeasible" through a bound below zero.
"""
from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from matcher.bounds import Prices, bound, scale_for
from matcher.constraints import Residual
from matcher.highs import BASIC, Basis, Floats, Linear, Programme, solve_integer, solve_linear
from matcher.problem import Ints

WIDE, FIRST, MORE, TURNS, GAIN = 100_000, 8, 5, 40, 1e-7
"""From so many pairs on a relaxation begins with so many of each student, and adds so many that gain, turn by turn."""
SCATTER = 0x9E3779B1
LARGE = 1e6
"""Objective and row coefficients are scaled down to this size at most."""
KIND = 2**40
"""Names of columns and rows are kinds times this, plus the number of a pair, student, opening or row."""


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """Rows ``matrix @ z <= upper``; z is x for the free pairs (q,), then y for the undecided openings.

    ``programme.lower`` says what other rows imply, students who must be placed: it spares the search of integers the
    finding.

    ``student``, ``load`` and ``row`` say which rows are which: arrays of the student, the opening, and the index in
    ``Residual.rows`` (with its sign: lower bounds are rows with the sign turned) of each.
    """

    programme: Programme
    students: tuple[slice, Ints]
    loads: tuple[slice, Ints]
    rows: tuple[slice, Ints, Floats]
    width: int


@dataclass(frozen=True, slots=True, eq=False)
class Relaxation:
    """The linear relaxation: x (q,), y per undecided opening, prices; or ``infeasible``, with prices that show it."""

    infeasible: bool
    x: Floats
    y: Floats
    prices: Prices
    basis: Basis | None = None


class _Rows:
    """Rows in the making: parallel lists of entries, block by block."""

    def __init__(self) -> None:
        self.row: list[Ints] = []
        self.column: list[Ints] = []
        self.value: list[Floats] = []
        self.upper: list[Floats] = []
        self.name: list[Ints] = []
        self.count = 0

    def add(self, entries: list[tuple[Ints, Ints, Floats | float]], upper: Floats, of: Ints) -> slice:
        """Rows 0, 1, .. of a block with these entries (row, column, value); ``of`` whom or what each is about."""
        self.name.append(len(self.name) * KIND + of)
        for row, column, value in entries:
            self.row.append(row + self.count)
            self.column.append(column)
            self.value.append(np.broadcast_to(np.asarray(value, dtype=float), row.shape))
        block = slice(self.count, self.count + len(upper))
        self.upper.append(upper)
        self.count += len(upper)
        return block


def model(state: Residual) -> Model:
    """Every limit as rows. An undecided opening has y in {0, 1}: need y <= students <= places y, each x <= y."""
    q, grouped = len(state.pair), state.grouped
    at = np.arange(q)
    y_of = np.full(state.m, -1)
    y_of[grouped] = q + np.arange(len(grouped))
    inside = np.flatnonzero(y_of[state.opening] >= 0)
    rows = _Rows()
    must_place = _must_place(state)
    several = np.flatnonzero((np.bincount(state.student, minlength=state.n) > 1) | must_place)
    mine = _within(state.student, several, state.n)
    students = rows.add([(mine[mine >= 0], at[mine >= 0], 1.0)], np.ones(len(several)), several)
    count = np.bincount(state.opening, minlength=state.m)
    tight = np.flatnonzero((count > state.places) & (y_of < 0) & (count > 0))
    mine = _within(state.opening, tight, state.m)
    rows.add([(mine[mine >= 0], at[mine >= 0], 1.0)], state.places[tight].astype(float), tight)
    must = np.flatnonzero(state.is_open & (state.need > 0))
    mine = _within(state.opening, must, state.m)
    rows.add([(mine[mine >= 0], at[mine >= 0], -1.0)], -state.need[must].astype(float), must)
    group = np.arange(len(grouped))
    mine = _within(state.opening, grouped, state.m)[inside]
    places = np.minimum(state.places, count)[grouped].astype(float)
    none, need = np.zeros(len(grouped)), state.need[grouped].astype(float)
    rows.add([(mine, inside, 1.0), (group, q + group, -places)], none, grouped)
    rows.add([(mine, inside, -1.0), (group, q + group, need)], none, grouped)
    single, above = np.arange(len(inside)), y_of[state.opening[inside]]
    rows.add([(single, inside, 1.0), (single, above, -1.0)], np.zeros(len(inside)), state.pair[inside])
    loads = _load_rows(state, rows, y_of)
    side = _side_rows(state, rows)
    width = q + len(grouped)
    matrix = csr_array(
        (np.concatenate(rows.value), (np.concatenate(rows.row), np.concatenate(rows.column))), shape=(rows.count, width)
    )
    lower = np.full(rows.count, -np.inf)
    lower[students][must_place[several]] = 1.0
    columns = np.concatenate((state.pair, KIND + grouped))
    programme = Programme(matrix, lower, np.concatenate(rows.upper), columns, np.concatenate(rows.name))
    return Model(programme, (students, several), loads, side, width)


def _must_place(state: Residual) -> NDArray[np.bool_]:
    """Students whom a row that needs everybody in it needs."""
    must = np.zeros(state.n, dtype=bool)
    for row in state.rows:
        if row.counts and row.lower is not None and row.lower <= len(row.pairs):
            who = np.unique(state.student[np.searchsorted(state.pair, row.pairs)])
            if len(who) == row.lower:
                must[who] = True
    return must


def _within(owner: Ints, chosen: Ints, size: int) -> Ints:
    """Position in ``chosen`` of each entry of ``owner``, -1 when it is not there."""
    position = np.full(size, -1)
    position[chosen] = np.arange(len(chosen))
    return position[owner]


def _load_rows(state: Residual, rows: _Rows, y_of: Ints) -> tuple[slice, Ints]:
    capped = np.flatnonzero(state.capacity >= 0)
    mine = _within(state.opening, capped, state.m)
    heavy = np.flatnonzero((mine >= 0) & (state.load > 0))
    size = np.maximum(state.capacity[capped] / LARGE, 1.0)
    entries: list[tuple[Ints, Ints, Floats | float]] = [(mine[heavy], heavy, state.load[heavy] / size[mine[heavy]])]
    with_y = y_of[capped] >= 0
    group = np.flatnonzero(with_y)
    full = state.capacity[capped] / size
    entries.append((group, y_of[capped[group]], -full[group]))
    return rows.add(entries, np.where(with_y, 0.0, full), capped), capped


def _side_rows(state: Residual, rows: _Rows) -> tuple[slice, Ints, Floats]:
    entries: list[tuple[Ints, Ints, Floats | float]] = []
    which: list[int] = []
    factor: list[float] = []
    upper: list[float] = []
    for g, row in enumerate(state.rows):
        at = np.searchsorted(state.pair, row.pairs)
        value = np.ones(len(at)) if row.coefficients is None else row.coefficients.astype(float)
        size = max(float(np.abs(value).max(initial=0.0)) / LARGE, 1.0)
        for limit, sign in ((row.upper, 1.0), (row.lower, -1.0)):
            if limit is not None:
                entries.append((np.full(len(at), len(which)), at, sign * value / size))
                which.append(g)
                factor.append(sign / size)
                upper.append(sign * limit / size)
    numbers = np.array(which, dtype=np.int64)
    return rows.add(entries, np.array(upper), 2 * numbers + (np.array(factor) < 0)), numbers, np.array(factor)


def relax(
    state: Residual, worth: Ints, shape: Model | None = None, *, start: Basis | None = None, plan: Ints | None = None,
    deadline: float | None = None,
) -> Relaxation:
    """The linear relaxation of "highest ``worth``" (p,), with prices; when infeasible, prices that prove it.

    ``start`` is the basis of a relaxation that much of this one comes from, ``plan`` the pairs of an assignment that
    is known. Where the deadline (on the clock of `time.monotonic`) strikes first it is infeasible without proof: its
    prices are all 0.
    """
    if not len(state.pair):  # nothing to decide: no price is needed
        none = np.zeros(0)
        zero = np.zeros(state.n, dtype=np.int64), np.zeros(len(state.rows), dtype=np.int64)
        return Relaxation(False, none, none, Prices(1, *zero, np.zeros(state.m, dtype=np.int64)))
    shape = shape or model(state)
    goal = worth[state.pair].astype(float)
    size = max(float(np.abs(goal).max(initial=0.0)) / LARGE, 1.0)
    cost = np.concatenate((-goal / size, np.zeros(shape.width - len(goal))))
    known = np.zeros(0, dtype=np.int64) if plan is None else np.flatnonzero(np.isin(state.pair, plan))
    left = _Left(deadline)
    result = _by_columns(state, cost, shape.programme, (start, known), left) if len(goal) >= WIDE else None
    result = result or solve_linear(cost, shape.programme, start=start, seconds=left.seconds)
    if result.x is not None and result.price is not None:
        q = len(goal)
        prices = _prices(state, shape, result.price * size, scale_for(state, worth))
        return Relaxation(False, result.x[:q], result.x[q:], prices, result.basis)
    none, nothing = np.zeros(0), np.zeros_like(worth)
    if result.price is None and left.is_over:
        return Relaxation(True, none, none, _prices(state, shape, np.zeros(len(shape.programme.upper)), 1))
    if result.price is not None:
        prices = _prices(state, shape, result.price, scale_for(state, nothing))
        if bound(state, nothing, prices).total < 0:
            return Relaxation(True, none, none, prices)
    prices = _prices(state, shape, _giving_way(shape.programme), scale_for(state, nothing))
    return Relaxation(True, none, none, prices)


@dataclass(frozen=True, slots=True)
class _Left:
    """What is left of the time."""

    deadline: float | None

    @property
    def seconds(self) -> float | None:
        """Until the deadline, if there is one."""
        return None if self.deadline is None else max(self.deadline - time.monotonic(), 0.01)

    @property
    def is_over(self) -> bool:
        """Whether the deadline has struck."""
        return self.deadline is not None and time.monotonic() >= self.deadline


def _by_columns(
    state: Residual, cost: Floats, whole: Programme, known: tuple[Basis | None, Ints], left: _Left
) -> Linear | None:
    """The optimum from few of the columns: those whose prices say that they gain join, until none is left.

    ``known`` is a basis, and columns that hold all rows together, if such are known. None where few columns do not
    hold the rows together, or prices do not settle.
    """
    start, plan = known
    matrix = whole.matrix.tocsc()
    q, choices = len(state.pair), np.arange(len(state.pair))
    scattered = choices * SCATTER % q  # among equals no opening comes before another
    first = _best_of_each(state.student, cost[:q], scattered, choices, FIRST)
    columns = np.union1d(np.concatenate((first, plan)), np.arange(q, len(cost)))
    if start is not None:
        inside = start.columns[start.column_status == BASIC]
        columns = np.union1d(columns, np.flatnonzero(np.isin(whole.columns, inside)))
    for _ in range(TURNS):
        part = Programme(matrix[:, columns].tocsr(), whole.lower, whole.upper, whole.columns[columns], whole.rows)
        found = solve_linear(cost[columns], part, start=start, seconds=left.seconds)
        if found.x is None or found.price is None:
            return None
        start = found.basis
        gain = -cost - matrix.T @ found.price
        gain[columns] = 0.0
        better = np.flatnonzero(gain[:q] > GAIN)
        if not len(better):
            x = np.zeros(len(cost))
            x[columns] = found.x
            return Linear(x, found.price, found.basis)
        columns = np.union1d(columns, _best_of_each(state.student, -gain[:q], scattered, better, MORE))
    return None


def _best_of_each(student: Ints, cost: Floats, rank: Ints, pairs: Ints, count: int) -> Ints:
    """So many of these pairs of each student, the cheapest."""
    order = pairs[np.lexsort((rank[pairs], cost[pairs], student[pairs]))]
    return order[np.arange(len(order)) - np.searchsorted(student[order], student[order]) < count]


def _giving_way(rows: Programme) -> Floats:
    """Prices (r,) of the least total by which rows must give way; with a worth of 0, they give a bound below 0."""
    count, width = rows.matrix.shape
    entries = rows.matrix.tocoo()
    widened = csr_array(
        (
            np.concatenate((entries.data, -np.ones(count))),
            (
                np.concatenate((entries.row, np.arange(count))),
                np.concatenate((entries.col, width + np.arange(count))),
            ),
        ),
        shape=(count, width + count),
    )
    cost = np.concatenate((np.zeros(width), np.ones(count)))
    names = np.concatenate((rows.columns, -1 - np.arange(count)))
    high = np.concatenate((np.ones(width), np.full(count, np.inf)))
    found = solve_linear(cost, Programme(widened, rows.lower, rows.upper, names, rows.rows), high=high)
    return np.zeros(count) if found.x is None or found.price is None else found.price


def _prices(state: Residual, shape: Model, dual: Floats, scale: int) -> Prices:
    student = np.zeros(state.n)
    student[shape.students[1]] = dual[shape.students[0]]
    load = np.zeros(state.m)
    capped = shape.loads[1]
    load[capped] = dual[shape.loads[0]] / np.maximum(state.capacity[capped] / LARGE, 1.0)
    row = np.zeros(len(state.rows))
    np.add.at(row, shape.rows[1], dual[shape.rows[0]] * shape.rows[2])
    return Prices(scale, _whole(student * scale), _whole(row * scale), _whole(load * scale))


def _whole(numbers: Floats) -> NDArray[np.object_] | Ints:
    rounded = np.rint(numbers)
    if np.abs(rounded).max(initial=0.0) < 2.0**60:
        return rounded.astype(np.int64)
    return np.array([int(number) for number in rounded], dtype=object)


@dataclass(frozen=True, slots=True, eq=False)
class Search:
    """What HiGHS's own search found: pairs of the problem, or None; ``finished`` when it says they are the best."""

    chosen: Ints | None
    finished: bool
    infeasible: bool


def search(
    state: Residual, worth: Ints, *, nodes: int | None = None, deadline: float | None = None, shape: Model | None = None
) -> Search:
    """HiGHS's branch and cut on "highest ``worth``" (p,), its relative gap set to 0."""
    if not len(state.pair):
        return Search(np.zeros(0, dtype=np.int64), True, False)
    shape = shape or model(state)
    goal = worth[state.pair].astype(float)
    size = max(float(np.abs(goal).max(initial=0.0)) / LARGE, 1.0)
    seconds = None if deadline is None else max(deadline - time.monotonic(), 0.01)
    cost = np.concatenate((-goal / size, np.zeros(shape.width - len(goal))))
    result = solve_integer(cost, shape.programme, nodes=nodes, seconds=seconds)
    if result.x is None:
        return Search(None, result.infeasible, result.infeasible)
    chosen = state.pair[np.flatnonzero(result.x[: len(goal)] > 0.5)]
    return Search(chosen, result.finished, False)
