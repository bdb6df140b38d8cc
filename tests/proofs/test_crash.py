"""``kill -9`` of web and worker processes under writing: what was acknowledged is there, and nothing is there by half.

Part of the kills strike at a moment of chance, part by strace at the n-th sync (SQLite) or the n-th message to the
database (PostgreSQL): in the middle of a commit, where a moment of chance seldom comes.
"""
from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import func, select, text

from api.services.accounts import Right
from api.services.run_queue import MOST_ATTEMPTS
from api.store import audit
from api.store.tables import AuditEvent, Decided, OpeningVersion, Profile, Proposal, Run, Upload, UploadRow
from tests.proofs.asking import LOST, Client
from tests.proofs.figures import record
from tests.proofs.servers import Process, Site, need_strace, traced, wait
from tests.proofs.worlds import Small, small
from tests.service.browser import Service
from tests.service.test_uploads import HEAD

WORDS = ("accept", "reject", "pin", "defer")


@dataclass
class Ledger:
    """What the servers acknowledged, and what people went on to ask."""

    decisions: set[str] = field(default_factory=set)
    ended: set[str] = field(default_factory=set)
    handed_in: set[str] = field(default_factory=set)
    confirmed: set[str] = field(default_factory=set)
    runs: set[str] = field(default_factory=set)
    cancelled: set[str] = field(default_factory=set)
    refused: list[str] = field(default_factory=list)

    @property
    def writes(self) -> int:
        """How many writes were acknowledged."""
        return sum(len(kept) for kept in (self.decisions, self.ended, self.handed_in, self.confirmed, self.runs,
                                          self.cancelled))  # fmt: skip

    def note(self, what: str, status: int, good: int) -> bool:
        """Whether an answer acknowledges; what is neither that nor a refusal by the rules is kept as a fault."""
        if status not in (good, 409, 412):
            self.refused.append(f"{what}: {status}")
        return status == good


@dataclass
class People:
    """Those who write until they are stopped; each goes on with the next server when one dies."""

    ledger: Ledger
    clients: list[Client]
    school: Client
    proposals: list[str]
    stopping: threading.Event = field(default_factory=threading.Event)
    lists: int = 0

    def begin(self, port: int) -> list[threading.Thread]:
        """Write to the server at this port."""
        self.stopping.clear()
        for client in [*self.clients, self.school]:
            client.port = port
        works = [(self._decide, client) for client in self.clients[:-1]]
        works += [(self._ask_runs, self.clients[-1]), (self._hand_in, self.school)]
        threads = [threading.Thread(target=self._go_on, args=work) for work in works]
        for thread in threads:
            thread.start()
        return threads

    def _go_on(self, act: Any, client: Client) -> None:
        rng = random.Random(client.cookie)
        while not self.stopping.is_set():
            try:
                act(client, rng)
            except LOST:
                return  # the server is dead; what was asked last is neither acknowledged nor refused

    def _decide(self, client: Client, rng: random.Random) -> None:
        path = f"/api/v1/proposals/{rng.choice(self.proposals)}"
        seen, word = client.get(path).headers["etag"], rng.choice(WORDS)
        body = {"decision": word} | ({"reason": "travel"} if word == "reject" else {})
        made = client.ask("POST", f"{path}/decisions", body, headers={"If-Match": seen})
        if self.ledger.note("decision", made.status, 201):
            self.ledger.decisions.add(made.json["id"])
            if word in ("accept", "pin"):  # or every place is taken before long
                ended = client.ask("DELETE", f"/api/v1/decisions/{made.json['id']}")
                if self.ledger.note("end", ended.status, 200):
                    self.ledger.ended.add(made.json["id"])

    def _hand_in(self, client: Client, _: random.Random) -> None:
        self.lists += 1
        rows = "".join(f"L{self.lists}R{k},25AB00,pro,2009-02-01,2026-07-01,8011,ja\n" for k in range(3))
        made = client.hand_in(HEAD + rows)
        if self.ledger.note("upload", made.status, 201):
            self.ledger.handed_in.add(made.json["id"])
            path = f"/api/v1/uploads/{made.json['id']}/confirmation"
            done = client.ask("PUT", path, headers={"If-Match": made.headers["etag"]})
            if self.ledger.note("confirmation", done.status, 200):
                self.ledger.confirmed.add(made.json["id"])

    def _ask_runs(self, client: Client, _: random.Random) -> None:
        made = client.ask("POST", "/api/v1/runs", {"on": "2026-06-15"})
        if self.ledger.note("run", made.status, 202):
            self.ledger.runs.add(made.json["id"])
            done = client.ask("PUT", f"/api/v1/runs/{made.json['id']}/cancellation", headers={"If-Match": "*"})
            if self.ledger.note("cancellation", done.status, 200):
                self.ledger.cancelled.add(made.json["id"])


