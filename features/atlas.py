"""The tables of the Netherlands, read once: regions, municipalities, places and postcodes (see data/README.md)."""
from __future__ import annotations

import csv
import functools
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources

from features.place_names import name_key, name_keys
from features.postcodes import OwnPostcodes, Row, merged


@dataclass(frozen=True, slots=True)
class Region:
    """A labour-market region of 2025: CBS code, name, codes of the adjacent regions."""

    code: str
    name: str
    neighbours: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Municipality:
    """A current municipality: CBS code and name, code of its region, province, position of its main place."""

    code: str
    name: str
    region: str
    province: str
    latitude: float
    longitude: float
    other_names: tuple[str, ...]

    @property
    def bare_name(self) -> str:
        """The name without the CBS suffix: ``Bergen`` for ``Bergen (NH.)``."""
        return self.name.partition(" (")[0]


@dataclass(frozen=True, slots=True)
class Place:
    """A place within one municipality (its CBS code); inhabitants 0 when unknown."""

    name: str
    municipality: str
    latitude: float
    longitude: float
    inhabitants: int


@dataclass(frozen=True, slots=True)
class Atlas:
    """Every table, by code or by `name_key`.

    ``official`` are official place names (woonplaatsen) and current municipalities, ``settlements`` villages
    and hamlets of 500 inhabitants and more that are part of another woonplaats, ``quarters`` town districts
    that share the name of a woonplaats elsewhere, ``other`` Frisian, Dutch and popular names of any of them,
    ``former`` municipalities that were merged away (largest part first), ``doubtful`` names that say too
    little by themselves. ``pc4`` are the digits of every postcode, sorted, and ``pc4_rows`` in the same order
    (municipality code, latitude, longitude).
    """

    municipalities: dict[str, Municipality]
    official: dict[str, list[Place]]
    settlements: dict[str, list[Place]]
    quarters: dict[str, list[Place]]
    other: dict[str, list[Place]]
    former: dict[str, list[Place]]
    doubtful: frozenset[str]
    pc4: list[int]
    pc4_rows: list[tuple[str, float, float]]


def _rows(file: str) -> Iterator[list[str]]:
    text = (resources.files("features") / "data" / file).read_text(encoding="utf-8")
    reader = csv.reader(text.splitlines())
    next(reader)
    yield from reader


def _names(cell: str) -> tuple[str, ...]:
    return tuple(cell.split("|")) if cell else ()


@functools.cache
def regions() -> dict[str, Region]:
    """The 35 labour-market regions by code, in the order of their codes."""
    return {code: Region(code, name, _names(neighbours)) for code, name, neighbours in _rows("regions.csv")}


_own: list[OwnPostcodes] = []  # the one that is in use, if any


def own_postcodes() -> OwnPostcodes | None:
    """The imported postcodes in use, None where only the built-in table is."""
    return _own[0] if _own else None


def set_own_postcodes(own: OwnPostcodes | None) -> None:
    """Use imported postcodes, or none; for `features.geography.use_postcodes`, which also forgets what it found."""
    _own[:] = [] if own is None else [own]
    atlas.cache_clear()


@functools.cache
def atlas() -> Atlas:
    """Read the tables; the first call takes some tens of milliseconds, every later one none."""
    municipalities = {
        code: Municipality(code, name, region, province, float(latitude), float(longitude), _names(other))
        for code, name, region, province, latitude, longitude, other in _rows("municipalities.csv")
    }
    by_kind: dict[str, dict[str, list[Place]]] = {"": {}, "s": {}, "q": {}}
    other: dict[str, list[Place]] = {}
    for name, code, latitude, longitude, inhabitants, kind, other_names in _rows("places.csv"):
        place = Place(name, code, float(latitude), float(longitude), int(inhabitants or 0))
        _add(by_kind[kind], name, place)
        for another in _names(other_names):
            _add(other, another, place)
    _add_municipalities(municipalities, by_kind[""], other)
    pc4: list[int] = []
    pc4_rows: list[Row] = []
    for digits, code, latitude, longitude in _rows("pc4.csv"):
        pc4.append(int(digits))
        pc4_rows.append((code, float(latitude), float(longitude)))
    own = own_postcodes()
    if own is not None:
        pc4, pc4_rows = merged(pc4, pc4_rows, own)
    return Atlas(
        municipalities, by_kind[""], by_kind["s"], by_kind["q"], other, _former(municipalities),
        frozenset(name_key(name) for name, _ in _rows("doubtful_names.csv")), pc4, pc4_rows,
    )


def _add_municipalities(
    municipalities: dict[str, Municipality], official: dict[str, list[Place]], other: dict[str, list[Place]],
) -> None:
    """Let a municipality's name stand for it where no place within it bears the name (Hollands Kroon, Bergen (NH.))."""
    for town in municipalities.values():
        seat = Place(town.name, town.code, town.latitude, town.longitude, 0)
        for name in dict.fromkeys((town.bare_name, town.name)):
            if all(place.municipality != town.code for place in official.get(name_key(name), ())):
                _add(official, name, seat)
        for name in town.other_names:
            if all(place.municipality != town.code for place in other.get(name_key(name), ())):
                _add(other, name, seat)


def _former(municipalities: dict[str, Municipality]) -> dict[str, list[Place]]:
    former: dict[str, list[Place]] = {}
    for name, _, codes, other_names in _rows("former_municipalities.csv"):
        for code in _names(codes):
            town = municipalities[code]
            for known_as in (name, *_names(other_names)):
                _add(former, known_as, Place(name, code, town.latitude, town.longitude, 0))
    return former


def _add(table: dict[str, list[Place]], name: str, place: Place) -> None:
    for key in name_keys(name):
        table.setdefault(key, []).append(place)
