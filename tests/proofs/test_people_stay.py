"""Whatever people do in whatever order: never more accepted than places, and a run undoes nobody's word.

A machine of rules over real services on both databases. What must be so is kept beside it by hand, in a few sets, and
looked at after every step; nothing of it comes from the service.
"""
from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from api.services import run_queue
from api.store import audit
from api.store.engine import Database
from api.store.tables import AuditEvent, Decided, StoredOpening
from tests.proofs.figures import record
from tests.service.browser import Person, Service
from tests.service.test_decisions import decide, proposals
from tests.service.test_runs import ON, tiny

WORDS = ("accept", "reject", "pin", "defer")
FIXED = ("other", "student_declined", "already_placed")
"""Reasons that no changed field undoes."""


@pytest.fixture
def service(database: Database, tmp_path: Path) -> Service:
    """The service without limits: a month of asking for runs goes by in a minute here."""
    return Service(database, tmp_path, {"SCHAKEL_RATE_LIMITS": "off"})


@dataclass
class Kept:
    """What people said, written down beside the service: the word and reason that stand on a pair."""

    words: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    decisions: int = 0

    def holding(self) -> dict[str, str]:
        """Who has a place, and where."""
        return {student: opening for (student, opening), (word, _) in self.words.items() if word in ("accept", "pin")}


@dataclass
class Play:
    """The cohort solved by hand, a connector and a school that act, and what they said."""

    service: Service
    connector: Person
    rng: random.Random
    kept: Kept = field(default_factory=Kept)
    edits: int = 0
    found: list[dict[str, Any]] = field(default_factory=list)

    def run(self) -> None:
        """A run, and the proposals of it."""
        asked = self.connector.post("/api/v1/runs", {"on": ON})
        assert asked.status_code == 202, asked.text
        taken = run_queue.take(self.service.database, self.service.clock())
        assert taken is not None
        state = run_queue.compute(self.service.database, *taken, lambda _: None, self.service.clock)
        if state == "done":
            self.found = proposals(self.connector, asked.json["id"])
            self.stays()

    def stays(self) -> None:
        """What a run may not undo: who has a place keeps it, and who was refused for good stays out."""
        chosen = {p["student"]["id"]: p["opening"]["id"] for p in self.found if p["chosen"]}
        for student, opening in self.kept.holding().items():
            assert chosen.get(student, opening) == opening, "somebody with a place was moved"
            if any(p["student"]["id"] == student for p in self.found):
                assert chosen.get(student) == opening, "a place was taken back"
        again = {(p["student"]["id"], p["opening"]["id"]) for p in self.found if p["again"]}
        for pair, (word, reason) in self.kept.words.items():
            there = pair in {(p["student"]["id"], p["opening"]["id"]) for p in self.found}
            if word == "reject" and reason in FIXED:
                assert not there, "a rejection came back"
            elif word == "reject" and there:
                assert pair in again, "a rejection came back without saying why"

    def say(self) -> None:
        """A word on a proposal of the last run."""
        if not self.found:
            return
        proposal, word = self.rng.choice(self.found), self.rng.choice(WORDS)
        reason = self.rng.choice([*FIXED, "travel", "hours", "data_wrong"]) if word == "reject" else ""
        answer = decide(self.connector, proposal, word, **({"reason": reason} if reason else {}))
        pair = proposal["student"]["id"], proposal["opening"]["id"]
        others = {student: opening for student, opening in self.kept.holding().items() if (student, opening) != pair}
        if word in ("accept", "pin"):
            taken = Counter(others.values())
            free = pair[0] not in others and taken[pair[1]] < self.places()[pair[1]]
            assert (answer.status_code == 201) == free, answer.text
        else:
            assert answer.status_code == 201, answer.text
        if answer.status_code == 201:
            self.kept.words[pair] = word, reason
            self.kept.decisions += 1

    def take_back(self) -> None:
        """The end of a word that stands, whether the last run still shows its pair or not: a refusal hides it."""
        with self.service.database.reading() as session:
            standing = session.scalars(select(Decided).where(Decided.ended_at.is_(None)).order_by(Decided.id)).all()
        if standing:
            word = self.rng.choice(standing)
            assert self.connector.ask("DELETE", f"/api/v1/decisions/{word.id}").status_code == 200
            del self.kept.words[word.student_id, word.opening_id]

    def edit(self) -> None:
        """Another number of places at an opening: never fewer than are taken."""
        self.edits += 1
        with self.service.database.reading() as session:
            opening = self.rng.choice(session.scalars(select(StoredOpening).order_by(StoredOpening.id)).all())
        found = self.connector.get(f"/api/v1/openings/{opening.id}")
        if found.status_code != 200:
            return
        wanted = self.rng.randint(1, 3)
        answer = self.connector.ask("PATCH", f"/api/v1/openings/{opening.id}", json={"places": wanted},
                                    headers={"If-Match": found.headers["ETag"]})  # fmt: skip
        if wanted < Counter(self.kept.holding().values())[opening.id]:
            assert answer.status_code >= 400

    def places(self) -> dict[str, int]:
        """How many places every opening has."""
        with self.service.database.reading() as session:
            return dict(session.execute(select(StoredOpening.id, StoredOpening.places)).all())  # type: ignore[arg-type]

    def holds(self) -> None:
        """What is so after every step."""
        with self.service.database.reading() as session:
            held = session.execute(select(Decided.opening_id, func.count()).where(Decided.holds)
                                   .group_by(Decided.opening_id)).all()  # fmt: skip
            students = session.scalars(select(Decided.student_id).where(Decided.holds)).all()
            made = session.scalar(select(func.count()).select_from(Decided))
            told = session.scalar(select(func.count()).select_from(AuditEvent).where(AuditEvent.action.in_(
                [f"decision.{word}" for word in WORDS])))  # fmt: skip
        places = self.places()
        assert all(number <= places[opening] for opening, number in held), "more accepted than places"
        assert len(students) == len(set(students)), "two places for one student"
        assert {(s, o) for s, o in self.kept.holding().items()} == self.standing(), "a word was lost or came of itself"
        assert made == told == self.kept.decisions, "history does not only grow, or the log says otherwise"

    def standing(self) -> set[tuple[str, str]]:
        """Who has a place where, as the database says."""
        with self.service.database.reading() as session:
            return set(session.execute(select(Decided.student_id, Decided.opening_id).where(Decided.holds)).all())  # type: ignore[arg-type]


