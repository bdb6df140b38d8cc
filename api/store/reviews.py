"""What connectors review: proposals of the runs that hold in their regions, with the words that stand on them."""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import Session, aliased

from api.store import consents, queues
from api.store.paging import START, Place, beyond
from api.store.switches import first_look
from api.store.tables import (
    Account,
    Consent,
    ConsentRequest,
    Decided,
    OpeningVersion,
    Organisation,
    Profile,
    Proposal,
    Release,
    Run,
    RunOpening,
    RunStudent,
    StoredOpening,
    StoredStudent,
    Switch,
    Vacancy,
)

MOST = 2_000
"""Lines of a list at most; no connector has as many students."""


@dataclass(frozen=True, slots=True)
class Line:
    """One pair in a list, with what it takes to name and sort it."""

    proposal_id: str
    student_id: str
    opening_id: str
    band: str
    to_check: int
    school: str
    leaves_on: date | None
    since: datetime
    title: str
    employer: str
    branch: str
    starts_on: date
    word: str | None
    reason: str | None
    again: bool
    name: str
    ref: str


@dataclass(frozen=True, slots=True)
class Answered:
    """A release on which an employer waits: the meeting it asks for (None: it said no), since when, and its place."""

    release: Release
    proposal_id: str
    introduction_id: str | None
    since: datetime
    place: Place


def lines(session: Session, wanted: queues.Wanted, *, most: int = MOST) -> list[Line]:
    """The pairs in a state, by vacancy and then who waits longest; with ``most`` only so many, the longest waiting."""
    since = {one.proposal_id: one.since for one in queues.waiting(session, wanted, START, most)}
    query = _lines().where(Proposal.id.in_(since))
    found = [_line(row, since) for row in session.execute(query)]
    return sorted(found, key=lambda one: (one.title, one.starts_on, one.opening_id, one.leaves_on or date.max,
                                          one.since, one.student_id))  # fmt: skip


@lru_cache(maxsize=1)
def _lines() -> Select[Any]:
    """The question for what lines show; kept, for stating it costs more than asking it."""
    # A list may be long: of each record only what a line shows is read, by the database.
    student, opening = Profile.record, OpeningVersion.record
    return (
        select(
            Proposal.id, StoredStudent.id, StoredOpening.id, Proposal.band, Proposal.to_check, Organisation.name,
            student["leaves_on"].as_string(), opening["title"].as_string(), opening["employer"].as_string(),
            opening["branch"].as_string(), StoredOpening.starts_on, Decided.word, Decided.reason,
            Proposal.again.is_not(None), student["background"]["first_name"].as_string(), StoredStudent.student_ref,
            Vacancy.vacancy_ref,
        )
        .select_from(Proposal)
        .outerjoin(Decided, and_(Decided.student_id == Proposal.student_id, Decided.opening_id == Proposal.opening_id,
                                 Decided.ended_at.is_(None)))
        .join(StoredStudent, StoredStudent.id == Proposal.student_id)
        .join(Profile, and_(Profile.student_id == StoredStudent.id, Profile.number == StoredStudent.number))
        .join(Organisation, Organisation.id == StoredStudent.organisation_id)
        .join(StoredOpening, StoredOpening.id == Proposal.opening_id)
        .join(OpeningVersion, and_(OpeningVersion.opening_id == StoredOpening.id,
                                   OpeningVersion.number == StoredOpening.number))
        .join(Vacancy, Vacancy.id == StoredOpening.vacancy_id)
    )  # fmt: skip


def _line(row: Any, since: dict[str, datetime]) -> Line:
    (proposal, student, opening, band, to_check, school, leaves_on, title, employer, branch, starts_on, word, reason,
     again, first_name, student_ref, vacancy_ref) = row  # fmt: skip
    return Line(
        proposal, student, opening, band, len(to_check), school, date.fromisoformat(leaves_on) if leaves_on else None,
        since[proposal], title or vacancy_ref, employer, branch, starts_on, word, reason, bool(again),
        first_name or student_ref, student_ref,
    )  # fmt: skip


