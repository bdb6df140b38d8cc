"""The API keeps the Dutch design rules: its description, and what it does when it is asked."""
from __future__ import annotations

import copy
import json
import re
from collections import Counter
from importlib import metadata
from typing import Any

import pytest
from sqlalchemy import select

from api.services.factors import STAFF
from api.store.base import Base
from api.store.tables import AuditEvent
from tests.proofs.design_rules import defects, operations
from tests.proofs.figures import record
from tests.proofs.test_access import Open, addresses, door, made, with_queries

__all__ = ["door", "made"]
HEADERS = {
    "cache-control": "no-store", "x-content-type-options": "nosniff", "x-frame-options": "DENY",
    "api-version": metadata.version("schakel"),
}  # fmt: skip
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?(?:\.\d+)?([^\"]*)")
AS_STORED = "/export"
"""Everything about a person, as it is stored."""


def test_the_description_keeps_every_rule(door: Open) -> None:
    told = door.here.person().get("/api/v1/openapi.json").json
    assert defects(told) == []
    record("design rules", f"0 defects in the description of {len(list(operations(told)))} operations")


PLANTED: list[tuple[str, Any]] = [
    ("openapi3", lambda d: d.update(openapi="2.0")),
    ("semver", lambda d: d["info"].update(version="one")),
    ("info-contact-fields-exist", lambda d: d["info"]["contact"].pop("email")),
    ("openapi-root-exists", lambda d: d["info"].pop("title")),
    ("servers-use-https", lambda d: d.update(servers=[{"url": "http://a.example/api/v1"}])),
    ("include-major-version-in-uri", lambda d: d.update(servers=[{"url": "https://a.example/api"}])),
    ("api-servers", lambda d: d.update(servers=[])),
    ("no-trailing-slash", lambda d: d["paths"].update({"/runs/": d["paths"]["/runs"]})),
    ("paths-kebab-case", lambda d: d["paths"].update({"/allRuns": d["paths"]["/runs"]})),
    ("http-methods", lambda d: d["paths"]["/runs"].update(trace=d["paths"]["/runs"]["get"])),
    ("path-params", lambda d: d["paths"].update({"/runs/{run_no}": d["paths"]["/runs/{run_id}"]})),
    ("query-keys-camel-case", lambda d: d["paths"]["/runs"]["get"]["parameters"].append(
        {"in": "query", "name": "run_id", "schema": {"type": "string"}})),
    ("problem-invalid-input", lambda d: d["paths"]["/runs"]["post"]["responses"].pop("400")),
    ("operation-success-response", lambda d: d["paths"]["/runs"]["post"]["responses"].pop("202")),
    ("missing-version-header", lambda d: d["paths"]["/runs"]["post"]["responses"]["202"].pop("headers")),
    ("use-problem-schema", lambda d: d["components"]["responses"]["Problem400"].update(
        content={"application/json": {}})),
    ("problem-schema-members", lambda d: d["components"]["schemas"]["Problem"]["properties"].pop("detail")),
    ("schema-camel-case", lambda d: d["components"]["schemas"].update(a_run={"type": "object"})),
    ("property-casing", lambda d: d["components"]["schemas"]["Run"]["properties"].update(end_at={"type": "string"})),
    ("date-time-ensure-timezone", lambda d: _field(d, "meetAt", "date-time-local")),
    ("time-without-timezone", lambda d: _field(d, "meet", "time")),
    ("use-date-instead-of-datetime", lambda d: _field(d, "startsOn", "date-time")),
    ("specify-format-for-date-and-time", lambda d: _field(d, "meetAt", None)),
    ("specify-format-for-date-and-time", lambda d: _field(d, "birthDate", None)),
    ("oas3-schema", lambda d: _like(d, pattern=r"[0-9]{8}\Z")),
    ("oas3-schema", lambda d: _like(d, pattern=r"[0-9]{8}$")),
    ("oas3-schema", lambda d: _like(d, type=["string", "null", "null"])),
    ("valid-schema-example", lambda d: _like(d, pattern="^[0-9]+$", default="")),
    ("valid-schema-example", lambda d: _like(d, enum=["a"], default="b")),
    ("operation-id-unique", lambda d: d["paths"]["/runs"]["get"].update(operationId="postRuns")),
    ("ref-resolves", lambda d: d["components"]["schemas"].pop("Problem")),
    ("tags-unique", lambda d: d.update(tags=[{"name": "a"}, {"name": "a"}])),
]  # fmt: skip


def _field(document: dict[str, Any], name: str, form: str | None) -> None:
    told = {"type": "string"} | ({"format": form} if form else {})
    document["components"]["schemas"]["Run"]["properties"][name] = told


def _like(document: dict[str, Any], **told: Any) -> None:
    document["components"]["schemas"]["Run"]["properties"]["words"] = {"type": "string"} | told


@pytest.mark.parametrize(("rule", "plant"), PLANTED, ids=[rule for rule, _ in PLANTED])
def test_a_planted_defect_is_named_by_its_rule(rule: str, plant: Any) -> None:
    from api.service import description

    document = json.loads(_once(description))
    spoiled = copy.deepcopy(document)
    plant(spoiled)
    assert rule in {found for found, _ in defects(spoiled)}
    assert rule not in {found for found, _ in defects(document)}


_kept: list[str] = []


def _once(description: Any) -> str:
    if not _kept:
        _kept.append(description())
    return _kept[0]


def test_every_answer_has_the_headers_and_every_error_is_a_problem(door: Open) -> None:
    anonymous, connector = door.people[0][1], next(p for w, p in door.people if w.role == "connector")
    asked = [(person, method, address) for person in (anonymous, connector)
             for method, address in [*_every(door), ("GET", "/nowhere"), ("GET", "/api/v1/nowhere"),
                                     ("TRACE", "/api/v1/runs"), ("PROPFIND", "/api/v1/runs"), ("PUT", "/api/v1/runs"),
                                     ("POST", "/api/v1/account")]]  # fmt: skip
    statuses = set()
    for person, method, address in asked:
        answer = person.ask(method, address, headers={"Accept": "application/json"})
        statuses.add(answer.status_code)
        for name, value in HEADERS.items():
            if not address.startswith("/static/"):
                assert answer.headers[name] == value, (method, address, name)
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        assert "Werkzeug" not in answer.headers.get("Server", "")
        if address.startswith("/api/v1/"):
            assert ("Access-Control-Allow-Origin" in answer.headers) == (address == "/api/v1/openapi.json")
            if answer.status_code >= 400:
                assert answer.content_type == "application/problem+json", (method, address)
                assert {"status", "title", "detail"} <= answer.json.keys()
                assert answer.json["status"] == answer.status_code
            elif answer.status_code == 200 and answer.is_json:
                zones = {found.group(1) for found in MOMENT.finditer(answer.get_data(as_text=True))}
                assert zones <= {"Z"} or address.endswith(AS_STORED), (address, zones)
        if answer.status_code == 405:
            assert answer.headers["Allow"]
    assert {200, 400, 401, 404, 405} <= statuses


def _every(door: Open) -> list[tuple[str, str]]:
    """Every address once by every method it takes; changes are sent empty and without what was seen."""
    once: dict[tuple[str, str], str] = {}
    for method, rule, address, _ in addresses(door, ("GET", "POST", "PUT", "PATCH", "DELETE")):
        once.setdefault((method, rule), with_queries(door, rule, address, 0) if method == "GET" else address)
    return [(method, address) for (method, _), address in once.items() if "uitloggen" not in address]


def test_no_address_of_the_api_ends_in_a_slash(door: Open) -> None:
    connector = next(person for who, person in door.people if who.role == "connector")
    for _, rule, address, _ in addresses(door):
        if rule.startswith("/api/v1/"):
            assert connector.get(f"{address}/").status_code == 404


def test_all_defects_are_told_at_once(door: Open) -> None:
    connector = next(person for who, person in door.people if who.role == "connector")
    answer = connector.post("/api/v1/runs", {"on": "soon", "lang": "fy", "regions": ["Zwolle"], "a": 1, "b": 2})
    assert answer.status_code == 400
    assert {defect["field"].split(".")[0] for defect in answer.json["errors"]} == {"on", "lang", "regions", "a", "b"}


NOTED = {
    "seen": "who looked at a student, which the student may read", "open_cards": "which card a connector has open",
    "opened_cards": "when a connector had a card open first",
    "audit_events": "who was refused", "audit_head": "where the log ends", "request_counts": "how often was asked",
}  # fmt: skip
"""Tables that reading writes in, and what; who looked and who was refused is added, and no such row ever changed."""


def test_reading_changes_no_row(door: Open) -> None:
    """Every address as everybody, but for what is noted of reading itself; the description says so."""
    before, logged = rows(door), last_event(door)
    assert {who.role for who, _ in door.people} >= {*STAFF, "student", "parent", ""}
    for _, person in door.people:
        for method, address in _every(door):
            if method == "GET":
                person.get(address)
    after = rows(door)
    assert {name for name in before if before[name] != after[name]} <= set(NOTED)
    for added in ("seen", "audit_events"):
        assert Counter(before[added]) <= Counter(after[added])
    with door.here.database.reading() as session:
        new = session.scalars(select(AuditEvent.action).where(AuditEvent.sequence > logged))
        assert set(new) <= {"access.denied", "access.alert"}
    told = door.here.person().get("/api/v1/openapi.json").json["info"]["description"]
    assert "Reading changes nothing but what is noted of it: " in told


def last_event(door: Open) -> int:
    """The number of the latest event of the log."""
    with door.here.database.reading() as session:
        return session.scalars(select(AuditEvent.sequence).order_by(AuditEvent.sequence.desc()).limit(1)).one()


def rows(door: Open) -> dict[str, list[Any]]:
    """Every row of every table."""
    with door.here.database.reading() as session:
        return {table.name: sorted(map(str, session.execute(select(table)).all()))
                for table in Base.metadata.sorted_tables}  # fmt: skip
