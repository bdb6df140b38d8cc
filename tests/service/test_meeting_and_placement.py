"""From meeting to contract, end and follow-up: each step in its order, by who may, and back to the pool."""
from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from api.services import run_queue
from api.services.accounts import Right
from api.services.placements import months_after
from api.store import audit, figures
from api.store.figures import youths
from api.store.tables import (
    Decided,
    Destination,
    Placement,
    Plan,
    Profile,
    Proposal,
    Release,
    Seen,
    StoredOpening,
    StoredStudent,
)
from tests.service.browser import Service
from tests.service.flow import API, Flow, begin, on_both, put
from tests.service.test_take_over import judge
from tests.service.test_uploads import confirm, hand_in

TODAY = "2026-06-15"


@pytest.fixture
def flow(cohort: Service) -> Flow:
    """A run and the people of one of its proposals."""
    return begin(cohort)


def met(flow: Flow, outcome: str = "go_on") -> str:
    """Shown, asked to meet, planned and held; return the introduction."""
    release = flow.released()
    assert put(flow.employer, f"/candidates/{release['id']}/word", {"word": "meet"}).status_code == 200
    (asked,) = flow.connector.get(f"{API}/introductions?state=asked").json["items"]
    path = f"/introductions/{asked['id']}"
    plan = {"plannedAt": "2026-06-15T08:00:00+02:00", "where": "Bij het bedrijf, met de coach"}
    assert put(flow.connector, f"{path}/plan", plan).status_code == 200
    held = put(flow.employer, f"{path}/outcome", {"outcome": outcome, "heldOn": TODAY})
    assert held.status_code == 200, held.text
    return str(asked["id"])


def agreed(flow: Flow) -> str:
    """Met and agreed by both sides; return the agreement."""
    adaptation = {"who": "employer", "what": "Begin om 9 uur", "support": "own_pace", "by": TODAY}
    terms = {"introductionId": met(flow), "startsOn": TODAY, "hours": 24, "mentor": "Kim", "adaptations": [adaptation]}
    made = flow.employer.post(f"{API}/agreements", terms)
    assert made.status_code == 201, made.text
    for person in (flow.employer, flow.student):
        assert put(person, f"/agreements/{made.json['id']}/approval", None).status_code == 200
    return str(made.json["id"])


def placed(flow: Flow) -> str:
    """At work, on trial; return the placement."""
    made = flow.connector.post(f"{API}/placements", {"agreementId": agreed(flow), "startedOn": TODAY})
    assert made.status_code == 201, made.text
    return str(made.json["id"])


def test_a_name_is_given_after_a_permission_of_its_own(flow: Flow) -> None:
    """And with it whom to call at the school, never which school or what kind."""
    with flow.service.database.writing() as session:
        for profile in session.scalars(select(Profile).where(Profile.student_id == flow.student_id)):
            background = {**profile.record["background"], "first_name": "Noor"}
            profile.record = {**profile.record, "background": background}
    flow.service.add("coach@example.org", Right("coach", flow.student_id))
    introduction = f"/introductions/{met(flow)}"
    before = flow.employer.get(f"{API}{introduction}")
    assert (before.json["firstName"], before.json["call"], before.json["student"]) == (None, [], None)
    assert "Noor" not in before.text
    assert flow.employer.ask("PUT", f"{API}{introduction}/name-permission").status_code == 403
    assert flow.student.ask("PUT", f"{API}{introduction}/name-permission").status_code == 428
    assert put(flow.student, f"{introduction}/name-permission", None, seen='"99"').status_code == 412
    assert flow.employer.get(f"{API}{introduction}").json["firstName"] is None
    assert put(flow.student, f"{introduction}/name-permission", None).status_code == 200
    after = flow.employer.get(f"{API}{introduction}")
    assert (after.json["firstName"], after.json["call"]) == ("Noor", [{"name": "coach", "phone": ""}])
    for hidden in ("vso", "pro", "31TB00", "studentRef", "school"):
        assert f'"{hidden}"' not in after.text


