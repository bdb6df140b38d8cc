"""A workbook with more lists than one: no sheet is lost without a word."""
from __future__ import annotations

import io
from typing import Any

import pytest
import xlsxwriter

from api.services.accounts import Right
from tests.service.browser import Person, Service
from tests.service.test_changing_a_vacancy import send
from tests.service.test_upload_drafts import mend, seen, seen_on
from tests.service.test_uploads import SCHOOL, confirm, hand_in, stored

FULL = ["leerlingnummer", "brin", "schooltype", "geboortedatum", "uitstroomdatum", "postcode", "arbeidsvermogen"]
SHORT = ["leerlingnummer", "geboortedatum", "uitstroomdatum", "postcode", "arbeidsvermogen"]
HTML = {"Accept": "text/html"}


def row(ref: str, header: list[str]) -> list[str]:
    """A complete row under a header."""
    told = {"leerlingnummer": ref, "brin": "25AB00", "schooltype": "pro", "geboortedatum": "2009-02-01",
            "uitstroomdatum": "2026-07-01", "postcode": "8011", "arbeidsvermogen": "ja"}  # fmt: skip
    return [told[name] for name in header]


def workbook(sheets: dict[str, list[list[str]]]) -> bytes:
    """An XLSX file."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    for name, lines in sheets.items():
        page = book.add_worksheet(name)
        for at, line in enumerate(lines):
            page.write_row(at, 0, line)
    book.close()
    return stream.getvalue()


def two_classes(header: list[str]) -> bytes:
    """Class 3A with one student, class 3B with two, and a sheet that is no list."""
    return workbook({"3A": [header, row("A1", header)], "3B": [header, row("B1", header), row("B2", header)],
                     "Uitleg": [["Vul dit in voor 1 mei"], ["Vragen? Bel de administratie"]]})  # fmt: skip


@pytest.fixture
def school(service: Service) -> Person:
    """Somebody of the school."""
    service.add("s@example.org", SCHOOL)
    return service.person("s@example.org")


def begin(school: Person, content: bytes) -> dict[str, Any]:
    """Take a workbook in; return the draft."""
    made = school.post("/api/v1/upload-drafts", data={"file": (io.BytesIO(content), "klassen.xlsx")})
    assert made.status_code == 201, made.text
    return dict(made.json["draft"])


@pytest.mark.parametrize("header", [FULL, SHORT])
def test_the_wizard_names_the_other_sheet_and_lets_one_take_it(
    service: Service, school: Person, header: list[str]
) -> None:
    draft = begin(school, two_classes(header))
    assert (draft["sheet"], draft["rows"], draft["otherSheets"]) == ("3A", 1, [{"name": "3B", "rows": 2}])
    path, page = f"/api/v1/upload-drafts/{draft['id']}", f"/lijsten/concept/{draft['id']}"
    step = school.get(page, headers=HTML).headers["Location"]
    told = school.get(step, headers=HTML).text
    assert "Je levert nu alleen blad “3A” aan." in told
    assert "Neem blad “3B” (2 rijen)" in told
    assert send(school, f"{page}/blad", {"version": seen(school, step), "sheet": "3B"}).status_code == 303
    now = school.get(path).json
    assert (now["sheet"], now["rows"], now["otherSheets"]) == ("3B", 2, [{"name": "3A", "rows": 1}])
    if header is SHORT:
        columns = {str(one["index"]): one["field"] for one in now["columns"]}
        assert mend(school, path, "columns", columns=columns, forAll={"school_type": "pro"}).status_code == 200
    assert "Je levert nu alleen blad “3B” aan." in school.get(f"{page}/nakijken", headers=HTML).text
    made = mend(school, path, "confirmation").json
    assert [ref for ref, *_ in stored(service)] == ["B1", "B2"]
    done = school.get(f"/lijsten/{made['id']}", headers=HTML).text
    assert "Dit blad van het bestand is niet opgeslagen: 3A. Lever het aan als volgende lijst." in done
    defects = school.get(f"/api/v1/uploads/{made['id']}/defects").json["items"]
    assert [(one["row"], one["found"]) for one in defects] == [(None, "3A")]


def test_what_was_mended_on_a_sheet_waits_while_another_is_taken(service: Service, school: Person) -> None:
    faulty = workbook({"3A": [FULL, [*row("A1", FULL)[:3], "gisteren", *row("A1", FULL)[4:]], row("A2", FULL)],
                       "3B": [FULL, row("B1", FULL)]})  # fmt: skip
    path = f"/api/v1/upload-drafts/{begin(school, faulty)['id']}"
    mend(school, path, "rows/2", skipped=True)
    for name in ("3B", "3A"):
        seen = school.get(path).headers["ETag"]
        answer = school.ask("PUT", f"{path}/sheet", json={"name": name}, headers={"If-Match": seen})
        assert (answer.status_code, answer.json["sheet"], answer.json["step"]) == (200, name, "check")
    assert answer.json["skipped"] == [2]
    wrong = school.ask("PUT", f"{path}/sheet", json={"name": "3C"}, headers={"If-Match": answer.headers["ETag"]})
    assert wrong.status_code == 404
    mend(school, path, "confirmation")
    assert [ref for ref, *_ in stored(service)] == ["A2"]


def test_a_list_at_one_go_warns_of_a_sheet_that_leaves_out_what_the_party_says_of_itself(
    service: Service, school: Person
) -> None:
    bare = [name for name in FULL if name != "brin"]
    upload = hand_in(school, workbook({"3A": [bare, row("A1", bare)], "3B": [bare, row("B1", bare)]}), "k.xlsx")
    defects = school.get(f"/api/v1/uploads/{upload['id']}/defects").json["items"]
    assert [(one["severity"], one["code"], one["found"]) for one in defects] == [("warning", "unreadable", "3B")]
    assert confirm(school, upload).status_code == 200
    assert [ref for ref, *_ in stored(service)] == ["A1"]


def test_a_bsn_on_the_other_sheet_refuses_the_file(school: Person) -> None:
    extra = [*FULL, "zelf_gezegd"]
    lines = [[*row("B1", FULL), "bsn 123456782"], [*row("B2", FULL), ""]]
    content = workbook({"3A": [extra, [*row("A1", FULL), ""]], "3B": [extra, *lines]})
    made = school.post("/api/v1/upload-drafts", data={"file": (io.BytesIO(content), "klassen.xlsx")}).json
    assert (made["draft"], made["upload"]["state"]) == (None, "refused")


def test_a_row_without_the_school_is_of_the_school_that_hands_it_in(service: Service, school: Person) -> None:
    text = ",".join(FULL) + "\n" + ",".join(row("A1", FULL)).replace("25AB00", "") + "\n"
    upload = hand_in(school, text)
    assert upload["counts"] == {"new": 1, "changed": 0, "same": 0, "skipped": 0}
    assert school.get(f"/api/v1/uploads/{upload['id']}/defects").json["items"] == []


def test_a_list_of_a_header_alone_asks_for_rows_and_for_nothing_the_wizard_asks_itself(school: Person) -> None:
    made = school.post("/api/v1/upload-drafts", data={"file": (io.BytesIO((",".join(SHORT) + "\n").encode()), "l.csv")})
    upload = made.json["upload"]
    defects = school.get(f"/api/v1/uploads/{upload['id']}/defects").json["items"]
    assert [one["code"] for one in defects] == ["header_only"]


def test_an_employer_needs_no_column_for_its_own_number(service: Service) -> None:
    service.add("e@example.org", Right("employer", "12345678"))
    text = "vacaturenummer,branche,taken,postcode,startdatum,plekken\nV1,groen,snoeien,8011,2026-09-01,2\n"
    assert hand_in(service.person("e@example.org"), text)["counts"]["new"] == 1


def test_the_page_of_a_refused_file_speaks_of_columns_and_not_of_the_command_line(school: Person) -> None:
    text = "leerlingnummer,geb0ortedatum,uitstroomdatum,postcode,arbeidsvermogen\n"
    made = school.post("/api/v1/upload-drafts", data={"file": (io.BytesIO(text.encode()), "l.csv")})
    page = school.get(f"/lijsten/{made.json['upload']['id']}", headers=HTML).text
    assert "Er ontbreekt een kolom “geboortedatum” (of “birth_date”). Voeg die toe." in page
    assert "--column" not in page


def begun_by_two(service: Service, school: Person) -> tuple[Person, str]:
    """A workbook of two classes, each with a birth date that cannot be read, a colleague, and the list's address."""
    service.add("other@example.org", SCHOOL)

    def one(ref: str) -> list[str]:
        return [*row(ref, FULL)[:3], "gisteren", *row(ref, FULL)[4:]]

    content = workbook({"3A": [FULL, one("A1"), row("A2", FULL)], "3B": [FULL, one("B1"), row("B2", FULL)]})
    return service.person("other@example.org"), f"/lijsten/concept/{begin(school, content)['id']}"


