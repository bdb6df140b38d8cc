"""Whether proposals are looked at: counted as by hand, of a region and of oneself, and of nobody else for anybody."""
from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import MagicMock, patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from api.services import oversight
from api.services.accounts import Right
from api.services.oversight import Deciding
from api.store import oversight as oversight_rows
from api.store import persons, retention
from api.store.engine import Database
from api.store.oversight import Word
from api.store.people import Session
from api.store.retention import At
from api.store.tables import OpenedCard, Proposal, Run, StoredStudent
from api.terms import Terms
from tests.service.browser import Person, Service
from tests.service.conftest import NOW
from tests.service.flow import begin, on_both
from tests.service.test_decisions import decide, proposals
from tests.service.world import World, make_world

API = "/api/v1/figures/oversight"
AT = NOW + timedelta(hours=1)
"""When everything is decided here; cards were opened before, or after, and never an hour before."""
READ = AT + timedelta(days=20)
"""When figures are read here: the month after, so that the month of `AT` is over."""
HOUR = 10**6
"""Stands for a time that has no upper end: an hour or longer."""
LATER = -60
"""Opened a minute after the word."""
WORDS: dict[str, list[tuple[int, str, int | None]]] = {
    "an@example.org": [(1, "accept", 10), (1, "accept", 20), (1, "accept", 30), (1, "accept", 40), (1, "accept", None),
                      (2, "reject", 100)],
    "bas@example.org": [(1, "accept", 1), (1, "accept", 2), (1, "accept", 3), (1, "reject", None),
                        (1, "pin", LATER), (2, "accept", 4), (3, "accept", 5)],
    "cor@example.org": [(1, "defer", 60), (1, "accept", 60), (1, "reject", 120), (1, "reject", 180),
                        (1, "accept", 240)],
}  # fmt: skip
"""Who decided: of which rank, with which word, so many seconds after the card was opened."""
BY_HAND: dict[str, tuple[int | None, int | None, int | None, int | None, int | None]] = {
    # Decisions by fives; accepted of rank 1 (5 of 5, 4 of 5, 2 of 5); of others; opened (5 of 6, 5 of 7, 5 of 5) in
    # steps of five hundredths; the middle one of 10 20 30 40 100, of 1 2 3 4 5, and of 60 60 120 180 240, as the end
    # of its band: under a minute (30 is not under 30), 10 seconds and five minutes.
    "an@example.org": (5, 1_000_000, None, 850_000, 60),
    "bas@example.org": (5, 800_000, None, 700_000, 10),
    "cor@example.org": (5, 400_000, None, 1_000_000, 300),
    # 18 decisions; 11 of 15; 3 others are too few; 15 of 18; 1 2 3 4 5 10 20 [30] 40 60 60 100 120 180 240.
    "AM36": (20, 750_000, None, 850_000, 60),
}
NOTHING = (None, None, None, None, None)
NONE_YET = (0, None, None, None, None)


def write(session: Session, world: World, who: dict[str, str], said: dict[str, list[tuple[int, str, int | None]]], *,
          begin: int = 0, region: str = "AM36", at: datetime = AT) -> int:  # fmt: skip
    """Write decisions, each on a student of its own from ``begin`` on, with when cards were opened; return the next."""
    lines = [(who[name], *line) for name, of in said.items() for line in of]
    for i, (account, rank, word, opened) in enumerate(lines, begin):
        session.get_one(StoredStudent, world.students[i]).region_code = region
        proposal = session.get_one(Proposal, world.proposals[i, 0])
        proposal.rank = rank
        session.add(world.decision(i, 0, word, seat=1 if word in ("accept", "pin") else None, account_id=account,
                                   decided_at=at, holds=False, ended_at=at + timedelta(hours=1)))  # fmt: skip
        if opened is not None:
            session.add(OpenedCard(proposal_id=proposal.id, account_id=account, at=at - timedelta(seconds=opened)))
    session.flush()
    return begin + len(lines)


@pytest.fixture
def who(service: Service) -> dict[str, str]:
    """Connectors of one region, by e-mail address."""
    service.clock.at = READ
    return {email: service.add(email, Right("connector", "AM36")) for email in (*WORDS, "dirk@example.org")}


def figures(told: Any) -> tuple[int | None, ...] | None:
    """What an answer says of a region or of oneself, as in `BY_HAND`."""
    if told is None:
        return None
    shares = [told[name] for name in ("firstAccepted", "othersAccepted", "opened")]
    for one in shares:
        assert one is None or one["low"] <= one["value"] <= one["high"]
    assert told["decisions"]["hidden"] == (told["decisions"]["value"] is None)
    median = told["median"] and (told["median"]["under"] or HOUR)
    return (told["decisions"]["value"], *(one and one["value"] for one in shares), median)


