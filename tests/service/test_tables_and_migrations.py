"""Migrations make exactly the declared tables; sessions lose nothing; every column says what it is for."""
from __future__ import annotations

import hmac
import os
import re
import threading
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import CheckConstraint, inspect, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm.exc import StaleDataError

from api.errors import Refused
from api.services.upkeep import make_ready, must_be_ready
from api.store import audit, schema
from api.store.base import Base
from api.store.dictionary import ABOUT, KEEP, NEVER, RECORDS, entries
from api.store.engine import Database
from api.store.tables import Organisation
from features.records import Opening, Student
from tests.service.conftest import KEY, NOW
from tests.service.test_audit_log import findings


def test_migrations_make_the_declared_tables_and_nothing_else(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_every_version_leads_to_the_newest(empty_url: str) -> None:
    for version in schema.versions():
        database = Database.open(empty_url, KEY)
        schema.upgrade(database, version)
        assert schema.current(database) == version
        if version != schema.newest():
            with pytest.raises(Refused):
                must_be_ready(database)
        database.close()
    database = Database.open(empty_url, KEY)
    with pytest.raises(Refused, match="not even the first event"):
        must_be_ready(database)
    assert make_ready(database, now=NOW) == schema.newest()
    must_be_ready(database)
    assert findings(database) == []
    assert make_ready(database, now=NOW) == schema.newest()  # and the log is begun once
    with database.reading() as session:
        assert audit.end_of(session).startswith("1:")
    database.close()


def test_tables_of_a_newer_program_are_left_alone(database: Database) -> None:
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(Refused, match="newer"):
        make_ready(database, now=NOW)
    with pytest.raises(Refused, match="older than the database") as told:  # and not to upgrade it, which is refused too
        must_be_ready(database)
    assert "upgrade" not in str(told.value)


def test_sqlite_works_in_the_mode_that_loses_nothing(sqlite_template: object) -> None:
    database = Database.open(f"sqlite:///{sqlite_template}", KEY)
    with database.engine.connect() as connection:
        read = {name: connection.execute(text(f"PRAGMA {name}")).scalar_one()
                for name in ("journal_mode", "synchronous", "foreign_keys")}  # fmt: skip
    database.close()
    assert read == {"journal_mode": "delete", "synchronous": 3, "foreign_keys": 1}


def test_a_reading_session_cannot_write(database: Database) -> None:
    with pytest.raises(DBAPIError), database.reading() as session:
        session.execute(text("UPDATE audit_head SET sequence = 7"))
    with database.writing() as session:  # and the same connection can, after it
        session.execute(text("UPDATE audit_head SET sequence = 7"))


def test_writers_side_by_side_lose_no_update(database: Database) -> None:
    """Each thread reads a number, adds one and writes it: the deferred BEGIN of SQLite loses most of these."""
    with database.writing() as session:
        session.add(Organisation(kind="school", code="0", name="0", created_at=NOW))

    def work() -> None:
        for _ in range(10):
            with database.writing() as session:
                row = session.execute(select(Organisation).with_for_update()).scalar_one()
                row.name = str(int(row.name) + 1)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as session:
        assert session.execute(select(Organisation.name)).scalar_one() == "40"


def test_an_edit_that_did_not_see_the_latest_state_is_refused(database: Database) -> None:
    with database.writing() as session:
        session.add(Organisation(kind="school", code="0", name="a", created_at=NOW))
    with database.reading() as session:
        stale = session.execute(select(Organisation)).scalar_one()
        assert stale.version == 1
    with database.writing() as session:
        session.execute(select(Organisation)).scalar_one().name = "b"
    with pytest.raises(StaleDataError), database.writing() as session:
        session.add(stale)
        stale.name = "c"


def test_every_column_and_every_field_of_a_record_is_classified() -> None:
    listed = list(entries(Base.metadata))
    for entry in listed:
        assert entry.meaning is not None, f"{entry.table}.{entry.column}"
        assert entry.meaning.purpose
        assert entry.meaning.about in ABOUT
        assert entry.meaning.keep in KEEP
    assert len({(entry.table, entry.column) for entry in listed}) == sum(len(t.columns) for t in
                                                                         Base.metadata.sorted_tables)  # fmt: skip


@pytest.mark.parametrize(("kind", "record"), [("student", Student), ("opening", Opening)])
def test_the_dictionary_names_every_field_of_a_stored_record_and_no_other(kind: str, record: type) -> None:
    assert set(RECORDS[kind]) == set(leaves(record))


def leaves(record: type, before: str = "") -> Iterator[str]:
    """The names of the fields of a record; those of `background` by their own names."""
    for field in fields(record):
        factory = field.default_factory
        if is_dataclass(factory):
            yield from leaves(factory, f"{field.name}.")
        else:
            yield before + field.name


def test_nothing_is_stored_that_must_never_be() -> None:
    names = {part for entry in entries(Base.metadata) for name in (entry.table, entry.column, entry.field)
             for part in re.split(r"[_.]", name)}  # fmt: skip
    assert not names & set(NEVER)


def test_an_upgrade_keeps_what_was_there_and_every_rule(empty_url: str) -> None:
    """Tables are altered by copying them on SQLite: rows, references and checks must come along."""
    database = Database.open(empty_url, KEY)
    schema.upgrade(database, "0006")
    at = "2026-06-15 09:30:00+00:00"
    rows = {
        "accounts": {"id": "a", "email": "a@example.org", "active": True, "fs_uniquifier": "u", "name": "A",
                     "must_change": False, "created_at": at, "version": 1},
        "organisations": {"id": "o", "kind": "school", "code": "25AB00", "name": "School", "created_at": at,
                          "version": 1},
        "grants": {"id": "g", "account_id": "a", "role": "school", "organisation_id": "o"},
        "students": {"id": "s", "organisation_id": "o", "student_ref": "1", "number": 0, "created_at": at,
                     "version": 1},
    }  # fmt: skip
    with database.engine.begin() as connection:
        begun = {"proof": hmac.new(KEY, b"end 0 ", "sha256").hexdigest()}  # a database with rows has a log under a seal
        connection.execute(text("UPDATE audit_head SET proof = :proof"), begun)
        for table, values in rows.items():
            names = ", ".join(values)
            marks = ", ".join(f":{name}" for name in values)
            connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({marks})"), values)
    make_ready(database, now=NOW)
    with database.reading() as session:
        assert session.execute(text("SELECT subject FROM grants")).scalar_one() == "o"
        assert session.execute(text("SELECT count(*) FROM students")).scalar_one() == 1
        assert session.execute(text("SELECT approved_at IS NOT NULL FROM organisations")).scalar_one()
    with pytest.raises(DBAPIError), database.writing() as session:
        session.execute(text("UPDATE grants SET role = 'king'"))
    with pytest.raises(DBAPIError), database.writing() as session:
        session.execute(text("DELETE FROM organisations"))
    database.close()


def test_the_database_has_every_check_that_is_declared(database: Database) -> None:
    found = inspect(database.engine)
    for table in Base.metadata.sorted_tables:
        declared = {c.name for c in table.constraints if isinstance(c, CheckConstraint)}
        # The first versions named a check by its table twice.
        there = {str(c["name"]).replace(f"ck_{table.name}_ck_{table.name}_", f"ck_{table.name}_")
                 for c in found.get_check_constraints(table.name)}  # fmt: skip
        assert there == declared, table.name


def test_a_file_of_sqlite_is_for_its_owner_alone_from_the_beginning(tmp_path: Path) -> None:
    path = tmp_path / "own.db"
    before = os.umask(0)
    try:
        database = Database.open(f"sqlite:///{path}", KEY)
        assert schema.current(database) is None
        assert path.stat().st_mode & 0o777 == 0o600
        make_ready(database, now=NOW)
        with database.writing() as session:
            session.execute(text("UPDATE audit_head SET first = first"))
            assert [file.name for file in tmp_path.iterdir() if file.stat().st_mode & 0o077] == []
        database.close()
    finally:
        os.umask(before)
    assert path.stat().st_mode & 0o777 == 0o600
