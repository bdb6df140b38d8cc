"""What is changed with If-Match is read first, where it was made and by whom it is for, and sent back."""
from __future__ import annotations

from typing import Any

import pytest

from api.services.accounts import Right
from tests.service.browser import Person, Service
from tests.service.youth import add_student

API = "/api/v1"


@pytest.fixture
def people(service: Service) -> dict[str, Person]:
    """Somebody of every kind, in the region of Zwolle and outside."""
    rights = {"connector": Right("connector", "AM36"), "far": Right("connector", "AM01"),
              "employer": Right("employer", "12345678", "Bedrijf"), "other": Right("employer", "87654321", "Ander"),
              "administrator": Right("administrator")}  # fmt: skip
    for name, right in rights.items():
        service.add(f"{name}@example.org", right)
    student = add_student(service)
    service.add("school@example.org", Right("school", "77XX00"))
    service.add("student@example.org", Right("student", student))
    service.add("outside@example.org", Right("school", "99ZZ00", "Elders"))
    names = (*rights, "school", "student", "outside")
    return {"id": student} | {name: service.person(f"{name}@example.org") for name in names}


def home_of(person: Person) -> str:
    """The address of one's own organisation."""
    return f"{API}/organisations/{person.get(f'{API}/organisations').json['items'][0]['id']}"


def is_read_and_sent_back(made: Any, writer: Person, change: dict[str, Any]) -> str:
    """By the address that making it gave: the same as was told, then changed by its ETag, and not by an older one."""
    assert made.status_code == 201, made.text
    path = made.headers["Location"]
    read = writer.get(path)
    assert read.status_code == 200, read.text
    assert (read.json, read.headers["ETag"]) == (made.json, made.headers["ETag"])
    seen = {"If-Match": read.headers["ETag"]}
    changed = writer.ask("PATCH", path, json=change, headers=seen)
    assert changed.status_code == 200, changed.text
    again = writer.get(path)
    assert (again.json, again.headers["ETag"]) == (changed.json, changed.headers["ETag"])
    assert again.headers["ETag"] != read.headers["ETag"]
    assert writer.ask("PATCH", path, json=change, headers=seen).status_code == 412
    return str(path)


def reads(people: dict[str, Person], path: str) -> set[str]:
    """Who reads it; to the others it is not there, as what never was."""
    found = set()
    for name, person in people.items():
        if name != "id":
            answer = person.get(path)
            assert answer.status_code in (200, 403, 404), (name, answer.text)
            if answer.status_code == 404:
                assert answer.data == person.get(f"{path[:-32]}{'0' * 32}").data
            found |= {name} if answer.status_code == 200 else set()
    return found


def test_a_contact_person_is_read_where_it_was_made(people: dict[str, Person]) -> None:
    employer = people["employer"]
    made = employer.post(f"{home_of(employer)}/contacts", {"name": "Kim", "phone": "038 421 00 00"})
    path = is_read_and_sent_back(made, employer, {"name": "Robin"})
    listed = {name for name in people if name != "id"
              and people[name].get(f"{home_of(employer)}/contacts").status_code == 200}  # fmt: skip
    assert reads(people, path) == listed >= {"employer", "administrator"}
    assert "other" not in listed


def test_a_participation_is_read_where_it_was_made(people: dict[str, Person]) -> None:
    employer = people["employer"]
    told = {"project": "Brug", "branch": "infra", "option": 3}
    made = employer.post(f"{home_of(employer)}/participations", told)
    path = is_read_and_sent_back(made, employer, {"criteria": {"concept": "met"}})
    assert {"employer", "administrator"} <= reads(people, path) <= {"employer", "administrator", "connector"}


def test_a_cooperation_is_read_where_it_was_made(people: dict[str, Person]) -> None:
    connector = people["connector"]
    told = {"name": "Groen", "region": "AM36", "schoolTypes": ["pro"], "branches": ["green"]}
    member = home_of(people["employer"]).rpartition("/")[2]
    for change in ({"name": "Groener"}, {"members": [{"organisationId": member, "tasks": "plekken"}]}):
        path = is_read_and_sent_back(connector.post(f"{API}/cooperations", told), connector, change)
        assert reads(people, path) == set(people) - {"id", "far", "student"}


def test_a_question_is_read_where_it_was_made(people: dict[str, Person]) -> None:
    path = f"{API}/students/{people['id']}/questions"
    asked = people["connector"].post(path, {"kind": "to_school", "code": "certificates"})
    found = asked.headers["Location"]
    assert people["student"].get(found).json == asked.json
    seen = people["school"].get(found).headers["ETag"]
    answered = people["school"].ask("PATCH", found, json={"answer": "Ja."}, headers={"If-Match": seen})
    assert answered.status_code == 200, answered.text
    assert people["connector"].get(found).json == answered.json
    assert reads(people, found) == {"connector", "school", "student"}
