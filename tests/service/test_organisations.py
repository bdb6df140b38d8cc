"""Who takes part: vouched for by a person, on a ground of the law, found by others without any student in sight."""
from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, select

from api.services import participations
from api.services.accounts import Right
from api.store import people
from api.store.tables import LegalGround, OpeningVersion, StoredOpening, StoredStudent, Vacancy
from tests.service.browser import Person, Service
from tests.service.test_uploads import LIST, confirm, hand_in
from tests.service.test_vacancies import distrust, patch, post

ADMIN = Right("administrator")


@pytest.fixture
def employer(service: Service) -> Person:
    """Somebody of an employer that is vouched for."""
    service.add("e@example.org", Right("employer", "12345678", "Bedrijf"))
    return service.person("e@example.org")


@pytest.fixture
def connector(service: Service) -> Person:
    """A connector of the region of Zwolle."""
    service.add("c@example.org", Right("connector", "AM36"))
    return service.person("c@example.org")


def own(person: Person) -> dict[str, Any]:
    """One's own organisation."""
    found: dict[str, Any] = person.get("/api/v1/organisations").json["items"][0]
    return found


def write(person: Person, method: str, path: str, suffix: str = "", **what: Any) -> Any:
    """Change something that is seen now."""
    seen = path.removesuffix("/approval")
    return person.ask(method, path + suffix, json=what or None, headers={"If-Match": person.get(seen).headers["ETag"]})


def test_without_a_ground_of_the_law_no_list_of_persons_is_stored(service: Service) -> None:
    service.add("s@example.org", Right("school", "25AB00", "De School"))
    school = service.person("s@example.org")
    with service.database.writing() as session:
        session.execute(delete(LegalGround))
    upload = hand_in(school, LIST)
    refused = confirm(school, upload)
    assert (refused.status_code, refused.json["code"]) == (409, "legal_ground")
    with service.database.reading() as session:
        assert session.scalars(select(StoredStudent.id)).all() == []
    path = f"/api/v1/organisations/{own(school)['id']}/legal-grounds"
    assert school.post(path, {"ground": "because"}).status_code == 400
    assert school.post(path, {"ground": "public_task", "explanation": "Wet op het voortgezet onderwijs"}
                       ).status_code == 201  # fmt: skip
    assert confirm(school, upload).status_code == 200
    service.clock.forward(minutes=1)
    assert school.post(path, {"ground": "legal_duty"}).status_code == 201
    assert [(one["ground"], one["endedAt"] is None) for one in school.get(path).json] == [
        ("legal_duty", True), ("public_task", False)]  # fmt: skip
    with service.database.reading() as session:
        live = session.scalars(select(LegalGround.ground).where(LegalGround.ended_at.is_(None))).all()
    assert live == ["legal_duty"]


def test_an_employer_that_the_administrator_adds_waits_until_a_connector_vouches(
    service: Service, connector: Person
) -> None:
    service.add("a@example.org", ADMIN)
    admin = service.person("a@example.org")
    made = admin.post("/api/v1/organisations", {"kind": "employer", "code": "12345678", "name": "Bedrijf",
                                                "region": "AM36"})  # fmt: skip
    assert (made.status_code, made.json["approvedAt"]) == (201, None)
    service.add("e@example.org", Right("employer", "12345678"))
    employer = service.person("e@example.org")
    vacancy = post(employer).json["vacancy"]
    other = post(employer, description="Alleen mannen. Je bent gezond.").json["vacancy"]
    assert vacancy["state"] == other["state"] == "posted"
    waiting = connector.get("/api/v1/organisations?kind=employer&approved=false").json["items"]
    assert [(one["code"], one["name"]) for one in waiting] == [("12345678", "Bedrijf")]
    path = f"/api/v1/organisations/{waiting[0]['id']}/approval"
    assert connector.ask("PUT", path).status_code == 428
    done = write(connector, "PUT", path)
    assert (done.json["opened"], done.json["organisation"]["approvedAt"] is None) == (1, False)
    states = {one["id"]: (one["state"], one["toReview"]) for one in employer.get("/api/v1/vacancies").json["items"]}
    assert states == {vacancy["id"]: ("open", []), other["id"]: ("posted", ["health", "sex"])}
    assert write(connector, "PUT", path).json["code"] == "approved"
    assert write(connector, "DELETE", path).json["approvedAt"] is None
    assert post(employer).json["vacancy"]["state"] == "posted"


