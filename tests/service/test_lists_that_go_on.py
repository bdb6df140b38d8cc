"""A page that does not show everybody says so: who waits longest comes first, and the rest can be reached."""
from __future__ import annotations

import html
import re
from datetime import UTC, datetime
from urllib.parse import urljoin

import pytest
from sqlalchemy import select

from api.services.accounts import Right
from api.store.tables import Outcome, Vacancy
from api.web.cursors import seal
from api.web.pages import posted, scope, share, standing_pages
from tests.service.browser import Person, Service
from tests.service.flow import API, begin, on_both, people_of
from tests.service.test_runs import compute
from tests.service.test_said_on_pages import HTML
from tests.service.test_take_over import judge, waiting
from tests.service.test_vacancies import connector, employer, post  # noqa: F401 - the fixtures
from tests.service.test_vacancies import put as set_state


def onward(page: str) -> str:
    """The address of what comes next; empty: this is all."""
    found = re.search(r'href="([^"]*[?&;]na=[^"]*)"[^>]*>(?:<[^>]*>)*Volgende', page)
    return html.unescape(found[1]) if found else ""


def walked(person: Person, path: str, line: str) -> list[list[str]]:
    """What stands on each page of a list from its beginning on."""
    pages = []
    while path:
        page = person.get(path, headers=HTML)
        assert page.status_code == 200, page.text
        pages.append(list(dict.fromkeys(re.findall(line, page.text))))
        path = urljoin(path, onward(page.text)) if onward(page.text) else ""
    return pages


