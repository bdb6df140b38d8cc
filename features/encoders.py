"""Numeric one-side transformers: what a rank, a share of a limit or a list of prospects is worth, in [0, 1].

Each is a scikit-learn estimator over a function of `features.values`: parameters in ``__init__``, checks in
``fit``, numbers in and named numbers out. NaN stands for unknown.
"""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, OneToOneFeatureMixin, TransformerMixin
from sklearn.utils import Tags
from sklearn.utils.validation import check_is_fitted, validate_data

from features.values import Floats, comfort, ranged_mean, rank_values


class _UnknownAllowed(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """A transformer of numbers in which NaN means unknown."""

    def fit(self, X: ArrayLike, y: object = None) -> Self:  # noqa: ARG002
        """Check the parameters and the shape of ``X``; nothing is learnt from the numbers.

        Raises
        ------
        ValueError
            If a parameter is out of range, or ``X`` is no table of numbers.
        """
        self._numbers(X, reset=True)
        self._check_parameters()
        return self

    def _check_parameters(self) -> None:
        return None

    def _numbers(self, X: ArrayLike, *, reset: bool) -> Floats:
        checked: Floats = validate_data(self, X, reset=reset, dtype=np.float64, ensure_all_finite="allow-nan")
        return checked

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        return tags


class RankEncoder(OneToOneFeatureMixin, _UnknownAllowed):  # type: ignore[misc]
    """Turn ranks of a wish list into values: the first wish 1, each next one ``step`` less, not under ``least``.

    Parameters
    ----------
    step : float, default 0.15
        What one place lower on the list costs, 0 or more.
    least : float, default 0.4
        What the last of a long list is worth still, between ``unlisted`` and 1.
    unlisted : float, default 0.2
        What is worth something that the list does not name, although it names others.

    Notes
    -----
    Input has a column per thing: 1 for the first wish, 2 for the second, 0 for what is not named. A row that
    names nothing is an unknown wish and becomes NaN; so does a NaN. What lies below 0 counts as not named.

    Examples
    --------
    >>> RankEncoder().fit_transform([[1, 0, 2], [0, 0, 0]])
    array([[1.  , 0.2 , 0.85],
           [ nan,  nan,  nan]])
    """

    def __init__(self, step: float = 0.15, least: float = 0.4, unlisted: float = 0.2) -> None:
        self.step = step
        self.least = least
        self.unlisted = unlisted

    def _check_parameters(self) -> None:
        if not (self.step >= 0 and 0 <= self.unlisted <= self.least <= 1):
            raise ValueError(
                f"step={self.step}, least={self.least}, unlisted={self.unlisted}: expected step >= 0 and "
                "0 <= unlisted <= least <= 1."
            )

    def transform(self, X: ArrayLike) -> Floats:
        """Return the values, shape of ``X``."""
        check_is_fitted(self)
        ranks = self._numbers(X, reset=False)
        return rank_values(ranks, step=self.step, least=self.least, unlisted=self.unlisted)


class ComfortEncoder(OneToOneFeatureMixin, _UnknownAllowed):  # type: ignore[misc]
    """Turn the share of a limit that is used up into comfort: 1 - share squared, nothing beyond the limit.

    Comfort falls slowly at first and faster near the limit: half the limit leaves 0.75, nine tenths 0.19.

    Parameters
    ----------
    limit : float, default 1.0
        The share at which comfort is gone, above 0.

    Examples
    --------
    >>> ComfortEncoder().fit_transform([[0.0], [0.5], [1.0], [2.0]]).ravel()
    array([1.  , 0.75, 0.  , 0.  ])
    """

    def __init__(self, limit: float = 1.0) -> None:
        self.limit = limit

    def _check_parameters(self) -> None:
        if not self.limit > 0:
            raise ValueError(f"limit={self.limit}: expected a share above 0.")

    def transform(self, X: ArrayLike) -> Floats:
        """Return comfort in [0, 1], shape of ``X``; NaN where the share is unknown, 1 below a share of 0."""
        check_is_fitted(self)
        return comfort(self._numbers(X, reset=False), limit=self.limit)


class RangedMean(_UnknownAllowed):
    """Weighted mean of columns in [0, 1], with the range in which it lies while some columns are unknown.

    Parameters
    ----------
    weights : sequence of float, optional
        One weight of 0 or more per column, not all 0; equal weights by default.
    neutral : float, default 0.5
        What an unknown column counts for in the mean.

    Notes
    -----
    The output has three columns: ``value``, ``low`` (unknowns count 0) and ``high`` (unknowns count 1).
    Numbers outside [0, 1] count as the nearer end.

    Examples
    --------
    >>> RangedMean(weights=[3, 1]).fit_transform([[1.0, 0.0], [1.0, float("nan")]])
    array([[0.75 , 0.75 , 0.75 ],
           [0.875, 0.75 , 1.   ]])
    """

    def __init__(self, weights: Sequence[float] | None = None, neutral: float = 0.5) -> None:
        self.weights = weights
        self.neutral = neutral

    def _check_parameters(self) -> None:
        if not 0 <= self.neutral <= 1:
            raise ValueError(f"neutral={self.neutral}: expected a value in [0, 1].")
        weights = [1.0] * self.n_features_in_ if self.weights is None else [float(w) for w in self.weights]
        if len(weights) != self.n_features_in_ or min(weights) < 0 or sum(weights) <= 0:
            raise ValueError(
                f"weights={self.weights!r}: expected {self.n_features_in_} weights of 0 or more, not all 0."
            )
        self.weights_ = tuple(weights)

    def transform(self, X: ArrayLike) -> Floats:
        """Return value, low and high, shape (rows, 3)."""
        check_is_fitted(self)
        return ranged_mean(self._numbers(X, reset=False), self.weights_, neutral=self.neutral)

    def get_feature_names_out(self, input_features: Any = None) -> NDArray[np.object_]:  # noqa: ARG002
        """Return ``value``, ``low`` and ``high``, whatever the columns were called."""
        check_is_fitted(self)
        return np.array(["value", "low", "high"], dtype=object)
