"""Whatever somebody does to the log with a hand in the database is found; what has had its time goes, and is told."""
from __future__ import annotations

import json
import random
import re
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from api.errors import Refused
from api.services.accounts import Right
from api.services.upkeep import make_ready, must_be_ready
from api.store import audit
from api.store.engine import Database
from tests.service.browser import Service
from tests.service.conftest import KEY, NOW
from tests.service.processes import asked, command, environment
from tests.service.test_audit_log import findings
from tests.service.world import make_world

ACTIONS = ("student.changed", "decision.accept", "session.began")
COLUMNS: dict[str, Any] = {
    "at": lambda draw: f"2026-06-15 09:30:00.{draw.randrange(1, 10**6):06d}+00:00",
    "actor_kind": lambda draw: draw.choice(["human", "service"]),
    "actor_id": lambda draw: f"{draw.getrandbits(128):032x}",
    "action": lambda draw: draw.choice(ACTIONS),
    "subject_kind": lambda draw: draw.choice(["student", "run"]),
    "subject_id": lambda draw: f"{draw.getrandbits(99):x}",
    "door": lambda draw: draw.choice(["web", "command"]),
    "result": lambda draw: draw.choice(["done", "refused"]),
    "details": lambda draw: json.dumps({"n": draw.randrange(10**9)}),
    "seal": lambda draw: f"{draw.getrandbits(256):064x}",
    "previous": lambda draw: f"{draw.getrandbits(256):064x}",
}
LENGTH = 60


def fill(database: Database, number: int = LENGTH, start: Any = NOW, apart: timedelta = timedelta(0)) -> None:
    """A log of so many events, no two alike."""
    draw = random.Random(1)
    with database.writing() as session:
        for step in range(number):
            actor = audit.Actor("human", f"{draw.getrandbits(128):032x}", "web")
            audit.append(session, actor, draw.choice(ACTIONS), ("student", f"{draw.getrandbits(128):032x}"),
                         now=start + step * apart, n=draw.randrange(10**6))  # fmt: skip


def unguarded(connection: Any, sqlite: bool) -> None:
    """Take the triggers away, as who has a hand in the database can."""
    names = ("audit_events_update", "audit_events_delete") if sqlite else ("audit_events_refuse",)
    for name in names:
        connection.execute(text(f"DROP TRIGGER IF EXISTS {name}" + ("" if sqlite else " ON audit_events")))


def guarded(database: Database) -> None:
    """Put triggers of these names back, as who does not want to be seen does."""
    with database.engine.begin() as connection:
        if database.is_sqlite:
            connection.execute(text("CREATE TRIGGER audit_events_delete BEFORE DELETE ON audit_events "
                                    "BEGIN SELECT RAISE(ABORT, 'the log only grows'); END"))  # fmt: skip
        else:
            connection.execute(text("CREATE FUNCTION grows() RETURNS trigger LANGUAGE plpgsql AS "
                                    "$$ BEGIN RAISE 'the log only grows'; END $$"))  # fmt: skip
            connection.execute(text("CREATE TRIGGER audit_events_refuse BEFORE DELETE ON audit_events "
                                    "FOR EACH ROW EXECUTE FUNCTION grows()"))  # fmt: skip


def rows(connection: Any) -> list[dict[str, Any]]:
    """The log as it stands."""
    found = connection.execute(text("SELECT * FROM audit_events ORDER BY sequence")).mappings()
    return [dict(row) for row in found]