def test_a_connector_vouches_in_the_own_regions_alone(service: Service, employer: Person, connector: Person) -> None:
    distrust(service)
    home = own(employer)["id"]
    path = f"/api/v1/organisations/{home}/approval"
    assert connector.ask("PUT", path, headers={"If-Match": '"1"'}).status_code == 404  # no region, no opening
    post(employer)
    assert write(connector, "PUT", path).status_code == 200
    assert employer.ask("PUT", path, headers={"If-Match": '"1"'}).status_code == 403
    far = {"kind": "employer", "code": "87654321", "name": "Ver", "region": "AM01"}
    assert connector.post("/api/v1/organisations", far).json["code"] == "region"
    near = connector.post("/api/v1/organisations", {**far, "region": "AM36"})
    assert near.json["approvedAt"] is not None
    assert connector.post("/api/v1/organisations", {**far, "region": "AM36"}).status_code == 409


def test_the_directory_shows_who_wants_to_be_found_and_no_student(service: Service, employer: Person) -> None:
    service.add("s@example.org", Right("school", "25AB00", "De School"))
    school = service.person("s@example.org")
    upload = hand_in(school, LIST)
    confirm(school, upload)
    assert employer.get("/api/v1/directory").json["items"] == []
    home = f"/api/v1/organisations/{own(school)['id']}"
    assert write(school, "PATCH", home, offers={"branches": ["green", "blue"]}).status_code == 400
    done = write(school, "PATCH", home, listed=True, place="Zwolle", about="Wij leiden op.",
                 offers={"branches": ["green"], "certificates": ["vca"]})  # fmt: skip
    assert done.status_code == 200, done.text
    for name, listed in (("Els", True), ("Piet", False)):
        assert school.post(f"{home}/contacts", {"name": name, "phone": "0612345678", "listed": listed}
                           ).status_code == 201  # fmt: skip
    found = employer.get("/api/v1/directory?branch=green&kind=school").json["items"]
    assert [(one["name"], one["place"], [contact["name"] for contact in one["contacts"]]) for one in found] == [
        ("De School", "Zwolle", ["Els"])]  # fmt: skip
    assert set(found[0]) == {"id", "kind", "name", "place", "region", "about", "offers", "contacts"}
    assert employer.get("/api/v1/directory?branch=infra").json["items"] == []
    assert employer.get(home).status_code == 404


def test_what_the_directory_says_does_not_depend_on_the_students(service: Service, employer: Person) -> None:
    service.add("s@example.org", Right("school", "25AB00", "De School"))
    school = service.person("s@example.org")
    write(school, "PATCH", f"/api/v1/organisations/{own(school)['id']}", listed=True)
    before = employer.get("/api/v1/directory").data
    confirm(school, hand_in(school, LIST))
    assert employer.get("/api/v1/directory").data == before


def test_contacts_are_changed_and_let_go(employer: Person) -> None:
    home = f"/api/v1/organisations/{own(employer)['id']}/contacts"
    made = employer.post(home, {"name": "Jan", "email": "geen"})
    assert [error["field"] for error in made.json["errors"]] == ["email"]
    for wrong in ({"name": ""}, {"name": "bel 123456782"}, {"name": "x", "phone": "06-1234x"}):
        assert employer.post(home, wrong).status_code == 400, wrong
    made = employer.post(home, {"name": "Jan", "email": "jan@example.org"}).json
    path = f"/api/v1/contacts/{made['id']}"
    changed = employer.ask("PATCH", path, json={"name": "Jan de Vries"}, headers={"If-Match": '"1"'})
    assert changed.json["name"] == "Jan de Vries"
    assert employer.ask("DELETE", path, headers={"If-Match": '"1"'}).status_code == 412
    assert employer.ask("DELETE", path, headers={"If-Match": '"2"'}).status_code == 204
    assert employer.get(home).json == []


