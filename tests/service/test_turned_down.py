"""Whose place in the plan was rejected is told among who takes no part, until there is something else."""
from __future__ import annotations

import pytest

from tests.service.browser import Service
from tests.service.flow import API, Flow, begin, on_both
from tests.service.test_decisions import decide
from tests.service.test_off_list import add, pairs
from tests.service.test_take_over import judge, waiting


@pytest.fixture
def flow(cohort: Service) -> Flow:
    """A plan that holds and the people of one of its proposals."""
    flow = begin(cohort)
    assert judge(flow.connector, flow.run).status_code == 200
    return flow


def told(flow: Flow) -> list[str]:
    """Of whom it is told that the place in the plan was rejected; the school reads the same of its own."""
    found = flow.connector.get(f"{API}/left-out-students?code=rejected").json["items"]
    ids = [one["student"]["id"] for one in found]
    assert {one["who"] for one in found} <= {"connector"}
    read = [one["student"]["id"] for one in flow.school.get(f"{API}/left-out-students?code=rejected").json["items"]]
    assert (flow.student_id in read) is (flow.student_id in ids)
    return ids


def undo(flow: Flow, decision: str) -> None:
    """Take a word back."""
    path = f"{API}/decisions/{decision}"
    assert flow.connector.ask("DELETE", path, headers={"If-Match": f'"{decision}"'}).status_code < 300


@on_both
def test_whose_place_was_rejected_is_told_with_what_to_do(flow: Flow) -> None:
    assert told(flow) == []
    rejected = decide(flow.connector, flow.proposal, "reject", reason="hours").json["id"]
    assert told(flow) == [flow.student_id]
    for lang, sentence in (("nl", "Bereken opnieuw of zoek buiten de lijst."),
                           ("en", "Compute again or search outside the list.")):  # fmt: skip
        page = flow.connector.get(f"/zonder-plek?taal={lang}").text
        assert sentence in page
        assert f"/zoeken?leerling={flow.student_id}" in page
    undo(flow, rejected)
    assert told(flow) == []


@pytest.mark.parametrize("word", ["defer", "accept"])
def test_who_has_something_else_is_not_told_so(flow: Flow, word: str) -> None:
    """Proposed outside the list, put off or accepted there; rejected there as well, the student has nothing again."""
    decide(flow.connector, flow.proposal, "reject", reason="hours")
    other = next(pair for pair in pairs(flow.connector, studentId=flow.student_id)
                 if pair["opening"]["id"] != flow.opening_id and pair["standing"] != "planned")  # fmt: skip
    added = add(flow.connector, other)
    assert added.status_code == 201, added.text
    assert told(flow) == []
    made = decide(flow.connector, added.json, word)
    assert made.status_code == 201, made.text
    assert told(flow) == []
    undo(flow, made.json["id"])
    assert told(flow) == []
    decide(flow.connector, added.json, "reject", reason="travel")
    assert told(flow) == [flow.student_id]


def test_who_still_waits_or_has_nobody_in_the_plan_is_not_told_so(flow: Flow) -> None:
    """Only of whom a place was rejected: the others stand where they stood."""
    for one in waiting(flow.connector):
        if one["student"]["id"] != flow.student_id:
            decide(flow.connector, one, "accept")
    assert told(flow) == []
