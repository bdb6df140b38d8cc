"""The search for citizen service numbers in a file, before anything in it is read as data.

A file is refused when a header means BSN or PGN, when a column's numbers are BSNs by the 11-test, or when a
number that passes stands beside such a word. A lone number that passes is an error of its row.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from api.bsn import exempt_header, looks_like_column, mask, means_bsn, names_bsn, suspects
from api.defects import Defect, Phrase
from api.files.sheets import Row, Sheet
from api.schemas.cells import text_of
from api.schemas.columns import Column

FILE = Phrase("no_bsn_column")
ROW = Phrase("no_bsn")
_HEADER_WITHIN = 60
_HEADER_LENGTH = 60
_FREE_REFERENCES = ("vacancy_ref",)  # an employer's own number, not a person's
_KVK_FIELDS = ("referrer", "school")  # may hold a KvK number of 8 digits
_KVK_DIGITS = 8


@dataclass(slots=True)
class Findings:
    """``refusals``: (column index or None, defect of the file); ``lone``: row number -> column index -> defect."""

    refusals: list[tuple[int | None, Defect]] = field(default_factory=list)
    lone: dict[int, dict[int, Defect]] = field(default_factory=dict)


def inspect(sheet: Sheet, header_at: int, known: dict[int, Column]) -> Findings:
    """Search the sheet that is read; ``known`` says which field a column is."""
    found = Findings()
    header = sheet.rows[header_at][1]
    for index, cell in enumerate(header):
        if isinstance(cell, str) and means_bsn(cell):
            found.refusals.append((index, Defect("bsn", mask(text_of(cell)), FILE, Phrase("bsn_header"))))
    named = {index for index, _ in found.refusals}
    exempt = {index for index, column in known.items() if column.free}
    exempt |= {index for index, cell in enumerate(header) if isinstance(cell, str) and exempt_header(cell)}
    columns: dict[int, list[str]] = {}
    suspected: dict[str, bool] = {}  # dates and phone numbers repeat themselves
    for at, number, index, text in _numbers(sheet):
        if index in exempt and at > header_at and not names_bsn(text):
            continue
        column = known.get(index)
        if at > header_at and column and column.name in _KVK_FIELDS and _is_kvk(text):
            continue
        columns.setdefault(index, []).append(text)
        if text not in suspected:
            suspected[text] = bool(suspects(text))
        if not suspected[text]:
            continue
        if _beside_word(sheet.rows[at][1], index, text):
            hint = Phrase("bsn_row", (("row", number or 1),))
            found.refusals.append((index if at >= header_at else None, Defect("bsn", mask(text), FILE, hint)))
        elif at > header_at and column and column.name not in _FREE_REFERENCES:
            found.lone.setdefault(number, {})[index] = Defect("bsn", mask(text), ROW)
    for index, texts in columns.items():
        if index not in named and any(suspected[text] for text in texts) and looks_like_column(texts):
            found.refusals.append((index, Defect("bsn", mask(texts[0]), FILE, Phrase("bsn_column"))))
    return found


def inspect_aside(sheet: Sheet) -> list[Defect]:
    """Search a sheet that is not read: it is part of the file all the same."""
    found = []
    for number, row in sheet.rows[:_HEADER_WITHIN]:
        for cell in row:
            if isinstance(cell, str) and len(cell) <= _HEADER_LENGTH and means_bsn(cell):
                found.append(_aside(sheet, number, cell))
    columns: dict[int, list[str]] = {}
    rows: dict[int, int] = {}
    for at, number, index, text in _numbers(sheet):
        columns.setdefault(index, []).append(text)
        rows.setdefault(index, number)
        if suspects(text) and _beside_word(sheet.rows[at][1], index, text):
            found.append(_aside(sheet, number, text))
    heads = {index: cell for _, row in sheet.rows[:1] for index, cell in enumerate(row)}
    for index, texts in columns.items():
        head = heads.get(index)
        if looks_like_column(texts) and not (isinstance(head, str) and exempt_header(head)):
            found.append(_aside(sheet, rows[index], texts[0]))
    return found


def _aside(sheet: Sheet, number: int, text: str) -> Defect:
    return Defect("bsn", mask(text), FILE, Phrase("bsn_sheet", (("sheet", mask(sheet.name)), ("row", number))))


def _numbers(sheet: Sheet) -> Iterator[tuple[int, int, int, str]]:
    """Every cell with at least eight digits: index of the row, its number, index of the column, text."""
    known: dict[str, bool] = {}  # cells repeat themselves
    for at, (number, row) in enumerate(sheet.rows):
        for index, cell in enumerate(row):
            if isinstance(cell, str):
                if len(cell) >= _KVK_DIGITS:
                    long = known.get(cell)
                    if long is None:
                        long = known[cell] = sum(map(str.isdigit, cell)) >= _KVK_DIGITS
                    if long:
                        yield at, number, index, cell
            elif isinstance(cell, (int, float)) and not isinstance(cell, bool) and 1e7 <= abs(cell) < 1e9:
                yield at, number, index, text_of(cell)


def _beside_word(row: Row, index: int, text: str) -> bool:
    """Whether the cell itself, or the cell before it, names a BSN."""
    before = row[index - 1] if index else None
    return names_bsn(text) or (isinstance(before, str) and len(before) <= _HEADER_LENGTH and names_bsn(before))


def _is_kvk(text: str) -> bool:
    digits = "".join(char for char in text if not char.isspace() and char not in ".-")
    return digits.isdigit() and len(digits) == _KVK_DIGITS