def faults(here: Service, ledger: Ledger) -> list[str]:
    """What is lost, and what is there by half."""
    with here.database.reading() as session:
        def ids(query: Any) -> set[str]:
            return set(session.scalars(query))

        made, done = ids(select(Decided.id)), ids(select(Decided.id).where(Decided.ended_at.is_not(None)))
        uploads, stored = ids(select(Upload.id)), ids(select(Upload.id).where(Upload.state == "confirmed"))
        runs, stopped = ids(select(Run.id)), ids(select(Run.id).where(Run.state == "cancelled"))
        found = [f"lost {name}: {len(kept - there)}" for name, kept, there in (
            ("decisions", ledger.decisions, made), ("ended", ledger.ended, done), ("lists", ledger.handed_in, uploads),
            ("confirmed", ledger.confirmed, stored), ("runs", ledger.runs, runs),
            ("cancelled", ledger.cancelled, stopped)) if kept - there]  # fmt: skip

        def told(*actions: str) -> list[str]:
            return sorted(session.scalars(select(AuditEvent.subject_id).where(AuditEvent.action.in_(actions))))

        found += [f"{name} and the log differ" for name, rows, events in (
            ("decisions", made, told(*(f"decision.{word}" for word in WORDS))), ("ended", done, told("decision.ended")),
            ("lists", uploads, told("upload.checked", "upload.refused")),
            ("confirmed", stored, told("upload.confirmed")), ("runs", runs, told("run.asked")),
            ("cancelled", stopped, told("run.cancelled"))) if sorted(rows) != events]  # fmt: skip
        for upload in session.scalars(select(Upload)):
            rows = session.scalar(select(func.count()).where(UploadRow.upload_id == upload.id))
            versions = sum(session.scalar(select(func.count()).where(table.upload_id == upload.id)) or 0
                           for table in (Profile, OpeningVersion))  # fmt: skip
            expected = upload.counts["new"] + upload.counts["changed"] if upload.state == "confirmed" else 0
            if rows != upload.rows or versions != expected:
                found.append(f"a list of {upload.rows} rows has {rows}, and {versions} versions for {expected}")
        if here.database.is_sqlite:
            checked = list(session.scalars(text("PRAGMA integrity_check"))) + list(
                session.execute(text("PRAGMA foreign_key_check")))  # fmt: skip
            found += [] if checked == ["ok"] else [f"integrity: {checked}"]
        return found + [f"log: {finding.sentence}" for finding in audit.verify(session)]


@contextmanager
def struck(site: Site, process: Process, rng: random.Random) -> Iterator[None]:
    """Kill a process, or what it starts, in the middle of a commit: at its n-th sync or message to the database."""
    calls = "fsync,fdatasync" if site.url.startswith("sqlite") else "sendto"
    when = rng.randint(1, 40 if calls == "sendto" else 15)
    with traced([process.pid], "-qq", "-o", "/dev/null", "-e", f"trace={calls}",
                "-e", f"inject={calls}:signal=KILL:when={when}"):  # fmt: skip
        yield


def crash(site: Site, people: People, rng: random.Random, *, patch: str = "", within: bool) -> None:
    """Start a web process, write, kill it."""
    process, port = site.web(patch=patch)
    with struck(site, process, rng) if within else nullcontext():
        threads = people.begin(port)
        if within:
            wait(lambda: not process.lives(), 5)
        else:
            time.sleep(rng.uniform(0.05, 1.0))
        process.kill()
    people.stopping.set()
    for thread in threads:
        thread.join(60)


def gathered(site: Site, here: Service) -> tuple[Small, People]:
    """A world with people who are signed in."""
    world = small(here, 4)
    here.add("school@example.org", Right("school", "25AB00"))
    process, port = site.web()
    clients = [Client(port).sign_in(email) for email in world.connectors]
    school = Client(port).sign_in("school@example.org")
    process.kill()
    return world, People(Ledger(), clients, school, [proposal["id"] for proposal in world.proposals])


@pytest.mark.parametrize("kills", [3, pytest.param(100, marks=pytest.mark.slow)])
def test_nothing_acknowledged_is_lost_when_a_web_process_is_killed(site: Site, here: Service, kills: int) -> None:
    need_strace()
    _, people = gathered(site, here)
    rng = random.Random(kills)
    for turn in range(kills):
        crash(site, people, rng, within=turn % 3 == 2)
        assert faults(here, people.ledger) == [], turn
    assert people.ledger.writes > kills
    assert set(people.ledger.refused) <= {"end: 404"}, people.ledger.refused
    if kills >= 100:
        kind = "SQLite" if here.database.is_sqlite else "PostgreSQL"
        writes = people.ledger.writes
        record(f"kill -9 of the web, {kind}", f"{kills} kills under writing, a third of them within a commit: 0 of "
               f"{writes} acknowledged writes lost, no half transaction", kills=kills, writes=writes)  # fmt: skip


