"""What is still to be decided, and the limits on it: pins taken, loads reduced, limits that cannot bind left out.

A `Residual` is a problem from which some pairs have been taken and others dropped. Every step here keeps the set of
assignments the same (`settled`) or says which part of it is meant (`taking`, `dropping`, `opening`, `closing`), so
a search can branch on it and still be exact: all numbers are whole.
"""
from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from matcher.exact import exact_sum
from matcher.problem import PIN, Ints, Problem

Flags = NDArray[np.bool_]
NO_LOAD = -1


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """``lower <= sum of coefficient x over pairs <= upper``; either bound may be None.

    ``pairs`` are indices of the problem's pairs, ascending; ``coefficients`` follow them (None: all 1).
    ``limit`` is the index in ``Problem.limits`` of a group limit, or -1 for a row of the solver's own.
    """

    pairs: Ints
    coefficients: Ints | None
    lower: int | None
    upper: int | None
    limit: int = -1

    @property
    def counts(self) -> bool:
        """Whether the row counts students: every coefficient is 1."""
        return self.coefficients is None


@dataclass(frozen=True, slots=True, eq=False)
class Residual:
    """The pairs that may still be taken, and what is left of every limit.

    Attributes
    ----------
    n, m : int
        Students and openings of the problem.
    pair, student, opening : int64 arrays, shape (q,)
        The free pairs: index in the problem, ascending, and where they are.
    load : int64 array, shape (q,)
        Load of each, in units that may differ per opening; 0 where loads do not bind.
    places, need, capacity : int64 arrays, shape (m,)
        Places left; students still needed before the opening may take anybody (0: no condition); load left, or -1.
    is_open : bool array, shape (m,)
        Openings that must reach ``need``, because somebody is in or a branch says so.
    rows : tuple of Row
        Group limits and rows of the solver's own, over free pairs.
    taken : int64 array
        Pairs that are in the assignment already, ascending.
    """

    n: int
    m: int
    pair: Ints
    student: Ints
    opening: Ints
    load: Ints
    places: Ints
    need: Ints
    capacity: Ints
    is_open: Flags
    rows: tuple[Row, ...]
    taken: Ints

    @property
    def grouped(self) -> Ints:
        """Openings with free pairs about which it is still undecided whether they open."""
        some = np.bincount(self.opening, minlength=self.m) > 0
        return np.flatnonzero((self.need > 0) & ~self.is_open & some)

    def assignment(self, chosen: Ints, problem: Problem) -> Ints:
        """Opening of each student (n,) when these pairs of the problem are taken besides ``taken``."""
        result = np.full(self.n, -1, dtype=np.int64)
        pairs = np.concatenate((self.taken, chosen))
        result[problem.rows[pairs]] = problem.indices[pairs]
        return result


def residual(problem: Problem) -> Residual | None:
    """The whole problem with its pins taken; None when that already breaks a limit.

    Pins that conflict among themselves are the caller's to find (`matcher.reduction.pin_conflict`).
    """
    keep = np.flatnonzero(problem.usable & (problem.locks != PIN))
    pinned = np.flatnonzero(problem.locks == PIN)
    rows = []
    for g, limit in enumerate(problem.limits):
        if limit.at_least or limit.at_most is not None:
            rows.append(Row(np.flatnonzero(problem.in_limit(limit)), None, limit.at_least or None, limit.at_most, g))
    whole = Residual(
        n=problem.n, m=problem.m, pair=np.arange(problem.p), student=problem.rows, opening=problem.indices,
        load=problem.load, places=problem.places, need=np.where(problem.required > 1, problem.required, 0),
        capacity=problem.load_capacity, is_open=np.zeros(problem.m, dtype=bool), rows=tuple(rows),
        taken=np.zeros(0, dtype=np.int64),
    )
    if len(pinned):
        after = _take(whole, pinned)
        if after is None:
            return None
        whole = after
    return settled(_only(whole, np.isin(whole.pair, keep)))


def taking(state: Residual, at: int) -> Residual | None:
    """Only assignments with the free pair at position ``at``; None when there is none."""
    after = _take(state, state.pair[at : at + 1])
    return None if after is None else settled(after)


def dropping(state: Residual, mask: Flags) -> Residual | None:
    """Only assignments without the free pairs in ``mask`` (q,); None when there is none."""
    return settled(_only(state, ~mask))


def opening(state: Residual, j: int) -> Residual | None:
    """Only assignments in which opening ``j`` opens; None when there is none."""
    is_open = state.is_open.copy()
    is_open[j] = True
    return settled(replace(state, is_open=is_open))


def closing(state: Residual, j: int) -> Residual | None:
    """Only assignments in which opening ``j`` stays closed; None when there is none."""
    return dropping(state, state.opening == j)


def with_row(state: Residual, row: Row) -> Residual | None:
    """One more row; what ``taken`` adds to it is taken off its bounds."""
    inside = np.isin(row.pairs, state.taken, assume_unique=True)
    part = row.pairs[inside]
    used = len(part) if row.coefficients is None else exact_sum(row.coefficients[inside])
    return settled(replace(state, rows=(*state.rows, _less(row, used))))


