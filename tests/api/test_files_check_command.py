"""``schakel check`` from the outside: what it prints and how it ends."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
from pathlib import Path

import pytest

from api import cli

ROOT = Path(__file__).resolve().parents[2]
BROKEN = ROOT / "fixtures" / "broken"


def run(capfd: pytest.CaptureFixture[str], *args: str) -> tuple[int, list[dict[str, str]], str]:
    status = cli.run(["check", *args])
    out, err = capfd.readouterr()
    return status, list(csv.DictReader(io.StringIO(out))), err


def test_warnings_alone_end_in_0_and_an_error_in_1(capfd: pytest.CaptureFixture[str]) -> None:
    status, rows, err = run(capfd, str(BROKEN / "unasked_column.csv"))
    assert status == 0 and [row["severity"] for row in rows] == ["warning"] and "Rijen gelezen: 2" in err
    status, rows, _ = run(capfd, str(BROKEN / "unknown_code.csv"), str(BROKEN / "vacancy_bad_kvk.csv"), "--lang", "en")
    assert status == 1 and [(row["file"], row["row"], row["code"]) for row in rows] == [
        ("unknown_code.csv", "3", "unknown_code"), ("vacancy_bad_kvk.csv", "3", "bad_kvk"),
    ]  # fmt: skip
    assert rows[0]["message"].startswith("branches: we do not know")


def test_nothing_wrong_prints_the_header_alone(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    good = tmp_path / "goed.csv"
    good.write_text("\n".join((BROKEN / "unknown_code.csv").read_text().splitlines()[:2]))
    assert cli.run(["check", str(good)]) == 0
    assert capfd.readouterr().out == "file,row,column,severity,code,found,expected,message\n"


def test_a_file_that_is_no_list_at_all_is_an_error(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    other = tmp_path / "adressen.csv"
    other.write_text("straat,huisnummer\nDorpsstraat,1\n")
    status, rows, _ = run(capfd, str(other))
    assert status == 1 and [(row["row"], row["code"]) for row in rows] == [("", "missing_column")]
    assert "schakel template" in rows[0]["message"]


def test_a_missing_file_and_a_wrong_option_end_in_2(capfd: pytest.CaptureFixture[str]) -> None:
    assert run(capfd, "nergens.csv")[0] == 2
    assert run(capfd)[0] == 2
    assert run(capfd, str(BROKEN / "required.csv"), "--column", "geen gelijkteken")[0] == 2
    assert run(capfd, str(BROKEN / "required.csv"), "--column", "brin=niets_bekends")[0] == 2
    assert run(capfd, str(BROKEN / "required.csv"), "--column", "staat er niet=postcode")[0] == 2


def test_a_header_can_be_named(capfd: pytest.CaptureFixture[str]) -> None:
    status, rows, _ = run(capfd, str(BROKEN / "misspelt_required_column.csv"), "--column", "gebortedatum=birth_date")
    assert (status, rows) == (0, [])


def test_the_check_loads_no_web_no_solver_and_no_learner() -> None:
    code = (
        "import sys; from api import cli; cli.run(['check', sys.argv[1]]);"
        "print(sorted({'flask', 'sklearn', 'scipy', 'matcher'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(BROKEN / "decision_unknown.csv")],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == "[]"
