"""An employer by clicks: for which company one posts, whom to call about it, and saying that an adaptation is done."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from api.services import organisations as parties
from api.store import audit, people
from api.store.tables import Vacancy
from tests.pages.conftest import Site
from tests.pages.steps_people import click, named

pytestmark = pytest.mark.ui
Open = Callable[..., Any]
SECOND = "Kwekerij Het Zuiden"


def works_at_a_second(site: Site) -> str:
    """Let the employer's person work for another company too; return its id."""
    with site.service.database.writing() as session:
        home = people.add_organisation(session, "employer", "99000555", name=SECOND, region="AM36",
                                       now=site.service.clock())  # fmt: skip
        account = people.account_by_email(session, site.world.email("employer"))
        assert account is not None
        people.add_grant(session, account, "employer", organisation_id=home.id)
        return str(home.id)


def has_contact(site: Site, organisation_id: str, name: str, phone: str) -> None:
    """Let an organisation name somebody to call."""
    with site.service.database.writing() as session:
        (home,) = people.organisations(session, [organisation_id])
        parties.add_contact(session, audit.SERVICE, home, {"name": name, "phone": phone}, now=site.service.clock())


@pytest.mark.parametrize("js", [True, False])
def test_who_works_for_two_companies_says_for_which_one_a_vacancy_is(
    own_people_site: Site, open_as: Open, js: bool
) -> None:
    site = own_people_site
    second = works_at_a_second(site)
    has_contact(site, second, "Fred Bos", "038-1234567")
    page = open_as(site, "employer", js=js)
    page.goto("/vacatures")
    click(page, "Vacature plaatsen", "link")
    assert page.get_by_role("heading", name="Voor welk bedrijf plaatst u deze vacature?").is_visible()
    click(page, SECOND, "link")
    assert page.get_by_text(f"Voor {SECOND}").is_visible()
    page.get_by_label("Welk voorbeeld?").select_option(label="Medewerker groen")
    page.locator("button[value=example]").click()
    page.wait_for_load_state()
    assert page.get_by_text(f"Voor {SECOND}").is_visible()
    steps = page.url
    page.goto(f"{steps}/tijden")
    page.get_by_label("Postcode").fill("8121 GG")
    page.locator("#starts_on_1").fill("1-9-2026")
    page.locator("#places_1").fill("1")
    click(page, "Opslaan en naar de lijst")
    page.goto(f"{steps}/contact")
    page.get_by_label("Wie belt de verbinder over deze vacature?").select_option(label="Fred Bos, 038-1234567")
    click(page, "Opslaan en naar de lijst")
    page.get_by_role("link", name="Nakijken en plaatsen").click()
    assert page.get_by_text("Fred Bos, 038-1234567").is_visible()
    click(page, "Plaatsen")
    assert page.get_by_text("De plek is nog vrij").is_visible()
    assert page.get_by_text("Fred Bos, 038-1234567").is_visible()
    with site.service.database.reading() as session:
        found = session.scalars(select(Vacancy).where(Vacancy.organisation_id == second)).one()
        opening = found.id
    assert page.url.split("?")[0].endswith(opening)


def test_who_works_for_one_company_is_not_asked_for_which(people_site: Site, open_as: Open) -> None:
    page = open_as(people_site, "employer")
    page.goto("/vacatures/nieuw")
    assert page.get_by_role("heading", name="Hoe wilt u beginnen?").is_visible()


def test_the_connector_reads_whom_to_call_about_a_place(own_people_site: Site, open_as: Open) -> None:
    """First everybody whom the employer names, then the one who was chosen; who is let go is nobody's contact."""
    site = own_people_site
    has_contact(site, site.world.ids["employer_party"], "Fred Bos", "038-1234567")
    has_contact(site, site.world.ids["employer_party"], "Gea Tuin", "038-7654321")
    with site.service.database.reading() as session:
        from api.store import vacancies

        row = vacancies.by_id(session, site.world.ids["vacancy"])
        assert row is not None
        place = f"/plekken/{row.openings[0].opening.id}"
    connector = open_as(site, "connector")
    connector.goto(place)
    assert "Fred Bos, 038-1234567; Gea Tuin, 038-7654321" in connector.inner_text("main")
    page = open_as(site, "employer")
    page.goto(site.world.address("/vacatures/{vacancy}"))
    click(page, "Wijzigen")
    page.goto(page.url.split("?")[0] + "/contact")
    page.get_by_label("Wie belt de verbinder over deze vacature?").select_option(label="Gea Tuin, 038-7654321")
    click(page, "Opslaan en naar de lijst")
    page.get_by_role("link", name="Nakijken en plaatsen").click()
    click(page, "Wijzigingen opslaan")
    connector.goto(place)
    assert "Gea Tuin, 038-7654321" in connector.inner_text("main")
    assert "Fred Bos" not in connector.inner_text("main")
    page.goto(site.world.address("/organisatie/{employer_party}"))
    page.get_by_role("button", name=named("Haal weg: Gea Tuin")).click()
    page.wait_for_load_state()
    connector.goto(place)
    assert "Gea Tuin" not in connector.inner_text("main")
    assert "Fred Bos" in connector.inner_text("main")


