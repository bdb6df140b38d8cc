"""Template files: headers, what each column takes, and one example row that itself passes `schakel check`.

A CSV has the headers, the example and, below it, one row of notes that readers pass over (it begins with
``# toegestane waarden`` or ``# allowed values``). An XLSX has the notes on a second sheet and the choices on a
third, behind pick lists.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from api.files.reading import NOTES
from api.schemas.base import RowSchema
from api.schemas.code_values import Code
from api.schemas.columns import KINDS, Column
from api.schemas.decisions import DecisionSchema
from api.schemas.leavers import LeaverSchema
from api.schemas.openings import OpeningSchema
from api.schemas.values import Value, YesNo
from api.tables import csv_bytes
from api.texts.rows import LANGUAGES, expected
from api.texts.templates import EXAMPLES, SHEETS, TEMPLATE_WORDS

SCHEMAS: dict[str, type[RowSchema]] = {"leavers": LeaverSchema, "vacancies": OpeningSchema, "decisions": DecisionSchema}
_ROWS = 2_000  # rows of the sheet that get a pick list
_MADE = datetime(2026, 1, 1)  # a clock would make other bytes every time


def template_csv(kind: str, lang: str) -> bytes:
    """Return the CSV template of a list, in ``lang``."""
    columns = KINDS[kind]
    notes = [_note(kind, column, lang) for column in columns]
    notes[0] = f"{NOTES[LANGUAGES.index(lang)]}: {notes[0]}"
    return csv_bytes([column.header(lang) for column in columns], [_example(kind, lang), notes])


def template_xlsx(kind: str, lang: str) -> bytes:
    """Return the XLSX template of a list, in ``lang``; the same bytes every time."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    book.set_properties({"created": _MADE})
    names = SHEETS[lang]
    rows, notes, choices = (
        book.add_worksheet(names[kind]),
        book.add_worksheet(names["notes"]),
        book.add_worksheet(names["choices"]),
    )
    bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    text = book.add_format({"num_format": "@"})
    example = book.add_format({"num_format": "@", "italic": True})
    columns = KINDS[kind]
    for index, (column, value) in enumerate(zip(columns, _example(kind, lang), strict=True)):
        header = column.header(lang)
        rows.set_column(index, index, max(12, len(header) + 3), text)
        rows.write_string(0, index, header, bold)
        rows.write_string(1, index, value, example)
        labels = _choices(SCHEMAS[kind].reader(column.name), lang)
        if labels:
            _pick_list(rows, choices, index, f"{header} ({TEMPLATE_WORDS[lang]['choices'][0]})", labels)
        notes.write_string(index + 1, 0, header, bold)
        notes.write_string(index + 1, 1, _demand(column, lang), wrapped)
        notes.write_string(index + 1, 2, _note(kind, column, lang), wrapped)
    rows.freeze_panes(1, 1)
    notes.write_row(0, 0, TEMPLATE_WORDS[lang]["notes"], bold)
    notes.set_column(0, 0, 24)
    notes.set_column(1, 1, 14)
    notes.set_column(2, 2, 100)
    book.close()
    return stream.getvalue()


def _example(kind: str, lang: str) -> list[str]:
    which = LANGUAGES.index(lang)
    values = EXAMPLES[kind]
    return [values[column.name][which] if column.name in values else "" for column in KINDS[kind]]


def _note(kind: str, column: Column, lang: str) -> str:
    return expected(SCHEMAS[kind].reader(column.name).expected, lang)


def _demand(column: Column, lang: str) -> str:
    words = TEMPLATE_WORDS[lang]["demand"]
    return words[0] if column.required else words[1]


def _choices(reader: Value, lang: str) -> list[str]:
    """The labels of a column that takes one code; none for other columns."""
    if isinstance(reader, Code):
        return [reader.list.label(code, lang) for code in reader.codes]
    return [reader.codes.label(code, lang) for code in reader.codes.codes] if isinstance(reader, YesNo) else []


def _pick_list(rows: Any, choices: Any, index: int, title: str, labels: Sequence[str]) -> None:
    """A pick list in the column ``index`` of both sheets; other spellings are allowed after a warning."""
    choices.write_string(0, index, title)
    choices.write_column(1, index, labels)
    column = xl_col_to_name(index, col_abs=True)
    source = f"='{choices.get_name()}'!{column}$2:{column}${len(labels) + 1}"
    rules = {"validate": "list", "source": source, "error_type": "warning"}
    rows.data_validation(1, index, _ROWS, index, rules)
