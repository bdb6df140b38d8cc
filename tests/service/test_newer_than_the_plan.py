"""A pair that somebody proposes all the same may be of records that were no part of the plan: it has a card as well."""
from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from api.store.tables import Proposal, StoredOpening, StoredStudent, Vacancy
from tests.service.browser import Person, Service
from tests.service.flow import API
from tests.service.test_held_outside import say
from tests.service.test_off_list import add
from tests.service.test_runs import FIXTURES, compute
from tests.service.test_said_on_pages import HTML
from tests.service.test_take_over import judge, waiting
from tests.service.test_uploads import confirm, hand_in
from tests.service.test_vacancies import put


def begun(cohort: Service) -> Person:
    """A connector whose plan holds."""
    connector = cohort.person("c@example.org")
    assert judge(connector, connector.get(f"{API}/runs").json["items"][0]["id"]).status_code == 200
    return connector


def ids(cohort: Service, ref: str, vacancy: str) -> dict[str, Any]:
    """A student and an opening, as a pair that somebody asks for."""
    with cohort.database.reading() as session:
        student = session.scalar(select(StoredStudent.id).where(StoredStudent.student_ref == ref))
        opening = session.scalar(select(StoredOpening.id).join(Vacancy, Vacancy.id == StoredOpening.vacancy_id)
                                 .where(Vacancy.vacancy_ref == vacancy))  # fmt: skip
    return {"student": {"id": student}, "opening": {"id": opening}}


def newer(cohort: Service, name: str, old: str, new: str, who: str) -> None:
    """Hand in one more line of the cohort, like ``old`` but of ``new``."""
    lines = (FIXTURES / "tiny" / f"{name}.csv").read_text(encoding="utf-8").splitlines()
    line = next(line for line in lines if line.startswith(f"{old},")).replace(f"{old},", f"{new},", 1)
    person, kind = cohort.person(who), {} if name == "leavers" else {"kind": "vacancies"}
    assert confirm(person, hand_in(person, f"{lines[0]}\n{line}", **kind)).status_code == 200


def read(connector: Person, proposal: str) -> None:
    """The card, the comparison and the card of every other pair that waits can be read."""
    page = connector.get(f"/voorstellen/{proposal}?taal=nl")
    assert page.status_code == 200, page.text
    assert "gewijzigd na deze berekening" not in page.text
    here = [p["id"] for p in waiting(connector)]
    others = [one for one in here if one != proposal][:2]
    for path in (*(f"/voorstellen/{one}" for one in here), f"/vergelijken?voorstel={proposal}&voorstel={others[0]}"):
        assert connector.get(path).status_code == 200, path
    assert connector.get(f"{API}/proposals/{proposal}").status_code == 200


def decide_by_page(connector: Person, proposal: str, **word: str) -> None:
    """Say a word on the card itself."""
    form = {"csrf_token": connector.headers["X-CSRFToken"], "seen": "none", **word}
    answer = connector.client.post(f"/voorstellen/{proposal}", data=form, headers=HTML)
    assert answer.status_code in (302, 303), answer.text
    assert connector.get(f"/voorstellen/{proposal}").status_code == 200


@pytest.mark.parametrize("word", [{"word": "accept"}, {"word": "reject", "reason": "hours"}])
@pytest.mark.parametrize(("ref", "vacancy"), [("F", "V3"), ("C", "V4"), ("F", "V4")])
def test_a_pair_of_who_or_what_is_newer_than_the_plan_has_a_card_on_which_one_decides(
    cohort: Service, ref: str, vacancy: str, word: dict[str, str]
) -> None:
    connector = begun(cohort)
    newer(cohort, "leavers", "C", "F", "31TB00@example.org")
    newer(cohort, "vacancies", "V3", "V4", "c@example.org")
    made = add(connector, ids(cohort, ref, vacancy))
    assert made.status_code == 201, made.text
    read(connector, made.json["id"])
    decide_by_page(connector, made.json["id"], **word)


def test_what_was_taken_along_of_a_vacancy_that_closed_has_a_card(cohort: Service) -> None:
    connector = begun(cohort)
    pair = ids(cohort, "D", "V3")
    assert add(connector, pair).status_code == 201
    with cohort.database.reading() as session:
        vacancy = session.get_one(StoredOpening, pair["opening"]["id"]).vacancy_id
    assert put(connector, {"id": vacancy}, "closed").status_code == 200
    run = compute(cohort, connector)["id"]
    assert judge(connector, run).status_code == 200
    (along,) = [p for p in waiting(connector) if p["opening"]["id"] == pair["opening"]["id"]]
    assert along["runId"] == run
    read(connector, along["id"])
    decide_by_page(connector, along["id"], word="reject", reason="hours")


@pytest.mark.parametrize("cells", [{"work_capacity": "no"}, {"work_capacity": "unknown"}, {"destination": "mbo"},
                                   {"leaving_profile": "day_activities"}])  # fmt: skip
def test_what_was_taken_along_of_who_cannot_be_placed_any_more_has_a_card(
    cohort: Service, cells: dict[str, str]
) -> None:
    connector = begun(cohort)
    made = add(connector, ids(cohort, "D", "V3")).json
    say(cohort, "D", **cells)
    run = compute(cohort, connector)["id"]
    assert judge(connector, run).status_code == 200
    with cohort.database.reading() as session:
        added = select(Proposal.id).where(Proposal.run_id == run, Proposal.added_by.is_not(None))
        along = session.scalar(added.where(Proposal.student_id == made["student"]["id"]))
    for one in (made["id"], along):
        assert connector.get(f"/voorstellen/{one}").status_code == 200
