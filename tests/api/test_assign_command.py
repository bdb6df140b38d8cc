"""``schakel assign``: what it writes, refuses and says."""
# ruff: noqa: E501 - tables of cases, one a line
from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

from tests.api.assign_cases import TABLES, assign, plan, result, rows, tree

ROOT = Path(__file__).resolve().parents[2]


def test_a_plan_with_all_its_figures(tmp_path: Path) -> None:
    assert assign(tmp_path) == 0
    out = tmp_path / "out"
    assert (out / "assignment.csv").read_text(encoding="utf-8") == (
        "student,opening,score\n007,y,0.800000\n7,x,0.500000\nb,,\n"
    )
    found = result(out)
    assert {key: found[key] for key in ("status", "placed", "priority_placed", "total_score", "objective")} == {
        "status": "optimal", "placed": 2, "priority_placed": 2, "total_score": 1.3, "objective": "placed",
    }  # fmt: skip
    assert found["stages"] == [
        {"name": "priority", "value": 2, "bound": 2},
        {"name": "fit", "value": 1.3, "bound": 1.3},
    ]
    assert (found["bound"], found["gap"], found["conflict"]) == (1.3, 0, [])
    assert len(found["digest"]) == 64
    assert set(json.loads((out / "timings.json").read_text())) == {"read", "solve", "verify", "write"}
    assert {path.name for path in (out / "case").iterdir()} == {
        "scores.csv", "openings.csv", "students.csv", "pairs.csv", "limits.json", "options.json", "assignment.csv",
        "prices.csv",
    }  # fmt: skip


def test_the_case_gives_the_same_plan_again(tmp_path: Path) -> None:
    assert assign(tmp_path, students="student,priority\n7,2\nq,1\n", pairs="student,opening,constraint\nb,y,-1\n") == 0
    case = tmp_path / "out" / "case"
    names = ("scores", "openings", "students", "pairs", "limits")
    tables = {
        name: (case / f"{name}.{'json' if name == 'limits' else 'csv'}").read_text(encoding="utf-8") for name in names
    }
    assert assign(tmp_path / "again", **tables) == 0
    assert tree(tmp_path / "again" / "out") == tree(tmp_path / "out")


def test_the_order_of_rows_separators_and_encoding_do_not_change_a_byte(tmp_path: Path) -> None:
    extra = {
        "students": "student,priority,load\n007,1,0.5\n7,2,1\nb,1,\n",
        "openings": "opening,places,load_capacity\nx,1,1\ny,1,\nz,2,0.75\n",
        "pairs": "student,opening,constraint\nb,y,-1\n007,z,-1\n",
        "limits": '[{"name": "n", "openings": ["x", "y"], "at_most": 2}, {"name": "m", "students": ["b"], "at_most": 1}]',
    }
    assert assign(tmp_path, **extra) == 0
    for seed, encoding, separator in ((1, "utf-8-sig", ";"), (2, "utf-16", "\t"), (3, "cp1252", ",")):
        folder = tmp_path / str(seed)
        folder.mkdir()
        options = []
        for name, text in (TABLES | extra).items():
            path = folder / f"{name}.any"
            if name == "limits":
                path.write_text(json.dumps(json.loads(text)[::-1]), encoding="utf-8")
            else:
                header, *body = text.splitlines()
                random.Random(seed).shuffle(body)
                shuffled = "\r\n".join([header, *body]).replace(",", separator)
                path.write_text(shuffled, encoding=encoding, newline="")
            options += [f"--{name}", str(path)]
        from api.cli import run

        assert run(["assign", *options, "--out", str(folder / "out")]) == 0
        assert tree(folder / "out") == tree(tmp_path / "out")


def test_scores_of_any_finite_size_are_rounded_half_to_even_as_text(tmp_path: Path) -> None:
    scores = (
        "student,opening,score\na,x,0.0000005\nb,x,0.0000015\nc,x,-2.5e-6\nd,x,1e9\ne,x,-1E+9\nf,x,.5\ng,x,5.\n"
        "h,x,+0.1234565000000000000000000000000000001\ni,x,0.1234565\nj,x,1e-400\nk,x,000.25\n"
    )
    assert assign(tmp_path, scores=scores, openings="opening,places\nx,99\n") == 0
    found = {row["student"]: row["score"] for row in rows(tmp_path / "out" / "assignment.csv")}
    assert found == {
        "a": "0.000000", "b": "0.000002", "c": "-0.000002", "d": "1000000000.000000", "e": "-1000000000.000000",
        "f": "0.500000", "g": "5.000000", "h": "0.123457", "i": "0.123456", "j": "0.000000", "k": "0.250000",
    }  # fmt: skip
    assert result(tmp_path / "out")["total_score"] == 5.873457 + 0.000002 - 0.000002 + 0.123456 - 0.123456 + 0.123456


