"""Vacancies by form: posted, changed, closed and opened again, with the rules and the words of a list."""
from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from api.defects import Defect, Phrase
from api.files import RowError
from api.services import releases, start_moments, under_participation, vacancy_review, workplaces
from api.services.cells import (
    OF_OPENING,
    OF_VACANCY,
    WHERE,
    Cells,
    Unreadable,
    changed_cells,
    opening_cells,
    part_of,
    read_openings,
    told,
)
from api.services.records import opening_of, plain
from api.services.run_inputs import policy_now
from api.services.states import NotNow
from api.services.uploads import Conflict
from api.services.workplaces import Regions
from api.store import audit, lists, organisations, vacancies
from api.store.audit import Actor
from api.store.lists import Organisation
from api.store.organisations import Contact
from api.store.people import Session
from api.store.retention import months_before
from api.store.vacancies import VacancyRow
from api.texts.catalogue import say
from api.texts.questions import OF_OPENING as ASKS
from features.completeness import OPENING, completeness, missing_of_opening
from features.records import Opening

STATES = ("posted", "open", "closed")
MOST_OPENINGS = 12
_NOBODY = "00000000"
"""Stands for the employer that a connector has not named yet, in a draft."""


def check(
    home: Organisation | None, ref: str, fields: Cells, openings: Sequence[Cells], *, lang: str,
    before: Mapping[date, Opening] | None = None,
) -> tuple[list[Opening], list[RowError]]:  # fmt: skip
    """Read a vacancy as the rows of a list: its openings that can be, and all that is wrong."""
    kvk, name = (home.code, home.name[:120]) if home else (_NOBODY, "")
    own = {"vacancy_ref": ref, "employer_kvk": kvk, "employer": name}
    rows = [changed_cells({}, {**fields, **opening, **own}) for opening in openings or [{}]]
    rows = [{name: value for name, value in row.items() if name != start_moments.ID} for row in rows]
    found, errors = read_openings(rows, lang=lang, before=before or {})
    return [replace(opening, employer_kvk=kvk, vacancy_ref=ref) for opening in found], errors


def post(
    session: Session, actor: Actor, home: Organisation, fields: Cells, openings: Sequence[Cells], *, ref: str,
    lang: str, trusted: bool, now: datetime, within: Regions,
) -> tuple[VacancyRow, list[RowError]]:  # fmt: skip
    """Post a vacancy; it is matched at once unless a connector is to look first. Returns the warnings too.

    An employer that is not stored yet (`workplaces.employer`) is stored with it.

    Raises
    ------
    Unreadable
        If it cannot be read, or is not ``within`` the regions; everything that is wrong is said at once.
    Conflict
        If the employer has a vacancy with this number.
    """
    ref = ref or next_ref(vacancies.refs_of(session, home.id), now.year)
    if vacancies.by_ref(session, home.id, ref) is not None:
        raise Conflict("There is a vacancy with this number already.", code="ref_taken")
    found, errors = check(home, ref, fields, openings, lang=lang)
    outside = _place_defect(changed_cells({}, fields), errors, home, within)
    found, errors = _readable(found, [*errors, *_in_words([outside], lang)])
    home = workplaces.keep(session, home, workplaces.region_of(found[0].location, home), now)
    values = [(None, home.id, ref, workplaces.region_of(opening.location, home), plain(opening)) for opening in found]
    lists.add_openings(session, values, None, now, account_id=actor.id)
    made = vacancies.by_ref(session, home.id, ref)
    assert made is not None
    audit.append(session, actor, "vacancy.posted", ("vacancy", made.id), now=now, openings=len(found))
    vacancy_review.settle(session, actor, vacancies.with_openings(session, [made]), trusted=trusted, now=now)
    return vacancies.with_openings(session, [made])[0], errors


