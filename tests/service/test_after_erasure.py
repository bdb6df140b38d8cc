"""Whoever was erased is on no page of anybody, and every page of everybody else still opens."""
from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from sqlalchemy import select

from api.services import retention
from api.services.accounts import Right
from api.store.tables import Profile, StoredStudent
from tests.service.browser import Person, Service
from tests.service.test_decisions import decide, proposals

PAGE = {"Accept": "text/html"}
SHUT = re.compile(r"/(uitloggen|inloggen|sjablonen|static|api)\b|\.\w+$")
CARDS = ("", "/wat-als?wat=hours_max")


def crawl(person: Person, seeds: Iterable[str], names: Iterable[str]) -> dict[str, int]:
    """Open every page that links lead to from ``seeds``; fail where one breaks or says one of ``names``."""
    seen: dict[str, int] = {}
    waiting = list(seeds)
    while waiting:
        path = waiting.pop()
        if path in seen or SHUT.search(path.split("?")[0]):
            continue
        answer = person.get(path, headers=PAGE)
        seen[path] = answer.status_code
        assert answer.status_code < 500, path
        if answer.status_code == 200 and "html" in answer.content_type:
            assert [name for name in names if name in answer.text] == [], path
            found = (html.unescape(link).split("#")[0] for link in re.findall(r'href="(/[^"]*)"', answer.text))
            waiting += [link for link in found if link not in seen]
    return seen


def people(service: Service) -> dict[str, Person]:
    """One of every role that meets students in lists; the coach goes along with everybody."""
    with service.database.reading() as session:
        everybody = session.scalars(select(StoredStudent.id).where(StoredStudent.number > 0)).all()
    service.add("coach@example.org", *(Right("coach", i) for i in everybody))
    service.add("employer@example.org", Right("employer", "99000001"))
    return {"connector": service.person("c@example.org"), "school": service.person("31TA00@example.org"),
            "employer": service.person("employer@example.org"), "coach": service.person("coach@example.org")}


def named(service: Service) -> dict[str, str]:
    """Give every student a name that stands nowhere else; return them by id."""
    names = {}
    with service.database.writing() as session:
        for k, profile in enumerate(session.scalars(select(Profile).order_by(Profile.student_id))):
            names[profile.student_id] = f"Zonnebloem{k}x"
            background = profile.record["background"] | {"first_name": names[profile.student_id]}
            profile.record = profile.record | {"background": background}
    return names


def seeds_of(connector: Person, run: str) -> tuple[dict[str, list[str]], list[str]]:
    """The pages of every proposal by its student, and those of every place; read before anybody is erased."""
    cards: dict[str, list[str]] = {}
    places = set()
    for one in proposals(connector, run):
        pages = [f"/voorstellen/{one['id']}{end}" for end in CARDS]
        pages += [f"/vergelijken?voorstel={one['id']}", f"/leerlingen/{one['student']['id']}/verbinder"]
        cards.setdefault(one["student"]["id"], []).extend(pages)
        places.add(one["opening"]["id"])
    tabs = [f"/voorstellen?tab={tab}&per={by}" for by in ("plek", "leerling")
            for tab in ("te-beoordelen", "later", "klaar", "gedeeld", "afgewezen")]  # fmt: skip
    shown = [f"/berekeningen/{run}?toon={kind}" for kind in ("nieuw", "weg", "beter", "minder", "gelijk")]
    each = [page.format(i) for i in sorted(places)
            for page in ("/plekken/{}", "/plekken/{}/gesprekskaart", "/vergelijken?plek={}", "/zoeken?plek={}")]
    return cards, ["/vandaag", *tabs, *shown, *each]


def by_school(service: Service, student_id: str) -> None:
    """The own school erases somebody."""
    for code in ("31TA00", "31TB00"):
        if service.person(f"{code}@example.org").ask("DELETE", f"/api/v1/students/{student_id}").status_code == 204:
            return
    pytest.fail("no school has this student")


def by_term(service: Service, student_id: str) -> None:
    """The job finds that the time of one student is over: nothing of the others was so long ago."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(retention.retention, "due_students", lambda *_: [student_id])
        done = retention.carry_out(service.database, now=service.clock(), path=service.settings.data_dir,
                                   key=service.settings.audit_key)  # fmt: skip
    assert done["profile"] >= 1


@pytest.mark.parametrize("erase", [by_school, by_term], ids=["asked", "term"])
def test_every_page_opens_after_one_student_after_another_was_erased(
    cohort: Service, erase: Callable[[Service, str], None]
) -> None:
    """Also the cards of others for the same place, on which whoever was erased stood among the other choices."""
    names, who = named(cohort), people(cohort)
    connector = who["connector"]
    run = connector.get("/api/v1/runs").json["items"][0]["id"]
    cards, pages = seeds_of(connector, run)
    gone: list[str] = []
    for student_id in sorted(cards):
        erase(cohort, student_id)
        gone.append(student_id)
        words = [names[i] for i in gone]
        living = [page for i, own in cards.items() if i not in gone for page in own]
        seen = crawl(connector, [*pages, *living], words)
        assert [page for page in living if "wat-als" not in page and seen[page] != 200] == []
        for page in cards[student_id]:
            its = page.partition("?voorstel=")[2] or page.split("/")[2].split("?")[0]
            answer, never = (connector.get(page.replace(its, i), headers=PAGE) for i in (its, "0" * 32))
            assert (answer.status_code, answer.text.replace(its, "0" * 32)) == (404, never.text), page
        for role in ("school", "employer", "coach"):
            start = {"school": "/leerlingen", "employer": "/vacatures", "coach": "/mijn-jongeren"}[role]
            assert crawl(who[role], ["/", start], words)[start] == 200, role


def test_nothing_can_be_said_any_more_on_a_proposal_of_somebody_who_was_erased(cohort: Service) -> None:
    """The API goes on to give its numbers, which name nobody."""
    connector = cohort.person("c@example.org")
    run = connector.get("/api/v1/runs").json["items"][0]["id"]
    one = proposals(connector, run)[0]
    by_school(cohort, one["student"]["id"])
    read = connector.get(f"/api/v1/proposals/{one['id']}")
    assert (read.status_code, read.json["student"], read.json["fit"]) == (200, None, one["fit"])
    answer = decide(connector, one, "defer")
    assert (answer.status_code, answer.json["code"]) == (404, "not_found")
    form: dict[str, Any] = {"word": "defer", "seen": [f"{one['id']}:none"]}
    for path in (f"/voorstellen/{one['id']}", "/voorstellen/samen"):
        assert connector.post(path, data=form, headers=PAGE).status_code == 404, path


def test_who_would_move_and_was_erased_is_told_as_such(cohort: Service) -> None:
    """What a choice costs the others was worked out with them: the number stays, and the line says whose it was."""
    connector = cohort.person("c@example.org")
    run = connector.get("/api/v1/runs").json["items"][0]["id"]
    found = proposals(connector, run)
    one = next(p for p in found if any(move["student"] != p["student"]["id"] for move in (p["regret"] or {})["moves"]))
    other = next(move["student"] for move in one["regret"]["moves"] if move["student"] != one["student"]["id"])
    by_school(cohort, other)
    again = connector.get(f"/api/v1/proposals/{one['id']}").json["regret"]
    assert (again["placedLoss"], again["fitLoss"]) == (one["regret"]["placedLoss"], one["regret"]["fitLoss"])
    told = {move["student"]: move["studentName"] for move in again["moves"]}
    assert told[other] == "Een leerling van wie de gegevens zijn gewist"
