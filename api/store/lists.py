"""Uploads, students and openings in the database: what is stored, what a list would change, and the change itself."""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, delete, exists, func, insert, select
from sqlalchemy.orm import Session, aliased

from api.store import destinations, new_with
from api.store.base import new_id
from api.store.paging import Place, newest
from api.store.tables import (
    Decided,
    OpeningVersion,
    Organisation,
    Placement,
    Profile,
    Release,
    RunOpening,
    RunStudent,
    Seat,
    StoredOpening,
    StoredStudent,
    Upload,
    UploadDefect,
    UploadFile,
    UploadRow,
    Vacancy,
)


@dataclass(frozen=True, slots=True)
class Stored:
    """What the database has of a student or opening: its id, the version that holds, that one's record, its region."""

    id: str
    number: int
    record: dict[str, Any] | None
    region: str | None = None


def students_by_ref(session: Session, organisation_ids: Iterable[str]) -> dict[tuple[str, str], Stored]:
    """The students of organisations by (organisation, student_ref)."""
    query = (
        select(StoredStudent.organisation_id, StoredStudent.student_ref, StoredStudent.id, StoredStudent.number,
               Profile.record)
        .outerjoin(Profile, (Profile.student_id == StoredStudent.id) & (Profile.number == StoredStudent.number))
        .where(StoredStudent.organisation_id.in_(list(organisation_ids)))
    )  # fmt: skip
    return {(org, ref): Stored(i, number, record) for org, ref, i, number, record in session.execute(query)}


def openings_by_ref(session: Session, organisation_ids: Iterable[str]) -> dict[tuple[str, str, date], Stored]:
    """The openings of organisations by (organisation, vacancy_ref, starts_on)."""
    version = (OpeningVersion.opening_id == StoredOpening.id) & (OpeningVersion.number == StoredOpening.number)
    query = (
        select(Vacancy.organisation_id, Vacancy.vacancy_ref, StoredOpening.starts_on, StoredOpening.id,
               StoredOpening.number, OpeningVersion.record, StoredOpening.region_code)
        .join(Vacancy, Vacancy.id == StoredOpening.vacancy_id)
        .outerjoin(OpeningVersion, version)
        .where(Vacancy.organisation_id.in_(list(organisation_ids)))
    )  # fmt: skip
    return {(org, ref, day): Stored(*about) for org, ref, day, *about in session.execute(query)}


def regions_of(session: Session, upload_id: str) -> set[str | None]:
    """The regions of the openings that an upload wrote."""
    wrote = select(OpeningVersion.opening_id).where(OpeningVersion.upload_id == upload_id)
    return set(session.scalars(select(StoredOpening.region_code).where(StoredOpening.id.in_(wrote))))


def vacancies_of(session: Session, upload_id: str) -> set[str]:
    """The vacancies of which an upload wrote an opening."""
    wrote = select(OpeningVersion.opening_id).where(OpeningVersion.upload_id == upload_id)
    return set(session.scalars(select(StoredOpening.vacancy_id).where(StoredOpening.id.in_(wrote))))


def add_profiles(session: Session, rows: Sequence[tuple[Stored | None, str, str, str | None, dict[str, Any]]],
                 upload_id: str | None, now: datetime, *, account_id: str | None = None,
                 ) -> list[tuple[str, int]]:  # fmt: skip
    """Add a version per row (stored, organisation, ref, region, record); return (student, number) per row.

    Where a record says nothing of a destination, the one that was reported last stays; one it says is a report.
    """
    said = destinations.merged(session, [(row[0].id if row[0] else None, row[4]) for row in rows])
    rows = [(*row[:4], record) for row, record in zip(rows, said, strict=True)]
    known = [stored.id for stored, *_ in rows if stored]
    last = _last_numbers(session, Profile.student_id, Profile.number, known)
    made, new, profiles, changed = [], [], [], []
    for stored, organisation_id, ref, region, record in rows:
        student_id, number = (stored.id, last.get(stored.id, 0) + 1) if stored else (new_id(), 1)
        if stored is None:
            new.append({"id": student_id, "organisation_id": organisation_id, "student_ref": ref, "number": 1,
                        "region_code": region, "created_at": now, "version": 1})  # fmt: skip
        else:
            changed.append((student_id, number, region))
        profiles.append({"student_id": student_id, "number": number, "record": record, "upload_id": upload_id,
                         "account_id": account_id, "created_at": now})  # fmt: skip
        made.append((student_id, number))
    _insert(session, StoredStudent, new)
    _insert(session, Profile, profiles)
    query = select(StoredStudent).where(StoredStudent.id.in_([student_id for student_id, *_ in changed]))
    there = {student.id: student for student in session.scalars(query)}
    for student_id, number, region in changed:
        student = there[student_id]
        student.number, student.region_code = number, region
    session.flush()
    destinations.add_said(session, [(i, row[4]) for (i, _), row in zip(made, rows, strict=True)], now,
                          by="" if upload_id else account_id or "")  # fmt: skip
    return made


