"""A match report as files: four tables, figures, a page for people and a workbook."""
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

ROWS = ("file", "row", "column", "severity", "code", "found", "expected", "message")
"""Header of the defects of rows, as in ``rows.csv``."""


def write_report(folder: Path, report: MatchReport, rows: Sequence[Sequence[Cell]]) -> None:
    """Write everything people and programs read of one run into ``folder``.

    ``proposals.csv``, ``alternatives.csv``, ``unplaced.csv``, ``openings.csv``, ``report.json``, ``report.html``
    and ``result.xlsx``; the same report and rows give the same bytes.

    ``rows`` are the defects found in the files, in the columns of `ROWS`; they appear in the page and the workbook.
    """
    view = build_view(report)
    made = tables(view)
    write_tables(folder, made)
    (folder / "report.json").write_text(report_json(view), encoding="utf-8", newline="\n")
    (folder / "report.html").write_text(report_html(view, rows), encoding="utf-8", newline="\n")
    defects = Table("rows", ROWS, tuple(tuple(row) for row in rows))
    title = say(REPORT, "title", report.lang)
    write_xlsx(folder / "result.xlsx", (*made, defects), title=title, on=report.on)
