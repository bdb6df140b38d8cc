"""Every page x role x language x state: accessible, narrow enough for a phone, titled, and quiet."""
from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

import pytest

from tests.pages.conftest import WIDTHS, Site, axe, is_narrow, shoot
from tests.pages.pages import PAGES, PageState

pytestmark = pytest.mark.ui


def crossed() -> Iterator[Any]:
    """Every state in both languages and widths: one of the four by default, turn about; all with the full counts."""
    for k, case in enumerate(PAGES):
        here = ("nl", WIDTHS[0]) if k % 2 == 0 else ("en", WIDTHS[1])
        for lang, width in product(("nl", "en"), WIDTHS):
            marks = () if (lang, width) == here else pytest.mark.slow
            yield pytest.param(case, lang, width, id=f"{case.name}-{lang}-{width}", marks=marks)


@pytest.mark.parametrize(("case", "lang", "width"), list(crossed()))
def test_a_page_is_accessible_narrow_and_quiet(
    request: pytest.FixtureRequest, open_as: Callable[..., Any], case: PageState, lang: str, width: int
) -> None:
    site = site_of(request, case)
    # Dark on the phone: both schemes are looked at without twice the pages.
    page = open_as(site, case.role, width=width, lang=lang, scheme="light" if width == WIDTHS[0] else "dark")
    answer = page.goto(site.world.address(case.path))
    assert answer.status == case.status
    if case.act is not None:
        case.act(page)
    assert page.evaluate("document.documentElement.lang") == lang
    assert page.locator("h1").count() == 1
    assert page.title().endswith(" - Schakel")
    if case.state == "error" and case.act is not None:
        assert page.title().startswith("Fout: " if lang == "nl" else "Error: ")
        assert page.evaluate("document.activeElement.id") == "errors"
        # One message by itself says which field it is about: no two the same, and none that fits every field.
        told = page.locator("#errors a").all_inner_texts()
        assert len(set(told)) == len(told)
        assert not {"Vul dit in.", "Maak een keuze.", "Fill this in.", "Make a choice."} & set(told)
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    axe(page)
    is_narrow(page)
    shoot(page, f"{case.name}-{lang}-{width}")
    page.context.close()


def site_of(request: pytest.FixtureRequest, case: PageState) -> Site:
    """The service with the world of a case."""
    found: Site = request.getfixturevalue("people_site" if case.world == "people" else "site")
    return found


def test_every_state_has_a_picture_of_its_own() -> None:
    names = [case.name for case in PAGES]
    assert sorted(set(names)) == sorted(names)


def test_titles_are_unique(request: pytest.FixtureRequest) -> None:
    """By the Dutch title of the filled page; two states or roles of one address share theirs."""
    titles: dict[str, str] = {}
    for case in PAGES:
        if case.status == 200 and case.state == "filled" and case.act is None:
            site = site_of(request, case)
            person = site.service.person(site.world.email(case.role) if case.role else "")
            text = person.get(site.world.address(case.path), headers={"Accept": "text/html"}).text
            title = text.split("<title>")[1].split("</title>")[0]
            address = re.sub(r"\{\w+\}", "{}", case.path.split("?")[0])
            assert titles.setdefault(title, address) == address, title


def test_every_page_that_a_role_can_reach_from_its_head_is_in_the_list(site: Site) -> None:
    listed = {(case.role.split("_")[0], case.path.split("?")[0]) for case in PAGES}
    for role in ("connector", "school", "referrer", "employer", "municipality", "administrator"):
        person = site.service.person(site.world.email(role))
        head = person.get("/hulp", headers={"Accept": "text/html"}).text
        head = head.split('class="main-nav"')[-1].split("</nav>")[0]
        for path in re.findall(r'<li><a href="(/[^"]+)"', head):
            twin = {"referrer": "school"}.get(role, role)
            assert (role, path) in listed or (twin, path) in listed, (role, path)
