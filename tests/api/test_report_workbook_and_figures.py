"""`result.xlsx` and `report.json`: the same numbers, as numbers, and no group small enough to be recognised."""
from __future__ import annotations

import csv
import json
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from api.report import write_report
from api.report.fairness import SMALL, fairness
from api.report.figures_json import report_data
from api.report.summary import summary_lines
from api.report.tables import Table
from api.report.view import build_view
from api.report.xlsx import write_xlsx
from api.tables import unguard
from tests.api.report_cohort import ROWS, STUDENTS, report

openpyxl = pytest.importorskip("openpyxl")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("report")
    write_report(made, report(), ROWS)
    return made


def test_sheets_hold_the_same_tables_with_numbers_as_numbers(folder: Path) -> None:
    book = openpyxl.load_workbook(folder / "result.xlsx")
    assert book.sheetnames == ["proposals", "alternatives", "unplaced", "openings", "questions", "texts", "rows"]
    for name in book.sheetnames[:4]:
        sheet = book[name]
        with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
            expected = list(csv.reader(stream))
        found = [list(row) for row in sheet.iter_rows(values_only=True)]
        assert len(found) == len(expected)
        for line, row in zip(expected, found, strict=True):
            for text, value in zip(line, row, strict=True):
                if isinstance(value, (int, float)):
                    assert float(text) == value
                else:
                    assert unguard(text) == (value or "")
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref
    fits = [cell.value for cell in book["alternatives"]["F"][1:]]
    assert fits
    assert all(isinstance(fit, float) for fit in fits)


def test_no_cell_is_a_formula_or_link(folder: Path) -> None:
    book = openpyxl.load_workbook(folder / "result.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert "=1+1" in {cell.value for cell in cells}
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert not any(cell.hyperlink for cell in cells)


def test_a_table_larger_than_a_sheet_goes_on_in_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.report.xlsx._MOST_ROWS", 2)
    table = Table("t", ("a",), tuple((k,) for k in range(5)))
    write_xlsx(tmp_path / "x.xlsx", [table], title="t", on=date(2026, 6, 1))
    book = openpyxl.load_workbook(tmp_path / "x.xlsx")
    assert book.sheetnames == ["t", "t_2", "t_3"]
    assert [cell.value for name in book.sheetnames for cell in book[name]["A"][1:]] == [0, 1, 2, 3, 4]


def test_an_empty_table_is_a_sheet_with_its_header(tmp_path: Path) -> None:
    write_xlsx(tmp_path / "x.xlsx", [Table("t", ("a", "b"), ())], title="t", on=date(2026, 6, 1))
    assert [cell.value for cell in openpyxl.load_workbook(tmp_path / "x.xlsx")["t"][1]] == ["a", "b"]


def test_figures_are_those_of_the_tables(folder: Path) -> None:
    data = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    with (folder / "proposals.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    status = Counter(row["status"] for row in rows)
    totals = data["totals"]
    assert (totals["placed"], totals["unplaced"]) == (status["placed"], status["unplaced"])
    assert totals["students"] == len(rows)
    assert totals["left_out"] == sum(s.work_capacity == "no" for s in STUDENTS)
    assert totals["filled"] + totals["left"] == totals["places"]
    assert sum(totals["bands"].values()) == totals["placed"]
    placed = [row for row in rows if row["status"] == "placed"]
    assert totals["mean_fit"] == pytest.approx(sum(float(row["fit"]) for row in placed) / len(placed), abs=1e-6)
    fit = next(stage for stage in data["stages"] if stage["name"] == "fit")
    assert fit["value"] == round(sum(float(row["fit"]) for row in placed), 6)
    assert data["proved"] is report().proved
    assert data["gap"] == 0
    assert (data["digest"], data["policy"]["digest"]) == (report().digest, report().policy.digest())
    assert [stage["name"] for stage in data["stages"]] == ["priority", "fit"]


def test_groups_and_supervision_show_how_full_they_are(folder: Path) -> None:
    limits = json.loads((folder / "report.json").read_text(encoding="utf-8"))["limits"]
    groups = {group["opening"]: group for group in limits["groups"]}
    assert set(groups) == {"V3@2026-09-01", "V3@2027-02-01"}
    assert not groups["V3@2026-09-01"]["opens"]
    assert [load["opening"] for load in limits["load"]] == ["V2@2026-09-01"]
    assert all(load["used"] <= load["capacity"] for load in limits["load"])


def test_no_group_below_five_is_shown_nor_can_be_worked_out() -> None:
    view = build_view(report())
    for name, groups in fairness(view).items():
        shown = [group for group in groups if not group.hidden]
        assert all(group.students is not None and group.students >= SMALL for group in shown), name
        hidden = [group for group in groups if group.hidden]
        assert not (len(hidden) == 1 and shown), f"{name}: the one hidden group follows from the total"


def test_a_leximin_stage_is_the_ascending_list_of_ratios() -> None:
    data = report_data(build_view(report("nl", "balanced")))
    leximin = next(stage for stage in data["stages"] if stage["name"] == "leximin")
    assert len(leximin["value"]) == len(report().students)
    assert leximin["value"] == sorted(leximin["value"])
    assert all(0 <= ratio <= 1 for ratio in leximin["value"])


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_the_summary_names_the_totals(lang: str) -> None:
    lines = summary_lines(report(lang))
    view = build_view(report(lang))
    placed = sum(proposal.placed for proposal in view.proposals)
    assert any(str(placed) in line for line in lines[1:3])
    assert all(len(line) < 100 for line in lines)
