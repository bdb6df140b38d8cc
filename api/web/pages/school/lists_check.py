"""The third step of handing in a list: mistakes by what mends them, mended on the page, without a new file."""
from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask import Blueprint, Response, request

from api.files.grid import Grid
from api.files.rows import RowError
from api.schemas.cells import Masked, text_of
from api.services import upload_drafts, upload_repairs
from api.services.upload_repairs import Checked, Fault, Group
from api.store.drafts import Draft
from api.store.lists import Organisation
from api.tables import csv_bytes
from api.texts.dates import long_date
from api.web.access import access, asker
from api.web.database import now, rows
from api.web.json.once import once
from api.web.own import OF_PARTY
from api.web.pages.base import go, n, show, t
from api.web.pages.language import language
from api.web.pages.school.lists import DRAFT, PATH, as_seen, fault_words, options_of, own_draft, step_address, to_do
from features.completeness import missing_of_student
from features.records import Student

blueprint = Blueprint("school_lists_check", __name__)
_PER_PAGE, _NOTES, _ROWS_NAMED = 50, 5, 12
_CELL = re.compile(r"cel-(\d{1,6})-(\d{1,3})")
_THIN = {"thin_travel": ("travel_means", "travel_limit"), "thin_wish": ("branches",),
         "thin_support": ("support_needed",)}  # fmt: skip


@dataclass(slots=True)
class Line:
    """A row of the table: who it is, and what is wrong with it."""

    row: int
    who: str
    state: str
    faults: list[Fault] = field(default_factory=list)

    @property
    def cells(self) -> list[list[Fault]]:
        """The faults by cell, for a cell is mended in one place; what is wrong in no column is each by itself."""
        found: dict[tuple[int | None, int], list[Fault]] = {}
        for at, fault in enumerate(self.faults):
            found.setdefault((fault.index, at if fault.index is None else 0), []).append(fault)
        return list(found.values())


@blueprint.get(f"{DRAFT}/controleren")
@access(*OF_PARTY, people_only=True)
def check(draft_id: str) -> Any:
    """What is wrong with a list, and how to mend it."""
    draft, own = own_draft(draft_id)
    return go(step_address(draft)) if draft.step == "columns" else _page(draft, own)


