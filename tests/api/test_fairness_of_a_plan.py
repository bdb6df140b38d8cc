"""Equal chances in the report, counted again from the tables; nobody can be recognised in it."""
from __future__ import annotations

import csv
import json
import re
from collections import defaultdict
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from api.fairness.intervals import wilson
from api.match_report import MatchReport
from api.pipeline import run_match
from api.policy import Policy
from api.report import write_report
from api.report.fairness import ALARM, SMALL, fairness, waiting
from api.report.html import report_html
from api.report.view import build_view
from api.texts.fairness import FAIRNESS
from features.geography import straight_km
from features.records import Background, Student, SupportNeed
from tests.api.report_cohort import DEVENTER, ON, RAALTE, START, ZWOLLE, opening, student


def people() -> list[Student]:
    """Two schools of a type and one of another, of whom only the first finds places; and some who do not look."""
    made = []
    for k in range(10):
        made.append(student(f"a{k}", school="25AA00", location=RAALTE if k < 6 else ZWOLLE))
    for k in range(8):
        made.append(
            student(f"b{k}", school="25BB00", route=("group",), location=ZWOLLE, leaves_on=date(2025, 12, 1),
                    background=Background(school_type="vso"))
        )  # fmt: skip
    for k in range(3):
        made.append(student(f"c{k}", school="25CC00", location=DEVENTER, support_needed=None))
    made.append(student("d", school="25BB00", destination="mbo", background=Background(school_type="vso")))
    leaving = Background(school_type="vso", leaving_profile="day_activities")
    made.append(student("e", school="25BB00", background=leaving))
    return made


@cache
def report(lang: str = "nl") -> MatchReport:
    openings = [opening("V1", places=9), opening("V2", places=2, route=None, location=RAALTE)]
    return run_match(people(), openings, Policy(min_fit=200_000), on=ON, lang=lang)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("fairness")
    write_report(made, report(), ())
    return made


def test_shares_means_and_distances_are_those_of_the_proposals(folder: Path) -> None:
    figures = json.loads((folder / "report.json").read_text(encoding="utf-8"))["fairness"]
    with (folder / "proposals.csv").open(encoding="utf-8", newline="") as stream:
        rows = {row["student_ref"]: row for row in csv.DictReader(stream)}
    home = {s.student_ref: s for s in people()}
    work = {"V1": ZWOLLE, "V2": RAALTE}
    groups: dict[tuple[str, str], list[str]] = defaultdict(list)
    for ref, s in home.items():
        if ref in ("d", "e"):
            continue  # they do not look for a place
        assert s.location is not None
        kind = s.background.school_type
        level = {None: "unknown", (): "none"}.get(s.support_needed, "structural")
        for name, code in (
            ("school", s.school), ("school_type", kind), ("region", s.location.region_code),
            ("route", "either" if len(s.route) > 1 else s.route[0]), ("support_level", level),
            ("waiting", "not_left" if s.leaves_on == date(2026, 7, 15) else "6_months"),
        ):  # fmt: skip
            groups[name, code].append(ref)
    shown = 0
    for name, table in figures.items():
        assert [row["group"] for row in table] == sorted(code for one, code in groups if one == name)
        for row in table:
            members = groups[name, row["group"]]
            if row["hidden"]:
                assert set(row) == {"group", "hidden"}
                continue
            shown += 1
            placed = [ref for ref in members if rows[ref]["status"] == "placed"]
            assert (row["students"], row["placed"]) == (len(members), len(placed))
            assert row["placed_share"] == pytest.approx(len(placed) / len(members), abs=1e-6)
            assert row["placed_share_interval"] == pytest.approx(wilson(len(placed), len(members)), abs=1e-6)
            if row["means_hidden"] or not placed:
                assert row["mean_fit"] is row["mean_own_best_ratio"] is row["mean_km"] is None
                continue
            fits = [float(rows[ref]["fit"]) for ref in placed]
            assert row["mean_fit"] == pytest.approx(sum(fits) / len(fits), abs=1e-6)
            ratios = [float(rows[ref]["own_best_ratio"]) for ref in placed]
            assert row["mean_own_best_ratio"] == pytest.approx(sum(ratios) / len(ratios), abs=1e-6)
            km = []
            for ref in placed:
                here, there = home[ref].location, work[rows[ref]["vacancy_ref"]]
                assert here is not None
                away = straight_km(here.latitude, here.longitude, there.latitude, there.longitude)
                km.append(1.3 * float(away))
            assert row["mean_km"] == pytest.approx(sum(km) / len(km), abs=2e-3)
            for figure in ("mean_fit", "mean_own_best_ratio", "mean_km"):
                low, high = row[f"{figure}_interval"]
                assert low <= row[figure] <= high
    assert shown >= 7