def add_openings(session: Session, rows: Sequence[tuple[Stored | None, str, str, str | None, dict[str, Any]]],
                 upload_id: str | None, now: datetime, *, account_id: str | None = None,
                 ) -> list[tuple[str, int]]:  # fmt: skip
    """Add a version per row (stored, organisation, vacancy_ref, region, record); return (opening, number) per row."""
    known = [stored.id for stored, *_ in rows if stored]
    last = _last_numbers(session, OpeningVersion.opening_id, OpeningVersion.number, known)
    organisations = {row[1] for row in rows}
    query = select(Vacancy.organisation_id, Vacancy.vacancy_ref, Vacancy.id)
    query = query.where(Vacancy.organisation_id.in_(organisations))
    vacancies = {(org, ref): i for org, ref, i in session.execute(query)}
    new_vacancies, new, versions, seats, made, changed = [], [], [], [], [], []
    for stored, organisation_id, ref, region, record in rows:
        if (organisation_id, ref) not in vacancies:
            vacancies[organisation_id, ref] = new_id()
            new_vacancies.append({"id": vacancies[organisation_id, ref], "organisation_id": organisation_id,
                                  "vacancy_ref": ref, "created_at": now, "version": 1})  # fmt: skip
        opening_id, number = (stored.id, last.get(stored.id, 0) + 1) if stored else (new_id(), 1)
        if stored is None:
            new.append({"id": opening_id, "vacancy_id": vacancies[organisation_id, ref], "places": record["places"],
                        "starts_on": date.fromisoformat(record["starts_on"]), "region_code": region, "number": 1,
                        "created_at": now, "version": 1})  # fmt: skip
            seats += [{"opening_id": opening_id, "seat": seat} for seat in range(1, record["places"] + 1)]
        else:
            changed.append((opening_id, number, region, record["places"]))
        versions.append({"opening_id": opening_id, "number": number, "record": record, "upload_id": upload_id,
                         "account_id": account_id, "created_at": now})  # fmt: skip
        made.append((opening_id, number))
    for table, values in ((Vacancy, new_vacancies), (StoredOpening, new), (OpeningVersion, versions), (Seat, seats)):
        _insert(session, table, values)
    for opening_id, number, region, places in changed:
        opening = session.get_one(StoredOpening, opening_id)
        opening.number, opening.region_code = number, region
        set_places(session, opening, places)
    session.flush()
    return made


def lock_vacancies(session: Session, opening_ids: Iterable[str] | Select[Any]) -> None:
    """Keep the vacancies of openings for whoever writes those: vacancies come first, as when somebody is shown."""
    of = select(StoredOpening.vacancy_id).where(
        StoredOpening.id.in_(opening_ids if isinstance(opening_ids, Select) else list(opening_ids)))
    # Not against whoever says yes meanwhile: that points at a vacancy and does not change it.
    session.execute(select(Vacancy.id).where(Vacancy.id.in_(of)).order_by(Vacancy.id).with_for_update(key_share=True))


def lock_named(
    session: Session, kind: str, organisation_id: str | None, codes: Iterable[str], refs: Iterable[str]
) -> None:
    """Keep the students or vacancies with these numbers for whoever writes a list of them.

    They are those of one organisation; without one (None), of the employers with these ``codes``.
    """
    employers = select(Organisation.id).where(Organisation.kind == "employer", Organisation.code.in_(list(codes)))
    wanted: Any = employers if organisation_id is None else [organisation_id]
    of, ref = (StoredStudent, StoredStudent.student_ref) if kind == "leavers" else (Vacancy, Vacancy.vacancy_ref)
    mine = select(of.id).where(of.organisation_id.in_(wanted), ref.in_(list(refs)))
    # A profile that somebody adds points at the student: it waits as well, rather than for a number that is taken.
    session.execute(mine.order_by(of.id).with_for_update(key_share=kind != "leavers"))


