"""A placement that ends before the day of its start: place and student are free, and nothing counts as begun."""
from __future__ import annotations

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from api.store import audit
from api.store.figures import youths
from api.store.tables import Decided, Placement, Proposal
from tests.service.browser import Service
from tests.service.flow import API, Flow, begin, on_both, put
from tests.service.test_meeting_and_placement import TODAY, again, agreed

BEGINS = "2026-06-20"


@pytest.fixture
def flow(cohort: Service) -> Flow:
    """A run and the people of one of its proposals."""
    return begin(cohort)


def to_begin(flow: Flow, day: str = BEGINS) -> str:
    """Agreed, and reported by the employer to begin later; return the placement."""
    made = flow.employer.post(f"{API}/placements", {"agreementId": agreed(flow), "startedOn": day})
    assert made.status_code == 201, made.text
    return str(made.json["id"])


@pytest.mark.parametrize("day", [BEGINS, "2027-12-15"])
@on_both
def test_who_backs_out_before_the_start_is_free_at_once(flow: Flow, day: str) -> None:
    path = f"/placements/{to_begin(flow, day)}"
    ended = put(flow.employer, f"{path}/end", {"endedOn": TODAY, "reason": "student_stopped"})
    assert ended.status_code == 200, ended.text
    assert [ended.json[name] for name in ("state", "startedOn", "endedOn", "backToPool")] == ["ended", day, TODAY, True]
    with flow.service.database.reading() as session:
        assert session.scalars(select(Decided.id).where(Decided.holds)).all() == []
        assert audit.verify(session) == []
    run = again(flow)
    with flow.service.database.reading() as session:
        query = select(Proposal.opening_id).where(Proposal.run_id == run, Proposal.student_id == flow.student_id)
        assert flow.opening_id in session.scalars(query).all()
    assert flow.school.get(f"{API}/check-moments?dueUntil=2099-01-01").json["items"] == []


def test_what_never_began_is_no_placement_in_the_figures(flow: Flow) -> None:
    path = f"/placements/{to_begin(flow)}"
    put(flow.employer, f"{path}/end", {"endedOn": TODAY, "reason": "employer_stopped"})
    with flow.service.database.reading() as session:
        (youth,) = [one for one in youths(session, lambda _: 0) if one.id == flow.student_id]
    assert (youth.introduced, youth.started_on, youth.ended_on, youth.has_place) == (True, None, None, False)


def test_before_the_start_only_what_needs_no_work_is_said(flow: Flow) -> None:
    path = f"/placements/{to_begin(flow)}"
    for day, reason, code in (
        ("2026-06-14", "student_stopped", "day_before_report"), ("2026-06-16", "student_stopped", "day_to_come"),
        (BEGINS, "student_stopped", "day_to_come"), (TODAY, "completed", "not_begun"),
        (TODAY, "next_step", "not_begun"), (TODAY, "not_passed", "not_begun"),
    ):  # fmt: skip
        refused = put(flow.employer, f"{path}/end", {"endedOn": day, "reason": reason})
        assert (refused.status_code, refused.json["code"]) == (409, code), (day, reason, refused.text)
    for verdict in ("passed", "not_passed"):
        assert put(flow.employer, f"{path}/verdict", {"verdict": verdict}).json["code"] == "day_before_start"


def test_from_the_start_on_it_does_not_end_before_it(flow: Flow) -> None:
    path = f"/placements/{to_begin(flow)}"
    flow.next_day(5)
    early = put(flow.employer, f"{path}/end", {"endedOn": "2026-06-19", "reason": "student_stopped"})
    assert early.json["code"] == "day_before_start"
    assert put(flow.employer, f"{path}/end", {"endedOn": BEGINS, "reason": "student_stopped"}).status_code == 200
    with flow.service.database.reading() as session:
        (youth,) = [one for one in youths(session, lambda _: 0) if one.id == flow.student_id]
    assert str(youth.started_on) == BEGINS


@pytest.mark.parametrize("also", ["verdict = 'passed'", "contract_on = started_on", "end_reason = 'completed'"])
@on_both
def test_the_database_ends_nothing_before_its_start_that_had_begun(flow: Flow, also: str) -> None:
    to_begin(flow)
    said = {"state": "'ended'", "ended_on": f"'{TODAY}'", "end_reason": "'other'", "decision_holds": "NULL"}
    said |= dict([also.split(" = ")])
    with pytest.raises(IntegrityError, match="ends_after_it_starts"), flow.service.database.writing() as session:
        session.execute(text(f"UPDATE placements SET {', '.join(f'{k} = {v}' for k, v in said.items())}"))
    with flow.service.database.reading() as session:
        assert [one.state for one in session.scalars(select(Placement))] == ["trial"]


def test_every_page_says_that_it_was_to_begin(flow: Flow) -> None:
    placement = to_begin(flow)
    assert "Nog niet begonnen?" in flow.employer.get(f"/plaatsingen/{placement}").text
    assert "Nog niet begonnen?" in flow.connector.get(f"/opvolging/plaatsing/{placement}").text
    seen = flow.employer.get(f"{API}/placements/{placement}").headers["ETag"].strip('"')
    form = {"ended_on": "15-6-2026", "reason": "student_stopped", "seen": seen,
            "csrf_token": flow.employer.headers["X-CSRFToken"]}  # fmt: skip
    answer = flow.employer.post(f"/plaatsingen/{placement}/einde", data=form)
    assert answer.status_code == 303, answer.text
    assert flow.connector.get(f"{API}/placements/{placement}").json["state"] == "ended"
    assert "Zou beginnen op" in flow.connector.get(f"/opvolging/plaatsing/{placement}").text
    assert "Je zou beginnen op 20 juni 2026." in flow.student.get("/mijn-plek").text
    assert "Zou beginnen op" in flow.school.get(f"/route/{flow.student_id}").text
