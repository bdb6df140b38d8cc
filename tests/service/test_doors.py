"""Every address says who may ask; every answer is hardened; errors tell people what to do and attackers nothing."""
from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest

from api.errors import WrongUsage
from api.services.accounts import Right
from api.settings import TABLE, read_settings
from api.web.access import access_of
from tests.service.browser import Service

SECRET = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"


@pytest.fixture
def url(sqlite_template: Path, tmp_path: Path) -> str:
    """SQLite alone: nothing here is about the database."""
    return f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'schakel.db')}"


def test_every_view_says_who_may_ask_or_stays_closed(service: Service) -> None:
    ours = {"health", "account", "uploads", "runs", "proposals", "vacancies", "api-docs"}
    for rule in service.app.url_map.iter_rules():
        for method in rule.methods - {"HEAD", "OPTIONS"}:
            if rule.endpoint.split(".")[0] in ours:
                assert access_of(service.app, rule.endpoint, method) is not None, (rule.rule, method)


def test_a_view_without_a_word_is_closed_to_everybody(service: Service) -> None:
    service.app.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    service.add("a@example.org", Right("administrator"))
    for person in (service.person(), service.person("a@example.org")):
        answer = person.get("/forgotten")
        assert (answer.status_code, "secret" in answer.text) == (403, False)


def test_what_a_library_adds_beside_signing_in_is_closed(service: Service) -> None:
    service.add("a@example.org", Right("administrator"))
    person = service.person("a@example.org")
    open_here = {"security.login", "security.logout", "security.change_password",
                 "security.two_factor_token_validation"}
    for rule in service.app.url_map.iter_rules():
        if rule.endpoint.startswith("security.") and rule.endpoint not in open_here:
            for method in rule.methods - {"HEAD", "OPTIONS"}:
                address = rule.build(dict.fromkeys(rule.arguments, "x"))[1]
                assert person.ask(method, address).status_code == 403, (method, address)


@pytest.mark.parametrize("path", ["/health/live", "/health/ready", "/api/v1/account", "/nothing", "/api/v1/account/"])
@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_every_answer_carries_the_headers(service: Service, path: str, method: str) -> None:
    answer = service.person().ask(method, path)
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["API-Version"] == "0.1.0"
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "Server" not in answer.headers
    if answer.status_code >= 400:
        assert answer.content_type == "application/problem+json"
        assert {"status", "title", "detail"} <= set(answer.json)
    if answer.status_code == 405:
        assert answer.headers["Allow"]


def test_over_https_the_cookie_is_bound_to_the_host_and_https_is_remembered(database: object, tmp_path: object) -> None:
    service = Service(database, tmp_path, {"SCHAKEL_PUBLIC_URL": "https://schakel.example", "SCHAKEL_PRODUCTION": "yes",
                                           "SCHAKEL_SECRET_KEY": SECRET})  # type: ignore[arg-type]  # fmt: skip
    service.add("a@example.org", Right("administrator"))
    answer = service.app.test_client().get("/inloggen", base_url="https://schakel.example",
                                           headers={"Accept": "application/json"})  # fmt: skip
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-sid=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    described = service.person().get("/api/v1/openapi.json", base_url="https://schakel.example").json
    scheme = described["components"]["securitySchemes"]["session"]
    assert (scheme["in"], scheme["name"]) == ("cookie", cookie.partition("=")[0])
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=63072000")


def test_another_host_is_refused(service: Service) -> None:
    assert service.app.test_client().get("/inloggen", base_url="http://evil.example").status_code == 400


def test_an_unforeseen_error_tells_a_number_and_nothing_else(
    service: Service, capsys: pytest.CaptureFixture[str]
) -> None:
    from api.web.access import ANYBODY, access
    from api.web.logs import set_up_logs

    set_up_logs("error")  # on the stream that is looked at
    service.app.add_url_rule("/broken", "broken", access(ANYBODY)(lambda: {}["the name of somebody"]))
    answer = service.person().get("/broken")
    logged = capsys.readouterr().err
    assert answer.status_code == 500
    assert answer.json["reference"] in logged
    assert "KeyError" in logged
    assert "somebody" not in answer.text + logged


