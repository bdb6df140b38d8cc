"""Lists handed in: checked and compared with what is stored, then confirmed, and undone while nothing stands on it."""
from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from api.bsn import mask
from api.defects import Defect
from api.errors import ServiceError
from api.files import RowError, Source
from api.files.sheets import SERVICE
from api.services import grounds, said_columns, under_participation, workplaces
from api.services.cards import LOOKING
from api.services.days import local_day
from api.services.list_rows import ReadRows, Records, code_of, key_of, read_rows, ref_of
from api.services.records import opening_of, plain, student_of
from api.services.said_columns import Said
from api.services.vacancy_review import settle_openings, settle_undone
from api.services.workplaces import Regions
from api.store import audit, destinations, lists, people
from api.store.audit import Actor
from api.store.decisions import Decided
from api.store.lists import Organisation, Stored, Upload
from api.store.people import Session
from api.texts.undo import standing
from features.records import Opening, Student

_NAME = 120


class Conflict(ServiceError):
    """What was asked cannot be any more; the message says why, ``decision`` is the word that stands in its way."""

    code = "conflict"

    def __init__(self, message: str, decision: Decided | None = None, *, code: str = "") -> None:
        super().__init__(message, code=code)
        self.decision = decision


class StandsOn(Conflict):
    """A list cannot be undone any more; ``found`` is what stands on it, in words of `api.texts.undo`."""

    def __init__(self, found: set[str]) -> None:
        self.found = found
        super().__init__(f"This list can no longer be undone. On it there is already: {standing(found, 'en')}.",
                         code="stands_on")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One usable row: where it stood, its record, whose it is, what the database has of it.

    Of what the list has no column for, the record says what is stored; ``left_alone`` names those fields. ``told`` is
    the record as storing it leaves it: a list that says nothing of a destination undoes no report. ``action`` is what
    storing it does: new, changed or same.
    """

    row: int
    record: Student | Opening
    organisation: Organisation | None  # None: an employer that is not known yet
    stored: Stored | None
    left_alone: tuple[str, ...] = ()
    told: dict[str, Any] = field(init=False)
    action: str = field(init=False)

    def __post_init__(self) -> None:
        told, there = plain(self.record), self.stored.record if self.stored else None
        if isinstance(self.record, Student) and there:
            told["destination"] = told["destination"] or there["destination"]
        object.__setattr__(self, "told", told)
        object.__setattr__(self, "action", "new" if self.stored is None else "same" if there == told else "changed")


def handed_in(name: str, content: bytes) -> Source:
    """A file as it comes in at the door of the service."""
    return Source(name, content, limits=SERVICE, apart=True)


def check(
    session: Session, actor: Actor, kind: str, name: str, content: bytes, *, own: Organisation | None,
    columns: Mapping[str, str], lang: str, now: datetime, within: Regions,
) -> Upload:  # fmt: skip
    """Read a list and do what `check_read` does."""
    source = handed_in(name, content)
    read = read_rows(kind, source, own=own, columns=columns, on=local_day(now), lang=lang)
    return check_read(session, actor, source, read, own=own, columns=columns, lang=lang, now=now, within=within)


def check_read(
    session: Session, actor: Actor, source: Source, read: ReadRows, *, own: Organisation | None,
    columns: Mapping[str, str], lang: str, now: datetime, within: Regions, digest: str = "",
    without: Set[int] = frozenset(), beside: Iterable[RowError] = (),
) -> Upload:  # fmt: skip
    """Compare a list that was read with what is stored, and keep it for confirmation; nothing else is stored.

    ``own`` is whose list it is, whatever the file says; None for a connector's vacancies of several employers, which
    lie ``within`` the connector's regions. ``digest`` is of the file, where the source is made of one that was mended;
    ``without`` are rows that somebody left out of it, ``beside`` warnings of the file as a whole.
    """
    kind, digest = read.kind, digest or hashlib.sha256(source.data).hexdigest()
    records, errors = read.records, [*beside, *read.errors]
    rows = [] if read.refused else compare(session, kind, records, own, read.said)
    outside = _outside(session, rows, within)
    errors += [workplaces.said(source.name, row, found, read.titles, lang) for row, found in outside.items()]
    rows = [row for row in rows if row.row not in outside]
    errors += [workplaces.said(source.name, row, found, read.titles, lang)
               for row, found in _under_participation(session, records, rows)]  # fmt: skip
    skipped = sorted({e.row for e in errors if e.severity == "error" and e.row is not None} | without)
    upload = Upload(
        kind=kind, state="refused" if read.refused or not rows else "checked", account_id=actor.id or "",
        organisation_id=own.id if own else None, file_name=safe_name(source.name), lang=lang,
        options={"columns": dict(columns), "on": local_day(now).isoformat(), **read.said.to_data()},
        rows=read.total + len(without), digest=digest, counts=_counts(rows, len(skipped)), created_at=now,
    )  # fmt: skip
    said = [_said(row.row, row.action, row.stored.id if row.stored else None) for row in rows]
    said += [] if read.refused else [_said(row, "skipped") for row in skipped]
    # Of the file only the usable rows are kept: a row that is left out may hold a BSN, and not every column is ours.
    kept = json.dumps([[row.row, plain(row.record)] for row in rows], ensure_ascii=False, separators=(",", ":"))
    errors.sort(key=lambda error: -1 if error.row is None else error.row)  # in the order of the file
    lists.add_upload(session, upload, kept.encode(), said, [_defect(k, error) for k, error in enumerate(errors)])
    audit.append(session, actor, f"upload.{upload.state}", ("upload", upload.id), now=now, kind=kind, **_told(upload))
    return upload


def confirm(session: Session, actor: Actor, upload: Upload, *, now: datetime, within: Regions) -> Upload:
    """Store what a checked list says; rows are compared anew, for others may have stored something meanwhile.

    Raises
    ------
    Conflict
        If it was confirmed, undone or refused before, leaves an opening fewer places than are taken, lies outside the
        regions ``within`` which a connector writes now, or is a list of persons of a party that has not recorded on
        which ground of the law it hands them in.
    """
    if upload.state != "checked":
        raise Conflict(f"This list is {upload.state} already.")
    own = None if upload.organisation_id is None else people.organisations(session, [upload.organisation_id])[0]
    if upload.kind == "leavers" and own is not None and not grounds.has_ground(session, own.id):
        raise Conflict(grounds.MISSING, code="legal_ground")
    read = student_of if upload.kind == "leavers" else opening_of
    kept = [(row, read(data)) for row, data in json.loads(lists.file_of(session, upload.id))]
    columns, codes = Said.from_data(upload.options), {code_of(record) for _, record in kept}
    # Nobody changes between the comparison and the writing what the list says nothing of: it would be written over.
    lists.lock_named(session, upload.kind, own.id if own else None, codes, {ref_of(record) for _, record in kept})
    rows = compare(session, upload.kind, kept, own, columns)
    if outside := _outside(session, rows, within):
        raise Conflict(f"Row {min(outside)} lies outside your regions now. Hand in the list anew.", code="region")
    active = [row for row in rows if row.action != "same"]
    _refuse_too_few_places(session, active)
    values = [(r.stored, _home(session, r, now).id, ref_of(r.record), _region(r), plain(r.record)) for r in active]
    store = lists.add_profiles if upload.kind == "leavers" else lists.add_openings
    made = dict(zip((r.row for r in active), store(session, values, upload.id, now), strict=True))
    destinations.add_looking(session, dict(_looking(rows, columns)), now)
    if upload.kind == "vacancies":  # a connector's list was looked at by a connector
        settle_openings(session, actor, [i for i, _ in made.values()], trusted=own is None, now=now)
    skipped = [row.row for row in lists.rows_of(session, upload.id) if row.action == "skipped"]
    said: list[dict[str, Any]] = []
    for row in rows:
        subject, number = made.get(row.row, (row.stored.id if row.stored else None, None))
        said.append(_said(row.row, row.action, subject, number))
    said += [_said(row, "skipped") for row in skipped]
    lists.replace_rows(session, upload.id, said)
    upload.state, upload.confirmed_at, upload.counts = "confirmed", now, _counts(rows, len(skipped))
    session.flush()
    audit.append(session, actor, "upload.confirmed", ("upload", upload.id), now=now, kind=upload.kind, **_told(upload))
    return upload


def _looking(rows: Iterable[Row], columns: Said) -> Iterator[tuple[str, str]]:
    """The students of whom a list itself says that they have no destination, also where it said so before."""
    for row in rows:
        said = columns.of_row(row.row)
        if isinstance(row.record, Student) and row.stored is not None and (said is None or "destination" in said):
            code = row.record.destination
            if code and code in LOOKING:
                yield row.stored.id, code


def undo(session: Session, actor: Actor, upload: Upload, *, now: datetime, within: Regions) -> Upload:
    """Take back what a confirmed list stored.

    Raises
    ------
    Conflict
        If it is not confirmed, or a vacancy of it lies outside the regions.
    StandsOn
        If something stands on it: a run, a later change, a coach of a student who was new with it.
    """
    if upload.state != "confirmed":
        raise Conflict(f"This list is {upload.state}; there is nothing to undo.")
    if within is not None and not lists.regions_of(session, upload.id) <= within:
        raise Conflict("A vacancy of this list lies outside your regions now. Ask its connector.", code="region")
    if found := lists.depends(session, upload, lock=True):
        raise StandsOn(found)
    of = lists.vacancies_of(session, upload.id)  # also one that only had a start with it, which goes
    left = lists.take_back(session, upload)
    if upload.kind == "vacancies":
        settle_undone(session, actor, of, left, upload, now=now)
    upload.state, upload.undone_at = "undone", now
    session.flush()
    audit.append(session, actor, "upload.undone", ("upload", upload.id), now=now, kind=upload.kind)
    return upload


def compare(session: Session, kind: str, records: Records, own: Organisation | None, said: Said) -> list[Row]:
    """Set every record beside what the database has of it, which stays where a row says nothing."""
    codes = {code_of(record) for _, record in records}
    homes = {code: own or people.organisation(session, "employer", code) for code in codes}
    ids = [home.id for home in homes.values() if home]
    stored: Mapping[Any, Stored] = (
        lists.students_by_ref(session, ids) if kind == "leavers" else lists.openings_by_ref(session, ids)
    )
    over = under_participation.of_vacancies(session, ids) if kind == "vacancies" else {}
    rows = []
    for row, record in records:
        home = homes[code_of(record)]
        key = None if home is None else (home.id, *key_of(record))
        there = stored.get(key)
        told, left_alone = _beside(record, there, said.of_row(row))
        if home is not None and isinstance(told, Opening):
            told = under_participation.as_said(told, over.get((home.id, told.vacancy_ref)))
        rows.append(Row(row, told, home, there, left_alone))
    return rows


def _beside(
    record: Student | Opening, stored: Stored | None, said: Set[str] | None
) -> tuple[Student | Opening, tuple[str, ...]]:
    """A record with what is stored where its row says nothing, and the names of those fields."""
    if stored is None or stored.record is None or said is None:
        return record, ()
    listed = plain(record)
    told = said_columns.merged(listed, stored.record, said)
    left_alone = tuple(said_columns.left_alone(listed, told))
    return student_of(told) if isinstance(record, Student) else opening_of(told), left_alone


def _under_participation(session: Session, records: Records, rows: list[Row]) -> Iterator[tuple[int, Any]]:
    """What rows say otherwise than the participations that their vacancies are under, with the number of the row."""
    homes = {row.row: row.organisation for row in rows if isinstance(row.record, Opening)}
    said = under_participation.of_vacancies(session, {home.id for home in homes.values() if home})
    for row, record in records if said else []:
        home = homes.get(row)
        if isinstance(record, Opening) and home is not None:
            yield from ((row, one) for one in
                        under_participation.defects(record, said.get((home.id, record.vacancy_ref))))  # fmt: skip


def _outside(session: Session, rows: list[Row], within: Regions) -> dict[int, tuple[str, Defect]]:
    """The rows that somebody bound to regions may not write, with why."""
    if within is None:
        return {}
    others = workplaces.elsewhere(session, {row.organisation.id for row in rows if row.organisation}, within)
    found = {}
    for row in rows:
        assert isinstance(row.record, Opening)
        other = row.organisation is not None and (row.organisation.id, row.record.vacancy_ref) in others
        said = workplaces.defect_of(row.record, row.organisation, within, stored=row.stored, other=other)
        if said is not None:
            found[row.row] = said
    return found


def _refuse_too_few_places(session: Session, rows: list[Row]) -> None:
    taken = lists.held(session, [row.stored.id for row in rows if row.stored])
    for row in rows:
        if isinstance(row.record, Opening) and row.stored and taken.get(row.stored.id, 0) > row.record.places:
            # Not how many: an employer does not know who was only chosen.
            raise Conflict(f"Row {row.row}: more places are held than this; there cannot be fewer. Call the connector.")


def _home(session: Session, row: Row, now: datetime) -> Organisation:
    if row.organisation is not None:
        return row.organisation
    assert isinstance(row.record, Opening)
    home = workplaces.employer(session, row.record.employer_kvk, row.record.employer)
    return workplaces.keep(session, home, _region(row), now)


def _region(row: Row) -> str | None:
    """Where it is; a student without a place belongs where the school is."""
    return workplaces.region_of(row.record.location, row.organisation)


def _said(row: int, action: str, subject_id: str | None = None, number: int | None = None) -> dict[str, Any]:
    return {"row": row, "action": action, "subject_id": subject_id, "number": number}


def _told(upload: Upload) -> dict[str, Any]:
    return dict(upload.counts)


def _counts(rows: list[Row], skipped: int) -> dict[str, int]:
    actions = [row.action for row in rows]
    return {name: actions.count(name) for name in ("new", "changed", "same")} | {"skipped": skipped}


def _defect(position: int, error: RowError) -> dict[str, Any]:
    return {"position": position, "row": error.row, "header": error.column[:200], "severity": error.severity,
            "code": error.code, "found": error.found[:500], "expected": error.expected[:1000],
            "message": error.message[:2000]}  # fmt: skip


def safe_name(name: str) -> str:
    """The file's name as people know it again: no folders, nothing that does not print, no number that may be a BSN."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return mask("".join(char for char in last if char.isprintable()))[:_NAME] or "list"
