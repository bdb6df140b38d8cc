"""A vacancy by form: the rules of a list, looked at by a person where it must be, never more people than places."""
from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from api.services.accounts import Right
from api.store import people
from api.store.tables import OpeningVersion, Seat, StoredOpening, Vacancy
from api.texts.vacancies import EXAMPLES
from features.codes import code_list
from tests.service.browser import Person, Service
from tests.service.test_decisions import decide, proposals
from tests.service.test_runs import compute, tiny
from tests.service.test_uploads import VACANCIES, confirm, hand_in

SHARED = {"title": "Medewerker groen", "branch": "groen", "tasks": ["snoeien!", "maaien"], "postcode": "8011",
          "startsAt": "8.00", "hoursMin": 16, "hoursMax": "32"}  # fmt: skip
OPENING = {"startsOn": "2026-09-01", "places": 2}


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


def post(person: Person, *openings: dict[str, Any], **shared: Any) -> Any:
    """Post a vacancy."""
    return person.post("/api/v1/vacancies", {"shared": SHARED | shared, "openings": list(openings) or [OPENING]})


def put(person: Person, made: dict[str, Any], state: str) -> Any:
    """Open or close a vacancy, as seen now."""
    path = f"/api/v1/vacancies/{made['id']}"
    return person.ask("PUT", f"{path}/state", json={"state": state},
                      headers={"If-Match": person.get(path).headers["ETag"]})  # fmt: skip


def patch(person: Person, made: dict[str, Any], **what: Any) -> Any:
    """Change a vacancy, as seen now."""
    path = f"/api/v1/vacancies/{made['id']}"
    return person.ask("PATCH", path, json=what, headers={"If-Match": person.get(path).headers["ETag"]})


def distrust(service: Service) -> None:
    """Nobody vouches for any employer yet."""
    with service.database.writing() as session:
        for home in people.organisations(session):
            if home.kind == "employer":
                home.approved_at = None


def test_a_vacancy_by_form_is_the_one_that_a_list_gives(service: Service, employer: Person) -> None:
    made = post(employer, OPENING, {"startsOn": "2027-02-01", "places": 1})
    assert made.status_code == 201, made.text
    told = made.json["vacancy"]
    assert (told["vacancyRef"], told["state"], told["toReview"]) == ("2026-001", "open", [])
    assert [(one["startsOn"], one["places"], one["left"]) for one in told["openings"]] == [
        ("2026-09-01", 2, 2), ("2027-02-01", 1, 1)]  # fmt: skip
    head = "vacaturenummer,kvk,werkgever,functie,branche,taken,pc,begintijd,uren_min,uren_max,startdatum,plekken\n"
    row = "2026-001,12345678,Bedrijf,Medewerker groen,groen,snoeien!|maaien,8011,8.00,16,32,{}\n"
    text = head + row.format("2026-09-01,2") + row.format("2027-02-01,1")
    assert hand_in(employer, text)["counts"] == {"new": 0, "changed": 0, "same": 2, "skipped": 0}
    with service.database.reading() as session:
        assert len(session.scalars(select(Seat.seat)).all()) == 3


def test_everything_that_is_wrong_is_said_at_once(employer: Person) -> None:
    wrong = post(employer, {"startsOn": "1/2/2026", "places": -1}, branch="gruun", hoursMin=40, hoursMax=10, colour=1)
    assert wrong.status_code == 400
    with_unknown = {error["field"] for error in wrong.json["errors"]}
    assert with_unknown == {"shared.colour", "startsOn", "places", "branch", "hoursMin"}
    wrong = post(employer, {"startsOn": "1/2/2026", "places": -1}, branch="gruun", hoursMin=40, hoursMax=10)
    found = {error["field"]: error["code"] for error in wrong.json["errors"] if error["severity"] == "error"}
    assert found == {"startsOn": "ambiguous_date", "places": "out_of_range", "branch": "unknown_code",
                     "hoursMin": "min_above_max"}  # fmt: skip
    assert employer.get("/api/v1/vacancies").json["items"] == []