def tamper(connection: Any, draw: random.Random) -> str:
    """Do one thing to the log; what it was."""
    there = rows(connection)
    kind = draw.choice(["edit", "delete", "swap", "cut", "cut and mend", "double", "insert", "head"])
    at = draw.choice(there)["sequence"]
    if kind == "edit":
        column = draw.choice(list(COLUMNS))
        old = next(row for row in there if row["sequence"] == at)[column]
        new = COLUMNS[column](draw)
        while str(new) == str(old) or (column == "details" and json.loads(new) == old):
            new = COLUMNS[column](draw)
        connection.execute(text(f"UPDATE audit_events SET {column} = :v WHERE sequence = :s"), {"v": new, "s": at})
        return f"{kind} {column} {old!r} -> {new!r}"
    if kind == "delete":
        connection.execute(text("DELETE FROM audit_events WHERE sequence = :s"), {"s": at})
    elif kind in ("cut", "cut and mend"):
        connection.execute(text("DELETE FROM audit_events WHERE sequence > :s"), {"s": at})
        if kind == "cut" and at == there[-1]["sequence"]:
            connection.execute(text("DELETE FROM audit_events WHERE sequence = :s"), {"s": at})
        if kind == "cut and mend":  # the head set back to the new end, with a proof that somebody makes up
            end = next(row for row in there if row["sequence"] == at)
            connection.execute(text("UPDATE audit_head SET sequence = :s, seal = :x, proof = :p"),
                               {"s": at, "x": end["seal"], "p": f"{draw.getrandbits(256):064x}"})  # fmt: skip
    elif kind == "swap":
        other = draw.choice([row["sequence"] for row in there if row["sequence"] != at])
        for new, old in ((-1, at), (at, other), (other, -1)):
            connection.execute(text("UPDATE audit_events SET sequence = :n WHERE sequence = :o"), {"n": new, "o": old})
    elif kind in ("double", "insert"):
        row = dict(next(row for row in there if row["sequence"] == at))
        row["details"] = json.dumps(row["details"]) if not isinstance(row["details"], str) else row["details"]
        row["sequence"] = there[-1]["sequence"] + 1
        if kind == "insert":  # chained rightly, sealed by somebody without the key
            row["previous"], row["seal"] = there[-1]["seal"], f"{draw.getrandbits(256):064x}"
            connection.execute(text("UPDATE audit_head SET sequence = :s, seal = :x"),
                               {"s": row["sequence"], "x": row["seal"]})  # fmt: skip
        connection.execute(text(f"INSERT INTO audit_events ({', '.join(row)}) VALUES "
                                f"({', '.join(':' + name for name in row)})"), row)  # fmt: skip
    else:
        column = draw.choice(["sequence", "seal", "proof", "first", "before"])
        new = draw.randrange(2, 50) if column in ("sequence", "first") else f"{draw.getrandbits(256):064x}"
        connection.execute(text(f"UPDATE audit_head SET {column} = :v"), {"v": new})
        return f"{kind} {column}"
    return f"{kind} {at}"


@pytest.mark.parametrize("times", [50, pytest.param(1_000, marks=pytest.mark.slow)])
def test_every_way_to_change_the_log_is_found(database: Database, times: int) -> None:
    fill(database)
    assert findings(database) == []
    draw, missed, seen = random.Random(7), [], set()
    for _ in range(times):
        connection = database.engine.connect()
        transaction = connection.begin()
        unguarded(connection, database.is_sqlite)
        did = tamper(connection, draw)
        seen.add(did.split(" ")[0])
        with Session(connection, info={"audit_key": KEY}, join_transaction_mode="rollback_only") as session:
            if not audit.verify(session):
                missed.append(did)
        transaction.rollback()
        connection.close()
    assert missed == []
    assert seen >= {"edit", "delete", "swap", "cut", "double", "insert", "head"}
    assert findings(database) == []


def cut(connection: Any) -> None:
    """Take the last three events away, and set the end of the log back to the one before them."""
    connection.execute(text("DELETE FROM audit_events WHERE sequence > :s"), {"s": LENGTH - 2})
    connection.execute(text("UPDATE audit_head SET sequence = :s, seal = (SELECT seal FROM audit_events "
                            "WHERE sequence = :s)"), {"s": LENGTH - 2})  # fmt: skip


def behead(connection: Any) -> None:
    """Take the first 21 events away, as though they had had their time."""
    connection.execute(text("UPDATE audit_head SET first = 22, before = (SELECT previous FROM audit_events "
                            "WHERE sequence = 22)"))  # fmt: skip
    connection.execute(text("DELETE FROM audit_events WHERE sequence < 22"))


def empty(connection: Any) -> None:
    """Take every event away: the log of a database that was made just now."""
    connection.execute(text("DELETE FROM audit_events"))
    connection.execute(text("UPDATE audit_head SET sequence = 0, seal = '', proof = '', first = 1, before = ''"))


def unfinish(connection: Any) -> None:
    """Write what a restore leaves that is not through, so that the next event would be taken for its last."""
    cut(connection)
    connection.execute(text("UPDATE audit_head SET proof = 'restoring'"))


@pytest.mark.parametrize("later", [1, 3])
@pytest.mark.parametrize("tampering", [cut, behead, empty, unfinish])
def test_what_was_done_to_the_end_of_the_log_is_found_however_much_is_logged_after_it(
    database: Database, tampering: Callable[[Any], None], later: int
) -> None:
    """The service goes on: no event of it is lost, and none puts its own seal on what somebody else did."""
    fill(database)
    with database.writing() as session:
        make_world(session)
    with database.engine.begin() as connection:
        unguarded(connection, database.is_sqlite)
        tampering(connection)
    before = findings(database)
    with database.engine.connect() as connection:
        there = len(rows(connection))
    for number in range(later):
        fill(database, 1, start=NOW + timedelta(days=number))
        with database.writing() as session:
            assert audit.shorten(session, NOW + timedelta(days=900)) == 0  # what shows it does not go either
    after = findings(database)
    assert audit.Finding(0, "the end of the log was changed") in after
    assert before and {finding.sequence for finding in before} <= {finding.sequence for finding in after}
    with database.engine.connect() as connection:
        assert len(rows(connection)) == there + later
    for starts in (make_ready, must_be_ready):
        with pytest.raises(Refused):
            starts(database, **({"now": NOW} if starts is make_ready else {}))  # type: ignore[operator]


