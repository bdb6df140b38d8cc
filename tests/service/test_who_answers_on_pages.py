"""Who may not speak for a student is offered no button for it, and who sends it anyway reads who answers."""
from __future__ import annotations

import pytest

from api.services.accounts import Right
from api.store.tables import Profile, StoredStudent
from tests.service.browser import Person, Service
from tests.service.flow import API, Flow, begin, put
from tests.service.test_meeting_and_placement import TODAY, met
from tests.service.youth import give_mandate

PAGE = {"Accept": "text/html"}
STUDENT, PARENT = "Vanaf 16 jaar antwoordt de leerling zelf", "Onder de 16 jaar zegt een ouder of vertegenwoordiger ja."
SEVENTEEN, FIFTEEN = "2009-01-01", "2011-01-01"
CHANGED = "Er is net iets veranderd."


@pytest.fixture
def flow(cohort: Service) -> Flow:
    """A run and the people of one of its proposals."""
    return begin(cohort)


@pytest.fixture
def parent(flow: Flow) -> Person:
    """A parent of a student of 17, whose mandate says that the student is a minor."""
    be_born(flow, SEVENTEEN)
    made = flow.service.add("ouder@example.org", Right("parent", flow.student_id))
    give_mandate(flow.service, flow.student_id, made, "minor")
    return flow.service.person("ouder@example.org")


def be_born(flow: Flow, day: str) -> None:
    """Let the student be so old."""
    with flow.service.database.writing() as session:
        number = session.get_one(StoredStudent, flow.student_id).number
        profile = session.get_one(Profile, (flow.student_id, number))
        profile.record = {**profile.record, "birth_date": day}


def read(person: Person, path: str) -> str:
    """A page."""
    answer = person.get(path, headers=PAGE)
    assert answer.status_code == 200, (path, answer.text[:300])
    return answer.text


def refused(person: Person, path: str, **said: str) -> str:
    """Send a form that can do nothing; return the page that it leads to."""
    answer = person.post(path, data=said, headers=PAGE)
    assert answer.status_code == 303, answer.text
    return read(person, str(answer.headers["Location"]))


def test_a_parent_of_a_minor_of_16_or_17_reads_along_and_has_no_button(flow: Flow, parent: Person) -> None:
    flow.accept()
    request = flow.ask()
    offer = f"/mijn-voorstellen/{request['id']}"
    page = read(parent, offer)
    assert STUDENT in page
    assert 'name="answer"' not in page
    assert 'value="yes">Ja, dat mag' in read(flow.student, offer)
    told = refused(parent, offer, answer="yes")
    assert CHANGED not in told
    assert told.count(STUDENT) == 2  # as the banner, and at the question
    flow.answer(request)
    (given,) = flow.student.get(f"{API}/consents").json["items"]
    stop = f"/mijn-toestemming/{given['id']}/stoppen"
    assert "stoppen" not in read(parent, offer)
    assert stop not in read(parent, "/mijn-toestemming")
    assert stop in read(flow.student, "/mijn-toestemming")
    assert "Ja, stop met delen" not in read(parent, stop)
    assert CHANGED not in refused(parent, stop)
    assert flow.student.get(f"{API}/consents/{given['id']}").json["state"] == "live"


def test_a_parent_of_a_minor_of_16_or_17_has_no_button_for_name_or_agreement(flow: Flow, parent: Person) -> None:
    terms = {"introductionId": met(flow), "startsOn": TODAY, "hours": 24, "mentor": "Kim", "adaptations": []}
    agreement = flow.employer.post(f"{API}/agreements", terms).json["id"]
    (option,) = flow.student.get(f"{API}/options").json
    offer = f"/mijn-voorstellen/{option['requestId']}"
    assert 'name="names"' not in read(parent, offer)
    assert 'name="names" value="yes"' in read(flow.student, offer)
    assert CHANGED not in refused(parent, f"{offer}/naam", names="yes")
    place = read(parent, "/mijn-plek")
    assert STUDENT in place
    assert "Ja, ik ben het eens" not in place
    assert "Ja, ik ben het eens" in read(flow.student, "/mijn-plek")
    assert CHANGED not in refused(parent, f"/mijn-plek/{agreement}", seen="1")


def test_a_student_under_16_has_no_button_that_only_a_parent_may_press(flow: Flow, parent: Person) -> None:
    """The parent has it, whose mandate is that the student is a minor."""
    terms = {"introductionId": met(flow), "startsOn": TODAY, "hours": 24, "mentor": "Kim", "adaptations": []}
    agreement = flow.employer.post(f"{API}/agreements", terms).json["id"]
    (option,) = flow.student.get(f"{API}/options").json
    be_born(flow, FIFTEEN)
    offer = f"/mijn-voorstellen/{option['requestId']}"
    assert 'name="names"' not in read(flow.student, offer)
    assert PARENT in read(flow.student, offer)
    assert PARENT in refused(flow.student, f"{offer}/naam", names="yes")
    assert "Ja, ik ben het eens" not in read(flow.student, "/mijn-plek")
    assert CHANGED not in refused(flow.student, f"/mijn-plek/{agreement}", seen="1")
    assert f"/mijn-toestemming/{option['consentId']}/stoppen" in read(flow.student, "/mijn-toestemming")
    assert 'name="names" value="yes"' in read(parent, offer)
    assert "Ja, ik ben het eens" in read(parent, "/mijn-plek")


def test_a_request_for_help_has_buttons_for_who_may_answer_it_alone(flow: Flow, parent: Person) -> None:
    flow.service.add("g@example.org", Right("municipality", "GM0193", "Zwolle"))
    (town,) = flow.school.get(f"{API}/municipalities").json
    said = {"studentId": flow.student_id, "municipalityId": town["id"], "what": "Een fiets"}
    asked = flow.school.post(f"{API}/help-requests", said).json["id"]
    page = "/mijn-toestemming"
    assert 'name="word"' not in read(parent, page)
    assert STUDENT in read(parent, page)
    assert CHANGED not in refused(parent, f"{page}/hulp/{asked}", word="yes", seen="1")
    assert 'name="word" value="yes"' in read(flow.student, page)
    put(flow.student, f"/help-requests/{asked}/consent", None)
    assert 'name="word"' not in read(parent, page)
    be_born(flow, FIFTEEN)
    assert 'name="word" value="no"' in read(flow.student, page)
    assert 'name="word" value="no"' in read(parent, page)


def test_a_parent_takes_back_no_request_for_help_of_who_answers_alone(flow: Flow, parent: Person) -> None:
    """It was withdrawn for good, by page and by API; under 16 the parent may, and who asked may always."""
    flow.service.add("g@example.org", Right("municipality", "GM0193", "Zwolle"))
    (town,) = flow.school.get(f"{API}/municipalities").json
    said = {"studentId": flow.student_id, "municipalityId": town["id"], "what": "Een fiets"}
    first, second = (flow.school.post(f"{API}/help-requests", said).json["id"] for _ in range(2))
    assert STUDENT in refused(parent, f"/mijn-toestemming/hulp/{first}", word="no", seen="1")
    answer = put(parent, f"/help-requests/{first}", None, method="DELETE")
    assert (answer.status_code, answer.json["code"]) == (409, "student_answers")
    assert flow.student.get(f"{API}/help-requests/{first}").json["state"] == "asked"
    assert put(flow.school, f"/help-requests/{second}", None, method="DELETE").json["state"] == "withdrawn"
    be_born(flow, FIFTEEN)
    assert put(parent, f"/help-requests/{first}", None, method="DELETE").json["state"] == "withdrawn"
