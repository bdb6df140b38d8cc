"""The Netherlands, offline: where a postcode or a place lies, its municipality, its labour-market region.

How a place is found
--------------------
1. A postcode decides over the place. Four digits that the list does not have (it is some years old, and new
   ones are given out) count when the postcodes before and after, at most five away, lie in one municipality;
   when those two lie in two municipalities, a place within one of them settles it. Otherwise: unknown.
2. Official place names (woonplaatsen) and current municipalities go first, then villages that are part of
   another woonplaats, then other names (Frisian, Dutch, popular), then municipalities that were merged away.
3. A name in more than one labour-market region is ambiguous. What stands after a comma or in brackets (a
   province, municipality or region, also shortened: ``NH.``, ``Gld``) settles it; one that does not fit any
   place of that name makes it unknown, never another place.
4. A name that exists more than once within one region is found: the region is certain, municipality and
   position are those of the place with most inhabitants, and ``candidates`` lists them all, so that a caller
   can ask. A former municipality that was divided within one region goes to its largest part in that way.
5. Names that say too little by themselves (``Binnenstad``, ``Capelle``) are ambiguous even when the tables
   have them once; see data/README.md.
"""
from __future__ import annotations

import difflib
import functools
import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt

from features.atlas import Atlas, Place, atlas, own_postcodes, regions, set_own_postcodes
from features.place_names import (
    is_harmless,
    municipality_meant,
    name_key,
    near_place,
    province,
    read_postcode,
    split_postcode,
    splits,
    without_country,
)
from features.postcodes import OwnPostcodes
from features.records import Location

REGIONS: tuple[str, ...] = tuple(regions())
"""The CBS codes of the 35 labour-market regions of 2025, in order."""

_EARTH_RADIUS_KM = 6371.0088  # mean radius of the GRS 80 ellipsoid
_NEAR_PC4 = 5
_SAME_PLACE_KM = 5.0
_NEAR_KM = 10.0  # Velp bij Arnhem


@dataclass(frozen=True, slots=True)
class Found:
    """Where somebody or something is.

    ``municipality`` and ``region`` are names (the codes stand in ``location``); all three are empty unless
    the status is found. ``candidates`` are the places a name can mean, written so that each of them is found
    when it is given back as a place: of an ambiguous name, or of one that exists more than once within the
    region. ``place_differs``: a postcode decided, and the place given beside it lies in another region.
    """

    status: Literal["found", "ambiguous", "unknown"]
    location: Location | None = None
    municipality: str = ""
    region: str = ""
    candidates: tuple[str, ...] = ()
    place_differs: bool = False


_UNKNOWN = Found("unknown")
_versions = [0]


@functools.lru_cache(maxsize=8192)
def locate(postcode: str | None, place: str | None) -> Found:
    """Find a postcode or a place; the postcode decides where both are given.

    Parameters
    ----------
    postcode : str or None
        Four digits with or without letters (``8102 HG``, ``8102hg``, ``8102``); None or blank: not given.
    place : str or None
        A place, a current or former municipality, with or without what settles doubt (``Bergen (NH.)``,
        ``Rozenburg, Zuid-Holland``, ``Elst Gld``); None or blank: not given.

    Returns
    -------
    Found
        Status ``unknown`` also for a text that is no Dutch postcode, whatever the place.

    Examples
    --------
    >>> locate("8102 hg", None).municipality, locate(None, "Bergen").status, locate(None, "Bergen (L.)").region
    ('Raalte', 'ambiguous', 'Noord-Limburg')
    """
    postcode, place = (postcode or "").strip(), (place or "").strip()
    if not postcode:
        postcode_before, place = split_postcode(place)
        postcode = postcode_before or ""
    if not postcode:
        return _find_place(place)
    digits = read_postcode(postcode)
    return _UNKNOWN if digits is None else _find_postcode(digits, place)


def use_postcodes(own: OwnPostcodes | None) -> None:
    """Locate with imported postcodes from now on, or with the built-in table alone (None)."""
    if own != own_postcodes():
        set_own_postcodes(own)
        locate.cache_clear()
        _versions[0] += 1


def postcodes_version() -> int:
    """A number that changes whenever `use_postcodes` changes what is found, for callers who keep answers."""
    return _versions[0]


def postcodes_in_use() -> OwnPostcodes | None:
    """The imported postcodes that `locate` goes by, None where there is the built-in table alone."""
    return own_postcodes()


