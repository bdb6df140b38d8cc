"""Of connectors who decide one proposal at one moment, on real servers, one wins; the others are told who and when."""
from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import func, select

from api.services.accounts import Right
from api.store import audit
from api.store.tables import AuditEvent, Decided, Run, Upload
from tests.proofs.asking import Answer, Client
from tests.proofs.conftest import in_process
from tests.proofs.figures import record
from tests.proofs.servers import Site
from tests.proofs.worlds import Small, small
from tests.service.browser import Service
from tests.service.test_uploads import LIST

CROWD = 16


@dataclass
class Crowd:
    """Connectors on real servers, who act at one moment."""

    clients: list[Client]
    names: list[str]

    def at_once(self, number: int, act: Callable[[int, Client], Answer]) -> list[Answer]:
        """Let ``number`` of them act; return their answers in the order of the connectors."""
        barrier, answers = threading.Barrier(number), [None] * number

        def work(who: int) -> None:
            barrier.wait()
            answers[who] = act(who, self.clients[who])  # type: ignore[call-overload]

        threads = [threading.Thread(target=work, args=(who,)) for who in range(number)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert None not in answers
        return answers  # type: ignore[return-value]


@pytest.fixture(scope="module")
def here(shared_site: Site) -> Iterator[Service]:
    """The service in this process, to make the world and to look at it."""
    yield from in_process(shared_site)


@pytest.fixture(scope="module")
def world(here: Service) -> Small:
    """Proposals, connectors, and a school."""
    here.add("school@example.org", Right("school", "25AB00"))
    return small(here, CROWD)


@pytest.fixture(scope="module")
def people(shared_site: Site, world: Small) -> Crowd:
    """Connectors signed in at one or the other of two web processes."""
    ports = [shared_site.web()[1] for _ in range(2)]
    clients = [Client(ports[k % 2]).sign_in(email) for k, email in enumerate(world.connectors)]
    return Crowd(clients, [email.partition("@")[0] for email in world.connectors])


def race(crowd: Crowd, here: Service, proposal: str, rng: random.Random) -> list[str]:
    """One race on a proposal; return what was wrong with it."""
    path = f"/api/v1/proposals/{proposal}"
    seen = crowd.clients[0].get(path).headers["etag"]
    before = counted(here)
    number = rng.randint(2, CROWD)
    bodies: list[dict[str, Any]] = [
        {"decision": word, **({"reason": "travel"} if word == "reject" else {})}
        for word in rng.choices(("accept", "reject", "pin", "defer"), k=number)
    ]
    answers = crowd.at_once(
        number, lambda who, client: client.ask("POST", f"{path}/decisions", bodies[who], headers={"If-Match": seen})
    )
    wrong = []
    won = [who for who, answer in enumerate(answers) if answer.status == 201]
    if len(won) != 1:
        wrong.append(f"{len(won)} of {number} won: {[a.status for a in answers]}")
    else:
        made = answers[won[0]].json
        for answer in answers:
            if answer.status not in (201, 409, 412):
                wrong.append(f"answer {answer.status}: {answer.body!r}")
            elif answer.status != 201:
                told = answer.json.get("decision") or {}
                if (told.get("by"), told.get("decidedAt")) != (crowd.names[won[0]], made["decidedAt"]):
                    wrong.append(f"not told who and when: {answer.body!r}")
    after = counted(here)
    if (after[0] - before[0], after[1] - before[1]) != (1, 1):
        wrong.append(f"decisions and their events grew by {after[0] - before[0]}, {after[1] - before[1]}")
    return wrong


def counted(here: Service) -> tuple[int, int]:
    """How many decisions were ever made, and how many events say that one was."""
    said = select(func.count()).select_from(AuditEvent).where(AuditEvent.action.in_(
        ("decision.accept", "decision.reject", "decision.pin", "decision.defer")))  # fmt: skip
    with here.database.reading() as session:
        return session.scalar(select(func.count()).select_from(Decided)) or 0, session.scalar(said) or 0


@pytest.mark.parametrize("races", [20, pytest.param(500, marks=pytest.mark.slow)])
def test_one_connector_wins_and_the_others_are_told_who_and_when(
    people: Crowd, here: Service, world: Small, races: int
) -> None:
    rng = random.Random(races)
    # Pairs of students and openings of their own: what stands between two pairs is another race, below.
    pairs = [world.pair("B", "V1"), world.pair("A", "V2"), world.pair("C", "V3")]
    wrong = [fault for _ in range(races) for fault in race(people, here, rng.choice(pairs), rng)]
    assert wrong == []
    with here.database.reading() as session:
        assert audit.verify(session) == []
    if races >= 500:
        kind = "SQLite" if here.database.is_sqlite else "PostgreSQL"
        record(f"races, {kind}", f"{races} races of 2-{CROWD} connectors: one winner each, the rest told who and when",
               races=races, wrong=0)  # fmt: skip


def test_a_race_that_two_can_win_is_found(shared_site: Site, people: Crowd, here: Service, world: Small) -> None:
    """Planted: nobody looks whether the proposal is still as it was seen."""
    _, port = shared_site.web(patch="import api.web.json.proposals as p; p._must_have_seen = lambda _: None")
    careless = Crowd([person.twin() for person in people.clients], people.names)
    for client in careless.clients:
        client.port = port
    assert [fault for _ in range(3) for fault in race(careless, here, world.pair("B", "V1"), random.Random(1))]
    forget(people, world.pair("B", "V1"))


def forget(people: Crowd, proposal: str) -> None:
    """Take back the word that stands on a proposal."""
    found = people.clients[0].get(f"/api/v1/proposals/{proposal}").json["decision"]
    if found:
        assert people.clients[0].ask("DELETE", f"/api/v1/decisions/{found['id']}").status == 200


@pytest.mark.parametrize("races", [6, pytest.param(60, marks=pytest.mark.slow)])
def test_of_two_pairs_that_exclude_each_other_one_is_accepted(
    people: Crowd, here: Service, world: Small, races: int
) -> None:
    """One student at two openings, and two students on one place: the loser is told who decided otherwise, and when."""
    rng = random.Random(races)
    for proposal in world.proposals:
        forget(people, proposal["id"])
    rivals = [(world.pair("A", "V1"), world.pair("A", "V2")), (world.pair("B", "V1"), world.pair("A", "V1")),
              (world.pair("C", "V1"), world.pair("C", "V3"))]  # fmt: skip
    for _ in range(races):
        pair, number = rng.choice(rivals), rng.randint(2, CROWD)
        seen = [people.clients[0].get(f"/api/v1/proposals/{proposal}").headers["etag"] for proposal in pair]

        def act(who: int, client: Client, pair: tuple[str, str] = pair, seen: list[str] = seen) -> Answer:
            path = f"/api/v1/proposals/{pair[who % 2]}/decisions"
            return client.ask("POST", path, {"decision": "accept"}, headers={"If-Match": seen[who % 2]})

        answers = people.at_once(number, act)
        won = [who for who, answer in enumerate(answers) if answer.status == 201]
        assert len(won) == 1, [answer.body for answer in answers]
        made = answers[won[0]].json
        for answer in answers:
            if answer.status != 201:
                assert answer.status in (409, 412)
                told = answer.json["decision"]
                assert (told["by"], told["decidedAt"]) == (people.names[won[0]], made["decidedAt"])
        assert people.clients[0].ask("DELETE", f"/api/v1/decisions/{made['id']}").status == 200
    with here.database.reading() as session:
        assert audit.verify(session) == []


@pytest.mark.parametrize("times", [1, pytest.param(10, marks=pytest.mark.slow)])
def test_what_is_sent_fifty_times_with_one_key_has_one_effect(
    people: Crowd, here: Service, world: Small, times: int
) -> None:
    one, ports = people.clients[0], [client.port for client in people.clients[:2]]
    other = Client(ports[0]).sign_in("school@example.org")
    path = f"/api/v1/proposals/{world.pair('B', 'V1')}"
    for turn in range(times):
        key, seen = f"key {turn} of {times}", one.get(path).headers["etag"]
        asked: list[tuple[str, Client, Callable[[Client], Answer], Callable[[Client], Answer], type]] = [
            ("decision", one, lambda c, k=key, s=seen: c.ask("POST", f"{path}/decisions", {"decision": "defer"},
                                                           headers={"If-Match": s, "Idempotency-Key": k}),
             lambda c, k=key, s=seen: c.ask("POST", f"{path}/decisions", {"decision": "pin"},
                                          headers={"If-Match": s, "Idempotency-Key": k}), Decided),
            ("run", one, lambda c, k=key: c.ask("POST", "/api/v1/runs", {"regions": ["AM36"]},
                                              headers={"Idempotency-Key": f"run {k}"}),
             lambda c, k=key: c.ask("POST", "/api/v1/runs", {"regions": ["AM01"]},
                                  headers={"Idempotency-Key": f"run {k}"}), Run),
            ("upload", other, lambda c, k=key: c.hand_in(LIST, key=f"list {k}"),
             lambda c, k=key: c.hand_in(LIST + "\n", key=f"list {k}"), Upload),
        ]  # fmt: skip
        for what, person, same, another, table in asked:
            before = rows_of(here, table)
            windows = Crowd([person.twin() for _ in range(50)], [])
            for number, client in enumerate(windows.clients):
                client.port = ports[number % 2]
            answers = windows.at_once(50, lambda _, client, same=same: same(client))
            assert {answer.status for answer in answers} <= {201, 202}, what
            assert len({(answer.status, answer.body, answer.headers.get("etag"), answer.headers.get("location"))
                        for answer in answers}) == 1, what  # fmt: skip
            assert rows_of(here, table) == before + 1, what
            told = another(person)
            assert (told.status, told.json["code"]) == (409, "key_reused"), what
            assert rows_of(here, table) == before + 1, what
    with here.database.reading() as session:
        assert audit.verify(session) == []
    if times >= 10:
        kind = "SQLite" if here.database.is_sqlite else "PostgreSQL"
        record(f"one key, {kind}", f"{3 * times} x 50 parallel posts with one Idempotency-Key: one effect, one answer",
               posts=150 * times)  # fmt: skip


def rows_of(here: Service, table: type) -> int:
    """How many rows a table has."""
    with here.database.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0
