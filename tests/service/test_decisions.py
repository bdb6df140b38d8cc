"""A person's word: written once, kept by every next run, taken back, never by a machine."""
from __future__ import annotations

import threading
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from api.services.accounts import Right
from api.store import audit
from api.store.tables import AuditEvent, Decided
from api.web.problems import camel
from tests.service.browser import Person, Service
from tests.service.test_runs import FIXTURES, compute, plan, tiny
from tests.service.test_uploads import confirm, hand_in


def proposals(person: Person, run: str, **query: Any) -> list[dict[str, Any]]:
    """The proposals of a run."""
    asked = "&".join(f"{name}={value}" for name, value in {"runId": run, "limit": 100, **query}.items())
    answer = person.get(f"/api/v1/proposals?{asked}")
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json["items"]
    return found


def pair(person: Person, run: str, student: str, vacancy: str) -> dict[str, Any]:
    """The proposal of one pair."""
    return next(p for p in proposals(person, run)
                if (p["student"]["studentRef"], p["opening"]["vacancyRef"]) == (student, vacancy))  # fmt: skip


def decide(person: Person, proposal: dict[str, Any], word: str, seen: str = "", **more: Any) -> TestResponse:
    """Decide on what is seen now, or on ``seen``."""
    path = f"/api/v1/proposals/{proposal['id']}"
    seen = seen or person.get(path).headers["ETag"]
    more = {"note": "Anders."} | more if more.get("reason") == "other" else more
    return person.post(f"{path}/decisions", {"decision": word, **more}, headers={"If-Match": seen})


def test_proposals_are_ranked_and_explained_and_their_points_add_up(service: Service) -> None:
    connector = tiny(service)
    run = compute(service, connector)["id"]
    found = proposals(connector, run)
    assert found
    for proposal in found:
        assert proposal["base"] + sum(proposal["contributions"].values()) == proposal["fit"]
        assert proposal["reasons"] or proposal["toCheck"]
    one = found[0]["student"]["id"]
    ranks = [p["rank"] for p in proposals(connector, run, studentId=one)]
    assert ranks == sorted(ranks)
    fits = [p["fit"] for p in proposals(connector, run, openingId=found[0]["opening"]["id"])]
    assert fits == sorted(fits, reverse=True)
    chosen = {(p["student"]["studentRef"], p["opening"]["vacancyRef"])
              for p in proposals(connector, run, chosen="true")}  # fmt: skip
    assert chosen == {(student, vacancy) for student, (vacancy, _) in plan(service.database, run).items()}
    first = connector.get(f"/api/v1/proposals?runId={run}&limit=1").json
    second = connector.get(f"/api/v1/proposals?runId={run}&limit=1&after={first['next']}").json
    assert [first["items"][0]["id"], second["items"][0]["id"]] == [found[0]["id"], found[1]["id"]]


def test_a_rejection_stays_out_of_the_next_run_and_an_acceptance_stays_in(service: Service) -> None:
    connector = tiny(service)
    run = compute(service, connector)["id"]
    before = plan(service.database, run)
    student, (vacancy, _) = sorted(before.items())[0]
    assert decide(connector, pair(connector, run, student, vacancy), "reject").status_code == 400
    for nothing in ("", "   ", None):
        wordless = decide(connector, pair(connector, run, student, vacancy), "reject", reason="other", note=nothing)
        assert (wordless.status_code, wordless.json["errors"][0]["field"]) == (400, "note")
    assert decide(connector, pair(connector, run, student, vacancy), "reject", reason="other").status_code == 201
    other, (kept, _) = sorted(before.items())[1]
    assert decide(connector, pair(connector, run, other, kept), "accept").status_code == 201
    after = plan(service.database, compute(service, connector)["id"])
    assert after.get(student, ("", 0))[0] != vacancy
    assert after[other][0] == kept


def test_a_rejection_lapses_when_what_caused_it_changes_and_says_so(service: Service) -> None:
    connector = tiny(service)
    run = compute(service, connector)["id"]
    proposal = pair(connector, run, "A", plan(service.database, run)["A"][0])
    decide(connector, proposal, "reject", reason="travel")
    vacancy = proposal["opening"]["vacancyRef"]
    assert plan(service.database, compute(service, connector)["id"]).get("A", ("",))[0] != vacancy
    lines = (FIXTURES / "tiny" / "leavers.csv").read_text(encoding="utf-8").splitlines()
    row = next(line for line in lines if line.startswith("A,"))
    school = service.person("31TA00@example.org")
    for column, lapses in (("hours_max", False), ("max_km", True)):
        place = lines[0].split(",").index(column)
        cells = row.split(",")
        cells[place] = str(int(cells[place]) + 1)
        row = ",".join(cells)
        confirm(school, hand_in(school, f"{lines[0]}\n{row}\n"))
        again = [p for p in proposals(connector, compute(service, connector)["id"]) if p["again"]]
        assert [p["again"]["changed"] for p in again] == ([["student.max_km"]] if lapses else [])


