"""What unfinished lists hold of one student, by the school's own number: told in an export, taken out at an erasure."""
from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from api.files.grid import Grid, from_data, to_data, told_apart
from api.files.suggesting import suggest
from api.schemas.cells import text_of
from api.services.upload_drafts import schema_of
from api.store import answers, drafts, persons
from api.store.drafts import Draft
from api.store.people import Session

_NUMBER = "student_ref"


def rows_of(session: Session, student_id: str) -> list[dict[str, Any]]:
    """Return what unfinished lists say of a student: per row the draft, and its number in the file and cells by header.

    Where it is not known yet which column holds the school's number, every row in which the number stands is one.
    """
    student = session.get_one(persons.StoredStudent, student_id)
    found = []
    for draft in drafts.lists_of(session, student.organisation_id):
        for sheet in _sheets(draft):
            cells = from_data(sheet["grid"])
            mine = _rows_with(cells, _number_column(draft, sheet, cells), student.student_ref)
            for number, row in cells.rows:
                if number in mine:
                    titles = told_apart(cells.titles)
                    told = {title: text_of(cell) for title, cell in zip(titles, row, strict=True) if cell}
                    found.append({"id": draft.id, "kind": draft.kind, "content": {"row": number, "cells": told}})
    return found


def take_out(session: Session, student_id: str, now: datetime) -> tuple[int, set[str]]:
    """Take a student's rows out of the unfinished lists of the own school or referrer.

    Return how many rows went, and the ids of the lists that held one or are gone since answers about them were kept:
    such an answer tells cells of the list, and nobody can look any more whose.

    Where it is not known yet which column holds the school's number, a list in which the number stands goes as a
    whole: it is handed in again, rather than that a row of somebody else goes unseen. What the file of a list is
    called goes too, for it may name the student.
    """
    student = session.get_one(persons.StoredStudent, student_id)
    gone, held = 0, drafts.gone_since(session, student.organisation_id, now - answers.KEPT)
    for draft in drafts.lists_of(session, student.organisation_id, lock=True):
        sheets, went, sure = [], 0, True
        for sheet in _sheets(draft):
            cells = from_data(sheet["grid"])
            at = _number_column(draft, sheet, cells)
            out = _take_out(cells, _rows_with(cells, at, student.student_ref), student.student_ref)
            sheets.append({**sheet, "grid": to_data(cells)})
            went += out
            sure &= at is not None or not out
        gone += went
        held |= {draft.id} if went else set()
        if went and not sure:
            drafts.remove(session, draft)
        elif went:
            name = persons.PLAIN_NAME["nl"]
            draft.content = {**draft.content, **sheets[0], "sheets": sheets[1:], "name": name}
    session.flush()
    return gone, held


def _take_out(cells: Grid, mine: set[int], ref: str) -> int:
    """Take rows out of the cells, and rows that could not be taken apart in which the number stands."""
    before = len(cells.rows) + len(cells.faults)
    cells.rows = [row for row in cells.rows if row[0] not in mine]
    cells.absent = {number: left for number, left in cells.absent.items() if number not in mine}
    word = re.compile(rf"(?<!\w){re.escape(ref)}(?!\w)")
    cells.faults = [fault for fault in cells.faults if not word.search(fault[1])]
    return before - len(cells.rows) - len(cells.faults)


def _sheets(draft: Draft) -> Iterator[dict[str, Any]]:
    """The sheet that is the list, and those that wait beside it."""
    yield {name: draft.content[name] for name in ("grid", "columns")}
    yield from draft.content.get("sheets", ())


def _number_column(draft: Draft, sheet: dict[str, Any], cells: Grid) -> int | None:
    """Which column holds the school's own number, where that was said or its header says it."""
    said = [index for index, title in enumerate(cells.titles) if sheet["columns"].get(title) == _NUMBER]
    kind = draft.content["kind"]
    known = said or [one.index for one in suggest(cells, kind, schema_of(kind, draft.created_at.date()))
                     if one.field == _NUMBER and one.how == "known"]  # fmt: skip
    return known[0] if known else None


def _rows_with(cells: Grid, at: int | None, ref: str) -> set[int]:
    """The rows that have the number in a column, or in any where none is known."""
    return {
        number for number, row in cells.rows
        if any(cell is not None and text_of(cell) == ref for cell in (row if at is None else row[at : at + 1]))
    }  # fmt: skip


__all__ = ["rows_of", "take_out"]
