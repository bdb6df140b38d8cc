"""A posted vacancy by its pages: places and days that change, move and go, and nothing of a colleague written over."""
from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

import pytest
from sqlalchemy import select, update

from api.services.accounts import Right
from api.store.tables import OpeningVersion, RunOpening, Seat, StoredOpening
from tests.service.browser import Person, Service
from tests.service.flow import Flow, begin, on_both
from tests.service.test_runs import compute
from tests.service.test_uploads import confirm, hand_in
from tests.service.test_vacancies import connector, employer, patch, post  # noqa: F401 - the fixtures

FEBRUARY, JULY = {"startsOn": "2027-02-09", "places": 12}, {"startsOn": "2027-07-12", "places": 12}


@pytest.fixture
def flow(cohort: Service) -> Flow:
    """A run and the people of one of its proposals."""
    return begin(cohort)


class _Fields(HTMLParser):
    """What a form holds as it is shown."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep what an input holds; a box only when it is ticked."""
        told = dict(attrs)
        if tag == "input" and told.get("name") and (told.get("type") != "checkbox" or "checked" in told):
            self.found[str(told["name"])] = told.get("value") or ""


def fields(person: Person, path: str) -> dict[str, str]:
    """The fields of the form of a page."""
    parser = _Fields()
    parser.feed(person.get(path).text)
    return parser.found


def send(person: Person, path: str, data: dict[str, str] | None = None) -> Any:
    """Send a form."""
    return person.post(path, data={"csrf_token": person.headers["X-CSRFToken"], **(data or {})},
                       headers={"Accept": "text/html"})  # fmt: skip


def begin_change(person: Person, vacancy: str) -> str:
    """Press Wijzigen; return the address of the draft."""
    answer = send(person, f"/vacatures/{vacancy}/wijzigen")
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"]).split("?")[0]


def times(person: Person, draft: str, **typed: str) -> None:
    """Fill in the step about times: what it shows, but for what is typed."""
    shown = fields(person, f"{draft}/tijden")
    answer = send(person, f"{draft}/tijden", {**shown, **typed, "back": "yes"})
    assert answer.status_code == 303, answer.text


def starts(person: Person, vacancy: str) -> list[tuple[str, int]]:
    """The openings of a vacancy: start and places."""
    return [(one["startsOn"], one["places"]) for one in person.get(f"/api/v1/vacancies/{vacancy}").json["openings"]]


def test_places_change_by_the_page_and_a_step_saved_as_it_is_changes_nothing(employer: Person) -> None:  # noqa: F811
    made = post(employer, FEBRUARY, JULY).json["vacancy"]
    draft = begin_change(employer, made["id"])
    times(employer, draft)
    assert send(employer, f"{draft}/nakijken").status_code == 303
    assert starts(employer, made["id"]) == [("2027-02-09", 12), ("2027-07-12", 12)]
    assert [one["number"] for one in employer.get(f"/api/v1/vacancies/{made['id']}").json["openings"]] == [1, 1]
    draft = begin_change(employer, made["id"])
    times(employer, draft, places_2="14")
    assert send(employer, f"{draft}/nakijken").status_code == 303
    assert starts(employer, made["id"]) == [("2027-02-09", 12), ("2027-07-12", 14)]


def test_a_date_that_changes_moves_its_opening_and_the_page_says_so_before(
    service: Service, employer: Person  # noqa: F811
) -> None:
    made = post(employer, FEBRUARY, JULY).json["vacancy"]
    draft = begin_change(employer, made["id"])
    times(employer, draft, starts_on_1="16-2-2027", starts_on_2="19-7-2027", starts_on_3="1-9-2027", places_3="2")
    told = employer.get(f"{draft}/nakijken").text
    for said in ("9 februari 2027 wordt 16 februari 2027", "12 juli 2027 wordt 19 juli 2027",
                 "1 september 2027 komt erbij"):  # fmt: skip
        assert said in told
    assert send(employer, f"{draft}/nakijken").status_code == 303
    after = employer.get(f"/api/v1/vacancies/{made['id']}").json["openings"]
    assert [(one["startsOn"], one["places"], one["number"]) for one in after] == [
        ("2027-02-16", 12, 2), ("2027-07-19", 12, 2), ("2027-09-01", 2, 1)]  # fmt: skip
    assert [one["id"] for one in after[:2]] == [one["id"] for one in made["openings"]]
    with service.database.reading() as session:
        assert len(session.scalars(select(Seat.seat)).all()) == 26
        records = session.execute(select(OpeningVersion.record).where(OpeningVersion.number == 2)).scalars()
        assert sorted(record["starts_on"] for record in records) == ["2027-02-16", "2027-07-19"]


