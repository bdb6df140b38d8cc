"""After a placement: whether somebody looks for a place again, and what is known of where they went."""
from __future__ import annotations

import pytest
from sqlalchemy import select

from api.services import recompute
from api.store.tables import Proposal
from tests.service.browser import Service
from tests.service.flow import API, Flow, begin, on_both, put
from tests.service.test_held_outside import say
from tests.service.test_meeting_and_placement import TODAY, again, placed
from tests.service.test_take_over import judge


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


@pytest.mark.parametrize(("says", "left"), [("work", "none"), ("mbo", "mbo")])
def test_who_repeats_the_contract_says_nothing_that_its_end_does_not_undo(flow: Flow, says: str, left: str) -> None:
    """Another destination stands: the page of the end says so, and not that the student takes part."""
    placement = f"/placements/{placed(flow)}"
    put(flow.employer, f"{placement}/verdict", {"verdict": "passed"})
    put(flow.employer, f"{placement}/contract", {"contractOn": TODAY, "contractType": "job"})
    flow.service.clock.forward(minutes=1)
    body = {"studentId": flow.student_id, "destination": says, "since": TODAY}
    assert flow.school.post(f"{API}/destinations", body).status_code == 201
    flow.service.clock.forward(minutes=1)
    said = {"endedOn": TODAY, "reason": "employer_stopped", "backToPool": None}
    assert put(flow.employer, f"{placement}/end", said).status_code == 200
    assert flow.student.get(f"{API}/destinations").json["items"][0]["destination"] == left
    page = flow.connector.get(f"/opvolging/plaatsing/{placement.rsplit('/', 1)[1]}?taal=nl").text
    assert ("De leerling doet weer mee met de volgende berekening." in page) is (left == "none")
    assert ("De leerling heeft al een bestemming. Klopt die nog?" in page) is (left == "mbo")
    assert proposed(flow) is (left == "none")


def ended(flow: Flow, *, back: bool | None = False) -> None:
    """At work, and done with it; everybody comes back a day later."""
    said = {"endedOn": TODAY, "reason": "completed", "backToPool": back}
    assert put(flow.employer, f"/placements/{placed(flow)}/end", said).status_code == 200
    flow.next_day()


def proposed(flow: Flow) -> bool:
    """Whether the student is in the next run; every proposal of it can be made again."""
    run = again(flow)
    with flow.service.database.reading() as session:
        found = session.execute(select(Proposal.id, Proposal.student_id).where(Proposal.run_id == run)).all()
        verdicts = list(recompute.check(session, [i for i, _ in found]))
    assert verdicts
    assert [str(verdict) for verdict in verdicts if not verdict.equal] == []
    return flow.student_id in {student for _, student in found}


def why_left_out(flow: Flow) -> str:
    """What the school reads of the student among who takes no part; empty: nothing."""
    found = flow.school.get(f"{API}/left-out-students").json["items"]
    return next((str(one["code"]) for one in found if one["student"]["id"] == flow.student_id), "")


@pytest.mark.parametrize("back", [False, None, True])
@on_both
def test_who_looks_for_no_place_after_the_last_one_is_not_proposed_and_is_told(flow: Flow, back: bool | None) -> None:
    """Said, or by how it ended; a next list that changes something else does not say otherwise."""
    assert judge(flow.connector, flow.run).status_code == 200
    ended(flow, back=back)
    assert why_left_out(flow) == ("" if back else "not_looking")
    assert proposed(flow) is bool(back)
    say(flow.service, "C", max_km="12")
    flow.next_day()
    assert proposed(flow) is bool(back)
    if back:
        return
    assert why_left_out(flow) == "not_looking"
    (told,) = flow.school.get(f"{API}/left-out-students?code=not_looking&lang=en").json["items"]
    assert (told["who"], "Report where the student is now" in told["sentence"]) == ("school", True)
    assert "Meld waar de leerling nu is" in flow.connector.get("/zonder-plek?taal=nl").text


@pytest.mark.parametrize("went", ["none", "unknown"])
def test_a_report_of_no_destination_brings_back_who_did_not_look(flow: Flow, went: str) -> None:
    ended(flow)
    for destination, code in (("mbo", "destination"), (went, "")):
        body = {"studentId": flow.student_id, "destination": destination, "since": TODAY}
        assert flow.school.post(f"{API}/destinations", body).status_code == 201
        flow.next_day()
        assert why_left_out(flow).replace("no_plan", "") == code
        assert proposed(flow) is (not code)


@on_both
def test_a_list_that_says_no_destination_brings_back_who_did_not_look_until_it_is_undone(flow: Flow) -> None:
    """Also one that says what the school said before: it is a word of after the end. Not one without the column."""
    say(flow.service, "C", destination="none")
    flow.service.clock.forward(minutes=1)
    ended(flow)
    say(flow.service, "C", leave_out="destination", max_km="12")
    flow.next_day()
    assert not proposed(flow)
    say(flow.service, "C", destination="none", max_km="12")
    flow.next_day()
    (listed, *_) = flow.school.get(f"{API}/uploads").json["items"]
    assert listed["counts"]["same"] == 1
    seen = flow.school.get(f"{API}/uploads/{listed['id']}").headers["ETag"]
    undone = flow.school.ask("DELETE", f"{API}/uploads/{listed['id']}/confirmation", headers={"If-Match": seen})
    assert undone.status_code == 200, undone.text
    assert not proposed(flow)
    say(flow.service, "C", destination="none", max_km="12")
    flow.next_day()
    assert proposed(flow)


def test_who_is_accepted_after_all_is_part_of_the_run(flow: Flow) -> None:
    """A connector's word goes before what was said at the end of the last place."""
    ended(flow)
    flow.accept("pin")
    assert proposed(flow)
    assert why_left_out(flow) != "not_looking"
