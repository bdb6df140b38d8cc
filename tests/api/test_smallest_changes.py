"""Every smallest change that is stated is made, and the whole is solved again: the student has a place then."""
from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from api.changes.points import WEIGHTS, points
from api.explain.changes import change_for_opening, change_for_student
from api.files import read_leavers, read_vacancies
from api.match_report import Decision, MatchReport, SmallestChange
from api.pipeline import run_match
from api.policy import Policy
from api.policy_files import read_policy
from api.texts.changes import FOR_OPENING, FOR_STUDENT
from features.eligibility import RULES, evaluate
from features.records import Demand, Opening, Student, SupportNeed
from features.scoring import score_pairs
from features.settings import RuleSettings
from matcher.problem import FORBID, Problem, build_problem
from matcher.solver import search
from tests.api.report_cohort import DECISIONS, DEVENTER, ON, OPENINGS, STUDENTS, opening, student

ROOT = Path(__file__).resolve().parents[2]
STUDENT_ALONE = ("work_capacity_unknown", "freshness", "reach", "hours", "route", "contract_type", "branch")


@cache
def salland() -> MatchReport:
    folder, on = ROOT / "fixtures" / "salland", date(2026, 6, 15)
    policy, wrong = read_policy(folder / "policy.toml", "nl")
    assert not wrong
    leavers = [record for _, record in read_leavers(folder / "leavers.csv", on=on).records]
    vacancies = [record for _, record in read_vacancies(folder / "vacancies.csv", on=on).records]
    return run_match(leavers, vacancies, policy, on=on)


@cache
def cohort() -> MatchReport:
    """The report's cohort with room left at one vacancy."""
    openings = [replace(o, places=9) if o.vacancy_ref == "V1" else o for o in OPENINGS]
    return run_match(STUDENTS, openings, Policy(), DECISIONS, on=ON)


def changed_records(report: MatchReport, change: SmallestChange) -> tuple[Student, Opening]:
    """The two records after the change, written out a second time, rule by rule."""
    s, o = report.students[change.i], report.openings[change.j]
    match change.code:
        case "work_capacity_unknown":
            return replace(s, work_capacity="yes"), o
        case "freshness":
            return (replace(s, confirmed_on=report.on), o) if change.detail == "student" else (
                s, replace(o, confirmed_on=report.on))  # fmt: skip
        case "reach":
            if change.detail == "alone":
                return replace(s, travel_means=(*s.travel_means, "brought")), o
            if change.detail == "km":
                return replace(s, max_km=float(int((s.max_km or 0) + (change.by or 0)) + 1)), o
            return replace(s, max_minutes=float(int((s.max_minutes or 0) + (change.by or 0)) + 1)), o
        case "hours":
            return replace(s, hours_min=min(s.hours_min or 0, o.hours_max or 99), hours_max=max(
                s.hours_max or 0, o.hours_min or 0)), o  # fmt: skip
        case "dates":
            return (replace(s, available_from=o.starts_on), o) if change.detail != "closed" else (
                s, replace(o, closes_on=report.on))  # fmt: skip
        case "route":
            return replace(s, route=("individual", "group")), o
        case "contract_type":
            return replace(s, contract_types=(*s.contract_types, str(o.contract_type))), o
        case "branch":
            return replace(s, branches_excluded=()), o
        case "level":
            return s, replace(o, level_min="none")
        case "certificate":
            return s, replace(o, certificates_obtainable=(*o.certificates_obtainable, *o.certificates_required))
        case "support":
            offered = tuple((code, "yes" if code == change.limit else how) for code, how in o.support_offered or ())
            return s, replace(o, support_offered=offered)
        case "condition":
            return s, replace(o, conditions=tuple(c for c in o.conditions or () if c != change.limit))
        case "task":
            return s, replace(o, tasks=tuple(replace(t, must=False) for t in o.tasks))
        case "skill":
            return s, replace(o, work_skills=tuple(replace(d, must=False) for d in o.work_skills))
        case "participation":
            return s, replace(o, criteria_not_met=())
        case "age":
            age = int(change.found)
            return s, replace(o, age_min=age) if change.detail == "young" else replace(o, age_max=age)
        case "entry":
            return s, replace(o, entry="either")
    return s, o  # region, min_fit, forbidden: not a matter of records


