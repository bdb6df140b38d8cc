"""Candidates shown to employers, in the database, and who looked at them."""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from api.store.consents import willing
from api.store.paging import START, Place, beyond, in_order, newest
from api.store.queues import at_work_on
from api.store.reach import Reach, over_pairs
from api.store.tables import (
    Account,
    Consent,
    ConsentRequest,
    Decided,
    Grant,
    OpeningVersion,
    Organisation,
    Profile,
    Release,
    Seen,
    StoredOpening,
    StoredStudent,
    Vacancy,
)

_LIVE = Release.ended_at.is_(None)


def release(session: Session, reach: Reach, release_id: str) -> Release | None:
    """One release, if it is within reach."""
    return session.scalar(over_pairs(select(Release), Release).where(Release.id == release_id, reach.of_pairs()))


def releases(
    session: Session, reach: Reach, *, live: bool | None = None, student_id: str = "", opening_id: str = "",
    vacancy_id: str = "", ids: Iterable[str] | None = None, regions: Iterable[str] | None = None, after: Place = START,
    limit: int | None = 100, down: bool = True,
) -> list[Release]:  # fmt: skip
    """Releases within reach, newest first, or oldest first (not ``down``); with ``regions`` only of their students."""
    query = over_pairs(select(Release), Release).where(reach.of_pairs())
    if regions is not None:
        query = query.where(StoredStudent.region_code.in_(set(regions)))
    if live is not None:
        query = query.where(_LIVE if live else ~_LIVE)
    for column, value in ((Release.student_id, student_id), (Release.opening_id, opening_id),
                          (Release.vacancy_id, vacancy_id)):  # fmt: skip
        if value:
            query = query.where(column == value)
    if ids is not None:
        query = query.where(Release.id.in_(list(ids)))
    return in_order(session, query, Release, Release.released_at, after=after, limit=limit, down=down)


def lock(session: Session, release_id: str) -> Release:
    """The release as it is now, for this transaction alone."""
    return session.get_one(Release, release_id, with_for_update=True, execution_options={"populate_existing": True})


def live_on(session: Session, decision_ids: Iterable[str]) -> dict[str, Release]:
    """The release that stands, per acceptance."""
    query = select(Release).where(Release.decision_id.in_(set(decision_ids)), _LIVE)
    return {found.decision_id: found for found in session.scalars(query)}


def declined(session: Session, found: Iterable[Decided]) -> dict[str, Release]:
    """By decision: the last time its employer said no to the same student for the same place, when it did."""
    pairs = {(one.student_id, one.opening_id): one.id for one in found}
    query = select(Release).where(Release.student_id.in_({student for student, _ in pairs}),
                                  Release.end_reason == "employer_declined").order_by(Release.ended_at)  # fmt: skip
    return {pairs[one.student_id, one.opening_id]: one for one in session.scalars(query)
            if (one.student_id, one.opening_id) in pairs}  # fmt: skip


def live_by_consent(session: Session, consent_id: str) -> list[Release]:
    """The releases that stand on a consent."""
    query = select(Release).where(Release.consent_id == consent_id, _LIVE).order_by(Release.id)
    return list(session.scalars(query.with_for_update()))


def live_of_vacancy(session: Session, vacancy_id: str) -> list[Release]:
    """The releases that stand of a vacancy."""
    return list(session.scalars(select(Release).where(Release.vacancy_id == vacancy_id, _LIVE).order_by(Release.id)))


def is_taken(session: Session, pseudonym: str) -> bool:
    """Whether some release has this code already, ended or not."""
    return session.scalar(select(Release.id).where(Release.pseudonym == pseudonym)) is not None


def add(session: Session, **values: Any) -> Release:
    """Write a release; the database refuses one without a standing acceptance and consent."""
    made = Release(decision_holds=True, consent_live=True, actor_kind="human", **values)
    session.add(made)
    session.flush()
    return made


def end(session: Session, found: Release, reason: str, account_id: str | None, now: datetime) -> None:
    """End a release; what it was stays."""
    found.ended_at, found.ended_by, found.end_reason = now, account_id, reason
    found.decision_holds = found.consent_live = None
    session.flush()


def holding(
    session: Session, reach: Reach, *, opening_id: str = "", student_id: str = "", after: Place = START,
    limit: int = 100,
) -> list[Decided]:  # fmt: skip
    """The acceptances that hold a place, within reach, newest first."""
    query = over_pairs(select(Decided), Decided).where(Decided.holds, reach.of_pairs())
    if opening_id:
        query = query.where(Decided.opening_id == opening_id)
    if student_id:
        query = query.where(Decided.student_id == student_id)
    return newest(session, query, Decided, Decided.decided_at, after=after, limit=limit)