def ask(person: Person, query: str = "") -> dict[str, Any]:
    """What somebody is told by region: the region, and oneself."""
    answer = person.get(f"{API}{query}")
    assert answer.status_code == 200, answer.text
    return {line["regionCode"]: (figures(line["region"]), figures(line["own"])) for line in answer.json}


def test_figures_are_those_counted_by_hand_and_words_of_elsewhere_or_before_count_nowhere(
    service: Service, who: dict[str, str]
) -> None:
    more: dict[str, list[tuple[int, str, int | None]]] = {"an@example.org": [(1, "reject", 7)] * 6}
    last_year = datetime(2025, 7, 31, 21, 59, tzinfo=UTC)  # 23:59 here
    with service.database.writing() as session:
        world = make_world(session, students=30, openings=1)
        begin = write(session, world, who, WORDS)
        begin = write(session, world, who, more, begin=begin, region="AM01")
        assert write(session, world, who, more, begin=begin, at=last_year) == 30
    for email in WORDS:
        assert ask(service.person(email)) == {"AM36": (BY_HAND["AM36"], BY_HAND[email])}
    an = service.person("an@example.org")
    assert ask(an, "?schoolYear=2024") == {"AM36": (NOTHING, (5, 0, None, 1_000_000, 10))}
    assert ask(an, "?schoolYear=2026&regionCode=AM36") == {"AM36": (NONE_YET, NONE_YET)}
    assert ask(an, "?regionCode=AM01") == {}  # not one's own


def test_a_persons_own_figures_are_given_to_that_person_alone(service: Service, who: dict[str, str]) -> None:
    """By API, page and token, to colleagues, to administrators and to who is let in elsewhere."""
    with service.database.writing() as session:
        world = make_world(session, students=18, openings=1)
        write(session, world, who, WORDS)
    service.add("admin@example.org", Right("administrator"))
    service.add("elsewhere@example.org", Right("connector", "AM01"))
    service.add("town@example.org", Right("municipality", "GM0193", "Zwolle"))
    of_all = ask(service.person("admin@example.org"))
    assert len(of_all) == 35
    assert of_all["AM36"] == (BY_HAND["AM36"], None)
    assert {told for code, told in of_all.items() if code != "AM36"} == {(NONE_YET, None)}
    assert ask(service.person("dirk@example.org")) == {"AM36": (BY_HAND["AM36"], NONE_YET)}
    assert ask(service.person("elsewhere@example.org")) == {"AM01": (NONE_YET, NONE_YET)}
    assert ask(service.system(service.token("an@example.org", "read"))) == {"AM36": (BY_HAND["AM36"], None)}
    assert service.person("town@example.org").get(API).status_code == 403
    times = {"an@example.org": "korter dan 1 minuut", "bas@example.org": "korter dan 10 seconden",
             "cor@example.org": "korter dan 5 minuten"}  # fmt: skip
    for email in ("admin@example.org", "dirk@example.org", "elsewhere@example.org", *times):
        shown = page(service.person(email), "/hoe-besloten?regio=AM36")
        assert {time for time in times.values() if f">{time}<" in shown} == {
            *(["korter dan 1 minuut"] if "elsewhere" not in email else ()),
            *([times[email]] if email in times else ())}, email  # fmt: skip
        named = "|".join(name.partition("@")[0] for name in who)
        assert not re.search(rf"\b({named})\b", shown.partition("<main")[2]), email
    assert service.person("town@example.org").get("/hoe-besloten").status_code == 403


def page(person: Person, path: str) -> str:
    """A page as a browser asks for it, without white space between its parts."""
    answer = person.get(path, headers={"Accept": "text/html"})
    assert answer.status_code == 200, answer.text
    return re.sub(r"\s*([<>])\s*", r"\1", answer.text)


@pytest.mark.parametrize("deciders", [["an@example.org"], ["an@example.org", "bas@example.org"]], ids=len)
def test_of_a_region_where_one_or_two_decide_nothing_is_told_that_is_a_colleagues(
    service: Service, who: dict[str, str], deciders: list[str]
) -> None:
    """Alone in a region its figures are one's own; of two, each would take the own off and have the other's."""
    few: dict[str, list[tuple[int, str, int | None]]] = {"cor@example.org": [(1, "accept", 9)] * 4}
    with service.database.writing() as session:
        world = make_world(session, students=18, openings=1)
        write(session, world, who, {name: WORDS[name] for name in deciders} | few)
    service.add("admin@example.org", Right("administrator"))
    for email in (*deciders, "dirk@example.org", "admin@example.org"):
        region, own = ask(service.person(email), "?regionCode=AM36")["AM36"]
        assert region == NOTHING, email
        assert own == {**BY_HAND, "dirk@example.org": NONE_YET}.get(email), email
    assert ask(service.person("cor@example.org"))["AM36"] == (NOTHING, NOTHING)  # four words are too few to tell