def held(session: Session, opening_ids: Iterable[str], *, shown: bool = False) -> dict[str, int]:
    """How many seats of openings are held; ``shown`` counts those whom the employer sees, or who work there."""
    query = select(Decided.opening_id, func.count()).where(Decided.holds, Decided.opening_id.in_(list(opening_ids)))
    if shown:
        seen = exists().where(Release.decision_id == Decided.id, Release.ended_at.is_(None))
        works = exists().where(Placement.decision_id == Decided.id, Placement.ended_on.is_(None))
        query = query.where(seen | works)
    return dict(session.execute(query.group_by(Decided.opening_id)).all())


def set_places(session: Session, opening: StoredOpening, places: int) -> None:
    """Give an opening this many seats; whoever holds a seat that goes moves to a free one first.

    The database refuses if more seats are held than are left.
    """
    opening.places = places
    session.flush()
    there = set(session.scalars(select(Seat.seat).where(Seat.opening_id == opening.id)))
    _insert(session, Seat, [{"opening_id": opening.id, "seat": n} for n in range(1, places + 1) if n not in there])
    holders = session.scalars(select(Decided).where(Decided.opening_id == opening.id, Decided.holds)).all()
    free = iter(sorted(set(range(1, places + 1)) - {holder.seat or 0 for holder in holders}))
    for holder in holders:
        if (holder.seat or 0) > places:
            holder.seat = next(free, holder.seat)
    session.flush()
    past = select(Decided.seat).where(Decided.opening_id == opening.id, Decided.seat > places, ~Decided.holds)
    keep = set(session.scalars(past))  # what a decision of the past points at stays
    gone = [seat for seat in there if seat > places and seat not in keep]
    session.execute(delete(Seat).where(Seat.opening_id == opening.id, Seat.seat.in_(gone)))


def add_upload(session: Session, upload: Upload, content: bytes, rows: Sequence[dict[str, Any]],
               defects: Sequence[dict[str, Any]]) -> None:  # fmt: skip
    """Store an upload with its file, its rows and its defects."""
    session.add(upload)
    session.flush()
    session.add(UploadFile(upload_id=upload.id, content=content))
    session.flush()
    _insert(session, UploadRow, [{"upload_id": upload.id, **row} for row in rows])
    _insert(session, UploadDefect, [{"upload_id": upload.id, **defect} for defect in defects])


def upload_by_id(session: Session, upload_id: str, *, lock: bool = False) -> Upload | None:
    """The upload, as it is now."""
    query = select(Upload).where(Upload.id == upload_id).execution_options(populate_existing=True)
    return session.scalar(query.with_for_update() if lock else query)


def uploads_of(
    session: Session, organisation_ids: Sequence[str], account_id: str | None, after: Place, limit: int
) -> list[Upload]:
    """Uploads of organisations, and those of an account that are of none, newest first."""
    alone = Upload.organisation_id.is_(None) & (Upload.account_id == account_id)  # of no account: none
    mine = Upload.organisation_id.in_(organisation_ids) | alone
    return newest(session, select(Upload).where(mine), Upload, Upload.created_at, after=after, limit=limit)


def file_of(session: Session, upload_id: str) -> bytes:
    """The bytes of an upload."""
    return session.get_one(UploadFile, upload_id).content


def defects_of(session: Session, upload_id: str, after: int, limit: int) -> list[UploadDefect]:
    """Defects of an upload in the order of the file, from position ``after`` on."""
    query = select(UploadDefect).where(UploadDefect.upload_id == upload_id, UploadDefect.position >= after)
    return list(session.scalars(query.order_by(UploadDefect.position).limit(limit)))


def rows_of(session: Session, upload_id: str, *, after: int = -1, limit: int | None = None) -> list[UploadRow]:
    """Rows of an upload in the order of the file, after row ``after``."""
    query = select(UploadRow).where(UploadRow.upload_id == upload_id, UploadRow.row > after)
    return list(session.scalars(query.order_by(UploadRow.row).limit(limit)))


def replace_rows(session: Session, upload_id: str, rows: Sequence[dict[str, Any]]) -> None:
    """Say what the rows did after all."""
    session.execute(delete(UploadRow).where(UploadRow.upload_id == upload_id))
    _insert(session, UploadRow, [{"upload_id": upload_id, **row} for row in rows])