def records_of(session: Session, proposal: Proposal) -> tuple[Run, dict[str, Any], dict[str, Any], bool]:
    """The run of a proposal, both records as they went in, and whether either has changed since.

    What was no part of the run (a pair added outside the list may be of a newer student or vacancy, and one that was
    taken along of a closed one) is as it is now.
    """
    student = (
        select(Profile.record, StoredStudent.number != Profile.number)
        .select_from(StoredStudent)
        .outerjoin(RunStudent, and_(RunStudent.run_id == proposal.run_id, RunStudent.student_id == StoredStudent.id))
        .join(Profile, and_(Profile.student_id == StoredStudent.id,
                            Profile.number == func.coalesce(RunStudent.number, StoredStudent.number)))
        .where(StoredStudent.id == proposal.student_id)
    )  # fmt: skip
    opening = (
        select(OpeningVersion.record, StoredOpening.number != OpeningVersion.number)
        .select_from(StoredOpening)
        .outerjoin(RunOpening, and_(RunOpening.run_id == proposal.run_id, RunOpening.opening_id == StoredOpening.id))
        .join(OpeningVersion, and_(OpeningVersion.opening_id == StoredOpening.id,
                                   OpeningVersion.number == func.coalesce(RunOpening.number, StoredOpening.number)))
        .where(StoredOpening.id == proposal.opening_id)
    )  # fmt: skip
    run = session.get_one(Run, proposal.run_id)
    (profile, newer_profile), (vacancy, newer_vacancy) = (session.execute(q).one() for q in (student, opening))
    return run, profile, vacancy, bool(newer_profile or newer_vacancy)


def first_look_is_on(session: Session, student_id: str) -> bool:
    """Whether the student's region asks for one's own judgement first: it does unless it was switched off."""
    region = session.scalar(select(StoredStudent.region_code).where(StoredStudent.id == student_id))
    switch = session.get(Switch, first_look(region or ""))
    return switch is None or switch.on


def seats(session: Session, opening_id: str) -> tuple[int, int]:
    """How many places an opening has, and how many are held."""
    opening = session.get_one(StoredOpening, opening_id)
    held = select(func.count()).where(Decided.opening_id == opening_id, Decided.holds)
    return opening.places, session.scalar(held) or 0


def consent_state(session: Session, decision: Decided) -> tuple[str, datetime] | None:
    """Whether the student consents to what a word that stands may lead to, and since when; None: was not asked.

    yes, while a consent for the vacancy stands, unless the latest question about this place had another answer; else by
    the latest question on the word: open, no, talk or withdrawn.
    """
    vacancy = select(StoredOpening.vacancy_id).where(StoredOpening.id == decision.opening_id).scalar_subquery()
    of_place = select(Consent).where(Consent.student_id == decision.student_id, Consent.vacancy_id == vacancy)
    given = session.scalars(of_place.order_by(Consent.live.desc(), Consent.given_at.desc()).limit(1)).first()
    pair = (decision.student_id, decision.opening_id)
    if given is not None and given.live and not consents.unwilling(session, [pair]):
        return "yes", given.given_at
    query = select(ConsentRequest).where(ConsentRequest.decision_id == decision.id)
    asked = session.scalars(query.order_by(ConsentRequest.asked_at.desc()).limit(1)).first()
    if asked is None or (asked.answer is None and asked.ended_at is not None):
        return None
    if asked.answer == "yes" and given is not None and given.withdrawn_at is not None:
        return "withdrawn", given.withdrawn_at
    return asked.answer or "open", asked.answered_at or asked.asked_at


def other_words(session: Session, student_id: str, opening_id: str) -> list[Decided]:
    """The words that stand on a student's other pairs."""
    query = select(Decided).where(Decided.student_id == student_id, Decided.opening_id != opening_id,
                                  Decided.ended_at.is_(None), Decided.word != "reject")  # fmt: skip
    return list(session.scalars(query.order_by(Decided.decided_at)))


