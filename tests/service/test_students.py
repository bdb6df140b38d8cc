"""A profile on a screen: read as a file would be, versioned, seen by whom it concerns alone."""
from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from api.services.accounts import Right
from api.services.cells import OF_STUDENT
from api.services.who_sees import SEES
from api.store.tables import AuditEvent, Profile
from tests.service.browser import Person, Service
from tests.service.test_uploads import confirm, hand_in
from tests.service.youth import HEAD, add_student, give_mandate


@pytest.fixture
def student(service: Service) -> str:
    """A student of 17."""
    return add_student(service)


@pytest.fixture
def school(service: Service, student: str) -> Person:
    """Somebody of the student's school."""
    service.add("s@example.org", Right("school", "77XX00"))
    return service.person("s@example.org")


def change(person: Person, student: str, seen: str = "", **what: Any) -> Any:
    """Change fields of a profile, as seen now."""
    path = f"/api/v1/students/{student}"
    return person.ask("PATCH", path, json=what, headers={"If-Match": seen or person.get(path).headers["ETag"]})


def value(person: Person, student: str, name: str) -> Any:
    """What a field holds."""
    fields = person.get(f"/api/v1/students/{student}").json["fieldsSeen"]
    return next(field["value"] for field in fields if field["name"] == name)


def test_a_field_is_changed_and_the_version_before_stays(service: Service, student: str, school: Person) -> None:
    done = change(school, student, branches=["groen", "infra"], maxKm="12,5", travelMeans="fiets|bus", supportNeeded=[])
    assert done.status_code == 200, done.text
    assert [value(school, student, name) for name in ("branches", "max_km", "travel_means")] == [
        ["green", "infra"], 12.5, ["bicycle", "public_transport"]]  # fmt: skip
    told = school.get(f"/api/v1/students/{student}/versions").json
    assert [(version["number"], version["by"], version["fromList"]) for version in told] == [
        (2, "s", False), (1, "List", True)]  # fmt: skip
    assert {field["name"] for field in told[0]["changed"]} == {"branches", "max_km", "travel_means"}
    with service.database.reading() as session:
        assert session.scalars(select(Profile.number).where(Profile.student_id == student)).all() == [1, 2]
        event = session.scalars(select(AuditEvent).where(AuditEvent.action == "student.changed")).one()
        assert event.details["fields"] == ["branches", "max_km", "support_needed", "travel_means"]


def test_everything_that_is_wrong_is_said_at_once_in_the_words_of_a_file(
    service: Service, student: str, school: Person
) -> None:
    wrong = change(school, student, birthDate="3/4/2009", branches="groeen", hoursMin=40, hoursMax=20)
    assert (wrong.status_code, wrong.json["code"]) == (400, "unreadable")
    found = {error["field"]: error for error in wrong.json["errors"]}
    assert {name: found[name]["code"] for name in ("birthDate", "branches", "hoursMin")} == {
        "birthDate": "ambiguous_date", "branches": "unknown_code", "hoursMin": "min_above_max"}  # fmt: skip
    text = HEAD.replace("\n", ",branches\n") + "L1,77XX00,pro,Noor,2009-02-01,2026-07-01,8011,ja,groeen\n"
    upload = hand_in(school, text)
    defects = school.get(f"/api/v1/uploads/{upload['id']}/defects").json["items"]
    assert [d["message"] for d in defects if d["column"] == "branches"] == [found["branches"]["message"]]
    assert value(school, student, "birth_date") == "2009-02-01"


def test_a_required_field_that_is_emptied_hides_nothing_else(student: str, school: Person) -> None:
    wrong = change(school, student, birthDate="31-02-2004", hoursMin=40, hoursMax=10, travelMeans=["raket"],
                   workCapacity=None, schoolType="")  # fmt: skip
    assert wrong.status_code == 400
    assert {error["field"]: error["code"] for error in wrong.json["errors"]} == {
        "birthDate": "not_a_date", "hoursMin": "min_above_max", "travelMeans": "unknown_code",
        "workCapacity": "required", "schoolType": "required"}  # fmt: skip
    assert "kolom" not in wrong.text
    assert "Vul dit in." in wrong.text


