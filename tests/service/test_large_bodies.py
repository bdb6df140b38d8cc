"""A body of a few hundred kilobytes costs whoever sends it as much as it costs us: nobody holds others up."""
from __future__ import annotations

import json
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Request

from api.bsn import mask
from api.services.accounts import Right
from api.web import access
from api.web.bsn_door import _said
from api.web.json.parsing import SaidTwice, StrictJson
from tests.service.browser import Service

BSN = "111222333"
KB = 1_000
KEPT = "This holds a sign that cannot be kept."
DENSE = {
    "values under a long key": lambda size: {"k" * (size // 3): [0] * (size // 3)},
    "lists under a long key": lambda size: {"k" * (size // 2): [[1]] * (size // 10)},
    "objects under a long key": lambda size: {"k" * (size // 2): [{"a": 1}] * (size // 20)},
    "long keys in each other": lambda size: {"k" * (size // 3): {"l" * (size // 3): {"m" * (size // 3): 1}}},
    "values under a key of digits": lambda size: {("1 2 3 4 5 6 7 8 " * 7)[:96] + "bsn": [1] * (size // 3)},
    "numbers under a key of digits": lambda size: {("1 2 3 4 5 6 7 8 " * 7)[:96] + "bsn": [12345678] * (size // 10)},
    "lists under a key of digits": lambda size: {("1 2 3 4 5 6 7 8 " * 7)[:96] + "bsn": [[1]] * (size // 5)},
    "objects under a key of digits": lambda size: {("1 2 3 4 5 6 7 8 " * 7)[:96] + "bsn": [{"a": 1}] * (size // 10)},
    "many keys": lambda size: {f"k{number}": number for number in range(size // 16)},
}
"""Bodies of about so many characters that have as much as can be below as much as can be."""


@pytest.fixture
def url(sqlite_template: Path, tmp_path: Path) -> str:
    """SQLite alone: nothing here is about the database."""
    return f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'schakel.db')}"


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Ten times what it takes, counted in work of ours alone: others may be busy."""
    began = time.thread_time()
    yield
    assert time.thread_time() - began < seconds


def looked_at(service: Service, body: Any, most: float) -> int:
    """Characters that are looked through for a BSN; no more than ``most`` of them are counted."""
    total = 0
    with service.app.test_request_context("/inloggen", method="POST", json=body):
        for _, text in _said():
            total += len(text)
            if total > most:
                break
    return total


@pytest.mark.parametrize("kind", DENSE)
def test_twice_as_much_is_twice_the_work(service: Service, kind: str) -> None:
    small, large = (DENSE[kind](size) for size in (30 * KB, 60 * KB))
    once = looked_at(service, small, 110 * len(json.dumps(small)))
    assert once <= 110 * len(json.dumps(small))
    assert looked_at(service, large, 3 * once) < 2.5 * once


@pytest.mark.parametrize("kind", DENSE)
def test_any_body_of_300_kb_is_answered(service: Service, kind: str) -> None:
    person = service.person().begun()
    with at_most(10):
        answer = person.post("/api/v1/activations", DENSE[kind](300 * KB))
    assert answer.status_code == 400


def test_who_has_not_signed_in_sends_no_more_than_a_form_holds(service: Service) -> None:
    service.add("c@example.org", Right("connector", "AM36"))
    nobody, somebody = service.person().begun(), service.person("c@example.org")
    large = {"code": "x" * 1_000_000}
    for path in ("/api/v1/activations", "/api/v1/sessions", "/inloggen"):
        answer = nobody.post(path, large)
        assert (answer.status_code, answer.json["code"]) == (413, "too_large"), path
    assert nobody.post("/inloggen", data=large).status_code == 413
    assert somebody.post("/api/v1/runs", large).status_code == 400  # looked through, and refused for what it says


@pytest.mark.parametrize("path", ["/lijsten/nieuw", "/lijsten/concept/x/controleren", "/uitloggen", "/api/v1/uploads",
                                  "/api/v1/upload-drafts"])  # fmt: skip
@pytest.mark.parametrize("kind", ["file", "text", "json"])
def test_whose_session_ended_is_asked_to_sign_in_and_what_was_sent_is_not_looked_through(
    service: Service, monkeypatch: pytest.MonkeyPatch, path: str, kind: str
) -> None:
    service.add("s@example.org", Right("school", "25AB00", "De School"))
    people = service.person().begun(), service.person("s@example.org")
    service.clock.forward(hours=9)
    looked: list[str] = []
    for name in ("refuse_bsn", "refuse_unwritable"):
        monkeypatch.setattr(access, name, lambda name=name: looked.append(name))
    monkeypatch.setattr(Request, "get_json", lambda *_, **__: looked.append("json"))
    page = path.startswith("/lijsten") and kind != "json"
    for person in people:
        large = "a" * 1_500_000
        file = f'--x\r\nContent-Disposition: form-data; name="file"; filename="l.csv"\r\n\r\n{large}\r\n--x--\r\n'
        sent: dict[str, Any] = {
            "file": {"data": file, "content_type": "multipart/form-data; boundary=x"},
            "text": {"data": {"a": large}}, "json": {"json": {"a": large}},
        }[kind]
        headers = {**person.headers, "Accept": "text/html" if page else "application/json"}
        answer = person.client.post(path, headers=headers, **sent)
        assert looked == []
        if page:
            assert (answer.status_code, answer.location.split("?")[0]) == (303, "/inloggen"), answer.text
        else:
            assert (answer.status_code, answer.json["code"]) == (401, "signed_out"), answer.text


@pytest.mark.parametrize("text", ["1 " * 49_000 + "bsn", "1.1-" * 24_000 + " bsn", "00 " * 33_000 + "bsn"])
def test_a_text_full_of_digits_is_answered(service: Service, text: str) -> None:
    person = service.person().begun()
    with at_most(10):
        assert person.post("/api/v1/activations", {"code": text, "password": "x"}).status_code == 400


def test_a_key_that_is_said_twice_is_found_among_many(service: Service) -> None:
    pairs = ", ".join(f'"k{number}": 1' for number in (*range(40_000), 39_999))
    with at_most(5), pytest.raises(SaidTwice) as refused:
        StrictJson(service.app).loads("{" + pairs + "}")
    assert refused.value.name == "k39999"


def test_every_number_of_a_long_text_is_masked(url: str) -> None:
    with at_most(20):
        assert mask(f"{BSN} " * 60_000) == f"{'*' * 9} " * 60_000
    assert mask(f"a {BSN}{BSN} b {BSN[:3]} {BSN[3:]}.") == f"a {BSN}{BSN} b *** ******."


@pytest.mark.parametrize("body", [
    {"k" * 100_001: f"bsn {BSN}"}, {"bsn " + "k" * 300_000: BSN}, {"bsn": {"k" * 300_000: {"l" * 300_000: [BSN]}}},
    {"k" * 100_001 + "bsn": int(BSN)}, {"k" * 100_001: {"bsn": {BSN: None}}}, {"k" * 100_001: ["bsn", BSN]},
], ids=range(6))  # fmt: skip
def test_a_long_key_hides_nothing(service: Service, body: Any) -> None:
    person = service.person().begun()
    answer = person.post("/api/v1/activations", body)
    assert (answer.status_code, answer.json["code"]) == (400, "bsn")
    assert BSN not in answer.text
    assert len(answer.text) < 1_000


def test_the_long_name_of_a_field_of_a_form_hides_nothing(service: Service) -> None:
    person = service.person().begun()
    for form in ({"k" * 100_001: f"bsn {BSN}"}, {"k" * 100_001 + "bsn": BSN}, {f"bsn {BSN}" + "k" * 1_000: "x"}):
        answer = person.post("/inloggen", data=form)
        assert (answer.status_code, answer.json["code"]) == (400, "bsn")


def test_what_no_database_keeps_is_found_wherever_it_stands(service: Service) -> None:
    person = service.person().begun()
    for body in ({"a\x00": 1}, {"a": "\ud800"}, {"k" * 300: {"\udfff": None}}, {"a": ["x", ["y\x00"]]}):
        answer = person.ask("POST", "/api/v1/activations", data=json.dumps(body), content_type="application/json")
        assert (answer.status_code, answer.json["errors"][0]["message"]) == (400, KEPT)


def test_what_is_nested_too_deep_is_refused_before_anybody_follows_it(service: Service) -> None:
    person = service.person().begun()
    for path in ("/inloggen", "/api/v1/activations"):
        for opened, closed in (("[", "]"), ('{"a":', "}")):
            for depth in (51, 900, 3_000, 100_000):
                body = opened * depth + "1" + closed * depth
                answer = person.ask("POST", path, data=body, content_type="application/json")
                assert answer.status_code == 400, (path, opened, depth)
