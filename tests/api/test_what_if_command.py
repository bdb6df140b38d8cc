"""`schakel what-if` against the commands it stands for: change the files, run `assign` again, compare."""
from __future__ import annotations

import csv
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from api.cli import run

SCORES = """student,opening,score
anna,bakery,0.9
anna,garage,0.8
bob,bakery,0.5
carl,garden,0.7
carl,bakery,0.6
dana,garden,0.65
"""
OPENINGS = "opening,places,min_to_open\nbakery,1,\ngarage,1,\ngarden,2,2\n"


@pytest.fixture
def case(tmp_path: Path) -> Path:
    (tmp_path / "scores.csv").write_text(SCORES, encoding="utf-8")
    (tmp_path / "openings.csv").write_text(OPENINGS, encoding="utf-8")
    assert assign(tmp_path, "base") == 0
    return tmp_path


def assign(folder: Path, out: str, *more: str) -> int:
    files = ("--scores", folder / "scores.csv", "--openings", folder / "openings.csv")
    return run(["assign", *map(str, files), "--out", str(folder / out), *more])


def plan(folder: Path) -> dict[str, str]:
    with (folder / "assignment.csv").open(encoding="utf-8", newline="") as stream:
        return {row["student"]: row["opening"] for row in csv.DictReader(stream)}


def result(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "result.json").read_text(encoding="utf-8"), parse_float=Decimal)
    return found