def test_the_criteria_of_an_option_are_a_checklist_that_vacancies_follow(
    service: Service, employer: Person, connector: Person
) -> None:
    home = f"/api/v1/organisations/{own(employer)['id']}/participations"
    made = employer.post(home, {"project": "BinQ", "branch": "infra", "option": 1, "criteria": {"concept": "met"}})
    assert made.status_code == 201, made.text
    states = {one["code"]: one["state"] for one in made.json["checklist"]}
    assert set(states) == {"concept", "results", "werkschool", "mentor_fte", "job_guarantee", "allies",
                           "project_lead_fte", "rooms", "contract_after_trial", "academy"}  # fmt: skip
    assert (states["concept"], states["rooms"]) == ("met", "unknown")
    assert employer.post(home, {"project": "BinQ", "branch": "infra", "option": 1}).status_code == 409
    vacancy = post(employer).json["vacancy"]
    path = f"/api/v1/vacancies/{vacancy['id']}"
    seen = employer.get(path).headers["ETag"]
    linked = employer.ask("PUT", f"{path}/participation", json={"participationId": made.json["id"]},
                          headers={"If-Match": seen})  # fmt: skip
    assert linked.status_code == 204, linked.text
    assert employer.get(path).json["shared"]["participationOption"] == 1
    changed = employer.ask("PATCH", f"/api/v1/participations/{made.json['id']}",
                           json={"criteria": {"rooms": "not_met"}}, headers={"If-Match": '"1"'})  # fmt: skip
    assert changed.status_code == 200
    assert employer.get(path).json["shared"]["participationCriteria"] == ["concept", "-rooms"]
    with service.database.reading() as session:
        assert session.scalars(select(OpeningVersion.number).order_by(OpeningVersion.number)).all() == [1, 2, 3]


def test_what_a_participation_says_is_changed_there_alone(service: Service, employer: Person) -> None:
    home = f"/api/v1/organisations/{own(employer)['id']}/participations"
    under = employer.post(home, {"project": "BinQ", "branch": "infra", "option": 1,
                                 "criteria": {"concept": "met", "rooms": "not_met"}}).json  # fmt: skip
    vacancy = post(employer).json["vacancy"]
    path = f"/api/v1/vacancies/{vacancy['id']}"
    assert patch(employer, vacancy, shared={"participationOption": 5}).status_code == 200  # it is under none yet
    write(employer, "PUT", path, suffix="/participation", participationId=under["id"])
    before = employer.get(path)
    refused = patch(employer, vacancy, shared={"participationOption": 5, "participationCriteria": None,
                                               "hoursMin": 40, "hoursMax": 10})  # fmt: skip
    assert refused.status_code == 400
    assert {error["field"] for error in refused.json["errors"]} == {
        "participationOption", "participationCriteria", "hoursMin"}  # fmt: skip
    assert "bij de deelname zelf" in refused.json["detail"]
    assert employer.get(path).data == before.data
    same = {"participationOption": "1", "participationCriteria": ["-rooms", "concept"], "title": "Hovenier"}
    assert patch(employer, vacancy, shared=same).status_code == 200


@pytest.mark.parametrize("who", ["employer", "connector"])
def test_a_list_takes_nothing_from_a_participation_and_says_so(
    service: Service, employer: Person, connector: Person, who: str
) -> None:
    """Neither what is there nor a start that the list adds; a list that says nothing of it is told nothing."""
    home = f"/api/v1/organisations/{own(employer)['id']}/participations"
    under = employer.post(home, {"project": "BinQ", "branch": "infra", "option": 1,
                                 "criteria": {"concept": "met", "rooms": "not_met"}}).json  # fmt: skip
    vacancy = post(employer).json["vacancy"]
    write(employer, "PUT", f"/api/v1/vacancies/{vacancy['id']}", suffix="/participation", participationId=under["id"])
    person = {"employer": employer, "connector": connector}[who]
    head = "vacaturenummer,kvk,branche,taken,postcode,startdatum,plekken,deelnamevorm,instapcriteria\n"
    ref, line = vacancy["vacancyRef"], "{},12345678,groen,snoeien,8011,{},2,{},{}\n".format
    upload = hand_in(person, head + line(ref, "2026-09-01", 5, "rooms") + line(ref, "2027-02-01", "", "")
                     + line("V2", "2026-09-01", 5, "job_guarantee"), kind="vacancies")  # fmt: skip
    assert upload["counts"] == {"new": 2, "changed": 1, "same": 0, "skipped": 0}
    said = person.get(f"/api/v1/uploads/{upload['id']}/defects").json["items"]
    said = [(d["row"], d["column"], d["found"], d["severity"]) for d in said if d["code"] == "two_of_one"]
    assert said == [(2, "deelnamevorm", "5", "warning"), (2, "instapcriteria", "rooms", "warning")]
    assert confirm(person, upload).status_code == 200
    with service.database.reading() as session:
        versions = session.scalars(select(OpeningVersion).order_by(OpeningVersion.number))
        latest = {one.opening_id: one.record for one in versions}
    found = {(r["vacancy_ref"], r["starts_on"]): (r["participation_option"], r["criteria_met"], r["criteria_not_met"])
             for r in latest.values()}  # fmt: skip
    under_it = (1, ["concept"], ["rooms"])
    assert found == {(ref, "2026-09-01"): under_it, (ref, "2027-02-01"): under_it,
                     ("V2", "2026-09-01"): (5, ["job_guarantee"], [])}  # fmt: skip


