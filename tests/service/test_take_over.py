"""A run counts when a connector takes it over: what it would change is shown first, and nobody's word is lost."""
from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from werkzeug.test import TestResponse

from api.services.accounts import Right
from api.store import audit, plans, runs
from api.store.tables import AuditEvent, Organisation, StoredStudent
from tests.service.browser import Person, Service
from tests.service.test_decisions import decide, proposals
from tests.service.test_runs import FIXTURES, compute, plan, tiny
from tests.service.test_uploads import confirm, hand_in

SQLITE = pytest.mark.parametrize("url", ["sqlite"], indirect=True)


def judge(person: Person, run: str, word: str = "take_over", seen: str = "") -> TestResponse:
    """Take a run over or discard it, on what is seen now."""
    seen = seen or person.get(f"/api/v1/runs/{run}").headers["ETag"]
    return person.ask("PUT", f"/api/v1/runs/{run}/judgement", json={"word": word}, headers={"If-Match": seen})


def difference(person: Person, run: str, **query: str) -> Any:
    """What a run would change."""
    asked = "&".join(f"{name}={value}" for name, value in {"limit": "100", **query}.items())
    answer = person.get(f"/api/v1/runs/{run}/difference?{asked}")
    assert answer.status_code == 200, answer.text
    return answer.json


def waiting(person: Person, state: str = "to_review", **query: str) -> list[dict[str, Any]]:
    """The proposals in a state."""
    asked = "&".join(f"{name}={value}" for name, value in {"limit": "100", "state": state, **query}.items())
    answer = person.get(f"/api/v1/proposals?{asked}")
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json["items"]
    return found


def numbers(person: Person) -> dict[str, int]:
    """How many wait per state, all regions together."""
    total: Counter[str] = Counter()
    for line in person.get("/api/v1/queues").json:
        total[line["state"]] += line["number"]
    return dict(total)


def test_nothing_is_to_be_reviewed_before_a_run_is_taken_over(service: Service) -> None:
    connector = tiny(service)
    run = compute(service, connector)["id"]
    assert waiting(connector) == []
    assert numbers(connector) == {}
    told = difference(connector, run)
    assert (told["counts"]["new"], told["counts"]["gone"]) == (len(plan(service.database, run)), 0)
    assert {cause["code"] for item in told["items"] for cause in item["causes"]} == {"first_plan"}
    done = judge(connector, run)
    assert done.status_code == 200, done.text
    assert (done.json["judgedBy"], done.json["holdsIn"] != []) == ("c", True)
    shown = waiting(connector)
    assert {p["student"]["studentRef"] for p in shown} == set(plan(service.database, run))
    assert {p["state"] for p in shown} == {"to_review"}
    assert numbers(connector)["to_review"] == len(shown)
    with service.database.reading() as session:
        assert session.query(AuditEvent).filter_by(action="run.taken_over", subject_id=run).count() == 1
        assert audit.verify(session) == []


@SQLITE
def test_a_run_is_judged_once_by_who_saw_it_and_a_discarded_one_never_holds(service: Service) -> None:
    connector = tiny(service)
    run = compute(service, connector)["id"]
    path = f"/api/v1/runs/{run}/judgement"
    assert connector.ask("PUT", path, json={"word": "take_over"}).status_code == 428
    assert judge(connector, run, seen='"0"').status_code == 412
    assert judge(connector, run, "discard").json["discardedAt"]
    assert judge(connector, run).status_code == 409
    assert waiting(connector) == []
    queued = connector.post("/api/v1/runs", {"on": "2026-06-15"}).json["id"]
    assert judge(connector, queued).status_code == 409
    service.add("d@example.org", Right("connector", "AM36"))  # one of the run's regions, not all
    other = service.person("d@example.org")
    assert other.ask("PUT", path, json={"word": "take_over"}, headers={"If-Match": '"1"'}).status_code == 404


@SQLITE
def test_of_two_runs_side_by_side_the_second_is_refused_and_says_why(service: Service) -> None:
    connector = tiny(service)
    one, two = compute(service, connector)["id"], compute(service, connector)["id"]
    assert judge(connector, one).status_code == 200
    assert difference(connector, two)["otherPlan"] is True
    refused = judge(connector, two)
    assert (refused.status_code, refused.json["code"]) == (409, "outdated")
    three = compute(service, connector)
    assert set(three["basis"].values()) == {one}
    assert difference(connector, three["id"])["otherPlan"] is False
    assert judge(connector, three["id"]).status_code == 200


