"""The ledger of erased persons beside the database: what a backup that is put back must not bring back.

A line says when, which record (a random id that names nobody), on which ground, and a seal with the audit key, so
that nobody can have somebody erased by writing a line. It is appended after the erasure was kept, and completed from
the database at every backup, should a process have died in between. Every backup leaves one, without a line when
nobody was erased yet, so that one that was lost is noticed when a backup is put back.
"""
from __future__ import annotations

import fcntl
import hmac
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from api.errors import Refused

NAME = "erasures.ledger"


class Damaged(Refused):
    """A ledger that takes no more lines before somebody mends it."""


@dataclass(frozen=True, slots=True)
class Erased:
    """A line of the ledger."""

    at: datetime
    student_id: str
    ground: str

    def line(self, key: bytes) -> str:
        """The line as it stands in the file."""
        said = f"{self.at.astimezone(UTC).isoformat()} {self.student_id} {self.ground}"
        return f"{said} {hmac.new(key, f'erased {said}'.encode(), 'sha256').hexdigest()}\n"


def read(path: Path, key: bytes) -> list[Erased]:
    """Return the ledger; empty when there is none.

    Raises
    ------
    Damaged
        If a line was not written with this key. A last line without an end was never finished, and is left out.
    """
    if not path.is_file():
        return []
    found = []
    for number, line in enumerate(path.read_bytes().split(b"\n")[:-1], 1):
        entry = _entry(line, key)
        if entry is None:
            raise Damaged(f"{path}, line {number}: not written by this service, or with another audit key, or damaged. "
                          "Put back a copy of the file that is whole.")  # fmt: skip
        found.append(entry)
    return found


def _entry(line: bytes, key: bytes) -> Erased | None:
    """What a line says; None when it is not one of ours."""
    try:
        words = line.decode("ascii").split(" ")
        entry = Erased(datetime.fromisoformat(words[0]), words[1], words[2])
        ours = entry.line(key).encode("ascii")
    except (ValueError, IndexError, OverflowError):
        return None
    return entry if hmac.compare_digest(ours, line + b"\n") else None


def append(path: Path, key: bytes, erased: Iterable[Erased]) -> None:
    """Add lines for those that are not in it, and make it where there is none; on disk before this returns.

    Raises
    ------
    Damaged
        If the ledger is.
    """
    with _alone(path):
        known = {entry.student_id for entry in read(path, key)}
        lines = [entry.line(key) for entry in erased if entry.student_id not in known]
        if not lines and path.is_file():
            return
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            whole = os.pread(handle, os.fstat(handle).st_size, 0)
            os.ftruncate(handle, whole.rfind(b"\n") + 1)  # a line that was never finished goes
            os.write(handle, "".join(lines).encode("ascii"))
            os.fsync(handle)
        finally:
            os.close(handle)


def keep_since(path: Path, key: bytes, moment: datetime) -> int:
    """Leave out what no backup can bring back any more; return how many lines went.

    Raises
    ------
    Damaged
        If the ledger is.
    """
    if not path.is_file():
        return 0
    with _alone(path):
        entries = read(path, key)
        kept = [entry for entry in entries if entry.at >= moment]
        if len(kept) < len(entries):
            made = path.with_suffix(".new")
            with made.open("w", encoding="ascii") as stream:
                made.chmod(0o600)
                stream.write("".join(entry.line(key) for entry in kept))
                stream.flush()
                os.fsync(stream.fileno())
            made.replace(path)
    return len(entries) - len(kept)


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Write the ledger one at a time, over processes and threads: who came between a look and its line lost one.

    The lock is of a file beside it, for the ledger itself is another file once it was shortened. The system lets go
    of it when a process dies.
    """
    handle = os.open(path.with_name(f"{path.name}.lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


__all__ = ["NAME", "Damaged", "Erased", "append", "keep_since", "read"]
