"""A list that grows comes in pages: one after another they are the whole list, each line once, in its order."""
from __future__ import annotations

from typing import Any

import pytest

from api.services.accounts import Right
from tests.service.browser import Person, Service
from tests.service.test_uploads import hand_in
from tests.service.youth import HEAD, add_student

API, NUMBER = "/api/v1", 7


def whole(person: Person, path: str, limit: int) -> list[dict[str, Any]]:
    """Every page, one after another; none is longer than asked for, and only the last one is shorter."""
    found: list[dict[str, Any]] = []
    after: str | None = ""
    while after is not None:
        page = person.get(f"{path}?limit={limit}&after={after}").json
        assert len(page["items"]) == limit or (page["next"] is None and len(page["items"]) < limit)
        found += page["items"]
        after = page["next"]
    return found


@pytest.fixture
def school(service: Service) -> Person:
    """Somebody of the school of the students that are added."""
    add_student(service)
    service.add("s@example.org", Right("school", "77XX00"))
    return service.person("s@example.org")


def in_pages(person: Person, path: str, key: str = "id") -> list[str]:
    """The keys of a list, the same whatever the length of its pages."""
    told = [one[key] for one in person.get(f"{API}{path}?limit=100").json["items"]]
    for limit in (1, 3, NUMBER, NUMBER + 1):
        assert [one[key] for one in whole(person, f"{API}{path}", limit)] == told
    return told


@pytest.mark.parametrize("apart", [0, 60], ids=["at one moment", "a minute apart"])
def test_questions_and_drafts_come_in_pages(service: Service, school: Person, apart: int) -> None:
    """Questions oldest first, drafts last changed first; of one moment in any order, but each once."""
    service.add("c@example.org", Right("connector", "AM36"))
    service.add("e@example.org", Right("employer", "12345678", "Bedrijf"))
    connector, employer = service.person("c@example.org"), service.person("e@example.org")
    student = school.get(f"{API}/students").json["items"][0]["id"]
    asked, begun, handed = [], [], []
    for number in range(NUMBER):
        told = connector.post(f"{API}/students/{student}/questions", {"kind": "to_school", "text": f"{number}?"})
        asked.append(told.json["id"])
        begun.insert(0, employer.post(f"{API}/drafts", {"shared": {"title": f"{number}"}}).json["id"])
        rows = [{"leerlingnummer": f"L{number}"}]
        handed.insert(0, school.post(f"{API}/upload-drafts", {"rows": rows}).json["draft"]["id"])
        service.clock.forward(seconds=apart)
    for person, path, made in ((school, "/questions", asked), (connector, "/questions", asked),
                               (employer, "/drafts", begun), (school, "/upload-drafts", handed)):  # fmt: skip
        found = in_pages(person, path)
        assert found == made if apart else sorted(found) == sorted(made)


def test_cooperations_come_in_pages_by_name(service: Service) -> None:
    service.add("c@example.org", Right("connector", "AM36"), Right("connector", "AM01"))
    service.add("far@example.org", Right("connector", "AM01"))
    connector, far = service.person("c@example.org"), service.person("far@example.org")
    told = {"schoolTypes": ["pro"], "branches": ["green"]}
    for number in range(NUMBER):
        for region in ("AM36", "AM01"):
            made = connector.post(f"{API}/cooperations", {"name": f"Groen {number}", "region": region, **told})
            assert made.status_code == 201
    assert len(set(in_pages(connector, "/cooperations"))) == 2 * NUMBER
    names = [f"Groen {number}" for number in range(NUMBER)]
    assert in_pages(connector, "/cooperations", "name") == sorted(2 * names)
    assert in_pages(far, "/cooperations", "name") == names


def test_the_rows_of_a_list_come_in_pages_in_the_order_of_the_file(school: Person) -> None:
    rows = "".join(f"L{n},77XX00,pro,Noor,2009-02-01,2026-07-01,8011,ja\n" for n in range(10, 10 + NUMBER))
    upload = hand_in(school, HEAD + rows)
    assert in_pages(school, f"/uploads/{upload['id']}/rows", "row") == list(range(2, NUMBER + 2))
    for wrong in ("x", "9" * 60):
        assert school.get(f"{API}/uploads/{upload['id']}/rows?after={wrong}").status_code == 400
