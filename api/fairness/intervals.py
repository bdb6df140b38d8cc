"""How sure a figure of a group is: 95 % intervals for shares, for ratios of shares and for means.

Everything is in integer millionths. Shares have Wilson's score interval [1]_, ratios of two shares the interval
that follows from both Wilson intervals (MOVER-R [2]_), means the percentile interval of a seeded bootstrap [3]_. None
of them needs a distribution that small groups do not have, and none runs outside what is possible.

References
----------
.. [1] E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22, 1927.
   doi:10.1080/01621459.1927.10502953
.. [2] A. Donner, G. Y. Zou, "Closed-form confidence intervals for functions of the normal mean and standard
   deviation", Statistical Methods in Medical Research 21(4), 2012. doi:10.1177/0962280210383082
.. [3] B. Efron, R. Tibshirani, An Introduction to the Bootstrap, Chapman & Hall, 1993, chapter 13.
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from math import sqrt

import numpy as np

MILLION = 1_000_000
Z = 1.959963984540054
"""The standard normal deviate that 2.5 % lie above."""
RESAMPLES = 1_000
_TAIL = 25  # of the resamples, at either end
_DRAWN_AT_ONCE = 1 << 22


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure in millionths with the ends of its interval, both included."""

    value: int
    low: int
    high: int


def mean(numbers: Sequence[int], over: int | None = None) -> int | None:
    """Return the mean of integer millionths, rounded half-even; None over nothing."""
    size = len(numbers) if over is None else over
    if not size:
        return None
    whole, rest = divmod(sum(numbers), size)
    return whole + (2 * rest > size or (2 * rest == size and whole % 2 == 1))


def wilson(successes: int, trials: int) -> tuple[float, float]:
    """Return the ends of Wilson's interval of a share as numbers in [0, 1]; ``trials`` is above 0.

    Examples
    --------
    >>> tuple(round(end, 4) for end in wilson(8, 10))
    (0.4902, 0.9433)
    """
    share, square = successes / trials, Z * Z / trials
    middle = (share + square / 2) / (1 + square)
    half = Z * sqrt(share * (1 - share) / trials + square / (4 * trials)) / (1 + square)
    low = 0.0 if successes == 0 else max(middle - half, 0.0)
    high = 1.0 if successes == trials else min(middle + half, 1.0)
    return low, high


def share_of(successes: int, trials: int) -> Estimate:
    """Return a share with Wilson's interval; ``trials`` is above 0."""
    low, high = wilson(successes, trials)
    value = mean([MILLION] * successes, trials)
    assert value is not None
    return Estimate(value, round(low * MILLION), round(high * MILLION))


def ratio_of_shares(successes: int, trials: int, other_successes: int, other_trials: int) -> Estimate:
    """Return one share divided by another, which is above 0, with its interval.

    The ends are the ratios t at which the interval of ``one - t * other``, put together from both Wilson intervals,
    just reaches 0.
    """
    one, other = successes / trials, other_successes / other_trials
    low_one, high_one = wilson(successes, trials)
    low_other, high_other = wilson(other_successes, other_trials)
    value = round(one / other * MILLION)
    low = _end(one, other, one - low_one, high_other - other, -1.0)
    high = _end(one, other, high_one - one, other - low_other, 1.0)
    return Estimate(value, min(round(low * MILLION), value), max(round(high * MILLION), value))


def _end(one: float, other: float, reach: float, other_reach: float, side: float) -> float:
    """Return the root t of (one - t other)^2 = reach^2 + t^2 other_reach^2 below or above one / other."""
    a, b, c = other * other - other_reach * other_reach, one * other, one * one - reach * reach
    root = sqrt(max(b * b - a * c, 0.0))
    if side > 0:
        return (b + root) / a if a > 0 else float(MILLION)
    # c / (b + root) is (b - root) / a without the loss of digits, and holds where a is 0
    return max(c / (b + root), 0.0) if b + root > 0 else 0.0


def mean_of(values: Sequence[int], name: str) -> Estimate | None:
    """Return the mean of ``values`` with a bootstrap interval; None over nothing.

    Parameters
    ----------
    values : sequence of int
        Millionths, in any order: they are sorted first.
    name : str
        What the figure is of. It seeds the draws, so equal values under one name have one interval, everywhere.
    """
    value = mean(values)
    if value is None:
        return None
    ordered = np.sort(np.asarray(values, dtype=np.int64))
    size = len(ordered)
    seed = int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "big")
    draw = np.random.default_rng(seed)
    totals = np.empty(RESAMPLES, dtype=np.int64)
    step = max(_DRAWN_AT_ONCE // size, 1)
    for begin in range(0, RESAMPLES, step):
        rows = min(step, RESAMPLES - begin)
        totals[begin : begin + rows] = ordered[draw.integers(0, size, (rows, size))].sum(axis=1)
    totals.sort()
    low, high = (mean([int(totals[k])], size) for k in (_TAIL - 1, RESAMPLES - _TAIL))
    assert low is not None
    assert high is not None
    return Estimate(value, low, high)
