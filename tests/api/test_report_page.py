"""`report.html`: stands alone, says nothing it should not, and every link has an end."""
from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from api.report.html import report_html
from api.report.svg import TILES
from api.report.view import build_view
from features.geography import REGIONS
from tests.api.report_cohort import OPENINGS, ROWS, SECRET, STUDENTS, report

VOID = {"meta", "br", "hr", "img", "input", "link"}
SELF_CLOSING = {"rect", "line", "path", "circle"}


class Outline(HTMLParser):
    """Tags in order, ids, links, headings, and whether every tag is closed in turn."""

    def __init__(self) -> None:
        super().__init__()
        self.stack: list[str] = []
        self.tags: Counter[str] = Counter()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.labelled: list[str] = []
        self.headings: list[int] = []
        self.outside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        given = dict(attrs)
        self.ids += [given["id"] or ""] if "id" in given else []
        self.links += [given["href"] or ""] if "href" in given else []
        self.labelled += (given.get("aria-labelledby") or "").split()
        self.outside += [name for name in ("src", "srcset", "action", "style", "onclick") if name in given]
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag not in VOID:
            self.stack.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.stack.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.stack.pop() == tag, tag


@pytest.fixture(scope="module", params=["nl", "en"])
def page(request: pytest.FixtureRequest) -> str:
    return report_html(build_view(report(request.param)), ROWS)


def outline(page: str) -> Outline:
    parsed = Outline()
    parsed.feed(page)
    parsed.close()
    return parsed


def test_the_page_is_well_formed_and_its_links_end_on_the_page(page: str) -> None:
    found = outline(page)
    assert not found.stack
    assert found.links
    assert all(link.startswith("#") for link in found.links)
    assert {link[1:] for link in found.links} <= set(found.ids)
    assert set(found.labelled) <= set(found.ids)
    assert [name for name, n in Counter(found.ids).items() if n > 1] == []


def test_nothing_runs_and_nothing_comes_from_elsewhere(page: str) -> None:
    found = outline(page)
    assert not found.outside
    assert not {"script", "img", "iframe", "link", "object", "form"} & set(found.tags)
    addresses = set(re.findall(r"https?://[^\s\"'<]+", page))
    assert addresses <= {"http://www.w3.org/2000/svg"}
    assert "@import" not in page
    assert "url(" not in page.partition("</style>")[0]


def test_headings_go_down_one_step_at_a_time(page: str) -> None:
    levels = outline(page).headings
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_every_student_and_opening_has_a_card(page: str) -> None:
    ids = set(outline(page).ids)
    kept = sum(s.work_capacity != "no" for s in STUDENTS)
    assert {f"s{k + 1}" for k in range(kept)} | {f"v{k + 1}" for k in range(len(OPENINGS))} <= ids


def test_own_words_birth_dates_and_postcodes_stay_out(page: str) -> None:
    assert SECRET not in page
    assert "okapi" not in page
    for student in STUDENTS:
        assert student.birth_date.isoformat() not in page
    assert not re.search(r"\b8102\b|\b8011\b", page)
    assert "Raalte" in page


def test_text_from_files_is_escaped(page: str) -> None:
    assert "<b>" not in page
    assert "&lt;b&gt;Bo" in page
    assert "Winkel &amp; &lt;Zoon&gt;" in page


def test_defects_of_rows_are_listed(page: str) -> None:
    assert "Bedoel je `infra`?" in page
    assert "=1+1" in page


def test_every_drawing_has_a_title_and_a_description(page: str) -> None:
    drawings = re.findall(r'<svg class="figure".*?</svg>', page, flags=re.S)
    assert len(drawings) == 3
    for drawing in drawings:
        assert 'role="img"' in drawing
        assert re.search("<title id=[^>]+>[^<]+</title><desc id=[^>]+>[^<]+</desc>", drawing)


def test_every_region_has_a_tile_of_its_own() -> None:
    assert sorted(TILES) == sorted(REGIONS)
    assert len({(column, row) for _, column, row in TILES.values()}) == 35
    assert len({letters for letters, _, _ in TILES.values()}) == 35


def test_points_shown_add_up_to_the_points_of_the_fit() -> None:
    page = report_html(build_view(report("nl")), ())
    cards = re.findall(r'<article class="card" id="s\d+".*?</article>', page, flags=re.S)
    checked = 0
    for card in cards:
        said = re.search(r"(\d+) van 100 punten, begint op (\d+)", card)
        if said:
            shown = re.findall(r'<span class="pts">([+\N{MINUS SIGN}]?)(\d+)</span>', card)
            total = sum(-int(number) if sign == "\N{MINUS SIGN}" else int(number) for sign, number in shown)
            assert int(said[2]) + total == int(said[1])
            checked += 1
    assert checked == sum(p.placed for p in build_view(report("nl")).proposals)


def test_the_page_of_nobody_and_nothing_is_a_page() -> None:
    from api.pipeline import run_match
    from api.policy import Policy
    from tests.api.report_cohort import ON

    made = run_match(STUDENTS[4:5], OPENINGS[5:6], Policy(), on=ON)
    assert not outline(report_html(build_view(made), ())).stack
