"""Organisations in the database: contact persons, grounds of the law, participations, cooperations, the directory."""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, delete, exists, func, or_, select, true, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from api.store.paging import Place, in_order
from api.store.tables import (
    Contact,
    Cooperation,
    CooperationMember,
    LegalGround,
    OpeningVersion,
    Organisation,
    Participation,
    Profile,
    StoredOpening,
    StoredStudent,
    Vacancy,
)

_FRESH = {"synchronize_session": "fetch"}
Row = TypeVar("Row", Contact, Participation, Cooperation)


def by_id(session: Session, organisation_id: str, *, lock: bool = False) -> Organisation | None:
    """One organisation, as it is now."""
    query = select(Organisation).where(Organisation.id == organisation_id)
    query = query.execution_options(populate_existing=True)
    return session.scalar(query.with_for_update() if lock else query)


def on_page(
    session: Session, *, everything: bool, ids: Iterable[str], regions: Iterable[str], kind: str,
    approved: bool | None, after: Place, limit: int,
) -> list[Organisation]:  # fmt: skip
    """Organisations by name: all, or those of ids and regions."""
    mine = or_(Organisation.id.in_(set(ids)), *_in(regions))
    query = select(Organisation).where(true() if everything else mine)
    if approved is not None:
        query = query.where(Organisation.approved_at.is_not(None) if approved else Organisation.approved_at.is_(None))
    return _page(session, query, kind, after, limit)


def listed(
    session: Session, *, kind: str, region: str, branch: str, after: Place, limit: int
) -> list[Organisation]:
    """The organisations that want to be found, by name."""
    query = select(Organisation).where(Organisation.listed, Organisation.approved_at.is_not(None))
    if region:
        query = query.where(Organisation.region_code == region)
    if not branch:
        return _page(session, query, kind, after, limit)
    found: list[Organisation] = []
    while len(found) < limit:  # what is offered stands in JSON: looked through a part at a time
        part = _page(session, query, kind, after, 200)
        found += [one for one in part if branch in one.offers.get("branches", ())]
        if len(part) < 200:
            break
        after = (part[-1].name, part[-1].id)
    return found[:limit]


def is_in(session: Session, organisation: Organisation, regions: Iterable[str]) -> bool:
    """Whether an organisation is in regions, or has an opening there."""
    query = select(Organisation.id).where(Organisation.id == organisation.id, or_(*_in(regions)))
    return session.scalar(query) is not None


def move_along(session: Session, organisation: Organisation) -> None:
    """Put students and openings that say no place of their own where their organisation is."""
    vacancies = select(Vacancy.id).where(Vacancy.organisation_id == organisation.id)
    student = (Profile.student_id == StoredStudent.id, Profile.number == StoredStudent.number)
    opening = (OpeningVersion.opening_id == StoredOpening.id, OpeningVersion.number == StoredOpening.number)
    for moved in (
        update(StoredStudent).where(StoredStudent.organisation_id == organisation.id,
                                    exists().where(*student, _nowhere(Profile.record))),
        update(StoredOpening).where(StoredOpening.vacancy_id.in_(vacancies),
                                    exists().where(*opening, _nowhere(OpeningVersion.record))),
    ):  # fmt: skip
        session.execute(moved.values(region_code=organisation.region_code), execution_options=_FRESH)


def _nowhere(record: Any) -> ColumnElement[bool]:
    """Whether a record says no place in a region."""
    return func.coalesce(record["location"]["region_code"].as_string(), "") == ""


def _in(regions: Iterable[str]) -> list[Any]:
    """In regions, or with an opening there."""
    wanted = set(regions)
    openings = select(Vacancy.organisation_id).join(StoredOpening, StoredOpening.vacancy_id == Vacancy.id)
    inside = openings.where(StoredOpening.region_code.in_(wanted))
    return [Organisation.region_code.in_(wanted), Organisation.id.in_(inside)]


def _page(session: Session, query: Any, kind: str, after: Place, limit: int) -> list[Organisation]:
    if kind:
        query = query.where(Organisation.kind == kind)
    return in_order(session, query, Organisation, Organisation.name, after=after, limit=limit)


def contacts_of(session: Session, ids: Iterable[str], *, only_listed: bool = False) -> list[Contact]:
    """The contact persons of organisations, by name."""
    query = select(Contact).where(Contact.organisation_id.in_(set(ids)))
    if only_listed:
        query = query.where(Contact.listed)
    return list(session.scalars(query.order_by(Contact.name, Contact.id)))


def to_call(session: Session, vacancy_id: str) -> list[Contact]:
    """Whom one calls about a vacancy: its own contact person, else everybody whom the employer names, by name."""
    vacancy = session.get_one(Vacancy, vacancy_id)
    if vacancy.contact_id is not None:
        return list(session.scalars(select(Contact).where(Contact.id == vacancy.contact_id)))
    return contacts_of(session, [vacancy.organisation_id])


