"""The stop switch halts every run until it is set back; the daily run computes every plan that holds once a day."""
from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from datetime import time as time_of_day
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from api.services import run_queue
from api.services.accounts import Right
from api.services.switches import ask_daily
from api.store import audit
from api.store.tables import Run
from tests.service.browser import Person, Service
from tests.service.test_runs import FIXTURES, compute, tiny
from tests.service.test_take_over import judge

SQLITE = pytest.mark.parametrize("url", ["sqlite"], indirect=True)


def turn(person: Person, *, on: bool, reason: str = "Er klopt iets niet.", seen: str = "") -> TestResponse:
    """Set the switch on what is seen now."""
    seen = seen or person.get("/api/v1/stop-switch").headers["ETag"]
    return person.ask("PUT", "/api/v1/stop-switch", json={"on": on, "reason": reason}, headers={"If-Match": seen})


def administrator(service: Service) -> Person:
    """Somebody who may set it."""
    service.add("a@example.org", Right("administrator"))
    return service.person("a@example.org")


def test_a_stopped_service_takes_up_nothing_and_gives_back_what_runs(service: Service) -> None:
    connector, admin = tiny(service), administrator(service)
    good = compute(service, connector)
    running = connector.post("/api/v1/runs", {"on": "2026-06-15"}).json["id"]
    taken = run_queue.take(service.database, service.clock())
    assert taken is not None
    assert turn(admin, on=True, reason="").status_code == 400
    assert turn(admin, on=True, reason="BSN 111222333").status_code == 400
    assert turn(admin, on=True, seen='"7"').status_code == 412
    assert turn(admin, on=True).status_code == 200
    told = connector.get("/api/v1/stop-switch").json
    assert (told["on"], told["reason"], told["by"]) == (True, "Er klopt iets niet.", "a")
    assert turn(connector, on=False).status_code == 403
    assert run_queue.beat(service.database, *taken, "solve", service.clock()) is False
    assert run_queue.compute(service.database, *taken, lambda _: None, service.clock) == ""
    run_queue.give_back(service.database, *taken, service.clock(), fault=None)
    assert connector.get(f"/api/v1/runs/{running}").json["state"] == "queued"
    assert run_queue.take(service.database, service.clock()) is None
    assert turn(admin, on=False, reason="Het is opgelost.").status_code == 200
    again = run_queue.take(service.database, service.clock())
    assert again == (running, 1)
    assert run_queue.compute(service.database, *again, lambda _: None, service.clock) == "done"
    assert connector.get(f"/api/v1/runs/{running}").json["answer"] == good["answer"]
    with service.database.reading() as session:
        assert audit.verify(session) == []


@SQLITE
def test_connectors_read_why_nothing_is_computed_and_no_page_says_that_something_is(service: Service) -> None:
    connector, admin = tiny(service), administrator(service)
    run, html = compute(service, connector)["id"], {"Accept": "text/html"}
    assert judge(connector, run).status_code == 200
    waiting = connector.post("/api/v1/runs", {"on": "2026-06-15"}).json["id"]
    pages = ("/vandaag", "/voorstellen", "/berekeningen", f"/berekeningen/{waiting}")
    assert "De berekening loopt." in connector.get(pages[-1], headers=html).text
    turn(admin, on=True, reason="De reistijden kloppen niet.")
    for page in pages:
        told = connector.get(page, headers=html).text
        assert "Er wordt niets berekend tot de beheerder hem uitzet. Sinds 15 juni 2026, " in told
        assert "omdat: De reistijden kloppen niet." in told
        assert "De berekening loopt." not in told
    assert turn(admin, on=False, reason="Het is opgelost.").status_code == 200
    assert not any("stopknop" in connector.get(page, headers=html).text for page in pages)


@SQLITE
def test_the_real_worker_lets_go_within_five_seconds(service: Service, tmp_path: Path) -> None:
    """A run that takes long: its process is stopped, the run waits again, and nothing is taken up."""
    connector, admin = tiny(service), administrator(service)
    run = connector.post("/api/v1/runs", {"on": "2026-06-15"}).json["id"]
    address = service.database.engine.url.render_as_string(hide_password=False)
    environ = {k: v for k, v in os.environ.items() if not k.startswith("SCHAKEL_")} | {
        "SCHAKEL_DATABASE_URL": address, "SCHAKEL_DATA_DIR": str(tmp_path / "data"),
        "SCHAKEL_AUDIT_KEY": "a key for the tests, 32 characters",
    }  # fmt: skip
    slow = ("import sys, time, subprocess; from api import worker; from api.settings import read_settings; "
            "real = subprocess.Popen; worker.subprocess.Popen = lambda command, **more: "
            "real([sys.executable, '-c', 'import time; time.sleep(600)'], **more); "
            "worker.run_worker(read_settings())")  # fmt: skip
    process = subprocess.Popen([sys.executable, "-c", slow], cwd=FIXTURES.parent, env=environ,
                               stderr=subprocess.DEVNULL)  # fmt: skip
    try:
        _until(service, run, "running", 60)
        assert turn(admin, on=True).status_code == 200
        began = time.monotonic()
        _until(service, run, "queued", 60)
        assert time.monotonic() - began < 50  # five seconds is the promise; tenfold, on a machine that is busy
        time.sleep(1)
        assert connector.get(f"/api/v1/runs/{run}").json["state"] == "queued"
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def _until(service: Service, run: str, state: str, seconds: float) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with service.database.reading() as session:
            if session.get_one(Run, run).state == state:
                return
        time.sleep(0.1)
    raise AssertionError(f"the run was never {state}")


@SQLITE
def test_every_plan_that_holds_is_computed_anew_once_a_day(service: Service) -> None:
    connector, admin = tiny(service), administrator(service)
    held = compute(service, connector)["id"]
    assert judge(connector, held).status_code == 200
    six = time_of_day(6, 0)

    def ask(text: str, at: Any = six) -> list[str]:
        return ask_daily(service.database, at, datetime.fromisoformat(text).replace(tzinfo=UTC))

    assert ask("2026-06-16T04:30", None) == []
    assert ask("2026-06-16T03:59") == []  # 5.59 in the Netherlands
    made = ask("2026-06-16T04:00")
    assert len(made) == 1
    assert ask("2026-06-16T09:00") == []
    with service.database.reading() as session:
        run, before = session.get_one(Run, made[0]), session.get_one(Run, held)
        assert (run.regions, run.on.isoformat(), run.account_id) == (before.regions, "2026-06-16", before.judged_by)
    assert ask("2026-06-17T05:00") == []  # yesterday's still waits
    taken = run_queue.take(service.database, service.clock())
    assert taken == (made[0], 1)
    assert run_queue.compute(service.database, *taken, lambda _: None, service.clock) == "done"
    turn(admin, on=True)
    assert ask("2026-12-01T05:00") == []
    turn(admin, on=False)
    assert len(ask("2026-12-01T05:00")) == 1  # 6.00 in winter
    assert ask("2026-12-01T05:01") == []
