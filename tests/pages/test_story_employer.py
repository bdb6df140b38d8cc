"""An employer by clicks: a vacancy, a candidate, a talk, what is adapted, the trial, the contract, days after it.

Nobody stands ready: the student comes in with a list, meets this vacancy in a run, is judged, asked and shared, each
by clicks of whose work that is.
"""
from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from api.texts.dates import long_date
from tests.pages import story
from tests.pages.conftest import Site
from tests.pages.steps_people import click, menu, reads_easily, says, typed

pytestmark = pytest.mark.ui
Open = Callable[..., Any]
NAME, REF, WORK = "Wietske", "S902", "Hulp in de boomgaard"


def post_vacancy(page: Any) -> None:
    """Employer: place a vacancy of two places, by task, from an example."""
    page.goto("/start")
    click(page, "Vacature plaatsen", "link")
    page.get_by_label("Welk voorbeeld?").select_option(label="Medewerker groen")
    page.locator("button[value=example]").click()
    page.wait_for_load_state()
    click(page, "Het werk", "link")
    page.get_by_label("Naam van het werk").fill(WORK)
    click(page, "Opslaan en naar de lijst")
    click(page, "Tijden en reizen", "link")
    page.get_by_label("Postcode").fill("8121 GG")
    page.locator("#starts_on_1").fill("1-9-2026")
    page.locator("#places_1").fill("2")
    click(page, "Opslaan en naar de lijst")
    click(page, "Nakijken en plaatsen", "link")
    click(page, "Plaatsen")
    says(page, "De vacature is geplaatst.")


def found_and_shared(site: Site, connector: Any, school: Any, youth: Any) -> str:
    """Connector: run, judge, ask, share; with a list of the school and the student's yes. Return the code."""
    story.hand_in(school, story.line_of(NAME, REF, branches="green"))
    run = story.ask_run(connector)
    story.compute(site)
    story.take_over(connector, run)
    assert WORK in story.accept(connector, NAME, WORK)
    story.ask_consent(connector, NAME)
    story.sign_in_with_code(youth, story.code_for(school, NAME, REF))
    says(youth, WORK)
    story.answer(youth)
    reads_easily(youth)
    return story.share(connector, NAME)


@pytest.mark.parametrize("js", [True, False], ids=["js", "no-js"])
def test_an_employer_from_a_first_vacancy_to_check_moments(own_site: Site, open_as: Open, js: bool) -> None:
    """Beside a school, a connector and a student, each by own clicks."""
    site = own_site
    page, connector = open_as(site, "employer", js=js), open_as(site, "connector", js=js)
    youth = open_as(site, "", width=360, js=js)
    post_vacancy(page)
    menu(page, "Kandidaten")
    before = page.locator("main h2").all_inner_texts()
    code = found_and_shared(site, connector, open_as(site, "school", js=js), youth)

    # Who was shared: a card without a name. Meeting is a wish; the connector plans it.
    page.reload()
    assert len(page.locator("main h2").all_inner_texts()) == len(before) + 1
    page.locator("li.card", has_text=code).get_by_role("link").first.click()
    page.wait_for_load_state()
    assert code in page.locator("h1").inner_text()
    assert NAME not in page.content()
    click(page, "Kennismaken")
    says(page, "De verbinder regelt het gesprek.")
    click(page, "Naar de kennismaking", "link")
    meeting = page.url
    says(page, "De verbinder zoekt een dag")
    story.plan_meeting(connector, NAME, site.service.clock().date())
    story.permit_name(youth)
    reads_easily(youth)
    page.goto(meeting)
    says(page, "14.30")
    says(page, NAME)

    # The talk went well: what is adapted, agreed by both sides to the same words.
    site.service.clock.forward(minutes=5)
    today = site.service.clock().date()
    page.get_by_label("We gaan samen verder").check()
    page.get_by_label("Op welke dag was het?").fill(typed(today))
    click(page, "Melden")
    page.get_by_label("Eerste dag").fill(typed(today))
    page.get_by_label("Uren per week").fill("24")
    page.get_by_label("Wie begeleidt op de werkvloer?").fill("Kees de Wit")
    page.locator("#what_1").fill("Later beginnen, om 8.30 uur")
    page.locator("#what_2").fill("Stappenkaart maken")
    page.locator("#who_2").select_option("school")
    click(page, "Afspraken opslaan")
    click(page, "Wij gaan akkoord")
    says(page, "De jongere moet nog akkoord gaan.")
    youth.goto("/mijn-plek")
    says(youth, "Later beginnen, om 8.30 uur")
    reads_easily(youth)
    click(youth, "Ja, ik ben het eens")
    reads_easily(youth)
    page.goto(f"{meeting}/afspraken")
    click(page, "Dit is klaar: Later beginnen, om 8.30 uur")

    # The first day, a trial that is extended once, then a contract.
    page.get_by_label("Proef tot en met").fill(typed(today + timedelta(days=28)))
    click(page, "Start melden")
    says(page, "De start is gemeld")
    says(page, "Klaar op")
    page.get_by_label("Nog niet zeker, we verlengen de proef").check()
    click(page, "Oordeel melden")
    assert page.title().startswith("Fout: ")  # until when
    page.get_by_label("Nieuwe dag waarop de proef eindigt").fill(typed(today + timedelta(days=56)))
    click(page, "Oordeel melden")
    says(page, "Verlengd")
    page.get_by_label("Goed, we gaan door met een contract").check()
    click(page, "Oordeel melden")
    page.get_by_label("Contract vanaf").fill(typed(today))
    page.get_by_label("Wat voor contract?").select_option("job")
    click(page, "Contract melden")
    says(page, "Met contract")

    # The days on which somebody asks how it goes: from two weeks to two years after the first day.
    moments = page.locator("main h2", has_text="Evaluatiemomenten").locator("xpath=following-sibling::ul[1]/li")
    assert [line.split(":")[0] for line in moments.all_inner_texts()] == [
        "Na 2 weken", "Na 3 maanden", "Na 6 maanden", "Na 1 jaar", "Na 2 jaar"]  # fmt: skip
    assert moments.first.inner_text() == f"Na 2 weken: {long_date(today + timedelta(days=14), 'nl')}"
    youth.goto("/mijn-plek")
    says(youth, "Je hebt een contract")
    reads_easily(youth)
    menu(page, "Kennismakingen")
    says(page, code)
    says(page, "Plaatsing: met contract")
