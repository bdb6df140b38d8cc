"""Every page on paper, at 400 % zoom, with wider text spacing and in the system's own colours (check 20 and WCAG).

One visit per page and state: what is asked of it needs no other language and no axe, only other media.
"""
from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.pages.conftest import SCREENS, Site, is_narrow, shoot
from tests.pages.pages import PAGES, PageState
from tests.pages.test_every_page import site_of

pytestmark = pytest.mark.ui
Open = Callable[..., Any]
SPACED = """(() => { for (const e of document.querySelectorAll('*')) for (const [name, value] of Object.entries({
    'line-height': '1.5', 'letter-spacing': '0.12em', 'word-spacing': '0.16em'}))
    e.style.setProperty(name, value, 'important');
  for (const e of document.querySelectorAll('p')) e.style.setProperty('margin-bottom', '2em', 'important'); })()"""
"""The spacing of text that WCAG 2.2 names in 1.4.12."""
CUT = """() => [...document.querySelectorAll('body *')].filter((e) => e.checkVisibility()
    && !e.closest('.unseen, thead, .skip, .scroll, svg')
    && [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim())
    && ['hidden', 'clip'].includes(getComputedStyle(e).overflowX)
    && (e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1))
    .map((e) => e.outerHTML.slice(0, 120))"""
STUCK = """() => [...document.querySelectorAll('body *')].filter((e) => e.checkVisibility()
    && ['sticky', 'fixed'].includes(getComputedStyle(e).position)
    && e.getBoundingClientRect().height > innerHeight / 2).map((e) => e.outerHTML.slice(0, 120))"""
SIDEWAYS = """() => [...document.querySelectorAll('.scroll:has(table.stacked)')].filter((e) => e.checkVisibility()
    && e.scrollWidth > e.clientWidth + 1).map((e) => e.outerHTML.slice(0, 120))"""
BARE = """() => [...document.querySelectorAll('.btn, .tile, .tag, input:not([type=hidden]), select, textarea')]
  .filter((e) => { const s = getComputedStyle(e);
    return e.checkVisibility() && !['radio', 'checkbox', 'file'].includes(e.type)
      && (s.borderTopStyle === 'none' || parseFloat(s.borderTopWidth) === 0) && s.outlineStyle === 'none'; })
    .map((e) => e.outerHTML.slice(0, 120))"""
SAME = """() => [...document.querySelectorAll('[aria-current]')].filter((e) => e.checkVisibility()).filter((e) => {
    const told = (one) => { const s = getComputedStyle(one); return [s.borderBottomStyle, s.borderBottomWidth,
      s.borderBottomColor, s.fontWeight, s.textDecorationLine, s.outlineStyle].join(); };
    const item = e.closest('li');
    const others = item ? [...item.parentElement.children].filter((li) => li !== item)
      .map((li) => e === item ? li : li.querySelector(e.tagName))
      .filter((o) => o && !o.hasAttribute('aria-current')) : [];
    return others.length && others.every((o) => told(o) === told(e)); }).map((e) => e.outerHTML.slice(0, 120))"""
PAPER = {"width": 680, "height": 1000}
"""What is left of A4 between margins of 15 mm, in pixels of CSS."""
ONE_SHEET = {"gesprekskaart-leerling", "gesprekskaart-plek"}


@pytest.mark.parametrize(
    "case",  # one in four by default, and what has a sheet of its own; all with the full counts
    [pytest.param(case, id=case.name, marks=() if k % 4 == 0 or case.name in ONE_SHEET else pytest.mark.slow)
     for k, case in enumerate(PAGES)],
)  # fmt: skip
def test_a_page_holds_on_paper_enlarged_spaced_and_in_the_colours_of_the_system(
    request: pytest.FixtureRequest, open_as: Open, case: PageState
) -> None:
    site: Site = site_of(request, case)
    page = open_as(site, case.role)
    page.goto(site.world.address(case.path))
    if case.act is not None:
        case.act(page)
    is_fit_for_paper(page, case)
    is_known_by_its_edges(page)
    # Last, as it changes the page: a window of 1280 by 1024 at 400 % is one of 320 by 256.
    page.set_viewport_size({"width": 320, "height": 256})
    assert page.evaluate(STUCK) == [], "covers more than half of an enlarged page"
    is_narrow(page)
    assert page.evaluate(SIDEWAYS) == [], "a table that should be cards scrolls sideways"
    page.evaluate(SPACED)
    is_narrow(page)
    assert page.evaluate(CUT) == [], "cut off when text is spaced"
    page.context.close()


