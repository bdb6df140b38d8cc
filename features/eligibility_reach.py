"""Distances between where students live and where openings are, and how far each student can go."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from features.codes import code_list
from features.geography import straight_km
from features.records import Location, Student
from features.travel import minutes
from features.travel_times import THOUSAND, PlaceTimes, TravelTimes, place_times
from features.water import around, zone

Ints = NDArray[np.int64]
FAR = 1_000_000
"""Metres; farther apart than this nothing in the country is, and so far is an island (`features.water`)."""
_KEPT = 40_000_000  # distances held at once, 160 MB


@dataclass(frozen=True, eq=False)
class Distances:
    """Straight distances in whole metres between distinct places of students and openings, around water.

    ``student`` (n,) and ``opening`` (m,) number each record's place, -1 where it is unknown. Whole metres
    keep every comparison exact on every machine; a place is a postcode or village centre, so nothing is lost.
    Points are latitude, longitude and side of the water. ``times`` is a table of travel times for these places, None
    without one.
    """

    student: Ints
    opening: Ints
    student_points: NDArray[np.float64]
    opening_points: NDArray[np.float64]
    table: NDArray[np.int32] | None
    times: PlaceTimes | None = None

    def minutes(self, here: Ints, there: Ints, metres: NDArray[Any], means: str) -> NDArray[np.float64]:
        """Return minutes one way by ``means`` between places that lie ``metres`` apart, from the table where it can.

        All of one shape; 0 metres where that is not known.
        """
        taken = minutes(np.maximum(metres, 0) / 1000.0, means)
        if self.times is not None and len(self.times.keys):
            slot = self.times.slot(here, there)
            told = self.times.table.times[slot, code_list("travel_means").codes.index(means)]
            taken = np.where((slot >= 0) & (told >= 0), told / THOUSAND, taken)
        return taken

    def between(self, here: Ints, there: Ints) -> NDArray[np.int32]:
        """Return metres between places ``here`` and ``there`` (broadcast); -1 where either is unknown."""
        if self.table is not None:
            found: NDArray[np.int32] = self.table[here, there]
            return found
        here, there = np.broadcast_arrays(here, there)
        if len(self.student_points) == 0 or len(self.opening_points) == 0:
            return np.full(here.shape, -1, dtype=np.int32)
        metres = _metres(self.student_points[here], self.opening_points[there])
        return np.where((here < 0) | (there < 0), np.int32(-1), metres)


def _metres(here: NDArray[np.float64], there: NDArray[np.float64]) -> NDArray[np.int32]:
    km = around(straight_km(here[..., 0], here[..., 1], there[..., 0], there[..., 1]), here, there)
    return np.minimum(np.rint(np.asarray(km) * 1000.0), FAR).astype(np.int32)


Point = tuple[float, float, int, int]
"""Latitude, longitude, side of the water, and the postcode area where a table of travel times counts, else -1."""


def area_of(place: Location) -> int:
    """Return the four digits of the postcode by which a place is known, -1 where it is known by its name."""
    return int(place.label) if len(place.label) == 4 and place.label.isdecimal() else -1


def _places(locations: Sequence[Location | None], timed: bool) -> tuple[Ints, list[Point]]:
    def point(place: Location) -> Point:
        return place.latitude, place.longitude, zone(place.municipality_code), area_of(place) if timed else -1

    points = sorted({point(place) for place in locations if place is not None})
    number = {one: k for k, one in enumerate(points)}
    index = [-1 if place is None else number[point(place)] for place in locations]
    return np.array(index, dtype=np.int64), points


def distances(
    homes: Sequence[Location | None], works: Sequence[Location | None], times: TravelTimes | None = None
) -> Distances:
    """Number the distinct places of both sides and, where it fits in memory, tabulate their distances.

    With a table of travel times two postcode areas are two places, wherever they lie.
    """
    student, home_points = _places(homes, times is not None)
    opening, work_points = _places(works, times is not None)
    here, there = (
        np.array([point[:3] for point in points], dtype=np.float64).reshape(-1, 3)
        for points in (home_points, work_points)
    )
    timed = None
    if times is not None:
        timed = place_times(times, [area for *_, area in home_points], [area for *_, area in work_points])
    table = None
    if len(here) * len(there) <= _KEPT:
        # One row and one column more: an unknown place is index -1, and there every distance is -1.
        table = np.full((len(here) + 1, len(there) + 1), -1, dtype=np.int32)
        for start in range(0, len(here), 512):
            rows = slice(start, min(start + 512, len(here)))
            if len(there):
                table[rows, :-1] = _metres(here[rows][:, None], there[None])
    return Distances(student, opening, here, there, table, timed)


def farthest(limit_minutes: NDArray[np.float64], means: str) -> Ints:
    """Return the metres as the crow flies that each limit reaches by ``means``, -1 where not even 0.

    Travel minutes never fall with distance, so the edge is found by halving.
    """
    low = np.full(len(limit_minutes), -1, dtype=np.int64)
    high = np.full(len(limit_minutes), FAR, dtype=np.int64)
    high[minutes(np.full(len(high), FAR / 1000.0), means) <= limit_minutes] = FAR + 1
    while np.any(high - low > 1):
        middle = (low + high) // 2
        fits = (minutes(np.maximum(middle, 0) / 1000.0, means) <= limit_minutes) & (high - low > 1)
        low = np.where(fits, middle, low)
        high = np.where(~fits & (high - low > 1), middle, high)
    return np.minimum(low, FAR)


def usable_means(student: Student) -> tuple[str, ...]:
    """Return the means a student can use; who does not travel alone can only be brought."""
    return tuple(m for m in student.travel_means if student.travels_alone is not False or m == "brought")


def reach_limits(students: Sequence[Student], road_factor: float) -> tuple[Ints, Ints, NDArray[np.bool_]]:
    """Return how far each student can go, how far that is certain, and who cannot go at all.

    Returns
    -------
    limit, sure : int64 arrays, shape (n,)
        Metres as the crow flies. Beyond ``limit`` the rule refuses; between ``sure`` and ``limit`` there is
        something to ask (an unknown limit, unknown means, or whether the student travels alone).
    stranded : bool array, shape (n,)
        Does not travel alone, and being brought is not among the known means.
    """
    n = len(students)
    timed = [i for i, s in enumerate(students) if s.max_minutes is not None]
    allowed = np.array([students[i].max_minutes for i in timed], dtype=np.float64)
    brought = np.full(n, FAR + 1, dtype=np.int64)
    brought[timed] = farthest(allowed, "brought")
    by_minutes = np.full(n, -1, dtype=np.int64)
    for means in sorted({m for i in timed for m in students[i].travel_means}):
        has = np.array([means in usable_means(students[i]) for i in timed], dtype=bool)
        at = np.array(timed, dtype=np.int64)[has]
        by_minutes[at] = np.maximum(by_minutes[at], farthest(allowed[has], means))
    limit, sure = np.empty(n, dtype=np.int64), np.empty(n, dtype=np.int64)
    stranded = np.zeros(n, dtype=bool)
    for i, s in enumerate(students):
        stranded[i] = s.travels_alone is False and bool(s.travel_means) and "brought" not in s.travel_means
        by_km = FAR + 1 if s.max_km is None else int(np.floor(s.max_km * 1000.0 / road_factor + 1e-6))
        minutes_count = s.max_minutes is not None and bool(s.travel_means) and not stranded[i]
        limit[i] = min(by_km, int(by_minutes[i])) if minutes_count else by_km
        sure[i] = limit[i]
        if s.max_km is None and s.max_minutes is None:
            sure[i] = -1
        elif not s.travel_means:
            sure[i] = limit[i] if s.max_minutes is None and s.travels_alone is True else -1
        elif s.travels_alone is None and set(s.travel_means) != {"brought"}:
            sure[i] = min(by_km, int(brought[i])) if "brought" in s.travel_means else -1
    return limit, sure, stranded
