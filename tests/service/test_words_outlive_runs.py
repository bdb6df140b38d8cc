"""Whatever people do in whatever order, a re-run never undoes their word, and history only grows."""
from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy import select

from api.services import run_queue
from api.store import audit, plans, runs
from api.store.engine import Database
from api.store.tables import AuditEvent, Decided, Proposal, RunDecision
from tests.service.browser import Person, Service
from tests.service.test_decisions import decide, proposals
from tests.service.test_runs import FIXTURES, compute, tiny
from tests.service.test_take_over import judge
from tests.service.test_uploads import confirm, hand_in

SQLITE = pytest.mark.parametrize("url", ["sqlite"], indirect=True)
DOINGS = ("accept", "pin", "reject", "defer", "undo", "rerun", "edit")


@dataclass
class History:
    """A service that somebody works with, and what was ever written in it."""

    service: Service
    connector: Person
    rng: random.Random
    run: str = ""
    decisions: set[str] = field(default_factory=set)
    events: int = 0

    def step(self) -> None:
        """Do something that somebody could do now."""
        doing = self.rng.choice(DOINGS)
        if doing == "rerun" or not self.run:
            self.rerun()
        elif doing == "edit":
            self.edit()
        elif doing == "undo":
            self.undo()
        else:
            self.say(doing)
        self.grown()

    def say(self, word: str) -> None:
        """A word on any pair; it may be refused, as there is a place elsewhere or none left."""
        pair = self.rng.choice(proposals(self.connector, self.run))
        more = {"reason": self.rng.choice(("travel", "other", "data_wrong"))} if word == "reject" else {}
        assert decide(self.connector, pair, word, **more).status_code in (201, 409)

    def undo(self) -> None:
        """Take a word back."""
        decided = [p for p in proposals(self.connector, self.run) if p["decision"]]
        if decided:
            path = f"/api/v1/decisions/{self.rng.choice(decided)['decision']['id']}"
            assert self.connector.ask("DELETE", path).status_code in (200, 409)

    def edit(self) -> None:
        """Hand in one student with another limit of travel."""
        lines = (FIXTURES / "tiny" / "leavers.csv").read_text(encoding="utf-8").splitlines()
        names, row = lines[0].split(","), self.rng.choice(lines[1:]).split(",")
        row[names.index("max_km")] = str(self.rng.choice((9, 10, 11, 12)))
        owner = self.service.person(f"{row[names.index('school')]}@example.org")
        assert confirm(owner, hand_in(owner, "\n".join([lines[0], ",".join(row)]))).status_code == 200

    def rerun(self) -> None:
        """Compute, look whether everybody's word is kept, and take it over (or not)."""
        with self.service.database.reading() as session:
            live = list(session.scalars(select(Decided).where(Decided.ended_at.is_(None))))
        made = compute(self.service, self.connector)
        assert made["state"] == "done", made
        plan, again = self.plan_of(made["id"])
        for word in live:
            if word.word in ("accept", "pin"):
                assert plan.get(word.student_id) == word.opening_id
            elif word.word == "reject" and plan.get(word.student_id) == word.opening_id:
                lapsed = again[word.student_id, word.opening_id]
                assert lapsed
                assert lapsed["decision_id"] == word.id
                assert lapsed["changed"]
        if self.rng.random() < 0.8:
            assert judge(self.connector, made["id"]).status_code == 200
            self.run = made["id"]
        else:
            judge(self.connector, made["id"], "discard")

    def plan_of(self, run_id: str) -> tuple[dict[str, str], dict[tuple[str, str], Any]]:
        """The plan of a run, and the rejections that lapsed in it."""
        with self.service.database.reading() as session:
            rows = list(session.scalars(select(Proposal).where(Proposal.run_id == run_id)))
            kept = session.scalars(select(RunDecision.decision_id).where(RunDecision.run_id == run_id)).all()
            live = session.scalars(select(Decided.id).where(Decided.ended_at.is_(None))).all()
            assert set(kept) <= set(live)
        return ({p.student_id: p.opening_id for p in rows if p.chosen},
                {(p.student_id, p.opening_id): p.again for p in rows})  # fmt: skip

    def grown(self) -> None:
        """Nothing that was ever decided or logged is gone."""
        with self.service.database.reading() as session:
            decisions = set(session.scalars(select(Decided.id)))
            events = len(session.scalars(select(AuditEvent.sequence)).all())
        assert decisions >= self.decisions
        assert events >= self.events
        self.decisions, self.events = decisions, events


@SQLITE
@pytest.mark.parametrize("seed", range(3))
def test_pins_stay_and_rejections_stay_out_unless_what_caused_them_changed(service: Service, seed: int) -> None:
    history = History(service, tiny(service), random.Random(seed))
    for _ in range(14):
        history.step()
    history.rerun()
    assert history.decisions
    with service.database.reading() as session:
        assert audit.verify(session) == []


def test_a_run_taken_up_again_stays_close_to_the_same_plan(service: Service) -> None:
    """Beside a plan that holds: the attempt that died and the one after it give one answer, and name one plan."""
    connector = tiny(service)
    held = compute(service, connector)["id"]
    assert judge(connector, held).status_code == 200
    good = compute(service, connector)
    lost = connector.post("/api/v1/runs", {"on": "2026-06-15"}).json["id"]
    assert run_queue.take(service.database, service.clock()) == (lost, 1)
    service.clock.forward(seconds=31)
    second = run_queue.take(service.database, service.clock())
    assert second == (lost, 2)
    assert run_queue.compute(service.database, *second, lambda _: None, service.clock) == "done"
    again = connector.get(f"/api/v1/runs/{lost}").json
    assert (again["digest"], again["answer"], again["basis"]) == (good["digest"], good["answer"], good["basis"])
    assert set(again["basis"].values()) == {held}
    assert _plan(service.database, lost) == _plan(service.database, held)


def _plan(database: Database, run_id: str) -> dict[str, str]:
    with database.reading() as session:
        run = session.get_one(runs.Run, run_id)
        return {i: chosen.opening_id for i, chosen in
                plans.chosen_in(session, dict.fromkeys(run.regions, run_id)).items()}  # fmt: skip
