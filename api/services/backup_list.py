"""Backups: making one, which there are in the data folder, and what the log says of the latest."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from api.services import ledger, privacy
from api.services.retention import BACKUPS, ENDS_WITH
from api.store import audit, backup
from api.store.audit import Actor
from api.store.engine import Database
from api.store.people import Session


@dataclass(frozen=True, slots=True)
class BackupFile:
    """A backup in the data folder: when it was made, its size in bytes, and when retention takes it away."""

    name: str
    made_at: datetime
    size: int
    goes_at: datetime


def make(
    database: Database, data_dir: Path, key: bytes, *, now: datetime, file: Path | None = None
) -> tuple[Path, dict[str, int]]:
    """Write everything into ``file``, else one in the data folder called after ``now``; return it and rows per table.

    Whoever asks for it holds no transaction open: people go on working. `log` it then.

    Raises
    ------
    Refused
        If the file exists.
    """
    if file is None:
        file = data_dir / BACKUPS / f"{now:%Y-%m-%dT%H-%M-%S}{ENDS_WITH}"
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with database.reading() as session:
        privacy.complete_ledger(session, data_dir / ledger.NAME, key)
    return file, backup.backup(database, file)


def log(session: Session, actor: Actor, counts: Mapping[str, int], *, now: datetime) -> None:
    """Write into the log that a backup of so many rows was made."""
    audit.append(session, actor, "database.backed_up", ("database", "all"), now=now, rows=sum(counts.values()))


def files(data_dir: Path, days: int) -> list[BackupFile]:
    """The backups in the data folder, newest first; each stays so many days. Others are not known here."""
    found = []
    for file in (data_dir / BACKUPS).glob(f"*{ENDS_WITH}"):
        told = file.stat()
        made = datetime.fromtimestamp(told.st_mtime, UTC)
        found.append(BackupFile(file.name, made, told.st_size, made + timedelta(days=days)))
    return sorted(found, key=lambda one: (one.made_at, one.name), reverse=True)


def latest(session: Session) -> audit.AuditEvent | None:
    """The event of the latest backup, wherever it went; None: none was ever made."""
    return audit.last_of(session, "database.backed_up")


def restored(session: Session) -> audit.AuditEvent | None:
    """The event of the latest restore; None: this database was never restored."""
    return audit.last_of(session, "database.restored")


__all__ = ["BackupFile", "files", "latest", "log", "make", "restored"]
