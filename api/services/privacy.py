"""A person's rights: everything that is stored about them, and not being stored any more."""
from __future__ import annotations

import base64
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from api.services import draft_rows, ledger, looks
from api.services.days import local_day
from api.services.run_inputs import policy_now
from api.services.told_alone import OTHER, alone, kept_answer
from api.store import audit, people, persons, placements
from api.store.audit import Actor
from api.store.engine import after_commit
from api.store.people import Session
from api.terms import how_long

GROUNDS = ("asked", "term")
BREAK_GLASS = ("request", "authority", "incident")
"""Why somebody who never sees a student may fetch everything about one."""
_A_WHILE = timedelta(hours=1)
"""More than an erasure takes, and than the clocks of two machines differ."""
SECRET = {
    ("accounts", "password"), ("accounts", "tf_totp_secret"), ("accounts", "fs_uniquifier"), ("codes", "digest"),
    ("tokens", "digest"), ("audit_events", "seal"), ("audit_events", "previous"), ("answers", "key"),
    ("answers", "request"),
}  # fmt: skip
"""What protects a person or the log, and tells nothing about anybody."""


def export(session: Session, student_id: str, *, now: datetime) -> dict[str, Any]:
    """Everything that is stored about a student, table by table, with what each column is for and how long it stays.

    People who work with the student are named by their roles and parties: their names are theirs. Other students, who
    stand in what a run tells (who would move), are not told apart.
    """
    found, seen, terms = [], set(), policy_now(session).terms
    lists, marks = draft_rows.rows_of(session, student_id), persons.marks(session, student_id)
    for table, stored in persons.rows_about(session, student_id, {row["id"] for row in lists}):
        rows = stored + (lists if table.name == "drafts" else [])
        if table.name == "answers":
            rows = [kept_answer(row, student_id, marks) for row in stored]
        columns = [c for c in table.columns if (table.name, c.name) not in SECRET]
        told = [{column.name: alone(_plain(row[column.name]), student_id) for column in columns if column.name in row}
                for row in rows]  # fmt: skip
        if table.name == "upload_files":
            told = [_plain(row) for row in rows]
        meaning = {
            c.name: {"purpose": m.purpose, "keep": m.keep, "retention": how_long(m.keep, "en", terms)}
            for c in columns if (m := c.info.get("meaning")) is not None
        }  # fmt: skip
        found.append({"table": table.name, "columns": meaning, "rows": told})
        points = [c.name for c in columns if any(key.column.table.name == "accounts" for key in c.foreign_keys)]
        seen |= {row[name] for row in rows for name in points if row.get(name)}
    return {
        "student": student_id, "exported_at": now.astimezone(UTC).isoformat(), "tables": found,
        "people": _roles_of(session, seen),
    }  # fmt: skip


def break_glass(session: Session, actor: Actor, student_id: str, *, reason: str, now: datetime) -> dict[str, Any]:
    """`export` for an administrator: the student reads that they looked, the log says why (of `BREAK_GLASS`)."""
    looks.look(session, actor, [student_id], now)
    made = export(session, student_id, now=now)
    audit.append(session, actor, "student.break_glass", ("student", student_id), now=now, reason=reason)
    return made


def erase(session: Session, actor: Actor, student_id: str, *, ground: str, now: datetime, path: Path,
          key: bytes) -> int:  # fmt: skip
    """Erase a person; return how many rows went or were emptied. The ledger at ``path`` gets its line once it is kept.

    ``ground`` is asked (a request of the person) or term (the end of the time it may be kept).

    Raises
    ------
    ledger.Damaged
        If the ledger is: it could not take the line, and a backup would bring the person back.
    """
    ledger.read(path, key)
    gone = _take_away(session, student_id, actor.id, now, local_day(now))
    persons.add_erasure(session, student_id, actor.id, ground, now)
    audit.append(session, actor, "student.erased", ("student", student_id), now=now, ground=ground, rows=gone)
    # From here on this holds the log's end, which a run that ends needs too: it has ended, or it will look who is gone.
    persons.empty_runs(session, student_id, now - _A_WHILE)
    after_commit(session, lambda: ledger.append(path, key, [ledger.Erased(now, student_id, ground)]))
    return gone


def complete_ledger(session: Session, path: Path, key: bytes) -> None:
    """Write into the ledger whatever erasures the database knows and it does not."""
    ledger.append(path, key, [ledger.Erased(e.at, e.student_id, e.ground) for e in persons.erasures(session)])


def erase_again(session: Session, erased: Iterable[ledger.Erased], *, now: datetime) -> int:
    """Erase those whom a restored backup brought back; return how many there were."""
    again = 0
    for entry in erased:
        if persons.is_erased(session, entry.student_id):
            continue
        if persons.student(session, entry.student_id) is not None:
            gone = _take_away(session, entry.student_id, None, now, local_day(entry.at))
            audit.append(session, audit.SERVICE, "student.erased_again", ("student", entry.student_id), now=now,
                         ground=entry.ground, rows=gone)  # fmt: skip
            again += 1
        persons.add_erasure(session, entry.student_id, None, entry.ground, entry.at)
    return again


def _take_away(session: Session, student_id: str, by: str | None, now: datetime, day: date) -> int:
    """Take a person out of unfinished lists and of everything else; return how many rows went or were emptied.

    That a group had begun by ``day`` stays known of the opening: its others still work there.
    """
    begun = placements.begun_by(session, student_id, day)
    rows, lists = draft_rows.take_out(session, student_id, now)
    gone = persons.erase(session, student_id, by, now, lists)
    placements.keep_begun(session, begun)  # last: who decides locks the student before the opening
    return rows + gone


def _roles_of(session: Session, ids: Iterable[str]) -> dict[str, list[str]]:
    names = {found.id: found.name for found in people.organisations(session)}
    told: dict[str, list[str]] = {}
    for account_id in sorted(ids):
        account = people.account_by_id(session, account_id)
        rights = account.grants if account is not None else []
        told[account_id] = sorted(
            f"{grant.role}: {names.get(grant.organisation_id or '') or grant.region_code or ''}".rstrip(": ")
            for grant in rights
        )
    return told


def _plain(value: Any) -> Any:
    """A value as JSON holds it."""
    if isinstance(value, dict):
        return {str(name): _plain(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        try:
            return value.decode()
        except UnicodeDecodeError:
            return base64.b64encode(value).decode()
    return value


__all__ = [
    "BREAK_GLASS", "GROUNDS", "OTHER", "SECRET", "break_glass", "complete_ledger", "erase", "erase_again", "export",
]  # fmt: skip