@pytest.mark.parametrize("times", [60, pytest.param(1_000, marks=pytest.mark.slow)])
def test_every_way_to_change_the_log_is_found_after_more_was_logged(database: Database, times: int) -> None:
    """With whatever it hits; an event that cannot be kept, its number being taken, changes nothing."""
    fill(database)
    draw, missed, seen = random.Random(11), [], set()
    for _ in range(times):
        with database.engine.connect() as connection:
            transaction = connection.begin()
            unguarded(connection, database.is_sqlite)
            did = tamper(connection, draw)
            seen.add(" ".join(did.split(" ")[:3 if did.startswith("cut and") else 2]))
            with Session(connection, info={"audit_key": KEY}, join_transaction_mode="create_savepoint") as session:
                for _ in range(draw.randint(1, 3)):
                    with suppress(IntegrityError), session.begin_nested():
                        audit.append(session, audit.SERVICE, "x", ("test", "1"), now=NOW)
                if not audit.verify(session):
                    missed.append(did)
            transaction.rollback()
    assert missed == []
    assert seen >= {f"head {column}" for column in ("sequence", "seal", "proof", "first", "before")}
    assert {did.split(" ")[0] for did in seen} >= {"edit", "delete", "swap", "cut", "double", "insert", "head"}


def test_what_has_had_its_time_goes_and_the_rest_still_holds(database: Database) -> None:
    fill(database, 50, apart=timedelta(days=1))
    with database.reading() as session:
        anchor = audit.end_of(session)
    with database.writing() as session:
        assert audit.shorten(session, NOW + timedelta(days=20)) == 21  # the first event, and one a day
    with database.reading() as session:
        assert audit.verify(session, anchor) == []
    with database.writing() as session:
        assert audit.shorten(session, NOW + timedelta(days=20)) == 0
        audit.append(session, audit.SERVICE, "x", ("test", "1"), now=NOW + timedelta(days=60))
        assert audit.shorten(session, NOW + timedelta(days=900)) == 30  # the latest stays
    assert findings(database) == []
    with database.engine.begin() as connection, pytest.raises(Exception, match="only grows"):
        connection.execute(text("DELETE FROM audit_events"))
    with database.engine.begin() as connection:  # a beginning that somebody moves on by hand is found
        connection.execute(text("UPDATE audit_head SET first = first + 1"))
    assert findings(database) != []


@pytest.mark.parametrize("statement", [
    "DELETE FROM audit_events WHERE sequence < 30",
    "DELETE FROM audit_events WHERE sequence BETWEEN 9 AND 40",
    "UPDATE audit_events SET at = (SELECT at FROM audit_events WHERE sequence = 1) WHERE sequence BETWEEN 9 AND 50",
    "UPDATE audit_events SET door = 'else' WHERE sequence = 9",
])  # fmt: skip
def test_what_was_done_to_events_does_not_go_with_those_that_had_their_time(database: Database, statement: str) -> None:
    """Else one event with its time set back, and those before it deleted, would be a log that was kept as it should."""
    fill(database, 50, apart=timedelta(days=1))
    with database.engine.begin() as connection:
        unguarded(connection, database.is_sqlite)
        if "at =" in statement:
            connection.execute(text("DELETE FROM audit_events WHERE sequence BETWEEN 10 AND 20"))
        connection.execute(text(statement))
    guarded(database)
    before = findings(database)
    with database.writing() as session:
        assert audit.shorten(session, NOW + timedelta(days=20)) <= 8
    assert findings(database) == before != []


UNREADABLE = {
    "at": ["'rubbish'", "5", "''"], "details": ["'{'", "x'ff'", "'\"\\ud800\"'"], "seal": ["x'00'", "'é'"],
    "previous": ["x'00'"], "subject_id": ["CAST(x'ff' AS TEXT)", "x'ff'"],
}  # fmt: skip


