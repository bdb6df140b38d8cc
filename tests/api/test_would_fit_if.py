"""Every "would fit if ..." of drawn cohorts, made so in the records and matched anew from the start.

The change is written into the lists (by a second hand, `changed_records`), nothing else is touched, and the whole is
read as a new run: who was told of a place must have one, and an opening that was told to be filled must be.
"""
from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from api.compare.plans import plan_of
from api.match_report import Decision, MatchReport, SmallestChange
from api.pipeline import prepare, run_match
from api.policy import Cap, Policy
from features.records import Demand, Opening, Student, SupportNeed
from matcher.solver import search
from tests.api.report_cohort import DEVENTER, LATER, ON, RAALTE, START, ZWOLLE, opening, student
from tests.api.test_smallest_changes import changed_records, with_pair
from tests.features.known_pair import GRONINGEN

ITEMS = ("quiet_spot", "demonstration", "step_cards")
OF_THE_PAIR = ("region", "min_fit")
"""What no record says; the pair is let through in the problem itself."""


def drawn_student(draw: random.Random, ref: str) -> Student:
    some: dict[str, list[dict[str, Any]]] = {
        "reach": [{"max_km": draw.choice([2.0, 10.0, 25.0])}, {"max_minutes": draw.choice([20.0, 60.0])},
                  {"travels_alone": False}, {"location": draw.choice([DEVENTER, ZWOLLE, GRONINGEN])}],
        "hours": [{"hours_min": 4.0, "hours_max": draw.choice([8.0, 20.0])}, {"hours_min": 38.0, "hours_max": 40.0}],
        "dates": [{"available_from": START + timedelta(days=draw.choice([5, 40]))}],
        "route": [{"route": ("group",)}, {"route": ("individual",)}],
        "contract": [{"contract_types": ("internship",)}],
        "branch": [{"branches_excluded": ("green",), "branches": ("infra",)}, {"branches": ("retail",)}],
        "support": [{"support_needed": (SupportNeed(draw.choice(ITEMS), "structural", True),)}],
        "level": [{"level": "none"}, {"certificates": ()}],
        "condition": [{"conditions_unacceptable": ("noise",)}],
        "task": [{"tasks_disliked": ("gras maaien",), "tasks_wanted": ()}],
        "skill": [{"work_skills": (("pace", draw.choice([0, 1])),)}],
        "old": [{"confirmed_on": ON - timedelta(days=200)}],
        "capacity": [{"work_capacity": "unknown"}],
        "left": [{"leaves_on": ON - timedelta(days=300)}],
        "load": [{"support_half_days": draw.choice([2.0, 5.0])}],
    }  # fmt: skip
    given: dict[str, Any] = {}
    for name in draw.sample(sorted(some), draw.choice([0, 0, 1, 1, 2])):
        given |= draw.choice(some[name])
    return student(ref, **given)


def drawn_opening(draw: random.Random, ref: str) -> Opening:
    some: list[dict[str, Any]] = [
        {"branch": draw.choice(["infra", "retail"])}, {"location": draw.choice([RAALTE, DEVENTER])},
        {"support_offered": tuple((code, draw.choice(["yes", "no"])) for code in ITEMS)},
        {"level_min": "school_diploma"}, {"certificates_required": ("forklift",), "certificates_obtainable": ()},
        {"conditions": ("outdoors", "noise")}, {"tasks": (Demand("gras maaien", must=True), Demand("snoeien"))},
        {"work_skills": (Demand("pace", must=True, level=2),)}, {"age_min": 19},
        {"route": "group", "min_to_open": draw.choice([3, 6]), "places": 8}, {"criteria_not_met": ("rooms",)},
        {"confirmed_on": ON - timedelta(days=150)}, {"closes_on": ON - timedelta(days=1)},
        {"supervision_half_days": 3.0},
    ]  # fmt: skip
    given: dict[str, Any] = {"places": draw.choice([1, 1, 2, 3])}
    for one in draw.sample(some, draw.choice([0, 1, 1, 2])):
        given |= one
    return opening(ref, draw.choice([START, LATER]), **given)


def drawn_run(seed: int) -> MatchReport:
    draw = random.Random(seed)
    students = [drawn_student(draw, f"{k:02d}") for k in range(draw.randint(4, 12))]
    openings = [drawn_opening(draw, f"V{k}") for k in range(draw.randint(2, 6))]
    caps = (Cap("groen", "green", at_most=draw.choice([1, 4])),) if draw.random() < 0.2 else ()
    decisions = [
        Decision("25AB00", s.student_ref, o.vacancy_ref, None, "reject", "other", ON)
        for s in students for o in openings if draw.random() < 0.05
    ]  # fmt: skip
    floor = draw.choice([300_000, 400_000, 600_000])
    return run_match(students, openings, Policy(min_fit=floor, caps=caps), decisions, on=ON)


def stated(report: MatchReport) -> Iterator[tuple[bool, SmallestChange]]:
    yield from ((False, change) for change in report.changes.students.values())
    yield from ((True, change) for change in report.changes.openings.values())


def holds(report: MatchReport, change: SmallestChange, *, fills: bool) -> bool:
    """Make the change, match everything anew, and look."""
    who, where = report.students[change.i].key, report.openings[change.j].key
    if change.code in OF_THE_PAIR:
        after = search(with_pair(report, change), objective="placed").assignment
        return bool((after == change.j).any()) if fills else int(after[change.i]) >= 0
    ours, theirs = list(report.students), list(report.openings)
    ours[change.i], theirs[change.j] = changed_records(report, change)
    decisions = report.decisions
    if change.code == "full":
        theirs[change.j] = replace(theirs[change.j], places=theirs[change.j].places + 1)
    elif change.code == "closed":
        theirs[change.j] = replace(theirs[change.j], min_to_open=theirs[change.j].min_to_open - 1)
    elif change.code == "forbidden":
        person, vacancy = report.students[change.i].student_ref, report.openings[change.j].vacancy_ref
        decisions = tuple(d for d in decisions if (d.student_ref, d.vacancy_ref) != (person, vacancy))
    again = plan_of(prepare(ours, theirs, report.policy, decisions, on=report.on))
    place = int(again.assignment[[s.key for s in again.case.students].index(who)])
    opened = [o.key for o in again.case.openings].index(where)
    return bool((again.assignment == opened).any()) if fills else place >= 0


def all_hold(most: int) -> Counter[str]:
    met: Counter[str] = Counter()
    seed = 0
    while met.total() < most:
        report = drawn_run(seed)
        for fills, change in stated(report):
            assert holds(report, change, fills=fills), (seed, fills, change)
            met[change.code] += 1
        seed += 1
    return met


def test_each_one_told_is_so_when_it_is_made_so() -> None:
    met = all_hold(40)
    assert len(met) >= 6, met


def test_a_pair_that_is_refused_and_rejected_is_no_single_change() -> None:
    students, openings = [student("20", hours_min=4.0, hours_max=20.0)], [opening("V1")]
    reject = [Decision("25AB00", "20", "V1", START, "reject", "hours", ON)]
    told = run_match(students, openings, Policy(), on=ON).changes.students
    assert [change.code for change in told.values()] == ["hours"]
    assert not run_match(students, openings, Policy(), reject, on=ON).changes.students


@pytest.mark.slow
def test_a_thousand_told_are_so_a_thousand_times() -> None:
    met = all_hold(1000)
    assert met.total() >= 1000
    assert len(met) >= 12, met
