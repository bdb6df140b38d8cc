"""Students in the database: lists, one student, versions of the profile, questions about them."""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, false, or_, select
from sqlalchemy.orm import Session

from api.store.lists import Stored, add_profiles
from api.store.paging import START, Place, beyond, in_order
from api.store.tables import (
    Account,
    Consent,
    ConsentRequest,
    Decided,
    Organisation,
    Outcome,
    Placement,
    Profile,
    Question,
    Release,
    Run,
    StoredStudent,
    Upload,
)

_CHUNK = 100


@dataclass(frozen=True, slots=True)
class Row:
    """A student with the profile that holds and the organisation whose student it is."""

    student: StoredStudent
    record: dict[str, Any]
    home: Organisation


@dataclass(frozen=True, slots=True)
class Facts:
    """What else is known about a student: consent and how far it came, what the latest run says to ask, questions."""

    consent: str  # none | asked | talk | no | given | withdrawn | ended
    state: str  # open | accepted | released | placed
    ask: tuple[str, ...]
    questions: int


def _rows(homes: Iterable[str], regions: Iterable[str], ids: Iterable[str]) -> Select[Any]:
    found = [StoredStudent.organisation_id.in_(set(homes)), StoredStudent.region_code.in_(set(regions)),
             StoredStudent.id.in_(set(ids))]  # fmt: skip
    return (
        select(StoredStudent, Profile.record, Organisation)
        .join(Profile, (Profile.student_id == StoredStudent.id) & (Profile.number == StoredStudent.number))
        .join(Organisation, Organisation.id == StoredStudent.organisation_id)
        .where(or_(false(), *found))
        .order_by(StoredStudent.student_ref, StoredStudent.id)
    )


def chunks(
    session: Session, *, homes: Iterable[str], regions: Iterable[str], ids: Iterable[str], after: Place
) -> Iterable[list[Row]]:
    """Students of schools or regions, or by id, a hundred at a time by the school's number."""
    query = _rows(homes, regions, ids)
    while True:
        part = query.where(beyond((StoredStudent.student_ref, StoredStudent.id), after)) if after else query
        found = [Row(*row) for row in session.execute(part.limit(_CHUNK))]
        if found:
            yield found
        if len(found) < _CHUNK:
            return
        after = place_of(found[-1])


def place_of(row: Row) -> Place:
    """Where a student stands in the order of `chunks`; it holds the school's number of the student."""
    return row.student.student_ref, row.student.id


def row_by_id(session: Session, student_id: str) -> Row:
    """One student, as it is now."""
    return Row(*session.execute(_rows((), (), [student_id]).execution_options(populate_existing=True)).one())


def facts_of(session: Session, ids: Sequence[str]) -> dict[str, Facts]:
    """What else is known about students."""
    consent = _consents_of(session, ids)
    state = dict.fromkeys(ids, "open")
    for word, table, live in (("accepted", Decided, Decided.holds), ("released", Release, Release.ended_at.is_(None)),
                              ("placed", Placement, Placement.ended_on.is_(None))):  # fmt: skip
        of: Any = table
        state |= dict.fromkeys(session.scalars(select(of.student_id).where(of.student_id.in_(ids), live)), word)
    ask = _asked(session, ids)
    open_questions = dict.fromkeys(ids, 0)
    query = select(Question.student_id).where(Question.student_id.in_(ids), Question.answered_at.is_(None))
    for student in session.scalars(query):
        open_questions[student] += 1
    return {i: Facts(consent[i], state[i], ask.get(i, ()), open_questions[i]) for i in ids}