def test_two_openings_may_change_days_with_each_other(employer: Person) -> None:  # noqa: F811
    made = post(employer, {**FEBRUARY, "places": 3}, {**JULY, "places": 5}).json["vacancy"]
    draft = begin_change(employer, made["id"])
    times(employer, draft, starts_on_1="12-7-2027", starts_on_2="9-2-2027")
    assert send(employer, f"{draft}/nakijken").status_code == 303
    assert starts(employer, made["id"]) == [("2027-02-09", 5), ("2027-07-12", 3)]


def test_a_line_that_is_emptied_takes_its_opening_away_but_never_the_last(
    service: Service, employer: Person  # noqa: F811
) -> None:
    made = post(employer, FEBRUARY, JULY).json["vacancy"]
    draft = begin_change(employer, made["id"])
    times(employer, draft, starts_on_1="", places_1="", closes_on_1="")
    assert "9 februari 2027 gaat weg" in employer.get(f"{draft}/nakijken").text
    assert send(employer, f"{draft}/nakijken").status_code == 303
    assert starts(employer, made["id"]) == [("2027-07-12", 12)]
    with service.database.reading() as session:
        assert len(session.scalars(select(Seat.seat)).all()) == 12
        assert len(session.scalars(select(OpeningVersion.number)).all()) == 1
    draft = begin_change(employer, made["id"])
    times(employer, draft, starts_on_1="", places_1="", closes_on_1="")
    assert send(employer, f"{draft}/nakijken").status_code == 400
    assert starts(employer, made["id"]) == [("2027-07-12", 12)]


def test_a_vacancy_of_five_starts_keeps_all_of_them_on_its_page(employer: Person) -> None:  # noqa: F811
    days = [f"2027-0{month}-01" for month in range(1, 6)]
    made = post(employer, *({"startsOn": day, "places": 1} for day in days)).json["vacancy"]
    draft = begin_change(employer, made["id"])
    times(employer, draft, places_5="2")
    assert send(employer, f"{draft}/nakijken").status_code == 303
    assert starts(employer, made["id"]) == [*((day, 1) for day in days[:4]), (days[4], 2)]


@on_both
def test_a_start_for_which_somebody_was_chosen_neither_moves_nor_goes(flow: Flow) -> None:
    flow.accept()
    with flow.service.database.reading() as session:
        vacancy = session.get_one(StoredOpening, flow.opening_id).vacancy_id
    before = starts(flow.employer, vacancy)
    at = [one["id"] for one in flow.employer.get(f"/api/v1/vacancies/{vacancy}").json["openings"]].index(
        flow.opening_id) + 1  # fmt: skip
    for typed in ({f"starts_on_{at}": "1-3-2028"}, {f"starts_on_{at}": "", f"places_{at}": "", f"closes_on_{at}": ""}):
        draft = begin_change(flow.employer, vacancy)
        times(flow.employer, draft, **typed, starts_on_9="1-4-2028", places_9="1")
        answer = send(flow.employer, f"{draft}/nakijken")
        assert answer.status_code == 400
        assert "De verbinder is al bezig met de plekken van" in answer.text
        assert starts(flow.employer, vacancy) == before