def test_a_bsn_is_refused_and_unknown_fields_are(service: Service, student: str, school: Person) -> None:
    wrong = change(school, student, ownWords="mijn nummer is 123456782")
    assert wrong.status_code == 400
    assert "123456782" not in wrong.text
    for other in ({"studentRef": "X"}, {"school": "99ZZ00"}, {"colour": "red"}, {"branches": {"a": 1}}):
        assert change(school, student, **other).status_code == 400, other
    assert school.ask("PATCH", f"/api/v1/students/{student}", json={}).status_code == 428
    assert change(school, student, seen='"9"', maxKm=3).status_code == 412


def test_a_field_is_emptied_and_a_change_without_a_difference_makes_no_version(
    service: Service, student: str, school: Person
) -> None:
    change(school, student, maxKm=10)
    change(school, student, maxKm=10)
    assert school.get(f"/api/v1/students/{student}").json["number"] == 2
    change(school, student, maxKm=None)
    assert value(school, student, "max_km") is None
    required = change(school, student, birthDate=None)
    assert [error["field"] for error in required.json["errors"]] == ["birthDate"]


def test_a_list_and_a_screen_change_one_profile(service: Service, student: str, school: Person) -> None:
    """What the screen changed, the next list sees; and the list of before cannot be undone any more."""
    change(school, student, postcode="8021")
    upload = hand_in(school, HEAD + "L1,77XX00,pro,Noor,2009-02-01,2026-07-01,8021,ja\n")
    assert upload["counts"]["same"] == 1
    assert confirm(school, upload).status_code == 200
    assert value(school, student, "postcode") == "8021"


def test_confirming_makes_a_profile_fresh(service: Service, student: str, school: Person) -> None:
    path = f"/api/v1/students/{student}"
    before = school.get(path)
    assert (before.json["freshness"], before.json["confirmedOn"]) == ("unknown", None)
    assert "confirmed_on" in before.json["missing"]
    done = school.ask("PUT", f"{path}/confirmation", headers={"If-Match": before.headers["ETag"]})
    assert (done.json["freshness"], done.json["confirmedOn"]) == ("fresh", "2026-06-15")
    assert done.json["complete"] > before.json["complete"]
    service.clock.forward(days=61)
    assert service.person("s@example.org").get(path).json["freshness"] == "marked"


def test_a_field_that_is_unknown_hides_none_that_cannot_be_read(student: str, school: Person) -> None:
    alone = change(school, student, maxKm="x", birthDate="y")
    assert {one["field"] for one in alone.json["errors"]} == {"maxKm", "birthDate"}
    assert "birth_date: birth_date" not in alone.json["detail"]
    assert alone.json["detail"].count("birth_date") == alone.json["detail"].count("max_km") == 1
    both = change(school, student, maxKm="x", birthDate="y", foo=1)
    assert {one["field"] for one in both.json["errors"]} == {"foo", "maxKm", "birthDate"}
    assert both.json["detail"].startswith("foo: Unknown field.; ")


def test_students_are_listed_in_parts_and_by_what_they_miss(service: Service, student: str, school: Person) -> None:
    for number in range(2, 7):
        add_student(service, f"L{number}")
    add_student(service, "Z1", school="88YY00")
    change(school, student, maxKm=10)
    pages, after = [], ""
    while after is not None:
        page = school.get(f"/api/v1/students?limit=4&after={after}").json
        pages.append([one["studentRef"] for one in page["items"]])
        after = page["next"]
    assert pages == [["L1", "L2", "L3", "L4"], ["L5", "L6"]]
    found = school.get("/api/v1/students?ask=travel_limit&limit=100").json["items"]
    assert [one["studentRef"] for one in found] == ["L2", "L3", "L4", "L5", "L6"]
    assert school.get("/api/v1/students?gaps=false").json["items"] == []
    assert school.get("/api/v1/students?consent=given").json["items"] == []
    assert len(school.get("/api/v1/students?consent=none&state=open").json["items"]) == 6


