"""What is wrong with a draft list, grouped by what mends it, and the mending: on the screen, without a new file."""
from __future__ import annotations

import dataclasses
import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from api.bsn import mask
from api.defects import Defect
from api.errors import Refused
from api.files.grid import Grid
from api.files.headers import by_name
from api.files.personal import quiet
from api.files.rows import RowError, row_error
from api.schemas.cells import text_of
from api.services import upload_drafts, uploads
from api.services.list_rows import Records
from api.services.said_columns import Said
from api.store.drafts import Draft
from api.store.lists import Organisation
from api.store.people import Session

LONGEST = 2_000
_SLASHED = re.compile(r"(\d{1,2})\s?/\s?(\d{1,2})\s?/\s?(\d{4})(.*)", re.DOTALL)
_ITEMS = re.compile(r"([|\n\r]+)")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in a row: where (``index`` None: not in one column), what stands there, what to do."""

    row: int
    index: int | None
    title: str
    field: str
    defect: Defect
    found: str
    message: str


@dataclass(slots=True)
class Group:
    """Faults that one action mends: ``kind`` date, code, repeat, bsn, empty or other."""

    kind: str
    field: str
    title: str
    found: str
    faults: list[Fault] = dataclasses.field(default_factory=list)

    @property
    def key(self) -> str:
        """How a button names the group: by its column and its first row, and of a word that is no code by the word."""
        named = f"{self.kind}-{self.faults[0].row}-{self.field or 'row'}"
        return f"{named}-{_trace(self.faults[0].defect.found)}" if self.kind == "code" else named

    @property
    def rows(self) -> list[int]:
        """The rows, each once."""
        return list(dict.fromkeys(fault.row for fault in self.faults))

    @property
    def suggestion(self) -> str:
        """What was probably meant."""
        return self.faults[0].defect.suggestion

    @property
    def both(self) -> tuple[str, str]:
        """The two dates that the first of the faults can be."""
        hint = self.faults[0].defect.hint
        facts = dict(hint.facts) if hint else {}
        return str(facts.get("one", "")), str(facts.get("two", ""))


@dataclass(frozen=True, slots=True)
class Checked:
    """A draft as it reads now; ``faults`` are of rows that are not left out, ``notes`` may stay.

    ``said`` is what the list has columns for, ``whole`` why no row of it can be read, where that is so.
    """

    total: int
    records: Records
    faults: list[Fault]
    groups: list[Group]
    notes: list[RowError]
    skipped: list[int]
    columns: dict[str, int]  # field -> index
    said: Said
    whole: list[RowError]

    @property
    def faulty(self) -> list[int]:
        """Rows with an error that are not left out, in the order of the list."""
        return sorted({fault.row for fault in self.faults})


def check(draft: Draft, *, own: Organisation, lang: str, now: datetime) -> Checked:
    """Read a draft and say what is wrong with it."""
    content, cells = draft.content, upload_drafts.grid(draft)
    skipped = upload_drafts.left_out(draft, cells)
    read = upload_drafts.read(draft, own=own, lang=lang, now=now)
    columns = {name: cells.titles.index(title) for title, name in content["columns"].items()}
    torn = [(row, "", quiet("", Defect("unreadable", found))) for row, found in cells.faults if row not in skipped]
    wrong = [*read.defects, *torn]
    titles = {name: by_name(content["kind"], name).header(lang) for _, name, _ in wrong if name}
    titles |= {name: title for title, name in content["columns"].items()}
    faults = [_fault(row, name, defect, titles.get(name, ""), columns.get(name), lang)
              for row, name, defect in wrong if defect.severity == "error"]  # fmt: skip
    faults.sort(key=lambda fault: (fault.row, fault.index if fault.index is not None else -1))
    notes = [error for error in read.errors if error.severity == "warning"]
    there = cells.numbers()
    # Of a list of which every row is left out there is nothing to say: that is how somebody wanted it.
    read_at_all = there - skipped or not there
    whole = [error for error in read.errors if error.severity == "error" and error.row is None and read_at_all]
    return Checked(len(there), read.records, faults, _groups(faults), notes, sorted(skipped), columns, read.said,
                   whole)  # fmt: skip


def set_cells(cells: Grid, typed: Mapping[tuple[int, int], str]) -> set[tuple[int, int]]:
    """Put what was typed in the cells; return those in which a BSN may have been typed: they stay as they were."""
    refused = set()
    for (row, index), text in typed.items():
        before = cells.row(row)[index : index + 1]
        if before and text.strip() == ("" if before[0] is None else text_of(before[0])):
            continue
        if not cells.set_cell(row, index, text[:LONGEST]):
            refused.add((row, index))
    return refused


def settle_dates(cells: Grid, group: Group, order: str) -> None:
    """Read the dates of a group in one order: ``dmy`` or ``mdy``."""
    for fault in group.faults:
        match = None if fault.index is None else _SLASHED.match(text_of(cells.row(fault.row)[fault.index] or ""))
        if match and fault.index is not None:
            first, second, year, rest = match.groups()
            day, month = (first, second) if order == "dmy" else (second, first)
            cells.set_cell(fault.row, fault.index, f"{year}-{int(month):02d}-{int(day):02d}{rest}")


def replace_word(cells: Grid, group: Group, word: str) -> None:
    """Put a code in the place of a word that is none, in every row of a group.

    Raises
    ------
    Refused
        If there is no code: the word would go, and with it what was meant.
    """
    if not word.strip():
        raise Refused("Say which code was meant.", code="word")
    for fault in group.faults:
        if fault.index is not None:
            text = text_of(cells.row(fault.row)[fault.index] or "")
            parts = [_replaced(part, fault.defect.found, word) for part in _ITEMS.split(text)]
            cells.set_cell(fault.row, fault.index, "".join(parts))


@dataclass(frozen=True, slots=True)
class Change:
    """A record that the list changes: (field, before, after), as plain data."""

    row: int
    record: Any
    fields: list[tuple[str, Any, Any]]


@dataclass(frozen=True, slots=True)
class Preview:
    """What storing a draft does; ``left_alone`` are fields that stay as stored, for the list has no column for them."""

    new: Records
    changed: list[Change]
    same: int
    skipped: list[int]
    left_alone: list[str]


def preview(session: Session, draft: Draft, found: Checked, *, own: Organisation) -> Preview:
    """Say what storing a draft would do."""
    rows = uploads.compare(session, draft.content["kind"], found.records, own, found.said)
    changed = [Change(row.row, row.record, changes(row.stored.record or {}, row.told))
               for row in rows if row.action == "changed" and row.stored]  # fmt: skip
    new = [(row.row, row.record) for row in rows if row.action == "new"]
    same = sum(row.action == "same" for row in rows)
    left_alone = list(dict.fromkeys(name for row in rows for name in row.left_alone))
    return Preview(new, changed, same, sorted({*found.skipped, *found.faulty}), left_alone)


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[tuple[str, Any, Any]]:
    """The fields in which two records differ, in the order of the record; what is inside a field counts by itself."""
    old, new = dict(_flat(before)), dict(_flat(after))
    return [(name, old.get(name), value) for name, value in new.items() if old.get(name) != value]


def _flat(record: Mapping[str, Any]) -> Iterable[tuple[str, Any]]:
    for name, value in record.items():
        if name == "background" and isinstance(value, Mapping):
            yield from value.items()
        elif name == "location":
            yield name, value["label"] if value else None
        else:
            yield name, value


def _fault(  # noqa: PLR0917 - the parts of a fault
    row: int, name: str, defect: Defect, title: str, index: int | None, lang: str
) -> Fault:
    told = row_error("", row, title, defect, lang)
    return Fault(row, index, told.column, name, defect, told.found, told.message)


def _trace(found: str) -> str:
    """A short name of a word in an address, of which nobody reads the word; of what may be a BSN not even that."""
    return hashlib.sha256(mask(found.casefold()).encode()).hexdigest()[:8]


def _groups(faults: Iterable[Fault]) -> list[Group]:
    """Faults by what mends them: one answer for many rows first."""
    found: dict[tuple[str, str, str], Group] = {}
    for fault in faults:
        kind = {"ambiguous_date": "date", "unknown_code": "code", "duplicate": "repeat", "bsn": "bsn",
                "required": "empty"}.get(fault.defect.code, "other")  # fmt: skip
        alone = str(fault.row) if kind in ("repeat", "other") else ""
        word = fault.defect.found.casefold() if kind == "code" else alone
        group = found.setdefault((kind, fault.field, word), Group(kind, fault.field, fault.title, fault.found))
        group.faults.append(fault)
    order = ("date", "code", "repeat", "empty", "bsn", "other")
    return sorted(found.values(), key=lambda group: (order.index(group.kind), -len(group.faults)))


def _replaced(part: str, word: str, code: str) -> str:
    """``arb.=2!`` with the code for ``arb.``; another part as it is."""
    head, mark, tail = part.partition("=")
    same = " ".join(head.split()).rstrip("! ").casefold() == word.casefold()
    if same or " ".join(part.split()).casefold() == word.casefold():
        ends = "!" if not mark and part.rstrip().endswith("!") and not word.endswith("!") else ""
        return code + ends + (mark + tail if same and mark else "")
    return part


__all__ = [
    "Change", "Checked", "Fault", "Group", "Preview", "changes", "check", "preview", "replace_word",
    "set_cells", "settle_dates",
]  # fmt: skip
