"""A vacancy that waits for a connector: seen on the first page, placed or given back, open by itself when it may be."""
from __future__ import annotations

import re

import pytest
from sqlalchemy import update

from api.services.accounts import Right
from api.store.tables import Vacancy
from tests.service.browser import Person, Service
from tests.service.flow import Flow, begin
from tests.service.test_changing_a_vacancy import send
from tests.service.test_vacancies import connector, distrust, employer, patch, post, put  # noqa: F401 - the fixtures

WORDS = "Jonge man, gezond"


@pytest.fixture
def flow(cohort: Service) -> Flow:
    """A run and the people of one of its proposals."""
    return begin(cohort)


def state(person: Person, vacancy: str) -> tuple[str, list[str]]:
    """How far a vacancy is, and what there is to look at."""
    told = person.get(f"/api/v1/vacancies/{vacancy}").json
    return told["state"], told["toReview"]


def place_of(person: Person) -> str:
    """The page of the only place that waits, from the first page of a connector."""
    (found,) = set(re.findall(r'href="(/plekken/[0-9a-f]{32})"', person.get("/vandaag").text))
    return str(found)


def test_words_are_read_by_the_connector_who_places_the_vacancy(
    service: Service, employer: Person, connector: Person  # noqa: F811
) -> None:
    """Without a plan, too; a connector of another region neither sees it nor may place it."""
    made = post(employer, description=WORDS).json["vacancy"]
    assert state(employer, made["id"]) == ("posted", ["health", "sex"])
    service.add("far@example.org", Right("connector", "AM01"))
    far = service.person("far@example.org")
    told = connector.get("/vandaag").text
    assert "Vacatures die op je wachten" in told
    assert "op je wachten" not in far.get("/vandaag").text
    place = place_of(connector)
    listed = connector.get("/plekken/wachten").text
    assert (place in listed, "woorden die mensen kunnen uitsluiten" in listed) == (True, True)
    assert place not in far.get("/plekken/wachten").text
    page = connector.get(place).text
    for said in ("Wacht op plaatsing", "“gezond” vraagt naar gezondheid", "Jonge man, gezond",
                 "Terug naar de werkgever"):  # fmt: skip
        assert said in page
    assert send(far, f"{place}/stand", {"state": "open"}).status_code == 404
    assert send(connector, f"{place}/stand", {"state": "open"}).status_code == 303
    assert state(employer, made["id"]) == ("open", [])
    assert "op je wachten" not in connector.get("/vandaag").text


def test_an_open_vacancy_with_a_new_flagged_word_waits_in_the_queue(
    employer: Person, connector: Person  # noqa: F811
) -> None:
    made = post(employer).json["vacancy"]
    assert patch(employer, made, shared={"title": "Jonge hond gezocht"}).json["vacancy"]["state"] == "posted"
    assert send(connector, f"{place_of(connector)}/stand", {"state": "open"}).status_code == 303
    assert state(employer, made["id"]) == ("open", [])


def test_who_takes_the_words_out_opens_the_vacancy_without_anybody(employer: Person) -> None:  # noqa: F811
    made = post(employer, description=WORDS).json["vacancy"]
    page = employer.get(f"/vacatures/{made['id']}").text
    assert "“gezond” vraagt naar gezondheid" in page
    assert "Haal deze woorden weg" in page
    half = patch(employer, made, shared={"description": "Jonge man"}).json["vacancy"]
    assert (half["state"], half["toReview"]) == ("posted", ["sex"])
    whole = patch(employer, made, shared={"description": "Je werkt buiten."}).json["vacancy"]
    assert (whole["state"], whole["toReview"]) == ("open", [])
    assert "kijkt nog naar" not in employer.get(f"/vacatures/{made['id']}").text


def test_a_new_employer_is_approved_on_the_same_page_and_its_words_still_wait(
    service: Service, employer: Person, connector: Person  # noqa: F811
) -> None:
    distrust(service)
    made = post(employer, description=WORDS).json["vacancy"]
    place = place_of(connector)
    page = connector.get(place).text
    assert ("Keur de werkgever goed" in page, 'value="open"' in page) == (True, False)
    assert send(connector, f"{place}/stand", {"state": "approve"}).status_code == 303
    assert state(employer, made["id"]) == ("posted", ["health", "sex"])
    patch(employer, made, shared={"description": "Je werkt buiten."})
    assert state(employer, made["id"]) == ("open", [])


def test_a_new_employer_without_such_words_is_open_when_it_is_approved_and_not_before(
    service: Service, employer: Person, connector: Person  # noqa: F811
) -> None:
    distrust(service)
    made = post(employer).json["vacancy"]
    patch(employer, made, shared={"hoursMax": 30})
    assert state(employer, made["id"]) == ("posted", ["new_employer"])
    place = place_of(connector)
    assert send(connector, f"{place}/stand", {"state": "open"}).status_code == 303
    assert state(employer, made["id"]) == ("posted", ["new_employer"])
    assert send(connector, f"{place}/stand", {"state": "approve"}).status_code == 303
    assert state(employer, made["id"]) == ("open", [])


def test_a_vacancy_given_back_says_why_and_waits_again_only_with_the_words(
    employer: Person, connector: Person  # noqa: F811
) -> None:
    made = post(employer, description=WORDS).json["vacancy"]
    place = place_of(connector)
    assert send(connector, f"{place}/stand", {"state": "closed"}).status_code == 303
    assert state(employer, made["id"]) == ("closed", ["health", "sex"])
    told = employer.get(f"/vacatures/{made['id']}").text
    assert "Opent u deze vacature weer? Dan kijkt de verbinder eerst naar" in told
    assert "“gezond” vraagt naar gezondheid" in told
    assert put(employer, made, "open").json["state"] == "posted"
    send(connector, f"{place}/stand", {"state": "closed"})
    patch(employer, made, shared={"description": "Je werkt buiten."})
    assert state(employer, made["id"]) == ("closed", [])
    assert put(employer, made, "open").json["state"] == "open"


def test_the_card_and_the_page_of_a_place_say_that_its_vacancy_is_closed_and_share_nobody(flow: Flow) -> None:
    flow.accept()
    card, place = f"/voorstellen/{flow.proposal['id']}", f"/plekken/{flow.opening_id}"
    assert "Klaar om te delen" in flow.connector.get(card).text
    for stands, said in (("closed", "Gesloten"), ("posted", "Wacht op plaatsing")):
        with flow.service.database.writing() as session:
            session.execute(update(Vacancy).values(state=stands))
        told = flow.connector.get(card).text
        assert (f'>{said}</span>' in told, "Klaar om te delen" in told) == (True, False)
        assert f'>{said}</span>' in flow.connector.get(place).text
