"""Students, parents and employers by their own clicks: consent, stopping, a vacancy, and from meeting to contract."""
from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import select

from api.services.codes import hand_out
from api.store import people, runs
from api.store.audit import Actor
from api.store.tables import StoredStudent
from api.web.login import code_key
from features.geography import REGIONS
from tests.pages.conftest import Site, is_narrow, session_of
from tests.pages.steps_people import click

pytestmark = pytest.mark.ui
Open = Callable[..., Any]
HTML = {"Accept": "text/html"}
SHOWN = ("/kandidaten", "/kandidaten/{candidate_shared}", "/kandidaten/{candidate_meeting}", "/kandidaten/tabel.csv",
         "/kennismakingen", "/kennismakingen/{introduction}", "/start")  # fmt: skip
"""What an employer reads of candidates."""


def facts_of(site: Site, *students: str) -> Iterator[str]:
    """What would say who somebody is: name, birth date, school and its type, postcode, own words."""
    with site.service.database.reading() as session:
        every = {i: record for i, _, record in runs.students_in(session, REGIONS)}
    for student in students:
        record = every[site.world.ids[student]]
        told = record["background"]
        place = record["location"]["label"] if record["location"] else ""
        born = record["birth_date"]
        year, month, day = born.split("-")
        found = [told["first_name"], born, f"{day}-{month}-{year}", f"{int(day)}-{int(month)}-{year}",
                 record["school"], record["student_ref"], place, told["own_words"]]  # fmt: skip
        yield from (one for one in found if one)


def test_an_employer_reads_no_fact_that_says_who_it_is(people_site: Site, open_as: Open) -> None:
    """Check 14: page, source, print and CSV; who is not released is in no list and no count."""
    secret = set(facts_of(people_site, "youth_shared_id", "youth_meeting_id", "youth_id"))
    secret |= {"Praktijkschool", "praktijkonderwijs", " vso", " pro "}
    client = people_site.service.app.test_client()
    client.set_cookie("sid", session_of(people_site, "employer"))
    for path in SHOWN:
        text = client.get(people_site.world.address(path), headers=HTML).text
        # Addresses, tokens and keys are letters at random; what stands in the text is what people read.
        text = re.sub(r'(?:href|action|src|value|content|id|for)="[^"]*"|<code>.*?</code>', "", text)
        found = {one for one in secret if re.search(rf"(?<!\w){re.escape(one.strip())}(?!\w)", text, re.IGNORECASE)}
        assert found == set(), path
    page = open_as(people_site, "employer")
    page.goto("/kandidaten")
    page.emulate_media(media="print")
    printed = page.locator("main").inner_text()
    assert not {one for one in secret if re.search(rf"(?<!\w){re.escape(one.strip())}(?!\w)", printed, re.IGNORECASE)}
    assert not page.locator(".top").is_visible()
    codes = page.locator("main h2").all_inner_texts()
    table = client.get("/kandidaten/tabel.csv").text.splitlines()
    assert len(codes) == len(table) - 1 == 3  # shared, meeting and at work; who only was asked is not there
    assert {line.split(",")[0] for line in table[1:]} == {re.search(r"K-\w+", code)[0] for code in codes}  # type: ignore[index]


def test_a_student_stops_in_two_clicks_and_the_open_tab_of_the_employer_says_so(
    own_people_site: Site, open_as: Open
) -> None:
    """Check 15."""
    site = own_people_site
    tab = open_as(site, "employer")
    tab.goto(site.world.address("/kandidaten/{candidate_shared}"))
    page = open_as(site, "youth_shared", width=320)
    page.goto("/mijn-toestemming")
    page.locator("main a", has_text="Stop met delen").click()
    page.wait_for_load_state()
    assert page.get_by_text("Dat gaat meteen in").is_visible()
    assert page.locator("main textarea, main input:not([type=hidden])").count() == 0  # no reason is asked
    click(page, "Ja, stop met delen")
    assert page.get_by_text("Gestopt. Het bedrijf ziet niets meer van je.").is_visible()
    click(tab, "Kennismaken")
    assert tab.get_by_text("Deze kandidaat is niet meer beschikbaar").is_visible()
    assert tab.locator(".candidate").count() == 0
    assert "ingetrokken" not in tab.content().lower()