def student_in(session: Session, student_id: str, regions: Iterable[str]) -> tuple[StoredStudent, str, Any] | None:
    """A student of some regions with school and present profile."""
    query = (
        select(StoredStudent, Organisation.name, Profile)
        .join(Organisation, Organisation.id == StoredStudent.organisation_id)
        .join(Profile, and_(Profile.student_id == StoredStudent.id, Profile.number == StoredStudent.number))
        .where(StoredStudent.id == student_id, StoredStudent.region_code.in_(set(regions)))
    )
    found = session.execute(query).first()
    return None if found is None else (found[0], found[1], found[2])


def opening_in(session: Session, opening_id: str, regions: Iterable[str]) -> tuple[StoredOpening, str, Any] | None:
    """An opening of some regions with employer and present version."""
    query = (
        select(StoredOpening, Organisation.name, OpeningVersion)
        .join(Vacancy, Vacancy.id == StoredOpening.vacancy_id)
        .join(Organisation, Organisation.id == Vacancy.organisation_id)
        .join(OpeningVersion, and_(OpeningVersion.opening_id == StoredOpening.id,
                                   OpeningVersion.number == StoredOpening.number))
        .where(StoredOpening.id == opening_id, StoredOpening.region_code.in_(set(regions)))
    )  # fmt: skip
    found = session.execute(query).first()
    return None if found is None else (found[0], found[1], found[2])


def words_of(session: Session, *, student_id: str = "", opening_id: str = "", regions: Iterable[str] = (),
             limit: int = 200) -> list[tuple[Decided, str, str | None]]:  # fmt: skip
    """Every word on a student, an opening or in regions, newest first, with who said and who ended it."""
    ender = aliased(Account)
    query = (
        select(Decided, Account.name, ender.name)
        .join(Account, Account.id == Decided.account_id)
        .outerjoin(ender, ender.id == Decided.ended_by)
    )
    if student_id:
        query = query.where(Decided.student_id == student_id)
    if opening_id:
        query = query.where(Decided.opening_id == opening_id)
    mine = select(StoredStudent.id).where(StoredStudent.region_code.in_(set(regions)))
    query = query.where(Decided.student_id.in_(mine))
    found = session.execute(query.order_by(Decided.decided_at.desc(), Decided.id).limit(limit))
    return [(decided, name, ended) for decided, name, ended in found]


def employers_answered(session: Session, regions: Iterable[str], after: Place, limit: int) -> list[Answered]:
    """What employers said (`queues.answered`): who is to be met comes first, then who was turned down; oldest first."""
    lines = queues.answered(tuple(sorted(regions))).subquery()
    order = [lines.c.turned_down, lines.c.since, lines.c.release_id]
    query = select(Release, lines.c.proposal_id, lines.c.introduction_id, lines.c.turned_down, lines.c.since)
    query = query.join(lines, lines.c.release_id == Release.id).order_by(*order).limit(limit)
    if after:
        query = query.where(beyond(order, after))
    return [Answered(release, proposal, introduction, since, (turned, since, release.id))
            for release, proposal, introduction, turned, since in session.execute(query)]


def confirmed_days(session: Session, regions: Iterable[str]) -> list[tuple[str, str, date | None]]:
    """Id, name and day of confirmation of every student of regions who is not placed."""
    held = select(Decided.student_id).where(Decided.holds)
    query = (
        select(StoredStudent.id, StoredStudent.student_ref, Profile.record["background"]["first_name"].as_string(),
               Profile.record["confirmed_on"].as_string())
        .join(Profile, and_(Profile.student_id == StoredStudent.id, Profile.number == StoredStudent.number))
        .where(StoredStudent.region_code.in_(set(regions)), StoredStudent.id.not_in(held))
    )  # fmt: skip
    return [(student_id, name or ref, date.fromisoformat(day) if day else None)
            for student_id, ref, name, day in session.execute(query)]  # fmt: skip


__all__ = [
    "Answered", "Line", "confirmed_days", "consent_state", "employers_answered", "first_look_is_on", "lines",
    "opening_in", "other_words", "records_of", "seats", "student_in", "words_of",
]  # fmt: skip
