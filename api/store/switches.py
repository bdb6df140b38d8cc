"""Switches of the service, in the database."""
from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.store.tables import Plan, Run, Switch

STOP, DAILY = "stop", "daily_run"


def switch(session: Session, name: str, *, lock: bool = False) -> Switch | None:
    """The switch as it is now; None when nobody ever set it."""
    query = select(Switch).where(Switch.name == name).execution_options(populate_existing=True)
    return session.scalar(query.with_for_update() if lock else query)


def first_look(region: str) -> str:
    """The name of the switch by which connectors of a region are asked their own judgement first; on unless set off."""
    return f"first_look_{region}"


def several(session: Session, names: list[str]) -> dict[str, Switch]:
    """Those of these switches that somebody ever set, by name."""
    return {one.name: one for one in session.scalars(select(Switch).where(Switch.name.in_(names)))}


def is_on(session: Session, name: str) -> bool:
    """Whether a switch is on."""
    return session.scalar(select(Switch.on).where(Switch.name == name)) is True


def turn(session: Session, name: str, *, on: bool, reason: str, account_id: str | None, now: datetime) -> Switch:
    """Set a switch."""
    made = switch(session, name, lock=True)
    if made is None:
        made = Switch(name=name, on=on, reason=reason, account_id=account_id, at=now)
        session.add(made)
    made.on, made.reason, made.account_id, made.at = on, reason, account_id, now
    session.flush()
    return made


def holding_runs(session: Session) -> list[Run]:
    """The runs whose plans hold anywhere, oldest first."""
    query = select(Run).where(Run.id.in_(select(Plan.run_id))).order_by(Run.created_at, Run.id)
    return list(session.scalars(query))


def waits(session: Session, regions: list[str]) -> bool:
    """Whether a run over just these regions is queued or running."""
    query = select(Run).where(Run.state.in_(("queued", "running")), Run.kind == "match")
    return any(run.regions == regions for run in session.scalars(query))


__all__ = ["DAILY", "STOP", "Switch", "first_look", "holding_runs", "is_on", "several", "switch", "turn", "waits"]
