"""A student of 17 with a phone, by clicks: a code, a place, eerst praten, ja, own data, who looked, and stopping."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from api.services.codes import hand_out
from api.store import people
from api.store.audit import Actor
from api.store.tables import StoredStudent
from api.web.login import code_key
from tests.pages.conftest import Site
from tests.pages.steps_people import click, menu, reads_easily, says

pytestmark = pytest.mark.ui
Open = Callable[..., Any]


def code_of(site: Site, role: str) -> str:
    """The code on the paper that the school gives a student."""
    with site.service.app.app_context(), site.service.database.writing() as session:
        student = session.get_one(StoredStudent, site.world.ids[f"{role}_id"])
        keeper = people.account_by_email(session, site.world.email("school"))
        assert keeper is not None
        (paper,) = hand_out(session, Actor("human", keeper.id, "test"), [student], code_key(), now=site.service.clock())
    return paper.code


@pytest.mark.parametrize("js", [True, False], ids=["js", "no-js"])
def test_a_student_from_a_code_to_stopping(own_people_site: Site, open_as: Open, js: bool) -> None:
    """Every page on the way reads easily and fits a phone; what is chosen can be chosen otherwise."""
    site = own_people_site
    page = open_as(site, "", width=360, height=740, js=js)
    page.goto("/code")
    reads_easily(page)
    page.get_by_label("Jouw code").fill(code_of(site, "youth"))
    for name, value in (("Dag", "23"), ("Maand", "4"), ("Jaar", "2009")):
        page.get_by_label(name).fill(value)
    click(page, "Ga verder")
    assert page.locator("h1").inner_text() == "Hoi Zoë"
    reads_easily(page)

    # The first place: talk first, with a question to a person, and then yes.
    place = page.locator(".offers h3").first.inner_text()
    page.locator(".offers a.btn").first.click()
    page.wait_for_load_state()
    reads_easily(page)
    click(page, "Ik wil eerst praten")
    says(page, "Je wilt eerst praten.")
    reads_easily(page)
    menu(page, "Vraag")
    reads_easily(page)
    page.get_by_label("Ik wil praten, of iets vragen").check()
    page.get_by_label("Zeg het in je eigen woorden").fill("Mag ik eerst komen kijken?")
    click(page, "Verstuur")
    says(page, "We kijken ernaar.")
    reads_easily(page)
    connector = open_as(site, "connector", js=js)
    connector.goto("/delen?tab=wacht")  # they talked; the question is put once more
    line = connector.locator("main tr", has_text="Zoë").filter(has_text=place)
    site.service.clock.forward(minutes=5)  # of two questions about a place, the latest one is shown
    with connector.expect_navigation():
        line.get_by_role("button").click()
    menu(page, "Voorstellen")
    page.locator(f".offers .card:has(.tag.look):has-text('{place}') a.btn").first.click()
    page.wait_for_load_state()
    offer = page.url
    click(page, "Ja, dat mag")
    says(page, "Je zei ja. Het bedrijf ziet je kaart nog niet.")
    reads_easily(page)
    click(page, "Bekijk de kaart", "link")
    says(page, "Dit ziet het bedrijf")
    reads_easily(page)

    # Own data, and who looked at them: the connector, on the day the page was opened.
    connector.goto(f"/leerlingen/{site.world.ids['youth_id']}/verbinder")
    menu(page, "Gegevens")
    says(page, "Zoë")
    reads_easily(page)
    click(page, "Bekijk wie er keek", "link")
    says(page, "Sanne Vos")
    reads_easily(page)

    # Two clicks from the page of consents, and nobody asks why.
    menu(page, "Toestemming")
    reads_easily(page)
    page.locator("main a", has_text="Stop met delen").click()
    page.wait_for_load_state()
    reads_easily(page)
    assert page.locator("main textarea, main input:not([type=hidden])").count() == 0
    click(page, "Ja, stop met delen")
    says(page, "Geen bedrijf mag nu iets van je zien")
    reads_easily(page)
    menu(page, "Mijn plek")
    says(page, "Je hebt nu geen plek.")
    reads_easily(page)
    page.locator(".menu > summary").click()
    click(page, "Uitloggen")
    page.goto(offer)
    assert "/inloggen" in page.url or page.locator("h1").inner_text() != "Hoi Zoë"


def test_a_student_agrees_to_what_is_adapted_and_reads_when_somebody_asks(
    own_people_site: Site, open_as: Open
) -> None:
    """At work already: what was agreed, who does what, and the days on which somebody asks how it goes."""
    page = open_as(own_people_site, "youth_placed", width=360)
    page.goto("/mijn-voorstellen")
    reads_easily(page)
    menu(page, "Mijn plek")
    says(page, "Je bent op proef")
    says(page, "Rustige plek om te pauzeren")
    assert page.locator("main .plain li", has_text="Op ").count() >= 1
    reads_easily(page)
