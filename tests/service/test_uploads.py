"""A list is checked, shown, stored and undone; it never does what nobody saw."""
from __future__ import annotations

import io
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from api.services.accounts import Right
from api.store import figures, runs
from api.store.tables import OpeningVersion, Profile, Seat, StoredOpening, StoredStudent, UploadFile, Vacancy
from tests.service.browser import Person, Service

HEAD = "leerlingnummer,brin,schooltype,geboortedatum,uitstroomdatum,postcode,arbeidsvermogen\n"
LIST = HEAD + "A1,25AB00,pro,2009-02-01,2026-07-01,8011,ja\nA2,25AB00,pro,2009-03-01,2026-07-01,8011,ja\n"
SCHOOL = Right("school", "25AB00", "De School")
VACANCIES = (
    "vacaturenummer,kvk,branche,taken,postcode,startdatum,plekken\nV1,12345678,groen,snoeien,8011,2026-09-01,{}\n"
)


@pytest.fixture
def school(service: Service) -> Person:
    """Somebody of the school."""
    service.add("s@example.org", SCHOOL)
    return service.person("s@example.org")


def hand_in(person: Person, text: str | bytes, name: str = "lijst.csv", **fields: str) -> dict[str, Any]:
    """Hand in a list; return the answer."""
    answer = answer_to(person, text, name, **fields)
    assert answer.status_code == 201, answer.text
    return {**answer.json, "etag": answer.headers["ETag"]}


def answer_to(
    person: Person, text: str | bytes, name: str = "lijst.csv", key: str = "", **fields: str
) -> TestResponse:
    """Hand in a list."""
    content = text.encode() if isinstance(text, str) else text
    headers = {"Idempotency-Key": key} if key else {}
    return person.post("/api/v1/uploads", data={"file": (io.BytesIO(content), name), **fields}, headers=headers)


def confirm(person: Person, upload: dict[str, Any], method: str = "PUT") -> TestResponse:
    """Confirm a list, or undo it."""
    return person.ask(method, f"/api/v1/uploads/{upload['id']}/confirmation", headers={"If-Match": upload["etag"]})


def stored(service: Service) -> list[tuple[str, int, str]]:
    """The students: number at school, version, postcode that holds."""
    with service.database.reading() as session:
        query = select(StoredStudent.student_ref, StoredStudent.number, Profile.record).join(
            Profile, (Profile.student_id == StoredStudent.id) & (Profile.number == StoredStudent.number))  # fmt: skip
        return sorted((ref, number, record["location"]["label"]) for ref, number, record in session.execute(query))


def test_nothing_is_stored_before_it_is_confirmed_and_then_all_of_it(service: Service, school: Person) -> None:
    upload = hand_in(school, LIST + "A3,25AB00,pro,gisteren,2026-07-01,8011,ja\n")
    assert (upload["state"], upload["counts"]) == ("checked", {"new": 2, "changed": 0, "same": 0, "skipped": 1})
    assert stored(service) == []
    defects = school.get(f"/api/v1/uploads/{upload['id']}/defects").json["items"]
    assert [(d["row"], d["column"], d["code"]) for d in defects] == [(4, "geboortedatum", "not_a_date")]
    assert confirm(school, upload).json["state"] == "confirmed"
    assert stored(service) == [("A1", 1, "8011"), ("A2", 1, "8011")]


def test_a_second_list_changes_what_differs_and_repeats_nothing(service: Service, school: Person) -> None:
    confirm(school, hand_in(school, LIST))
    upload = hand_in(school, LIST.replace("03-01,2026-07-01,8011", "03-01,2026-07-01,8021"))
    assert upload["counts"] == {"new": 0, "changed": 1, "same": 1, "skipped": 0}
    rows = school.get(f"/api/v1/uploads/{upload['id']}/rows").json["items"]
    assert [(row["row"], row["action"]) for row in rows] == [(2, "same"), (3, "changed")]
    done = confirm(school, upload)
    assert stored(service) == [("A1", 1, "8011"), ("A2", 2, "8021")]
    undone = confirm(school, {**upload, "etag": done.headers["ETag"]}, "DELETE")
    assert undone.json["state"] == "undone"
    assert stored(service) == [("A1", 1, "8011"), ("A2", 1, "8011")]


def test_a_list_can_be_undone_only_while_it_is_the_latest(service: Service, school: Person) -> None:
    first = hand_in(school, LIST)
    first["etag"] = confirm(school, first).headers["ETag"]
    second = hand_in(school, LIST.replace("8011", "8021"))
    second["etag"] = confirm(school, second).headers["ETag"]
    assert confirm(school, first, "DELETE").status_code == 409
    assert confirm(school, second, "DELETE").status_code == 200
    assert confirm(school, first, "DELETE").status_code == 200
    assert stored(service) == []