def test_a_word_on_a_place_that_is_only_an_option_reaches_the_connector_as_well(
    own_people_site: Site, open_as: Open
) -> None:
    """The second of two places was put off, and the student wants to talk about it: it waits where the others wait."""
    site = own_people_site
    page = open_as(site, "youth")
    page.goto(site.world.address("/mijn-voorstellen/{offer2}"))
    title = page.locator("h1").inner_text().splitlines()[0]
    click(page, "Ik wil eerst praten")
    connector = open_as(site, "connector")
    connector.goto("/delen?tab=wacht")
    line = connector.locator("main tr", has_text="Zoë").filter(has_text=title)
    assert line.count() == 1 and line.locator("td").nth(1).inner_text().startswith("De leerling wil eerst praten")
    assert line.get_by_text("Kies eerst Past of Vastzetten.").is_visible()
    with connector.expect_navigation():
        line.get_by_role("button").click()
    assert line.get_by_role("button").count() == 0 and line.get_by_text("Wacht op antwoord").is_visible()


@pytest.mark.parametrize("role", ["youth", "parent", "youth_placed"])
def test_pages_of_students_are_large_and_fit_a_phone_with_text_twice_as_large(
    people_site: Site, open_as: Open, role: str
) -> None:
    """Check 16, the part that is not words: at least 18 px, 320 px wide, text at 200 %."""
    page = open_as(people_site, role, width=320)
    for path in ("/mijn-voorstellen", "/mijn-toestemming", "/mijn-plek", "/mijn-gegevens", "/vraag"):
        page.goto(path)
        sizes = page.evaluate("""() => [...document.querySelectorAll('main *')].filter((e) =>
            e.checkVisibility() && [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim()))
            .map((e) => parseFloat(getComputedStyle(e).fontSize))""")
        assert min(sizes) >= 18, path
        page.evaluate("document.documentElement.style.fontSize = '237.5%'")  # 200 % of what it was
        is_narrow(page)


def test_a_student_comes_in_with_a_code_chooses_and_changes_the_choice(own_people_site: Site, open_as: Open) -> None:
    """F4 and F7 without JavaScript: code, choice between several, the card beforehand, yes to one alone, stopping."""
    site = own_people_site
    with site.service.app.app_context(), site.service.database.writing() as session:
        student = session.get_one(StoredStudent, site.world.ids["youth_id"])
        keeper = people.account_by_email(session, site.world.email("school"))
        assert keeper is not None
        (paper,) = hand_out(session, Actor("human", keeper.id, "test"), [student], code_key(), now=site.service.clock())
    page = open_as(site, "", width=320, js=False)
    page.goto("/code")
    page.get_by_label("Jouw code").fill(paper.code.lower().replace("-", " "))
    for name, value in (("Dag", "23"), ("Maand", "4"), ("Jaar", "2008")):
        page.get_by_label(name).fill(value)
    click(page, "Ga verder")
    assert page.title().startswith("Fout: ")
    page.get_by_label("Jaar").fill("2009")
    click(page, "Ga verder")
    assert page.locator("h1").inner_text() == "Hoi Zoë"
    assert page.locator(".offers .card").count() >= 2
    page.goto(site.world.address("/mijn-voorstellen/{offer}"))
    click(page, "Bekijk de kaart", "link")
    before = page.locator(".candidate").inner_text()
    click(page, "Terug naar het voorstel", "link")
    page.get_by_label("Ik kies alleen deze plek").check()
    click(page, "Ja, dat mag")
    assert page.get_by_text("Je zei ja. Het bedrijf ziet je kaart nog niet.").is_visible()
    page.goto(site.world.address("/mijn-voorstellen/{offer2}"))
    assert page.get_by_role("button", name="Ja, dat mag").count() == 0
    page.goto(site.world.address("/mijn-voorstellen/{offer}/kaart"))
    assert page.locator(".candidate").inner_text() == before
    page.goto("/mijn-toestemming")
    page.locator("main a", has_text="Stop met delen").click()
    click(page, "Ja, stop met delen")
    assert page.get_by_text("Geen bedrijf mag nu iets van je zien").is_visible()


