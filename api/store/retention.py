"""What has had its time: per retention class of `api.store.dictionary`, which rows go and when.

Each function deletes what was due before ``now`` and returns how many rows went. What something else still stands on
stays until that goes too: a decision whose placement is followed, a profile that a run was made with. The terms are
those of the policy that holds.
"""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Table, delete, exists, func, or_, select, true, tuple_, update
from sqlalchemy.orm import Session, aliased

from api.store import persons
from api.store.base import Base, how_many
from api.store.runs import ROWS
from api.store.tables import (
    Account,
    Answer,
    AuditEvent,
    Code,
    Consent,
    ConsentRequest,
    Contact,
    Decided,
    Destination,
    Draft,
    Erasure,
    Grant,
    Invitation,
    LoginFailure,
    Mandate,
    OpenCard,
    OpenedCard,
    OpeningVersion,
    Organisation,
    Placement,
    Plan,
    Profile,
    Proposal,
    Release,
    RequestCount,
    Run,
    RunDecision,
    RunOpening,
    RunStudent,
    Seen,
    SignIn,
    StoredOpening,
    StoredStudent,
    Token,
    Upload,
    UploadDefect,
    UploadFile,
    UploadRow,
    Vacancy,
)
from api.terms import LONGEST, Terms

MONTHS = 24
"""Of accounts and organisations, after they were last used."""
OPENED = 12
"""Months: of when cards were first opened."""
DAY = timedelta(days=1)
_AT_ONCE = 200
_TURN = 0x5C4A4B31
"""The number under which those who delete on PostgreSQL take turns; nothing else asks for it."""


@dataclass(frozen=True, slots=True)
class At:
    """The moment that is asked about, and the terms that hold then."""

    now: datetime
    terms: Terms = LONGEST


def months_before(moment: datetime, months: int) -> datetime:
    """The same day of the month so many months before; the last one where that month is shorter."""
    years, month = divmod(moment.month - 1 - months, 12)
    year, month = moment.year + years, month + 1
    for day in range(moment.day, 27, -1):
        try:
            return moment.replace(year=year, month=month, day=day)
        except ValueError:
            continue
    return moment.replace(year=year, month=month)


