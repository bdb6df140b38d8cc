"""A question is about whom it was asked for, and says what was typed: no word of it is cut."""
from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from api.services.accounts import Right
from api.store.tables import Organisation, StoredStudent
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


def room(page: str) -> int:
    """How many characters the page leaves for somebody's own words."""
    found = re.search(r'<textarea id="text"[^>]* maxlength="(\d+)"', page)
    assert found is not None
    return int(found[1])


def test_the_name_of_a_place_stays_before_a_question_that_fills_its_field(flow: Flow) -> None:
    """Of a full question nothing of the name was left, and nobody was told which place it was about."""
    flow.accept()
    place = flow.ask()["id"]
    most = room(flow.student.get(f"/vraag?voorstel={place}", headers=PAGE).text)
    words = ("Ik wil niet naar dit bedrijf. " * 20)[: most - 4] + "slot"
    said = {"kind": "talk", "offer": place}
    assert flow.student.post("/vraag", data={**said, "text": words}, headers=PAGE).status_code == 303
    ((_, text),) = asked(flow, flow.student_id)
    assert text == f"Keukenhulp, Keuken en Co. {words}"
    assert len(text) == 500
    refused = flow.student.post("/vraag", data={**said, "text": f"{words}!"}, headers=PAGE)
    assert refused.status_code == 400
    assert refused.text.count(f"Maak de tekst korter: hoogstens {most} tekens.") == 2  # in the summary, at the field
    assert f">{words}!</textarea>" in refused.text
    assert len(asked(flow, flow.student_id)) == 1


def test_a_question_about_no_place_has_all_the_room(flow: Flow) -> None:
    """A line that ends counts once, as it does while it is typed."""
    assert room(flow.student.get("/vraag", headers=PAGE).text) == 500
    words = "nee\r\n" * 124 + "slot"  # 500 characters in a browser
    assert flow.student.post("/vraag", data={"kind": "talk", "text": words}, headers=PAGE).status_code == 303
    ((_, text),) = asked(flow, flow.student_id)
    assert text == words.replace("\r", "")
    refused = flow.student.post("/vraag", data={"kind": "talk", "text": f"{words}!"}, headers=PAGE)
    assert (refused.status_code, "hoogstens 500 tekens" in refused.text) == (400, True)


def test_a_place_with_a_long_name_leaves_room_for_a_question(flow: Flow) -> None:
    with flow.service.database.writing() as session:
        for one in session.scalars(select(Organisation).where(Organisation.kind == "employer")):
            one.name = "Zeer lange naam " * 12
    flow.accept()
    assert room(flow.student.get(f"/vraag?voorstel={flow.ask()['id']}", headers=PAGE).text) >= 350
