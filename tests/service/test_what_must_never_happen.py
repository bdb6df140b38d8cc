"""The database itself refuses what must never happen, whoever writes to it."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from api.store.engine import Database
from api.store.tables import Consent, Decided, Release
from tests.service.conftest import NOW
from tests.service.world import World, make_world

Act = Callable[[Session, World], Any]


@pytest.fixture
def session(shared: Database) -> Iterator[Session]:
    """A session whose work is taken back at the end."""
    opened = shared.sessions()
    yield opened
    opened.rollback()
    opened.close()


@pytest.fixture
def world(session: Session) -> World:
    """Two students, two openings with one place each."""
    return make_world(session)


def refused(session: Session, world: World, first: Act, then: Act) -> None:
    """``first`` is accepted, ``then`` on top of it is not."""
    first(session, world)
    session.flush()
    with pytest.raises(IntegrityError):
        then(session, world)
        session.flush()


def nothing(session: Session, world: World) -> None:
    """No more than the world."""


def test_two_live_decisions_on_one_pair(session: Session, world: World) -> None:
    refused(
        session, world,
        lambda s, w: s.add(w.decision(0, 0, "defer")),
        lambda s, w: s.add(w.decision(0, 0, "reject")),
    )


def test_more_people_than_places(session: Session, world: World) -> None:
    refused(
        session, world,
        lambda s, w: s.add(w.decision(0, 0, "accept", 1)),
        lambda s, w: s.add(w.decision(1, 0, "accept", 1)),
    )


def test_a_seat_that_is_not_there(session: Session, world: World) -> None:
    refused(session, world, nothing, lambda s, w: s.add(w.decision(0, 0, "accept", 2)))


def test_an_acceptance_without_a_seat(session: Session, world: World) -> None:
    refused(session, world, nothing, lambda s, w: s.add(w.decision(0, 0, "accept", None)))


def test_a_place_taken_away_that_somebody_holds(session: Session, world: World) -> None:
    refused(
        session, world,
        lambda s, w: s.add(w.decision(0, 0, "pin", 1)),
        lambda s, w: s.execute(text("DELETE FROM seats WHERE opening_id = :o"), {"o": w.openings[0]}),
    )


def test_two_places_for_one_student(session: Session, world: World) -> None:
    refused(
        session, world,
        lambda s, w: s.add(w.decision(0, 0, "accept", 1)),
        lambda s, w: s.add(w.decision(0, 1, "accept", 1)),
    )


def test_a_decision_by_a_machine(session: Session, world: World) -> None:
    refused(session, world, nothing, lambda s, w: s.add(w.decision(0, 0, "defer", actor_kind="system")))


def test_a_rejection_without_a_reason(session: Session, world: World) -> None:
    refused(session, world, nothing, lambda s, w: s.add(w.decision(0, 0, "reject", reason=None)))


def test_a_decision_about_another_pair_than_its_proposal(session: Session, world: World) -> None:
    refused(session, world, nothing, lambda s, w: s.add(w.decision(0, 0, "defer", opening_id=w.openings[1])))


def test_a_decision_that_says_it_holds_though_it_ended(session: Session, world: World) -> None:
    refused(
        session, world,
        lambda s, w: s.add(w.decision(0, 0, "accept", 1)),
        lambda s, _: s.execute(text("UPDATE decisions SET ended_at = decided_at")),
    )


def accepted_and_consented(session: Session, world: World) -> tuple[Decided, Consent]:
    """An acceptance and a consent for the same pair."""
    decision, consent = world.decision(0, 0, "accept", 1), world.consent(0, 0)
    session.add_all([decision, consent])
    session.flush()
    return decision, consent


def released(session: Session, world: World) -> None:
    """A release as it should be."""
    session.add(world.release(*accepted_and_consented(session, world)))


def test_a_release_on_a_decision_and_a_consent_is_taken(session: Session, world: World) -> None:
    released(session, world)
    session.flush()


@pytest.mark.parametrize(
    "other",
    [
        {"decision_holds": None}, {"consent_live": None}, {"decision_holds": False}, {"consent_live": False},
        {"actor_kind": "system"}, {"ended_at": NOW}, {"decision_id": "0" * 32}, {"consent_id": "0" * 32},
    ],
    ids=str,
)  # fmt: skip
def test_a_release_that_is_not_tied_to_both(session: Session, world: World, other: dict[str, object]) -> None:
    decision, consent = accepted_and_consented(session, world)
    with pytest.raises(IntegrityError):
        session.add(world.release(decision, consent, **other))
        session.flush()


def test_a_release_on_a_rejection(session: Session, world: World) -> None:
    decision, consent = world.decision(0, 0, "reject"), world.consent(0, 0)
    session.add_all([decision, consent])
    session.flush()
    with pytest.raises(IntegrityError):
        session.add(world.release(decision, consent))
        session.flush()


def test_a_release_on_somebody_elses_consent_or_one_for_another_vacancy(session: Session, world: World) -> None:
    decision, others = world.decision(0, 0, "accept", 1), [world.consent(1, 0), world.consent(0, 1)]
    session.add_all([decision, *others])
    session.flush()
    for consent in others:
        with pytest.raises(IntegrityError), session.begin_nested():
            session.add(world.release(decision, consent))


def test_a_consent_withdrawn_while_the_employer_still_sees_the_student(session: Session, world: World) -> None:
    refused(
        session, world, released,
        lambda s, _: s.execute(update(Consent).values(live=False, withdrawn_at=NOW)),
    )  # fmt: skip


def test_an_acceptance_ended_while_the_employer_still_sees_the_student(session: Session, world: World) -> None:
    refused(
        session, world, released,
        lambda s, _: s.execute(update(Decided).values(holds=False, ended_at=NOW)),
    )  # fmt: skip


def test_with_the_release_ended_first_both_may_end(session: Session, world: World) -> None:
    released(session, world)
    session.flush()
    session.execute(update(Release).values(ended_at=NOW, decision_holds=None, consent_live=None))
    session.execute(update(Consent).values(live=False, withdrawn_at=NOW))
    session.execute(update(Decided).values(holds=False, ended_at=NOW))