@on_both
def test_an_opening_that_went_into_a_run_moves_and_the_run_stays_what_it_was_but_does_not_go(flow: Flow) -> None:
    with flow.service.database.reading() as session:
        vacancy = session.get_one(StoredOpening, flow.opening_id).vacancy_id
    at = [one["id"] for one in flow.employer.get(f"/api/v1/vacancies/{vacancy}").json["openings"]].index(
        flow.opening_id) + 1  # fmt: skip
    draft = begin_change(flow.employer, vacancy)
    times(flow.employer, draft, **{f"starts_on_{at}": "", f"places_{at}": "", f"closes_on_{at}": ""},
          starts_on_9="1-4-2028", places_9="1")  # fmt: skip
    answer = send(flow.employer, f"{draft}/nakijken")
    assert (answer.status_code, "telden al mee in een berekening" in answer.text) == (400, True)
    draft = begin_change(flow.employer, vacancy)
    times(flow.employer, draft, **{f"starts_on_{at}": "1-3-2028"})
    assert send(flow.employer, f"{draft}/nakijken").status_code == 303
    with flow.service.database.reading() as session:
        assert session.get_one(StoredOpening, flow.opening_id).starts_on.isoformat() == "2028-03-01"
        used = session.scalar(select(RunOpening.number).where(RunOpening.opening_id == flow.opening_id,
                                                              RunOpening.run_id == flow.run))  # fmt: skip
        assert used == 1
    assert flow.connector.get(f"/voorstellen/{flow.proposal['id']}").status_code == 200
    assert compute(flow.service, flow.connector)["state"] == "done"


def test_the_api_moves_the_opening_it_names_and_otherwise_adds_by_start(employer: Person) -> None:  # noqa: F811
    made = post(employer, FEBRUARY).json["vacancy"]
    named = made["openings"][0]["id"]
    moved = patch(employer, made, openings=[{"id": named, "startsOn": "2027-02-16"}]).json["vacancy"]
    assert [(one["id"], one["startsOn"], one["places"]) for one in moved["openings"]] == [(named, "2027-02-16", 12)]
    added = patch(employer, made, openings=[{"startsOn": "9-2-2027", "places": 1}]).json["vacancy"]
    assert [(one["startsOn"], one["places"]) for one in added["openings"]] == [("2027-02-09", 1), ("2027-02-16", 12)]


def test_what_a_colleague_changed_meanwhile_is_shown_and_never_written_over(
    service: Service, employer: Person  # noqa: F811
) -> None:
    """Both changed the title; the starting time is the colleague's alone, the places are one's own."""
    service.add("f@example.org", Right("employer", "12345678"))
    colleague = service.person("f@example.org")
    made = post(employer, FEBRUARY).json["vacancy"]
    draft = begin_change(employer, made["id"])
    times(employer, draft, places_1="14")
    work = fields(employer, f"{draft}/het-werk") | {"title": "Tuinman", "branch": "green"}
    assert send(employer, f"{draft}/het-werk", work).status_code == 303
    patch(colleague, made, shared={"title": "Hovenier", "startsAt": "9.00"})
    answer = send(employer, f"{draft}/nakijken")
    assert answer.status_code == 409
    for said in ("Deze vacature is intussen gewijzigd", "“Medewerker groen” is nu “Hovenier”", "“08:00” is nu “09:00”",
                 "u wijzigde dit ook, en dat blijft staan"):  # fmt: skip
        assert said in answer.text
    now = employer.get(f"/api/v1/vacancies/{made['id']}").json
    assert (now["title"], now["shared"]["startsAt"], now["openings"][0]["places"]) == ("Hovenier", "09:00", 12)
    assert send(employer, f"{draft}/bijwerken").status_code == 303
    assert "intussen gewijzigd" not in employer.get(f"{draft}/nakijken").text
    assert send(employer, f"{draft}/nakijken").status_code == 303
    now = employer.get(f"/api/v1/vacancies/{made['id']}").json
    assert (now["title"], now["shared"]["startsAt"], now["openings"][0]["places"]) == ("Tuinman", "09:00", 14)


