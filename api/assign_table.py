"""CSV of the `assign` format as columns: separators and encodings people send, every defect with its row."""
from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from api.assign_numbers import NumberError, millionths_of, whole_of
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
    row: list[int]
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
    separator, lines = _rows(text, path.name)
    header = next((row for row in lines if any(cell.strip() for cell in row[1])), None)
    if header is None:
        defects.add(path.name, None, "is empty; expected a header " + ",".join(known))
        return empty
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
    table = _columns(lines, names, known, path.name, defects)
    table.comma = separator != ","
    return table


def _columns(
    lines: Iterator[tuple[int, list[str]]], names: Sequence[str], known: Sequence[str], file: str, defects: Defects
) -> Table:
    width = len(names)
    numbers: list[int] = []
    rows: list[list[str]] = []
    for number, found in lines:
        cells = found
        if len(cells) != width:
            if not any(cell.strip() for cell in cells):
                continue
            if any(cell.strip() for cell in cells[width:]):
                defects.add(file, number, f"{len(cells)} cells; the header has {width}")
                continue
            cells = (cells + [""] * width)[:width]
        elif not any(cells) or not any(map(str.strip, cells)):
            continue
        numbers.append(number)
        rows.append(cells)
    columns = list(zip(*rows, strict=True)) if rows else [()] * width
    at = {name: k for k, name in reversed(list(enumerate(names)))}
    return Table(
        file,
        numbers,
        {name: _clean(columns[at[name]]) if name in at else [""] * len(numbers) for name in known},
    )


def _clean(cells: Sequence[str]) -> list[str]:
    return [unguard(cell.strip()) if cell[:1] == "'" else cell.strip() for cell in cells]


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


def _rows(text: str, file: str) -> tuple[str, Iterator[tuple[int, list[str]]]]:
    """The separator (the one the header has most of, or Excel's ``sep=`` line names) and the numbered rows."""
    first = text.lstrip("\r\n").partition("\n")[0]
    if first.lower().startswith("sep=") and len(first.rstrip("\r")) == 5:
        separator, text, offset = first[4], text.lstrip("\r\n").partition("\n")[2], 1
    else:
        separator, offset = max(_SEPARATORS, key=first.count), 0
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    return separator, _numbered(reader, offset, file)


def _numbered(reader: Iterator[list[str]], number: int, file: str) -> Iterator[tuple[int, list[str]]]:
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise Refused(f"{file} row {number}: {error}; expected CSV with quotes in pairs") from error
        yield number, cells


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
) -> list[int]:
    """The column as whole numbers, or as millionths; ``empty`` stands for an empty cell (None: a defect)."""
    read: Cell = whole_of if whole else millionths_of
    result = []
    for number, cell in zip(table.row, table.columns[name], strict=True):
        if not cell and empty is not None:
            result.append(empty)
            continue
        try:
            value = read(_pointed(cell) if table.comma else cell)
        except NumberError as error:
            defects.add(table.file, number, f"{name} is {cell!r}; {error}")
            value = max(least or 0, 0)
        if least is not None and value < least:
            defects.add(table.file, number, f"{name} is {cell}; expected {least} or more")
        result.append(value)
    return result


def _pointed(cell: str) -> str:
    """``0,5`` as Dutch spreadsheets write it, with a point; a text with a point or two commas is left alone."""
    return cell.replace(",", ".") if cell.count(",") == 1 and "." not in cell else cell
