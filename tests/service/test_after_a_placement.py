"""After a placement: whether somebody looks for a place again, and what is known of where they went."""
from __future__ import annotations

import pytest

from tests.service.browser import Service
from tests.service.flow import API, Flow, begin, put
from tests.service.test_meeting_and_placement import TODAY, placed


@pytest.fixture
def flow(cohort: Service) -> Flow:
    """A run and the people of one of its proposals."""
    return begin(cohort)


@pytest.mark.parametrize(("by", "back", "way", "left"), [
    ("school", None, "end", "mbo"), ("school", None, "not_passed", "mbo"), ("school", True, "end", "none"),
    ("placement", None, "end", "none"), ("placement", False, "end", "work"),
])  # fmt: skip
def test_an_end_undoes_what_the_placement_reported_and_not_what_the_school_did(
    flow: Flow, by: str, back: bool | None, way: str, left: str
) -> None:
    """Unless somebody says in so many words that the student looks for a place again."""
    placement = f"/placements/{placed(flow)}"
    if by == "school":
        body = {"studentId": flow.student_id, "destination": "mbo", "since": TODAY}
        assert flow.school.post(f"{API}/destinations", body).status_code == 201
    else:
        put(flow.employer, f"{placement}/verdict", {"verdict": "passed"})
        put(flow.employer, f"{placement}/contract", {"contractOn": TODAY, "contractType": "job"})
    flow.service.clock.forward(seconds=1)
    if way == "not_passed":
        ended = put(flow.employer, f"{placement}/verdict", {"verdict": "not_passed"})
    else:
        ended = put(flow.employer, f"{placement}/end", {"endedOn": TODAY, "reason": "employer_stopped",
                                                        "backToPool": back})  # fmt: skip
    assert ended.json["backToPool"] is (back is not False)
    newest = flow.student.get(f"{API}/destinations").json["items"][0]
    assert newest["destination"] == left
