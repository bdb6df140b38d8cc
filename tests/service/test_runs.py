"""A run on the service gives what the command gives; it can be followed, stopped, lost and taken up again."""
from __future__ import annotations

import csv
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from api.match_files import MatchFiles, match_files
from api.services import run_queue
from api.services.accounts import Right
from api.services.run_differences import CHANGES
from api.store import audit, runs
from api.store.engine import Database
from api.store.tables import Organisation, Outcome, Proposal, Run, RunOpening, StoredStudent
from features.geography import REGIONS
from tests.service.browser import Person, Service
from tests.service.test_uploads import confirm, hand_in

FIXTURES = Path(__file__).resolve().parent.parent.parent / "fixtures"
ON = "2026-06-15"


def tiny(service: Service) -> Person:
    """The cohort solved by hand, handed in by its two schools and a connector; returns the connector."""
    lines = (FIXTURES / "tiny" / "leavers.csv").read_text(encoding="utf-8").splitlines()
    place = lines[0].split(",").index("school")
    for school in sorted({line.split(",")[place] for line in lines[1:]}):
        service.add(f"{school}@example.org", Right("school", school))
        own = [line for line in lines[1:] if line.split(",")[place] == school]
        person = service.person(f"{school}@example.org")
        assert confirm(person, hand_in(person, "\n".join([lines[0], *own]))).status_code == 200
    service.add("c@example.org", *(Right("connector", code) for code in REGIONS))
    connector = service.person("c@example.org")
    vacancies = (FIXTURES / "tiny" / "vacancies.csv").read_bytes()
    assert confirm(connector, hand_in(connector, vacancies, kind="vacancies")).status_code == 200
    with service.database.writing() as session:
        text = (FIXTURES / "tiny" / "policy.toml").read_text(encoding="utf-8")
        runs.add_policy(session, text, "0" * 64, None, service.clock())
    return connector


def compute(service: Service, connector: Person, key: str = "", **wanted: Any) -> dict[str, Any]:
    """Ask for a run and let it be computed here; return it."""
    asked = connector.post("/api/v1/runs", {"on": ON, **wanted}, headers={"Idempotency-Key": key} if key else {})
    assert asked.status_code == 202, asked.text
    taken = run_queue.take(service.database, service.clock())
    assert taken == (asked.json["id"], 1)
    run_queue.compute(service.database, *taken, lambda _: None, service.clock)
    return connector.get(asked.headers["Location"]).json


def plan(database: Database, run_id: str) -> dict[str, tuple[str, int]]:
    """The plan of a run: opening (number at the employer) and fit per student (number at school)."""
    with database.reading() as session:
        query = (
            select(StoredStudent.student_ref, RunOpening.ref, Proposal.fit)
            .join(Proposal, Proposal.student_id == StoredStudent.id)
            .join(RunOpening, (RunOpening.run_id == Proposal.run_id) & (RunOpening.opening_id == Proposal.opening_id))
            .where(Proposal.run_id == run_id, Proposal.chosen)
        )
        return {ref: (vacancy, fit) for ref, vacancy, fit in session.execute(query)}


def by_command(folder: Path) -> tuple[dict[str, tuple[str, int]], dict[str, str]]:
    """What `schakel match` says of the same cohort: the plan, and what blocks who has no place."""
    home = FIXTURES / "tiny"
    files = MatchFiles(home / "leavers.csv", home / "vacancies.csv", date.fromisoformat(ON), home / "policy.toml")
    match_files(files, folder)
    with (folder / "proposals.csv").open(encoding="utf-8") as proposals:
        placed = {row["student_ref"]: (row["vacancy_ref"], round(float(row["fit"]) * 1_000_000))
                  for row in csv.DictReader(proposals) if row["status"] == "placed"}  # fmt: skip
    with (folder / "unplaced.csv").open(encoding="utf-8") as unplaced:
        return placed, {row["student_ref"]: row["blocked"] for row in csv.DictReader(unplaced)}


def test_service_and_command_give_the_same_plan(service: Service, tmp_path: Path) -> None:
    connector = tiny(service)
    run = compute(service, connector)
    assert (run["state"], run["totals"]["proved"]) == ("done", True)
    expected, blocked = by_command(tmp_path / "out")
    assert plan(service.database, run["id"]) == expected
    outcomes = connector.get(f"/api/v1/runs/{run['id']}/outcomes?status=unplaced").json["items"]
    told = [frozenset(f"{code}={number}" for code, number in outcome["blocked"].items()) for outcome in outcomes]
    assert sorted(told, key=sorted) == sorted((frozenset(cell.split("|")) for cell in blocked.values()), key=sorted)


