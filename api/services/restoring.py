"""Putting a backup back: whoever was erased since it was made is erased again, and nobody comes back unseen."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from api.errors import Refused
from api.services import anchor, ledger, privacy
from api.services.days import local_day
from api.services.retention import BACKUPS_STAY
from api.store import audit, backup, persons
from api.store.engine import Database


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back; ``again`` were erased again, and of ``unknown`` erasures in the backup the ledger knows not.

    ``again`` is None where there was no ledger. ``was`` is the end of the log that was kept in the folder (empty:
    none), ``backup`` the one in the backup and ``end`` the one of now; ``cut`` says that the backup is without ``was``.
    """

    rows: int
    tables: int
    again: int | None
    unknown: int
    was: str
    backup: str
    end: str
    cut: bool


def restore(
    database: Database, file: Path, folder: Path, *, now: datetime, given: Path | None = None, insist: bool = False
) -> Restored:
    """Fill an empty database from ``file``; ``given`` is the ledger, where it is not in the data folder.

    Raises
    ------
    Refused
        If the backup cannot be restored; unless one insists, if there is no ledger, or the backup is from before the
        first day of which a ledger still says who was erased.
    """
    path, key = given or folder / ledger.NAME, database.audit_key
    if not path.is_file() and not insist:
        raise Refused(
            f"{path}: there is no ledger of erased persons, which says whom this backup must not bring back. Put it "
            "there, or say with --ledger where it is. With --no-ledger everybody who was erased since the backup was "
            "made comes back. Nothing was restored."
        )
    known, was = path.is_file(), anchor.read(folder)
    erased = ledger.read(path, key)
    look = None if insist else partial(_must_be_within_the_ledger, file=file, now=now)
    counts = backup.restore(database, file, unfinished=True, look=look)
    with database.writing() as session:
        ended, cut = audit.end_of(session), bool(was) and not audit.goes_on_from(session, was)
        unknown = _unknown(persons.erasures(session), erased, now) if known else 0
        again = privacy.erase_again(session, erased, now=now)
        audit.append(session, audit.SERVICE, "database.restored", ("database", "all"), now=now,
                     over=audit.UNFINISHED, rows=sum(counts.values()), erased_again=again, ledger=known,
                     **_ends(was, ended))  # fmt: skip
    with database.reading() as session:
        end = audit.end_of(session)
        privacy.complete_ledger(session, folder / ledger.NAME, key)
    return Restored(sum(counts.values()), len(counts), again if known else None, unknown, was, ended, end, cut)


def _must_be_within_the_ledger(last: datetime | None, *, file: Path, now: datetime) -> None:
    """Refuse a backup of before the ledger's first day; its last event says which, for an erasure is one too."""
    first = now - BACKUPS_STAY
    if last is None or last < first:
        said = f"{local_day(last):%Y-%m-%d}" if last else "before any day that it says"
        raise Refused(
            f"{file}: this backup is too old: its last event is of {said}, and the ledger of erased persons tells only "
            f"whom to leave out since {local_day(first):%Y-%m-%d} ({BACKUPS_STAY.days} days). Restore a later backup. "
            "With --no-ledger it is restored all the same: whoever was erased between these days comes back, and is "
            "to be erased anew; whom a ledger in the data folder names is still left out. Nothing was restored."
        )


def _ends(was: str, ended: str) -> dict[str, Any]:
    """What the log says of its own end: where it was when it was last checked here, and where it is in the backup."""
    before, _, before_seal = was.partition(":")
    number, _, seal = ended.partition(":")
    told = {"backup_end": int(number), "backup_seal": seal}
    return told | ({"end_was": int(before), "end_was_seal": before_seal} if was else {})


def _unknown(erasures: list[persons.Erasure], erased: list[ledger.Erased], now: datetime) -> int:
    """How many erasures a ledger misses that was complete when the backup was made: it is an older one."""
    known = {entry.student_id for entry in erased}
    return sum(e.student_id not in known for e in erasures if e.at >= now - BACKUPS_STAY)


__all__ = ["Restored", "restore"]
