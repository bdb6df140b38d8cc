"""The ``--out`` folder: written beside its place and put there as a whole, or not at all."""
from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from api.errors import WrongUsage

# What each command leaves behind; a folder that holds anything else is not an earlier result of it.
RESULTS = {
    "match": {
        "proposals.csv", "alternatives.csv", "unplaced.csv", "openings.csv", "rows.csv", "report.json", "report.html",
        "result.xlsx", "timings.json", "case",
    },
    "assign": {"assignment.csv", "result.json", "timings.json", "case"},
}
_MARKS = {"match": ("rows.csv", b"file,row,column,severity,"), "assign": ("result.json", b"{")}


@contextlib.contextmanager
def output_folder(out: Path, command: str) -> Iterator[Path]:
    """Yield a new empty folder; at the end it replaces ``out`` as a whole.

    Raises
    ------
    WrongUsage
        If ``out`` is a file, or a folder that is not empty and not an earlier result of ``command``.
    """
    check_free(out, command)
    out.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    try:
        yield fresh
        fresh.chmod(0o777 & ~_umask())
        check_free(out, command)  # somebody may have put something there meanwhile
        if out.exists():
            old = Path(tempfile.mkdtemp(prefix=f".{out.name}-old-", dir=out.parent))
            out.rename(old / "was")
            fresh.rename(out)
            shutil.rmtree(old, ignore_errors=True)
        else:
            fresh.rename(out)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def check_free(out: Path, command: str) -> None:
    """Refuse a place where something else lies; see `output_folder`."""
    if not out.exists():
        return
    if not out.is_dir():
        raise WrongUsage(f"--out {out} is a file; name a folder.")
    names = {entry.name for entry in out.iterdir()}
    mark, begin = _MARKS[command]
    known = names <= RESULTS[command] and mark in names and (out / mark).read_bytes().startswith(begin)
    if names and not known:
        raise WrongUsage(
            f"--out {out} is not empty and holds no earlier result of `schakel {command}`. "
            "Name a new folder, or empty this one yourself."
        )


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
