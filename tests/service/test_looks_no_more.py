"""Who looks for no place any more waits for no connector's word, though the plan that holds still has a place."""
from __future__ import annotations

import pytest

from tests.service.browser import Service
from tests.service.flow import API, Flow, begin, on_both
from tests.service.test_after_a_placement import ended
from tests.service.test_held_outside import say
from tests.service.test_meeting_and_placement import TODAY
from tests.service.test_take_over import judge, numbers, waiting


@pytest.fixture
def flow(cohort: Service) -> Flow:
    """A plan that holds and the people of one of its proposals."""
    flow = begin(cohort)
    assert judge(flow.connector, flow.run).status_code == 200
    return flow


def to_review(flow: Flow) -> bool:
    """Whether the pair waits for a word; list, count, card and page of the list say the same."""
    found = {p["id"] for p in waiting(flow.connector)}
    told = flow.connector.get(f"{API}/proposals/{flow.proposal['id']}").json
    assert numbers(flow.connector).get("to_review", 0) == len(found)
    assert (told["state"] == "to_review") is (flow.proposal["id"] in found)
    page = flow.connector.get("/voorstellen").text
    assert (f"/voorstellen/{flow.proposal['id']}" in page) is (flow.proposal["id"] in found)
    return flow.proposal["id"] in found


@pytest.mark.parametrize("back", [False, True])
@on_both
def test_who_said_to_look_no_more_after_the_last_place_is_not_to_be_reviewed(flow: Flow, back: bool) -> None:
    assert to_review(flow)
    ended(flow, back=back)
    assert to_review(flow) is back
    if not back:  # until somebody says otherwise
        body = {"studentId": flow.student_id, "destination": "none", "since": TODAY}
        assert flow.school.post(f"{API}/destinations", body).status_code == 201
        assert to_review(flow)


@on_both
def test_of_whom_a_destination_was_reported_is_not_to_be_reviewed_until_there_is_none(flow: Flow) -> None:
    for destination, waits in (("unknown", True), ("mbo", False), ("none", True)):
        body = {"studentId": flow.student_id, "destination": destination, "since": TODAY}
        assert flow.school.post(f"{API}/destinations", body).status_code == 201
        assert to_review(flow) is waits, destination


def test_a_destination_in_the_next_list_of_the_school_counts_as_well(flow: Flow) -> None:
    say(flow.service, "C", destination="work")
    assert not to_review(flow)
    assert flow.connector.get(f"/voorstellen/{flow.proposal['id']}").status_code == 200
