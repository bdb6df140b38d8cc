"""Engines and sessions. SQLite by default, in the mode that loses nothing; PostgreSQL by its address.

SQLite: DELETE journal with ``synchronous=EXTRA`` (a committed change is on disk, directory entry and all), foreign
keys on, and ``BEGIN IMMEDIATE`` for whatever may write: its deferred BEGIN loses updates or fails at once when
two writers meet. Reading sessions begin deferred and cannot write at all. Both pass `api.store.turnstile`.
"""
from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, IntegrityError
from sqlalchemy.orm import Session, sessionmaker

from api.errors import WrongUsage
from api.store.turnstile import Turnstile

PRAGMAS = ("journal_mode=DELETE", "synchronous=EXTRA", "foreign_keys=ON", "busy_timeout=10000", "secure_delete=ON",
           "cache_spill=OFF")  # fmt: skip
"""``cache_spill``: a change that is half done stays in memory, and does not shut readers out before its commit."""
WAL_IS_SAFE = (3, 51, 3)
"""The first SQLite whose write-ahead log survives two connections that write and tidy up at once."""
BrokenRule = IntegrityError
"""What the database refuses: a row that points at what is not there any more, or breaks another rule of its own."""
_REMEMBERED = timedelta(minutes=1)
_MUST_BE_ON = ("fsync", "full_page_writes", "synchronous_commit")


def open_engine(url: str) -> Engine:
    """Return the engine of a database address.

    Raises
    ------
    WrongUsage
        If it is neither SQLite in a file nor PostgreSQL, or PostgreSQL's driver is not installed.
    """
    try:
        kind = make_url(url).get_backend_name() if "://" in url else ""
    except (ArgumentError, ValueError):
        kind = ""
    if kind == "sqlite":
        return _open_sqlite(url)
    if kind != "postgresql":
        raise WrongUsage("The database must be sqlite:///FILE or postgresql://USER@HOST/NAME.")
    try:
        return _open_postgres(make_url(url).set(drivername="postgresql+psycopg"))
    except ModuleNotFoundError:
        raise WrongUsage("PostgreSQL needs its driver: install the extra `postgres`.") from None


def _open_postgres(url: URL, **options: Any) -> Engine:
    engine = create_engine(url, pool_pre_ping=True, json_serializer=_json, hide_parameters=True, **options)
    host = url.host or str(url.query.get("host", "")) or "this machine"
    _name(engine, f"{host}{f':{url.port}' if url.port else ''}/{url.database or ''}")
    return engine


def _name(engine: Engine, where: str) -> None:
    """Let every error of a database say which one; see `api.mendable`."""
    @event.listens_for(engine, "handle_error")
    def _where(context: Any) -> None:
        if context.sqlalchemy_exception is not None:
            context.sqlalchemy_exception.where = where


def _reading(engine: Engine) -> Engine:
    """The same database for requests that only read and cannot write.

    On PostgreSQL every question has its own moment anyway, so a transaction around them would only be two more trips
    to the database, a fifth of all that a request makes. (A cursor on the server needs one: `Database.reading`.)
    """
    if engine.dialect.name == "sqlite":
        return engine.execution_options(reading=True)
    readers = _open_postgres(engine.url, isolation_level="AUTOCOMMIT")

    @event.listens_for(readers, "connect")
    def _connect(connection: Any, _: Any) -> None:
        # By a statement: as an option of the connection it would push out those that the environment gives.
        before, connection.autocommit = connection.autocommit, True
        connection.execute("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY")
        connection.autocommit = before

    return readers


def _open_sqlite(url: str) -> Engine:
    engine = create_engine(url, json_serializer=_json, hide_parameters=True)
    path = str(engine.url.database)
    _name(engine, path)

    @event.listens_for(engine, "do_connect")
    def _make(*_: Any) -> None:
        """Make the file, for its owner alone; SQLite gives those beside it the same rights."""
        with suppress(OSError):  # it is there, or SQLite says what is wrong
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves, below
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        record.info["turnstile"] = Turnstile(path)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        if options.get("tidy", False):
            return  # VACUUM runs outside any transaction
        reading = options.get("reading", False)
        connection.exec_driver_sql(f"PRAGMA query_only={'ON' if reading else 'OFF'}")
        turnstile: Turnstile = connection.info["turnstile"]
        turnstile.leave()  # whoever begins anew on the same connection
        (turnstile.read if reading else turnstile.write)()
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
        connection.info["changes"] = None if reading else _changes(connection)

    @event.listens_for(engine, "commit")
    def _commit(connection: Connection) -> None:
        before = connection.info.get("changes")
        if before is not None and _changes(connection) != before:
            connection.info["turnstile"].keep()

    @event.listens_for(engine, "checkin")
    def _checkin(_: Any, record: Any) -> None:
        if "turnstile" in record.info:  # not of a connection that broke
            record.info["turnstile"].leave()

    @event.listens_for(engine, "close")
    def _close(_: Any, record: Any) -> None:
        record.info["turnstile"].close()

    return engine


