"""A student and an opening of whom everything is known and nothing refuses; tests change one thing at a time."""
from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from features.eligibility import POINTS, RULES, Eligibility, evaluate
from features.records import Background, Demand, Location, Opening, Student, SupportNeed
from features.settings import RuleSettings

ON = date(2026, 6, 1)
RAALTE = Location("Raalte", 52.385, 6.275, "GM0177", "AM36")
OLST = Location("Olst", 52.337, 6.110, "GM1773", "AM36")
DEVENTER = Location("Deventer", 52.255, 6.160, "GM0150", "AM06")
GRONINGEN = Location("Groningen", 53.219, 6.567, "GM0014", "AM01")
MEMBERS = {"AM36": ("25AB00",)}
KNOWN = RuleSettings(werkschool_members=MEMBERS)


def student(**changes: Any) -> Student:
    background = Background(**changes.pop("background", {}))
    base = Student(
        school="25AB00",
        student_ref="1",
        birth_date=date(2007, 3, 10),
        work_capacity="yes",
        enrolled=None,
        leaves_on=date(2026, 7, 15),
        available_from=date(2026, 8, 1),
        location=RAALTE,
        travel_means=("bicycle", "public_transport"),
        max_km=30.0,
        max_minutes=90.0,
        travels_alone=True,
        hours_min=16.0,
        hours_max=32.0,
        branches=("infra", "green"),
        branches_excluded=("hospitality",),
        route=("individual", "group"),
        contract_types=("internship", "work_experience", "job"),
        tasks_disliked=(),
        work_skills=(("pace", 2), ("safety", 1)),
        support_needed=(SupportNeed("fixed_instructor", "structural", True),),
        support_half_days=2.0,
        conditions_wanted=("outdoors",),
        conditions_unacceptable=("smells",),
        certificates=("vca",),
        level="school_diploma",
        consent_on=date(2026, 5, 1),
        confirmed_on=date(2026, 5, 20),
        background=background,
    )
    return replace(base, **changes)


def opening(**changes: Any) -> Opening:
    base = Opening(
        vacancy_ref="v1",
        employer_kvk="12345678",
        branch="infra",
        starts_on=date(2026, 9, 1),
        places=2,
        location=OLST,
        route="individual",
        contract_type="work_experience",
        participation_option=3,
        criteria_met=("concept", "results", "werkschool", "mentor_fte", "job_guarantee", "custom_work"),
        hours_min=24.0,
        hours_max=32.0,
        starts_at=8 * 60,
        ends_at=16 * 60,
        age_min=16,
        age_max=27,
        level_min="none",
        certificates_required=("vca",),
        support_offered=(("fixed_instructor", "yes"), ("step_cards", "limited"), ("quiet_spot", "no")),
        supervision_half_days=6.0,
        conditions=("outdoors", "lifting"),
        work_skills=(Demand("pace", True, 2),),
        confirmed_on=date(2026, 5, 20),
    )
    return replace(base, **changes)


def judge(
    s: Student, o: Opening, settings: RuleSettings = KNOWN, *, on: date = ON, fixed: bool = False
) -> tuple[set[str], set[str], Eligibility]:
    """Return the rules that refuse the pair, its points to check when eligible, and the evaluation."""
    e = evaluate([s], [o], settings, on=on, fixed=frozenset({(0, 0)}) if fixed else frozenset())
    refused = {rule for k, rule in enumerate(RULES) if int(e.refused_by(0, 0)) >> k & 1}
    points = {point for k, point in enumerate(POINTS) if len(e.points) and int(e.points[0]) >> k & 1}
    return refused, points, e