def test_a_run_that_goes_against_a_later_decision_is_refused_and_the_next_one_keeps_it(service: Service) -> None:
    connector = tiny(service)
    first = compute(service, connector)["id"]
    assert judge(connector, first).status_code == 200
    stale = compute(service, connector)["id"]
    planned = waiting(connector)[0]
    assert decide(connector, planned, "reject", reason="travel").status_code == 201
    told = difference(connector, stale)["outdated"]
    assert [(line["code"], line["studentId"]) for line in told] == [("rejected", planned["student"]["id"])]
    refused = judge(connector, stale)
    assert (refused.status_code, refused.json["outdated"]) == (409, told)
    again = compute(service, connector)["id"]
    gone = [item for item in difference(connector, again, change="gone")["items"]
            if item["studentId"] == planned["student"]["id"]]  # fmt: skip
    assert [(item["openingId"], item["causes"][0]["code"], item["causes"][0]["decision"]) for item in gone] == [
        (planned["opening"]["id"], "decision", "reject")]  # fmt: skip
    assert judge(connector, again).status_code == 200
    assert planned["id"] not in {p["id"] for p in waiting(connector)}
    assert [p["id"] for p in waiting(connector, "rejected")] == [planned["id"]]


def test_an_accepted_student_elsewhere_and_a_full_place_stand_in_the_way(service: Service) -> None:
    connector = tiny(service)
    first = compute(service, connector)["id"]
    judge(connector, first)
    stale = compute(service, connector)["id"]
    chosen = {p["student"]["id"]: p["opening"]["id"] for p in waiting(connector)}
    other = next(p for p in proposals(connector, first)
                 if p["student"]["id"] in chosen and not p["chosen"] and p["decision"] is None)  # fmt: skip
    assert decide(connector, other, "accept").status_code == 201
    codes = {line["code"] for line in difference(connector, stale)["outdated"]}
    assert "placed_elsewhere" in codes
    assert judge(connector, stale).status_code == 409
    again = compute(service, connector)["id"]
    kept = [item for item in difference(connector, again)["items"] if item["kept"] == "accept"]
    assert [(item["studentId"], item["openingId"], item["change"]) for item in kept] == [
        (other["student"]["id"], other["opening"]["id"], "new")]  # fmt: skip
    assert judge(connector, again).status_code == 200
    assert other["student"]["id"] not in {p["student"]["id"] for p in waiting(connector)}
    assert [p["id"] for p in waiting(connector, "ready")] == [other["id"]]


@SQLITE
def test_the_difference_names_the_record_that_changed_and_what_of_it(service: Service) -> None:
    connector = tiny(service)
    first = compute(service, connector)["id"]
    judge(connector, first)
    lines = (FIXTURES / "tiny" / "leavers.csv").read_text(encoding="utf-8").splitlines()
    names = lines[0].split(",")
    school, ref = names.index("school"), names.index("student_ref")
    planned = waiting(connector)[0]["student"]
    at = next(k for k, line in enumerate(lines[1:], 1) if line.split(",")[ref] == planned["studentRef"])
    cells = lines[at].split(",")
    cells[names.index("hours_min")] = cells[names.index("hours_max")] = "40"  # no vacancy of these offers it
    owner = service.person(f"{cells[school]}@example.org")
    assert confirm(owner, hand_in(owner, "\n".join([lines[0], ",".join(cells)]))).status_code == 200
    second = compute(service, connector)["id"]
    of_student = [item for item in difference(connector, second)["items"] if item["studentId"] == planned["id"]]
    assert "gone" in {item["change"] for item in of_student}
    causes = [cause for item in of_student for cause in item["causes"] if cause["code"] == "student_changed"]
    assert [cause["changed"] for cause in causes] == [["hours_max", "hours_min"]] * len(of_student)
    assert all(cause["sentence"] for item in of_student for cause in item["causes"])


@SQLITE
def test_a_run_stays_close_to_the_plan_that_holds_and_says_which(service: Service) -> None:
    """Equal inputs beside the plan that holds: nobody moves, and the plan before is part of what went in."""
    connector = tiny(service)
    first = compute(service, connector)
    judge(connector, first["id"])
    second = compute(service, connector)
    assert second["digest"] != first["digest"]
    assert difference(connector, second["id"], change="same")["counts"] == {
        "new": 0, "gone": 0, "risen": 0, "fallen": 0, "same": len(plan(service.database, first["id"]))}  # fmt: skip
    with service.database.reading() as session:
        run = session.get_one(runs.Run, second["id"])
        assert set((run.basis or {}).values()) == {first["id"]}
        assert plans.plan_of(session, run.regions)


