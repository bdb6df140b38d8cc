"""A defect with its place, ready for ``rows.csv``."""

from __future__ import annotations

from dataclasses import dataclass

from api.bsn import mask
from api.defects import Defect
from api.tables import Cell
from api.texts.rows import expected, message, shorten

ROWS_HEADER = ("file", "row", "column", "severity", "code", "found", "expected", "message")


@dataclass(frozen=True, slots=True)
class RowError:
    """One row of ``rows.csv``.

    ``row`` is as the spreadsheet counts, None for the file as a whole; ``column`` is the header as in the file;
    ``severity`` is error (the row is left out) or warning. However it is made, no digit of a suspected BSN is in it.
    """

    file: str
    row: int | None
    column: str
    severity: str
    code: str
    found: str
    expected: str
    message: str

    def __post_init__(self) -> None:
        for name in ("file", "column", "found", "expected", "message"):
            object.__setattr__(self, name, mask(getattr(self, name)))


def row_error(
    file: str, row: int | None, column: str, defect: Defect, lang: str, *, form: bool = False
) -> RowError:
    """Say a defect in ``lang``, with every suspected BSN masked before anything is shortened.

    ``form``: in words of fields, for who sent no file.
    """
    header = shorten(mask(column))
    masked = Defect(
        defect.code, mask(defect.found), defect.expected, defect.hint, mask(defect.suggestion), defect.severity
    )
    return RowError(
        file=file,
        row=row,
        column=header,
        severity=defect.severity,
        code=defect.code,
        found=shorten(masked.found),
        expected=expected(defect.expected, lang, form=form),
        message=message(masked, header, lang, form=form),
    )


def row_cells(error: RowError) -> tuple[Cell, ...]:
    """The cells of an error in the order of `ROWS_HEADER`."""
    return (
        error.file, error.row, error.column, error.severity, error.code, error.found, error.expected, error.message,
    )  # fmt: skip
