"""What every answer carries, which methods there are, what stays closed, and the page that documents the API."""
from __future__ import annotations

import re
import shutil
import threading
from pathlib import Path
from typing import Any

import pytest
from werkzeug.serving import make_server

from api.services.accounts import Right
from tests.conftest import CHROMIUM
from tests.service.browser import Service

SECRET = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"
TOKEN = "fedcba9876543210fedcba9876543210"
HTTPS = "https://schakel.example"


@pytest.fixture
def url(sqlite_template: Path, tmp_path: Path) -> str:
    """SQLite alone: nothing here is about the database."""
    return f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'schakel.db')}"


@pytest.fixture
def public(database: Any, tmp_path: Path) -> Service:
    """The service as it stands in production."""
    return Service(database, tmp_path, {
        "SCHAKEL_PUBLIC_URL": HTTPS, "SCHAKEL_PRODUCTION": "yes", "SCHAKEL_SECRET_KEY": SECRET,
        "SCHAKEL_METRICS_TOKEN": TOKEN, "SCHAKEL_SECURITY_CONTACT": "mailto:security@schakel.example",
    })  # fmt: skip


def grade(answer: Any) -> int:
    """The score of an answer by the published table of MDN's HTTP Observatory: 100, less what lacks, more what is good.

    Written from the table, apart from the code that sets the headers.
    """
    told = {name.lower(): value for name, value in answer.headers}
    policy = {words[0]: set(words[1:]) for part in told.get("content-security-policy", "").split(";")
              if (words := part.split())}  # fmt: skip
    score = 100
    if not policy:
        score -= 25
    elif "'unsafe-inline'" in policy.get("script-src", policy.get("default-src", set())):
        score -= 20
    elif not any("unsafe" in word for words in policy.values() for word in words):
        score += 10 if policy.get("default-src") == {"'none'"} else 5
    cookies = [value for name, value in answer.headers if name.lower() == "set-cookie"]
    parts = [{part.strip().split("=")[0].lower() for part in cookie.split(";")} for cookie in cookies]
    if parts:
        score += 5 if all({"secure", "httponly", "samesite"} <= given for given in parts) else -20
    open_to_all = told.get("access-control-allow-origin") == "*" and "access-control-allow-credentials" in told
    score -= 50 if open_to_all else 0
    age = re.search(r"max-age=(\d+)", told.get("strict-transport-security", ""))
    score -= 0 if age and int(age[1]) >= 15_768_000 else 20
    score += 5 if told.get("referrer-policy") in ("no-referrer", "same-origin", "strict-origin") else 0
    score -= 0 if told.get("x-content-type-options") == "nosniff" else 5
    if policy.get("frame-ancestors") in ({"'none'"}, {"'self'"}):
        score += 5
    elif told.get("x-frame-options", "").lower() not in ("deny", "sameorigin"):
        score -= 20
    for name, good in (("cross-origin-resource-policy", "same-origin"), ("cross-origin-opener-policy", "same-origin"),
                       ("cross-origin-embedder-policy", "require-corp")):  # fmt: skip
        score += 10 if told.get(name) == good else 0
    return score


def test_every_kind_of_answer_scores_far_above_the_best_grade(public: Service) -> None:
    """A+ begins at 100; whoever signs in gets a cookie, the others none."""
    client = public.app.test_client()
    scores = {path: grade(client.get(path, base_url=HTTPS, headers={"Accept": "application/json"}))
              for path in ("/inloggen", "/api/docs", "/api/docs/page.js", "/api/v1/account", "/nothing",
                           "/health/live")}  # fmt: skip
    assert scores.pop("/inloggen") == 155
    assert min(scores.values()) >= 130, scores


def test_the_score_falls_when_a_header_is_left_out(public: Service) -> None:
    answer = public.app.test_client().get("/health/live", base_url=HTTPS)
    whole = grade(answer)
    for name in ("Content-Security-Policy", "Strict-Transport-Security", "Referrer-Policy", "X-Content-Type-Options",
                 "Cross-Origin-Opener-Policy"):  # fmt: skip
        kept = answer.headers.pop(name)
        assert grade(answer) < whole, name
        answer.headers[name] = kept


def test_probes_ask_by_any_name_and_nobody_else_does(public: Service, database: Any, tmp_path: Path) -> None:
    """By the address of a machine in a cluster, say; the rest answers to the name that people use alone."""
    token = {"Authorization": f"Bearer {TOKEN}"}
    for name in ("10.1.2.3:8080", "[fd00::7]:8080", "localhost:8080", "other.example", "schakel.example"):
        client, at = public.app.test_client(), {"base_url": f"http://{name}"}
        for path in ("/health/live", "/health/ready"):
            assert client.get(path, **at).status_code == 200, name
        assert client.get("/metrics", headers=token, **at).status_code == 200
        assert client.get("/metrics", **at).status_code == 404
        for path in ("/inloggen", "/api/v1/account", "/health", "/metrics/", "/nothing"):
            assert (client.get(path, headers=token, **at).status_code == 400) == (name != "schakel.example"), path
    near = Service(database, tmp_path, {"SCHAKEL_PUBLIC_URL": HTTPS}).app.test_client()  # without a token of its own
    for name, status in (("127.0.0.1:8080", 200), ("[::1]:8080", 200), ("rebound.example:8080", 400)):
        assert near.get("/metrics", base_url=f"http://{name}").status_code == status