def change(
    session: Session, actor: Actor, row: VacancyRow, fields: Cells, openings: Sequence[Cells], *, lang: str,
    trusted: bool, now: datetime, within: Regions, whole: bool = False,
) -> tuple[VacancyRow, list[RowError]]:  # fmt: skip
    """Change what a vacancy says, and its openings: the one with the ``id`` of a line, else by start, else a new one.

    One that is named by its id moves to the start of its line; a new one is like the last there was. With ``whole``
    the lines are all there are: a cell that a line leaves out is emptied, and an opening without a line goes.

    Raises
    ------
    Unreadable
        If it cannot be read, an opening is not ``within`` the regions, before or after, or its participation says
        otherwise; everything that is wrong is said at once.
    NotNow
        If an opening would have fewer places than are taken, or one moves or goes on which something stands.
    """
    looked_at = [] if row.vacancy.state == "posted" else vacancy_review.codes_of(row)
    stored = {one.opening.id: one for one in row.openings}
    before = {i: opening_of(one.record) for i, one in stored.items()}
    cells = {i: opening_cells(opening) for i, opening in before.items()}
    alike = {name: value for name, value in next(reversed(cells.values()), {}).items() if name not in OF_OPENING}
    lines = start_moments.told_apart(openings, {i: one.opening.starts_on for i, one in stored.items()})
    gone = [i for i in stored if i not in lines.named] if whole else []
    bare = {i: {name: value for name, value in one.items() if not whole or name not in OF_OPENING}
            for i, one in cells.items() if i not in gone}  # fmt: skip
    said = {i: changed_cells({**one, **lines.named.get(i, {})}, fields) for i, one in bare.items()}
    rows = [*said.values(), *(changed_cells({**alike, **own}, fields) for own in lines.added)]
    shared = [{name: value for name, value in one.items() if name in (*OF_VACANCY, *OF_OPENING)}
              for one in rows or [changed_cells(alike, fields)]]  # fmt: skip
    ids = {day: i for i, one in said.items() if (day := start_moments.day_of(one.get("starts_on")))}
    found, errors = check(row.home, row.vacancy.vacancy_ref, {}, shared, lang=lang,
                          before={day: before[i] for day, i in ids.items()})  # fmt: skip
    new = [(stored[ids[o.starts_on]].stored if o.starts_on in ids else None, o) for o in found]
    written = [(known, o) for known, o in new
               if known is None or (said[known.id] != cells[known.id] and _differs(known.record, o))]  # fmt: skip
    outside = [workplaces.defect_of(o, row.home, within, stored=known) for known, o in written]
    if any(fields.get(name) for name in WHERE):  # said of a row that something else is wrong with, too
        outside.append(_place_defect(shared[0], errors, row.home, within))
    lost = _of_participation(fields, shared[0], before.values()) if row.vacancy.participation_id else []
    found, errors = _readable(found, [*errors, *_in_words([*outside, *lost], lang)])
    if any(known and opening.places < stored[known.id].held for known, opening in new):
        raise NotNow("places_held")
    moved = {i: day for day, i in ids.items() if day != stored[i].opening.starts_on}
    start_moments.must_be_free(session, stored, moved, gone)
    values = [(known, row.home.id, row.vacancy.vacancy_ref, workplaces.region_of(opening.location, row.home),
               plain(opening)) for known, opening in written]  # fmt: skip
    if not values and not gone:
        return row, errors
    vacancies.remove_openings(session, gone)
    vacancies.move_openings(session, moved)
    lists.add_openings(session, values, None, now, account_id=actor.id)
    vacancies.touch(session, row.vacancy)
    audit.append(session, actor, "vacancy.changed", ("vacancy", row.vacancy.id), now=now, openings=len(values),
                 moved=len(moved), removed=len(gone), fields=sorted(fields))  # fmt: skip
    after = vacancies.with_openings(session, [row.vacancy])
    vacancy_review.settle(session, actor, after, trusted=trusted, now=now, known=looked_at)
    return vacancies.with_openings(session, [row.vacancy])[0], errors


def set_contact(session: Session, actor: Actor, row: VacancyRow, contact_id: str | None, *, now: datetime) -> None:
    """Say whom of the employer one calls about a vacancy; somebody who is not of the employer is nobody."""
    contact = organisations.get(session, Contact, contact_id) if contact_id else None
    wanted = contact.id if contact is not None and contact.organisation_id == row.home.id else None
    if row.vacancy.contact_id == wanted:
        return
    row.vacancy.contact_id = wanted
    session.flush()
    audit.append(session, actor, "vacancy.contact", ("vacancy", row.vacancy.id), now=now, contact=wanted)


def set_state(session: Session, actor: Actor, row: VacancyRow, wanted: str, *, trusted: bool, now: datetime) -> None:
    """Open or close a vacancy; what is closed or posted enters no run, and what was agreed on it stays.

    Candidates whom the employer does not meet are shown no more when it closes.

    A connector (``trusted``) opens what was posted. An employer opens again what was closed; it is posted when there
    is something to look at.

    Raises
    ------
    Conflict
        If it is so already, the employer is not approved yet, or it waits for a connector.
    """
    vacancy = row.vacancy
    if wanted == vacancy.state:
        raise Conflict(f"This vacancy is {wanted} already.", code="state")
    if wanted == "open":
        if trusted and row.home.approved_at is None:
            raise Conflict("Approve the employer first.", code="employer_not_approved")
        if not trusted and vacancy.state == "posted":
            raise Conflict("A connector looks at this vacancy first.", code="waits_for_connector")
        codes = vacancy_review.codes_of(row)
        wanted = "posted" if codes and not trusted else "open"
        vacancy.to_review = codes if wanted == "posted" else []
    vacancy.state = wanted
    session.flush()
    if wanted == "closed":  # before the first event: it holds everybody who is shown
        releases.end_of_vacancy(session, actor, vacancy.id, now=now)
    audit.append(session, actor, f"vacancy.{wanted}", ("vacancy", vacancy.id), now=now, codes=vacancy.to_review)