LATE = """
import threading
from sqlalchemy.orm import Session
commit, close = Session.commit, Session.close
def later(self):
    threading.Timer(0.3, lambda: (commit(self), close(self))).start()
Session.commit, Session.close = later, lambda self: None
"""
HALVES = """
from api.store import audit
append = audit.append
def halved(session, *rest, **more):
    session.commit()
    return append(session, *rest, **more)
audit.append = halved
"""


@pytest.mark.slow
@pytest.mark.parametrize("patch", [LATE, HALVES], ids=["answered before it is kept", "kept in two transactions"])
def test_a_server_that_loses_or_halves_is_found(site: Site, here: Service, patch: str) -> None:
    _, people = gathered(site, here)
    rng = random.Random(1)
    for turn in range(12):
        crash(site, people, rng, patch=patch, within=turn % 2 == 1)
        if faults(here, people.ledger):
            return
    raise AssertionError("nothing was found")


def test_what_is_lost_or_there_by_half_is_found(site: Site, here: Service) -> None:
    ledger = Ledger()
    small(here, 0)
    assert faults(here, ledger) == []
    ledger.decisions.add("0" * 32)
    assert faults(here, ledger) == ["lost decisions: 1"]
    with here.database.writing() as session:
        session.execute(text("UPDATE runs SET state = 'cancelled'"))
        session.execute(text("DELETE FROM upload_rows"))
    assert {"cancelled and the log differ"} < set(faults(here, ledger))


@pytest.mark.slow
@pytest.mark.parametrize("kills", [50])
def test_a_run_that_is_killed_is_taken_up_again_with_the_same_bytes(site: Site, here: Service, kills: int) -> None:
    """Killed are the worker alone, the worker with the process that computes, or either in the middle of a commit."""
    world = small(here, 1)
    here.clock.at = datetime.now(UTC)  # workers go by the real clock
    connector = here.person(world.connectors[0])
    good = connector.get(f"/api/v1/runs/{world.run}").json["answer"]
    asked = [connector.post("/api/v1/runs", {"on": "2026-06-15"}).json["id"] for _ in range(kills)]
    rng, taken = random.Random(kills), 0
    for turn in range(kills):
        within, before = turn % 4 == 3, attempts(here)
        worker = site.start("worker")
        with struck(site, worker, rng) if within else nullcontext():
            taken += wait(lambda before=before: attempts(here) > before, 20 if within else 60)  # type: ignore[misc]
            wait(lambda worker=worker: not worker.lives(), rng.uniform(0, 5 if not within else 15))  # type: ignore[misc]
            # Killed alone, what computes lives on, and may well write the answer.
            worker.kill(alone=turn % 2 == 1 and not within)
    worker = site.start("worker")
    assert wait(lambda: not states(here) & {"queued", "running"}, 300 + 10 * kills), states(here)
    site.stop(worker)
    with here.database.reading() as session:
        runs = [session.get_one(Run, run) for run in asked]
        assert audit.verify(session) == []
        ended = {run.id: (run.state, run.fault, run.answer) for run in runs}
        lost = [run for run in runs if run.fault == "lost"]
        assert all(run.attempts == MOST_ATTEMPTS for run in lost)
        assert {told for i, told in ended.items() if i not in {run.id for run in lost}} == {("done", None, good)}
        written = session.execute(select(Proposal.run_id, func.count()).group_by(Proposal.run_id)).all()
        again = sum(run.attempts > 1 for run in runs)
    assert len({number for _, number in written}) == 1
    assert {run for run, _ in written} == {world.run} | {run.id for run in runs if run.state == "done"}
    assert taken >= kills * 0.6
    assert kills < 50 or again >= 5
    if kills >= 50:
        kind = "SQLite" if here.database.is_sqlite else "PostgreSQL"
        record(f"kill -9 of workers, {kind}", f"{kills} kills ({taken} with a run in hand): {again} runs taken up "
               f"again, {len(lost)} given up after {MOST_ATTEMPTS} deaths, all others with the same bytes",
               kills=kills)  # fmt: skip


def attempts(here: Service) -> int:
    """How often a run was begun."""
    with here.database.reading() as session:
        return session.scalar(select(func.sum(Run.attempts))) or 0


def states(here: Service) -> set[str]:
    """The states of all runs."""
    with here.database.reading() as session:
        return set(session.scalars(select(Run.state)))
