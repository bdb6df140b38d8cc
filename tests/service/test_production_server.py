"""Several web processes under gunicorn, and a stop that breaks nothing, under either server."""
from __future__ import annotations

import importlib.util
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from api.web.logs import ALLOWED
from tests.conftest import REQUIRE_PARTS
from tests.service.processes import (
    GUNICORN,
    ROOT,
    WAITRESS,
    asked,
    children,
    command,
    command_of,
    environment,
    get,
    running,
)

TOKEN = "0123456789abcdef0123456789abcdef"
if importlib.util.find_spec("gunicorn") is None and not REQUIRE_PARTS:
    pytest.skip("gunicorn (the extra `server`) is not installed", allow_module_level=True)


@pytest.fixture
def environ(url: str, tmp_path: Path) -> dict[str, str]:
    """A service on a database with tables."""
    audit_key = "a key for the tests, 32 characters"  # the one its log was begun with
    return environment(tmp_path / "data", SCHAKEL_DATABASE_URL=url, SCHAKEL_AUDIT_KEY=audit_key,
                       SCHAKEL_METRICS_TOKEN=TOKEN)  # fmt: skip


def workers_of(process: subprocess.Popen[str]) -> list[str]:
    """The children of a process and theirs, by their commands."""
    mine = children(process.pid)
    return [command_of(child) for child in (*mine, *(grandchild for child in mine for grandchild in children(child)))]


def test_processes_side_by_side_share_sessions_throttles_and_figures(environ: dict[str, str]) -> None:
    """On either database: two web processes and the worker of runs; what one counted the others know."""
    with running({**environ, "SCHAKEL_THREADS": "2", "SCHAKEL_PROCESSES": "2"}) as (process, address):
        children = workers_of(process)
        assert len([c for c in children if "gunicorn" in c]) == 2
        assert len([c for c in children if "worker" in c and "--of-service" in c]) == 1
        seen = [get(f"{address}/health/ready") for _ in range(40)]
        assert {status for status, *_ in seen} == {200}
        assert not [name for *_, headers in seen for name in headers if name.lower() == "server"]
        assert get(f"{address}/metrics")[0] == 404
        for _ in range(5):  # whichever process is asked
            text = get(f"{address}/metrics", Authorization=f"Bearer {TOKEN}")[1]
            line = r'schakel_requests_total\{method="GET",route="/health/ready",status="200"\} (\S+)'
            counted = re.search(line, text)
            assert counted is not None
            assert float(counted[1]) == 40
    assert process.returncode == 0


def test_it_does_not_start_unsafe_or_on_tables_of_another_version(tmp_path: Path) -> None:
    environ = environment(tmp_path / "data", SCHAKEL_DATABASE_URL=f"sqlite:///{tmp_path / 'new.db'}")
    for extra, says in (({"SCHAKEL_SECRET_KEY": "short"}, "too short"), ({}, "schakel db upgrade")):
        ended = subprocess.run([sys.executable, *GUNICORN], cwd=ROOT, env={**environ, **extra}, text=True, timeout=60,
                               capture_output=True, check=False)  # fmt: skip
        assert ended.returncode != 0
        assert says in ended.stderr


def test_in_production_a_worker_apart_refuses_a_database_that_loses_what_it_kept(postgres: Any, tmp_path: Path) -> None:
    """A PostgreSQL that does not wait for the disk, which no test of ours waits for either."""
    environ = environment(
        tmp_path / "data", SCHAKEL_DATABASE_URL=postgres.get_uri("template"), SCHAKEL_PRODUCTION="yes",
        SCHAKEL_SECRET_KEY=TOKEN[::-1], SCHAKEL_PUBLIC_URL="https://schakel.example", SCHAKEL_WORKER="apart",
    )  # fmt: skip
    for words in (("worker",), ("serve",)):
        told = asked(environ, *words)
        assert (told.returncode, told.stdout) == (1, "")
        assert "fsync is off" in told.stderr
        assert "Traceback" not in told.stderr


@pytest.mark.parametrize("server", [GUNICORN, WAITRESS], ids=["gunicorn", "waitress"])
@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_what_the_first_card_needs_is_loaded_before_anybody_is_answered(
    environ: dict[str, str], server: tuple[str, ...]
) -> None:
    """What weighs words is a library of its own; whoever answers has it, and the parent that only parts has not."""
    with running({**environ, "SCHAKEL_PROCESSES": "2"}, server) as (process, _):
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text(encoding="ascii").split()
        web = [child for child in children if "gunicorn" in command_of(int(child))] or [str(process.pid)]
        loaded = {pid: "sklearn" in Path(f"/proc/{pid}/maps").read_text(encoding="utf-8") for pid in web}
        assert any(loaded.values())  # of two processes the other may still be at it
        assert (server is GUNICORN) == (len(web) == 2)
        if server is GUNICORN:
            assert "sklearn" not in Path(f"/proc/{process.pid}/maps").read_text(encoding="utf-8")


