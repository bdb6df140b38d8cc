"""Handing in a list by clicks: a messy file in few of them, mended on the page, left and taken up again, undone."""
from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select

from api.schemas.columns import KINDS, plain
from api.store.tables import Draft, StoredStudent
from api.texts.pages.school.profile import FIELD
from tests.pages.conftest import Site
from tests.pages.messy import NAMES, WRONG, bsn_column, messy
from tests.service.test_uploads import HEAD

Open = Callable[..., Any]
browsing = pytest.mark.ui
MOST_CLICKS = 12


class Clicks:
    """A page whose clicks are counted; choosing a file is one."""

    def __init__(self, page: Any) -> None:
        self.page, self.made = page, 0

    def click(self, selector: str) -> None:
        """Click and wait for the page that follows."""
        self.made += 1
        self.page.locator(selector).first.click()
        self.page.wait_for_load_state()

    def choose(self, content: bytes, name: str = "lijst.csv") -> None:
        """Choose a file."""
        self.made += 1
        self.page.set_input_files("#file", {"name": name, "mimeType": "text/csv", "buffer": content})


def students(site: Site, ref: str = "T") -> int:
    """How many students are stored whose number begins like this."""
    with site.service.database.reading() as session:
        query = select(func.count()).where(StoredStudent.student_ref.startswith(ref))
        return session.scalar(query) or 0


def hand_in(page: Any, content: bytes, name: str = "lijst.csv") -> Clicks:
    """Choose a file and send it."""
    page.goto("/lijsten/nieuw")
    clicks = Clicks(page)
    clicks.choose(content, name)
    clicks.click("main form button")
    return clicks


@browsing
@pytest.mark.parametrize("js", [True, False], ids=["js", "no-js"])
def test_a_messy_file_is_stored_in_under_twelve_clicks(own_site: Site, open_as: Open, js: bool) -> None:
    page = open_as(own_site, "school", js=js)
    page.goto("/start")
    clicks = Clicks(page)
    clicks.click(".top a[href='/lijsten']")
    clicks.click("main a[href='/lijsten/nieuw']")
    clicks.choose(messy(), "rommelig.csv")
    clicks.click("main form button")
    assert page.url.endswith("/kolommen")
    assert page.locator("select[name^=column-]").evaluate_all("all => all.map((one) => one.value)") == [
        "student_ref", "first_name", "birth_date", "school_type", "leaving_profile", "leaves_on", "postcode",
        "travel_means", "max_km", "branches", "work_capacity", ""]  # fmt: skip
    text = page.inner_text("main")
    assert "Achternaam" in text  # nobody asks for it: it is said, and gone
    assert "Jansen" not in text
    clicks.click("main form button")

    lines = page.locator("tr.fault")
    found = {int(line.locator("th").inner_text().split(":")[-1]): line.locator("td").nth(1).inner_text()
             for line in lines.all()}  # fmt: skip
    assert found == WRONG  # exactly the four, with their columns
    for text in lines.all_inner_texts():
        assert "Fout:" in text  # what to do stands beside what was found
    assert {"3/4/2009", "arbeit", "T005", "11/12/2008"} == {
        line.locator(".found").inner_text() for line in lines.all()}  # fmt: skip
    assert "4 rijen met een fout. 47 rijen zijn goed" in page.inner_text("main")
    clicks.click("a[href*='alle=1']")
    assert page.locator("table").last.locator("tbody tr").count() == 50  # and one on the next page
    page.go_back()
    clicks.made -= 1  # to see all rows is no part of the way
    left = []
    for button in ("date:", "meant:", "skip-group:"):
        clicks.click(f"button[value^='{button}']")
        left.append(page.locator("tr.fault").count())
    assert left == [2, 1, 0]  # without a new file
    clicks.click("button[value=review]")
    figures = page.locator(".tally-n").all_inner_texts()
    assert figures == ["50", "0", "0", "1"]
    assert students(own_site) == 0  # nothing before it is confirmed
    clicks.click("#confirm button")
    assert page.locator("h1").inner_text() == "De lijst is opgeslagen"
    assert students(own_site) == 50
    assert clicks.made < MOST_CLICKS
    with own_site.service.database.reading() as session:
        assert not any(draft.content["name"] == "rommelig.csv" for draft in session.scalars(select(Draft)))
        born = session.execute(select(StoredStudent.id).where(StoredStudent.student_ref == "T007")).scalar_one()
        from api.store.tables import Profile

        assert session.get_one(Profile, (born, 1)).record["birth_date"] == "2009-04-03"

    hand_in(page, messy(clean=True).replace(b"8102 HG;fiets;15", b"8102 HG;fiets;20", 1))
    clicks.click("main form button")
    clicks.click("button[value=review]")
    # T005 stands twice no more: its second row has a number of its own; T001 has another distance, two another date.
    assert page.locator(".tally-n").all_inner_texts() == ["1", "3", "47", "0"]
    text = page.locator("tr", has_text=f"{NAMES[1]} T002").inner_text()
    assert re.search(r"Hoogstens kilometer\s+15\s+20", text)


