"""The page in a real browser: no accessibility violation, no request, no sideways scrolling, and it prints."""
from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.report.html import report_html
from api.report.view import build_view
from tests.api.report_cohort import ROWS, report

pytestmark = pytest.mark.ui
if os.environ.get("SCHAKEL_REQUIRE_PARTS") != "1":
    pytest.importorskip("playwright", reason="the browser driver (group parts) is not installed")
    pytest.importorskip("axe_playwright_python", reason="axe (group parts) is not installed")

FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        yield started
        started.close()


@pytest.fixture(scope="module", params=["nl", "en"])
def address(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    path: Path = tmp_path_factory.mktemp("page") / "report.html"
    path.write_text(report_html(build_view(report(request.param)), ROWS), encoding="utf-8")
    return path.as_uri()


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (320, "dark")])
def test_axe_finds_nothing_and_nothing_is_asked_for(browser: object, address: str, width: int, scheme: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[attr-defined]
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address)
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    found = Axe().run(
        page, options={"runOnly": {"type": "tag", "values": TAGS}, "rules": {"target-size": {"enabled": True}}}
    )
    assert found.violations_count == 0, found.generate_report()
    assert asked == [address]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.close()


def test_print_shows_what_is_folded_and_leaves_navigation_out(browser: object, address: str) -> None:
    page = browser.new_page()  # type: ignore[attr-defined]
    page.goto(address)
    page.emulate_media(media="print")
    folded = "getComputedStyle(document.querySelector('details'), '::details-content').contentVisibility"
    assert page.evaluate(folded) == "visible"
    assert page.evaluate("getComputedStyle(document.querySelector('nav')).display") == "none"
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")
    page.close()


def test_the_keyboard_reaches_the_content_first(browser: object, address: str) -> None:
    page = browser.new_page()  # type: ignore[attr-defined]
    page.goto(address)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#main"
    page.close()
