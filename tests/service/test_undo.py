"""Undoing a list: what only looked or prepared goes with it, and what stands on it is said."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select

from api.services.accounts import Right
from api.store import audit
from api.store.base import Base
from api.store.tables import Draft, Organisation, StoredStudent, Vacancy
from tests.service.browser import Person, Service
from tests.service.test_codes import hand_out, record, sign_in
from tests.service.test_uploads import LIST, SCHOOL, VACANCIES, confirm, hand_in

API = "/api/v1"
STAYS = {"audit_events", "audit_head", "uploads", "upload_files", "upload_rows", "upload_defects", "answers",
         "request_counts"}  # fmt: skip
"""What says that something was done, and by whom: it stays whatever is undone."""


@pytest.fixture
def school(service: Service) -> Person:
    """Somebody of the school."""
    service.add("s@example.org", SCHOOL)
    return service.person("s@example.org")


def stored(person: Person, text: str = LIST) -> dict[str, Any]:
    """A list that is stored, as seen now."""
    upload = hand_in(person, text)
    return {**upload, "etag": confirm(person, upload).headers["ETag"]}


def first(service: Service) -> str:
    """The student with the lowest number."""
    with service.database.reading() as session:
        found = session.scalar(select(StoredStudent.id).order_by(StoredStudent.student_ref).limit(1))
        assert found is not None
        return found


def counted(service: Service) -> dict[str, int]:
    """How many rows every table has that says more than what was done."""
    with service.database.reading() as session:
        return {table.name: session.scalar(select(func.count()).select_from(table)) or 0
                for table in Base.metadata.sorted_tables if table.name not in STAYS}  # fmt: skip


def test_looks_codes_that_nobody_used_and_drafts_go_with_the_students(service: Service, school: Person) -> None:
    before = counted(service)
    upload = stored(school)
    student = first(service)
    assert school.get(f"{API}/students/{student}").status_code == 200
    hand_out(school, student)
    hand_out(school, student)  # the one before ends
    with service.database.writing() as session:
        home = session.scalars(select(Organisation.id)).one()
        account = school.get(f"{API}/account").json["id"]
        session.add(Draft(account_id=account, organisation_id=home, kind="student", subject_id=student, content={},
                          created_at=service.clock(), changed_at=service.clock()))  # fmt: skip
    during = counted(service)
    assert {name for name in before if during[name] > before[name]} == {
        "students", "profiles", "seen", "codes", "grants", "accounts", "drafts"}  # fmt: skip
    undone = confirm(school, upload, "DELETE")
    assert (undone.status_code, undone.json.get("state")) == (200, "undone"), undone.text
    assert counted(service) == before
    with service.database.reading() as session:
        assert audit.verify(session) == []


def coach(service: Service, school: Person, student: str) -> None:
    assert school.post(f"{API}/students/{student}/coaches", {"email": "k@example.org", "name": "Kim"}).json


def mandate(service: Service, school: Person, student: str) -> None:
    assert record(school, student, "minor").status_code == 201


def used_code(service: Service, school: Person, student: str) -> None:
    code, = hand_out(school, student)
    assert sign_in(service, code, "2009-02-01")[1].status_code in (200, 201)


def account(service: Service, school: Person, student: str) -> None:
    service.add("youth@example.org", Right("student", student))


def question(service: Service, school: Person, student: str) -> None:
    account(service, school, student)
    youth = service.person("youth@example.org")
    assert youth.post(f"{API}/students/{student}/questions", {"kind": "talk"}).status_code == 201


def help_request(service: Service, school: Person, student: str) -> None:
    service.add("g@example.org", Right("municipality", "GM0193", "Zwolle"))
    with service.database.reading() as session:
        there = session.scalar(select(Organisation.id).where(Organisation.kind == "municipality"))
    asked = {"studentId": student, "municipalityId": there, "what": "vervoer"}
    assert school.post(f"{API}/help-requests", asked).status_code == 201


def destination(service: Service, school: Person, student: str) -> None:
    said = {"studentId": student, "destination": "work", "since": "2026-06-01"}
    assert school.post(f"{API}/destinations", said).status_code == 201


@pytest.mark.parametrize(("add", "words"), [
    (coach, ["a coach"]), (mandate, ["a mandate"]),
    (used_code, ["an account", "a code that was used"]), (account, ["an account"]),
    (question, ["an account", "a question"]), (help_request, ["a request for help"]),
    (destination, ["a later change", "a reported destination"]),
])  # fmt: skip
def test_what_stands_on_a_student_is_said_and_nothing_is_undone(
    service: Service, school: Person, add: Callable[[Service, Person, str], None], words: list[str]
) -> None:
    upload = stored(school)
    assert "Draai deze lijst terug" in page(school, upload)
    add(service, school, first(service))
    before = counted(service)
    refused = confirm(school, upload, "DELETE")
    assert (refused.status_code, refused.json["code"]) == (409, "stands_on")
    said = refused.json["detail"].rpartition(": ")[2].rstrip(".").split(", ")
    assert said == words
    assert counted(service) == before
    assert "Terugdraaien kan niet meer." in page(school, upload)


def page(school: Person, upload: dict[str, Any]) -> str:
    """The page of a list."""
    shown = school.get(f"/lijsten/{upload['id']}", headers={"Accept": "text/html"})
    assert shown.status_code == 200, shown.text
    return shown.text


def test_a_coach_who_is_taken_away_stands_in_the_way_no_more(service: Service, school: Person) -> None:
    upload = stored(school)
    student = first(service)
    coach(service, school, student)
    right = school.get(f"{API}/students/{student}/coaches").json[0]["id"]
    assert school.ask("DELETE", f"{API}/students/{student}/coaches/{right}").status_code == 204
    assert confirm(school, upload, "DELETE").status_code == 200


def test_what_stands_on_a_student_who_was_there_before_is_not_in_the_way(service: Service, school: Person) -> None:
    stored(school)
    later = stored(school, LIST.replace("8011", "8021"))
    student = first(service)
    coach(service, school, student)
    school.get(f"{API}/students/{student}")
    hand_out(school, student)
    before = counted(service)
    assert confirm(school, later, "DELETE").status_code == 200
    assert counted(service) == {**before, "profiles": before["profiles"] - 2}


def test_a_report_of_what_the_list_said_stands_on_it_also_of_who_was_there_before(
    service: Service, school: Person
) -> None:
    """Undone, the list would take the destination out of the record, and who is placed would be matched again."""
    stored(school)
    service.clock.forward(minutes=1)
    head, *rows = LIST.splitlines()
    later = stored(school, "\n".join([f"{head},bestemming", *(f"{row},work" for row in rows)]))
    assert "Draai deze lijst terug" in page(school, later)  # what the list reported itself is no obstacle
    service.clock.forward(minutes=1)
    destination(service, school, first(service))
    refused = confirm(school, later, "DELETE")
    assert (refused.status_code, refused.json["code"]) == (409, "stands_on")
    assert refused.json["detail"].endswith(": a reported destination.")


def test_a_draft_goes_with_its_vacancy_and_stays_with_one_that_stays(service: Service) -> None:
    service.add("e@example.org", Right("employer", "12345678", "Bedrijf"))
    employer = service.person("e@example.org")
    first_list = stored(employer, VACANCIES.format(1))
    second = stored(employer, VACANCIES.format(1).replace("2026-09-01", "2027-02-01"))
    with service.database.reading() as session:
        vacancy = session.scalars(select(Vacancy.id)).one()
        home = session.scalars(select(Organisation.id)).one()
    with service.database.writing() as session:
        session.add(Draft(account_id=employer.get(f"{API}/account").json["id"], organisation_id=home, kind="vacancy",
                          subject_id=vacancy, content={"fields": {}, "openings": []}, created_at=service.clock(),
                          changed_at=service.clock()))  # fmt: skip
    assert confirm(employer, second, "DELETE").status_code == 200
    assert counted(service)["drafts"] == 1
    assert confirm(employer, first_list, "DELETE").status_code == 200
    assert (counted(service)["drafts"], counted(service)["vacancies"]) == (0, 0)


def listed(service: Service, person: Person, title: str) -> dict[str, Any]:
    """A list of one vacancy that is called so, stored a minute later than whatever was before."""
    service.clock.forward(minutes=1)
    return stored(person, VACANCIES.format(1).replace("vacaturenummer,", "functie,vacaturenummer,")
                  .replace("V1,", f"{title},V1,"))  # fmt: skip


def undo(service: Service, person: Person, upload: dict[str, Any]) -> None:
    """Take a list back, a minute later."""
    service.clock.forward(minutes=1)
    answer = confirm(person, upload, "DELETE")
    assert answer.status_code == 200, answer.text


def waits(service: Service) -> tuple[str, list[str]]:
    """How far the only vacancy is, and what there is to look at."""
    with service.database.reading() as session:
        vacancy = session.scalars(select(Vacancy)).one()
        return vacancy.state, vacancy.to_review


@pytest.fixture
def employer(service: Service) -> Person:
    """Somebody of an employer that is vouched for."""
    service.add("e@example.org", Right("employer", "12345678", "Bedrijf"))
    return service.person("e@example.org")


def open_it(service: Service) -> None:
    """Let a connector look at the only vacancy, and open it."""
    service.add("c@example.org", Right("connector", "AM36"))
    connector = service.person("c@example.org")
    service.clock.forward(minutes=1)
    path = f"{API}/vacancies/{connector.get(f'{API}/vacancies').json['items'][0]['id']}"
    seen = {"If-Match": connector.get(path).headers["ETag"]}
    assert connector.ask("PUT", f"{path}/state", json={"state": "open"}, headers=seen).status_code == 200


def test_a_text_that_nobody_looked_at_waits_again_when_the_list_over_it_is_undone(
    service: Service, employer: Person
) -> None:
    listed(service, employer, "Sterke man")
    assert waits(service) == ("posted", ["sex"])
    clean = listed(service, employer, "Hovenier")
    assert waits(service) == ("open", [])
    undo(service, employer, clean)
    assert waits(service) == ("posted", ["sex"])


def test_a_good_text_is_open_again_when_the_list_that_held_it_back_is_undone(
    service: Service, employer: Person
) -> None:
    listed(service, employer, "Hovenier")
    bad = listed(service, employer, "Sterke man")
    assert waits(service) == ("posted", ["sex"])
    undo(service, employer, bad)
    assert waits(service) == ("open", [])


@pytest.mark.parametrize(("title", "then"), [("Hovenier", "open"), ("Sterke en gezonde man", "posted")])
def test_a_text_that_a_connector_looked_at_is_not_looked_at_once_more_after_an_undo(
    service: Service, employer: Person, title: str, then: str
) -> None:
    listed(service, employer, "Sterke man")
    open_it(service)
    later = listed(service, employer, title)
    assert waits(service)[0] == then
    undo(service, employer, later)
    assert waits(service) == ("open", [])


def test_a_look_at_the_text_of_a_list_says_nothing_of_the_text_before_it(service: Service, employer: Person) -> None:
    listed(service, employer, "Sterke man")
    later = listed(service, employer, "Gezonde medewerker")
    open_it(service)
    undo(service, employer, later)
    assert waits(service) == ("posted", ["sex"])


def starts(service: Service, person: Person, **titles: str) -> dict[str, Any]:
    """A list of the only vacancy with a start in each of these months (``m09``) that is called so."""
    service.clock.forward(minutes=1)
    head = "vacaturenummer,kvk,branche,functie,taken,postcode,startdatum,plekken"
    rows = [f"V1,12345678,groen,{title},snoeien,8011,2026-{month[1:]}-01,2" for month, title in titles.items()]
    return stored(person, "\n".join([head, *rows]))


@pytest.mark.parametrize(("title", "held"), [("Sterke man", "posted"), ("Gezonde hovenier", "posted"),
                                             ("Hovenier", "open")])  # fmt: skip
def test_a_good_vacancy_is_open_again_when_a_list_that_only_added_a_start_is_undone(
    service: Service, employer: Person, title: str, held: str
) -> None:
    starts(service, employer, m09="Hovenier")
    added = starts(service, employer, m09="Hovenier", m10=title)
    assert waits(service)[0] == held
    undo(service, employer, added)
    assert waits(service) == ("open", [])


def test_what_still_has_to_be_looked_at_waits_when_a_start_goes_that_had_more(
    service: Service, employer: Person
) -> None:
    starts(service, employer, m09="Sterke man")
    added = starts(service, employer, m09="Sterke man", m10="Gezonde hovenier")
    assert waits(service) == ("posted", ["health", "sex"])
    undo(service, employer, added)
    assert waits(service) == ("posted", ["sex"])


def test_a_vacancy_that_a_connector_opened_with_a_new_start_stays_open_when_that_start_goes(
    service: Service, employer: Person
) -> None:
    starts(service, employer, m09="Sterke man")
    added = starts(service, employer, m10="Hovenier")
    open_it(service)
    undo(service, employer, added)
    assert waits(service) == ("open", [])
