"""What waits in an unfinished list is somebody's too: it is told in an export, and goes with an erasure."""
from __future__ import annotations

import io
import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from api.services import ledger, privacy, retention
from api.services.accounts import Right
from api.store.people import Session
from api.store.tables import Draft, StoredStudent
from tests.service.browser import Person, Service
from tests.service.test_privacy import erase, everything
from tests.service.test_sheets import workbook
from tests.service.test_upload_drafts import begin, mend
from tests.service.test_uploads import HEAD, LIST, confirm, hand_in, stored

CANARY = "Zonnebloem7"
ROW = "{},{},25AB00,pro,{},2026-07-01,8011,ja\n"
NAMED = "voornaam," + HEAD
WAITS = NAMED + ROW.format(CANARY, "A1", "2009-02-01") + ROW.format("Bo", "A2", "2009-03-01") + ROW.format(
    "Cas", "A10", "gisteren")  # fmt: skip


@pytest.fixture
def school(service: Service) -> Person:
    """Somebody of a school of which A1 and A2 are stored, without a name."""
    service.add("s@example.org", Right("school", "25AB00", "De School"))
    person = service.person("s@example.org")
    confirm(person, hand_in(person, LIST))
    return person


def student(service: Service, ref: str) -> str:
    """The id of a student by the school's own number."""
    with service.database.reading() as session:
        return session.scalars(select(StoredStudent.id).where(StoredStudent.student_ref == ref)).one()


def test_an_erased_person_is_in_no_unfinished_list_and_comes_back_by_none(service: Service, school: Person) -> None:
    path, _ = begin(school, WAITS)
    before = school.get(path).headers["ETag"]
    erase(service, student(service, "A1"))
    assert CANARY not in everything(service.database)
    after = school.get(path)
    assert (after.json["rows"], after.headers["ETag"] != before) == (2, True)
    assert [one["row"] for one in school.get(f"{path}/defects").json["faults"]] == [4]  # as the file counts
    mend(school, path, "rows/4", cells={"birth_date": "2009-05-06"})
    assert mend(school, path, "confirmation").json["counts"] == {"new": 1, "changed": 1, "same": 0, "skipped": 0}
    assert [ref for ref, *_ in stored(service) if not ref.startswith("erased-")] == ["A10", "A2"]


@pytest.mark.parametrize("then", ["goes on", "stored", "let go"])
def test_an_answer_that_was_kept_about_a_list_goes_with_an_erased_person(
    service: Service, school: Person, then: str
) -> None:
    """It shows cells of every column, also when the list itself is gone; one about a list without them stays."""
    def sent(text: str, key: str) -> TestResponse:
        return school.post("/api/v1/upload-drafts", headers={"Idempotency-Key": key},
                           data={"file": (io.BytesIO(text.encode()), "lijst.csv")})  # fmt: skip

    mine, other = WAITS.replace("gisteren", "2009-05-06"), HEAD + ROW.format("", "A7", "2009-02-01").lstrip(",")
    made, stays = sent(mine, "mine"), sent(other, "other")
    assert CANARY in made.text
    path = f"/api/v1/upload-drafts/{made.json['draft']['id']}"
    if then == "stored":
        assert mend(school, path, "confirmation").status_code == 200
    elif then == "let go":
        assert school.ask("DELETE", path).status_code == 204
    who = student(service, "A1")
    exported = school.get(f"/api/v1/students/{who}/export").json["tables"]
    rows = next(part["rows"] for part in exported if part["table"] == "answers")
    assert [row["status"] for row in rows] == ([201] if then == "goes on" else [])
    assert "Cas" not in json.dumps(exported)
    erase(service, who)
    assert CANARY not in everything(service.database)
    assert (sent(mine, "mine").status_code, sent(other, "other").json) == (410, stays.json)


def test_an_erased_person_is_taken_out_of_every_sheet_and_of_what_could_not_be_read(
    service: Service, school: Person
) -> None:
    head = NAMED.strip().split(",")
    row = ROW.strip().format(CANARY, "A1", "2009-02-01").split(",")
    other = ROW.strip().format("Bo", "A2", "2009-03-01").split(",")
    torn = [*other, f"{CANARY} A1 staat hier"]  # more cells than there are headers
    content = workbook({"Klas 1": [head, row, other, torn], "Klas 2": [head, row, other]})
    made = school.post("/api/v1/upload-drafts", data={"file": (io.BytesIO(content), f"{CANARY}.xlsx")})
    assert made.status_code == 201, made.text
    erase(service, student(service, "A1"))
    assert CANARY not in everything(service.database)
    with service.database.reading() as session:
        content_left: dict[str, Any] = session.scalars(select(Draft)).one().content
    sheets = [content_left, *content_left["sheets"]]
    assert [[at for at, _ in sheet["grid"]["rows"]] for sheet in sheets] == [[3], [3]]
    assert (sheets[0]["grid"]["faults"], content_left["name"]) == ([], "lijst")


