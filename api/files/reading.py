"""From a file to records and defects: every defect of every row in one pass, good rows go on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Generic, TypeVar

from marshmallow import ValidationError

from api.defects import Defect, Phrase
from api.files.headers import (
    by_name,
    fields_of,
    find_header,
    map_header,
    missing_columns,
    near_header,
)
from api.files.opening import Table, choose_sheet, sheets_of
from api.files.personal import quiet
from api.files.personal import warnings as personal_warnings
from api.files.privacy import inspect, inspect_aside
from api.files.rows import RowError, row_error
from api.files.sheets import SIZE, Limits, Row, Sheet, UnusableError, check_list, check_size
from api.files.sources import Source, field_columns
from api.geo_store import activate
from api.schemas.base import RowSchema
from api.schemas.cells import Broken, Cell, text_of
from api.schemas.columns import plain

T = TypeVar("T")
NOTES = ("# toegestane waarden", "# allowed values")
"""How a template's own row of notes begins; it is no row of the list."""
_NONE: Mapping[str, str] = MappingProxyType({})
_EMPTY = frozenset(("-", "–", "—", "n.v.t.", "nvt", "n.v.t", "n/a", "null", "(leeg)"))
_PARTY = frozenset(("school", "referrer", "employer_kvk"))
"""Fields that say whose a row is."""
_ALIKE = 3  # known headers that a sheet must have to look like a list
_LONGEST_EMPTY = max(map(len, _EMPTY))


@dataclass(frozen=True, slots=True)
class ReadResult(Generic[T]):
    """What a list held.

    ``records`` are (row, record) of the rows without an error, ``errors`` in the order of the file, ``refused``
    whether the file as a whole cannot be used. ``rows`` counts the rows of the list, good and bad; ``left_out``
    are the keys (``school/student_ref``, ``vacancy_ref@date``) of the rows in error that say who they are;
    ``defects`` are (row, field, defect) of what is wrong in rows, for who mends it on a screen;
    ``named`` the headers of ``--column`` that the file has, in plain form; ``titles`` the header, as in the file, of
    every field that has a column; ``absent`` the fields of those that a row leaves out as a whole, by its number.
    """

    records: tuple[tuple[int, T], ...] = ()
    errors: tuple[RowError, ...] = ()
    refused: bool = False
    rows: int = 0
    defects: tuple[tuple[int, str, Defect], ...] = ()
    left_out: frozenset[str] = frozenset()
    named: frozenset[str] = frozenset()
    titles: Mapping[str, str] = field(default_factory=dict)
    absent: Mapping[int, frozenset[str]] = field(default_factory=dict)


def open_list(
    kind: str, schema: RowSchema, source: Source, lang: str, supplied: Mapping[str, str] = _NONE
) -> list[Table]:
    """Open a list without reading its rows: the table with its header understood, then every other sheet that looks
    like the same list; nothing when the file is refused as a whole.
    """
    activate()
    reader = _Reader(kind, schema, {}, lang, supplied)
    opened = reader.open(source)
    if opened is None:
        return []
    table, sheets, chosen = opened
    others = [reader.aside(source.name, sheets[index]) for index in reader.other_lists(sheets, chosen, table)]
    return [] if reader.refused else [table, *others]


def other_sheet(name: str) -> Defect:
    """The warning that a sheet looks like the same list and was not read."""
    hint = Phrase("other_sheet", (("sheet", name),))
    return Defect("unreadable", name, Phrase("one_sheet"), hint, severity="warning")


def read_list(
    kind: str, schema: RowSchema, sources: Sequence[Source], *, columns: Mapping[str, str], lang: str,
    supplied: Mapping[str, str] = _NONE,
) -> ReadResult[Any]:  # fmt: skip
    """Read the files of one list; a key that stands in two of them is a repeat as well.

    ``supplied`` are fields that need no column: with what a row that says nothing of whose it is gets, or "" for one
    that somebody is asked for later.
    """
    activate()
    reader = _Reader(kind, schema, field_columns(columns, kind), lang, supplied)
    for source in sources:
        reader.read(source)
    return reader.result()


