"""No name, address or number of anybody reaches a log: not by a request, not by an error, not through a library."""
from __future__ import annotations

import ast
import json
import logging
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
import structlog
from sqlalchemy.exc import OperationalError

from api.services.accounts import Right
from api.web.access import ANYBODY, access
from api.web.logs import ALLOWED, set_up_logs
from tests.service.browser import Service
from tests.service.processes import ROOT, command, environment
from tests.service.test_uploads import HEAD, answer_to, confirm, hand_in

NAME, MAIL, REF = "Zonnebloempje", "zonnebloempje@example.org", "LL-778899"
CANARIES = (NAME, MAIL, REF, NAME.lower(), "778899")


@pytest.fixture
def url(sqlite_template: Path, tmp_path: Path) -> str:
    """SQLite alone: nothing here is about the database."""
    return f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'schakel.db')}"


@pytest.fixture
def logged(capsys: pytest.CaptureFixture[str]) -> Any:
    """What was logged since the test began, at the level that says most."""
    set_up_logs("debug")
    return lambda: capsys.readouterr().err


def clean(told: str) -> list[dict[str, Any]]:
    """The lines, after a look that none of them says anything about anybody."""
    assert not [canary for canary in CANARIES if canary in told], told
    lines = [json.loads(line) for line in told.splitlines()]
    assert all(set(line) <= ALLOWED for line in lines)
    return lines


def test_a_day_of_work_says_nothing_about_anybody(service: Service, logged: Any) -> None:
    service.add(MAIL, Right("school", "25AB00", NAME))
    service.person().sign_in(MAIL, "wrong password!")
    service.person().sign_in(f"{NAME}@elders.example", NAME)
    school = service.person(MAIL)
    rows = HEAD + f"{REF},25AB00,pro,2009-02-01,2026-07-01,8011,ja\n{NAME},25AB00,pro,{NAME},x,8011,ja\n"
    confirm(school, hand_in(school, rows, name=f"{NAME}.csv"))
    answer_to(school, NAME, name=f"{NAME}.csv", key=NAME)
    for path in (f"/{NAME}", f"/api/v1/uploads/{NAME}", f"/api/v1/uploads?after={NAME}", f"/api/v1/runs?{NAME}={REF}"):
        for method in ("GET", "POST", "DELETE", NAME.upper()):
            school.ask(method, path, headers={"X-Request-Id": NAME, "User-Agent": NAME, "Referer": f"https://x/{NAME}"})
    school.post("/api/v1/runs", {NAME: MAIL})
    lines = clean(logged())
    assert len(lines) > 20
    assert {line["event"] for line in lines} >= {"request"}


def raises(error: BaseException) -> Any:
    """A view that fails."""
    def view() -> None:
        raise error

    return access(ANYBODY)(view)


def test_errors_are_logged_by_their_kind_and_place(service: Service, logged: Any) -> None:
    wrong: list[BaseException] = [
        ValueError(NAME), KeyError(MAIL), RuntimeError({"name": NAME}),
        OperationalError(f"INSERT INTO x VALUES ('{NAME}')", {"name": NAME}, Exception(MAIL)),
        type(f"Error{1}", (Exception,), {})(REF),
    ]  # fmt: skip
    for number, error in enumerate(wrong):
        service.app.add_url_rule(f"/wrong{number}", f"wrong{number}", raises(error))
    for number in range(len(wrong)):
        answer = service.person().get(f"/wrong{number}?name={NAME}")
        assert answer.status_code == 500
        assert not [canary for canary in CANARIES if canary in answer.text]
    lines = [line for line in clean(logged()) if line["event"] == "unforeseen"]
    assert [line["kind"] for line in lines] == [type(error).__name__ for error in wrong]
    assert all(line["reference"] and line["frames"] for line in lines)


def test_an_error_while_an_answer_is_finished_is_no_different(service: Service, logged: Any) -> None:
    @service.app.after_request
    def _late(response: Any) -> Any:
        raise ValueError(NAME)

    answer = service.person().get("/health/live")
    assert answer.status_code == 500
    assert NAME not in answer.text
    assert [line["logger"] for line in clean(logged()) if line["event"] == "library"] == ["schakel"] * 2


def test_libraries_threads_and_warnings_speak_without_their_words(service: Service, logged: Any) -> None:
    for name in ("sqlalchemy.pool", "flask_security", "werkzeug", "alembic", "waitress", "py.warnings", ""):
        try:
            raise ValueError(MAIL)
        except ValueError:
            logging.getLogger(name).exception("went wrong for %s", NAME, extra={"who": NAME})
    thread = threading.Thread(target=lambda: {}[NAME])
    thread.start()
    thread.join()
    structlog.get_logger("web").info("x", name=NAME, email=MAIL, exc_info=ValueError(NAME))
    lines = clean(logged())
    assert [line["kind"] for line in lines if line["event"] == "unforeseen"] == ["KeyError"]
    assert len([line for line in lines if line["event"] == "library"]) >= 7


def test_a_line_cannot_be_forged(service: Service, logged: Any) -> None:
    forged = '\r\n{"event": "session.began", "account": "x"}'
    person = service.person()
    for path in (f"/health/live?x={forged}", "/%0d%0a%7b%22event%22:%22forged%22%7d", f"/api/v1/runs/{forged}"):
        person.get(path, headers={"X-Forwarded-For": "1.2.3.4", "Idempotency-Key": "a"})
    person.sign_in(f"a{forged}@example.org", forged)
    structlog.get_logger("web").info("request", route=forged)
    told = logged()
    assert all(line.startswith("{") and json.loads(line) for line in told.splitlines())
    assert not [line for line in told.splitlines() if json.loads(line)["event"] in ("forged", "session.began")]


def test_what_is_logged_is_said_in_words_of_ours() -> None:
    """The first word of every call is a text as it stands in the code: nothing is ever put into it."""
    found = []
    for path in (ROOT / "api").rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr in (
                "debug", "info", "warning", "error", "exception", "critical"
            ) and getattr(call.func.value, "id", "") in ("log", "_log", "logger", "_logger"):  # fmt: skip
                found.append(path)
                assert isinstance(call.args[0], ast.Constant), f"{path}:{call.lineno}"
    assert len(found) >= 6


@pytest.mark.parametrize("words", [("worker",), ("serve",)])
def test_a_process_that_breaks_down_says_only_how(words: tuple[str, ...], tmp_path: Path) -> None:
    """Its database is made unreadable in a way that nobody foresaw, with somebody's name in the error."""
    environ = environment(tmp_path / "data")
    command(environ, "db", "upgrade")
    broken = f"""
import api.services.upkeep, sys
def fail(settings): raise ValueError({NAME!r})
api.services.upkeep.open_database = fail
from api.cli import main
main({list(words)!r})
"""
    ended = subprocess.run([sys.executable, "-c", broken], cwd=ROOT, env=environ, text=True, capture_output=True,
                           timeout=60, check=False)  # fmt: skip
    assert ended.returncode == 5
    assert NAME not in ended.stdout + ended.stderr
    assert "ValueError" in ended.stderr