def test_a_cooperation_is_narrow_or_broad_by_what_is_in_it(
    service: Service, employer: Person, connector: Person
) -> None:
    service.add("s@example.org", Right("school", "25AB00", "De School"))
    with service.database.reading() as session:
        ids = [{"organisationId": home.id} for home in people.organisations(session)]
    made = connector.post("/api/v1/cooperations", {"name": "Groen Salland", "region": "AM36", "schoolTypes": ["pro"],
                                                   "branches": ["green"], "members": ids, "signedOn": "2026-05-01"})
    assert made.status_code == 201, made.text
    assert (made.json["breadth"], made.json["covenant"], len(made.json["members"])) == ("narrow", True, 2)
    path = f"/api/v1/cooperations/{made.json['id']}"
    broad = connector.ask("PATCH", path, json={"branches": ["green", "infra"], "members": ids[:1]},
                          headers={"If-Match": '"1"'})  # fmt: skip
    assert (broad.json["breadth"], broad.json["covenant"]) == ("broad", False)
    far = {"name": "x", "region": "AM01", "schoolTypes": ["pro"], "branches": ["green"]}
    assert connector.post("/api/v1/cooperations", far).status_code == 403
    assert employer.get("/api/v1/cooperations").json["items"][0]["name"] == "Groen Salland"


@given(st.lists(st.sampled_from(["pro", "vso", "mbo1"]), min_size=1), st.lists(st.sampled_from("abc"), min_size=1))
def test_narrow_is_one_school_type_and_one_branch(types: list[str], branches: list[str]) -> None:
    narrow = all(one == types[0] for one in types) and all(one == branches[0] for one in branches)
    assert (participations.classify(types, branches) == "narrow") == narrow


def test_who_says_no_place_of_their_own_moves_along_with_the_organisation(service: Service) -> None:
    """Added without a region, a school and an employer had people and places that no connector saw."""
    service.add("s@example.org", Right("school", "25AB00", "De School"))
    service.add("e@example.org", Right("employer", "12345678", "Bedrijf"))
    service.add("a@example.org", ADMIN)
    school, employer, admin = (service.person(f"{one}@example.org") for one in "sea")
    confirm(school, hand_in(school, LIST.replace("2009-03-01,2026-07-01,8011", "2009-03-01,2026-07-01,")))
    head = "vacaturenummer,kvk,branche,taken,postcode,startdatum,plekken"
    lines = (head, "V1,12345678,groen,snoeien,,2027-02-09,2", "V2,12345678,groen,snoeien,8011,2027-02-09,2")
    confirm(employer, hand_in(employer, "\n".join(lines), kind="vacancies"))

    def regions() -> list[list[str | None]]:
        with service.database.reading() as session:
            students = select(StoredStudent.region_code).order_by(StoredStudent.student_ref)
            openings = select(StoredOpening.region_code).join(Vacancy, Vacancy.id == StoredOpening.vacancy_id)
            return [list(session.scalars(one)) for one in (students, openings.order_by(Vacancy.vacancy_ref))]

    assert regions() == [["AM36", None], [None, "AM36"]]
    for region in ("AM36", "AM22"):
        for person in (school, employer):
            answer = write(admin, "PATCH", f"/api/v1/organisations/{own(person)['id']}", region=region)
            assert answer.status_code == 200, answer.text
        assert regions() == [["AM36", region], [region, "AM36"]]
