"""The service in the test's own process, and people who use it."""
from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from api.app import create_app
from api.services import accounts
from api.settings import Settings, read_settings
from api.store import audit, organisations, people
from api.store.engine import Database
from tests.service.conftest import NOW

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "correct horse battery staple"

_build, _built = Rule._compile_builder, dict[Any, Any]()


def _built_once(rule: Rule, append_unknown: bool = True) -> Any:
    """What makes an address of a rule: werkzeug compiles it, which is most of making an app, as every test does.

    It is a function of the parts of the rule alone; the rule itself is what it is bound to.
    """
    key = (rule.rule, tuple(rule._trace), tuple(sorted((rule.defaults or {}).items())), append_unknown)
    if key not in _built:
        _built[key] = _build(rule, append_unknown)
    return _built[key]


Rule._compile_builder = _built_once  # type: ignore[method-assign]


@dataclass
class Clock:
    """A clock that stands still until it is told to go on."""

    at: datetime = NOW

    def __call__(self) -> datetime:
        """The moment."""
        return self.at

    def forward(self, **units: float) -> None:
        """Go on."""
        self.at += timedelta(**units)


@dataclass
class Service:
    """The app on a database, with a clock of its own."""

    database: Database
    folder: Path
    environ: dict[str, str] = field(default_factory=dict)
    clock: Clock = field(default_factory=Clock)
    settings: Settings = field(init=False)
    app: Flask = field(init=False)

    def __post_init__(self) -> None:
        self.settings = read_settings({"SCHAKEL_DATA_DIR": str(self.folder / "data"), **self.environ})
        self.app = create_app(self.settings, self.database, clock=self.clock)

    def add(self, email: str, *rights: accounts.Right, must_change: bool = False) -> str:
        """Add an account; return its id."""
        with self.database.writing() as session:
            made = accounts.add_account(session, audit.SERVICE, email, email.split("@", maxsplit=1)[0], list(rights),
                                        password=PASSWORD, now=self.clock(), must_change=must_change)  # fmt: skip
            for home in people.organisations(session, [held.organisation_id for held in made.grants
                                                       if held.role in ("school", "referrer")]):  # fmt: skip
                self.ground(session, home.id, made.id)
            return made.id

    def ground(self, session: people.Session, organisation_id: str, account_id: str) -> None:
        """Record that a school or referrer hands in its lists on a ground of the law."""
        if organisations.live_ground(session, organisation_id) is None:
            organisations.add_ground(session, organisation_id, "public_task", "", account_id=account_id,
                                     now=self.clock())  # fmt: skip

    def token(self, email: str, *scopes: str, days: int = 1) -> str:
        """Make a token of an account."""
        with self.database.writing() as session:
            account = people.account_by_email(session, email)
            assert account is not None
            return accounts.new_token(session, audit.SERVICE, account, "test", list(scopes), now=self.clock(),
                                      days=days)[0]  # fmt: skip

    def person(self, email: str = "", password: str = PASSWORD) -> Person:
        """Somebody with a browser; signed in when ``email`` is said."""
        made = Person(self.app.test_client())
        if email:
            answer = made.sign_in(email, password)
            assert answer.status_code == 200, answer.text
        return made

    def system(self, token: str) -> Person:
        """A system with a token."""
        return Person(self.app.test_client(use_cookies=False), {"Authorization": f"Bearer {token}"})


@lru_cache(maxsize=1)
def _described() -> Any:
    return json.loads((ROOT / "api/web/openapi.json").read_text(encoding="utf-8"))["paths"]


def as_described(app: Flask, method: str, path: str, answer: TestResponse) -> None:
    """An answer of the API has the ETag and the Location that its description names, and none that it does not."""
    if not path.startswith("/api/v1/") or answer.status_code >= 300 or answer.mimetype == "text/html":
        return
    rule, _ = app.url_map.bind("").match(path.partition("?")[0], method=method, return_rule=True)
    ways = _described().get(re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule).removeprefix("/api/v1"), {})
    if method.lower() in ways:
        said = ways[method.lower()]["responses"][str(answer.status_code)]["headers"]
        told = {name for name in ("ETag", "Location") if name in answer.headers}
        assert told == {"ETag", "Location"} & said.keys(), (method, path, answer.status_code, told)


@dataclass
class Person:
    """A client that sends what a browser (or a system) of this person sends."""

    client: FlaskClient
    headers: dict[str, str] = field(default_factory=dict)

    def begun(self) -> Person:
        """Begin without signing in: with the token against cross-site requests."""
        shown = self.client.get("/inloggen", headers={"Accept": "application/json"})
        self.headers["X-CSRFToken"] = shown.json["csrf_token"] if shown.json else ""
        return self

    def sign_in(self, email: str, password: str = PASSWORD) -> TestResponse:
        """Sign in as the page does."""
        shown = self.client.get("/inloggen", headers={"Accept": "application/json"})
        csrf = {"X-CSRFToken": shown.json["csrf_token"]} if shown.json else {}
        answer = self.client.post("/inloggen", json={"email": email, "password": password}, headers=csrf)
        if answer.status_code == 200:
            self.headers["X-CSRFToken"] = self.get("/api/v1/account").json["csrfToken"]
        return answer

    def get(self, path: str, **options: Any) -> TestResponse:
        """Read."""
        return self.ask("GET", path, **options)

    def post(self, path: str, json: Any = None, **options: Any) -> TestResponse:
        """Do."""
        return self.ask("POST", path, json={} if json is None and "data" not in options else json, **options)

    def ask(self, method: str, path: str, headers: dict[str, str] | None = None, **options: Any) -> TestResponse:
        """Any request."""
        answer = self.client.open(path, method=method, headers={**self.headers, **(headers or {})}, **options)
        as_described(self.client.application, method, path, answer)
        return answer
