"""Measure every page of every role on the demo: the time to its first byte, and its size.

    python -m tests.benchmarks.pages [--out FILE] [--rounds N] [--each N]

The demo is made anew, everybody signs in as people do, and every page is opened that can be reached by links from
where a role begins, a few of each kind. Pages are made in one piece, so the first byte follows the last line of work:
the time is what this process computes for the request (without waiting for other processes of the machine), the
median of rounds after one that warms up. The size is what goes over the wire, headers too; nothing is compressed.
The bar: 150 ms and 120 kB. Nothing is asserted here: times belong to a table, not to a test.
"""
from __future__ import annotations

import argparse
import html
import re
import sys
import tempfile
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException

from api.app import create_app
from api.demo import Login, fill
from api.services.upkeep import make_ready, open_database
from api.settings import read_settings
from api.store.engine import Database

MOST_MS, MOST_KB = 150.0, 120.0
HTML = {"Accept": "text/html"}
_MOST_PAGES = 400
_ELSEWHERE = ("/static/", "/api/", "/health/", "/sessie")


@dataclass(frozen=True, slots=True)
class Measured:
    """One kind of page as one role: how many were opened, and the slowest and the largest of them."""

    role: str
    rule: str
    pages: int
    milliseconds: float
    kilobytes: float

    @property
    def holds(self) -> bool:
        """Whether it stays under the bar."""
        return self.milliseconds <= MOST_MS and self.kilobytes <= MOST_KB


def main(args: list[str] | None = None) -> int:
    """Make the demo, measure, print the table; 1 when a page does not hold."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, help="write the table here too")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--each", type=int, default=3, help="how many pages of a kind")
    wanted = parser.parse_args(args)
    with tempfile.TemporaryDirectory() as folder:
        app, database, logins = demo(Path(folder))
        found = [one for login in logins for one in measured(app, login, wanted.each, wanted.rounds)]
        found += measured(app, None, wanted.each, wanted.rounds)
        database.close()
    text = table(found)
    sys.stdout.write(text)
    if wanted.out is not None:
        wanted.out.write_text(text, encoding="utf-8")
    return int(not all(one.holds for one in found))


def demo(folder: Path) -> tuple[Flask, Database, list[Login]]:
    """The service with the demo in it; no request is held back for being one of many."""
    settings = read_settings({"SCHAKEL_DATA_DIR": str(folder / "data"), "SCHAKEL_RATE_LIMITS": "off"})
    database = open_database(settings)
    make_ready(database, now=_now())
    logins = fill(database, settings, lambda _: None)
    return create_app(settings, database), database, logins


def measured(app: Flask, login: Login | None, each: int, rounds: int) -> list[Measured]:
    """Every kind of page that a role reaches."""
    client = app.test_client()
    if login is not None:
        sign_in(client, login)
    kinds: dict[str, list[str]] = {}
    for path, rule in reached(app, client, each):
        kinds.setdefault(rule, []).append(path)
    made = []
    for rule, paths in sorted(kinds.items()):
        told = [timed(client, path, rounds) for path in paths]
        made.append(Measured(login.role if login else "nobody", rule, len(paths), max(t for t, _ in told),
                             max(size for _, size in told)))  # fmt: skip
    return made


def reached(app: Flask, client: FlaskClient, each: int) -> Iterator[tuple[str, str]]:
    """Addresses of pages with their rule, by links from the first page, at most ``each`` of a rule."""
    waiting, known, opened = deque(["/", "/hulp", "/inloggen"]), set(), dict[str, int]()
    while waiting and len(known) < _MOST_PAGES:
        path = waiting.popleft()
        rule = rule_of(app, path)
        if path in known or rule is None or opened.get(rule, 0) >= each:
            continue
        known.add(path)
        answer = client.get(path, headers=HTML)
        if answer.status_code in (302, 303):
            waiting.appendleft(answer.location)
            continue
        if answer.status_code != 200 or not answer.content_type.startswith("text/html"):
            continue
        opened[rule] = opened.get(rule, 0) + 1
        yield path, rule
        for link in re.findall(r'href="(/[^"#]*|\?[^"#]*)"', answer.text):
            to = html.unescape(link)
            waiting.append(path.partition("?")[0] + to if to.startswith("?") else to)


def rule_of(app: Flask, path: str) -> str | None:
    """The rule of an address; None: no page."""
    if path.startswith(_ELSEWHERE):
        return None
    try:
        rule, _ = app.url_map.bind("localhost").match(path.partition("?")[0], method="GET", return_rule=True)
    except HTTPException:
        return None
    return str(rule.rule)


def timed(client: FlaskClient, path: str, rounds: int) -> tuple[float, float]:
    """Milliseconds of this process for a page (median), and its kilobytes over the wire."""
    spent, answer = [], None
    for _ in range(rounds + 1):
        begun = time.process_time()
        answer = client.get(path, headers=HTML)
        spent.append(1000 * (time.process_time() - begun))
    assert answer is not None
    head = sum(len(name) + len(value) + 4 for name, value in answer.headers.items())
    return median(spent[1:]), (len(answer.data) + head) / 1000


def sign_in(client: FlaskClient, login: Login) -> None:
    """Sign in by address and password, or by code and birth date."""
    shown = client.get("/inloggen", headers={"Accept": "application/json"}).json
    assert shown is not None
    body: dict[str, Any] = {"email": login.sign_in, "password": login.secret}
    if "@" not in login.sign_in:
        day, month, year = login.secret.split("-")
        body = {"code": login.sign_in, "birthDate": f"{year}-{month}-{day}"}
    where = "/inloggen" if "@" in login.sign_in else "/api/v1/sessions"
    answer = client.post(where, json=body, headers={"X-CSRFToken": shown["csrf_token"]})
    assert answer.status_code in (200, 201), answer.text


def table(found: list[Measured]) -> str:
    """The figures in Markdown, slowest first within what does not hold, then by role."""
    head = f"| role | page | opened | ms (bar {MOST_MS:.0f}) | kB (bar {MOST_KB:.0f}) | |\n|---|---|---|---|---|---|\n"
    lines = [f"| {one.role} | `{one.rule}` | {one.pages} | {one.milliseconds:.0f} | {one.kilobytes:.1f} | "
             f"{'' if one.holds else 'over'} |\n"
             for one in sorted(found, key=lambda one: (one.holds, one.role, -one.milliseconds))]  # fmt: skip
    over = sum(not one.holds for one in found)
    return head + "".join(lines) + f"\n{len(found)} kinds of page by role, {over} over the bar.\n"


def _now() -> Any:
    from datetime import UTC, datetime

    return datetime.now(UTC)


if __name__ == "__main__":
    sys.exit(main())
