"""Students of a school by its pages: filled in field by field, handed a code, followed, never seen by others."""
from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from api.services.accounts import Right
from api.store import codes, placements, releases
from api.store.tables import (
    Adaptation,
    Agreement,
    CheckMoment,
    Organisation,
    Placement,
    Profile,
    Question,
    Release,
    Step,
    StoredStudent,
)
from api.texts.dates import long_date
from tests.pages.conftest import Site, is_narrow, shoot
from tests.pages.pages import PAGES
from tests.service.browser import Person

HTML = {"Accept": "text/html"}


def someone(site: Site, role: str) -> Person:
    """Somebody with a role, signed in."""
    return site.service.person(site.world.email(role))


def look(person: Person, path: str) -> str:
    """The page at a path."""
    answer = person.get(path, headers=HTML)
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.text


def send(person: Person, path: str, data: dict[str, Any], *, key: str = "") -> Any:
    """Send a form as the page at its place would."""
    form = {"csrf_token": person.headers["X-CSRFToken"], **data, **({"form_key": key} if key else {})}
    return person.client.post(path, data=form, headers=HTML)


def fields(page: str) -> dict[str, Any]:
    """What a form of a page would send if nobody changed anything: hidden fields, texts, choices."""
    found: dict[str, Any] = {}
    form = page.rsplit("<form", maxsplit=1)[-1]
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        kind = re.search(r'type="(\w+)"', tag)
        if name and kind and (kind.group(1) not in ("radio", "checkbox") or " checked" in tag):
            found.setdefault(name.group(1), []).append(value.group(1) if value else "")
    for name, body in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', body)
        found[name] = [chosen.group(1) if chosen else ""]
    for name, body in re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>(.*?)</textarea>', form, re.DOTALL):
        found[name] = [body]
    found.pop("form_key", None)
    return found


def record(site: Site, student: str) -> dict[str, Any]:
    """The profile that holds."""
    with site.service.database.reading() as session:
        stored = session.get_one(StoredStudent, student)
        return dict(session.get_one(Profile, (student, stored.number)).record)


@pytest.mark.parametrize("topic", ["person", "travel", "time", "wish", "skill", "need"])
def test_saving_a_topic_as_it_stands_changes_nothing(site: Site, topic: str) -> None:
    school = someone(site, "school")
    listed = re.findall(r'href="/leerlingen/(\w{32})"', look(school, "/leerlingen"))
    assert len(set(listed)) == 14
    for student in dict.fromkeys(listed):
        before, path = record(site, student), f"/leerlingen/{student}/bewerken/{topic}"
        answer = send(school, path, fields(look(school, path)))
        assert answer.status_code == 303, (student, re.findall(r'class="error"[^>]*>(.*?)</p>', answer.text))
        assert record(site, student) == before, student


def test_every_field_says_who_sees_it(site: Site) -> None:
    school = someone(site, "school")
    asked = 0
    for topic in ("person", "travel", "time", "wish", "skill", "need"):
        page = look(school, site.world.address(f"/leerlingen/{{own_student}}/bewerken/{topic}"))
        shown = len(re.findall(r'class="who">', page))
        assert shown >= 4, topic
        asked += shown
    assert asked == 32  # every column of the list but who it is, whose, consent, confirmation and destination


def test_a_profile_is_filled_in_and_says_what_changed_and_what_is_asked_next(site: Site) -> None:
    school, student = someone(site, "school"), site.world.ids["own_student"]
    path = f"/leerlingen/{student}/bewerken/need"
    form = fields(look(school, path))
    form |= {"support_needed-quiet_spot": ["structural"], "support_needed-quiet_spot-must": ["1"],
             "support_half_days": ["2,5"], "conditions_unacceptable": ["heights", "noise"]}  # fmt: skip
    assert send(school, path, form).location.startswith(f"/leerlingen/{student}")
    kept = record(site, student)
    assert {"code": "quiet_spot", "when": "structural", "essential": True} in kept["support_needed"]
    assert (kept["support_half_days"], kept["conditions_unacceptable"]) == (2.5, ["heights", "noise"])
    page = look(school, f"/leerlingen/{student}")
    assert "rustige plek (altijd): moet" in page
    assert "Heeft nodig" in page.split("Wat er veranderde")[1]


