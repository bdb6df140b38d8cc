"""All that is stored about one student, found by the tables themselves: by who points at the student, and at what does.

A table that is added later and points at a student is found without a word here. What names a student without a
foreign key stands in `_BESIDE`. Erasing deletes what can go, and keeps of a run its numbers, under an id that names
nobody any more.
"""
from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, case, cast, delete, exists, or_, select, true, tuple_, update
from sqlalchemy import Text as PlainText
from sqlalchemy.orm import Session

from api.store import answers, tables
from api.store.base import Base, how_many
from api.store.tables import (
    Account,
    AuditEvent,
    Decided,
    Draft,
    Erasure,
    Grant,
    OpeningOutcome,
    Outcome,
    Profile,
    Proposal,
    Release,
    Run,
    RunDecision,
    RunStudent,
    SignIn,
    StoredStudent,
    Token,
    Upload,
    UploadDefect,
    UploadFile,
    UploadRow,
)

STAYS = {
    "run_students": "which version of a profile a run was made with: ids and numbers",
    "run_decisions": "which decisions a run kept: ids",
    "proposals": "numbers of a run; its sentences go",
    "outcomes": "numbers of a run; its sentences go",
    "decisions": "words in codes that runs were made with; notes go",
    "profiles": "versions that a run or a decision points at, emptied",
    "students": "an id that names nobody: number, region and version go",
    "audit_events": "ids and codes only; the log loses nothing",
    "erasures": "that this id was erased",
    "opening_outcomes": "numbers of an opening; sentences in which the student moves go",
    "upload_rows": "that a row did something, without saying to whom",
    "runs": "a run that no plan answered; of what was in the way only the kind stays",
}
"""Tables that keep rows under the id of somebody who was erased, and what remains there."""

PLAIN_NAME = {"nl": "lijst", "en": "list"}
"""What the file of a list is called, by the list's language, once somebody in it was erased: its name may name them."""
ERASED = 0
"""The number of the version that holds of a student of whom nothing is left."""


def own_tables() -> dict[str, Table]:
    """Every table with rows of one student, in an order in which a row stands after those it points at."""
    return {table.name: table for table in Base.metadata.sorted_tables if condition(table, "") is not None}


def id_by_ref(session: Session, organisation_id: str, ref: str) -> str | None:
    """The id of a student by the number that the own school or referrer gave."""
    mine = (StoredStudent.organisation_id == organisation_id) & (StoredStudent.student_ref == ref)
    return session.scalar(select(StoredStudent.id).where(mine))


def condition(table: Table, student_id: str) -> ColumnElement[bool] | None:
    """Which rows of a table are about a student; None: none can be."""
    if table.name in _BESIDE:
        return _BESIDE[table.name](student_id)
    return _pointing(table, student_id)


def _pointing(table: Table, student_id: str) -> ColumnElement[bool] | None:
    if table.name == "students":
        return table.c.id == student_id
    if "student_id" in table.c:
        return table.c.student_id == student_id
    for key in table.foreign_key_constraints:
        parent = key.referred_table
        found = None if parent is table else _pointing(parent, student_id)
        if found is not None:
            there = select(*(element.column for element in key.elements)).where(found)
            return tuple_(*key.columns).in_(there) if len(key.elements) > 1 else key.columns[0].in_(there)
    return None


def _own_accounts(student_id: str) -> Any:
    """The account that a student signs in with."""
    return select(Grant.account_id).where(Grant.role == "student", Grant.student_id == student_id)