def _find_postcode(digits: int, text: str) -> Found:
    tables = atlas()
    index = bisect_left(tables.pc4, digits)
    beside = _find_place(text) if text else _UNKNOWN
    if index == len(tables.pc4) or tables.pc4[index] != digits:
        return _find_between(digits, index, beside)
    found = _found(Place(str(digits), *tables.pc4_rows[index], 0))
    assert found.location is not None
    if beside.location is not None and beside.location.region_code != found.location.region_code:
        return replace(found, place_differs=True)
    return found


def _find_between(digits: int, index: int, beside: Found) -> Found:
    """A postcode the list does not have, from the two around it (index - 1 and index); see the module's rules."""
    tables = atlas()
    if index in {0, len(tables.pc4)}:
        return _UNKNOWN
    if max(digits - tables.pc4[index - 1], tables.pc4[index] - digits) > _NEAR_PC4:
        return _UNKNOWN
    (code, *before), (code_after, *after) = tables.pc4_rows[index - 1 : index + 1]
    where = beside.location
    if where is not None and not beside.candidates and where.municipality_code in {code, code_after}:
        return _found(Place(str(digits), where.municipality_code, where.latitude, where.longitude, 0))
    if code != code_after or where is not None:
        return _UNKNOWN
    latitude, longitude = ((one + other) / 2 for one, other in zip(before, after, strict=True))
    return _found(Place(str(digits), code, latitude, longitude, 0))


def _found(place: Place, candidates: tuple[str, ...] = ()) -> Found:
    town = atlas().municipalities[place.municipality]
    where = Location(place.name, place.latitude, place.longitude, town.code, town.region)
    return Found("found", where, town.name, region_name(town.region), candidates)


def _find_place(text: str) -> Found:
    text = without_country(text)
    if not text:
        return _UNKNOWN
    tables = atlas()
    meant = municipality_meant(text)
    if meant is not None:
        code = find_municipality(meant)
        if code is not None:
            town = tables.municipalities[code]
            return _found(Place(town.name, code, town.latitude, town.longitude, 0))
    places = _places(tables, name_key(text))
    if places:
        return _one_of(tables, places, sure=name_key(text) not in tables.doubtful)
    for name, additions in splits(text):
        places = _places(tables, name_key(name), everything=True)
        places = [place for place in places if all(_fits(tables, place, addition) for addition in additions)]
        if places:
            settled = not all(is_harmless(addition) for addition in additions)
            if not settled:
                places = _places(tables, name_key(name))
            return _one_of(tables, places, sure=settled or name_key(name) not in tables.doubtful)
    return _UNKNOWN


def _places(tables: Atlas, key: str, *, everything: bool = False) -> list[Place]:
    """The places of a name, by the order of the rules; ``everything``: also those that a better one hides."""
    official = tables.official.get(key, [])
    settlements, quarters = tables.settlements.get(key, []), tables.quarters.get(key, [])
    if everything:
        return [*official, *settlements, *quarters, *tables.other.get(key, []), *tables.former.get(key, [])]
    if any(name_key(tables.municipalities[place.municipality].bare_name) == key for place in official):
        return official
    return [*official, *settlements] or quarters or tables.other.get(key, []) or tables.former.get(key, [])


def _one_of(tables: Atlas, places: Iterable[Place], *, sure: bool) -> Found:
    """The place meant: the only one, or the one with most inhabitants when all lie in one region."""
    ranked = sorted(places, key=lambda place: -place.inhabitants)  # a stable sort: then the order of the tables
    apart = {place.municipality: place for place in reversed(ranked)}
    labels = tuple(f"{place.name}, {tables.municipalities[code].name}" for code, place in sorted(apart.items()))
    if not sure or len({tables.municipalities[code].region for code in apart}) > 1:
        return Found("ambiguous", candidates=labels)
    best = ranked[0]
    near = all(_km(best, place) <= _SAME_PLACE_KM for place in apart.values())
    return _found(best, () if near else labels)


def _fits(tables: Atlas, place: Place, addition: str) -> bool:
    """Whether what was added to a name suits a place: its province, municipality or region, a place near it."""
    town = tables.municipalities[place.municipality]
    if is_harmless(addition) or province(addition) == town.province:
        return True
    key = name_key(municipality_meant(addition) or addition)
    names = (town.name, town.bare_name, *town.other_names, regions()[town.region].name)
    if any(name_key(name) == key for name in names):
        return True
    if key == name_key(place.name):  # Buren, Buren: the one in the municipality of that name, seen above
        return False
    near = near_place(addition)
    if near is None:
        return any(other.municipality == town.code for other in _places(tables, key, everything=True))
    return any(_km(place, other) <= _NEAR_KM for other in _places(tables, name_key(near), everything=True))