@pytest.mark.parametrize("at", [20, LENGTH + 1], ids=["in the midst", "the last one"])
@pytest.mark.parametrize("column", UNREADABLE)
def test_what_cannot_be_read_is_named_and_the_rest_is_checked(
    sqlite_template: Path, tmp_path: Path, column: str, at: int
) -> None:
    """A file of SQLite takes anything in any column; every event but that one is still held against its seal."""
    path = tmp_path / "own.db"
    path.write_bytes(sqlite_template.read_bytes())
    database = Database.open(f"sqlite:///{path}", KEY)
    fill(database)
    for value in UNREADABLE[column]:
        with database.engine.begin() as connection:
            unguarded(connection, sqlite=True)
            connection.exec_driver_sql(f"UPDATE audit_events SET {column} = {value} WHERE sequence = {at}")
        found = findings(database)
        assert found, value
        assert {finding.sequence for finding in found} <= {at, at + 1, 0}, value
        assert any(finding.sequence == at for finding in found), value
        with database.reading() as session:
            shown = {event.sequence: event.action for event in audit.latest(session, None, LENGTH + 5)}
            assert len(shown) == LENGTH + 1
            assert {number for number, action in shown.items() if action == "unreadable"} <= {at}
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE audit_events SET door = 'else' WHERE sequence = 40"))
    assert audit.Finding(40, "it was changed") in findings(database)
    database.close()


@pytest.mark.parametrize(("column", "value"), [("at", "'rubbish'"), ("details", "'{'"), ("subject_id", "x'ff'")])
def test_who_looks_at_the_log_sees_that_an_event_cannot_be_read_and_all_others(
    sqlite_template: Path, tmp_path: Path, column: str, value: str
) -> None:
    path = tmp_path / "own.db"
    path.write_bytes(sqlite_template.read_bytes())
    service = Service(Database.open(f"sqlite:///{path}", KEY), tmp_path)
    service.add("admin@example.org", Right("administrator"))
    admin = service.person("admin@example.org")
    before = admin.get("/api/v1/audit-events?limit=100").json["items"]
    number = before[1]["number"]
    with service.database.engine.begin() as connection:
        unguarded(connection, sqlite=True)
        connection.exec_driver_sql(f"UPDATE audit_events SET {column} = {value} WHERE sequence = {number}")
    after = admin.get("/api/v1/audit-events?limit=100").json["items"]
    assert [event["number"] for event in after] == [event["number"] for event in before]
    (told,) = [event for event in after if event["action"] == "unreadable"]
    assert (told["number"], told["at"]) == (number, None)
    assert [e for e in after if e["number"] != number] == [e for e in before if e["number"] != number]
    page = admin.get("/beheer/logboek")
    assert (page.status_code, f"Regel {number} is gewijzigd" in page.text) == (200, True)
    service.database.close()


def test_an_end_that_was_taken_away_is_a_finding(database: Database) -> None:
    fill(database)
    with database.engine.begin() as connection:
        connection.execute(text("DELETE FROM audit_head"))
    assert findings(database) == [audit.Finding(0, "the end of the log was changed")]
    with database.reading() as session:
        assert audit.end_of(session) == ""


@pytest.mark.parametrize("column", ["sequence", "first", "seal", "before", "proof"])
@pytest.mark.parametrize("value", ["'é'", "x'ff'", "CAST(x'ff' AS TEXT)"])
def test_an_end_that_cannot_be_read_is_a_finding(
    sqlite_template: Path, tmp_path: Path, column: str, value: str
) -> None:
    path = tmp_path / "own.db"
    path.write_bytes(sqlite_template.read_bytes())
    database = Database.open(f"sqlite:///{path}", KEY)
    with database.engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE audit_head SET {column} = {value}")
    assert findings(database)  # and no failure
    database.close()


def test_the_command_names_what_it_found_and_ends_with_one(tmp_path: Path) -> None:
    environ = environment(tmp_path / "data")
    command(environ, "db", "upgrade")
    database = Database.open(f"sqlite:///{tmp_path / 'data' / 'schakel.db'}", KEY)
    with database.engine.begin() as connection:
        unguarded(connection, sqlite=True)
        connection.execute(text("UPDATE audit_events SET at = 'rubbish'"))
        connection.execute(text("DELETE FROM audit_head"))
    database.close()
    told = asked(environ, "audit", "verify")
    assert (told.returncode, told.stderr) == (1, "")
    assert told.stdout.splitlines() == ["event 1: it cannot be read: it was changed", "the end of the log was changed"]


def test_where_no_anchor_can_be_written_the_log_is_checked_all_the_same(tmp_path: Path) -> None:
    """A folder of its name stands in the way, as a disk that cannot be written would."""
    environ = environment(tmp_path / "data")
    command(environ, "db", "upgrade")
    (tmp_path / "data" / "audit.anchor").mkdir()
    told = asked(environ, "audit", "verify")
    assert told.returncode == 0
    assert re.fullmatch(r"whole 1:[0-9a-f]{64}\n", told.stdout)
    assert "audit.anchor" in told.stderr
    assert "Traceback" not in told.stderr