def with_pair(report: MatchReport, change: SmallestChange) -> Problem:
    """The problem with the pair eligible, at the fit the changed records give it."""
    problem = report.problem
    s, o = changed_records(report, change)
    found = evaluate([s], [o], report.policy.rules, on=report.on, fixed=frozenset({(0, 0)}))
    fit = int(score_pairs([s], [o], found, report.policy.weights).fit[0])
    if change.code != "region":
        assert not found.broken[0], f"{change} leaves {found.broken[0]:b}"
    if change.code != "min_fit":
        assert fit >= report.policy.min_fit
    known = problem.pair(change.i, change.j)
    if known >= 0:
        locks = problem.locks.copy()
        locks[known] = 0
        return replace(problem, locks=locks)
    load = round((s.support_half_days or 0) * 1_000_000)
    return build_problem(
        np.append(problem.rows, change.i), np.append(problem.indices, change.j), np.append(problem.values, fit),
        problem.places, n=problem.n, priority=problem.priority, min_to_open=problem.min_to_open,
        present=problem.present, load_capacity=problem.load_capacity, load=np.append(problem.load, load),
        locks=np.append(problem.locks, 0), limits=problem.limits, student_ids=problem.student_ids,
        opening_ids=problem.opening_ids,
    )  # fmt: skip


def changed_problem(report: MatchReport, change: SmallestChange) -> Problem:
    if change.code == "full":
        places = report.problem.places.copy()
        places[change.j] += 1
        return replace(report.problem, places=places)
    if change.code == "closed":
        need = report.problem.min_to_open.copy()
        need[change.j] -= 1
        return replace(report.problem, min_to_open=need)
    return with_pair(report, change)


def all_changes(report: MatchReport) -> list[tuple[str, SmallestChange]]:
    return [("student", c) for c in report.changes.students.values()] + [
        ("opening", c) for c in report.changes.openings.values()
    ]


@pytest.mark.parametrize("made", [salland, cohort])
def test_every_stated_change_makes_it_so(made: object) -> None:
    report = salland() if made is salland else cohort()
    stated = all_changes(report)
    assert stated
    before = report.solution.assignment
    for side, change in stated:
        after = search(changed_problem(report, change), objective=report.solution.objective).assignment
        if side == "student":
            assert before[change.i] < 0 <= after[change.i], change
            assert int((after >= 0).sum() - (before >= 0).sum()) == 1 + change.more, change
        else:
            assert not (before == change.j).any()
            assert (after == change.j).any(), change


def test_a_change_of_the_student_alone_makes_it_so_in_the_whole_run_too() -> None:
    report = cohort()
    for i, change in report.changes.students.items():
        if change.code in STUDENT_ALONE:
            students = list(report.students)
            students[i] = changed_records(report, change)[0]
            again = run_match([*students, *left_out()], report.openings, report.policy, report.decisions, on=report.on)
            place = [s.key for s in again.students].index(report.students[i].key)
            assert again.pair_of[place] >= 0, change


def left_out() -> list[Student]:
    return [s for s in STUDENTS if s.work_capacity == "no"]


def placeless(**given: object) -> Student:
    return student("20", **given)


CASES: dict[str, tuple[dict[str, object], dict[str, object]]] = {
    "reach": ({"max_km": 3.0, "max_minutes": 240.0}, {}),
    "hours": ({"hours_min": 4.0, "hours_max": 20.0}, {}),
    "dates": ({"available_from": date(2026, 9, 8)}, {}),
    "support": ({"support_needed": (SupportNeed("quiet_spot", "structural", essential=True),)},
                {"support_offered": (("quiet_spot", "no"), ("fixed_instructor", "yes"))}),
    "certificate": ({}, {"certificates_required": ("forklift",), "certificates_obtainable": ()}),
    "level": ({"level": "none"}, {"level_min": "school_diploma"}),
    "condition": ({"conditions_unacceptable": ("noise",)}, {"conditions": ("outdoors", "noise")}),
    "task": ({"tasks_disliked": ("gras maaien",)}, {"tasks": (Demand("gras maaien", must=True), Demand("snoeien"))}),
    "skill": ({"work_skills": (("pace", 1),)}, {"work_skills": (Demand("pace", must=True, level=2),)}),
    "contract_type": ({"contract_types": ("internship",)}, {}),
    "route": ({"route": ("group",)}, {}),
    "branch": ({"branches_excluded": ("green",), "branches": ("infra",)}, {}),
    "freshness": ({"confirmed_on": date(2025, 6, 1)}, {}),
    "work_capacity_unknown": ({"work_capacity": "unknown"}, {}),
    "age": ({}, {"age_min": 19}),
}  # fmt: skip


@pytest.mark.parametrize("code", sorted(CASES))
def test_one_rule_in_the_way_is_found_and_named(code: str) -> None:
    ours, theirs = CASES[code]
    report = run_match([placeless(**ours)], [opening("V9", **theirs)], Policy(min_fit=0), on=ON)
    assert report.pair_of.tolist() == [-1]
    assert report.changes.students[0].code == code
    again = search(changed_problem(report, report.changes.students[0]))
    assert again.assignment.tolist() == [0]
    assert report.changes.students[0].more == 0


