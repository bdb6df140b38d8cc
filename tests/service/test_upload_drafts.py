"""A list is mended on a screen by the reader that reads files; what may be a BSN is never typed in."""
from __future__ import annotations

import io
import re
from typing import Any

import pytest
from sqlalchemy import delete, select

from api.services.accounts import Right
from api.store.tables import Draft, LegalGround, Profile, StoredStudent
from tests.service.browser import Person, Service
from tests.service.test_changing_a_vacancy import send
from tests.service.test_privacy import erase
from tests.service.test_uploads import HEAD, LIST, confirm, hand_in, stored

ROW = "{},25AB00,pro,{},2026-07-01,8011,ja\n"
MESSY = HEAD + ROW.format("A1", "2009-02-01") + ROW.format("A2", "3/4/2009") + ROW.format("A3", "gisteren")


@pytest.fixture
def school(service: Service) -> Person:
    """Somebody of the school."""
    service.add("s@example.org", Right("school", "25AB00", "De School"))
    return service.person("s@example.org")


def begin(school: Person, text: str) -> tuple[str, dict[str, Any]]:
    """Take a list in; return its address and the draft."""
    made = school.post("/api/v1/upload-drafts", data={"file": (io.BytesIO(text.encode()), "lijst.csv")})
    assert made.status_code == 201, made.text
    return f"/api/v1/upload-drafts/{made.json['draft']['id']}", made.json["draft"]


def mend(school: Person, path: str, tail: str, **what: Any) -> Any:
    """Mend something, as seen now."""
    seen = school.get(path).headers["ETag"]
    return school.ask("PUT" if tail in ("columns", "confirmation") else "PATCH", f"{path}/{tail}", json=what,
                      headers={"If-Match": seen})  # fmt: skip


def seen_on(page: str) -> str:
    """The version that the forms of a page send along."""
    (version,) = set(re.findall(r'name="version" value="([0-9]+)"', page))
    return version


def seen(person: Person, page: str) -> str:
    """The version that somebody sees on a page."""
    return seen_on(person.get(page, headers={"Accept": "text/html"}).text)


def test_mending_cells_leaves_fewer_faults_until_the_list_is_stored(service: Service, school: Person) -> None:
    path, draft = begin(school, MESSY)
    assert (draft["step"], draft["rows"]) == ("check", 3)
    found = school.get(f"{path}/defects").json
    assert [(one["row"], one["field"], one["code"]) for one in found["faults"]] == [
        (3, "birth_date", "ambiguous_date"), (4, "birth_date", "not_a_date")]  # fmt: skip
    upload = hand_in(school, MESSY)
    defects = school.get(f"/api/v1/uploads/{upload['id']}/defects").json["items"]
    assert [one["message"] for one in found["faults"]] == [one["message"] for one in defects]
    group = next(one for one in found["groups"] if one["kind"] == "date")
    after = mend(school, path, f"groups/{group['key']}", order="dmy")
    assert [one["row"] for one in after.json["faults"]] == [4]
    after = mend(school, path, "rows/4", cells={"birth_date": "2009-05-06"})
    assert (after.json["faults"], after.json["good"]) == ([], 3)
    assert school.get(f"{path}/preview").json["new"] == [2, 3, 4]
    assert stored(service) == []
    assert mend(school, path, "confirmation").json["counts"] == {"new": 3, "changed": 0, "same": 0, "skipped": 0}
    assert [ref for ref, *_ in stored(service)] == ["A1", "A2", "A3"]
    assert school.get(path).status_code == 404


def test_a_row_is_left_out_and_taken_in_again(service: Service, school: Person) -> None:
    path, _ = begin(school, MESSY)
    assert mend(school, path, "rows/4", skipped=True).json["skipped"] == [4]
    assert mend(school, path, "rows/4", skipped=False).json["skipped"] == []
    mend(school, path, "rows/4", skipped=True)
    assert mend(school, path, "confirmation").json["counts"]["skipped"] == 2
    assert [ref for ref, *_ in stored(service)] == ["A1"]