def test_no_meeting_is_planned_on_a_day_that_is_over(flow: Flow) -> None:
    """By the calendar where the service is used: what was earlier today may be written down afterwards."""
    release = flow.released()
    put(flow.employer, f"/candidates/{release['id']}/word", {"word": "meet"})
    (asked,) = flow.connector.get(f"{API}/introductions?state=asked").json["items"]
    path = f"/introductions/{asked['id']}"
    for over in ("2000-01-01T10:00:00Z", "2026-06-14T21:59:59Z"):
        refused = put(flow.connector, f"{path}/plan", {"plannedAt": over, "where": "x"})
        assert (refused.status_code, refused.json["code"]) == (409, "day_over")
    assert flow.connector.get(f"{API}{path}").json["plannedAt"] is None
    for good in ("2026-06-14T22:00:00Z", "2026-06-16T10:00:00+02:00"):
        assert put(flow.connector, f"{path}/plan", {"plannedAt": good, "where": "x"}).status_code == 200


def test_the_name_is_hidden_again_when_the_meeting_is_off(flow: Flow) -> None:
    release = flow.released()
    put(flow.employer, f"/candidates/{release['id']}/word", {"word": "meet"})
    introduction = flow.employer.get(f"{API}/introductions").json["items"][0]["id"]
    assert put(flow.student, f"/introductions/{introduction}/name-permission", None).json["namesPermitted"]
    consent = flow.student.get(f"{API}/consents").json["items"][0]["id"]
    flow.student.ask("DELETE", f"{API}/consents/{consent}")
    told = flow.employer.get(f"{API}/introductions/{introduction}").json
    assert (told["state"], told["firstName"], told["call"]) == ("cancelled", None, [])


def test_steps_out_of_order_are_refused_in_words(flow: Flow) -> None:
    release = flow.released()
    put(flow.employer, f"/candidates/{release['id']}/word", {"word": "meet"})
    introduction = flow.employer.get(f"{API}/introductions").json["items"][0]["id"]
    early = put(flow.employer, f"/introductions/{introduction}/outcome", {"outcome": "go_on", "heldOn": TODAY})
    assert (early.status_code, early.json["code"]) == (409, "wrong_state")
    assert early.json["detail"] == "The introduction is asked for. Reporting the outcome is not possible now."
    terms = {"introductionId": introduction, "startsOn": TODAY, "adaptations": []}
    assert flow.employer.post(f"{API}/agreements", terms).json["code"] == "not_held"
    assert put(flow.connector, f"/introductions/{introduction}", None, method="DELETE").json["state"] == "cancelled"
    plan = {"plannedAt": "2026-07-01T10:00:00+02:00"}
    assert put(flow.connector, f"/introductions/{introduction}/plan", plan).status_code == 409
    assert flow.connector.ask("PUT", f"{API}/introductions/{introduction}/plan", json=plan).status_code == 428


@on_both
def test_a_meeting_that_was_called_off_is_asked_for_anew_and_a_second_one_beside_it_is_not(cohort: Service) -> None:
    flow = begin(cohort)
    word, meet = f"/candidates/{flow.released()['id']}/word", {"word": "meet"}
    put(flow.employer, word, meet)
    first = flow.employer.get(f"{API}/introductions").json["items"][0]["id"]
    assert put(flow.student, f"/introductions/{first}/name-permission", None).status_code == 200
    refused = put(flow.employer, word, meet)
    assert (refused.status_code, refused.json["code"]) == (409, "wrong_state")
    assert put(flow.connector, f"/introductions/{first}", None, method="DELETE").json["state"] == "cancelled"
    again = put(flow.employer, word, meet)
    assert (again.status_code, again.json["state"]) == (200, "meet")
    assert put(flow.employer, word, meet).json["code"] == "wrong_state"
    (asked,) = flow.connector.get(f"{API}/introductions?state=asked").json["items"]
    assert asked["id"] != first
    assert not asked["namesPermitted"], "a name is permitted for one meeting"
    plan = {"plannedAt": "2026-06-15T08:00:00+02:00", "where": "Bij het bedrijf"}
    assert put(flow.connector, f"/introductions/{asked['id']}/plan", plan).json["state"] == "planned"
    with cohort.database.reading() as session:
        assert audit.verify(session) == []


