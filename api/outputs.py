"""The ``--out`` folder: written beside its place and put there as a whole, or not at all."""
from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from api.errors import WrongUsage

EVALUATION = ("evaluation.csv", "evaluation.html")
"""What `schakel evaluate` puts beside a result; a new run of the command that made the result takes it away."""
# What each command leaves behind; a folder that holds anything else is not an earlier result of it.
RESULTS = {
    "match": {
        "proposals.csv", "alternatives.csv", "unplaced.csv", "openings.csv", "rows.csv", "report.json", "report.html",
        "result.xlsx", "questions.csv", "texts.csv", "timings.json", "case", *EVALUATION,
    },
    "assign": {"assignment.csv", "result.json", "timings.json", "case", *EVALUATION},
    "policy compare": {"compare.json", "moves.csv", "rows.csv"},
}
_MARKS = {
    "match": ("rows.csv", b"file,row,column,severity,"), "assign": ("result.json", b"{"),
    "policy compare": ("rows.csv", b"file,row,column,severity,"),
}  # fmt: skip


@contextlib.contextmanager
def output_folder(out: Path, command: str) -> Iterator[Path]:
    """Yield a new empty folder; at the end it replaces ``out`` as a whole.

    Raises
    ------
    WrongUsage
        If ``out`` is a file, a folder that is not empty and not an earlier result of ``command``, or cannot be made.
    """
    check_free(out, command)
    place = out.resolve()
    fresh = _new_folder(place, out)
    try:
        yield fresh
        fresh.chmod(0o777 & ~_umask())
        check_free(place, command, but=fresh.name)  # somebody may have put something there meanwhile
        _put(fresh, place)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def check_free(out: Path, command: str, *, but: str = "") -> None:
    """Refuse a place where something else lies, ``but`` apart; see `output_folder`."""
    if not out.exists():
        return
    if not out.is_dir():
        raise WrongUsage(f"--out {out} is a file; name a folder.")
    names = {entry.name for entry in out.iterdir()} - {but}
    mark, begin = _MARKS[command]
    known = names <= RESULTS[command] and mark in names and (out / mark).read_bytes().startswith(begin)
    if names and not known:
        raise WrongUsage(
            f"--out {out} is not empty and holds no earlier result of `schakel {command}`. "
            "Name a new folder, or empty this one yourself."
        )


def _new_folder(place: Path, out: Path) -> Path:
    """Make a folder beside ``place``, or in it where nothing can be made beside it (a mounted folder)."""
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        return Path(tempfile.mkdtemp(prefix=f".{place.name}-", dir=place.parent))
    except OSError as error:
        if place.is_dir():
            with contextlib.suppress(OSError):
                return Path(tempfile.mkdtemp(prefix=".new-", dir=place))
        raise WrongUsage(f"--out {out}: the folder cannot be made ({error.strerror}).") from None


def _put(fresh: Path, place: Path) -> None:
    """Let ``fresh`` take the place of what lies at ``place``."""
    if not place.exists():
        fresh.rename(place)
        return
    old = Path(tempfile.mkdtemp(prefix=f"{fresh.name}-old-", dir=fresh.parent))
    try:
        if not _move_whole(fresh, place, old / "was"):
            for entry in [entry for entry in place.iterdir() if entry not in (fresh, old)]:
                shutil.move(entry, old / entry.name)
            for entry in list(fresh.iterdir()):
                shutil.move(entry, place / entry.name)
    finally:
        shutil.rmtree(old, ignore_errors=True)


def _move_whole(fresh: Path, place: Path, aside: Path) -> bool:
    """Swap the folders themselves; not where somebody stands in the old one, or the system does not let us."""
    if place in (fresh.parent, *Path.cwd().parents, Path.cwd()):
        return False
    try:
        place.rename(aside)
    except OSError:
        return False
    fresh.rename(place)
    return True


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
