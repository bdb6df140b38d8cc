"""After a placement ended: whatever check moment is called due can be reported by whoever is told so, and no other."""
from __future__ import annotations

import re

import pytest

from api.services.accounts import Right
from tests.service.browser import Person, Service
from tests.service.flow import API, Flow, begin, put
from tests.service.test_meeting_and_placement import placed

PAGE = {"Accept": "text/html"}
FORM = re.compile(r'action="[^"]*/moment(?:en)?/(\w{32})"')


@pytest.fixture
def flow(cohort: Service) -> Flow:
    """A run and the people of one of its proposals."""
    return begin(cohort)


def due(person: Person, today: str) -> set[str]:
    """The check moments that are due by the API."""
    found = person.get(f"{API}/check-moments?dueUntil={today}").json["items"]
    return {str(one["id"]) for one in found}


def follow(flow: Flow, reason: str, days: int) -> tuple[Person, str]:
    """Twenty days at work without a word, an end, and so many days after it; return the coach and the placement."""
    placement = placed(flow)
    flow.next_day(20)
    ended = put(flow.employer, f"/placements/{placement}/end", {"endedOn": "2026-07-05", "reason": reason})
    assert ended.status_code == 200, ended.text
    flow.service.add("coach@example.org", Right("coach", flow.student_id))
    flow.next_day(days)
    return flow.service.person("coach@example.org"), placement


@pytest.mark.parametrize("reason", ["completed", "next_step", "student_stopped"])
def test_every_moment_that_is_due_after_an_end_has_a_form_on_the_pages_and_goes_off_the_lists(
    flow: Flow, reason: str
) -> None:
    """It was due for ever: the pages showed it as lapsed, without a form, and the coach read of others that lapsed."""
    coach, placement = follow(flow, reason, 100)  # 13 October 2026
    found = due(flow.school, "2026-10-13")
    assert len(found) == (1 if reason == "student_stopped" else 2)
    route, at_work = f"/route/{flow.student_id}", f"/opvolging/plaatsing/{placement}"
    forms = {who: set(FORM.findall(person.get(page, headers=PAGE).text)) for who, person, page in (
        ("coach", coach, route), ("school", flow.school, route), ("connector", flow.connector, at_work))}  # fmt: skip
    assert forms["coach"] == forms["school"] == found
    assert forms["connector"] >= found
    page = flow.school.get(route, headers=PAGE).text
    assert page.count("Te laat") == len(found)
    assert page.count("Vervallen") == (4 if reason == "student_stopped" else 0)
    mine = coach.get("/mijn-jongeren", headers=PAGE).text
    assert mine.count("Te laat") == len(found)
    assert "Na 2 weken, 29 juni 2026" in mine
    for one in found:
        text = coach.get(route, headers=PAGE).text
        hidden = dict(re.findall(r'name="(seen)" value="([^"]*)"', text.split(f"/momenten/{one}")[1][:900]))
        said = {"held_on": "13-10-2026", "outcome": "goes_well", **hidden}
        assert coach.post(f"{route}/momenten/{one}", data=said, headers=PAGE).status_code == 303
    assert due(flow.school, "2026-10-13") == set()
    after = coach.get("/mijn-jongeren", headers=PAGE).text
    assert "Er is nu niets aan de beurt." in after
    assert ("Na 6 maanden, 15 december 2026" in after) is (reason != "student_stopped")