def hold(address: str, stop: threading.Event, seen: list[str]) -> None:
    """Ask over and over, each time on a connection of its own; note what each came to."""
    port = int(address.rsplit(":", 1)[1])
    while not stop.is_set():
        got = b""
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=30) as line:
                line.sendall(b"GET /api/v1/openapi.json HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
                while part := line.recv(65536):
                    got += part
        except ConnectionRefusedError:
            seen.append("refused")
            return
        except OSError:
            seen.append("broken" if got else "not taken")
            continue
        head, _, body = got.partition(b"\r\n\r\n")
        length = re.search(rb"Content-Length: (\d+)", head)
        whole = length is not None and len(body) == int(length[1]) and b" 200 " in head[:20]
        seen.append("whole" if whole else "broken" if got else "not taken")


@pytest.mark.parametrize("server", [GUNICORN, WAITRESS], ids=["gunicorn", "waitress"])
@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("turns", [1, pytest.param(100, marks=pytest.mark.slow)])
def test_a_stop_under_load_breaks_no_answer(environ: dict[str, str], server: tuple[str, ...], turns: int) -> None:
    for _ in range(turns):
        seen: list[str] = []
        stop = threading.Event()
        with running(environ, server) as (process, address):
            children = [int(c) for c in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()]
            threads = [threading.Thread(target=hold, args=(address, stop, seen)) for _ in range(4)]
            for thread in threads:
                thread.start()
            late = time.monotonic() + 60
            while seen.count("whole") <= 8 and time.monotonic() < late:
                time.sleep(0.05)
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=60)
            stop.set()
            for thread in threads:
                thread.join()
        assert process.returncode == 0
        assert "broken" not in seen
        assert seen.count("whole") > 4
        assert not [left for child in children if (left := command_of(child))]


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_of_a_request_that_cannot_be_read_the_log_has_the_kind_alone(environ: dict[str, str], tmp_path: Path) -> None:
    """Every line is JSON with known keys; no address of a machine, and nothing of what was sent."""
    name = "Zonnebloempje"
    with running({**environ, "SCHAKEL_PROCESSES": "1"}) as (process, address):
        for sent in (f"GET /{name} HTTP/{name}", f"{name}\x01 / HTTP/1.1", f"GET / HTTP/1.1\r\n{name} : x",
                     f"GET /{name * 400} HTTP/1.1", f"POST / HTTP/1.1\r\nTransfer-Encoding: {name}"):  # fmt: skip
            with socket.create_connection(("127.0.0.1", int(address.rsplit(":", 1)[1])), timeout=30) as line:
                line.sendall(f"{sent}\r\n\r\n".encode())
                assert line.recv(65536).startswith(b"HTTP/1.1 ")
        web = next(child for child in children(process.pid) if "gunicorn" in command_of(child))
        os.kill(web, signal.SIGKILL)
        while web in children(process.pid):
            time.sleep(0.1)
    told = (tmp_path / "log.txt").read_text(encoding="utf-8")
    assert name not in told
    assert "127.0.0.1" not in told
    lines = [json.loads(line) for line in told.splitlines()]
    assert all(set(line) <= ALLOWED for line in lines)
    kinds = [line["kind"] for line in lines if line["event"] == "server"]
    assert kinds[:4] == ["InvalidHTTPVersion", "InvalidRequestMethod", "InvalidHeaderName", "LimitRequestLine"]
    assert "process killed" in kinds


SLOW = """
import time
from api.web.access import ANYBODY, access
from api.{module} import {name} as make
def {name}(*given, **named):
    app = make(*given, **named)
    app.add_url_rule("/slow", "slow", access(ANYBODY)(lambda: (time.sleep(2), "done")[1]))
    return app
"""


@pytest.mark.parametrize("server", ["gunicorn", "waitress"])
@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_a_request_that_is_being_answered_has_its_answer(environ: dict[str, str], server: str, tmp_path: Path) -> None:
    """A view that takes two seconds; the stop comes in the first."""
    if server == "gunicorn":
        (tmp_path / "slow_service.py").write_text(SLOW.format(module="wsgi", name="create"), encoding="utf-8")
        words = (*GUNICORN[:-1], "--pythonpath", f"{tmp_path},{ROOT}", "slow_service:create()")
    else:
        text = SLOW.format(module="app", name="create_app")
        starts = "import api.service\napi.service.create_app = create_app\nfrom api.cli import main\nmain(['serve'])\n"
        where = f"import sys\nsys.path.insert(0, {str(ROOT)!r})\n"
        (tmp_path / "slow_service.py").write_text(where + text + starts, encoding="utf-8")
        words = (str(tmp_path / "slow_service.py"),)
    answered: list[Any] = []
    with running(environ, words) as (process, address):
        thread = threading.Thread(target=lambda: answered.append(get(f"{address}/slow")))
        thread.start()
        time.sleep(1)
        process.send_signal(signal.SIGTERM)
        thread.join(timeout=60)
        process.wait(timeout=60)
    assert [(status, text) for status, text, _ in answered] == [(200, "done")]
    assert process.returncode == 0


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_the_command_makes_the_tables_that_the_processes_ask_for(tmp_path: Path, url: str) -> None:
    environ = environment(tmp_path / "data", SCHAKEL_WORKER="apart")
    assert "empty -> " in command(environ, "db", "upgrade")
    with running(environ) as (process, address):
        assert not [c for c in workers_of(process) if "--of-service" in c]
        assert get(f"{address}/health/ready")[0] == 200
        assert get(f"{address}/metrics")[0] == 200  # from this machine, outside production, without a token set
