"""Backups: one file, taken while people work, the same for SQLite and PostgreSQL, checked byte by byte.

The first line says ``schakel-backup 2`` and a seal over all that follows, HMAC-SHA256 with the audit key, so that who
changes a backup cannot seal it anew. Then come gzipped lines of JSON, first what is in it (version of the tables,
rows per table, end of the audit log), then every row, table by table in the order of their foreign keys, rows by
primary key. Equal contents give equal lines under one key, whatever the database.
"""
from __future__ import annotations

import base64
import gzip
import hashlib
import hmac
import json
import os
import shutil
import sqlite3
import tempfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import IO, Any

from sqlalchemy import JSON, Connection, Date, DateTime, LargeBinary, MetaData, Table, func, select

from api.errors import Refused, WrongUsage
from api.store import audit, schema
from api.store.engine import Database, open_engine

MAGIC = b"schakel-backup 2 "
_BEFORE = b"schakel-backup 1 "
_NO_KEY = (
    "Set SCHAKEL_AUDIT_KEY, or SCHAKEL_SECRET_KEY, or put `secret.key` in the data folder, as they were when it was "
    "made."
)
_EXISTS = "{path}: this file exists already; a backup overwrites nothing."
_HEADER = len(MAGIC) + 64 + 1
_AT_ONCE = 500
_MANIFEST = {"schema": str, "rows": dict, "audit": str}


def backup(database: Database, path: Path) -> dict[str, int]:
    """Write everything into ``path``, readable by its owner alone; return the number of rows per table.

    Raises
    ------
    Refused
        If ``path`` exists.
    WrongUsage
        If its folder does not.
    """
    if not path.parent.is_dir():
        raise WrongUsage(f"{path.parent}: there is no such folder. Make it first; no backup was made.")
    if path.exists():
        raise Refused(_EXISTS.format(path=path))
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".backup-") as folder:
        made = Path(folder) / "backup"
        with _snapshot(database, Path(folder)) as connection, open(made, "wb", opener=_for_owner) as stream:
            counts = _write(connection, stream, database.audit_key)
            stream.flush()
            os.fsync(stream.fileno())
        _put(made, path)
    return counts


def read_manifest(path: Path, key: bytes) -> dict[str, Any]:
    """Check a backup from the first byte to the last and return what it says of itself; ``key`` is the audit key.

    Raises
    ------
    Refused
        If any byte is not as it was written, or it was written with another key.
    """
    with path.open("rb") as stream:
        head = stream.read(_HEADER)
        seal = _seal(stream, key)
    if head.startswith(_BEFORE):
        raise Refused(f"{path}: made by a version of Schakel that did not seal its backups. Nothing was changed.")
    if not head.startswith(MAGIC):
        raise Refused(f"{path}: this is no backup, or it is damaged. Nothing was changed.")
    if not hmac.compare_digest(head, MAGIC + seal + b"\n"):
        raise Refused(f"{path}: damaged, changed by somebody, or made with another secret or audit key. {_NO_KEY} "
                      "Nothing was changed.")  # fmt: skip
    try:
        with _lines(path) as lines:
            manifest = json.loads(next(lines))
    except (StopIteration, ValueError, EOFError, gzip.BadGzipFile, zlib.error):
        manifest = None
    if not isinstance(manifest, dict) or {n: type(v) for n, v in manifest.items()} != _MANIFEST:
        raise Refused(f"{path}: it does not say what is in it, as a backup does. Nothing was changed.")
    return manifest


def restore(
    database: Database, path: Path, *, unfinished: bool = False, look: Callable[[datetime | None], None] | None = None
) -> dict[str, int]:
    """Fill an empty database from a backup, then bring its tables to the newest version; return rows per table.

    With ``unfinished`` nobody can work with it (`api.store.audit.leave_unfinished`) before the transaction that does
    what is left to do has appended an event over that mark. ``look`` gets the moment of the last event in it; where it
    raises, nothing is kept.

    Raises
    ------
    Refused
        If the backup is damaged, of a newer version than this program, or made with another key, or the database is
        not empty.
    """
    manifest = read_manifest(path, database.audit_key)
    if manifest["schema"] not in schema.versions():
        raise Refused(f"{path}: made by a newer version of Schakel; restore it with that one.")
    if not _is_empty(database, manifest["schema"]):
        raise Refused("The database is not empty. Restore into a new one, so that nothing is lost by a slip.")
    schema.upgrade(database, manifest["schema"])
    with database.engine.begin() as connection, _lines(path) as lines:
        next(lines)
        tables = _tables(connection)
        connection.execute(tables["audit_head"].delete())  # made with the table, stands in the backup as it was
        counts = _insert(connection, tables, lines)
        if counts != manifest["rows"]:
            raise Refused(f"{path}: rows are missing. Nothing was restored.")
        if not audit.is_ours(connection, database.audit_key):
            raise Refused(
                f"{path}: its log was sealed with another secret or audit key, and cannot be checked. {_NO_KEY} "
                "Nothing was restored."
            )
        if look is not None:
            look(audit.last_at(connection))
        if unfinished:
            audit.leave_unfinished(connection)
    schema.upgrade(database)
    return counts


