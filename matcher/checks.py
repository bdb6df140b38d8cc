"""Checks of arrays, with messages that name array, index, value and what was expected."""
from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.errors import InvalidProblem

LARGEST = 10**15
"""Values, loads and priorities stay within this (a score of 1e9 in millionths), so that int64 sums can be guarded."""


def array(name: str, data: Any, dtype: type[np.generic], length: int | None) -> NDArray[Any]:
    """The data as a read-only array of ``dtype`` and shape (length,); refuses what does not convert exactly."""
    given = np.asarray(data)
    if given.ndim != 1:
        raise InvalidProblem(f"{name} has shape {given.shape}; expected one dimension")
    if length is not None and len(given) != length:
        raise InvalidProblem(f"{name} has length {len(given)}; expected {length}")
    if given.size and given.dtype.kind not in "iub":
        raise InvalidProblem(f"{name} has dtype {given.dtype}; expected integers")
    result: NDArray[Any] = np.ascontiguousarray(given, dtype=dtype)
    if isinstance(data, np.ndarray) and result is data and not data.flags.writeable:
        return data
    if given.size and given.dtype != result.dtype:
        wrong = np.flatnonzero(result != given)
        if len(wrong):
            raise InvalidProblem(f"{name}[{wrong[0]}] is {given[wrong[0]]}; expected a number that fits {result.dtype}")
    if np.shares_memory(result, given):
        result = result.copy()  # the caller's array stays the caller's, ours cannot change under us
    result.flags.writeable = False
    return result


def between(name: str, data: NDArray[Any], low: int, high: int) -> None:
    """Refuse an element outside [low, high]."""
    if not len(data) or (data.min() >= low and data.max() <= high):
        return
    wrong = np.flatnonzero((data < low) | (data > high))
    if len(wrong):
        k = wrong[0]
        raise InvalidProblem(f"{name}[{k}] is {data[k]}; expected {low} to {high}")


def ascending(name: str, data: NDArray[Any]) -> None:
    """Refuse an element that is not greater than the one before it."""
    wrong = np.flatnonzero(data[1:] <= data[:-1])
    if len(wrong):
        k = wrong[0] + 1
        raise InvalidProblem(f"{name}[{k}] is {data[k]} after {data[k - 1]}; expected ascending, each once")


def row_pointers(indptr: NDArray[np.int64], indices: NDArray[np.int64], n: int, m: int) -> None:
    """Refuse row pointers or column indices that are no CSR structure with ascending, unique columns."""
    if n + 1 != len(indptr):
        raise InvalidProblem(f"indptr has length {len(indptr)}; expected n + 1 = {n + 1}")
    if indptr[0] != 0 or indptr[-1] != len(indices):
        raise InvalidProblem(f"indptr runs from {indptr[0]} to {indptr[-1]}; expected 0 to {len(indices)}, all pairs")
    fall = np.flatnonzero(np.diff(indptr) < 0)
    if len(fall):
        raise InvalidProblem(f"indptr[{fall[0] + 1}] is less than the one before it; expected row pointers that rise")
    between("indices", indices, 0, m - 1)
    inside = np.ones(len(indices), dtype=bool)
    inside[indptr[:-1][indptr[:-1] < len(indices)]] = False  # the first pair of a row has nobody before it
    wrong = np.flatnonzero(inside[1:] & (indices[1:] <= indices[:-1])) + 1
    if len(wrong):
        k = int(wrong[0])
        found = f"indices[{k}] is {indices[k]} after {indices[k - 1]}"
        raise InvalidProblem(f"{found} in one row; expected ascending, each once")
