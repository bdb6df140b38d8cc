"""A place held by a person's word that is no part of a run: told as kept before the run counts, untouched after."""
from __future__ import annotations

from typing import Any

import pytest

from api.services import recompute
from tests.service.browser import Person, Service
from tests.service.flow import API, Flow, begin, on_both
from tests.service.test_decisions import decide, pair, proposals
from tests.service.test_runs import FIXTURES, compute, plan
from tests.service.test_take_over import difference, judge, numbers, waiting
from tests.service.test_uploads import confirm, hand_in
from tests.service.test_vacancies import patch, put

CODES = {"new", "gone", "risen", "fallen", "same"}


def held_back(service: Service) -> Flow:
    """A candidate whom an employer meets, at a vacancy that was changed since and waits for a connector."""
    flow = begin(service)
    assert judge(flow.connector, flow.run).status_code == 200
    flow.released()
    changed = patch(flow.employer, vacancy_of(flow), shared={"title": "Jonge hond gezocht"})
    assert changed.json["vacancy"]["state"] == "posted", changed.text
    return flow


def vacancy_of(flow: Flow) -> dict[str, Any]:
    """The vacancy of the pair, as its employer reads it."""
    found = flow.employer.get(f"{API}/vacancies").json["items"]
    return next(one for one in found if flow.opening_id in {opening["id"] for opening in one["openings"]})


def offered(flow: Flow) -> tuple[bool, bool]:
    """Whether the student reads of the place, and that the company sees the card."""
    page = flow.student.get("/mijn-voorstellen").text
    return "Jonge hond gezocht" in page, "Het bedrijf ziet je kaart" in page


def of_student(person: Person, run: str, student_id: str) -> list[tuple[Any, ...]]:
    """What a run changes for somebody: (opening, change, kept, codes of the causes)."""
    lines = [line for change in sorted(CODES) for line in difference(person, run, change=change)["items"]]
    return [(line["openingId"], line["change"], line["kept"], [cause["code"] for cause in line["causes"]])
            for line in lines if line["studentId"] == student_id]  # fmt: skip


@on_both
def test_who_holds_a_place_at_a_vacancy_that_is_held_back_is_told_as_kept_and_stays_so(cohort: Service) -> None:
    flow = held_back(cohort)
    before = numbers(flow.connector)
    assert offered(flow) == (True, True)
    run = compute(cohort, flow.connector)["id"]
    assert of_student(flow.connector, run, flow.student_id) == [
        (flow.opening_id, "same", "accept", ["outside_run"])]  # fmt: skip
    for lang, sentence, tag in (("nl", "Dit staat vast, buiten deze berekening.", "Past, door een verbinder"),
                                ("en", "This stays as it is, outside this run.", "Fits, by a connector")):  # fmt: skip
        told = difference(flow.connector, run, change="same", lang=lang)
        assert [c["sentence"] for line in told["items"] for c in line["causes"]
                if line["studentId"] == flow.student_id] == [sentence]  # fmt: skip
        page = flow.connector.get(f"/berekeningen/{run}?toon=gelijk&taal={lang}").text
        assert sentence in page
        assert tag in page
        gone = flow.connector.get(f"/berekeningen/{run}?toon=weg&taal={lang}").text
        assert flow.student_id not in gone
    assert "1 keuze van een verbinder blijft zoals die is." in flow.connector.get(f"/berekeningen/{run}?taal=nl").text
    assert judge(flow.connector, run).status_code == 200
    after = numbers(flow.connector)
    assert after["released"] == before["released"] == 1
    assert [p["student"]["id"] for p in waiting(flow.connector, "released")] == [flow.student_id]
    left_out = flow.connector.get(f"{API}/left-out-students")
    assert left_out.status_code == 200
    assert flow.student_id not in left_out.text
    assert flow.student_id not in flow.connector.get("/zonder-plek").text
    shown = flow.connector.get(f"/leerlingen/{flow.student_id}/verbinder").text
    assert "Er zijn nu geen voorstellen." not in shown
    assert flow.proposal["id"] in shown
    assert "Gedeeld met een werkgever" in flow.school.get(f"/leerlingen/{flow.student_id}").text
    assert offered(flow) == (True, True)
    with cohort.database.reading() as session:
        made = [one["id"] for one in proposals(flow.connector, run)]
        assert made
        assert all(verdict.equal for verdict in recompute.check(session, made))


