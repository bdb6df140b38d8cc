"""Opening a file in a process of its own: the memory and time it takes are bounded, and no secret is near it.

The process gets the name and the bytes on its standard input and says the sheets on its standard output, as JSON:
nothing that it says is run. It has no settings of the service in its environment.
"""
from __future__ import annotations

import json
import os
import subprocess
import sys

from api.files.sheet_data import defect_of, sheet_of
from api.files.sheets import Limits, Sheet, UnusableError, unreadable

SECONDS = 10.0
"""After which a file is given up."""
MEMORY = 512 * 1024**2
"""Bytes beyond what the process itself takes."""
_SMALL = 100_000
"""Bytes of a text that is opened here: it costs less than a process does."""
_ZIP = b"PK"
_KEPT = ("PATH", "PYTHONPATH", "LANG", "LC_ALL", "SYSTEMROOT")


def is_heavy(data: bytes) -> bool:
    """Whether opening a file may take more than the file is large: it is packed, or long."""
    return data.startswith(_ZIP) or len(data) > _SMALL


def open_apart(name: str, data: bytes, limits: Limits) -> list[Sheet]:
    """Return the sheets of a file, as `api.files.opening.sheets_of` does.

    Raises
    ------
    UnusableError
        If the bytes are no table or beyond the limits, or opening them takes too much memory or time.
    """
    command = [sys.executable, "-m", "api.files.apart_child"]
    sent = json.dumps(name).encode() + b"\n" + data  # not as an argument: others on the machine may read those
    environment = {key: os.environ[key] for key in _KEPT if key in os.environ} | {"PYTHONUTF8": "1"}
    try:
        done = subprocess.run(command, input=sent, capture_output=True, timeout=SECONDS, check=True, env=environment)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        raise unreadable(name, "too_heavy", expected=limits.size) from None
    told = json.loads(done.stdout)
    if "defect" in told:
        raise UnusableError(defect_of(told["defect"]))
    return [sheet_of(one) for one in told["sheets"]]


__all__ = ["MEMORY", "SECONDS", "is_heavy", "open_apart"]
