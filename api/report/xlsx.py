"""``result.xlsx``: the same tables as sheets, for people; the same bytes for the same tables."""
from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from pathlib import Path

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from api.report.tables import Table
from api.tables import Cell, Number

_MOST_ROWS = 1_048_575  # below the header; Excel holds no more on a sheet
_MOST_TEXT = 32_767  # characters in a cell
_WIDEST = 60
_SAMPLE = 200  # rows looked at for the width of a column


def write_xlsx(path: Path, tables: Sequence[Table], *, title: str, on: date) -> None:
    """Write one sheet per table: bold frozen header, filter, widths, numbers as numbers.

    Text is never taken for a formula, a number or a link. A table with more rows than a sheet holds goes on
    in ``name_2`` and so on. ``on`` stands as the date of the file, so that equal tables give equal bytes.
    """
    options = {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False, "in_memory": True}
    book = xlsxwriter.Workbook(str(path), options)
    book.set_properties({"title": title, "author": "Schakel", "created": datetime.combine(on, time(0))})
    formats = {
        "head": book.add_format({"bold": True, "bg_color": "#0B3D66", "font_color": "#FFFFFF", "valign": "vcenter"}),
        "micro": book.add_format({"num_format": "0.000000", "valign": "top"}),
        "plain": book.add_format({"valign": "top"}),
        "long": book.add_format({"text_wrap": True, "valign": "top"}),
    }
    for table in tables:
        for k, begin in enumerate(range(0, max(len(table.rows), 1), _MOST_ROWS)):
            name = table.name if not k else f"{table.name}_{k + 1}"
            _sheet(book, Table(name, table.header, table.rows[begin : begin + _MOST_ROWS]), formats)
    book.close()


def _sheet(book: Workbook, table: Table, formats: dict[str, Format]) -> None:
    header, rows = table.header, table.rows
    sheet = book.add_worksheet(table.name)
    sheet.freeze_panes(1, 0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    for column, title in enumerate(header):
        width = _width(title, [row[column] for row in rows[:_SAMPLE]])
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, title, formats["head"])
    for line, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            _write(sheet, line, column, value, formats)
    if header:
        sheet.autofilter(0, 0, len(rows), len(header) - 1)


def _write(sheet: Worksheet, line: int, column: int, value: Cell, formats: dict[str, Format]) -> None:
    if value is None or value == "":
        return
    if isinstance(value, Number):
        sheet.write_number(line, column, float(value), formats["micro"])
    elif isinstance(value, int):
        sheet.write_number(line, column, value, formats["plain"])
    else:
        sheet.write_string(line, column, value[:_MOST_TEXT], formats["long" if len(value) > _WIDEST else "plain"])


def _width(title: str, values: Sequence[Cell]) -> int:
    longest = max((len(str(value)) for value in values if value is not None), default=0)
    return min(max(longest, len(title) + 3) + 1, _WIDEST)
