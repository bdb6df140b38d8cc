"""A school's year by clicks: a list with mistakes, mended, confirmed, seen back; a code handed out; where one went."""
from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.pages.conftest import Site
from tests.pages.messy import messy
from tests.pages.steps_people import click, menu, reads_easily, says, typed

pytestmark = pytest.mark.ui
Open = Callable[..., Any]


@pytest.mark.parametrize("js", [True, False], ids=["js", "no-js"])
def test_a_school_from_a_list_with_mistakes_to_where_its_leavers_went(own_site: Site, open_as: Open, js: bool) -> None:
    site = own_site
    page = open_as(site, "school", js=js)
    page.goto("/start")
    click(page, "Lijst aanleveren", "link")
    if page.url.endswith("/lijsten"):
        click(page, "Lijst aanleveren", "link")

    # A list as the school has it: columns are recognised, four mistakes are shown and mended on the page.
    page.set_input_files("#file", {"name": "klas 5.csv", "mimeType": "text/csv", "buffer": messy()})
    page.locator("main form button").first.click()
    page.wait_for_load_state()
    page.locator("main form button").first.click()
    page.wait_for_load_state()
    says(page, "Er zijn 4 rijen met een fout. 47 rijen zijn goed.")
    page.locator("button[value^='date:'][value$=':dmy']").click()
    page.wait_for_load_state()
    page.locator("button[value^='meant:']").click()
    page.wait_for_load_state()
    says(page, "Er is 1 rij met een fout.")
    page.locator("button[value^='skip-group:']").click()
    page.wait_for_load_state()
    says(page, "Alle 50 rijen zijn goed.")
    page.locator("button[value=review]").click()
    page.wait_for_load_state()
    assert page.locator(".tally-n").all_inner_texts() == ["50", "0", "0", "1"]
    page.locator("#confirm button").click()
    page.wait_for_load_state()
    says(page, "De lijst is opgeslagen")

    # What came of it: the list stands among the earlier ones, the students in the school's own table.
    menu(page, "Lijsten")
    says(page, "klas 5.csv")
    menu(page, "Mijn leerlingen")
    row = page.locator("main tr", has_text="T002")
    assert row.count() == 1
    assert "Zoekt een plek" in row.inner_text()

    # A code on paper, by which the student sees the own pages; consent is nothing that a school can give.
    menu(page, "Toestemming")
    page.locator("main tr", has_text="T002").locator("[name=student]").check()
    click(page, "Maak codes om af te drukken")
    assert page.locator(".slip").count() == 1
    code = page.locator(".big-code").inner_text()
    youth = open_as(site, "", width=360, js=js)
    youth.goto("/code")
    youth.get_by_label("Jouw code").fill(code)
    for name, value in (("Dag", "2"), ("Maand", "2"), ("Jaar", "2009")):
        youth.get_by_label(name).fill(value)
    click(youth, "Ga verder")
    assert youth.locator("h1").inner_text() == "Hoi Noor"
    says(youth, "Er is nu geen plek om te bekijken.")  # the list is of today, the run of yesterday
    reads_easily(youth)
    page.goto("/toestemming")
    assert "ingelogd op" in page.locator("main tr", has_text="T002").inner_text()

    # Where a leaver went is told once, and stands in the list afterwards.
    menu(page, "Uitkomsten")
    at_home = page.locator("main tr", has_text="geen werk en geen school").first
    at_home.get_by_role("link", name="Wijzig").click()
    page.locator("[name=destination][value=unknown]").check()  # the family moved: nobody knows any more
    page.get_by_label("Sinds").fill(typed(site.service.clock().date() - timedelta(days=5)))
    click(page, "Meld")
    left = page.locator("main a.btn[href^='/uitkomsten/']", has_text="Meld")
    before = left.count()
    where = left.first.get_attribute("href")
    left.first.click()
    page.wait_for_load_state()
    click(page, "Meld")
    assert page.title().startswith("Fout: ")  # where, and since when
    page.locator("[name=destination][value=work]").check()
    page.get_by_label("Sinds").fill(typed(site.service.clock().date() - timedelta(days=3)))
    click(page, "Meld")
    assert left.count() == before - 1
    assert page.locator(f"main a[href='{where}']").inner_text().startswith("Wijzig")
