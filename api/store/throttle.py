"""How often something was asked, counted in the database so that it holds across processes."""
from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from api.store.tables import RequestCount

_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


def begin_of(window: timedelta, now: datetime) -> datetime:
    """When the window began that ``now`` is in."""
    return now - (now - _EPOCH) % window


def add(session: Session, what: str, who: str, window: timedelta, now: datetime, *, times: int = 1) -> int:
    """Count so many more in this window and return how many that makes; one step, so that no two get one number."""
    insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
    row = {"what": what, "who": who, "window": begin_of(window, now), "number": times}
    keys = [RequestCount.what, RequestCount.who, RequestCount.window]
    counted = insert(RequestCount).values(row).on_conflict_do_update(
        index_elements=keys, set_={"number": RequestCount.number + times}
    )  # fmt: skip
    number: int = session.execute(counted.returning(RequestCount.number)).scalar_one()
    return number


def number(session: Session, what: str, who: str, window: timedelta, now: datetime) -> int:
    """How many there were in this window."""
    same = (RequestCount.what == what, RequestCount.who == who, RequestCount.window == begin_of(window, now))
    return session.scalar(select(RequestCount.number).where(*same)) or 0


__all__ = ["add", "begin_of", "number"]
