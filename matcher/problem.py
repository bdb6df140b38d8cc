"""The problem: sparse scored pairs, capacities, limits and locks, checked once and read-only.

Every matrix is (students, openings): rows i of n students, columns j of m openings. Pairs are stored
once, row by row (CSR); an absent pair is not eligible.
"""
from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from matcher.errors import InvalidProblem

Ints = NDArray[np.int64]
PIN, FREE, FORBID = 1, 0, -1


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
    student_ids, opening_ids : uint64 arrays, shapes (n,) and (m,)
        Digests of the ids; the tie rule is drawn from them, so it does not depend on input order.

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

    @cached_property
    def rows(self) -> Ints:
        """Student of each pair, shape (p,)."""
        return np.repeat(np.arange(self.n, dtype=np.int64), np.diff(self.indptr))

    @property
    def n(self) -> int:
        """Number of students."""
        return len(self.priority)

    @property
    def m(self) -> int:
        """Number of openings."""
        return len(self.places)
