"""A list that grows comes in pages: one after another they are the whole list, each line once, in its order."""
from __future__ import annotations

import base64
import json
import re
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from api.services.accounts import Right
from api.store.tables import Seen
from tests.service.browser import ROOT, Person, Service
from tests.service.conftest import NOW
from tests.service.test_decisions import decide
from tests.service.test_runs import compute, tiny
from tests.service.test_take_over import judge, waiting
from tests.service.test_uploads import hand_in
from tests.service.youth import HEAD, add_student

API, NUMBER = "/api/v1", 7


def whole(person: Person, path: str, limit: int) -> list[dict[str, Any]]:
    """Every page, one after another; none is longer than asked for, and only the last one is shorter."""
    found: list[dict[str, Any]] = []
    after: str | None = ""
    while after is not None:
        page = person.get(f"{path}{'&' if '?' in path else '?'}limit={limit}&after={after}").json
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


@pytest.mark.parametrize("apart", [0, 60], ids=["at one moment", "a minute apart"])
def test_who_looked_comes_in_pages_and_on_one_page_with_everybody(service: Service, school: Person, apart: int) -> None:
    """Newest first, however many there were: nobody who looked stays unsaid."""
    student = school.get(f"{API}/students").json["items"][0]["id"]
    service.add("m@example.org", Right("student", student))
    expected = []
    for number in range(NUMBER):
        who = service.add(f"k{number}@example.org", Right("connector", "AM36"))
        for day in range(30):
            at = NOW + timedelta(days=-day, seconds=number * apart)
            expected.append((at, f"k{number}"))
            with service.database.writing() as session:
                session.add(Seen(student_id=student, account_id=who, day=at.date(), at=at))
    me = service.person("m@example.org")
    told = [(one["at"], one["name"]) for one in whole(me, f"{API}/students/{student}/looks", 100)]
    assert Counter(told) == Counter((f"{at:%Y-%m-%dT%H:%M:%SZ}", name) for at, name in expected)
    assert [at for at, _ in told] == sorted((at for at, _ in told), reverse=True)
    assert [(one["at"], one["name"]) for one in whole(me, f"{API}/students/{student}/looks", 7)] == told
    page = me.get("/mijn-gegevens/wie-keek", headers={"Accept": "text/html"}).text
    assert [page.count(f">k{number}<") for number in range(NUMBER)] == [30] * NUMBER


def test_nobody_is_lost_when_the_last_of_a_page_is_erased_before_the_next_one_is_asked_for(
    service: Service, school: Person
) -> None:
    for number in (2, 3, 4):
        add_student(service, f"L{number}")
    first = school.get(f"{API}/students?limit=1").json
    assert [one["studentRef"] for one in first["items"]] == ["L1"]
    assert school.ask("DELETE", f"{API}/students/{first['items'][0]['id']}").status_code == 204
    rest = school.get(f"{API}/students?limit=2&after={first['next']}").json
    assert [one["studentRef"] for one in rest["items"]] == ["L2", "L3"]
    last = school.get(f"{API}/students?limit=2&after={rest['next']}").json
    assert ([one["studentRef"] for one in last["items"]], last["next"]) == (["L4"], None)


def test_a_list_goes_on_where_it_was_when_its_last_line_changed_its_place(service: Service) -> None:
    service.add("e@example.org", Right("employer", "12345678", "Bedrijf"))
    employer = service.person("e@example.org")
    made = []
    for number in range(4):  # the last one that is changed comes first
        made.insert(0, employer.post(f"{API}/drafts", {"shared": {"title": f"{number}"}}).json["id"])
        service.clock.forward(seconds=60)
    first = employer.get(f"{API}/drafts?limit=2").json
    assert [one["id"] for one in first["items"]] == made[:2]
    path = f"{API}/drafts/{made[1]}"
    changed = employer.ask("PATCH", path, json={"shared": {"title": "anew"}},
                           headers={"If-Match": employer.get(path).headers["ETag"]})  # fmt: skip
    assert changed.status_code == 200, changed.text
    rest = employer.get(f"{API}/drafts?limit=2&after={first['next']}").json
    assert ([one["id"] for one in rest["items"]], rest["next"]) == (made[2:], None)