def test_what_cannot_be_read_is_told_at_its_field_and_what_was_typed_stays(site: Site) -> None:
    school, student = someone(site, "school"), site.world.ids["own_student"]
    path, before = f"/leerlingen/{student}/bewerken/time", record(site, student)
    form = fields(look(school, path)) | {"leaves_on": ["volgend jaar"], "hours_min": ["40"], "hours_max": ["20"]}
    answer = send(school, path, form)
    assert answer.status_code == 400
    assert "<title>Fout: " in answer.text
    assert 'href="#leaves_on"' in answer.text
    assert 'value="volgend jaar"' in answer.text
    assert record(site, student) == before


def test_two_who_change_the_same_student_are_told_and_nothing_is_lost(site: Site) -> None:
    school, student = someone(site, "school"), site.world.ids["placed_student"]
    path = f"/leerlingen/{student}/bewerken/travel"
    first = fields(look(school, path))
    second = {**first, "max_km": ["33"]}
    assert send(school, path, first | {"max_km": ["22"]}).status_code == 303
    late = send(school, path, second)
    assert late.status_code == 409
    assert "intussen" in late.text
    assert 'value="33"' in late.text
    assert record(site, student)["max_km"] == 22


def test_a_code_is_shown_once_and_opens_the_account_of_its_student(site: Site) -> None:
    school, student = someone(site, "school"), site.world.ids["own_student"]
    answer = send(school, "/toestemming/codes", {"student": [student]}, key="k" * 16)
    assert answer.status_code == 200
    code, = re.findall(r'class="big-code">([A-Z0-9-]+)<', answer.text)
    again = send(school, "/toestemming/codes", {"student": [student]}, key="k" * 16)
    assert again.status_code == 409
    assert code not in again.text
    born = record(site, student)["birth_date"]
    with site.service.database.reading() as session:
        assert not any(code.replace("-", "") in str(one.digest) for one in codes.codes_of(session, [student]))
    used = site.service.person().begun().post("/api/v1/sessions", {"code": code, "birthDate": born})
    assert used.status_code in (200, 201), used.text
    page = look(school, "/toestemming")
    assert "ingelogd op" in page
    # Nothing on any page of a school answers for a student.
    assert not re.search(r'name="(answer|consent)"[^>]*value="yes"', page)


def test_a_question_is_answered_once(site: Site) -> None:
    school, student = someone(site, "school"), site.world.ids["own_student"]
    with site.service.database.reading() as session:
        asked = session.scalars(select(Question.id).where(Question.student_id == student)).first()
    path = f"/leerlingen/{student}/vragen/{asked}"
    refused = send(school, path, {"answer": "Zie 123456782"})
    assert refused.status_code == 400
    assert "Dit lijkt een BSN" in refused.text
    assert send(school, path, {"answer": ""}).status_code == 400
    assert send(school, path, {"answer": "Ja, sinds mei."}).status_code == 303
    assert "Ja, sinds mei." in look(school, f"/leerlingen/{student}")
    assert send(school, path, {"answer": "Nee"}).status_code == 400


def test_a_parent_gets_a_mandate_and_loses_it(site: Site) -> None:
    school, student = someone(site, "school"), site.world.ids["placed_student"]
    path = f"/leerlingen/{student}/naast/machtigingen"
    assert send(school, path, {"name": "A", "email": "geen adres", "ground": "minor"}).status_code == 400
    answer = send(school, path, {"name": "Anna", "email": "anna@example.org", "ground": "student_gave"})
    assert answer.status_code == 200
    assert re.search(r'class="big-code">[A-Z0-9-]+<', answer.text)
    page = look(school, f"/leerlingen/{student}/naast")
    mandate, = re.findall(r'action="[^"]*/machtigingen/(\w{32})"', page)
    assert send(school, f"{path}/{mandate}", {}).status_code == 303
    assert "Teruggenomen" in look(school, f"/leerlingen/{student}/naast")