def test_a_number_that_is_given_out_again_after_an_undo_is_read_anew(service: Service, school: Person) -> None:
    """Version 2, undone, and another version 2: figures and names are of the one that holds."""
    service.add("e@example.org", Right("employer", "12345678"))
    employer = service.person("e@example.org")
    leavers = LIST + "A3,25AB00,pro,2009-03-01,{},8011,ja\n"
    work = VACANCIES.format(1).replace("groen,", "{},")

    def change(leaves_on: str, branch: str) -> tuple[str, str]:
        """Hand both lists in; return what is counted and what the opening is called; undo."""
        done = []
        for person, text in ((school, leavers.format(leaves_on)), (employer, work.format(branch))):
            upload = hand_in(person, text)
            done.append((person, {**upload, "etag": confirm(person, upload).headers["ETag"]}))
        with service.database.reading() as session:
            leaving = max(str(youth.leaves_on) for youth in figures.youths(session, len))
            opening = session.scalars(select(StoredOpening)).one()
            called = runs.names_of(session, [], [opening.id])[1][opening.id]["branch"]
            numbers = {opening.number, *session.scalars(select(StoredStudent.number))}
        assert max(numbers) == 2
        assert [confirm(person, upload, "DELETE").status_code for person, upload in done] == [200, 200]
        return leaving, called

    for person, text in ((school, leavers.format("2026-07-01")), (employer, work.format("groen"))):
        assert confirm(person, hand_in(person, text)).status_code == 200
    told = [change("2027-07-01", "bouw"), change("2028-07-01", "horeca"), change("2029-07-01", "bouw")]
    assert [leaving for leaving, _ in told] == ["2027-07-01", "2028-07-01", "2029-07-01"]
    assert told[0][1] == told[2][1] != told[1][1]


def test_who_did_not_see_the_latest_state_is_refused(school: Person) -> None:
    upload = hand_in(school, LIST)
    path = f"/api/v1/uploads/{upload['id']}/confirmation"
    assert school.ask("PUT", path).status_code == 428
    assert school.ask("PUT", path, headers={"If-Match": '"9"'}).status_code == 412
    assert confirm(school, upload).status_code == 200
    assert confirm(school, upload).status_code == 412


def test_a_list_sent_twice_under_one_key_is_one_list(service: Service, school: Person) -> None:
    first, again = answer_to(school, LIST, key="k"), answer_to(school, LIST, key="k")
    assert (first.status_code, first.data, first.headers["Location"]) == (
        again.status_code, again.data, again.headers["Location"])  # fmt: skip
    assert answer_to(school, LIST + "\n", key="k").status_code == 409
    assert answer_to(school, LIST, key="other").json["id"] != first.json["id"]
    assert len(school.get("/api/v1/uploads").json["items"]) == 2


def test_a_list_is_of_who_hands_it_in_whatever_it_says(service: Service, school: Person) -> None:
    upload = hand_in(school, LIST.replace("A2,25AB00", "A2,99ZZ00"))
    assert upload["counts"]["new"] == 2
    defects = school.get(f"/api/v1/uploads/{upload['id']}/defects").json["items"]
    assert [(d["row"], d["severity"], d["column"]) for d in defects] == [(3, "warning", "brin")]
    confirm(school, upload)
    with service.database.reading() as session:
        assert {record["school"] for record in session.scalars(select(Profile.record))} == {"25AB00"}


def test_a_bsn_leaves_no_trace(service: Service, school: Person, tmp_path: Path) -> None:
    """In a column of its own the file is refused; alone in a cell the row is. Neither is in the database."""
    whole = HEAD.replace("\n", ",bsn\n") + "A1,25AB00,pro,2009-02-01,2026-07-01,8011,ja,123456782\n"
    assert hand_in(school, whole)["state"] == "refused"
    row = HEAD.replace("\n", ",zelf_gezegd\n") + "A1,25AB00,pro,2009-02-01,2026-07-01,8011,ja,123456782\n" \
        "A2,25AB00,pro,2009-02-01,2026-07-01,8011,ja,goed\n"  # fmt: skip
    upload = hand_in(school, row)
    assert upload["counts"] == {"new": 1, "changed": 0, "same": 0, "skipped": 1}
    confirm(school, upload)
    with service.database.reading() as session:
        assert not any(b"123456782" in content for content in session.scalars(select(UploadFile.content)))
    if service.database.is_sqlite:
        dump = "".join(sqlite3.connect(service.database.engine.url.database).iterdump())
        assert "123456782" not in dump


def test_columns_nobody_asked_for_are_named_and_not_stored(service: Service, school: Person) -> None:
    row = "A1,25AB00,pro,2009-02-01,2026-07-01,8011,ja,zweefvliegen\n"
    upload = hand_in(school, HEAD.replace("\n", ",hobby\n") + row)
    confirm(school, upload)
    with service.database.reading() as session:
        assert not any("zweefvliegen" in content.decode() for content in session.scalars(select(UploadFile.content)))
    defects = school.get(f"/api/v1/uploads/{upload['id']}/defects").json["items"]
    assert [d["column"] for d in defects] == ["hobby"]


