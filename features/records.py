"""The two sides of a match as records: one student, one opening.

A record is what the schemas let through: every code is known, every number in range, units in the
names. Empty means unknown, never "no". Fields that may not count in a fit (school, school type, first
name, own words) stand apart at the end of `Student`, in `Background`.
"""
from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Location:
    """Where somebody lives or works.

    ``municipality_code`` is a CBS code (``GM0177``), ``region_code`` a labour-market region of 2025
    (``AM36``). ``label`` is the place or the four digits of the postcode, for people.
    """

    label: str
    latitude: float
    longitude: float
    municipality_code: str
    region_code: str


@dataclass(frozen=True, slots=True)
class SupportNeed:
    """One support item a student needs; ``when`` is None when the list does not say startup or structural."""

    code: str
    when: str | None = None
    essential: bool = False


@dataclass(frozen=True, slots=True)
class Demand:
    """One demanded task or work skill; ``text`` is a task code or free text, ``level`` 0-3 for a skill."""

    text: str
    must: bool = False
    level: int | None = None


@dataclass(frozen=True, slots=True)
class Background:
    """What is known about a student and never counts in a fit."""

    first_name: str = ""
    school_type: str = ""
    leaving_profile: str = ""
    own_words: str = ""
    is_referrer: bool = False


@dataclass(frozen=True, slots=True)
class Student:
    """A leaver, last year's leaver or side entrant, as one row of the leaver list says.

    ``school`` is the BRIN number with its branch (``25AB00``), or the referrer's number or name. Hours
    are per week, distances in road km, travel in minutes one way, support in half-days per week. A
    tuple that is empty was left empty: unknown.
    """

    school: str
    student_ref: str
    birth_date: date
    work_capacity: str  # yes | no | unknown
    enrolled: bool | None = None
    leaves_on: date | None = None
    available_from: date | None = None
    location: Location | None = None
    travel_means: tuple[str, ...] = ()
    max_km: float | None = None
    max_minutes: float | None = None
    travels_alone: bool | None = None
    hours_min: float | None = None
    hours_max: float | None = None
    branches: tuple[str, ...] = ()  # ranked, first is best
    branches_excluded: tuple[str, ...] = ()
    route: tuple[str, ...] = ()  # individual, group; both: either
    contract_types: tuple[str, ...] = ()
    tasks_wanted: tuple[str, ...] = ()  # task codes or free text, here and below
    tasks_disliked: tuple[str, ...] = ()
    tasks_mastered: tuple[str, ...] = ()
    experience: tuple[str, ...] = ()
    work_skills: tuple[tuple[str, int], ...] = ()
    support_needed: tuple[SupportNeed, ...] | None = None  # None: not asked; (): needs none
    support_half_days: float | None = None
    conditions_wanted: tuple[str, ...] = ()
    conditions_unacceptable: tuple[str, ...] | None = None  # None: not asked
    certificates: tuple[str, ...] | None = None  # None: not asked
    level: str | None = None
    consent_on: date | None = None
    confirmed_on: date | None = None
    destination: str = ""
    background: Background = field(default_factory=Background)

    @property
    def key(self) -> str:
        """The student in ``case/``, ``what-if`` and ``moves``: ``school/student_ref``."""
        return f"{self.school}/{self.student_ref}"


@dataclass(frozen=True, slots=True)
class Opening:
    """A vacancy at one start date, as one row of the vacancy list says.

    ``places`` are seats still free at this start, ``present`` the people already in the group (they
    count towards ``min_to_open``, not towards ``places``), ``supervision_half_days`` the supervision
    available per week, in half-days (None: no limit). ``starts_at`` and ``ends_at`` are minutes after
    midnight.
    """

    vacancy_ref: str
    employer_kvk: str
    branch: str
    starts_on: date
    places: int
    tasks: tuple[Demand, ...] = ()
    employer: str = ""
    title: str = ""
    description: str = ""
    location: Location | None = None
    min_to_open: int = 0
    present: int = 0
    certainty: str = "firm"
    duration_months: float | None = None
    route: str | None = None
    entry: str = "either"
    contract_type: str | None = None
    participation_option: int | None = None
    criteria_met: tuple[str, ...] = ()
    criteria_not_met: tuple[str, ...] = ()
    hours_min: float | None = None
    hours_max: float | None = None
    starts_at: int | None = None
    ends_at: int | None = None
    age_min: int | None = None
    age_max: int | None = None
    level_min: str | None = None
    certificates_required: tuple[str, ...] = ()
    certificates_obtainable: tuple[str, ...] = ()
    support_offered: tuple[tuple[str, str], ...] | None = None  # (code, yes | limited | no); None: not asked
    supervision_half_days: float | None = None
    conditions: tuple[str, ...] | None = None  # None: not asked
    work_skills: tuple[Demand, ...] = ()  # text is the skill's code
    leerbedrijf_id: str = ""
    crebo: str = ""
    job_guarantee: bool | None = None
    trial_months: float | None = None
    closes_on: date | None = None
    confirmed_on: date | None = None

    @property
    def key(self) -> str:
        """The opening in ``case/``, ``what-if`` and ``moves``: ``vacancy_ref@yyyy-mm-dd``."""
        return f"{self.vacancy_ref}@{self.starts_on.isoformat()}"
