"""Vandaag where no plan holds: only what comes of a plan is left out, everybody else who waits is there."""
from __future__ import annotations

from tests.service.browser import Service
from tests.service.flow import begin, put
from tests.service.test_said_on_pages import HTML
from tests.service.test_take_over import judge


def test_who_waits_for_something_else_than_a_proposal_is_there_without_a_plan(cohort: Service) -> None:
    flow = begin(cohort)
    release = flow.released()
    assert put(flow.employer, f"/candidates/{release['id']}/word", {"word": "meet"}).status_code == 200
    page = flow.connector.get("/vandaag?taal=nl", headers=HTML).text
    assert "Werkgever reageerde" in page
    assert f'href="/voorstellen/{flow.proposal["id"]}"' in page
    for queue in ("Kan nu gedeeld worden", "Wacht op toestemming", "Gegevens te oud", "Vacature gewijzigd"):
        assert queue in page, queue
    only_of_plans = ("Nieuwe voorstellen", "Niemand gevonden", "Begin met beoordelen")
    assert not any(one in page for one in only_of_plans)
    assert 'href="/berekeningen"' in page  # what to do about it still stands there
    assert judge(flow.connector, flow.run).status_code == 200
    page = flow.connector.get("/vandaag?taal=nl", headers=HTML).text
    assert all(one in page for one in only_of_plans)
