"""The rule of reach where a table of travel times speaks: by what it says, not by how far the estimate reaches."""
from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from features.codes import code_list
from features.eligibility_reach import FAR, Distances, usable_means
from features.records import Student
from features.travel_times import THOUSAND

A = NDArray[np.int64]
Side = tuple[A, ...]
NEVER, ALWAYS, BROUGHT = 0, 1, 2
TIMED = ("place", "limit_m", "sure_m", "stranded", "km_m", "most_time", "usable", "unsure")
"""The columns of a student that the rule reads; `timed_columns` makes the last four."""


def timed_columns(students: Sequence[Student], road_factor: float) -> Mapping[str, A]:
    """Return what reach needs beside `features.eligibility_reach.reach_limits`, int64 arrays of shape (n,).

    ``km_m`` is how far the kilometres reach, in metres as the crow flies; ``most_time`` the limit in thousandths
    of a minute, -1 where there is none or no means is known; ``usable`` the means as bits. ``unsure`` says when
    there is something to ask: never, always, or unless being brought is within the limits.
    """
    means = code_list("travel_means").codes
    km, most, usable, unsure = (np.empty(len(students), dtype=np.int64) for _ in range(4))
    for i, s in enumerate(students):
        can = usable_means(s)
        km[i] = FAR + 1 if s.max_km is None else int(np.floor(s.max_km * 1000.0 / road_factor + 1e-6))
        most[i] = -1 if s.max_minutes is None or not can else round(s.max_minutes * THOUSAND)
        usable[i] = sum(1 << means.index(code) for code in set(can))
        unsure[i] = _unsure(s)
    return {"km_m": km, "most_time": most, "usable": usable, "unsure": unsure}


def _unsure(s: Student) -> int:
    if s.max_km is None and s.max_minutes is None:
        return ALWAYS
    if not s.travel_means:
        return NEVER if s.max_minutes is None and s.travels_alone is True else ALWAYS
    if s.travels_alone is None and set(s.travel_means) != {"brought"}:
        return BROUGHT if "brought" in s.travel_means else ALWAYS
    return NEVER


def too_far(near: Distances) -> Callable[[Side, Side], Any]:
    """Return the formula by which reach refuses, over `TIMED` and the opening's place."""

    def holds(ours: Side, theirs: Side) -> Any:
        place, limit, _, stranded, km, most, usable, _ = ours
        (there,) = theirs
        metres = np.asarray(near.between(place, there))
        refused = np.asarray((stranded != 0) | (metres > limit))
        at, (here, work, far, stuck, by_km, time, can) = _told(near, metres, place, there, stranded, km, most, usable)
        refused = np.array(np.broadcast_to(refused, metres.shape))
        late = (time >= 0) & (_quickest(near, here, work, far, can) > time / THOUSAND)
        refused[at] = (stuck != 0) | (far > by_km) | late
        return refused

    return holds


def not_surely_near(near: Distances) -> Callable[[Side, Side], Any]:
    """Return the formula by which reach asks, where it does not refuse."""

    def holds(ours: Side, theirs: Side) -> Any:
        place, _, sure, _, km, most, _, unsure = ours
        (there,) = theirs
        metres = np.asarray(near.between(place, there))
        asks = np.array(np.broadcast_to((metres < 0) | (metres > sure), metres.shape))
        at, (here, work, far, by_km, time, when) = _told(near, metres, place, there, km, most, unsure)
        late = (time >= 0) & (near.minutes(here, work, far, "brought") > time / THOUSAND)
        asks[at] = (when == ALWAYS) | ((when == BROUGHT) & ((far > by_km) | late))
        return asks

    return holds


def _told(
    near: Distances, metres: NDArray[Any], place: A, there: A, *columns: A
) -> tuple[NDArray[np.bool_], tuple[A, ...]]:
    """Where the table has a row, and the places, the metres and the columns there."""
    assert near.times is not None
    slot = near.times.slot(place, there)
    at = np.asarray(slot >= 0)
    spread = (np.broadcast_to(column, metres.shape)[at] for column in (place, there, metres, *columns))
    return at, tuple(spread)


def _quickest(near: Distances, here: A, there: A, metres: A, usable: A) -> NDArray[np.float64]:
    quickest = np.full(len(here), np.inf)
    for k, means in enumerate(code_list("travel_means").codes):
        some = np.flatnonzero(usable >> k & 1)
        if len(some):
            taken = near.minutes(here[some], there[some], metres[some], means)
            quickest[some] = np.minimum(quickest[some], taken)
    return quickest