def test_everybody_sees_the_fields_that_are_theirs(service: Service, student: str, school: Person) -> None:
    service.add("c@example.org", Right("connector", "AM36"))
    service.add("k@example.org", Right("coach", student))
    service.add("m@example.org", Right("student", student))
    give_mandate(service, student, service.add("p@example.org", Right("parent", student)))
    people = {"school": school} | {role: service.person(f"{who}@example.org") for role, who in (
        ("connector", "c"), ("coach", "k"), ("student", "m"), ("parent", "p"))}  # fmt: skip
    for role, person in people.items():
        seen = {field["name"] for field in person.get(f"/api/v1/students/{student}").json["fieldsSeen"]}
        assert seen == {name for name in OF_STUDENT if role in SEES[name]} - {"place"}, role
        assert ("own_words" in seen) == (role in ("school", "connector", "student"))
        if role != "school":
            assert change(person, student, maxKm=3).status_code == 403
    assert [one["id"] for one in people["coach"].get("/api/v1/students").json["items"]] == [student]
    assert people["student"].get("/api/v1/students").status_code == 403


def test_questions_go_to_the_school_and_come_back_answered(service: Service, student: str, school: Person) -> None:
    service.add("c@example.org", Right("connector", "AM36"))
    service.add("m@example.org", Right("student", student))
    connector, me = service.person("c@example.org"), service.person("m@example.org")
    path = f"/api/v1/students/{student}/questions"
    assert connector.post(path, {"kind": "to_school", "code": "certificates"}).status_code == 201
    service.clock.forward(minutes=1)  # of one moment, which was first nobody knows
    assert me.post(path, {"kind": "to_school", "text": "x"}).json["code"] == "kind"
    assert me.post(path, {"kind": "data_correction", "code": "max_km", "text": "bel 123456782"}).status_code == 400
    assert me.post(path, {"kind": "data_correction"}).status_code == 400
    assert me.post(path, {"kind": "data_correction", "code": "max_km", "text": "Het is 20."}).status_code == 201
    waiting = school.get("/api/v1/questions").json["items"]
    assert [(one["kind"], one["askedBy"]) for one in waiting] == [("to_school", "c"), ("data_correction", "m")]
    assert school.get("/api/v1/students").json["items"][0]["openQuestions"] == 2
    for one in waiting:
        told = school.ask("PATCH", f"/api/v1/questions/{one['id']}", json={"answer": "Ja, VCA."},
                          headers={"If-Match": f'"{one["version"]}"'})  # fmt: skip
        assert told.status_code == 200
    assert {(one["answer"], one["answeredBy"]) for one in me.get(path).json} == {("Ja, VCA.", "s")}
    again = school.ask("PATCH", f"/api/v1/questions/{waiting[0]['id']}", json={"answer": "Nee"},
                       headers={"If-Match": '"2"'})  # fmt: skip
    assert (again.status_code, again.json["code"]) == (409, "answered")
    assert connector.ask("PATCH", f"/api/v1/questions/{waiting[0]['id']}", json={"answer": "x"},
                         headers={"If-Match": '"2"'}).status_code == 404  # fmt: skip


def test_a_birthday_that_is_corrected_counts_for_the_mandate_at_once(
    service: Service, student: str, school: Person
) -> None:
    parent = service.add("p@example.org", Right("parent", student))
    give_mandate(service, student, parent, "minor")
    person = service.person("p@example.org")
    assert person.get(f"/api/v1/students/{student}").status_code == 200
    change(school, student, birthDate=date(2008, 6, 15).isoformat())
    assert person.get(f"/api/v1/students/{student}").status_code == 403


def test_who_looks_is_written_once_a_day_and_the_student_reads_it(
    service: Service, student: str, school: Person
) -> None:
    service.add("c@example.org", Right("connector", "AM36"))
    service.add("m@example.org", Right("student", student))
    connector, me = service.person("c@example.org"), service.person("m@example.org")
    path = f"/api/v1/students/{student}"
    for _ in range(3):
        assert connector.get(path).status_code == school.get(path).status_code == me.get(path).status_code == 200
    assert connector.get("/api/v1/students").status_code == 200  # a list opens nobody
    assert {(look["name"], look["party"]) for look in me.get(f"{path}/looks").json["items"]} == {
        ("c", ""), ("s", "School 77XX00")}  # fmt: skip
    service.clock.forward(days=1)
    service.person("c@example.org").get(path)
    assert len(service.person("m@example.org").get(f"{path}/looks").json["items"]) == 3