def unshared(
    session: Session, reach: Reach, regions: Iterable[str], *, consented: bool, limit: int = 100
) -> list[Decided]:
    """What may once be shared, of students of ``regions``, within reach, who waits longest first.

    ``consented``: the acceptances to which the student has said yes; else all the others, so that however many of these
    wait, they hide none of those.
    These are the acceptances that no employer sees, and the pairs put off on which the student was asked. Whoever works
    there waits for no consent any more, also when it was withdrawn.
    """
    seen = select(Release.id).where(Release.decision_id == Decided.id, _LIVE)
    asked = select(ConsentRequest.id).where(ConsentRequest.decision_id == Decided.id, ConsentRequest.ended_at.is_(None))
    consent = select(Consent.id).where(Consent.student_id == Decided.student_id, Consent.live,
                                       Consent.vacancy_id == StoredOpening.vacancy_id).exists()  # fmt: skip
    given = consent & willing(Decided)
    option = (Decided.word == "defer") & Decided.ended_at.is_(None) & asked.exists()
    query = over_pairs(select(Decided), Decided).where(
        (Decided.holds & ~seen.exists() & ~at_work_on(Decided).exists()) | option,
        given & Decided.holds if consented else ~given | ~Decided.holds,
        StoredStudent.region_code.in_(set(regions)), reach.of_pairs()
    )
    return in_order(session, query, Decided, Decided.decided_at, after=START, limit=limit)


def decision(session: Session, reach: Reach, decision_id: str) -> Decided | None:
    """One decision, if it is within reach."""
    return session.scalar(over_pairs(select(Decided), Decided).where(Decided.id == decision_id, reach.of_pairs()))


def decisions_of(session: Session, reach: Reach, ids: Iterable[str]) -> list[Decided]:
    """Of these decisions, those within reach."""
    query = over_pairs(select(Decided), Decided).where(Decided.id.in_(list(ids)), reach.of_pairs())
    return list(session.scalars(query.order_by(Decided.id)))


def looked_at(session: Session, found: Decided) -> tuple[dict[str, Any], dict[str, Any]]:
    """The records of student and opening that a decision was made on."""
    profile = session.get_one(Profile, (found.student_id, found.profile_number))
    opening = session.get_one(OpeningVersion, (found.opening_id, found.opening_number))
    return profile.record, opening.record


def record_now(session: Session, opening_id: str) -> dict[str, Any]:
    """The record of an opening that holds now."""
    stored = session.get_one(StoredOpening, opening_id)
    version = session.get(OpeningVersion, (opening_id, stored.number))
    return {} if version is None else version.record


def profile_now(session: Session, student_id: str) -> dict[str, Any]:
    """The record of a student that holds now."""
    stored = session.get_one(StoredStudent, student_id)
    return session.get_one(Profile, (student_id, stored.number)).record


def cannot_work(session: Session, student_ids: Iterable[str]) -> set[str]:
    """Those of these students of whom the school says now that they cannot work."""
    query = select(StoredStudent.id).join(Profile, (Profile.student_id == StoredStudent.id)
                                          & (Profile.number == StoredStudent.number))  # fmt: skip
    return set(session.scalars(query.where(StoredStudent.id.in_(set(student_ids)),
                                           Profile.record["work_capacity"].as_string() == "no")))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Now:
    """What holds now of a decision's two sides: records, whose vacancy it is, its places and how many are held."""

    profile: dict[str, Any]
    opening: dict[str, Any]
    vacancy: Vacancy
    employer: Organisation
    places: int
    held: int


def now_of(session: Session, found: Sequence[Decided]) -> dict[str, Now]:
    """What holds now, by decision; three questions to the database however many there are."""
    ids = {d.opening_id for d in found}
    version = (OpeningVersion.opening_id == StoredOpening.id) & (OpeningVersion.number == StoredOpening.number)
    profile = (Profile.student_id == StoredStudent.id) & (Profile.number == StoredStudent.number)
    openings = {i: rest for i, *rest in session.execute(
        select(StoredOpening.id, StoredOpening.places, OpeningVersion.record, Vacancy, Organisation)
        .join(Vacancy, Vacancy.id == StoredOpening.vacancy_id)
        .join(Organisation, Organisation.id == Vacancy.organisation_id)
        .outerjoin(OpeningVersion, version).where(StoredOpening.id.in_(ids)))}  # fmt: skip
    students = select(StoredStudent.id, Profile.record).join(Profile, profile).where(
        StoredStudent.id.in_({d.student_id for d in found}))  # fmt: skip
    profiles: dict[str, dict[str, Any]] = dict(session.execute(students).all())
    taken = select(Decided.opening_id, func.count()).where(Decided.opening_id.in_(ids), Decided.holds)
    held: dict[str, int] = dict(session.execute(taken.group_by(Decided.opening_id)).all())
    made = {}
    for decision in found:
        places, record, vacancy, employer = openings[decision.opening_id]
        made[decision.id] = Now(profiles.get(decision.student_id, {}), record or {}, vacancy, employer, places,
                                held.get(decision.opening_id, 0))  # fmt: skip
    return made


