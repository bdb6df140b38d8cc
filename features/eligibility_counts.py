"""For how many pairs a formula holds, counted over classes of equal records instead of over pairs."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from features.eligibility_columns import Columns
from features.eligibility_rules import Formula

Ints = NDArray[np.int64]
_BLOCK = 1_000_000  # entries of one table of classes at a time


def count_pairs(formula: Formula, ours: Columns, theirs: Columns) -> tuple[Ints, Ints]:
    """Count for how many openings a formula holds per student, and for how many students per opening.

    Records that are equal in what the formula reads are one class. A table of classes is multiplied by the class
    sizes in single precision: every partial sum is a whole number below 2**24, so the counts are exact
    whatever the order of summing.
    """
    n, m = len(next(iter(ours.values()))), len(next(iter(theirs.values())))
    if not n or not m:
        return np.zeros(n, dtype=np.int64), np.zeros(m, dtype=np.int64)
    first, inverse, size = _classes([ours[name] for name in formula.student], n)
    first_o, inverse_o, size_o = _classes([theirs[name] for name in formula.opening], m)
    right = tuple(theirs[name][first_o][None] for name in formula.opening)
    student_counts = np.empty(len(first), dtype=np.int64)
    opening_counts = np.zeros(len(first_o), dtype=np.int64)
    step = max(1, _BLOCK // len(first_o))
    for start in range(0, len(first), step):
        part = slice(start, start + step)
        left = tuple(ours[name][first[part]][:, None] for name in formula.student)
        table = np.broadcast_to(formula.holds(left, right), (len(first[part]), len(first_o))).astype(np.float32)
        student_counts[part] = _counts(table, size_o.astype(np.float32))
        opening_counts += _counts(size[part].astype(np.float32), table)
    return student_counts[inverse], opening_counts[inverse_o]


def _counts(left: NDArray[np.float32], right: NDArray[np.float32]) -> Ints:
    """The product as whole numbers.

    Some kernels of OpenBLAS raise the flag of an invalid operation for finite operands, by what lies in memory beyond
    them (https://github.com/numpy/numpy/issues/24067); the product is right. One that were not a number would still
    be told, when it is made an integer.
    """
    with np.errstate(invalid="ignore"):
        found = left @ right
    counts: Ints = np.rint(found).astype(np.int64)
    return counts


def _classes(columns: Sequence[NDArray[Any]], count: int) -> tuple[Ints, Ints, Ints]:
    """Return of the distinct rows: where each is met first, the class of every row, and how many share it."""
    if not columns:
        return np.zeros(1, dtype=np.int64), np.zeros(count, dtype=np.int64), np.array([count])
    key = np.concatenate([column.reshape(count, -1).astype(np.int64) for column in columns], axis=1)
    order = np.lexsort(key.T)
    new = np.concatenate([[True], np.any(key[order[1:]] != key[order[:-1]], axis=1)])
    inverse = np.empty(count, dtype=np.int64)
    inverse[order] = np.cumsum(new) - 1
    return order[new], inverse, np.bincount(inverse)
