"""A database that is gone, or cannot be written, is said as such by the API and by pages, and by who is asked whether
the service is ready; once it answers again so does the service.
"""
from __future__ import annotations

import json
import sqlite3
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from api.services.accounts import Right
from api.store.engine import Database
from tests.service.browser import Service
from tests.service.conftest import KEY

PAGE = {"Accept": "text/html"}
BODY = {"kind": "employer", "code": "12345678", "name": "Bedrijf", "region": "AM01"}


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_a_postgresql_that_stopped_is_said_and_found_again(service: Service, postgres: Any) -> None:
    """The real one, stopped and started: in the middle of sessions, for questions and for changes, API and pages."""
    service.add("a@example.org", Right("administrator"))
    person, system = service.person("a@example.org"), service.system(service.token("a@example.org", "read"))
    postgres.stop()
    try:
        for _ in range(2):  # with connections that broke, and with none
            for answer in (person.get("/api/v1/organisations"), system.get("/api/v1/organisations"),
                           person.post("/api/v1/organisations", BODY)):  # fmt: skip
                assert (answer.status_code, answer.json["code"]) == (503, "busy")
                assert answer.headers["Retry-After"] == "5"
            for shown in (person.get("/beheer", headers=PAGE), person.get("/nothing", headers=PAGE),
                          person.post("/beheer/organisaties", data={}, headers=PAGE)):  # fmt: skip
                assert (shown.status_code, shown.headers["Retry-After"]) == (503, "5")
                assert "Schakel is even niet bereikbaar" in shown.text
            assert "cannot be reached" in person.get("/beheer?taal=en", headers=PAGE).text
            person.client.delete_cookie("taal")
        assert service.person().get("/health/live").status_code == 200
        assert service.person().get("/health/ready").json["database"] == "unreachable"
    finally:
        postgres.start()
    assert person.get("/api/v1/organisations").status_code == 200
    assert person.post("/api/v1/organisations", BODY).status_code == 201
    assert person.get("/beheer", headers=PAGE).status_code == 200


def test_a_port_where_nobody_listens_is_a_database_that_does_not_answer(tmp_path: Any) -> None:
    away = Database.open("postgresql://somebody@127.0.0.1:9433/schakel", KEY)
    person = Service(away, tmp_path).system("x")
    for headers in ({}, PAGE):
        answer = person.get("/api/v1/organisations", headers=headers)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    away.close()


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("name", ["SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_FULL", "SQLITE_IOERR_WRITE"])
def test_what_stops_a_file_of_sqlite_is_no_fault(service: Service, name: str, monkeypatch: Any) -> None:
    service.add("a@example.org", Right("administrator"))
    person = service.person("a@example.org")

    def refuses(_: Session) -> None:
        refused = sqlite3.OperationalError("it says why")
        refused.sqlite_errorname = name
        raise OperationalError("COMMIT", None, refused)

    with monkeypatch.context() as patched:
        patched.setattr(Session, "commit", refuses)
        assert person.post("/api/v1/organisations", BODY).status_code == 503
    assert person.post("/api/v1/organisations", BODY).status_code == 201


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("name", "stays"), [("SQLITE_FULL", False), ("SQLITE_BUSY", True)])
def test_a_full_disk_is_in_the_log_and_in_readiness(
    service: Service, name: str, stays: bool, monkeypatch: Any, capsys: Any
) -> None:
    """Until something is kept again, or nobody tried for a minute; who is only in line is as ready as before."""
    service.add("a@example.org", Right("administrator"))
    person, probe = service.person("a@example.org"), service.person()

    def refuses(_: Session) -> None:
        refused = sqlite3.OperationalError("it says why")
        refused.sqlite_errorname = name
        raise OperationalError("COMMIT", None, refused)

    def fail() -> None:
        with monkeypatch.context() as patched:
            patched.setattr(Session, "commit", refuses)
            assert person.post("/api/v1/organisations", {**BODY, "code": "87654321"}).status_code == 503

    def ready() -> tuple[int, str]:
        answer = probe.get("/health/ready")
        return answer.status_code, answer.json["database"]

    good, bad = (200, "ok"), (200, "ok") if stays else (503, "not writable")
    assert ready() == good
    fail()
    assert [json.loads(line)["kind"] for line in capsys.readouterr().err.splitlines()] == [name]
    assert ready() == bad
    assert person.post("/api/v1/organisations", BODY).status_code == 201
    assert ready() == good
    fail()
    service.clock.forward(seconds=59)
    assert ready() == bad
    service.clock.forward(seconds=2)
    assert ready() == good


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_a_page_of_an_error_of_ours_is_shown_where_the_database_is_what_failed(
    service: Service, monkeypatch: Any, capsys: Any
) -> None:
    """Nothing can be asked any more, not even who asks: there is a page with a reference all the same."""
    service.add("a@example.org", Right("administrator"))
    person = service.person("a@example.org")

    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("everything that asks breaks")

    monkeypatch.setattr(Session, "execute", broken)
    monkeypatch.setattr(Session, "scalars", broken)
    for path in ("/beheer", "/nothing"):
        shown = person.get(path, headers=PAGE)
        assert shown.status_code == 500
        assert shown.content_type.startswith("text/html")
        assert json.loads(capsys.readouterr().err.splitlines()[-1])["reference"] in shown.text
