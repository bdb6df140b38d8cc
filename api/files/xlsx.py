"""Sheets of an XLSX file."""

from __future__ import annotations

import io
from typing import Any

from python_calamine import CalamineError, SheetVisibleEnum, load_workbook

from api.files.archive import unpack
from api.files.sheets import Row, Sheet, check_size, trim, unreadable
from api.schemas.cells import Broken, Cell


def read_xlsx(data: bytes) -> list[Sheet]:
    """Return the worksheets in order, each row with its number in the sheet.

    Raises
    ------
    UnusableError
        If the file is damaged, locked, no XLSX, or beyond the limits.
    """
    unpacked = unpack(data)
    try:
        book = load_workbook(io.BytesIO(unpacked.data))
        return [
            _sheet(about.name, about.visible != SheetVisibleEnum.Visible, book, unpacked.broken.get(about.name, {}))
            for about in book.sheets_metadata
            if str(about.typ).endswith("WorkSheet")
        ]
    except (CalamineError, OSError, ValueError, OverflowError):
        raise unreadable("XLSX", "corrupt") from None
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # the parser's own last word is no Exception
            raise
        raise unreadable("XLSX", "corrupt") from None


def _sheet(name: str, hidden: bool, book: Any, broken: dict[int, dict[int, str]]) -> Sheet:
    rows: list[tuple[int, Row]] = []
    table = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    last = max(len(table), *(index + 1 for index in broken)) if broken else len(table)
    for index in range(last):
        row: Row = [_cell(cell) for cell in table[index]] if index < len(table) else []
        for column, what in sorted(broken.get(index, {}).items()):
            row += [None] * (column + 1 - len(row))
            if row[column] is None:
                row[column] = Broken("#N/B" if what == "#" else "=…")
        row = trim(row)
        if row:
            check_size(len(rows), len(row))
            rows.append((index + 1, row))
    return Sheet(rows, name, hidden)


def _cell(cell: Any) -> Cell | None:
    if isinstance(cell, str):
        return cell.strip() or None
    value: Cell = cell
    return value
