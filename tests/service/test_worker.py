"""The worker: what goes wrong with one run, with the database or with the worker itself stops no other run."""
from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.exc import OperationalError

from api.services import run_queue
from api.store.tables import Profile, Run
from api.worker import Worker
from tests.proofs.servers import wait
from tests.service.browser import Service
from tests.service.conftest import KEY
from tests.service.processes import GUNICORN, WAITRESS, children, command, command_of, environment, running
from tests.service.test_runs import ON, tiny


def asked(service: Service) -> str:
    """A run that waits."""
    connector = tiny(service)
    found: str = connector.post("/api/v1/runs", {"on": ON}).json["id"]
    return found


def state_of(service: Service, run_id: str) -> tuple[str, str | None]:
    """What became of a run."""
    with service.database.reading() as session:
        run = session.get_one(Run, run_id)
        return run.state, run.fault


def turned(service: Service, monkeypatch: pytest.MonkeyPatch, turns: int = 1) -> Worker:
    """A worker that made some turns on the database of the test, whose runs are computed by the real command."""
    url = service.database.engine.url.render_as_string(hide_password=False)
    for name in [name for name in os.environ if name.startswith("SCHAKEL_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("SCHAKEL_DATABASE_URL", url)
    monkeypatch.setenv("SCHAKEL_DATA_DIR", str(service.folder))
    monkeypatch.setenv("SCHAKEL_AUDIT_KEY", KEY.decode())
    worker = Worker(service.database)
    left = [None] * turns
    monkeypatch.setattr("api.worker._AGAIN", 0.01)
    monkeypatch.setattr("api.worker._POLL", 0.01)
    monkeypatch.setattr(worker, "_over", lambda: False)

    def turn() -> bool:
        if not left:
            worker.stopping.set()
            monkeypatch.setattr(worker, "_over", lambda: True)
            return False
        left.pop()
        return Worker._turn(worker)

    monkeypatch.setattr(worker, "_turn", turn)
    worker.work()
    return worker


def test_a_run_whose_process_fails_is_failed_and_the_next_one_is_computed(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A record that nobody can read stands for any error of ours in the process of a run."""
    run_id = asked(service)
    with service.database.writing() as session:
        good = {(i, n): record for i, n, record in session.query(Profile.student_id, Profile.number, Profile.record)}
        session.execute(update(Profile).values(record={"nothing": 1}))
    turned(service, monkeypatch)
    assert state_of(service, run_id) == ("failed", "exit:5")
    with service.database.writing() as session:
        for key, record in good.items():
            session.get_one(Profile, key).record = record
    connector = service.person("c@example.org")
    again = connector.post("/api/v1/runs", {"on": ON}).json["id"]
    turned(service, monkeypatch)
    assert state_of(service, again) == ("done", None)


@pytest.mark.parametrize("when", ["take", "beat", "give_back"])
def test_a_database_that_does_not_answer_once_ends_no_worker(
    service: Service, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    run_id, kept = asked(service), getattr(run_queue, when)
    fails = [True]

    def once_away(*args: Any, **words: Any) -> Any:
        if fails:
            fails.pop()
            raise OperationalError("SELECT 1", {}, Exception("the database is away"))
        return kept(*args, **words)

    monkeypatch.setattr("api.worker._BEAT", 0.01)
    monkeypatch.setattr(run_queue, when, once_away)
    turned(service, monkeypatch, turns=3)
    assert not fails
    assert state_of(service, run_id) == ("done", None)


def test_a_run_that_found_the_database_away_is_taken_up_again(
    service: Service, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    run_id = asked(service)
    taken = run_queue.take(service.database, datetime.now(UTC))
    assert taken is not None
    with service.database.writing() as session:
        session.get_one(Run, run_id).state = "queued"
    exits = tmp_path / "exits.py"
    exits.write_text("import sys\nsys.exit(75)\n", encoding="utf-8")
    started = subprocess.Popen

    def away(_: list[str], **words: Any) -> Any:
        return started([sys.executable, str(exits)], **words)

    with monkeypatch.context() as patch:
        patch.setattr("api.worker.subprocess.Popen", away)
        turned(service, patch)
    assert state_of(service, run_id) == ("queued", None)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_that_reaches_the_process_of_a_run_too_spends_no_attempt(
    service: Service, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, number: int
) -> None:
    """As whoever keeps services stops all processes of one at once."""
    run_id = asked(service)
    exits = tmp_path / "exits.py"
    exits.write_text(f"import os, time\nos.kill(os.getpid(), {int(number)})\ntime.sleep(9)\n", encoding="utf-8")
    started = subprocess.Popen

    def told(_: list[str], **words: Any) -> Any:
        return started([sys.executable, str(exits)], stderr=subprocess.DEVNULL, **words)

    with monkeypatch.context() as patch:
        patch.setattr("api.worker.subprocess.Popen", told)
        turned(service, patch, turns=4)
    assert state_of(service, run_id) == ("queued", None)
    turned(service, monkeypatch)
    assert state_of(service, run_id) == ("done", None)


def test_a_run_that_wrote_its_answer_is_let_out_and_not_shot(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id, ended = asked(service), []
    monkeypatch.setattr("api.worker._BEAT", 0.01)
    monkeypatch.setattr("api.worker._log.info", lambda event, **words: ended.append((event, words)))
    turned(service, monkeypatch)
    assert state_of(service, run_id) == ("done", None)
    assert [(words["state"], words["status"]) for event, words in ended if event == "run ended"] == [("done", 0)]


@pytest.mark.parametrize("words", [WAITRESS, GUNICORN], ids=["waitress", "gunicorn"])
def test_a_worker_that_is_killed_is_there_again(tmp_path: Path, words: tuple[str, ...]) -> None:
    environ = environment(tmp_path / "data")
    if words == GUNICORN:
        command(environ, "db", "upgrade")
    with running(environ, words) as (process, _):
        def workers() -> list[int]:
            keepers = [c for c in children(process.pid) if "api.worker_child" in command_of(c)]
            assert len(keepers) == 1
            return [c for c in children(keepers[0]) if "--of-service" in command_of(c)]

        def the_one(but: int = 0) -> int:
            found: list[int] = []

            def looked() -> bool:
                found[:] = workers()  # one look: between two of them it can die
                return len(found) == 1 and found[0] != but

            assert wait(looked, 60)
            return found[0]

        first = the_one()
        os.kill(first, signal.SIGKILL)
        second = the_one(but=first)
    assert wait(lambda: not Path(f"/proc/{second}").exists(), 30)
