"""What goes wrong outside the program is said in one sentence with what to do, and is no fault of ours; of what is one,
nothing that somebody entered is said.
"""
from __future__ import annotations

import errno
import os
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from api import cli
from api.mendable import mendable
from api.store import backup
from api.store.engine import Database
from api.store.tables import Organisation
from tests.service.conftest import NOW

NAME = "Zonnebloempje"
SECRET = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> Any:
    """Run a command with settings; give its status and what it said on stderr."""
    for name in [name for name in os.environ if name.startswith("SCHAKEL_")]:
        monkeypatch.delenv(name)
    monkeypatch.setattr("signal.signal", lambda *_: None)  # these stay the ones of the tests

    def ask(*words: str, **settings: str) -> tuple[int, str]:
        for name, value in {"SCHAKEL_DATA_DIR": str(tmp_path / "data"), **settings}.items():
            monkeypatch.setenv(name, value)
        status = cli.run(list(words))
        return status, capsys.readouterr().err

    return ask


def is_said(found: tuple[int, str], status: int, *words: str) -> None:
    """The status, every word, and nothing of the inside."""
    assert found[0] == status, found[1]
    assert [word for word in words if word not in found[1]] == []
    assert "Traceback" not in found[1]
    assert "our fault" not in found[1]
    assert found[1].count("\n") == 1, found[1]


@pytest.mark.parametrize("words", [("db", "upgrade"), ("user", "list"), ("serve",), ("worker",)], ids=" ".join)
def test_a_postgresql_that_cannot_be_reached_is_named(run: Any, words: tuple[str, ...]) -> None:
    found = run(*words, SCHAKEL_DATABASE_URL=f"postgresql://u:{SECRET}@127.0.0.1:9434/schakel", SCHAKEL_PORT="0",
                SCHAKEL_SECRET_KEY=SECRET[::-1])  # fmt: skip
    is_said(found, 1, "127.0.0.1:9434/schakel", "SCHAKEL_DATABASE_URL")
    assert SECRET not in found[1]


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_a_postgresql_without_the_database_is_named(run: Any, url: str) -> None:
    is_said(run("db", "upgrade", SCHAKEL_DATABASE_URL=url.replace("/t", "/nowhere", 1)), 1, "SCHAKEL_DATABASE_URL")


def test_a_file_that_cannot_be_the_database_is_said_with_its_name(run: Any, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "text").write_text("this is not SQLite, and long enough to be read as something\n" * 50)
    with sqlite3.connect(tmp_path / "other.db") as connection:
        connection.execute("CREATE TABLE somebody_elses (id INTEGER)")
    connection.close()
    whole = (tmp_path / "other.db").read_bytes()
    for name, says in (("missing/schakel.db", "opened"), ("folder", "opened"), ("text", "no database of SQLite")):
        found = run("db", "upgrade", SCHAKEL_DATABASE_URL=f"sqlite:///{tmp_path / name}")
        is_said(found, 2, str(tmp_path / name), says, "SCHAKEL_DATABASE_URL")
    found = run("db", "upgrade", SCHAKEL_DATABASE_URL=f"sqlite:///{tmp_path / 'other.db'}", SCHAKEL_SECRET_KEY=SECRET)
    is_said(found, 2, "Another program", "SCHAKEL_DATABASE_URL")
    assert (tmp_path / "other.db").read_bytes() == whole


@pytest.mark.parametrize("folder", ["/etc/passwd", "/etc/passwd/data", "/proc/schakel"])
@pytest.mark.parametrize("words", [("serve",), ("db", "upgrade")], ids=" ".join)
def test_a_data_folder_that_cannot_be_one_is_said(run: Any, folder: str, words: tuple[str, ...]) -> None:
    is_said(run(*words, SCHAKEL_DATA_DIR=folder), 2, "SCHAKEL_DATA_DIR", folder)


@pytest.mark.parametrize("address", ["https://[::1", "https://x.example:port", "https://x.example:99999"])
def test_an_address_that_cannot_be_read_is_refused(run: Any, address: str) -> None:
    is_said(run("db", "upgrade", SCHAKEL_PUBLIC_URL=address), 2, "SCHAKEL_PUBLIC_URL")


@pytest.mark.parametrize("address", ["postgresql://u@h:port/x", "postgresql://[::1/x", "://", "mysql://h/x"])
def test_a_database_address_that_cannot_be_read_is_refused(run: Any, address: str) -> None:
    is_said(run("db", "upgrade", SCHAKEL_DATABASE_URL=address), 2, "postgresql://")


def test_a_backup_that_finds_no_place_is_said(run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No folder, and a disk that is full half-way: nothing is left, and the next one is whole."""
    assert run("db", "upgrade")[0] == 0
    is_said(run("db", "backup", str(tmp_path / "no" / "backup")), 2, str(tmp_path / "no"))

    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(backup, "_write", full)
        is_said(run("db", "backup", str(tmp_path / "backup")), 1, "No space left", "Make room")
    assert [path.name for path in tmp_path.iterdir()] == ["data"]
    assert run("db", "backup", str(tmp_path / "backup"))[0] == 0


def test_a_file_of_the_program_itself_that_is_missing_is_our_fault() -> None:
    inside = Path(cli.__file__).parent / "nothing.txt"
    assert mendable(FileNotFoundError(errno.ENOENT, "No such file", str(inside))) is None
    assert mendable(BrokenPipeError(errno.EPIPE, "Broken pipe")) is None
    assert mendable(KeyError(NAME)) is None


def test_of_a_rule_that_was_broken_nothing_that_was_entered_is_said(
    database: Database, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither by SQLAlchemy, which says the parameters, nor by PostgreSQL, which says the row that stood in the way."""
    row = {"id": "x", "kind": "school", "code": NAME, "name": f"Family {NAME}", "created_at": NOW}

    def twice() -> None:
        with database.writing() as session:
            session.execute(insert(Organisation).values(row))
            session.execute(insert(Organisation).values({**row, "id": "y"}))

    with pytest.raises(IntegrityError) as refused:
        twice()
    assert NAME not in str(refused.value).replace(str(refused.value.orig), "")
    monkeypatch.setattr(cli.schakel, "main", lambda **_: twice())
    status, said = run("db", "upgrade")
    assert status == 5
    assert NAME not in said
    assert "IntegrityError" in said
    assert "twice" in said  # where it came through stays
    assert "reference" in said