@SQLITE
def test_a_regional_connector_reviews_own_students_under_a_plan_of_all_regions(service: Service) -> None:
    connector = tiny(service)
    judge(connector, compute(service, connector)["id"])
    everyone = waiting(connector)
    region = everyone[0]["student"]["region"]
    service.add("d@example.org", Right("connector", region))
    service.add("e@example.org", Right("connector", "AM01"))
    own, other = service.person("d@example.org"), service.person("e@example.org")
    mine = [p for p in everyone if p["student"]["region"] == region]
    assert [p["id"] for p in waiting(own)] == [p["id"] for p in mine]
    assert own.get(f"/api/v1/proposals/{mine[0]['id']}").status_code == 200
    assert waiting(own, regionCode="AM01") == []
    assert (waiting(other), numbers(other)) == ([], {})
    theirs, none = (other.get(f"/api/v1/proposals/{i}/alternatives") for i in (mine[0]["id"], "0" * 32))
    assert (theirs.status_code, theirs.data) == (404, none.data)


@SQLITE
def test_alternatives_say_what_they_cost_others_and_who_moves_by_name(service: Service) -> None:
    connector = tiny(service)
    judge(connector, compute(service, connector)["id"])
    seen = 0
    for proposal in waiting(connector):
        for other in connector.get(f"/api/v1/proposals/{proposal['id']}/alternatives").json:
            assert other["student"]["id"] == proposal["student"]["id"]
            regret = other["regret"]
            if regret is None:
                continue
            told = connector.get(f"/api/v1/proposals/{other['id']}?lang=en").json["regret"]
            moved = [move for move in regret["moves"] if move["from"] != move["to"]]
            assert len(regret["sentences"]) >= len(moved)
            for move in moved:
                assert any(move["studentName"] in sentence for sentence in told["sentences"])
                seen += 1
    assert seen


@SQLITE
def test_a_queue_is_paged_without_losing_anybody(service: Service) -> None:
    connector = tiny(service)
    judge(connector, compute(service, connector)["id"])
    for by in ("student", "vacancy"):
        found, after = [], ""
        while True:
            page = connector.get(f"/api/v1/proposals?limit=1&by={by}&after={after}").json
            found += [p["id"] for p in page["items"]]
            after = page["next"]
            if after is None:
                break
        assert found == [p["id"] for p in waiting(connector, by=by)]
        assert len(set(found)) == len(found) > 2


def more_hours(service: Service, proposal: dict[str, Any], hours: int = 37) -> None:
    """The school says that a student can work more hours."""
    path = f"/api/v1/students/{proposal['student']['id']}"
    with service.database.reading() as session:
        student = session.get_one(StoredStudent, proposal["student"]["id"])
        code = session.get_one(Organisation, student.organisation_id).code
    school = service.person(f"{code}@example.org")
    seen = school.get(path).headers["ETag"]
    changed = school.ask("PATCH", path, json={"hoursMax": hours}, headers={"If-Match": seen})
    assert changed.status_code == 200, changed.text


def brought_back(service: Service) -> tuple[Person, dict[str, Any], dict[str, Any]]:
    """A planned pair rejected for its hours, which changed then: the connector, the pair, and as it is in a new run."""
    connector = tiny(service)
    judge(connector, compute(service, connector)["id"])
    planned = next(p for p in waiting(connector) if p["student"]["studentRef"] == "C")
    assert decide(connector, planned, "reject", reason="hours").status_code == 201
    more_hours(service, planned)
    run = compute(service, connector)["id"]
    again = next(p for p in proposals(connector, run, chosen="true") if p["student"]["studentRef"] == "C")
    assert again["opening"] == planned["opening"]
    assert again["again"]["changed"] == ["student.hours_max"]
    return connector, planned, again


def test_a_run_that_brings_back_a_lapsed_rejection_is_taken_over(service: Service) -> None:
    connector, _, again = brought_back(service)
    assert difference(connector, again["runId"])["outdated"] == []
    done = judge(connector, again["runId"])
    assert done.status_code == 200, done.text


def test_a_run_that_knew_a_lapsed_rejection_is_refused_for_one_said_since(service: Service) -> None:
    connector, planned, again = brought_back(service)
    assert decide(connector, planned, "reject", reason="travel").status_code == 201
    told = difference(connector, again["runId"])["outdated"]
    assert [(line["code"], line["studentId"]) for line in told] == [("rejected", planned["student"]["id"])]
    assert judge(connector, again["runId"]).status_code == 409