@pytest.mark.parametrize(("lang", "off", "again", "fits_not"), [
    ("nl", "De kennismaking gaat niet door.", "Opnieuw kennismaken", "Past niet"),
    ("en", "The introduction is off.", "Ask to meet again", "Does not fit"),
])  # fmt: skip
def test_the_page_of_a_candidate_whose_meeting_is_off_asks_whether_to_meet_again(
    flow: Flow, lang: str, off: str, again: str, fits_not: str
) -> None:
    candidate = flow.released()["id"]
    form, page = {"csrf_token": flow.employer.headers["X-CSRFToken"], "word": "meet"}, f"/kandidaten/{candidate}"
    assert flow.employer.post(page, data=form).status_code == 303
    introduction = flow.employer.get(f"{API}/introductions").json["items"][0]["id"]
    before = flow.employer.get(f"{page}?taal={lang}").text
    assert (off in before, again in before) == (False, False)
    put(flow.employer, f"/introductions/{introduction}", None, method="DELETE")
    told = flow.employer.get(f"{page}?taal={lang}").text
    assert (off in told, again in told, fits_not in told, f"/kennismakingen/{introduction}" in told) == (
        True, True, True, False)  # fmt: skip
    assert flow.employer.post(page, data=form).status_code == 303
    told = flow.employer.get(f"{page}?taal={lang}").text
    assert (off in told, again in told) == (False, False)
    states = [one["state"] for one in flow.connector.get(f"{API}/introductions").json["items"]]
    assert sorted(states) == ["asked", "cancelled"]


def test_not_going_on_ends_what_the_employer_sees(flow: Flow) -> None:
    introduction = met(flow, "stop")
    assert flow.employer.get(f"{API}/candidates").json["items"] == []
    assert flow.connector.get(f"{API}/releases").json["items"][0]["endReason"] == "employer_declined"
    terms = {"introductionId": introduction, "startsOn": TODAY, "adaptations": []}
    assert flow.employer.post(f"{API}/agreements", terms).json["code"] == "no_go"


def test_a_start_needs_both_sides_to_agree_to_the_same_words(flow: Flow) -> None:
    agreement = agreed(flow)
    terms = {"startsOn": TODAY, "hours": 32, "adaptations": []}
    assert put(flow.employer, f"/agreements/{agreement}", terms, method="PUT").json["state"] == "draft"
    start = {"agreementId": agreement, "startedOn": TODAY}
    assert flow.employer.post(f"{API}/placements", start).json["code"] == "not_agreed"
    for person in (flow.employer, flow.student):
        put(person, f"/agreements/{agreement}/approval", None)
    assert flow.employer.post(f"{API}/placements", start).status_code == 201
    assert flow.employer.post(f"{API}/placements", start).json["code"] == "wrong_state"
    assert put(flow.employer, f"/agreements/{agreement}", terms, method="PUT").status_code == 409


def test_an_adaptation_is_done_when_somebody_says_so(flow: Flow) -> None:
    agreement = agreed(flow)
    seen = flow.employer.get(f"{API}/agreements/{agreement}").headers["ETag"]
    done = put(flow.employer, f"/agreements/{agreement}/adaptations/1", {"doneOn": TODAY}, seen)
    assert [one["doneOn"] for one in done.json["adaptations"]] == [TODAY]
    assert put(flow.employer, f"/agreements/{agreement}/adaptations/1", {"doneOn": None}, seen).status_code == 412
    now = done.headers["ETag"]
    assert put(flow.employer, f"/agreements/{agreement}/adaptations/9", {"doneOn": None}, now).status_code == 404


@on_both
def test_who_works_somewhere_waits_for_no_consent_also_when_it_is_withdrawn(flow: Flow) -> None:
    """On the first page, where candidates are shared and in the list: under what an employer knows, nowhere else."""
    assert judge(flow.connector, flow.run).status_code == 200
    placement = placed(flow)
    consent = flow.student.get(f"{API}/consents").json["items"][0]["id"]
    for withdrawn in (False, True):
        if withdrawn:
            assert flow.student.ask("DELETE", f"{API}/consents/{consent}").json["live"] is False
        counts = {one["state"]: one["number"] for one in flow.connector.get(f"{API}/queues").json}
        assert (counts.get("ready", 0), counts["released"]) == (0, 1)
        shown = flow.connector.get("/delen?tab=wacht", headers={"Accept": "text/html"}).text
        assert f"/leerlingen/{flow.student_id}" not in shown
        assert flow.decision["id"] not in shown
        first = flow.connector.get("/vandaag", headers={"Accept": "text/html"}).text
        assert '<span class="figure">0</span> Wacht op toestemming' in first
        assert flow.connector.get(f"{API}/proposals/{flow.proposal['id']}").json["state"] == "released"
    assert put(flow.connector, f"/placements/{placement}/end", {"endedOn": TODAY, "reason": "other"}).status_code == 200
    assert "released" not in {one["state"] for one in flow.connector.get(f"{API}/queues").json}


