"""What the opening leads to: certificates and a diploma to be earned, and the outlook of the contract."""
from __future__ import annotations

import numpy as np

from features.eligibility import Eligibility
from features.eligibility_columns import bits
from features.measures import Measures
from features.pairwise_numbers import Ints, Ranged, half_even, millionths, where_known
from features.records import Opening
from features.settings import MILLION, NEUTRAL
from features.values import ranged_mean


class DevelopmentFeature:
    """What can be learnt to the point of a paper: half certificates not held yet, half a diploma.

    Certificates obtainable there and not held: none 0, one 0.6, two 0.8, three or more 1. A diploma: 1 with an
    apprenticeship or a crebo at a recognised company, 0.8 with a crebo alone; half that for who holds mbo 2
    already. A half of which nothing is said is neutral; unknown when neither is.
    """

    def __init__(self, e: Eligibility) -> None:
        self._held = e.student_columns["held"]
        self._held_known = e.student_columns["held_known"] != 0
        self._has_mbo2 = np.array([s.level == "mbo2" for s in e.students], dtype=bool)
        obtainable = [bits(o.certificates_obtainable, "certificate") for o in e.openings]
        self._obtainable = np.array(obtainable, dtype=np.int64)
        self._measures = e.settings.measures
        self._diploma = np.array([diploma_worth(o, self._measures) for o in e.openings], dtype=np.int64)

    def __call__(self, i: Ints, j: Ints) -> Ranged:
        """Return the feature of the pairs (i, j)."""
        obtainable = self._obtainable[j]
        new = np.bitwise_count(obtainable & ~self._held[i])
        worth = np.array(self._measures.new_certificates, dtype=np.int64)[np.minimum(new, 3)]
        said = obtainable != 0
        low = np.where(said & self._held_known[i], worth, 0)
        high = np.where(said, worth, MILLION)
        value = np.where(said, worth, NEUTRAL)
        diploma = self._diploma[j]
        unsaid = diploma < 0
        diploma = np.where(self._has_mbo2[i], diploma // 2, diploma)
        ranged = Ranged(
            half_even(value + np.where(unsaid, NEUTRAL, diploma), 2),
            half_even(low + np.where(unsaid, 0, diploma), 2),
            half_even(high + np.where(unsaid, MILLION, diploma), 2),
        )
        return where_known(said | ~unsaid, ranged)


def diploma_worth(o: Opening, measures: Measures) -> int:
    """Return what the diploma of an opening is worth in millionths, -1 where nothing is said of one."""
    if o.contract_type == "apprenticeship" or (o.crebo and o.leerbedrijf_id):
        return measures.diploma_recognised
    return measures.diploma_crebo if o.crebo else -1


class ContractFeature:
    """Outlook of the contract: its type, a job guarantee, its duration and its trial, weighing 5, 3, 1 and 1.

    Type, weights and the worth of no guarantee (0.2) are those of `Measures`; a job guarantee counts 1, duration in
    months over 24, trial 1 less a twelfth per month. What is not said is neutral; unknown when nothing is said.
    """

    def __init__(self, e: Eligibility) -> None:
        parts = np.array([_outlook(o, e.settings.measures) for o in e.openings], dtype=np.float64).reshape(-1, 4)
        self._said = ~np.all(np.isnan(parts), axis=1)
        ranged = ranged_mean(parts, e.settings.measures.outlook_weights)
        self._ranged = Ranged(*(millionths(ranged[:, k]) for k in range(3)))

    def __call__(self, i: Ints, j: Ints) -> Ranged:
        """Return the feature of the pairs (i, j)."""
        del i  # the outlook is the opening's alone
        return where_known(self._said[j], Ranged(*(column[j] for column in self._ranged)))


def _outlook(o: Opening, measures: Measures) -> tuple[float, float, float, float]:
    unknown = float("nan")
    return (
        unknown if o.contract_type is None else measures.outlook(o.contract_type),
        unknown if o.job_guarantee is None else (1.0 if o.job_guarantee else measures.no_guarantee / MILLION),
        unknown if o.duration_months is None else min(o.duration_months, 24.0) / 24.0,
        unknown if o.trial_months is None else 1.0 - min(o.trial_months, 12.0) / 12.0,
    )
