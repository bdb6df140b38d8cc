"""The worker: takes queued runs, computes each in a process of its own, shows that it lives, stops when told to.

The row of a run is the truth. This process only claims it, watches the one that computes, and says every second that
it is alive; when it dies, another worker (or this one, started again) takes the run up anew, with the same answer.
"""
from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from types import FrameType

import structlog

from api.services import run_queue
from api.services.upkeep import must_be_ready, open_database
from api.settings import Settings
from api.store.engine import Database
from api.web.logs import set_up_logs

_POLL, _BEAT, _GRACE = 0.5, 1.0, 5.0  # seconds
_log = structlog.get_logger("worker")


class Worker:
    """Takes runs until it is told to stop."""

    def __init__(self, database: Database, parent: int | None = None) -> None:
        self.database, self.parent, self.stopping = database, parent, threading.Event()

    def work(self) -> None:
        """Take runs one after the other."""
        while not self._over():
            taken = run_queue.take(self.database, datetime.now(UTC))
            if taken is None:
                self.stopping.wait(_POLL)
                continue
            self._watch(*taken)

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
        go_on = True
        while go_on and child.poll() is None:
            try:
                child.wait(_BEAT)
            except subprocess.TimeoutExpired:
                go_on = not self._over() and run_queue.beat(self.database, run_id, attempt, steps[0], datetime.now(UTC))
        if child.poll() is None:
            child.kill()  # whatever it was writing is rolled back
        child.wait(_GRACE)
        reader.join(_GRACE)
        fault = f"exit {child.returncode}" if go_on and child.returncode else None
        run_queue.give_back(self.database, run_id, attempt, datetime.now(UTC), fault=fault)
        _log.info("run ended", run=run_id, attempt=attempt, status=child.returncode,
                  seconds=round(time.monotonic() - began, 1))  # fmt: skip


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
    worker = Worker(database, os.getppid() if of_service else None)

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
    run_queue.compute(database, run_id, attempt, lambda step: print(step, flush=True),  # noqa: T201
                      lambda: datetime.now(UTC))  # fmt: skip
    database.close()
