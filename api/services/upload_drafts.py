"""A list on its way in, step by step: columns, mistakes mended on the screen, what it changes, storing it.

What a step needs is kept as a draft for 30 days, so that somebody may go on another day. Of the file only columns
that may still be read are kept, and after the columns are known only those that are read.
"""
from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from api.files import Source
from api.files.grid import Grid, from_data, grid_of, to_data
from api.files.headers import by_name, missing_columns
from api.files.reading import open_list
from api.files.sheets import SERVICE
from api.files.suggesting import suggest
from api.schemas.base import RowSchema
from api.schemas.columns import KINDS, Column
from api.schemas.leavers import LeaverSchema
from api.schemas.openings import OpeningSchema
from api.services import uploads
from api.services.days import local_day
from api.services.uploads import Conflict
from api.store import audit, drafts
from api.store.audit import Actor
from api.store.drafts import Draft
from api.store.lists import Organisation, Upload
from api.store.people import Session

LASTS = timedelta(days=30)
STEPS = ("columns", "check", "review")
FOR_ALL = ("school_type", "leaves_on", "work_capacity")
"""Fields that may be said once for a whole list that has no column for them."""
_UNSURE = ("near", "content")


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """A column of the file: three of its values, which field it is or probably is, and how that is known."""

    index: int
    title: str
    samples: list[str]
    field: str
    how: str  # known | near | content | none


@dataclass(frozen=True, slots=True)
class WrongColumns:
    """Why columns cannot be read like this: a field chosen for two columns (by index), required fields without one."""

    twice: dict[int, str]
    missing: list[str]


def schema_of(kind: str, on: date) -> RowSchema:
    """How the rows of a kind of list are read."""
    return LeaverSchema(on) if kind == "leavers" else OpeningSchema()


def begin(
    session: Session, actor: Actor, kind: str, name: str, content: bytes, *, own: Organisation, lang: str,
    now: datetime,
) -> Draft | Upload:  # fmt: skip
    """Take a file in; return the draft, or the refused upload where the file cannot be used as a whole."""
    table, _ = open_list(kind, schema_of(kind, local_day(now)),
                         Source(name, content, limits=SERVICE), lang)  # fmt: skip
    grid, unasked = (None, []) if table is None else grid_of(table)
    if grid is None or not (grid.rows or grid.faults):
        return uploads.check(session, actor, kind, name, content, own=own, columns={}, lang=lang, now=now,
                             within=None)  # fmt: skip
    data = {"kind": kind, "name": uploads.safe_name(name), "digest": hashlib.sha256(content).hexdigest(),
            "grid": to_data(grid), "unasked": unasked, "left_out": [], "columns": {}, "skipped": []}  # fmt: skip
    draft = drafts.add_draft(session, "upload", actor.id or "", own.id, step="columns", content=data, now=now)
    audit.append(session, actor, "draft.begun", ("draft", draft.id), now=now, kind=kind, rows=len(grid.rows))
    found = choices(draft)
    if all(column.how not in _UNSURE for column in found):
        map_columns(session, actor, draft, {c.index: c.field for c in found}, {}, own=own, now=now)
    return draft


def grid(draft: Draft) -> Grid:
    """The cells of a draft."""
    return from_data(draft.content["grid"])


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
    party = {"school": "school", "referrer": "referrer", "employer": "employer_kvk"}.get(own.kind, "")
    return missing_columns(draft.content["kind"], dict.fromkeys(fields | {party}))


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
        title = by_name(kind, name).dutch
        cells.add_column(title, text)
        columns[title] = name
    _keep(session, actor, draft, cells, now, columns=columns, left_out=left_out)
    return None


def keep(session: Session, actor: Actor, draft: Draft, cells: Grid, now: datetime, *, skipped: set[int]) -> None:
    """Keep cells that were mended, and which rows are left out."""
    _keep(session, actor, draft, cells, now, skipped=sorted(skipped))


def review(session: Session, draft: Draft, now: datetime) -> None:
    """Remember that the mistakes were looked at: who comes back goes on from there."""
    if draft.step == "check":
        drafts.change(session, draft, draft.content, "review", now)


def store(session: Session, actor: Actor, draft: Draft, *, own: Organisation, lang: str, now: datetime) -> Upload:
    """Store every row without an error that is not left out; the draft is gone then.

    Raises
    ------
    Conflict
        If no row is left, or the list cannot be stored any more.
    """
    if draft.step == "columns":
        raise Conflict("The columns of this list are not known yet.")
    content = draft.content
    made = uploads.check_source(
        session, actor, content["kind"], grid(draft).source(content["name"]), content["digest"], own=own,
        columns=content["columns"], lang=lang, now=now, within=None, without=frozenset(content["skipped"]),
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
    "FOR_ALL", "LASTS", "STEPS", "ColumnChoice", "WrongColumns", "begin", "choices", "columns_of", "discard", "grid",
    "keep", "map_columns", "missing_for", "review", "schema_of", "store",
]  # fmt: skip
