"""A table of travel times from a file: pairs of postcode areas with minutes per means of travel.

Two layouts: a column per means (``from,to,bicycle,car``), or one row per means (``from,to,means,minutes``). A cell may
be empty: that means keeps the estimate. A row in error is left out, so its pair keeps the estimate too.
"""
from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from api.defects import Defect, Phrase
from api.errors import WrongUsage
from api.files.decoding import decode, kind_of_bytes
from api.files.rows import RowError, row_error
from api.files.sheets import UnusableError, unreadable
from api.schemas.cells import DefectError
from api.schemas.columns import plain
from api.schemas.values import Number, Postcode
from features.codes import code_list
from features.travel_times import THOUSAND, TravelTimes, travel_times

MOST_BYTES = 200 * 1024 * 1024
FROM = ("from", "van", "herkomst", "origin", "van pc4", "pc4 van", "from pc4", "woonpostcode")
TO = ("to", "naar", "bestemming", "destination", "naar pc4", "pc4 naar", "to pc4", "werkpostcode")
MEANS = ("means", "vervoer", "vervoermiddel", "mode", "travel_means")
MINUTES = ("minutes", "minuten", "reistijd", "tijd", "travel_time")
_COLUMNS = Phrase("travel_columns")
_LONGEST_DAY = Number(0, 1440, "minutes")


@dataclass(slots=True)
class ReadTimes:
    """What the file held: the table (None when it is refused as a whole) and its defects."""

    table: TravelTimes | None = None
    errors: list[RowError] = field(default_factory=list)
    rows: int = 0

    @property
    def refused(self) -> bool:
        """Whether the file as a whole cannot be used."""
        return self.table is None


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where the columns are: origin and destination, then a column per means or those of means and minutes."""

    origin: int
    destination: int
    by_means: Mapping[int, str]
    means: int = -1
    minutes: int = -1


def is_travel_table(path: Path) -> bool:
    """Whether a file's first line is the header of a table of travel times."""
    try:
        with path.open("rb") as stream:
            head = decode(stream.readline(20_000), path.name)
    except (OSError, UnusableError):
        return False
    cells = next(csv.reader(head.splitlines()[:1], delimiter=_delimiter(head)), [])
    return _find(cells, FROM) >= 0 and _find(cells, TO) >= 0


def read_travel_times(path: Path, lang: str) -> ReadTimes:
    """Read a table of travel times.

    Raises
    ------
    WrongUsage
        If there is no such file, or it may not be read. What is wrong with the file itself is never raised.
    """
    result = ReadTimes()

    def refuse(defect: Defect, column: str = "") -> ReadTimes:
        result.errors.append(row_error(path.name, None, column, defect, lang))
        return result

    try:
        rows = _rows(_bytes(path), path.name)
        header = next(rows, None)
        if header is None:
            return refuse(Defect("empty_file"))
        layout, unmapped = _layout(header[1])
        for title in unmapped:
            warning = Defect("unmapped_column", title, severity="warning")
            result.errors.append(row_error(path.name, None, title, warning, lang))
        reader = _Reader(path.name, layout, header[1], lang)
        for number, cells in rows:
            reader.read(number, cells)
    except UnusableError as error:
        return refuse(error.defect, error.defect.found if error.defect.code == "missing_column" else "")
    if not reader.rows:
        return refuse(Defect("header_only", "", Phrase("rows")))
    result.errors, result.rows = result.errors + reader.errors, reader.rows
    result.table = reader.table()
    return result


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(MOST_BYTES + 1)
    except FileNotFoundError:
        raise WrongUsage(f"{path}: there is no such file.") from None
    except OSError as error:
        raise WrongUsage(f"{path}: the file cannot be read ({error.strerror}).") from None


def _rows(data: bytes, name: str) -> Iterator[tuple[int, list[str]]]:
    """The rows that are not empty, numbered as a spreadsheet does."""
    if len(data) > MOST_BYTES:
        raise unreadable(f"{len(data) / 1024**2:.0f} MB", "too_big")
    if kind_of_bytes(data[:1024], name) != "csv":
        raise unreadable(name, "binary")
    text = decode(data, name)
    head = text.lstrip().partition("\n")[0]
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(head)), 1):
            if any(cell.strip() for cell in cells):
                yield number, [cell.strip() for cell in cells]
    except csv.Error as error:
        raise unreadable(str(error), "quotes") from None


def _delimiter(head: str) -> str:
    return max(";,\t", key=head.count)


