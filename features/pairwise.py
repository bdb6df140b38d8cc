"""The pair features: ten values in [0, 1] for every eligible pair, each with what is not known about it.

Values are whole millionths from the start, so that every figure built on them is exact. A feature of which
nothing is known is neutral (`features.settings.NEUTRAL`). School, school type and all of
`features.records.Background` are read nowhere here.
"""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from features.eligibility import Eligibility
from features.pairwise_items import SupportFeature, WorkSkillsFeature
from features.pairwise_numbers import Ints, Ranged
from features.pairwise_prospects import ContractFeature, DevelopmentFeature
from features.pairwise_tasks import TasksFeature
from features.pairwise_wishes import BranchFeature, ConditionsFeature, HoursFeature, RouteFeature, TravelFeature
from features.settings import FEATURES, KNOWN_WIDTH, MILLION

_CHUNK = 1 << 16  # pairs at a time: what is at hand stays in the cache

MAKERS: dict[str, Callable[[Eligibility], Callable[[Ints, Ints], Ranged]]] = {
    "branch": BranchFeature,
    "tasks": TasksFeature,
    "work_skills": WorkSkillsFeature,
    "support": SupportFeature,
    "travel": TravelFeature,
    "hours": HoursFeature,
    "conditions": ConditionsFeature,
    "route": RouteFeature,
    "development": DevelopmentFeature,
    "contract": ContractFeature,
}


@dataclass(frozen=True, eq=False)
class PairFeatures:
    """Features of p pairs in the order of `FEATURES`, in millionths: arrays of shape (p, 10).

    ``value`` is what counts, ``low`` and ``high`` the ends between which it can lie while parts are unknown.
    """

    value: NDArray[np.int32]
    low: NDArray[np.int32]
    high: NDArray[np.int32]

    @property
    def known(self) -> NDArray[np.bool_]:
        """Whether what is unknown can move the value by at most `KNOWN_WIDTH`; shape (p, 10)."""
        known: NDArray[np.bool_] = self.high - self.low <= KNOWN_WIDTH
        return known

    def shares(self) -> NDArray[np.float64]:
        """Return the values as numbers in [0, 1]."""
        return self.value / MILLION


def pair_features(eligibility: Eligibility, i: Ints, j: Ints) -> PairFeatures:
    """Compute every feature of the pairs (i, j).

    Parameters
    ----------
    eligibility : Eligibility
        The encoded records; the pairs need not be eligible.
    i, j : int64 arrays, shape (p,)
        Student and opening of each pair.

    Returns
    -------
    PairFeatures
    """
    out = tuple(np.empty((len(i), len(FEATURES)), dtype=np.int32) for _ in range(3))
    for k, name in enumerate(FEATURES):
        feature = MAKERS[name](eligibility)
        for start in range(0, len(i), _CHUNK):
            part = slice(start, start + _CHUNK)
            for column, array in zip(feature(i[part], j[part]), out, strict=True):
                array[part, k] = column
    return PairFeatures(*out)
