"""Rows of a CSV file, whatever its separator, with the quoting mistakes that people make."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator

from api.defects import Defect, Phrase
from api.files.sheets import MOST_COLUMNS, MOST_ROWS, Row, Sheet, check_size, trim
from api.tables import unguard

_DELIMITERS = (";", ",", "\t")
_NAMED = re.compile(r'"?sep=(.)"?[;,\t]*(?:\r\n|\r|\n|$)', re.IGNORECASE)
_SAMPLE, _SAMPLE_TEXT = 60, 100_000
_MOST_REPAIRS = 50


def read_csv(text: str, score: Callable[[Row], int]) -> Sheet:
    """Return the rows of a CSV text; ``score`` says how much a row looks like a header.

    A row is a record, as in a spreadsheet: a line break within quotes does not start one, and the line
    ``sep=;`` that Excel reads for itself is not counted.

    Raises
    ------
    UnusableError
        If there are more rows or columns than allowed.
    """
    named = _NAMED.match(text)
    if named:
        text = text[named.end() :]
    delimiter = named.group(1) if named else _delimiter(text, score)
    sheet = Sheet([])
    for number, (cells, fault) in enumerate(_records(text, delimiter), start=1):
        if number > MOST_ROWS * 2:
            check_size(number, 0)
        if fault:
            sheet.faults.append((number, fault))
        row = trim([_cell(cell) for cell in cells])
        if row and not fault:
            check_size(len(sheet.rows), len(row))
            sheet.rows.append((number, row))
    return sheet


def _cell(text: str) -> str | None:
    stripped = text.strip()
    return (unguard(stripped) if stripped[:1] == "'" else stripped) or None


def _delimiter(text: str, score: Callable[[Row], int]) -> str:
    """The separator under which some row looks most like a header; else the one that splits the most."""

    def rank(delimiter: str) -> tuple[int, int]:
        rows: list[Row] = []
        for cells, fault in _records(text[:_SAMPLE_TEXT], delimiter):
            if not fault:
                rows.append([_cell(cell) for cell in cells[: MOST_COLUMNS + 1]])
            if len(rows) >= _SAMPLE:
                break
        return max((score(row) for row in rows), default=0), sum(len(row) for row in rows)

    return max(_DELIMITERS, key=rank)


def _records(text: str, delimiter: str) -> Iterator[tuple[list[str], Defect | None]]:
    """Records of the text, or the defect that kept one from being read.

    A quote that opens and never closes would swallow the rest of the file: only its own line is given up.
    """
    lines = io.StringIO(text, newline="").readlines()
    begin = repairs = 0
    while begin < len(lines):
        reader = csv.reader(lines[begin:], delimiter=delimiter, strict=True)
        done = 0
        while True:
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                if "unexpected end" in str(error) and repairs < _MOST_REPAIRS:
                    yield [], _fault(lines[begin + done], "open_quote")
                    begin, repairs = begin + done + 1, repairs + 1
                    break
                yield [], _fault(lines[min(begin + done, len(lines) - 1)], "quotes")
                done = reader.line_num
                continue
            done = reader.line_num
            yield cells, None


def _fault(line: str, hint: str) -> Defect:
    return Defect("unreadable", line.strip()[:2000], Phrase("row_shape"), Phrase(hint))