def depends(session: Session, upload: Upload, *, lock: bool = False) -> set[str]:
    """What stands on what an upload stored, in words of `api.store.new_with`: a run, a later version, a coach.

    With ``lock`` it stays so in this transaction.
    """
    versions: Any = Profile if upload.kind == "leavers" else OpeningVersion
    holder, used = _ABOUT[versions]
    owner, used_owner = _owner(versions), _owner(used)
    if lock:
        if versions is OpeningVersion:
            lock_vacancies(session, select(owner).where(versions.upload_id == upload.id))
        # A run that is being written points at versions: whoever comes first here, the other sees what was done.
        session.execute(select(versions.number).where(versions.upload_id == upload.id).with_for_update())
        # Whoever adds somebody beside a student locks the student.
        ours = select(owner).where(versions.upload_id == upload.id)
        session.execute(select(holder.id).where(holder.id.in_(ours)).order_by(holder.id).with_for_update())
    mine = select(versions).where(versions.upload_id == upload.id)
    asked = {
        "run": mine.where(exists().where(used_owner == owner, used.number == versions.number)),
        "later": mine.join(holder, holder.id == owner).where(holder.number != versions.number),
        "decision": mine.where(_decided_on(versions)),
    }
    if versions is Profile:  # a report of what the list said made no later version, and would be undone with it
        asked["destination"] = mine.where(destinations.said_since(Profile.student_id, upload.confirmed_at))
    found = {word for word, query in asked.items() if session.execute(query.limit(1)).first() is not None}
    other: Any = aliased(versions)
    before = exists().where(getattr(other, owner.key) == owner, other.number < versions.number)
    gone = select(owner).where(versions.upload_id == upload.id, ~before)
    return found | new_with.keepers(session, holder, gone, upload.confirmed_at)


def take_back(session: Session, upload: Upload) -> list[str]:
    """Delete the versions an upload stored, and who or what was new with it; return the ids of what is left."""
    versions: Any = Profile if upload.kind == "leavers" else OpeningVersion
    holder, _ = _ABOUT[versions]
    owner = _owner(versions)
    ids = list(session.scalars(select(owner).where(versions.upload_id == upload.id)))
    session.execute(delete(versions).where(versions.upload_id == upload.id))
    if upload.kind == "leavers":
        told = session.scalars(select(UploadRow.subject_id).where(UploadRow.upload_id == upload.id))
        destinations.take_back(session, {*ids, *(i for i in told if i)}, upload.confirmed_at)
    last = _last_numbers(session, owner, versions.number, ids)
    new_with.let_go(session, [record_id for record_id in ids if record_id not in last])
    for record_id in ids:
        kept = session.get_one(holder, record_id)
        if record_id in last:
            kept.number = last[record_id]
            record = session.get_one(versions, (record_id, kept.number)).record
            kept.region_code = (record["location"] or {}).get("region_code") or _home(session, kept).region_code
            if isinstance(kept, StoredOpening):
                set_places(session, kept, record["places"])
        else:
            session.execute(delete(Seat).where(Seat.opening_id == record_id))
            session.delete(kept)
    session.flush()
    empty = session.scalars(select(Vacancy.id).where(~exists().where(StoredOpening.vacancy_id == Vacancy.id))).all()
    new_with.let_go(session, empty)
    session.execute(delete(Vacancy).where(Vacancy.id.in_(empty)))
    return list(last)


def _home(session: Session, kept: StoredStudent | StoredOpening) -> Organisation:
    """The school or the employer that something is of: where it belongs when it says no place of its own."""
    if isinstance(kept, StoredStudent):
        return session.get_one(Organisation, kept.organisation_id)
    return session.get_one(Organisation, session.get_one(Vacancy, kept.vacancy_id).organisation_id)


_ABOUT: dict[Any, tuple[Any, Any]] = {
    Profile: (StoredStudent, RunStudent), OpeningVersion: (StoredOpening, RunOpening),
}  # fmt: skip


def _decided_on(versions: Any) -> Any:
    if versions is Profile:
        return exists().where(Decided.student_id == Profile.student_id, Decided.profile_number == Profile.number)
    mine = (Decided.opening_id == OpeningVersion.opening_id, Decided.opening_number == OpeningVersion.number)
    return exists().where(*mine)


def _owner(table: Any) -> Any:
    return table.student_id if table in (Profile, RunStudent) else table.opening_id


def _last_numbers(session: Session, owner: Any, number: Any, ids: Sequence[str]) -> dict[str, int]:
    query = select(owner, func.max(number)).where(owner.in_(ids)).group_by(owner)
    return dict(session.execute(query).all())


def _insert(session: Session, table: Any, values: Sequence[dict[str, Any]]) -> None:
    if values:
        session.execute(insert(table), list(values))


__all__ = [
    "Organisation", "Stored", "Upload", "UploadDefect", "add_openings", "add_profiles", "add_upload", "defects_of",
    "depends", "file_of", "held", "lock_named", "lock_vacancies", "openings_by_ref", "regions_of", "replace_rows",
    "rows_of", "students_by_ref", "take_back", "upload_by_id", "uploads_of", "vacancies_of",
]  # fmt: skip
