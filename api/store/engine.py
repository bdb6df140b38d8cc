"""Engines and sessions. SQLite by default, in the mode that loses nothing; PostgreSQL by its address.

SQLite: DELETE journal with ``synchronous=EXTRA`` (a committed change is on disk, directory entry and all), foreign
keys on, and ``BEGIN IMMEDIATE`` for whatever may write: its deferred BEGIN loses updates or fails at once when
two writers meet. Reading sessions begin deferred and cannot write at all.
"""
from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session, sessionmaker

from api.errors import WrongUsage

PRAGMAS = ("journal_mode=DELETE", "synchronous=EXTRA", "foreign_keys=ON", "busy_timeout=10000", "secure_delete=ON")
_READING = {"reading": True, "postgresql_readonly": True}


def open_engine(url: str) -> Engine:
    """Return the engine of a database address.

    Raises
    ------
    WrongUsage
        If it is neither SQLite in a file nor PostgreSQL, or PostgreSQL's driver is not installed.
    """
    kind = make_url(url).get_backend_name() if "://" in url else ""
    if kind == "sqlite":
        return _open_sqlite(url)
    if kind != "postgresql":
        raise WrongUsage("The database must be sqlite:///FILE or postgresql://USER@HOST/NAME.")
    try:
        return create_engine(
            make_url(url).set(drivername="postgresql+psycopg"), pool_pre_ping=True, json_serializer=_json
        )
    except ModuleNotFoundError:
        raise WrongUsage("PostgreSQL needs its driver: install the extra `postgres`.") from None


def _open_sqlite(url: str) -> Engine:
    engine = create_engine(url, json_serializer=_json)

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves, below
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        reading = connection.get_execution_options().get("reading", False)
        connection.exec_driver_sql(f"PRAGMA query_only={'ON' if reading else 'OFF'}")
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")

    return engine


def _json(value: Any) -> str:
    """One text for equal data, so that a row has one digest on every database."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


class Database:
    """An engine with its two kinds of sessions."""

    def __init__(self, engine: Engine, audit_key: bytes) -> None:
        self.engine = engine
        info = {"audit_key": audit_key}  # what seals the log; see `api.store.audit`
        self.sessions = sessionmaker(engine, expire_on_commit=False, info=info)
        self.readers = sessionmaker(
            engine.execution_options(**_READING), expire_on_commit=False, autoflush=False, info=info
        )

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
        """A transaction that cannot write."""
        with self.readers.begin() as session:
            yield session

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()