def cells(person: Person, page: str) -> tuple[str, list[Any], list[int]]:
    """Which sheet a list is at, its rows with a mistake and what is found there, and the rows that are left out."""
    path = page.replace("/lijsten/concept", "/api/v1/upload-drafts")
    found = person.get(f"{path}/defects").json
    return person.get(path).json["sheet"], [(one["row"], one["found"]) for one in found["faults"]], found["skipped"]


@pytest.mark.parametrize("pressed", [
    {"cel-2-3": "2009-01-01", "do": "save"}, {"cel-2-3": "2009-01-01", "do": "review"},
    {"cel-2-3": "2009-01-01", "do": "later"}, {"do": "skip:3"},
])  # fmt: skip
def test_what_is_typed_on_a_page_of_one_sheet_is_never_written_into_another(
    service: Service, school: Person, pressed: dict[str, str]
) -> None:
    colleague, page = begun_by_two(service, school)
    before = seen(school, f"{page}/controleren")
    taken = {"version": seen(colleague, f"{page}/controleren"), "sheet": "3B"}
    assert send(colleague, f"{page}/blad", taken).status_code == 303
    answer = send(school, f"{page}/controleren", {"version": before, **pressed})
    assert (answer.status_code, cells(school, page)) == (409, ("3B", [(2, "gisteren")], []))
    assert "Deze lijst is intussen gewijzigd. Wat je net deed, is niet bewaard." in answer.text
    assert "B1" in answer.text and "2009-01-01" not in answer.text
    again = {"version": seen_on(answer.text), "cel-2-3": "2010-05-05", "do": "save"}
    assert send(school, f"{page}/controleren", again).status_code == 303
    assert cells(school, page) == ("3B", [], [])


