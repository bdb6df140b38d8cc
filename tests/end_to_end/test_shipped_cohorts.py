"""The shipped cohorts: drawn anew to the byte, solved as their READMEs say, and matched by the demo."""
from __future__ import annotations

import csv
import importlib.util
import json
import sys
from pathlib import Path

import pytest

from api.cli import run

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def match(name: str, out: Path) -> Path:
    folder = FIXTURES / name
    lists = [str(folder / "leavers.csv"), str(folder / "vacancies.csv")]
    call = ["match", *lists, "--on", "2026-06-15", "--out", str(out)]
    policy = folder / "policy.toml"
    assert run([*call, *(["--policy", str(policy)] if policy.exists() else [])]) == 0
    return out


def test_the_drawn_cohorts_are_what_their_generator_draws() -> None:
    spec = importlib.util.spec_from_file_location("generate", FIXTURES / "generate.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["generate"] = module
    spec.loader.exec_module(module)
    for name, drawn in (("region", module.region()), ("salland", module.salland())):
        for file, data in drawn.items():
            assert (FIXTURES / name / file).read_bytes() == data, (name, file)


def test_tiny_is_solved_as_its_readme_solves_it_by_hand(tmp_path: Path) -> None:
    out = match("tiny", tmp_path / "out")
    plan = {row["student_ref"]: (row["vacancy_ref"], row["fit"]) for row in rows(out / "proposals.csv")}
    assert plan == {
        "A": ("V2", "0.850000"), "B": ("V1", "1.000000"), "C": ("V3", "0.850000"), "D": ("", ""), "E": ("", ""),
    }  # fmt: skip
    blocked = {row["student_ref"]: row["blocked"] for row in rows(out / "unplaced.csv")}
    assert blocked == {"D": "reach=3", "E": "support=1|min_fit=2"}
    stages = {stage["name"]: stage["value"] for stage in json.loads((out / "report.json").read_text())["stages"]}
    assert stages == {"priority": 4, "fit": 2.7}
    assert run(["verify", str(out)]) == 0


def test_the_group_of_salland_opens_with_ten_to_twelve_from_both_regions(tmp_path: Path) -> None:
    out = match("salland", tmp_path / "out")
    intakes = [row for row in rows(out / "openings.csv") if row["vacancy_ref"] == "BINQ-RAALTE"]
    assert all(row["filled"] == "0" or 10 <= int(row["filled"]) <= 12 for row in intakes)
    assert "yes" in {row["opens"] for row in intakes}
    with (FIXTURES / "salland" / "leavers.csv").open(encoding="utf-8-sig", newline="") as stream:
        home = {row["leerlingnummer"]: row["woonplaats"] for row in csv.DictReader(stream, delimiter=";")}
    members = {home[row["student_ref"]] for row in rows(out / "proposals.csv") if row["vacancy_ref"] == "BINQ-RAALTE"}
    assert members & {"Raalte", "Heino", "Wijhe", "Olst"}
    assert members & {"Deventer", "Bathmen"}  # today another labour-market region: a hard border would break the case


def test_the_demo_places_the_region_and_names_the_four_slips(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "demo"
    assert run(["demo", "--out", str(out)]) == 0
    assert f"Rapport: {out / 'report.html'}" in capsys.readouterr().out
    slips = {(row["file"], row["code"]) for row in rows(out / "rows.csv") if row["severity"] == "error"}
    assert slips == {
        ("leavers.csv", "ambiguous_date"), ("leavers.csv", "unknown_code"), ("leavers.csv", "bad_postcode"),
        ("vacancies.csv", "bad_kvk"),
    }  # fmt: skip
    placed = [row for row in rows(out / "proposals.csv") if row["status"] == "placed"]
    assert len(placed) > 250
    assert run(["verify", str(out)]) == 0
