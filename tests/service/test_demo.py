"""The demo for real: started, signed in to as every role, stopped; every list of it is of today."""
from __future__ import annotations

import http.cookiejar
import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from api.demo.lists import COHORTS, DAY, todays
from api.files import Source, read_leavers, read_vacancies

ROOT = Path(__file__).resolve().parent.parent.parent
LINE = re.compile(r"(?P<role>\S+)\s{2,}(?P<name>.+?)\s{2,}(?P<sign_in>\S+)\s{2,}(?P<secret>\S+)")


@contextmanager
def demo(folder: Path) -> Iterator[str]:
    """Run the command; give what it printed until it was ready."""
    environ = {k: v for k, v in os.environ.items() if not k.startswith("SCHAKEL_")} | {"SCHAKEL_PORT": "0"}
    process = subprocess.Popen([sys.executable, "-m", "api", "demo", "--serve", "--data", str(folder), "--lang", "en"],
                               cwd=ROOT, env=environ, text=True, stdout=subprocess.PIPE,
                               stderr=subprocess.DEVNULL)  # fmt: skip
    try:
        assert process.stdout is not None
        lines = ""
        while "Schakel is at" not in lines:
            line = process.stdout.readline()
            assert line, lines
            lines += line
        yield lines
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
    assert process.returncode == 0


class Visitor:
    """Somebody with a browser of their own."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))

    def ask(self, path: str, body: Any = None, **headers: str) -> Any:
        """Ask for JSON; post ``body`` when there is one."""
        request = urllib.request.Request(
            self.address + path, data=None if body is None else json.dumps(body).encode(),
            headers={"Accept": "application/json", "Content-Type": "application/json", **headers})  # fmt: skip
        with self.opener.open(request, timeout=60) as answer:
            return json.load(answer)

    def sign_in(self, name: str, secret: str) -> dict[str, Any]:
        """Sign in by address and password, or by code and birth date."""
        token = {"X-CSRFToken": self.ask("/inloggen")["csrf_token"]}
        if "@" in name:
            self.ask("/inloggen", {"email": name, "password": secret}, **token)
        else:
            day, month, year = secret.split("-")
            self.ask("/api/v1/sessions", {"code": name, "birthDate": f"{year}-{month}-{day}"}, **token)
        found: dict[str, Any] = self.ask("/api/v1/account")
        return found


def test_every_role_signs_in_and_finds_something(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    with demo(folder) as lines:
        address = re.search(r"http://127.0.0.1:\d+", lines)
        assert address is not None
        logins = {found["role"]: found for found in map(LINE.fullmatch, lines.splitlines()) if found}
        assert set(logins) == {"connector", "school", "referrer", "employer", "student", "parent", "coach",
                               "municipality", "administrator"}  # fmt: skip
        visitors = {}
        for role, found in logins.items():
            visitors[role] = Visitor(address.group())
            account = visitors[role].sign_in(found["sign_in"], found["secret"])
            assert role in {right["role"] for right in account["rights"]}, role
        connector = visitors["connector"]
        waiting: Counter[str] = Counter()
        for line in connector.ask("/api/v1/queues"):
            waiting[line["state"]] += line["number"]
        assert {"to_review", "later", "ready", "released", "rejected", "consent_asked", "nobody_found"} <= set(waiting)
        assert connector.ask("/api/v1/places-wanted")
        assert connector.ask("/api/v1/runs")["items"][-1]["holdsIn"]
        assert visitors["school"].ask("/api/v1/left-out-students")["items"]
        until = time.monotonic() + 600
        while (run := connector.ask("/api/v1/runs")["items"][0])["state"] in ("queued", "running"):
            assert time.monotonic() < until, run["step"]  # the worker takes the next run up and brings it to its end
            time.sleep(0.5)
        assert run["state"] == "done"
        assert visitors["employer"].ask("/api/v1/candidates")["items"]
        (placed,) = visitors["employer"].ask("/api/v1/placements")["items"]
        assert placed["state"] == "trial"
        assert len(connector.ask("/api/v1/check-moments")["items"]) > 2
        assert {one["state"] for one in visitors["employer"].ask("/api/v1/introductions")["items"]} == {
            "asked", "planned", "held"}  # fmt: skip
    assert (folder / "schakel.db").is_file()
    again = subprocess.run([sys.executable, "-m", "api", "demo", "--serve", "--data", str(folder)], cwd=ROOT, text=True,
                           capture_output=True, check=False)  # fmt: skip
    assert again.returncode == 2
    assert "not empty" in again.stderr


def _file(content: bytes) -> Source:
    return Source("list.csv", content)


def _readable(cohort: str, kind: str) -> int:
    """How many rows of the cohort as it is shipped are usable on its own day."""
    path = ROOT / "fixtures" / cohort / f"{kind}.csv"
    read = read_leavers if kind == "leavers" else read_vacancies
    return len(read(path, lang="nl", on=DAY).records)


def test_the_lists_are_of_today_whatever_day_it_is() -> None:
    for day in (DAY, date(2027, 2, 28), date(2028, 2, 29)):
        lists = todays(day)
        moved = timedelta(weeks=(day - DAY).days // 7)
        leavers = [r for content in lists.leavers.values()
                   for _, r in read_leavers(_file(content), lang="nl", on=day).records]  # fmt: skip
        vacancies = [r for _, r in read_vacancies(_file(lists.vacancies), lang="nl", on=day).records]
        for kind, found in (("leavers", leavers), ("vacancies", vacancies)):
            assert len(found) == sum(_readable(cohort, kind) for cohort in COHORTS)
        assert Counter(s.leaves_on for s in leavers).most_common(1)[0][0] == date(2026, 7, 17) + moved
        assert len({s.key for s in leavers}) == len(leavers)
        assert len({(o.employer_kvk, o.key) for o in vacancies}) == len(vacancies)
        assert all(o.starts_on.weekday() == (o.starts_on - moved).weekday() for o in vacancies)
