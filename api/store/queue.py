"""The queue of runs: the rows themselves, claimed one by one, taken back from a worker that went silent."""
from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from api.store.tables import Run


def oldest_waiting(session: Session) -> datetime | None:
    """Since when the oldest queued run waits."""
    return session.scalar(select(Run.created_at).where(Run.state == "queued").order_by(Run.created_at).limit(1))


def claim(session: Session, now: datetime) -> Run | None:
    """Take the oldest queued run; others pass it by."""
    query = select(Run).where(Run.state == "queued").order_by(Run.created_at, Run.id).limit(1)
    run = session.scalar(query.with_for_update(skip_locked=True))
    if run is not None:
        run.state, run.beat_at, run.step, run.attempts = "running", now, "read", run.attempts + 1
        session.flush()
    return run


def silent(session: Session, before: datetime) -> list[Run]:
    """Runs whose worker gave no sign of life since ``before``."""
    query = select(Run).where(Run.state == "running", Run.beat_at < before).with_for_update(skip_locked=True)
    return list(session.scalars(query))


def run_by_id(session: Session, run_id: str, *, lock: bool = False) -> Run | None:
    """The run, as it is now."""
    query = select(Run).where(Run.id == run_id).execution_options(populate_existing=True)
    return session.scalar(query.with_for_update() if lock else query)


def any_silent(session: Session, before: datetime) -> bool:
    """Whether a worker gave no sign of life since ``before``."""
    return session.scalar(select(Run.id).where(Run.state == "running", Run.beat_at < before).limit(1)) is not None


def counts(session: Session) -> dict[str, int]:
    """How many runs there are per state."""
    return dict(session.execute(select(Run.state, func.count()).group_by(Run.state)).all())