def test_a_rejection_stands_on_the_records_of_its_run_and_not_on_what_changed_since(service: Service) -> None:
    """The card showed the old limit of travel: who says no to that has not looked at the new one."""
    connector = tiny(service)
    run = compute(service, connector)["id"]
    proposal = pair(connector, run, "A", plan(service.database, run)["A"][0])
    lines = (FIXTURES / "tiny" / "leavers.csv").read_text(encoding="utf-8").splitlines()
    row = next(line for line in lines if line.startswith("A,")).replace(",10,45,", ",12,45,")
    school = service.person("31TA00@example.org")
    assert confirm(school, hand_in(school, f"{lines[0]}\n{row}\n")).status_code == 200
    connector = service.person("c@example.org")
    assert decide(connector, proposal, "reject", reason="travel").status_code == 201
    again = pair(connector, compute(service, connector)["id"], "A", proposal["opening"]["vacancyRef"])
    assert again["again"]["changed"] == ["student.max_km"]
    assert decide(connector, again, "reject", reason="travel").status_code == 201
    after = proposals(connector, compute(service, connector)["id"])
    assert [p["again"] for p in after if p["again"]] == []


def test_who_has_not_seen_the_word_that_stands_is_told_whose_it_is(service: Service) -> None:
    connector = tiny(service)
    run = compute(service, connector)["id"]
    proposal = proposals(connector, run, chosen="true")[0]
    path = f"/api/v1/proposals/{proposal['id']}"
    seen = connector.get(path).headers["ETag"]
    assert connector.post(f"{path}/decisions", {"decision": "accept"}).status_code == 428
    assert decide(connector, proposal, "accept", seen).status_code == 201
    late = decide(connector, proposal, "reject", seen, reason="other")
    assert (late.status_code, late.json["decision"]["decision"], late.json["decision"]["by"]) == (412, "accept", "c")
    assert late.json["decision"]["decidedAt"]


def test_two_places_for_one_and_two_people_on_one_place_are_refused_in_words(service: Service) -> None:
    connector = tiny(service)
    run = compute(service, connector)["id"]
    found = proposals(connector, run)
    first = found[0]
    assert decide(connector, first, "accept").status_code == 201
    same = [p for p in found if p["student"]["id"] == first["student"]["id"] and p["id"] != first["id"]]
    for proposal in same:
        assert decide(connector, proposal, "pin").status_code == 409
    others = [p for p in found if p["opening"]["id"] == first["opening"]["id"] and p["id"] != first["id"]]
    answers = [decide(connector, proposal, "accept").status_code for proposal in others]
    with service.database.reading() as session:
        query = select(Decided.seat).where(Decided.holds, Decided.opening_id == first["opening"]["id"])
        held = session.scalars(query).all()
    assert len(held) == len(set(held)) == 1 + answers.count(201)
    assert set(answers) <= {201, 409}


def test_a_decision_is_asked_and_told_by_the_word_that_stands_above_its_column(service: Service) -> None:
    """The file of decisions has the column ``decision``; so has a request, its answer, the history and the pair."""
    connector = tiny(service)
    pair_of = proposals(connector, compute(service, connector)["id"], chosen="true")[0]
    path = f"/api/v1/proposals/{pair_of['id']}"
    seen = {"If-Match": connector.get(path).headers["ETag"]}
    refused = connector.post(f"{path}/decisions", {"word": "defer"}, headers=seen)
    assert (refused.status_code, {error["field"] for error in refused.json["errors"]}) == (400, {"word", "decision"})
    made = connector.post(f"{path}/decisions", {"decision": "defer"}, headers=seen)
    assert (made.status_code, made.json["decision"], "word" in made.json) == (201, "defer", False)
    assert connector.get(made.headers["Location"]).json["decision"] == "defer"
    assert [one["decision"] for one in connector.get(f"{path}/decisions").json] == ["defer"]
    assert connector.get(path).json["decision"]["decision"] == "defer"
    late = connector.post(f"{path}/decisions", {"decision": "accept"}, headers=seen)
    assert (late.status_code, late.json["decision"]["decision"]) == (412, "defer")


@pytest.mark.parametrize(("schema", "columns"), [
    ("Decision", "decision reason"), ("NewDecision", "decision reason"), ("Acceptance", "decision"),
    ("Cause", "decision"), ("Proposal", "rank fit band known reasons to_check base"),
    ("Regret", "placed_loss fit_loss others_loss moves"), ("Unplaced", "blocked smallest_change"),
    ("Smallest", "change_places"), ("Outcome", "status blocked smallest_change"), ("GivesPlace", "change_places"),
    ("PlaceWanted", "worth_placed worth_fit"), ("Student", "school student_ref"), ("Opening", "vacancy_ref starts_on"),
    ("Places", "places left present min_to_open closes_on"),
    ("Defect", "row column severity code found expected message"),
])  # fmt: skip
def test_the_api_says_what_the_columns_of_the_files_say(service: Service, schema: str, columns: str) -> None:
    """The same words: camelCase there, snake_case here."""
    told = service.person().get("/api/v1/openapi.json").json["components"]["schemas"][schema]["properties"]
    assert {camel(column) for column in columns.split()} <= set(told)