def test_a_coach_follows_the_route_of_who_is_assigned_and_of_nobody_else(site: Site) -> None:
    coach, ids = someone(site, "coach"), site.world.ids
    page = look(coach, "/mijn-jongeren")
    assert set(re.findall(r'href="/route/(\w{32})"', page)) == {ids["own_student"], ids["placed_student"]}
    route = f"/route/{ids['placed_student']}"
    assert send(coach, f"{route}/momenten/{ids['moment']}", {"held_on": "15-06-2026"}).status_code == 400
    told = {"held_on": "15-06-2026", "outcome": "goes_well", "note": "Komt elke dag op tijd.", "seen": "1"}
    assert send(coach, f"{route}/momenten/{ids['moment']}", told).status_code == 303
    assert send(coach, f"{route}/stappen/{ids['step']}", {"state": "stopped"}).status_code == 400
    assert send(coach, f"{route}/stappen/{ids['step']}", {"state": "active", "seen": "2"}).status_code == 303
    placement = re.findall(r'name="placement" value="(\w{32})"', look(coach, route))[0]
    step = {"placement": placement, "what": "Praktijkverklaring aanvragen", "who": "school", "by": "1-9-2026"}
    assert send(coach, f"{route}/stappen", step).status_code == 303
    assert send(coach, f"{route}/vragen", {"text": "Is er een fiets?"}).status_code == 303
    page = look(coach, route)
    for words in ("Gaat goed", "Komt elke dag op tijd.", "Praktijkverklaring aanvragen", "Is er een fiets?"):
        assert words in page
    with site.service.database.reading() as session:
        assert session.get_one(CheckMoment, ids["moment"]).outcome == "goes_well"
        assert session.get_one(Step, ids["step"]).state == "active"
    others = set(re.findall(r'href="/leerlingen/(\w{32})"', look(someone(site, "school"), "/leerlingen")))
    other = sorted(others - {ids["own_student"], ids["placed_student"]})[0]
    theirs, none = coach.get(f"/route/{other}", headers=HTML), coach.get(f"/route/{'0' * 32}", headers=HTML)
    assert (theirs.status_code, theirs.data) == (404, none.data)


def test_who_agreed_to_arrange_something_says_that_it_is_done_and_nobody_else_does(own_site: Site) -> None:
    """School and coach each their own line, on the list and on the route; what is another's is as if it were not."""
    site, ids = own_site, own_site.world.ids
    agreement = ids["agreement"]

    def seen() -> tuple[str, list[date | None]]:
        with site.service.database.reading() as session:
            lines = session.scalars(select(Adaptation).where(Adaptation.agreement_id == agreement)
                                    .order_by(Adaptation.position)).all()  # fmt: skip
            return str(session.get_one(Agreement, agreement).version), [line.done_on for line in lines]

    school, coach = someone(site, "school"), someone(site, "coach")
    today = site.service.clock().date()
    assert "Afspraken nakomen" in look(school, "/start")
    assert "Je hebt nog 1 afspraak om te regelen." in look(coach, "/mijn-jongeren")
    for person, what, theirs, own, other in (
        (school, "Oefenen met de bus", "Mee op de eerste dag", 1, 2),
        (coach, "Mee op de eerste dag", "Oefenen met de bus", 2, 1),
    ):
        page = look(person, "/afspraken")
        assert what in page
        assert theirs not in page
        version, before = seen()
        for position in (other, 3, 9):
            assert send(person, f"/afspraken/{agreement}/{position}", {"seen": version}).status_code == 404
        assert send(someone(site, "new_school"), f"/afspraken/{agreement}/{own}", {"seen": version}).status_code == 404
        assert seen()[1] == before
        stale = send(person, f"/afspraken/{agreement}/{own}", {"seen": "0"})
        assert "changed_meanwhile" in stale.location
        assert seen()[1] == before
        done = send(person, f"/afspraken/{agreement}/{own}", {"seen": version, "at": "route"})
        assert (done.status_code, done.location.split("?")[0]) == (303, f"/route/{ids['placed_student']}")
        assert seen()[1][own - 1] == today
        route = look(person, f"/route/{ids['placed_student']}")
        assert f"Gedaan op {long_date(today, 'nl')}" in route
        assert what in route
        assert theirs in route
        assert "Begin om 9 uur" in route
    assert seen()[1] == [today, today, None]
    assert "Je hebt nog" not in look(coach, "/mijn-jongeren")
    back = send(coach, f"/afspraken/{agreement}/2", {"seen": seen()[0], "not_yet": "1"})
    assert back.location.split("?")[0] == "/afspraken"
    assert seen()[1] == [today, None, None]


