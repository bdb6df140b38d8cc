"""Which card a connector has open now, in the database: a row per connector, which says where they are and no more."""
from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from api.store.tables import Account, OpenCard


def is_at(session: Session, account_id: str, student_id: str, opening_id: str, since: datetime) -> bool:
    """Whether it is known since then that somebody has this card open."""
    found = select(OpenCard.at).where(OpenCard.account_id == account_id, OpenCard.student_id == student_id,
                                      OpenCard.opening_id == opening_id, OpenCard.at >= since)  # fmt: skip
    return session.scalar(found) is not None


def set_at(session: Session, account_id: str, student_id: str, opening_id: str, now: datetime) -> None:
    """Somebody has a card open, and no other any more."""
    insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
    place = {"student_id": student_id, "opening_id": opening_id, "at": now}
    made = insert(OpenCard).values(account_id=account_id, **place)
    session.execute(made.on_conflict_do_update(index_elements=[OpenCard.account_id], set_=place))


def others_at(session: Session, account_id: str, student_id: str, opening_id: str, since: datetime) -> list[str]:
    """The names of others who have this card open since then."""
    query = (
        select(Account.name)
        .join(OpenCard, OpenCard.account_id == Account.id)
        .where(OpenCard.student_id == student_id, OpenCard.opening_id == opening_id, OpenCard.at >= since,
               OpenCard.account_id != account_id)
        .order_by(Account.name)
    )  # fmt: skip
    return list(session.scalars(query))


__all__ = ["is_at", "others_at", "set_at"]
