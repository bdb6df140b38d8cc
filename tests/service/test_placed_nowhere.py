"""Who is placed nowhere now, by what the school says: told on the card, waited for by nobody, and given no place."""
from __future__ import annotations

import pytest
from sqlalchemy import select

from api.store.tables import Proposal
from tests.service.browser import Service
from tests.service.flow import API, begin, on_both
from tests.service.test_decisions import decide
from tests.service.test_held_outside import say
from tests.service.test_looks_no_more import to_review
from tests.service.test_newer_than_the_plan import add, begun, ids
from tests.service.test_runs import compute
from tests.service.test_said_on_pages import HTML
from tests.service.test_take_over import judge, waiting

SAYS = [
    ({"work_capacity": "no"}, "work_capacity", "De school zegt dat werken nog niet kan."),
    ({"work_capacity": "unknown"}, "work_capacity_unknown", "Vul in of de leerling kan werken."),
    ({"destination": "mbo"}, "destination", "De leerling heeft al een bestemming."),
    ({"leaving_profile": "day_activities"}, "leaving_profile", "De leerling gaat naar dagbesteding."),
]
OTHERWISE = {"work_capacity": "yes", "destination": "none", "leaving_profile": "work"}
OFFERS = ('value="accept"', 'value="pin"')
every_reason = pytest.mark.parametrize(("cells", "code", "sentence"), SAYS)


@every_reason
@on_both
def test_who_is_placed_nowhere_now_is_told_so_on_the_card_and_given_no_place(
    cohort: Service, cells: dict[str, str], code: str, sentence: str
) -> None:
    flow = begin(cohort)
    assert judge(flow.connector, flow.run).status_code == 200
    card = f"/voorstellen/{flow.proposal['id']}"
    places = {"card": card, "compare": f"/vergelijken?voorstel={flow.proposal['id']}"}
    before = {name: flow.connector.get(path, headers=HTML).text for name, path in places.items()}
    assert to_review(flow)
    say(cohort, "C", **cells)
    assert not to_review(flow)
    left = flow.connector.get(f"{API}/left-out-students").json["items"]
    assert code in {one["code"] for one in left if one["student"]["id"] == flow.student_id}
    now = {name: flow.connector.get(path, headers=HTML).text for name, path in places.items()}
    for name in places:
        assert sentence not in before[name]
        assert sentence in now[name]
        assert now[name].count(OFFERS[0]) == before[name].count(OFFERS[0]) - 1
    assert [one in before["card"] for one in OFFERS] == [True, True]
    assert OFFERS[1] not in now["card"]
    for word in ("accept", "pin"):
        refused = decide(flow.connector, flow.proposal, word)
        assert (refused.status_code, refused.json["code"]) == (409, "not_placeable"), refused.text
        form = {"word": word, "seen": "none", "csrf_token": flow.connector.headers["X-CSRFToken"]}
        page = flow.connector.post(card, data=form)
        assert (page.status_code, "kan nu geen plek krijgen" in page.text) == (409, True)
    assert decide(flow.connector, flow.proposal, "reject", reason="data_wrong").status_code == 201
    say(cohort, "C", **{cell: OTHERWISE[cell] for cell in cells})
    assert decide(flow.connector, flow.proposal, "accept").status_code == 201


@every_reason
def test_a_place_that_is_held_already_stays_and_may_be_pinned(
    cohort: Service, cells: dict[str, str], code: str, sentence: str
) -> None:
    flow = begin(cohort)
    flow.accept()
    say(cohort, "C", **cells)
    page = flow.connector.get(f"/voorstellen/{flow.proposal['id']}", headers=HTML).text
    assert sentence in page
    assert OFFERS[1] in page
    assert decide(flow.connector, flow.proposal, "pin").status_code == 201


@every_reason
def test_a_pair_of_outside_the_list_waits_for_nobody_once_the_student_is_placed_nowhere(
    cohort: Service, cells: dict[str, str], code: str, sentence: str
) -> None:
    """It is taken along to the next plan, in which the student has part as one who is not placed."""
    connector = begun(cohort)
    made = add(connector, ids(cohort, "D", "V3")).json
    say(cohort, "D", **cells)
    assert judge(connector, compute(cohort, connector)["id"]).status_code == 200
    with cohort.database.reading() as session:
        along = select(Proposal.id).where(Proposal.student_id == made["student"]["id"], Proposal.added_by.is_not(None))
        found = set(session.scalars(along))
    assert found
    assert found.isdisjoint({one["id"] for one in waiting(connector)})


@every_reason
def test_who_is_placed_nowhere_now_is_shown_to_no_employer_and_asked_nothing(
    cohort: Service, cells: dict[str, str], code: str, sentence: str
) -> None:
    """Accepted and with a yes, or not asked yet; then the school says it."""
    flow = begin(cohort)
    flow.accept()
    request = flow.ask()
    say(cohort, "C", **cells)
    assert flow.answer(request).status_code == 200
    refused = flow.release()
    block = "destination_known" if code in ("destination", "leaving_profile") else "not_placeable"
    assert (refused.status_code, refused.json["code"]) == (409, block), refused.text
    assert flow.decision["id"] not in flow.connector.get("/delen", headers=HTML).text
    waits = flow.connector.get("/delen?tab=wacht", headers=HTML).text
    assert flow.proposal["id"] in waits
    assert ("al een bestemming" if block == "destination_known" else "kan nu geen plek krijgen") in waits
    consent = flow.student.get(f"{API}/consents").json["items"][0]["id"]
    assert flow.student.ask("DELETE", f"{API}/consents/{consent}").status_code == 200
    asked = flow.connector.post(f"{API}/consent-requests", {"decisionId": flow.decision["id"]})
    assert (asked.status_code, asked.json["code"]) == (409, "not_placeable")
    say(cohort, "C", **{cell: OTHERWISE[cell] for cell in cells})
    assert flow.answer(flow.ask()).status_code == 200
    assert flow.release().status_code == 201
