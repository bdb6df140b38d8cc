"""Who may go first at a database of SQLite: a queue beside the file, so that nobody waits by guessing.

SQLite keeps order by itself, but who finds it busy looks again after ever longer naps, up to a tenth of a second, and
a change that waits for readers to leave keeps the next readers out meanwhile: under load everybody sleeps while the
database is free. Here every transaction first passes a turnstile: locks of the operating system on three small files,
which processes and threads share and which fall open when a process dies.

- ``writers``: one changes at a time; the rest stand in line from the start of their transaction.
- ``gate``: held together by who reads, and alone by who puts a change on disk.
- ``turn``: shut by who waits for the gate, so that new readers do not go before a change that is ready.

The turnstile only saves waiting. Nothing rests on it: after `PATIENCE`, or where no file can be made, people go on all
the same, and SQLite's own locks decide, as they do for other programs that open the file.
"""
from __future__ import annotations

import fcntl
import os
import time
from contextlib import suppress
from pathlib import Path

PATIENCE = 5.0
"""Seconds before somebody goes on without it."""
_LOOK = 0.001
"""Seconds between looks: the system can wake who waits, but not let go again who waited too long."""
_FILES = ("writers", "turn", "gate")


class Turnstile:
    """The turnstile of one connection to a database file; ``path`` is the file."""

    def __init__(self, path: str) -> None:
        folder, self._files = Path(f"{path}-turnstile"), {}
        with suppress(OSError):  # a copy on a disk that cannot be written
            folder.mkdir(mode=0o700, exist_ok=True)
            for name in _FILES:  # a lock goes with the opened file, so every connection opens its own
                self._files[name] = os.open(folder / name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def read(self) -> None:
        """Come in to read."""
        self._wait("turn", fcntl.LOCK_SH)
        self._wait("gate", fcntl.LOCK_SH)
        self._leave("turn")

    def write(self) -> None:
        """Come in to write, after who came before."""
        self._wait("writers", fcntl.LOCK_EX)

    def keep(self) -> None:
        """Be alone, to put on disk what was written; who reads is let out first."""
        self._wait("turn", fcntl.LOCK_EX)
        self._wait("gate", fcntl.LOCK_EX)

    def leave(self) -> None:
        """Go out, whatever one came for."""
        for name in ("gate", "turn", "writers"):
            self._leave(name)

    def close(self) -> None:
        """Take it away with its connection."""
        for file in self._files.values():
            os.close(file)
        self._files = {}

    def _wait(self, name: str, kind: int) -> None:
        end = time.monotonic() + PATIENCE
        while name in self._files and time.monotonic() < end:
            try:
                fcntl.flock(self._files[name], kind | fcntl.LOCK_NB)
            except BlockingIOError:
                time.sleep(_LOOK)
            else:
                return

    def _leave(self, name: str) -> None:
        if name in self._files:
            fcntl.flock(self._files[name], fcntl.LOCK_UN)


__all__ = ["PATIENCE", "Turnstile"]
