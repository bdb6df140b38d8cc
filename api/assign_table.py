"""CSV of the `assign` format as columns: separators and encodings people send, every defect with its row."""
from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from api.assign_numbers import MILLION, Ints, NumberError, millionths_of, plain_column, whole_of
from api.errors import Refused
from api.tables import unguard

SHOWN = 20
"""Defects written out; the rest is counted."""
_SEPARATORS = ",;\t"
Cell = Callable[[str], int]


@dataclass(slots=True)
class Defects:
    """What is wrong in all files together, told at once."""

    lines: list[str] = field(default_factory=list)

    def add(self, file: str, row: int | None, message: str) -> None:
        """Keep one; ``row`` as a spreadsheet counts it, None for the file as a whole."""
        self.lines.append(f"{file}{'' if row is None else f' row {row}'}: {message}")

    def refuse(self) -> None:
        """Raise Refused if there is anything."""
        if self.lines:
            more = len(self.lines) - SHOWN
            raise Refused("\n".join([*self.lines[:SHOWN], *([f"... and {more} more."] if more > 0 else [])]))


@dataclass(slots=True)
class Table:
    """The rows of a file: ``row`` numbers as a spreadsheet counts them and a list per known column.

    ``comma`` says that a comma may be a decimal one, because it does not separate columns here.
    """

    file: str
    row: Sequence[int]
    columns: dict[str, list[str]]
    comma: bool = False

    def __len__(self) -> int:
        return len(self.row)


def read_table(
    path: Path, needed: Sequence[str], optional: Sequence[str], defects: Defects, note: Callable[[str], None]
) -> Table:
    """Read the text cells of the known columns, stripped, our own apostrophes taken off; rows without text are skipped.

    A column that is optional and absent gives empty cells.
    """
    text = decode(path)
    known = (*needed, *optional)
    empty = Table(path.name, [], {name: [] for name in known})
    separator, first, rows = _rows(text, path.name)
    start = next((k for k, cells in enumerate(rows) if any(map(str.strip, cells))), None)
    if start is None:
        defects.add(path.name, None, "is empty; expected a header " + ",".join(known))
        return empty
    header = (first + start, rows[start])
    names = [cell.strip().lower() for cell in header[1]]
    missing = [name for name in needed if name not in names]
    twice = sorted({name for name in names if name in known and names.count(name) > 1})
    if missing or twice:
        for name in missing:
            defects.add(path.name, header[0], f"column {name} is missing; found {','.join(names)}")
        for name in twice:
            defects.add(path.name, header[0], f"column {name} stands there twice")
        return empty
    extra = [cell.strip() for cell, name in zip(header[1], names, strict=True) if name and name not in known]
    if extra:
        note(f"{path.name}: columns not used: {', '.join(extra)}")
    table = _columns(rows[start + 1 :], header[0] + 1, names, known, file=path.name, defects=defects)
    table.comma = separator != ","
    return table


def _columns(
    rows: list[list[str]], first: int, names: Sequence[str], known: Sequence[str], *, file: str, defects: Defects
) -> Table:
    width = len(names)
    numbers: Sequence[int] = range(first, first + len(rows))
    fits = set(map(len, rows)) <= {width}
    columns = list(zip(*rows, strict=True)) if fits and rows else [()] * width
    if not fits or any(map(_is_blank, columns[0])):  # then rows may be blank, short or long: one by one
        fitted = [_fitted(row, width, file, defects) for row in zip(numbers, rows, strict=True)]
        kept = [row for row in fitted if row is not None]
        numbers = [number for number, _ in kept]
        columns = list(zip(*(cells for _, cells in kept), strict=True)) if kept else [()] * width
    at = {name: k for k, name in reversed(list(enumerate(names)))}
    return Table(
        file, numbers, {name: _clean(columns[at[name]]) if name in at else [""] * len(numbers) for name in known}
    )


def _is_blank(cell: str) -> bool:
    return not cell or cell.isspace()


def _fitted(row: tuple[int, list[str]], width: int, file: str, defects: Defects) -> tuple[int, list[str]] | None:
    """The row with as many cells as the header; None when it is blank or has text beyond it."""
    number, cells = row
    if not any(map(str.strip, cells)):
        return None
    if any(map(str.strip, cells[width:])):
        defects.add(file, number, f"{len(cells)} cells; the header has {width}")
        return None
    return number, (cells + [""] * width)[:width]


def _clean(cells: Sequence[str]) -> list[str]:
    return [unguard(cell) if cell[:1] == "'" else cell for cell in map(str.strip, cells)]


def decode(path: Path) -> str:
    """The text of a file: UTF-8 with or without BOM, UTF-16 with BOM, or Windows-1252."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise Refused(f"{path.name}: cannot be read: {error.strerror}") from error
    if raw.startswith(b"PK\x03\x04"):
        raise Refused(f"{path.name}: is a workbook or zip file; save the sheet as CSV")
    wide = raw.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "cp1252"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise Refused(f"{path.name}: is no text; expected UTF-8")


def _rows(text: str, file: str) -> tuple[str, int, list[list[str]]]:
    """Separator (the one the header has most of, or Excel's ``sep=`` line names), number of the first row, rows."""
    first = text.lstrip("\r\n").partition("\n")[0]
    separator, number = max(_SEPARATORS, key=first.count), 1
    if first.lower().startswith("sep=") and len(first.rstrip("\r")) == 5:
        separator, number, text = first[4], 2, text.lstrip("\r\n").partition("\n")[2]
    rows: list[list[str]] = []
    try:
        rows.extend(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error as error:
        raise Refused(f"{file} row {number + len(rows)}: {error}; expected CSV with quotes in pairs") from error
    return separator, number, rows


def ids(table: Table, name: str, defects: Defects) -> list[str]:
    """The column as ids; an empty one is a defect."""
    cells: list[str] = table.columns[name]
    if not all(cells):
        for number, cell in zip(table.row, cells, strict=True):
            if not cell:
                defects.add(table.file, number, f"{name} is empty; expected an id")
    return cells


def numbers(
    table: Table,
    name: str,
    defects: Defects,
    *,
    whole: bool = False,
    least: int | None = None,
    empty: int | None = None,
) -> Ints:
    """The column as whole numbers, or as millionths; ``empty`` stands for an empty cell (None: a defect)."""
    read: Cell = whole_of if whole else millionths_of
    cells = table.columns[name]
    result, plain = plain_column(cells)
    if whole:
        plain &= result % MILLION == 0
        result //= MILLION
    for k in np.flatnonzero(~plain).tolist():
        if not cells[k] and empty is not None:
            result[k] = empty
            continue
        try:
            result[k] = read(_pointed(cells[k]) if table.comma else cells[k])
        except NumberError as error:
            defects.add(table.file, table.row[k], f"{name} is {cells[k]!r}; {error}")
            result[k] = max(least or 0, 0)
    if least is not None:
        for k in np.flatnonzero(result < least).tolist():
            if cells[k]:
                defects.add(table.file, table.row[k], f"{name} is {cells[k]}; expected {least} or more")
    return result


def _pointed(cell: str) -> str:
    """``0,5`` as Dutch spreadsheets write it, with a point; a text with a point or two commas is left alone."""
    return cell.replace(",", ".") if cell.count(",") == 1 and "." not in cell else cell
