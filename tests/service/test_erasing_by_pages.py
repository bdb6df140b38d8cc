"""Whoever asks to be erased is read as such, and whoever may erase does it on a page, with a word typed over."""
from __future__ import annotations

import pytest
from sqlalchemy import select

from api.services.accounts import Right
from api.store.tables import Erasure, StoredStudent
from tests.service.flow import API, Flow, begin

PAGE = {"Accept": "text/html"}
ASKED = "Wil dat alle gegevens weggaan"


@pytest.fixture
def flow(cohort: object) -> Flow:
    """A run and the people of one of its proposals."""
    return begin(cohort)  # type: ignore[arg-type]


def erased(flow: Flow) -> list[str]:
    """Who was erased."""
    with flow.service.database.reading() as session:
        return list(session.scalars(select(Erasure.student_id)))


@pytest.mark.parametrize("text", ["Graag alles weg", ""])
def test_a_wish_to_be_erased_is_told_as_that_and_ends_with_the_erasure(flow: Flow, text: str) -> None:
    sent = flow.student.post("/vraag", data={"kind": "erasure", "text": text}, headers=PAGE)
    assert sent.status_code == 303
    mine = flow.student.get("/vraag", headers=PAGE).text
    assert "<h3>Haal mijn gegevens weg</h3>" in mine
    assert "<h3>Ik ben het niet eens</h3>" not in mine
    one = flow.school.get(f"/leerlingen/{flow.student_id}", headers=PAGE).text
    assert ASKED in one
    assert f'href="/leerlingen/{flow.student_id}/wissen"' in one
    assert (text or ASKED) in flow.school.get("/start", headers=PAGE).text
    (asked,) = flow.school.get(f"{API}/students/{flow.student_id}/questions").json
    assert (asked["kind"], asked["code"], asked["text"]) == ("objection", "erasure", text)
    path = f"/leerlingen/{flow.student_id}/wissen"
    assert "De leerling vroeg hierom op 15 juni 2026." in flow.school.get(path, headers=PAGE).text
    for typed in ({}, {"word": ""}, {"word": "ja"}):
        refused = flow.school.post(path, data=typed, headers=PAGE)
        assert refused.status_code == 400
        assert "Typ het woord precies over." in refused.text
    assert erased(flow) == []
    done = flow.school.post(path, data={"word": "wis"}, headers=PAGE)
    assert (done.status_code, done.headers["Location"]) == (303, "/leerlingen?gedaan=erased")
    assert erased(flow) == [flow.student_id]
    assert flow.school.get("/questions", headers=PAGE).status_code == 404
    assert flow.school.get(f"{API}/questions").json["items"] == []
    assert flow.school.get(path, headers=PAGE).status_code == 404


def test_the_administrator_erases_by_the_number_of_school_and_student(flow: Flow) -> None:
    flow.service.add("b@example.org", Right("administrator"))
    admin, other = flow.service.person("b@example.org"), flow.service.person("31TA00@example.org")
    with flow.service.database.reading() as session:
        ref = session.get_one(StoredStudent, flow.student_id).student_ref
    home = flow.emails["school"].partition("@")[0]
    assert 'href="/beheer/wissen"' in admin.get("/beheer", headers=PAGE).text
    for typed in ({"party": home, "ref": ref}, {"party": home, "ref": "niemand", "word": "WIS"}, {"word": "WIS"}):
        assert admin.post("/beheer/wissen", data=typed, headers=PAGE).status_code == 400
    assert other.post(f"/leerlingen/{flow.student_id}/wissen", data={"word": "WIS"}, headers=PAGE).status_code == 404
    assert erased(flow) == []
    typed = {"party": home, "ref": ref, "word": "WIS"}
    assert admin.post("/beheer/wissen", data=typed, headers=PAGE).status_code == 303
    assert erased(flow) == [flow.student_id]


def test_a_wish_to_be_erased_is_an_objection_and_no_other_question(flow: Flow) -> None:
    path = f"{API}/students/{flow.student_id}/questions"
    assert flow.student.post(path, {"kind": "data_correction", "code": "erasure"}).status_code == 400
    assert flow.student.post(path, {"kind": "objection", "code": "erasure"}).status_code == 201
