"""A question is about whom it was asked for, and says what was typed: no word of it is cut."""
from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from api.services.accounts import Right
from api.store.tables import StoredStudent
from tests.service.browser import Person, Service
from tests.service.flow import API, Flow, begin
from tests.service.youth import give_mandate

PAGE = {"Accept": "text/html"}


@pytest.fixture
def flow(cohort: Service) -> Flow:
    """A run and the people of one of its proposals."""
    return begin(cohort)


@pytest.fixture
def other(flow: Flow) -> str:
    """Another student of the same school, the first by id."""
    with flow.service.database.reading() as session:
        home = session.get_one(StoredStudent, flow.student_id).organisation_id
        query = select(StoredStudent.id).where(StoredStudent.organisation_id == home,
                                               StoredStudent.id != flow.student_id)  # fmt: skip
        return session.scalars(query.order_by(StoredStudent.id)).all()[0]


@pytest.fixture
def parent(flow: Flow, other: str) -> Person:
    """Who speaks for two."""
    made = flow.service.add("ouder@example.org", Right("parent", flow.student_id), Right("parent", other))
    for student in (flow.student_id, other):
        give_mandate(flow.service, student, made)
    return flow.service.person("ouder@example.org")


def asked(flow: Flow, student: str) -> list[tuple[str, str]]:
    """What the school reads that was asked about a student."""
    found = flow.school.get(f"{API}/students/{student}/questions").json
    return [(one["code"] or one["kind"], one["text"]) for one in found]


def test_a_wish_to_be_erased_of_who_speaks_for_two_says_of_whom_before_it_is_sent(
    flow: Flow, other: str, parent: Person
) -> None:
    """The first of the two, by the number of the record, was asked to be erased."""
    refused = parent.post("/vraag", data={"kind": "erasure", "text": "Graag alles weg"}, headers=PAGE)
    assert refused.status_code == 400
    assert refused.text.count("Maak een keuze.") == 2  # in the summary and at the question
    assert 'href="#student"' in refused.text
    assert ">Graag alles weg</textarea>" in refused.text
    assert asked(flow, flow.student_id) == asked(flow, other) == []
    sent = parent.post("/vraag", data={"kind": "erasure", "text": "", "student": flow.student_id}, headers=PAGE)
    assert sent.status_code == 303
    assert (asked(flow, flow.student_id), asked(flow, other)) == ([("erasure", "")], [])


def test_a_question_from_a_place_is_about_whose_place_it_is(flow: Flow, other: str, parent: Person) -> None:
    flow.accept()
    place = flow.ask()["id"]
    page = parent.get(f"/vraag?soort=data_correction&voorstel={place}", headers=PAGE).text
    assert re.search(rf'name="student" value="{flow.student_id}" checked', page)
    assert parent.post("/vraag", data={"kind": "talk", "text": "Mag het later?", "offer": place},
                       headers=PAGE).status_code == 303  # fmt: skip
    ((kind, text),) = asked(flow, flow.student_id)
    assert kind == "talk"
    assert text.endswith(". Mag het later?")
    assert asked(flow, other) == []


def test_a_question_about_another_than_whose_place_it_is_names_no_place(flow: Flow, other: str, parent: Person) -> None:
    flow.accept()
    said = {"kind": "talk", "text": "Mag het later?", "offer": flow.ask()["id"], "student": other}
    assert parent.post("/vraag", data=said, headers=PAGE).status_code == 303
    assert (asked(flow, flow.student_id), asked(flow, other)) == ([], [("talk", "Mag het later?")])


@pytest.mark.parametrize("length", [100, 480, 497, 498, 500])
def test_of_a_long_question_about_a_place_the_place_is_cut_and_not_the_words(flow: Flow, length: int) -> None:
    flow.accept()
    words = ("Ik wil niet naar dit bedrijf. " * 20)[: length - 4] + "slot"
    said = {"kind": "talk", "text": words, "offer": flow.ask()["id"]}
    assert flow.student.post("/vraag", data=said, headers=PAGE).status_code == 303
    ((_, text),) = asked(flow, flow.student_id)
    assert text.endswith(words)
    assert len(text) <= 500
    assert (text == words) is (length > 497)
