"""The no-harm list: who has less than chance, in figures and on the page."""
from __future__ import annotations

import itertools
import json
import re
from functools import cache

import pytest

from api.match_report import MatchReport
from api.pipeline import run_match
from api.policy import Policy
from api.report.figures_json import report_json
from api.report.html import report_html
from api.report.no_harm import no_harm
from api.report.view import build_view
from api.texts.no_harm import NO_HARM
from features.settings import Weights
from tests.api.report_cohort import ON, opening, student

BRANCH = Weights(1_000_000, 0, 0, 0, 0, 0, 0, 0, 0, 0)


@cache
def report(lang: str = "nl", reverse: bool = False) -> MatchReport:
    """One green place: A's first wish, B's third; C can only have it, too. The plan takes A alone (1.00)."""
    students = [
        student("A", branches=("green",)), student("B", branches=("infra", "retail", "green")),
        student("C", branches=("infra", "green")), student("D", branches=("metal",), max_km=0.0),
    ]  # fmt: skip
    openings = [opening("V1", places=1)]
    if reverse:
        students.reverse()
    return run_match(students, openings, Policy(weights=BRANCH, min_fit=0), on=ON, lang=lang)


def test_who_loses_the_only_place_is_listed_with_a_third_of_what_it_would_fit() -> None:
    view = build_view(report())
    names = {p.i: view.report.students[p.i].student_ref for p in view.proposals}
    assert [names[p.i] for p in view.proposals if p.placed] == ["A"]
    listed = {names[one.proposal.i]: one for one in no_harm(view)}
    # who comes first of A, B and C takes it: a third of 0.70 for B and of 0.85 for C; D can go nowhere
    assert set(listed) == {"B", "C"}
    assert listed["B"].chance_fit == pytest.approx(700_000 / 3, abs=700_000 * 0.06)
    assert listed["C"].chance_fit == pytest.approx(850_000 / 3, abs=850_000 * 0.06)
    assert [names[one.proposal.i] for one in no_harm(view)] == ["C", "B"]  # the largest gap first
    assert all(one.fit == 0 for one in listed.values())


def test_the_figures_of_a_program_are_those_of_the_list() -> None:
    view = build_view(report())
    data = json.loads(report_json(view))["no_harm"]
    assert (data["orders"], [row["student"] for row in data["below"]]) == (1000, ["25AB00/C", "25AB00/B"])
    for row, one in zip(data["below"], no_harm(view), strict=True):
        assert (row["fit"], row["placed"]) == (0, False)
        assert row["chance_fit"] == one.chance_fit / 1e6


def test_the_order_of_the_rows_changes_nothing() -> None:
    assert report_json(build_view(report(reverse=True))) == report_json(build_view(report()))


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_the_page_names_them_with_both_figures(lang: str) -> None:
    view = build_view(report(lang))
    page = report_html(view, ())
    part = page[page.index('<section id="chance"') : page.index('<section id="errors"')]
    order = re.findall(r'<th scope="row"><a href="#s\d+">Voornaam(\w)', part)
    assert order == ["C", "B"]
    one = no_harm(view)[0]
    mark = "," if lang == "nl" else "."
    lots = f"{one.chance_fit / 10_000:.1f}".replace(".", mark)
    cells = ("none" if lang == "en" else "geen", f"0{mark}0", lots, f"\N{MINUS SIGN}{lots}")
    assert re.findall(r"<td[^>]*>([^<]*)</td>", part)[1:5] == list(cells)
    assert NO_HARM["line"][lang == "en"].format(n=2) in page[: page.index('<section id="picture"')]


def test_the_page_says_so_where_nobody_is_below() -> None:
    openings = [opening("V1", places=9)]
    view = build_view(run_match([student("A")], openings, Policy(min_fit=0), on=ON))
    assert no_harm(view) == ()
    assert NO_HARM["none"][0].format(orders=1000) in report_html(view, ())


def test_the_words_are_short_sentences() -> None:
    for key, texts in NO_HARM.items():
        for sentence in itertools.chain.from_iterable(re.split(r"(?<=[.?!])\s+", text) for text in texts):
            assert len(sentence.split()) <= 20, (key, sentence)
