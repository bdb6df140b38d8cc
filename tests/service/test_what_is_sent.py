"""What a request says is taken as said: of another kind, twice, or unasked for, it is refused and has no effect."""
from __future__ import annotations

import http.client
import io
import json
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from api.services import run_queue
from api.services.accounts import Right
from api.waitress_listen import listen
from api.waitress_stop import run_until
from tests.service.browser import Person, Service
from tests.service.test_runs import tiny

API = "/api/v1"
FORM = "multipart/form-data; boundary=x"


@pytest.fixture
def connector(service: Service) -> Person:
    """A connector of two regions."""
    service.add("c@example.org", Right("connector", "AM36"), Right("connector", "AM01"))
    return service.person("c@example.org")


def fields(answer: Any) -> set[str]:
    """The fields that a problem names."""
    assert answer.status_code == 400, answer.text
    assert answer.content_type == "application/problem+json"
    return {defect["field"] for defect in answer.json["errors"]}


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", FORM, "application/xml", ""])
def test_a_body_of_another_kind_is_not_taken_for_none(connector: Person, kind: str) -> None:
    answer = connector.ask("POST", f"{API}/runs", data=b'{"regions": ["AM36"]}', content_type=kind)
    assert answer.status_code == 415, answer.text
    assert answer.content_type == "application/problem+json"
    assert answer.headers["Accept"] == "application/json"
    assert connector.get(f"{API}/runs").json["items"] == []
    told = connector.ask("POST", f"{API}/uploads", data=b"<rows/>", content_type="application/xml")
    assert (told.status_code, told.headers["Accept"]) == (415, "application/json, multipart/form-data")


def test_no_body_at_all_asks_for_everything_and_every_kind_of_json_is_read(connector: Person) -> None:
    made = connector.ask("POST", f"{API}/runs")
    assert (made.status_code, made.json["regions"]) == (202, ["AM01", "AM36"])
    for kind in ("application/json", "application/json; charset=utf-8", "application/merge-patch+json"):
        made = connector.ask("POST", f"{API}/runs", data=b'{"regions": ["AM36"]}', content_type=kind)
        assert (made.status_code, made.json["regions"]) == (202, ["AM36"])


def test_the_description_names_the_refusal_wherever_a_body_is_read(connector: Person) -> None:
    paths = connector.get(f"{API}/openapi.json").json["paths"]
    for path, operations in paths.items():
        for method, operation in operations.items():
            assert ({"413", "415"} <= operation["responses"].keys()) == ("requestBody" in operation), (method, path)


def test_the_description_names_where_what_was_made_is_and_which_state_is_shown(connector: Person) -> None:
    """That each answer has what is named here, and no more, is held wherever these tests ask the API anything."""
    paths = connector.get(f"{API}/openapi.json").json["paths"]
    made = {path: operations["post"]["responses"][status]["headers"].keys() for path, operations in paths.items()
            for status in ("201", "202") if status in operations.get("post", {}).get("responses", ())}  # fmt: skip
    assert len(made) > 25
    nowhere = {path for path, names in made.items() if "Location" not in names}
    assert nowhere == {"/codes"}  # what is handed out on paper is nowhere to be read again, and the description says so
    assert "Without Location:" in paths["/codes"]["post"]["description"]
    matched = [(path, operations) for path, operations in paths.items() for operation in operations.values()
               if path.endswith("_id}") and any(one["name"] == "If-Match" for one in operation["parameters"])]
    assert len(matched) > 10
    for path, operations in matched:
        assert "ETag" in operations["get"]["responses"]["200"]["headers"], path


def test_what_was_made_is_where_its_answer_says(service: Service) -> None:
    service.add("a@example.org", Right("administrator"))
    who = service.add("s@example.org", Right("school", "25AB00", "De School"))
    administrator = service.person("a@example.org")
    account = f"{API}/accounts/{who}"
    for path, body, there in (
        ("tokens", {"name": "LAS", "scopes": ["read"], "days": 30}, f"{account}/tokens"),
        ("rights", {"role": "school", "code": "25AC00", "name": "Andere"}, account),
        ("invitations", None, account),
    ):
        answer = administrator.post(f"{account}/{path}", body)
        assert (answer.status_code, answer.headers["Location"]) == (201, there), answer.text
        assert administrator.get(answer.headers["Location"]).status_code == 200
    own = administrator.get(account).json["rights"][0]["organisationId"]
    grounds = f"{API}/organisations/{own}/legal-grounds"
    answer = administrator.post(grounds, {"ground": "public_task", "explanation": ""})
    assert (answer.status_code, answer.headers["Location"]) == (201, grounds), answer.text


