"""The worker: takes queued runs, computes each in a process of its own, shows that it lives, stops when told to.

The row of a run is the truth. This process only claims it, watches the one that computes, and says every few seconds
that it is alive; when it dies, another worker (or this one, started again) takes the run up anew, with the same answer.
What goes wrong in between, a database that is away for one, ends no worker: it waits and tries again.
"""
from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from datetime import time as time_of_day
from types import FrameType

import structlog
from sqlalchemy.exc import DBAPIError, OperationalError

from api.behind import behind
from api.services import run_queue
from api.services.retention import carry_out
from api.services.switches import ask_daily
from api.services.upkeep import must_be_ready, open_database
from api.settings import Settings
from api.store.engine import Database
from api.web.logs import set_up_logs, unforeseen

_POLL, _BEAT, _GRACE, _MINUTE = 0.5, 1.0, 5.0, 60.0  # seconds
_AGAIN = 2.0
"""Seconds before trying again what went wrong."""
_TEMPORARY = 75
"""Exit status of a run that could not be computed now."""
_TOLD = (-signal.SIGTERM, -signal.SIGINT, 130)
"""Exit statuses of one that was told to stop, as all of a group are: no attempt is spent by that."""
_log = structlog.get_logger("worker")
_NIGHT = 3  # the hour, in UTC, after which what has had its time goes
_SOON = timedelta(minutes=10)
"""So long after a start it goes too: a machine that is on in office hours alone has no night."""


def next_night(now: datetime) -> datetime:
    """The next moment at which to tidy up, for who is up at night."""
    tonight = now.replace(hour=_NIGHT, minute=0, second=0, microsecond=0)
    return tonight if now < tonight else tonight + timedelta(days=1)


def first_tidy(started: datetime) -> datetime:
    """The moment at which to tidy up first: soon after the start, or tonight where that comes sooner."""
    return min(started + _SOON, next_night(started))


class Worker:
    """Takes runs until it is told to stop."""

    def __init__(
        self, database: Database, parent: int | None = None, daily_run: time_of_day | None = None,
        tidy: Callable[[datetime], object] | None = None,
    ) -> None:  # fmt: skip
        self.database, self.parent, self.stopping = database, parent, threading.Event()
        self.daily_run, self.asked = daily_run, 0.0
        self.tidy, self.tidy_at = tidy, first_tidy(datetime.now(UTC))

    def work(self) -> None:
        """Take runs one after the other."""
        while not self._over():
            try:
                busy = self._turn()
            except Exception as error:  # a run that it had goes silent, and is taken up again
                unforeseen(error)
                busy = False
                self.stopping.wait(_AGAIN)
            if not busy:
                self.stopping.wait(_POLL)

    def _turn(self) -> bool:
        """Do what is due; return whether there was a run."""
        self._ask_daily()
        self._tidy_nightly()
        taken = run_queue.take(self.database, datetime.now(UTC))
        if taken is not None:
            self._watch(*taken)
        return taken is not None

    def _ask_daily(self) -> None:
        """Look once a minute whether the daily runs are due."""
        if self.daily_run is None or time.monotonic() - self.asked < _MINUTE:
            return
        self.asked = time.monotonic()
        for run_id in ask_daily(self.database, self.daily_run, datetime.now(UTC)):
            _log.info("daily run asked", run=run_id)

    def _tidy_nightly(self) -> None:
        """Soon after the start and once a night, between two runs, delete what has had its time.

        What goes wrong there stops no run.
        """
        now = datetime.now(UTC)
        if self.tidy is None or now < self.tidy_at:
            return
        self.tidy_at = next_night(now)
        try:
            self.tidy(now)
        except Exception as error:
            unforeseen(error)

    def _over(self) -> bool:
        """Whether to end: told to, or the service that started us is gone."""
        return self.stopping.is_set() or (self.parent is not None and os.getppid() != self.parent)

    def _watch(self, run_id: str, attempt: int) -> None:
        began = time.monotonic()
        _log.info("run begun", run=run_id, attempt=attempt)
        child = subprocess.Popen([sys.executable, "-m", "api", "worker", "--run", f"{run_id}:{attempt}"],
                                 stdout=subprocess.PIPE, text=True)  # fmt: skip
        steps = [""]
        reader = threading.Thread(target=_follow, args=(child, steps), daemon=True)
        reader.start()
        try:
            go_on = self._accompany(child, run_id, attempt, steps)
        finally:
            if child.poll() is None:
                child.kill()  # the part that it was writing is rolled back
            child.wait(_GRACE)
            reader.join(_GRACE)
        go_on = go_on and child.returncode not in _TOLD
        fault = f"exit:{child.returncode}" if go_on and child.returncode else None
        died = go_on and (child.returncode < 0 or child.returncode == _TEMPORARY)  # by memory's end for one
        state = run_queue.give_back(self.database, run_id, attempt, datetime.now(UTC), fault=fault, died=died)
        _log.info("run ended", run=run_id, attempt=attempt, state=state, status=child.returncode,
                  seconds=round(time.monotonic() - began, 1))  # fmt: skip

    def _accompany(self, child: subprocess.Popen[str], run_id: str, attempt: int, steps: list[str]) -> bool:
        """Say of a run that it lives for as long as it may go on; return whether it came to its own end.

        Where the database does not answer it cannot be said. The run goes on: once it answers again, the run is still
        ours, or another worker took it up and it stops.
        """
        while child.poll() is None:
            try:
                child.wait(_BEAT)
            except subprocess.TimeoutExpired:
                if self._over():
                    return False
                try:
                    if not run_queue.beat(self.database, run_id, attempt, steps[0], datetime.now(UTC)):
                        return self._leaves(child, run_id)
                except DBAPIError as error:
                    unforeseen(error)
        return True

    def _leaves(self, child: subprocess.Popen[str], run_id: str) -> bool:
        """Give a process that wrote its answer the time to end; return whether it did."""
        if not run_queue.has_ended(self.database, run_id):
            return False
        with suppress(subprocess.TimeoutExpired):
            child.wait(_GRACE)
        return child.returncode is not None


def _follow(child: subprocess.Popen[str], steps: list[str]) -> None:
    assert child.stdout is not None
    for line in child.stdout:
        steps[0] = line.strip()
    child.stdout.close()


def run_worker(settings: Settings, *, of_service: bool = False) -> None:
    """Work until a signal says stop."""
    set_up_logs(settings.log_level)
    database = open_database(settings)
    must_be_ready(database)
    def tidy(now: datetime) -> None:
        carry_out(database, now=now, path=settings.data_dir, key=settings.audit_key)

    worker = Worker(database, os.getppid() if of_service else None, settings.daily_run, tidy)

    def stop(_: int, __: FrameType | None) -> None:
        worker.stopping.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    _log.info("worker started")
    worker.work()
    database.close()


def run_one(settings: Settings, run_id: str, attempt: int) -> None:
    """Compute one run: what a worker starts. Steps go to stdout, a line each."""
    set_up_logs(settings.log_level)
    database = open_database(settings)
    try:
        run_queue.compute(database, run_id, attempt, lambda step: print(step, flush=True),  # noqa: T201
                          lambda: datetime.now(UTC), aside=behind)  # fmt: skip
    except OperationalError as error:  # the database was away: nobody's fault here, and the run is taken up again
        unforeseen(error)
        sys.exit(_TEMPORARY)
    finally:
        database.close()
