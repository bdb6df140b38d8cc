"""Nothing is written under a key that the log was not sealed with, and nothing is made where there is no service."""
from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from api.errors import Refused
from api.services.upkeep import make_ready, must_be_ready
from api.store.engine import Database
from tests.service.conftest import KEY, NOW
from tests.service.processes import GUNICORN, ROOT, command, environment

ADD = ("user", "add", "a@example.org", "--name", "A", "--role", "administrator")


def ended(environ: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    """Run words of Python to their end."""
    return subprocess.run([sys.executable, *words], cwd=ROOT, env=environ, text=True, capture_output=True, timeout=60,
                          check=False)  # fmt: skip


def events(folder: Path) -> list[tuple[object, ...]]:
    """The log of a service in a folder, read apart from the service."""
    with sqlite3.connect(folder / "schakel.db") as connection:
        return connection.execute("SELECT * FROM audit_events ORDER BY sequence").fetchall()


def test_who_lost_the_secret_is_told_so_and_nothing_is_made_or_written(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    environ = environment(folder)
    command(environ, "db", "upgrade")
    before, kept = events(folder), (folder / "secret.key").read_bytes()
    (folder / "secret.key").unlink()
    for words in (("serve",), ADD, ("db", "upgrade"), ("db", "backup"), ("worker",)):
        answer = ended(environ, "-m", "api", *words)
        assert answer.returncode == 2, words
        assert "secret.key" in answer.stderr
        assert "Put the file back" in answer.stderr
        assert "Traceback" not in answer.stderr
    assert not (folder / "secret.key").exists()
    assert events(folder) == before
    (folder / "secret.key").write_bytes(kept)
    (folder / "secret.key").chmod(0o600)
    command(environ, *ADD)
    assert command(environ, "audit", "verify").startswith("whole ")


def test_another_secret_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    environ = environment(folder)
    command(environ, "db", "upgrade")
    before = events(folder)
    other = {**environ, "SCHAKEL_SECRET_KEY": "0f1e2d3c4b5a69788796a5b4c3d2e1f0"}
    for words in (("-m", "api", "serve"), ("-m", "api", *ADD), ("-m", "api", "db", "upgrade"), GUNICORN):
        answer = ended(other, *words)
        assert answer.returncode != 0, words
        assert "sealed with another secret" in answer.stderr
    assert events(folder) == before
    found = ended(other, "-m", "api", "audit", "verify")  # who looks what is wrong may look
    assert (found.returncode, "event 1: it was changed" in found.stdout) == (1, True)


def test_the_key_is_looked_at_on_either_database(database: Database, url: str) -> None:
    other = Database.open(url, b"another key for the tests, 32 chars")
    for refused in (lambda: make_ready(other, now=NOW), lambda: must_be_ready(other)):
        with pytest.raises(Refused, match=r"secret\.key"):
            refused()
    must_be_ready(database)
    assert database.audit_key == KEY
    other.close()


def test_a_new_secret_is_made_where_the_log_has_a_key_of_its_own(sqlite_template: Path, tmp_path: Path) -> None:
    """The log holds under it; that sessions end and codes do not work any more is what a new secret means."""
    (tmp_path / "data").mkdir()
    shutil.copy(sqlite_template, tmp_path / "data" / "schakel.db")
    environ = environment(tmp_path / "data", SCHAKEL_AUDIT_KEY=KEY.decode())
    command(environ, *ADD)
    assert (tmp_path / "data" / "secret.key").exists()
    assert command(environ, "audit", "verify").startswith("whole ")


@pytest.mark.parametrize("words", [
    ("-m", "api", "user", "list"), ("-m", "api", *ADD), ("-m", "api", "worker"), ("-m", "api", "audit", "verify"),
    ("-m", "api", "audit", "recompute", "--sample", "1"), ("-m", "api", "db", "backup"),
    ("-m", "api", "db", "retention"), ("-m", "api", "db", "export", "x"), ("-m", "api", "db", "erase", "x"), GUNICORN,
], ids=lambda words: " ".join(words[:4]))  # fmt: skip
def test_in_a_wrong_folder_nothing_is_made_and_it_is_said(words: tuple[str, ...], tmp_path: Path) -> None:
    answer = ended(environment(tmp_path / "data"), *words)
    assert answer.returncode == (1 if words == GUNICORN else 2)
    assert "There is no service here" in answer.stderr
    assert "SCHAKEL_DATA_DIR" in answer.stderr
    assert not list(tmp_path.iterdir())
