"""Ways around water that no bridge crosses: the Wadden Sea, the Western Scheldt, IJsselmeer and Markermeer.

Nobody is assumed to take a ferry. Between two sides of such water the way leads over one of its crossings (a dyke, a
bridge, a tunnel), so the distance as the crow flies becomes the shortest one by way of a crossing; it is never
longer than the real way, because every way on land passes one of them. A Wadden island has no crossing at all.
Rivers and canals have a bridge every few kilometres, which the detour factor of `features.travel` covers; the New
Waterway below Rotterdam, the one long stretch without, it covers in part.
"""
from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from features.atlas import atlas
from features.geography import straight_km

Floats = NDArray[np.float64]
NOWHERE_KM = 1_000.0
"""The distance to where nobody comes without a ferry; more than any within the country."""

ISLANDS: Mapping[str, int] = {"GM0448": 1, "GM0096": 2, "GM0093": 3, "GM0060": 4, "GM0088": 5}
"""Texel, Vlieland, Terschelling, Ameland, Schiermonnikoog."""
SCHELDT, HOLLAND, ACROSS = 6, 7, 8
_SOUTH_OF_THE_SCHELDT = ("GM0715", "GM0677", "GM1714")  # Terneuzen, Hulst, Sluis
_ACROSS = ("Friesland", "Groningen", "Drenthe", "Overijssel", "Flevoland")

Crossing = Sequence[tuple[float, float]]
"""Points (latitude, longitude) along a crossing, from the south of the Scheldt or from Holland."""
_SCHELDT_CROSSINGS: tuple[Crossing, ...] = (
    ((51.343, 3.802), (51.390, 3.822)),  # the tunnel from Terneuzen to Ellewoutsdijk
    ((51.292, 4.281),),  # the Liefkenshoek tunnel by Antwerp
)
_LAKE_CROSSINGS: tuple[Crossing, ...] = (
    ((52.937, 5.040), (53.073, 5.336)),  # Afsluitdijk, Den Oever to Kornwerderzand
    ((52.700, 5.288), (52.525, 5.437)),  # Houtribdijk, Enkhuizen to Lelystad
    ((52.327, 5.135),),  # Hollandse Brug, Muiderberg to Almere
    ((52.297, 5.318),),  # Stichtse Brug, Huizen to Zeewolde
    ((52.155, 5.388),),  # over land by Amersfoort
)


_SHORES: tuple[tuple[int, tuple[int, ...], tuple[Crossing, ...]], ...] = (
    (SCHELDT, (0, HOLLAND, ACROSS), _SCHELDT_CROSSINGS),
    (HOLLAND, (ACROSS,), _LAKE_CROSSINGS),
)
"""A side of the water, the sides across, and the crossings, from the first to the others."""


def zone(municipality_code: str) -> int:
    """Return the side of the water a municipality lies on: 1-5 an island, 6-8 a shore with crossings, 0 any other."""
    if municipality_code in ISLANDS:
        return ISLANDS[municipality_code]
    if municipality_code in _SOUTH_OF_THE_SCHELDT:
        return SCHELDT
    town = atlas().municipalities.get(municipality_code)
    if town is None:
        return 0
    if town.province == "Noord-Holland":
        return HOLLAND
    return ACROSS if town.province in _ACROSS else 0


def around(km: Floats, here: Floats, there: Floats) -> Floats:
    """Return distances with the ways around water.

    Parameters
    ----------
    km : ndarray
        Kilometres as the crow flies.
    here, there : ndarrays, shapes that broadcast to ``km.shape + (3,)``
        Latitude, longitude and `zone` of both ends.

    Returns
    -------
    ndarray
        Of the shape of ``km``; nowhere less than it.
    """
    if not np.any(here[..., 2]) and not np.any(there[..., 2]):
        return km
    if km.ndim == 2 and here.shape[:2] == (len(km), 1) and there.shape[0] == 1:
        return _table(km, here[:, 0], there[0])
    one, other = (np.broadcast_to(point[..., 2], km.shape) for point in (here, there))
    found = np.where((one != other) & (_is_island(one) | _is_island(other)), NOWHERE_KM, km)
    for side, across, crossings in _SHORES:
        for first, second, a, b in ((one, other, here, there), (other, one, there, here)):
            meets = (first == side) & np.isin(second, across)
            if np.any(meets):
                begin, end = (np.broadcast_to(point, (*km.shape, 3))[meets] for point in (a, b))
                ways = [before + along + after for before, along, after in _parts(begin, end, crossings)]
                found[meets] = np.maximum(found[meets], np.min(ways, axis=0))
    return found


def _table(km: Floats, here: Floats, there: Floats) -> Floats:
    """The same for all pairs of two lists of places: only rows and columns that lie by the water are touched."""
    found = km.copy()
    for k in np.flatnonzero(_is_island(here[:, 2])):
        found[k, there[:, 2] != here[k, 2]] = NOWHERE_KM
    for k in np.flatnonzero(_is_island(there[:, 2])):
        found[here[:, 2] != there[k, 2], k] = NOWHERE_KM
    for side, across, crossings in _SHORES:
        for turned in (False, True):
            a, b = (there, here) if turned else (here, there)
            first, second = np.flatnonzero(a[:, 2] == side), np.flatnonzero(np.isin(b[:, 2], across))
            if not len(first) or not len(second):
                continue
            ways = [
                before[:, None] + along + after[None]
                for before, along, after in _parts(a[first], b[second], crossings)
            ]
            shortest = np.min(ways, axis=0)
            at = np.ix_(second, first) if turned else np.ix_(first, second)
            found[at] = np.maximum(found[at], shortest.T if turned else shortest)
    return found


def _is_island(zones: Floats) -> NDArray[np.bool_]:
    island: NDArray[np.bool_] = (zones >= 1) & (zones < SCHELDT)
    return island


def _parts(begin: Floats, end: Floats, crossings: Sequence[Crossing]) -> Iterator[tuple[Floats, float, Floats]]:
    """Kilometres to each crossing, along it and from it, from the side where the crossings begin."""
    for points in crossings:
        along = sum(float(straight_km(*p, *q)) for p, q in pairwise(points))
        before = straight_km(begin[:, 0], begin[:, 1], *points[0])
        yield before, along, straight_km(end[:, 0], end[:, 1], *points[-1])
