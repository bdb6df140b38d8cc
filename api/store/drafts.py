"""Drafts in the database: work that somebody began and has not finished."""
from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from api.store.paging import START, Place, newest
from api.store.tables import AuditEvent, Draft, Grant


def add_draft(
    session: Session, kind: str, account_id: str, organisation_id: str | None, *, step: str, content: dict[str, Any],
    now: datetime,
) -> Draft:  # fmt: skip
    """Begin a draft."""
    made = Draft(kind=kind, account_id=account_id, organisation_id=organisation_id, step=step, content=content,
                 created_at=now, changed_at=now)  # fmt: skip
    session.add(made)
    session.flush()
    return made


def draft_by_id(session: Session, draft_id: str, *, lock: bool = False) -> Draft | None:
    """The draft, as it is now."""
    query = select(Draft).where(Draft.id == draft_id).execution_options(populate_existing=True)
    return session.scalar(query.with_for_update() if lock else query)


def drafts_of(
    session: Session, kind: str, organisation_ids: list[str], since: datetime, *, after: Place = START,
    limit: int | None = None,
) -> list[Draft]:  # fmt: skip
    """The drafts of one kind of organisations, last changed first, that were changed after ``since``."""
    query = select(Draft).where(Draft.kind == kind, Draft.organisation_id.in_(organisation_ids))
    return newest(session, query.where(Draft.changed_at > since), Draft, Draft.changed_at, after=after, limit=limit)


def lists_of(session: Session, organisation_id: str, *, lock: bool = False) -> list[Draft]:
    """The unfinished lists of leavers of a school or referrer, as they are now."""
    query = select(Draft).where(Draft.kind == "upload", Draft.organisation_id == organisation_id).order_by(Draft.id)
    found = session.scalars((query.with_for_update() if lock else query).execution_options(populate_existing=True))
    return [draft for draft in found if draft.content["kind"] == "leavers"]


def gone_since(session: Session, organisation_id: str, moment: datetime) -> set[str]:
    """The ids of drafts that somebody of an organisation began since then, by the log, and that are there no more."""
    of = select(Grant.account_id).where(Grant.organisation_id == organisation_id)
    query = select(AuditEvent.subject_id).where(
        AuditEvent.action == "draft.begun", AuditEvent.at >= moment, AuditEvent.actor_id.in_(of),
        ~exists().where(Draft.id == AuditEvent.subject_id))  # fmt: skip
    return set(session.scalars(query))


def change(session: Session, draft: Draft, content: dict[str, Any], step: str, now: datetime) -> None:
    """Keep what was filled in since."""
    draft.content, draft.step, draft.changed_at = content, step, now
    session.flush()


def remove(session: Session, draft: Draft) -> None:
    """Let a draft go: it was finished, or is not wanted any more."""
    session.delete(draft)
    session.flush()


__all__ = ["Draft", "Session", "add_draft", "change", "draft_by_id", "drafts_of", "gone_since", "lists_of", "remove"]