def test_what_was_not_agreed_or_has_ended_is_for_nobody_to_arrange(own_people_site: Site) -> None:
    """The words of one side alone promise nothing, and where the work has ended nothing is left to do."""
    site, ids = own_people_site, own_people_site.world.ids
    with site.service.database.reading() as session:
        home = session.get_one(StoredStudent, ids["youth_placed_id"]).organisation_id
    site.service.add("own@example.org", Right("school", organisation_code(site, home)))
    person = site.service.person("own@example.org")
    path = f"/afspraken/{ids['agreement']}/2"
    assert "Stappenkaart maken" in look(person, "/afspraken")
    with site.service.database.writing() as session:
        placement = session.get_one(Placement, ids["placement"])
        shown = placements.live_release(session, placement.decision_id)
        assert shown is not None
        as_shown = {name: getattr(shown, name) for name in ("ended_at", "ended_by", "end_reason", "decision_holds",
                                                            "consent_live")}  # fmt: skip
        releases.end(session, shown, "placement_ended", None, site.service.clock())
        placement.state, placement.ended_on, placement.end_reason = "ended", placement.started_on, "other"
        placement.decision_holds = None
    assert "Stappenkaart maken" not in look(person, "/afspraken")
    assert send(person, path, {"seen": "1"}).status_code == 404
    with site.service.database.writing() as session:
        session.execute(delete(CheckMoment).where(CheckMoment.placement_id == ids["placement"]))
        session.delete(session.get_one(Placement, ids["placement"]))
        session.get_one(Agreement, ids["agreement"]).student_agreed_at = None
        session.execute(update(Release).where(Release.id == shown.id).values(**as_shown))
    assert "Stappenkaart maken" not in look(person, "/afspraken")
    assert send(person, path, {"seen": "1"}).status_code == 404


def organisation_code(site: Site, organisation_id: str) -> str:
    """The code of an organisation."""
    with site.service.database.reading() as session:
        return str(session.get_one(Organisation, organisation_id).code)


def test_where_a_leaver_went_is_reported_and_stands_in_the_list(site: Site) -> None:
    """Whoever has no work and no school has a known outcome: nobody has to find it out. Unknown is what is to do."""
    school = someone(site, "school")

    def standing() -> tuple[str, str]:
        page = look(school, "/uitkomsten").partition("uitkomst nog niet bekend")[2]
        return page.partition("Uitkomst bekend")[0], page.partition("Uitkomst bekend")[2]

    def to_do() -> int:
        tasks = look(school, "/start").partition("<main")[2]
        told = re.search(r'href="/uitkomsten".*?class="tag[^>]*>(.*?)</span>', tasks, re.DOTALL)
        assert told is not None
        return int(re.sub(r"\D", "", told[1]) or 0)

    left, known = standing()
    assert "geen werk en geen school" not in left
    at_home = known.partition("geen werk en geen school")[0]
    student = re.findall(r'href="/leerlingen/(\w{32})"', at_home)[-1]
    path, before = f"/uitkomsten/{student}", to_do()
    assert send(school, path, {"destination": "unknown", "since": "1-5-2026"}).status_code == 303
    left, known = standing()
    assert (student in left, student in known, to_do()) == (True, False, before + 1)
    assert send(school, path, {"since": "1-1-2020"}).status_code == 400
    assert send(school, path, {"destination": "work", "since": "1-1-2030"}).status_code == 400
    assert send(school, path, {"destination": "work", "since": "1-6-2026"}).status_code == 303
    left, known = standing()
    assert (student in left, student in known, to_do()) == (False, True, before)


def test_no_page_of_a_school_opens_for_another_school(site: Site) -> None:
    """Every page with an id, by its address: byte for byte what an address says that is nobody's."""
    other, seen = someone(site, "new_school"), set()
    for case in PAGES:
        if case.role in ("school", "coach") and "{" in case.path:
            theirs = other.get(site.world.address(case.path), headers=HTML)
            none = other.get(re.sub(r"\{\w+\}", "0" * 32, case.path), headers=HTML)
            assert (theirs.status_code, none.status_code) == (404, 404), case.path
            assert theirs.data == none.data, case.path
            seen.add(case.path)
    assert len(seen) >= 15


