"""From meeting to follow-up on the connector's pages: every form once, and what it leaves behind."""
from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.pages.conftest import Site, shoot
from tests.service.browser import Person

Open = Callable[..., Any]
HTML = {"Accept": "text/html,*/*;q=0.8"}
API = "/api/v1"


def page(person: Person, path: str) -> str:
    """A page that is there."""
    answer = person.get(path, headers=HTML)
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.text


def submit(person: Person, path: str, action: str, status: int = 303, **values: Any) -> str:
    """Fill in the form of a page that goes to ``action`` and send it; return what follows."""
    shown = page(person, path)
    assert f'action="{action}"' in shown, re.findall("action=[^ ]+", shown)
    form = shown.split(f'action="{action}"')[1].split("</form>")[0]
    hidden = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form))
    answer = person.client.post(action, data={**hidden, **values}, headers=HTML)
    assert answer.status_code == status, (action, answer.status_code, answer.text[:2000])
    return answer.text if status != 303 else page(person, answer.location)


def test_from_meeting_to_check_moment(own_site: Site) -> None:
    service, world = own_site.service, own_site.world
    connector, student = service.person(world.email("connector")), service.person(world.email("student"))
    release = connector.get(f"{API}/releases/{world.ids['release']}").json
    with service.database.reading() as session:
        from api.store.tables import Organisation, StoredOpening, Vacancy

        opening = session.get_one(StoredOpening, release["opening"]["id"])
        kvk = session.get_one(Organisation, session.get_one(Vacancy, opening.vacancy_id).organisation_id).code
    from api.services.accounts import Right

    service.add("boss@example.org", Right("employer", kvk))
    employer = service.person("boss@example.org")
    candidate = f"{API}/candidates/{release['id']}"
    said = employer.ask("PUT", f"{candidate}/word", json={"word": "meet"},
                        headers={"If-Match": employer.get(candidate).headers["ETag"]})  # fmt: skip
    assert said.status_code == 200, said.text
    assert "wil kennismaken" in page(connector, "/vandaag")
    path = re.search(r'href="(/opvolging/kennismaking/\w+)"[^\n]*Aangevraagd', page(connector, "/opvolging"))
    assert path is not None
    meeting = path[1]
    wrong = submit(connector, meeting, f"{meeting}/plan", 400, day="", time="soon", where="Bij de kas")
    assert "<title>Fout: " in wrong
    assert "Bij de kas" in wrong
    assert wrong.count("Vul een dag in, zoals 27-3-2026.") == 2  # above the form and beside the field
    assert wrong.count("Vul een tijd in, zoals 14.30.") == 2
    shown = submit(connector, meeting, f"{meeting}/plan", day="15-6-2026", time="14.30", where="Bij de kas")
    assert "15 juni 2026, 14.30" in shown
    submit(connector, meeting, f"{meeting}/uitkomst", 400, held_on="2026-06-15")
    shown = submit(connector, meeting, f"{meeting}/uitkomst", outcome="go_on", held_on="2026-06-15")
    shown = submit(connector, meeting, f"{meeting}/afspraak", starts_on="15-06-2026", hours="24", mentor="Wim",
                   what="Begin om 9 uur", who="employer")  # fmt: skip
    assert "Begin om 9 uur" in shown
    written = connector.get(f"{API}/agreements?limit=100").json["items"]  # of one moment: in no order of their own
    agreement = next(one["id"] for one in written if one["introductionId"] == meeting.split("/")[-1])
    for person in (student, employer):
        seen = person.get(f"{API}/agreements/{agreement}").headers["ETag"]
        agreed = person.ask("PUT", f"{API}/agreements/{agreement}/approval", headers={"If-Match": seen})
        assert agreed.status_code == 200, agreed.text
    submit(connector, meeting, f"/opvolging/afspraak/{agreement}/start", started_on="15-6-2026")
    started = connector.get(f"{API}/placements?limit=100").json["items"]
    mine = next(one for one in started if one["student"]["id"] == world.ids["shared_student"])
    at_work = f"/opvolging/plaatsing/{mine['id']}"
    shown = submit(connector, at_work, f"{at_work}/stappen", goal="Zelf reizen", what="Samen oefenen", who="coach")
    assert "Samen oefenen" in shown
    step = re.search(r'action="(/opvolging/stap/\w+)"', shown)
    assert step is not None
    assert "Fout: " in submit(connector, at_work, step[1], 400, state="paused", reason="")
    assert "bezig" in submit(connector, at_work, step[1], state="active", reason="")
    service.clock.forward(days=15)
    connector = service.person(world.email("connector"))
    due = page(connector, "/opvolging").count("na 2 weken")
    assert due >= 1
    moment = re.search(r'action="(/opvolging/moment/\w+)"', page(connector, at_work))
    assert moment is not None
    wrong = submit(connector, at_work, moment[1], 400, held_on="31-6-2026", outcome="goes_well", note="Hij lacht")
    assert "<title>Fout: " in wrong
    assert 'value="31-6-2026"' in wrong, "what was typed stays"
    assert 'value="goes_well" checked' in wrong
    assert ">Hij lacht</textarea>" in wrong
    shown = submit(connector, at_work, moment[1], held_on="2026-06-30", outcome="goes_well", note="Hij lacht weer")
    assert "Hij lacht weer" in shown
    assert page(connector, "/opvolging").count("na 2 weken") == due - 1


