"""The head of every page: links in rows where there is room, one bar on a phone, and the language beside them."""
from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.pages.conftest import Site, axe, is_narrow

pytestmark = pytest.mark.ui
Open = Callable[..., Any]
BAR = ".menu > summary"


@pytest.mark.parametrize("role", ["connector", "school", "employer", "municipality", "administrator"])
def test_a_phone_shows_the_head_in_two_rows_and_its_links_after_one_press(site: Site, open_as: Open, role: str) -> None:
    """Without JavaScript: closed it is two rows of 44 px high; open, every link is as wide as a thumb needs."""
    page = open_as(site, role, width=320, js=False)
    page.goto("/hulp")
    links = page.locator(".main-nav a")
    assert page.locator(".top").bounding_box()["height"] < 110
    assert links.count() >= 4
    assert not links.first.is_visible()
    page.locator(BAR).click()
    assert all(link.is_visible() and link.bounding_box()["height"] >= 44 for link in links.all())
    assert page.get_by_role("button", name="Uitloggen").is_visible()
    where = links.first.get_attribute("href")
    links.first.click()
    page.wait_for_load_state()
    assert page.url.split("?")[0].endswith(where)
    assert not page.locator(".main-nav a").first.is_visible()  # the next page begins with its own text
    assert page.locator(".menu-here").inner_text() == page.locator(".main-nav [aria-current]").text_content()


def test_the_open_menu_breaks_no_rule(site: Site, open_as: Open) -> None:
    page = open_as(site, "school", width=320)
    page.goto("/start")
    page.locator(BAR).press("Enter")
    assert page.locator(".main-nav a").first.is_visible()
    is_narrow(page)
    axe(page)


def test_a_wide_screen_has_no_bar_and_every_link_in_reach_of_tab(site: Site, open_as: Open) -> None:
    page = open_as(site, "school", js=False)
    page.goto("/start")
    assert not page.locator(BAR).is_visible()
    assert all(link.is_visible() for link in page.locator(".main-nav a").all())
    reached = set()
    for _ in range(14):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.closest('.main-nav') ? document.activeElement.text : ''"))
    assert {link.inner_text() for link in page.locator(".main-nav a").all()} <= reached


def test_without_script_a_form_says_beforehand_that_another_language_empties_it(site: Site, open_as: Open) -> None:
    said = "Kies eerst de taal."
    plain = open_as(site, "school", js=False)
    plain.goto("/lijsten/nieuw")
    assert plain.get_by_text(said).is_visible()
    plain.goto("/hulp")
    assert not plain.get_by_text(said).is_visible()  # nothing to lose
    script = open_as(site, "school")
    script.goto("/lijsten/nieuw")
    assert not script.get_by_text(said).is_visible()  # there what was typed is kept


@pytest.mark.parametrize(("role", "path", "under"), [
    ("school", "/route/{placed_student}", "/leerlingen"), ("coach", "/route/{placed_student}", "/mijn-jongeren"),
    ("coach", "/afspraken", "/mijn-jongeren"), ("school", "/afspraken", "/start"),
    ("connector", "/waar-een-plek-helpt", "/zonder-plek"), ("connector", "/werkgever-reageerde", "/vandaag"),
    ("municipality", "/versheid", "/dashboard"), ("connector", "/hoe-besloten", "/geschiedenis"),
    ("administrator", "/hoe-besloten", "/beheer"),
    ("administrator", "/beheer/projecten/{project}", "/beheer/organisaties"),
])  # fmt: skip
def test_a_page_below_another_is_marked_under_its_link(site: Site, role: str, path: str, under: str) -> None:
    person = site.service.person(site.world.email(role))
    page = person.get(site.world.address(path), headers={"Accept": "text/html"}).text
    head = page.partition('class="main-nav"')[2].partition("</nav>")[0]
    assert re.findall(r'<a href="([^"]+)" aria-current="true"', head) == [under]
