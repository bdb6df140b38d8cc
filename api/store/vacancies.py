"""Vacancies in the database: lists, one vacancy with its openings, versions, what holds them back."""
from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, delete, exists, false, func, or_, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from api.store import new_with
from api.store.lists import Stored, held
from api.store.paging import Place, in_order, newest
from api.store.tables import (
    Account,
    AuditEvent,
    Draft,
    Grant,
    OpeningVersion,
    Organisation,
    Profile,
    RunOpening,
    Seat,
    StoredOpening,
    StoredStudent,
    Upload,
    Vacancy,
)

SEEN = "vacancy.seen"
"""What the log calls it when a connector has seen what an employer changed."""
_HELD_BACK = "vacancy.held_back"
_STATES = ("vacancy.posted", "vacancy.open", "vacancy.closed", _HELD_BACK)
"""What the log calls it when a vacancy becomes what it is."""


@dataclass(frozen=True, slots=True)
class OpeningRow:
    """An opening with the record that holds, and how many of its places somebody has.

    ``shown`` are those of whom its employer knows: who is released to it, or works there.
    """

    opening: StoredOpening
    record: dict[str, Any]
    held: int
    shown: int

    @property
    def stored(self) -> Stored:
        """What a list would find."""
        return Stored(self.opening.id, self.opening.number, self.record, self.opening.region_code)


@dataclass(frozen=True, slots=True)
class VacancyRow:
    """A vacancy, whose it is, and its openings by start."""

    vacancy: Vacancy
    home: Organisation
    openings: tuple[OpeningRow, ...]


def on_page(
    session: Session, *, employers: Iterable[str], regions: Iterable[str], state: str, to_review: bool | None,
    after: Place, limit: int,
) -> list[VacancyRow]:  # fmt: skip
    """Vacancies of employers or with an opening in regions, newest first."""
    inside = select(StoredOpening.vacancy_id).where(StoredOpening.region_code.in_(set(regions)))
    query = select(Vacancy).where(or_(false(), Vacancy.organisation_id.in_(set(employers)), Vacancy.id.in_(inside)))
    if state:
        query = query.where(Vacancy.state == state)
    if to_review is not None:
        query = query.where((Vacancy.state == "posted") if to_review else (Vacancy.state != "posted"))
    return with_openings(session, newest(session, query, Vacancy, Vacancy.created_at, after=after, limit=limit))


def waiting(session: Session, regions: Iterable[str], *, after: Place, limit: int) -> list[VacancyRow]:
    """Vacancies with an opening in regions that wait for a connector, who waits longest first."""
    query = _waiting(select(Vacancy), regions)
    return with_openings(session, in_order(session, query, Vacancy, Vacancy.created_at, after=after, limit=limit))


def waiting_number(session: Session, regions: Iterable[str]) -> int:
    """How many these are."""
    return session.scalar(_waiting(select(func.count()).select_from(Vacancy), regions)) or 0


def _waiting(query: Select[Any], regions: Iterable[str]) -> Select[Any]:
    inside = select(StoredOpening.vacancy_id).where(StoredOpening.region_code.in_(set(regions)))
    return query.where(Vacancy.state == "posted", Vacancy.id.in_(inside))


def changed_unseen(
    session: Session, regions: Iterable[str], since: datetime, *, vacancy_id: str = ""
) -> list[tuple[str, datetime]]:
    """Openings of open vacancies that their employer changed ``since`` and nobody else saw, one each, oldest first.

    With when they changed. Seen is what somebody said to have seen, or opened, after the change; who wrote a later
    version saw it too.
    """
    author = func.coalesce(OpeningVersion.account_id, Upload.account_id)
    by_employer = exists().where(
        Grant.account_id == author, Grant.role == "employer", Grant.organisation_id == Vacancy.organisation_id)
    seen = exists().where(
        AuditEvent.subject_id == Vacancy.id, AuditEvent.action.in_((SEEN, "vacancy.open")),
        AuditEvent.actor_id != author, AuditEvent.at >= OpeningVersion.created_at)  # fmt: skip
    version = (OpeningVersion.opening_id == StoredOpening.id) & (OpeningVersion.number == StoredOpening.number)
    query = (
        select(Vacancy.id, StoredOpening.id, OpeningVersion.created_at)
        .join(StoredOpening, StoredOpening.vacancy_id == Vacancy.id)
        .join(OpeningVersion, version)
        .outerjoin(Upload, Upload.id == OpeningVersion.upload_id)
        .where(StoredOpening.region_code.in_(set(regions)), Vacancy.state == "open", OpeningVersion.number > 1,
               OpeningVersion.created_at >= since, by_employer, ~seen)
        .order_by(OpeningVersion.created_at, StoredOpening.id)
    )  # fmt: skip
    if vacancy_id:
        query = query.where(Vacancy.id == vacancy_id)
    found: dict[str, tuple[str, datetime]] = {}
    for vacancy, opening, at in session.execute(query):
        found.setdefault(vacancy, (opening, at))
    return list(found.values())


