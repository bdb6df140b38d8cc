"""The anchor in the data folder: the end of the log as it was last seen whole, so that an older log is noticed.

The first line is that end. A restore, and nothing else, may set it back: it adds a line that says when, what the end
was and what it was in the backup, and those lines stay.
"""
from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

from api.errors import Refused

NAME = "audit.anchor"
_ANCHOR = re.compile(r"[0-9]{1,18}:[0-9a-f]{64}")


def is_anchor(text: str) -> bool:
    """Whether it is the end of a log as a check prints it: ``number:seal``."""
    return _ANCHOR.fullmatch(text) is not None


def read(folder: Path) -> str:
    """Return the end that was kept; empty when none was.

    Raises
    ------
    Refused
        If the file says something else.
    """
    kept = _lines(folder)
    if kept and not is_anchor(kept[0]):
        raise Refused(f"{folder / NAME}: its first line is no end of a log. Put back the line that a check printed, or "
                      "take the file away to check without it.")  # fmt: skip
    return kept[0] if kept else ""


def keep(folder: Path, end: str) -> None:
    """Write down the end of a log that is whole."""
    _write(folder, [end, *_lines(folder)[1:]])


def renew(folder: Path, end: str, *, was: str, backup: str, now: datetime) -> None:
    """Write down the end after a restore; ``was`` is the one that was kept, if any, ``backup`` that of the backup."""
    told = f"restored {now.astimezone(UTC).isoformat()} {was or '-'} {backup}"
    _write(folder, [end, *_lines(folder)[1:], told])


def _lines(folder: Path) -> list[str]:
    path = folder / NAME
    return path.read_text(encoding="ascii", errors="replace").splitlines() if path.is_file() else []


def _write(folder: Path, lines: list[str]) -> None:
    (folder / NAME).write_text("".join(f"{line}\n" for line in lines), encoding="ascii", errors="replace")


__all__ = ["NAME", "is_anchor", "keep", "read", "renew"]