_BESIDE: dict[str, Any] = {
    "accounts": lambda i: Account.id.in_(_own_accounts(i)),
    "sign_ins": lambda i: SignIn.account_id.in_(_own_accounts(i)),
    "tokens": lambda i: Token.account_id.in_(_own_accounts(i)),
    "run_decisions": lambda i: RunDecision.decision_id.in_(select(Decided.id).where(Decided.student_id == i)),
    "upload_rows": lambda i: UploadRow.subject_id == i,
    "upload_defects": lambda i: exists().where(
        UploadRow.subject_id == i, UploadRow.upload_id == UploadDefect.upload_id, UploadRow.row == UploadDefect.row
    ),
    "upload_files": lambda _: true(),
    "drafts": lambda i: or_(Draft.subject_id == i, cast(Draft.content, PlainText).contains(i, autoescape=True)),
    "audit_events": lambda i: or_(
        and_(AuditEvent.subject_kind == "student", AuditEvent.subject_id == i),
        cast(AuditEvent.details, PlainText).contains(i, autoescape=True),
    ),
    "opening_outcomes": lambda i: or_(
        cast(OpeningOutcome.change, PlainText).contains(i, autoescape=True),
        cast(OpeningOutcome.worth, PlainText).contains(i, autoescape=True),
    ),
    "answers": lambda _: true(),
    "runs": lambda i: and_(Run.fault == "infeasible", cast(Run.totals, PlainText).contains(i, autoescape=True)),
}
"""Tables that name a student otherwise than by a foreign key."""
SENTENCES = frozenset({"sentence", "nl", "en"})
"""Where a run says in words what a change would mean for whom."""
_INSIDE = ("upload_files", "answers")
"""Of these a row holds more persons than one: what is about this one is picked out of it."""


def marks(session: Session, student_id: str) -> set[str]:
    """What a kept answer may name a student by: the ids of their own rows, and the codes that employers read."""
    found = set(session.scalars(select(Release.pseudonym).where(Release.student_id == student_id)))
    for name, table in own_tables().items():
        where = condition(table, student_id)
        if name != "runs" and "id" in table.c and where is not None:  # what a run is asked for is about everybody
            found |= set(session.scalars(select(table.c.id).where(where)))
    return found


def rows_about(
    session: Session, student_id: str, beside: Iterable[str] = ()
) -> Iterator[tuple[Table, list[dict[str, Any]]]]:
    """Every table with what it has of a student, row by row; empty ones too.

    ``beside`` are ids of what else holds something of the student, such as unfinished lists: answers about these too.
    """
    for name, table in own_tables().items():
        where = condition(table, student_id)
        assert where is not None
        if name == "upload_files":
            yield table, _kept_rows(session, student_id)
        elif name == "answers":  # for a day, so that a request sent twice has one effect: what was asked and answered
            found, named = session.execute(select(table)).mappings(), marks(session, student_id) | set(beside)
            yield table, [dict(row) for row in found if answers.names(row["body"], named)]
        elif name == "upload_defects":
            said = or_(where, _repeats(session.get_one(StoredStudent, student_id)))
            order = table.primary_key.columns
            yield table, [dict(row) for row in session.execute(select(table).where(said).order_by(*order)).mappings()]
        elif name == "runs":
            yield table, [{"id": run.id, "totals": {"conflict": _said_of(run, student_id)}}
                          for run in session.scalars(select(Run).where(where))]  # fmt: skip
        else:
            order = table.primary_key.columns
            yield table, [dict(row) for row in session.execute(select(table).where(where).order_by(*order)).mappings()]


def _said_of(run: Run, student_id: str) -> list[dict[str, Any]]:
    """What was in the way of a plan, as far as it is about this student; sentences that are about no other too."""
    found = []
    for member in (run.totals or {})["conflict"]:
        names = [name for name, i in zip(member["students"], member["student_ids"], strict=True) if i == student_id]
        alone = len(member["students"]) == 1
        if names:
            found.append(member | {"students": names, "student_ids": [student_id],
                                   "sentence": member["sentence"] if alone else ""})  # fmt: skip
    return found


def _kept_rows(session: Session, student_id: str) -> list[dict[str, Any]]:
    """What lists of the last weeks say of a student."""
    return [{"upload_id": file.upload_id, "row": row, "record": record}
            for file, rows in _in_lists(session, student_id) for row, record in json.loads(file.content)
            if row in rows]  # fmt: skip


def _in_lists(session: Session, student_id: str) -> list[tuple[UploadFile, set[int]]]:
    """The lists in which a student stands, with the rows: by what a row did, or by the school's own number."""
    student = session.get_one(StoredStudent, student_id)
    did = select(UploadRow.upload_id, UploadRow.row).where(UploadRow.subject_id == student_id)
    rows: dict[str, set[int]] = {}
    for upload_id, row in session.execute(did):
        rows.setdefault(upload_id, set()).add(row)
    theirs = (Upload.kind == "leavers", Upload.organisation_id == student.organisation_id)
    query = select(UploadFile).join(Upload, Upload.id == UploadFile.upload_id).where(or_(
        and_(*theirs), UploadFile.upload_id.in_(list(rows))))  # fmt: skip
    found = []
    for file in session.scalars(query):
        named = {row for row, record in json.loads(file.content) if record.get("student_ref") == student.student_ref}
        mine = rows.get(file.upload_id, set()) | named
        if mine:
            found.append((file, mine))
    return found