def test_a_column_that_is_called_as_the_screen_calls_it_is_known() -> None:
    read = {column.name: column.words() for column in KINDS["leavers"]}
    for name, (dutch, _) in FIELD.items():
        if name in read:
            assert plain(dutch) in read[name], name


@browsing
def test_a_list_that_says_nowhere_who_can_work_and_has_two_wishes_in_a_cell_is_no_dead_end(
    site: Site, open_as: Open
) -> None:
    page = open_as(site, "school")
    head = "Nr;Roepnaam;Geb. datum;Woonplaats;Wil werken in;Datum uit school;Opmerking\n"
    clicks = hand_in(page, (head + "901;Sem;3-4-2009;Raalte;horeca, zorg;17-07-2027;is vaak moe\n").encode())
    assert "is vaak moe" not in page.inner_text("main")  # nobody asks for remarks: they are gone
    clicks.click("main form button")
    told = page.inner_text("#errors")
    assert all(name in told for name in ("Leerlingnummer", "Schooltype", "Kan werken"))
    page.locator("tr", has=page.locator("th", has_text="Nr")).locator("select").select_option("student_ref")
    page.select_option("#all-school_type", "pro")
    page.select_option("#all-work_capacity", "ja")
    clicks.click("main form button")
    assert "Bedoel je “horeca en catering, zorg en welzijn”?" in page.inner_text(".mend")
    clicks.click("button[value^='meant:']")
    assert page.locator("tr.fault").count() == 0
    clicks.click("button[value=review]")
    clicks.click("#confirm button")
    with site.service.database.reading() as session:
        from api.store.tables import Profile

        born = session.execute(select(StoredStudent.id).where(StoredStudent.student_ref == "901")).scalar_one()
        record = session.get_one(Profile, (born, 1)).record
    assert (record["branches"], record["work_capacity"]) == (["hospitality", "care_welfare"], "yes")


@browsing
def test_known_headers_skip_the_columns_and_a_cell_is_mended_by_typing(site: Site, open_as: Open) -> None:
    page = open_as(site, "school")
    rows = "K1,31SB00,pro,gisteren,2026-07-01,8011,ja\nK2,31SB00,pro,2009-02-03,2026-07-01,8011,ja\n"
    clicks = hand_in(page, (HEAD + rows).encode())
    assert page.url.endswith("/controleren")
    page.fill("[name^=cel-2-]", "1 februari 2009")
    clicks.click("button[value=save]")
    assert page.locator("tr.fault").count() == 0
    assert "Alle 2 rijen zijn goed" in page.inner_text("main")


@browsing
def test_a_number_that_may_be_a_bsn_stops_the_file_and_is_shown_to_nobody(site: Site, open_as: Open) -> None:
    page = open_as(site, "school")
    before = students(site)
    hand_in(page, bsn_column(), "met bsn.csv")
    assert page.title().startswith("Fout: ")
    text = page.inner_text("main")
    assert "Haal deze kolom uit je bestand: Kenmerk." in text
    assert "*********" in text
    assert not re.search(r"\d{9}", page.content())
    assert students(site) == before
    page.goto("/lijsten")
    assert page.locator("tbody tr", has_text="met bsn.csv").locator(".tag").inner_text() == "Niet aangenomen"


