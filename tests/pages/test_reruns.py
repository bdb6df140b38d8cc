"""What a run would change, told before it counts: who is new, who is gone, and why (check 17)."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.pages.conftest import Site
from tests.pages.world import run_done

pytestmark = pytest.mark.ui


def test_what_a_run_would_change_is_told_with_its_cause(own_site: Site, open_as: Callable[..., Any]) -> None:
    """Check 17: whoever was refused at a place stands under what goes, with that as the cause; nothing moved yet."""
    page, student = open_as(own_site, "connector"), own_site.world.ids["student"]
    page.goto(own_site.world.address("/voorstellen/{rich}"))
    for key in ("r", "1", "Enter"):
        page.keyboard.press(key)
    page.wait_for_url("**besluit=**")
    run = run_done(own_site.service, own_site.service.person(own_site.world.email("connector")))
    page.goto(f"/berekeningen/{run}")
    told = {tab.inner_text().split()[0]: int(tab.locator(".count").inner_text())
            for tab in page.locator(".tabs a").all()}  # fmt: skip
    assert told["Weg"] >= 1
    for tab, word in (("Weg", "gone"), ("Nieuw", "new")):
        page.locator(f".tabs a:has-text('{tab}')").click()
        page.wait_for_load_state()
        causes = [row.locator("td").nth(1).inner_text().strip() for row in page.locator("main tbody tr").all()]
        assert len(causes) == told[tab]
        assert all(cause.endswith(".") for cause in causes), word
    page.locator(".tabs a:has-text('Weg')").click()
    page.wait_for_load_state()
    mine = page.locator(f"main tbody tr:has(a[href*='{student}'])").first
    assert "past niet" in mine.inner_text().lower()
    page.goto(own_site.world.address("/voorstellen/{rich}"))
    assert page.locator("section[aria-labelledby=historie] li").count() == 1  # looking at a run decides nothing