def test_a_lapsed_rejection_comes_to_review_again_with_the_reason_until_somebody_decides(service: Service) -> None:
    connector, planned, again = brought_back(service)
    assert [p["id"] for p in waiting(connector, "rejected")] == [planned["id"]]
    before = numbers(connector)
    judge(connector, again["runId"])
    assert waiting(connector, "rejected") == []
    shown = next(p for p in waiting(connector) if p["id"] == again["id"])
    assert (shown["state"], shown["again"], shown["decision"]["decision"]) == ("to_review", again["again"], "reject")
    assert numbers(connector) == {**{state: n for state, n in before.items() if state != "rejected"},
                                  "to_review": len(waiting(connector))}  # fmt: skip
    path = f"/voorstellen/{again['id']}"
    assert again["id"] in connector.get("/voorstellen").text
    assert "Opnieuw, want dit is gewijzigd: meeste uren per week (leerling). Eerder afgewezen: werktijd." in \
        connector.get(path).text  # fmt: skip
    assert "Again, because this changed: hours per week, at most (student)." in connector.get(f"{path}?taal=en").text
    made = decide(connector, shown, "reject", reason="hours")
    assert made.status_code == 201, made.text
    assert again["id"] not in {p["id"] for p in waiting(connector)}
    assert [p["id"] for p in waiting(connector, "rejected")] == [again["id"]]
    assert connector.get(f"/api/v1{path.replace('voorstellen', 'proposals')}").json["state"] == "rejected"


@SQLITE
def test_a_lapsed_rejection_is_accepted_like_any_proposal_and_that_is_taken_back(service: Service) -> None:
    connector, _, again = brought_back(service)
    judge(connector, again["runId"])
    made = decide(connector, again, "accept")
    assert made.status_code == 201, made.text
    assert [p["id"] for p in waiting(connector, "ready")] == [again["id"]]
    assert connector.ask("DELETE", f"/api/v1/decisions/{made.json['id']}").status_code == 200
    assert again["id"] in {p["id"] for p in waiting(connector)}


@SQLITE
def test_a_lapsed_rejection_that_the_plan_leaves_out_stays_rejected(service: Service) -> None:
    """The next run is computed after the change was taken back: there the rejection holds again."""
    connector, planned, again = brought_back(service)
    judge(connector, again["runId"])
    more_hours(service, planned, 32)
    judge(connector, compute(service, connector)["id"])
    assert planned["student"]["id"] not in {p["student"]["id"] for p in waiting(connector)
                                            if p["opening"] == planned["opening"]}  # fmt: skip
    assert [p["id"] for p in waiting(connector, "rejected")] == [planned["id"]]


@SQLITE
def test_a_rejection_said_of_somebody_else_stays_beside_one_that_lapsed(service: Service) -> None:
    connector, _, again = brought_back(service)
    judge(connector, again["runId"])
    other = next(p for p in waiting(connector) if p["student"] != again["student"])
    assert decide(connector, other, "reject", reason="hours").status_code == 201
    assert [p["id"] for p in waiting(connector, "rejected")] == [other["id"]]
    assert {p["id"] for p in waiting(connector)} & {other["id"], again["id"]} == {again["id"]}


def test_nobody_decides_on_a_proposal_of_a_run_that_was_discarded(service: Service) -> None:
    connector = tiny(service)
    judge(connector, compute(service, connector)["id"])
    run = compute(service, connector)["id"]
    said, other = proposals(connector, run, chosen="true")[:2]
    made = decide(connector, said, "defer")
    assert made.status_code == 201, made.text
    assert judge(connector, run, "discard").status_code == 200
    for word, more in (("accept", {}), ("pin", {}), ("defer", {}), ("reject", {"reason": "hours"})):
        refused = decide(connector, other, word, **more)
        assert (refused.status_code, refused.json["code"]) == (409, "run_discarded"), refused.text
    assert connector.get(f"/api/v1/proposals/{other['id']}/decisions").json == []
    page = f"/voorstellen/{other['id']}"
    assert "Deze berekening is weggelegd." in connector.get(page).text
    seen = connector.get(f"/api/v1/proposals/{other['id']}").headers["ETag"].strip('"')
    form = {"word": "accept", "seen": seen, "csrf_token": connector.headers["X-CSRFToken"]}
    answer = connector.post(page, data=form)
    assert (answer.status_code, "Deze berekening is weggelegd." in answer.text) == (409, True), answer.text
    # What was said before stands, and may be changed and taken back.
    changed = decide(connector, said, "accept")
    assert changed.status_code == 201, changed.text
    assert connector.ask("DELETE", f"/api/v1/decisions/{changed.json['id']}").status_code == 200
    assert decide(connector, said, "accept").status_code == 409
    planned = next(p for p in waiting(connector) if p["student"] == other["student"])
    assert decide(connector, planned, "accept").status_code == 201