def test_headers_that_are_nearly_right_are_suggested_and_chosen(service: Service, school: Person) -> None:
    path, draft = begin(school, LIST.replace("geboortedatum", "geboorte datm").replace("leerlingnummer", "Leerlingnr."))
    columns = {one["title"]: (one["field"], one["how"]) for one in draft["columns"]}
    assert (draft["step"], columns["geboorte datm"][0]) == ("columns", "birth_date")
    assert len(draft["columns"][0]["samples"]) == 2
    for part in ("defects", "preview"):  # nothing can be said of rows of which nobody knows the columns
        early = school.get(f"{path}/{part}")
        assert (early.status_code, early.json["code"]) == (409, "columns")
    wrong = mend(school, path, "columns", columns={"0": "student_ref"})
    assert wrong.status_code == 400
    assert {"birth_date", "work_capacity"} <= {error["field"] for error in wrong.json["errors"]}
    right = mend(school, path, "columns", columns={str(one["index"]): one["field"] for one in draft["columns"]})
    assert right.json["step"] == "check", right.text
    assert school.get(f"{path}/defects").json["good"] == 2


def test_what_changes_is_shown_from_old_to_new(school: Person) -> None:
    confirm(school, hand_in(school, LIST))
    path, _ = begin(school, LIST.replace("03-01,2026-07-01,8011", "03-01,2026-07-01,8021"))
    told = school.get(f"{path}/preview").json
    assert (told["new"], told["same"], told["skipped"]) == ([], 1, [])
    assert told["changed"] == [{"row": 3, "fieldsChanged": [{"name": "location", "before": "8011", "after": "8021"}]}]


def test_a_bsn_is_neither_kept_nor_typed_in(service: Service, school: Person) -> None:
    path, _ = begin(school, HEAD.replace("\n", ",zelf_gezegd\n") + ROW.format("A1", "2009-02-01").replace(
        "\n", ",123456782\n") + ROW.format("A2", "2009-02-02").replace("\n", ",goed\n"))  # fmt: skip
    assert [one["code"] for one in school.get(f"{path}/defects").json["faults"]] == ["bsn"]
    typed = mend(school, path, "rows/3", cells={"own_words": "het is 123456782"})
    assert (typed.status_code, typed.json["code"]) == (400, "bsn")
    with service.database.reading() as session:
        assert not any("123456782" in str(content) for content in session.scalars(select(Draft.content)))


def test_drafts_are_ones_own_and_what_is_not_there_is_said(service: Service, school: Person) -> None:
    service.add("o@example.org", Right("school", "99ZZ00", "Andere"))
    other = service.person("o@example.org")
    path, draft = begin(school, MESSY)
    assert other.get(path).status_code == other.get(f"{path}/defects").status_code == 404
    assert other.get("/api/v1/upload-drafts").json["items"] == []
    assert [one["id"] for one in school.get("/api/v1/upload-drafts").json["items"]] == [draft["id"]]
    assert mend(school, path, "rows/99", skipped=True).status_code == 404
    assert mend(school, path, "rows/3", cells={"colour": "x"}).status_code == 400
    assert mend(school, path, "groups/none", order="dmy").status_code == 404
    assert school.ask("PATCH", f"{path}/rows/3", json={}).status_code == 428
    assert school.ask("DELETE", path).status_code == 204
    assert school.get(path).status_code == 404


def test_rows_are_handed_in_as_json_too(service: Service, school: Person) -> None:
    rows = [{"student_ref": "A1", "school_type": "pro", "school": "25AB00", "birth_date": "2009-02-01",
             "leaves_on": "2026-07-01", "postcode": "8011", "work_capacity": "yes", "branches": ["green", "infra"]},
            {"student_ref": "A2", "birth_date": "nooit"}]  # fmt: skip
    made = school.post("/api/v1/uploads", {"rows": rows}, headers={"Idempotency-Key": "k"})
    assert made.status_code == 201, made.text
    assert made.json["counts"] == {"new": 1, "changed": 0, "same": 0, "skipped": 1}
    again = school.post("/api/v1/uploads", {"rows": rows}, headers={"Idempotency-Key": "k"})
    assert again.json["id"] == made.json["id"]
    assert school.post("/api/v1/uploads", {"rows": rows, "colour": 1}).status_code == 400
    assert school.post("/api/v1/uploads", {"kind": "leavers"}).json["errors"][0]["field"] == "file"
    assert school.post("/api/v1/uploads", [1]).status_code == 400
    assert confirm(school, {**made.json, "etag": made.headers["ETag"]}).status_code == 200
    with service.database.reading() as session:
        assert session.scalars(select(StoredStudent.student_ref)).all() == ["A1"]


