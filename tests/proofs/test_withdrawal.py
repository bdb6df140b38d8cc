"""A withdrawn consent acts at once: whoever of the employer begins to read after it sees no candidate any more."""
from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from sqlalchemy import select

from api.services.accounts import Right
from api.store import audit
from api.store.tables import Organisation, Release, StoredOpening, Vacancy
from tests.proofs.asking import Client
from tests.proofs.conftest import in_process
from tests.proofs.figures import record
from tests.proofs.servers import Site
from tests.proofs.worlds import Small, small
from tests.service.browser import Service

API = "/api/v1"


@dataclass
class People:
    """A connector, a student and readers of an employer, at two web processes."""

    connector: Client
    student: Client
    readers: list[Client]
    proposal: str


@dataclass
class Reading:
    """What readers saw: of every read when it began, and whether a candidate was in it."""

    began: list[float] = field(default_factory=list)
    shown: list[bool] = field(default_factory=list)

    def late_views(self, since: float) -> int:
        """Reads that began after a moment and showed a candidate all the same."""
        return sum(shown and began > since for began, shown in zip(self.began, self.shown, strict=True))


@pytest.fixture(scope="module")
def here(shared_site: Site) -> Iterator[Service]:
    """The service in this process, to make the world and to look at it."""
    yield from in_process(shared_site)


@pytest.fixture(scope="module")
def people(shared_site: Site, here: Service) -> People:
    """Everybody signed in at one or the other of two web processes."""
    world: Small = small(here, 1)
    proposal = next(p for p in world.proposals if p["chosen"] and p["student"]["studentRef"] == "C")
    with here.database.reading() as session:
        query = select(Organisation.code).join(Vacancy, Vacancy.organisation_id == Organisation.id)
        query = query.join(StoredOpening, StoredOpening.vacancy_id == Vacancy.id)
        kvk = session.scalar(query.where(StoredOpening.id == proposal["opening"]["id"]))
    here.add("student@example.org", Right("student", proposal["student"]["id"]))
    here.add("employer@example.org", Right("employer", kvk or ""))
    ports = [shared_site.web()[1] for _ in range(2)]
    employers = [Client(port).sign_in("employer@example.org") for port in ports]
    readers = [employers[k % 2].twin() for k in range(8)]
    return People(Client(ports[0]).sign_in(world.connectors[0]), Client(ports[1]).sign_in("student@example.org"),
                  readers, proposal["id"])  # fmt: skip


def release(people: People) -> tuple[str, str]:
    """Bring the candidate before the employer; return the release and the consent."""
    path = f"{API}/proposals/{people.proposal}"
    shown = people.connector.get(path)
    decision = shown.json["decision"]
    if decision is None:
        said = {"If-Match": shown.headers["etag"]}
        decision = people.connector.ask("POST", f"{path}/decisions", {"decision": "accept"}, headers=said).json
    asked = people.connector.ask("POST", f"{API}/consent-requests", {"decisionId": decision["id"]})
    assert asked.status == 201, asked.body
    answer = people.student.ask("PUT", f"{API}/consent-requests/{asked.json['id']}/answer", {"answer": "yes"},
                                headers={"If-Match": '"open"'})  # fmt: skip
    assert answer.status == 200, answer.body
    digest = people.connector.get(f"{API}/acceptances/{decision['id']}/preview").json["digest"]
    body = {"candidates": [{"decisionId": decision["id"], "digest": digest}]}
    made = people.connector.ask("POST", f"{API}/releases", body)
    assert made.status == 201, made.body
    return made.json["items"][0]["id"], people.student.get(f"{API}/consents?live=true").json["items"][0]["id"]


def race(people: People, readers: int, reads: int) -> tuple[int, int, int]:
    """Let employers read while the student withdraws; return reads, views before and views begun after it."""
    candidate, consent = release(people)
    paths = ("/candidates", f"/candidates/{candidate}", "/candidates/table")
    found, halfway = [Reading() for _ in range(readers)], threading.Barrier(readers + 1)

    def read(who: int) -> None:
        for turn in range(reads):
            if turn == reads // 2:
                halfway.wait()
            found[who].began.append(time.monotonic())
            answer = people.readers[who].get(f"{API}{paths[(who + turn) % 3]}")
            assert answer.status == 200, answer.body
            found[who].shown.append(b'"card":{' in answer.body.replace(b" ", b"") or b"\nK-" in answer.body)

    threads = [threading.Thread(target=read, args=(who,)) for who in range(readers)]
    for thread in threads:
        thread.start()
    halfway.wait()
    gone = people.student.ask("DELETE", f"{API}/consents/{consent}")
    since = time.monotonic()
    for thread in threads:
        thread.join()
    assert gone.status == 200, gone.body
    assert all(len(one.shown) == reads for one in found)
    late = sum(one.late_views(since) for one in found)
    return readers * reads, sum(sum(one.shown) for one in found) - late, late


@pytest.mark.parametrize(("rounds", "readers", "reads"), [(2, 4, 12), pytest.param(20, 8, 63, marks=pytest.mark.slow)])
def test_nobody_sees_a_candidate_after_the_withdrawal(
    people: People, here: Service, rounds: int, readers: int, reads: int
) -> None:
    counted = [race(people, readers, reads) for _ in range(rounds)]
    total, before, late = (sum(column) for column in zip(*counted, strict=True))
    assert late == 0
    assert before > 0, "readers saw the candidate while the consent stood"
    with here.database.reading() as session:
        ended = session.scalars(select(Release.end_reason).where(Release.ended_at.is_not(None))).all()
        assert set(ended) == {"consent_withdrawn"}
        assert audit.verify(session) == []
    if rounds > 2:
        kind = "SQLite" if here.database.is_sqlite else "PostgreSQL"
        record(f"P-14 withdrawn consent acts at once ({kind})",
               f"{late} employer views after commit in {total} reads by {readers} readers, {rounds} withdrawals",
               reads=total, views_before=before, views_after=late)  # fmt: skip