def _repeats(student: StoredStudent) -> ColumnElement[bool]:
    """What was said of a row that repeats a student's: it names the school's own number."""
    theirs = exists().where(Upload.id == UploadDefect.upload_id, Upload.kind == "leavers",
                            Upload.organisation_id == student.organisation_id)  # fmt: skip
    ref = student.student_ref
    return theirs & or_(UploadDefect.found == ref, UploadDefect.found.endswith(f"/{ref}", autoescape=True))


def is_erased(session: Session, student_id: str) -> bool:
    """Whether this person was erased."""
    return session.get(Erasure, student_id) is not None


def any_erased(session: Session, ids: Iterable[str]) -> bool:
    """Whether one of these persons was erased."""
    return not set(session.scalars(select(Erasure.student_id))).isdisjoint(ids)


def erase(session: Session, student_id: str, by: str | None, now: datetime, beside: Iterable[str] = ()) -> int:
    """Delete what is stored about a student, empty what a run stands on; return how many rows went or were emptied.

    A place that was held is free again: every decision ends. ``beside`` are ids of what else held something of the
    student, such as unfinished lists: kept answers about these go too.
    """
    # A run that is being written points at profiles: whoever comes first here, the other sees what was done.
    session.execute(select(Profile.number).where(Profile.student_id == student_id).with_for_update())
    accounts = list(session.scalars(_own_accounts(student_id)))
    named = marks(session, student_id)
    lists, gone = _take_out_of_lists(session, student_id)
    for name, table in reversed(list(own_tables().items())):
        where = condition(table, student_id)
        assert where is not None
        if name not in STAYS and name not in _INSIDE and name not in ("accounts", "sign_ins", "tokens"):
            gone += how_many(session, delete(table).where(where))
    session.flush()
    gone += empty_accounts(session, accounts)
    answers.erase(session, named | lists | set(beside))
    mine = {"student_id": student_id}
    noted = (Decided.student_id == student_id, Decided.note.is_not(None))
    gone += how_many(session, update(Decided).where(*noted).values(note=None))
    live = update(Decided).where(Decided.student_id == student_id, Decided.ended_at.is_(None))
    session.execute(live.values(holds=False, ended_at=now, ended_by=by))
    gone += empty_runs(session, student_id)
    session.execute(update(UploadRow).where(UploadRow.subject_id == student_id).values(subject_id=None))
    pointed = or_(
        exists().where(RunStudent.student_id == Profile.student_id, RunStudent.number == Profile.number),
        exists().where(Decided.student_id == Profile.student_id, Decided.profile_number == Profile.number),
    )
    gone += how_many(session, delete(Profile).where(Profile.student_id == student_id, ~pointed))
    gone += how_many(session, update(Profile).filter_by(**mine).values(record={}, upload_id=None))
    student = session.get_one(StoredStudent, student_id)
    student.student_ref, student.region_code, student.number = f"erased-{secrets.token_hex(12)}", None, ERASED
    session.flush()
    session.expire_all()
    return gone + 1  # the student, who holds no more than an id now


def empty_runs(session: Session, student_id: str, since: datetime | None = None) -> int:
    """Take out of runs what they say of a student in words; of those only that ended ``since`` or go on, if given.

    Return how many of the student's own rows were emptied.
    """
    recent = or_(Run.ended_at.is_(None), Run.ended_at >= since) if since else true()
    for table in (OpeningOutcome, Outcome, Proposal):  # sentences that say what a change would mean for somebody
        _without_sentences(session, table, student_id, table.run_id.in_(select(Run.id).where(recent)))
    mine = {"student_id": student_id}
    says = [cast(column, PlainText) != "[]" for column in (Proposal.reasons, Proposal.to_check)]
    says += [Proposal.why.is_not(None), Proposal.again.is_not(None)]
    words = update(Proposal).filter_by(**mine).where(or_(*says))
    emptied = how_many(session, words.values(reasons=[], to_check=[], why=None, again=None))
    changes = update(Outcome).filter_by(**mine).where(Outcome.change.is_not(None))
    emptied += how_many(session, changes.values(change=None))
    for run in session.scalars(select(Run).where(_BESIDE["runs"](student_id))):
        totals: dict[str, Any] = run.totals or {}
        run.totals = totals | {"conflict": [
            member | {"students": [], "student_ids": [], "sentence": ""} if student_id in member["student_ids"]
            else member for member in totals["conflict"]]}  # fmt: skip
    session.flush()
    return emptied


