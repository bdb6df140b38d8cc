"""Carrying out how long things are kept: persons whose term ended are erased, then every class in turn."""
from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from api.services import ledger, privacy
from api.services.run_inputs import policy_now
from api.store import audit, retention
from api.store.audit import Actor
from api.store.engine import Database, tidy_up
from api.store.people import Session
from api.terms import LONGEST

BACKUPS, BACKUPS_STAY = "backups", timedelta(days=LONGEST.backup_days)
"""Where backups are made, and how long any may be kept: so long the ledger says who was erased, whatever the policy."""
ENDS_WITH = ".schakel-backup"


def carry_out(
    database: Database, *, now: datetime, path: Path, key: bytes, dry_run: bool = False, actor: Actor = audit.SERVICE
) -> dict[str, int]:  # fmt: skip
    """Carry out every retention class in one transaction; return how many rows went, per class.

    ``path`` is the data folder, with the ledger of erasures and the backups that were made without a name of their
    own. A dry run counts and takes everything back.
    """
    with database.sessions() as session:
        retention.one_at_a_time(session)
        terms = policy_now(session).terms
        counts = _rows(session, retention.At(now, terms), path / ledger.NAME, key, actor)
        counts["backup"] += _old_backups(path / BACKUPS, now - timedelta(days=terms.backup_days), dry_run=dry_run)
        if dry_run:
            session.rollback()
            return counts
        if any(counts.values()):
            told: dict[str, Any] = {f"n_{name}": number for name, number in counts.items()}
            audit.append(session, actor, "retention.done", ("database", "all"), now=now, **told)
        session.commit()
    ledger.keep_since(path / ledger.NAME, key, now - BACKUPS_STAY)
    if any(counts.values()):
        tidy_up(database)
    return counts


def _rows(session: Session, at: retention.At, path: Path, key: bytes, actor: Actor) -> dict[str, int]:
    counts = dict.fromkeys((kind.name for kind in retention.CLASSES), 0)
    counts["answer"] += retention.answers(session, at)  # first: an erasure looks through all that are kept
    for student_id in retention.due_students(session, at):
        counts["profile"] += privacy.erase(session, actor, student_id, ground="term", now=at.now, path=path, key=key)
    for kind in retention.CLASSES:
        for step in kind.carry_out:
            counts[kind.name] += step(session, at)
    counts["audit"] += audit.shorten(session, retention.months_before(at.now, at.terms.decision_months))
    return counts


def _old_backups(folder: Path, before: datetime, *, dry_run: bool) -> int:
    old = [file for file in folder.glob(f"*{ENDS_WITH}") if file.stat().st_mtime < before.timestamp()]
    for file in old if not dry_run else ():
        file.unlink()
    return len(old)


__all__ = ["BACKUPS", "BACKUPS_STAY", "ENDS_WITH", "carry_out"]
