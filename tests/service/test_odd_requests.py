"""What a form of signing in cannot hold, or a name that is not ours, is refused as theirs: never a fault of ours."""
from __future__ import annotations

import io
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from api.services.accounts import Right
from api.web.logs import set_up_logs
from tests.service.browser import PASSWORD, Person, Service
from tests.service.test_second_factor import WHO, code_of, half_in, set_up

HTML = {"Accept": "text/html"}
NO_OBJECTS: tuple[Any, ...] = ([1], [], 5, "x", None, True)
NO_TEXTS: tuple[Any, ...] = (5, 1.5, {"a": 1}, [], ["a"], [["a"]], True)


@pytest.fixture
def url(sqlite_template: Path, tmp_path: Path) -> str:
    """SQLite alone: nothing here is about the database."""
    return f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'schakel.db')}"


@pytest.fixture
def person(service: Service) -> Person:
    """Somebody who is signed in."""
    service.add(WHO, Right("administrator"))
    return service.person(WHO)


def refused(answer: Any, *named: str) -> None:
    """An answer says that the request is not right, and which field."""
    assert (answer.status_code, answer.content_type) == (400, "application/problem+json"), answer.text
    assert answer.json["code"] == "invalid"
    assert [error["field"] for error in answer.json["errors"]] == list(named)


@pytest.mark.parametrize("body", NO_OBJECTS, ids=str)
def test_a_body_that_is_no_object_is_no_form(service: Service, person: Person, body: Any) -> None:
    sent = {"data": json.dumps(body), "content_type": "application/json"}
    for path, who in (("/inloggen", service.person().begun()), ("/wachtwoord", person), ("/uitloggen", person)):
        refused(who.ask("POST", path, **sent), "json")
    refused(service.person().ask("GET", "/inloggen", **sent), "json")
    assert person.get("/api/v1/account").status_code == 200


@pytest.mark.parametrize("value", NO_TEXTS, ids=str)
@pytest.mark.parametrize(("path", "field"), [
    ("/inloggen", "email"), ("/inloggen", "password"), ("/inloggen", "next"), ("/wachtwoord", "password"),
    ("/wachtwoord", "new_password"), ("/wachtwoord", "new_password_confirm"), ("/uitloggen", "refresh_token"),
])  # fmt: skip
def test_what_is_no_text_is_no_field_of_a_form(
    service: Service, person: Person, path: str, field: str, value: Any
) -> None:
    who = service.person().begun() if path == "/inloggen" else person
    whole = {"email": WHO, "password": PASSWORD, "new_password": PASSWORD, "new_password_confirm": PASSWORD}
    refused(who.post(path, {**whole, field: value}), field)


def test_a_code_of_signing_in_is_a_text(service: Service, person: Person) -> None:
    key, _ = set_up(service, person)
    service.clock.forward(minutes=1)
    half = half_in(service)
    half.headers["X-CSRFToken"] = half.get("/inloggen/code", headers={"Accept": "application/json"}).json["csrf_token"]
    for value in NO_TEXTS:
        refused(half.post("/inloggen/code", {"code": value}), "code")
    assert half.post("/inloggen/code", {"code": code_of(key, service.clock())}).status_code == 200


@pytest.mark.parametrize("field", ["email", "password", "next"])
def test_a_file_is_no_field_of_a_form(service: Service, field: str) -> None:
    form = {"email": WHO, "password": PASSWORD, field: (io.BytesIO(b"x"), "x.txt")}
    refused(service.person().begun().post("/inloggen", data=form), field)


def test_what_a_form_holds_still_signs_in(service: Service, person: Person) -> None:
    told = {"email": WHO, "password": PASSWORD, "remember": True, "next": None}
    assert service.person().begun().post("/inloggen", told).status_code == 200
    assert person.post("/uitloggen").status_code in (200, 302)


@pytest.mark.parametrize("host", ["elders.example", "elders.example:8080", "127.0.0.1.elders.example", "a b", "[", ""])
@pytest.mark.parametrize("path", ["/", "/inloggen", "/vandaag", "/nothing", "/api/v1/account"])
def test_a_name_that_is_not_ours_is_refused_and_no_fault(
    service: Service, capsys: pytest.CaptureFixture[str], host: str, path: str
) -> None:
    set_up_logs("debug")
    for method in ("GET", "POST"):
        answer = service.app.test_client().open(path, method=method, headers={**HTML, "Host": host})
        assert (answer.status_code, answer.content_type) == (400, "application/problem+json")
        assert "Content-Security-Policy" in answer.headers
    assert "unforeseen" not in capsys.readouterr().err
