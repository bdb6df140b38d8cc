"""How a run ends: what is refused, with which status, and what lies in the folder afterwards."""
from __future__ import annotations

import dataclasses
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.end_to_end.match_contract_cases import (
    BRANCH_ALONE,
    LEAVER,
    MATCHED,
    ON,
    VACANCY,
    Desk,
    csv_text,
    decision,
    leaver,
    vacancy,
)

ROOT = Path(__file__).resolve().parents[2]
BSN = "111222333"  # passes the 11-test
HEADER = ["file", "row", "column", "severity", "code", "found", "expected", "message"]


def without(rows: list[dict[str, object]], column: str) -> list[dict[str, object]]:
    return [{name: cell for name, cell in row.items() if name != column} for row in rows]


REFUSED = [
    ("empty leavers", "", None, "empty_file", "leavers.csv"),
    ("blank leavers", "\n \n", None, "empty_file", "leavers.csv"),
    ("leavers with a header only", csv_text([], list(LEAVER)), None, "header_only", "leavers.csv"),
    ("vacancies with a header only", None, csv_text([], list(VACANCY)), "header_only", "vacancies.csv"),
    ("no birth date column", csv_text(without([leaver()], "birth_date")), None, "missing_column", "leavers.csv"),
    ("no branch column", None, csv_text(without([vacancy()], "branch")), "missing_column", "vacancies.csv"),
    ("a BSN column", csv_text([leaver() | {"BSN": BSN}]), None, "bsn", "leavers.csv"),
    ("a page, not a table", "<html><body>inloggen</body></html>", None, "unreadable", "leavers.csv"),
]


@pytest.mark.parametrize(
    ("ours", "theirs", "code", "file"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED]
)
def test_a_file_refused_as_a_whole_ends_with_1_and_leaves_the_rows_alone(
    desk: Desk, ours: str | None, theirs: str | None, code: str, file: str
) -> None:
    done = desk.match([leaver()] if ours is None else ours, [vacancy()] if theirs is None else theirs)
    assert done.status == 1, done.stderr
    assert done.names() == {"rows.csv"}
    assert done.header("rows.csv") == HEADER
    found = [row for row in done.rows("rows.csv") if row["severity"] == "error"]
    assert {(row["file"], row["row"], row["code"]) for row in found} == {(file, "", code)}
    assert done.stdout == ""
    assert file in done.stderr
    assert BSN not in done.stderr + (done.out / "rows.csv").read_text()


def test_bytes_that_are_no_table_are_refused(desk: Desk) -> None:
    for data in (b"PK\x03\x04 broken", b"%PDF-1.7 ...", bytes(range(256)) * 20):
        path = desk.write("leavers.csv", data)
        done = desk.match(path, [vacancy()])
        assert done.status == 1, done.stderr
        assert [row["code"] for row in done.rows("rows.csv")] == ["unreadable"]


def test_no_usable_row_left_ends_with_1(desk: Desk) -> None:
    done = desk.match([leaver(birth_date="31-13-2008")], [vacancy()])
    assert done.status == 1
    assert done.names() == {"rows.csv"}
    row = done.rows("rows.csv")[0]
    assert (row["file"], row["row"], row["column"], row["severity"], row["code"], row["found"]) == (
        "leavers.csv", "2", "birth_date", "error", "not_a_date", "31-13-2008",
    )  # fmt: skip
    done = desk.match([leaver()], [vacancy(places="-1")])
    assert done.status == 1


def test_rows_in_error_are_left_out_and_the_others_go_on(desk: Desk) -> None:
    rows = [leaver("A"), leaver("B", birth_date="3/4/2008"), leaver("A"), leaver("C", hours_min="40", hours_max="20")]
    done = desk.match(rows, [vacancy(), vacancy(), vacancy("V2", branch="infr")])
    assert done.status == 0, done.stderr
    assert [(r["school"], r["student_ref"]) for r in done.rows("proposals.csv")] == [("31TA00", "A")]
    assert [(r["vacancy_ref"]) for r in done.rows("openings.csv")] == ["V1"]
    assert [(r["file"], r["row"], r["column"], r["severity"], r["code"]) for r in done.rows("rows.csv")] == [
        ("leavers.csv", "3", "birth_date", "error", "ambiguous_date"),
        ("leavers.csv", "4", "student_ref", "error", "duplicate"),
        ("leavers.csv", "5", "hours_min", "error", "min_above_max"),
        ("vacancies.csv", "3", "vacancy_ref", "error", "duplicate"),
        ("vacancies.csv", "4", "branch", "error", "unknown_code"),
    ]
    assert "`infra`" in done.rows("rows.csv")[4]["message"]


