"""Postcode areas from a download that somebody imported, before those of the built-in table."""
from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Area:
    """One postcode area by its four digits.

    ``municipality`` is a CBS code of today, empty where the download does not say; latitude and longitude are in
    degrees, None where it gives no point. What is missing comes from the built-in table.
    """

    digits: int
    municipality: str
    latitude: float | None
    longitude: float | None


@dataclass(frozen=True, slots=True)
class OwnPostcodes:
    """Areas of a download, ascending by their digits, with where they come from."""

    areas: tuple[Area, ...]
    source: str

    @property
    def digest(self) -> str:
        """SHA-256 of the areas, in hexadecimal."""
        text = "\n".join(f"{a.digits},{a.municipality},{a.latitude},{a.longitude}" for a in self.areas)
        return hashlib.sha256(text.encode()).hexdigest()


Row = tuple[str, float, float]


def merged(pc4: Sequence[int], rows: Sequence[Row], own: OwnPostcodes) -> tuple[list[int], list[Row]]:
    """Return the built-in table with the areas of ``own`` in place of its own.

    Areas ``own`` does not have stay. An area that is new takes what it lacks from the nearest known point: the
    municipality of the nearest postcode; without a point of its own it takes that of the nearest number in the same
    municipality, or is left out where there is none.
    """
    known = dict(zip(pc4, rows, strict=True))
    built_in = dict(known)
    for area in own.areas:
        was = built_in.get(area.digits)
        if area.latitude is not None and area.longitude is not None:
            code = area.municipality or (was[0] if was else _nearest(area.latitude, area.longitude, built_in))
            known[area.digits] = (code, area.latitude, area.longitude)
        elif was is not None:
            known[area.digits] = (area.municipality or was[0], was[1], was[2])
        else:
            inside = [digits for digits, row in built_in.items() if row[0] == area.municipality]
            if inside:
                near = built_in[min(inside, key=lambda digits: (abs(digits - area.digits), digits))]
                known[area.digits] = (area.municipality, near[1], near[2])
    order = sorted(known)
    return order, [known[digits] for digits in order]


def _nearest(latitude: float, longitude: float, known: dict[int, Row]) -> str:
    def apart(digits: int) -> tuple[float, int]:
        _, north, east = known[digits]
        return (north - latitude) ** 2 + (0.61 * (east - longitude)) ** 2, digits  # 0.61: cos of 52 degrees

    return known[min(known, key=apart)][0]
