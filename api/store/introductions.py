"""Introductions and what is agreed after them, in the database."""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from api.store.paging import START, Place, newest
from api.store.reach import Reach, over_pairs
from api.store.tables import (
    Account,
    Adaptation,
    Agreement,
    Contact,
    Grant,
    Introduction,
    Placement,
    Profile,
    Release,
    StoredStudent,
)

_FRESH = {"populate_existing": True}


def add(session: Session, **values: Any) -> Introduction:
    """Write an introduction."""
    made = Introduction(**values)
    session.add(made)
    session.flush()
    return made


def introduction(session: Session, reach: Reach, introduction_id: str) -> Introduction | None:
    """One introduction, if it is within reach."""
    query = over_pairs(select(Introduction), Introduction)
    return session.scalar(query.where(Introduction.id == introduction_id, reach.of_pairs()))


def introductions(session: Session, reach: Reach, *, state: str = "", student_id: str = "", opening_id: str = "",
                  after: Place = START, limit: int = 100) -> list[Introduction]:  # fmt: skip
    """Introductions within reach, newest first."""
    query = over_pairs(select(Introduction), Introduction).where(reach.of_pairs())
    for column, value in ((Introduction.state, state), (Introduction.student_id, student_id),
                          (Introduction.opening_id, opening_id)):  # fmt: skip
        if value:
            query = query.where(column == value)
    return newest(session, query, Introduction, Introduction.asked_at, after=after, limit=limit)


def within(session: Session, of: Any, reach: Reach, ids: Iterable[str]) -> set[str]:
    """Of these rows with a student and an opening, those within reach."""
    return set(session.scalars(over_pairs(select(of.id), of).where(of.id.in_(list(ids)), reach.of_pairs())))


def lock(session: Session, introduction_id: str) -> Introduction:
    """The introduction as it is now, for this transaction alone."""
    return session.get_one(Introduction, introduction_id, with_for_update=True, execution_options=_FRESH)


def live_on(session: Session, release_id: str) -> Introduction | None:
    """The introduction of a release that was not cancelled."""
    return session.scalar(select(Introduction).where(Introduction.release_id == release_id,
                                                     Introduction.state != "cancelled"))  # fmt: skip


def cancel_open(session: Session, release_id: str) -> list[str]:
    """Cancel what was asked for or planned on a release; return which."""
    query = select(Introduction).where(Introduction.release_id == release_id,
                                       Introduction.state.in_(("asked", "planned")))  # fmt: skip
    found = list(session.scalars(query.with_for_update()))
    for one in found:
        one.state = "cancelled"
    session.flush()
    return [one.id for one in found]


def release_of(session: Session, found: Introduction) -> Release:
    """The release that an introduction is about."""
    return session.get_one(Release, found.release_id, execution_options=_FRESH)


def shown(session: Session, introduction_ids: Iterable[str]) -> set[str]:
    """Of these introductions, those whose employer still has the student: shown to it, or at work there."""
    works = exists().where(Placement.introduction_id == Introduction.id, Placement.ended_on.is_(None))
    query = select(Introduction.id).join(Release, Release.id == Introduction.release_id)
    return set(session.scalars(query.where(Introduction.id.in_(list(introduction_ids)),
                                           Release.ended_at.is_(None) | works)))  # fmt: skip


def runs_on(session: Session, decision_id: str) -> bool:
    """Whether a placement runs on an acceptance."""
    query = select(Placement.id).where(Placement.decision_id == decision_id, Placement.ended_on.is_(None))
    return session.scalar(query) is not None


def codes_of(session: Session, introduction_ids: Iterable[str]) -> dict[str, str]:
    """The code under which the employer knows the candidate, per introduction."""
    query = select(Introduction.id, Release.pseudonym).join(Release, Release.id == Introduction.release_id)
    return dict(session.execute(query.where(Introduction.id.in_(list(introduction_ids)))).all())


def named(session: Session, introduction_ids: Iterable[str]) -> set[str]:
    """Of these introductions, those of which the name may be given."""
    mine = Introduction.id.in_(list(introduction_ids))
    return set(session.scalars(select(Introduction.id).where(mine, Introduction.names_at.is_not(None))))