def _page(draft: Draft, own: Organisation, wrong: dict[str, str] | None = None) -> Response:
    cells = upload_drafts.grid(draft)
    found = upload_repairs.check(draft, own=own, lang=language(), now=now())
    whole = request.args.get("alle") == "1"
    lines = _lines(cells, found, whole=whole)
    pages = max(1, -(-len(lines) // _PER_PAGE))
    page = min(max(request.args.get("pagina", 1, int), 1), pages)
    return show(
        "school/list_check.html", 409 if wrong else 200, wrong=wrong or _refused(cells), draft=draft, found=found,
        whole=whole, page=page, pages=pages,
        lines=lines[(page - 1) * _PER_PAGE : page * _PER_PAGE], good=len(found.records), notes=_notes(found),
        groups=[(group, _differences(cells, found, group)) for group in found.groups], options=options_of, meant=_meant,
        value=lambda fault: _value(cells, fault), where=_where, in_words=_in_words,
        to_do=to_do, told=fault_words, short=_short, sheet=upload_drafts.sheet_of(draft),
        sheets=upload_drafts.other_sheets(draft),
    )  # fmt: skip


@blueprint.post(f"{DRAFT}/controleren")
@access(*OF_PARTY, people_only=True)
@once
def mend(draft_id: str) -> Any:
    """Keep what was typed, and do what the button says."""
    draft, own = own_draft(draft_id, lock=True)
    if draft.step == "columns":
        return go(step_address(draft), done="" if as_seen(draft) else "changed_meanwhile")
    if not as_seen(draft):  # what was typed belongs to a row that may be somebody else's now
        return _page(draft, own, {"check": t("lists.changed_unkept")})
    cells = upload_drafts.grid(draft)
    found = upload_repairs.check(draft, own=own, lang=language(), now=now())
    skipped = set(found.skipped)
    refused = upload_repairs.set_cells(cells, _typed())
    do, _, rest = request.form.get("do", "save").partition(":")
    _act(do, rest, cells, found, skipped)
    upload_drafts.keep(rows(), asker().actor, draft, cells, now(), skipped=skipped)
    if do == "later":
        return go(PATH, done="list_kept")
    if do == "review" and not refused:
        upload_drafts.review(rows(), draft, now())
        return go(step_address(draft))
    kept = {name: request.args[name] for name in ("alle", "pagina") if name in request.args}
    told = {"bsn": "_".join(f"{row}-{index}" for row, index in sorted(refused))} if refused else {}
    return go(f"{PATH}/concept/{draft.id}/controleren", **kept, **told)


@blueprint.get(f"{DRAFT}/foute-rijen.csv")
@access(*OF_PARTY, people_only=True)
def wrong_rows(draft_id: str) -> Response:
    """The rows with a mistake as a file, with what is wrong in the last column."""
    draft, own = own_draft(draft_id)
    cells = upload_drafts.grid(draft)
    found = upload_repairs.check(draft, own=own, lang=language(), now=now())
    told: dict[int, list[str]] = {}
    for fault in found.faults:
        told.setdefault(fault.row, []).append(fault_words(fault))
    body: list[list[str | int | None]] = [
        [row, *(text_of("" if cell is None else cell) for cell in cells.row(row) or [None] * len(cells.titles)),
         " ".join(said)] for row, said in sorted(told.items())
    ]  # fmt: skip
    content = csv_bytes([t("lists.row"), *cells.titles, t("lists.what_wrong")], body)
    name = t("lists.wrong_rows_name")
    return Response(content, content_type="text/csv; charset=utf-8",
                    headers={"Content-Disposition": f'attachment; filename="{name}.csv"'})  # fmt: skip


def _act(do: str, rest: str, cells: Grid, found: Checked, skipped: set[int]) -> None:
    """Do what a button says, to cells or to the rows that are left out."""
    key, _, more = rest.partition(":")
    group = next((one for one in found.groups if one.key == key), None)
    if do == "date" and group and more in ("dmy", "mdy"):
        upload_repairs.settle_dates(cells, group, more)
    elif do == "meant" and group and _meant(group):
        upload_repairs.replace_word(cells, group, group.suggestion)
    elif do == "replace" and group and (word := request.form.get(f"word-{key}", "")):
        if word in dict(options_of(group.field)):
            upload_repairs.replace_word(cells, group, word)
    elif do == "skip-group" and group:
        skipped.update(group.rows[-1:] if group.kind == "repeat" else group.rows)
    elif do == "skip" and rest.isdecimal() and int(rest) in cells.numbers():
        skipped.add(int(rest))
    elif do == "unskip" and rest.isdecimal():
        skipped.discard(int(rest))


def _meant(group: Group) -> str:
    """What a word probably means, in words: one choice of a list, or several in one cell; "" when none is known."""
    known = dict(options_of(group.field))
    found = [known.get(code, "") for code in group.suggestion.split("|")]
    return ", ".join(found) if all(found) else ""


def _typed() -> dict[tuple[int, int], str]:
    return {(int(match.group(1)), int(match.group(2))): value for name, value in request.form.items()
            if (match := _CELL.fullmatch(name))}  # fmt: skip


def _refused(cells: Grid) -> dict[str, str]:
    """What to say of cells in which a BSN was typed a moment ago."""
    found = {}
    for row, index in re.findall(r"(\d{1,6})-(\d{1,3})", request.args.get("bsn", "")):
        if int(index) < len(cells.titles):
            found[f"cel-{row}-{index}"] = t("lists.typed_bsn", row=row, title=cells.titles[int(index)])
    return found


def _lines(cells: Grid, found: Checked, *, whole: bool) -> list[Line]:
    by_row: dict[int, list[Fault]] = {}
    for fault in found.faults:
        by_row.setdefault(fault.row, []).append(fault)
    numbers = sorted({number for number, _ in cells.rows} | set(by_row)) if whole else sorted(by_row)
    return [
        Line(row, _who(cells, found, row),
             "skipped" if row in found.skipped else "wrong" if row in by_row else "good", by_row.get(row, []))
        for row in numbers
    ]  # fmt: skip


def _who(cells: Grid, found: Checked, row: int) -> str:
    """The first name and the number of a row, as far as they are there."""
    told = []
    for name in ("first_name", "student_ref"):
        index = found.columns.get(name)
        cell = cells.row(row)[index : index + 1] if index is not None else []
        if cell and cell[0] is not None and not isinstance(cell[0], Masked):
            told.append(text_of(cell[0])[:60])
    return " · ".join(told) or "–"


def _value(cells: Grid, fault: Fault) -> str:
    cell = cells.row(fault.row)[fault.index] if fault.index is not None and cells.row(fault.row) else None
    return "" if cell is None or isinstance(cell, Masked) else text_of(cell)


def _short(fault: Fault) -> str:
    """What was found; of a repeat the number alone, for the party is one's own."""
    return fault.found.rpartition("/")[2] if fault.defect.code == "duplicate" else fault.found


def _where(group: Group) -> str:
    return t("lists.rows_one", row=group.rows[0]) if len(group.rows) == 1 else n("lists.rows", len(group.rows))


def _in_words(text: str) -> str:
    """``3 april 2009`` for ``03-04-2009``."""
    try:
        day, month, year = map(int, text.split("-"))
        return long_date(date(year, month, day), language())
    except ValueError:
        return text


def _differences(cells: Grid, found: Checked, group: Group) -> tuple[int, list[tuple[str, str, str]]]:
    """Of a repeated row: which row stands before it, and in which columns the two differ."""
    if group.kind != "repeat":
        return 0, []
    again, index = group.rows[-1], found.columns.get("student_ref")
    if index is None:
        return 0, []
    mine = cells.row(again)
    number = text_of(mine[index] or "")
    first = next((row for row, row_cells in cells.rows if row != again and row not in found.skipped
                  and text_of(row_cells[index] or "") == number), again)  # fmt: skip
    shown = [(title, *("" if cell is None else text_of(cell) for cell in (one, two)))
             for title, one, two in zip(cells.titles, cells.row(first), mine, strict=True)]  # fmt: skip
    return first, [(title, one, two) for title, one, two in shown if one != two]


def _about(note: RowError) -> str:
    """What a note about somebody's own words is about, whatever was found: a number and a name are two notes."""
    return note.message.replace(note.found, "") if note.code == "personal" else ""


def _which(code: str, notes: list[RowError]) -> str:
    """How many rows a note is about; of what a person has to look up, which."""
    if code != "personal":
        return f" ({n('lists.rows', len(notes))})" if len(notes) > 1 else ""
    rows = list(dict.fromkeys(note.row for note in notes))
    listed = ", ".join(map(str, rows[:_ROWS_NAMED])) + (" …" if len(rows) > _ROWS_NAMED else "")
    return " " + t("lists.on_rows", rows=listed)


def _notes(found: Checked) -> list[str]:
    """What may stay: by kind with one example, and what makes proposals less sure."""
    alike: dict[tuple[str, str, str], list[RowError]] = {}
    for note in found.notes:
        alike.setdefault((note.code, note.column, _about(note)), []).append(note)
    most = sorted(alike.items(), key=lambda item: -len(item[1]))[:_NOTES]
    said = [(code, notes) for (code, *_), notes in most if "column" not in code]
    told = [notes[0].message + _which(code, notes) for code, notes in said]
    for key, names in _THIN.items():
        thin = sum(isinstance(record, Student) and bool(set(names) & set(missing_of_student(record)))
                   for _, record in found.records)  # fmt: skip
        if thin:
            told.append(n(f"lists.{key}", thin))
    return told