def test_fit_may_leave_a_student_out_and_placed_may_not(tmp_path: Path) -> None:
    tables = {"scores": "student,opening,score\na,x,-1\nb,x,0.25\n", "openings": "opening,places\nx,2\n"}
    assert assign(tmp_path, **tables) == 0
    assert plan(tmp_path / "out") == {"a": "x", "b": "x"}
    assert assign(tmp_path, "--objective", "fit", **tables) == 0
    assert plan(tmp_path / "out") == {"a": "", "b": "x"}
    assert assign(tmp_path, "--objective", "fit", "--unplaced-fit", "0.5", **tables) == 0
    assert plan(tmp_path / "out") == {"a": "", "b": ""}
    found = result(tmp_path / "out")
    assert (found["total_score"], found["stages"]) == (0, [{"name": "fit", "value": 1, "bound": 1}])
    assert assign(tmp_path, "--objective", "fit", "--unplaced-fit", "-2", **tables) == 0
    assert plan(tmp_path / "out") == {"a": "x", "b": "x"}


def test_empty_tables_are_tables(tmp_path: Path) -> None:
    assert assign(tmp_path, scores="student,opening,score\n", students="student\nq\n") == 0
    assert plan(tmp_path / "out") == {"q": ""}
    assert assign(tmp_path, scores="student,opening,score\n", openings="opening,places\n") == 0
    assert result(tmp_path / "out")["placed"] == 0


def test_ids_are_text_and_come_back_as_they_were(tmp_path: Path) -> None:
    scores = 'student,opening,score\n\'=1+1,"a,b",1\n"say ""no""","a,b",2\n ü/9 ,x@2026-02-01,3\n'
    assert assign(tmp_path, scores=scores, openings='opening,places\n"a,b",2\nx@2026-02-01,1\n') == 0
    assert (tmp_path / "out" / "assignment.csv").read_text(encoding="utf-8") == (
        'student,opening,score\n\'=1+1,"a,b",1.000000\n"say ""no""","a,b",2.000000\nü/9,x@2026-02-01,3.000000\n'
    )
    assert assign(tmp_path / "again", scores=(tmp_path / "out/case/scores.csv").read_text(encoding="utf-8"),
                  openings=(tmp_path / "out/case/openings.csv").read_text(encoding="utf-8")) == 0  # fmt: skip
    assert tree(tmp_path / "again" / "out") == tree(tmp_path / "out")