@on_both
def test_a_trial_is_passed_and_a_contract_is_a_destination(flow: Flow) -> None:
    placement = f"/placements/{placed(flow)}"
    contract = {"contractOn": TODAY, "contractType": "job", "hours": 32}
    assert put(flow.employer, f"{placement}/contract", contract).json["code"] == "not_passed"
    assert put(flow.employer, f"{placement}/verdict", {"verdict": "extended", "trialUntil": "2026-12-01"}).json[
        "trialUntil"] == "2026-12-01"  # fmt: skip
    assert put(flow.employer, f"{placement}/verdict", {"verdict": "passed"}).json["verdict"] == "passed"
    assert put(flow.employer, f"{placement}/contract", contract).json["state"] == "contract"
    (report,) = flow.student.get(f"{API}/destinations").json["items"]
    assert (report["destination"], report["source"]) == ("work", "placement")
    with flow.service.database.reading() as session:
        student = session.get_one(StoredStudent, flow.student_id)
        assert session.get_one(Profile, (student.id, student.number)).record["destination"] == "work"
        assert audit.verify(session) == []
    run = again(flow)
    with flow.service.database.reading() as session:
        query = select(Proposal.id).where(Proposal.run_id == run, Proposal.student_id == flow.student_id)
        assert session.scalars(query).all() == []


@pytest.mark.parametrize("way", ["end", "not_passed"])
@on_both
def test_an_end_frees_the_place_and_the_next_run_proposes_again(flow: Flow, way: str) -> None:
    placement = f"/placements/{placed(flow)}"
    assert flow.connector.ask("DELETE", f"{API}/decisions/{flow.decision['id']}").status_code == 409
    assert put(flow.connector, f"/releases/{flow.connector.get(f'{API}/releases').json['items'][0]['id']}", None,
               method="DELETE").json["code"] == "placement_runs"  # fmt: skip
    if way == "end":
        ended = put(flow.employer, f"{placement}/end", {"endedOn": TODAY, "reason": "employer_stopped"})
    else:
        ended = put(flow.employer, f"{placement}/verdict", {"verdict": "not_passed"})
    assert (ended.json["state"], ended.json["backToPool"]) == ("ended", True), ended.text
    assert put(flow.employer, f"{placement}/end", {"endedOn": TODAY, "reason": "other"}).status_code == 409
    with flow.service.database.reading() as session:
        assert session.scalars(select(Decided.id).where(Decided.holds)).all() == []
        assert [r.end_reason for r in session.scalars(select(Release))] == ["placement_ended"]
        assert audit.verify(session) == []
    run = again(flow)
    with flow.service.database.reading() as session:
        query = select(Proposal.opening_id).where(Proposal.run_id == run, Proposal.student_id == flow.student_id)
        assert flow.opening_id in session.scalars(query).all()


def again(flow: Flow) -> str:
    """Let another run be computed; return it."""
    asked = flow.connector.post(f"{API}/runs", {"on": TODAY}).json["id"]
    taken = run_queue.take(flow.service.database, flow.service.clock())
    assert taken is not None
    run_queue.compute(flow.service.database, *taken, lambda _: None, flow.service.clock)
    assert flow.connector.get(f"{API}/runs/{asked}").json["state"] == "done"
    return str(asked)