def test_the_page_asks_once_for_the_ground_of_the_law(service: Service, school: Person) -> None:
    with service.database.writing() as session:
        session.execute(delete(LegalGround))
    path, draft = begin(school, LIST)
    page = f"/lijsten/concept/{draft['id']}/nakijken"
    html = {"Accept": "text/html"}
    assert 'name="ground"' in school.get(page, headers=html).text
    form = {"csrf_token": school.headers["X-CSRFToken"], "version": draft["version"]}
    assert school.post(page, data=form, headers=html).status_code == 409
    assert mend(school, path, "confirmation").json["code"] == "legal_ground"
    assert school.post(page, data={**form, "ground": "public_task"}, headers=html).status_code == 303
    assert [ref for ref, *_ in stored(service)] == ["A1", "A2"]
    _, draft = begin(school, LIST)
    assert 'name="ground"' not in school.get(f"/lijsten/concept/{draft['id']}/nakijken", headers=html).text


def test_the_page_says_in_which_rows_something_personal_stands_and_repeats_nothing_of_it(school: Person) -> None:
    header = HEAD.strip() + ",zelf_gezegd\n"
    rows = [LIST.splitlines()[1] + ",Graag buiten\n", LIST.splitlines()[2] + ',"Heeft ADHD, bel 06-12345678"\n']
    path, draft = begin(school, header + "".join(rows))
    found = school.get(f"{path}/defects").json
    assert (found["good"], found["faults"]) == (2, [])
    page = school.get(f"/lijsten/concept/{draft['id']}/controleren").text
    assert "hier lijkt een telefoonnummer te staan: **-********." in page
    assert "hier lijkt iets over gezondheid te staan: A***." in page
    notes = page.split('class="may-stay"')[1].split("</section>")[0]
    assert notes.count("Rij: 3.") == 2 and "ADHD" not in notes and "1234" not in notes


def test_two_columns_with_one_header_stay_two_fields(service: Service, school: Person) -> None:
    head = HEAD.replace("geboortedatum", "geboorte datm").replace("\n", ",Uren,uren\n")
    path, draft = begin(school, head + ROW.format("A1", "2009-02-01").replace("\n", ",16,32\n"))
    fields = {one["index"]: one["field"] for one in draft["columns"]}
    hours = dict(zip(sorted(one["index"] for one in draft["columns"] if one["title"].lower() == "uren"),
                     ("hours_min", "hours_max"), strict=True))  # fmt: skip
    chosen = {str(index): name for index, name in (fields | hours).items()}
    told = mend(school, path, "columns", columns=chosen).json
    assert {one["title"]: one["field"] for one in told["columns"] if one["field"].startswith("hours")} == {
        "Uren": "hours_min", "uren (2)": "hours_max"}  # fmt: skip
    assert mend(school, path, "rows/2", cells={"hours_max": "36"}).json["good"] == 1
    mend(school, path, "confirmation")
    with service.database.reading() as session:
        (record,) = session.scalars(select(Profile.record))
    assert (record["hours_min"], record["hours_max"]) == (16, 36)


def test_a_value_for_all_rows_is_not_lost_to_a_column_with_its_name(service: Service, school: Person) -> None:
    head = HEAD.replace("schooltype", "School type").replace("geboortedatum", "geboorte datm")
    path, draft = begin(school, head + ROW.format("A1", "2009-02-01").replace("pro", "graag buiten"))
    fields = {str(one["index"]): one["field"] for one in draft["columns"]}
    other = next(str(one["index"]) for one in draft["columns"] if one["title"] == "School type")
    told = mend(school, path, "columns", columns={**fields, other: "own_words"}, forAll={"school_type": "vso"})
    assert told.status_code == 200, told.text
    mend(school, path, "confirmation")
    with service.database.reading() as session:
        (record,) = session.scalars(select(Profile.record))
    assert (record["background"]["school_type"], record["background"]["own_words"]) == ("vso", "graag buiten")


def test_why_a_list_as_a_whole_cannot_be_read_is_said(service: Service, school: Person) -> None:
    confirm(school, hand_in(school, LIST))
    path, draft = begin(school, HEAD + ROW.format("A1", "2009-02-01"))
    with service.database.reading() as session:
        student = session.scalars(select(StoredStudent.id).where(StoredStudent.student_ref == "A1")).one()
    erase(service, student)  # it was the only row
    (fault,) = school.get(f"{path}/defects").json["faults"]
    assert (fault["row"], fault["code"]) == (None, "header_only")
    page = school.get(f"/lijsten/concept/{draft['id']}/controleren", headers={"Accept": "text/html"}).text
    assert "We kunnen deze lijst zo niet lezen:" in page and fault["message"] in page