LONG = "9" * 60
"""More than any database has for a number."""
HUGE = "9" * 5_000
"""More digits than Python reads."""


def test_a_number_that_no_database_has_is_refused_and_not_looked_for(connector: Person) -> None:
    rows = b'vacature,kvk,branche,taken,postcode,start,plekken\nV1,1,groen,snoeien,8011,2026-09-01,x\n'
    handed = connector.post(f"{API}/uploads", data={"kind": "vacancies", "file": (io.BytesIO(rows), "v.csv")})
    assert handed.status_code == 201, handed.text
    path = f"{API}/uploads/{handed.json['id']}/defects"
    whole = connector.get(path).json["items"]
    assert len(whole) > 1
    one_by_one, after = [], ""
    while after is not None:
        page = connector.get(f"{path}?limit=1&after={after}").json
        one_by_one += page["items"]
        after = page["next"]
    assert one_by_one == whole
    assert connector.get(f"{path}?after=999999999").json == {"items": [], "next": None}
    for wrong in (LONG, HUGE, "-1", "x", "1%0A2"):
        assert fields(connector.get(f"{path}?after={wrong}")) == {"after"}, wrong


@pytest.mark.parametrize("number", [LONG, HUGE], ids=["long", "huge"])
def test_a_number_of_many_digits_is_no_fault_of_ours_wherever_it_stands(connector: Person, number: str) -> None:
    for path in ("/runs?limit=", "/group-questions/x?lang=", "/figures/funnel?schoolYear=", "/directory?after="):
        assert connector.get(f"{API}{path}{number}").status_code in (200, 400, 404), path
    for method, path in (("PATCH", f"/upload-drafts/x/rows/{number}"),
                         ("PUT", f"/agreements/x/adaptations/{number}")):  # fmt: skip
        answer = connector.ask(method, f"{API}{path}", json={}, headers={"If-Match": '"1"'})
        assert answer.status_code in (400, 403, 404), (path, answer.text)
    body = f'{{"branch": "infra", "place": "Raalte", "startsOn": "2026-09-01", "places": {number}}}'
    answer = connector.ask("POST", f"{API}/group-questions", data=body, content_type="application/json")
    assert answer.status_code == 400, answer.text
    for path in ("/voorstellen?gemist=", "/voorstellen?pagina=", "/dashboard?jaar="):
        assert connector.get(f"{path}{number}", headers={"Accept": "text/html"}).status_code == 200, path


def test_json_that_no_reader_can_follow_is_refused(connector: Person) -> None:
    for body in (b"[" * 200_000, b'{"a":' * 200_000, b'{"on": NaN}', b'{"on": Infinity}', b"\xff", b'{"on"'):
        answer = connector.ask("POST", f"{API}/runs", data=body, content_type="application/json")
        assert answer.status_code == 400, (body[:20], answer.text)


def test_what_is_said_twice_is_refused_but_for_lists(service: Service, connector: Person) -> None:
    assert fields(connector.get(f"{API}/vacancies?limit=1&limit=2&state=open&state=open")) == {"limit", "state"}
    for body, name in (('{"regions": ["AM36"], "regions": ["AM01"]}', "regions"), ('{"on": null, "on": null}', "on"),
                       ('[{"on": {"a": 1, "b": 2, "a": 1}}]', "a")):  # fmt: skip
        answer = connector.ask("POST", f"{API}/runs", data=body.encode(), content_type="application/json")
        assert fields(answer) == {name}, body
    assert connector.get(f"{API}/runs").json["items"] == []
    table = {"file": (io.BytesIO(b"a,b\n1,2\n"), "v.csv"), "kind": ["vacancies", "leavers"]}
    assert fields(connector.ask("POST", f"{API}/uploads", data=table)) == {"kind"}
    twice = b'{"kind": "vacancies", "rows": [{"vacancy_ref": "V1", "vacancy_ref": "V2"}]}'
    answer = connector.ask("POST", f"{API}/uploads", data=twice, content_type="application/json")
    assert fields(answer) == {"vacancy_ref"}
    named = {"file": (io.BytesIO(b"x,kvk\nV1,12345678\n"), "v.csv"), "kind": "vacancies",
             "columns": ["x=vacancy_ref", "kvk=employer_kvk"]}  # fmt: skip
    assert connector.ask("POST", f"{API}/uploads", data=named).status_code == 201


