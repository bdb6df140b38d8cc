"""Runs from question to answer: asked for, computed without a database in hand, written in parts, stopped.

Nobody sees a part before the run is done, and it is done only when all that went in is still there.
"""
from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from api.conflicts import conflict_as_json
from api.match_files import versions
from api.pipeline import conclude, prepare
from api.services.group_questions import answer
from api.services.run_inputs import Inputs, Read, arrange, policy_that_holds, read
from api.services.run_results import digest_of, rows_of, totals_of
from api.services.switches import is_stopped
from api.services.uploads import Conflict
from api.store import audit, persons, queue, runs
from api.store.audit import Actor
from api.store.engine import BrokenRule, Database
from api.store.people import Session
from matcher.errors import Infeasible, NoPlanYet

SILENT = timedelta(seconds=30)
"""A run whose worker gave no sign of life for this long is taken up again."""
_PULSE = timedelta(seconds=5)
"""How often a run says that it is alive while it does the same."""
MOST_ATTEMPTS = 3
STEPS = ("read", "score", "solve", "verify", "explain", "write")
"""What a run does, in order."""
_WORKER = Actor("service", None, "worker")
_LET_OTHERS = 0.01
"""Seconds, at the least, between two parts of an answer, in which whoever waits comes in."""
Answer = tuple[dict[str, Any], dict[str, Any] | None]
"""How a run ends, and the rows of its answer, if there is one."""


def at_once(act: Callable[[], Answer]) -> Answer:
    """Do it here and now."""
    return act()


def ask(session: Session, actor: Actor, regions: list[str], *, on: date, lang: str, now: datetime) -> runs.Run:
    """Queue a run over regions, with the policy that holds now."""
    policy_id = policy_that_holds(session, now)
    run = runs.add_run(session, regions=sorted(set(regions)), on=on, policy_id=policy_id, account_id=actor.id or "",
                       lang=lang, now=now)  # fmt: skip
    audit.append(session, actor, "run.asked", ("run", run.id), now=now, regions=run.regions, policy=policy_id)
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
        if is_stopped(session):
            return None
    with database.writing() as session:
        given_up = [lost.id for lost in queue.silent(session, now - SILENT) if _take_up_again(session, lost, now)]
        session.flush()
        run = None if is_stopped(session) else queue.claim(session, now)
        taken = None if run is None else (run.id, run.attempts)
    for run_id in given_up:
        _clear(database, run_id)
    return taken


def beat(database: Database, run_id: str, attempt: int, step: str, now: datetime) -> bool:
    """Say that a run is alive and what it is doing; return whether it may go on.

    Whether to stop is asked every time; that it lives is written when there is something new to say, for every change
    holds up who decides.
    """
    with database.reading() as session:
        run = queue.run_by_id(session, run_id)
        if run is not None and run.step == (step or run.step) and run.beat_at and now - run.beat_at < _PULSE:
            return _goes_on(session, run, attempt)
    with database.writing() as session:
        run = queue.run_by_id(session, run_id, lock=True)
        if run is None or run.state != "running" or run.attempts != attempt:
            return False
        run.beat_at, run.step = now, step or run.step
        return _goes_on(session, run, attempt)


def _goes_on(session: Session, run: runs.Run | None, attempt: int) -> bool:
    """Whether a run is still this attempt's, and nobody stopped it."""
    return (run is not None and run.state == "running" and run.attempts == attempt
            and not run.stop and not is_stopped(session))  # fmt: skip


def _take_up_again(session: Session, run: runs.Run, now: datetime) -> bool:
    """Let an attempt that died be followed by another, but not for ever; return whether it is given up."""
    if run.attempts >= MOST_ATTEMPTS:
        end(session, run, "failed", now, fault="lost")
        return True
    run.state = "queued"
    return False


def _clear(database: Database, run_id: str) -> None:
    """Of a run that gave no answer, take away what an attempt had begun to write."""
    for part in runs.parts_away(run_id):
        with database.writing() as session:
            part(session)


def give_back(
    database: Database, run_id: str, attempt: int, now: datetime, *, fault: str | None, died: bool = False
) -> str:
    """End an attempt that gave no answer: stopped, failed (``fault``), killed (``died``), or to be taken up again.

    Returns the state that the run is in.
    """
    with database.writing() as session:
        run = queue.run_by_id(session, run_id, lock=True)
        if run is None or run.state != "running" or run.attempts != attempt:
            return "" if run is None else run.state
        if run.stop:
            end(session, run, "cancelled", now)
        elif died:
            _take_up_again(session, run, now)
        elif fault is not None:
            end(session, run, "failed", now, fault=fault)
        else:
            run.state, run.attempts = "queued", run.attempts - 1
        state, ended = run.state, run.ended_at is not None
    if ended:
        _clear(database, run_id)
    return state


def has_ended(database: Database, run_id: str) -> bool:
    """Whether a run came to its end, whichever."""
    with database.reading() as session:
        run = queue.run_by_id(session, run_id)
        return run is None or run.ended_at is not None


