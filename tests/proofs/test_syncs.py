"""Saved means on disk before it is said: between a write and its answer there is at least one sync, counted."""
from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from api.services.accounts import Right
from tests.proofs.asking import Answer, Client
from tests.proofs.figures import record
from tests.proofs.servers import Site, need_strace, traced
from tests.proofs.worlds import Small, small
from tests.service.browser import Service
from tests.service.test_uploads import LIST

WRITERS = 4
CARELESS = ("import api.store.engine as e; e.WAL_IS_SAFE = (0,); e.PRAGMAS = "
            "('journal_mode=WAL', 'synchronous=NORMAL', 'foreign_keys=ON', 'busy_timeout=10000')")  # fmt: skip


@contextmanager
def syncs_of(pids: list[int], folder: Path) -> Iterator[list[float]]:
    """Note the moment of every sync of these processes and what they start; the list is full at the end."""
    told, moments = folder / f"syncs-{time.monotonic_ns()}.txt", []
    with traced(pids, "-ttt", "-o", str(told), "-e", "trace=fsync,fdatasync"):
        yield moments
    # A call that was cut by another thread's is told in two lines: its end is what counts.
    for line in told.read_text(encoding="utf-8").splitlines():
        found = re.match(r"\d+ +(\d+\.\d+) (?:f(?:data)?sync\(\d+\)|<\.\.\. f(?:data)?sync resumed>.*)\s*= 0", line)
        if found:
            moments.append(float(found.group(1)))


def writes(people: dict[str, Client], world: Small, number: int) -> Iterator[tuple[float, float, Answer]]:
    """Write in turn decisions, lists, confirmations and runs; give when each was asked and when it was answered."""
    connector, school = people["connector"], people["school"]
    path = f"/api/v1/proposals/{world.pair('B', 'V1')}"
    upload: Answer | None = None
    for turn in range(number):
        seen = connector.get(path).headers["etag"]
        time.sleep(0.01)  # so that no sync of one write falls in the time of another
        began = time.time()
        if turn % WRITERS == 0:
            made = connector.ask("POST", f"{path}/decisions", {"decision": "defer"}, headers={"If-Match": seen})
        elif turn % WRITERS == 1:
            made = upload = school.hand_in(LIST)
        elif turn % WRITERS == 2:
            assert upload is not None
            made = school.ask("PUT", f"/api/v1/uploads/{upload.json['id']}/confirmation",
                              headers={"If-Match": upload.headers["etag"]})  # fmt: skip
        else:
            made = connector.ask("POST", "/api/v1/runs", {})
        yield began, time.time(), made


def counted(site: Site, here: Service, number: int, patch: str = "") -> list[int]:
    """Syncs within each of ``number`` acknowledged writes."""
    need_strace()
    world = small(here, 1)
    here.add("school@example.org", Right("school", "25AB00"))
    process, port = site.web(patch=patch)
    connector, school = (Client(port).sign_in(email) for email in (world.connectors[0], "school@example.org"))
    people = {"connector": connector, "school": school}
    pids = [process.pid] if here.database.is_sqlite else postgres_pids(here)
    with syncs_of(pids, site.folder) as moments:
        times = list(writes(people, world, number))
    assert {answer.status for _, _, answer in times} <= {200, 201, 202}
    return [sum(began <= moment <= ended for moment in moments) for began, ended, _ in times]


def postgres_pids(here: Service) -> list[int]:
    """The processes of PostgreSQL that serve a connection to our database now, and the one that starts others."""
    with here.database.engine.connect() as connection:
        pid = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
    status = dict(line.split(":\t", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    parent = int(status["PPid"])
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return [parent, *map(int, children)]


@pytest.mark.parametrize("number", [20, pytest.param(200, marks=pytest.mark.slow)])
def test_every_acknowledged_write_was_synced(site: Site, here: Service, number: int) -> None:
    syncs = counted(site, here, number)
    assert min(syncs) >= 1, syncs
    if number >= 200:
        kind = "SQLite" if here.database.is_sqlite else "PostgreSQL"
        record(f"syncs, {kind}", f"{number} of {number} acknowledged writes with a sync before the answer; "
               f"{min(syncs)} to {max(syncs)} each, {sum(syncs) / number:.1f} on average", writes=number)  # fmt: skip


def test_writes_that_are_not_synced_are_found(site: Site, here: Service) -> None:
    """Planted: SQLite with a write-ahead log and ``synchronous=NORMAL``; PostgreSQL that commits behind its answer."""
    if not here.database.is_sqlite:
        with here.database.engine.connect() as connection:
            name = connection.execute(text("SELECT current_database()")).scalar_one()
            connection.execute(text(f'ALTER DATABASE "{name}" SET synchronous_commit = off'))
            connection.commit()
    syncs = counted(site, here, 20, patch=CARELESS)
    assert sum(number == 0 for number in syncs) >= 10, syncs