def one_at_a_time(session: Session) -> None:
    """Wait for who else deletes what has had its time: workers that were started together do so at one moment.

    Until this transaction ends. Who writes into a file of SQLite is alone in any case.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(_TURN)))


def sessions(session: Session, at: At) -> int:
    """Class session: 30 days after it ended; an account's last one stays, to tell when the account was last used.

    The log tells that too, but it may be shortened to less than the months that an account stays.
    """
    ended, later = func.coalesce(SignIn.ended_at, SignIn.ends_at), aliased(SignIn)
    another = exists().where(later.account_id == SignIn.account_id,
                             tuple_(later.began_at, later.id) > tuple_(SignIn.began_at, SignIn.id))  # fmt: skip
    return _gone(session, SignIn, (ended < at.now - 30 * DAY) & another)


def throttles(session: Session, at: At) -> int:
    """Class throttle: a day."""
    return _gone(session, LoginFailure, LoginFailure.at < at.now - DAY) + _gone(
        session, RequestCount, RequestCount.window < at.now - DAY
    )


def presences(session: Session, at: At) -> int:
    """Class presence: a day."""
    return _gone(session, OpenCard, OpenCard.at < at.now - DAY)


def opened(session: Session, at: At) -> int:
    """Class oversight: 12 months, which is longer than a school year; with a run that goes before."""
    return _gone(session, OpenedCard, OpenedCard.at < months_before(at.now, OPENED))


def answers(session: Session, at: At) -> int:
    """Class answer: 24 hours."""
    return _gone(session, Answer, Answer.at < at.now - DAY)


def codes(session: Session, at: At) -> int:
    """Class code: 14 days."""
    old = at.now - 14 * DAY
    return _gone(session, Code, Code.created_at < old) + _gone(session, Invitation, Invitation.created_at < old)


def drafts(session: Session, at: At) -> int:
    """Class draft: 30 days after the last change."""
    return _gone(session, Draft, Draft.changed_at < at.now - 30 * DAY)


def upload_files(session: Session, at: At) -> int:
    """Class upload_file: so many days, with what was wrong; what nobody confirmed by then can be confirmed no more."""
    old = select(Upload.id).where(Upload.created_at < at.now - at.terms.upload_file_days * DAY)
    session.execute(update(Upload).where(Upload.id.in_(old), Upload.state == "checked").values(
        state="refused", version=Upload.version + 1))  # fmt: skip
    return sum(_gone(session, table, table.upload_id.in_(old)) for table in (UploadFile, UploadDefect))


def backups(session: Session, at: At) -> int:
    """Class backup: 35 days; by then no backup can bring the person back."""
    return _gone(session, Erasure, Erasure.at < at.now - 35 * DAY)


def looks(session: Session, at: At) -> int:
    """Class audit, but for the log itself: who looked at whom."""
    return _gone(session, Seen, Seen.at < months_before(at.now, at.terms.decision_months))


def due_students(session: Session, at: At) -> list[str]:
    """Class profile: whose last destination or placement, or last word at all, was so long ago; nobody at work.

    A list that had them as they were is a word about them, and so is what a connector decided.
    """
    before = months_before(at.now, at.terms.profile_months)
    day = before.date()
    of = StoredStudent.id
    later = [
        exists().where(Destination.student_id == of, or_(Destination.since >= day, Destination.reported_at >= before)),
        exists().where(Placement.student_id == of, or_(Placement.ended_on.is_(None), Placement.ended_on >= day)),
        exists().where(Profile.student_id == of, Profile.created_at >= before),
        of.in_(select(UploadRow.subject_id).join(Upload, Upload.id == UploadRow.upload_id).where(
            Upload.confirmed_at >= before, UploadRow.subject_id.is_not(None))),
        of.in_(select(Decided.student_id).where(func.coalesce(Decided.ended_at, Decided.decided_at) >= before)),
    ]
    gone = exists().where(Erasure.student_id == of)
    forgotten = StoredStudent.student_ref.like("erased-%")
    query = select(of).where(StoredStudent.created_at < before, ~or_(*later), ~gone, ~forgotten).order_by(of)
    return list(session.scalars(query))


def uploads(session: Session, at: At) -> int:
    """Class profile, of lists: after as many months, unless a profile or opening that is kept came from it."""
    before = months_before(at.now, at.terms.profile_months)
    used = or_(exists().where(Profile.upload_id == Upload.id), exists().where(OpeningVersion.upload_id == Upload.id))
    old = list(session.scalars(select(Upload.id).where(Upload.created_at < before, ~used)))
    for table in (UploadDefect, UploadRow, UploadFile):
        session.execute(delete(table).where(table.upload_id.in_(old)))
    return _gone(session, Upload, Upload.id.in_(old))


def decisions(session: Session, at: At) -> int:
    """Class decision: so many months after it ended or was said, with all that followed, but for a placement.

    The yes to what was asked on one decision carries later ones at the same vacancy: it stays for as long as they do.
    """
    before, later = months_before(at.now, at.terms.decision_months), aliased(Decided)

    def stays(one: Any) -> ColumnElement[bool]:
        return or_(func.coalesce(one.ended_at, one.decided_at) >= before,
                   exists().where(Placement.decision_id == one.id))  # fmt: skip

    carried = exists().where(Release.consent_id == Consent.id, Release.decision_id == later.id)
    carrying = (
        select(ConsentRequest.decision_id)
        .join(Consent, Consent.request_id == ConsentRequest.id)
        .join(later, (later.student_id == ConsentRequest.student_id) & (later.id != ConsentRequest.decision_id))
        .where(stays(later), or_(Consent.live, carried))
    )
    due = select(Decided.id).where(~stays(Decided), Decided.id.not_in(carrying))
    return _with_children(session, "decisions", Decided.id.in_(list(session.scalars(due))))


def runs(session: Session, at: At) -> int:
    """Class run: so many months, and a plan holds no longer; of one that a decision stands on, only that pair stays."""
    before = months_before(at.now, at.terms.run_months)
    gone = _gone(session, Plan, Plan.run_id.in_(select(Run.id).where(Run.created_at < before)))
    decided = exists().where(Decided.proposal_id == Proposal.id, Proposal.run_id == Run.id)
    due = select(Run.id).where(Run.created_at < before, ~decided)
    gone += _with_children(session, "runs", Run.id.in_(list(session.scalars(due))))
    gone += _but_decided(session, list(session.scalars(select(Run.id).where(Run.created_at < before))))
    used = [exists().where(Run.policy_id == Base.metadata.tables["policies"].c.id)]
    policies = Base.metadata.tables["policies"]
    newest = select(func.max(policies.c.number)).scalar_subquery()
    old = (policies.c.created_at < before, ~or_(*used), policies.c.number < newest)
    return gone + how_many(session, delete(policies).where(*old))


def _but_decided(session: Session, run_ids: list[str]) -> int:
    """Take the rows of runs away but for the pairs that were decided on; these can be computed again no more."""
    pair = aliased(Proposal)
    on_it = exists().where(Decided.proposal_id == pair.id, pair.run_id.in_(run_ids))

    def needed(table: Any, *same: ColumnElement[bool]) -> ColumnElement[bool]:
        return on_it.where(pair.run_id == table.run_id, *same)

    needs: dict[Any, ColumnElement[bool]] = {
        Proposal: exists().where(Decided.proposal_id == Proposal.id),
        RunStudent: needed(RunStudent, pair.student_id == RunStudent.student_id),
        RunOpening: needed(RunOpening, pair.opening_id == RunOpening.opening_id),
        RunDecision: needed(RunDecision, Decided.id == RunDecision.decision_id),
    }
    rows = [(table, ~needs[table] if table in needs else true()) for table in ROWS]
    undecided = select(Proposal.id).where(Proposal.run_id.in_(run_ids), ~needs[Proposal])
    gone = _gone(session, OpenedCard, OpenedCard.proposal_id.in_(undecided))
    gone += sum(_gone(session, table, table.run_id.in_(run_ids) & other) for table, other in rows)
    session.execute(update(Run).where(Run.id.in_(run_ids), Run.digest.is_not(None)).values(
        digest=None, answer=None, version=Run.version + 1))  # fmt: skip
    return gone


def halves(session: Session, at: At) -> int:  # noqa: ARG001 - as the others
    """Class run: at once, what a run had begun to write that gave no answer; nobody could read it."""
    without = select(Run.id).where(Run.state.in_(("failed", "cancelled")))
    return sum(_gone(session, table, table.run_id.in_(without)) for table in ROWS)


def remains(session: Session, at: At) -> int:  # noqa: ARG001 - as the others
    """What erased persons leave: emptied profiles and the id itself, once no run or decision points at them."""
    gone = 0
    erased = StoredStudent.student_ref.like("erased-%")
    ids = list(session.scalars(select(StoredStudent.id).where(erased)))
    for student_id in ids:
        pointed = _anything_points(session, "profiles", {"student_id": student_id}) or _anything_points(
            session, "students", {"id": student_id}, but=("profiles",))  # fmt: skip
        if not pointed:
            session.execute(delete(Profile).where(Profile.student_id == student_id))
            gone += _gone(session, StoredStudent, StoredStudent.id == student_id)
    return gone


def accounts(session: Session, at: At) -> int:
    """Class account: 24 months after anything was done with it; emptied, for its acts keep pointing at it."""
    before = months_before(at.now, MONTHS)
    used = or_(
        exists().where(AuditEvent.actor_id == Account.id, AuditEvent.at >= before),
        exists().where(AuditEvent.subject_id == Account.id, AuditEvent.at >= before),
        exists().where(SignIn.account_id == Account.id, SignIn.began_at >= before),
        exists().where(Token.account_id == Account.id, Token.revoked_at.is_(None), Token.expires_at >= before),
    )
    query = select(Account.id).where(Account.created_at < before, Account.name != "", ~used)
    ids = list(session.scalars(query))
    for table in (Grant, Mandate):
        session.execute(delete(table).where(table.account_id.in_(ids)))
    persons.empty_accounts(session, ids)
    return len(ids)


def organisations(session: Session, at: At) -> int:
    """Class organisation: 24 months after it last did anything: no account, student, list or opening of it is left."""
    before = months_before(at.now, MONTHS)
    of = Organisation.id
    busy = or_(
        exists().where(Grant.organisation_id == of),
        exists().where(StoredStudent.organisation_id == of),
        exists().where(Upload.organisation_id == of),
        exists().where(Vacancy.organisation_id == of, StoredOpening.vacancy_id == Vacancy.id,
                       or_(StoredOpening.created_at >= before, StoredOpening.starts_on >= before.date(),
                           exists().where(OpeningVersion.opening_id == StoredOpening.id,
                                          OpeningVersion.created_at >= before))),
    )  # fmt: skip
    gone = 0
    for organisation_id in session.scalars(select(of).where(Organisation.created_at < before, ~busy)).all():
        openings = select(StoredOpening.id).join(Vacancy, Vacancy.id == StoredOpening.vacancy_id).where(
            Vacancy.organisation_id == organisation_id)  # fmt: skip
        held = any(
            _anything_points(session, "openings", {"id": i}, but=("seats", "opening_versions"))
            or _anything_points(session, "opening_versions", {"opening_id": i})
            for i in session.scalars(openings).all()
        )
        if not held and not _anything_points(session, "organisations", {"id": organisation_id}, but=_PARTS):
            gone += _with_children(session, "organisations", Organisation.id == organisation_id)
    contacts = exists().where(Organisation.id == Contact.organisation_id)
    return gone + _gone(session, Contact, ~contacts)


_PARTS = ("contacts", "legal_grounds", "participations", "cooperation_members", "vacancies")
"""What an organisation takes with it when it goes."""


@dataclass(frozen=True, slots=True)
class Class:
    """A retention class with what carries it out."""

    name: str
    carry_out: tuple[Callable[[Session, At], int], ...]


CLASSES = (
    Class("session", (sessions,)), Class("throttle", (throttles,)), Class("answer", (answers,)),
    Class("presence", (presences,)), Class("oversight", (opened,)),
    Class("code", (codes,)), Class("draft", (drafts,)), Class("upload_file", (upload_files,)),
    Class("decision", (decisions,)), Class("run", (halves, runs)), Class("profile", (remains, uploads)),
    Class("account", (accounts,)), Class("organisation", (organisations,)), Class("audit", (looks,)),
    Class("backup", (backups,)),
)  # fmt: skip
"""In this order: what points goes before what it points at. Persons whose term ended are erased first, and the log is
shortened last, by the service."""


def _gone(session: Session, table: Any, where: ColumnElement[bool]) -> int:
    return how_many(session, delete(table).where(where))


def _children(table: Table) -> list[tuple[Table, Any]]:
    return [(other, key) for other in Base.metadata.sorted_tables for key in other.foreign_key_constraints
            if key.referred_table is table and other is not table]  # fmt: skip


def _with_children(session: Session, name: str, where: ColumnElement[bool]) -> int:
    """Delete rows with everything that points at them, the furthest first."""
    table, gone = Base.metadata.tables[name], 0
    for other, key in _children(table):
        there = select(*(element.column for element in key.elements)).where(where)
        mine = tuple_(*key.columns).in_(there) if len(key.elements) > 1 else key.columns[0].in_(there)
        gone += _with_children(session, other.name, mine)
    if name == "decisions":  # a run names the decisions it kept without a foreign key
        kept = Base.metadata.tables["run_decisions"]
        session.execute(delete(kept).where(kept.c.decision_id.in_(select(Decided.id).where(where))))
    return gone + _gone(session, table, where)


def _anything_points(session: Session, name: str, values: dict[str, str], but: tuple[str, ...] = ()) -> bool:
    """Whether a row of another table points at a row."""
    for other, key in _children(Base.metadata.tables[name]):
        if other.name in but:
            continue
        named = [(c, values[e.column.name]) for c, e in zip(key.columns, key.elements, strict=True)
                 if e.column.name in values]  # fmt: skip
        if named and session.execute(select(1).where(exists().where(*(c == v for c, v in named)))).first():
            return True
    return False


__all__ = ["CLASSES", "MONTHS", "At", "Class", "due_students", "months_before"]