def test_a_list_of_which_the_columns_are_not_known_goes_as_a_whole_when_the_number_stands_in_it(
    service: Service, school: Person
) -> None:
    """In it the number may be anything, so that a row of somebody else could go unseen."""
    unknown = WAITS.replace("leerlingnummer", "kenmerk bij ons")
    path, draft = begin(school, unknown)
    assert draft["step"] == "columns"
    other, _ = begin(school, unknown.replace(",A1,", ",A4,").replace(CANARY, "Dee"))
    erase(service, student(service, "A1"))
    assert CANARY not in everything(service.database)
    assert (school.get(path).status_code, school.get(other).json["rows"]) == (404, 3)


def test_a_row_that_was_told_to_repeat_an_erased_persons_is_not_told_any_more(
    service: Service, school: Person
) -> None:
    """The message names the number; that of somebody whose number only ends alike stays."""
    twice = LIST + "".join(f"{ref},25AB00,pro,2009-02-01,2026-07-01,8011,ja\n" for ref in ("A1", "BA1", "BA1"))
    upload = hand_in(school, twice)
    confirm(school, upload)
    told = school.get(f"/api/v1/uploads/{upload['id']}/defects").json["items"]
    assert [one["found"] for one in told] == ["25AB00/A1", "25AB00/BA1"]
    made = school.get(f"/api/v1/students/{student(service, 'A1')}/export").json
    rows = next(part["rows"] for part in made["tables"] if part["table"] == "upload_defects")
    assert [row["found"] for row in rows] == ["25AB00/A1"]
    erase(service, student(service, "A1"))
    assert "25AB00/A1" not in everything(service.database)
    told = school.get(f"/api/v1/uploads/{upload['id']}/defects").json["items"]
    assert [one["found"] for one in told] == ["25AB00/BA1"]


def test_what_was_wrong_with_a_list_goes_with_its_file_and_the_page_says_so(service: Service, school: Person) -> None:
    upload = hand_in(school, LIST.replace("geboortedatum", "wanneer geboren precies"))
    page = f"/lijsten/{upload['id']}"
    assert upload["state"] == "refused"
    assert "geboortedatum" in school.get(page, headers={"Accept": "text/html"}).text
    later = service.clock() + timedelta(days=31)
    retention.carry_out(service.database, now=later, path=service.settings.data_dir, key=service.settings.audit_key)
    school = service.person("s@example.org")  # the session of then is gone too
    assert school.get(f"/api/v1/uploads/{upload['id']}/defects").json["items"] == []
    told = school.get(page, headers={"Accept": "text/html"})
    assert (told.status_code, "geboortedatum" in told.text) == (200, False)
    assert "bewaren we niet langer dan het bestand" in told.text


def test_a_list_of_another_school_with_the_same_number_stays(service: Service, school: Person) -> None:
    service.add("t@example.org", Right("school", "26CD00", "De Andere"))
    path, _ = begin(service.person("t@example.org"), WAITS.replace("25AB00", "26CD00"))
    erase(service, student(service, "A1"))
    assert service.person("t@example.org").get(path).json["rows"] == 3


def test_an_export_tells_the_row_of_an_unfinished_list_and_nobody_elses(service: Service, school: Person) -> None:
    begin(school, WAITS)
    made = school.get(f"/api/v1/students/{student(service, 'A1')}/export").json
    rows = next(part["rows"] for part in made["tables"] if part["table"] == "drafts")
    assert [(row["content"]["row"], row["content"]["cells"]["voornaam"]) for row in rows] == [(2, CANARY)]
    assert "Bo" not in str(rows)


def test_a_backup_of_before_brings_nobody_back_in_an_unfinished_list(service: Service, school: Person) -> None:
    """As a restore does it: the database is one of before the erasure, the ledger is not."""
    begin(school, WAITS)
    who = student(service, "A1")

    def again(session: Session) -> int:
        return privacy.erase_again(session, [ledger.Erased(service.clock(), who, "asked")], now=service.clock())

    with service.database.writing() as session:
        assert again(session) == 1
    assert CANARY not in everything(service.database)
    with service.database.writing() as session:
        assert again(session) == 0
