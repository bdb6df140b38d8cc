"""Numbers of pairs that need not be stored: they follow from the pair's student or ids, and are made when asked for.

A column reads as an int64 array of shape (p,) would: its length, the numbers of some pairs, or (`numpy.asarray`) all.
"""
from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Pairs = Ints | slice
"""Pairs by their numbers, or those from start to stop."""
CHUNK = 2**16
"""Pairs that are looked at together: their numbers stay in the processor's cache."""


class Column:
    """One whole number per pair, made when asked for."""

    __slots__ = ("indptr",)

    def __init__(self, indptr: Ints) -> None:
        self.indptr = indptr

    def __len__(self) -> int:
        return int(self.indptr[-1])

    def __getitem__(self, pairs: Pairs) -> Ints:
        raise NotImplementedError

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Ints:
        whole = np.empty(len(self), dtype=np.int64)
        for begin in range(0, len(whole), CHUNK):
            part = slice(begin, min(begin + CHUNK, len(whole)))
            whole[part] = self[part]
        return whole


class OfStudent(Column):
    """The same ``number[i]`` for every pair of student i."""

    __slots__ = ("number",)

    def __init__(self, indptr: Ints, number: Ints) -> None:
        super().__init__(indptr)
        self.number = number

    def __getitem__(self, pairs: Pairs) -> Ints:
        return self.number[rows_of(self.indptr, pairs)]


class Ties(Column):
    """The number of each pair that settles ties: the optimum with the highest sum of them is the answer.

    The top 32 bits of splitmix64(student ^ rotl(opening, 32)) [1]_, drawn from the ids alone, so neither
    input order nor anything else in the file matters; 32 random bits make the optimum unique but for a
    vanishing chance (isolation lemma [2]_). ``student_ids`` (n,) and ``opening_ids`` (m,) are 64-bit digests.

    ``before`` (n,) is the opening each student has in the plan that people know, -1 for none. With it, of all optima
    the one in which most keep their opening is the answer: each of these pairs counts 2**31, and of the random bits
    17 are left, so that those of 16,384 students together never outweigh one who keeps an opening.

    References
    ----------
    .. [1] G. Steele, D. Lea, C. Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
       doi:10.1145/2660193.2660195
    .. [2] K. Mulmuley, U. Vazirani, V. Vazirani, "Matching is as easy as matrix inversion",
       Combinatorica 7, 1987. doi:10.1007/BF02579206
    """

    __slots__ = ("before", "indices", "student_ids", "turned")

    def __init__(
        self, indptr: Ints, indices: Ints, student_ids: NDArray[np.uint64], opening_ids: NDArray[np.uint64],
        before: Ints | None = None,
    ) -> None:  # fmt: skip
        super().__init__(indptr)
        self.indices, self.student_ids, self.before = indices, student_ids, before
        self.turned = (opening_ids << np.uint64(32)) | (opening_ids >> np.uint64(32))

    def __getitem__(self, pairs: Pairs) -> Ints:
        rows, columns = rows_of(self.indptr, pairs), self.indices[pairs]
        z = self.student_ids[rows] ^ self.turned[columns]
        z += np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        drawn: Ints = (z ^ (z >> np.uint64(31))).view(np.int64) >> 32 & 0xFFFFFFFF
        if self.before is None:
            return drawn
        kept: Ints = (self.before[rows] == columns).astype(np.int64)
        drawn = (drawn >> 15) + (kept << 31)
        return drawn


def rows_of(indptr: Ints, pairs: Pairs) -> Ints:
    """The student of each of some pairs."""
    if not isinstance(pairs, slice):
        return np.searchsorted(indptr, pairs, side="right") - 1
    if pairs.start >= pairs.stop:
        return np.zeros(0, dtype=np.int64)
    first, last = (np.searchsorted(indptr, (pairs.start, pairs.stop - 1), side="right") - 1).tolist()
    ends = np.minimum(indptr[first + 1 : last + 2], pairs.stop)
    return np.repeat(np.arange(first, last + 1), np.diff(ends, prepend=pairs.start))