def test_a_group_that_is_placed_less_than_four_fifths_as_often_has_an_alarm() -> None:
    table = {group.code: group for group in fairness(build_view(report()))["waiting"]}
    best, worse = table["not_left"], table["6_months"]
    assert best.rate_ratio is None
    assert best.share is not None
    assert worse.share is not None
    assert worse.rate_ratio is not None
    assert worse.rate_ratio.value == pytest.approx(1e6 * worse.share.value / best.share.value, abs=2)
    assert worse.alarm == (worse.rate_ratio.value < ALARM)
    assert worse.alarm
    assert not best.alarm


def test_a_small_school_is_hidden_and_so_is_what_would_give_it_away() -> None:
    made = fairness(build_view(report()))
    schools = {group.code: group.hidden for group in made["school"]}
    # 25CC00 has three; 25AA00 is the other school of its type, and the type is shown
    assert schools == {"25AA00": True, "25BB00": False, "25CC00": True}
    assert not any(group.hidden for group in made["school_type"])
    for groups in made.values():
        for group in groups:
            assert group.hidden or (group.students or 0) >= SMALL
            assert group.fit is None or (group.placed or 0) >= SMALL


@pytest.mark.parametrize(
    ("left", "band"),
    [(None, "unknown"), ("2026-07-15", "not_left"), ("2026-06-01", "not_left"), ("2026-05-31", "3_months"),
     ("2026-03-02", "3_months"), ("2026-03-01", "6_months"), ("2025-12-01", "6_months"), ("2025-11-30", "12_months"),
     ("2025-06-01", "12_months"), ("2025-05-31", "longer")],
)  # fmt: skip
def test_waiting_counts_the_days_since_leaving(left: str | None, band: str) -> None:
    one = student("x", leaves_on=None if left is None else date.fromisoformat(left))
    assert waiting(one, ON) == band


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_the_page_says_the_alarm_in_words_and_hides_what_the_figures_hide(lang: str) -> None:
    page = report_html(build_view(report(lang)), ())
    part = page[page.index('<section id="fairness"') : page.index('<section id="errors"')]
    alarm = FAIRNESS["alarm"][lang == "en"]
    assert f'<span class="tag look">{alarm}</span>' in part
    assert re.search(r"25CC00</th><td[^>]*>" + re.escape(FAIRNESS["hidden"][lang == "en"]), part)
    assert START.isoformat() not in part


def test_equal_chances_are_explained_in_short_sentences() -> None:
    for key, (dutch, _) in FAIRNESS.items():
        for sentence in re.split(r"(?<=[.?!])\s+", dutch):
            assert len(sentence.split()) <= 20, (key, sentence)


def test_the_order_of_the_rows_changes_no_figure() -> None:
    turned = run_match(people()[::-1], report().openings[::-1], Policy(min_fit=200_000), on=ON)
    assert fairness(build_view(turned)) == fairness(build_view(report()))


def test_support_is_structural_as_soon_as_one_item_is() -> None:
    from api.report.fairness import support_level

    needs = (SupportNeed("own_pace", "startup"), SupportNeed("quiet_spot", "structural"))
    assert support_level(student("x", support_needed=needs)) == "structural"
    assert support_level(student("x", support_needed=needs[:1])) == "startup"