def test_strict_stops_at_an_error_and_not_at_a_warning(desk: Desk) -> None:
    done = desk.match([leaver(), leaver("B", birth_date="x")], [vacancy()], "--strict")
    assert done.status == 1
    assert done.names() == {"rows.csv"}
    done = desk.match([leaver() | {"klas": "5B"}], [vacancy()], "--strict")
    assert done.status == 0, done.stderr
    assert [(r["row"], r["column"], r["severity"], r["code"]) for r in done.rows("rows.csv")] == [
        ("", "klas", "warning", "unasked_column"),
    ]  # fmt: skip
    assert done.names() == MATCHED


def test_an_earlier_result_is_replaced_as_a_whole_whatever_the_ending(desk: Desk) -> None:
    full = desk.match([leaver(), leaver("B")], [vacancy()])
    assert full.names() == MATCHED
    pins = [decision("A", "V1", "pin"), decision("B", "V1", "pin")]
    conflict = desk.match([leaver(), leaver("B")], [vacancy()], decisions=pins)
    assert conflict.status == 3
    assert conflict.names() == {"rows.csv", "report.json", "case", "timings.json"}
    refused = desk.match([leaver(birth_date="x")], [vacancy()])
    assert refused.status == 1
    assert refused.names() == {"rows.csv"}
    again = desk.match([leaver(), leaver("B")], [vacancy()])
    assert again.status == 0
    assert again.names() == MATCHED
    assert [path.name for path in desk.folder.iterdir() if path.name.startswith(".")] == []


def test_a_folder_that_holds_something_else_is_refused_and_left_as_it_is(desk: Desk) -> None:
    foreign = desk.write("out/notes.txt", "mijn aantekeningen")
    done = desk.match([leaver()], [vacancy()])
    assert done.status == 2
    assert done.names() == {"notes.txt"}
    assert foreign.read_text() == "mijn aantekeningen"
    foreign.unlink()
    assert desk.match([leaver()], [vacancy()]).status == 0  # empty now
    desk.write("out/notes.txt", "tussen de resultaten")
    done = desk.match([leaver()], [vacancy()])
    assert done.status == 2
    assert "notes.txt" in done.names()
    desk.write("file", "x")
    assert desk.match([leaver()], [vacancy()], out="file").status == 2
    scores = desk.write("scores.csv", "student,opening,score\na,x,1\n")
    openings = desk.write("openings.csv", "opening,places\nx,1\n")
    assert desk.run("assign", "--scores", scores, "--openings", openings, "--out", desk.folder / "assigned")[0] == 0
    assert desk.match([leaver()], [vacancy()], out="assigned").status == 2  # another command's result
    assert desk.run("assign", "--scores", scores, "--openings", openings, "--out", desk.folder / "assigned")[0] == 0
    assert desk.match([leaver()], [vacancy()], out="matched").status == 0
    assert desk.run("assign", "--scores", scores, "--openings", openings, "--out", desk.folder / "matched")[0] == 2


def test_out_is_made_with_its_parents(desk: Desk) -> None:
    done = desk.match([leaver()], [vacancy()], out="a/b c/ü")
    assert done.status == 0
    assert done.names() == MATCHED


