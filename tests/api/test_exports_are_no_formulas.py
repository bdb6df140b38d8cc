"""No cell we write is run by a spreadsheet: not in a CSV, where it gets an apostrophe, and not in a workbook."""
from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.report.tables import Table
from api.report.xlsx import write_xlsx
from api.tables import csv_bytes, guard, unguard

SIGNS = ("=", "+", "-", "@", "\t", "\r", "\0", "＝", "＋", "－", "＠")
REST = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=20)
CELLS = st.one_of(REST, st.tuples(st.sampled_from(SIGNS), st.one_of(REST, st.just("1+1"))).map("".join))


@pytest.mark.parametrize("sign", SIGNS)
def test_every_sign_gets_an_apostrophe_that_is_taken_off_again(sign: str) -> None:
    assert guard(f"{sign}1+1") == f"'{sign}1+1"
    assert unguard(f"'{sign}1+1") == f"{sign}1+1"


@pytest.mark.parametrize("text", ["", "Anna", "'s morgens", "a=b", "1+1", " =1", "’t Gooi"])
def test_other_text_is_written_as_it_is(text: str) -> None:
    assert (guard(text), unguard(text)) == (text, text)


@settings(max_examples=1_000)
@given(CELLS)
def test_no_cell_of_a_csv_begins_with_a_sign_and_every_cell_comes_back(text: str) -> None:
    written = csv_bytes(("a", "b"), [("x", text)]).decode()
    ((_, cell),) = list(csv.reader(io.StringIO(written, newline="")))[1:]
    assert not cell.startswith(SIGNS)
    assert unguard(cell) == text or (text.startswith("'") and text[1:].startswith(SIGNS))


@settings(max_examples=20, deadline=None)
@given(st.lists(CELLS, min_size=50, max_size=50))
def test_no_cell_of_a_workbook_is_a_formula(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    path = Path(tmp_path_factory.mktemp("book")) / "x.xlsx"
    write_xlsx(path, [Table("t", ("a",), tuple((text,) for text in texts))], title="t", on=date(2026, 6, 1))
    cells = [cell for row in openpyxl.load_workbook(path)["t"].iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
