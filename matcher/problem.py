"""The problem: sparse scored pairs, capacities, limits and locks, checked once and read-only.

Every matrix is (students, openings): rows i of n students, columns j of m openings. Pairs are stored
once, row by row (CSR); an absent pair is not eligible.
"""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from matcher import checks
from matcher.columns import CHUNK, OfStudent, Ties, rows_of
from matcher.errors import InvalidProblem

Ints = NDArray[np.int64]
PIN, FREE, FORBID = 1, 0, -1
NO_LOAD_LIMIT = -1


@dataclass(frozen=True, slots=True, eq=False)
class GroupLimit:
    """At least and at most so many placements of ``students`` (None: all) in ``openings`` (None: all)."""

    name: str
    students: Ints | None = None
    openings: Ints | None = None
    at_least: int | None = None
    at_most: int | None = None


@dataclass(frozen=True, eq=False)
class Problem:
    """Who may go where, for what value, under which limits.

    Parameters
    ----------
    indptr, indices : int64 arrays, shapes (n + 1,) and (p,)
        Pairs of student i are ``indptr[i]:indptr[i + 1]``; openings ascend within a row.
    values : int64 array, shape (p,)
        Score of each pair in millionths.
    places : int64 array, shape (m,)
        Places per opening; 0 is allowed.
    priority : int64 array, shape (n,)
        Priority of each student, 0 or more.
    min_to_open, present : int64 arrays, shape (m,)
        An opening with ``min_to_open`` > 1 takes nobody in, or so many that with those ``present`` the
        minimum is reached. Default 0.
    load_capacity : int64 array, shape (m,)
        Load per opening in millionths; -1 is no limit. Default: none.
    load : int64 array, shape (p,)
        Load of each pair in millionths. Default 0.
    locks : int8 array, shape (p,)
        1 pins the pair, -1 forbids it, 0 leaves it free.
    limits : tuple of GroupLimit
    ineligible_pins : tuple of (i, j)
        Pins on pairs that are not eligible: always a conflict.
    pinned_forbidden : tuple of (i, j)
        Pairs that are pinned and forbidden at once: always a conflict.
    student_ids, opening_ids : uint64 arrays, shapes (n,) and (m,)
        Digests of the ids; the tie rule is drawn from them, so it does not depend on input order.
    before : int64 array, shape (n,), optional
        The opening of each student in the plan that people know, -1 for none: of equally good plans the one in which
        most keep their opening is taken.

    Raises
    ------
    InvalidProblem
        If a shape, range or order is wrong; the message names array, index, value and what was expected.
    """

    indptr: Ints
    indices: Ints
    values: Ints
    places: Ints
    priority: Ints
    min_to_open: Ints
    present: Ints
    load_capacity: Ints
    load: Ints
    locks: NDArray[np.int8]
    student_ids: NDArray[np.uint64]
    opening_ids: NDArray[np.uint64]
    limits: tuple[GroupLimit, ...] = ()
    ineligible_pins: tuple[tuple[int, int], ...] = ()
    pinned_forbidden: tuple[tuple[int, int], ...] = ()
    before: Ints | None = None

    def __post_init__(self) -> None:
        n, m, p = len(self.priority), len(self.places), len(self.indices)
        for name, length, low, high in (
            ("indptr", None, 0, p), ("indices", p, 0, m - 1), ("values", p, -checks.LARGEST, checks.LARGEST),
            ("places", m, 0, checks.LARGEST), ("priority", n, 0, checks.LARGEST),
            ("min_to_open", m, 0, checks.LARGEST), ("present", m, 0, checks.LARGEST),
            ("load_capacity", m, NO_LOAD_LIMIT, checks.LARGEST), ("load", p, 0, checks.LARGEST),
        ):
            data = checks.array(name, getattr(self, name), np.int64, length)
            checks.between(name, data, low, high)
            object.__setattr__(self, name, data)
        checks.row_pointers(self.indptr, self.indices, n, m)
        locks = checks.array("locks", self.locks, np.int8, p)
        checks.between("locks", locks, FORBID, PIN)
        object.__setattr__(self, "locks", locks)
        object.__setattr__(self, "student_ids", checks.array("student_ids", self.student_ids, np.uint64, n))
        object.__setattr__(self, "opening_ids", checks.array("opening_ids", self.opening_ids, np.uint64, m))
        object.__setattr__(self, "limits", tuple(_checked(k, limit, n, m) for k, limit in enumerate(self.limits)))
        if self.before is not None:
            object.__setattr__(self, "before", checks.array("before", self.before, np.int64, n))
            checks.between("before", self.before, -1, m - 1)
        for name in ("ineligible_pins", "pinned_forbidden"):
            for i, j in getattr(self, name):
                if not (0 <= i < n and 0 <= j < m):
                    raise InvalidProblem(f"{name} has ({i}, {j}); expected (i, j) with i below {n} and j below {m}")

    @property
    def n(self) -> int:
        """Number of students."""
        return len(self.priority)

    @property
    def m(self) -> int:
        """Number of openings."""
        return len(self.places)

    @property
    def p(self) -> int:
        """Number of eligible pairs, forbidden ones included."""
        return len(self.indices)

    @cached_property
    def rows(self) -> Ints:
        """Student of each pair, shape (p,)."""
        return np.repeat(np.arange(self.n, dtype=np.int64), np.diff(self.indptr))

    @cached_property
    def required(self) -> Ints:
        """How many an opening must take in before it opens, those present counted; shape (m,)."""
        return np.where(self.min_to_open > 1, np.maximum(self.min_to_open - self.present, 0), 0)

    @cached_property
    def closed(self) -> NDArray[np.bool_]:
        """Openings whose minimum their places cannot reach: they take nobody in; shape (m,)."""
        return np.asarray(self.required > self.places)

    @cached_property
    def pinned(self) -> Ints:
        """Index of the pair each student is pinned to (the first, if there are more), or -1; shape (n,)."""
        pairs = np.flatnonzero(self.locks == PIN)[::-1]
        result = np.full(self.n, -1, dtype=np.int64)
        result[rows_of(self.indptr, pairs)] = pairs
        return result

    @cached_property
    def usable(self) -> NDArray[np.bool_]:
        """Pairs that are not forbidden, not another pair of a pinned student, not of a closed opening; shape (p,)."""
        bound = (self.pinned >= 0)[self.rows] & (self.locks != PIN)
        return np.asarray((self.locks != FORBID) & ~bound & ~self.closed[self.indices])

    @cached_property
    def all_usable(self) -> bool:
        """Whether no lock and no closed opening rules a pair out."""
        return not (self.locks.any() or self.closed.any())

    @property
    def is_plain(self) -> bool:
        """Whether places, pins, forbids and priorities are all there is: no load, group or minimum can bind."""
        needs_group = (self.required > 1) & ~self.closed
        pinned_closed = self.closed[self.indices[self.locks == PIN]].any()
        limited = self.load_capacity >= 0
        heavy = bool(limited.any()) and bool((self.load[limited[self.indices]] > 0).any())
        counted = any(limit.at_least or limit.at_most is not None for limit in self.limits)
        return not (counted or heavy or needs_group.any() or pinned_closed)

    def pair(self, i: int, j: int) -> int:
        """Index of the pair of student i and opening j, or -1 when it is not eligible."""
        begin, end = int(self.indptr[i]), int(self.indptr[i + 1])
        k = begin + int(np.searchsorted(self.indices[begin:end], j))
        return k if k < end and self.indices[k] == j else -1

    def pairs_of(self, assignment: Ints) -> Ints:
        """Index of the pair each student has in the assignment, -1 unplaced, -2 not eligible; shape (n,)."""
        result = np.full(self.n, -1, dtype=np.int64)
        result[assignment >= 0] = -2
        for begin in range(0, self.p, CHUNK):
            part = slice(begin, min(begin + CHUNK, self.p))
            rows = rows_of(self.indptr, part)
            held = np.flatnonzero(assignment[rows] == self.indices[part])
            result[rows[held]] = held + begin
        return result

    def assignment_of(self, pair: Ints) -> Ints:
        """The opening of each student, -1 for unplaced, from the index of the pair each has; shape (n,)."""
        placed = pair >= 0
        result = np.full(self.n, -1, dtype=np.int64)
        result[placed] = self.indices[pair[placed]]
        return result

    def in_limit(self, limit: GroupLimit) -> NDArray[np.bool_]:
        """Which pairs a group limit counts; shape (p,)."""
        member = np.ones(self.p, dtype=bool)
        if limit.students is not None:
            member &= np.isin(np.arange(self.n), limit.students)[self.rows]
        if limit.openings is not None:
            member &= np.isin(np.arange(self.m), limit.openings)[self.indices]
        return member

    @property
    def priority_column(self) -> OfStudent:
        """The priority of each pair's student."""
        return OfStudent(self.indptr, self.priority)

    @property
    def tie_column(self) -> Ties:
        """The tie number of each pair, made when asked for."""
        return Ties(self.indptr, self.indices, self.student_ids, self.opening_ids, self.before)

    @cached_property
    def ties(self) -> Ints:
        """The tie number of each pair, shape (p,)."""
        return np.asarray(self.tie_column)