def test_fewer_places_take_seats_away(service: Service) -> None:
    service.add("e@example.org", Right("employer", "12345678", "Bedrijf"))
    employer = service.person("e@example.org")
    for places in (3, 1, 2):
        confirm(employer, hand_in(employer, VACANCIES.format(places)))
        with service.database.reading() as session:
            assert sorted(session.scalars(select(Seat.seat))) == list(range(1, places + 1))


def test_a_connector_hands_in_vacancies_of_several_employers(service: Service) -> None:
    service.add("c@example.org", Right("connector", "AM36"))
    connector = service.person("c@example.org")
    second = "V2,87654321,groen,snoeien,8011,2026-09-01,2\n"
    upload = hand_in(connector, VACANCIES.format(1) + second, kind="vacancies")
    assert confirm(connector, upload).status_code == 200
    with service.database.reading() as session:
        assert len(session.scalars(select(Vacancy.organisation_id)).all()) == 2
        assert len(session.scalars(select(OpeningVersion.number)).all()) == 2
    assert answer_to(connector, LIST, kind="leavers").status_code == 403


def test_a_refused_request_says_everything_that_is_wrong(school: Person) -> None:
    answer = school.post("/api/v1/uploads", data={"lang": "fr", "colour": "red"})
    assert (answer.status_code, answer.content_type) == (400, "application/problem+json")
    assert {error["field"] for error in answer.json["errors"]} == {"file", "lang", "colour"}


def test_two_schools_see_nothing_of_each_other(service: Service, school: Person) -> None:
    service.add("o@example.org", Right("school", "99ZZ00", "Andere"))
    other = service.person("o@example.org")
    upload = hand_in(school, LIST)
    confirm(school, upload)
    assert hand_in(other, LIST)["counts"]["new"] == 2  # nothing tells that they are known elsewhere
    missing = "0" * 32
    for tail in ("", "/rows", "/defects"):
        theirs, none = (other.get(f"/api/v1/uploads/{i}{tail}") for i in (upload["id"], missing))
        assert (theirs.status_code, theirs.data) == (none.status_code, none.data) == (404, none.data)
    assert confirm(other, upload).status_code == 404
    assert len(other.get("/api/v1/uploads").json["items"]) == 1


TOO_LONG = "De lijst heeft 5001 rijen. Verwacht: hoogstens 10 MB, 5000 rijen en 60 kolommen. Splits de lijst"
TOO_WIDE = "De lijst heeft 61 kolommen. Verwacht: hoogstens 10 MB, 5000 rijen en 60 kolommen. Haal kolommen weg"


def long_list() -> str:
    """A list of a row more than the service takes at once."""
    return HEAD + "".join(f"A{k},25AB00,pro,2009-02-01,2026-07-01,8011,ja\n" for k in range(5_001))


@pytest.mark.parametrize(("many", "said"), [("rows", TOO_LONG), ("columns", TOO_WIDE)])
@pytest.mark.parametrize("door", ["file", "json", "draft"])
def test_a_list_beyond_the_limits_is_refused_whole_and_says_how_many_there_are(
    service: Service, school: Person, door: str, many: str, said: str
) -> None:
    wide = HEAD.strip() + "".join(f",extra{k}" for k in range(54)) + "\n" + LIST.splitlines()[1] + "," * 54 + "\n"
    text = long_list() if many == "rows" else wide
    if door == "file":
        made = hand_in(school, text)
    elif door == "json":
        keys, *lines = (line.split(",") for line in text.splitlines())
        rows = [dict(zip(keys, line, strict=True)) for line in lines]
        made = school.post("/api/v1/uploads", json={"rows": rows}).json
    else:
        answer = school.post("/api/v1/upload-drafts", data={"file": (io.BytesIO(text.encode()), "lijst.csv")})
        assert answer.json["draft"] is None
        made = answer.json["upload"]
    assert (made["state"], made["rows"]) == ("refused", 0)
    defects = school.get(f"/api/v1/uploads/{made['id']}/defects").json["items"]
    assert [(d["row"], d["code"], d["message"].startswith(said)) for d in defects] == [(None, "unreadable", True)]
    assert stored(service) == []


def test_the_defects_of_a_list_stand_in_the_order_of_the_file(service: Service) -> None:
    """Also those that are found after it was read: here that a vacancy lies outside the regions of the connector."""
    service.add("c@example.org", Right("connector", "AM36"))
    connector = service.person("c@example.org")
    head = "vacaturenummer,kvk,branche,taken,postcode,startdatum,plekken\n"
    rows = "V1,12345678,groen,snoeien,9711,2026-09-01,1\nV2,12345678,groen,snoeien,8011,2026-09-01,x\n"
    more = "V3,12345678,groen,snoeien,9711,2026-09-01,1\nV4,12345678,groen,snoeien,8011,2026-09-01,y\n"
    upload = hand_in(connector, head + rows + more, kind="vacancies")
    defects = connector.get(f"/api/v1/uploads/{upload['id']}/defects").json["items"]
    found = [one["row"] for one in defects if one["severity"] == "error"]
    assert found == [2, 3, 4, 5]
    told = [one["row"] or 0 for one in defects]
    assert told == sorted(told)
