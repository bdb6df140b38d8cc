"""The real command: a first login, answers, a second start that keeps what there was, a clean stop."""
from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


@contextmanager
def served(folder: Path) -> Iterator[tuple[str, str]]:
    """Run the command with nothing but a folder and any port; give its first lines and its address."""
    environ = {k: v for k, v in os.environ.items() if not k.startswith("SCHAKEL_")}
    environ |= {"SCHAKEL_DATA_DIR": str(folder), "SCHAKEL_PORT": "0"}
    process = subprocess.Popen([sys.executable, "-m", "api", "serve"], cwd=ROOT, env=environ, text=True,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)  # fmt: skip
    try:
        assert process.stdout is not None
        lines = ""
        while "Schakel is at" not in lines:
            line = process.stdout.readline()
            assert line, process.stderr.read() if process.stderr else ""
            lines += line
        address = re.search(r"http://127.0.0.1:\d+", lines)
        assert address is not None
        yield lines, address.group()
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
    assert process.returncode == 0


def test_with_nothing_configured_it_serves_and_comes_back_with_what_there_was(tmp_path: Path) -> None:
    with served(tmp_path / "data") as (lines, address):
        assert re.search(r"First login .* beheer@schakel.example  [0-9a-f]{6}(-[0-9a-f]{6}){3}\n", lines)
        with urllib.request.urlopen(f"{address}/health/ready") as answer:
            assert json.load(answer)["status"] == "ok"
        try:
            urllib.request.urlopen(f"{address}/api/v1/account")
        except urllib.error.HTTPError as error:
            assert error.code == 401
            error.close()
    files = {path.name for path in (tmp_path / "data").iterdir()}
    assert files == {"schakel.db", "schakel.db-turnstile", "secret.key"}
    with served(tmp_path / "data") as (lines, _):
        assert "First login" not in lines


def test_a_port_that_is_taken_is_said_before_anything_is_made(tmp_path: Path) -> None:
    """The first login is printed once: it may not be made and lost where the service cannot start."""
    import socket

    with socket.create_server(("127.0.0.1", 0)) as taken:
        environ = {k: v for k, v in os.environ.items() if not k.startswith("SCHAKEL_")}
        environ |= {"SCHAKEL_DATA_DIR": str(tmp_path), "SCHAKEL_PORT": str(taken.getsockname()[1])}
        answer = subprocess.run([sys.executable, "-m", "api", "serve"], cwd=ROOT, env=environ, text=True,
                                capture_output=True, timeout=120, check=False)  # fmt: skip
    assert answer.returncode == 2
    assert "SCHAKEL_PORT" in answer.stderr
    assert "Traceback" not in answer.stderr
    assert not (tmp_path / "schakel.db").exists()


def test_the_file_is_for_its_owner_alone_whatever_the_folder_lets_others_do(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir(mode=0o755)
    with served(tmp_path / "data") as (lines, _):
        assert "may read" not in lines
    path = tmp_path / "data" / "schakel.db"
    assert path.stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "data" / "schakel.db-turnstile").stat().st_mode & 0o777 == 0o700
    path.chmod(0o644)
    with served(tmp_path / "data") as (lines, _):
        assert f"{path}: others on this machine may read it" in lines
    (tmp_path / "data").chmod(0o700)  # nobody else comes that far
    with served(tmp_path / "data") as (lines, _):
        assert "may read" not in lines
