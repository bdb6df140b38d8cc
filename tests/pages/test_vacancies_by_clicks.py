"""A vacancy that waits and one that changes, by clicks: from the connector's first page, and from Mijn vacatures."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.pages.conftest import Site, axe, is_narrow
from tests.pages.steps_people import click, says

pytestmark = pytest.mark.ui
Open = Callable[..., Any]
SHARED = {"title": "Medewerker kas", "branch": "green", "tasks": ["snoeien!", "maaien"], "postcode": "8121",
          "hoursMin": 16, "hoursMax": 32}  # fmt: skip
STARTS = [{"startsOn": "2027-02-09", "places": 12}, {"startsOn": "2027-07-12", "places": 12}]


def posted(site: Site, **more: Any) -> str:
    """A vacancy of the employer; return its id."""
    employer = site.service.person(site.world.email("employer"))
    made = employer.post("/api/v1/vacancies", {"shared": SHARED | more, "openings": STARTS})
    assert made.status_code == 201, made.text
    return str(made.json["vacancy"]["id"])


@pytest.mark.parametrize("js", [True, False])
def test_a_start_moves_and_another_goes_by_clicks_and_the_page_tells_so_first(
    own_people_site: Site, open_as: Open, js: bool
) -> None:
    site = own_people_site
    vacancy = posted(site)
    page = open_as(site, "employer", width=320, js=js)
    page.goto(f"/vacatures/{vacancy}")
    click(page, "Wijzigen")
    steps = page.url.split("?")[0]
    page.goto(f"{steps}/tijden")
    if js:
        axe(page)
    page.locator("#starts_on_1").fill("16-2-2027")
    page.locator("#places_1").fill("14")
    for name in ("starts_on_2", "places_2", "closes_on_2"):
        page.locator(f"#{name}").fill("")
    click(page, "Opslaan en naar de lijst")
    page.goto(f"{steps}/nakijken")
    says(page, "9 februari 2027 wordt 16 februari 2027")
    says(page, "12 juli 2027 gaat weg")
    if js:
        axe(page)
        is_narrow(page)
    click(page, "Wijzigingen opslaan")
    says(page, "Nog 14 van 14 plekken vrij")
    assert page.locator("main table tbody tr").count() == 1


def test_what_a_colleague_changed_is_read_and_taken_over_by_clicks(own_people_site: Site, open_as: Open) -> None:
    site = own_people_site
    vacancy = posted(site)
    page = open_as(site, "employer", width=320)
    page.goto(f"/vacatures/{vacancy}")
    click(page, "Wijzigen")
    steps = page.url.split("?")[0]
    colleague = site.service.person(site.world.email("employer"))
    path = f"/api/v1/vacancies/{vacancy}"
    changed = colleague.ask("PATCH", path, json={"shared": {"title": "Hovenier", "hoursMax": 28}},
                            headers={"If-Match": colleague.get(path).headers["ETag"]})  # fmt: skip
    assert changed.status_code == 200, changed.text
    page.goto(f"{steps}/nakijken")
    says(page, "Naam van het werk: “Medewerker kas” is nu “Hovenier”")
    assert page.get_by_role("button", name="Wijzigingen opslaan").count() == 0
    axe(page)
    is_narrow(page)
    click(page, "Neem over en kijk opnieuw")
    assert page.get_by_text("Deze vacature is intussen gewijzigd").count() == 0
    click(page, "Wijzigingen opslaan")
    says(page, "Hovenier")


def test_a_connector_reads_a_vacancy_that_waits_and_places_it(own_people_site: Site, open_as: Open) -> None:
    site = own_people_site
    posted(site, description="Jonge man, gezond")
    page = open_as(site, "connector", width=320)
    page.goto("/vandaag")
    is_narrow(page)
    page.get_by_role("link", name="Vacatures die op je wachten").click()
    page.wait_for_load_state()
    says(page, "Om naar te kijken: woorden die mensen kunnen uitsluiten.")
    axe(page)
    is_narrow(page)
    click(page, "Medewerker kas", "link")
    says(page, "Wacht op plaatsing")
    axe(page)
    is_narrow(page)
    click(page, "Plaats")
    says(page, "De vacature is geplaatst en staat open.")
    assert page.get_by_text("Wacht op plaatsing").count() == 0
