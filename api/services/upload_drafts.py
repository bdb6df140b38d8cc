"""A list on its way in, step by step: columns, mistakes mended on the screen, what it changes, storing it.

What a step needs is kept as a draft for 30 days, so that somebody may go on another day. Of the file only columns
that may still be read are kept, and after the columns are known only those that are read.
"""
from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from api.files import Source
from api.files.grid import Grid, from_data, grid_of, to_data
from api.files.headers import by_name, missing_columns
from api.files.opening import Table
from api.files.reading import open_list, other_sheet
from api.files.rows import row_error
from api.files.suggesting import suggest
from api.schemas.base import RowSchema
from api.schemas.cells import text_of
from api.schemas.columns import KINDS, Column
from api.schemas.leavers import LeaverSchema
from api.schemas.openings import OpeningSchema
from api.services import uploads
from api.services.days import local_day
from api.services.list_rows import KEY_FIELD, ReadRows, read_rows, supplied_by
from api.services.uploads import Conflict
from api.store import audit, drafts, lists
from api.store.audit import Actor
from api.store.drafts import Draft
from api.store.lists import Organisation, Upload
from api.store.people import Session

LASTS = timedelta(days=30)
STEPS = ("columns", "check", "review")
FOR_ALL = ("school_type", "leaves_on", "work_capacity")
"""Fields that may be said once for a whole list that has no column for them."""
_UNSURE = ("near", "content")
_OF_SHEET = ("sheet", "grid", "unasked", "left_out", "columns", "skipped")
"""What a draft holds of one sheet; the others wait in ``sheets``, as the same."""


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """A column of the file: three of its values, which field it is or probably is, and how that is known."""

    index: int
    title: str
    samples: list[str]
    field: str
    how: str  # known | near | content | none


@dataclass(frozen=True, slots=True)
class OtherSheet:
    """A sheet of a workbook that waits: its name and how many rows it has."""

    name: str
    rows: int


@dataclass(frozen=True, slots=True)
class Opened:
    """A file of a party as it was opened: its sheets, or how it reads where none of them can be used."""

    kind: str
    source: Source
    sheets: list[dict[str, Any]]
    unusable: ReadRows | None


@dataclass(frozen=True, slots=True)
class WrongColumns:
    """Why columns cannot be read like this: a field chosen for two columns (by index), required fields without one."""

    twice: dict[int, str]
    missing: list[str]


def schema_of(kind: str, on: date) -> RowSchema:
    """How the rows of a kind of list are read."""
    return LeaverSchema(on) if kind == "leavers" else OpeningSchema()


def open_file(kind: str, name: str, content: bytes, *, own: Organisation, lang: str, now: datetime) -> Opened:
    """Open a file of a party, before anything is written: it may take long."""
    source = uploads.handed_in(name, content)
    tables = open_list(kind, schema_of(kind, local_day(now)), source, lang, supplied_by(own))
    sheets = [_sheet(table) for table in tables]
    if sheets and _rows_in(sheets[0]):
        return Opened(kind, source, sheets, None)
    return Opened(kind, source, sheets, read_rows(kind, source, own=own, columns={}, on=local_day(now), lang=lang,
                                                  asked_later=FOR_ALL))  # fmt: skip


def begin(
    session: Session, actor: Actor, opened: Opened, *, own: Organisation, lang: str, now: datetime
) -> Draft | Upload:
    """Take a file in; return the draft, or the refused upload where the file cannot be used as a whole."""
    kind, source, sheets = opened.kind, opened.source, opened.sheets
    if opened.unusable is not None:
        return uploads.check_read(session, actor, source, opened.unusable, own=own, columns={}, lang=lang, now=now,
                                  within=None)  # fmt: skip
    first, others = sheets[0], [sheet for sheet in sheets[1:] if _rows_in(sheet)]
    data = {"kind": kind, "name": uploads.safe_name(source.name), "digest": hashlib.sha256(source.data).hexdigest(),
            **first, "sheets": others}  # fmt: skip
    draft = drafts.add_draft(session, "upload", actor.id or "", own.id, step="columns", content=data, now=now)
    audit.append(session, actor, "draft.begun", ("draft", draft.id), now=now, kind=kind, rows=_rows_in(first))
    _map_known(session, actor, draft, own, now)
    return draft


def sheet_of(draft: Draft) -> str:
    """The name of the sheet that is the list; empty where a file has no sheets."""
    return str(draft.content.get("sheet", ""))


