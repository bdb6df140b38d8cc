"""What all tables share: names of constraints, ids, instants in UTC, row versions, described columns."""
from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import sqlalchemy
from sqlalchemy import DateTime, Integer, MetaData, String, bindparam
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedColumn, Session, declared_attr, mapped_column
from sqlalchemy.types import TypeDecorator

from api.store.dictionary import describe

# SQLite can alter a constraint only by its name, so every one has a name from the first migration on.
NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
ID = String(32)
JSON = sqlalchemy.JSON(none_as_null=True)
"""Data of a row; nothing is NULL, on every database, never the word null."""


class Base(DeclarativeBase):
    """All tables of the service."""

    metadata = MetaData(naming_convention=NAMES)


class Instant(TypeDecorator[datetime]):
    """A moment: aware on the way in, UTC in the database, aware again on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    @property
    def python_type(self) -> type[datetime]:
        """What a row has it as."""
        return datetime

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Refuse a moment without a zone: nobody could say which moment it is."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise TypeError("a moment needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """SQLite forgets the zone; what it holds is UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


IDS: Any = bindparam("ids", expanding=True)
"""Some ids in a question that is stated once; see `among`."""


def among(ids: Iterable[str]) -> dict[str, list[str]]:
    """The ids for `IDS`, the last one repeated up to a power of two.

    A database plans a question anew for every number of ids; so it meets few, and keeps their plans.
    """
    found = sorted(set(ids))
    return {"ids": found + found[-1:] * ((1 << (len(found) - 1).bit_length()) - len(found)) if found else []}


def how_many(session: Session, statement: Any) -> int:
    """Execute a deletion or a change; return how many rows it took."""
    done: Any = session.execute(statement)
    return int(done.rowcount)


def new_id() -> str:
    """Return a random id of 128 bits; says nothing about order or number."""
    return secrets.token_hex(16)


def column(
    kind: Any, purpose: str, about: str, keep: str, *args: Any, record: str = "", **options: Any
) -> MappedColumn[Any]:
    """Return a column that says what it is for; see `api.store.dictionary`."""
    return mapped_column(kind, *args, info=describe(purpose, about, keep, record), **options)


def key(about: str, keep: str) -> MappedColumn[Any]:
    """Return a random primary key."""
    return column(ID, "names the record in addresses and in the log", about, keep, primary_key=True, default=new_id)


def record_column(kind: str, about: str, keep: str) -> MappedColumn[Any]:
    """Return a column with a whole record (student or opening), field by field in the dictionary."""
    return column(JSON, f"the {kind} as the list said, field by field below", about, keep, record=kind)


class Versioned:
    """A record that people edit: an update that did not see the latest state is refused."""

    @declared_attr
    def version(cls) -> Mapped[int]:  # noqa: N805
        """Counts the edits; what ETag and If-Match speak of."""
        return column(Integer, "keeps two people from overwriting each other", "nobody", "organisation", nullable=False)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805
        return {"version_id_col": cls.version}


__all__ = [
    "ID", "IDS", "JSON", "Base", "Instant", "Versioned", "among", "column", "how_many", "key", "new_id",
    "record_column",
]  # fmt: skip
