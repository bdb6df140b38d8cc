"""The municipality's figures: map, table and file say the same, no small one, all within reach of a finger or key."""
from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest

from features.geography import REGIONS
from tests.pages.conftest import Site, session_of

pytestmark = pytest.mark.ui
Open = Callable[..., Any]
COLUMN = {"without_place": 1, "open_places": 2, "placements": 3}


@pytest.mark.parametrize(("what", "year"), [("without_place", 2024), ("without_place", 2025), ("open_places", 2026),
                                            ("placements", 2025)])  # fmt: skip
@pytest.mark.parametrize("lang", ["nl", "en"])
def test_the_map_and_the_table_show_equal_figures_and_no_small_one(
    site: Site, open_as: Open, what: str, year: int, lang: str
) -> None:
    """Check 18: map, table and file alike; what is hidden reads "< 5", the rest goes by fives."""
    page = open_as(site, "municipality", lang=lang)
    page.goto(f"/dashboard?jaar={year}&toon={what}")
    tiles = {
        re.search(r"regio=(AM\d\d)", tile.get_attribute("href"))[1]: tile.locator(".tile-number").inner_text()  # type: ignore[index]
        for tile in page.locator("a.tile").all()
    }
    table = {
        re.search(r"regio=(AM\d\d)", row.locator("th a").get_attribute("href"))[1]:  # type: ignore[index]
        row.locator("td").nth(COLUMN[what] - 1).inner_text() for row in page.locator("main tbody tr").all()
    }  # fmt: skip
    assert set(tiles) == set(table) == set(REGIONS)
    assert tiles == table
    client = site.service.app.test_client()
    client.set_cookie("sid", session_of(site, "municipality"))
    lines = list(csv.DictReader(io.StringIO(client.get(f"/dashboard.csv?jaar={year}").text.lstrip("\ufeff"))))
    assert {line["region_code"]: line[what].replace("<5", "< 5") for line in lines} == {
        code: re.sub(r"[.,\s](?=\d{3})", "", text).replace("\u00a0", " ") for code, text in table.items()}  # fmt: skip
    counted = [text for text in table.values() if "<" not in text]
    assert all(int(re.sub(r"\D", "", text)) % 5 == 0 for text in counted)
    hidden = [text.replace("\u00a0", " ") for text in table.values() if "<" in text]
    assert set(hidden) <= {"< 5"}
    assert any(text != "0" for text in table.values())  # or nothing was asked
    if what == "without_place" and year == 2024:
        assert len(hidden) == 2  # of leavers of earlier years only few are left, in both regions


def test_every_region_is_reached_by_tab_by_name_and_large_enough_to_touch(site: Site, open_as: Open) -> None:
    """Check 18: all 35 in order of their names, each with a focus that is seen, 44 pixels at least."""
    page = open_as(site, "municipality")
    page.goto("/dashboard?jaar=2025")
    sizes = page.locator("a.tile").evaluate_all(
        "all => all.map((e) => e.getBoundingClientRect()).map((r) => Math.min(r.width, r.height))")
    assert len(sizes) == 35
    assert min(sizes) >= 44
    page.locator("main .filter button").focus()
    reached = []
    for _ in range(36):
        page.keyboard.press("Tab")
        told = page.evaluate("""() => { const e = document.activeElement, s = getComputedStyle(e);
            return [e.matches('a.tile'), e.querySelector('abbr')?.title,
                    s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2]; }""")
        if told[0]:
            assert told[2], told
            reached.append(told[1].split(",")[0])
    assert len(reached) == 35
    assert reached == sorted(reached)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_hidden_figure_is_told_from_a_small_one_without_colour(site: Site, open_as: Open, scheme: str) -> None:
    """Check 18: a pattern on what is hidden; and five steps that differ in lightness, not in hue alone."""
    page = open_as(site, "municipality", scheme=scheme)
    page.goto("/dashboard?jaar=2024")
    few = page.locator("a.tile.few")
    assert few.count() >= 1
    assert "gradient" in few.first.evaluate("e => getComputedStyle(e).backgroundImage")
    light = page.evaluate("""() => [0, 1, 2, 3, 4].map((step) => {
        const tile = document.querySelector('a.tile').cloneNode(true);
        tile.className = `tile s${step}`; document.querySelector('.tiles li').append(tile);
        const [r, g, b] = getComputedStyle(tile).backgroundColor.match(/[\\d.]+/g).map(Number);
        tile.remove();
        return 0.2126 * r + 0.7152 * g + 0.0722 * b; })""")
    steps = [one - two for one, two in pairwise(light)]
    assert all(step > 8 for step in steps) or all(step < -8 for step in steps), light


FILES = {
    "/dashboard": ["/dashboard.csv"], "/versheid": ["/versheid.csv"],
    "/trechter": ["/trechter.csv", "/bestemmingen.csv"],
    "/knelpunten": ["/knelpunten.csv"], "/gelijke-kansen": ["/gelijke-kansen.csv"],
}  # fmt: skip


@pytest.mark.parametrize("path", FILES)
def test_a_file_stands_beside_every_figure_and_holds_what_the_page_shows(
    site: Site, open_as: Open, path: str
) -> None:
    page = open_as(site, "municipality")
    page.goto(f"{path}?jaar=2025")
    links = [a.get_attribute("href") for a in page.locator("main a[href*='.csv']").all()]
    assert [link.split("?")[0] for link in links] == FILES[path]
    client = site.service.app.test_client()
    client.set_cookie("sid", session_of(site, "municipality"))
    shown = page.locator("main td.num").all_inner_texts()
    told: set[str] = set()
    for link in links:
        answer = client.get(link)
        assert (answer.status_code, answer.content_type) == (200, "text/csv; charset=utf-8"), link
        lines = list(csv.reader(io.StringIO(answer.text)))
        assert len(lines) > 1
        assert len({len(line) for line in lines}) == 1
        told |= {cell for line in lines[1:] for cell in line}
    assert shown
    assert {re.sub(r"[\s\u00a0.]", "", text) for text in shown} <= told


def test_the_file_of_equal_chances_holds_the_interval_that_the_page_tells(site: Site, open_as: Open) -> None:
    page = open_as(site, "municipality")
    page.goto("/gelijke-kansen?jaar=2025")
    client = site.service.app.test_client()
    client.set_cookie("sid", session_of(site, "municipality"))
    lines = list(csv.DictReader(io.StringIO(client.get("/gelijke-kansen.csv?jaar=2025").text)))
    told = [line for line in lines if line["by"] == "school_type" and line["share"]]
    assert told
    text = page.locator("main tbody").inner_text()
    for line in told:
        value, low, high = (round(100 * float(line[f"share{end}"])) for end in ("", "_low", "_high"))
        assert f"{value}\u00a0% (tussen {low}\u00a0% en {high}\u00a0%)" in text  # a number keeps its sign beside it
