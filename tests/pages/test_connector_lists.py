"""What a connector's lists say of themselves and of each other: one word is one set, and a refusal says why."""
from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from api.store import runs
from api.store.tables import ConsentRequest, Decided, Plan, Proposal, StoredStudent
from features.geography import REGIONS
from tests.pages.conftest import WIDTHS, Site, axe, is_narrow, shoot
from tests.pages.steps_people import click, says
from tests.pages.world_people import API, put

pytestmark = pytest.mark.ui
Open = Callable[..., Any]
WORLDS = (("own_site", 1, 2), ("own_people_site", 0, 0))
"""Worlds with how many said yes, and how many were not asked or have not answered; 0: whoever has an open question."""


@pytest.mark.parametrize("region", ["", "AM05"])
@pytest.mark.parametrize("world", WORLDS)
def test_a_word_on_today_is_the_same_people_as_that_word_where_they_are_shared(
    request: pytest.FixtureRequest, open_as: Open, region: str, world: tuple[str, int, int]
) -> None:
    """Who said yes on the one tab; who was not asked or has not answered, options among them, on the other."""
    name, ready, not_ready = world
    site: Site = request.getfixturevalue(name)
    waits = select(ConsentRequest).where(ConsentRequest.answer.is_(None), ConsentRequest.ended_at.is_(None))
    with site.service.database.reading() as session:
        not_ready = not_ready or len(session.scalars(waits).all())
    assert not_ready >= 2
    page = open_as(site, "connector", js=False)
    if region:
        page.goto("/vandaag")
        page.locator("#region").select_option(region)
        page.get_by_role("button", name="Toon").click()
    for word, rows, number in (("Kan nu gedeeld worden", "input[name=keuze]", ready),
                               ("Wacht op toestemming", "main tbody tr", not_ready)):  # fmt: skip
        page.goto("/vandaag")
        link = page.locator(".queue h2 a", has_text=word)
        told = int(link.locator(".figure").inner_text())
        link.click()
        tab = page.locator(".tabs [aria-current]")
        assert word in tab.inner_text()
        assert int(tab.locator(".count").inner_text()) == told == page.locator(rows).count()
        assert told == number or (region and told < number)
    assert page.get_by_text("Alleen leerlingen uit").count() == bool(region)


def test_a_pair_that_is_not_proposed_again_says_why_and_leads_there(own_site: Site, open_as: Open) -> None:
    """Two look at one pair outside the list: what the first did, the second reads, each time what it was."""
    site = own_site
    with site.service.database.reading() as session:
        rich = session.get_one(Proposal, site.world.ids["rich"])
        known = {p.opening_id for p in runs.proposals_of(session, rich.run_id, student_id=rich.student_id, limit=100)}
        opening = next(i for i, _, _ in runs.openings_in(session, REGIONS) if i not in known)
        student = next(record for i, _, record in runs.students_in(session, REGIONS) if i == rich.student_id)
    name = student["background"]["first_name"]
    first, second = open_as(site, "connector2", js=False), open_as(site, "connector")
    for page in (first, second):
        page.goto(f"/zoeken/{rich.student_id}/{opening}")
        page.locator("#why").fill("Dit is vlakbij huis")
    first.get_by_role("button", name="Toch voorstellen").click()
    card = re.sub(r"[?#].*", "", first.url)
    with second.expect_navigation() as answer:
        second.get_by_role("button", name="Toch voorstellen").click()
    assert answer.value.status == 409
    shoot(second, "toch-voorstellen-geweigerd")
    says(second, "Dit paar is al voorgesteld.")
    axe(second)
    second.get_by_role("link", name="Bekijk voorstel").click()
    second.wait_for_url(card)

    second.goto(f"/zoeken/{rich.student_id}/{opening}")
    second.locator("#why").fill("Dit is vlakbij huis")
    if first.get_by_role("button", name="Toon de uitleg").count():  # this card asks one's own judgement first
        first.locator("input[name=band]").first.check()
        first.get_by_role("button", name="Toon de uitleg").click()
    first.locator("details.reject summary").click()
    first.locator("#reason").check()
    first.get_by_role("button", name="Opslaan").click()
    with second.expect_navigation():
        second.get_by_role("button", name="Toch voorstellen").click()
    says(second, f"Mark Bakker zette {name} op Past niet: reizen. Over dit paar is al gekozen.")
    second.get_by_role("link", name="Bekijk voorstel").click()
    second.wait_for_url(card)


