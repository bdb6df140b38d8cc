"""Proposals by run, student, vacancy and region: each filter counts, alone and with others, or is refused by name."""
from __future__ import annotations

from datetime import timedelta
from itertools import combinations
from typing import Any

import pytest
from sqlalchemy import select

from api.store.tables import Proposal, Run, StoredOpening, StoredStudent
from tests.service.browser import Person, Service
from tests.service.flow import on_both
from tests.service.test_lists_in_pages import whole
from tests.service.test_take_over import judge

API = "/api/v1/proposals"
OF_QUEUE = ("regionCode", "studentId", "openingId", "vacancyId")
OF_RUN = (*OF_QUEUE, "chosen")


@pytest.fixture
def known(cohort: Service) -> tuple[Person, str, dict[str, str]]:
    """A connector, a run that was taken over, and the vacancy of each opening.

    Two regions have students, and two openings are of one vacancy: else a filter that is not read shows nowhere.
    """
    connector = cohort.person("c@example.org")
    with cohort.database.writing() as session:
        run = session.scalars(select(Run.id)).one()
        one, twin, *_ = session.scalars(select(StoredOpening).order_by(StoredOpening.id)).all()
        twin.vacancy_id, twin.starts_on = one.vacancy_id, one.starts_on + timedelta(days=7)
    assert judge(connector, run).status_code == 200
    with cohort.database.writing() as session:  # since the plan was taken over, which has no plan for where they go
        moved = session.scalars(select(Proposal.student_id).order_by(Proposal.student_id)).first()
        session.get_one(StoredStudent, moved).region_code = "AM01"
    with cohort.database.reading() as session:
        return connector, run, {place.id: place.vacancy_id for place in session.scalars(select(StoredOpening))}


def said_by(one: dict[str, Any], vacancies: dict[str, str]) -> dict[str, str]:
    """What a proposal says of itself, by the name of the filter that asks for it."""
    return {"regionCode": one["student"]["region"], "studentId": one["student"]["id"],
            "openingId": one["opening"]["id"], "vacancyId": vacancies[one["opening"]["id"]],
            "chosen": str(one["chosen"]).lower()}  # fmt: skip


def is_asked(one: dict[str, Any], vacancies: dict[str, str], asked: dict[str, str]) -> bool:
    """Whether a proposal is what was asked for."""
    return asked.items() <= said_by(one, vacancies).items()


@on_both
def test_of_a_run_every_filter_counts_alone_and_with_the_others(known: tuple[Person, str, dict[str, str]]) -> None:
    connector, run, vacancies = known
    every = whole(connector, f"{API}?runId={run}", 100)
    samples = [next(one for one in every if one["chosen"]), next(one for one in every if not one["chosen"]),
               next(one for one in every if one["student"]["region"] == "AM01")]  # fmt: skip
    narrowed = 0
    for sample in samples:
        for number in range(1, len(OF_RUN) + 1):
            for names in combinations(OF_RUN, number):
                asked = {name: said_by(sample, vacancies)[name] for name in names}
                told = connector.get(f"{API}?runId={run}&limit=100" + "".join(f"&{n}={v}" for n, v in asked.items()))
                assert told.status_code == 200, told.text
                found = told.json["items"]
                expected = {one["id"] for one in every if is_asked(one, vacancies, asked)}
                assert {one["id"] for one in found} == expected, asked
                assert len(found) == len(expected)
                narrowed += len(expected) < len(every)
    assert narrowed > 60


@on_both
def test_of_a_run_a_vacancy_is_shown_by_fit_page_after_page(known: tuple[Person, str, dict[str, str]]) -> None:
    connector, run, vacancies = known
    every = whole(connector, f"{API}?runId={run}", 100)
    ranked = 0
    for vacancy in set(vacancies.values()):
        of_it = [one for one in every if vacancies[one["opening"]["id"]] == vacancy]
        expected = sorted(of_it, key=lambda one: (-one["fit"], one["student"]["id"], one["id"]))
        for limit in (1, 3, 100):
            path = f"{API}?runId={run}&vacancyId={vacancy}"
            assert [one["id"] for one in whole(connector, path, limit)] == [one["id"] for one in expected]
        ranked += len({one["opening"]["id"] for one in of_it}) > 1
    assert ranked  # one of them has two openings, ranked together


@on_both
def test_of_what_waits_every_filter_counts_alone_and_with_the_others(
    known: tuple[Person, str, dict[str, str]],
) -> None:
    connector, _, vacancies = known
    every = connector.get(f"{API}?limit=100").json["items"]
    assert len(every) > 2
    for sample in every:
        for number in range(1, len(OF_QUEUE) + 1):
            for names in combinations(OF_QUEUE, number):
                asked = {name: said_by(sample, vacancies)[name] for name in names}
                query = "".join(f"&{name}={value}" for name, value in asked.items())
                for more in ("", "&by=vacancy", "&state=to_review"):
                    found = connector.get(f"{API}?limit=100{query}{more}").json["items"]
                    expected = {one["id"] for one in every if is_asked(one, vacancies, asked)}
                    assert {one["id"] for one in found} == expected, (asked, more)


@pytest.mark.parametrize(("query", "fields"), [
    ("runId={run}&state=ready", ["state"]), ("runId={run}&by=student", ["by"]),
    ("runId={run}&by=vacancy&state=to_review&vacancyId=x", ["by", "state"]),
    ("chosen=true", ["chosen"]), ("chosen=false&state=later&by=vacancy", ["chosen"]),
    ("runId={run}&state=ready&limit=0", ["limit", "state"]), ("chosen=true&by=chance", ["by", "chosen"]),
    ("runId={run}&state=none", ["state"]),
])  # fmt: skip
def test_what_is_not_read_together_is_refused_with_all_else_that_is_wrong(
    known: tuple[Person, str, dict[str, str]], query: str, fields: list[str]
) -> None:
    connector, run, _ = known
    told = connector.get(f"{API}?{query.format(run=run)}")
    assert (told.status_code, told.mimetype) == (400, "application/problem+json")
    assert sorted(one["field"] for one in told.json["errors"]) == fields
