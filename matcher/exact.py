"""Whole-number arithmetic that cannot overflow."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Exact = NDArray[Any]
"""int64, or Python ints (dtype object) where sums of a chain of pairs could leave int64."""

SAFE = 2**60


def exact_sum(numbers: Exact) -> int:
    """Sum of whole numbers, exact whatever their size."""
    if numbers.dtype == object:
        return int(sum(numbers.tolist()))
    return (int((numbers >> 32).sum()) << 32) + int((numbers & 0xFFFFFFFF).sum())


def exact_dot(numbers: Exact, counts: NDArray[np.int64]) -> int:
    """Sum of number times count, exact whatever their size."""
    used = np.flatnonzero(np.asarray(numbers != 0, dtype=bool) & (counts != 0))
    return sum(a * b for a, b in zip(numbers[used].tolist(), counts[used].tolist(), strict=True))


def roomy(numbers: Exact, terms: int) -> Exact:
    """The numbers, as Python ints when a sum of so many of them could pass 2**60."""
    if numbers.dtype == object:
        return numbers
    largest = max(abs(int(numbers.max(initial=0))), abs(int(numbers.min(initial=0))))
    return numbers if largest * terms < SAFE else numbers.astype(object)


def whole_numbers(numbers: Sequence[int]) -> Exact:
    """The numbers as int64, or as Python ints where one of them is 2**60 or more in size."""
    small = not numbers or -SAFE < min(numbers) <= max(numbers) < SAFE
    return np.array(numbers, dtype=np.int64 if small else object)
