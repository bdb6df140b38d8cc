"""A connector writes vacancies in the own regions alone, by list and by form; work belongs where it is done."""
from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import delete, select

from api.services.accounts import Right
from api.store import people
from api.store.tables import Grant, OpeningVersion, Organisation, StoredOpening
from tests.service.browser import Person, Service
from tests.service.test_uploads import confirm, hand_in
from tests.service.test_vacancies import OPENING, SHARED, patch

HEAD = "vacaturenummer,kvk,branche,taken,postcode,startdatum,plekken\n"
ZWOLLE, GRONINGEN = "8011", "9711"
KVK = "12345678"


@pytest.fixture
def employer(service: Service) -> Person:
    """Somebody of an employer in the region of Zwolle (AM36), with a vacancy V1 there."""
    service.add("e@example.org", Right("employer", KVK, "Bedrijf"))
    with service.database.writing() as session:
        home = people.organisation(session, "employer", KVK)
        assert home is not None
        home.region_code = "AM36"
    person = service.person("e@example.org")
    confirm(person, hand_in(person, listed("V1", ZWOLLE, places=1)))
    return person


@pytest.fixture
def far(service: Service, employer: Person) -> Person:
    """A connector of the region of Groningen (AM01)."""
    service.add("far@example.org", Right("connector", "AM01"))
    return service.person("far@example.org")


def listed(ref: str, postcode: str, *, places: int = 5, day: str = "2026-09-01", kvk: str = KVK) -> str:
    """A list of one vacancy."""
    return HEAD + f"{ref},{kvk},groen,snoeien,{postcode},{day},{places}\n"


def post(person: Person, kvk: str = KVK, postcode: str | None = GRONINGEN, **shared: Any) -> Any:
    """Post a vacancy for an employer."""
    fields = {**SHARED, "postcode": postcode, **shared}
    return person.post("/api/v1/vacancies", {"employerKvk": kvk, "employer": "Nieuw", "shared": fields,
                                             "openings": [OPENING]})  # fmt: skip


def written(service: Service) -> list[tuple[str, int, int]]:
    """The openings: region, places, and the version that holds."""
    with service.database.reading() as session:
        found = session.scalars(select(StoredOpening).order_by(StoredOpening.region_code, StoredOpening.starts_on))
        return [(one.region_code or "", one.places, one.number) for one in found]


def regions(service: Service) -> dict[str, str | None]:
    """The region of every employer."""
    with service.database.reading() as session:
        return {home.code: home.region_code for home in session.scalars(select(Organisation))}


@pytest.mark.parametrize(("ref", "postcode", "day"), [
    ("V1", ZWOLLE, "2026-09-01"), ("V1", GRONINGEN, "2026-09-01"), ("V1", GRONINGEN, "2027-02-01"),
    ("V2", ZWOLLE, "2026-09-01"), ("V2", "", "2026-09-01"),
])  # fmt: skip
def test_a_row_outside_the_own_regions_is_refused_and_nothing_of_it_is_stored(
    service: Service, far: Person, ref: str, postcode: str, day: str
) -> None:
    rows = listed(ref, postcode, day=day) + f"V9,{KVK},groen,snoeien,{GRONINGEN},2026-09-01,3\n"
    upload = hand_in(far, rows, kind="vacancies", lang="en")
    assert upload["counts"] == {"new": 1, "changed": 0, "same": 0, "skipped": 1}
    defect, = far.get(f"/api/v1/uploads/{upload['id']}/defects").json["items"][-1:]
    assert (defect["row"], defect["severity"]) == (2, "error")
    assert defect["column"] == ("vacaturenummer" if ref == "V1" else "postcode")
    assert "Groningen (AM01)" in defect["expected"]
    assert defect["message"].endswith(".")
    assert "snoeien" not in str(defect)
    assert confirm(far, upload).status_code == 200
    assert written(service) == [("AM01", 3, 1), ("AM36", 1, 1)]


def test_without_a_place_the_employers_own_region_counts(service: Service, far: Person) -> None:
    service.add("near@example.org", Right("connector", "AM36"))
    near = service.person("near@example.org")
    assert hand_in(near, listed("V2", ""), kind="vacancies")["counts"]["new"] == 1
    unknown = hand_in(near, listed("V2", "", kvk="87654321"), kind="vacancies")
    assert (unknown["state"], unknown["counts"]["skipped"]) == ("refused", 1)