@pytest.mark.parametrize(("ref", "why"), [
    ("0039", "De leerling heeft al een bestemming."),
    ("0028", "We weten nog niet of de leerling kan werken."),
    ("0021", "De leerling gaat naar dagbesteding."),
])  # fmt: skip
def test_who_cannot_be_placed_is_not_proposed_and_reads_what_holds_that(
    site: Site, open_as: Open, ref: str, why: str
) -> None:
    """The page offers no form; and a form that was open before the school said so is refused with the same words."""
    with site.service.database.reading() as session:
        student = next(i for i, _, record in runs.students_in(session, REGIONS) if record["student_ref"] == ref)
        other = session.get_one(Proposal, site.world.ids["rich"]).student_id
        planned = set(session.scalars(select(Proposal.opening_id).where(Proposal.student_id == other)))
        opening = next(i for i, *_ in runs.openings_in(session, REGIONS) if i not in planned)
    page = open_as(site, "connector")
    page.goto(f"/zoeken/{student}/{opening}")
    says(page, why)
    assert page.locator("main form").count() == 0
    axe(page)
    page.goto(f"/zoeken/{other}/{opening}")
    page.locator("#why").fill("Dit is vlakbij huis")
    page.locator("main form").evaluate("(form, to) => form.action = to", f"/zoeken/{student}/{opening}")
    with page.expect_navigation() as answer:
        page.get_by_role("button", name="Toch voorstellen").click()
    assert answer.value.status == 409
    says(page, why)
    says(page, "Deze leerling kan nu geen plek krijgen. Klopt dat niet? Vraag het de school.")


def test_where_no_plan_holds_a_pair_waits_for_a_run(own_site: Site, open_as: Open) -> None:
    site = own_site
    with site.service.database.writing() as session:
        rich = session.get_one(Proposal, site.world.ids["rich"])
        session.execute(delete(Plan))
        address = f"/zoeken/{rich.student_id}/{rich.opening_id}"
    page = open_as(site, "connector", js=False)
    page.goto(address)
    page.locator("#why").fill("Dit is vlakbij huis")
    page.get_by_role("button", name="Toch voorstellen").click()
    says(page, "In deze regio geldt nog geen plan.")
    page.get_by_role("link", name="Naar berekeningen").click()
    assert page.url.endswith("/berekeningen")


def test_what_two_do_at_once_is_refused_in_words(own_site: Site, open_as: Open) -> None:
    """Both ask the same student; who is second reads that it was asked, and how to go back."""
    first, second = open_as(own_site, "connector2", js=False), open_as(own_site, "connector", js=False)
    for page in (first, second):
        page.goto("/delen?tab=wacht")
    first.get_by_role("button", name="Vraag toestemming").click()
    says(first, "De vraag staat bij de leerling.")
    second.get_by_role("button", name="Vraag toestemming").click()
    says(second, "De vraag om toestemming is al gesteld.")
    second.get_by_role("link", name="Terug").click()
    assert second.url.endswith("/delen")


def test_what_would_help_names_a_vacancy_as_people_know_it(site: Site) -> None:
    """By its title, employer and place; never by the employer's own number, alone or with whose it is."""
    from api.services import standing
    from api.services.days import local_day

    with site.service.database.reading() as session:
        today = local_day(site.service.clock())
        found = standing.unplaced(session, REGIONS, (), 500, today=today, lang="nl")
    told = [one["change"] for one in found if one["change"]]
    at = [one for one in told if one["opening"] and "(start " in one["sentence"]]
    assert len(at) > 3
    for one in at:
        where = one["opening"]
        place = "" if where["place"] in where["employer"] else f", {where['place']}"
        assert f"{where['title']}, {where['employer']}{place} (start " in one["sentence"]
        assert where["place"] in one["sentence"]
        assert where["place"] and where["vacancy_ref"] not in one["sentence"]
    shown = site.service.person(site.world.email("connector")).get("/zonder-plek", headers={"Accept": "text/html"}).text
    assert at[0]["opening"]["title"] in shown
    assert not [one for one in at if f"{one['opening']['vacancy_ref']} (start" in shown]


def test_where_nothing_was_judged_an_empty_list_says_so_and_what_to_do(own_site: Site, open_as: Open) -> None:
    """Nobody is praised for nothing; whoever judged the last proposal is."""
    page = open_as(own_site, "empty", js=False)
    page.goto("/voorstellen")
    says(page, "Er zijn nog geen voorstellen.")
    assert page.get_by_text("Goed gedaan").count() == 0
    page.get_by_role("link", name="Herberekenen").click()
    assert page.url.endswith("/berekeningen")
    with own_site.service.database.writing() as session:
        kept = {session.get_one(Decided, own_site.world.ids[f"{name}_decision"]).student_id
                for name in ("ready", "asked", "accepted", "shared")}  # fmt: skip
        session.execute(update(StoredStudent).where(~StoredStudent.id.in_(kept)).values(region_code=None))
    judged = open_as(own_site, "connector", js=False)
    judged.goto("/voorstellen")
    says(judged, "Geen voorstellen meer. Goed gedaan.")


