"""What the student wants against what the opening is: branch, conditions, route, hours and travel."""
from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from features.codes import code_list
from features.eligibility import Eligibility
from features.eligibility_columns import bits, minutes
from features.eligibility_reach import usable_means
from features.pairwise_numbers import Ints, Ranged, certain, half_even, millionths, where_known
from features.settings import MILLION
from features.values import comfort, rank_values

FULL_WEEK = 40 * 60
"""An open end of a range of hours is read as a full week, in minutes."""


class BranchFeature:
    """Branch preference by rank: 1 for the first wish, 0.85, 0.70, 0.55, 0.40 further down the list.

    0.2 for a branch the student did not name although others are, 0 for one the student excluded (a pair a
    connector fixed). Unknown when no branch is named.
    """

    def __init__(self, e: Eligibility) -> None:
        order = code_list("branch").codes
        ranks = np.zeros((len(e.students), len(order)))
        excluded = np.zeros(ranks.shape, dtype=bool)
        for i, s in enumerate(e.students):
            for rank, code in enumerate(dict.fromkeys(s.branches), 1):
                ranks[i, order.index(code)] = rank
            excluded[i, [order.index(code) for code in s.branches_excluded]] = True
        m = e.settings.measures
        values = rank_values(
            ranks, step=m.branch_step / MILLION, least=m.branch_least / MILLION, unlisted=m.branch_unlisted / MILLION
        )
        self._unknown = np.isnan(values) & ~excluded
        self._values = millionths(np.where(excluded | self._unknown, 0.0, values)).astype(np.int32)
        self._branch = np.array([order.index(o.branch) for o in e.openings], dtype=np.int64)

    def __call__(self, i: Ints, j: Ints) -> Ranged:
        """Return the feature of the pairs (i, j)."""
        at = i, self._branch[j]
        return where_known(~self._unknown[at], certain(self._values[at].astype(np.int64)))


class ConditionsFeature:
    """Share of the wanted conditions that the work has; unknown when none is wanted or the work's are not asked."""

    def __init__(self, e: Eligibility) -> None:
        self._wanted = np.array([bits(s.conditions_wanted, "condition") for s in e.students], dtype=np.int64)
        self._present = e.opening_columns["conditions"]
        self._asked = e.opening_columns["conditions_known"] != 0

    def __call__(self, i: Ints, j: Ints) -> Ranged:
        """Return the feature of the pairs (i, j)."""
        wanted = self._wanted[i]
        number = np.bitwise_count(wanted).astype(np.int64)
        met = np.bitwise_count(wanted & self._present[j]).astype(np.int64)
        value = half_even(met * MILLION, np.maximum(number, 1))
        return where_known((number > 0) & self._asked[j], certain(value))


class RouteFeature:
    """1 when the route is one the student chose, 0 when it is not (a fixed pair); unknown when either is not said."""

    def __init__(self, e: Eligibility) -> None:
        self._ours, self._theirs = e.student_columns["routes"], e.opening_columns["route"]

    def __call__(self, i: Ints, j: Ints) -> Ranged:
        """Return the feature of the pairs (i, j)."""
        ours, theirs = self._ours[i], self._theirs[j]
        value = np.where(ours & theirs != 0, MILLION, 0).astype(np.int64)
        return where_known((ours != 0) & (theirs != 0), certain(value))


class HoursFeature:
    """Overlap of the ranges of hours as a share of the narrower range, both ends counted in.

    ``(overlap + 1 hour) / (narrower range + 1 hour)``: 1 where the narrower range lies within the other, 0
    where they do not meet (a fixed pair). A missing end is read as open (0 hours, or a full week of 40);
    unknown when one side gives no end at all.
    """

    def __init__(self, e: Eligibility) -> None:
        self._ours = _ranges([(s.hours_min, s.hours_max) for s in e.students])
        self._theirs = _ranges([(o.hours_min, o.hours_max) for o in e.openings])

    def __call__(self, i: Ints, j: Ints) -> Ranged:
        """Return the feature of the pairs (i, j)."""
        (low, high, given), (low_o, high_o, given_o) = self._ours, self._theirs
        overlap = np.minimum(high[i], high_o[j]) - np.maximum(low[i], low_o[j])
        narrower = np.minimum(high[i] - low[i], high_o[j] - low_o[j])
        share = half_even((overlap + 60) * MILLION, narrower + 60)
        value = np.where(overlap < 0, 0, share)
        return where_known(given[i] & given_o[j], certain(value))


def _ranges(given: list[tuple[float | None, float | None]]) -> tuple[Ints, Ints, NDArray[np.bool_]]:
    low = [0 if least is None else minutes(least) for least, _ in given]
    ends = zip(low, given, strict=True)
    high = [max(FULL_WEEK, floor) if most is None else minutes(most) for floor, (_, most) in ends]
    known = [least is not None or most is not None for least, most in given]
    return np.array(low, dtype=np.int64), np.array(high, dtype=np.int64), np.array(known, dtype=bool)


class TravelFeature:
    """Travel comfort: 1 next door, falling to 0 at the student's own limit, and 0 beyond it.

    ``1 - share ** 2``, where share is the part of the limit that is used up: of the kilometres, or of the
    minutes by the means that is quickest, whichever is the larger part. While the student's limit is not
    known, comfort is measured to the measure ``presumed_km`` by road, and ranges from half to twice that limit. Unknown
    when either place is.
    """

    def __init__(self, e: Eligibility) -> None:
        order = code_list("travel_means").codes
        self._near = e.near
        self._road = e.settings.road_factor / 1000.0
        self._presumed = float(e.settings.measures.presumed_km)
        self._max_km = np.array([np.nan if s.max_km is None else s.max_km for s in e.students], dtype=np.float64)
        self._max_minutes = np.array(
            [np.nan if s.max_minutes is None or not usable_means(s) else s.max_minutes for s in e.students],
            dtype=np.float64,
        )
        usable = np.array([bits(usable_means(s), "travel_means") for s in e.students], dtype=np.int64)
        self._usable = {m: (usable >> k & 1) != 0 for k, m in enumerate(order) if np.any(usable >> k & 1)}

    def __call__(self, i: Ints, j: Ints) -> Ranged:
        """Return the feature of the pairs (i, j)."""
        here, there = self._near.student[i], self._near.opening[j]
        metres = self._near.between(here, there)
        road = np.maximum(metres, 0) * self._road
        quickest = np.full(len(i), np.inf)
        for means, usable in self._usable.items():
            some = usable[i]
            taken = self._near.minutes(here[some], there[some], metres[some], means)
            quickest[some] = np.minimum(quickest[some], taken)
        share = np.fmax(_share(road, self._max_km[i]), _share(quickest, self._max_minutes[i]))
        presumed = np.isnan(share)
        share = np.where(presumed, road / self._presumed, share)
        value = _comfort(share)
        low, high = np.where(presumed, _comfort(share * 2), value), np.where(presumed, _comfort(share / 2), value)
        return where_known(metres >= 0, Ranged(value, low, high))


def _share(used: NDArray[np.float64], limit: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return used / limit, NaN where no limit is known; a limit of 0 is used up by anything but 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        share = used / limit
    share = np.where((limit == 0) & (used == 0), 0.0, share)
    return np.where(np.isnan(limit), np.nan, np.minimum(share, 1e6))


def _comfort(share: NDArray[np.float64]) -> Ints:
    return millionths(comfort(share))