def changed_unseen(
    session: Session, regions: Iterable[str], now: datetime, *, vacancy_id: str = ""
) -> list[tuple[str, datetime]]:
    """Open vacancies that an employer changed and no connector has seen since: (opening, when), oldest first.

    As far back as the log goes, which knows who saw what.
    """
    since = months_before(now, policy_now(session).terms.decision_months)
    return vacancies.changed_unseen(session, regions, since, vacancy_id=vacancy_id)


def see(session: Session, actor: Actor, vacancy_id: str, *, now: datetime) -> None:
    """Say that a connector has seen what an employer changed."""
    audit.append(session, actor, vacancies.SEEN, ("vacancy", vacancy_id), now=now)


def fields_of(row: VacancyRow) -> Cells:
    """What all openings of a vacancy share, as cells: what a form shows."""
    if not row.openings:
        return {}
    shown = opening_cells(opening_of(row.openings[-1].record))
    return {name: shown[name] for name in OF_VACANCY if name in shown}


def openings_of(row: VacancyRow) -> list[Cells]:
    """What each opening says for itself, as cells, with its id."""
    shown = [(one.opening.id, opening_cells(opening_of(one.record))) for one in row.openings]
    return [{start_moments.ID: i, **{name: one[name] for name in OF_OPENING if name in one}} for i, one in shown]


def known_of(opening: Opening, lang: str) -> dict[str, Any]:
    """How complete a vacancy is, and what to fill in next."""
    missing = missing_of_opening(opening)
    return {"complete": completeness(len(missing), len(OPENING)), "missing": list(missing),
            "to_ask": [{"field": name, "question": say(ASKS, name, lang)} for name in missing]}  # fmt: skip


def history(session: Session, row: VacancyRow) -> list[dict[str, Any]]:
    """Every version of every opening, newest first: when, by whom, and which fields changed from what to what."""
    starts = {one.opening.id: one.opening.starts_on for one in row.openings}
    versions = vacancies.versions_of(session, list(starts))
    cells = {(v.opening_id, v.number): opening_cells(opening_of(v.record)) for v, _ in versions}
    made = []
    for version, name in versions:
        after, before = cells[version.opening_id, version.number], cells.get((version.opening_id, version.number - 1))
        changed = [] if before is None else [
            {"name": field, "before": before.get(field), "after": after.get(field)}
            for field in (*OF_VACANCY, *OF_OPENING) if before.get(field) != after.get(field)
        ]  # fmt: skip
        made.append({"starts_on": starts[version.opening_id], "number": version.number, "by": name,
                     "created_at": version.created_at, "from_list": version.upload_id is not None,
                     "changed": changed})  # fmt: skip
    return made


def next_ref(taken: Iterable[str], year: int) -> str:
    """A number that the employer has not used: ``2026-001``."""
    numbers, used = (f"{year}-{n:03d}" for n in range(1, 100_000)), set(taken)
    return next(ref for ref in numbers if ref not in used)


def _differs(record: Mapping[str, Any] | None, opening: Opening) -> bool:
    """Whether an opening says something else than its record; what the employer is called now is nothing it says."""
    return {**(record or {}), "employer": opening.employer} != plain(opening)


def _readable(found: list[Opening], errors: list[RowError]) -> tuple[list[Opening], list[RowError]]:
    if any(error.severity == "error" for error in errors) or not found:
        raise Unreadable("vacancies", errors)
    return found, errors


def _place_defect(
    row: Cells, errors: Sequence[RowError], home: Organisation, within: Regions
) -> tuple[str, Defect] | None:
    """Whether the work of a row lies outside the regions; of a place that cannot be read that is said already."""
    if any(error["field"] in WHERE and error["severity"] == "error" for error in told("vacancies", errors)):
        return None
    part = part_of(row, WHERE)
    return workplaces.place_defect(part.location if part else None, home, within)


def _of_participation(fields: Cells, row: Cells, before: Iterable[Opening]) -> list[tuple[str, Defect]]:
    """What a change says otherwise than the participation that the vacancy is under: the change would be lost."""
    asked, was = [name for name in under_participation.FIELDS if name in fields], next(iter(before), None)
    part = part_of(row, asked) if asked else None
    if part is None or was is None:
        return []
    now, then = opening_cells(part), opening_cells(was)
    return [(name, Defect("two_of_one", _shown(now.get(name)), None, Phrase("under_participation")))
            for name in asked if _shown(now.get(name)) != _shown(then.get(name))]  # fmt: skip


def _shown(cell: Any) -> str:
    return "|".join(sorted(cell)) if isinstance(cell, list) else "" if cell is None else str(cell)


def _in_words(found: Iterable[tuple[str, Defect] | None], lang: str) -> list[RowError]:
    return [workplaces.said("", 1, one, {}, lang) for one in dict.fromkeys(found) if one is not None]


__all__ = [
    "MOST_OPENINGS", "STATES", "change", "changed_unseen", "check", "fields_of", "history", "known_of", "next_ref",
    "openings_of", "post", "see", "set_contact", "set_state",
]  # fmt: skip