def _consents_of(session: Session, ids: Sequence[str]) -> dict[str, str]:
    """Per student: given while a consent stands, asked while a question is open, else what was said or ended last."""
    mine = ConsentRequest.student_id.in_(ids)
    said = select(ConsentRequest.student_id, ConsentRequest.answer, ConsentRequest.answered_at).where(
        mine, ConsentRequest.answer.in_(("no", "talk")))  # fmt: skip
    # A yes that fell away ended with the word it was about; any other end is a withdrawal.
    over = (
        select(Consent.student_id, ConsentRequest.ended_at, Consent.withdrawn_at)
        .outerjoin(ConsentRequest, ConsentRequest.id == Consent.request_id)
        .where(Consent.student_id.in_(ids), ~Consent.live)
    )
    last: list[Any] = [(at, student, answer) for student, answer, at in session.execute(said)]
    last += [(at, student, "ended" if fell else "withdrawn") for student, fell, at in session.execute(over)]
    found = dict.fromkeys(ids, "none") | {student: state for _, student, state in sorted(last)}
    asked = select(ConsentRequest.student_id).where(
        mine, ConsentRequest.answer.is_(None), ConsentRequest.ended_at.is_(None))  # fmt: skip
    found |= dict.fromkeys(session.scalars(asked), "asked")
    given = select(Consent.student_id).where(Consent.student_id.in_(ids), Consent.live)
    return found | dict.fromkeys(session.scalars(given), "given")


def _asked(session: Session, ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """What the latest run says to ask next, most telling first."""
    query = (
        select(Outcome.student_id, Outcome.facts)
        .join(Run, Run.id == Outcome.run_id)
        .where(Outcome.student_id.in_(ids), Run.state == "done")
        .order_by(Run.ended_at)
    )
    return {student: tuple(facts.get("ask", ())) for student, facts in session.execute(query) if facts}


def versions_of(session: Session, student_id: str) -> list[tuple[Profile, str | None]]:
    """Every version of a profile with the name of who wrote it, oldest first."""
    query = (
        select(Profile, Account.name)
        .outerjoin(Upload, Upload.id == Profile.upload_id)
        .outerjoin(Account, Account.id == Upload.account_id)
        .where(Profile.student_id == student_id)
        .order_by(Profile.number)
    )
    found = [(profile, name) for profile, name in session.execute(query)]
    names = _names(session, (profile.account_id for profile, _ in found))
    return [(profile, names.get(profile.account_id or "", name)) for profile, name in found]


def add_version(
    session: Session, row: Row, record: dict[str, Any], *, region: str | None, account_id: str | None, now: datetime
) -> int:
    """Add a version of a profile; return its number."""
    stored = Stored(row.student.id, row.student.number, row.record)
    values = (stored, row.student.organisation_id, row.student.student_ref, region, record)
    ((_, number),) = add_profiles(session, [values], None, now, account_id=account_id)
    return number


def questions_of(session: Session, student_id: str) -> list[Question]:
    """The questions about a student, newest first."""
    query = select(Question).where(Question.student_id == student_id)
    return list(session.scalars(query.order_by(Question.asked_at.desc(), Question.id)))


def open_questions(
    session: Session, homes: Iterable[str], regions: Iterable[str], *, after: Place = START, limit: int | None = None
) -> list[Question]:
    """Questions without an answer about students of schools or regions, oldest first."""
    mine = StoredStudent.organisation_id.in_(set(homes)) | StoredStudent.region_code.in_(set(regions))
    query = select(Question).join(StoredStudent, StoredStudent.id == Question.student_id)
    query = query.where(mine, Question.answered_at.is_(None))
    return in_order(session, query, Question, Question.asked_at, after=after, limit=limit)


def question_by_id(session: Session, question_id: str, *, lock: bool = True) -> Question | None:
    """One question, locked until this transaction ends; only to be read, not locked."""
    return session.get(Question, question_id, with_for_update=lock or None, populate_existing=True)


def add_question(session: Session, **values: Any) -> Question:
    """Write a question."""
    made = Question(**values)
    session.add(made)
    session.flush()
    return made


def names_of(session: Session, questions: Sequence[Question]) -> dict[str, str]:
    """Who asked and who answered, by name."""
    return _names(session, (who for q in questions for who in (q.asked_by, q.answered_by)))


def _names(session: Session, ids: Iterable[str | None]) -> dict[str, str]:
    query = select(Account.id, Account.name).where(Account.id.in_({i for i in ids if i}))
    return dict(session.execute(query).all())


__all__ = [
    "Facts", "Profile", "Question", "Row", "add_question", "add_version", "chunks", "facts_of", "names_of",
    "open_questions", "place_of", "question_by_id", "questions_of", "row_by_id", "versions_of",
]  # fmt: skip
