"""Files read for their defects alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from api.defects import Defect, Phrase
from api.files import (
    ReadResult,
    RowError,
    Source,
    check_columns,
    kind_of_file,
    read_decisions,
    read_leavers,
    read_vacancies,
    row_error,
    sources_of,
)
from api.travel_files import is_travel_table, read_travel_times

_READ: dict[str, Callable[..., ReadResult[Any]]] = {
    "leavers": read_leavers,
    "vacancies": read_vacancies,
    "decisions": read_decisions,
}
_SUMMARY = {
    "nl": "Rijen gelezen: {rows}. Fouten: {errors}. Waarschuwingen: {warnings}.",
    "en": "Rows read: {rows}. Errors: {errors}. Warnings: {warnings}.",
}


def check_files(files: Sequence[Path], columns: Mapping[str, str], lang: str) -> tuple[list[RowError], str]:
    """Return every defect, file by file, and a sentence that counts them.

    Raises
    ------
    WrongUsage
        If a file does not exist, or a ``--column`` names a header or field that is nowhere.
    """
    errors: list[RowError] = []
    results: list[ReadResult[Any]] = []
    known, lines = True, 0
    for path, source in zip(files, sources_of(files), strict=True):
        if path.suffix.lower() == ".toml":
            errors += _policy(path, lang)
            continue
        if is_travel_table(path):
            timed = read_travel_times(path, lang)
            errors, lines = errors + timed.errors, lines + timed.rows
            continue
        kind = kind_of_file(source, columns)
        if kind is None:
            known = False
            errors += _strange(source, lang)
        else:
            results.append(_READ[kind](source, columns=columns, lang=lang))
            errors += results[-1].errors
    if known:
        check_columns(columns, frozenset().union(*(result.named for result in results)))
    wrong = sum(error.severity == "error" for error in errors)
    rows = lines + sum(result.rows for result in results)
    return errors, _SUMMARY[lang].format(rows=rows, errors=wrong, warnings=len(errors) - wrong)


def _strange(source: Source, lang: str) -> list[RowError]:
    """What is wrong with a file that is none of the lists: its bytes, or else its header."""
    found = [
        error for error in read_leavers(source, lang=lang).errors if error.code in ("unreadable", "empty_file", "bsn")
    ]
    return found or [row_error(source.name, None, "", Defect("missing_column", "", Phrase("some_kind")), lang)]


def _policy(path: Path, lang: str) -> list[RowError]:
    from api.policy_files import read_policy

    return read_policy(path, lang)[1]