class _Reader:
    """Reads the files of one list, one after the other."""

    def __init__(
        self, kind: str, schema: RowSchema, columns: Mapping[str, str], lang: str, supplied: Mapping[str, str]
    ) -> None:
        self.kind, self.schema, self.columns, self.lang, self.supplied = kind, schema, columns, lang, supplied
        self.records: list[tuple[int, Any]] = []
        self.errors: list[RowError] = []
        self.refused, self.rows = False, 0
        self.seen: dict[str, tuple[str, int]] = {}
        self.left_out: set[str] = set()
        self.named: set[str] = set()
        self.titles: dict[str, str] = {}
        self.absent: dict[int, frozenset[str]] = {}
        self.defects: list[tuple[int, str, Defect]] = []

    def result(self) -> ReadResult[Any]:
        """What was read so far."""
        return ReadResult(
            tuple(self.records), tuple(self.errors), self.refused, self.rows, tuple(self.defects),
            frozenset(self.left_out), frozenset(self.named), self.titles, self.absent,
        )  # fmt: skip

    def open(self, source: Source) -> tuple[Table, Sequence[Sheet], int] | None:
        """The table of a file, its sheets and which of them it is; None when it is refused as a whole."""
        try:
            sheets = sheets_of(source)
            chosen, header_at = choose_sheet(sheets, (self.kind,))
            sheet = sheets[chosen]
            if not sheet.rows:  # every row is at fault
                sheet = replace(sheet, rows=[(0, [])])
            table = self._table(source.name, sheet, header_at)
            _check_limits(table, source.limits)
        except UnusableError as error:
            wanted = source.limits.size if error.defect.expected == SIZE else error.defect.expected
            self._refuse(source.name, [("", replace(error.defect, expected=wanted))])
            return None
        return (table, sheets, chosen) if self._is_clean(table, sheets, chosen) else None

    def read(self, source: Source) -> None:
        """Read one file."""
        opened = self.open(source)
        if opened is None:
            return
        table, sheets, chosen = opened
        whole = [(table.title(index), defect) for index, defect in table.map.defects]
        whole += [("", other_sheet(sheets[index].name)) for index in self.other_lists(sheets, chosen, table)]
        missing = [(by_name(self.kind, name).header(self.lang), self._missing(name, table)) for name in
                   self._lacking(table.map.fields)]  # fmt: skip
        rows = [row for row in table.sheet.rows[table.header_at + 1 :] if not is_note(row[1], table.header)]
        faults = [fault for fault in table.sheet.faults if fault[0] > table.sheet.rows[table.header_at][0]]
        if not rows and not faults:
            missing.append(("", Defect("header_only", "", Phrase("rows"))))
        if missing:
            self._refuse(source.name, missing + whole)
            return
        self.errors += [row_error(source.name, None, title, defect, self.lang) for title, defect in whole]
        self._read_rows(table, rows, faults)

    def _table(self, file: str, sheet: Sheet, header_at: int) -> Table:
        header = sheet.rows[header_at][1]
        below = sheet.rows[header_at + 1 :]
        longer = sum(len(row) > len(header) for _, row in below)
        if longer * 2 > len(below):  # columns without a header, not cells gone astray
            header = header + [None] * (max(len(row) for _, row in below) - len(header))
        check_size(0, len(header))
        values = {index: _values(below, index) for index in range(len(header))}
        mapping = map_header(header, self.kind, self.columns, values)
        self.named |= mapping.named
        known = {index: by_name(self.kind, name) for name, places in mapping.fields.items() for index in places}
        return Table(file, sheet, header_at, header, mapping, known)

    def _is_clean(self, table: Table, sheets: Sequence[Sheet], chosen: int) -> bool:
        """Whether the file holds no BSN that makes it unusable as a whole."""
        findings = inspect(table.sheet, table.header_at, table.known)
        table.lone = findings.lone
        found = [(table.title(index), defect) for index, defect in findings.refusals]
        for index, sheet in enumerate(sheets):
            if index != chosen:
                found += [("", defect) for defect in inspect_aside(sheet)]
        if found:
            self._refuse(table.file, list(dict.fromkeys(found)))
        return not found

    def _lacking(self, fields: Mapping[str, object]) -> list[str]:
        """The required fields that neither a column gives nor anybody supplies."""
        return missing_columns(self.kind, {**self.supplied, **fields})

    def other_lists(self, sheets: Sequence[Sheet], chosen: int, table: Table) -> list[int]:
        """The visible sheets (by index) that look like the same list and are not read.

        That is one with every column that is needed, or with most of the headers of the sheet that is read.
        """
        ours = {plain(text_of(cell)) for cell in table.header if cell is not None}
        found = []
        for index, sheet in enumerate(sheets):
            if index == chosen or sheet.hidden or not sheet.rows:
                continue
            header_at, points = find_header(sheet, (self.kind,))
            header = sheet.rows[header_at][1]
            theirs = {plain(text_of(cell)) for cell in header if cell is not None}
            alike = points >= _ALIKE and 2 * len(ours & theirs) > len(ours)
            if len(sheet.rows) > header_at + 1 and (
                alike or not self._lacking(dict.fromkeys(fields_of(header, self.kind, self.columns)))
            ):
                found.append(index)
        return found

    def aside(self, file: str, sheet: Sheet) -> Table:
        """The table of another sheet; the file is refused when it holds a BSN."""
        header_at, _ = find_header(sheet, (self.kind,))
        table = self._table(file, sheet, header_at)
        self._is_clean(table, [sheet], 0)
        return table

    def _missing(self, name: str, table: Table) -> Defect:
        column = by_name(self.kind, name)
        wanted = Phrase("column", (("name", column.name), ("dutch", column.dutch)))
        if name == "school" and self.kind == "leavers":
            wanted = Phrase("school_column")
        for index in table.map.unmapped:
            if near_header(plain(table.title(index)), self.kind) == name:
                return Defect("missing_column", "", wanted, Phrase("near_missing"), table.title(index))
        return Defect("missing_column", "", wanted)

    def _refuse(self, file: str, defects: Sequence[tuple[str, Defect]]) -> None:
        self.refused = True
        self.errors += [row_error(file, None, title, defect, self.lang) for title, defect in defects]

    def _read_rows(self, table: Table, rows: Sequence[tuple[int, Row]], faults: Sequence[tuple[int, Defect]]) -> None:
        check_size(len(rows), 0)
        found: list[tuple[int, int, RowError]] = []
        order = {name: places[0] for name, places in table.map.fields.items()}
        self.titles.update({name: table.title(index) for name, index in order.items()})
        for number, row in rows:
            if left := table.sheet.absent.get(number):
                self.absent[number] = frozenset(name for name, places in table.map.fields.items() if left >= {*places})
            defects = self._read_row(table, number, row)
            self.defects += [(number, field_name, defect) for field_name, defect in defects]
            for field_name, defect in defects:
                at = order.get(field_name, len(table.header))
                title = table.title(order[field_name]) if field_name in order else self._header(field_name)
                found.append((number, at, row_error(table.file, number, title, defect, self.lang)))
        found += [(number, -1, row_error(table.file, number, "", quiet("", fault), self.lang))
                  for number, fault in faults]  # fmt: skip
        self.rows += len(rows) + len(faults)
        self.errors += [error for _, _, error in sorted(found, key=lambda item: item[:2])]

    def _header(self, field_name: str) -> str:
        return by_name(self.kind, field_name).header(self.lang) if field_name else ""

    def _read_row(self, table: Table, number: int, row: Row) -> list[tuple[str, Defect]]:
        """Read one row: a record when nothing is wrong, and what is wrong as (field, defect)."""
        if len(row) > len(table.header):
            extra = text_of(row[len(table.header)] or "")
            return [("", Defect("unreadable", extra, Phrase("row_shape"), Phrase("extra_cells")))]
        cells, given = self._cells(table, number, row)
        if not _PARTY & (cells.keys() | given.keys()):
            cells |= {name: value for name, value in self.supplied.items() if name in _PARTY and value}
        try:
            values, messages = self.schema.load(cells), {}
        except ValidationError as error:
            values, messages = error.valid_data, error.normalized_messages()  # type: ignore[no-untyped-call]
        messages.update(given)
        if "referrer" in given:
            messages.pop("school", None)  # that neither is there is no defect of its own
        defects = [(name, defect) for name, several in messages.items() for defect in several]
        defects += [(name, defect) for name, defect in self.schema.warnings(values) if name not in messages]
        defects = [(name, quiet(name, defect)) for name, defect in defects] + self._personal(values)
        key = self.schema.key(values)
        if key:
            first = self.seen.setdefault(key, (table.file, number))
            if first != (table.file, number):
                defects.append((self._key_field(), _repeat(key, first, table.file)))
        if all(defect.severity != "error" for _, defect in defects):
            self.records.append((number, self.schema.record(values)))
        elif key:
            self.left_out.add(key)
        return defects

    def _personal(self, values: Mapping[str, Any]) -> list[tuple[str, Defect]]:
        """Warn of names, numbers and words about health in what somebody says of a student."""
        return personal_warnings(values) if self.kind == "leavers" else []

    def _key_field(self) -> str:
        return "student_ref" if self.kind == "leavers" else "vacancy_ref"

    def _cells(self, table: Table, number: int, row: Row) -> tuple[dict[str, Cell], dict[str, list[Defect]]]:
        """The cells of a row by field, and the defects that are known before they are read."""
        cells: dict[str, Cell] = {}
        given: dict[str, list[Defect]] = {}
        lone = table.lone.get(number, {})
        for name, places in table.map.fields.items():
            for index in places:
                cell = row[index] if index < len(row) else None
                if cell is None or (isinstance(cell, str) and len(cell) <= _LONGEST_EMPTY and cell.lower() in _EMPTY):
                    continue
                if index in lone:
                    given[name] = [lone[index]]
                elif name in cells and text_of(cells[name]) != text_of(cell):
                    titles = ", ".join(table.title(place) for place in places)
                    hint = Phrase("two_columns", (("columns", titles),))
                    found = f"{text_of(cells[name])} / {text_of(cell)}"
                    given[name] = [Defect("two_of_one", found, self.schema.reader(name).expected, hint)]
                else:
                    cells[name] = cell
        return {name: cell for name, cell in cells.items() if name not in given}, given


