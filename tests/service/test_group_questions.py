"""Does a group fit here? Held against matching with the vacancy in the list; an employer reads words alone."""
from __future__ import annotations

import json
import re
from datetime import date
from typing import Any

import pytest

from api.pipeline import run_match
from api.services import group_questions, run_queue
from api.services.accounts import Right
from api.store import audit
from api.store.tables import StoredOpening, Vacancy
from tests.service.browser import Person, Service
from tests.service.test_off_list import everything
from tests.service.test_runs import ON, compute, tiny
from tests.service.test_take_over import judge

pytestmark = pytest.mark.parametrize("url", ["sqlite"], indirect=True)
QUESTION = {"branch": "metal", "postcode": "8102", "startsOn": "2026-09-01", "places": 3, "minToOpen": 2, "tasks": []}


def ask(service: Service, person: Person, **other: Any) -> dict[str, Any]:
    """Ask, let it be worked out, and read the answer."""
    service.clock.at = service.clock.at.replace(month=6, day=15)
    made = person.post("/api/v1/group-questions", {**QUESTION, **other})
    assert made.status_code == 202, made.text
    taken = run_queue.take(service.database, service.clock())
    assert taken == (made.json["id"], 1)
    run_queue.compute(service.database, *taken, lambda _: None, service.clock)
    found: dict[str, Any] = person.get(made.headers["Location"]).json
    return found


def test_the_answer_is_what_matching_with_the_vacancy_gives(service: Service) -> None:
    connector = tiny(service)
    students, openings, policy = everything(service)
    sizes = set()
    for branch in sorted({opening.branch for _, opening in openings}):
        for least in (0, 2, 3):
            told = ask(service, connector, branch=branch, minToOpen=least)
            question = {"branch": branch, "postcode": "8102", "starts_on": "2026-09-01", "places": 3,
                        "min_to_open": least}  # fmt: skip
            new = group_questions.opening_of_question(question)
            report = run_match([s for _, s in students], [*(o for _, o in openings), new], policy,
                               on=date.fromisoformat(ON))  # fmt: skip
            without = run_match([s for _, s in students], [o for _, o in openings], policy, on=date.fromisoformat(ON))
            at = next(j for j, opening in enumerate(report.openings) if opening.vacancy_ref == group_questions.KEY)
            answer = told["answer"]
            assert answer["eligible"] == int((report.problem.indices == at).sum())
            assert answer["placed"] == int((report.pair_of >= 0).sum()) - int((without.pair_of >= 0).sum())
            assert answer["opens"] == (len(answer["inside"]) >= max(least, 1))
            assert len(answer["moves"]) >= len(answer["inside"])
            sizes.add((answer["opens"], answer["eligible"] > 0))
    assert len(sizes) > 1
    with service.database.reading() as session:
        assert session.query(StoredOpening).count() == len(openings)  # nothing was posted
        assert session.query(Vacancy).count() <= len(openings)
        assert audit.verify(session) == []


def test_an_employer_reads_words_and_no_number_or_name(service: Service) -> None:
    connector = tiny(service)
    judge(connector, compute(service, connector)["id"])
    service.add("e@example.org", Right("employer", "11111110", "B"))
    service.add("f@example.org", Right("employer", "22222220", "C"))
    employer = service.person("e@example.org")
    told = ask(service, employer)
    assert set(told["answer"]) == {"words", "opens"}
    assert not re.search(r"\d", json.dumps(told["answer"]["words"]))
    path = f"/api/v1/group-questions/{told['id']}"
    theirs, none = (service.person("f@example.org").get(p) for p in (path, f"/api/v1/group-questions/{'0' * 32}"))
    assert (theirs.status_code, theirs.data) == (404, none.data)
    assert "eligible" in connector.get(path).json["answer"]  # the region's connector sees what was asked, and who fits
    service.add("g@example.org", Right("connector", "AM01"))
    assert service.person("g@example.org").get(path).status_code == 404
    assert connector.get(f"/api/v1/runs/{told['id']}").status_code == 404  # it is no plan, and cannot be taken over
    assert told["id"] not in {run["id"] for run in connector.get("/api/v1/runs").json["items"]}


def test_a_question_that_cannot_be_is_refused_with_all_that_is_wrong(service: Service) -> None:
    connector = tiny(service)
    for wrong in (
        {"postcode": "0999"}, {"postcode": None}, {"minToOpen": 5}, {"hoursMin": 30, "hoursMax": 20}, {"branch": "x"},
        {"tasks": ["BSN 111222333"]}, {"places": 0}, {"postcode": None, "place": "Bergen"},
    ):  # fmt: skip
        assert connector.post("/api/v1/group-questions", {**QUESTION, **wrong}).status_code == 400, wrong


def words(eligible: int, places: int, least: int, *, near: bool, opens: bool = True) -> tuple[str, bool | None]:
    """The first word of an answer, and whether the place opens."""
    question = {"places": places, "min_to_open": least}
    told = group_questions.told_in_words({"eligible": eligible, "opens": opens}, question, "en", near=near)
    return told["words"][0], told["opens"]


def test_words_follow_the_number_asked_for(service: Service) -> None:
    first = [words(n, 4, 3, near=True)[0] for n in (0, 2, 3, 7, 8)]
    assert [first.index(one) for one in first] == [0, 1, 2, 2, 4]


def test_no_question_tells_an_employer_more_than_a_count_by_fives(url: str) -> None:
    """Whoever asks with every number of places and every minimum reads the same of 5 as of 9 students, of 0 as of 4."""
    asked = [(places, least) for places in range(1, 41) for least in range(1, places + 1)]
    read = [tuple([words(n, *one, near=False, opens=n >= one[1]) for one in asked]) for n in range(25)]
    assert all(read[n] == read[n // 5 * 5] for n in range(25))
    assert len(set(read)) == 5
    # Nor how many of them the plan would leave where they are: with every minimum asked, that would be counted too.
    for inside in range(25):
        assert read == [tuple([words(n, *one, near=False, opens=min(n, inside) >= one[1]) for one in asked])
                        for n in range(25)]  # fmt: skip
    assert set(read[4]) == {(read[4][0][0], None)}  # of a few not even whether it opens
    for n in range(5, 25):  # and what is read is true
        for (_, least), (said, _) in zip(asked, read[n], strict=True):
            assert ("Too few" in said) <= (n < least)
            assert (said.startswith(("Enough", "More than"))) <= (n >= least)


def test_an_employer_is_not_told_that_a_group_starts_by_a_count_of_who_may_be_placed_elsewhere(url: str) -> None:
    """Whether it starts depends on the plan, which a connector reads; that far too few fit is sure."""
    found = {"eligible": 12, "opens": False}
    told = [group_questions.told_in_words(found, {"places": 4, "min_to_open": least}, "nl", near=near)
            for least, near in ((3, False), (1, False), (3, True))]  # fmt: skip
    assert [one["opens"] for one in told] == [None, None, False]
    assert [one["words"][1] for one in told] == [
        "Of de groep dan kan beginnen, weet de verbinder.", "Of de plek dan wordt gevuld, weet de verbinder.",
        "De groep kan dan nog niet beginnen. Bespreek het met de verbinder."]  # fmt: skip
    few = group_questions.told_in_words(found, {"places": 20, "min_to_open": 15}, "nl", near=False)
    assert few["opens"] is False