@pytest.mark.parametrize(
    ("tables", "message"),
    [
        ({"scores": "student,opening,score\na,q,1\n"}, "scores.csv row 2: opening 'q' is not in the openings file"),
        ({"scores": "student,opening,score\na,x,1\nb,x,2\na,x,1\n"}, "scores.csv row 4: the pair 'a', 'x' stands there twice; first in row 2"),
        ({"scores": "student,opening,score\na,x,nan\n"}, "scores.csv row 2: score is 'nan'; expected a finite number"),
        ({"scores": "student,opening,score\na,x,inf\n"}, "score is 'inf'"),
        ({"scores": "student,opening,score\na,x,1_0\n"}, "score is '1_0'"),
        ({"scores": "student,opening,score\na,x,\n"}, "score is ''"),
        ({"scores": "student,opening,score\na,x,1000000000.0000001\n"}, "expected a number from -1e9 to 1e9"),
        ({"scores": "student,opening,score\na,x,1e999999999\n"}, "expected a number from -1e9 to 1e9"),
        ({"scores": 'student,opening,score\na,x,"0,5"\n'}, "score is '0,5'"),
        ({"scores": "student,opening,score\n,x,1\n"}, "scores.csv row 2: student is empty; expected an id"),
        ({"scores": "student,opening,score\na,x,1,2\n"}, "scores.csv row 2: 4 cells; the header has 3"),
        ({"scores": "student,opening,score,load\na,x,1,-1\n"}, "load is -1; expected 0 or more"),
        ({"scores": "student,opening\na,x\n"}, "scores.csv row 1: column score is missing; found student,opening"),
        ({"scores": "student,opening,score,score\na,x,1,1\n"}, "column score stands there twice"),
        ({"scores": ""}, "scores.csv: is empty; expected a header student,opening,score"),
        ({"scores": 'student,opening,score\na,x,"1\n'}, "expected CSV with quotes in pairs"),
        ({"openings": "opening,places\nx,1\ny,1\nz,1\nx,2\n"}, "openings.csv row 5: opening 'x' stands there twice; first in row 2"),
        ({"openings": "opening,places\nx,-1\ny,1\nz,1\n"}, "openings.csv row 2: places is -1; expected 0 or more"),
        ({"openings": "opening,places\nx,1.5\ny,1\nz,1\n"}, "places is '1.5'; expected a whole number"),
        ({"openings": "opening,places\nx,\ny,1\nz,1\n"}, "places is ''"),
        ({"openings": "opening,places,present\nx,1,-3\ny,1,\nz,1,\n"}, "present is -3; expected 0 or more"),
        ({"students": "student,priority\n7,-1\n"}, "students.csv row 2: priority is -1; expected 0 or more"),
        ({"students": "student,priority\n7,1\n7,1\n"}, "students.csv row 3: student '7' stands there twice"),
        ({"students": "student,load\n7,-0.5\n"}, "load is -0.5; expected 0 or more"),
        ({"pairs": "student,opening,constraint\nnobody,x,1\n"}, "pairs.csv row 2: student 'nobody' is in neither the scores nor the students file"),
        ({"pairs": "student,opening,constraint\n7,q,1\n"}, "pairs.csv row 2: opening 'q' is not in the openings file"),
        ({"pairs": "student,opening,constraint\n7,x,0\n"}, "constraint is 0; expected 1 (pin) or -1 (forbid)"),
        ({"pairs": "student,opening,constraint\n7,x,1\n7,x,1\n"}, "pairs.csv row 3: the pair stands there twice"),
        ({"limits": '[{"name": "n", "students": ["nobody"], "at_most": 1}]'}, 'limit 1: students has "nobody"; expected an id'),
        ({"limits": '[{"name": "n", "openings": ["q"], "at_most": 1}]'}, 'limit 1: openings has "q"; expected an id in the openings file'),
        ({"limits": '[{"name": "n", "at_mots": 1}]'}, "limit 1: key 'at_mots' is not known"),
        ({"limits": '[{"name": "n", "at_most": 1.5}]'}, "limit 1: at_most is 1.5; expected a whole number"),
        ({"limits": '[{"name": "n", "at_least": -1}]'}, "limit 1: at_least is -1; expected 0 to 1e9"),
        ({"limits": "{}"}, "limits.json: expected a list of limits"),
        ({"limits": "["}, "limits.json: is no JSON"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_with_file_row_and_what_was_expected(
    tables: dict[str, str], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert assign(tmp_path, **tables) == 1
    captured = capsys.readouterr()
    assert message in captured.err
    assert captured.out == ""
    assert result(tmp_path / "out")["status"] == "refused"
    assert any(message in defect for defect in result(tmp_path / "out")["defects"])


def test_all_defects_are_told_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert assign(tmp_path, scores="student,opening,score\na,q,x\n", openings="opening,places\nx,-1\n") == 1
    assert len(capsys.readouterr().err.splitlines()) == 3


def test_balanced_refuses_a_score_of_0_or_less(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert assign(tmp_path, "--objective", "balanced", scores="student,opening,score\na,x,0.0000004\n") == 1
    assert "scores.csv row 2: score is 0 or less" in capsys.readouterr().err


def test_balanced_lists_the_ratios_ascending(tmp_path: Path) -> None:
    scores = "student,opening,score\na,x,0.9\na,y,0.3\nb,x,0.8\nc,z,1\n"
    assert assign(tmp_path, "--objective", "balanced", scores=scores) == 0
    found = result(tmp_path / "out")
    assert [stage["name"] for stage in found["stages"]] == ["priority", "leximin", "fit"]
    assert found["stages"][1]["value"] == [0, 1 / 3, 1]
    assert plan(tmp_path / "out") == {"a": "y", "b": "x", "c": ""}


def test_wrong_usage_is_status_2(tmp_path: Path) -> None:
    assert assign(tmp_path, "--objective", "happy") == 2
    assert assign(tmp_path, "--time-limit", "-1") == 2
    assert assign(tmp_path, "--time-limit", "nan") == 2
    assert assign(tmp_path, "--unplaced-fit", "much") == 2
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("keep me")
    assert assign(tmp_path, out="full") == 2
    assert (tmp_path / "full" / "mine.txt").read_text() == "keep me"
    from api.cli import run

    assert run(["assign", "--scores", str(tmp_path / "absent.csv"), "--openings", "x", "--out", "y"]) == 2


def test_a_later_run_replaces_an_earlier_one_as_a_whole(tmp_path: Path) -> None:
    assert assign(tmp_path, out="deep/er/out") == 0
    assert assign(tmp_path, out="deep/er/out", scores="student,opening,score\na,q,1\n") == 1
    assert {path.name for path in (tmp_path / "deep/er/out").iterdir()} == {"result.json", "timings.json"}
    assert assign(tmp_path, out="deep/er/out") == 0
    assert (tmp_path / "deep/er/out/assignment.csv").is_file()


@pytest.mark.parametrize(
    ("tables", "kinds", "words"),
    [
        ({"pairs": "student,opening,constraint\n007,x,1\n7,x,1\n"}, ["pin", "pin", "places"], "2 are pinned at opening x, which has 1 place:"),
        ({"pairs": "student,opening,constraint\nb,z,1\n"}, ["pin", "places"], "opening z has 0 places"),
        ({"pairs": "student,opening,constraint\nb,x,1\n"}, ["ineligible_pin"], "student b is pinned at opening x, but that pair is not eligible"),
        ({"pairs": "student,opening,constraint\nb,y,1\nb,y,-1\n"}, ["pin", "forbid"], "student b is forbidden at opening y"),
        ({"pairs": "student,opening,constraint\n007,x,1\n007,y,1\n"}, ["pin", "pin"], "student 007 is pinned at opening y"),
        ({"limits": '[{"name": "north", "openings": ["x"], "at_least": 2}]'}, ["at_least", "places"], "limit north: at least 2"),
        (
            {"limits": '[{"name": "north", "openings": ["x"], "at_least": 1}]', "pairs": "student,opening,constraint\n007,x,-1\n7,x,-1\n"},
            ["at_least", "forbid", "forbid"], "student 007 is forbidden at opening x",
        ),
    ],
)  # fmt: skip
def test_a_conflict_is_named_by_its_members_and_status_3(
    tables: dict[str, str], kinds: list[str], words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert assign(tmp_path, **tables) == 3
    error = capsys.readouterr().err
    assert words in error
    found = result(tmp_path / "out")
    assert found["status"] == "infeasible"
    assert [member["kind"] for member in found["conflict"]] == kinds
    assert all(set(member) == {"kind", "name", "students", "openings", "sentence"} for member in found["conflict"])
    assert not (tmp_path / "out" / "assignment.csv").exists()
    assert (tmp_path / "out" / "case" / "scores.csv").is_file()
    from api.cli import run

    assert run(["verify", str(tmp_path / "out")]) == 0
    assert "cannot hold together" in capsys.readouterr().out


def test_columns_nobody_asked_for_are_named_and_not_used(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert assign(tmp_path, scores="student,opening,score,sex\na,x,1,m\n") == 0
    assert "scores.csv: columns not used: sex" in capsys.readouterr().err


def test_a_dutch_spreadsheet_may_have_decimal_commas(tmp_path: Path) -> None:
    scores = "Student;Opening;Score\r\na;x;0,5\r\n;;\r\nb;y;1\r\n"
    assert assign(tmp_path, scores=scores, openings="sep=;\nopening;places\nx;1\ny;1\n") == 0
    assert result(tmp_path / "out")["total_score"] == 1.5


def test_a_time_limit_gives_the_best_plan_so_far_with_its_gap_and_status_4(tmp_path: Path) -> None:
    rng = random.Random(4)
    scores = "".join(
        f"s{i},o{j},{rng.randint(10, 50)},{rng.randint(5, 25)}\n" for i in range(80) for j in range(10)
    )
    openings = "".join(f"o{j},80,{int(0.8 * 15 * 8)}\n" for j in range(10))
    tables = {
        "scores": f"student,opening,score,load\n{scores}",
        "openings": f"opening,places,load_capacity\n{openings}",
    }
    status = assign(tmp_path, "--time-limit", "0.2", **tables)
    found = result(tmp_path / "out")
    assert (status, found["status"]) in {(4, "feasible"), (4, "unknown"), (0, "optimal")}
    assert (found["gap"] is None) == (found["status"] == "unknown")
    from api.cli import run

    assert run(["verify", str(tmp_path / "out")]) == 0


def test_only_our_own_words_reach_stdout() -> None:
    # Solvers print from C, below Python's own stream; the command's process lets none of that through.
    code = "import os\nfrom api import cli\ncli.run = lambda args: (os.write(1, b'noise'), print('ours'), 0)[-1]\ncli.main()"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("ours\n", "")
