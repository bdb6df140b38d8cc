"""From features to fit: weights, contributions that sum to the fit exactly, and how much of it is known."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from features.eligibility import Eligibility
from features.errors import FeatureError
from features.pairwise import PairFeatures, pair_features
from features.pairwise_facts import PairFacts, pair_facts
from features.pairwise_numbers import Ints, half_even
from features.records import Opening, Student
from features.settings import MILLION, NEUTRAL, Weights

_CHUNK = 1 << 17


def shares(weights: Sequence[int], neutral: Sequence[int]) -> tuple[int, Ints]:
    """Part the neutral fit over the features.

    Parameters
    ----------
    weights : sequence of k int
        Millionths per feature.
    neutral : sequence of k int
        What each feature is worth when unknown, in millionths.

    Returns
    -------
    base : int
        The fit of a pair of which nothing is known: sum of weight x neutral, halves to even.
    lowest : int64 array, shape (k,)
        Each feature's part of the base; together exactly ``base``. A contribution is never below minus this,
        nor above the weight minus this, which keeps every fit within [0, sum of weights].
    """
    product = np.asarray(weights, dtype=np.int64) * np.asarray(neutral, dtype=np.int64)
    base = int(half_even(product.sum(), MILLION))
    lowest = product // MILLION
    short = base - int(lowest.sum())
    if short:
        largest = np.argsort(-(product % MILLION), kind="stable")[:short]
        lowest[largest] += 1
    return base, lowest


def contributions(value: NDArray[Any], weights: Sequence[int], neutral: Sequence[int]) -> Ints:
    """Return weight x (value - neutral) in millionths, halves to even; shape of ``value`` (p, k).

    Where a weight times the neutral value is no whole number, the last digit of a contribution near its end
    gives way to the bounds of `shares`: rounding ten numbers would otherwise carry a fit a few millionths
    below 0 or above 1.
    """
    _, lowest = shares(weights, neutral)
    w, middle = np.asarray(weights, dtype=np.int64), np.asarray(neutral, dtype=np.int64)
    out = half_even((value.astype(np.int64) - middle) * w, MILLION)
    np.clip(out, -lowest, w - lowest, out=out)
    return out


@dataclass(frozen=True, eq=False)
class ScoredPairs:
    """Fit of every pair, row by row as in `Eligibility`; all figures in whole millionths.

    Parameters
    ----------
    indptr, indices : int64 arrays, shapes (n + 1,) and (p,)
    fit : int64 array, shape (p,)
        ``base`` plus the sum of the pair's contributions, exactly; in [0, 1,000,000].
    contributions : int64 array, shape (p, 10)
        Weight x (value - neutral) of each feature, in the order of `features.settings.FEATURES`.
    base : int
    known_share : int64 array, shape (p,)
        Weight of the known features.
    features : PairFeatures
    """

    indptr: Ints
    indices: Ints
    fit: Ints
    contributions: Ints
    base: int
    known_share: Ints
    features: PairFeatures
    weights: Weights
    eligibility: Eligibility

    @property
    def values(self) -> NDArray[np.float64]:
        """The features as numbers in [0, 1], shape (p, 10)."""
        return self.features.shares()

    @property
    def known(self) -> NDArray[np.bool_]:
        """Which features are known, shape (p, 10)."""
        return self.features.known

    def known_of(self, pair: int) -> list[bool]:
        """Which features of one pair are known, without looking at the others."""
        f = self.features
        known: list[bool] = PairFeatures(f.value[pair], f.low[pair], f.high[pair]).known.tolist()
        return known

    def take(self, keep: NDArray[Any]) -> ScoredPairs:
        """Return the pairs at positions ``keep`` (ascending) alone."""
        keep = np.flatnonzero(keep) if keep.dtype == bool else keep
        rows = np.repeat(np.arange(len(self.indptr) - 1), np.diff(self.indptr))[keep]
        counts = np.bincount(rows, minlength=len(self.indptr) - 1)
        f = self.features
        return ScoredPairs(
            np.concatenate([[0], np.cumsum(counts)]).astype(np.int64), self.indices[keep], self.fit[keep],
            self.contributions[keep], self.base, self.known_share[keep],
            PairFeatures(f.value[keep], f.low[keep], f.high[keep]), self.weights, self.eligibility,
        )  # fmt: skip

    def fit_range(self) -> tuple[Ints, Ints]:
        """Return the least and greatest fit of each pair while what is unknown is at either end of its range."""
        weights, neutral = self.weights.as_tuple(), (NEUTRAL,) * 10
        low, high = (
            self.base + contributions(side, weights, neutral).sum(axis=1)
            for side in (self.features.low, self.features.high)
        )
        return low, high

    def facts(self, i: int, j: int) -> PairFacts:
        """Return what reasons for the pair (i, j) are made of; the pair need not be eligible."""
        return pair_facts(self.eligibility, i, j)


def score_pairs(
    students: Sequence[Student], openings: Sequence[Opening], eligibility: Eligibility, weights: Weights
) -> ScoredPairs:
    """Compute features, fit and contributions of every eligible pair.

    Parameters
    ----------
    students : sequence of n students
        Those that were given to `features.eligibility.evaluate`.
    openings : sequence of m openings
        Likewise.
    eligibility : Eligibility
        The pairs to score, and the encoded records.
    weights : Weights
        What each feature counts for.

    Returns
    -------
    ScoredPairs

    Raises
    ------
    FeatureError
        If the eligibility is of other records.
    """
    if (len(students), len(openings)) != (len(eligibility.students), len(eligibility.openings)):
        raise FeatureError(
            f"The eligibility is of {len(eligibility.students)} students and {len(eligibility.openings)} openings; "
            f"got {len(students)} and {len(openings)}. Evaluate these records first."
        )
    rows = eligibility.rows
    features = pair_features(eligibility, rows, eligibility.indices)
    figures, neutral = weights.as_tuple(), (NEUTRAL,) * len(weights.as_tuple())
    base, _ = shares(figures, neutral)
    parts = np.empty(features.value.shape, dtype=np.int64)
    fit, known_share = np.empty(len(rows), dtype=np.int64), np.empty(len(rows), dtype=np.int64)
    known = features.known
    for start in range(0, len(rows), _CHUNK):
        part = slice(start, start + _CHUNK)
        parts[part] = contributions(features.value[part], figures, neutral)
        fit[part] = base + parts[part].sum(axis=1)
        known_share[part] = np.where(known[part], np.array(figures, dtype=np.int64), 0).sum(axis=1)
    return ScoredPairs(
        eligibility.indptr, eligibility.indices, fit, parts, base, known_share, features, weights, eligibility
    )