@browsing
def test_a_typed_bsn_is_not_kept(site: Site, open_as: Open) -> None:
    from tests.pages.messy import bsn_column as numbers

    page = open_as(site, "school")
    clicks = hand_in(page, (HEAD + "K1,31SB00,pro,gisteren,2026-07-01,8011,ja\n").encode())
    bsn = numbers().decode().splitlines()[1].rpartition(";")[2]
    page.fill("[name^=cel-2-]", bsn)
    clicks.click("button[value=save]")
    assert page.title().startswith("Fout: ")
    assert bsn not in page.content()
    with site.service.database.reading() as session:
        assert not any(bsn in str(draft.content) for draft in session.scalars(select(Draft)))


@browsing
def test_who_leaves_goes_on_the_next_day_where_they_were(own_site: Site, open_as: Open) -> None:
    page = open_as(own_site, "school")
    clicks = hand_in(page, messy(), "rommelig.csv")
    clicks.click("main form button")
    clicks.click("button[value^='date:'][value$=':mdy']")
    clicks.click("button[value='skip:19']")
    clicks.click("button[value=later]")
    assert "tot 30 dagen later" in page.locator("main .banner").inner_text()
    own_site.service.clock.forward(days=1)
    own_site.__dict__.pop("sessions")  # the session of yesterday has ended
    page = open_as(own_site, "school")
    page.goto("/lijsten")
    page.locator("tr", has_text="rommelig.csv").locator("a").click()
    page.wait_for_load_state()
    assert page.url.endswith("/controleren")
    assert page.locator("tr.fault th").all_inner_texts() == ["33"]
    assert "1 rij sla je over" in page.inner_text("main")
    own_site.service.clock.forward(days=31)
    own_site.__dict__.pop("sessions")
    page = open_as(own_site, "school")
    assert page.goto("/lijsten").status == 200
    assert page.locator("a[href^='/lijsten/concept/']").count() == 0


@browsing
def test_a_stored_list_is_undone_as_long_as_nothing_stands_on_it(own_site: Site, open_as: Open) -> None:
    page = open_as(own_site, "school")
    clicks = hand_in(page, messy(clean=True))
    clicks.click("main form button")
    clicks.click("button[value=review]")
    clicks.click("#confirm button")
    assert students(own_site) == 51
    clicks.click("button[name=undo]")
    assert "teruggedraaid" in page.locator("main .banner").first.inner_text()
    assert students(own_site) == 0
    page.goto(own_site.world.address("/lijsten/{list_done}"))  # the one with which the run was made
    page.wait_for_load_state()
    assert page.locator("button[name=undo]").count() == 0


def test_another_school_finds_nothing(site: Site) -> None:
    """The same bytes for somebody else's draft and list as for made-up ones."""
    html = {"Accept": "text/html"}
    own, other = site.service.person(site.world.email("school")), site.service.person(site.world.email("referrer"))
    page = own.get("/lijsten/nieuw", headers=html).text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token
    import io

    made = own.client.post("/lijsten/nieuw", headers=html, data={
        "csrf_token": token.group(1), "file": (io.BytesIO(messy()), "lijst.csv")})  # fmt: skip
    draft = made.location.split("/")[3]
    upload = own.get("/api/v1/uploads").json["items"][0]["id"]
    for path in ("/lijsten/concept/{}/kolommen", "/lijsten/concept/{}/controleren", "/lijsten/concept/{}/nakijken",
                 "/lijsten/concept/{}/foute-rijen.csv", "/lijsten/concept/{}", "/lijsten/{}"):  # fmt: skip
        theirs = other.get(path.format(draft if "concept" in path else upload), headers=html)
        none = other.get(path.format("0" * 32), headers=html)
        assert (theirs.status_code, none.status_code) == (404, 404), path
        assert theirs.data == none.data
        assert own.get(path.format(draft if "concept" in path else upload), headers=html).status_code in (200, 303)


@browsing
def test_on_paper_there_is_a_slip_per_student_and_nothing_around_it(site: Site, open_as: Open) -> None:
    page = open_as(site, "school")
    page.goto("/toestemming")
    for box in page.locator("[name=student]").all()[:3]:
        box.check()
    page.locator("main form button").click()
    page.wait_for_load_state()
    page.emulate_media(media="print")
    assert page.locator(".slip:visible").count() == 3
    assert page.locator("nav:visible, button:visible, a:visible, .banner:visible").count() == 0
    assert len(set(page.locator(".big-code").all_inner_texts())) == 3