def test_two_unknown_words_in_one_cell_are_each_answered_by_themselves(school: Person) -> None:
    head = HEAD.replace("\n", ",branches\n")
    path, draft = begin(school, head + ROW.format("A1", "2009-02-01").replace("\n", ",groem|knutselwezen\n"))
    one, other = school.get(f"{path}/defects").json["groups"]
    assert one["key"] != other["key"] and {one["found"], other["found"]} == {"groem", "knutselwezen"}
    key = next(group["key"] for group in (one, other) if group["found"] == "knutselwezen")
    page, html = f"/lijsten/concept/{draft['id']}/controleren", {"Accept": "text/html"}
    assert school.get(page, headers=html).text.count('<input id="cel-2-') == 1
    assert mend(school, path, f"groups/{key}", word=" ").json["code"] == "word"
    form = {"version": seen(school, page), "do": f"meant:{key}"}  # nobody knows what was meant
    assert send(school, page, form).status_code == 303
    assert {group["found"] for group in school.get(f"{path}/defects").json["groups"]} == {"groem", "knutselwezen"}
    left = mend(school, path, f"groups/{key}", word="infra").json["groups"]
    assert [group["found"] for group in left] == ["groem"]


def test_a_destination_that_storing_keeps_is_not_said_to_go(service: Service, school: Person) -> None:
    head = HEAD.replace("\n", ",bestemming\n")
    first, second = (head + ROW.format("A1", "2009-02-01").replace("8011,ja\n", tail)
                     for tail in ("8011,ja,work\n", "8021,ja,\n"))  # fmt: skip
    confirm(school, hand_in(school, first))
    path, _ = begin(school, second)
    changed = school.get(f"{path}/preview").json["changed"]
    assert changed == [{"row": 2, "fieldsChanged": [{"name": "location", "before": "8011", "after": "8021"}]}]
    mend(school, path, "confirmation")
    with service.database.reading() as session:
        assert set(session.scalars(select(Profile.record["destination"].as_string()))) == {"work"}


def test_leaving_out_the_first_of_two_rows_with_one_number_frees_the_second(service: Service, school: Person) -> None:
    rows = ROW.format("A1", "2009-02-01").replace("8011", "8021") + ROW.format("A1", "2009-02-01")
    path, draft = begin(school, HEAD + rows + ROW.format("A2", "2009-02-02"))
    page, html = f"/lijsten/concept/{draft['id']}/controleren", {"Accept": "text/html"}
    shown = school.get(page, headers=html).text
    assert 'value="skip:2"' in shown and 'value="skip-group:repeat-3-student_ref"' in shown
    assert send(school, page, {"version": seen(school, page), "do": "skip:2"}).status_code == 303
    found = school.get(f"{path}/defects").json
    assert (found["faults"], found["total"], found["good"], found["skipped"]) == ([], 3, 2, [2])
    preview = school.get(f"{path}/preview").json
    assert (preview["new"], preview["skipped"]) == ([3, 4], [2])
    made = mend(school, path, "confirmation").json
    assert (made["rows"], made["counts"]["new"], made["counts"]["skipped"]) == (3, 2, 1)
    told = school.get(f"/api/v1/uploads/{made['id']}/rows").json["items"]
    assert [(one["row"], one["action"]) for one in told] == [(2, "skipped"), (3, "new"), (4, "new")]
    assert stored(service) == [("A1", 1, "8011"), ("A2", 1, "8011")]


def test_a_list_of_which_every_row_is_left_out_is_not_called_unreadable(school: Person) -> None:
    path, draft = begin(school, HEAD + ROW.format("A1", "2009-02-01"))
    found = mend(school, path, "rows/2", skipped=True).json
    assert (found["faults"], found["total"], found["skipped"]) == ([], 1, [2])
    shown = school.get(f"/lijsten/concept/{draft['id']}/controleren", headers={"Accept": "text/html"}).text
    assert "Er is geen enkele rij goed." in shown and "zo niet lezen" not in shown
    assert mend(school, path, "confirmation").status_code == 409


def test_what_a_colleague_changed_after_one_looked_is_looked_at_before_it_is_stored(
    service: Service, school: Person
) -> None:
    path, draft = begin(school, MESSY)
    mend(school, path, "rows/3", skipped=True)
    page = f"/lijsten/concept/{draft['id']}/nakijken"
    before = seen(school, page)
    mend(school, path, "rows/3", skipped=False, cells={"birth_date": "2009-04-03"})
    answer = send(school, page, {"version": before})
    assert (answer.status_code, stored(service)) == (409, [])
    assert "Deze lijst is intussen gewijzigd." in answer.text
    assert send(school, page, {"version": seen_on(answer.text)}).status_code == 303
    assert [ref for ref, *_ in stored(service)] == ["A1", "A2"]