def tie_numbers(problem: Problem) -> Ints:
    """The number of each pair that settles ties, shape (p,), each in [0, 2**32); see `matcher.columns.Ties`."""
    return np.asarray(problem.tie_column)


def id_digests(ids: Iterable[str]) -> NDArray[np.uint64]:
    """The 64-bit digest (BLAKE2b) of each id's text, for `Problem.student_ids` and ``opening_ids``."""
    return np.array(
        [int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big") for text in ids], dtype=np.uint64
    )


def build_problem(
    students: ArrayLike,
    openings: ArrayLike,
    values: ArrayLike,
    places: ArrayLike,
    *,
    n: int | None = None,
    priority: ArrayLike | None = None,
    min_to_open: ArrayLike | None = None,
    present: ArrayLike | None = None,
    load_capacity: ArrayLike | None = None,
    load: ArrayLike | None = None,
    locks: ArrayLike | None = None,
    limits: Sequence[GroupLimit] = (),
    ineligible_pins: Sequence[tuple[int, int]] = (),
    pinned_forbidden: Sequence[tuple[int, int]] = (),
    student_ids: ArrayLike | None = None,
    opening_ids: ArrayLike | None = None,
    before: ArrayLike | None = None,
) -> Problem:
    """A `Problem` from pairs in any order, with the defaults filled in.

    Parameters
    ----------
    students, openings, values : arrays, shape (p,)
        Student, opening and score in millionths of each eligible pair.
    places : array, shape (m,)
        Places of each opening.
    n : int, optional
        Number of students; default as many as ``priority`` has, or as the pairs name.
    priority : array, shape (n,), optional
        Default 1.
    min_to_open, present, load_capacity : arrays, shape (m,), optional
        Default 0, 0 and no limit.
    load, locks : arrays, shape (p,), optional
        In the order of the pairs as given; default 0.
    limits, ineligible_pins, pinned_forbidden : sequences
        As in `Problem`.
    student_ids, opening_ids : uint64 arrays, optional
        See `id_digests`; default the digests of 0, 1, 2, ...
    before : array, shape (n,), optional
        As in `Problem`.

    Raises
    ------
    InvalidProblem
        As `Problem`; also if a pair stands there twice or a student or opening is out of range.

    Examples
    --------
    >>> build_problem([1, 0, 0], [0, 1, 0], [500_000, 800_000, 900_000], places=[1, 1]).indices.tolist()
    [0, 1, 0]
    """
    i = checks.array("students", students, np.int64, None)
    j = checks.array("openings", openings, np.int64, len(i))
    m = len(np.asarray(places))
    if n is None:
        n = len(np.asarray(priority)) if priority is not None else int(i.max(initial=-1)) + 1
    checks.between("students", i, 0, n - 1)
    checks.between("openings", j, 0, m - 1)
    order = np.lexsort((j, i))
    i, j = i[order], j[order]
    twice = np.flatnonzero((i[1:] == i[:-1]) & (j[1:] == j[:-1]))
    if len(twice):
        raise InvalidProblem(f"the pair ({i[twice[0]]}, {j[twice[0]]}) stands there twice; expected each pair once")

    def per_pair(name: str, data: ArrayLike | None, dtype: type[np.generic]) -> NDArray[Any]:
        return _own(np.zeros(len(i), dtype) if data is None else checks.array(name, data, dtype, len(i))[order])

    i, j = _own(i), _own(j)

    def per_opening(data: ArrayLike | None, default: int) -> NDArray[np.int64]:
        return np.full(m, default, dtype=np.int64) if data is None else np.asarray(data)

    return Problem(
        indptr=_own(np.concatenate(([0], np.cumsum(np.bincount(i, minlength=n)))).astype(np.int64)),
        indices=j,
        values=per_pair("values", values, np.int64),
        places=np.asarray(places if m else np.zeros(0, np.int64)),
        priority=np.ones(n, dtype=np.int64) if priority is None else np.asarray(priority),
        min_to_open=per_opening(min_to_open, 0),
        present=per_opening(present, 0),
        load_capacity=per_opening(load_capacity, NO_LOAD_LIMIT),
        load=per_pair("load", load, np.int64),
        locks=per_pair("locks", locks, np.int8),
        student_ids=id_digests(map(str, range(n))) if student_ids is None else np.asarray(student_ids),
        opening_ids=id_digests(map(str, range(m))) if opening_ids is None else np.asarray(opening_ids),
        limits=tuple(limits),
        ineligible_pins=tuple(ineligible_pins),
        pinned_forbidden=tuple(pinned_forbidden),
        before=None if before is None else np.asarray(before),
    )


def _own(made: NDArray[Any]) -> NDArray[Any]:
    """An array nobody else holds, made read-only, so that `Problem` need not copy it."""
    made.flags.writeable = False
    return made


def _checked(k: int, limit: GroupLimit, n: int, m: int) -> GroupLimit:
    sets = {}
    for name, data, size in (("students", limit.students, n), ("openings", limit.openings, m)):
        if data is not None:
            label = f"limits[{k}].{name}"
            sets[name] = checks.array(label, data, np.int64, None)
            checks.between(label, sets[name], 0, size - 1)
            checks.ascending(label, sets[name])
    for name, bound in (("at_least", limit.at_least), ("at_most", limit.at_most)):
        if bound is not None and bound < 0:
            raise InvalidProblem(f"limits[{k}].{name} is {bound}; expected 0 or more")
    return GroupLimit(limit.name, sets.get("students"), sets.get("openings"), limit.at_least, limit.at_most)