def test_a_change_that_only_closed_the_vacancy_is_no_conflict(employer: Person) -> None:  # noqa: F811
    made = post(employer, FEBRUARY).json["vacancy"]
    draft = begin_change(employer, made["id"])
    times(employer, draft, places_1="3")
    send(employer, f"/vacatures/{made['id']}/stand", {"state": "closed"})
    assert send(employer, f"{draft}/nakijken").status_code == 303
    assert starts(employer, made["id"]) == [("2027-02-09", 3)]


def test_a_change_of_a_posted_vacancy_does_not_stand_under_not_posted_yet(employer: Person) -> None:  # noqa: F811
    made = post(employer, FEBRUARY).json["vacancy"]
    begin_change(employer, made["id"])
    told = employer.get("/vacatures").text
    assert "Wijzigingen, nog niet opgeslagen" in told
    assert "Nog niet geplaatst" not in told


@on_both
def test_an_employer_counts_whom_it_sees_and_a_connector_all_who_were_chosen(flow: Flow) -> None:
    with flow.service.database.writing() as session:
        vacancy = session.get_one(StoredOpening, flow.opening_id).vacancy_id
        session.execute(update(StoredOpening).values(region_code="AM36"))

    def left(person: Person) -> int:
        openings = person.get(f"/api/v1/vacancies/{vacancy}").json["openings"]
        return next(one["places"] - one["left"] for one in openings if one["id"] == flow.opening_id)

    flow.accept()
    assert (left(flow.employer), left(flow.connector)) == (0, 1)
    page = flow.employer.get("/vacatures").text + flow.employer.get(f"/vacatures/{vacancy}").text
    assert "bezet" not in page
    assert flow.answer(flow.ask()).status_code == 200
    assert left(flow.employer) == 0
    assert flow.release().status_code == 201
    assert (left(flow.employer), left(flow.connector)) == (1, 1)


def test_a_title_that_changes_by_the_page_leaves_each_start_its_own_place_and_hours(service: Service) -> None:
    """A list may say other things of every start; the page shows those of the last."""
    service.add("e@example.org", Right("employer", "12345678", "Bedrijf"))
    person = service.person("e@example.org")
    head = "vacaturenummer,kvk,functie,branche,taken,postcode,startdatum,plekken,uren_min,uren_max,zekerheid"
    lines = (head, "V1,12345678,Tuinman,groen,snoeien,8011,2027-02-09,2,16,24,zeker",
             "V1,12345678,Tuinman,groen,snoeien,8021,2027-07-12,2,24,32,verwacht")  # fmt: skip
    confirm(person, hand_in(person, "\n".join(lines), kind="vacancies"))
    vacancy = person.get("/api/v1/vacancies").json["items"][0]["id"]

    def told() -> list[tuple[Any, ...]]:
        with service.database.reading() as session:
            query = select(OpeningVersion.record).join(StoredOpening, StoredOpening.id == OpeningVersion.opening_id)
            found = session.scalars(query.where(OpeningVersion.number == StoredOpening.number))
            return sorted((one["starts_on"], one["title"], one["location"]["label"], one["hours_min"], one["hours_max"],
                           one["certainty"]) for one in found)  # fmt: skip

    before = told()
    draft = begin_change(person, vacancy)
    work = fields(person, f"{draft}/het-werk") | {"title": "Hovenier", "branch": "green"}
    assert send(person, f"{draft}/het-werk", work).status_code == 303
    times(person, draft, starts_on_3="1-9-2027", places_3="1")
    assert send(person, f"{draft}/nakijken").status_code == 303
    renamed = [(day, "Hovenier", *rest) for day, _, *rest in before]
    assert told() == [*renamed, ("2027-09-01", *renamed[-1][1:])]  # a new start is as the page showed
    draft = begin_change(person, vacancy)
    times(person, draft, postcode="8041")
    assert send(person, f"{draft}/nakijken").status_code == 303
    assert [place for _, _, place, *_ in told()] == ["8041"] * 3