def ask(folder: Path, capsys: pytest.CaptureFixture[str], *question: str) -> dict[str, Any]:
    capsys.readouterr()
    assert run(["what-if", str(folder / "base"), *question, "--json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out, parse_float=Decimal)
    return found


def agrees(found: dict[str, Any], folder: Path, again: str) -> None:
    """The answer is the difference between the plan and the one solved again."""
    before, after = result(folder / "base"), result(folder / again)
    assert found["placed_loss"] == before["priority_placed"] - after["priority_placed"]
    assert Decimal(found["fit_loss"]) == Decimal(before["total_score"]) - Decimal(after["total_score"])
    old, new = plan(folder / "base"), plan(folder / again)
    moves = {(row["student"], row["from"], row["to"]) for row in found["moves"]}
    assert moves == {(who, old[who], new[who]) for who in old if old[who] != new[who]}
    assert (found["placed_before"], found["placed"]) == (before["placed"], after["placed"])


@pytest.mark.parametrize("pair", [line.rsplit(",", 1)[0] for line in SCORES.splitlines()[1:]])
def test_a_pair_costs_what_pinning_it_costs(case: Path, capsys: pytest.CaptureFixture[str], pair: str) -> None:
    (case / "pairs.csv").write_text(f"student,opening,constraint\n{pair},1\n", encoding="utf-8")
    assert assign(case, "again", "--pairs", str(case / "pairs.csv")) == 0
    found = ask(case, capsys, "--pair", pair)
    agrees(found, case, "again")
    student, opening = pair.split(",")
    scores = {tuple(line.split(",")[:2]): Decimal(line.split(",")[2]) for line in SCORES.splitlines()[1:]}
    now = scores.get((student, plan(case / "base")[student]), Decimal(0))
    assert Decimal(found["others_loss"]) == Decimal(found["fit_loss"]) + scores[student, opening] - now


@pytest.mark.parametrize(("opening", "more"), [("bakery", 1), ("bakery", 2), ("garden", 1), ("garage", 3)])
def test_more_places_are_worth_what_they_gain(
    case: Path, capsys: pytest.CaptureFixture[str], opening: str, more: int
) -> None:
    places = {"bakery": 1, "garage": 1, "garden": 2}
    old, new = f"{opening},{places[opening]},", f"{opening},{places[opening] + more},"
    (case / "openings.csv").write_text(OPENINGS.replace(old, new), encoding="utf-8")
    assert assign(case, "again") == 0
    found = ask(case, capsys, "--extra-place", opening if more == 1 else f"{opening}={more}")
    agrees(found, case, "again")
    assert found["more_places"] == more
    assert found["openings"][0]["students"] == sorted(who for who, at in plan(case / "again").items() if at == opening)


def test_an_opening_that_drops_out(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (case / "openings.csv").write_text(OPENINGS.replace("bakery,1", "bakery,0"), encoding="utf-8")
    assert assign(case, "again") == 0
    agrees(ask(case, capsys, "--without", "bakery"), case, "again")


def test_a_student_who_drops_out_leaves_a_place_and_what_they_had_is_no_loss(
    case: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    base = plan(case / "base")
    found = ask(case, capsys, "--without", "carl")
    # Without Carl the garden has one student, below its minimum of two: Dana loses the place.
    assert base == {"anna": "garage", "bob": "bakery", "carl": "garden", "dana": "garden"}
    assert (found["question"], found["opening"], found["placed_loss"]) == ("without_student", "garden", 1)
    assert Decimal(found["fit_loss"]) == Decimal("0.65")
    assert {(row["student"], row["to"]) for row in found["moves"]} == {("carl", ""), ("dana", "")}
    assert (found["groups_starting"], found["groups_stopping"]) == ([], [])  # the garden was asked about by name


def test_a_group_that_no_longer_starts_is_named(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = ask(case, capsys, "--pair", "carl,bakery")
    # Carl in the bakery leaves Dana alone in the garden, which needs two.
    assert found["groups_stopping"] == ["garden"]
    capsys.readouterr()
    assert run(["what-if", str(case / "base"), "--pair", "carl,bakery", "--lang", "en"]) == 0
    assert "The group garden then does not start." in capsys.readouterr().out


def test_a_new_opening_opens_with_the_students_it_is_best_for(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    new = "student,opening,score,places,min_to_open\nanna,shop,0.95,2,2\nbob,shop,0.6,2,2\n"
    (case / "new.csv").write_text(new, encoding="utf-8")
    (case / "scores.csv").write_text(SCORES + "anna,shop,0.95\nbob,shop,0.6\n", encoding="utf-8")
    (case / "openings.csv").write_text(OPENINGS + "shop,2,2\n", encoding="utf-8")
    assert assign(case, "again") == 0
    found = ask(case, capsys, "--new-opening", str(case / "new.csv"))
    agrees(found, case, "again")
    assert found["openings"] == [{"opening": "shop", "places": 2, "opens": True, "students": ["anna", "bob"]}]


def test_a_new_opening_that_nobody_is_better_off_with_stays_closed(
    case: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (case / "new.csv").write_text("student;opening;score\nbob;shop;0,1\n", encoding="utf-8")
    capsys.readouterr()
    assert run(["what-if", str(case / "base"), "--new-opening", str(case / "new.csv"), "--lang", "en"]) == 0
    told = capsys.readouterr().out
    assert "shop stays closed." in told
    assert "Nobody moves." in told


@pytest.mark.parametrize(
    ("question", "status", "told"),
    [
        (("--pair", "anna,nowhere"), 2, "nowhere"),
        (("--pair", "nobody,bakery"), 2, "nobody"),
        (("--pair", "anna"), 2, "'anna'"),
        (("--extra-place", "bakery=0"), 2, "'0'"),
        (("--extra-place", "bakery=many"), 2, "'many'"),
        (("--extra-place", "shop"), 2, "'shop'"),
        (("--without", "shop"), 2, "'shop'"),
        (("--new-opening", "absent.csv"), 2, "absent.csv"),
        ((), 2, "--pair"),
        (("--pair", "anna,garage", "--without", "bob"), 2, "--pair"),
        (("--pair", "bob,garage"), 3, "bob"),
    ],
)
def test_what_cannot_be_asked_is_refused_by_name(
    case: Path, capsys: pytest.CaptureFixture[str], question: tuple[str, ...], status: int, told: str
) -> None:
    capsys.readouterr()
    assert run(["what-if", str(case / "base"), *question, "--lang", "en"]) == status
    said = capsys.readouterr()
    assert said.out == ""
    assert told in said.err


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ("zoe,shop,0.5\n", "zoe"),
        ("anna,bakery,0.5\n", "bakery"),
        ("anna,shop,0.5\nanna,shop,0.6\n", "anna, shop"),
        ("anna,shop,high\n", "'high'"),
        ("", "new.csv"),
    ],
)
def test_a_file_of_new_openings_with_a_defect_is_refused_with_its_row(
    case: Path, capsys: pytest.CaptureFixture[str], rows: str, told: str
) -> None:
    (case / "new.csv").write_text("student,opening,score\n" + rows, encoding="utf-8")
    assert run(["what-if", str(case / "base"), "--new-opening", str(case / "new.csv"), "--lang", "en"]) == 1
    assert told in capsys.readouterr().err


def test_a_conflict_is_told_in_json_too(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert run(["what-if", str(case / "base"), "--pair", "bob,garage", "--json"]) == 3
    found = json.loads(capsys.readouterr().out)
    assert found["status"] == "infeasible"
    assert [member["kind"] for member in found["conflict"]] == ["ineligible_pin"]


def test_a_folder_without_a_plan_or_without_a_result_cannot_be_asked(
    case: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (case / "pairs.csv").write_text("student,opening,constraint\nbob,garage,1\n", encoding="utf-8")
    assert assign(case, "none", "--pairs", str(case / "pairs.csv")) == 3
    assert run(["what-if", str(case / "none"), "--without", "bob"]) == 3
    assert run(["what-if", str(case / "absent"), "--without", "bob"]) == 2
    assert run(["what-if", str(case), "--without", "bob"]) == 2
    capsys.readouterr()


def test_ids_with_commas_and_equals_signs_are_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "scores.csv").write_text('student,opening,score\n"a,b","c=1",0.5\n', encoding="utf-8")
    (tmp_path / "openings.csv").write_text('opening,places\n"c=1",1\n', encoding="utf-8")
    assert assign(tmp_path, "base") == 0
    assert ask(tmp_path, capsys, "--pair", "a,b,c=1")["placed_loss"] == 0
    assert ask(tmp_path, capsys, "--extra-place", "c=1")["more_places"] == 1
    assert ask(tmp_path, capsys, "--extra-place", "c=1=2")["more_places"] == 2


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_people_read_sentences(case: Path, capsys: pytest.CaptureFixture[str], lang: str) -> None:
    capsys.readouterr()
    assert run(["what-if", str(case / "base"), "--pair", "anna,bakery", "--lang", lang]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].endswith(":")
    assert "anna" in lines[0]
    assert any("bob" in line for line in lines[-2:])
    assert ("0,4" if lang == "nl" else "0.4") in "\n".join(lines)
