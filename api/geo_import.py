"""Postcode points from an official download: which format it is, what its rows say, one point per four digits.

GeoNames: ``NL.txt`` or ``NL_full.txt``, tabs, no header, also in its zip. CBS and others: CSV with a header that
names a postcode (four digits, or six characters) and any of: latitude and longitude, RD x and y, one cell with
both, a municipality. Of a postcode only the four digits are kept; rows of one area become the mean of their
points, and the municipality that most of them lie in.
"""
from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from api.schemas.columns import plain
from features.geography import find_municipality
from features.place_names import read_postcode
from features.postcodes import Area
from features.rijksdriehoek import degrees

BOX = (50.70, 53.70, 3.20, 7.30)
"""South, north, west, east of the Netherlands."""
UNIT = 10_000_000  # whole parts of a degree, so that a mean does not depend on the order of rows
FIELDS = {
    "postcode": ("postcode", "pc", "pc4", "pc6", "postcode4", "postcode6", "postal code", "zip", "zipcode", "pc4 code",
                 "pc6 code", "postcode 4", "pc4 nr"),
    "latitude": ("latitude", "lat", "breedtegraad", "wgs84 lat", "y wgs84"),
    "longitude": ("longitude", "lon", "lng", "long", "lengtegraad", "wgs84 lon", "x wgs84"),
    "x": ("x", "rd x", "x rd", "x coord", "xcoordinaat", "x coordinaat", "coordx", "centroid x", "x centroid"),
    "y": ("y", "rd y", "y rd", "y coord", "ycoordinaat", "y coordinaat", "coordy", "centroid y", "y centroid"),
    "point": ("geo point 2d", "geo point", "point", "coordinaten", "geometry", "wkt", "centroid"),
    "municipality": ("municipality", "municipality code", "gemeentecode", "gemcode", "gm code", "gem code", "gemeente",
                     "gemeentenaam", "gem name", "gem code current"),
}  # fmt: skip
_YEAR = re.compile(r"(gemeente|gem|gm)(code)?(20)?\d\d")
_COUNTRY = re.compile(r"[A-Z]{2}|country code", re.IGNORECASE)
_NUMBERS = re.compile(r"-?\d+(?:\.\d+)?")
_WKT = re.compile(r"\s*(?:SRID=\d+;)?\s*POINT\s*\(", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Fault:
    """A row that cannot be used: its number, a key of `api.texts.geo_import`, and what was found."""

    row: int
    key: str
    found: str


@dataclass(slots=True)
class Imported:
    """What a file held: ``areas`` by their digits, the rows read, and those in error."""

    source: str
    areas: list[Area] = field(default_factory=list)
    rows: int = 0
    faults: list[Fault] = field(default_factory=list)


class NotPostcodesError(Exception):
    """The file is none of the formats; ``key`` is a sentence of `api.texts.geo_import`."""

    def __init__(self, key: str, found: str = "") -> None:
        super().__init__(key)
        self.key, self.found = key, found


@dataclass(slots=True)
class _Sum:
    latitude: int = 0
    longitude: int = 0
    points: int = 0
    towns: Counter[str] = field(default_factory=Counter)


def read_postcodes(text: str) -> Imported:
    """Read the text of a download.

    Raises
    ------
    NotPostcodesError
        If it is none of the formats, or has no rows.
    """
    first = next((line for line in text.splitlines() if line.strip()), "")
    if not first:
        raise NotPostcodesError("empty")
    if first.count("\t") >= 10 and _COUNTRY.fullmatch(first.split("\t")[0].strip()):
        result, rows = Imported("geonames"), _geonames(text)
    else:
        result, rows = Imported("table"), _table(text)
    sums: dict[int, _Sum] = {}
    towns: dict[str, str | None] = {}
    for number, cells in rows:
        result.rows += 1
        fault = _take(cells, sums, towns)
        if fault is not None:
            result.faults.append(Fault(number, *fault))
    if not result.rows:
        raise NotPostcodesError("header_only")
    result.areas = [_area(digits, one) for digits, one in sorted(sums.items())]
    return result


def _geonames(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Country, postcode, place, province and code, municipality and code, third level and code, latitude, longitude."""
    for number, line in enumerate(text.splitlines(), 1):
        cells = [cell.strip() for cell in line.split("\t")]
        if not any(cells) or (number == 1 and cells[0].upper() == "COUNTRY CODE"):
            continue
        cells += [""] * (12 - len(cells))
        yield number, {
            "country": cells[0], "postcode": cells[1], "municipality": cells[6] or cells[5], "town": cells[5],
            "latitude": cells[9], "longitude": cells[10],
        }  # fmt: skip


def _table(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    head = text.lstrip().partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(";,\t", key=head.count))
    where: dict[str, int] | None = None
    try:
        for number, cells in enumerate(reader, 1):
            if not any(cell.strip() for cell in cells):
                continue
            if where is None:
                where = _columns(cells)
                continue
            yield number, {name: cells[at].strip() if at < len(cells) else "" for name, at in where.items()}
    except csv.Error as error:
        raise NotPostcodesError("unreadable", str(error)) from None


def _columns(header: Sequence[str]) -> dict[str, int]:
    """Where each field is; a place can be given in any of three ways, or only the municipality."""
    where: dict[str, int] = {}
    for name, names in FIELDS.items():
        words = [plain(word) for word in names]
        places = [(words.index(plain(cell)), at) for at, cell in enumerate(header) if plain(cell) in words]
        if places:
            where[name] = min(places)[1]
    if "municipality" not in where:  # CBS puts the year behind it
        year = [at for at, cell in enumerate(header) if _YEAR.fullmatch(plain(cell))]
        if year:
            where["municipality"] = year[0]
    if "postcode" not in where:
        raise NotPostcodesError("no_postcode", ", ".join(header)[:80])
    placed = {"latitude", "longitude"} <= where.keys() or {"x", "y"} <= where.keys() or "point" in where
    if not placed and "municipality" not in where:
        raise NotPostcodesError("no_position", ", ".join(header)[:80])
    return where


def _take(cells: dict[str, str], sums: dict[int, _Sum], towns: dict[str, str | None]) -> tuple[str, str] | None:
    """Add one row to the sums; return what is wrong with it, if anything."""
    if cells.get("country", "NL").upper() != "NL":
        return "country", cells["country"]
    digits = read_postcode(cells["postcode"].replace(".0", "") if cells["postcode"].endswith(".0") else
                           cells["postcode"])  # fmt: skip
    if digits is None:
        return "postcode", cells["postcode"]
    try:
        point = _point(cells)
    except ValueError:
        return "position", " ".join(cells.get(name, "") for name in ("latitude", "longitude", "x", "y", "point"))
    if point is not None and not (BOX[0] <= point[0] <= BOX[1] and BOX[2] <= point[1] <= BOX[3]):
        return "outside", f"{point[0]:.4f}, {point[1]:.4f}"
    town = _town(cells, towns)
    if point is None and town is None:
        return ("town", cells["municipality"]) if cells.get("municipality") else ("nothing", cells["postcode"])
    one = sums.setdefault(digits, _Sum())
    if point is not None:
        one.latitude += round(point[0] * UNIT)
        one.longitude += round(point[1] * UNIT)
        one.points += 1
    if town is not None:
        one.towns[town] += 1
    return None


def _point(cells: dict[str, str]) -> tuple[float, float] | None:
    """Latitude and longitude of a row, None where it gives none; ValueError where they are no numbers."""
    for first, second in (("latitude", "longitude"), ("x", "y")):
        given = [cells.get(name, "") for name in (first, second)]
        if any(given):
            a, b = (float(text.replace(",", ".")) for text in given)
            return _degrees(a, b, swapped=first == "x")
    text = cells.get("point", "")
    if not text:
        return None
    numbers = [float(number) for number in _NUMBERS.findall(_WKT.sub(" ", text))]
    if len(numbers) != 2:
        raise ValueError(text)
    return _degrees(numbers[0], numbers[1], swapped=bool(_WKT.match(text)))


def _degrees(a: float, b: float, *, swapped: bool) -> tuple[float, float]:
    """Degrees of two numbers, ``swapped``: the one to the east comes first; large ones are RD metres."""
    if abs(a) > 1000 and abs(b) > 1000:
        return degrees(a, b) if a < b else degrees(b, a)
    return (b, a) if swapped else (a, b)


def _town(cells: dict[str, str], towns: dict[str, str | None]) -> str | None:
    """The municipality of today that a row names by code, number or name."""
    for text in (cells.get("municipality", ""), cells.get("town", "")):
        if text:
            name = f"GM{int(text):04d}" if text.isdecimal() and len(text) <= 4 else text
            if name not in towns:
                towns[name] = find_municipality(name)
            if towns[name] is not None:
                return towns[name]
    return None


def _area(digits: int, one: _Sum) -> Area:
    town = min(one.towns, key=lambda code: (-one.towns[code], code)) if one.towns else ""
    if not one.points:
        return Area(digits, town, None, None)
    return Area(digits, town, *(round(part / one.points / UNIT, 5) for part in (one.latitude, one.longitude)))