def _changes(connection: Connection) -> int:
    """How many rows this connection ever changed."""
    return int(connection.connection.driver_connection.total_changes)  # type: ignore[union-attr]


def tidy_up(database: Database) -> None:
    """Rewrite the files, so that of what was deleted nothing is left in them either."""
    with database.engine.execution_options(isolation_level="AUTOCOMMIT", tidy=True).connect() as connection:
        connection.exec_driver_sql("VACUUM")


def after_commit(session: Session, act: Callable[[], None]) -> None:
    """Do something outside the database once what a session wrote is kept; never when it is rolled back."""
    event.listen(session, "after_commit", lambda _: act(), once=True)


def who_else_may_read(database: Database) -> Path | None:
    """Return the file of SQLite if its rights, and those of its folder, let others on this machine read it."""
    if not database.is_sqlite or os.name != "posix":
        return None
    path = Path(str(database.engine.url.database)).resolve()
    file, folder = path.stat().st_mode, path.parent.stat().st_mode
    readable = (file & 0o040 and folder & 0o010) or (file & 0o004 and folder & 0o001)
    return path if readable else None


def what_may_be_lost(database: Database) -> list[str]:
    """Return, a sentence each, why this database may lose what it said it kept; empty when it may not."""
    with database.engine.connect() as connection:
        if database.is_sqlite:
            mode = str(connection.exec_driver_sql("PRAGMA journal_mode").scalar_one())
            return _unsafe_journal(mode, sqlite3.sqlite_version_info)
        read = {name: connection.exec_driver_sql(f"SHOW {name}").scalar_one() for name in _MUST_BE_ON}
    return [f"PostgreSQL: {name} is {value}; after a power cut it may have lost or broken what it said it kept. "
            f"Put {name} on." for name, value in read.items() if value == "off"]  # fmt: skip


def _unsafe_journal(mode: str, version: tuple[int, ...]) -> list[str]:
    if mode != "wal" or version >= WAL_IS_SAFE:
        return []
    return [f"SQLite {'.'.join(map(str, version))} can break a database in WAL mode when two connections write; "
            f"{'.'.join(map(str, WAL_IS_SAFE))} and newer do not. Let no other program open the file, or set it back "
            "with `PRAGMA journal_mode=DELETE`."]  # fmt: skip


def _json(value: Any) -> str:
    """One text for equal data, so that a row has one digest on every database."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


class Database:
    """An engine with its three kinds of sessions: that write, that read in one moment, that answer a request."""

    def __init__(self, engine: Engine, audit_key: bytes) -> None:
        self.engine, self.audit_key = engine, audit_key
        self._failed_at: datetime | None = None
        info = {"audit_key": audit_key}  # what seals the log; see `api.store.audit`
        self.sessions = sessionmaker(engine, expire_on_commit=False, info=info)
        self._reading = _reading(engine)
        self.readers = sessionmaker(self._reading, expire_on_commit=False, autoflush=False, info=info)
        moment = {} if self.is_sqlite else {"postgresql_readonly": True, "isolation_level": "REPEATABLE READ"}
        self._in_one = sessionmaker(engine.execution_options(reading=True, **moment), expire_on_commit=False,
                                    autoflush=False, info=info)  # fmt: skip

    @classmethod
    def open(cls, url: str, audit_key: bytes) -> Database:
        """Open a database by its address; see `open_engine`. ``audit_key`` seals its audit log."""
        return cls(open_engine(url), audit_key)

    @property
    def is_sqlite(self) -> bool:
        """Whether it is a file of SQLite."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A transaction that may write: committed at the end, rolled back on any error."""
        with self.sessions.begin() as session:
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A transaction that cannot write and sees all as it was at one moment."""
        with self._in_one.begin() as session:
            yield session

    def failed_to_keep(self, moment: datetime) -> None:
        """Remember that a change could not be kept: a full disk, say."""
        self._failed_at = moment

    def kept(self) -> None:
        """Forget it: a change was kept."""
        self._failed_at = None

    def cannot_keep(self, moment: datetime) -> bool:
        """Whether this process saw in the last minute that nothing could be kept, and nothing that was kept since."""
        return self._failed_at is not None and moment - self._failed_at < _REMEMBERED

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()
        self._reading.dispose()
