"""The cells of a list between handing it in and storing it, so that it can be mended on a screen.

Kept are the columns that may still be read; never a column that nobody asked for, and never a number that may be a
BSN: of that only the mask stays. The same reader reads a grid that reads a file.
"""
from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from api.bsn import exempt_header, mask, suspects
from api.defects import Defect
from api.files.opening import Table
from api.files.reading import is_note
from api.files.sheet_data import packed, unpacked
from api.files.sheets import TABLE, Row, Sheet
from api.files.sources import Source
from api.schemas.cells import Cell, Masked, text_of
from api.schemas.columns import plain

_SAMPLES = 3
_LOOK_AT = 200


@dataclass(slots=True)
class Grid:
    """``titles`` are the headers as in the file, ``rows`` (number, cells) as the spreadsheet counts.

    ``faults`` are rows that could not be taken apart, as (number, what stood there); ``absent`` the columns (by index)
    that a row does not have at all, by its number.
    """

    titles: list[str]
    header_row: int
    rows: list[tuple[int, Row]]
    faults: list[tuple[int, str]] = field(default_factory=list)
    absent: dict[int, set[int]] = field(default_factory=dict)

    def numbers(self) -> set[int]:
        """The numbers of all rows, also of those that could not be taken apart."""
        return {number for number, _ in (*self.rows, *self.faults)}

    def source(self, name: str, *, without: Set[int] = frozenset()) -> Source:
        """The grid as a file that is open already, as if rows that are left out had never stood in it."""
        faults = [(number, Defect("unreadable", found, TABLE)) for number, found in self.faults
                  if number not in without]  # fmt: skip
        rows = [(number, row) for number, row in self.rows if number not in without]
        sheet = Sheet([(self.header_row, list(self.titles)), *rows], header_at=0, faults=faults,
                      absent=self.absent)  # fmt: skip
        return Source(name, b"grid", [sheet])

    def samples(self, index: int) -> list[str]:
        """Up to three different values of a column, masked."""
        found: dict[str, None] = {}
        for _, row in self.rows[:_LOOK_AT]:
            cell = row[index]
            if cell is not None and text_of(cell):
                found.setdefault(mask(text_of(cell)))
            if len(found) == _SAMPLES:
                break
        return list(found)

    def values(self, index: int) -> list[Cell]:
        """The cells of a column that hold something, of the first rows."""
        return [cell for _, row in self.rows[:_LOOK_AT] if (cell := row[index]) is not None]

    def row(self, number: int) -> Row:
        """The cells of a row; empty when there is no such row."""
        return next((row for at, row in self.rows if at == number), [])

    def set_cell(self, number: int, index: int, text: str) -> bool:
        """Put what somebody typed in a cell; no when it may hold a BSN: then nothing of it is kept."""
        row = self.row(number)
        if index >= len(row) or (suspects(text) and not exempt_header(self.titles[index])):
            return False
        row[index] = text.strip() or None
        self.absent.get(number, set()).discard(index)
        return True

    def keep_columns(self, indices: list[int]) -> None:
        """Let go of every other column; those that are left are told apart by their titles."""
        self.titles = told_apart(self.titles[index] for index in indices)
        self.absent = _moved(self.absent, indices)
        self.rows = [(number, [row[index] for index in indices]) for number, row in self.rows]

    def add_column(self, title: str, text: str) -> str:
        """Add a column that says the same in every row; return its title, which no other column has."""
        self.titles = told_apart([*self.titles, title])
        self.rows = [(number, [*row, text]) for number, row in self.rows]
        return self.titles[-1]


def told_apart(titles: Iterable[str]) -> list[str]:
    """Return headers of which no two read alike: the second ``Uren`` becomes ``Uren (2)``."""
    given = list(titles)
    taken, seen = {plain(title) for title in given}, set[str]()
    found: list[str] = []
    for title in given:
        if plain(title) in seen:
            found.append(next(new for n in count(2) if plain(new := f"{title} ({n})") not in taken))
            taken.add(plain(found[-1]))
        else:
            found.append(title)
            seen.add(plain(title))
    return found


def grid_of(table: Table) -> tuple[Grid, list[str]]:
    """Return the cells of an opened list, and the headers of the columns that are not kept: nobody asked for them."""
    unasked = {index for index, defect in table.map.defects if defect.code == "unasked_column"}
    titled = [index for index, cell in enumerate(table.header) if cell is not None]
    titled += [index for index, _ in table.map.defects if index not in titled]
    kept = sorted(set(titled) - unasked)
    header_row, _ = table.sheet.rows[table.header_at]
    grid = Grid([table.title(index) for index in kept], header_row, [], absent=_moved(table.sheet.absent, kept))
    grid.faults = [(number, mask(defect.found)) for number, defect in table.sheet.faults if number > header_row]
    for number, row in table.sheet.rows[table.header_at + 1 :]:
        if is_note(row, table.header):
            continue
        if len(row) > len(table.header):
            grid.faults.append((number, mask(text_of(row[len(table.header)] or ""))))
            continue
        grid.rows.append((number, _clean(table, number, row, kept)))
    return grid, [table.title(index) for index in sorted(unasked)]


def _moved(absent: Mapping[int, set[int]], kept: list[int]) -> dict[int, set[int]]:
    """Which columns rows do not have, when of all columns these are kept, in this order."""
    found = {number: {place for place, index in enumerate(kept) if index in left} for number, left in absent.items()}
    return {number: left for number, left in found.items() if left}


def _clean(table: Table, number: int, row: Row, kept: list[int]) -> Row:
    """The cells that are kept of a row, masked where a BSN may be."""
    cells: Row = []
    lone = table.lone.get(number, {})
    for index in kept:
        cell = row[index] if index < len(row) else None
        strange = cell is not None and index not in table.known and not exempt_header(table.title(index))
        if cell is not None and (index in lone or (strange and suspects(text_of(cell)))):
            cell = Masked(mask(text_of(cell)))
        cells.append(cell)
    return cells


def to_data(grid: Grid) -> dict[str, Any]:
    """Return a grid as data that JSON holds."""
    return {"titles": grid.titles, "header_row": grid.header_row, "faults": [list(fault) for fault in grid.faults],
            "rows": [[number, [packed(cell) for cell in row]] for number, row in grid.rows],
            "absent": [[number, sorted(left)] for number, left in grid.absent.items()]}  # fmt: skip


def from_data(data: Mapping[str, Any]) -> Grid:
    """Return the grid that `to_data` was given."""
    rows = [(number, [unpacked(cell) for cell in row]) for number, row in data["rows"]]
    faults = [(number, found) for number, found in data["faults"]]
    absent = {number: set(left) for number, left in data.get("absent", ())}  # a draft of before has none
    return Grid(list(data["titles"]), data["header_row"], rows, faults, absent)


__all__ = ["Grid", "from_data", "grid_of", "to_data", "told_apart"]