def test_a_field_that_is_unknown_hides_none_that_cannot_be_read(employer: Person) -> None:
    made = post(employer).json["vacancy"]
    for shared in ({"ageMin": "x", "hoursMax": "y", "branch": "zz"},):
        alone = patch(employer, made, shared=shared).json["errors"]
        assert {one["field"] for one in alone if one["severity"] == "error"} == set(shared)
        for more, named in (({"shared": {**shared, "foo": 1}}, "shared.foo"), ({"shared": shared, "foo": 1}, "foo"),
                            ({"shared": shared, "lang": "xx"}, "lang"),
                            ({"shared": shared, "openings": [{"bar": 1}]}, "openings.0.bar")):  # fmt: skip
            both = patch(employer, made, **more)
            assert both.status_code == 400
            assert {one["field"] for one in both.json["errors"]} == {named, *shared}, more
            assert all(one["message"] in both.json["detail"] for one in both.json["errors"])
    nothing = patch(employer, made, shared={"title": "Tuinman", "foo": 1})
    assert [one["field"] for one in nothing.json["errors"]] == ["shared.foo"]
    for shape in ("x", None, [1], {"places": {}}):
        assert patch(employer, made, shared=shape).status_code == 400
        assert patch(employer, made, openings=[shape], shared={"foo": 1}).status_code == 400


def test_a_new_employer_waits_for_a_connector(service: Service, employer: Person, connector: Person) -> None:
    distrust(service)
    made = post(employer).json["vacancy"]
    assert (made["state"], made["toReview"]) == ("posted", ["new_employer"])
    upload = hand_in(employer, VACANCIES.format(1))
    assert confirm(employer, upload).status_code == 200
    assert {one["state"] for one in employer.get("/api/v1/vacancies").json["items"]} == {"posted"}
    assert put(employer, made, "open").json["code"] == "waits_for_connector"
    assert put(connector, made, "open").json["code"] == "employer_not_approved"


def test_words_that_shut_people_out_are_looked_at_first(service: Service, employer: Person, connector: Person) -> None:
    text = "Wij zoeken een sterke man die lichamelijk fit is."
    found = employer.post("/api/v1/wording-checks", {"text": text, "lang": "en"}).json
    assert [(one["code"], one["found"]) for one in found] == [("sex", "sterke man"), ("health", "lichamelijk fit")]
    made = post(employer, description=text).json["vacancy"]
    assert (made["state"], made["toReview"]) == ("posted", ["health", "sex"])
    opened = put(connector, made, "open").json
    assert (opened["state"], opened["toReview"]) == ("open", [])
    # What a connector looked at stays open when something else changes; new words are looked at again.
    assert patch(employer, made, shared={"hoursMax": 30}).json["vacancy"]["state"] == "open"
    assert patch(employer, made, shared={"title": "Jonge hond gezocht"}).json["vacancy"]["state"] == "posted"


@pytest.mark.parametrize("text", [
    "Werk met gezonde planten (m/v)", "Vakman of vakvrouw in opleiding", "We eten een gezonde lunch",
    "Je werkt met een team van twaalf collega's", "Veiligheidskleding en een helm zijn nodig",
])  # fmt: skip
def test_ordinary_words_are_left_alone(text: str) -> None:
    from api.texts.wording import wording

    assert wording(text) == []


@pytest.mark.parametrize(("text", "code"), [
    ("Geen hoofddoek", "religion"), ("Je bent gezond", "health"), ("alleen mannen", "sex"), ("jong team", "age"),
    ("Nederlandse afkomst", "origin"), ("native speaker", "origin"), ("no disabilities", "health"),
    ("niet zwanger", "family"), ("geen uitkering", "benefit"), ("young and energetic", "age"),
])  # fmt: skip
def test_words_that_shut_people_out_are_found(text: str, code: str) -> None:
    from api.texts.wording import wording

    assert code in {found for found, _ in wording(text)}