@on_both
def test_who_has_no_place_is_told_page_by_page_with_how_many_there_are(
    cohort: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    who = cohort.person("c@example.org")
    with cohort.database.reading() as session:
        vacancies = session.scalars(select(Vacancy.id).where(Vacancy.vacancy_ref != "V1")).all()
    for vacancy in vacancies:
        assert set_state(who, {"id": vacancy}, "closed").status_code == 200
    run = compute(cohort, who)["id"]
    assert judge(who, run).status_code == 200
    with cohort.database.reading() as session:
        wanted = set(session.scalars(select(Outcome.student_id).where(Outcome.run_id == run,
                                                                      Outcome.status == "unplaced")))  # fmt: skip
    line = r'<th scope="row"><a href="/leerlingen/([0-9a-f]{32})/verbinder"'
    assert [set(page) for page in walked(who, "/zonder-plek", line)] == [wanted]
    monkeypatch.setattr(standing_pages, "MOST", 2)
    pages = walked(who, "/zonder-plek", line)
    assert [len(page) for page in pages] == [2] * (len(wanted) // 2) + [1] * (len(wanted) % 2)
    assert {one for page in pages for one in page} == wanted
    first = who.get("/zonder-plek?taal=nl", headers=HTML).text
    assert f"Hier staan er 2 van de {len(wanted)}." in first
    assert f"{len(wanted)} leerlingen" in first


def test_of_vacancies_that_wait_the_oldest_come_first_and_all_are_counted(
    service: Service, employer: Person, connector: Person, monkeypatch: pytest.MonkeyPatch  # noqa: F811
) -> None:
    monkeypatch.setattr(posted, "MOST", 2)
    made = []
    for _ in range(5):
        made.append(post(employer, description="Jonge man, gezond").json["vacancy"]["openings"][0]["id"])
        service.clock.forward(minutes=1)
    assert walked(connector, "/plekken/wachten", r'href="/plekken/([0-9a-f]{32})"') == [made[:2], made[2:4], made[4:]]
    assert "Hier staan er 2 van de 5." in connector.get("/plekken/wachten?taal=nl", headers=HTML).text
    today = connector.get("/vandaag?taal=nl", headers=HTML).text
    assert re.search(r'<span class="figure">5</span>\s*Vacatures die op je wachten', today)
    assert list(dict.fromkeys(re.findall(r'href="/plekken/([0-9a-f]{32})"', today))) == made[:3]


def test_the_next_page_of_vacancies_that_wait_is_the_first_again_when_nothing_is_on_it_any_more(
    service: Service, employer: Person, connector: Person, monkeypatch: pytest.MonkeyPatch  # noqa: F811
) -> None:
    monkeypatch.setattr(posted, "MOST", 2)
    made = []
    for _ in range(3):
        made.append(post(employer, description="Jonge man, gezond").json["vacancy"])
        service.clock.forward(minutes=1)
    here = "/plekken/wachten?taal=nl"
    there = urljoin(here, onward(connector.get(here, headers=HTML).text))
    assert set_state(connector, made[2], "closed").status_code == 200
    gone = connector.get(there, headers=HTML)
    assert (gone.status_code, gone.location) == (303, "/plekken/wachten")
    page = connector.get(gone.location, headers=HTML).text
    assert all(f"/plekken/{one['openings'][0]['id']}" in page for one in made[:2])
    assert set_state(connector, made[0], "closed").status_code == 200
    assert set_state(connector, made[1], "closed").status_code == 200
    assert "Er wacht geen vacature op je." in connector.get(connector.get(there, headers=HTML).location).text


LAST = "~" * 9, "~" * 32
OLDEST = datetime(1999, 1, 1, tzinfo=UTC), ""
NEWEST = datetime(2999, 1, 1, tzinfo=UTC), "~" * 32


@pytest.mark.parametrize(("email", "address", "place"), [
    ("c@example.org", "/zonder-plek?", LAST[1:]), ("c@example.org", "/plekken/wachten?", NEWEST),
    ("c@example.org", "/wegwijzer?soort=school&regio=", LAST),
    ("31TA00@example.org", "/leerlingen?mist=transport&stand=", LAST), ("31TA00@example.org", "/toestemming?", LAST),
    ("root@example.org", "/beheer/accounts?rol=connector", LAST),
    ("root@example.org", "/beheer/organisaties?soort=school&wacht=", LAST),
    ("root@example.org", "/beheer/berekeningen?", OLDEST),
])  # fmt: skip
def test_every_list_begins_anew_with_its_filters_when_nobody_is_left_where_it_would_go_on(
    cohort: Service, email: str, address: str, place: tuple[object, ...]
) -> None:
    cohort.add("root@example.org", Right("administrator"))
    who = cohort.person(email)
    path, _, said = address.partition("?")
    with cohort.app.test_request_context(path):
        where = seal(place)
    gone = who.get(f"{path}?na={where}&{said}".rstrip("&"), headers=HTML)
    assert (gone.status_code, gone.location) == (303, address.rstrip("?"))
    assert who.get(gone.location, headers=HTML).status_code == 200


def test_sharing_shows_who_waits_longest_and_says_that_there_are_more(
    cohort: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    flow = begin(cohort)
    assert judge(flow.connector, flow.run).status_code == 200
    other = next(p for p in waiting(flow.connector) if p["student"]["id"] != flow.student_id)
    second = people_of(cohort, flow.connector, flow.run, other, mark="2")
    flow.accept()
    cohort.clock.forward(minutes=1)
    second.accept()
    for module in (scope, share):
        monkeypatch.setattr(module, "MOST", 1)
    more = "Er zijn er meer. Je ziet alleen de 1 die het langst wachten"

    def shown(tab: str) -> tuple[bool, bool, bool]:
        page = flow.connector.get(f"/delen?taal=nl&tab={tab}", headers=HTML).text
        told = [f"/voorstellen/{one.proposal['id']}" in page for one in (flow, second)]
        return told[0], told[1], more in page

    assert shown("wacht") == (True, False, True)
    assert re.search(r'<span class="figure">1\+</span>\s*Wacht op toestemming',
                     flow.connector.get("/vandaag?taal=nl", headers=HTML).text)  # fmt: skip
    for one in (flow, second):
        assert one.answer(one.ask()).status_code == 200
    assert shown("klaar") == (True, False, True)
    first = flow.release().json["items"][0]["id"]
    assert shown("klaar") == (False, True, False)
    cohort.clock.forward(minutes=1)
    last = second.release().json["items"][0]["id"]
    page = flow.connector.get("/delen?taal=nl&tab=gedeeld", headers=HTML).text
    assert (f"/delen/{first}" in page, f"/delen/{last}" in page, more in page) == (True, False, True)


@on_both
def test_who_waits_for_consent_hides_nobody_who_can_be_shared(
    cohort: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many wait longer; a tab and Vandaag count what is there, with a plus when there are more."""
    flow = begin(cohort)
    assert judge(flow.connector, flow.run).status_code == 200
    others = [p for p in waiting(flow.connector) if p["student"]["id"] != flow.student_id]
    second, third = (people_of(cohort, flow.connector, flow.run, one, mark=str(mark))
                     for mark, one in enumerate(others[:2], 2))  # fmt: skip
    for one in (flow, second, third):
        one.accept()
        cohort.clock.forward(minutes=1)
    assert third.answer(third.ask()).status_code == 200
    for module in (scope, share):
        monkeypatch.setattr(module, "MOST", 1)

    def page(tab: str) -> str:
        return flow.connector.get(f"/delen?taal=nl&tab={tab}", headers=HTML).text

    def stands(tab: str) -> list[bool]:
        return [f"/voorstellen/{one.proposal['id']}" in page(tab) for one in (flow, second, third)]

    assert stands("klaar") == [False, False, True]
    assert stands("wacht") == [True, False, False]
    assert "Er zijn er meer." not in page("klaar")
    tabs = re.findall(r'<span class="count">([^<]*)</span>', page("wacht"))
    assert tabs == ["1", "1+", "0"]
    today = flow.connector.get("/vandaag?taal=nl", headers=HTML).text
    assert re.search(r'<span class="figure">1</span>\s*Kan nu gedeeld worden', today)
    assert f"/voorstellen/{third.proposal['id']}" in today


def test_a_region_is_only_advised_to_who_looks_at_more_than_one(
    cohort: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    flow = begin(cohort)
    assert judge(flow.connector, flow.run).status_code == 200
    other = next(p for p in waiting(flow.connector) if p["student"]["id"] != flow.student_id)
    second = people_of(cohort, flow.connector, flow.run, other, mark="2")
    flow.accept()
    second.accept()
    for module in (scope, share):
        monkeypatch.setattr(module, "MOST", 1)
    here = flow.connector.get(f"{API}/students/{flow.student_id}").json["region"]
    for email, regions in (("one@example.org", [here]), ("two@example.org", [here, "AM01"])):
        cohort.add(email, *(Right("connector", region) for region in regions))
        who = cohort.person(email)
        page = who.get("/delen?taal=nl&tab=wacht", headers=HTML).text
        assert "Er zijn er meer." in page
        assert ("Kies op Vandaag een regio" in page) is (len(regions) > 1)
        assert ('href="/voorstellen?tab=klaar"' in page) is (len(regions) == 1)
        rest = who.get("/voorstellen?tab=klaar", headers=HTML).text
        assert all(f"/voorstellen/{one.proposal['id']}" in rest for one in (flow, second))
    assert who.post("/vandaag/regio", data={"region": here}).status_code == 303
    assert "Kies op Vandaag een regio" not in who.get("/delen?taal=nl&tab=wacht", headers=HTML).text