def test_a_database_that_does_not_answer_is_said_and_nothing_is_kept(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Locked at the moment of keeping, as when another program has the file: 503, when to ask again, and no change."""
    from sqlalchemy.exc import OperationalError
    from sqlalchemy.orm import Session

    service.add("a@example.org", Right("administrator"))
    person = service.person("a@example.org")
    before = person.get("/api/v1/organisations").json

    def locked(_: Session) -> None:
        refused = sqlite3.OperationalError("database is locked")
        refused.sqlite_errorname = "SQLITE_BUSY"
        raise OperationalError("COMMIT", None, refused)

    body = {"kind": "employer", "code": "12345678", "name": "Bedrijf", "region": "AM01"}
    with monkeypatch.context() as patched:
        patched.setattr(Session, "commit", locked)
        answer = person.post("/api/v1/organisations", body)
    assert (answer.status_code, answer.json["code"]) == (503, "busy")
    assert answer.headers["Retry-After"] == "5"
    assert person.get("/api/v1/organisations").json == before
    assert person.post("/api/v1/organisations", body).status_code == 201


def test_readiness_says_what_is_missing(service: Service) -> None:
    assert service.person().get("/health/ready").status_code == 200
    from sqlalchemy import text

    with service.database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    answer = service.person().get("/health/ready")
    assert (answer.status_code, answer.json["schema"]) == (503, "other")


@pytest.mark.parametrize(
    ("environ", "says"),
    [
        ({"SCHAKEL_PRODUCTION": "yes"}, ["SECRET_KEY", "PUBLIC_URL"]),
        ({"SCHAKEL_PRODUCTION": "yes", "SCHAKEL_SECRET_KEY": SECRET, "SCHAKEL_PUBLIC_URL": "http://x.example"},
         ["https"]),
        ({"SCHAKEL_SECRET_KEY": "short"}, ["too short"]),
        ({"SCHAKEL_SECRET_KEY": "ab" * 20}, ["easy to guess"]),
        ({"SCHAKEL_SECRET_KEY": SECRET, "SCHAKEL_AUDIT_KEY": SECRET}, ["a secret of its own"]),
        ({"SCHAKEL_METRICS_TOKEN": "short"}, ["METRICS_TOKEN", "too short"]),
        ({"SCHAKEL_SECURITY_CONTACT": "me"}, ["mailto:"]),
        ({"SCHAKEL_PROCESSES": "0"}, ["SCHAKEL_PROCESSES"]),
        ({"FLASK_DEBUG": "1"}, ["debug mode"]),
        ({"SCHAKEL_HOST": "0.0.0.0"}, ["only this machine"]),
        ({"SCHAKEL_PORT": "http", "SCHAKEL_THREADS": "0"}, ["SCHAKEL_PORT", "SCHAKEL_THREADS"]),
        ({"SCHAKEL_PUBLIC_URL": "https://x.example/path"}, ["without a path"]),
        ({"SCHAKEL_SECRETKEY": SECRET}, ["no such setting"]),
        ({"SCHAKEL_WORKER": "maybe"}, ["child or apart"]),
        ({"SCHAKEL_AUDIT_KEY": SECRET, "SCHAKEL_METRICS_TOKEN": SECRET}, ["AUDIT_KEY: a secret of its own"]),
        *(({"SCHAKEL_DATABASE_URL": url}, ["SQLite in a file"])
          for url in ("sqlite://", "sqlite:///", "sqlite:///:memory:", "sqlite+pysqlite:///:memory:",
                      "sqlite:///file::memory:?uri=true", "sqlite:////x.db?mode=memory")),
        *(({"SCHAKEL_PUBLIC_URL": url}, ["SCHAKEL_PUBLIC_URL: an address such as"])
          for url in ("https://me:word@x.example", "https://me@x.example", "https://x.example?a=b", "https://x.example#a",
                      "https://x.example/?", "https://x.example:99999", "https://x.example:port", "https://x. example",
                      "https://x.example\n", "https://[x", "ftp://x.example", "https://", "https://x.example:0",
                      "https://x.example\\y")),
        *(({"SCHAKEL_SECURITY_CONTACT": contact}, ["SCHAKEL_SECURITY_CONTACT"])
          for contact in ("mailto:", "mailto:me", "mailto:a@x.example\nContact: mailto:b@y.example", "https://",
                          "https://x.example/\r\nExpires: never", "mailto:a@x.example\n", "mailto:a b@x.example")),
        *(({"SCHAKEL_PORT": port}, ["SCHAKEL_PORT: a whole number"])
          for port in ("\u0668\u0660", "\uff18\uff10", "9" * 5000, "-1")),
    ],
    ids=str,
)
def test_unsafe_settings_are_refused_all_at_once(environ: dict[str, str], says: list[str], tmp_path: object) -> None:
    with pytest.raises(WrongUsage) as refused:
        read_settings({"SCHAKEL_DATA_DIR": str(tmp_path), **environ})
    assert all(word in str(refused.value) for word in says)
    assert SECRET not in str(refused.value)


@pytest.mark.parametrize(
    "environ",
    [
        {"SCHAKEL_PUBLIC_URL": "https://x.example:8443/"}, {"SCHAKEL_PUBLIC_URL": "http://[::1]:8080"},
        {"SCHAKEL_SECURITY_CONTACT": "mailto:security+leak@x.example"}, {"SCHAKEL_PORT": "65535"},
        {"SCHAKEL_SECURITY_CONTACT": "https://x.example/leak?form=1"}, {"SCHAKEL_DATABASE_URL": "sqlite:////x/y.db"},
        {"SCHAKEL_DATABASE_URL": "sqlite:///y.db"}, {"SCHAKEL_DATABASE_URL": "postgresql://me@/name?host=/run/pg"},
    ],
    ids=str,
)  # fmt: skip
def test_settings_that_are_right_are_taken(environ: dict[str, str], tmp_path: object) -> None:
    read_settings({"SCHAKEL_DATA_DIR": str(tmp_path), **environ})


def test_secrets_do_not_show_and_last(tmp_path: object) -> None:
    one = read_settings({"SCHAKEL_DATA_DIR": str(tmp_path)})
    two = read_settings({"SCHAKEL_DATA_DIR": str(tmp_path)})
    assert one.secret == two.secret
    assert len(one.secret) == 64
    assert one.secret.decode() not in repr(one)
    assert one.derive("a") != one.derive("b")
    assert len({setting.name for setting in TABLE}) == len(TABLE)