def test_a_group_is_asked_about_and_answered_with_names(own_site: Site) -> None:
    from api.services import run_queue

    service = own_site.service
    connector = service.person(own_site.world.email("connector"))
    wrong = submit(connector, "/groep", "/groep", 400, branch="infra", place="Nergenshuizen", starts_on="2026-09-01",
                   places="10", min_to_open="12")  # fmt: skip
    assert "Dit kan niet meer zijn" in wrong
    wrong = submit(connector, "/groep", "/groep", 400, branch="infra", place="Nergenshuizen", starts_on="2026-09-01",
                   places="10", min_to_open="4")  # fmt: skip
    assert "Deze plaats kennen we niet" in wrong
    before = page(connector, "/voorstellen")
    shown = submit(connector, "/groep", "/groep", branch="infra", place="Raalte", starts_on="1-9-2026", places="10",
                   min_to_open="4", tasks="straten en tegels leggen")  # fmt: skip
    assert "In de wachtrij" in shown
    address = connector.client.get("/groep", headers=HTML).request.path
    assert address == "/groep"
    taken = run_queue.take(service.database, service.clock())
    assert taken is not None
    run_queue.compute(service.database, *taken, lambda _: None, service.clock)
    answer = page(connector, f"/groep/{taken[0]}")
    assert "Zou starten" in answer or "Zou niet starten" in answer
    assert re.search(r"\d+ leerlingen zouden kunnen|1 leerling zou kunnen", answer)
    assert re.findall(r"\d+ voorstellen", page(connector, "/voorstellen")) == re.findall(r"\d+ voorstellen", before)


@pytest.mark.ui
def test_the_connector_sees_what_is_adapted_by_whom_and_when(own_people_site: Site, open_as: Open) -> None:
    """What the employer marks as done stands on the connector's pages of meeting and placement; the rest is to do."""
    site = own_people_site
    today = "15 juni 2026"
    pages = [site.world.address(path) for path in ("/opvolging/plaatsing/{placement}",
                                                   "/opvolging/kennismaking/{introduction_placed}")]  # fmt: skip
    connector = open_as(site, "connector", js=False)

    def lines(address: str) -> list[str]:
        connector.goto(address)
        heading = connector.get_by_role("heading", name="Wat er wordt aangepast")
        shown = heading.locator("xpath=following-sibling::ul[1]/li").all_inner_texts()
        return [" | ".join(line for line in text.splitlines() if line) for text in shown]

    card, rest = "Stappenkaart maken | School | Nog doen", "Rustige plek om te pauzeren | Werkgever, voor"
    for address in pages:
        assert lines(address) == [f"{rest} {today} | Nog doen", card]
    site.service.clock.forward(days=1)
    site.__dict__["sessions"].clear()  # a session lasts no day
    connector, employer = open_as(site, "connector", js=False), open_as(site, "employer", js=False)
    for address in pages:
        assert lines(address) == [f"{rest} {today} | Te laat", card]
    shoot(connector, "aanpassingen")
    employer.goto(site.world.address("/plaatsingen/{placement}"))
    employer.get_by_role("button", name="Dit is klaar").click()
    for address in pages:
        assert lines(address) == [f"{rest} {today} | Klaar op 16 juni 2026", card]
