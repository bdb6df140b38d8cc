"""The weighing of features as a scikit-learn estimator.

Apart from `features.scoring`, which does the same for whole matches: loading scikit-learn takes most of a second.
"""
from __future__ import annotations

from collections.abc import Sequence
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, OneToOneFeatureMixin, TransformerMixin
from sklearn.utils import Tags
from sklearn.utils.validation import check_is_fitted, validate_data

from features.pairwise_numbers import Ints, millionths
from features.scoring import contributions, shares
from features.settings import MILLION, NEUTRAL, Weights


class PairScorer(OneToOneFeatureMixin, TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Weigh pair features into a fit and the contribution of each feature.

    Parameters
    ----------
    weights : Weights or sequence of int, optional
        Millionths per feature, 0 or more, together 1,000,000. By default `Weights()` for ten features, and
        equal parts for any other number.
    neutral : float, default 0.5
        What an unknown feature (NaN) counts as.

    Attributes
    ----------
    weights_ : tuple of int
    base_ : float
        The fit of a pair of which nothing is known.

    Notes
    -----
    ``transform`` gives contributions in [-1, 1], ``score_samples`` the fit in [0, 1]; ``base_`` plus the
    contributions is the fit, exactly so in the whole millionths of `contributions_of` and `fit_of`.
    Features outside [0, 1] count as the nearer end.

    Examples
    --------
    >>> scorer = PairScorer(weights=[600_000, 400_000]).fit([[0.0, 1.0]])
    >>> scorer.transform([[1.0, float("nan")]])
    array([[0.3, 0. ]])
    >>> scorer.score_samples([[1.0, float("nan")]])
    array([0.8])
    """

    def __init__(self, weights: Weights | Sequence[int] | None = None, neutral: float = NEUTRAL / MILLION) -> None:
        self.weights = weights
        self.neutral = neutral

    def fit(self, X: ArrayLike, y: object = None) -> Self:  # noqa: ARG002
        """Check the weights against the number of features; nothing is learnt: weights are people's.

        Raises
        ------
        ValueError
            If a weight is negative or no whole number, if there are too few or many, if they do not add up
            to 1,000,000, or if ``neutral`` lies outside [0, 1].
        """
        validate_data(self, X, dtype=np.float64, ensure_all_finite="allow-nan")
        count = self.n_features_in_
        if self.weights is None:
            part, over = divmod(MILLION, count)
            given = Weights().as_tuple() if count == 10 else tuple(part + (k < over) for k in range(count))
        else:
            given = self.weights.as_tuple() if isinstance(self.weights, Weights) else tuple(self.weights)
        if len(given) != count or any(w != int(w) or w < 0 for w in given) or sum(given) != MILLION:
            raise ValueError(
                f"weights={given!r}: expected {count} whole millionths of 0 or more, together {MILLION:,}."
            )
        if not 0 <= self.neutral <= 1:
            raise ValueError(f"neutral={self.neutral}: expected a value in [0, 1].")
        self.weights_ = tuple(int(w) for w in given)
        self._neutral = (round(self.neutral * MILLION),) * count
        self.base_ = shares(self.weights_, self._neutral)[0] / MILLION
        return self

    def contributions_of(self, X: ArrayLike) -> Ints:
        """Return the contributions in whole millionths, shape (p, k)."""
        check_is_fitted(self)
        numbers = validate_data(self, X, reset=False, dtype=np.float64, ensure_all_finite="allow-nan")
        value = millionths(np.clip(np.nan_to_num(numbers, nan=self._neutral[0] / MILLION), 0.0, 1.0))
        return contributions(value, self.weights_, self._neutral)

    def fit_of(self, X: ArrayLike) -> Ints:
        """Return the fit in whole millionths, shape (p,)."""
        parts = self.contributions_of(X)
        total: Ints = shares(self.weights_, self._neutral)[0] + parts.sum(axis=1)
        return total

    def transform(self, X: ArrayLike) -> NDArray[np.float64]:
        """Return the contribution of each feature, shape (p, k)."""
        return self.contributions_of(X) / MILLION

    def score_samples(self, X: ArrayLike) -> NDArray[np.float64]:
        """Return the fit of each pair, shape (p,)."""
        return self.fit_of(X) / MILLION

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        return tags
