"""Figures about many, never about one: counts with small cells hidden and the rest rounded.

A count of one to four is not shown, nor another cell from which it would follow; every other count is rounded to a
multiple of five. So no sum, no difference between two pages or two days and no other filter gives a small count away
(`tests/service/test_figures.py` attacks it). Places and openings too: one that is free no longer is one acceptance.
"""
from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, TypeVar

from api.fairness.intervals import Estimate, ratio_of_shares, share_of
from api.fairness.suppression import hidden_cells
from api.services.records import student_of
from api.store import figures
from api.store.figures import Youth
from api.store.people import Session
from features.completeness import STUDENT, completeness, missing_of_student
from features.geography import REGIONS

STEP = 5
HALF_YEAR = timedelta(days=182)
STAGES = ("leavers", "proposed", "released", "introduced", "placed", "six_months")
WITHOUT = (None, "none", "unknown")
"""Destinations that are none."""
SCHOOL_TYPES = ("pro", "vso", "mbo1", "other")
FEW = 30
"""Below so many people a share says little."""
ALARM = 800_000
"""Millionths: a group of which the share is under four fifths of the others' is looked at."""
FRESH = 60
COMPLETE = 800_000
"""Millionths of what is asked about a student; from there on a profile counts as filled in."""
Key = TypeVar("Key", bound=Hashable)
Answer = TypeVar("Answer")


KEPT_FOR = 600.0
"""Seconds for which a count that nobody asks for stays in memory."""


class _Kept:
    """Answers to questions about what was counted; all of them go when anything of it changes."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Let all go."""
        self._last: tuple[object, dict[Hashable, Any]] = (None, {})
        self.asked = time.monotonic()

    def answer(self, of: object, question: Hashable, count: Callable[[], Answer]) -> Answer:
        """The answer to a question about ``of``, counted or remembered; not to be changed by who reads it."""
        last, self.asked = self._last, time.monotonic()
        if last[0] is not of and last[0] != of:
            self._last = last = (of, {})
        answers = last[1]
        if question not in answers:
            answers[question] = count()
        found: Answer = answers[question]
        return found


_OF_PEOPLE, _OF_PLANS = _Kept(), _Kept()


def forget_unasked() -> None:
    """Let go of counts that nobody asked for lately: who was erased since is in no memory either.

    A count that is asked for finds by itself that somebody is gone.
    """
    if time.monotonic() - max(_OF_PEOPLE.asked, _OF_PLANS.asked) > KEPT_FOR:
        _OF_PEOPLE.forget()
        _OF_PLANS.forget()
        figures.forget()


@dataclass(frozen=True, slots=True)
class Cell:
    """A count as it may be shown: rounded, or None where it stays hidden. With a value made by `shown` alone."""

    value: int | None

    @property
    def hidden(self) -> bool:
        """Whether it is too small to show, or would give a small one away."""
        return self.value is None


HIDDEN = Cell(None)
"""A count that stays untold for another reason than its size."""


@dataclass(frozen=True, slots=True)
class Chance:
    """How many of a group have a place; ``ratio`` compares with everybody else. None where it stays hidden."""

    group: str
    people: Cell
    share: Estimate | None
    ratio: Estimate | None

    @property
    def few(self) -> bool:
        """Whether the group is so small that the figure says little."""
        return self.people.value is None or self.people.value < FEW

    @property
    def alarm(self) -> bool:
        """Whether somebody should look: surely under what the others get."""
        return self.ratio is not None and self.ratio.value < ALARM and self.ratio.high < 1_000_000


def school_year(day: date) -> int:
    """The year in which the school year of a day begins: on the first of August."""
    return day.year if day.month >= 8 else day.year - 1


def years(session: Session, today: date) -> list[int]:
    """The school years that anybody leaves in, newest first; always with the present one."""
    people = _youths(session)
    left = _OF_PEOPLE.answer(people, "years", lambda: {_year_of(youth) for youth in people})
    return sorted(left | {school_year(today)}, reverse=True)


def shown(counts: Mapping[Key, int], sums: Iterable[Iterable[Key]] = ()) -> dict[Key, Cell]:
    """Counts as they may be shown; ``sums`` are groups of cells of which somebody may know the total."""
    relations = [dict.fromkeys(cells, 1) for cells in sums] or [dict.fromkeys(counts, 1)]
    hidden = hidden_cells(counts, relations)
    return {key: Cell(None if key in hidden else rounded(number)) for key, number in counts.items()}


