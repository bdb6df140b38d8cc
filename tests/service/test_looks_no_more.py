"""Who looks for no place any more waits for no connector's word, though the plan that holds still has a place."""
from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import delete, select, update

from api.store.tables import Account, Outcome, Proposal, StoredStudent
from tests.service.browser import Service
from tests.service.flow import API, Flow, begin, on_both
from tests.service.test_after_a_placement import ended
from tests.service.test_decisions import decide
from tests.service.test_held_outside import say
from tests.service.test_meeting_and_placement import TODAY
from tests.service.test_newer_than_the_plan import add, ids
from tests.service.test_said_on_pages import HTML
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


def nobody_found(flow: Flow, student: str) -> bool:
    """Whether nobody was found for a student; the list, its number and what the page says are the same."""
    found = [one["student"]["id"] for one in flow.connector.get(f"{API}/unplaced-students").json["items"]]
    left = [one["student"]["id"] for one in flow.connector.get(f"{API}/left-out-students").json["items"]]
    assert numbers(flow.connector).get("nobody_found", 0) == len(found)
    assert not set(found) & set(left)  # nobody stands on one page twice
    page = flow.connector.get("/zonder-plek").text
    assert (f"/leerlingen/{student}/verbinder" in page) is (student in found)
    return student in found


@pytest.fixture
def unplaced(flow: Flow) -> Flow:
    """Student C has no place in the plan that holds."""
    with flow.service.database.writing() as session:
        session.execute(update(Outcome).values(status="unplaced").where(Outcome.student_id == flow.student_id))
        session.execute(delete(Proposal).where(Proposal.student_id == flow.student_id))
    return flow


@on_both
def test_for_whom_another_destination_was_reported_nobody_is_looked_for(unplaced: Flow) -> None:
    flow = unplaced
    for destination, waits in (("unknown", True), ("mbo", False), ("none", True)):
        body = {"studentId": flow.student_id, "destination": destination, "since": TODAY}
        assert flow.school.post(f"{API}/destinations", body).status_code == 201
        assert nobody_found(flow, flow.student_id) is waits, destination


@pytest.mark.parametrize("back", [False, True])
def test_nobody_is_looked_for_to_place_who_looks_no_more_after_the_last_place(flow: Flow, back: bool) -> None:
    ended(flow, back=back)
    with flow.service.database.writing() as session:
        session.execute(update(Outcome).values(status="unplaced").where(Outcome.student_id == flow.student_id))
    assert nobody_found(flow, flow.student_id) is back


@on_both
def test_of_whom_the_data_are_too_old_it_is_told_once_and_on_the_card(flow: Flow) -> None:
    """Of who is unplaced among those who take no part, with what to do, and not as somebody for whom nobody is."""
    with flow.service.database.writing() as session:
        other = session.scalars(select(StoredStudent.id).where(StoredStudent.student_ref == "A")).one()
        session.execute(update(Outcome).values(status="unplaced").where(Outcome.student_id == other))
        session.execute(delete(Proposal).where(Proposal.student_id == other))
    last = date(2026, 6, 1) + timedelta(days=120)  # so long a word of 1 June is not too old
    flow.next_day((last - flow.service.clock().date()).days)
    assert too_old(flow, other) == (False, False)
    assert nobody_found(flow, other)
    flow.next_day()
    assert too_old(flow, other) == (True, True)
    assert not nobody_found(flow, other)
    assert to_review(flow)  # it is proposed all the same: the card says so
    say(flow.service, "A", confirmed_on=flow.service.clock().date().isoformat())
    assert nobody_found(flow, other)


def too_old(flow: Flow, student: str) -> tuple[bool, bool]:
    """Whether the data are told to be too old: of a student among who takes no part, and on the card of the pair."""
    left = flow.connector.get(f"{API}/left-out-students").json["items"]
    card = flow.connector.get(f"/voorstellen/{flow.proposal['id']}", headers=HTML).text
    return (student, "freshness") in {(one["student"]["id"], one["code"]) for one in left}, (
        "De gegevens zijn te oud. Kijk ze na en bevestig ze." in card)


def test_a_destination_in_the_next_list_of_the_school_counts_as_well(flow: Flow) -> None:
    say(flow.service, "C", destination="work")
    assert not to_review(flow)
    assert flow.connector.get(f"/voorstellen/{flow.proposal['id']}").status_code == 200


LOOKS_NO_MORE = "De leerling zoekt na de vorige plek geen nieuwe."


@on_both
def test_who_looks_no_more_and_is_proposed_all_the_same_is_waited_for_and_told_to_look_no_more(flow: Flow) -> None:
    """The card says so, and takes any word; the place that ended does not come back."""
    ended(flow, back=False)
    others = (ids(flow.service, "C", vacancy) for vacancy in ("V1", "V3"))
    made = add(flow.connector, next(one for one in others if one["opening"]["id"] != flow.opening_id))
    assert (made.status_code, made.json["state"]) == (201, "to_review"), made.text
    assert {p["id"] for p in waiting(flow.connector)} >= {made.json["id"]}
    assert not to_review(flow)
    card = flow.connector.get(f"/voorstellen/{made.json['id']}", headers=HTML).text
    assert LOOKS_NO_MORE in card
    assert 'value="accept"' in card
    with flow.service.database.writing() as session:  # as if the place that ended had been proposed by hand
        session.execute(update(Proposal).where(Proposal.id == flow.proposal["id"]).values(
            chosen=False, added_by=select(Account.id).limit(1).scalar_subquery()))  # fmt: skip
    assert not to_review(flow)
    assert decide(flow.connector, made.json, "accept").status_code == 201
    assert LOOKS_NO_MORE not in flow.connector.get(f"/voorstellen/{made.json['id']}", headers=HTML).text