def first_name(session: Session, student_id: str) -> str:
    """What a student is called, when the school said so."""
    query = select(Profile.record).join(
        StoredStudent, (StoredStudent.id == Profile.student_id) & (StoredStudent.number == Profile.number))
    record = session.scalar(query.where(StoredStudent.id == student_id))
    return "" if record is None else str(record["background"]["first_name"])


def whom_to_call(session: Session, student_id: str) -> list[tuple[str, str]]:
    """Name and phone number of who stands beside a student: coaches, and who the school or referrer names for it.

    Without the school's name or an address of its mail, which would tell what kind of school it is.
    """
    coaches = select(Account.name).join(Grant, Grant.account_id == Account.id)
    coaches = coaches.where(Grant.role == "coach", Grant.student_id == student_id, Account.active)
    coaches = coaches.order_by(Account.name)
    home = select(StoredStudent.organisation_id).where(StoredStudent.id == student_id).scalar_subquery()
    named = select(Contact.name, Contact.phone).where(Contact.organisation_id == home).order_by(Contact.name)
    return [*((name, "") for name in session.scalars(coaches)), *((n, p) for n, p in session.execute(named))]


def add_agreement(session: Session, adaptations: Sequence[dict[str, Any]], **values: Any) -> Agreement:
    """Write an agreement with its adaptations."""
    made = Agreement(**values)
    session.add(made)
    session.flush()
    replace_adaptations(session, made, adaptations)
    return made


def replace_adaptations(session: Session, found: Agreement, adaptations: Sequence[dict[str, Any]]) -> None:
    """Say anew who adapts what."""
    session.execute(delete(Adaptation).where(Adaptation.agreement_id == found.id))
    session.add_all(Adaptation(agreement_id=found.id, position=k, **one) for k, one in enumerate(adaptations, 1))
    session.flush()


def adaptations_of(session: Session, agreement_ids: Iterable[str]) -> dict[str, list[Adaptation]]:
    """Who adapts what, per agreement."""
    made: dict[str, list[Adaptation]] = {i: [] for i in agreement_ids}
    query = select(Adaptation).where(Adaptation.agreement_id.in_(list(made)))
    for one in session.scalars(query.order_by(Adaptation.agreement_id, Adaptation.position)):
        made[one.agreement_id].append(one)
    return made


def agreement(session: Session, reach: Reach, agreement_id: str) -> Agreement | None:
    """One agreement, if it is within reach."""
    return session.scalar(over_pairs(select(Agreement), Agreement).where(Agreement.id == agreement_id,
                                                                         reach.of_pairs()))  # fmt: skip


def agreements(session: Session, reach: Reach, *, student_id: str = "", after: Place = START,
               limit: int = 100) -> list[Agreement]:  # fmt: skip
    """Agreements within reach, newest first."""
    query = over_pairs(select(Agreement), Agreement).where(reach.of_pairs())
    if student_id:
        query = query.where(Agreement.student_id == student_id)
    return newest(session, query, Agreement, Agreement.created_at, after=after, limit=limit)


def lock_agreement(session: Session, agreement_id: str) -> Agreement:
    """The agreement as it is now, for this transaction alone."""
    return session.get_one(Agreement, agreement_id, with_for_update=True, execution_options=_FRESH)


def touch(session: Session, found: Agreement) -> None:
    """Let an agreement be of a next version because something in it changed."""
    flag_modified(found, "hours")
    session.flush()


def agreement_on(session: Session, introduction_id: str) -> Agreement | None:
    """The agreement after an introduction."""
    return session.scalar(select(Agreement).where(Agreement.introduction_id == introduction_id))


def started(session: Session, introduction_ids: Iterable[str]) -> set[str]:
    """Of these introductions, those that a placement followed on."""
    query = select(Placement.introduction_id).where(Placement.introduction_id.in_(list(introduction_ids)))
    return set(session.scalars(query))


__all__ = [
    "Adaptation", "Agreement", "Introduction", "Placement", "adaptations_of", "add", "add_agreement", "agreement",
    "agreement_on", "agreements", "cancel_open", "codes_of", "first_name", "introduction", "introductions", "live_on",
    "lock", "lock_agreement", "named", "release_of", "replace_adaptations", "runs_on", "shown", "started",
    "touch", "whom_to_call", "within",
]  # fmt: skip
