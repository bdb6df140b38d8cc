"""Nobody waits by guessing at SQLite's file: a change that is ready goes first, and nothing waits for ever."""
from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from api.store import turnstile
from api.store.engine import Database
from tests.service.conftest import KEY

WATCHDOG = 60.0


@pytest.fixture
def url(tmp_path: Path) -> str:
    """A file with one small table."""
    address = f"sqlite:///{tmp_path / 'a.db'}"
    database = Database.open(address, KEY)
    with database.writing() as session:
        session.execute(text("CREATE TABLE told (what TEXT)"))
        session.execute(text("INSERT INTO told VALUES ('first')"))
    database.close()
    return address


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    """The file, opened."""
    found = Database.open(url, KEY)
    yield found
    found.close()


def told(session: Any) -> int:
    """How many rows somebody sees."""
    return int(session.scalar(text("SELECT count(*) FROM told")))


def write(database: Database, what: str, done: list[str]) -> threading.Thread:
    """Write a row in a thread of its own."""
    def act() -> None:
        with database.writing() as session:
            session.execute(text("INSERT INTO told VALUES (:what)"), {"what": what})
        done.append(what)

    thread = threading.Thread(target=act)
    thread.start()
    return thread


def held(path: Path, name: str) -> bool:
    """Whether somebody stands alone at one of the files, as the system lists its locks."""
    number = (path.parent / f"{path.name}-turnstile" / name).stat().st_ino
    lines = Path("/proc/locks").read_text().splitlines()
    return any("FLOCK" in line and "WRITE" in line and f":{number} " in line for line in lines)


def until(so: Any) -> None:
    """Wait for something to be so."""
    end = time.monotonic() + WATCHDOG
    while not so():
        assert time.monotonic() < end
        time.sleep(0.005)


def test_a_change_that_is_ready_goes_before_readers_who_came_later(database: Database, tmp_path: Path) -> None:
    """The first reader is let out, then the change is kept, and only then the second reader sees the file: two rows."""
    seen: list[int] = []

    def look() -> None:
        with database.reading() as session:
            seen.append(told(session))

    with database.reading() as session:
        assert told(session) == 1
        writer = write(database, "second", [])
        until(lambda: held(tmp_path / "a.db", "turn"))
        reader = threading.Thread(target=look)
        reader.start()
        reader.join(0.2)
        assert seen == [] and told(session) == 1
    for thread in (writer, reader):
        thread.join(WATCHDOG)
    assert seen == [2]


def test_a_change_half_done_keeps_no_reader_out_however_big(database: Database) -> None:
    """Ten thousand pages of it: more than the memory that SQLite fills before it takes the file for itself."""
    with database.writing() as session:
        session.execute(text("INSERT INTO told SELECT hex(randomblob(2000)) FROM "
                             "(WITH RECURSIVE k(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM k WHERE n < 10000) "
                             "SELECT n FROM k)"))  # fmt: skip
        with database.reading() as reader:
            assert told(reader) == 1
    with database.reading() as reader:
        assert told(reader) == 10_001


def hold(url: str, ready: Any) -> None:
    """Begin to write, and never end."""
    database = Database.open(url, KEY)
    session = database.sessions()
    session.execute(text("INSERT INTO told VALUES ('lost')"))
    ready.set()
    time.sleep(WATCHDOG)


def test_what_a_process_held_that_was_killed_falls_open(url: str, database: Database, tmp_path: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    ready = spawn.Event()
    child = spawn.Process(target=hold, args=(url, ready))
    child.start()
    assert ready.wait(WATCHDOG)
    assert held(tmp_path / "a.db", "writers")
    done: list[str] = []
    writer = write(database, "after", done)
    writer.join(0.2)
    assert done == []
    assert child.pid is not None
    os.kill(child.pid, signal.SIGKILL)
    writer.join(WATCHDOG)
    child.join(WATCHDOG)
    with database.reading() as session:
        assert done == ["after"] and told(session) == 2


def test_who_waits_too_long_goes_on_and_sqlite_decides(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody came in to read and never read: SQLite has nothing against the change."""
    monkeypatch.setattr(turnstile, "PATIENCE", 0.05)
    session = database.readers()
    session.connection()  # came in, and SQLite holds nothing for it yet
    done: list[str] = []
    write(database, "second", done).join(WATCHDOG)
    assert done == ["second"]
    session.close()


def test_a_file_that_cannot_have_a_turnstile_is_read_without_one(url: str, tmp_path: Path) -> None:
    """A copy beside which nothing may be made: here by a file of the same name."""
    copy = Path(shutil.copy(tmp_path / "a.db", tmp_path / "copy.db"))
    (tmp_path / "copy.db-turnstile").write_text("in the way")
    database = Database.open(f"sqlite:///{copy}", KEY)
    with database.writing() as session:
        session.execute(text("INSERT INTO told VALUES ('second')"))
    with database.reading() as session:
        assert told(session) == 2
    database.close()