def test_places_never_fall_below_what_is_taken(service: Service) -> None:
    connector = tiny(service)
    run = compute(service, connector)["id"]
    chosen = proposals(connector, run, chosen="true")[0]
    assert decide(connector, chosen, "accept").status_code == 201
    with service.database.reading() as session:
        vacancy = session.get_one(StoredOpening, chosen["opening"]["id"]).vacancy_id
    made, start = {"id": vacancy}, chosen["opening"]["startsOn"]
    seen = connector.get(f"/api/v1/vacancies/{vacancy}").json["openings"]
    held = next(one for one in seen if one["startsOn"] == start)
    assert held["places"] - held["left"] == 1
    fewer = patch(connector, made, openings=[{"startsOn": start, "places": 0}])
    assert (fewer.status_code, fewer.json["code"]) == (409, "places_held")
    assert patch(connector, made, openings=[{"startsOn": start, "places": 1}]).status_code == 200


def test_a_change_is_a_version_and_a_new_start_an_opening(service: Service, employer: Person) -> None:
    made = post(employer).json["vacancy"]
    assert employer.ask("PATCH", f"/api/v1/vacancies/{made['id']}", json={}).status_code == 428
    done = patch(employer, made, shared={"title": "Hovenier"}, openings=[{"startsOn": "2027-02-01", "places": 3}])
    assert [(one["startsOn"], one["number"]) for one in done.json["vacancy"]["openings"]] == [
        ("2026-09-01", 2), ("2027-02-01", 1)]  # fmt: skip
    assert done.json["vacancy"]["version"] > made["version"]
    told = employer.get(f"/api/v1/vacancies/{made['id']}/versions").json
    assert [field["name"] for version in told for field in version["changed"]] == ["title"]
    assert {version["by"] for version in told} == {"e"}
    same = patch(employer, made, shared={"title": "Hovenier"})
    assert [one["number"] for one in same.json["vacancy"]["openings"]] == [2, 1]
    with service.database.reading() as session:
        assert session.scalars(select(OpeningVersion.upload_id).distinct()).all() == [None]


def test_a_closed_vacancy_enters_no_run_and_may_be_opened_again(service: Service) -> None:
    connector = tiny(service)
    with service.database.reading() as session:
        ids = session.scalars(select(Vacancy.id)).all()
    for vacancy in ids:
        assert put(connector, {"id": vacancy}, "closed").json["state"] == "closed"
    assert compute(service, connector)["totals"]["openings"] == 0
    again = put(connector, {"id": ids[0]}, "open")
    assert again.json["state"] == "open"
    assert put(connector, {"id": ids[0]}, "open").json["code"] == "state"
    assert compute(service, connector)["totals"]["openings"] == len(again.json["openings"])


def test_employers_see_their_own_and_connectors_those_of_their_regions(
    service: Service, employer: Person, connector: Person
) -> None:
    service.add("o@example.org", Right("employer", "87654321", "Ander"))
    service.add("far@example.org", Right("connector", "AM01"))
    other, far = service.person("o@example.org"), service.person("far@example.org")
    made = post(employer).json["vacancy"]
    for person, sees in ((employer, True), (connector, True), (other, False), (far, False)):
        assert bool(person.get("/api/v1/vacancies").json["items"]) == sees
        assert (person.get(f"/api/v1/vacancies/{made['id']}").status_code == 200) == sees
    by_connector = connector.post("/api/v1/vacancies", {"employerKvk": "87654321", "shared": SHARED,
                                                        "openings": [OPENING]})  # fmt: skip
    assert by_connector.json["vacancy"]["employer"] == "Ander"
    assert len(other.get("/api/v1/vacancies").json["items"]) == 1
    assert employer.post("/api/v1/vacancies", {"employerKvk": "87654321", "shared": SHARED, "openings": [OPENING]}
                         ).json["vacancy"]["employer"] == "Bedrijf"  # fmt: skip