def _km(place: Place, other: Place) -> float:
    return float(straight_km(place.latitude, place.longitude, other.latitude, other.longitude))


def find_municipality(text: str) -> str | None:
    """The CBS code of a municipality given by code or name, today's or former; None if unknown or more than one."""
    tables = atlas()
    if re.fullmatch(r"(?:GM)?\d{4}", text.strip(), re.IGNORECASE):
        code = f"GM{text.strip()[-4:]}"
        return code if code in tables.municipalities else None
    key = name_key(text)
    towns = [
        town.code for town in tables.municipalities.values()
        if key in {name_key(town.name), name_key(town.bare_name), *map(name_key, town.other_names)}
    ] or sorted({place.municipality for place in tables.former.get(key, ())})
    if len(towns) == 1:
        return towns[0]
    found = _UNKNOWN if towns or not key else _find_place(text)
    if found.location is not None and not found.candidates and name_key(found.municipality) == key:
        return found.location.municipality_code
    return None


def find_region(text: str) -> str | None:
    """The code of a labour-market region given by its code or name, or None."""
    key = name_key(text)
    return next((r.code for r in regions().values() if key in {name_key(r.code), name_key(r.name)}), None)


@functools.lru_cache(maxsize=4096)
def suggest_place(text: str) -> str | None:
    """The known place name nearest to a misspelt one (``Ralte``: ``Raalte``), or None when none is near."""
    key = name_key(text)
    if len(key) < 4:
        return None
    names = {
        known: place.name
        for table in (atlas().official, atlas().settlements)
        for known, places in table.items() for place in places[:1]
        if abs(len(known) - len(key)) <= 2 and known[0] == key[0]
    }
    near = difflib.get_close_matches(key, sorted(names), n=1, cutoff=0.84)
    return names[near[0]] if near else None


def region_name(code: str) -> str:
    """The name of a labour-market region; raises KeyError if the code is none of `REGIONS`."""
    return regions()[code].name


def neighbours(code: str) -> tuple[str, ...]:
    """The codes of the regions that touch a region, in order; raises KeyError if the code is none of `REGIONS`."""
    return regions()[code].neighbours


def municipality_name(code: str) -> str:
    """The CBS name of a current municipality (``Bergen (NH.)``); raises KeyError if there is no such code."""
    return atlas().municipalities[code].name


def called_place(label: str, municipality_code: str) -> str:
    """A place as people call it: of a postcode the municipality, so that no postcode is shown; else the label.

    Raises KeyError if there is a postcode and no such municipality.
    """
    return municipality_name(municipality_code) if label[:1].isdigit() else label


def municipality_region(code: str) -> str:
    """The region code of a current municipality; raises KeyError if there is no such code."""
    return atlas().municipalities[code].region


def straight_km(
    latitude: npt.ArrayLike, longitude: npt.ArrayLike, other_latitude: npt.ArrayLike, other_longitude: npt.ArrayLike,
) -> npt.NDArray[np.float64]:
    """Distance as the crow flies, by the haversine formula.

    Parameters
    ----------
    latitude, longitude, other_latitude, other_longitude : array_like
        Degrees (WGS 84), of shapes that broadcast together.

    Returns
    -------
    ndarray of float64
        Kilometres, of the broadcast shape; NaN where a coordinate is NaN. The sphere is within 0.3 % of the
        ellipsoid at Dutch latitudes.

    References
    ----------
    .. [1] R. W. Sinnott, "Virtues of the haversine", Sky and Telescope 68(2), 1984, p. 159.
    """
    phi, other_phi = np.radians(latitude), np.radians(other_latitude)
    half_lat = np.sin((other_phi - phi) / 2)
    half_lon = np.sin(np.radians(np.subtract(other_longitude, longitude)) / 2)
    chord = half_lat * half_lat + np.cos(phi) * np.cos(other_phi) * half_lon * half_lon
    km: npt.NDArray[np.float64] = np.asarray(2 * _EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.clip(chord, 0.0, 1.0))))
    return km
