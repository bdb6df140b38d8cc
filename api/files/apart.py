"""Opening a file in a process of its own: the memory and time it takes are bounded, and no secret is near it.

The process gets the name and the bytes on its standard input and says the sheets on its standard output, as JSON:
nothing that it says is run. It has no settings of the service in its environment.
"""
from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

from api.files.sheet_data import defect_of, sheet_of
from api.files.sheets import Limits, Sheet, UnusableError, unreadable

SECONDS = 10.0
"""After which a file is given up."""
MEMORY = 512 * 1024**2
"""Bytes beyond what the process itself takes."""
_SMALL = 100_000
"""Bytes of a text that is opened here: it costs less than a process does."""
_ZIP = b"PK"
_KEPT = ("PATH", "LANG", "LC_ALL", "SYSTEMROOT", "LD_LIBRARY_PATH", "PYTHONHOME")
_ROOT = str(Path(__file__).resolve().parents[2])
_ENDS = ("SIGKILL", "SIGXCPU", "SIGABRT", "SIGSEGV")
_KILLED = tuple(-int(getattr(signal, name)) for name in _ENDS if hasattr(signal, name))
"""How it ends that took too much: by the system, by its own limits, or by a part that found no memory."""


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
    command = [sys.executable, "-P", "-m", "api.files.apart_child"]  # nothing of the folder that it is started in
    sent = json.dumps(name).encode() + b"\n" + data  # not as an argument: others on the machine may read those
    environment = {key: os.environ[key] for key in _KEPT if key in os.environ}
    environment |= {"PYTHONUTF8": "1", "PYTHONPATH": os.pathsep.join([_ROOT, *map(os.path.abspath, _elsewhere())])}
    try:
        done = subprocess.run(command, input=sent, capture_output=True, timeout=SECONDS, check=False, env=environment)
    except subprocess.TimeoutExpired:
        raise unreadable(name, "too_heavy", expected=limits.size) from None
    if done.returncode in _KILLED:
        raise unreadable(name, "too_heavy", expected=limits.size)
    if done.returncode:  # that is our fault; what it said of it may hold cells
        raise RuntimeError(f"the process that opens files ended with {done.returncode}")
    told = json.loads(done.stdout)
    if told.get("heavy"):
        raise unreadable(name, "too_heavy", expected=limits.size)
    if "defect" in told:
        raise UnusableError(defect_of(told["defect"]))
    return [sheet_of(one) for one in told["sheets"]]


def _elsewhere() -> list[str]:
    """Folders that were named to look for modules in."""
    return [one for one in os.environ.get("PYTHONPATH", "").split(os.pathsep) if one]


__all__ = ["MEMORY", "SECONDS", "is_heavy", "open_apart"]
