"""By how much a rule fails: figures by hand."""
from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from features.eligibility import Refusal
from features.records import Demand, SupportNeed
from features.settings import RuleSettings
from tests.features.known_pair import GRONINGEN, KNOWN, judge, opening, student

R = Refusal


@pytest.mark.parametrize(
    ("s", "o", "expected"),
    [
        ({"work_capacity": "no"}, {}, R("work_capacity", None, "", "no", "yes")),
        ({"destination": "mbo"}, {}, R("destination", None, "", "mbo", "")),
        (
            {"birth_date": date(2011, 9, 2)}, {"age_min": 16, "conditions": ()},
            R("age", 2.0, "years", "14", "16", "young"),
        ),
        ({"birth_date": date(1996, 1, 1)}, {}, R("age", 3.0, "years", "30", "27", "old")),
        ({"route": ("group",)}, {}, R("route", None, "", "group", "individual")),
        (
            {"available_from": date(2026, 9, 11)}, {},
            R("dates", 10.0, "days", "2026-09-11", "2026-09-01", "available"),
        ),
        ({}, {"closes_on": date(2026, 5, 30)}, R("dates", 2.0, "days", "2026-06-01", "2026-05-30", "closed")),
        ({"hours_min": 8.0, "hours_max": 20.5}, {}, R("hours", 3.5, "hours", "8-20.5", "24-32")),
        ({"hours_min": 36.0, "hours_max": None}, {}, R("hours", 4.0, "hours", "36-", "24-32")),
        ({"branches_excluded": ("infra",)}, {}, R("branch", None, "", "infra", "infra")),
        (
            {"certificates": ("haccp",)}, {"certificates_required": ("vca", "forklift")},
            R("certificate", 2.0, "certificates", "haccp", "forklift|vca"),
        ),
        ({"level": "none"}, {"level_min": "mbo2"}, R("level", 3.0, "levels", "none", "mbo2")),
        (
            {"birth_date": date(2008, 10, 1)}, {"conditions": ("heights",)},
            R("under_18", 1.0, "years", "heights", "18", "work"),
        ),
        (
            {"birth_date": date(2008, 10, 1)}, {"starts_at": 300, "ends_at": 780},
            R("under_18", 1.0, "years", "05:00-13:00", "18", "times"),
        ),
        (
            {"support_needed": (SupportNeed("quiet_spot", None, True),)}, {},
            R("support", 1.0, "items", "fixed_instructor", "quiet_spot"),
        ),
        (
            {"conditions_unacceptable": ("lifting", "smells")}, {},
            R("condition", 1.0, "conditions", "outdoors|lifting", "lifting"),
        ),
        (
            {}, {"work_skills": (Demand("pace", True, 3), Demand("safety", True, 3))},
            R("skill", 2.0, "levels", "pace=2|safety=1", "pace=3|safety=3"),
        ),
        (
            {}, {"criteria_not_met": ("custom_work", "concept"), "criteria_met": ("results",)},
            R("participation", 2.0, "criteria", "results", "concept|custom_work"),
        ),
        ({"confirmed_on": date(2026, 1, 22)}, {}, R("freshness", 10.0, "days", "130", "120", "student")),
        ({}, {"confirmed_on": date(2026, 1, 22)}, R("freshness", 10.0, "days", "130", "120", "opening")),
        (
            {"enrolled": None, "leaves_on": date(2026, 8, 22)}, {"entry": "werkschool"},
            R("entry", 10.0, "days", "2026-08-22", "2026-09-01", "enrolled"),
        ),
        ({"enrolled": False}, {"entry": "werkschool"}, R("entry", None, "", "no", "2026-09-01", "enrolled")),
        ({"enrolled": True, "school": "99ZZ00"}, {"entry": "werkschool"}, R("entry", None, "", "99ZZ00", "", "member")),
        ({"enrolled": True}, {"entry": "side_entry"}, R("entry", None, "", "werkschool", "side_entry", "side")),
        ({"travels_alone": False}, {}, R("reach", None, "", "bicycle|public_transport", "brought", "alone")),
    ],
)  # fmt: skip
def test_one_refusal(s: dict[str, Any], o: dict[str, Any], expected: Refusal) -> None:
    _, _, e = judge(student(**s), opening(**o))
    assert e.refusals(0, 0) == (expected,)


def test_reach_says_kilometres_and_minutes_apart() -> None:
    _, _, e = judge(student(max_km=10.0, max_minutes=10.0, travel_means=("bicycle",)), opening())
    km, taken = e.refusals(0, 0)
    road = int(e.near.between(e.near.student[0], e.near.opening[0])) * 1.3 / 1000
    assert (km.rule, km.unit, km.detail, km.limit) == ("reach", "km", "km", "10")
    assert km.by == pytest.approx(road - 10, abs=0.001)
    assert (taken.rule, taken.unit, taken.detail, taken.limit) == ("reach", "minutes", "minutes", "10")
    assert taken.by is not None and taken.by > 30


def test_region_names_both_regions() -> None:
    _, _, e = judge(student(max_km=None), opening(location=GRONINGEN))
    region = next(r for r in e.refusals(0, 0) if r.rule == "region")
    assert (region.found, region.limit) == ("AM36", "AM01")


def test_two_ways_of_one_rule_are_two_refusals() -> None:
    _, _, e = judge(
        student(available_from=date(2026, 10, 1), confirmed_on=date(2025, 1, 1)),
        opening(closes_on=date(2026, 1, 1), confirmed_on=date(2025, 1, 1)),
    )
    assert [(r.rule, r.detail) for r in e.refusals(0, 0)] == [
        ("dates", "available"), ("dates", "closed"), ("freshness", "student"), ("freshness", "opening"),
    ]  # fmt: skip


def test_the_grace_is_not_counted_as_late() -> None:
    grace = RuleSettings(werkschool_members=KNOWN.werkschool_members, date_grace_days=7)
    _, _, e = judge(student(available_from=date(2026, 9, 11)), opening(), grace)
    assert e.refusals(0, 0) == (R("dates", 3.0, "days", "2026-09-11", "2026-09-08", "available"),)


def test_what_would_be_enough_is_enough() -> None:
    """Changing the record by the stated amount lifts the refusal."""
    s = student(available_from=date(2026, 9, 11), hours_min=8.0, hours_max=20.0, max_km=10.0)
    _, _, e = judge(s, opening())
    by = {r.rule: r.by or 0.0 for r in e.refusals(0, 0)}
    assert set(by) == {"dates", "hours", "reach"}
    changed = student(
        available_from=date.fromordinal(s.available_from.toordinal() - int(by["dates"])),  # type: ignore[union-attr]
        hours_min=8.0, hours_max=20.0 + by["hours"], max_km=10.0 + by["reach"] + 0.001,
    )  # fmt: skip
    refused, _, _ = judge(changed, opening())
    assert refused == set()
