"""What every kind of file becomes first: sheets of numbered rows of cells, within stated limits."""

from __future__ import annotations

from dataclasses import dataclass, field

from api.defects import Defect, Phrase
from api.schemas.cells import Cell

MOST_BYTES = 10 * 1024 * 1024
MOST_UNPACKED = 50 * 1024 * 1024
MOST_PARTS = 100
MOST_ROWS = 50_000
MOST_COLUMNS = 200
TABLE = Phrase("table")

Row = list[Cell | None]
"""One row; None is an empty cell."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How many rows (the header and what stands above it not counted) and columns a list may have."""

    rows: int = MOST_ROWS
    columns: int = MOST_COLUMNS

    @property
    def size(self) -> Phrase:
        """What is expected, in words."""
        most = (("megabytes", MOST_BYTES // 1024**2), ("rows", self.rows), ("columns", self.columns))
        return Phrase("size", most)


FILES = Limits()
"""On one's own machine: the lists of a country."""
SERVICE = Limits(5_000, 60)
"""At the door of the service, where others wait for their turn."""
SIZE = FILES.size


@dataclass(slots=True)
class Sheet:
    """Rows with their numbers as the spreadsheet counts them, empty rows left out.

    ``faults`` are rows that could not be taken apart. ``header_at`` is the index of the header in ``rows``
    where the format says so, else None. ``hidden`` sheets are read only when no other has a header. ``absent`` are
    the columns (by index) that a row does not have at all, by its number: JSON alone tells that from an empty cell.
    """

    rows: list[tuple[int, Row]]
    name: str = ""
    hidden: bool = False
    header_at: int | None = None
    faults: list[tuple[int, Defect]] = field(default_factory=list)
    absent: dict[int, set[int]] = field(default_factory=dict)


class UnusableError(Exception):
    """A file as a whole cannot be used."""

    def __init__(self, defect: Defect) -> None:
        super().__init__(defect.code)
        self.defect = defect


def unreadable(found: str, hint: str, *facts: tuple[str, object], expected: Phrase = TABLE) -> UnusableError:
    """Return the refusal of a file of which ``found`` says what it is."""
    return UnusableError(Defect("unreadable", found, expected, Phrase(hint, facts)))


def check_size(rows: int, columns: int) -> None:
    """Refuse more rows or columns than the limits allow."""
    if rows > MOST_ROWS + 100 or columns > MOST_COLUMNS:  # some room for title rows and headers
        raise unreadable(f"{rows} x {columns}", "too_big", expected=SIZE)


def check_list(rows: int, columns: int, limits: Limits) -> None:
    """Refuse a list of more rows or columns than it may have, and say how many there are."""
    if rows > limits.rows:
        raise unreadable(str(rows), "too_many_rows", ("most", limits.rows), expected=limits.size)
    if columns > limits.columns:
        raise unreadable(str(columns), "too_many_columns", ("most", limits.columns), expected=limits.size)


def trim(row: Row) -> Row:
    """The row without the empty cells at its end."""
    end = len(row)
    while end and row[end - 1] is None:
        end -= 1
    return row if end == len(row) else row[:end]
