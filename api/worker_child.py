"""The worker of runs as a child of who serves; loads nothing of the service itself."""
from __future__ import annotations

import subprocess
import sys

from api.settings import Settings

_PATIENCE = 10  # seconds that a stopping worker gets


def begin_worker(settings: Settings) -> subprocess.Popen[bytes] | None:
    """Start the worker of runs as a child, unless it runs elsewhere."""
    if settings.worker != "child":
        return None
    return subprocess.Popen([sys.executable, "-m", "api", "worker", "--of-service"])


def end_worker(worker: subprocess.Popen[bytes] | None) -> None:
    """Stop the worker: what it computes is given back to the queue."""
    if worker is None:
        return
    worker.terminate()
    try:
        worker.wait(_PATIENCE)
    except subprocess.TimeoutExpired:
        worker.kill()
        worker.wait()
