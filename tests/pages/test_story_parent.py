"""A parent who reads along, by clicks: sees what the child sees, may speak for it, and reads who looked."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.pages.conftest import Site
from tests.pages.steps_people import click, menu, reads_easily, says

pytestmark = pytest.mark.ui
Open = Callable[..., Any]


def test_a_parent_reads_along_says_yes_and_stops_it_again(own_people_site: Site, open_as: Open) -> None:
    """Without JavaScript, on a phone; the child reads who said so, and sees it stopped."""
    site = own_people_site
    page = open_as(site, "parent", width=360, js=False)
    page.goto("/mijn-voorstellen")
    says(page, "Zoë")
    reads_easily(page)
    page.locator(".offers a.btn").first.click()
    page.wait_for_load_state()
    reads_easily(page)
    click(page, "Ja, dat mag")
    says(page, "Het bedrijf ziet")
    reads_easily(page)
    youth = open_as(site, "youth", width=360)
    youth.goto("/mijn-toestemming")
    says(youth, "Ria Mulder")  # who said yes for you
    menu(page, "Gegevens")
    reads_easily(page)
    click(page, "Bekijk wie er keek", "link")
    reads_easily(page)
    menu(page, "Toestemming")
    reads_easily(page)
    page.locator("main a", has_text="Stop met delen").click()
    page.wait_for_load_state()
    reads_easily(page)
    click(page, "Ja, stop met delen")
    reads_easily(page)
    youth.goto("/mijn-toestemming")
    says(youth, "Geen bedrijf mag nu iets van je zien")
    menu(page, "Vraag")
    reads_easily(page)
    page.get_by_label("Ik ben het niet eens").check()
    click(page, "Verstuur")
    says(page, "We kijken ernaar.")
