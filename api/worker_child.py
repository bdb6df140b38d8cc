"""The worker of runs as a child of who serves, kept going by a small process between them.

Run as ``python -m api.worker_child`` it is that process: it starts the worker, starts it again when it ends (killed for
want of memory, say), and stops it when told to or when who serves is gone. It loads nothing of the service itself.
"""
from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time

from api.settings import Settings

_PATIENCE = 10
"""Seconds that a stopping worker gets; who waits for the process between gives it a little more."""
_LOOK, _SOON, _LATER = 0.5, 1.0, 60.0
"""Seconds: how often to look, and from how soon to how late to start again what ends at once each time."""


def begin_worker(settings: Settings) -> subprocess.Popen[bytes] | None:
    """Start what keeps the worker of runs going, unless it runs elsewhere."""
    if settings.worker != "child":
        return None
    return subprocess.Popen([sys.executable, "-m", "api.worker_child"])


def end_worker(worker: subprocess.Popen[bytes] | None, patience: float = _PATIENCE + 2) -> None:
    """Stop the worker: what it computes is given back to the queue."""
    if worker is None:
        return
    worker.terminate()
    try:
        worker.wait(patience)
    except subprocess.TimeoutExpired:
        worker.kill()
        worker.wait()


def keep() -> None:
    """Keep a worker going until a signal says stop, or who started this process is gone."""
    parent, stopping = os.getppid(), threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    pause = _SOON
    while not stopping.is_set() and os.getppid() == parent:
        began, worker = time.monotonic(), subprocess.Popen([sys.executable, "-m", "api", "worker", "--of-service"])
        while worker.poll() is None and not stopping.wait(_LOOK) and os.getppid() == parent:
            pass
        if worker.poll() is not None:
            told = {"event": "worker ended", "level": "error", "status": worker.returncode}
            sys.stderr.write(json.dumps(told) + "\n")
        end_worker(worker, _PATIENCE)
        pause = _SOON if time.monotonic() - began > _LATER else min(2 * pause, _LATER)
        stopping.wait(0 if os.getppid() != parent else pause)


if __name__ == "__main__":
    keep()
