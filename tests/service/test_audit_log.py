"""Nothing can be taken out of the log, or put into it, unseen."""
from __future__ import annotations

import random
import threading
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from api.store import audit
from api.store.engine import Database
from api.store.tables import AuditEvent
from tests.service.conftest import KEY, NOW

ACTOR = audit.Actor("human", "a" * 32, "web")


def fill(database: Database, events: int = 12) -> str:
    """Write some events; return the end of the log."""
    with database.writing() as session:
        for number in range(events):
            audit.append(session, ACTOR, "student.changed", ("student", f"{number:032d}"), now=NOW, number=number)
    with database.reading() as session:
        return audit.end_of(session)


def findings(database: Database, anchor: str = "") -> list[audit.Finding]:
    """What a check finds."""
    with database.reading() as session:
        return audit.verify(session, anchor)


def unlock(database: Database) -> None:
    """Take away the triggers, as somebody with the file or the owner's password could."""
    with database.engine.begin() as connection:
        if database.is_sqlite:
            connection.execute(text("DROP TRIGGER audit_events_update"))
            connection.execute(text("DROP TRIGGER audit_events_delete"))
        else:
            connection.execute(text("DROP TRIGGER audit_events_refuse ON audit_events"))


def test_an_honest_log_is_whole(database: Database) -> None:
    end = fill(database)
    assert findings(database) == findings(database, end) == []
    fill(database)
    assert findings(database, end) == []


@pytest.mark.parametrize(
    "statement",
    ["UPDATE audit_events SET action = 'x'", "DELETE FROM audit_events", "DELETE FROM audit_events WHERE sequence = 2"],
)
def test_the_database_refuses_to_change_or_delete_an_event(database: Database, statement: str) -> None:
    fill(database)
    with pytest.raises(DBAPIError, match="only grows"), database.engine.begin() as connection:
        connection.execute(text(statement))


def test_every_kind_of_tampering_is_found(database: Database) -> None:
    """Edits of every column, deletions anywhere, swaps of neighbours, a log cut short: 60 drawn, and undone again."""
    fill(database)
    unlock(database)
    draw = random.Random(7)
    columns = {"at": "'2020-01-01 00:00:00+00:00'", "actor_kind": "'system'", "actor_id": "NULL", "action": "'x'",
               "subject_kind": "'x'", "subject_id": "'x'", "door": "'x'", "result": "'x'", "details": "'{}'",
               "previous": "'x'", "seal": "'x'"}  # fmt: skip
    for turn in range(60):
        at = draw.randint(2, 12)
        kind = ("edit", "delete", "swap", "cut", "insert")[turn % 5]
        with database.engine.connect() as connection:
            before = connection.begin()
            if kind == "edit":
                name = list(columns)[turn // 5 % len(columns)]
                connection.execute(text(f"UPDATE audit_events SET {name} = {columns[name]} WHERE sequence = {at}"))
            elif kind == "delete":
                connection.execute(text(f"DELETE FROM audit_events WHERE sequence = {at}"))
            elif kind == "swap":
                for old, new in ((at, 99), (at + 1, at), (99, at + 1)):
                    connection.execute(text(f"UPDATE audit_events SET sequence = {new} WHERE sequence = {old}"))
            elif kind == "cut":
                connection.execute(text(f"DELETE FROM audit_events WHERE sequence > {at}"))
            else:
                connection.execute(text(
                    "INSERT INTO audit_events SELECT sequence + 100, at, actor_kind, actor_id, action, subject_kind, "
                    f"subject_id, door, result, details, previous, seal FROM audit_events WHERE sequence = {at}"
                ))  # fmt: skip
            with database.readers(bind=connection) as session:
                assert audit.verify(session) != [], (kind, at)
            before.rollback()
    assert findings(database) == []


def test_a_cut_log_whose_end_was_put_back_is_found_by_the_anchor(database: Database) -> None:
    fill(database)
    with database.reading() as session:
        old = session.execute(text("SELECT sequence, seal, proof FROM audit_head")).one()
    end = fill(database)
    unlock(database)
    with database.engine.begin() as connection:
        connection.execute(text(f"DELETE FROM audit_events WHERE sequence > {old.sequence}"))
        back = "UPDATE audit_head SET sequence = :sequence, seal = :seal, proof = :proof"
        connection.execute(text(back), old._asdict())
    assert findings(database) == []  # a whole older log looks whole
    assert findings(database, end) != []


def test_an_emptied_log_is_found(database: Database) -> None:
    unlock(database)
    with database.engine.begin() as connection:
        connection.execute(text("DELETE FROM audit_events"))
        connection.execute(text("UPDATE audit_head SET sequence = 0, seal = '', proof = ''"))
    assert findings(database) != []


def test_who_lacks_the_key_cannot_write_a_log_that_passes(url: str) -> None:
    forger, owner = Database.open(url, b"another key of 32 characters ....."), Database.open(url, KEY)
    fill(forger, 1)
    assert findings(owner) != []
    forger.close()
    owner.close()


def test_a_change_and_its_event_are_one(database: Database) -> None:
    with pytest.raises(RuntimeError), database.writing() as session:
        audit.append(session, ACTOR, "student.changed", ("student", "x"), now=NOW)
        raise RuntimeError
    with database.reading() as session:
        assert session.execute(select(AuditEvent.action)).scalars().all() == ["database.made"]


def test_writers_side_by_side_keep_one_chain(database: Database) -> None:
    threads = [threading.Thread(target=fill, args=(database, 5)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as session:
        assert audit.end_of(session).startswith("21:")
    assert findings(database) == []


@pytest.mark.parametrize(
    "value", ["Noor de Vries", "a@example.org", "x" * 65, 1.5, {"name": "x"}, ["ok", "not ok"]], ids=str
)
def test_the_log_takes_no_personal_data(sqlite_template: Path, value: object) -> None:
    database = Database.open(f"sqlite:///{sqlite_template}", KEY)
    with pytest.raises(TypeError, match="ids, codes and numbers"), database.writing() as session:
        audit.append(session, ACTOR, "x", ("student", "x"), now=NOW, value=value)
    database.close()


def test_a_log_goes_on_from_its_own_earlier_ends_and_from_no_other(database: Database) -> None:
    earlier = fill(database)
    fill(database)
    number, _, seal = earlier.partition(":")
    with database.reading() as session:
        assert audit.goes_on_from(session, earlier)
        assert not audit.goes_on_from(session, f"{number}:{'0' * 64}")
        assert not audit.goes_on_from(session, f"99:{seal}")
    with database.writing() as session:
        audit.shorten(session, NOW.replace(year=NOW.year + 1))
        assert audit.goes_on_from(session, earlier)  # it had its time