def other_sheets(draft: Draft) -> list[OtherSheet]:
    """The sheets of the workbook that look like the same list and are no part of this one."""
    return [OtherSheet(sheet["sheet"], _rows_in(sheet)) for sheet in draft.content.get("sheets", [])]


def take_sheet(session: Session, actor: Actor, draft: Draft, name: str, *, own: Organisation, now: datetime) -> bool:
    """Go on with another sheet, as far as it was; what was done to this one waits beside it. No: there is none."""
    sheets = draft.content.get("sheets", [])
    wanted = next((sheet for sheet in sheets if sheet["sheet"] == name), None)
    if wanted is None:
        return False
    kept = {key: draft.content[key] for key in _OF_SHEET}
    rest = [kept if sheet is wanted else sheet for sheet in sheets]
    step = "check" if wanted["columns"] else "columns"
    drafts.change(session, draft, {**draft.content, **wanted, "sheets": rest}, step, now)
    audit.append(session, actor, "draft.changed", ("draft", draft.id), now=now, rows=_rows_in(wanted))
    if step == "columns":
        _map_known(session, actor, draft, own, now)
    return True


def _sheet(table: Table) -> dict[str, Any]:
    """What a draft holds of a sheet, before anything was done to it."""
    cells, unasked = grid_of(table)
    return {"sheet": table.sheet.name, "grid": to_data(cells), "unasked": unasked, "left_out": [], "columns": {},
            "skipped": []}  # fmt: skip


def _rows_in(sheet: Mapping[str, Any]) -> int:
    return len(sheet["grid"]["rows"]) + len(sheet["grid"]["faults"])


def _map_known(session: Session, actor: Actor, draft: Draft, own: Organisation, now: datetime) -> None:
    """Go on to the rows where every column is known."""
    found = choices(draft)
    if all(column.how not in _UNSURE for column in found):
        map_columns(session, actor, draft, {c.index: c.field for c in found}, {}, own=own, now=now)


def grid(draft: Draft) -> Grid:
    """The cells of a draft."""
    return from_data(draft.content["grid"])


def left_out(draft: Draft, cells: Grid) -> frozenset[int]:
    """The rows that somebody left out, of those that its cells still have."""
    return frozenset(draft.content["skipped"]) & cells.numbers()


def choices(draft: Draft) -> list[ColumnChoice]:
    """Every column with the field it was given, or probably is."""
    cells, said = grid(draft), draft.content["columns"]
    found = suggest(cells, draft.content["kind"], schema_of(draft.content["kind"], draft.created_at.date()))
    return [
        ColumnChoice(one.index, cells.titles[one.index], cells.samples(one.index),
                     said.get(cells.titles[one.index], one.field), one.how)
        for one in found
    ]  # fmt: skip


def columns_of(draft: Draft) -> tuple[Column, ...]:
    """Every field that a column can be."""
    return KINDS[draft.content["kind"]]


def missing_for(draft: Draft, fields: set[str], own: Organisation) -> list[str]:
    """Required fields that no column gives; whose list it is we know already."""
    return missing_columns(draft.content["kind"], dict.fromkeys([*fields, *supplied_by(own)]))


def map_columns(
    session: Session, actor: Actor, draft: Draft, chosen: Mapping[int, str], for_all: Mapping[str, str], *,
    own: Organisation, now: datetime,
) -> WrongColumns | None:  # fmt: skip
    """Say which column is which field ("" is none: it is let go); ``for_all`` are values for every row.

    Return why it cannot be, or None when the rows can be read now.
    """
    kind, cells = draft.content["kind"], grid(draft)
    wanted = {index: name for index, name in sorted(chosen.items()) if name and index < len(cells.titles)}
    twice = {index: name for index, name in wanted.items() if list(wanted.values()).count(name) > 1}
    said = {name: text.strip() for name, text in for_all.items() if name in FOR_ALL and text.strip()}
    missing = missing_for(draft, {*wanted.values(), *said}, own)
    if twice or missing:
        return WrongColumns(twice, missing)
    left_out = [title for index, title in enumerate(cells.titles) if index not in wanted]
    cells.keep_columns(list(wanted))
    columns = {cells.titles[place]: name for place, name in enumerate(wanted.values())}
    party = {"school": "school", "referrer": "referrer"}.get(own.kind)
    if kind == "leavers" and party and not {"school", "referrer"} & set(wanted.values()):
        said[party] = own.code
    for name, text in said.items():
        columns[cells.add_column(by_name(kind, name).dutch, text)] = name
    _keep(session, actor, draft, cells, now, columns=columns, left_out=left_out)
    return None


