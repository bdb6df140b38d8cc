"""A list says something of the columns it has: what it has no column for stays as it is stored."""
from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from api.services import uploads
from api.services.accounts import Right
from api.store.tables import OpeningVersion, Profile, StoredOpening, StoredStudent
from tests.service.browser import Person, Service
from tests.service.test_closing_while_showing import Meanwhile
from tests.service.test_upload_drafts import begin, mend
from tests.service.test_uploads import HEAD, LIST, SCHOOL, VACANCIES, confirm, hand_in

FULL = (
    "leerlingnummer,brin,schooltype,geboortedatum,uitstroomdatum,postcode,arbeidsvermogen,voornaam,zelf_gezegd,uren_min,"
    "uren_max,branches,vervoer,max_km,begeleiding_nodig,begeleiding_dagdelen,werk_niet,bevestigd_op\n"
    "A1,25AB00,pro,2009-02-01,2026-07-01,8011,ja,Sam,ik wil buiten zijn,16,24,groen,fiets,10,eigen tempo,3,lawaai,"
    "2026-03-02\n"
)
"""A profile in which a school filled in more than a list must say."""
LATER = "leerlingnummer,brin,schooltype,geboortedatum,uitstroomdatum,postcode,arbeidsvermogen\n" \
        "A1,25AB00,pro,2009-02-01,2027-07-01,8011,ja\n"  # fmt: skip
KEPT = ["hours_min", "hours_max", "branches", "travel_means", "max_km", "support_needed", "support_half_days",
        "conditions_unacceptable", "confirmed_on", "first_name", "own_words"]  # fmt: skip


@pytest.fixture
def school(service: Service) -> Person:
    """Somebody of the school."""
    service.add("s@example.org", SCHOOL)
    return service.person("s@example.org")


def profiles(service: Service) -> list[dict[str, Any]]:
    """The record that holds of every student, by number at school."""
    with service.database.reading() as session:
        query = select(Profile.record).join(StoredStudent, (Profile.student_id == StoredStudent.id)
                                            & (Profile.number == StoredStudent.number))  # fmt: skip
        return list(session.scalars(query.order_by(StoredStudent.student_ref)))


def openings(service: Service) -> list[dict[str, Any]]:
    """The record that holds of every opening."""
    with service.database.reading() as session:
        query = select(OpeningVersion.record).join(StoredOpening, (OpeningVersion.opening_id == StoredOpening.id)
                                                   & (OpeningVersion.number == StoredOpening.number))  # fmt: skip
        return list(session.scalars(query))


def store(person: Person, text: str | bytes, name: str = "lijst.csv", **fields: str) -> dict[str, Any]:
    """Hand in a list and confirm it; return it as it was checked, with its latest ETag."""
    made = hand_in(person, text, name, **fields)
    done = confirm(person, made)
    assert done.status_code == 200, done.text
    return {**made, "etag": done.headers["ETag"]}


def test_a_list_with_fewer_columns_changes_what_it_says_and_empties_nothing(service: Service, school: Person) -> None:
    store(school, FULL)
    before, = profiles(service)
    made = store(school, LATER)
    assert made["counts"] == {"new": 0, "changed": 1, "same": 0, "skipped": 0}
    assert profiles(service) == [{**before, "leaves_on": "2027-07-01"}]
    assert confirm(school, made, "DELETE").json["state"] == "undone"
    assert profiles(service) == [before]


def test_a_list_with_fewer_columns_that_says_the_same_changes_nothing(school: Person) -> None:
    store(school, FULL)
    assert hand_in(school, LATER.replace("2027", "2026"))["counts"]["same"] == 1


def test_an_empty_cell_in_a_column_that_is_there_empties_the_field(service: Service, school: Person) -> None:
    store(school, FULL)
    before, = profiles(service)
    store(school, FULL.replace(",16,24,", ",,24,").replace(",Sam,", ",,"))
    told, = profiles(service)
    assert told == {**before, "hours_min": None, "background": {**before["background"], "first_name": ""}}


def test_a_postcode_alone_says_where_and_a_list_without_either_leaves_it(service: Service, school: Person) -> None:
    store(school, FULL.replace(",postcode,", ",woonplaats,").replace(",8011,", ",Zwolle,"))
    before, = profiles(service)
    assert before["location"]["label"] == "Zwolle"
    store(school, LATER.replace(",postcode,", ",").replace(",8011,", ","))
    assert [told["location"] for told in profiles(service)] == [before["location"]]
    store(school, LATER)
    assert [told["location"]["label"] for told in profiles(service)] == ["8011"]


def test_one_of_two_bounds_that_contradicts_the_stored_other_lets_that_one_go(service: Service, school: Person) -> None:
    store(school, FULL)
    store(school, LATER.replace("arbeidsvermogen", "arbeidsvermogen,uren_max").replace(",ja", ",ja,12"))
    told, = profiles(service)
    assert (told["hours_min"], told["hours_max"], told["support_half_days"]) == (None, 12, 3)


def test_what_was_filled_in_between_check_and_confirmation_stays(service: Service, school: Person) -> None:
    store(school, LIST)
    waiting = hand_in(school, LIST.replace("2026-07-01", "2027-07-01"))
    store(school, FULL)
    assert confirm(school, waiting).status_code == 200
    told = profiles(service)[0]
    assert (told["leaves_on"], told["hours_max"], told["background"]["own_words"]) == (
        "2027-07-01", 24, "ik wil buiten zijn")  # fmt: skip