def by_id(session: Session, vacancy_id: str, *, lock: bool = False) -> VacancyRow | None:
    """One vacancy, as it is now."""
    query = select(Vacancy).where(Vacancy.id == vacancy_id).execution_options(populate_existing=True)
    found = session.scalar(query.with_for_update() if lock else query)
    return with_openings(session, [found])[0] if found else None


def by_ref(session: Session, organisation_id: str, ref: str) -> Vacancy | None:
    """The vacancy of an employer under the employer's own number."""
    same = (Vacancy.organisation_id == organisation_id, Vacancy.vacancy_ref == ref)
    return session.scalar(select(Vacancy).where(*same))


def refs_of(session: Session, organisation_id: str) -> set[str]:
    """Every number of an employer."""
    return set(session.scalars(select(Vacancy.vacancy_ref).where(Vacancy.organisation_id == organisation_id)))


def refs_outside(session: Session, organisation_ids: Iterable[str], regions: Iterable[str]) -> set[tuple[str, str]]:
    """The vacancies (organisation, number) of employers of which no opening is in regions."""
    inside = exists().where(StoredOpening.vacancy_id == Vacancy.id, StoredOpening.region_code.in_(set(regions)))
    query = select(Vacancy.organisation_id, Vacancy.vacancy_ref)
    query = query.where(Vacancy.organisation_id.in_(list(organisation_ids)), ~inside)
    return {(organisation_id, ref) for organisation_id, ref in session.execute(query)}


def with_openings(session: Session, found: Sequence[Vacancy]) -> list[VacancyRow]:
    """Vacancies with whose they are and their openings."""
    version = (OpeningVersion.opening_id == StoredOpening.id) & (OpeningVersion.number == StoredOpening.number)
    query = (
        select(StoredOpening, OpeningVersion.record)
        .join(OpeningVersion, version)
        .where(StoredOpening.vacancy_id.in_({vacancy.id for vacancy in found}))
        .order_by(StoredOpening.starts_on, StoredOpening.id)
        .execution_options(populate_existing=True)
    )
    openings = [(opening, record) for opening, record in session.execute(query)]
    ids = [opening.id for opening, _ in openings]
    taken, known = held(session, ids), held(session, ids, shown=True)
    homes = {home.id: home for home in session.scalars(
        select(Organisation).where(Organisation.id.in_({vacancy.organisation_id for vacancy in found})))}  # fmt: skip
    return [
        VacancyRow(vacancy, homes[vacancy.organisation_id], tuple(
            OpeningRow(opening, record, taken.get(opening.id, 0), known.get(opening.id, 0))
            for opening, record in openings if opening.vacancy_id == vacancy.id))
        for vacancy in found
    ]  # fmt: skip


def of_openings(session: Session, opening_ids: Iterable[str]) -> list[VacancyRow]:
    """The vacancies that openings belong to."""
    inside = select(StoredOpening.vacancy_id).where(StoredOpening.id.in_(set(opening_ids)))
    return with_openings(session, list(session.scalars(select(Vacancy).where(Vacancy.id.in_(inside)))))


def of_ids(session: Session, vacancy_ids: Iterable[str]) -> list[VacancyRow]:
    """The vacancies with these ids that are there."""
    return with_openings(session, list(session.scalars(select(Vacancy).where(Vacancy.id.in_(set(vacancy_ids))))))


def open_before(session: Session, found: Sequence[Vacancy], upload: Upload) -> set[str]:
    """Of vacancies on which a list was just taken back: those that were open when it came, and say now what they did.

    The log knows, as far back as it goes: nothing happened to their state since, or only that this list held them
    back. One of which somebody wrote an opening since, or that is gone from the log, is not among them.
    """
    ids, since = [vacancy.id for vacancy in found], upload.confirmed_at
    if session.scalar(select(AuditEvent.at).where(AuditEvent.subject_id == upload.id,
                                                  AuditEvent.action == "upload.confirmed")) is None:  # fmt: skip
        return set()
    written = select(StoredOpening.vacancy_id).join(OpeningVersion, OpeningVersion.opening_id == StoredOpening.id)
    written = written.where(StoredOpening.vacancy_id.in_(ids), OpeningVersion.created_at >= since)
    query = select(AuditEvent.subject_id, AuditEvent.action, AuditEvent.at)
    query = query.where(AuditEvent.subject_id.in_(ids), AuditEvent.action.in_(_STATES), AuditEvent.at >= since)
    events: dict[str, list[tuple[str, datetime | None]]] = {i: [] for i in ids}
    for vacancy_id, action, at in session.execute(query):
        events[vacancy_id].append((action, at))
    as_then = {"open": [], "posted": [(_HELD_BACK, since)]}
    same = {vacancy.id for vacancy in found if events[vacancy.id] == as_then.get(vacancy.state)}
    return same - set(session.scalars(written))


