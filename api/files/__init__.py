"""The door through which files come in: bytes to records, with every defect named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from types import MappingProxyType

from api.files.headers import fields_of
from api.files.opening import choose_sheet, sheets_of
from api.files.reading import ReadResult, read_list
from api.files.rows import ROWS_HEADER, RowError, row_cells, row_error
from api.files.sheets import UnusableError
from api.files.sources import Source, check_columns, field_columns, parse_columns, sources_of
from api.records import Decision
from api.schemas.columns import KINDS
from features.records import Opening, Student

Files = Path | Source | Sequence[Path | Source]
_NO_COLUMNS: Mapping[str, str] = MappingProxyType({})


def read_leavers(
    files: Files, *, columns: Mapping[str, str] = _NO_COLUMNS, lang: str = "nl", on: date | None = None,
    supplied: Mapping[str, str] = _NO_COLUMNS,
) -> ReadResult[Student]:  # fmt: skip
    """Read a leaver list.

    Parameters
    ----------
    files : Path, Source or a sequence of them
        CSV, XLSX or JSON.
    columns : mapping
        Header as in the file -> field, for headers we do not know.
    lang : str
        Language of the messages, nl or en.
    on : date, optional
        The day of the run: nobody on the list is younger than ten on it.
    supplied : mapping
        Fields that need no column, as `api.files.reading.read_list` takes them.

    Raises
    ------
    WrongUsage
        If a file does not exist or may not be read, or ``columns`` names no field. What is wrong with a file
        itself is never raised.
    """
    from api.schemas.leavers import LeaverSchema

    return read_list("leavers", LeaverSchema(on), sources_of(files), columns=columns, lang=lang,
                     supplied=supplied)  # fmt: skip


def read_vacancies(
    files: Files, *, columns: Mapping[str, str] = _NO_COLUMNS, lang: str = "nl", on: date | None = None,
    supplied: Mapping[str, str] = _NO_COLUMNS,
) -> ReadResult[Opening]:  # fmt: skip
    """Read a vacancy list, an opening per row; see `read_leavers`."""
    from api.schemas.openings import OpeningSchema

    del on
    return read_list("vacancies", OpeningSchema(), sources_of(files), columns=columns, lang=lang, supplied=supplied)


def read_decisions(
    files: Files, *, columns: Mapping[str, str] = _NO_COLUMNS, lang: str = "nl", on: date | None = None
) -> ReadResult[Decision]:
    """Read decisions; see `read_leavers`. Whether they speak of rows in the lists is for the caller to say."""
    from api.schemas.decisions import DecisionSchema

    del on
    return read_list("decisions", DecisionSchema(), sources_of(files), columns=columns, lang=lang)


def kind_of_file(source: Source, columns: Mapping[str, str] = _NO_COLUMNS) -> str | None:
    """Return leavers, vacancies or decisions by the headers; None when the file has none of them."""
    kinds = tuple(KINDS)
    try:
        sheets = sheets_of(source)
        chosen, header_at = choose_sheet(sheets, kinds)
    except UnusableError:
        return None
    if not sheets[chosen].rows:
        return None
    header = sheets[chosen].rows[header_at][1]
    fields = {kind: fields_of(header, kind, field_columns(columns, kind)) for kind in kinds}
    return max(kinds, key=lambda kind: _likeness(fields[kind], kind)) if any(fields.values()) else None


def _likeness(fields: set[str], kind: str) -> tuple[float, int]:
    """The share of the required columns that are there, then the number of columns."""
    required = {column.name for column in KINDS[kind] if column.required}
    return len(required & fields) / len(required), len(fields)


__all__ = [
    "ROWS_HEADER", "Files", "ReadResult", "RowError", "Source", "check_columns", "kind_of_file", "parse_columns",
    "read_decisions", "read_leavers", "read_vacancies", "row_cells", "row_error", "sources_of",
]  # fmt: skip
