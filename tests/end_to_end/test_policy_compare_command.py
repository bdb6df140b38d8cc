"""`schakel policy compare` on the cohort that is solved by hand (fixtures/tiny/README.md), and its exit statuses."""
from __future__ import annotations

import csv
import dataclasses
import json
import random
from pathlib import Path

import pytest

from api.cli import run

TINY = Path(__file__).parent.parent.parent / "fixtures" / "tiny"
WEIGHTS = (TINY / "policy.toml").read_text(encoding="utf-8").split("[weights]")[1]
Capture = pytest.CaptureFixture[str]


def compare(folder: Path, new: str, *more: str, old: str = "", lists: Path = TINY) -> int:
    for name, text in (("old", old), ("new", new)):
        (folder / f"{name}.toml").write_text(
            f'name = "{name}"\n{text.split("[", 1)[0]}\n[weights]{WEIGHTS}\n{"".join(text.partition("[")[1:])}',
            encoding="utf-8",
        )
    files = [folder / "old.toml", folder / "new.toml", lists / "leavers.csv", lists / "vacancies.csv"]
    return run(["policy", "compare", *map(str, files), "--on", "2026-06-15", *more])


def table(folder: Path) -> list[dict[str, str]]:
    with (folder / "out" / "moves.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def moved(folder: Path, new: str, old: str = "") -> dict[str, tuple[str, str, str]]:
    assert compare(folder, new, "--out", str(folder / "out"), old=old) == 0
    return {row["student_ref"]: (row["old_vacancy"], row["new_vacancy"], row["settings"]) for row in table(folder)}


def test_the_same_policy_moves_nobody(tmp_path: Path, capsys: Capture) -> None:
    assert compare(tmp_path, "") == 0
    said = capsys.readouterr().out
    assert "zijn gelijk" in said
    assert "Voor geen enkele leerling" in said


def test_a_higher_floor_takes_the_second_wishes_away(tmp_path: Path) -> None:
    # A and C have a place that fits 0.85; only B's fits better.
    assert moved(tmp_path, "min_fit = 0.86") == {"A": ("V2", "", "min_fit"), "C": ("V3", "", "min_fit")}
    assert {row["refused_now"] for row in table(tmp_path)} == {"min_fit"}
    assert {row["change"] for row in table(tmp_path)} == {"loses"}
    assert {row["old_fit_old_place"] for row in table(tmp_path)} == {"0.850000"}


def test_a_cap_sends_a_student_to_the_second_best_place(tmp_path: Path) -> None:
    cap = '[[caps]]\nbranch = "hospitality"\nat_most = 0'
    assert moved(tmp_path, cap) == {"C": ("V3", "V2", "caps.hospitality")}
    [row] = table(tmp_path)
    assert (row["change"], row["old_fit_old_place"], row["old_fit_new_place"]) == ("moves", "0.850000", "0.700000")
    assert (row["refused_before"], row["refused_now"], row["branch"]) == ("", "", "0.000000")


def test_who_gains_a_place_is_told_by_the_rule_that_no_longer_refuses(tmp_path: Path) -> None:
    # D lives in Deventer and fits V2 (retail) with 1.00; the crow flies some 16 km to Raalte.
    lists = tmp_path / "lists"
    lists.mkdir()
    with (TINY / "leavers.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    for row in rows:
        if row["student_ref"] == "D":
            row |= {"max_km": "25", "max_minutes": "200"}
    with (lists / "leavers.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    (lists / "vacancies.csv").write_bytes((TINY / "vacancies.csv").read_bytes())
    out = ("--out", str(tmp_path / "out"))
    assert compare(tmp_path, "[rules]\nroad_factor = 1.0", *out, old="[rules]\nroad_factor = 3.0", lists=lists) == 0
    row = next(row for row in table(tmp_path) if row["student_ref"] == "D")
    assert (row["change"], row["new_vacancy"], row["refused_before"]) == ("gains", "V2", "reach")
    assert row["settings"] == "rules.road_factor"


def test_two_changes_are_told_apart_by_putting_each_back(tmp_path: Path) -> None:
    # Without the cap C keeps V3; without the floor C goes to V2. A loses V2 (0.85) by the floor alone.
    new = 'min_fit = 0.86\n[[caps]]\nbranch = "hospitality"\nat_most = 0'
    found = moved(tmp_path, new)
    assert found["A"] == ("V2", "", "min_fit")
    # C's place is refused by the floor and by the cap: neither alone is needed.
    assert found["C"] == ("V3", "", "")
    assert "Geen van de wijzigingen" in next(row["why"] for row in table(tmp_path) if row["student_ref"] == "C")


def test_weights_move_who_they_favour_and_the_parts_add_up(tmp_path: Path) -> None:
    new = tmp_path / "new.toml"
    compare(tmp_path, "")
    new.write_text('name = "new"\nmin_fit = 0\n[weights]\nbranch = 0.2\ntasks = 0.18', encoding="utf-8")
    files = [tmp_path / "old.toml", new, TINY / "leavers.csv", TINY / "vacancies.csv"]
    out = str(tmp_path / "out")
    assert run(["policy", "compare", *map(str, files), "--on", "2026-06-15", "--out", out, "--lang", "en"]) == 0
    features = ("branch", "tasks", "work_skills", "support", "travel", "hours", "conditions", "route", "development",
                "contract", "base")  # fmt: skip
    assert table(tmp_path)
    for row in table(tmp_path):
        shift = sum(round(float(row[name]) * 10**6) for name in features)
        fits = {key: round(float(row[key] or 0) * 10**6) for key in row if "_fit_" in key}
        new_side = fits["new_fit_new_place"] - fits["old_fit_new_place"]
        old_side = fits["new_fit_old_place"] - fits["old_fit_old_place"]
        sign = -1 if row["change"] == "moves" else 1  # one place only: its own change
        assert shift == new_side + sign * old_side


def test_the_answer_does_not_depend_on_the_order_of_rows(tmp_path: Path, capsys: Capture) -> None:
    lists = tmp_path / "lists"
    lists.mkdir()
    draw = random.Random(5)
    for name in ("leavers.csv", "vacancies.csv"):
        head, *rows = (TINY / name).read_text(encoding="utf-8").splitlines()
        draw.shuffle(rows)
        (lists / name).write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    assert compare(tmp_path, "min_fit = 0.86", "--out", str(tmp_path / "out")) == 0
    first, files = capsys.readouterr().out, {p.name: p.read_bytes() for p in (tmp_path / "out").iterdir()}
    assert compare(tmp_path, "min_fit = 0.86", "--out", str(tmp_path / "out"), lists=lists) == 0
    assert capsys.readouterr().out == first
    assert {p.name: p.read_bytes() for p in (tmp_path / "out").iterdir()} == files


def test_small_groups_are_not_shown(tmp_path: Path, capsys: Capture) -> None:
    assert compare(tmp_path, "min_fit = 0.86", "--out", str(tmp_path / "out")) == 0
    said = capsys.readouterr().out
    found = json.loads((tmp_path / "out" / "compare.json").read_text(encoding="utf-8"))
    assert found["totals"]["placed"] == {"old": 3, "new": 1}
    for rows in found["groups"].values():  # five students: a group of all five may be shown, its placed may not
        for row in rows:
            assert row["hidden"] == (row["students"] is None)
            assert row["old"] is None
            assert row["new"] is None
    assert "< 5" in said or "minder dan 5" in said


@pytest.mark.parametrize("which", ["old", "new"])
def test_a_wrong_policy_is_refused_by_name(tmp_path: Path, capsys: Capture, which: str) -> None:
    texts = {"old": "", "new": ""} | {which: "min_fit = 2"}
    assert compare(tmp_path, texts["new"], "--out", str(tmp_path / "out"), old=texts["old"]) == 1
    assert f"{which}.toml" in capsys.readouterr().err
    assert b"min_fit" in (tmp_path / "out" / "rows.csv").read_bytes()
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["rows.csv"]
    assert compare(tmp_path, "min_fit = 0.86", "--out", str(tmp_path / "out")) == 0  # an earlier result is replaced


def test_a_missing_file_and_a_folder_in_use_are_wrong_usage(tmp_path: Path, capsys: Capture) -> None:
    assert run(["policy", "compare", *(str(tmp_path / name) for name in "abcd")]) == 2
    assert "no such file" in capsys.readouterr().err
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("x", encoding="utf-8")
    assert compare(tmp_path, "", "--out", str(tmp_path / "out")) == 2
    assert (tmp_path / "out" / "mine.txt").exists()


@pytest.mark.parametrize(("which", "word"), [("old", "Het oude beleid"), ("new", "Het nieuwe beleid")])
def test_a_policy_without_a_plan_is_told_with_its_conflict(
    tmp_path: Path, capsys: Capture, which: str, word: str
) -> None:
    texts = {"old": "", "new": ""} | {which: '[[caps]]\nname = "te veel"\nbranch = "green"\nat_least = 2'}
    assert compare(tmp_path, texts["new"], "--out", str(tmp_path / "out"), old=texts["old"]) == 3
    said = capsys.readouterr()
    assert word in said.err
    assert "te veel" in said.err
    assert said.out == ""
    found = json.loads((tmp_path / "out" / "compare.json").read_text(encoding="utf-8"))
    assert found == {"status": "infeasible", "policy": which}


def test_a_time_limit_that_strikes_ends_with_4(
    tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    import api.compare.plans
    from matcher.errors import NoPlanYet
    from matcher.problem import Problem
    from matcher.solution import Solution, Stage
    from matcher.solver import search

    def feasible(problem: Problem, **options: object) -> Solution:
        best = search(problem, objective="placed")
        stages = tuple(
            Stage(s.name, s.value, s.bound + 1_000 if s.name == "fit" else s.bound)  # type: ignore[operator]
            for s in best.stages
        )
        return dataclasses.replace(best, status="feasible", stages=stages)

    def struck(*_: object, **__: object) -> None:
        raise NoPlanYet

    out = str(tmp_path / "out")
    monkeypatch.setattr(api.compare.plans, "search", feasible)
    assert compare(tmp_path, "min_fit = 0.86", "--out", out) == 4
    said = capsys.readouterr()
    assert "tijdsgrens" in said.err
    assert "31TA00/A" in said.out  # the best plans so far are told all the same
    assert json.loads((tmp_path / "out" / "compare.json").read_text(encoding="utf-8"))["status"] == "feasible"
    monkeypatch.setattr(api.compare.plans, "search", struck)
    assert compare(tmp_path, "min_fit = 0.86", "--out", out) == 4
    said = capsys.readouterr()
    assert "Het oude beleid" in said.err
    assert said.out == ""
    assert json.loads((tmp_path / "out" / "compare.json").read_text(encoding="utf-8"))["status"] == "unknown"


def test_a_decision_about_nobody_is_counted_and_strict_stops(tmp_path: Path, capsys: Capture) -> None:
    decisions = tmp_path / "decisions.csv"
    decisions.write_text(
        "school,student_ref,vacancy_ref,starts_on,decision,reason,on\n25AB00,Z,V1,,reject,travel,2026-06-01\n",
        encoding="utf-8",
    )
    assert compare(tmp_path, "min_fit = 0.86", "--decisions", str(decisions)) == 0
    assert "1 fout" in capsys.readouterr().err
    assert compare(tmp_path, "min_fit = 0.86", "--decisions", str(decisions), "--strict") == 1