def test_the_directory_shows_who_wants_to_be_found_and_no_student(site: Site) -> None:
    employer = someone(site, "employer")
    page = look(employer, "/wegwijzer?soort=school")
    assert "Praktijkschool Salland" in page
    assert "Petra Jansen" in page
    assert "Achter de schermen" not in page  # a contact for the school alone
    assert "De Nieuwe School" not in page  # it does not want to be found yet
    with site.service.database.reading() as session:
        for stored, kept in session.execute(select(StoredStudent, Profile.record).join(
                Profile, Profile.student_id == StoredStudent.id)):  # fmt: skip
            assert stored.id not in page
            assert f">{kept['background']['first_name']}<" not in page
    assert "Praktijkschool Salland" not in look(employer, "/wegwijzer?branche=retail")


def test_an_organisation_changes_its_entry_and_records_its_ground(site: Site) -> None:
    new = someone(site, "new_school")
    where = new.get("/organisatie", headers=HTML).location
    page = look(new, where)
    version, = re.findall(r'name="version" value="(\d+)"', page)
    entry = {"name": "De Nieuwe School", "about": "Wij beginnen net.", "branches": ["green", "nonsense"],
             "listed": "true", "version": version}  # fmt: skip
    assert send(new, where, entry | {"about": "BSN 123456782"}).status_code == 400
    assert send(new, where, entry).status_code == 303
    assert send(new, where, entry).status_code == 400  # somebody changed it meanwhile
    assert send(new, f"{where}/grondslag", {"ground": "whim"}).status_code == 400
    assert send(new, f"{where}/grondslag", {"ground": "legal_duty", "explanation": "De wet"}).status_code == 303
    assert send(new, f"{where}/contactpersonen", {"name": "Zeno", "email": "zeno"}).status_code == 400
    person = {"name": "Zeno", "phone": "038-1", "listed": "true"}
    assert send(new, f"{where}/contactpersonen", person).status_code == 303
    shown = look(someone(site, "employer"), "/wegwijzer?branche=green&soort=school")
    assert "Wij beginnen net." in shown
    assert "Zeno" in shown
    assert "nonsense" not in shown
    contact, = re.findall(r"/contactpersonen/(\w{32})", look(new, where))
    assert send(new, f"{where}/contactpersonen/{contact}", {"do": "remove"}).status_code == 303
    assert "Zeno" not in look(someone(site, "employer"), "/wegwijzer?branche=green&soort=school")


@pytest.mark.ui
@pytest.mark.parametrize("width", [1280, 320])
def test_the_list_comes_first_and_the_filter_on_a_press(site: Site, open_as: Callable[..., Any], width: int) -> None:
    """The filters are folded away until asked for, and stand open where one is set; without JavaScript."""
    page = open_as(site, "school", width=width, js=False)
    page.goto("/leerlingen")
    lines = page.locator("main tbody tr")
    number = lines.count()
    assert not page.get_by_label("Toestemming").first.is_visible()
    assert lines.first.bounding_box()["y"] < 500
    shoot(page, f"leerlingen-dicht-{width}")
    page.get_by_text("Filter", exact=True).click()
    page.get_by_label("Toestemming").first.select_option("given")
    page.get_by_role("button", name="Toon").click()
    assert page.get_by_label("Toestemming").first.is_visible()
    assert 0 < lines.count() < number
    is_narrow(page)
    shoot(page, f"leerlingen-open-{width}")
    page.get_by_role("link", name="Wis").click()
    assert not page.get_by_label("Toestemming").first.is_visible()
    assert lines.count() == number


@pytest.mark.ui
def test_everybody_without_a_code_is_ticked_at_once(own_site: Site, open_as: Callable[..., Any]) -> None:
    page = open_as(own_site, "school", js=False)
    page.goto("/toestemming")
    without = page.locator("main tbody tr", has_text="nog geen").count()
    assert 1 < without < page.locator("main tbody tr").count()
    page.get_by_role("link", name=f"Vink alle {without} leerlingen zonder code aan").click()
    rows = page.locator("main tbody tr", has=page.locator(":checked"))
    assert rows.count() == without
    assert all("nog geen" in text for text in rows.all_inner_texts())
    page.locator("main form button").last.click()
    assert page.locator(".slip").count() == without
