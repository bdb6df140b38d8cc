"""A match report as files: six tables, figures, a page for people and a workbook."""
from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from api.match_report import MatchReport
from api.report.figures_json import report_json
from api.report.html import report_html
from api.report.summary import summary_lines
from api.report.tables import Table, tables, write_tables
from api.report.view import build_view
from api.report.xlsx import write_xlsx
from api.tables import Cell
from api.texts.catalogue import say
from api.texts.report import REPORT

__all__ = ["ROWS", "summary_lines", "write_report"]

NUMBER, SEVERITY = 1, 3
ROWS = ("file", "row", "column", "severity", "code", "found", "expected", "message")
"""Header of the defects of rows, as in ``rows.csv``."""


def in_no_order(rows: Sequence[Sequence[Cell]]) -> tuple[tuple[Cell, ...], ...]:
    """The defects without the numbers of their rows, errors first, then by file and what they say."""
    unnumbered = (tuple(None if k == NUMBER else cell for k, cell in enumerate(row)) for row in rows)
    return tuple(sorted(unnumbered, key=lambda row: (row[SEVERITY] != "error", *map(str, row))))


def write_report(folder: Path, report: MatchReport, rows: Sequence[Sequence[Cell]]) -> None:
    """Write everything people and programs read of one run into ``folder``.

    ``proposals.csv``, ``alternatives.csv``, ``unplaced.csv``, ``openings.csv``, ``questions.csv``, ``texts.csv``,
    ``report.json``, ``report.html`` and ``result.xlsx``; the same report and rows give the same bytes, whatever the
    order of the rows.

    ``rows`` are the defects found in the files, in the columns of `ROWS`; they appear in the page and the workbook,
    in which row of the file they stand in ``rows.csv`` alone: that is the one table that follows the file.
    """
    rows = in_no_order(rows)
    view = build_view(report)
    made = tables(view)
    write_tables(folder, made)
    (folder / "report.json").write_text(report_json(view), encoding="utf-8", newline="\n")
    (folder / "report.html").write_text(report_html(view, rows), encoding="utf-8", newline="\n")
    defects = Table("rows", ROWS, rows)
    title = say(REPORT, "title", report.lang)
    write_xlsx(folder / "result.xlsx", (*made, defects), title=title, on=report.on)