def test_a_queue_goes_on_after_a_proposal_that_was_judged_meanwhile(service: Service) -> None:
    connector = tiny(service)
    judge(connector, compute(service, connector)["id"])
    for by in ("student", "vacancy"):
        whole_queue = [one["id"] for one in waiting(connector, by=by)]
        first = connector.get(f"{API}/proposals?limit=1&by={by}").json
        assert decide(connector, first["items"][0], "defer").status_code == 201
        rest = connector.get(f"{API}/proposals?limit=100&by={by}&after={first['next']}").json["items"]
        assert [one["id"] for one in rest] == whole_queue[1:]
        other = "vacancy" if by == "student" else "student"
        refused = connector.get(f"{API}/proposals?by={other}&after={first['next']}")
        assert (refused.status_code, [one["field"] for one in refused.json["errors"]]) == (400, ["after"])


PATHS = json.loads((ROOT / "api/web/openapi.json").read_text(encoding="utf-8"))["paths"]
PAGED = sorted(path for path, ways in PATHS.items()
               if any(one["name"] == "after" for one in ways.get("get", {}).get("parameters", ())))  # fmt: skip


def test_where_a_list_goes_on_is_taken_as_it_was_given_or_refused(service: Service, school: Person) -> None:
    """Taken for the beginning, it would make a reader go round; taken for the end, it would hide who comes after."""
    assert len(PAGED) > 30
    for number in range(2, 5):
        add_student(service, f"L{number}")
    service.add("a@example.org", Right("administrator"))
    service.add("e@example.org", Right("employer", "12345678", "Bedrijf"))
    service.add("c@example.org", Right("connector", "AM36"))
    service.add("m@example.org", Right("student", school.get(f"{API}/students").json["items"][0]["id"]))
    people = [service.person(f"{one}@example.org") for one in "aecm"] + [school]
    given = school.get(f"{API}/students?limit=1").json["next"]
    changed = given[:-1] + ("A" if given[-1] != "A" else "B")
    refused = set()
    for path in PAGED:
        for wrong in ("zzz", "é", "A" * 5_000, changed, changed[::-1], *([given] if path != "/students" else [])):
            query = {"after": wrong, **({"studentId": "x"} if path == "/pairs" else {})}
            answers = [one.get(f"{API}{re.sub('{[a-z_]+}', 'x', path)}", query_string=query) for one in people]
            told = [one.json["errors"] for one in answers if one.status_code == 400]
            assert told, (path, wrong)
            assert {error["field"] for errors in told for error in errors} == {"after"}
            assert {one.status_code for one in answers} <= {400, 403, 404}
            refused.add(path)
    assert refused == set(PAGED)


def test_where_a_list_goes_on_tells_nobody_a_name_or_a_number(service: Service, school: Person) -> None:
    add_student(service, "KENBAAR-1")  # before L1
    add_student(service, "L9", school="88YY00")  # a second organisation
    service.add("a@example.org", Right("administrator"))
    administrator = service.person("a@example.org")
    for person, path in ((school, "/students"), (administrator, "/accounts"), (administrator, "/organisations")):
        sealed = person.get(f"{API}{path}?limit=1").json["next"]
        assert re.fullmatch(r"[A-Za-z0-9_-]{40,300}", sealed), path
        opened = base64.urlsafe_b64decode(sealed + "=" * (-len(sealed) % 4))
        assert not any(part in opened for part in (b"KENBAAR", b"List", b"School", b"77XX00"))


def test_a_page_of_students_goes_on_after_one_who_was_erased(service: Service, school: Person) -> None:
    for number in range(100, 152):
        add_student(service, f"M{number}")  # L1 is the first
    shown = school.get("/leerlingen").text
    (link,) = re.findall(r'href="(\?na=[^"]+)"', shown)
    refs = [f"M{number}" for number in range(100, 152)]
    at = max(k for k, ref in enumerate(refs) if ref in shown)
    last = next(one["id"] for one in whole(school, f"{API}/students", 50) if one["studentRef"] == refs[at])
    assert school.ask("DELETE", f"{API}/students/{last}").status_code == 204
    rest = school.get(f"/leerlingen{link}").text
    assert [ref for ref in refs if ref in rest] == refs[at + 1 :] != []
    assert "M100" in school.get("/leerlingen?na=kept-for-years").text