def test_the_same_inputs_give_the_same_digests(service: Service) -> None:
    connector = tiny(service)
    one, two = compute(service, connector), compute(service, connector)
    assert (one["digest"], one["answer"]) == (two["digest"], two["answer"])
    assert set(connector.get(f"/api/v1/runs/{two['id']}/difference").json["counts"]) == {*CHANGES}
    assert one["id"] != two["id"]


def test_a_run_asked_twice_under_one_key_is_one_run(service: Service) -> None:
    connector = tiny(service)
    compute(service, connector, key="k")
    assert connector.post("/api/v1/runs", {"on": ON}, headers={"Idempotency-Key": "k"}).status_code == 202
    assert len(connector.get("/api/v1/runs").json["items"]) == 1


def stop(person: Person, run: dict[str, Any]) -> Any:
    """Stop a run, however far it is."""
    return person.ask("PUT", f"/api/v1/runs/{run['id']}/cancellation", headers={"If-Match": "*"})


def test_who_stops_a_run_says_which_state_of_it_was_seen(service: Service) -> None:
    connector = tiny(service)
    path = f"/api/v1/runs/{connector.post('/api/v1/runs', {'on': ON}).json['id']}"
    seen = connector.get(path).headers["ETag"]
    assert connector.ask("PUT", f"{path}/cancellation").status_code == 428
    assert run_queue.take(service.database, service.clock()) is not None
    stale = connector.ask("PUT", f"{path}/cancellation", headers={"If-Match": seen})
    assert (stale.status_code, connector.get(path).json["state"]) == (412, "running")
    latest = connector.ask("PUT", f"{path}/cancellation", headers={"If-Match": stale.headers["ETag"]})
    assert (latest.status_code, latest.headers["ETag"]) == (200, connector.get(path).headers["ETag"])


def test_a_waiting_run_is_stopped_at_once_and_a_running_one_writes_nothing_more(service: Service) -> None:
    connector = tiny(service)
    waiting = connector.post("/api/v1/runs", {"on": ON}).json
    assert stop(connector, waiting).json["state"] == "cancelled"
    assert run_queue.take(service.database, service.clock()) is None
    running = connector.post("/api/v1/runs", {"on": ON}).json
    taken = run_queue.take(service.database, service.clock())
    assert taken is not None
    assert stop(connector, running).status_code == 200
    assert run_queue.beat(service.database, *taken, "solve", service.clock()) is False
    assert run_queue.compute(service.database, *taken, lambda _: None, service.clock) == ""
    run_queue.give_back(service.database, *taken, service.clock(), fault=None)
    assert connector.get(f"/api/v1/runs/{running['id']}").json["state"] == "cancelled"
    assert stop(connector, running).status_code == 409
    with service.database.reading() as session:
        assert session.scalars(select(Proposal.id)).all() == []
        assert audit.verify(session) == []


def test_a_run_says_that_it_lives_every_few_seconds_and_hears_at_once_that_it_must_stop(service: Service) -> None:
    connector = tiny(service)
    asked = connector.post("/api/v1/runs", {"on": ON}).json
    taken = run_queue.take(service.database, service.clock())
    assert taken is not None

    def beat(step: str) -> tuple[bool, str, int]:
        """Whether it may go on, what it says it is doing, and how long ago it said so."""
        goes_on = run_queue.beat(service.database, *taken, step, service.clock())
        with service.database.reading() as session:
            run = session.get_one(Run, asked["id"])
        assert run.beat_at is not None
        return goes_on, run.step, int((service.clock() - run.beat_at).total_seconds())

    service.clock.forward(seconds=1)
    assert beat("read") == (True, "read", 1)
    assert beat("score") == (True, "score", 0)
    told = []
    for _ in range(12):
        service.clock.forward(seconds=1)
        told.append(beat("score")[2])
    assert told == [1, 2, 3, 4, 0, 1, 2, 3, 4, 0, 1, 2]
    assert beat("") == (True, "score", 2)
    stop(connector, asked)
    assert beat("score")[0] is False
    assert run_queue.beat(service.database, taken[0], taken[1] + 1, "score", service.clock()) is False