def test_a_draft_keeps_itself_is_checked_and_becomes_a_vacancy(service: Service, employer: Person) -> None:
    begun = employer.post("/api/v1/drafts", {"example": "green", "lang": "nl"})
    assert (begun.status_code, begun.json["shared"]["title"]) == (201, "Medewerker groen")
    path, seen = f"/api/v1/drafts/{begun.json['id']}", begun.headers["ETag"]
    review = employer.get(f"{path}/review").json
    assert not review["ready"]
    assert {error["field"] for error in review["errors"] if error["severity"] == "error"} == {"startsOn", "places"}
    saved = employer.ask("PATCH", path, json={"shared": {"postcode": "8011", "title": None}, "openings": [OPENING],
                                              "step": "times"}, headers={"If-Match": seen})  # fmt: skip
    assert saved.status_code == 200, saved.text
    assert (saved.json["step"], "title" in saved.json["shared"]) == ("times", False)
    assert employer.ask("PATCH", path, json={}, headers={"If-Match": seen}).status_code == 412
    review = employer.get(f"{path}/review").json
    assert (review["ready"], review["wording"]) == (True, [])
    assert review["toAsk"]
    made = employer.post("/api/v1/vacancies", {"draftId": begun.json["id"]})
    assert made.status_code == 201, made.text
    assert made.json["vacancy"]["shared"]["branch"] == "green"
    assert employer.get("/api/v1/drafts").json["items"] == []
    copied = employer.post("/api/v1/drafts", {"vacancyId": made.json["vacancy"]["id"]}).json
    assert copied["shared"] == made.json["vacancy"]["shared"]


def test_drafts_are_ones_own_without_a_bsn_and_for_thirty_days(service: Service, employer: Person) -> None:
    service.add("o@example.org", Right("employer", "87654321", "Ander"))
    service.add("f@example.org", Right("employer", "12345678"))
    other, colleague = service.person("o@example.org"), service.person("f@example.org")
    draft = employer.post("/api/v1/drafts", {"shared": {"title": "x"}}).json
    for cells in ({"description": "bel 123456782"}, {"crebo": ["25603", "123456782"]}):
        assert employer.post("/api/v1/drafts", {"shared": cells}).json["code"] == "bsn"
    its_own = employer.post("/api/v1/drafts", {"shared": {"leerbedrijfId": "100077736", "crebo": ["25603"]}})
    assert its_own.json["shared"] == {"leerbedrijfId": "100077736", "crebo": ["25603"]}
    assert other.get(f"/api/v1/drafts/{draft['id']}").status_code == 404
    assert colleague.get(f"/api/v1/drafts/{draft['id']}").status_code == 200
    assert other.get("/api/v1/drafts").json["items"] == []
    service.clock.forward(days=31)
    assert service.person("e@example.org").get("/api/v1/drafts").json["items"] == []


def test_a_job_text_becomes_suggestions_to_confirm(employer: Person) -> None:
    text = "Hovenier gezocht\nJe gaat snoeien, gras maaien en bladeren harken. Je werkt buiten in een team."
    found = employer.post("/api/v1/vacancy-suggestions", {"text": text}).json
    assert found["branch"][0]["code"] == "green"
    assert {"prune", "mow_grass"} <= {one["code"] for one in found["tasks"]}
    begun = employer.post("/api/v1/drafts", {"text": text}).json
    assert begun["shared"]["description"] == text
    assert {"prune", "mow_grass"} <= set(begun["shared"]["tasks"])


def test_what_a_demand_does_is_told_in_words_and_only_over_many(service: Service, employer: Person) -> None:
    from tests.service.youth import HEAD

    made = post(employer, certificatesRequired=["vca", "reach_truck"]).json["vacancy"]
    path = f"/api/v1/vacancies/{made['id']}/effects?lang=en"
    assert employer.get(path).json == []
    service.add("s@example.org", Right("school", "77XX00"))
    school = service.person("s@example.org")
    head = HEAD.replace("\n", ",certificaten\n")
    for number, certificates in ((60, "geen"), (40, "vca|reach_truck")):
        rows = "".join(f"{certificates[:1]}{n},77XX00,pro,N,2008-02-01,2026-07-01,8011,ja,{certificates}\n"
                       for n in range(number))  # fmt: skip
        confirm(school, hand_in(school, head + rows))
    told = employer.get(path).json
    assert [(one["code"], one["effect"]) for one in told] == [("certificate", "large")]
    assert not any(char.isdigit() for one in told for char in one["sentence"])


