"""The page of an evaluation in a real browser: no accessibility violation, no request, no sideways scrolling."""
from __future__ import annotations

import os
from pathlib import Path

import pytest

from api.evaluate.outcomes import Outcome, Outcomes
from api.evaluate.page import page
from api.evaluate.rows import outcome_rows, plan_rows
from matcher import solve
from tests.api.test_evaluate_numbers import case

pytestmark = pytest.mark.ui
if os.environ.get("SCHAKEL_REQUIRE_PARTS") != "1":
    pytest.importorskip("playwright", reason="the browser driver (group parts) is not installed")
    pytest.importorskip("axe_playwright_python", reason="axe (group parts) is not installed")

FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.mark.parametrize(("lang", "width", "scheme"), [("nl", 1280, "light"), ("en", 320, "dark")])
def test_axe_finds_nothing_and_nothing_is_asked_for(tmp_path: Path, lang: str, width: int, scheme: str) -> None:
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import sync_playwright

    stated = case()
    schools = ["ABC"[min(i // 6, 2)] for i in range(14)]
    outcomes = Outcomes(tuple(Outcome(k, k % 3 == 0) for k in range(13)) * 5, 0, ())
    rows = plan_rows(stated, solve(stated.problem).assignment, schools) + outcome_rows(stated, schools, outcomes)
    path = tmp_path / "evaluation.html"
    path.write_text(page("<b>map</b>", rows, lang), encoding="utf-8")
    assert "<b>map" not in path.read_text(encoding="utf-8")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        shown = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
        asked: list[str] = []
        shown.on("request", lambda request: asked.append(request.url))
        shown.goto(path.as_uri())
        found = Axe().run(
            shown, options={"runOnly": {"type": "tag", "values": TAGS}, "rules": {"target-size": {"enabled": True}}}
        )
        assert found.violations_count == 0, found.generate_report()
        assert asked == [path.as_uri()]
        assert shown.evaluate("document.documentElement.scrollWidth <= innerWidth")
        browser.close()