def test_out_may_be_where_one_stands_or_a_link_and_stays_that(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    here = desk.folder / "hier"
    here.mkdir()
    monkeypatch.chdir(here)
    for _ in range(2):
        done = desk.match([leaver()], [vacancy()], "--out", ".")
        assert done.status == 0, done.stderr
        assert {path.name for path in Path.cwd().iterdir()} == MATCHED
    link = desk.folder / "link"
    link.symlink_to(here, target_is_directory=True)
    done = desk.match([leaver(birth_date="x")], [vacancy()], out="link")
    assert done.status == 1
    assert link.is_symlink()
    assert {path.name for path in here.iterdir()} == {"rows.csv"}
    assert {path.name for path in desk.folder.iterdir() if path.name.startswith(".")} == set()


def test_out_that_cannot_be_made_is_wrong_usage(desk: Desk) -> None:
    desk.write("file", "x")
    done = desk.match([leaver()], [vacancy()], out="file/under/it")
    assert done.status == 2
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("lang", ["nl", "en"])
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_templates_match_each_other(desk: Desk, lang: str, form: str) -> None:
    for kind in ("leavers", "vacancies", "decisions", "policy"):
        shape = "toml" if kind == "policy" else form
        path = desk.folder / f"{kind}.{shape}"
        assert desk.run("template", kind, "--format", shape, "--lang", lang, "--out", path)[0] == 0
    leavers, vacancies = desk.folder / f"leavers.{form}", desk.folder / f"vacancies.{form}"
    given = ["--policy", desk.folder / "policy.toml", "--decisions", desk.folder / f"decisions.{form}"]
    done = desk.match(leavers, vacancies, *given, policy=None)
    assert done.status == 0, done.stderr
    assert done.rows("rows.csv") == []
    assert [row["status"] for row in done.rows("proposals.csv")] == ["placed"]


def test_wrong_usage_ends_with_2_and_writes_nothing(desk: Desk) -> None:
    ours, theirs = desk.write("l.csv", csv_text([leaver()])), desk.write("v.csv", csv_text([vacancy()]))
    out = desk.folder / "out"
    for args in (
        [ours, "nowhere.csv", "--out", out], ["nowhere.csv", theirs, "--out", out], [ours, theirs],
        [ours, theirs, "--out", out, "--policy", "nowhere.toml"], [ours, theirs, "--out", out, "--on", "15-06-2026"],
        [ours, theirs, "--out", out, "--decisions", "nowhere.csv"], [ours, theirs, "--out", out, "--lang", "fr"],
        [ours, theirs, "--out", out, "--column", "x=nothing"], [ours, theirs, "--out", out, "--column", "klas"],
        [ours, theirs, "--out", out, "--column", "klas=branches"], [ours, "--out", out],
        [desk.folder, theirs, "--out", out], [ours, theirs, "--out", out, "--nonsense"],
    ):  # fmt: skip
        status, stdout, stderr = desk.run("match", *args)
        assert status == 2, args
        assert stdout == ""
        assert stderr.strip()
        assert "Traceback" not in stderr
        assert not out.exists()


def test_a_policy_that_cannot_be_used_is_refused_with_every_defect(desk: Desk) -> None:
    done = desk.match([leaver()], [vacancy()], policy='objective = "best"\nmin_fit = 2\n[weights]\nbranche = 1\n')
    assert done.status == 1
    assert done.names() == {"rows.csv"}
    rows = done.rows("rows.csv")
    assert {row["file"] for row in rows} == {"policy.toml"}
    assert {row["column"] for row in rows} >= {"objective", "min_fit", "weights.branche"}
    done = desk.match([leaver()], [vacancy()], policy="not toml at all [")
    assert done.status == 1
    assert [row["code"] for row in done.rows("rows.csv")] == ["unreadable"]


def test_a_column_that_is_not_known_is_mapped_by_name(desk: Desk) -> None:
    rows = [{("Mijn veld = x" if name == "branches" else name): cell for name, cell in leaver().items()}]
    done = desk.match(rows, [vacancy()])
    assert done.points().count("branch") == 1  # not known
    assert done.rows("rows.csv")[0]["column"] == "Mijn veld = x"
    done = desk.match(rows, [vacancy()], "--column", "mijn VELD = x=branches")
    assert done.status == 0, done.stderr
    assert done.rows("rows.csv") == []
    assert done.rows("proposals.csv")[0]["fit"] == "1.000000"
    both = [{("Ref" if name == "student_ref" else name): cell for name, cell in rows[0].items()}]
    done = desk.match(both, [vacancy()], "--column", "Mijn veld = x=branches", "--column", "Ref=leerlingnummer")
    assert done.status == 0, done.stderr
    assert done.plan() == {"A": "V1"}


def test_only_students_without_work_capacity_is_no_error_and_nobody_is_matched(desk: Desk) -> None:
    done = desk.match([leaver(work_capacity="no")], [vacancy()])
    assert done.status in (0, 1)
    assert "Traceback" not in done.stderr


def test_nothing_eligible_at_all_is_a_plan_all_the_same(desk: Desk) -> None:
    rows = [leaver(branches="retail"), leaver("B", destination="mbo")]
    done = desk.match(rows, [vacancy(), vacancy("V2", places="0")])
    assert done.status == 0, done.stderr
    assert done.plan() == {"A": "", "B": ""}
    assert done.rows("alternatives.csv") == []
    assert done.rows("case/scores.csv") == []
    assert desk.verify() == (0, "proved\n")


def test_a_time_limit_that_strikes_ends_with_4(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    import api.pipeline
    from matcher.errors import NoPlanYet

    def struck(*_: object, **__: object) -> None:
        raise NoPlanYet

    monkeypatch.setattr(api.pipeline, "search", struck)
    done = desk.match([leaver()], [vacancy()])
    assert done.status == 4
    assert done.names() == {"rows.csv", "report.json", "case", "timings.json"}
    assert done.json()["status"] == "unknown"
    assert desk.verify()[0] == 0


def test_a_plan_that_is_not_the_best_is_written_with_its_gap_and_ends_with_4(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    import api.pipeline
    from matcher.problem import Problem
    from matcher.solution import Solution, Stage
    from matcher.solver import search

    def struck(problem: Problem, **options: object) -> Solution:
        best = search(problem, objective="placed")
        stages = tuple(
            Stage(stage.name, stage.value, stage.bound + 1_000 if stage.name == "fit" else stage.bound)  # type: ignore[operator]
            for stage in best.stages
        )
        return dataclasses.replace(best, status="feasible", stages=stages)

    monkeypatch.setattr(api.pipeline, "search", struck)
    done = desk.match([leaver()], [vacancy()])
    assert done.status == 4, done.stderr
    assert done.names() == MATCHED
    assert done.json()["status"] == "feasible"
    assert done.json()["gap"] == 0.001
    assert done.stdout == ""
    assert desk.verify()[0] == 0


def test_balancing_needs_fits_above_zero(desk: Desk) -> None:
    weights = 'objective = "balanced"\n' + BRANCH_ALONE
    pin = [decision("A", "V1", "pin")]
    done = desk.match([leaver(branches="", branches_excluded="green")], [vacancy()], policy=weights, decisions=pin)
    assert done.status == 1
    assert done.names() == {"rows.csv"}
    assert "31TA00/A" in done.stderr


def test_check_prints_the_table_of_rows_and_ends_with_1_at_an_error_alone(desk: Desk) -> None:
    good, odd = csv_text([leaver()]), csv_text([leaver() | {"klas": "5B"}])
    bad = csv_text([leaver(birth_date="x")])
    for text, status in ((good, 0), (odd, 0), (bad, 1)):
        path = desk.write("leavers.csv", text)
        ended, stdout, _ = desk.run("check", path)
        assert ended == status
        assert stdout.splitlines()[0] == ",".join(HEADER)
        done = desk.match(path, [vacancy()])
        assert stdout == (done.out / "rows.csv").read_text()


def test_the_command_itself_ends_with_the_status_of_the_run(desk: Desk) -> None:
    theirs, bad = desk.write("v.csv", csv_text([vacancy()])), desk.write("bad.csv", csv_text([leaver(birth_date="x")]))
    for given, status in ((bad, 1), (desk.folder / "none.csv", 2)):
        command = [sys.executable, "-m", "api", "match", given, theirs, "--on", ON, "--out", desk.folder / "o"]
        env = os.environ | {"PYTHONPATH": str(ROOT)}
        ended = subprocess.run(command, cwd=desk.folder, env=env, capture_output=True, text=True, check=False)
        assert ended.returncode == status, ended.stderr
        assert "Traceback" not in ended.stderr
