"""Making the database ready, and looking after it."""
from __future__ import annotations

from datetime import datetime, timedelta

import structlog

from api.errors import Refused, WrongUsage
from api.settings import Settings
from api.store import audit, engine, queue, schema
from api.store.engine import Database

LATE = timedelta(seconds=60)
_log = structlog.get_logger("service")


def open_database(settings: Settings) -> Database:
    """Open the database of the settings; it may still be empty."""
    return Database.open(settings.database_url, settings.audit_key)


def make_ready(database: Database, *, now: datetime, actor: audit.Actor = audit.SERVICE) -> str | None:
    """Bring the tables to the newest version; return the version they had (None: there were none).

    Raises
    ------
    Refused
        If a newer program made them, or its log was sealed with another key.
    WrongUsage
        If the file is somebody else's.
    """
    before = schema.current(database)
    _must_know(before)
    if before is None and schema.is_of_others(database):
        raise WrongUsage("Another program keeps its data in this file of SQLite. Choose another one in "
                         "SCHAKEL_DATABASE_URL or SCHAKEL_DATA_DIR; nothing was changed.")  # fmt: skip
    new = before is None or schema.holds_nothing(database)  # the latter: who made the tables ended before the log began
    if not new:
        _must_be_whole(database)
        _must_be_ours(database)
    if new or before != schema.newest():
        schema.upgrade(database)
        with database.writing() as session:
            made, over = ("database.made", audit.NEW) if new else ("database.upgraded", None)
            audit.append(session, actor, made, ("database", schema.newest()), now=now, over=over, before=before)
    return before


def must_be_ready(database: Database, *, under_any_key: bool = False) -> None:
    """Refuse to work on tables of another version, or (unless ``under_any_key``) under another key than the log's.

    Raises
    ------
    Refused
        If the tables are not the newest, or the log was sealed with another key.
    """
    version = schema.current(database)
    _must_know(version)
    if version != schema.newest():
        raise Refused("The tables are not those of this version. Run `schakel db upgrade` first (after a backup).")
    _must_be_whole(database)
    if not under_any_key:
        _must_be_ours(database)


def _must_be_whole(database: Database) -> None:
    """Refuse what a restore left that ended half-way: people who were erased may be in it."""
    with database.engine.connect() as connection:
        unfinished = audit.is_unfinished(connection)
    if unfinished:
        raise Refused("A restore into this database ended before those who were erased since the backup were erased "
                      "again, so nobody may work with it. Restore into a new, empty one (on SQLite: take `schakel.db` "
                      "away first).")  # fmt: skip


def _must_be_ours(database: Database) -> None:
    """Refuse a key that the log was not sealed with, before anything is written under it."""
    with database.engine.connect() as connection:
        ours = audit.is_ours(connection, database.audit_key)
    if not ours and schema.holds_nothing(database):
        raise Refused("Nothing is in these tables yet, not even the first event of the log. Run `schakel db upgrade`.")
    if not ours:
        raise Refused(
            "The log in this database was sealed with another secret or audit key than the one of now. Put "
            "`secret.key` back in the data folder, or set SCHAKEL_SECRET_KEY or SCHAKEL_AUDIT_KEY, as they were. "
            "Nothing was changed. (If the key is right, the end of the log was changed: `schakel audit verify` says "
            "what.)"
        )


def _must_know(version: str | None) -> None:
    """Refuse tables that a newer program made: there is no way back for them."""
    if version is not None and version not in schema.versions():
        raise Refused("This program is older than the database: a newer version of Schakel has used it. Nothing was "
                      "changed; use that version.")  # fmt: skip


def must_be_safe(database: Database, *, production: bool) -> None:
    """Refuse a database that may lose what it said it kept; outside production a PostgreSQL like that is only named.

    Raises
    ------
    Refused
        If PostgreSQL does not wait for the disk, or SQLite works in a mode that this version of it can break.
    """
    wrong = engine.what_may_be_lost(database)
    if wrong and (production or database.is_sqlite):
        raise Refused("\n".join(wrong))
    if wrong:
        _log.warning("database unsafe")


def read_by_others(database: Database) -> str | None:
    """Say, and log, that others on this machine can read the file of the database; None when they cannot."""
    path = engine.who_else_may_read(database)
    if path is None:
        return None
    _log.warning("database readable by others")
    return f"{path}: others on this machine may read it, and it holds personal data. Run `chmod 600 {path}`."


def readiness(database: Database, now: datetime) -> dict[str, str]:
    """Return whether the database answers and keeps what is written, its tables are ours, and runs go on.

    Nothing is written to find out: that nothing can be kept is known from the last change that somebody tried.
    """
    try:
        version = schema.current(database)
    except Exception:  # whatever it is, it is why we are not ready
        return {"database": "unreachable", "schema": "unknown", "worker": "unknown"}
    if version != schema.newest():
        return {"database": "ok", "schema": "other", "worker": "unknown"}
    with database.reading() as session:
        waiting, silent = queue.oldest_waiting(session), queue.any_silent(session, now - LATE)
    late = silent or (waiting is not None and now - waiting > LATE)
    keeps = "not writable" if database.cannot_keep(now) else "ok"
    return {"database": keeps, "schema": "ok", "worker": "late" if late else "ok"}