def test_between_two_readings_one_word_of_a_colleague_changes_nothing_of_the_region(
    service: Service, who: dict[str, str]
) -> None:
    """Whoever reads before and after it would take the one off the other; the history tells who said it, and what."""
    with service.database.writing() as session:
        world = make_world(session, students=30, openings=1)
        begin = write(session, world, who, WORDS)
    people = [service.person(email) for email in WORDS]
    before = [person.get(API).json for person in people]
    for seconds in (1, 500, None, LATER, 2, 3, 4):
        with service.database.writing() as session:
            begin = write(session, world, who, {"cor@example.org": [(1, "reject", seconds)]}, begin=begin,
                          at=READ - timedelta(minutes=5))  # fmt: skip
    after = [person.get(API).json for person in people]
    assert [lines[0]["region"] for lines in before] == [lines[0]["region"] for lines in after]
    assert [lines[0]["own"] == then[0]["own"] for lines, then in zip(before, after, strict=True)] == [True, True, False]


def test_a_month_in_which_too_few_decided_waits_for_the_next_ones(service: Service, who: dict[str, str]) -> None:
    """September of two people, October of a third, November of one alone, December of three: by hand."""
    words = {name: [(1, word, 5)] * 5 for name, word in zip(WORDS, ("accept", "accept", "reject"), strict=True)}
    an, bas, cor = ({name: words[name]} for name in WORDS)
    months: list[dict[str, list[tuple[int, str, int | None]]]] = [an | bas, cor, cor, an | bas | cor]
    first, both = (15, 650_000, None, 1_000_000, 10), (35, 550_000, None, 1_000_000, 10)  # 10 of 15, and 20 of 35
    told = {(9, 30, 21): NONE_YET, (9, 30, 22): NOTHING, (10, 31, 22): NOTHING, (10, 31, 23): first,
            (11, 30, 23): first, (12, 31, 22): first, (12, 31, 23): both}  # fmt: skip
    service.add("admin@example.org", Right("administrator"))
    begin = 0
    with service.database.writing() as session:
        world = make_world(session, students=35, openings=1)
        for month, said in enumerate(months, 9):
            last = datetime(2026, month, 30 if month in (9, 11) else 31, 21 if month == 9 else 22, tzinfo=UTC)
            begin = write(session, world, who, said, begin=begin, at=last)  # in the month's last hour here
    for (month, day, hour), expected in told.items():
        service.clock.at = datetime(2026, month, day, hour, 30, tzinfo=UTC)
        assert ask(service.person("admin@example.org"), "?schoolYear=2026&regionCode=AM36") == {
            "AM36": (expected, None)}, service.clock.at  # fmt: skip


AUGUST, NOVEMBER = datetime(2026, 7, 31, 22), datetime(2026, 10, 31, 23)
"""When these months begin here, in UTC."""


def said(earliest: datetime, latest: datetime) -> st.SearchStrategy[Word]:
    """A word of one of four people on one of so many pairs, whose card was open then or was not."""
    return st.builds(
        lambda who, pair, word, rank, at, seconds: Word(
            "AM36", who, f"S{pair}", "O", word, rank, False, at, AT, seconds and at - timedelta(seconds=seconds)),
        st.sampled_from("abcd"), st.integers(0, 60), st.sampled_from(("accept", "reject", "defer")), st.integers(1, 2),
        st.datetimes(earliest, latest, timezones=st.just(UTC)), st.sampled_from((None, -5, 5, 70, 4000)),
    )  # fmt: skip


def of_region(words: list[Word], now: datetime) -> Deciding:
    """The figures of a region in which this was said."""
    with patch.object(oversight_rows, "words", lambda *_: sorted(words, key=lambda one: one.decided_at)), \
         patch.object(oversight_rows, "kept_since", lambda _: AT):  # fmt: skip
        (told,) = oversight.beside_regions(MagicMock(), {"AM36"}, 2026, "a", set(), now=now)
    return told.region


@given(before=st.lists(said(AUGUST, NOVEMBER - timedelta(seconds=1)), min_size=10, max_size=90),
       new=said(NOVEMBER, NOVEMBER + timedelta(days=9)))  # fmt: skip
