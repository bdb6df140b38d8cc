"""The stop switch, which halts every run, and the daily run, which computes every plan that holds anew.

While the switch is on, no worker takes up a run and none writes an answer: within seconds whoever computes gives the
run back to the queue, where it waits until the switch is set back.
"""
from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

from api.store import audit, runs, switches
from api.store.audit import Actor
from api.store.engine import Database
from api.store.people import Session

ZONE = ZoneInfo("Europe/Amsterdam")
UNSET = 0
"""The version of a switch that nobody ever set."""
_WORKER = Actor("service", None, "worker")


def stop_switch(session: Session) -> switches.Switch | None:
    """The stop switch as it is; None: off, and never set."""
    return switches.switch(session, switches.STOP)


def set_stop(session: Session, actor: Actor, *, on: bool, reason: str, now: datetime) -> switches.Switch:
    """Set the stop switch, with the reason."""
    made = switches.turn(session, switches.STOP, on=on, reason=reason, account_id=actor.id, now=now)
    audit.append(session, actor, "switch.on" if on else "switch.off", ("switch", switches.STOP), now=now)
    return made


def is_stopped(session: Session) -> bool:
    """Whether the stop switch is on."""
    return switches.is_on(session, switches.STOP)


def ask_daily(database: Database, at: time | None, now: datetime) -> list[str]:
    """Queue the daily runs when it is time; return their ids. ``at`` is a time in the Netherlands, None: never.

    Every plan that holds is computed anew over the regions of its run, in the name of who took it over. A day that
    was missed is made up for once; a day on which the switch is on waits for it.
    """
    local = now.astimezone(ZONE)
    if at is None or local.time() < at:
        return []
    due = datetime.combine(local.date(), at, ZONE)
    with database.reading() as session:
        last = switches.switch(session, switches.DAILY)
        if (last is not None and last.at >= due) or is_stopped(session):
            return []
    with database.writing() as session:
        last = switches.switch(session, switches.DAILY, lock=True)
        if last is not None and last.at >= due:
            return []
        switches.turn(session, switches.DAILY, on=True, reason="", account_id=None, now=now)
        policy, made = runs.latest_policy(session), []
        for held in switches.holding_runs(session):
            if switches.waits(session, held.regions) or policy is None:
                continue
            run = runs.add_run(session, regions=held.regions, on=local.date(), policy_id=policy.id,
                               account_id=held.judged_by or held.account_id, lang=held.lang, now=now)  # fmt: skip
            audit.append(session, _WORKER, "run.asked", ("run", run.id), now=now, regions=run.regions,
                         policy=policy.id, after=held.id)  # fmt: skip
            made.append(run.id)
        return made


__all__ = ["UNSET", "ask_daily", "is_stopped", "set_stop", "stop_switch"]