def rounded(number: int) -> int:
    """A count rounded to a multiple of five, the middle upwards."""
    return (number + STEP // 2) // STEP * STEP


def by_region(session: Session, year: int) -> dict[str, dict[str, Cell]]:
    """Per region: students without a place, placements, and places that nobody holds."""
    people = _youths(session)
    told = _OF_PEOPLE.answer(people, ("by_region", year), lambda: _by_region(people, year))
    places = figures.open_places(session, date(year, 8, 1), date(year + 1, 8, 1))
    free = shown({code: max(places.get(code, 0), 0) for code in REGIONS})
    return {code: {"without_place": told[0][code], "placements": told[1][code], "open_places": free[code]}
            for code in REGIONS}  # fmt: skip


def _by_region(people: Iterable[Youth], year: int) -> tuple[dict[str, Cell], dict[str, Cell]]:
    without = dict.fromkeys(REGIONS, 0)
    placed = dict.fromkeys(REGIONS, 0)
    for youth in people:
        if youth.region in without and _year_of(youth) == year:
            without[youth.region] += youth.expects_work and not youth.has_place and youth.destination in WITHOUT
            placed[youth.region] += youth.started_on is not None
    return shown(without), shown(placed)


def funnel(session: Session, year: int, region: str | None, today: date) -> dict[str, Cell]:
    """How many came how far, in the country or a region."""
    return funnels(session, year, today)[region or ""]


def funnels(session: Session, year: int, today: date) -> dict[str, dict[str, Cell]]:
    """How many came how far, in the country ("") and in every region; the parts fit the whole."""
    people = _youths(session)
    return _OF_PEOPLE.answer(people, ("funnels", year, today), lambda: _funnels(people, year, today))


def _funnels(people: Iterable[Youth], year: int, today: date) -> dict[str, dict[str, Cell]]:
    counts = {(code, stage): 0 for code in REGIONS for stage in STAGES}
    for youth in people:
        if _year_of(youth) == year and youth.region in REGIONS:
            for stage in _reached(youth, today):
                counts[youth.region or "", stage] += 1
    whole = shown({stage: sum(counts[code, stage] for code in REGIONS) for stage in STAGES}, [[s] for s in STAGES])
    cells = shown(counts, [[(code, stage) for code in REGIONS] for stage in STAGES])
    return {"": whole} | {code: {stage: cells[code, stage] for stage in STAGES} for code in REGIONS}


def bottlenecks(session: Session, region: str | None) -> dict[str, list[tuple[str, Cell, Cell]]]:
    """What keeps students and places apart in the plan that holds.

    ``students``: per rule, how many without a place it refuses somewhere, and for how many easing it would give one;
    ``openings`` the same for openings with places left.
    """
    regions = None if region is None else [region]
    return _OF_PLANS.answer(figures.marks_of_plans(session), ("bottlenecks", region), lambda: {
        "students": _rules(figures.unplaced(session, regions)),
        "openings": _rules(figures.unfilled(session, regions))})  # fmt: skip


def _rules(found: Sequence[tuple[Mapping[str, int], str | None]]) -> list[tuple[str, Cell, Cell]]:
    touched: dict[str, int] = {}
    eased: dict[str, int] = {}
    for blocked, change in found:
        for code in blocked:
            touched[code] = touched.get(code, 0) + 1
        if change is not None:
            eased[change] = eased.get(change, 0) + 1
    codes = sorted(touched.keys() | eased, key=lambda code: (-touched.get(code, 0), code))
    one = {code: touched.get(code, 0) for code in codes}
    two = {code: eased.get(code, 0) for code in codes}
    # One stands in many rules, so only the smallest changes add up to a number of people or openings.
    cells = shown(one, [[code] for code in codes]), shown(two)
    return [(code, cells[0][code], cells[1][code]) for code in codes]


def chances(session: Session, year: int, region: str | None, by: str) -> list[Chance]:
    """Per group (``school_type`` or ``left``: this school year or before) how many have a place, beside the others."""
    people = _youths(session)
    return _OF_PEOPLE.answer(people, ("chances", year, region, by), lambda: _chances(people, year, region, by))


def _chances(people: Iterable[Youth], year: int, region: str | None, by: str) -> list[Chance]:
    people = [youth for youth in people if youth.expects_work and youth.region in REGIONS
              and region in (None, youth.region)]  # fmt: skip
    if by == "school_type":
        people = [youth for youth in people if _year_of(youth) == year]
        groups = {name: [y for y in people if (y.school_type or "other") == name] for name in SCHOOL_TYPES}
    else:
        groups = {"this_year": [y for y in people if _year_of(y) == year],
                  "before": [y for y in people if _year_of(y) < year]}  # fmt: skip
    sizes = {name: len(inside) for name, inside in groups.items()}
    placed = {name: sum(map(_got_place, inside)) for name, inside in groups.items()}
    rest = {name: sizes[name] - placed[name] for name in groups}
    cells = shown({**{(name, True): n for name, n in placed.items()}, **{(name, False): n for name, n in rest.items()}},
                  [[(name, there) for name in groups] for there in (True, False)])  # fmt: skip
    size_cells = shown(sizes)
    found = []
    for name in groups:
        open_ = not (size_cells[name].hidden or cells[name, True].hidden or cells[name, False].hidden)
        others, theirs = sum(sizes.values()) - sizes[name], sum(placed.values()) - placed[name]
        share = coarse(share_of(placed[name], sizes[name])) if open_ and sizes[name] else None
        ratio = ratio_of_shares(placed[name], sizes[name], theirs, others) if share and theirs and others else None
        found.append(Chance(name, size_cells[name], share, None if ratio is None else coarse(ratio)))
    return found


def coarse(found: Estimate) -> Estimate:
    """A share or ratio in steps of five hundredths, so that no count follows from it."""
    return Estimate(*(round(end / 50_000) * 50_000 for end in (found.value, found.low, found.high)))


def destinations(session: Session, year: int) -> dict[tuple[str, str], Cell]:
    """Per school type and destination how many leavers of a school year went there."""
    people = _youths(session)
    return _OF_PEOPLE.answer(people, ("destinations", year), lambda: _destinations(people, year))


def _destinations(people: Iterable[Youth], year: int) -> dict[tuple[str, str], Cell]:
    counts: dict[tuple[str, str], int] = {}
    for youth in (one for one in people if _year_of(one) == year):
        key = youth.school_type or "other", youth.destination or "unknown"
        counts[key] = counts.get(key, 0) + 1
    types, kinds = {t for t, _ in counts}, {d for _, d in counts}
    counts |= {(t, d): counts.get((t, d), 0) for t in types for d in kinds}
    return shown(counts, [*([(t, d) for d in kinds] for t in types), *([(t, d) for t in types] for d in kinds)])


def freshness(session: Session, today: date) -> dict[str, tuple[Cell, Cell, Cell]]:
    """Per region how many students stand in the service, how many profiles were confirmed of late, and how many are
    filled in for at least `COMPLETE` of what rules and features read.
    """
    people = _youths(session)
    return _OF_PEOPLE.answer(people, ("freshness", today), lambda: _freshness(people, today))


def _freshness(people: Iterable[Youth], today: date) -> dict[str, tuple[Cell, Cell, Cell]]:
    counts = {(code, what, there): 0 for code in REGIONS for what in ("fresh", "complete") for there in (True, False)}
    for youth in (one for one in people if one.region in REGIONS):
        fresh = youth.confirmed_on is not None and (today - youth.confirmed_on).days <= FRESH
        counts[youth.region or "", "fresh", fresh] += 1
        filled = completeness(youth.missing, len(STUDENT)) >= COMPLETE
        counts[youth.region or "", "complete", filled] += 1
    sums = [[(code, what, True), (code, what, False)] for code in REGIONS for what in ("fresh", "complete")]
    cells = shown(counts, sums)
    totals = shown({code: counts[code, "fresh", True] + counts[code, "fresh", False] for code in REGIONS})
    return {code: (totals[code], cells[code, "fresh", True], cells[code, "complete", True]) for code in REGIONS}


def _youths(session: Session) -> list[Youth]:
    return figures.youths(session, lambda record: len(missing_of_student(student_of(record))))


def _year_of(youth: Youth) -> int:
    return school_year(youth.leaves_on or youth.since)


def _got_place(youth: Youth) -> bool:
    return youth.proposed or youth.started_on is not None


def _reached(youth: Youth, today: date) -> list[str]:
    started, ended = youth.started_on, youth.ended_on
    stayed = started is not None and (ended or today) - started >= HALF_YEAR
    later = (youth.proposed, youth.released, youth.introduced, started is not None, stayed)
    return ["leavers", *(stage for stage, there in zip(STAGES[1:], later, strict=True) if there)]


__all__ = [
    "HIDDEN", "STAGES", "STEP", "Cell", "Chance", "bottlenecks", "by_region", "chances", "coarse", "destinations",
    "freshness", "funnel", "funnels", "rounded", "school_year", "shown", "years",
]  # fmt: skip
