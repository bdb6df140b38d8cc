"""Days that make no sense are refused, with the days between which they may be; it is 15 June 2026."""
from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from api.store.tables import Placement
from tests.service.browser import Service
from tests.service.flow import API, Flow, begin, put
from tests.service.test_meeting_and_placement import TODAY, agreed, met, placed

HTML = {"Accept": "text/html"}


@pytest.fixture
def flow(cohort: Service) -> Flow:
    """A run and the people of one of its proposals."""
    return begin(cohort)


def refused(answer: Any, first: str, last: str) -> None:
    """Refused, with both bounds in a sentence."""
    assert (answer.status_code, answer.json["code"]) == (409, "day_outside"), answer.text
    assert answer.json["detail"] == f"Choose a day from {first} to {last}."


def test_a_meeting_is_planned_within_a_year_and_was_held_after_it_was_asked_for(flow: Flow) -> None:
    release = flow.released()
    put(flow.employer, f"/candidates/{release['id']}/word", {"word": "meet"})
    (asked,) = flow.connector.get(f"{API}/introductions?state=asked").json["items"]
    path = f"/introductions/{asked['id']}"
    plan = {"plannedAt": "2027-06-16T10:00:00+02:00", "where": "x"}
    refused(put(flow.connector, f"{path}/plan", plan), "15 June 2026", "15 June 2027")
    plan["plannedAt"] = "2027-06-15T10:00:00+02:00"
    assert put(flow.connector, f"{path}/plan", plan).status_code == 200
    refused(put(flow.employer, f"{path}/outcome", {"outcome": "go_on", "heldOn": "2010-05-05"}),
            "15 June 2026", "15 June 2026")  # fmt: skip
    seen = flow.connector.get(f"{API}{path}").headers["ETag"].strip('"')
    page = flow.connector.client.post(f"/opvolging/kennismaking/{asked['id']}/uitkomst", headers=HTML, data={
        "csrf_token": flow.connector.headers["X-CSRFToken"], "seen": seen.split("-")[-1], "outcome": "go_on",
        "held_on": "5-5-2010"})  # fmt: skip
    assert page.status_code == 409
    assert "Kies een dag van 15 juni 2026 tot en met 15 juni 2026." in page.text
    assert put(flow.employer, f"{path}/outcome", {"outcome": "go_on", "heldOn": TODAY}).status_code == 200


def test_what_is_agreed_is_for_days_near_the_agreement(flow: Flow) -> None:
    adapted = {"who": "employer", "what": "Begin om 9 uur"}
    terms = {"introductionId": met(flow), "startsOn": TODAY, "adaptations": [adapted]}
    for day in ("2000-01-01", "2026-05-14", "2027-12-16"):
        refused(flow.employer.post(f"{API}/agreements", terms | {"startsOn": day}), "15 May 2026", "15 December 2027")
    for by in ("2000-01-01", "2027-06-16"):
        told = flow.employer.post(f"{API}/agreements", terms | {"adaptations": [adapted | {"by": by}]})
        refused(told, "15 May 2026", "15 June 2027")
    early = terms | {"startsOn": "2026-05-15", "adaptations": [adapted | {"by": "2026-05-15"}]}
    made = flow.employer.post(f"{API}/agreements", early)
    assert made.status_code == 201, made.text
    changed = {"startsOn": "2028-01-01", "adaptations": []}
    refused(put(flow.employer, f"/agreements/{made.json['id']}", changed), "15 May 2026", "15 December 2027")


def test_a_start_is_near_its_agreement_and_a_trial_no_longer_than_a_vacancy_may_say(flow: Flow) -> None:
    start = {"agreementId": agreed(flow), "startedOn": TODAY}
    refused(flow.connector.post(f"{API}/placements", start | {"startedOn": "2099-01-01"}),
            "15 May 2026", "15 December 2027")  # fmt: skip
    refused(flow.connector.post(f"{API}/placements", start | {"trialUntil": "2028-06-16"}),
            "15 June 2026", "15 June 2028")  # fmt: skip
    assert flow.connector.post(f"{API}/placements", start | {"trialUntil": "2026-09-15"}).status_code == 201


def test_a_trial_is_extended_beyond_its_end_by_a_year_at_most(flow: Flow) -> None:
    placement = f"/placements/{placed(flow)}"
    with flow.service.database.writing() as session:
        session.scalars(select(Placement)).one().trial_until = None
    longer = {"verdict": "extended"}
    refused(put(flow.employer, f"{placement}/verdict", longer | {"trialUntil": "2027-06-16"}),
            "16 June 2026", "15 June 2027")  # fmt: skip
    assert put(flow.employer, f"{placement}/verdict", longer | {"trialUntil": "2026-12-01"}).status_code == 200
    for until in ("2026-11-30", "2026-12-01", "2027-12-02"):
        refused(put(flow.employer, f"{placement}/verdict", longer | {"trialUntil": until}),
                "2 December 2026", "1 December 2027")  # fmt: skip
    assert put(flow.employer, f"{placement}/verdict", longer | {"trialUntil": "2027-12-01"}).status_code == 200


def test_what_is_done_after_the_start_has_days_near_it(flow: Flow) -> None:
    placement = placed(flow)
    extra = {"placementId": placement, "dueOn": "2031-06-16"}
    refused(flow.connector.post(f"{API}/check-moments", extra), "15 June 2026", "15 June 2031")
    (first, *_) = flow.connector.get(f"{API}/check-moments?placementId={placement}").json["items"]
    held = {"heldOn": "2026-06-14", "outcome": "goes_well"}
    refused(put(flow.employer, f"/check-moments/{first['id']}", held), "15 June 2026", "15 June 2026")
    step = {"placementId": placement, "what": "Oefenen", "who": "student", "by": "2099-01-01"}
    refused(flow.school.post(f"{API}/steps", step), "15 June 2026", "15 June 2031")
    assert flow.school.post(f"{API}/steps", step | {"by": "2026-07-01"}).status_code == 201


def test_of_a_placement_that_ended_what_was_not_done_has_lapsed(flow: Flow) -> None:
    placement = placed(flow)
    flow.next_day(3)
    ended = {"endedOn": "2026-06-17", "reason": "student_stopped"}
    assert put(flow.employer, f"/placements/{placement}/end", ended).status_code == 200
    overview = flow.connector.get("/opvolging", headers=HTML).text
    assert "sinds 17 juni 2026" in overview
    assert "sinds 15 juni 2026" not in overview
    one = flow.connector.get(f"/opvolging/plaatsing/{placement}", headers=HTML).text
    assert one.count("vervallen</span>") == 1 + 5  # what was agreed, and every moment
    assert "nog doen" not in one
    assert "te laat" not in one
    route = flow.school.get(f"/route/{flow.student_id}", headers=HTML).text
    assert route.count("Vervallen") == 5
    assert "Komt nog" not in route