def keep(session: Session, actor: Actor, draft: Draft, cells: Grid, now: datetime, *, skipped: set[int]) -> None:
    """Keep cells that were mended, and which rows are left out."""
    _keep(session, actor, draft, cells, now, skipped=sorted(skipped))


def review(session: Session, draft: Draft, now: datetime) -> None:
    """Remember that the mistakes were looked at: who comes back goes on from there."""
    if draft.step == "check":
        drafts.change(session, draft, draft.content, "review", now)


def ahead(draft: Draft, *, own: Organisation, lang: str, now: datetime) -> tuple[int, ReadRows | None]:
    """The version of a draft and its rows, for `store`: they are read before anything is held."""
    return draft.version, None if draft.step == "columns" else read(draft, own=own, lang=lang, now=now)


def read(draft: Draft, *, own: Organisation, lang: str, now: datetime) -> ReadRows:
    """The rows of a draft that are not left out; asks nothing of the database."""
    content, cells = draft.content, grid(draft)
    return read_rows(content["kind"], cells.source(content["name"], without=left_out(draft, cells)), own=own,
                     columns=content["columns"], on=local_day(now), lang=lang)  # fmt: skip


def hold(session: Session, draft: Draft, own: Organisation) -> None:
    """Keep whom a list names for whoever stores it, before anything is logged: others take the log's end last."""
    kind, columns, cells = draft.content["kind"], draft.content["columns"], grid(draft)
    of = [index for index, title in enumerate(cells.titles) if columns.get(title) == KEY_FIELD[kind]]
    refs = {text_of(cell) for _, row in cells.rows for index in of if (cell := row[index]) is not None}
    lists.lock_named(session, kind, own.id, (), refs)


def store(
    session: Session, actor: Actor, draft: Draft, *, own: Organisation, lang: str, now: datetime,
    known: tuple[int, ReadRows | None] = (0, None),
) -> Upload:  # fmt: skip
    """Store every row without an error that is not left out; the draft is gone then.

    ``known`` is what `ahead` gave, of this version or of one before.

    Raises
    ------
    Conflict
        If no row is left, or the list cannot be stored any more.
    """
    if draft.step == "columns":
        raise Conflict("The columns of this list are not known yet.")
    hold(session, draft, own)
    content = draft.content
    beside = [row_error(content["name"], None, "", other_sheet(sheet.name), lang) for sheet in other_sheets(draft)]
    cells = grid(draft)
    without = left_out(draft, cells)
    made = uploads.check_read(
        session, actor, cells.source(content["name"], without=without),
        (known[0] == draft.version and known[1]) or read(draft, own=own, lang=lang, now=now), own=own,
        columns=content["columns"], lang=lang, now=now, within=None, digest=content["digest"], without=without,
        beside=beside,
    )  # fmt: skip
    if made.state == "refused":
        raise Conflict("No row of this list can be stored.")
    uploads.confirm(session, actor, made, now=now, within=None)
    audit.append(session, actor, "draft.finished", ("draft", draft.id), now=now, upload=made.id)
    drafts.remove(session, draft)
    return made


def discard(session: Session, actor: Actor, draft: Draft, *, now: datetime) -> None:
    """Let a draft go."""
    audit.append(session, actor, "draft.discarded", ("draft", draft.id), now=now)
    drafts.remove(session, draft)


def _keep(session: Session, actor: Actor, draft: Draft, cells: Grid, now: datetime, **more: object) -> None:
    drafts.change(session, draft, {**draft.content, "grid": to_data(cells), **more}, "check", now)
    audit.append(session, actor, "draft.changed", ("draft", draft.id), now=now, rows=len(cells.rows))


__all__ = [
    "FOR_ALL", "LASTS", "STEPS", "ColumnChoice", "Opened", "OtherSheet", "WrongColumns", "ahead", "begin", "choices",
    "columns_of", "discard", "grid", "hold", "keep", "left_out", "map_columns", "missing_for", "open_file",
    "other_sheets", "read", "review", "schema_of", "sheet_of", "store", "take_sheet",
]  # fmt: skip