def grounds_of(session: Session, organisation_id: str) -> list[LegalGround]:
    """Every ground of the law that was recorded, newest first."""
    query = select(LegalGround).where(LegalGround.organisation_id == organisation_id)
    return list(session.scalars(query.order_by(LegalGround.recorded_at.desc(), LegalGround.id)))


def live_ground(session: Session, organisation_id: str) -> LegalGround | None:
    """The ground on which an organisation hands in data now."""
    live = (LegalGround.organisation_id == organisation_id, LegalGround.ended_at.is_(None))
    return session.scalar(select(LegalGround).where(*live))


def add_ground(
    session: Session, organisation_id: str, ground: str, explanation: str, *, account_id: str, now: datetime
) -> LegalGround:
    """Record a ground; the one before it ends."""
    before = live_ground(session, organisation_id)
    if before is not None:
        before.ended_at = now
        session.flush()
    made = LegalGround(organisation_id=organisation_id, ground=ground, explanation=explanation,
                       account_id=account_id, recorded_at=now)  # fmt: skip
    session.add(made)
    session.flush()
    return made


def participations_of(session: Session, ids: Iterable[str]) -> list[Participation]:
    """The participations of employers, running ones first."""
    query = select(Participation).where(Participation.organisation_id.in_(set(ids)))
    found = list(session.scalars(query.order_by(Participation.created_at.desc(), Participation.id)))
    return sorted(found, key=lambda one: one.ended_at is not None)


def linked_to(session: Session, participation_id: str) -> list[Vacancy]:
    """The vacancies under a participation, for who writes their openings: nobody else changes them meanwhile."""
    query = select(Vacancy).where(Vacancy.participation_id == participation_id).order_by(Vacancy.id)
    return list(session.scalars(query.with_for_update(key_share=True)))


def over_vacancies(session: Session, organisation_ids: Iterable[str]) -> dict[tuple[str, str], Participation]:
    """The participations that vacancies of employers are under, by (organisation, vacancy_ref)."""
    query = select(Vacancy.organisation_id, Vacancy.vacancy_ref, Participation)
    query = query.join(Participation, Participation.id == Vacancy.participation_id)
    found = session.execute(query.where(Vacancy.organisation_id.in_(list(organisation_ids))))
    return {(organisation_id, ref): over for organisation_id, ref, over in found}


def cooperations(session: Session, regions: Iterable[str] | None, *, after: Place, limit: int) -> list[Cooperation]:
    """Cooperations by name: all, or those in regions."""
    query = select(Cooperation)
    if regions is not None:
        query = query.where(Cooperation.region_code.in_(set(regions)))
    return in_order(session, query, Cooperation, Cooperation.name, after=after, limit=limit)


def members_of(session: Session, ids: Sequence[str]) -> list[tuple[CooperationMember, Organisation]]:
    """The members of cooperations, by name."""
    query = select(CooperationMember, Organisation).join(
        Organisation, Organisation.id == CooperationMember.organisation_id)  # fmt: skip
    query = query.where(CooperationMember.cooperation_id.in_(ids)).order_by(Organisation.name, Organisation.id)
    return [(member, home) for member, home in session.execute(query)]


def set_members(session: Session, cooperation_id: str, members: Iterable[tuple[str, str]]) -> None:
    """Say who is in a cooperation, and what each does there."""
    session.execute(delete(CooperationMember).where(CooperationMember.cooperation_id == cooperation_id))
    session.add_all(CooperationMember(cooperation_id=cooperation_id, organisation_id=i, tasks=tasks)
                    for i, tasks in members)  # fmt: skip
    session.flush()


def touch(session: Session, found: Cooperation) -> None:
    """Count an edit of a cooperation of which only members changed: what If-Match speaks of is the whole."""
    flag_modified(found, "name")
    session.flush()


def add(session: Session, row: Row) -> Row:
    """Write a contact person, a participation or a cooperation."""
    session.add(row)
    session.flush()
    return row


def get(session: Session, table: type[Row], row_id: str, *, lock: bool = True) -> Row | None:
    """One of these, locked until this transaction ends; only to be read, not locked."""
    return session.get(table, row_id, with_for_update=lock or None, populate_existing=True)


def remove(session: Session, row: Contact) -> None:
    """Let a contact person go."""
    session.delete(row)
    session.flush()


__all__ = [
    "Contact", "Cooperation", "CooperationMember", "LegalGround", "Organisation", "Participation", "add", "add_ground",
    "by_id", "contacts_of", "cooperations", "get", "grounds_of", "is_in", "linked_to", "listed", "live_ground",
    "members_of", "move_along", "on_page", "over_vacancies", "participations_of", "remove", "set_members", "to_call",
    "touch",
]  # fmt: skip