def _repeat(key: str, first: tuple[str, int], file: str) -> Defect:
    where = first[1] if first[0] == file else f"{first[1]} ({first[0]})"
    return Defect("duplicate", key, Phrase("once"), Phrase("same_row", (("row", where),)))


def is_note(row: Row, header: Row) -> bool:
    """A template's own notes, or the header once more (pages pasted together)."""
    first = next((cell for cell in row if cell is not None), None)
    if isinstance(first, str) and not isinstance(first, Broken) and first.lower().startswith(NOTES):
        return True
    return len(row) > 1 and row == header[: len(row)] and all(isinstance(cell, (str, type(None))) for cell in row)


def _check_limits(table: Table, limits: Limits) -> None:
    """Refuse a list that is too long or too wide before any of its rows is read."""
    below = table.sheet.rows[table.header_at + 1 :]
    if len(below) + len(table.sheet.faults) > limits.rows:
        below = [row for row in below if not is_note(row[1], table.header)]
    check_list(len(below) + len(table.sheet.faults), len(table.header), limits)


def _values(rows: Sequence[tuple[int, Row]], index: int) -> list[str]:
    """Up to fifty cells of a column, as texts."""
    found = []
    for _, row in rows:
        if index < len(row) and (cell := row[index]) is not None:
            found.append(text_of(cell))
            if len(found) >= 50:
                break
    return found
