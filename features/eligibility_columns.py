"""What the columns of both sides share: bit masks, dates as numbers, and the names that are numbered per run."""
from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from features.codes import code_list
from features.eligibility_reach import Distances
from features.eligibility_tasks import TaskSets
from features.errors import FeatureError
from features.geography import REGIONS, neighbours
from features.records import Opening, Student
from features.settings import RuleSettings

Columns = Mapping[str, NDArray[Any]]
"""One array per name, one row per record; whole numbers and bits only."""

YEAR = 512
"""`day_code` counts a year as 512: 12 x 32 and some room."""
EVER = 10**7
"""Later than any day and more than any amount in a column."""


def bits(codes: Iterable[str], name: str) -> int:
    """Return the set of codes as bits, in the order of the closed list ``name``.

    Raises
    ------
    FeatureError
        If a code is not of that list: records hold listed codes only.
    """
    order = code_list(name)
    mask = 0
    for code in codes:
        mask |= 1 << place_of(code, name, order.codes)
    return mask


def place_of(code: str, name: str, order: Sequence[str]) -> int:
    """Return the place of a code in its list; raises FeatureError if it is not there."""
    try:
        return order.index(code)
    except ValueError:
        raise FeatureError(f"{code!r} is no {name} code; expected one of {', '.join(order)}.") from None


def day_code(day: date) -> int:
    """Return a number that grows with the day, and by 512 with every birthday.

    ``day_code(start) - day_code(birth) >= 512 * years`` says exactly that somebody has had that many
    birthdays: who was born on 29 February has theirs on 1 March in other years.
    """
    return day.year * YEAR + day.month * 32 + day.day


def age_on(birth: date, day: date) -> int:
    """Return the age in whole years on a day."""
    return (day_code(day) - day_code(birth)) // YEAR


def minutes(hours: float) -> int:
    """Return hours per week as whole minutes, so that ranges compare exactly."""
    return round(hours * 60)


def freshness(confirmed: date | None, on: date, settings: RuleSettings) -> int:
    """Return 0 fresh, 1 not known, 2 too old, 3 to be marked."""
    if confirmed is None:
        return 1
    days = (on - confirmed).days
    if days > settings.fresh_refused_days:
        return 2
    return 3 if days >= settings.fresh_marked_days else 0


@dataclass(frozen=True, eq=False)
class Areas:
    """Regions and sets of own regions by number, and which of them go together.

    ``region_allowed`` (R, R): from a student's region (row) to an opening's. ``own_allowed`` (K, K): two
    municipalities share an own region. Number 0 is an unknown region, and a municipality in no own region.
    """

    region_number: Mapping[str, int]
    own_number: Mapping[str, int]
    region_allowed: NDArray[np.bool_]
    own_allowed: NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Run:
    """What both sides' columns are made with: the settings, the day, and what was numbered for this run."""

    settings: RuleSettings
    on: date
    tasks: TaskSets
    near: Distances
    where: Areas


def areas(students: Sequence[Student], openings: Sequence[Opening], settings: RuleSettings) -> Areas:
    """Number the regions and own regions of a run.

    A student's region decides: the policy's neighbours of that region where it names it, the built-in ones
    otherwise.
    """
    homes, works = [s.location for s in students], [o.location for o in openings]
    met = {place.region_code for place in (*homes, *works) if place is not None}
    regions = ("", *REGIONS, *sorted(met - set(REGIONS) - {""}))
    number = {code: k for k, code in enumerate(regions)}
    allowed = np.zeros((len(regions), len(regions)), dtype=bool)
    for code, k in number.items():
        near = settings.neighbours.get(code)
        if near is None:
            near = neighbours(code) if code in REGIONS else ()
        allowed[k, [number[other] for other in (code, *near) if other in number]] = True
    names: dict[str, list[str]] = {}
    for name in sorted(settings.own_regions):
        for municipality in settings.own_regions[name]:
            names.setdefault(municipality, []).append(name)
    kinds = [(), *sorted({tuple(sorted(set(n))) for n in names.values()})]
    own = np.array([[bool(set(a) & set(b)) for b in kinds] for a in kinds], dtype=bool)
    return Areas(number, {m: kinds.index(tuple(sorted(set(n)))) for m, n in names.items()}, allowed, own)


def as_columns(rows: Sequence[Mapping[str, int]], names: Sequence[str]) -> dict[str, NDArray[Any]]:
    """Turn one mapping per record into one int64 array per name."""
    return {name: np.array([row[name] for row in rows], dtype=np.int64) for name in names}