def test_a_query_is_refused_wherever_nothing_is_asked_of_it(service: Service, connector: Person) -> None:
    """By the description: every address that names no parameter of a query takes none, whatever it is called."""
    service.add("a@example.org", Right("administrator"))
    administrator = service.person("a@example.org")
    paths = connector.get(f"{API}/openapi.json").json["paths"]
    none = [path for path, operations in paths.items() if "get" in operations and "{" not in path
            and not any(one["in"] == "query" for one in operations["get"]["parameters"])]  # fmt: skip
    assert {"/regions", "/account", "/municipalities"} <= set(none)
    asked = 0
    for path in none:
        for person in (connector, administrator):
            if person.get(f"{API}{path}").status_code == 200:
                assert fields(person.get(f"{API}{path}?limit=1&zz=1")) == {"limit", "zz"}, path
                asked += 1
    assert asked >= 5
    answer = connector.ask("POST", f"{API}/runs?regions=AM36", json={})
    assert fields(answer) == {"regions"}
    assert connector.get(f"{API}/runs").json["items"] == []


def day_from_now(service: Service, years: int, days: int = 0) -> str:
    """A day so many years away, by the calendar."""
    today = service.clock().date()
    return (today.replace(year=today.year + years) + timedelta(days=days)).isoformat()


def test_a_day_is_computed_for_only_within_five_years(service: Service) -> None:
    connector = tiny(service)
    service.add("a@example.org", Right("administrator"))
    administrator = service.person("a@example.org")
    far = ["0001-01-01", "9999-12-31", day_from_now(service, -5, -9), day_from_now(service, 5, 9)]
    wish = {"branch": "infra", "place": "Raalte", "places": 2}
    policy = {"settings": {}, "regions": ["AM36"]}
    for day in far:
        assert fields(connector.post(f"{API}/runs", {"on": day})) == {"on"}
        assert fields(connector.post(f"{API}/group-questions", {**wish, "startsOn": day})) == {"startsOn"}
        assert fields(administrator.post(f"{API}/policy-comparisons", {**policy, "on": day})) == {"on"}
        page = connector.post("/groep", data={**wish, "starts_on": day, "seen": ""}, headers={"Accept": "text/html"})
        assert page.status_code == 400
    assert connector.get(f"{API}/runs").json["items"] == []
    for years in (-5, 0, 5):  # and all of what is taken can be computed
        day = day_from_now(service, years)
        assert connector.post(f"{API}/runs", {"on": day}).json["on"] == day
        assert connector.post(f"{API}/group-questions", {**wish, "startsOn": day}).status_code == 202
        compared = administrator.post(f"{API}/policy-comparisons", {**policy, "on": day})
        assert compared.status_code == 200, compared.text
    while (taken := run_queue.take(service.database, service.clock())) is not None:
        run_queue.compute(service.database, *taken, lambda _: None, service.clock)
    assert [run["state"] for run in connector.get(f"{API}/runs").json["items"]] == ["done"] * 3


def test_a_cooperation_ends_after_it_was_signed(connector: Person) -> None:
    told = {"name": "Groen", "region": "AM36", "schoolTypes": ["pro"], "branches": ["green"]}
    path = f"{API}/cooperations"
    for signed, ended in (("9999-12-31", "0001-01-01"), ("9999-12-31", None), (None, "1999-12-31")):
        assert fields(connector.post(path, {**told, "signedOn": signed, "endedOn": ended})) <= {"signedOn", "endedOn"}
    assert fields(connector.post(path, {**told, "signedOn": "2026-02-02", "endedOn": "2026-02-01"})) == {"endedOn"}
    assert connector.get(path).json["items"] == []
    made = connector.post(path, {**told, "signedOn": "2026-02-02", "endedOn": "2026-02-02"})
    assert made.status_code == 201, made.text
    seen = {"If-Match": made.headers["ETag"]}
    for change, status in (({"endedOn": "2026-02-01"}, 400), ({"signedOn": "2026-02-03"}, 400),
                           ({"signedOn": None}, 200)):  # fmt: skip
        changed = connector.ask("PATCH", f"{path}/{made.json['id']}", json=change, headers=seen)
        assert changed.status_code == status, (change, changed.text)


@contextmanager
def listening(service: Service) -> Iterator[int]:
    """The service behind its own server, at any port."""
    sockets: dict[int, Any] = {}
    stop = threading.Event()
    server = listen(service.app, replace(service.settings, port=0), sockets)
    served = threading.Thread(target=run_until, args=(server, sockets, stop))
    served.start()
    try:
        yield server.effective_port
    finally:
        stop.set()
        served.join()


