"""Filling a fresh database for the demo: lists, people, a run that is taken over, and a story on it."""
from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from api.demo import people, story
from api.demo.lists import FIXTURES, Lists, todays
from api.services import organisations, run_judgements, run_queue, uploads
from api.services.days import local_day
from api.services.run_inputs import policy_of
from api.settings import Settings
from api.store import people as stored
from api.store import queue, runs
from api.store.audit import Actor
from api.store.engine import Database
from api.store.people import Session

STEPS = ("lists", "accounts", *run_queue.STEPS, "story")
Step = Callable[[str], None]


def fill(database: Database, settings: Settings, step: Step) -> list[people.Login]:
    """Write the demo; return how everybody signs in."""
    now = datetime.now(UTC)
    lists = todays(local_day(now))
    step("accounts")
    with database.writing() as session:
        people.add_parties(session, lists, now)
        logins = people.add_staff(session, lists.founder, lists, now)
    step("lists")
    with database.writing() as session:
        _hand_in(session, lists, now)
        policy = (FIXTURES / "salland" / "policy.toml").read_text(encoding="utf-8")
        runs.add_policy(session, policy, policy_of(policy).digest(), None, now)
    with database.writing() as session:
        connector = people.actor(session, "connector")
        run_queue.ask(session, connector, runs.regions_in_use(session), on=local_day(now), lang="nl", now=now)
    taken = run_queue.take(database, now)
    assert taken is not None
    state = run_queue.compute(database, *taken, step, lambda: datetime.now(UTC))
    assert state == "done", state
    step("story")
    with database.writing() as session:
        run = queue.run_by_id(session, taken[0], lock=True)
        assert run is not None
        run_judgements.judge(session, people.actor(session, "connector"), run, "take_over", now=now)
    logins |= story.tell(database, settings, now)
    with database.writing() as session:  # what people decided since waits to be computed: the worker takes it up
        run_queue.ask(session, people.actor(session, "connector"), runs.regions_in_use(session), on=local_day(now),
                      lang="nl", now=datetime.now(UTC))  # fmt: skip
    return [logins[role] for role in people.ORDER]


def _hand_in(session: Session, lists: Lists, now: datetime) -> None:
    """Hand in every list as its own school, or the connector, does, and confirm it."""
    connector = people.actor(session, "connector")
    for (kind, code), content in lists.leavers.items():
        own = stored.organisation(session, kind, code)
        who = people.actor(session, kind) if (kind, code) in (people.SCHOOL, people.REFERRER) else connector
        assert own is not None
        organisations.record_ground(session, who, own, "public_task", "", now=now)
        _confirm(session, who, content, own, now)
    _confirm(session, connector, lists.vacancies, None, now)


def _confirm(session: Session, actor: Actor, content: bytes, own: stored.Organisation | None, now: datetime) -> None:
    kind, name = ("vacancies", "vacatures.csv") if own is None else ("leavers", "leerlingen.csv")
    made = uploads.check(session, actor, kind, name, content, own=own, columns={}, lang="nl", now=now,
                         within=None)  # fmt: skip
    assert made.state == "checked", (name, made.counts)
    uploads.confirm(session, actor, made, now=now, within=None)


__all__ = ["STEPS", "fill"]
