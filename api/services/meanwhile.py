"""A change of a vacancy that took a while: what others changed since it began, and taking that over.

A draft keeps which version of every opening it began from, and whom one called. What it says is set beside what the
vacancy said then and says now: who saves writes over nothing that nobody looked at.
"""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from api.services.cells import OF_OPENING, OF_VACANCY, WHERE, Cells, opening_cells
from api.services.records import opening_of
from api.services.start_moments import ID, day_of
from api.store import vacancies
from api.store.drafts import Draft
from api.store.people import Session
from api.store.vacancies import VacancyRow

DAYS = ("starts_on", "closes_on")
_IN_ORDER = ("tasks",)
"""Fields of which a person chooses the order."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that others changed: a field, an opening (``moment``, by its start) or ``contact``; as cells.

    ``both`` says that the draft changed it too, to something else.
    """

    name: str
    before: Any
    after: Any
    both: bool


@dataclass(frozen=True, slots=True)
class Said:
    """What a vacancy says: what its openings share, each opening by id, and whom one calls."""

    fields: Cells
    openings: Mapping[str, Cells]
    contact: str


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """What a vacancy said when a change began, and says now."""

    then: Said
    now: Said

    def differences(self, content: Mapping[str, Any]) -> list[Difference]:
        """What others changed, with whether the content of a draft changed it too."""
        mine = {one[ID]: one for one in content["openings"] if one.get(ID)}
        found = [(name, self.then.fields.get(name), self.now.fields.get(name), content["fields"].get(name))
                 for name in OF_VACANCY]  # fmt: skip
        told = [Difference(name, then, now, _differs(own, then) and _differs(own, now))
                for name, then, now, own in found if _differs(then, now)]  # fmt: skip
        for opening_id in dict.fromkeys((*self.then.openings, *self.now.openings)):
            then, now = self.then.openings.get(opening_id), self.now.openings.get(opening_id)
            if _row(then) != _row(now):
                own = mine.get(opening_id)
                new = then is None
                told.append(Difference("moment", then, now, not new and _row(own) not in (_row(then), _row(now))))
        if self.then.contact != self.now.contact:
            own = content.get("contact_id") or ""
            told.append(Difference("contact", None, None, own not in (self.then.contact, self.now.contact)))
        return told

    def changed(self, fields: Mapping[str, Any]) -> Cells:
        """The fields that a draft itself changed since it began, with None where it emptied one.

        What it shows is one of the openings: of what is left as it was, each of them goes on saying its own. Where the
        work is, is one field of two names.
        """
        names = [name for name in OF_VACANCY if _differs(fields.get(name), self.then.fields.get(name))
                 or (name in _IN_ORDER and fields.get(name) != self.then.fields.get(name))]  # fmt: skip
        names += WHERE if set(WHERE) & set(names) else ()
        return {name: fields.get(name) for name in names}

    def merged(self, content: Mapping[str, Any]) -> tuple[Cells, list[Cells], str]:
        """Fields, openings and contact of a draft after what others changed was taken over; what it changed stays."""
        fields, then, now = dict(content["fields"]), self.then, self.now
        for name in OF_VACANCY:
            if _differs(then.fields.get(name), now.fields.get(name)) and not _differs(
                    fields.get(name), then.fields.get(name)):  # fmt: skip
                fields[name] = now.fields.get(name)
        openings = []
        for own in content["openings"]:
            opening_id = own.get(ID)
            if opening_id not in then.openings or _row(own) != _row(then.openings[opening_id]):
                openings.append(own if opening_id in now.openings else {k: v for k, v in own.items() if k != ID})
            elif opening_id in now.openings:
                openings.append({ID: opening_id, **now.openings[opening_id]})
        openings += [{ID: i, **cells} for i, cells in now.openings.items() if i not in then.openings]
        own = str(content.get("contact_id") or "")
        return fields, openings, now.contact if own == then.contact else own


def seen_of(row: VacancyRow) -> dict[str, Any]:
    """What a draft keeps of the vacancy that it changes: the version of each opening, and whom one calls."""
    return {"openings": {one.opening.id: one.opening.number for one in row.openings},
            "contact_id": row.vacancy.contact_id or ""}  # fmt: skip


def of_draft(session: Session, draft: Draft, row: VacancyRow) -> Meanwhile:
    """What the vacancy of a draft said when the draft began, and says now; a draft that does not know sees now."""
    seen = draft.content.get("seen") or seen_of(row)
    records = {(v.opening_id, v.number): v.record
               for v, _ in vacancies.versions_of(session, list(seen["openings"]))}  # fmt: skip
    then = {i: records[i, number] for i, number in seen["openings"].items() if (i, number) in records}
    there = {one.opening.id: one.record for one in row.openings}
    return Meanwhile(_said(then, seen["contact_id"]), _said(there, row.vacancy.contact_id or ""))


def _said(records: Mapping[str, Mapping[str, Any]], contact: str) -> Said:
    cells = {i: opening_cells(opening_of(dict(record))) for i, record in records.items()}
    shown = max(cells.values(), key=lambda one: str(one["starts_on"]), default={})
    return Said({name: shown[name] for name in OF_VACANCY if name in shown},
                {i: {name: one[name] for name in OF_OPENING if name in one} for i, one in cells.items()},
                contact)  # fmt: skip


def _differs(one: Any, other: Any) -> bool:
    return _plain(one) != _plain(other)


def _plain(cell: Any) -> str:
    return "|".join(sorted(map(str, cell))) if isinstance(cell, (list, tuple)) else "" if cell is None else str(cell)


def _row(cells: Mapping[str, Any] | None) -> Sequence[str] | None:
    """An opening's cells as they compare: days as one writes them are the same days."""
    if cells is None:
        return None
    return [_plain((day_of(cells.get(name)) if name in DAYS else None) or cells.get(name)) for name in OF_OPENING]


__all__ = ["Difference", "Meanwhile", "of_draft", "seen_of"]