def test_what_a_colleague_mended_is_not_written_over_by_an_older_page(service: Service, school: Person) -> None:
    colleague, page = begun_by_two(service, school)
    before = seen(school, f"{page}/controleren")
    form = {"version": before, "cel-2-3": "2009-01-01", "do": "save"}
    assert send(colleague, f"{page}/controleren", form).status_code == 303
    assert cells(school, page) == ("3A", [], [])
    assert send(school, f"{page}/controleren", {"version": before, "cel-2-3": "gisteren"}).status_code == 409
    assert cells(school, page) == ("3A", [], [])


@pytest.mark.parametrize(("step", "pressed", "status"), [
    ("blad", {"sheet": "3B"}, 303), ("weg", {}, 303), ("kolommen", {"column-3": ""}, 409),
])  # fmt: skip
def test_no_step_is_taken_from_a_page_that_a_colleague_went_on_from(
    service: Service, school: Person, step: str, pressed: dict[str, str], status: int
) -> None:
    colleague, page = begun_by_two(service, school)
    shown = {"blad": f"{page}/controleren", "weg": "/lijsten", "kolommen": f"{page}/kolommen"}[step]
    before = seen(school, shown)
    form = {"version": seen(colleague, f"{page}/controleren"), "do": "skip:2"}
    assert send(colleague, f"{page}/controleren", form).status_code == 303
    answer = send(school, f"{page}/{step}", {"version": before, **pressed})
    assert (answer.status_code, cells(school, page)) == (status, ("3A", [], [2]))
    told = answer.text if status == 409 else school.get(answer.headers["Location"], headers=HTML).text
    assert "intussen" in told
    assert send(school, f"{page}/weg", {"version": seen(school, "/lijsten")}).status_code == 303
    assert school.get(f"{page}/controleren", headers=HTML).status_code == 404