def _without_sentences(session: Session, table: Any, student_id: str, where: ColumnElement[bool]) -> None:
    """Take the sentences out of the numbers of others in which this student moves."""
    for column in (c for c in table.__table__.columns if c.name in ("change", "worth", "regret")):
        query = select(table).where(cast(column, PlainText).contains(student_id, autoescape=True), where)
        for row in session.scalars(query):
            said = getattr(row, column.name)
            if isinstance(said, dict) and said.keys() & SENTENCES:
                setattr(row, column.name, {key: value for key, value in said.items() if key not in SENTENCES})


def _take_out_of_lists(session: Session, student_id: str) -> tuple[set[str], int]:
    """Take a student's rows out of the lists that were handed in, what was wrong with them, and the files' names.

    Return the ids of these lists, and how many rows went.
    """
    did = select(UploadRow.upload_id, UploadRow.row).where(UploadRow.subject_id == student_id)
    rows = {(upload_id, row) for upload_id, row in session.execute(did)}
    for file, mine in _in_lists(session, student_id):
        kept = [pair for pair in json.loads(file.content) if pair[0] not in mine]
        file.content = json.dumps(kept, ensure_ascii=False, separators=(",", ":")).encode()
        rows |= {(file.upload_id, row) for row in mine}
    made = session.scalars(select(Profile.upload_id).where(Profile.student_id == student_id))
    lists = {upload_id for upload_id, _ in rows} | {i for i in made if i}
    plain = case(PLAIN_NAME, value=Upload.lang, else_=PLAIN_NAME["en"])
    session.execute(update(Upload).where(Upload.id.in_(lists)).values(file_name=plain))
    gone = how_many(session, delete(UploadDefect).where(_repeats(session.get_one(StoredStudent, student_id))))
    for upload_id, row in rows:
        where = (UploadDefect.upload_id == upload_id, UploadDefect.row == row)
        gone += how_many(session, delete(UploadDefect).where(*where))
    session.flush()
    return lists, gone


def empty_accounts(session: Session, ids: list[str]) -> int:
    """Close accounts for good: what they did stays under an id that names nobody. Return how many rows it took."""
    gone = len(ids)
    for name in ("SignIn", "Token", "Answer", "Draft"):
        table = getattr(tables, name)
        gone += how_many(session, delete(table).where(table.account_id.in_(ids)))
    for account in session.scalars(select(Account).where(Account.id.in_(ids))):
        account.email = account.password = account.tf_primary_method = account.tf_totp_secret = None
        account.name, account.active, account.preferences, account.must_change = "", False, {}, False
        account.fs_uniquifier = secrets.token_hex(16)
    session.flush()
    return gone


def add_erasure(session: Session, student_id: str, account_id: str | None, ground: str, now: datetime) -> None:
    """Write that a person was erased."""
    session.add(Erasure(student_id=student_id, account_id=account_id, ground=ground, at=now))
    session.flush()


def erasures(session: Session) -> list[Erasure]:
    """Every erasure that a backup may still undo."""
    return list(session.scalars(select(Erasure).order_by(Erasure.at, Erasure.student_id)))


def student(session: Session, student_id: str, *, lock: bool = False) -> StoredStudent | None:
    """The student, as stored now."""
    query = select(StoredStudent).where(StoredStudent.id == student_id).execution_options(populate_existing=True)
    return session.scalar(query.with_for_update() if lock else query)


__all__ = [
    "ERASED", "SENTENCES", "STAYS", "Erasure", "StoredStudent", "add_erasure", "any_erased", "condition",
    "empty_accounts",
    "empty_runs", "erase", "erasures", "is_erased", "marks", "own_tables", "rows_about", "student",
]  # fmt: skip