@on_both
def test_check_moments_are_made_at_the_start_and_asked_for_when_due(flow: Flow) -> None:
    placement = placed(flow)
    found = flow.connector.get(f"{API}/check-moments?placementId={placement}").json["items"]
    assert [(one["kind"], one["dueOn"]) for one in found] == [
        ("weeks_2", "2026-06-29"), ("months_3", "2026-09-15"), ("months_6", "2026-12-15"),
        ("months_12", "2027-06-15"), ("months_24", "2028-06-15"),
    ]  # fmt: skip
    due = f"{API}/check-moments?dueUntil=2026-09-15"
    assert [one["kind"] for one in flow.school.get(due).json["items"]] == ["weeks_2", "months_3"]
    said = {"heldOn": TODAY, "outcome": "goes_well", "note": "Gaat goed."}
    assert put(flow.employer, f"/check-moments/{found[0]['id']}", said).status_code == 200
    assert [one["kind"] for one in flow.school.get(due).json["items"]] == ["months_3"]
    assert flow.student.get(f"{API}/check-moments/{found[0]['id']}").json["note"] == "Gaat goed."
    put(flow.school, f"/check-moments/{found[1]['id']}", {**said, "note": "Alleen voor de school en de leerling."})
    notes = [one["note"] for one in flow.employer.get(f"{API}/check-moments").json["items"]]
    assert notes == ["Gaat goed.", None, None, None, None]
    assert put(flow.employer, f"/placements/{placement}/end", {"endedOn": TODAY, "reason": "student_stopped"}
               ).status_code == 200  # fmt: skip
    assert flow.school.get(f"{API}/check-moments?dueUntil=2030-01-01").json["items"] == []
    assert months_after(date(2026, 11, 30), 3) == date(2027, 2, 28)


def test_the_funnel_counts_what_happened(flow: Flow) -> None:
    """The rows that figures are counted from, against what was done by hand above."""
    placement = placed(flow)
    with flow.service.database.reading() as session:
        mine = next(one for one in youths(session, len) if one.id == flow.student_id)
    assert (mine.proposed, mine.released, mine.introduced, mine.has_place) == (True, True, True, True)
    put(flow.employer, f"/placements/{placement}/end", {"endedOn": TODAY, "reason": "completed"})
    flow.service.clock.forward(seconds=1)
    for went, since in (("work", TODAY), ("mbo", "2026-06-01")):  # told later, though it began before
        flow.school.post(f"{API}/destinations", {"studentId": flow.student_id, "destination": went, "since": since})
        flow.service.clock.forward(seconds=1)
    with flow.service.database.reading() as session:
        mine = next(one for one in youths(session, len) if one.id == flow.student_id)
        student = session.get_one(StoredStudent, flow.student_id)
        record = session.get_one(Profile, (student.id, student.number)).record
    assert (mine.has_place, mine.destination, record["destination"]) == (False, "mbo", "mbo")


def test_a_remembered_count_is_what_counting_anew_gives(flow: Flow) -> None:
    """After every change: the people as remembered beside the people counted from nothing, and likewise the plans."""
    told: list[tuple[object, object, object]] = []

    def same() -> None:
        with flow.service.database.reading() as session:
            remembered = youths(session, len)
            assert youths(session, len) is remembered  # nothing changed in between: not counted again
            figures._COUNTS.clear()
            figures._READ.clear()
            assert youths(session, len) == remembered
            counted = tuple(sorted(map(repr, ask(session, None))) for ask in (figures.unplaced, figures.unfilled))
            told.append((remembered, figures.marks_of_plans(session), counted))
            assert all(counts == counted or marks != told[-1][1] for _, marks, counts in told)

    same()
    placement = placed(flow)
    same()
    put(flow.employer, f"/placements/{placement}/end", {"endedOn": TODAY, "reason": "completed"})
    same()
    flow.school.post(f"{API}/destinations", {"studentId": flow.student_id, "destination": "mbo", "since": TODAY})
    same()
    for table in (StoredStudent, StoredOpening):
        with flow.service.database.writing() as session:  # everybody and everything moves away, one by one
            rows = session.query(table).order_by(table.id).limit(6).all()
        for row in rows:
            with flow.service.database.writing() as session:
                session.get_one(table, row.id).region_code = "AM23"
            same()
    with flow.service.database.writing() as session:
        session.query(Plan).delete()
    same()
    assert told[-1][2] == ([], [])
    assert len({repr(people) for people, *_ in told}) >= 4


