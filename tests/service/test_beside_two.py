"""Who speaks for two students reads on every page whom to call about which of them."""
from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import delete, select

from api.services.accounts import Right
from api.store.tables import CheckMoment, Contact, Placement, StoredStudent
from tests.service.browser import Person, Service
from tests.service.flow import Flow, begin, followed
from tests.service.test_decisions import decide, proposals
from tests.service.test_meeting_and_placement import placed
from tests.service.youth import give_mandate

PAGE = {"Accept": "text/html"}


@pytest.fixture
def flow(cohort: Service) -> Flow:
    """A student of one school at work."""
    made = begin(cohort)
    placed(made)
    return made


@pytest.fixture
def calls(flow: Flow) -> dict[str, str]:
    """Another student at work, of another school; return what to call about each: the number by the student's own."""
    schools = {}
    with flow.service.database.reading() as session:
        for one in session.scalars(select(StoredStudent)):
            schools[one.id] = one.organisation_id, one.student_ref
    other = next(p for p in proposals(flow.connector, flow.run, chosen="true")
                 if schools[p["student"]["id"]][0] != schools[flow.student_id][0])  # fmt: skip
    followed(flow.service, decide(flow.connector, other, "accept").json["id"])
    found, whose = {}, (flow.student_id, other["student"]["id"])
    with flow.service.database.writing() as session:
        session.execute(delete(Contact))
        for number, student in enumerate(whose, 1):
            home, ref = schools[student]
            session.add(Contact(organisation_id=home, name=f"Juf {number}", phone=f"038 000000{number}",
                                created_at=flow.service.clock()))
            found[ref] = f"Bel Juf {number}: 038 000000{number}."
    made = flow.service.add("ouder@example.org", *(Right("parent", student) for student in whose))
    for student in whose:
        give_mandate(flow.service, student, made)
    return found


@pytest.fixture
def parent(flow: Flow, calls: dict[str, str]) -> Person:
    """Who speaks for both."""
    return flow.service.person("ouder@example.org")


def sections(page: str) -> list[str]:
    """The parts of a page that are about one place."""
    return re.findall(r'<section class="card">.*?</section>', page, re.DOTALL)


def test_every_place_says_of_whom_it_is_and_whom_to_call_about_that_one(parent: Person, calls: dict[str, str]) -> None:
    """Under all of them stood whom to call about one, whoever that was."""
    page = parent.get("/mijn-plek", headers=PAGE).text
    found = sections(page)
    assert len(found) == 4  # of each the work, and what was agreed before it
    told = [{ref for ref in calls if f'<p class="muted">{ref}</p>' in one} for one in found]
    assert sorted(map(sorted, told)) == [[ref] for ref in sorted(calls) for _ in range(2)]
    for one, (ref,) in zip(found, told, strict=True):
        assert [call for call in calls.values() if call in one] == [calls[ref]]
    assert not any(call in re.sub(r"<section.*</section>", "", page, flags=re.DOTALL) for call in calls.values())


def test_whom_to_call_stands_beside_a_question_for_each(parent: Person, calls: dict[str, str]) -> None:
    told = parent.get("/vraag", headers=PAGE).text
    for number, ref in enumerate(calls, 1):
        assert f"<p>{ref}: Juf {number} helpt je. Bel 038 000000{number}.</p>" in told


def test_a_student_alone_reads_once_whom_to_call(flow: Flow, calls: dict[str, str]) -> None:
    page = flow.student.get("/mijn-plek", headers=PAGE).text
    assert page.count(calls["C"]) == 1
    assert not any(call in one for one in sections(page) for call in calls.values())


def test_every_moment_of_a_place_is_there_however_many_others_have(flow: Flow, parent: Person) -> None:
    """They were taken a hundred at a time, of all together."""
    with flow.service.database.writing() as session:
        first = session.scalars(select(Placement).where(Placement.student_id == flow.student_id)).one()
        days = (date(2026, 1, 1) + timedelta(days=k) for k in range(100))
        session.add_all(CheckMoment(placement_id=first.id, kind="weeks_2", due_on=day) for day in days)
    found = sections(parent.get("/mijn-plek", headers=PAGE).text)
    assert len(found) == 4
    assert not any("Er is nog geen dag gepland." in one for one in found)