def waiting_of(session: Session, organisation_id: str) -> list[VacancyRow]:
    """The vacancies of an employer that a connector is to look at."""
    mine = (Vacancy.organisation_id == organisation_id, Vacancy.state == "posted")
    found = select(Vacancy).where(*mine).order_by(Vacancy.id).with_for_update()
    return with_openings(session, list(session.scalars(found.execution_options(populate_existing=True))))


def versions_of(session: Session, opening_ids: Sequence[str]) -> list[tuple[OpeningVersion, str | None]]:
    """Every version of openings with the name of who wrote it, newest first."""
    query = (
        select(OpeningVersion, Account.name)
        .outerjoin(Upload, Upload.id == OpeningVersion.upload_id)
        .outerjoin(Account, (Account.id == Upload.account_id) | (Account.id == OpeningVersion.account_id))
        .where(OpeningVersion.opening_id.in_(opening_ids))
        .order_by(OpeningVersion.created_at.desc(), OpeningVersion.opening_id, OpeningVersion.number.desc())
    )
    return [(version, name) for version, name in session.execute(query)]


def touch(session: Session, vacancy: Vacancy) -> None:
    """Count an edit of a vacancy of which only openings changed: what If-Match speaks of is the whole."""
    flag_modified(vacancy, "to_review")
    session.flush()


def lock_openings(session: Session, opening_ids: Iterable[str]) -> None:
    """Keep openings and their versions as they are: whoever decides on one, or a run that is written, waits."""
    ids = sorted(opening_ids)
    session.execute(select(OpeningVersion.number).where(OpeningVersion.opening_id.in_(ids)).with_for_update())
    mine = select(StoredOpening.id).where(StoredOpening.id.in_(ids))
    session.execute(mine.order_by(StoredOpening.id).with_for_update())


def stands_on(session: Session, opening_id: str) -> set[str]:
    """What keeps an opening from being removed, in words of `api.store.new_with`; empty: nothing."""
    used = select(RunOpening.run_id).where(RunOpening.opening_id == opening_id).limit(1)
    found = new_with.keepers(session, StoredOpening, select(StoredOpening.id).where(StoredOpening.id == opening_id),
                             None)  # fmt: skip
    return found | ({"run"} if session.execute(used).first() is not None else set())


def move_openings(session: Session, days: Mapping[str, date]) -> None:
    """Give openings (by id) other starts; a vacancy has one opening a day, so they step aside before they change."""
    for number, opening_id in enumerate(days):
        session.get_one(StoredOpening, opening_id).starts_on = date.min + timedelta(days=number)
    session.flush()
    for opening_id, day in days.items():
        session.get_one(StoredOpening, opening_id).starts_on = day
    session.flush()


def remove_openings(session: Session, opening_ids: Sequence[str]) -> None:
    """Delete openings on which nothing stands, with their versions and places."""
    new_with.let_go(session, opening_ids)
    for table in (OpeningVersion, Seat):
        session.execute(delete(table).where(table.opening_id.in_(opening_ids)))
    for opening_id in opening_ids:
        session.delete(session.get_one(StoredOpening, opening_id))
    session.flush()


def looking_in(session: Session, regions: Iterable[str]) -> list[dict[str, Any]]:
    """The profiles of students of regions, for what a demand means to them all together."""
    query = (
        select(Profile.record)
        .join(StoredStudent, (StoredStudent.id == Profile.student_id) & (StoredStudent.number == Profile.number))
        .where(StoredStudent.region_code.in_(set(regions)))
        .order_by(StoredStudent.id)
    )
    return list(session.scalars(query))


def drafts_of(
    session: Session, account_id: str, organisation_ids: Iterable[str], since: datetime, kept: timedelta, *,
    of_others: bool, after: Place, limit: int,
) -> list[Draft]:  # fmt: skip
    """Drafts of vacancies of some employers, last changed first, as long as they are kept; and of an account the own.

    ``of_others``: those too that the account began for other employers, as a connector does.
    """
    own = Draft.account_id == account_id
    mine = (own if of_others else own & Draft.organisation_id.is_(None)) | Draft.organisation_id.in_(
        set(organisation_ids))  # fmt: skip
    query = select(Draft).where(Draft.kind == "vacancy", mine, Draft.changed_at > since - kept)
    return newest(session, query, Draft, Draft.changed_at, after=after, limit=limit)


__all__ = [
    "Draft", "OpeningRow", "OpeningVersion", "Upload", "VacancyRow", "by_id", "by_ref", "drafts_of", "lock_openings",
    "looking_in", "move_openings", "of_openings", "on_page", "open_before", "refs_of", "refs_outside",
    "remove_openings", "stands_on", "touch", "versions_of", "waiting_of", "with_openings",
]  # fmt: skip
