"""What would make a pair fit, who has no place and why, who takes part in nothing, and where a place is wanted."""
from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from api.files import read_leavers, read_vacancies
from api.pipeline import run_match
from api.policy import Policy
from api.services.accounts import Right
from api.services.improvements import improvements, told
from api.services.improvements import judge as judge_pairs
from api.services.pairs import Rules
from api.services.run_inputs import policy_of
from features.eligibility import evaluate
from features.records import Opening, Student
from matcher.sensitivity import worth
from tests.service.browser import Person, Service
from tests.service.test_decisions import proposals
from tests.service.test_off_list import everything
from tests.service.test_runs import FIXTURES, ON, compute, tiny
from tests.service.test_take_over import judge
from tests.service.test_uploads import confirm, hand_in

pytestmark = pytest.mark.parametrize("url", ["sqlite"], indirect=True)
HEADER = "school,school_type,student_ref,birth_date,leaves_on,work_capacity,postcode,destination,confirmed_on\n"


def changed(key: str, student: Student, opening: Opening) -> tuple[Student, Opening] | None:
    """The records with one change, written here once more; None: a change that is not tried."""
    kind, _, item = key.partition(".")
    if kind == "support":
        return student, replace(opening, support_offered=(*(pair for pair in opening.support_offered or ()
                                                            if pair[0] != item), (item, "yes")))  # fmt: skip
    if kind == "condition":
        return student, replace(opening, conditions=tuple(c for c in opening.conditions or () if c != item))
    if kind == "contract":
        return student, replace(opening, contract_type=item)
    if kind == "branch":
        return replace(student, branches=(*student.branches, item),
                       branches_excluded=tuple(c for c in student.branches_excluded if c != item)), opening  # fmt: skip
    if kind == "travel":
        return replace(student, travel_means=(*student.travel_means, item)), opening
    return None


def ask(person: Person, path: str, **query: str) -> Any:
    """A list for the connector."""
    answer = person.get(f"/api/v1/{path}?" + "&".join(f"{name}={value}" for name, value in query.items()))
    assert answer.status_code == 200, answer.text
    return answer.json


def test_what_would_fit_better_is_what_a_recomputation_gives(service: Service) -> None:
    """On the drawn cohort: the records changed here once more, and matched anew."""
    on = date.fromisoformat(ON)
    home = FIXTURES / "region"
    students = [record for _, record in read_leavers(home / "leavers.csv", lang="nl", on=on).records]
    openings = [record for _, record in read_vacancies(home / "vacancies.csv", lang="nl", on=on).records]
    rules = Rules(None, Policy(), on)
    tried, kinds = 0, set()
    free = evaluate(students, openings, Policy().rules, on=on)
    some = list(zip(free.rows.tolist(), free.indices.tolist(), strict=True))[::150]
    some += [(7 * k % len(students), 11 * k % len(openings)) for k in range(12)]  # mostly refused
    for i, j in some:
        student, opening = students[i], openings[j]
        now, found = improvements(student, opening, rules)
        for one in found:
            assert one.gain == one.fit - (now or 0) > 0
            assert improvements(student, opening, rules, one.variant.key)[1] == [one]
            assert "{" not in told(one, "nl")["sentence"] + told(one, "en")["sentence"]
            kinds.add(one.variant.key.split(".")[0])
            made = changed(one.variant.key, student, opening)
            if made is None:
                continue
            report = run_match([made[0]], [made[1]], Policy(), on=on)
            fit = int(report.scored.fit[0])
            assert (fit, Policy().band(fit)) == (one.fit, one.band), one
            tried += 1
    assert tried >= 10
    assert "rule" in kinds


def test_whoever_belongs_to_a_school_of_the_werkschool_is_told_what_helps_there(service: Service) -> None:
    """A change leaves the student at the own school: a place for members is still one for this student."""
    on, home = date.fromisoformat(ON), FIXTURES / "salland"
    policy = policy_of((home / "policy.toml").read_text(encoding="utf-8"))
    students = [record for _, record in read_leavers(home / "leavers.csv", lang="nl", on=on).records]
    found = [record for _, record in read_vacancies(home / "vacancies.csv", lang="nl", on=on).records]
    openings = [replace(one, entry="werkschool") for one in found if one.route == "individual"]
    members = [code for codes in policy.rules.werkschool_members.values() for code in codes]
    free, tried = evaluate(students, openings, policy.rules, on=on), 0
    for i, j in list(zip(free.rows.tolist(), free.indices.tolist(), strict=True))[::8]:
        assert students[i].school in members
        for one in improvements(students[i], openings[j], Rules(None, policy, on))[1]:
            made = changed(one.variant.key, students[i], openings[j])
            if made is not None:
                report = run_match([made[0]], [made[1]], policy, on=on)
                assert report.scored.fit.tolist() == [one.fit]
                tried += 1
    assert tried >= 3


