"""What a rank, a share of a limit or a list of prospects is worth, in [0, 1]; NaN stands for unknown.

Plain functions: `features.encoders` offers them as scikit-learn estimators, whole matches call them directly
(loading scikit-learn takes most of a second). Only sums, products and comparisons element by element are used,
so a value is the same on every machine.
"""
from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def rank_values(ranks: Floats, *, step: float = 0.15, least: float = 0.4, unlisted: float = 0.2) -> Floats:
    """Value of each thing on wish lists.

    Parameters
    ----------
    ranks : float array, shape (rows, things)
        1 for the first wish, 2 for the second, 0 or less for what is not named.
    step, least, unlisted : float
        What one place lower costs, what the last of a long list is worth still, and what a thing is worth that
        the list does not name although it names others.

    Returns
    -------
    float array, shape (rows, things)
        NaN for a row that names nothing, and for a NaN.
    """
    value = np.maximum(1.0 - (ranks - 1.0) * step, least)
    value = np.where(ranks > 0, np.minimum(value, 1.0), unlisted)
    unknown = np.isnan(ranks) | ~np.any(ranks > 0, axis=1)[:, None]
    return np.where(unknown, np.nan, value)


def comfort(share: Floats, *, limit: float = 1.0) -> Floats:
    """Comfort in [0, 1] when so great a share of a limit is used up: 1 - share squared, 0 beyond the limit.

    Same shape as ``share``; NaN where it is unknown, 1 where it is below 0.
    """
    used = np.minimum(np.maximum(share / limit, 0.0), 1.0)
    left: Floats = 1.0 - used * used
    return left


def ranged_mean(numbers: Floats, weights: Sequence[float], *, neutral: float = 0.5) -> Floats:
    """Weighted mean of columns, with its range while some are unknown.

    Parameters
    ----------
    numbers : float array, shape (rows, k)
        Those outside [0, 1] count as the nearer end.
    weights : sequence of k float
        0 or more, not all 0.
    neutral : float
        What an unknown column counts for in the mean.

    Returns
    -------
    float array, shape (rows, 3)
        ``value``, ``low`` (unknowns count 0) and ``high`` (unknowns count 1).
    """
    inside = np.clip(numbers, 0.0, 1.0)
    out = np.zeros((len(inside), 3))
    for k, weight in enumerate(weights):  # column by column: one order of adding, everywhere
        column = inside[:, k]
        for at, unknown in enumerate((neutral, 0.0, 1.0)):
            out[:, at] += weight * np.where(np.isnan(column), unknown, column)
    out /= sum(weights)
    return np.clip(out, 0.0, 1.0)