def test_the_preview_is_the_card_that_the_employer_reads(people_site: Site, open_as: Open) -> None:
    youth, employer = open_as(people_site, "youth_shared"), open_as(people_site, "employer")
    youth.goto(people_site.world.address("/mijn-voorstellen/{offer_shared}/kaart"))
    employer.goto(people_site.world.address("/kandidaten/{candidate_shared}"))
    assert youth.locator(".candidate").inner_text() == employer.locator(".candidate").inner_text()
    code = employer.locator("h1").inner_text()
    assert youth.locator("main h2").inner_text() in code


@pytest.mark.parametrize("js", [True, False])
def test_an_employer_posts_a_vacancy_in_steps(own_people_site: Site, open_as: Open, js: bool) -> None:
    """F2: any order, kept by itself with script and by its buttons without; must and nice; checked; posted."""
    page = open_as(own_people_site, "employer", js=js)
    page.goto("/vacatures/nieuw")
    page.get_by_label("Welk voorbeeld?").select_option(label="Medewerker groen")
    page.locator("button[value=example]").click()
    page.wait_for_load_state()
    steps = page.url
    page.get_by_role("link", name="Wat is echt nodig").click()
    page.wait_for_load_state()  # its script keeps what is changed from then on
    page.get_by_label("Werktempo", exact=True).select_option("2")
    if js:
        page.locator("[data-auto-status]", has_text="Bewaard").wait_for()
        page.goto(steps)  # left without pressing anything
    else:
        click(page, "Opslaan en naar de lijst")
    page.get_by_role("link", name="Wat is echt nodig").click()
    assert page.get_by_label("Werktempo", exact=True).input_value() == "2"
    page.get_by_label("Werktempo: moet").check()
    click(page, "Opslaan en naar de lijst")
    page.get_by_role("link", name="Nakijken en plaatsen").click()
    click(page, "Plaatsen")
    assert page.title().startswith("Fout: ")  # when and how many is missing
    page.goto(f"{steps}/tijden")
    page.get_by_label("Postcode").fill("8121 GG")
    page.locator("#starts_on_1").fill("1-9-2026")
    page.locator("#places_1").fill("2")
    click(page, "Opslaan en naar de lijst")
    page.goto(f"{steps}/nakijken")
    assert page.get_by_text("Moet", exact=True).is_visible()
    click(page, "Plaatsen")
    assert page.get_by_text("De vacature is geplaatst.").is_visible()
    assert page.get_by_text("Nog 2 van 2 plekken vrij").is_visible()
    click(page, "Wijzigen")
    page.goto(page.url.split("?")[0] + "/het-werk")
    page.get_by_label("Naam van het werk").fill("Hulp in het groen")
    click(page, "Opslaan en naar de lijst")
    page.get_by_role("link", name="Nakijken en plaatsen").click()
    click(page, "Wijzigingen opslaan")
    assert page.locator("h1").inner_text().startswith("Hulp in het groen")


def test_a_text_becomes_suggestions_and_shutting_words_are_named(own_people_site: Site, open_as: Open) -> None:
    page = open_as(own_people_site, "employer")
    page.goto("/vacatures/nieuw")
    page.get_by_label("Plak hier uw tekst").fill(
        "Hulp in de tuin\nWij zoeken een sterke jongen. Je gaat snoeien en maaien met een vaste begeleider, buiten.")
    page.locator("button[value=text]").click()
    page.wait_for_load_state()
    ticked = page.locator("main input[name=tasks]:checked")
    assert ticked.count() >= 1
    gone = ticked.first.get_attribute("value")
    ticked.first.uncheck()
    click(page, "Ga verder met wat aan staat")
    page.get_by_role("link", name="Het werk").click()
    assert page.get_by_label("Naam van het werk").input_value() == "Hulp in de tuin"
    assert gone not in page.locator("main input[name^=task_]").evaluate_all("all => all.map((one) => one.value)")
    page.goto(page.url.replace("/het-werk", "/nakijken"))
    assert page.get_by_text("Kijk naar deze woorden").is_visible()