def test_a_place_held_outside_two_runs_is_told_by_both_and_by_the_one_that_it_comes_back_in(cohort: Service) -> None:
    """Held back in the first two, open again in the third: never gone, never new."""
    flow = held_back(cohort)
    for _ in range(2):
        run = compute(cohort, flow.connector)["id"]
        assert of_student(flow.connector, run, flow.student_id) == [
            (flow.opening_id, "same", "accept", ["outside_run"])]  # fmt: skip
        assert judge(flow.connector, run).status_code == 200
    assert put(flow.connector, vacancy_of(flow), "open").json["state"] == "open"
    run = compute(cohort, flow.connector)["id"]
    assert of_student(flow.connector, run, flow.student_id) == [(flow.opening_id, "same", "accept", [])]


def test_who_was_accepted_elsewhere_leaves_the_plan_for_that_and_not_the_service(cohort: Service) -> None:
    """Planned at one place, accepted at another which is held back then: gone from the first, for the second."""
    flow = begin(cohort)
    assert judge(flow.connector, flow.run).status_code == 200
    planned = flow.opening_id
    flow.proposal = next(p for p in proposals(flow.connector, flow.run) if p["student"]["id"] == flow.student_id
                         and p["opening"]["id"] != planned)  # fmt: skip
    assert decide(flow.connector, flow.proposal, "pin").status_code == 201
    vacancy = next(one for one in flow.connector.get(f"{API}/vacancies?limit=100").json["items"]
                   if flow.opening_id in {opening["id"] for opening in one["openings"]})  # fmt: skip
    assert put(flow.connector, vacancy, "closed").status_code == 200
    run = compute(cohort, flow.connector)["id"]
    told = of_student(flow.connector, run, flow.student_id)
    assert [line for line in told if line[1] == "same"] == [(flow.opening_id, "same", "pin", ["outside_run"])]
    gone = [line for line in told if line[1] == "gone"]
    assert [(line[0], line[2]) for line in gone] == [(planned, None)]
    assert "decided_elsewhere" in gone[0][3]
    assert "student_left" not in gone[0][3]


def test_a_place_held_outside_a_run_and_given_up_since_is_gone_by_that(cohort: Service) -> None:
    flow = begin(cohort)
    assert judge(flow.connector, flow.run).status_code == 200
    decision = flow.accept()
    patch(flow.employer, vacancy_of(flow), shared={"title": "Jonge hond gezocht"})
    run = compute(cohort, flow.connector)["id"]
    assert flow.connector.ask("DELETE", f"{API}/decisions/{decision['id']}").status_code == 200
    told = of_student(flow.connector, run, flow.student_id)
    assert told == [(flow.opening_id, "gone", None, ["opening_left", "decision_ended"])]


def say(service: Service, ref: str, leave_out: str = "", **cells: str) -> None:
    """The school's next list: one student of the cohort with other cells, maybe without a column."""
    lines = (FIXTURES / "tiny" / "leavers.csv").read_text(encoding="utf-8").splitlines()
    names = lines[0].split(",")
    row = dict(zip(names, next(line for line in lines if line.startswith(f"{ref},")).split(","), strict=True)) | cells
    row = {name: cell for name, cell in row.items() if name != leave_out}
    school = service.person(f"{row['school']}@example.org")
    text = ",".join(row) + "\n" + ",".join(row.values())
    assert confirm(school, hand_in(school, text)).status_code == 200


@pytest.mark.parametrize(("cells", "code"), [
    ({"work_capacity": "unknown"}, "work_capacity_unknown"), ({"work_capacity": "no"}, "work_capacity"),
    ({"leaving_profile": "day_activities"}, "leaving_profile"), ({"destination": "mbo"}, "destination"),
])  # fmt: skip
def test_who_was_accepted_and_cannot_be_placed_by_the_next_list_keeps_the_place(
    cohort: Service, cells: dict[str, str], code: str
) -> None:
    """The run does not fail on it, gives the place to nobody else, can be taken over, and the school is asked."""
    flow = begin(cohort)
    flow.proposal = pair(flow.connector, flow.run, "C", "V1")  # a place that others would have
    flow.accept()
    say(cohort, "C", **cells)
    flow.connector = cohort.person("c@example.org")
    run = compute(cohort, flow.connector)
    assert run["state"] == "done", run
    assert "V1" not in {vacancy for vacancy, _ in plan(cohort.database, run["id"]).values()}
    assert ("same", "accept", ["outside_run"]) in [line[1:] for line in of_student(flow.connector, run["id"],
                                                                                  flow.student_id)]  # fmt: skip
    assert judge(flow.connector, run["id"]).status_code == 200
    told = {one["student"]["id"]: one["code"] for one in flow.connector.get(f"{API}/left-out-students").json["items"]}
    assert told[flow.student_id] == code
    with cohort.database.reading() as session:
        found = list(recompute.check(session, [one["id"] for one in proposals(flow.connector, run["id"])]))
    assert found
    assert [str(verdict) for verdict in found if not verdict.equal] == []
