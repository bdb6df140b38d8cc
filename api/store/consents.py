"""Questions for consent and consents in the database."""
from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, case, func, select, update
from sqlalchemy.orm import Session

from api.store.paging import START, Place, newest
from api.store.reach import Reach, over_pairs
from api.store.tables import (
    Consent,
    ConsentRequest,
    Decided,
    Mandate,
    Organisation,
    StoredOpening,
    StoredStudent,
    Vacancy,
)

STATES = ("open", "answered", "ended")
GIVEN = ("live", "withdrawn", "ended")
"""How far a consent is: withdrawn by who gave it, or ended with the word of a person that it was about."""
OPTION = ("accept", "pin", "defer")
"""The words by which a student is, or may become, a candidate for a place."""
_OPEN = ConsentRequest.answer.is_(None) & ConsentRequest.ended_at.is_(None)
_IN_TURN = (ConsentRequest.asked_at, _OPEN, ConsentRequest.id)  # of two of one moment the open one is the later
_STATE = {
    "open": _OPEN, "answered": ConsentRequest.answer.is_not(None),
    "ended": ConsentRequest.ended_at.is_not(None) & ConsentRequest.answer.is_(None),
}  # fmt: skip


def request(session: Session, reach: Reach, request_id: str) -> ConsentRequest | None:
    """One question, if it is within reach."""
    query = over_pairs(select(ConsentRequest), ConsentRequest).where(ConsentRequest.id == request_id, reach.of_pairs())
    return session.scalar(query)


def requests(session: Session, reach: Reach, *, state: str = "", student_id: str = "", after: Place = START,
             limit: int = 100) -> list[ConsentRequest]:  # fmt: skip
    """Questions within reach, newest first."""
    query = over_pairs(select(ConsentRequest), ConsentRequest).where(reach.of_pairs())
    if state:
        query = query.where(_STATE[state])
    if student_id:
        query = query.where(ConsentRequest.student_id == student_id)
    return newest(session, query, ConsentRequest, ConsentRequest.asked_at, after=after, limit=limit)


def lock_request(session: Session, request_id: str) -> ConsentRequest:
    """The question as it is now."""
    return session.get_one(ConsentRequest, request_id, with_for_update=True,
                           execution_options={"populate_existing": True})  # fmt: skip


def open_on(session: Session, decision_id: str) -> ConsentRequest | None:
    """The question that stands open on an acceptance."""
    return session.scalar(select(ConsentRequest).where(ConsentRequest.decision_id == decision_id, _OPEN))


def last_on(session: Session, decision_ids: Iterable[str]) -> dict[str, ConsentRequest]:
    """The latest question per acceptance."""
    query = select(ConsentRequest).where(ConsentRequest.decision_id.in_(set(decision_ids)))
    return {found.decision_id: found for found in session.scalars(query.order_by(*_IN_TURN))}


_NO_YES = _OPEN | ConsentRequest.answer.in_(("no", "talk"))


