"""Real processes: `schakel serve` and `schakel worker` on a database, started, killed and started again.

They are forked from one process that has imported the program already: a start takes a tenth of the time, and what
runs is the same command, in a process of its own.
"""
from __future__ import annotations

import atexit
import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.conftest import REQUIRE_PARTS
from tests.service.conftest import KEY
from tests.service.processes import GUNICORN, answers, free_port

ROOT = Path(__file__).resolve().parent.parent.parent
STRACE = shutil.which("strace")
_NURSERY = """
import json, os, signal, sys
import api.service, api.worker, api.commands.serve, api.commands.worker
from api.cli import main
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
print("ready", flush=True)
for line in sys.stdin:
    order = json.loads(line)
    pid = os.fork()
    if pid:
        print(pid, flush=True)
        continue
    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.environ.clear()
    os.environ.update(order["environ"])
    for path, number in (("/dev/null", 0), (order["out"], 1), (order["errors"], 2)):
        os.dup2(os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND), number)
    sys.argv = ["schakel", *order["words"]]
    try:
        exec(order["patch"])
        main()
    finally:
        sys.stdout.flush()
        os._exit(0)
"""


def need_strace() -> str:
    """The path of strace; without it a test is skipped, or fails where every part is asked for."""
    if STRACE is None:
        pytest.fail("strace is not installed") if REQUIRE_PARTS else pytest.skip("strace is not installed")
    return STRACE or ""


class Nursery:
    """The process that forks others."""

    def __init__(self) -> None:
        environ = {k: v for k, v in os.environ.items() if not k.startswith("SCHAKEL_")} | {"OMP_NUM_THREADS": "1"}
        self.process = subprocess.Popen([sys.executable, "-c", _NURSERY], cwd=ROOT, env=environ, text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # fmt: skip
        assert self._answer() == "ready"
        atexit.register(self.close)

    def _answer(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def fork(self, **order: object) -> int:
        """Start a process; return its number."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        return int(self._answer())

    def close(self) -> None:
        """End it; what it started goes on."""
        self.process.kill()
        self.process.wait(10)
        for stream in (self.process.stdin, self.process.stdout):
            if stream is not None:
                stream.close()


_nursery: list[Nursery] = []


@dataclass
class Process:
    """A process that was started, with where its words go."""

    pid: int
    out: Path

    def lives(self) -> bool:
        """Whether it has not ended."""
        try:
            state = Path(f"/proc/{self.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return False
        return state not in "ZX"

    def kill(self, *, alone: bool = False) -> None:
        """``kill -9``, of all it started too unless ``alone``."""
        with contextlib.suppress(ProcessLookupError):
            (os.kill if alone else os.killpg)(self.pid, signal.SIGKILL)
        assert wait(lambda: not self.lives(), 30)


@dataclass
class Site:
    """A database address and a folder, and the processes that work on them."""

    url: str
    folder: Path
    environ: dict[str, str] = field(default_factory=dict)
    running: list[Process] = field(default_factory=list)

    def settings(self) -> dict[str, str]:
        """The environment of every process of the site."""
        return {k: v for k, v in os.environ.items() if not k.startswith("SCHAKEL_")} | {
            "SCHAKEL_DATABASE_URL": self.url, "SCHAKEL_DATA_DIR": str(self.folder / "data"), "SCHAKEL_PORT": "0",
            "SCHAKEL_AUDIT_KEY": KEY.decode(), "SCHAKEL_WORKER": "apart", "SCHAKEL_LOG_LEVEL": "error",
            "SCHAKEL_RATE_LIMITS": "off", "OMP_NUM_THREADS": "1", **self.environ,
        }  # fmt: skip

    def gunicorn(self, processes: int = 2, threads: int = 4) -> tuple[Process, int]:
        """Start the production server; return it and its port."""
        port, out = free_port(), self.folder / "gunicorn.txt"
        environ = self.settings() | {"SCHAKEL_PORT": str(port), "SCHAKEL_PROCESSES": str(processes),
                                     "SCHAKEL_THREADS": str(threads)}  # fmt: skip
        with (self.folder / "errors.log").open("a") as errors:
            started = subprocess.Popen([sys.executable, *GUNICORN], cwd=ROOT, env=environ, stdout=errors,
                                       stderr=errors, start_new_session=True)  # fmt: skip
        self.running.append(Process(started.pid, out))
        assert wait(lambda: answers(f"http://127.0.0.1:{port}"), 60), f"it did not start: {self.errors()[-2000:]}"
        return self.running[-1], port

    def start(self, *words: str, patch: str = "") -> Process:
        """Start a command in a group of its own; ``patch`` is Python that is run first."""
        if not _nursery:
            _nursery.append(Nursery())
        environ = self.settings()
        out = self.folder / f"out-{time.monotonic_ns()}.txt"
        pid = _nursery[0].fork(words=words, patch=patch, environ=environ, out=str(out),
                               errors=str(self.folder / "errors.log"))  # fmt: skip
        self.running.append(Process(pid, out))
        return self.running[-1]

    def web(self, *, patch: str = "") -> tuple[Process, int]:
        """Start a web process; return it and its port."""
        process = self.start("serve", patch=patch)
        port: list[int] = []

        def told() -> bool:
            text = process.out.read_text(encoding="utf-8") if process.out.exists() else ""
            found = re.search(r"Schakel is at http://127\.0\.0\.1:(\d+)", text)
            port.extend([int(found.group(1))] if found else [])
            return bool(found) or not process.lives()

        assert wait(told, 60), "it did not start in time"
        assert port, f"it did not start: {self.errors()[-2000:]}"
        return process, port[0]

    def errors(self) -> str:
        """What was written to stderr."""
        return (self.folder / "errors.log").read_text(encoding="utf-8")

    def stop(self, process: Process) -> None:
        """Let a process end by itself."""
        os.kill(process.pid, signal.SIGTERM)
        assert wait(lambda: not process.lives(), 60)
        process.kill()

    def close(self) -> None:
        """Kill whatever runs still."""
        for process in self.running:
            process.kill()


@contextlib.contextmanager
def traced(pids: list[int], *words: str) -> Iterator[subprocess.Popen[bytes]]:
    """Watch processes, and what they start, by strace."""
    attached = [word for pid in pids for word in ("-p", str(pid))]
    tracer = subprocess.Popen([need_strace(), "-f", *words, *attached], stderr=subprocess.DEVNULL)
    try:
        # Not by what strace prints: with -qq it says nothing.
        assert wait(lambda: all(map(_is_watched, pids)), 30), "strace did not attach"
        yield tracer
    finally:
        tracer.terminate()
        try:
            tracer.wait(5)
        except subprocess.TimeoutExpired:  # its process died under its hands
            tracer.kill()
            tracer.wait(30)


def _is_watched(pid: int) -> bool:
    """Whether every thread of a process is traced (one that ended needs it no more)."""
    try:
        tasks = [task.read_text(encoding="utf-8") for task in Path(f"/proc/{pid}/task").glob("*/status")]
    except (FileNotFoundError, ProcessLookupError):
        return True
    return not any("\nTracerPid:\t0\n" in task for task in tasks)


def wait(until: Callable[[], bool], seconds: float) -> bool:
    """Wait for something to be so; return whether it is."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if until():
            return True
        time.sleep(0.02)
    return until()
