"""Travel times from a table of postcode areas, in place of the estimate of `features.travel`.

A table says how long it takes from one postcode area (four digits) to another by one or more means, door to door and
one way. What it says is taken as it stands; a pair or a means it does not have keeps the estimate.
"""
from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from features.codes import code_list
from features.errors import FeatureError

Ints = NDArray[np.int64]
THOUSAND = 1000
"""Times are whole thousandths of a minute, so that equal tables give equal bytes."""
_AREAS = 10_000
_KEPT = 40_000_000  # pairs of places held at once, 160 MB


@dataclass(frozen=True, eq=False)
class TravelTimes:
    """A table: ``keys`` (k,) ascending, from x 10,000 + to; ``times`` (k, 7) per means, -1 where it says nothing.

    Made by `travel_times`. ``digest`` is the SHA-256 of the table as given, whatever the order of its rows, and
    ``pairs`` how many pairs were given.
    """

    keys: Ints
    times: NDArray[np.int32]
    digest: str
    pairs: int


def travel_times(origins: Sequence[int], destinations: Sequence[int], times: NDArray[np.int32]) -> TravelTimes:
    """Make a table of travel times.

    Parameters
    ----------
    origins, destinations : sequence of k int
        Four digits of the postcodes, from home to work.
    times : int32 array, shape (k, 7)
        Thousandths of a minute by each means, in the order of the list ``travel_means``; -1: not given.

    Returns
    -------
    TravelTimes
        A time that is given in one direction only holds in the other as well.

    Raises
    ------
    FeatureError
        If an area is not in 1000-9999, a pair comes twice, or the shapes differ.
    """
    a, b = np.asarray(origins, dtype=np.int64), np.asarray(destinations, dtype=np.int64)
    means = code_list("travel_means").codes
    if times.shape != (len(a), len(means)) or a.shape != b.shape:
        raise FeatureError(f"times: found shape {times.shape}, expected ({len(a)}, {len(means)}).")
    if len(a) and (min(a.min(), b.min()) < 1000 or max(a.max(), b.max()) >= _AREAS):
        raise FeatureError("postcode areas: expected four digits, 1000 to 9999.")
    keys = a * _AREAS + b
    order = np.argsort(keys, kind="stable")
    keys, given = keys[order], times[order].astype(np.int32)
    if np.any(keys[1:] == keys[:-1]):
        raise FeatureError("a pair of postcode areas comes twice.")
    digest = hashlib.sha256("|".join(means).encode())
    digest.update(keys.astype("<i8").tobytes())
    digest.update(given.astype("<i4").tobytes())
    back = keys % _AREAS * _AREAS + keys // _AREAS
    every = np.union1d(keys, back)
    full = np.full((len(every), len(means)), -1, dtype=np.int32)
    full[np.searchsorted(every, back)] = given
    at = np.searchsorted(every, keys)
    full[at] = np.where(given >= 0, given, full[at])
    return TravelTimes(every, full, digest.hexdigest(), len(keys))


@dataclass(frozen=True, eq=False)
class PlaceTimes:
    """A table for the places of a run: ``keys`` (q,) ascending, home x width + work; ``rows`` of `TravelTimes.times`.

    ``slots`` is the same as one array over all pairs of places where that fits, with a row and column for -1.
    """

    table: TravelTimes
    width: int
    keys: Ints
    rows: Ints
    slots: NDArray[np.int32] | None

    def slot(self, here: Ints, there: Ints) -> Ints:
        """Return the row of the table for places ``here`` and ``there`` (broadcast), -1 where it has none."""
        here, there = np.broadcast_arrays(here, there)
        if self.slots is not None:
            return np.asarray(self.slots[here, there], dtype=np.int64)
        if not len(self.keys):
            return np.full(here.shape, -1, dtype=np.int64)
        wanted = here * self.width + there
        at = np.minimum(np.searchsorted(self.keys, wanted), len(self.keys) - 1)
        return np.where((self.keys[at] == wanted) & (here >= 0) & (there >= 0), self.rows[at], -1)


def place_times(table: TravelTimes, homes: Sequence[int], works: Sequence[int]) -> PlaceTimes:
    """Return the part of a table that speaks of these places.

    Parameters
    ----------
    table : TravelTimes
        What is known, of all areas.
    homes, works : sequences of int
        The postcode area of each numbered place, -1 where it is known by name only.
    """
    from_home, to_work = _numbered(homes), _numbered(works)
    keys, rows = [], []
    known_a = np.isin(table.keys // _AREAS, list(from_home))
    known_b = np.isin(table.keys % _AREAS, list(to_work))
    for row in np.flatnonzero(known_a & known_b).tolist():
        area, other = divmod(int(table.keys[row]), _AREAS)
        for here in from_home[area]:
            for there in to_work[other]:
                keys.append(here * len(works) + there)
                rows.append(row)
    order = np.argsort(np.array(keys, dtype=np.int64), kind="stable")
    sorted_keys = np.array(keys, dtype=np.int64)[order]
    sorted_rows = np.array(rows, dtype=np.int64)[order]
    slots = None
    if len(homes) * len(works) <= _KEPT and len(works):
        slots = np.full((len(homes) + 1, len(works) + 1), -1, dtype=np.int32)
        slots[sorted_keys // len(works), sorted_keys % len(works)] = sorted_rows
    return PlaceTimes(table, max(len(works), 1), sorted_keys, sorted_rows, slots)


def _numbered(areas: Sequence[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for number, area in enumerate(areas):
        if area >= 0:
            found.setdefault(area, []).append(number)
    return found