def test_a_word_taken_back_frees_the_place_and_stays_in_the_history(service: Service) -> None:
    connector = tiny(service)
    proposal = proposals(connector, compute(service, connector)["id"], chosen="true")[0]
    made = decide(connector, proposal, "accept")
    assert connector.ask("DELETE", made.headers["Location"]).json["endedAt"]
    assert connector.ask("DELETE", made.headers["Location"]).status_code == 409
    assert decide(connector, proposal, "defer").status_code == 201
    history = connector.get(f"/api/v1/proposals/{proposal['id']}/decisions").json
    assert [(word["decision"], word["endedAt"] is None) for word in history] == [("accept", False), ("defer", True)]
    with service.database.reading() as session:
        actions = session.scalars(select(AuditEvent.action).where(AuditEvent.subject_kind == "decision")).all()
        assert sorted(actions) == ["decision.accept", "decision.defer", "decision.ended"]
        assert audit.verify(session) == []


def test_a_machine_never_decides(service: Service) -> None:
    connector = tiny(service)
    proposal = proposals(connector, compute(service, connector)["id"], chosen="true")[0]
    system = service.system(service.token("c@example.org", "read", "run", "upload"))
    refused = decide(system, proposal, "accept")
    assert (refused.status_code, refused.json["code"]) == (403, "people_only")


def test_others_see_nothing_of_it(service: Service) -> None:
    connector = tiny(service)
    run = compute(service, connector)["id"]
    proposal = proposals(connector, run)[0]
    made = decide(connector, proposal, "defer").json
    service.add("d@example.org", Right("connector", "AM01"))
    other, none = service.person("d@example.org"), "0" * 32
    for theirs, missing in (
        (f"/proposals?runId={run}", f"/proposals?runId={none}"), (f"/proposals/{proposal['id']}", f"/proposals/{none}"),
        (f"/proposals/{proposal['id']}/decisions", f"/proposals/{none}/decisions"),
        (f"/decisions/{made['id']}", f"/decisions/{none}"),
    ):  # fmt: skip
        one, two = other.get(f"/api/v1{theirs}"), other.get(f"/api/v1{missing}")
        assert (one.status_code, one.data) == (404, two.data)
    assert decide(other, proposal, "accept", '"none"').status_code == 404
    assert other.ask("DELETE", f"/api/v1/decisions/{made['id']}").status_code == 404
    for role in (Right("school", "31TA00"), Right("administrator"), Right("employer", "12345678", "B")):
        service.add(f"{role.role}@example.org", role)
        assert service.person(f"{role.role}@example.org").get(f"/api/v1/proposals?runId={run}").status_code == 403


@pytest.mark.parametrize("same_key", [False, True])
def test_of_connectors_who_decide_at_one_moment_one_wins(service: Service, same_key: bool) -> None:
    """Each tells what they saw; with one key it is one request sent often, and all get the answer of the first."""
    connector = tiny(service)
    proposal = proposals(connector, compute(service, connector)["id"], chosen="true")[0]
    path = f"/api/v1/proposals/{proposal['id']}"
    for turn in range(3):
        seen = connector.get(path).headers["ETag"]
        people = [connector if same_key else service.person("c@example.org") for _ in range(4)]
        barrier, answers = threading.Barrier(4), []

        def work(
            person: Person, key: str, seen: str = seen, barrier: threading.Barrier = barrier,
            answers: list[TestResponse] = answers,
        ) -> None:  # fmt: skip
            client = service.app.test_client()
            cookie = person.client.get_cookie("sid")
            assert cookie is not None
            client.set_cookie("sid", cookie.value)
            barrier.wait()
            headers = {"If-Match": seen} | ({"Idempotency-Key": key} if key else {})
            asking = Person(client, dict(person.headers))
            answers.append(asking.post(f"{path}/decisions", {"decision": "accept"}, headers=headers))

        threads = [threading.Thread(target=work, args=(p, f"k{turn}" if same_key else "")) for p in people]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        told = sorted(answer.status_code for answer in answers)
        if same_key:
            assert told == [201] * 4
            assert len({answer.data for answer in answers}) == 1
        else:
            assert told == [201, 412, 412, 412]
            assert {answer.json["decision"]["by"] for answer in answers if answer.status_code == 412} == {"c"}
    with service.database.reading() as session:
        assert len(session.scalars(select(Decided.id)).all()) == 3
        assert len(session.scalars(select(Decided.id).where(Decided.holds)).all()) == 1
        assert audit.verify(session) == []
