"""One row of whole numbers per student: everything a hard rule may look at."""
from __future__ import annotations

from collections.abc import Sequence

from features.codes import code_list
from features.eligibility_columns import EVER, Columns, Run, as_columns, bits, day_code, freshness, minutes, place_of
from features.eligibility_reach import reach_limits
from features.eligibility_times import timed_columns
from features.records import Student

NO_DESTINATION = ("", "none", "unknown")

STUDENT_FIELDS = (
    "capacity", "destination", "day_activities", "birth", "enrolled_until", "member", "routes", "contracts",
    "available", "most_at_least", "most_at_most", "least_at_least", "least_at_most", "region", "own",
    "excluded", "held", "held_known", "level", "essential", "needs_known", "unacceptable", "unacceptable_known",
    "dislikes_known", "dislikes_vague", "skill_steps", "skills_known", "fresh", "transport_only",
    "schooling_due", "no_consent", "no_half_days",
)  # fmt: skip
"""What `student_columns` makes, besides place, limit_m, sure_m, stranded (reach) and the task words."""


def student_columns(students: Sequence[Student], run: Run) -> Columns:
    """Return the columns of `STUDENT_FIELDS`, of reach and of tasks; see `features.eligibility_rules`."""
    members = {_school(name) for schools in run.settings.werkschool_members.values() for name in schools}
    rows = [_row(i, s, members, run) for i, s in enumerate(students)]
    columns = as_columns(rows, STUDENT_FIELDS)
    columns["place"] = run.near.student
    columns["limit_m"], columns["sure_m"], columns["stranded"] = reach_limits(students, run.settings.road_factor)
    if run.near.times is not None:
        columns.update(timed_columns(students, run.settings.road_factor))
    columns["disliked"], columns["wanted"] = run.tasks.disliked, run.tasks.wanted
    return columns


def _row(i: int, s: Student, members: set[str], run: Run) -> dict[str, int]:
    where = run.where
    available = s.available_from or s.leaves_on
    steps, known = _skills(s)
    levels = code_list("level").codes
    return {
        "capacity": {"yes": 0, "no": 1}.get(s.work_capacity, 2),
        "destination": s.destination not in NO_DESTINATION,
        "day_activities": s.background.leaving_profile == "day_activities",
        "birth": day_code(s.birth_date),
        "enrolled_until": enrolled_until(s),
        "member": -1 if s.background.is_referrer else int(_school(s.school) in members),
        "routes": bits(s.route, "route"),
        "contracts": bits(s.contract_types, "contract_type"),
        "available": -1 if available is None else available.toordinal(),
        **hours_bounds(s.hours_min, s.hours_max),
        "region": 0 if s.location is None else where.region_number[s.location.region_code],
        "own": 0 if s.location is None else where.own_number.get(s.location.municipality_code, 0),
        "excluded": bits(s.branches_excluded, "branch"),
        "held": bits(s.certificates or (), "certificate"),
        "held_known": s.certificates is not None,
        "level": -1 if s.level is None else place_of(s.level, "level", levels),
        "essential": bits((need.code for need in s.support_needed or () if need.essential), "support"),
        "needs_known": s.support_needed is not None,
        "unacceptable": bits(s.conditions_unacceptable or (), "condition"),
        "unacceptable_known": s.conditions_unacceptable is not None,
        "dislikes_known": bool(s.tasks_disliked),
        "dislikes_vague": bool(run.tasks.disliked_texts[i]),
        "skill_steps": steps,
        "skills_known": known,
        "fresh": freshness(s.confirmed_on, run.on, run.settings),
        "transport_only": set(s.travel_means) == {"public_transport"},
        "schooling_due": s.level not in run.settings.schooling_done_levels,
        "no_consent": s.consent_on is None,
        "no_half_days": s.support_half_days is None,
    }


def _school(name: str) -> str:
    """Return a BRIN with its branch; four characters mean the main branch, as in a leaver list."""
    plain = name.strip().upper()
    return f"{plain}00" if len(plain) == 4 else plain


def enrolled_until(s: Student) -> int:
    """Return the last day of enrolment as an ordinal: `EVER` when said to be enrolled, 0 when not, -1 unknown.

    An empty cell means enrolled until (and on) ``leaves_on``; a referrer's student without that date comes
    in from the side and is enrolled nowhere.
    """
    if s.enrolled is not None:
        return EVER if s.enrolled else 0
    if s.leaves_on is not None:
        return s.leaves_on.toordinal()
    return 0 if s.background.is_referrer else -1


def hours_bounds(least: float | None, most: float | None) -> dict[str, int]:
    """Bound both ends of a range of hours from both sides: a missing minimum still is no more than the maximum."""
    low = None if least is None else minutes(least)
    high = None if most is None else minutes(most)
    return {
        "most_at_most": EVER if high is None else high,
        "most_at_least": high if high is not None else (0 if low is None else low),
        "least_at_least": 0 if low is None else low,
        "least_at_most": low if low is not None else (EVER if high is None else high),
    }


def _skills(s: Student) -> tuple[int, int]:
    """Return skill levels as steps: bit 3k + l - 1 says skill k reaches level l; and three bits per known skill."""
    order = code_list("work_skill").codes
    steps = known = 0
    for code, level in s.work_skills:
        k = 3 * place_of(code, "work_skill", order)
        known |= 0b111 << k
        steps |= ((1 << level) - 1) << k
    return steps, known