def _find(cells: list[str], names: tuple[str, ...]) -> int:
    words = {plain(name) for name in names}
    return next((k for k, cell in enumerate(cells) if plain(cell) in words), -1)


def _layout(header: list[str]) -> tuple[_Layout, list[str]]:
    """Where everything is, and the headers that say nothing to us."""
    ends = [_find(header, names) for names in (FROM, TO)]
    for name, at in zip(("from", "to"), ends, strict=True):
        if at < 0:
            raise UnusableError(Defect("missing_column", name, _COLUMNS))
    means, minutes = _find(header, MEANS), _find(header, MINUTES)
    long = means >= 0 and minutes >= 0
    codes = code_list("travel_means")
    by_means: dict[int, str] = {}
    if not long:
        for k, cell in enumerate(header):
            code = codes.read(cell) if k not in ends and cell else None
            if code is not None and code not in by_means.values():
                by_means[k] = code
        if not by_means:
            raise UnusableError(Defect("missing_column", "minutes" if means >= 0 else "means", _COLUMNS))
    used = {*ends, *by_means, *((means, minutes) if long else ())}
    unmapped = [cell for k, cell in enumerate(header) if k not in used and cell]
    if not long:
        means = minutes = -1
    return _Layout(ends[0], ends[1], by_means, means, minutes), unmapped


class _Reader:
    """Takes row after row; a defect leaves its row out."""

    def __init__(self, file: str, layout: _Layout, header: list[str], lang: str) -> None:
        self.file, self.layout, self.header, self.lang = file, layout, header, lang
        self.order = code_list("travel_means").codes
        self.found: dict[tuple[int, int], list[int]] = {}
        self.first: dict[tuple[int, int, str], int] = {}
        self.errors: list[RowError] = []
        self.rows = 0
        self._area = Postcode()

    def read(self, number: int, cells: list[str]) -> None:
        """Read one row."""
        self.rows += 1
        defects: list[tuple[int, Defect]] = []
        ends = [self._cell(cells, at, self._area, defects, required=True) for at in self._ends]
        times = self._times(cells, defects)
        if not defects:
            home, work = int(str(ends[0])), int(str(ends[1]))
            key = (home, work, "|".join(times) if self.layout.means >= 0 else "")
            if (first := self.first.setdefault(key, number)) != number:
                hint = Phrase("same_row", (("row", first),))
                defects.append((self.layout.origin, Defect("duplicate", f"{home}-{work}", Phrase("once"), hint)))
            else:
                row = self.found.setdefault((home, work), [-1] * len(self.order))
                for means, time in times.items():
                    row[self.order.index(means)] = time
        for at, defect in defects:
            self.errors.append(row_error(self.file, number, self.header[at], defect, self.lang))

    @property
    def _ends(self) -> tuple[int, int]:
        return self.layout.origin, self.layout.destination

    def _times(self, cells: list[str], defects: list[tuple[int, Defect]]) -> dict[str, int]:
        by_means = self.layout.by_means
        if self.layout.means >= 0:
            at = self.layout.means
            code = self._cell(cells, at, _means, defects, required=True)
            by_means = {self.layout.minutes: str(code)} if code is not None else {}
        found = {}
        for at, means in by_means.items():
            time = self._cell(cells, at, _LONGEST_DAY, defects, required=self.layout.means >= 0)
            if time is not None:
                found[means] = round(float(str(time)) * THOUSAND)
        return found

    def _cell(
        self, cells: list[str], at: int, read: object, defects: list[tuple[int, Defect]], *, required: bool
    ) -> object:
        text = cells[at] if at < len(cells) else ""
        if not text:
            if required:
                defects.append((at, Defect("required", "", getattr(read, "expected", None))))
            return None
        try:
            return read(text)  # type: ignore[operator]
        except DefectError as error:
            defects += [(at, defect) for defect in error.defects]
            return None

    def table(self) -> TravelTimes:
        """Return what was read as a table."""
        pairs = list(self.found)
        times = np.array([self.found[pair] for pair in pairs], dtype=np.int32).reshape(-1, len(self.order))
        return travel_times([a for a, _ in pairs], [b for _, b in pairs], times)


def _means(text: str) -> str:
    codes = code_list("travel_means")
    code = codes.read(text)
    if code is None:
        expected = Phrase("codes", (("codes", codes.codes),))
        raise DefectError(Defect("unknown_code", text, expected, suggestion=codes.suggest(text) or ""))
    return code
