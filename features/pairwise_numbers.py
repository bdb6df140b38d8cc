"""Exact arithmetic in millionths, and the range every feature returns."""
from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from features.settings import MILLION, NEUTRAL

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


class Ranged(NamedTuple):
    """A feature of some pairs in millionths: its value, and the ends between which it lies while parts are unknown."""

    value: Ints
    low: Ints
    high: Ints


def half_even(dividend: ArrayLike, divisor: ArrayLike) -> Ints:
    """Divide whole numbers and round halves to the even neighbour; ``divisor`` is above 0.

    Examples
    --------
    >>> half_even([5, 15, -5, 7], 10)
    array([0, 2, 0, 1])
    """
    quotient, rest = np.divmod(np.asarray(dividend, dtype=np.int64), np.asarray(divisor, dtype=np.int64))
    up = (2 * rest > divisor) | ((2 * rest == divisor) & (quotient % 2 != 0))
    rounded: Ints = quotient + up
    return rounded


def millionths(values: Floats) -> Ints:
    """Return values in [0, 1] as whole millionths, halves to the even neighbour."""
    return np.rint(values * MILLION).astype(np.int64)


def certain(value: Ints) -> Ranged:
    """Return a value of which nothing is unknown."""
    return Ranged(value, value, value)


def where_known(known: NDArray[np.bool_], ranged: Ranged) -> Ranged:
    """Put the neutral value and the whole range where a feature is not known at all."""
    return Ranged(
        np.where(known, ranged.value, NEUTRAL), np.where(known, ranged.low, 0), np.where(known, ranged.high, MILLION)
    )