def _is_empty(database: Database, wanted: str) -> bool:
    """Whether nothing is there, or only the tables that a restore which was refused half-way left empty."""
    version = schema.current(database)
    if version is None:
        return not schema.is_of_others(database)
    with database.engine.connect() as connection:
        return version == wanted and not connection.exec_driver_sql("SELECT 1 FROM audit_events LIMIT 1").first()


def _put(made: Path, path: Path) -> None:
    """Give a backup that is whole its name; never over a file that somebody else made meanwhile."""
    try:
        os.link(made, path)
    except FileExistsError:
        raise Refused(_EXISTS.format(path=path)) from None
    except OSError:  # a stick or a share that has no hard links
        _copy(made, path)


def _copy(made: Path, path: Path) -> None:
    """Write a backup anew under its name; who ends half-way leaves nothing that looks like one."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    except FileExistsError:
        raise Refused(_EXISTS.format(path=path)) from None
    try:
        with os.fdopen(handle, "wb") as target, made.open("rb") as source:
            shutil.copyfileobj(source, target)
            target.flush()
            os.fsync(target.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _for_owner(name: str, flags: int) -> int:
    """Open a new file for its owner alone, from its first byte on and where nothing can be changed about that later."""
    return os.open(name, flags, 0o600)


@contextmanager
def _snapshot(database: Database, folder: Path) -> Iterator[Connection]:
    """One moment of the database, while others go on writing."""
    if not database.is_sqlite:
        one_moment = database.engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        with one_moment.connect() as connection:
            yield connection
        return
    source = sqlite3.connect(str(database.engine.url.database))
    target = sqlite3.connect(folder / "snapshot.db")
    try:
        source.execute("PRAGMA busy_timeout=10000")
        source.backup(target, pages=4096)
    finally:
        source.close()
        target.close()
    engine = open_engine(f"sqlite:///{folder / 'snapshot.db'}")
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def _tables(connection: Connection) -> dict[str, Table]:
    """The tables as they are in this database, in the order of their foreign keys."""
    metadata = MetaData()
    metadata.reflect(connection)
    for table in metadata.tables.values():
        for column in table.columns:
            if isinstance(column.type, JSON):
                column.type.none_as_null = True
    return {table.name: table for table in metadata.sorted_tables if table.name != "alembic_version"}


def _write(connection: Connection, stream: IO[bytes], key: bytes) -> dict[str, int]:
    tables = _tables(connection)
    counts = {
        name: connection.execute(select(func.count()).select_from(table)).scalar_one() for name, table in tables.items()
    }
    revision = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one()
    end = connection.exec_driver_sql("SELECT sequence, seal FROM audit_head").one()
    manifest = {"schema": revision, "rows": counts, "audit": f"{end[0]}:{end[1]}"}
    stream.write(MAGIC + b"0" * 64 + b"\n")
    with gzip.GzipFile(fileobj=stream, mode="wb", mtime=0, compresslevel=6) as packed:
        packed.write(_line(manifest))
        for name, table in tables.items():
            query = select(table).order_by(*table.primary_key.columns).execution_options(yield_per=_AT_ONCE)
            for row in connection.execute(query):
                packed.write(_line([name, [_out(value) for value in row]]))
    stream.seek(0)
    with open(stream.name, "rb") as again:  # noqa: PTH123 - the stream is ours and has this name
        stream.flush()
        again.seek(_HEADER)
        seal = _seal(again, key)
    stream.write(MAGIC + seal + b"\n")
    return counts


def _seal(stream: IO[bytes], key: bytes) -> bytes:
    """The seal over what is left to read of a file."""
    made: Any = hashlib.file_digest(stream, lambda: hmac.new(key, MAGIC, "sha256"))  # type: ignore[arg-type]
    return bytes(made.hexdigest(), "ascii")


def _insert(connection: Connection, tables: dict[str, Table], lines: Iterator[str]) -> dict[str, int]:
    counts = dict.fromkeys(tables, 0)
    waiting: list[dict[str, Any]] = []
    current = ""
    for line in lines:
        name, values = json.loads(line)
        if waiting and (name != current or len(waiting) == _AT_ONCE):
            connection.execute(tables[current].insert(), waiting)
            waiting = []
        current = name
        columns = tables[name].columns
        waiting.append({c.name: _in(c.type, value) for c, value in zip(columns, values, strict=True)})
        counts[name] += 1
    if waiting:
        connection.execute(tables[current].insert(), waiting)
    return counts


@contextmanager
def _lines(path: Path) -> Iterator[Iterator[str]]:
    with path.open("rb") as stream:
        stream.seek(_HEADER)
        with gzip.open(stream, "rt", encoding="utf-8", newline="\n") as text:
            yield iter(text)


def _line(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _out(value: Any) -> Any:
    if isinstance(value, datetime):
        return (value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (bytes, memoryview)):
        return base64.b64encode(bytes(value)).decode()
    return value


def _in(kind: Any, value: Any) -> Any:
    if value is None or isinstance(kind, JSON):
        return value
    if isinstance(kind, DateTime):
        return datetime.fromisoformat(value)
    if isinstance(kind, Date):
        return date.fromisoformat(value)
    return base64.b64decode(value) if isinstance(kind, LargeBinary) else value