def test_a_step_moves_on_as_the_table_says(flow: Flow) -> None:
    placement = placed(flow)
    made = flow.school.post(f"{API}/steps", {"placementId": placement, "goal": "vca", "what": "oefenen",
                                             "who": "school", "by": "2026-09-01"}).json  # fmt: skip
    step, terms = f"/steps/{made['id']}", {"what": "oefenen", "who": "school"}
    assert put(flow.school, step, {**terms, "state": "active"}).json["state"] == "active"
    assert put(flow.school, step, {**terms, "state": "paused"}).status_code == 400
    assert put(flow.school, step, {**terms, "state": "paused", "reason": "ziek"}).json["state"] == "paused"
    assert put(flow.school, step, {**terms, "state": "done"}).json["state"] == "done"
    assert put(flow.school, step, {**terms, "state": "active"}).json["code"] == "wrong_state"
    assert flow.employer.get(f"{API}/steps").json["items"] == []
    assert flow.employer.get(f"{API}{step}").status_code == 404
    flow.school.post(f"{API}/steps", {"placementId": placement, "what": "rooster maken", "who": "employer"})
    assert [one["what"] for one in flow.employer.get(f"{API}/steps").json["items"]] == ["rooster maken"]


@on_both
def test_the_newest_report_counts_and_a_list_that_says_nothing_undoes_none(flow: Flow) -> None:
    body = {"studentId": flow.student_id, "destination": "mbo", "since": TODAY}
    assert flow.school.post(f"{API}/destinations", body).status_code == 201
    flow.service.clock.forward(seconds=1)
    assert flow.student.post(f"{API}/destinations", {**body, "destination": "none"}).json["source"] == "student"
    flow.service.clock.forward(seconds=1)
    assert flow.connector.post(f"{API}/destinations", {**body, "destination": "work"}).status_code == 201
    assert flow.school.post(f"{API}/destinations", {**body, "since": "2030-01-01"}).json["code"] == "day_to_come"
    with flow.service.database.reading() as session:
        student = session.get_one(StoredStudent, flow.student_id)
        number, record = student.number, session.get_one(Profile, (student.id, student.number)).record
        assert record["destination"] == "work"
    flow.service.clock.forward(seconds=1)
    head = "leerlingnummer,brin,schooltype,geboortedatum,uitstroomdatum,postcode,arbeidsvermogen,bestemming\n"
    born, left = record["birth_date"], record["leaves_on"]
    for said, expected, postcode in (("", "work", 8011), ("mbo", "mbo", 8103)):
        row = f"C,{record['school']},vso,{born},{left},{postcode},ja,{said}\n"
        assert confirm(flow.school, hand_in(flow.school, head + row)).status_code == 200
        with flow.service.database.reading() as session:
            student = session.get_one(StoredStudent, flow.student_id)
            assert student.number > number
            assert session.get_one(Profile, (student.id, student.number)).record["destination"] == expected
            number = student.number
    with flow.service.database.reading() as session:
        query = select(Destination.destination).where(Destination.student_id == flow.student_id)
        assert session.scalars(query.order_by(Destination.reported_at, Destination.id)).all()
        assert sorted(session.scalars(query)) == ["mbo", "mbo", "none", "work"]


@on_both
def test_a_municipality_sees_a_request_for_help_after_consent_and_that_is_written_down(flow: Flow) -> None:
    flow.service.add("m@example.org", Right("municipality", "GM0193", "Zwolle"))
    municipality = flow.service.person("m@example.org")
    (where,) = [one["id"] for one in flow.school.get(f"{API}/municipalities").json]
    body = {"studentId": flow.student_id, "municipalityId": where, "what": "Reiskosten vergoeden", "by": "2026-09-01"}
    asked = flow.school.post(f"{API}/help-requests", body)
    path = f"/help-requests/{asked.json['id']}"
    missing = municipality.get(f"{API}/help-requests/{'0' * 32}")
    assert municipality.get(f"{API}/help-requests").json["items"] == []
    assert municipality.get(f"{API}{path}").data == missing.data
    assert put(flow.student, f"{path}/consent", None).json["state"] == "open"
    (seen,) = municipality.get(f"{API}/help-requests").json["items"]
    assert (seen["what"], seen["studentId"]) == ("Reiskosten vergoeden", None)
    with flow.service.database.reading() as session:
        assert session.scalars(select(Seen.student_id)).all() == [flow.student_id]
    assert put(municipality, f"{path}/answer", {"answer": "Ja, vanaf september."}).json["state"] == "answered"
    assert flow.student.get(f"{API}{path}").json["answer"] == "Ja, vanaf september."
    taken_back = put(flow.student, path, None, method="DELETE")
    assert (taken_back.status_code, taken_back.json["state"]) == (200, "withdrawn"), taken_back.text
    assert municipality.get(f"{API}/help-requests").json["items"] == []
    assert municipality.get(f"{API}{path}").data == missing.data
    for person in (flow.student, flow.school, flow.connector):  # what was answered stays for who stands beside
        assert person.get(f"{API}{path}").json["answer"] == "Ja, vanaf september."
    assert put(flow.student, path, None, method="DELETE").json["code"] == "wrong_state"


