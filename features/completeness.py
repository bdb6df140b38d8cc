"""How much of a profile and of a vacancy is filled in, and what is not; and how fresh it is."""
from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from features.eligibility_columns import freshness
from features.eligibility_openings import criteria_of
from features.records import Opening, Student
from features.settings import MILLION, RuleSettings

STUDENT: Mapping[str, Callable[[Student], bool]] = {
    "work_capacity": lambda s: s.work_capacity == "unknown",
    "location": lambda s: s.location is None,
    "available_from": lambda s: s.available_from is None and s.leaves_on is None,
    "travel_means": lambda s: not s.travel_means,
    "travel_limit": lambda s: s.max_km is None and s.max_minutes is None,
    "travels_alone": lambda s: s.travels_alone is None and set(s.travel_means) != {"brought"},
    "hours": lambda s: s.hours_min is None and s.hours_max is None,
    "branches": lambda s: not s.branches,
    "tasks_wanted": lambda s: not (s.tasks_wanted or s.tasks_mastered or s.experience),
    "route": lambda s: not s.route,
    "contract_types": lambda s: not s.contract_types,
    "work_skills": lambda s: not s.work_skills,
    "support_needed": lambda s: s.support_needed is None,
    "support_half_days": lambda s: s.support_half_days is None,
    "conditions_wanted": lambda s: not s.conditions_wanted,
    "conditions_unacceptable": lambda s: s.conditions_unacceptable is None,
    "certificates": lambda s: s.certificates is None,
    "level": lambda s: s.level is None,
    "confirmed_on": lambda s: s.confirmed_on is None,
}
"""Everything about a student that a rule, a feature or the load reads, and whether it is missing."""

OPENING: Mapping[str, Callable[[Opening], bool]] = {
    "location": lambda o: o.location is None,
    "hours": lambda o: o.hours_min is None and o.hours_max is None,
    "times": lambda o: o.starts_at is None or o.ends_at is None,
    "route": lambda o: o.route is None,
    "contract_type": lambda o: o.contract_type is None,
    "support_offered": lambda o: o.support_offered is None,
    "conditions": lambda o: o.conditions is None,
    "work_skills": lambda o: not o.work_skills,
    "certificates_obtainable": lambda o: not (o.certificates_obtainable or o.crebo)
    and o.contract_type != "apprenticeship",
    "participation": lambda o: o.participation_option is None or bool(
        set(criteria_of(o.participation_option)) - set(o.criteria_met) - set(o.criteria_not_met)
    ),
    "job_guarantee": lambda o: o.job_guarantee is None,
    "duration_months": lambda o: o.duration_months is None,
    "trial_months": lambda o: o.trial_months is None,
    "confirmed_on": lambda o: o.confirmed_on is None,
}  # fmt: skip
"""The same for an opening. An empty minimum, level or list of required certificates means that nothing is asked."""

FRESHNESS = ("fresh", "unknown", "old", "marked")
"""By number as `features.eligibility_columns.freshness` has them."""


def missing_of_student(student: Student) -> tuple[str, ...]:
    """Return the names of `STUDENT` that are missing, in their order."""
    return tuple(name for name, is_missing in STUDENT.items() if is_missing(student))


def missing_of_opening(opening: Opening) -> tuple[str, ...]:
    """Return the names of `OPENING` that are missing, in their order."""
    return tuple(name for name, is_missing in OPENING.items() if is_missing(opening))


def completeness(missing: int, asked: int) -> int:
    """Return the share that is filled in, in millionths, halves to even.

    >>> completeness(5, 20)
    750000
    """
    whole, rest = divmod((asked - missing) * MILLION, asked)
    return whole + (2 * rest > asked or (2 * rest == asked and whole % 2 == 1))


def freshness_state(confirmed: date | None, on: date, settings: RuleSettings) -> str:
    """Return fresh, marked (to be confirmed soon), old (not proposed) or unknown."""
    return FRESHNESS[freshness(confirmed, on, settings)]
