"""The fit under stated uncertainty: unknowns at both ends of their range, every weight a fifth up and down.

The first two scenarios take what is not known of every pair at its low end, and at its high end. Two more per feature
take its weight 20 % higher, and lower, against all others; the weights are then scaled to add up to one again.
"""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from features.pairwise_numbers import Ints
from features.scoring import ScoredPairs, contributions, shares
from features.settings import FEATURES, MILLION, NEUTRAL, Weights

VARIED = 20
"""By how many per cent a weight is varied."""


@dataclass(frozen=True, slots=True, eq=False)
class Scenario:
    """One way the fits may turn out: ``name`` is low, high, or a feature with + or -; ``fit`` (p,) in millionths."""

    name: str
    fit: Ints


def scenarios(scored: ScoredPairs) -> tuple[Scenario, ...]:
    """Return the fits of all pairs in every scenario; one whose weights stay the same is left out."""
    features = scored.features
    low, high = scored.fit_range()
    made = [Scenario("low", low), Scenario("high", high)]
    for k, name in enumerate(FEATURES):
        for sign, per_cent in (("-", 100 - VARIED), ("+", 100 + VARIED)):
            weights = varied(scored.weights, k, per_cent)
            if weights != scored.weights.as_tuple():
                made.append(Scenario(name + sign, _fit(features.value, weights)))
    return tuple(made)


def varied(weights: Weights, k: int, per_cent: int) -> tuple[int, ...]:
    """Return the weights with the ``k``-th at so many per cent of what it was against the others.

    They add up to 1,000,000 again: what rounding leaves over goes to the largest remainders, first features first.

    Examples
    --------
    >>> varied(Weights(500_000, 500_000, 0, 0, 0, 0, 0, 0, 0, 0), 0, 120)[:3]
    (545455, 454545, 0)
    """
    parts = [weight * (per_cent if place == k else 100) for place, weight in enumerate(weights.as_tuple())]
    total = sum(parts)
    shared = [divmod(part * MILLION, total) for part in parts]
    whole = [part for part, _ in shared]
    order = sorted(range(len(parts)), key=lambda place: (-shared[place][1], place))
    for place in order[: MILLION - sum(whole)]:
        whole[place] += 1
    return tuple(whole)


def _fit(value: np.ndarray[tuple[int, ...], np.dtype[np.int32]], weights: tuple[int, ...]) -> Ints:
    neutral = (NEUTRAL,) * len(weights)
    base, _ = shares(weights, neutral)
    total: Ints = base + contributions(value, weights, neutral).sum(axis=1)
    return total