@pytest.mark.parametrize("method", ["TRACE", "PROPFIND", "CONNECT", "NONSENSE", "PATCH"])
@pytest.mark.parametrize("path", ["/api/v1/account", "/api/v1/runs/x", "/health/live", "/inloggen", "/api/docs"])
def test_a_method_that_is_not_there_is_refused_with_those_that_are(service: Service, method: str, path: str) -> None:
    answer = service.person().ask(method, path)
    assert answer.status_code == 405
    allowed = set(answer.headers["Allow"].split(", "))
    assert "GET" in allowed or "POST" in allowed
    assert method not in allowed
    assert (answer.content_type, answer.json["code"]) == ("application/problem+json", "method")
    assert service.person().ask(method, "/nothing").status_code == 404


def test_figures_are_for_who_has_the_token_and_name_nobody(public: Service) -> None:
    public.add("a@example.org", Right("connector", "AM36"))
    system = public.system(public.token("a@example.org", "read"))
    canary = "f" * 32
    at = {"base_url": HTTPS}
    for path in (f"/api/v1/runs/{canary}", f"/{canary}", f"/api/v1/proposals?runId={canary}"):
        assert system.get(path, **at).status_code in (404, 400)
    client = public.app.test_client()
    for headers in ({}, {"Authorization": "Bearer x"}, {"Authorization": f"Basic {TOKEN}"}, system.headers):
        assert client.get("/metrics", headers=headers, **at).status_code == 404
    text = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}, **at).text
    assert canary not in text
    assert 'route="/api/v1/runs/<run_id>"' in text
    assert 'schakel_runs{state="queued"} 0.0' in text
    assert 'schakel_ready{part="database"} 1.0' in text


def test_without_a_token_only_this_machine_reads_figures_and_never_from_behind_a_proxy(
    database: Any, tmp_path: Path
) -> None:
    service = Service(database, tmp_path)
    local, other = {"REMOTE_ADDR": "127.0.0.1"}, {"REMOTE_ADDR": "192.0.2.7"}
    assert service.app.test_client().get("/metrics", environ_overrides=local).status_code == 200
    assert service.app.test_client().get("/metrics", environ_overrides=other).status_code == 404
    behind = Service(database, tmp_path, {"SCHAKEL_PROXY_HOPS": "1"})
    assert behind.app.test_client().get("/metrics", environ_overrides=local).status_code == 404


def test_who_finds_a_leak_can_read_whom_to_tell(public: Service, service: Service) -> None:
    answer = public.app.test_client().get("/.well-known/security.txt", base_url=HTTPS)
    assert answer.content_type == "text/plain; charset=utf-8"
    assert answer.text.splitlines() == [
        "Contact: mailto:security@schakel.example", "Expires: 2026-12-12T00:00:00Z", "Preferred-Languages: nl, en",
        "Canonical: https://schakel.example/.well-known/security.txt",
    ]  # fmt: skip
    assert service.person().get("/.well-known/security.txt").status_code == 404


def test_of_the_page_only_its_own_parts_are_given(service: Service) -> None:
    for name in ("..%2F..%2Fsettings.py", "__init__.py", "oauth2-redirect.html", "swagger-ui.js", "page.html"):
        assert service.person().get(f"/api/docs/{name}").status_code == 404
    text = service.person().get("/api/docs").text
    assert "<style" not in text
    assert not re.search(r"<script(?![^>]* src=)|\son\w+=|https?://", text)


@pytest.mark.ui
def test_the_page_shows_every_resource_and_asks_nobody_else(service: Service) -> None:
    """In Chromium, under the policy of every page: nothing is refused by it and nothing is loaded from elsewhere."""
    from playwright.sync_api import sync_playwright

    paths = service.person().get("/api/v1/openapi.json").json["paths"]  # the page asks anew: asking changes nothing
    tags = {tag for operations in paths.values() for one in operations.values() for tag in one["tags"]}
    server = make_server("127.0.0.1", 0, service.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    address, asked, said = f"http://127.0.0.1:{server.port}", [], []
    try:
        with sync_playwright() as play:
            quiet = ("background-networking", "component-update", "sync")
            flags = ["--no-sandbox", *(f"--disable-{name}" for name in quiet)]
            browser = play.chromium.launch(executable_path=CHROMIUM, args=flags)
            page = browser.new_page()
            page.on("request", lambda request: asked.append(request.url))
            page.on("console", lambda message: said.append(message.text))
            page.on("pageerror", lambda error: said.append(str(error)))
            page.goto(f"{address}/api/docs")
            page.wait_for_selector(".opblock-tag", timeout=120_000)
            shown = page.locator(".opblock-tag").evaluate_all("all => all.map(one => one.dataset.tag)")
            page.locator(".opblock-tag").first.click()
            page.wait_for_selector(".opblock", timeout=120_000)
            browser.close()
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    assert set(shown) == tags
    assert said == []
    assert [url for url in asked if not url.startswith((address, "data:"))] == []