def test_many_pairs_weighed_in_one_go_are_what_each_is_alone(service: Service) -> None:
    connector = tiny(service)
    judge(connector, compute(service, connector)["id"])
    students, openings, policy = everything(service)
    pairs = [(student, opening) for _, student in students for _, opening in openings]
    rules = Rules(None, policy, date.fromisoformat(ON))
    together = judge_pairs(pairs, rules)
    assert [(one.fit, one.found) for one in together] == [improvements(*pair, rules) for pair in pairs]
    assert any(one.fit is None for one in together)
    assert any(one.found for one in together)


def test_the_card_asks_what_would_fit_better(service: Service) -> None:
    connector = tiny(service)
    run = compute(service, connector)["id"]
    judge(connector, run)
    for proposal in proposals(connector, run)[:5]:
        ids = {"studentId": proposal["student"]["id"], "openingId": proposal["opening"]["id"]}
        answer = ask(connector, "improvements", **ids)
        assert (answer["fit"], answer["band"]) == (proposal["fit"], proposal["band"])
        for one in answer["items"]:
            assert ask(connector, "improvements", key=one["key"], **ids)["items"] == [one]


def test_unplaced_students_are_told_with_what_binds_and_who_can_act(service: Service) -> None:
    connector = tiny(service)
    run = compute(service, connector)["id"]
    judge(connector, run)
    outcomes = connector.get(f"/api/v1/runs/{run}/outcomes?status=unplaced").json["items"]
    found = ask(connector, "unplaced-students")["items"]
    assert {one["student"]["id"] for one in found} == {one["studentId"] for one in outcomes}
    blocked = {one["studentId"]: one["blocked"] for one in outcomes}
    for one in found:
        assert {block["code"]: block["number"] for block in one["blocked"]} == blocked[one["student"]["id"]]
        assert all(block["sentence"] and block["whoLabel"] for block in one["blocked"])


def test_nobody_drops_out_of_sight(service: Service) -> None:
    """Whoever is in no run, or may not be proposed, is told to the school, and to the connector beside the school."""
    connector = tiny(service)
    judge(connector, compute(service, connector)["id"])
    school = service.person("31TA00@example.org")
    ready = service.clock().date().isoformat()
    rows = [
        "31TA00,pro,L1,2008-05-01,2026-07-10,yes,,," + ready,
        "31TA00,pro,L2,2008-05-01,2026-07-10,yes,8011,work," + ready,
        "31TA00,pro,L3,2008-05-01,2026-07-10,unknown,8011,," + ready,
        "31TA00,pro,L4,2008-05-01,2026-07-10,yes,8011,,2025-01-10",
        "31TA00,pro,L5,2008-05-01,2026-07-10,yes,8011,," + ready,
        "31TA00,pro,L6,2008-05-01,2026-07-10,no,8011,," + ready,
    ]
    assert confirm(school, hand_in(school, HEADER + "\n".join(rows))).status_code == 200
    found = {one["student"]["studentRef"]: one for one in ask(school, "left-out-students")["items"]}
    expected = {"L1": "no_region", "L2": "destination", "L3": "work_capacity_unknown", "L4": "freshness",
                "L5": "next_run", "L6": "work_capacity"}  # fmt: skip
    assert {ref: one["code"] for ref, one in found.items() if ref in expected} == expected
    assert (found["L1"]["who"], found["L5"]["who"]) == ("school", "connector")
    beside = {one["student"]["studentRef"] for one in ask(connector, "left-out-students")["items"]}
    assert set(expected) <= beside
    only = ask(school, "left-out-students", code="no_region")["items"]
    assert [one["student"]["studentRef"] for one in only] == ["L1"]
    service.add("other@example.org", Right("school", "99XX00", "Other"))
    assert ask(service.person("other@example.org"), "left-out-students")["items"] == []
    judge(connector, compute(service, connector)["id"])
    assert "L5" not in {one["student"]["studentRef"] for one in ask(school, "left-out-students")["items"]}


def test_a_place_is_wanted_where_one_more_gains_most(service: Service) -> None:
    """Held against solving again with one place more at every opening."""
    connector = tiny(service)
    judge(connector, compute(service, connector)["id"])
    students, openings, policy = everything(service)
    report = run_match([s for _, s in students], [o for _, o in openings], policy, on=date.fromisoformat(ON))
    best: dict[str, tuple[int, int]] = {}
    for j, opening in enumerate(report.openings):
        change = worth(report.problem, report.solution, j, unplaced_value=policy.unplaced_fit)
        assert change is not None
        gain = (-change.placed_loss, -change.fit_loss)
        best[opening.branch] = max(best.get(opening.branch, (0, 0)), gain)
    said: dict[str, tuple[int, int]] = {}
    for one in ask(connector, "places-wanted"):
        said[one["branch"]] = max(said.get(one["branch"], (0, 0)), (one["worthPlaced"], one["worthFit"]))
        assert len(one["placedStudents"]) == len([m for m in one["moves"] if not m["from"]])
        assert len(one["sentences"]) == len(one["moves"])
    assert said == {branch: gain for branch, gain in best.items() if gain > (0, 0)}
