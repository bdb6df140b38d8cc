"""What a missing answer could turn out to be: the ends between which a fit can lie, as records.

Where the best and the worst answer are the same for every opening (or student), those two are enough; where they
depend on the other side (a branch, a kind of contract), every answer that makes a difference there is one.
"""
from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from features.codes import code_list
from features.eligibility_openings import criteria_of
from features.records import Demand, Location, Opening, Student, SupportNeed
from features.settings import RuleSettings

Value = TypeVar("Value")
Changes = Mapping[str, object]
"""Fields of a record with what an answer would put there."""
MOST_PLACES, MOST_HOURS, MOST_SETS = 40, 12, 12
_LONG = 366  # days


@dataclass(frozen=True, eq=False)
class World:
    """What answers are drawn from: the other side, the day of the run and the rules."""

    students: Sequence[Student]
    openings: Sequence[Opening]
    on: date
    settings: RuleSettings


def student_answers(world: World) -> dict[str, tuple[Changes, ...]]:
    """Return the answers to each missing field of `features.completeness.STUDENT`; none where no fit depends on it."""
    fresh, stale = world.on, world.on - timedelta(days=world.settings.fresh_refused_days + 1)
    presumed = world.settings.measures.presumed_km
    return {
        "work_capacity": _each("work_capacity", ("yes", "no")),
        "location": _each("location", _places(o.location for o in world.openings)),
        "available_from": _each("available_from", (world.on, world.on + timedelta(days=_LONG))),
        "travel_means": _each("travel_means", _singly(_codes("travel_means"))),
        "travel_limit": _each("max_km", (presumed / 2, presumed * 2.0)),
        "travels_alone": _each("travels_alone", (True, False)),
        "hours": _hours(world.openings),
        "branches": _each("branches", _singly(sorted({o.branch for o in world.openings}))),
        "tasks_wanted": tuple({"tasks_wanted": wish, "tasks_mastered": wish} for wish in _wishes(world)),
        "route": _each("route", _singly(_codes("route"))),
        "contract_types": _each("contract_types", _singly(_codes("contract_type"))),
        "work_skills": _each("work_skills", (_alike("work_skill", level) for level in (0, 3))),
        "support_needed": _each("support_needed", _needs()),
        "conditions_wanted": _each("conditions_wanted", _singly(_codes("condition"))),
        "conditions_unacceptable": _each("conditions_unacceptable", ((), _codes("condition"))),
        "certificates": _each("certificates", _certificates(world)),
        "level": _each("level", _codes("level")),
        "confirmed_on": _each("confirmed_on", (fresh, stale)),
    }


def opening_answers(world: World) -> dict[str, tuple[Changes, ...]]:
    """Return the answers to each missing field of `features.completeness.OPENING`; none where no fit depends on it.

    Those of ``participation`` hold for an opening whose option is 3; see `participation_answers`.
    """
    fresh, stale = world.on, world.on - timedelta(days=world.settings.fresh_refused_days + 1)
    demands = (tuple(Demand(code, False, level) for code in _codes("work_skill")) for level in (0, 3))
    return {
        "location": _each("location", _places(s.location for s in world.students)),
        "hours": _hours(world.students),
        "times": ({"starts_at": 9 * 60, "ends_at": 17 * 60}, {"starts_at": 22 * 60, "ends_at": 6 * 60}),
        "route": _each("route", _codes("route")),
        "contract_type": _each("contract_type", _codes("contract_type")),
        "support_offered": _each("support_offered", (_alike("support", how) for how in ("yes", "no"))),
        "conditions": _each("conditions", ((), _codes("condition"))),
        "work_skills": _each("work_skills", demands),
        "certificates_obtainable": _each(
            "certificates_obtainable", (_codes("certificate")[:1], _codes("certificate"))
        ),
        "job_guarantee": _each("job_guarantee", (True, False)),
        "duration_months": _each("duration_months", (1.0, 24.0)),
        "trial_months": _each("trial_months", (0.0, 12.0)),
        "confirmed_on": _each("confirmed_on", (fresh, stale)),
    }


def participation_answers(opening: Opening) -> tuple[Changes, ...]:
    """Return the opening's unknown criteria of participation as all met, and as all not met."""
    option = opening.participation_option or 3
    criteria = criteria_of(option)
    open_ones = tuple(c for c in criteria if c not in (*opening.criteria_met, *opening.criteria_not_met))
    return (
        {"participation_option": option, "criteria_met": (*opening.criteria_met, *open_ones)},
        {"participation_option": option, "criteria_not_met": (*opening.criteria_not_met, *open_ones)},
    )


def _codes(name: str) -> tuple[str, ...]:
    return code_list(name).codes


def _each(field: str, values: Iterable[object]) -> tuple[Changes, ...]:
    return tuple({field: value} for value in values)


def _singly(codes: Iterable[str]) -> list[tuple[str, ...]]:
    return [(code,) for code in codes]


def _alike(name: str, value: object) -> tuple[tuple[str, object], ...]:
    return tuple((code, value) for code in _codes(name))


def _hours(others: Sequence[Student] | Sequence[Opening]) -> tuple[Changes, ...]:
    """Hours that just meet somebody's range, and an hour that meets nearly nobody's."""
    ends = {end for other in others for end in (other.hours_min, other.hours_max) if end is not None}
    return tuple({"hours_min": hours, "hours_max": hours} for hours in (1.0, *_thinned(sorted(ends), MOST_HOURS)))


def _thinned(values: Sequence[Value], most: int) -> Sequence[Value]:
    """Evenly spread ones where there are more than ``most``."""
    return values[:: max(1, -(-len(values) // most))]


def _certificates(world: World) -> list[tuple[str, ...]]:
    """None, all, and what openings ask: to hold just that leaves most to be earned."""
    asked = sorted({tuple(sorted(o.certificates_required)) for o in world.openings} - {()})
    return [(), _codes("certificate"), *_thinned(asked, MOST_SETS)]


def _needs() -> list[tuple[SupportNeed, ...]]:
    """No support, and each item by itself: several together are a mean of these."""
    return [(), *((SupportNeed(code, "structural", True),) for code in _codes("support"))]


def _places(locations: Iterable[Location | None]) -> list[Location]:
    """Distinct places, thinned out evenly where there are many."""
    found = {(place.latitude, place.longitude): place for place in locations if place is not None}
    return list(_thinned([found[key] for key in sorted(found)], MOST_PLACES))


def _wishes(world: World) -> list[tuple[str, ...]]:
    """Every task of the openings, and one that none of them has."""
    named = sorted({demand.text for opening in world.openings for demand in opening.tasks})
    other = [code for code in _codes("task") if code not in named][:1]
    return [tuple(wish) for wish in (named, other) if wish]