STEPS = ((Play.say, 12), (Play.take_back, 4), (Play.edit, 2), (Play.run, 1))


def play(service: Service, connector: Person, steps: int, seed: int) -> Play:
    """Play so many steps."""
    made = Play(service, connector, random.Random(seed))
    made.run()
    acts, often = zip(*STEPS, strict=True)
    for _ in range(steps):
        made.rng.choices(acts, often)[0](made)
        made.holds()
    return made


@pytest.mark.parametrize("steps", [60, pytest.param(5_000, marks=pytest.mark.slow)])
def test_never_more_placements_than_places_and_no_word_is_undone(service: Service, steps: int) -> None:
    made = play(service, tiny(service), steps, steps)
    with service.database.reading() as session:
        assert audit.verify(session) == []
    assert made.kept.decisions > steps / 4
    if steps >= 5_000:
        kind = "SQLite" if service.database.is_sqlite else "PostgreSQL"
        record(f"places and words, {kind}", f"{steps} steps ({made.kept.decisions} words, {made.edits} edits): never "
               "more accepted than places, no word undone by a run", steps=steps)  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_a_thousand_short_histories_undo_nobody(service: Service) -> None:
    """Many beginnings rather than one long life: each begins with what the one before left."""
    connector = tiny(service)
    made = play(service, connector, 6, 0)
    for seed in range(1, 1_000):
        _go_on(made, seed)
    record("a run undoes nobody", "1,000 histories of words, edits and runs: pins and acceptances stay, rejections "
           "stay out or say why they are back", histories=1_000)  # fmt: skip


def _go_on(made: Play, seed: int) -> None:
    made.rng = random.Random(seed)
    acts, often = zip(*STEPS[:3], strict=True)
    for _ in range(5):
        made.rng.choices(acts, often)[0](made)
        made.holds()
    made.run()
    made.holds()


PLANTED: list[tuple[str, str, Any]] = [
    ("more than places", "api.store.decisions.free_seat", lambda *_: 1),
    ("a place elsewhere", "api.store.decisions.place_of", lambda *_: None),
    ("a rejection forgotten", "api.services.run_inputs.changed_fields", lambda *_: ["student.location"]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "place", "put"), PLANTED, ids=[name for name, *_ in PLANTED])
@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_a_planted_fault_is_found(
    service: Service, monkeypatch: pytest.MonkeyPatch, name: str, place: str, put: Any
) -> None:
    connector = tiny(service)
    monkeypatch.setattr(place, put)
    with pytest.raises(AssertionError):
        for seed in range(4):
            play(service, connector, 40, seed)
