"""Figures of a match against the same match run again: what-if on its folder, regrets and worths of its tables."""
from __future__ import annotations

import csv
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from api.assign_stated import read_result
from api.cli import run
from matcher.errors import Infeasible
from matcher.sensitivity import change_of
from matcher.solver import search
from matcher.variations import pinned, with_places

SALLAND = Path(__file__).resolve().parents[2] / "fixtures" / "salland"
Rows = list[dict[str, str]]


def rows(path: Path) -> Rows:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def match(out: Path, vacancies: Path = SALLAND / "vacancies.csv", policy: Path = SALLAND / "policy.toml") -> Path:
    call = ["match", str(SALLAND / "leavers.csv"), str(vacancies), "--policy", str(policy), "--on", "2026-06-15"]
    assert run([*call, "--out", str(out)]) == 0
    return out


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return match(tmp_path_factory.mktemp("salland") / "out")


def check_pairs(base: Path, every: int) -> None:
    """Solve again with every so many-th alternative pinned, and compare with its row."""
    found = read_result(base)
    problem, plan = found.case.problem, found.solution
    assert plan is not None
    table = rows(base / "alternatives.csv")
    assert len(table) == problem.p
    for row in table[::every]:
        i = found.case.students.index(f"{row['school']}/{row['student_ref']}")
        j = found.case.openings.index(f"{row['vacancy_ref']}@{row['starts_on']}")
        try:
            again = search(pinned(problem, i, j), objective=plan.objective)
        except Infeasible:
            assert (row["placed_loss"], row["fit_loss"], row["others_loss"], row["moves"]) == ("", "", "", "")
            continue
        change = change_of(problem, plan, again.assignment)
        now = problem.pair(i, int(plan.assignment[i])) if plan.assignment[i] >= 0 else -1
        gain = int(problem.values[problem.pair(i, j)]) - (int(problem.values[now]) if now >= 0 else 0)
        assert int(row["placed_loss"]) == change.placed_loss
        assert Decimal(row["fit_loss"]) == Decimal(change.fit_loss).scaleb(-6)
        assert Decimal(row["others_loss"]) == Decimal(change.fit_loss + gain).scaleb(-6)
        names = (*found.case.openings, "")
        moves = "|".join(f"{found.case.students[s]}:{names[a]}>{names[b]}" for s, a, b in change.moves)
        assert row["moves"] == moves


def test_some_regrets_of_salland_are_those_of_solving_again(base: Path) -> None:
    check_pairs(base, 13)


@pytest.mark.slow
def test_all_regrets_of_salland_are_those_of_solving_again(base: Path) -> None:
    check_pairs(base, 1)


@pytest.mark.slow
def test_all_worths_of_salland_are_those_of_solving_again(base: Path) -> None:
    found = read_result(base)
    problem, plan = found.case.problem, found.solution
    assert plan is not None
    for row in rows(base / "openings.csv"):
        j = found.case.openings.index(f"{row['vacancy_ref']}@{row['starts_on']}")
        change = change_of(problem, plan, search(with_places(problem, j, 1)).assignment)
        assert int(row["worth_placed"]) == -change.placed_loss
        assert Decimal(row["worth_fit"]) == Decimal(-change.fit_loss).scaleb(-6)


def test_the_report_says_how_much_is_known_and_where_a_place_helps(base: Path) -> None:
    told = json.loads((base / "report.json").read_text(encoding="utf-8"), parse_float=Decimal)["sensitivity"]
    openings = {f"{row['vacancy_ref']}@{row['starts_on']}": row for row in rows(base / "openings.csv")}
    assert told["pairs"] == told["pairs_known"] == len(rows(base / "alternatives.csv"))
    assert told["openings"] == told["openings_known"] == len(openings)
    assert told["one_more_place"]
    for place in told["one_more_place"]:
        row = openings[place["opening"]]
        assert int(row["worth_placed"]) == place["worth_placed"]
        assert Decimal(row["worth_fit"]) == Decimal(place["worth_fit"])
    page = (base / "report.html").read_text(encoding="utf-8")
    assert "Waar een plek helpt" in page
    assert "Kleinste verandering" in page


def vacancy_file(folder: Path, like: str, name: str) -> tuple[Path, Path]:
    """A list with one new vacancy, like another with another number, and the old list with it added."""
    head, *lines = (SALLAND / "vacancies.csv").read_text(encoding="utf-8-sig").splitlines()
    row = next(line for line in lines if line.startswith(f"{like};"))
    new = row.replace(like, name, 1)
    alone, both = folder / "new.csv", folder / "both.csv"
    alone.write_text(f"{head}\n{new}\n", encoding="utf-8")
    both.write_text("\n".join([head, *lines, new, ""]), encoding="utf-8")
    return alone, both


def ask(base: Path, capsys: pytest.CaptureFixture[str], *question: str) -> dict[str, Any]:
    capsys.readouterr()
    assert run(["what-if", str(base), *question, "--json"]) == 0
    told: dict[str, Any] = json.loads(capsys.readouterr().out, parse_float=Decimal)
    return told


@pytest.mark.parametrize("like", ["BINQ-RAALTE", "V017"])
def test_a_vacancy_that_is_posted_does_what_running_the_match_with_it_does(
    base: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], like: str
) -> None:
    alone, both = vacancy_file(tmp_path, like, "NIEUW")
    lists = ("--leavers", str(SALLAND / "leavers.csv"), "--policy", str(SALLAND / "policy.toml"))
    told = ask(base, capsys, "--new-opening", str(alone), *lists)
    again = match(tmp_path / "again", both)
    before, after = read_result(base), read_result(again)
    assert before.solution is not None and after.solution is not None
    placed = {name: (r.solution.assignment >= 0).sum() for name, r in (("b", before), ("a", after)) if r.solution}
    assert (told["placed_before"], told["placed"]) == (placed["b"], placed["a"])
    values = {s.name: s.value for s in before.solution.stages}, {s.name: s.value for s in after.solution.stages}
    assert told["placed_loss"] == values[0]["priority"] - values[1]["priority"]
    assert Decimal(told["fit_loss"]).scaleb(6) == values[0]["fit"] - values[1]["fit"]
    inside = told["openings"][0]
    j = after.case.openings.index(inside["opening"])
    who = [s for s, at in zip(after.case.students, after.solution.assignment.tolist(), strict=True) if at == j]
    assert inside["students"] == who
    assert inside["opens"] == bool(who)


def test_a_vacancy_list_needs_the_lists_of_the_run(
    base: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    alone, _ = vacancy_file(tmp_path, "V017", "NIEUW")
    assert run(["what-if", str(base), "--new-opening", str(alone)]) == 2
    assert "--leavers" in capsys.readouterr().err
    few = tmp_path / "few.csv"
    text = (SALLAND / "leavers.csv").read_text(encoding="utf-8-sig").splitlines()
    few.write_text("\n".join(text[:5]), encoding="utf-8")
    assert run(["what-if", str(base), "--new-opening", str(alone), "--leavers", str(few)]) == 1
    assert "few.csv" in capsys.readouterr().err
    old, _ = vacancy_file(tmp_path, "V017", "V017")
    lists = ("--leavers", str(SALLAND / "leavers.csv"))
    assert run(["what-if", str(base), "--new-opening", str(old), *lists]) == 1
    assert "V017" in capsys.readouterr().err
