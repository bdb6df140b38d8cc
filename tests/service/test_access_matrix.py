"""Every address x method x who asks x whose it is: who is let in, and that what is not theirs looks like nothing."""
from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from api.service import description
from api.services.accounts import Right
from tests.service.browser import Person, Service
from tests.service.test_decisions import decide, proposals
from tests.service.test_runs import compute, tiny

LISTS = {"school", "referrer", "employer", "connector"}
ALL = LISTS | {"municipality", "administrator"}
MATRIX: dict[tuple[str, str], set[str]] = {
    ("GET", "/account"): ALL,
    ("GET", "/uploads"): LISTS, ("POST", "/uploads"): LISTS, ("GET", "/uploads/{upload_id}"): LISTS,
    ("GET", "/uploads/{upload_id}/rows"): LISTS, ("GET", "/uploads/{upload_id}/defects"): LISTS,
    ("PUT", "/uploads/{upload_id}/confirmation"): LISTS, ("DELETE", "/uploads/{upload_id}/confirmation"): LISTS,
    ("GET", "/runs"): {"connector"}, ("POST", "/runs"): {"connector"}, ("GET", "/runs/{run_id}"): {"connector"},
    ("PUT", "/runs/{run_id}/cancellation"): {"connector"}, ("GET", "/runs/{run_id}/outcomes"): {"connector"},
    ("GET", "/runs/{run_id}/difference"): {"connector"}, ("GET", "/proposals"): {"connector"},
    ("GET", "/proposals/{proposal_id}"): {"connector"}, ("GET", "/proposals/{proposal_id}/decisions"): {"connector"},
    ("POST", "/proposals/{proposal_id}/decisions"): {"connector"}, ("GET", "/decisions/{decision_id}"): {"connector"},
    ("DELETE", "/decisions/{decision_id}"): {"connector"},
}  # fmt: skip
"""Who is let in, written by hand: an address that is not here fails the test."""
PEOPLE_ONLY = {("POST", "/proposals/{proposal_id}/decisions"), ("DELETE", "/decisions/{decision_id}")}
OUTSIDE_API = {
    ("GET", "/health/live"), ("GET", "/health/ready"), ("GET", "/inloggen"), ("POST", "/inloggen"),
    ("POST", "/uitloggen"), ("GET", "/wachtwoord"), ("POST", "/wachtwoord"), ("GET", "/api/v1/openapi.json"),
}  # fmt: skip
RIGHTS = {
    "school": Right("school", "31TA00"), "referrer": Right("referrer", "Jeugdzorg"),
    "connector": Right("connector", "AM36"), "employer": Right("employer", "11111110", "B"),
    "municipality": Right("municipality", "GM0193", "Zwolle"),
    "administrator": Right("administrator"),
}  # fmt: skip
NONE = "0" * 32
pytestmark = pytest.mark.parametrize("url", ["sqlite"], indirect=True)


def routes(service: Service) -> Iterator[tuple[str, str]]:
    """Every method and address of ours."""
    for rule in service.app.url_map.iter_rules():
        path = re.sub(r"<(\w+)>", r"{\1}", rule.rule)
        for method in rule.methods - {"HEAD", "OPTIONS"}:
            if not rule.endpoint.startswith("security.") or (method, path) in OUTSIDE_API:
                yield method, path


def ask(person: Person, method: str, path: str, ids: dict[str, str]) -> Any:
    """Ask with a body that is as it should be, and as somebody who saw the latest state."""
    address = "/api/v1" + re.sub(r"\{(\w+)\}", lambda m: ids.get(m.group(1), NONE), path)
    if path == "/proposals":
        address += f"?runId={ids.get('run_id', NONE)}"
    bodies = {"/proposals/{proposal_id}/decisions": {"word": "defer"}, "/runs": {}}
    options: dict[str, Any] = {"headers": {"If-Match": '"1"'}}
    if method == "POST":
        options["json"] = bodies.get(path, {})
    return person.ask(method, address, **options)


@pytest.fixture
def people(service: Service) -> dict[str, Person]:
    """One person per role, and nobody in particular."""
    for role, right in RIGHTS.items():
        service.add(f"{role}@example.org", right)
    return {"": service.person()} | {role: service.person(f"{role}@example.org") for role in RIGHTS}


def test_every_address_is_in_the_matrix(service: Service) -> None:
    known = {(method, f"/api/v1{path}") for method, path in MATRIX} | OUTSIDE_API
    assert set(routes(service)) == known


