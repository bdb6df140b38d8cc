"""The audit log by the API: every event once, newest first, and what a hand in the database did is told."""
from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, text

from api.services.accounts import Right
from api.store.tables import AuditEvent
from tests.service.browser import Person, Service
from tests.service.test_audit_log import fill, unlock

EVENTS, CHECK = "/api/v1/audit-events", "/api/v1/audit-verification"


@pytest.fixture
def administrator(service: Service) -> Person:
    """An administrator of a log with events of several kinds."""
    service.add("a@example.org", Right("administrator"))
    service.add("c@example.org", Right("connector", "AM36"))
    fill(service.database)
    return service.person("a@example.org")


def stored(service: Service) -> list[AuditEvent]:
    """What the table has, newest first."""
    with service.database.reading() as session:
        return sorted(session.scalars(select(AuditEvent)), key=lambda event: -event.sequence)


def all_of(person: Person, query: str = "limit=5") -> list[dict[str, Any]]:
    """Every page, one after another."""
    found: list[dict[str, Any]] = []
    after: str | None = ""
    while after is not None:
        page = person.get(f"{EVENTS}?{query}&after={after}").json
        found += page["items"]
        after = page["next"]
    return found


def test_every_event_is_told_once_newest_first_with_ids_and_codes_alone(
    service: Service, administrator: Person
) -> None:
    told = all_of(administrator)
    assert [(one["number"], one["action"], one["subjectId"], one["actorId"], one["details"]) for one in told] == [
        (event.sequence, event.action, event.subject_id, event.actor_id, event.details) for event in stored(service)]
    assert len(told) > 12
    assert {"seal", "previous", "name", "email"}.isdisjoint(told[0])
    assert told[0]["at"].endswith("Z")


def test_events_are_found_by_what_was_done_and_by_record(service: Service, administrator: Person) -> None:
    events = stored(service)
    for action in {event.action for event in events}:
        told = all_of(administrator, f"limit=5&action={action}")
        assert [one["number"] for one in told] == [event.sequence for event in events if event.action == action]
    one = next(event for event in events if event.action == "student.changed")
    told = all_of(administrator, f"subjectId={one.subject_id}&action=student.changed")
    assert [found["number"] for found in told] == [one.sequence]
    assert all_of(administrator, "action=nothing.done") == []
    for wrong in ("after=x", f"after={'9' * 60}", "after=-1", "zz=1"):
        assert administrator.get(f"{EVENTS}?{wrong}").status_code == 400, wrong


def test_a_log_is_said_to_be_whole_until_somebody_touches_it(service: Service, administrator: Person) -> None:
    whole = administrator.get(CHECK).json
    newest = stored(service)[0]
    assert whole == {"whole": True, "findings": [], "end": f"{newest.sequence}:{newest.seal}"}
    assert administrator.get(f"{CHECK}?anchor={whole['end']}").json["whole"] is True
    other = f"{newest.sequence}:{'0' * 64}"
    assert administrator.get(f"{CHECK}?anchor={other}").json["findings"][0]["number"] == newest.sequence
    for wrong in ("x", "1", f"{'9' * 60}:{'0' * 64}"):
        assert administrator.get(f"{CHECK}?anchor={wrong}").status_code == 400
    unlock(service.database)
    with service.database.engine.begin() as connection:
        connection.execute(text("UPDATE audit_events SET action = 'x' WHERE sequence = 3"))
    told = administrator.get(CHECK).json
    assert (told["whole"], told["end"]) == (False, None)
    assert [found["number"] for found in told["findings"]] == [3]
    with service.database.engine.begin() as connection:
        connection.execute(text("DELETE FROM audit_head"))
    assert administrator.get(CHECK).json["whole"] is False
