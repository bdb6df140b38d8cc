"""What figures of deciding are counted from: when somebody first had a card open, and every word with that moment."""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import and_, func, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from api.store.tables import Decided, OpenedCard, Proposal, Run, StoredStudent


class Word(NamedTuple):
    """A decision as figures count it; ``planned_at`` is when the run of its proposal was made, ``opened_at`` when its
    author first had the card of the pair open, in whichever plan, also afterwards.
    """

    region: str | None
    account_id: str
    student_id: str
    opening_id: str
    word: str
    rank: int
    off_list: bool
    decided_at: datetime
    planned_at: datetime
    opened_at: datetime | None


def has_opened(session: Session, account_id: str, proposal_id: str) -> bool:
    """Whether it is written that somebody has had this card open."""
    return session.get(OpenedCard, (proposal_id, account_id)) is not None


def add_opened(session: Session, account_id: str, proposal_id: str, now: datetime) -> None:
    """Somebody has a card open; it stays when that was first, whichever of two requests comes first."""
    insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
    session.execute(insert(OpenedCard).values(proposal_id=proposal_id, account_id=account_id, at=now)
                    .on_conflict_do_nothing())  # fmt: skip


def kept_since(session: Session) -> datetime | None:
    """Since when it is known which cards were opened: of earlier words nobody can tell. None: of no card yet."""
    return session.scalar(select(func.min(OpenedCard.at)))


def words(session: Session, regions: Iterable[str], begins: datetime, ends: datetime) -> Sequence[Word]:
    """Every word on students who are of these regions today, from ``begins`` up to ``ends``, taken back or not."""
    here = StoredStudent.region_code.in_(sorted(regions))
    # Every plan gives a pair another proposal: who read its card under Monday's has looked at it on Tuesday.
    first = (
        select(Proposal.student_id, Proposal.opening_id, OpenedCard.account_id, func.min(OpenedCard.at).label("at"))
        .join(Proposal, Proposal.id == OpenedCard.proposal_id)
        .join(StoredStudent, StoredStudent.id == Proposal.student_id)
        .where(here)
        .group_by(Proposal.student_id, Proposal.opening_id, OpenedCard.account_id)
        .subquery()
    )
    query = (
        select(StoredStudent.region_code, Decided.account_id, Decided.student_id, Decided.opening_id, Decided.word,
               Proposal.rank, Proposal.added_by.is_not(None), Decided.decided_at, Run.created_at, first.c.at)
        .select_from(Decided)
        .join(StoredStudent, StoredStudent.id == Decided.student_id)
        .join(Proposal, Proposal.id == Decided.proposal_id)
        .join(Run, Run.id == Proposal.run_id)
        .outerjoin(first, and_(first.c.student_id == Decided.student_id, first.c.opening_id == Decided.opening_id,
                               first.c.account_id == Decided.account_id))
        .where(here, Decided.decided_at >= begins, Decided.decided_at < ends)
        .order_by(Decided.decided_at, Decided.id)
    )  # fmt: skip
    return [Word(*row) for row in session.execute(query)]


__all__ = ["Word", "add_opened", "has_opened", "kept_since", "words"]