@settings(max_examples=100)
def test_whatever_was_said_before_no_word_of_this_month_changes_a_figure_of_a_region(
    before: list[Word], new: Word
) -> None:
    now = NOVEMBER.replace(tzinfo=UTC) + timedelta(days=9)
    assert of_region([*before, new], now) == of_region(before, now)


def test_of_a_pair_the_last_word_of_a_month_counts_once_however_often_it_was_taken_back(
    service: Service, who: dict[str, str]
) -> None:
    """Ten words on one pair are one: nobody moves the middle of the times by them."""
    with service.database.writing() as session:
        world = make_world(session, students=8, openings=1)
        begin = write(session, world, who, {"an@example.org": [(1, "accept", 3)] * 5})
        write(session, world, who, {"an@example.org": [(1, "reject", 400)]}, begin=begin)
        for minute in range(1, 11):
            session.add(world.decision(begin, 0, "reject", account_id=who["an@example.org"], holds=False, ended_at=READ,
                                       decided_at=AT + timedelta(minutes=minute)))  # fmt: skip
    assert ask(service.person("an@example.org"))["AM36"][1] == (5, 850_000, None, 1_000_000, 10)


def next_plan(session: Session, world: World, at: datetime) -> None:
    """A plan after that of ``world``, with the same pairs; from now on decisions are on its proposals."""
    now = Run(state="queued", regions=["AM36"], on=at.date(), policy_id=session.get_one(Run, world.run).policy_id,
              account_id=world.account, lang="nl", created_at=at)  # fmt: skip
    session.add(now)
    session.flush()
    for pair, proposal in world.proposals.items():
        old = session.get_one(Proposal, proposal)
        again = Proposal(run_id=now.id, student_id=old.student_id, opening_id=old.opening_id, chosen=False, rank=1,
                         fit=1, band="good", known=1, parts={}, reasons=[], to_check=[])  # fmt: skip
        session.add(again)
        session.flush()
        world.proposals[pair] = again.id


def test_a_card_opened_under_mondays_plan_is_opened_on_tuesday(service: Service, who: dict[str, str]) -> None:
    """From Monday's first time on; whoever opens it again on Tuesday after the word does not undo that."""
    email, opened = "an@example.org", AT - timedelta(minutes=10)
    with service.database.writing() as session:
        world = make_world(session, students=6, openings=1)
        for i in range(5):
            session.add(OpenedCard(proposal_id=world.proposals[i, 0], account_id=who[email], at=opened))
        next_plan(session, world, AT - timedelta(minutes=5))
        write(session, world, who, {email: [(1, "accept", LATER)] * 5 + [(1, "accept", None)]})
    assert ask(service.person(email))["AM36"][1] == (5, 1_000_000, None, 850_000, 900)


def test_a_word_of_which_the_opening_is_no_longer_kept_is_not_said_to_be_unlooked_at(
    service: Service, who: dict[str, str]
) -> None:
    """Opened in June under a plan of June, decided in April, read in the June after: the opening has just gone."""
    email, decided = "an@example.org", NOW + timedelta(days=300)
    with service.database.writing() as session:
        world = make_world(session, students=7, openings=1)
        begin = write(session, world, who, {email: [(1, "accept", 290 * 86_400)] * 5}, at=decided)
        write(session, world, who, {email: [(1, "accept", 60)]}, begin=begin, at=decided)
    service.clock.at = NOW + timedelta(days=360)
    assert ask(service.person(email))["AM36"][1] == (5, 1_000_000, None, 1_000_000, HOUR)
    service.clock.at = NOW + timedelta(days=380)
    with service.database.writing() as session:
        assert retention.opened(session, At(service.clock.at, Terms())) == 5
    assert ask(service.person(email))["AM36"][1] == (5, 1_000_000, None, None, None)


def test_what_a_person_proposed_outside_the_list_is_not_the_first_of_the_list(
    service: Service, who: dict[str, str]
) -> None:
    with service.database.writing() as session:
        world = make_world(session, students=10, openings=1)
        write(session, world, who, {"an@example.org": [(1, "reject", 5)] * 5 + [(1, "accept", 5)] * 5})
        for i in range(5, 10):
            session.get_one(Proposal, world.proposals[i, 0]).added_by = who["an@example.org"]
    _, own = ask(service.person("an@example.org"))["AM36"]
    assert own == (10, 0, 1_000_000, 1_000_000, 10)