def compute(
    database: Database, run_id: str, attempt: int, step: Callable[[str], None], clock: Callable[[], datetime],
    *, aside: Callable[[Callable[[], Answer]], Answer] = at_once,
) -> str:
    """Compute a run and write its answer; return the state it ended in ("" when it was not ours any more).

    ``aside`` does what takes long and needs no database, so that it alone can step back for others: who holds a
    database up must not be slow.
    """
    with database.reading() as session:
        run = queue.run_by_id(session, run_id)
        if run is None:
            return ""
        found, question = read(session, run), run.question if run.kind == "group" else None
    ended, rows = aside(partial(_ended, found, run, question, step))
    step("write")
    try:
        for part in () if rows is None else runs.parts_of_result(run_id, **rows):
            begun = time.monotonic()
            with database.writing() as session:
                if _still_ours(session, run_id, attempt) is None:
                    return ""
                part(session)
            time.sleep(max(_LET_OTHERS, 2 * (time.monotonic() - begun)))  # two thirds of the time are theirs
        with database.writing() as session:
            run = _still_ours(session, run_id, attempt)
            if run is None:
                return ""
            # In line with erasing: whoever erases holds the log's end, and so sees these rows or is seen here.
            audit.hold(session)
            if not persons.any_erased(session, [student_id for student_id, *_ in found.students]):
                for name in ("basis", "digest", "versions", "totals", "answer"):
                    setattr(run, name, ended.get(name))
                end(session, run, ended["state"], clock(), fault=ended.get("fault"))
                return str(ended["state"])
    except BrokenRule:  # a list was undone, or the like: what a row points at is not there any more
        pass
    return _anew(database, run_id, attempt, clock())


def _anew(database: Database, run_id: str, attempt: int, now: datetime) -> str:
    """Give back a run of which the ground changed, with nothing of it left; return the state it is in."""
    for part in runs.parts_away(run_id):
        with database.writing() as session:
            if _still_ours(session, run_id, attempt) is None:
                return ""
            part(session)
    with database.writing() as session:
        run = _still_ours(session, run_id, attempt)
        if run is None:
            return ""
        _take_up_again(session, run, now)
        return run.state


def _ended(found: Read, run: runs.Run, question: dict[str, Any] | None, step: Callable[[str], None]) -> Answer:
    """What comes of what was read."""
    inputs = arrange(found, run)
    step("score")
    return _answered(inputs, question, step) if question is not None else _computed(inputs, step)


def _still_ours(session: Session, run_id: str, attempt: int) -> runs.Run | None:
    """The run, if this attempt is still the one that may write; it cannot change before the transaction ends."""
    run = queue.run_by_id(session, run_id, lock=True)
    return run if _goes_on(session, run, attempt) else None


def _computed(inputs: Inputs, step: Callable[[str], None]) -> Answer:
    """The plan."""
    case = prepare([s for _, _, s in inputs.students], [o for _, _, o in inputs.openings], inputs.policy,
                   inputs.decisions, on=inputs.on, before=inputs.before)  # fmt: skip
    ended: dict[str, Any] = {"digest": case.digest, "versions": versions(), "basis": inputs.basis}
    try:
        report = conclude(case, lang=inputs.lang, versions=versions(), step=step)
    except Infeasible as conflict:
        keys = [s.key for s in case.students], [o.key for o in case.openings]
        told = conflict_as_json(conflict.conflict, case.problem, *keys, inputs.lang)
        ids = {student.key: student_id for student_id, _, student in inputs.students}
        places = {opening.key: opening_id for opening_id, _, opening in inputs.openings}
        for member in told:  # so that what is said of somebody is found by who exports or erases
            member["student_ids"] = [ids[key] for key in member["students"]]
            member["opening_ids"] = [places[key] for key in member["openings"]]
        return ended | {"state": "failed", "fault": "infeasible", "totals": {"conflict": told}}, None
    except NoPlanYet:
        return ended | {"state": "failed", "fault": "time_limit"}, None
    rows = rows_of(report, inputs)
    return ended | {"state": "done", "totals": totals_of(report), "answer": digest_of(rows)}, rows


def _answered(inputs: Inputs, question: dict[str, Any], step: Callable[[str], None]) -> Answer:
    """The answer to a question about a group; it stands in the run itself."""
    step("solve")
    try:
        return {"state": "done", "totals": answer(inputs, question), "versions": versions()}, None
    except Infeasible:
        return {"state": "failed", "fault": "infeasible"}, None
    except NoPlanYet:
        return {"state": "failed", "fault": "time_limit"}, None


def end(session: Session, run: runs.Run, state: str, now: datetime, *, fault: str | None = None) -> None:
    """Write that a run ended."""
    run.state, run.ended_at, run.fault, run.step = state, now, fault, ""
    session.flush()
    audit.append(session, _WORKER, f"run.{state}", ("run", run.id), now=now, fault=fault, attempt=run.attempts,
                 digest=run.digest, answer=run.answer)  # fmt: skip