def test_work_in_another_region_is_a_change() -> None:
    rules = RuleSettings(neighbours={"AM36": (), "AM06": ()})
    report = run_match([student("01")], [opening("V9", location=DEVENTER)], Policy(min_fit=0, rules=rules), on=ON)
    assert report.changes.students[0].code == "region"
    assert search(changed_problem(report, report.changes.students[0])).assignment.tolist() == [0]


def test_one_more_place_is_the_change_where_the_only_place_is_taken() -> None:
    report = run_match([student("01"), student("02")], [opening("V1", places=1)], Policy(), on=ON)
    left = int(np.flatnonzero(report.pair_of < 0)[0])
    change = report.changes.students[left]
    assert (change.code, change.j, change.more) == ("full", 0, 0)
    told = change_for_student(report, change)
    assert told.startswith("full: Met 1 plek meer bij V1")


def test_a_group_one_short_starts_with_one_student_less() -> None:
    group = opening("V1", places=6, min_to_open=4, route="group")
    report = run_match([student(f"0{k}") for k in range(1, 4)], [group], Policy(), on=ON)
    assert (report.pair_of < 0).all()
    assert {change.code for change in report.changes.students.values()} == {"closed"}
    assert {change.more for change in report.changes.students.values()} == {2}
    assert report.changes.openings[0].code == "closed"
    assert "start de groep" in change_for_opening(report, report.changes.openings[0])


def test_a_rejection_taken_back_is_a_change() -> None:
    decision = Decision("25AB00", "01", "V1", None, "reject", "travel", on=ON)
    report = run_match([student("01")], [opening("V1")], Policy(), [decision], on=ON)
    assert report.changes.students[0].code == "forbidden"
    assert report.changes.openings[0].code == "forbidden"
    assert (report.problem.locks == FORBID).all()


def test_a_fit_below_the_floor_is_a_change_by_how_much() -> None:
    policy = Policy(min_fit=990_000, band_fair=990_000, band_good=995_000)
    report = run_match([student("01")], [opening("V1")], policy, on=ON)
    change = report.changes.students[0]
    assert change.code == "min_fit"
    assert change.by == (990_000 - next(iter(report.low_fit.values()))) / 1_000_000


def test_a_student_with_a_destination_is_left_alone() -> None:
    report = run_match([student("01", destination="mbo")], [opening("V1")], Policy(), on=ON)
    assert 0 not in report.changes.students


def test_two_rules_in_the_way_are_no_single_change() -> None:
    two = placeless(max_km=3.0, max_minutes=240.0, hours_min=4.0, hours_max=8.0)
    report = run_match([two], [opening("V9")], Policy(min_fit=0), on=ON)
    assert not report.changes.students
    assert not report.changes.openings


def test_the_smaller_of_two_changes_is_the_one_told() -> None:
    near, far = opening("V1"), opening("V2", hours_min=30.0)
    who = placeless(max_km=3.0, max_minutes=240.0, hours_max=28.0)
    report = run_match([who], [near, far], Policy(min_fit=0), on=ON)
    change = report.changes.students[0]
    assert (change.code, report.openings[change.j].vacancy_ref) == ("reach", "V1")


def test_every_kind_of_change_has_points_and_words_in_both_languages() -> None:
    assert set(WEIGHTS) <= {*RULES, "full", "closed"}
    keys = {re.sub(r"_(km|minutes|alone|individual|group|closed)$", "", key) for key in FOR_STUDENT}
    assert keys | {"participation"} == set(WEIGHTS)
    assert {re.sub(r"_(km|minutes|alone|individual|group|closed)$", "", key) for key in FOR_OPENING} | {
        "full", "work_capacity_unknown"} == set(WEIGHTS)  # fmt: skip
    for catalogue in (FOR_STUDENT, FOR_OPENING):
        for key, texts in catalogue.items():
            assert all(text.endswith(".") and "|" not in text for text in texts), key
            assert {*re.findall(r"{\w+}", texts[0])} == {*re.findall(r"{\w+}", texts[1])}, key


def test_points_grow_with_the_amount() -> None:
    assert [points("reach", km, "km") for km in (0.1, 5.0, 5.1, 12.0)] == [1, 1, 2, 3]
    assert points("freshness", 300.0, "days") == 1
    assert points("level", 2.0, "levels") == 4
    assert points("forbidden", None, "") == 4