def test_every_role_is_let_in_where_the_matrix_says_and_nowhere_else(
    service: Service, people: dict[str, Person]
) -> None:
    for (method, path), roles in MATRIX.items():
        for role, person in people.items():
            answer = ask(person, method, path, {})
            if not role:
                assert answer.status_code == 401, (method, path)
            elif role in roles:
                assert answer.status_code not in (401, 403), (method, path, role)
            else:
                assert (answer.status_code, answer.json["code"]) == (403, "role"), (method, path, role)


def test_a_token_does_what_its_scopes_say_and_never_what_is_for_people(
    service: Service, people: dict[str, Person]
) -> None:
    for role in RIGHTS:
        for scope in ("read", "upload", "run"):
            system = service.system(service.token(f"{role}@example.org", scope))
            for (method, path), roles in MATRIX.items():
                if role in roles:
                    answer = ask(system, method, path, {})
                    needs = "read" if method == "GET" else "run" if "/runs" in path else "upload"
                    good = needs == scope and (method, path) not in PEOPLE_ONLY
                    assert (answer.status_code != 403) == good, (method, path, scope)


def test_what_is_not_theirs_looks_like_what_is_not_there(service: Service) -> None:
    """For every address with an id and every role that is let in: byte for byte the same as for a made-up id."""
    owner = tiny(service)
    run = compute(service, owner)["id"]
    proposal = proposals(owner, run)[0]
    made = decide(owner, proposal, "defer").json
    upload = owner.get("/api/v1/uploads").json["items"][0]["id"]
    ids = {"run_id": run, "proposal_id": proposal["id"], "decision_id": made["id"], "upload_id": upload}
    for role, right in RIGHTS.items():
        service.add(f"{role}@example.org", right if role != "connector" else Right("connector", "AM01"))
    asked = 0
    for role in RIGHTS:
        person = service.person(f"{role}@example.org")
        for (method, path), roles in MATRIX.items():
            if role in roles and ("{" in path or path == "/proposals"):
                theirs, none = ask(person, method, path, ids), ask(person, method, path, {})
                assert (theirs.status_code, none.status_code) == (404, 404), (method, path, role, theirs.text)
                assert theirs.data == none.data
                assert {k: v for k, v in theirs.headers if k != "Set-Cookie"} == {
                    k: v for k, v in none.headers if k != "Set-Cookie"}  # fmt: skip
                asked += 1
    assert asked >= 30


def test_rights_are_read_anew_for_every_request(service: Service, people: dict[str, Person]) -> None:
    from sqlalchemy import delete

    from api.store.tables import Grant

    assert people["connector"].get("/api/v1/runs").status_code == 200
    with service.database.writing() as session:
        session.execute(delete(Grant).where(Grant.role == "connector"))
    assert people["connector"].get("/api/v1/runs").status_code == 403


def test_the_committed_description_is_the_one_the_service_gives(service: Service) -> None:
    path = Path(__file__).resolve().parent.parent.parent / "api" / "web" / "openapi.json"
    again = "write it anew: schakel serve --openapi > api/web/openapi.json"
    assert path.read_text(encoding="utf-8") == description(), again
    answer = service.person().get("/api/v1/openapi.json")
    assert answer.json == json.loads(path.read_text(encoding="utf-8"))
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Origin" not in service.person().get("/health/live").headers


def test_the_description_follows_the_rules_for_apis(service: Service) -> None:
    made = service.person().get("/api/v1/openapi.json").json
    listed = {(method.upper(), path) for path, operations in made["paths"].items() for method in operations}
    assert listed == set(MATRIX)
    seen = set()
    for path, operations in made["paths"].items():
        assert re.fullmatch(r"(/[a-z-]+|/\{[a-z_]+\})+", path), path
        for method, operation in operations.items():
            seen.add(operation["operationId"])
            assert operation["security"]
            assert {"400", "401", "403"} <= set(operation["responses"])
            for parameter in operation["parameters"]:
                if parameter["in"] == "query":
                    assert re.fullmatch(r"[a-z]+([A-Z][a-z]+)*", parameter["name"])
            for status, response in operation["responses"].items():
                assert "API-Version" in response["headers"], (path, method, status)
                if status[0] in "45":
                    assert list(response["content"]) == ["application/problem+json"]
    assert len(seen) == len(listed)
    for schema in made["components"]["schemas"].values():
        for name in schema["properties"]:
            assert re.fullmatch(r"[a-z]+([A-Z][a-z]+)*", name)
    text = json.dumps(made)
    for reference in set(re.findall(r'"#/components/schemas/(\w+)"', text)):
        assert reference in made["components"]["schemas"]