def test_every_example_can_be_posted_as_it_is(employer: Person) -> None:
    assert {example["branch"] for example in EXAMPLES.values()} <= set(code_list("branch").codes)
    for lang in ("nl", "en"):
        for example in employer.get(f"/api/v1/vacancy-examples?lang={lang}").json:
            made = employer.post("/api/v1/vacancies", {"shared": {**example["shared"], "postcode": "8011"},
                                                       "openings": [OPENING]})  # fmt: skip
            assert made.status_code == 201, made.text
            assert made.json["vacancy"]["state"] == "open"


def test_whom_one_calls_about_a_vacancy_is_somebody_of_its_employer(service: Service, employer: Person) -> None:
    service.add("o@example.org", Right("employer", "87654321", "Ander"))
    other = service.person("o@example.org")

    def contact(of: Person) -> str:
        home = of.get("/api/v1/organisations").json["items"][0]["id"]
        made = of.post(f"/api/v1/organisations/{home}/contacts", {"name": "M", "phone": "0612345678"})
        assert made.status_code == 201, made.text
        return str(made.json["id"])

    mine, foreign = contact(employer), contact(other)
    made = employer.post("/api/v1/vacancies", {"shared": SHARED, "openings": [OPENING], "contactId": mine})
    assert made.status_code == 201, made.text
    told = made.json["vacancy"]
    assert told["contactId"] == mine
    wrong = patch(employer, told, contactId=foreign, shared={"title": "Anders"})
    assert (wrong.status_code, wrong.json["errors"][0]["field"]) == (400, "contactId")
    now = employer.get(f"/api/v1/vacancies/{told['id']}").json
    assert (now["contactId"], now["title"], now["version"]) == (mine, "Medewerker groen", told["version"])
    assert patch(employer, told, shared={"title": "Hovenier"}).json["vacancy"]["contactId"] == mine
    changed = patch(employer, told, contactId=None).json["vacancy"]
    assert (changed["contactId"], changed["title"], changed["version"]) == (None, "Hovenier", told["version"] + 2)


def test_a_field_that_is_missing_hides_nothing_else_and_what_openings_share_is_said_once(employer: Person) -> None:
    shared = {"branch": "gruun", "postcode": "0000", "hoursMin": "veel", "ageMin": 30, "ageMax": 20}
    openings = [{"startsOn": "31-02-2026", "places": -1}, {"startsOn": "2026-09-01"}, {"startsOn": "2026-09-01"}]
    wrong = employer.post("/api/v1/vacancies", {"shared": shared, "openings": openings})
    found = sorted((error["field"], error["code"], error["row"]) for error in wrong.json["errors"])
    assert found == sorted([
        ("tasks", "required", 1), ("branch", "unknown_code", 1), ("postcode", "bad_postcode", 1),
        ("hoursMin", "not_a_number", 1), ("ageMin", "min_above_max", 1), ("startsOn", "not_a_date", 1),
        ("places", "out_of_range", 1), ("places", "required", 2), ("places", "required", 3),
        ("startsOn", "duplicate", 3),
    ])  # fmt: skip
    said = " ".join(error["message"] for error in wrong.json["errors"]).casefold()
    for word in ("kolom", "cel ", "cel.", " rij ", "bestand", "@"):
        assert word not in said, said


def test_a_list_still_speaks_of_columns(employer: Person) -> None:
    upload = hand_in(employer, VACANCIES.format(1).replace("taken", "wie"))
    told = employer.get(f"/api/v1/uploads/{upload['id']}/defects").json["items"]
    missing = next(one for one in told if one["code"] == "missing_column")
    assert missing["message"] == ("De kolom “taken” ontbreekt. Verwacht: een kolom “taken” (of “tasks”). "
                                  "Voeg de kolom toe.")  # fmt: skip
