"""The start moments of a vacancy as somebody changes them: which opening a line is, which one moved, which one goes.

What is counted, proposed and decided stands on an opening by its id, so an opening that moves stays the same one. A
place on which somebody was chosen was chosen for its day: such an opening neither moves nor goes. One that went into a
run is pointed at by what that run said, so it moves but does not go.
"""
from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from api.services.cells import Cells, part_of
from api.services.states import NotNow
from api.store import lists, vacancies
from api.store.people import Session
from api.store.vacancies import OpeningRow

ID = "id"
"""In a line of a form: which opening it is about; the rest are cells of a list."""


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines told apart: ``named`` say something of an opening (by id), ``added`` are new."""

    named: dict[str, Cells]
    added: list[Cells]


def told_apart(lines: Iterable[Mapping[str, Any]], starts: Mapping[str, date]) -> Lines:
    """Say of lines which of the openings (id -> its start) each is about: the one it names, else the one of its day.

    A line without a day is about the only opening there is.
    """
    days = {day: opening_id for opening_id, day in starts.items()}
    read = [(line.get(ID), _read(line)) for line in lines]
    by_id = {known: own for known, own in read if known in starts}
    named: dict[str, Cells] = {known: own for known, own in by_id.items() if known}
    added = []
    for own in (own for known, own in read if known not in starts):
        day = day_of(own.get("starts_on"))
        alone = next(iter(starts)) if len(starts) == 1 and not own.get("starts_on") else None
        of_day = days.get(day) if day else alone
        if of_day is None or of_day in by_id:
            added.append(own)
        else:
            named[of_day] = {**named.get(of_day, {}), **own}
    return Lines(named, added)


def _read(line: Mapping[str, Any]) -> Cells:
    """A line without its name, with its start as a list of the API would say it."""
    own = {name: value for name, value in line.items() if name != ID}
    day = day_of(own.get("starts_on"))
    return {**own, "starts_on": day.isoformat()} if day else own


def day_of(written: Any) -> date | None:
    """A start as a list may have it, ``9-2-2027`` or ``2027-02-09``; None where it cannot be read."""
    found = part_of({"starts_on": str(written)}, ["starts_on"]) if written else None
    return found.starts_on if found else None


def must_be_free(
    session: Session, stored: Mapping[str, OpeningRow], moved: Iterable[str], gone: Sequence[str]
) -> None:
    """Refuse to move or remove openings on which something stands.

    Raises
    ------
    NotNow
        ``opening_held`` if somebody was chosen for one, ``opening_used`` if one that would go was part of a run.
    """
    ids = {*moved, *gone}
    if ids:
        vacancies.lock_openings(session, ids)
    taken = lists.held(session, ids)
    for opening_id in sorted(ids, key=lambda one: stored[one].opening.starts_on):
        day = stored[opening_id].opening.starts_on
        said = f"{day.day}-{day.month}-{day.year}"
        if taken.get(opening_id):
            raise NotNow("opening_held", day=said)
        if opening_id in gone and vacancies.stands_on(session, opening_id):
            raise NotNow("opening_used", day=said)


__all__ = ["ID", "Lines", "day_of", "must_be_free", "told_apart"]
