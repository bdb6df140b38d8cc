"""Who guesses passwords, ids or doors leaves a trace in the log, at a rate that no guesser can drive up."""
from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import select

from api.services.accounts import Right
from api.store import audit
from api.store.tables import AuditEvent, RequestCount
from tests.service.browser import Person, Service
from tests.service.youth import add_student

WHO = "c@example.org"
HOUR = {"minutes": 60}


def told(service: Service, *actions: str) -> list[tuple[str, str, str, dict[str, Any]]]:
    """Kind and id of the subject, action and details of what the log says of these actions; the log is whole."""
    with service.database.reading() as session:
        assert audit.verify(session) == []
        found = session.scalars(select(AuditEvent).where(AuditEvent.action.in_(actions)).order_by(AuditEvent.sequence))
        return [(one.subject_kind, one.subject_id, one.action, one.details) for one in found
                if one.result == "refused"]  # fmt: skip


def denied(service: Service) -> list[tuple[str, str, int]]:
    """Action, route and number of every refusal in the log."""
    return [(action, details["route"], details["number"])
            for _, _, action, details in told(service, "access.denied", "access.alert")]  # fmt: skip


@pytest.fixture
def connector(service: Service) -> Person:
    """A connector."""
    service.add(WHO, Right("connector", "AM36"))
    return service.person(WHO)


def test_a_refused_sign_in_stands_in_the_log_by_account_or_by_digest_and_never_by_address(service: Service) -> None:
    who = service.add(WHO, Right("connector", "AM36"))
    known, unknown = [service.person().sign_in(email, "wrong password!") for email in (WHO, "nobody@example.org")]
    assert (known.status_code, known.data) == (unknown.status_code, unknown.data)
    (first, second) = told(service, "session.refused")
    assert first == ("account", who, "session.refused", {"by": "password"})
    assert (second[0], len(second[1]), second[3]) == ("sign_in", 64, {"by": "password"})
    with service.database.reading() as session:
        kept = str([(one.subject_id, one.details) for one in session.scalars(select(AuditEvent))])
    assert "example.org" not in kept


def test_a_wrong_birth_date_stands_with_the_account_of_the_code_and_a_made_up_code_with_none(service: Service) -> None:
    student = add_student(service)
    service.add("s@example.org", Right("school", "77XX00"))
    code = service.person("s@example.org").post("/api/v1/codes", {"studentIds": [student]}).json[0]["code"]
    said = [service.person().begun().post("/api/v1/sessions", {"code": one, "birthDate": "2008-02-01"})
            for one in (code, "K7M-4QP-X2R-9TBD")]  # fmt: skip
    assert (said[0].status_code, said[0].data) == (said[1].status_code, said[1].data)
    assert said[0].status_code == 400
    first, second = told(service, "session.refused")
    with service.database.reading() as session:
        account = session.scalar(select(AuditEvent.subject_id).where(
            AuditEvent.action == "account.granted").order_by(AuditEvent.sequence.desc()).limit(1))  # fmt: skip
    assert (first[:2], first[3]) == (("account", account), {"by": "code"})
    assert (second[0], second[3]) == ("sign_in", {"by": "code"})


def test_the_first_refusal_of_an_hour_at_a_route_stands_in_the_log(service: Service, connector: Person) -> None:
    for number in range(3):
        assert connector.get(f"/api/v1/runs/{number:032}").status_code == 404
    assert connector.get("/api/v1/accounts").status_code == 403
    assert connector.get("/berekeningen/x", headers={"Accept": "text/html"}).status_code == 404
    assert denied(service) == [("access.denied", "runs.Run", 1), ("access.denied", "accounts.Accounts", 4),
                               ("access.denied", "run_pages.one_run", 5)]  # fmt: skip
    service.clock.forward(**HOUR)
    again = service.person(WHO)
    assert again.get("/api/v1/runs/x").status_code == 404
    assert denied(service)[3:] == [("access.denied", "runs.Run", 1)]


def test_more_than_ten_in_an_hour_are_an_alert_once_and_nothing_is_written_after_it(
    service: Service, connector: Person, capsys: pytest.CaptureFixture[str]
) -> None:
    from api.web.logs import set_up_logs

    set_up_logs("warning")
    for number in range(10):
        connector.get(f"/api/v1/runs/{number:032}")
    assert denied(service) == [("access.denied", "runs.Run", 1)]
    for number in range(10, 20):
        assert connector.get(f"/api/v1/runs/{number:032}").status_code == 404
    assert connector.get("/api/v1/accounts").status_code == 403
    assert denied(service) == [("access.denied", "runs.Run", 1), ("access.alert", "runs.Run", 11)]
    with service.database.reading() as session:
        assert session.scalar(select(RequestCount.number).where(RequestCount.what == "denied")) == 11
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    (alert,) = [line for line in lines if line["event"] == "access.alert"]
    assert (alert["level"], alert["route"]) == ("warning", "/api/v1/runs/<run_id>")
    local = {"REMOTE_ADDR": "127.0.0.1"}
    figures = service.app.test_client().get("/metrics", environ_overrides=local).text
    assert float(next(line for line in figures.splitlines() if line.startswith("schakel_access_alerts_total")).split(
        )[1]) >= 1  # fmt: skip


def test_a_token_that_asks_for_more_than_its_scope_is_counted_as_a_system(service: Service) -> None:
    who = service.add(WHO, Right("connector", "AM36"))
    assert service.system(service.token(WHO, "read")).post("/api/v1/runs", {}).json["code"] == "scope"
    with service.database.reading() as session:
        (found,) = session.scalars(select(AuditEvent).where(AuditEvent.action == "access.denied"))
        assert (found.actor_kind, found.actor_id, found.details["route"]) == ("system", who, "runs.Runs")


def test_what_goes_well_what_is_nowhere_and_what_must_be_done_first_write_nothing(
    service: Service, connector: Person
) -> None:
    assert connector.get("/api/v1/runs").status_code == 200
    assert connector.get("/nothing-here").status_code == 404
    assert connector.get("/static/x/y").status_code == 404
    assert service.person().get("/api/v1/runs/x").status_code == 401
    assert connector.ask("POST", "/api/v1/runs", {"X-CSRFToken": "x"}, json={}).json["code"] == "csrf"
    service.add("f@example.org", Right("connector", "AM36"), must_change=True)
    begun = service.person()
    begun.sign_in("f@example.org")
    assert begun.get("/api/v1/runs").json["code"] == "first_password"
    assert denied(service) == []
    with service.database.reading() as session:
        assert session.scalars(select(RequestCount.what)).all() == []