def where_of(session: Session, opening_ids: Iterable[str]) -> dict[str, tuple[Vacancy, Organisation]]:
    """Vacancy and employer per opening."""
    query = (
        select(StoredOpening.id, Vacancy, Organisation)
        .join(Vacancy, Vacancy.id == StoredOpening.vacancy_id)
        .join(Organisation, Organisation.id == Vacancy.organisation_id)
        .where(StoredOpening.id.in_(set(opening_ids)))
    )
    return {i: (vacancy, employer) for i, vacancy, employer in session.execute(query)}


def hold_vacancies(session: Session, opening_ids: Iterable[str]) -> None:
    """Let the vacancies of openings stay as they are until this transaction ends, read as they are now.

    Ask for it before a pair: whoever closes one has the vacancy first, too.
    """
    of = select(StoredOpening.vacancy_id).where(StoredOpening.id.in_(set(opening_ids)))
    query = select(Vacancy).where(Vacancy.id.in_(of)).order_by(Vacancy.id).with_for_update(read=True)
    session.scalars(query.execution_options(populate_existing=True)).all()


def not_seen(session: Session, account_id: str, student_ids: Iterable[str], day: date) -> set[str]:
    """Of these students, those that an account has not looked at today."""
    wanted = set(student_ids)
    query = select(Seen.student_id).where(Seen.account_id == account_id, Seen.day == day, Seen.student_id.in_(wanted))
    return wanted - set(session.scalars(query))


def add_seen(session: Session, account_id: str, student_ids: Iterable[str], day: date, now: datetime) -> set[str]:
    """Write the first looks of a day; return of whom they are. A look that another request wrote just now is none."""
    values = [{"student_id": i, "account_id": account_id, "day": day, "at": now} for i in sorted(set(student_ids))]
    if not values:
        return set()
    made = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
    return set(session.scalars(made(Seen).values(values).on_conflict_do_nothing().returning(Seen.student_id)))


def seen_by(
    session: Session, student_id: str, organisation_id: str, since: datetime, until: datetime | None
) -> list[tuple[str, datetime]]:
    """Who of an organisation looked at a student between two moments: name, and when first that day."""
    query = (
        select(Account.name, Seen.at)
        .join(Seen, Seen.account_id == Account.id)
        .join(Grant, Grant.account_id == Account.id)
        .where(Seen.student_id == student_id, Grant.organisation_id == organisation_id, Seen.at >= since)
        .order_by(Seen.at, Account.name)
    )
    if until is not None:
        query = query.where(Seen.at <= until)
    return [(name, at) for name, at in session.execute(query)]


def looks_at(
    session: Session, student_ids: Iterable[str], after: Place = START, limit: int | None = None
) -> list[dict[str, Any]]:
    """Who looked at students and when first that day, newest first: name, party (empty: a connector), moment, place."""
    order = (Seen.at, Seen.account_id, Seen.student_id)
    query = (
        select(*order, Account.name)
        .join(Account, Account.id == Seen.account_id)
        .where(Seen.student_id.in_(set(student_ids)))
        .order_by(*(column.desc() for column in order))
        .limit(limit)
    )
    if after:
        query = query.where(beyond(order, after, down=True))
    found = list(session.execute(query))
    parties = dict(session.execute(
        select(Grant.account_id, func.min(Organisation.name))
        .join(Organisation, Organisation.id == Grant.organisation_id)
        .where(Grant.account_id.in_({account_id for _, account_id, *_ in found}))
        .group_by(Grant.account_id)
    ).all())  # fmt: skip
    return [{"at": at, "name": name, "party": parties.get(account_id, ""), "place": (at, account_id, student_id)}
            for at, account_id, student_id, name in found]  # fmt: skip


__all__ = [
    "Decided", "Now", "Release", "add", "add_seen", "cannot_work", "decision", "decisions_of", "declined", "end",
    "hold_vacancies", "holding", "is_taken", "live_by_consent", "live_of_vacancy", "live_on", "lock", "looked_at",
    "looks_at", "not_seen", "now_of", "profile_now", "record_now", "release", "releases", "seen_by", "unshared",
    "where_of",
]  # fmt: skip