def test_a_run_whose_worker_died_is_taken_up_again_with_the_same_answer(service: Service) -> None:
    connector = tiny(service)
    good = compute(service, connector)
    lost = connector.post("/api/v1/runs", {"on": ON}).json["id"]
    first = run_queue.take(service.database, service.clock())
    assert first == (lost, 1)
    assert run_queue.take(service.database, service.clock()) is None
    service.clock.forward(seconds=31)
    second = run_queue.take(service.database, service.clock())
    assert second == (lost, 2)
    assert run_queue.compute(service.database, *first, lambda _: None, service.clock) == ""  # it was not dead after all
    assert run_queue.compute(service.database, *second, lambda _: None, service.clock) == "done"
    assert connector.get(f"/api/v1/runs/{lost}").json["answer"] == good["answer"]


def test_a_run_that_dies_again_and_again_is_given_up(service: Service) -> None:
    connector = tiny(service)
    run = connector.post("/api/v1/runs", {"on": ON}).json["id"]
    for attempt in (1, 2, 3):
        assert run_queue.take(service.database, service.clock()) == (run, attempt)
        service.clock.forward(seconds=31)
    assert run_queue.take(service.database, service.clock()) is None
    ended = connector.get(f"/api/v1/runs/{run}").json
    assert (ended["state"], ended["fault"]) == ("failed", "lost")


def test_a_connector_asks_and_sees_runs_of_own_regions_only(service: Service) -> None:
    connector = tiny(service)
    run = compute(service, connector)["id"]
    service.add("d@example.org", Right("connector", "AM01"))
    other = service.person("d@example.org")
    assert other.post("/api/v1/runs", {"regions": ["AM36"]}).status_code == 403
    assert other.get("/api/v1/runs").json["items"] == []
    none = "0" * 32
    for tail in ("", "/outcomes", "/difference"):
        theirs, missing = (other.get(f"/api/v1/runs/{i}{tail}") for i in (run, none))
        assert (theirs.status_code, theirs.data) == (404, missing.data)
    assert other.ask("PUT", f"/api/v1/runs/{run}/cancellation", headers={"If-Match": "*"}).status_code == 404


def test_a_list_that_a_run_stands_on_cannot_be_undone(service: Service) -> None:
    connector = tiny(service)
    compute(service, connector)
    upload = connector.get("/api/v1/uploads").json["items"][0]
    done = confirm(connector, {"id": upload["id"], "etag": f'"{upload["version"]}"'}, "DELETE")
    assert done.status_code == 409
    with service.database.reading() as session:
        assert session.scalars(select(Outcome.status)).all()
        assert session.scalars(select(Organisation.code)).all()


def test_the_real_worker_takes_up_what_a_dead_one_left(service: Service, tmp_path: Path) -> None:
    connector = tiny(service)
    good = compute(service, connector)
    lost = connector.post("/api/v1/runs", {"on": ON}).json["id"]
    # As if a worker had died with it, half a minute ago.
    assert run_queue.take(service.database, datetime.now(UTC) - timedelta(seconds=40)) == (lost, 1)
    address = service.database.engine.url.render_as_string(hide_password=False).replace("+psycopg", "")
    environ = {k: v for k, v in os.environ.items() if not k.startswith("SCHAKEL_")} | {
        "SCHAKEL_DATABASE_URL": address,
        "SCHAKEL_DATA_DIR": str(tmp_path / "data"), "SCHAKEL_AUDIT_KEY": "a key for the tests, 32 characters",
    }  # fmt: skip
    worker = subprocess.Popen([sys.executable, "-m", "api", "worker"], cwd=FIXTURES.parent, env=environ,
                              stderr=subprocess.DEVNULL)  # fmt: skip
    try:
        state, until = "", time.monotonic() + 60
        while state not in ("done", "failed") and time.monotonic() < until:
            time.sleep(0.3)
            with service.database.reading() as session:
                state = session.get_one(Run, lost).state
    finally:
        worker.send_signal(signal.SIGTERM)
        worker.wait(30)
    with service.database.reading() as session:
        run = session.get_one(Run, lost)
        assert (run.state, run.answer, run.attempts) == ("done", good["answer"], 2)
        assert audit.verify(session) == []


def test_the_day_of_a_run_is_the_day_where_the_service_is_used(service: Service) -> None:
    """Half an hour after midnight in summer it is the day before by universal time."""
    service.add("c@example.org", Right("connector", "AM36"))
    service.clock.at = datetime(2026, 6, 15, 22, 30, tzinfo=UTC)
    connector = service.person("c@example.org")
    assert connector.post("/api/v1/runs", {}).json["on"] == "2026-06-16"
