"""Who asks too often waits; the count holds across processes and is kept whatever becomes of the request."""
from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from api.services.accounts import Right
from api.store import audit, throttle
from api.store.engine import Database
from api.store.tables import AuditEvent, Grant, RequestCount, Seen
from api.web import throttle as limits
from api.web.access import access
from api.web.throttle import Limit, limited
from tests.service.browser import Service
from tests.service.conftest import KEY, NOW
from tests.service.flow import begin

FEW = Limit("few", 3, timedelta(hours=1), alert=True)


def add_view(app: Flask, methods: tuple[str, ...] = ("POST",)) -> None:
    """An address that may be asked three times an hour, and fails when told to."""
    def view() -> Any:
        from flask import request

        return ("no", 400) if request.args else "yes"

    app.add_url_rule("/few", "few", access("connector")(limited(FEW)(view)), methods=methods)


@pytest.mark.parametrize("method", ["POST", "GET"])
def test_after_the_last_one_it_is_429_until_the_window_ends(service: Service, method: str) -> None:
    add_view(service.app, (method,))
    for email in ("a@example.org", "b@example.org"):
        service.add(email, Right("connector", "AM36"))
    person, other = service.person("a@example.org"), service.person("b@example.org")
    assert [person.ask(method, f"/few{query}").status_code for query in ("", "?x=1", "", "", "")] == [
        200, 400, 200, 429, 429,  # one that fails counts too
    ]  # fmt: skip
    answer = person.ask(method, "/few")
    assert answer.headers["Retry-After"] == str(30 * 60 + 1)
    assert answer.json["code"] == "too_many"
    assert other.ask(method, "/few").status_code == 200
    with service.database.reading() as session:
        told = session.scalars(select(AuditEvent).where(AuditEvent.action == "limit.reached")).all()
        assert audit.verify(session) == []
    assert [(event.details["what"], event.details["number"]) for event in told] == [("few", 4)]  # once in a window
    service.clock.forward(minutes=30)
    assert person.ask(method, "/few").status_code == 200


def test_many_accounts_behind_one_address_are_slowed_down_together(service: Service) -> None:
    add_view(service.app)
    said = []
    for number in range(8):
        service.add(f"{number}@example.org", Right("connector", "AM36"))
        person = service.person(f"{number}@example.org")
        said += [person.post("/few").status_code for _ in range(2)]
    assert said == [200] * 15 + [429]
    with service.database.reading() as session:
        kept = session.scalars(select(RequestCount.who)).all()
    assert "127.0.0.1" not in "".join(kept)


def test_processes_that_count_side_by_side_give_no_number_twice(url: str) -> None:
    """Eight threads with an engine each, which is what processes are to a database."""
    seen: list[int] = []

    def work() -> None:
        database = Database.open(url, KEY)
        for _ in range(10):
            with database.writing() as session:
                seen.append(throttle.add(session, "few", "a", FEW.window, NOW))
        database.close()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(seen) == list(range(1, 81))


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_uploads_and_runs_have_a_limit_that_the_description_tells(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = service.person().get("/api/v1/openapi.json").json
    paths = told["paths"]
    for path in ("/uploads", "/runs"):
        assert paths[path]["post"]["responses"]["429"] == {"$ref": "#/components/responses/Problem429"}
    assert all("Retry-After" in told["components"]["responses"][f"Problem{code}"]["headers"] for code in (429, 503))
    assert "429" not in paths["/runs"]["get"]["responses"]
    service.add("c@example.org", Right("connector", "AM36"))
    person = service.person("c@example.org")
    said = [person.post("/api/v1/runs", {}).status_code for _ in range(limits.RUNS.most + 1)]
    assert said == [202] * limits.RUNS.most + [429]


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_guessing_from_one_address_is_slowed_down_whatever_names_are_tried(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.web.throttle.SIGN_INS", Limit("sign_in", 4, timedelta(minutes=15), alert=True))
    service.add("a@example.org", Right("administrator"))
    said = [service.person().sign_in(f"x{number}@example.org", "wrong password!").status_code for number in range(6)]
    assert said == [400] * 4 + [429] * 2
    assert service.person().sign_in("a@example.org").status_code == 429
    service.clock.forward(minutes=15)
    assert service.person().sign_in("a@example.org").status_code == 200


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_for_a_load_test_the_limits_can_be_off_but_never_in_production(database: Database, tmp_path: Any) -> None:
    from api.settings import Unsafe, read_settings

    service = Service(database, tmp_path, {"SCHAKEL_RATE_LIMITS": "off"})
    add_view(service.app)
    service.add("a@example.org", Right("connector", "AM36"))
    person = service.person("a@example.org")
    assert {person.post("/few").status_code for _ in range(20)} == {200}
    with pytest.raises(Unsafe, match="RATE_LIMITS"):
        read_settings({"SCHAKEL_DATA_DIR": str(tmp_path), "SCHAKEL_RATE_LIMITS": "off", "SCHAKEL_PRODUCTION": "yes"})


@pytest.mark.parametrize(("most", "status"), [(1, 200), (0, 429)])
def test_an_employer_looks_at_so_many_candidates_a_day(
    cohort: Service, monkeypatch: pytest.MonkeyPatch, most: int, status: int
) -> None:
    """The same candidate again costs nothing; who is refused did not look, and the administrator can read of it."""
    flow = begin(cohort)
    candidate = flow.released()
    monkeypatch.setattr("api.web.throttle.CANDIDATES", Limit("candidate", most, timedelta(days=1), alert=True))
    path = f"/api/v1/candidates/{candidate['id']}"
    for address in ("/api/v1/candidates", path, path, "/api/v1/candidates/table"):
        answer = flow.employer.get(address)
        assert answer.status_code == status, answer.text
        assert "Retry-After" in answer.headers or status == 200
    with cohort.database.reading() as session:
        told = session.scalars(select(AuditEvent.details).where(AuditEvent.action == "limit.reached")).all()
        looked = session.scalars(select(Seen.student_id).join(Grant, Grant.account_id == Seen.account_id)
                                 .where(Grant.role == "employer")).all()  # fmt: skip
    assert [details["what"] for details in told] == ([] if status == 200 else ["candidate"])
    assert len(looked) == (1 if status == 200 else 0)
    assert limits.Limit("candidate", 200, timedelta(days=1), alert=True) == _CANDIDATES


_CANDIDATES = limits.CANDIDATES
