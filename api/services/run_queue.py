"""Runs from question to answer: asked for, computed without a database in hand, written in one transaction, stopped."""
from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from api.conflicts import conflict_as_json
from api.match_files import versions
from api.pipeline import conclude, prepare
from api.policy import Policy
from api.services.run_inputs import gather
from api.services.run_results import digest_of, rows_of, totals_of
from api.services.uploads import Conflict
from api.store import audit, queue, runs
from api.store.audit import Actor
from api.store.engine import Database
from api.store.people import Session
from matcher.errors import Infeasible, NoPlanYet

SILENT = timedelta(seconds=30)
"""A run whose worker gave no sign of life for this long is taken up again."""
MOST_ATTEMPTS = 3
_WORKER = Actor("service", None, "worker")


def ask(session: Session, actor: Actor, regions: list[str], *, on: date, lang: str, now: datetime) -> runs.Run:
    """Queue a run over regions, with the policy that holds now."""
    policy = runs.latest_policy(session) or runs.add_policy(session, "", Policy().digest(), None, now)
    run = runs.add_run(session, regions=sorted(set(regions)), on=on, policy_id=policy.id, account_id=actor.id or "",
                       lang=lang, now=now)  # fmt: skip
    audit.append(session, actor, "run.asked", ("run", run.id), now=now, regions=run.regions, policy=policy.id)
    return run


def cancel(session: Session, actor: Actor, run: runs.Run, *, now: datetime) -> None:
    """Stop a run: at once when it waits, within seconds when it runs.

    Raises
    ------
    Conflict
        If it ended already.
    """
    if run.ended_at is not None:
        raise Conflict(f"This run is {run.state} already.")
    run.stop = True
    if run.state == "queued":
        run.state, run.ended_at = "cancelled", now
    session.flush()
    audit.append(session, actor, "run.cancelled", ("run", run.id), now=now)


def take(database: Database, now: datetime) -> tuple[str, int] | None:
    """Take the oldest waiting run, after putting back those whose worker went silent; return its id and attempt."""
    with database.reading() as session:
        if queue.oldest_waiting(session) is None and not queue.any_silent(session, now - SILENT):
            return None
    with database.writing() as session:
        for lost in queue.silent(session, now - SILENT):
            if lost.attempts >= MOST_ATTEMPTS:
                end(session, lost, "failed", now, fault="lost")
            else:
                lost.state = "queued"
        session.flush()
        run = queue.claim(session, now)
        return None if run is None else (run.id, run.attempts)


def beat(database: Database, run_id: str, attempt: int, step: str, now: datetime) -> bool:
    """Say that a run is alive and what it is doing; return whether it may go on."""
    with database.writing() as session:
        run = queue.run_by_id(session, run_id, lock=True)
        if run is None or run.state != "running" or run.attempts != attempt:
            return False
        run.beat_at, run.step = now, step or run.step
        return not run.stop


def give_back(database: Database, run_id: str, attempt: int, now: datetime, *, fault: str | None) -> None:
    """End an attempt that gave no answer: stopped, failed (``fault``), or to be taken up again."""
    with database.writing() as session:
        run = queue.run_by_id(session, run_id, lock=True)
        if run is None or run.state != "running" or run.attempts != attempt:
            return
        if run.stop:
            end(session, run, "cancelled", now)
        elif fault is not None:
            end(session, run, "failed", now, fault=fault)
        else:
            run.state, run.attempts = "queued", run.attempts - 1


def compute(database: Database, run_id: str, attempt: int, step: Callable[[str], None],
            clock: Callable[[], datetime]) -> str:  # fmt: skip
    """Compute a run and write its answer; return the state it ended in ("" when it was not ours any more)."""
    with database.reading() as session:
        run = queue.run_by_id(session, run_id)
        if run is None:
            return ""
        inputs = gather(session, run)
    step("score")
    case = prepare([s for _, _, s in inputs.students], [o for _, _, o in inputs.openings], inputs.policy,
                   inputs.decisions, on=inputs.on)  # fmt: skip
    ended: dict[str, Any] = {"state": "done", "fault": None, "digest": case.digest, "versions": versions()}
    rows: dict[str, Any] | None = None
    try:
        report = conclude(case, lang=inputs.lang, versions=versions(), step=step)
        rows = rows_of(report, inputs)
        ended |= {"totals": totals_of(report), "answer": digest_of(rows)}
    except Infeasible as conflict:
        keys = [s.key for s in case.students], [o.key for o in case.openings]
        told = conflict_as_json(conflict.conflict, case.problem, *keys, inputs.lang)
        ended |= {"state": "failed", "fault": "infeasible", "totals": {"conflict": told}}
    except NoPlanYet:
        ended |= {"state": "failed", "fault": "time_limit"}
    step("write")
    with database.writing() as session:
        run = queue.run_by_id(session, run_id, lock=True)
        if run is None or run.state != "running" or run.attempts != attempt or run.stop:
            return ""
        if rows is not None:
            runs.write_result(session, run_id, **rows)
        for name in ("digest", "versions", "totals", "answer"):
            setattr(run, name, ended.get(name))
        end(session, run, ended["state"], clock(), fault=ended["fault"])
        return str(ended["state"])


def end(session: Session, run: runs.Run, state: str, now: datetime, *, fault: str | None = None) -> None:
    """Write that a run ended."""
    run.state, run.ended_at, run.fault, run.step = state, now, fault, ""
    session.flush()
    audit.append(session, _WORKER, f"run.{state}", ("run", run.id), now=now, fault=fault, attempt=run.attempts,
                 digest=run.digest, answer=run.answer)  # fmt: skip