def said_to(port: int, head: str, body: bytes = b"") -> tuple[int, dict[str, str], dict[str, Any]]:
    """Send bytes as they are; return status, headers and what the body holds."""
    with socket.create_connection(("127.0.0.1", port)) as line:
        line.sendall(head.encode() + b"\r\n" + body)
        answer = http.client.HTTPResponse(line)
        answer.begin()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, json.loads(answer.read())


@pytest.mark.parametrize("times", [1.1, 3.9, 4.1, 10_000])
def test_a_body_that_is_too_large_is_refused_as_a_problem_by_whoever_refuses_it(
    service: Service, connector: Person, times: float
) -> None:
    """The app for what was read, the server for what it does not even begin to read."""
    length = int(times * service.settings.upload_bytes)
    token = service.token("c@example.org", "run")
    head = ("POST /api/v1/runs HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            f"Authorization: Bearer {token}\r\nContent-Length: {length}\r\n")  # fmt: skip
    with listening(service) as port:
        status, headers, told = said_to(port, head, b" " * length if times < 4 else b"")
    assert (status, told["status"], headers["content-type"]) == (413, 413, "application/problem+json")
    assert told["code"] == "too_large"
    assert {"title", "detail"} <= told.keys()
    seen = connector.get(f"{API}/account").headers
    for name in ("API-Version", "X-Content-Type-Options", "Content-Security-Policy", "Cache-Control"):
        assert headers[name.lower()] == seen[name]
    assert "server" not in headers
    assert connector.get(f"{API}/runs").json["items"] == []


@pytest.mark.parametrize(("head", "status"), [
    ("GET /api/v1/runs HTTP/1.1\r\nHost localhost\r\n", 400), ("POST / HTTP/1.1\r\nContent-Length: x\r\n", 400),
    ("POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n", 501),
    (f"GET / HTTP/1.1\r\nHost: localhost\r\nA: {'a' * 300_000}\r\n", 431),
])  # fmt: skip
def test_what_is_no_request_is_refused_as_a_problem_too(service: Service, head: str, status: int) -> None:
    with listening(service) as port:
        found, headers, told = said_to(port, head)
        assert (found, told["status"], headers["content-type"]) == (status, status, "application/problem+json")
        assert said_to(port, "GET /health/live HTTP/1.1\r\nHost: localhost\r\n")[0] == 200


def test_an_empty_key_is_no_key_and_not_the_same_as_none(connector: Person) -> None:
    for empty in ("", "x" * 201):
        assert connector.post(f"{API}/runs", headers={"Idempotency-Key": empty}).status_code == 400
    assert connector.get(f"{API}/runs").json["items"] == []
    assert connector.post(f"{API}/runs").status_code == 202


def test_an_object_by_positions_is_described_and_read_as_such(service: Service) -> None:
    service.add("s@example.org", Right("school", "25AB00", "De School"))
    school = service.person("s@example.org")
    table = b"leerlingnummer,naam\nL1,Noor\n"
    begun = school.post(f"{API}/upload-drafts", data={"file": (io.BytesIO(table), "l.csv")})
    draft = begun.json["draft"]
    path, seen = f"{API}/upload-drafts/{draft['id']}", {"If-Match": begun.headers["ETag"]}
    schemas = school.get(f"{API}/openapi.json").json["components"]["schemas"]
    keys = re.compile(schemas["ChosenColumns"]["properties"]["columns"]["propertyNames"]["pattern"])
    for column in draft["columns"]:
        assert keys.search(str(column["index"]))
    for wrong in ("-1", "x", "1.5", LONG, HUGE):
        answer = school.ask("PUT", f"{path}/columns", json={"columns": {wrong: "student_ref"}}, headers=seen)
        assert answer.status_code == 400, wrong
        assert keys.search(wrong) is None or wrong in (LONG, HUGE)


def test_a_text_in_the_place_of_a_file_is_no_file(service: Service) -> None:
    """As of a file whose name broke its line."""
    service.add("s@example.org", Right("school", "25AB00", "De School"))
    person = service.person("s@example.org")
    for path in ("uploads", "upload-drafts"):
        for words in ({"json": {"file": "a,b"}}, {"data": {"file": (io.BytesIO(b"a,b"), "x\nBSN\ny.csv")}}):
            answer = person.ask("POST", f"/api/v1/{path}", **words)
            assert (answer.status_code, answer.json["errors"][0]["field"]) == (400, "file"), (path, words, answer.text)