def test_words_of_before_openings_were_kept_are_not_said_to_be_unlooked_at(
    service: Service, who: dict[str, str]
) -> None:
    """After an upgrade a school year is half over: of its first half nobody knows which cards were open."""
    email = "an@example.org"
    with service.database.writing() as session:
        world = make_world(session, students=12, openings=1)
        begin = write(session, world, who, {email: [(1, "accept", None)] * 6}, at=AT - timedelta(days=9))
    assert ask(service.person(email))["AM36"][1] == (5, 1_000_000, None, None, None)
    with service.database.writing() as session:
        write(session, world, who, {email: [(1, "accept", 8)] * 3 + [(1, "accept", None)] * 3}, begin=begin)
    assert ask(service.person(email))["AM36"][1] == (10, 1_000_000, None, 500_000, None)


@on_both
def test_a_card_is_open_from_its_page_alone_and_the_first_time_stays(cohort: Service) -> None:
    """Reading by the API opens nothing, nor does a word by it; who opens the card afterwards is too late."""
    connector = cohort.person("c@example.org")
    run = connector.get("/api/v1/runs").json["items"][0]["id"]
    looked, unlooked = [one for one in proposals(connector, run) if one["rank"] == 1][:2]
    assert decide(connector, unlooked, "defer").status_code == 201
    first = cohort.clock()
    for seconds in (0, 30, 90):  # the last one is written anew for colleagues
        cohort.clock.at = first + timedelta(seconds=seconds)
        page(connector, f"/voorstellen/{looked['id']}")
    assert decide(connector, looked, "defer").status_code == 201
    cohort.clock.forward(seconds=5)
    page(connector, f"/voorstellen/{unlooked['id']}")
    with cohort.database.reading() as session:
        kept = {one.proposal_id: one.at for one in session.scalars(select(OpenedCard))}
        assert kept == {looked["id"]: first, unlooked["id"]: first + timedelta(seconds=95)}


@on_both
def test_who_compares_has_every_card_of_the_comparison_open(cohort: Service) -> None:
    """It shows the pairs row by row, with the button to accept; when that was first stays, and the card's own too."""
    connector = cohort.person("c@example.org")
    run = connector.get("/api/v1/runs").json["items"][0]["id"]
    first, second, third = proposals(connector, run)[:3]
    began = cohort.clock()
    page(connector, f"/voorstellen/{first['id']}")
    for seconds in (30, 60):
        cohort.clock.at = began + timedelta(seconds=seconds)
        page(connector, f"/vergelijken?voorstel={first['id']}&voorstel={second['id']}")
    page(connector, f"/voorstellen/{third['id']}")
    with cohort.database.reading() as session:
        assert {one.proposal_id: one.at for one in session.scalars(select(OpenedCard))} == {
            first["id"]: began, second["id"]: began + timedelta(seconds=30), third["id"]: began + timedelta(seconds=60)}


def test_of_who_is_erased_no_opening_is_kept(database: Database) -> None:
    with database.writing() as session:
        world = make_world(session, students=2, openings=1)
        write(session, world, {"": world.account}, {"": [(1, "accept", 5), (1, "accept", 6)]})
    with database.writing() as session:
        persons.erase(session, world.students[0], None, AT)
    with database.reading() as session:
        assert list(session.scalars(select(OpenedCard.proposal_id))) == [world.proposals[1, 0]]


def test_a_run_that_goes_before_takes_along_who_opened_its_cards(database: Database) -> None:
    """A year is the shortest term of a run, and a card may be opened in its last days; one was decided on."""
    with database.writing() as session:
        world = make_world(session, students=2, openings=1)
        write(session, world, {"": world.account}, {"": [(1, "accept", 5)]}, at=NOW + timedelta(days=300))
        session.add(OpenedCard(proposal_id=world.proposals[1, 0], account_id=world.account,
                               at=NOW + timedelta(days=300)))  # fmt: skip
    with database.writing() as session:
        retention.runs(session, At(NOW + timedelta(days=370), Terms(run_months=12)))
    with database.reading() as session:
        assert list(session.scalars(select(OpenedCard.proposal_id))) == [world.proposals[0, 0]]
        assert session.get(Proposal, world.proposals[1, 0]) is None


def test_who_compares_students_has_looked_at_each_and_they_can_read_it(cohort: Service) -> None:
    flow = begin(cohort)
    looks = f"/api/v1/students/{flow.student_id}/looks"
    assert flow.student.get(looks).json["items"] == []
    for _ in range(2):  # told once a day
        page = flow.connector.get(f"/vergelijken?voorstel={flow.proposal['id']}", headers={"Accept": "text/html"})
        assert page.status_code == 200
        assert [one["name"] for one in flow.student.get(looks).json["items"]] == ["c"]