def test_a_page_about_one_names_the_other(own_site: Site, open_as: Open) -> None:
    """History on a place says of whom, on a student where; a list says of which school, by its name."""
    site = own_site
    page = open_as(site, "connector", js=False)
    with site.service.database.reading() as session:
        made = session.get_one(Decided, site.world.ids["ready_decision"])
        student, opening = (found[key] for found, key in zip(
            runs.names_of(session, [made.student_id], [made.opening_id]), (made.student_id, made.opening_id),
            strict=True))  # fmt: skip
    page.goto(f"/plekken/{made.opening_id}")
    says(page, f"{student['first_name']}: past")
    page.goto(f"/leerlingen/{made.student_id}/verbinder")
    says(page, f"{opening['title']}, {opening['employer']}: past")
    page.goto("/voorstellen?per=leerling")
    says(page, "Praktijkschool Salland")
    assert page.get_by_text("31SB00").count() == 0


def test_what_the_plan_has_already_is_not_proposed_but_shown(site: Site, open_as: Open) -> None:
    page = open_as(site, "connector", js=False)
    page.goto(site.world.address("/zoeken/{student}/{opening}"))
    says(page, "Dit staat in het plan.")
    assert page.locator("main form").count() == 0
    page.get_by_role("link", name="Bekijk voorstel").click()
    assert "/voorstellen/" in page.url


def test_where_nobody_is_yet_no_page_says_that_everybody_is_helped(own_site: Site, open_as: Open) -> None:
    """A region without students, and one without a plan: neither has a proposal for everybody."""
    page = open_as(own_site, "empty", js=False)
    page.goto("/zonder-plek")
    says(page, "Er zijn nog geen leerlingen in je regio.")
    with own_site.service.database.writing() as session:
        session.execute(delete(Plan))
    page.goto("/zonder-plek")
    says(page, "Voor je regio's geldt nog geen plan.")
    assert page.get_by_text("Iedereen").count() == 0


@pytest.mark.parametrize("width", WIDTHS)
def test_what_employers_answered_is_a_list_that_leads_to_what_one_can_do(
    own_people_site: Site, open_as: Open, width: int
) -> None:
    """Evi's meeting is off and asked for again; Thijs does not fit, and is not sent again unseen; Jesse works there."""
    site = own_people_site
    employer, connector = (site.service.person(site.world.email(role)) for role in ("employer", "connector"))
    meeting = f"{API}/introductions/{site.world.ids['introduction']}"
    off = connector.ask("DELETE", meeting, headers={"If-Match": connector.get(meeting).headers["ETag"]})
    assert off.status_code == 200, off.text
    for name, said in (("shared", {"word": "does_not_fit", "reason": "hours"}), ("meeting", {"word": "meet"})):
        path = f"{API}/candidates/{site.world.ids[f'candidate_{name}']}"
        told = put(employer, f"{path}/word", said, of=path)
        assert told.status_code == 200, told.text
    page = open_as(site, "connector", width=width)
    page.goto("/vandaag")
    page.get_by_role("link", name="2 Werkgever reageerde").click()
    assert page.locator("main tbody th").all_inner_texts() == ["Evi", "Thijs"]
    looked_at(page, f"werkgever-reageerde-{width}")
    no = "Werkgever zei 15 juni 2026 past niet: de werktijden passen niet"
    says(page, no)
    click(page, "Deel opnieuw: Thijs", "link")
    says(page, no)
    looked_at(page, f"delen-controle-past-niet-{width}")
    page.goto("/werkgever-reageerde")
    click(page, "Plan de kennismaking: Evi", "link")
    assert page.locator("h1").inner_text() == "Kennismaken: Evi"
    at_work = open_as(site, "employer", width=width)
    at_work.goto(f"/kandidaten/{site.world.ids['candidate_placed']}")
    says(at_work, "Deze kandidaat werkt bij u. Gaat dat niet verder? Beëindig dan de plaatsing.")
    assert at_work.get_by_text("Past niet").count() == 0
    looked_at(at_work, f"kandidaat-aan-het-werk-{width}")
    click(at_work, "Naar de plaatsing", "link")
    assert at_work.url.endswith(f"/plaatsingen/{site.world.ids['placement']}")


def looked_at(page: Any, name: str) -> None:
    """Nothing is in the way of anybody, nor wider than the screen; with a picture."""
    axe(page)
    is_narrow(page)
    shoot(page, name)