def test_an_employer_says_that_an_adaptation_is_done_and_the_student_reads_it(
    own_people_site: Site, open_as: Open
) -> None:
    """On the page of the placement, without JavaScript; and that it is not done after all."""
    site = own_people_site
    page = open_as(site, "employer", js=False)
    page.goto(site.world.address("/plaatsingen/{placement}"))
    lines = page.locator("main .tasks li")
    assert lines.count() == 2
    assert lines.nth(1).get_by_role("button").count() == 0  # the school's is the school's to say
    click(page, "Dit is klaar: Rustige plek om te pauzeren")
    assert page.get_by_text("Gemeld als klaar.").is_visible()
    assert lines.nth(0).locator(".tag").inner_text().startswith("Klaar op")
    youth = open_as(site, "youth_placed", width=320)
    youth.goto("/mijn-plek")
    assert "Rustige plek om te pauzeren. Klaar." in " ".join(youth.inner_text("main").split())
    click(page, "Toch nog niet klaar: Rustige plek om te pauzeren")
    assert page.get_by_role("button", name=named("Dit is klaar: Rustige plek om te pauzeren")).is_visible()


def test_what_is_done_stays_done_when_the_agreement_is_said_otherwise(own_people_site: Site, open_as: Open) -> None:
    """Both agreed, then another mentor: a line that says the same keeps its day, one that says otherwise does not."""
    site = own_people_site
    page = open_as(site, "employer")
    page.goto(site.world.address("/kennismakingen/{introduction}"))
    site.service.clock.forward(minutes=5)
    today = site.service.clock().date()
    day = f"{today.day}-{today.month}-{today.year}"
    page.get_by_label("We gaan samen verder").check()
    page.get_by_label("Op welke dag was het?").fill(day)
    click(page, "Melden")
    page.get_by_label("Eerste dag").fill(day)
    page.locator("#what_1").fill("Korte uitleg per taak")
    page.locator("#what_2").fill("Later beginnen")
    click(page, "Afspraken opslaan")
    assert page.get_by_role("button", name=named("Dit is klaar: Later beginnen")).count() == 0  # nobody agreed yet
    click(page, "Wij gaan akkoord")
    youth = open_as(site, "youth_meeting", width=320)
    youth.goto("/mijn-plek")
    click(youth, "Ja, ik ben het eens")
    page.reload()
    click(page, "Dit is klaar: Korte uitleg per taak")
    click(page, "Dit is klaar: Later beginnen")
    page.get_by_label("Wie begeleidt op de werkvloer?").fill("Kees de Wit")
    page.locator("#what_2").fill("Om tien uur beginnen")
    click(page, "Afspraken opslaan")
    click(page, "Wij gaan akkoord")
    youth.goto("/mijn-plek")
    click(youth, "Ja, ik ben het eens")
    page.reload()
    assert page.get_by_role("button", name=named("Toch nog niet klaar: Korte uitleg per taak")).is_visible()
    assert page.get_by_role("button", name=named("Dit is klaar: Om tien uur beginnen")).is_visible()


@pytest.mark.parametrize(("line", "title"), [
    ("Medewerker groen", "Medewerker groen"),
    ("Wij zoeken hulp in de bakkerij! Je helpt met inpakken. Vroeg op?", "Wij zoeken hulp in de bakkerij"),
    ("Hulp bij het inpakken en ook bij het schoonmaken van de machines en de hal",
     "Hulp bij het inpakken en ook bij het schoonmaken van de"),
])  # fmt: skip
def test_a_text_gives_its_first_sentence_as_the_name_of_the_work(
    own_people_site: Site, open_as: Open, line: str, title: str
) -> None:
    page = open_as(own_people_site, "employer")
    page.goto("/vacatures/nieuw")
    page.fill("#text", f"{line}\nJe werkt vier dagen per week.")
    page.locator("button[value=text]").click()
    page.locator("main form button").first.click()
    page.wait_for_load_state()
    assert page.locator("h1 .under").inner_text() == title