@pytest.mark.parametrize("way", ["upload", "draft"])
def test_a_key_that_is_absent_from_one_row_of_json_leaves_that_one_alone(
    service: Service, school: Person, way: str
) -> None:
    store(school, FULL + FULL.splitlines()[1].replace("A1,", "A2,") + "\n")
    row = {"student_ref": "A1", "school": "25AB00", "school_type": "pro", "birth_date": "2009-02-01",
           "leaves_on": "2026-07-01", "postcode": "8011", "work_capacity": "yes"}  # fmt: skip
    rows = [row | {"hours_max": 20}, row | {"student_ref": "A2", "hours_max": None, "own_words": "nu iets anders"}]
    if way == "upload":
        made = school.post("/api/v1/uploads", {"rows": rows})
        assert confirm(school, {**made.json, "etag": made.headers["ETag"]}).status_code == 200
    else:
        draft = school.post("/api/v1/upload-drafts", {"rows": rows}).json["draft"]
        path = f"/api/v1/upload-drafts/{draft['id']}"
        assert draft["step"] == "check"
        assert mend(school, path, "confirmation").status_code == 200
    one, two = profiles(service)
    assert (one["hours_max"], one["background"]["own_words"], one["max_km"]) == (20, "ik wil buiten zijn", 10)
    assert (two["hours_max"], two["background"]["own_words"], two["max_km"]) == (None, "nu iets anders", 10)


def test_the_wizard_says_what_stays_as_it_is_before_anything_is_stored(service: Service, school: Person) -> None:
    store(school, FULL)
    before, = profiles(service)
    path, draft = begin(school, LATER)
    told = school.get(f"{path}/preview").json
    assert told["changed"] == [{"row": 2, "fieldsChanged": [
        {"name": "leaves_on", "before": "2026-07-01", "after": "2027-07-01"}]}]  # fmt: skip
    assert sorted(told["leftAlone"]) == sorted(KEPT)
    page = school.get(f"/lijsten/concept/{draft['id']}/nakijken", headers={"Accept": "text/html"}).text
    assert "Dit staat niet in je lijst. Bij leerlingen die er al zijn, blijft het zoals het is:" in page
    assert mend(school, path, "confirmation").json["counts"]["changed"] == 1
    assert profiles(service) == [{**before, "leaves_on": "2027-07-01"}]


def test_a_new_row_of_a_short_list_is_stored_as_before(service: Service, school: Person) -> None:
    store(school, HEAD + "A9,25AB00,pro,2009-02-01,2026-07-01,8011,ja\n")
    told, = profiles(service)
    assert (told["hours_max"], told["support_needed"], told["confirmed_on"]) == (None, None, None)


def test_a_short_list_of_vacancies_leaves_the_rest_of_them_alone(service: Service) -> None:
    service.add("e@example.org", Right("employer", "12345678"))
    employer = service.person("e@example.org")
    long = VACANCIES.format(2).replace("plekken\n", "plekken,omschrijving,uren_min,minimum_groep,zekerheid,"
                                       "deelnamevorm,instapcriteria\n").replace(",2\n", ",2,een tuin,16,1,voorzien,3,"
                                       "concept\n")  # fmt: skip
    store(employer, long)
    before, = openings(service)
    assert before["description"] == "een tuin"
    store(employer, VACANCIES.format(4))
    assert openings(service) == [{**before, "places": 4}]


@pytest.mark.parametrize("kind", ["leavers", "vacancies"])
def test_what_a_colleague_says_while_a_shorter_list_is_stored_is_not_written_over_unseen(
    service: Service, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """The list has no column for hours: it keeps those it was compared with, unless somebody is told otherwise."""
    for email in ("one@example.org", "other@example.org"):
        service.add(email, SCHOOL if kind == "leavers" else Right("employer", "12345678", "Bedrijf"))
    person, other = service.person("one@example.org"), service.person("other@example.org")
    first = "\n".join(LIST.splitlines()[:2]) if kind == "leavers" else VACANCIES.format(2)
    confirm(person, hand_in(person, first, kind=kind))
    later = hand_in(person, first.replace("8011", "8021"), kind=kind)
    path = "/api/v1/students" if kind == "leavers" else "/api/v1/vacancies"
    path = f"{path}/{person.get(path).json['items'][0]['id']}"
    said = {"hoursMax": 20} if kind == "leavers" else {"shared": {"hoursMax": 20}}
    seen = person.get(path).headers["ETag"]
    colleague = Meanwhile(
        monkeypatch, "_outside",  # after the comparison, before anything is written
        lambda: other.ask("PATCH", path, json=said, headers={"If-Match": seen}), of=uploads,
    )  # fmt: skip
    confirmed = confirm(person, later).status_code
    changed = colleague.ended().status_code
    assert (confirmed, changed) in ((200, 200), (200, 409), (200, 412))
    versions = Profile if kind == "leavers" else OpeningVersion
    with service.database.reading() as session:
        record = session.scalars(select(versions.record).order_by(versions.number.desc())).first()
    assert record is not None
    assert (record["location"]["label"], record["hours_max"]) == ("8021", 20 if changed == 200 else None)