def settled(state: Residual) -> Residual | None:
    """The same assignments, with every pair dropped that no limit leaves possible; None when none is left."""
    while True:
        state = _loads(state)
        count = np.bincount(state.opening, minlength=state.m)
        reachable = np.minimum(state.places, count)
        if (state.is_open & (state.need > reachable)).any():
            return None
        shut = (state.places <= 0) | (state.need > reachable)
        limited = state.capacity >= 0
        gone = shut[state.opening] | (limited[state.opening] & (state.load > state.capacity[state.opening]))
        rows = []
        for row in state.rows:
            found = _settled_row(row, state)
            if found is None:
                return None
            kept, empty = found
            gone |= empty
            if kept is not None:
                rows.append(kept)
        state = replace(state, rows=tuple(rows))
        if not gone.any():
            return state
        state = _only(state, ~gone)


def _settled_row(row: Row, state: Residual) -> tuple[Row | None, Flags] | None:
    """The row over free pairs (None when it cannot bind), and pairs it rules out; None when it cannot hold."""
    none = np.zeros(len(state.pair), dtype=bool)
    place = np.searchsorted(state.pair, row.pairs)
    inside = place < len(state.pair)
    inside[inside] = state.pair[place[inside]] == row.pairs[inside]
    if not inside.all():
        row = replace(
            row, pairs=row.pairs[inside],
            coefficients=None if row.coefficients is None else row.coefficients[inside],
        )
        place = place[inside]
    positive = row.coefficients is None or row.coefficients.min(initial=0) >= 0
    if row.lower is None and row.upper is not None and positive:
        return _settled_upper(row, row.upper, place, none)
    low, high = _range(row, state.student[place])
    if (row.lower is not None and row.lower > high) or (row.upper is not None and row.upper < low):
        return None
    lower = row.lower if row.lower is not None and row.lower > low else None
    upper = row.upper if row.upper is not None and row.upper < high else None
    if lower is not None and upper is not None and lower > upper:
        return None
    if lower is None and upper is None:
        return None, none
    if row.counts and upper == 0:
        none[place] = True
        return None, none
    return replace(row, lower=lower, upper=upper), none


def _settled_upper(row: Row, upper: int, place: Ints, none: Flags) -> tuple[Row | None, Flags] | None:
    """The same where nothing but an upper bound on coefficients of 0 or more stands: no need to look at students."""
    if upper < 0:
        return None
    if (len(place) if row.coefficients is None else exact_sum(row.coefficients)) <= upper:
        return None, none
    if row.coefficients is not None:
        none[place[row.coefficients > upper]] = True
    elif upper == 0:
        none[place] = True
        return None, none
    return row, none


def _range(row: Row, students: Ints) -> tuple[int, int]:
    """Least and largest sum when every student takes at most one pair."""
    who, at = np.unique(students, return_inverse=True)
    if row.coefficients is None:
        return 0, len(who)
    low, high = np.zeros(len(who), dtype=np.int64), np.zeros(len(who), dtype=np.int64)
    np.minimum.at(low, at, row.coefficients)
    np.maximum.at(high, at, row.coefficients)
    return exact_sum(low), exact_sum(high)


def _loads(state: Residual) -> Residual:
    """Loads in the largest whole unit per opening; equal loads become places, loads that cannot bind go."""
    if not (state.capacity >= 0).any():
        return state
    places, capacity, load = state.places.copy(), state.capacity.copy(), state.load.copy()
    order = np.argsort(state.opening, kind="stable")
    column = state.opening[order]
    for j in np.flatnonzero(capacity >= 0).tolist():
        begin, end = np.searchsorted(column, [j, j + 1])
        at = order[begin:end]
        loads = load[at]
        most = np.sort(loads)[::-1][: max(int(places[j]), 0)]
        if exact_sum(most) <= capacity[j]:
            capacity[j] = NO_LOAD
        elif loads.min() == loads.max():
            places[j], capacity[j] = min(int(places[j]), int(capacity[j]) // int(loads[0])), NO_LOAD
        else:
            unit = int(np.gcd.reduce(loads))
            load[at], capacity[j] = loads // unit, int(capacity[j]) // unit
    load[(capacity < 0)[state.opening]] = 0
    return replace(state, places=places, capacity=capacity, load=load)


def _only(state: Residual, keep: Flags) -> Residual:
    if keep.all():
        return state
    return replace(
        state, pair=state.pair[keep], student=state.student[keep], opening=state.opening[keep], load=state.load[keep]
    )


def _take(state: Residual, pairs: Ints) -> Residual | None:
    """Take these pairs of the problem; None when places or load do not allow it."""
    at = np.searchsorted(state.pair, pairs)
    column = state.opening[at]
    inside = np.bincount(column, minlength=state.m)
    places = state.places - inside
    weight = np.zeros(state.m, dtype=np.int64)
    np.add.at(weight, column, state.load[at])
    limited = state.capacity >= 0
    capacity = np.where(limited, state.capacity - weight, NO_LOAD)
    if (places < 0).any() or (limited & (capacity < 0)).any():
        return None
    rows = []
    for row in state.rows:
        member = np.isin(row.pairs, pairs, assume_unique=True)
        used = int(member.sum()) if row.coefficients is None else exact_sum(row.coefficients[member])
        rows.append(_less(row, used))
    gone = np.zeros(state.n, dtype=bool)
    gone[state.student[at]] = True
    after = replace(
        state, places=places, capacity=capacity, need=np.maximum(state.need - inside, 0),
        is_open=state.is_open | (inside > 0), rows=tuple(rows), taken=np.sort(np.concatenate((state.taken, pairs))),
    )
    return _only(after, ~gone[state.student])


def _less(row: Row, used: int) -> Row:
    if not used:
        return row
    return replace(
        row,
        lower=None if row.lower is None else row.lower - used,
        upper=None if row.upper is None else row.upper - used,
    )