def test_a_number_that_may_be_a_bsn_comes_in_nowhere(flow: Flow) -> None:
    body = {"placementId": placed(flow), "what": "bel 123456782", "who": "school"}
    assert flow.school.post(f"{API}/steps", body).status_code == 400


@on_both
def test_days_and_signs_that_nobody_can_mean_are_refused(flow: Flow) -> None:
    """Not an error of ours: what is counted from such a day, or kept of such a text, is none."""
    placement = placed(flow)
    for method, path, body in (
        ("POST", "/placements", {"agreementId": "x", "startedOn": "9999-12-31"}),
        ("PUT", f"/placements/{placement}/contract", {"contractOn": "0001-01-01", "contractType": "job"}),
        ("PUT", "/introductions/x/plan", {"plannedAt": "9999-12-31T23:59:00-12:00"}),
        ("POST", "/steps", {"placementId": "\x00", "what": "x", "who": "school"}),
        ("POST", "/steps", {"placementId": placement, "what": "\ud800", "who": "school"}),
        ("GET", "/consent-requests?studentId=%00", None), ("GET", "/check-moments?after=%00", None),
    ):  # fmt: skip
        answer = flow.connector.ask(method, f"{API}{path}", headers={"If-Match": '"1"'}, json=body)
        assert answer.status_code == 400, (path, answer.text)
    missing = flow.connector.get(f"{API}/placements/{'0' * 32}")
    assert flow.connector.get(f"{API}/placements/%00").data == missing.data


@pytest.mark.parametrize("act", [
    "UPDATE placements SET decision_holds = NULL", "UPDATE decisions SET holds = :no, ended_at = decided_at",
    "UPDATE releases SET decision_holds = NULL", "DELETE FROM decisions",
    "INSERT INTO placements (id, decision_id, introduction_id, student_id, opening_id, state, started_on, version, "
    "back_to_pool, account_id, created_at, decision_holds) SELECT 'x', decision_id, introduction_id, student_id, "
    "opening_id, state, started_on, 1, back_to_pool, account_id, created_at, :yes FROM placements",
    "INSERT INTO introductions (id, release_id, student_id, opening_id, state, asked_by, asked_at, \"where\", version) "
    "SELECT 'y', 'no such release', student_id, opening_id, 'asked', asked_by, asked_at, '', 1 FROM introductions",
], ids=lambda act: act[:30])  # fmt: skip
@on_both
def test_by_no_sentence_of_sql_is_anybody_at_work_without_an_acceptance(flow: Flow, act: str) -> None:
    placed(flow)
    marks = {name: value for name, value in {"yes": True, "no": False}.items() if f":{name}" in act}
    with pytest.raises(IntegrityError), flow.service.database.writing() as session:
        session.execute(text(act), marks)
    with flow.service.database.reading() as session:
        assert [p.decision_holds for p in session.scalars(select(Placement))] == [True]


def test_a_stranger_sees_nothing_of_it(flow: Flow) -> None:
    """By another employer: the same bytes as for what is not there."""
    placement: Any = placed(flow)
    flow.service.add("z@example.org", Right("employer", "12345678", "Z"))
    other = flow.service.person("z@example.org")
    for kind in ("introductions", "agreements", "placements", "check-moments", "steps", "candidates"):
        assert other.get(f"{API}/{kind}").json["items"] == []
    assert other.get(f"{API}/placements/{placement}").data == other.get(f"{API}/placements/{'0' * 32}").data
