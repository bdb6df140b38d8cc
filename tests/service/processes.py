"""The service as processes of its own, waited for and stopped."""
from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
GUNICORN = ("-m", "gunicorn", "--config", "python:api.gunicorn_settings", "api.wsgi:create()")
WAITRESS = ("-m", "api", "serve")


def environment(folder: Path, **settings: str) -> dict[str, str]:
    """The settings of a service in a folder, and nothing of this machine's own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SCHAKEL_")}
    return kept | {"SCHAKEL_DATA_DIR": str(folder), "SCHAKEL_PORT": str(free_port()), **settings}


def command_of(pid: int) -> str:
    """What a process runs; nothing when it has ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8").replace("\0", " ")
    except OSError:
        return ""


def children(pid: int) -> list[int]:
    """The processes that a process started; none when it has ended."""
    try:
        return [int(i) for i in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]
    except OSError:
        return []


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def command(environ: dict[str, str], *words: str) -> str:
    """Run `schakel WORDS`, which must go well; return what it printed."""
    made = asked(environ, *words)
    assert made.returncode == 0, made.stderr
    return made.stdout


def asked(environ: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    """Run `schakel WORDS`, however it ends."""
    return subprocess.run([sys.executable, "-m", "api", *words], cwd=ROOT, env=environ, text=True, capture_output=True,
                          timeout=120, check=False)  # fmt: skip


@contextmanager
def running(environ: dict[str, str], words: tuple[str, ...] = GUNICORN) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server that answers; ended with SIGTERM. Gives the process and its address."""
    # Into a file: a pipe that nobody empties would hold the service up.
    log = Path(environ["SCHAKEL_DATA_DIR"]).parent / "log.txt"
    with log.open("w", encoding="utf-8") as out:
        process = subprocess.Popen([sys.executable, *words], cwd=ROOT, env=environ, text=True, stdout=out, stderr=out)
    address = f"http://127.0.0.1:{environ['SCHAKEL_PORT']}"
    try:
        for _ in range(600):
            if process.poll() is not None or answers(address):
                break
            time.sleep(0.1)
        assert process.poll() is None, log.read_text(encoding="utf-8")
        yield process, address
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=60)
        except subprocess.TimeoutExpired:
            process.kill()
            raise


def answers(address: str) -> bool:
    """Whether the service lives."""
    try:
        with urllib.request.urlopen(f"{address}/health/live", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def get(address: str, **headers: str) -> tuple[int, str, dict[str, str]]:
    """Status, text and headers of an address."""
    try:
        with urllib.request.urlopen(urllib.request.Request(address, headers=headers), timeout=30) as answer:
            return answer.status, answer.read().decode(), dict(answer.headers)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode(), dict(error.headers)


__all__ = [
    "GUNICORN", "WAITRESS", "answers", "asked", "children", "command", "command_of", "environment", "free_port",
    "get", "running",
]  # fmt: skip
