"""Two people on one route: whoever comes second reads what the first said, and keeps what was typed."""
from __future__ import annotations

import re

import pytest

from api.services.accounts import Right
from tests.service.browser import Person, Service
from tests.service.flow import API, Flow, begin
from tests.service.test_meeting_and_placement import placed

PAGE = {"Accept": "text/html"}


@pytest.fixture
def flow(cohort: Service) -> Flow:
    """A run and the people of one of its proposals."""
    return begin(cohort)


@pytest.fixture
def coach(flow: Flow) -> Person:
    """Who follows the student."""
    flow.service.add("coach@example.org", Right("coach", flow.student_id))
    return flow.service.person("coach@example.org")


def form(page: str, action: str) -> tuple[str, dict[str, str]]:
    """The first form that goes to an address with ``action`` in it: the address and what it holds unseen."""
    found = re.search(rf'<form method="post" action="([^"]*{action}[^"]*)".*?</form>', page, re.DOTALL)
    assert found is not None, page
    return found[1], dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', found[0]))


def test_who_reports_a_moment_second_overwrites_nothing_unread(flow: Flow, coach: Person) -> None:
    """The first note was gone, and nobody knew that there had been one."""
    placed(flow)
    pages = [one.get(f"/route/{flow.student_id}", headers=PAGE).text for one in (flow.school, coach)]
    (where, first), (_, second) = (form(page, "/momenten/") for page in pages)
    said = {"held_on": "15-06-2026", "outcome": "goes_well", "note": "Komt elke dag op tijd."}
    assert flow.school.post(where, data=first | said, headers=PAGE).status_code == 303
    other = {"held_on": "14-06-2026", "outcome": "needs_attention", "note": "Is vaak moe."}
    wrong = coach.post(where, data=second | other | {"outcome": ""}, headers=PAGE)
    assert wrong.status_code == 400
    late = coach.post(where, data=form(wrong.text, where)[1] | other, headers=PAGE)
    assert late.status_code == 400
    for part in ("Iemand meldde dit net ook.", "Komt elke dag op tijd.", ">Is vaak moe.</textarea>", "14-06-2026",
                 'value="needs_attention" checked'):
        assert part in late.text, part
    (held,) = [one for one in flow.school.get(f"{API}/check-moments").json["items"] if one["heldOn"]]
    assert (held["outcome"], held["note"]) == ("goes_well", "Komt elke dag op tijd.")
    again = form(late.text, where)[1] | other | {"held_on": "15-06-2026"}
    assert coach.post(where, data=again, headers=PAGE).status_code == 303
    (held,) = [one for one in flow.school.get(f"{API}/check-moments").json["items"] if one["heldOn"]]
    assert held["note"] == "Is vaak moe."


@pytest.mark.parametrize("state", ["paused", "done"])
def test_who_moves_a_step_second_reads_how_far_it_is_and_keeps_the_reason(
    flow: Flow, coach: Person, state: str
) -> None:
    step = {"placementId": placed(flow), "what": "Oefenen", "who": "coach", "by": "2026-07-01"}
    assert flow.school.post(f"{API}/steps", step).status_code == 201
    route = f"/route/{flow.student_id}"
    where, hidden = form(flow.school.get(route, headers=PAGE).text, "/stappen/")
    assert flow.school.post(where, data=hidden | {"state": "active"}, headers=PAGE).status_code == 303
    (_, first), (_, second) = (form(one.get(route, headers=PAGE).text, "/stappen/") for one in (flow.school, coach))
    moved = flow.school.post(where, data=first | {"state": state, "reason": "vakantie"}, headers=PAGE)
    assert moved.status_code == 303
    late = coach.post(where, data=second | {"state": "stopped", "reason": "te ver"}, headers=PAGE)
    assert late.status_code == 400
    assert "Iemand wijzigde deze stap net ook." in late.text
    assert 'value="te ver"' in late.text
    (kept,) = flow.school.get(f"{API}/steps").json["items"]
    assert (kept["state"], kept["reason"]) == (state, "vakantie")
