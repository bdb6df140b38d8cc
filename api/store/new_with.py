"""What there is beside students and openings that were new with a list: what goes with them, and what keeps them.

Every table that points at them keeps them, one that is added later as well, except what only says that somebody
looked or prepared something: looks, open cards, drafts, a code that nobody used and the account that waits for it.
"""
from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, delete, exists, or_, select
from sqlalchemy.orm import Session

from api.store.base import Base
from api.store.tables import Account, Code, Destination, Draft, Grant, OpenCard, Seen, SignIn, StoredOpening

_GO = ("profiles", "opening_versions", "seats", "seen", "open_cards", "codes", "grants", "destinations")
"""Tables of which rows go along, or are looked at by themselves."""
WORDS = {
    "run_students": "run", "run_openings": "run", "proposals": "run", "outcomes": "run", "opening_outcomes": "run",
    "mandates": "mandate", "questions": "question", "help_requests": "help_request", "consents": "consent",
    "agreements": "agreement", "decisions": "decision",
}  # fmt: skip
"""What a table that points at them holds; what stands here nowhere is `OTHER`."""
OTHER = "other"


def keepers(session: Session, parent: Any, gone: Select[Any], stored_at: datetime | None) -> set[str]:
    """What keeps students or openings (their ids are ``gone``) that a list stored at ``stored_at``, as in `WORDS`."""
    found = set()
    for table in Base.metadata.sorted_tables:
        if table.name not in _GO and any(_is_there(session, table, column.in_(gone)) for column in _to(table, parent)):
            found.add(WORDS.get(table.name, OTHER))
    return found if parent is StoredOpening else found | _people(session, gone, stored_at)


def _people(session: Session, gone: Select[Any], stored_at: datetime | None) -> set[str]:
    own = or_(Destination.source != "list", Destination.reported_at.is_distinct_from(stored_at))
    asked: dict[str, tuple[Any, ...]] = {
        "coach": (Grant, Grant.student_id.in_(gone), Grant.role == "coach"),
        "mandate": (Grant, Grant.student_id.in_(gone), Grant.role == "parent"),
        "account": (Grant, Grant.student_id.in_(gone), Grant.role == "student", ~_waits()),
        "used_code": (Code, Code.student_id.in_(gone), Code.used_at.is_not(None)),
        "destination": (Destination, Destination.student_id.in_(gone), own),
    }
    return {word for word, (table, *where) in asked.items() if _is_there(session, table.__table__, *where)}


def let_go(session: Session, ids: Sequence[str]) -> None:
    """Delete what goes along with students, openings or vacancies of which nothing is left."""
    accounts = list(session.scalars(select(Grant.account_id).where(Grant.role == "student", Grant.student_id.in_(ids))))
    for table, column in (
        (Seen, Seen.student_id), (OpenCard, OpenCard.student_id), (OpenCard, OpenCard.opening_id),
        (Draft, Draft.subject_id), (Code, Code.student_id), (Grant, Grant.student_id),
    ):  # fmt: skip
        session.execute(delete(table).where(column.in_(ids)))
    session.execute(delete(Account).where(Account.id.in_(accounts)))


def _waits() -> ColumnElement[bool]:
    """Whether the account of a right came with a code for paper, and nobody signed in to it yet."""
    return exists().where(Account.id == Grant.account_id, Account.email.is_(None)) & ~exists().where(
        SignIn.account_id == Grant.account_id
    )


def _to(table: Table, parent: Any) -> list[ColumnElement[Any]]:
    """The columns of a table that point at a record by its id."""
    key = parent.__table__.c.id
    return [one.parent for one in table.foreign_keys if one.column is key]


def _is_there(session: Session, table: Table, *where: ColumnElement[bool]) -> bool:
    return session.execute(select(1).select_from(table).where(*where).limit(1)).first() is not None


__all__ = ["OTHER", "WORDS", "keepers", "let_go"]