def is_fit_for_paper(page: Any, case: PageState) -> None:
    """Black on white, with nothing to click, nothing beside the sheet, and as many sheets as it says."""
    seen = page.viewport_size
    page.emulate_media(media="print", color_scheme="dark")
    page.set_viewport_size(PAPER)
    shown = page.locator(".top, .skip, .foot nav, main button, main a.btn, .tabs, .pager, .banner").filter(visible=True)
    assert shown.evaluate_all("all => all.map((e) => e.outerHTML.slice(0, 120))") == []
    assert page.locator("h1").is_visible() or case.name == "toestemming-codes"  # slips to cut out have no heading
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    beside = page.evaluate("""() => [...document.querySelectorAll('main *')].filter((e) => e.checkVisibility()
        && e.getBoundingClientRect().right > innerWidth + 1 && !e.closest('.unseen'))
        .slice(0, 3).map((e) => e.outerHTML.slice(0, 120))""")
    assert beside == [], "beside the sheet"
    sheets = len(re.findall(rb"/Type /Page\b", page.pdf(prefer_css_page_size=True)))
    assert sheets == 1 if case.name in ONE_SHEET else sheets >= 1
    page.emulate_media(media="screen", color_scheme="light")
    page.set_viewport_size(seen)


def is_known_by_its_edges(page: Any) -> None:
    """In forced colours no ground is left: a control keeps an edge, and where one is keeps a sign of its own."""
    page.emulate_media(forced_colors="active")
    assert page.evaluate(BARE) == [], "no edge in forced colours"
    assert page.evaluate(SAME) == [], "where one is, is not seen in forced colours"
    page.emulate_media(forced_colors="none")


@pytest.mark.parametrize("name", ["beoordelen", "dashboard", "leerlingen", "vacature-tijden", "voorstel"])
def test_a_page_in_forced_colours_is_kept_to_look_at(
    request: pytest.FixtureRequest, open_as: Open, name: str
) -> None:
    case = next(case for case in PAGES if case.name == name)
    site = site_of(request, case)
    page = open_as(site, case.role)
    page.emulate_media(forced_colors="active")
    page.goto(site.world.address(case.path))
    shoot(page, f"{name}-forced")
    assert (SCREENS / f"{name}-forced.png").stat().st_size > 0


def test_a_cell_of_a_card_says_what_it_is(site: Site, open_as: Open) -> None:
    """On a phone every cell with something in it has the head of its column before it; on a desk none has.

    A cell whose label is empty says what it is in its own words, such as the number of regions.
    """
    page = open_as(site, "connector", width=320)
    for path in ("/zonder-plek", "/geschiedenis", "/berekeningen", "/opvolging"):
        page.goto(path)
        heads = page.locator("table.stacked").first.locator("thead th, thead td").all_inner_texts()
        rows = page.locator("table.stacked").first.locator("tbody tr").all()
        assert rows, path
        for row in rows[:3]:
            cells = row.locator("> *").all()
            for head, cell in zip(heads, cells, strict=True):
                asks = "e => e.tagName === 'TD' && e.textContent.trim() !== '' && e.dataset.label !== ''"
                if cell.evaluate(asks) and head.strip():
                    shown = cell.evaluate("e => getComputedStyle(e, '::before').content")
                    assert head.strip() in shown, (path, head)
    page.set_viewport_size({"width": 1280, "height": 800})
    first = page.locator("table.stacked td").first
    assert first.evaluate("e => getComputedStyle(e, '::before').content") == "none"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_picture_to_scan_is_dark_on_white_whatever_the_scheme(site: Site, open_as: Open, scheme: str) -> None:
    page = open_as(site, "school", scheme=scheme)
    page.goto("/mijn-account/tweede-stap")
    page.locator("main form button").click()
    picture = page.locator("main img")
    assert picture.evaluate("e => getComputedStyle(e).backgroundColor") == "rgb(255, 255, 255)"
    assert picture.evaluate("e => parseFloat(getComputedStyle(e).paddingTop)") >= 8  # the edge a camera needs