def test_rights_are_looked_at_again_when_a_list_is_stored_and_when_it_is_undone(service: Service, far: Person) -> None:
    service.add("two@example.org", Right("connector", "AM01"), Right("connector", "AM36"))
    two = service.person("two@example.org")
    done, waiting = (hand_in(two, listed(ref, ZWOLLE), kind="vacancies") for ref in ("V1", "V2"))
    done["etag"] = confirm(two, done).headers["ETag"]
    before = written(service)
    with service.database.writing() as session:
        account = people.account_by_email(session, "two@example.org")
        assert account is not None
        session.execute(delete(Grant).where(Grant.account_id == account.id, Grant.region_code == "AM36"))
    for method, upload in (("PUT", waiting), ("DELETE", done)):
        refused = confirm(two, upload, method)
        assert (refused.status_code, refused.json["code"]) == (409, "region")
    assert written(service) == before == [("AM36", 5, 2)]


def test_a_vacancy_outside_the_own_regions_is_not_posted_and_its_employer_not_stored(
    service: Service, far: Person
) -> None:
    for kvk in (KVK, "87654321"):
        refused = post(far, kvk, ZWOLLE, branch="gruun")
        assert refused.status_code == 400
        assert {error["field"] for error in refused.json["errors"]} == {"postcode", "branch"}  # all at once
    nowhere = post(far, postcode=None)
    assert [(error["field"], error["code"]) for error in nowhere.json["errors"] if error["severity"] == "error"] == [
        ("postcode", "required")]  # fmt: skip
    assert written(service) == [("AM36", 1, 1)]
    assert regions(service) == {KVK: "AM36"}


def test_the_connector_of_the_workplace_posts_for_an_employer_of_another_region(service: Service, far: Person) -> None:
    made = post(far)
    assert (made.status_code, made.json["vacancy"]["state"]) == (201, "open")
    assert far.get(f"/api/v1/vacancies/{made.json['vacancy']['id']}").status_code == 200
    assert regions(service) == {KVK: "AM36"}


def test_a_vacancy_is_not_moved_out_of_the_own_regions(service: Service, employer: Person, far: Person) -> None:
    made = post(far).json["vacancy"]
    refused = patch(far, made, shared={"postcode": ZWOLLE, "hoursMin": 40, "hoursMax": 10})
    assert refused.status_code == 400
    assert {error["field"] for error in refused.json["errors"]} == {"postcode", "hoursMin"}
    assert patch(far, made, shared={"postcode": ZWOLLE}).status_code == 400
    assert patch(far, made, shared={"postcode": "9712"}).status_code == 200
    assert patch(employer, made, shared={"postcode": ZWOLLE}).status_code == 200  # the employer's own


def test_an_opening_in_another_region_is_not_changed_along(service: Service, employer: Person, far: Person) -> None:
    confirm(employer, hand_in(employer, listed("V1", GRONINGEN, day="2027-02-01")))
    made = far.get("/api/v1/vacancies").json["items"][0]
    assert patch(far, made, shared={"title": "Hovenier"}).status_code == 400
    assert patch(far, made, openings=[{"startsOn": "2026-09-01", "places": 9}]).status_code == 400
    assert patch(far, made, openings=[{"startsOn": "2027-02-01", "places": 9}]).status_code == 200
    assert written(service) == [("AM01", 9, 2), ("AM36", 1, 1)]


@pytest.mark.parametrize("way", ["form", "list"])
def test_an_employer_that_comes_with_a_vacancy_belongs_where_the_work_is(service: Service, way: str) -> None:
    service.add("two@example.org", Right("connector", "AM01"), Right("connector", "AM36"))
    two = service.person("two@example.org")
    if way == "form":
        assert post(two, postcode=ZWOLLE).status_code == 201
    else:
        assert confirm(two, hand_in(two, listed("V1", ZWOLLE), kind="vacancies")).status_code == 200
    assert regions(service) == {KVK: "AM36"}
    with service.database.reading() as session:
        assert session.scalars(select(OpeningVersion.number)).all() == [1]