def unwilling(session: Session, pairs: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Of pairs of student and opening those of which the latest question is open, or had another answer than yes.

    A yes to another start of the vacancy is then none to this one. A question that fell away unanswered says nothing.
    """
    of = set(pairs)
    query = select(ConsentRequest).where(ConsentRequest.student_id.in_({student for student, _ in of}))
    last = {(one.student_id, one.opening_id): one
            for one in session.scalars(query.order_by(*_IN_TURN))}  # fmt: skip
    return {pair for pair in of & last.keys()
            if last[pair].answer in ("no", "talk") or (last[pair].answer is None and last[pair].ended_at is None)}


def willing(decision: Any) -> ColumnElement[bool]:
    """The opposite, of the pair of a decision of a query."""
    last = select(case((_NO_YES, 0), else_=1)).where(ConsentRequest.student_id == decision.student_id,
                                                     ConsentRequest.opening_id == decision.opening_id)  # fmt: skip
    newest = last.order_by(*(one.desc() for one in _IN_TURN)).limit(1)
    return func.coalesce(newest.scalar_subquery(), 1) == 1


def add_request(session: Session, **values: Any) -> ConsentRequest:
    """Write a question."""
    made = ConsentRequest(**values)
    session.add(made)
    session.flush()
    return made


def end_requests(session: Session, now: datetime, *, decision_id: str = "", student_id: str = "",
                 but: str = "") -> list[str]:  # fmt: skip
    """Let open questions fall away: on an acceptance, or of a student; return which."""
    query = select(ConsentRequest.id).where(_OPEN, ConsentRequest.id != but)
    if decision_id:
        query = query.where(ConsentRequest.decision_id == decision_id)
    if student_id:
        query = query.where(ConsentRequest.student_id == student_id)
    gone = list(session.scalars(query.order_by(ConsentRequest.id)))
    session.execute(update(ConsentRequest).where(ConsentRequest.id.in_(gone)).values(ended_at=now))
    return gone


def live(session: Session, student_id: str, vacancy_id: str) -> Consent | None:
    """The consent that a student has given for a vacancy and that stands."""
    query = select(Consent).where(Consent.student_id == student_id, Consent.vacancy_id == vacancy_id, Consent.live)
    return session.scalar(query.execution_options(populate_existing=True))


def live_of(session: Session, student_ids: Iterable[str]) -> dict[tuple[str, str], Consent]:
    """The consents of students that stand, by student and vacancy."""
    query = select(Consent).where(Consent.student_id.in_(set(student_ids)), Consent.live)
    return {(found.student_id, found.vacancy_id): found for found in session.scalars(query)}


def consent(session: Session, reach: Reach, consent_id: str) -> Consent | None:
    """One consent, if its student is within reach."""
    query = select(Consent).join(StoredStudent, StoredStudent.id == Consent.student_id)
    return session.scalar(query.where(Consent.id == consent_id, reach.of_students()))


def consents(session: Session, reach: Reach, *, student_id: str = "", only_live: bool = False, after: Place = START,
             limit: int = 100) -> list[Consent]:  # fmt: skip
    """Consents of students within reach, newest first."""
    query = select(Consent).join(StoredStudent, StoredStudent.id == Consent.student_id).where(reach.of_students())
    if student_id:
        query = query.where(Consent.student_id == student_id)
    if only_live:
        query = query.where(Consent.live)
    return newest(session, query, Consent, Consent.given_at, after=after, limit=limit)


def employers_of(session: Session, vacancy_ids: Iterable[str]) -> dict[str, str]:
    """The names of the employers of vacancies, by vacancy."""
    query = select(Vacancy.id, Organisation.name).join(Organisation, Organisation.id == Vacancy.organisation_id)
    return dict(session.execute(query.where(Vacancy.id.in_(set(vacancy_ids)))).all())


def add(session: Session, **values: Any) -> Consent:
    """Write a consent."""
    made = Consent(live=True, **values)
    session.add(made)
    session.flush()
    return made


def withdraw(session: Session, found: Consent, now: datetime) -> None:
    """End a consent; that it was given stays."""
    found.live, found.withdrawn_at = False, now
    session.flush()


def lapse(session: Session, found: Consent, now: datetime) -> None:
    """End a consent with what it was for. It was not withdrawn: the yes on its question fell away, which tells them
    apart.
    """
    withdraw(session, found, now)
    session.execute(update(ConsentRequest).where(ConsentRequest.id == found.request_id).values(ended_at=now))


def words_on(session: Session, student_id: str, vacancy_id: str) -> list[Decided]:
    """The words by which a student is or may become a candidate for a vacancy, at whichever opening, newest first."""
    query = (
        select(Decided)
        .join(StoredOpening, StoredOpening.id == Decided.opening_id)
        .where(Decided.student_id == student_id, StoredOpening.vacancy_id == vacancy_id, Decided.ended_at.is_(None),
               Decided.word.in_(OPTION))
        .order_by(Decided.decided_at.desc(), Decided.id)
    )  # fmt: skip
    return list(session.scalars(query.execution_options(populate_existing=True)))


def ended_with_word(session: Session, found: Iterable[Consent]) -> set[str]:
    """Which of these consents ended with the word they were about, and were not withdrawn."""
    ended = select(Consent.id).join(ConsentRequest, ConsentRequest.id == Consent.request_id)
    gone = {one.id for one in found if not one.live}
    return set(session.scalars(ended.where(Consent.id.in_(gone), ConsentRequest.ended_at.is_not(None))))


def state_of(found: ConsentRequest) -> str:
    """How far a question is, of `STATES`."""
    return "answered" if found.answer is not None else "ended" if found.ended_at is not None else "open"


def mandate_grounds(session: Session, account_id: str, student_id: str, today: date) -> set[str]:
    """On which grounds an account has a student's mandate today."""
    query = select(Mandate.ground).where(
        Mandate.account_id == account_id, Mandate.student_id == student_id, Mandate.ended_at.is_(None),
        Mandate.begins_on <= today, Mandate.ends_on > today,
    )  # fmt: skip
    return set(session.scalars(query))


__all__ = [
    "GIVEN", "OPTION", "STATES", "Consent", "ConsentRequest", "add", "add_request", "consent", "consents",
    "employers_of", "end_requests", "ended_with_word", "lapse", "last_on", "live", "live_of", "lock_request",
    "mandate_grounds", "open_on", "request", "requests", "state_of", "unwilling", "willing", "withdraw", "words_on",
]  # fmt: skip