def test_from_meeting_to_contract(own_people_site: Site, open_as: Open) -> None:
    """F5 by the clicks of both, without JavaScript: name permitted, met, agreed on both sides, trial, contract."""
    site = own_people_site
    youth, employer = open_as(site, "youth_meeting", width=320, js=False), open_as(site, "employer", js=False)
    address = site.world.address("/kennismakingen/{introduction}")
    employer.goto(address)
    assert employer.get_by_text("De naam hoort u als de jongere dat goed vindt").is_visible()
    youth.goto(site.world.address("/mijn-voorstellen/{offer_meeting}"))
    click(youth, "Ja, geef mijn naam")
    employer.goto(address)
    assert employer.get_by_text("Evi", exact=True).is_visible()
    site.service.clock.forward(minutes=5)
    today = site.service.clock().date()
    day = f"{today.day}-{today.month}-{today.year}"
    employer.get_by_label("We gaan samen verder").check()
    employer.get_by_label("Op welke dag was het?").fill(day)
    click(employer, "Melden")
    employer.get_by_label("Eerste dag").fill(day)
    employer.get_by_label("Wie begeleidt op de werkvloer?").fill("Kees de Wit")
    employer.locator("#what_1").fill("Korte uitleg per taak")
    click(employer, "Afspraken opslaan")
    click(employer, "Wij gaan akkoord")
    youth.goto("/mijn-plek")
    assert youth.get_by_text("Korte uitleg per taak").is_visible()
    click(youth, "Ja, ik ben het eens")
    assert youth.get_by_text("Jij bent het eens, sinds").is_visible()
    employer.goto(f"{address}/afspraken")
    click(employer, "Start melden")
    assert employer.get_by_text("De start is gemeld").is_visible()
    employer.get_by_label("Goed, we gaan door met een contract").check()
    click(employer, "Oordeel melden")
    employer.get_by_label("Contract vanaf").fill(day)
    employer.get_by_label("Wat voor contract?").select_option("job")
    click(employer, "Contract melden")
    assert employer.get_by_text("Met contract").is_visible()
    youth.goto("/mijn-plek")
    assert youth.get_by_text("Je hebt een contract").is_visible()
    employer.locator("main details summary").click()
    click(employer, "Einde melden")
    assert employer.title().startswith("Fout: ")  # an end has its reason
    employer.get_by_label("Laatste dag").fill(day)
    employer.get_by_label("De omstandigheden veranderden").check()
    click(employer, "Einde melden")
    assert employer.get_by_text(re.compile("Gestopt op .*omstandigheden")).is_visible()


def test_students_ask_a_person_and_see_who_looked(own_people_site: Site, open_as: Open) -> None:
    site = own_people_site
    employer = open_as(site, "employer")
    employer.goto(site.world.address("/kandidaten/{candidate_meeting}"))
    page = open_as(site, "youth_meeting")
    page.goto("/mijn-gegevens/wie-keek")
    assert page.get_by_text("Henk Dekker").is_visible()
    page.goto("/vraag?soort=erasure")
    page.get_by_label("Zeg het in je eigen woorden").fill("Mijn nummer is 123456782")
    click(page, "Verstuur")
    assert page.title().startswith("Fout: ")
    page.get_by_label("Zeg het in je eigen woorden").fill("Graag alles weg")
    click(page, "Verstuur")
    assert page.get_by_text("We kijken ernaar").is_visible()
    assert page.get_by_role("heading", name="Haal mijn gegevens weg").is_visible()
    with site.service.database.reading() as session:
        from api.store.tables import Question

        assert [(q.kind, q.code) for q in session.scalars(select(Question))] == [("objection", "erasure")]
