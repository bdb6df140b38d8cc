"""What a request says is taken as said: of another kind, twice, or unasked for, it is refused and has no effect."""
from __future__ import annotations

from typing import Any

import pytest

from api.services.accounts import Right
from tests.service.browser import Person, Service

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
