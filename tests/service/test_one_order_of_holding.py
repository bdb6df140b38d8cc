"""Two people whose work holds some of the same rows: whoever comes second waits, and nobody is sent away.

Everybody holds all rows first, in one order, and logs then: who logs lets nobody else log until all is kept.
"""
from __future__ import annotations

import pytest
from sqlalchemy import select

from api.services import codes
from api.store import audit
from api.store.tables import Organisation
from api.web.pages import posted
from tests.service.browser import Person, Service
from tests.service.flow import API, begin, on_both
from tests.service.test_changing_a_vacancy import send
from tests.service.test_closing_while_showing import Meanwhile
from tests.service.test_codes import hand_out, school, sign_in, student  # noqa: F401 - the fixtures
from tests.service.test_decisions import decide, proposals
from tests.service.test_many_at_once import Afterwards
from tests.service.test_organisations import write
from tests.service.test_vacancies import connector, distrust, employer, post  # noqa: F401 - the fixtures
from tests.service.test_vacancies_that_wait import place_of
from tests.service.youth import add_student


@on_both
def test_who_chooses_one_place_may_have_the_question_for_another_taken_back_meanwhile(
    cohort: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    flow = begin(cohort)
    flow.accept()
    first = flow.ask()
    other = next(p for p in proposals(flow.connector, flow.run, studentId=flow.student_id)
                 if p["id"] != flow.proposal["id"])  # fmt: skip
    kept = decide(flow.connector, other, "defer").json
    second = flow.connector.post(f"{API}/consent-requests", {"decisionId": kept["id"]}).json
    path = f"{API}/consent-requests/{first['id']}"
    seen = {"If-Match": flow.connector.get(path).headers["ETag"]}
    back = Afterwards(monkeypatch, "append", lambda: flow.connector.ask("DELETE", path, headers=seen), audit)
    chosen = flow.answer(second, onlyThis=True)
    assert chosen.status_code == 200, chosen.text
    assert back.ended().status_code in (409, 412), back.ended().text
    assert flow.connector.get(path).json["state"] == "ended"


def two(service: Service, one: str) -> list[str]:
    """Two students of a school, in the order in which they are held."""
    return sorted((one, add_student(service, "L2")))


def test_codes_for_many_may_be_handed_out_to_one_of_them_meanwhile(
    service: Service, student: str, school: Person, monkeypatch: pytest.MonkeyPatch  # noqa: F811
) -> None:
    students, colleague = two(service, student), service.person("s@example.org")
    other = Afterwards(monkeypatch, "_hand_out", lambda: colleague.post(f"{API}/codes", {"studentIds": students[1:]}),
                       codes)  # fmt: skip
    assert len(hand_out(school, *students)) == 2
    assert other.ended().status_code == 201, other.ended().text


def test_a_student_may_come_in_while_codes_are_handed_out_to_many(
    service: Service, student: str, school: Person, monkeypatch: pytest.MonkeyPatch  # noqa: F811
) -> None:
    """With the code of before, which ends just then."""
    students = two(service, student)
    before = hand_out(school, *students)
    other = Afterwards(monkeypatch, "_hand_out", lambda: sign_in(service, before[1])[1], codes)
    assert len(hand_out(school, *students)) == 2
    assert (other.ended().status_code, other.ended().json["code"]) == (400, "code"), other.ended().text


def test_an_employer_may_be_approved_by_the_api_while_it_is_on_its_page(
    service: Service, employer: Person, connector: Person, monkeypatch: pytest.MonkeyPatch  # noqa: F811
) -> None:
    distrust(service)
    made, colleague = post(employer).json["vacancy"], service.person("c@example.org")
    with service.database.reading() as session:
        home = session.scalars(select(Organisation.id).where(Organisation.code == "12345678")).one()
    other = Meanwhile(monkeypatch, "own_organisation",
                      lambda: write(colleague, "PUT", f"{API}/organisations/{home}/approval"), posted)  # fmt: skip
    page = send(connector, f"{place_of(connector)}/stand", {"state": "approve"})
    assert page.status_code == 303, page.text
    # Whoever comes first did it, the other is told so: on PostgreSQL the API, on SQLite the page.
    done = ("employer_approved" in page.location, other.ended().status_code)
    assert done in ((True, 409), (True, 412), (False, 200)), other.ended().text
    assert ("changed_meanwhile" in page.location) is not done[0]
    assert employer.get(f"{API}/vacancies/{made['id']}").json["state"] == "open"
