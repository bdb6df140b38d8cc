"""A request for help goes from school over the student to the municipality and back, all of it on pages."""
from __future__ import annotations

import re

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from api.services import accounts
from api.services.accounts import Right
from api.store import audit
from api.store.tables import Account, StoredStudent
from tests.service.browser import Person
from tests.service.flow import API, Flow, begin

PAGE = {"Accept": "text/html"}
WHAT = "Een fiets om op tijd te komen"


@pytest.fixture
def flow(cohort: object) -> Flow:
    """A run and the people of one of its proposals."""
    return begin(cohort)  # type: ignore[arg-type]


@pytest.fixture
def town(flow: Flow) -> Person:
    """Somebody of the municipality."""
    flow.service.add("g@example.org", Right("municipality", "GM0193", "Zwolle"))
    return flow.service.person("g@example.org")


def read(person: Person, path: str) -> str:
    """A page."""
    answer = person.get(path, headers=PAGE)
    assert answer.status_code == 200, (path, answer.text[:300])
    return answer.text


def send(person: Person, page: str, action: str, **said: str) -> str:
    """Send the form on a page that goes to an address that begins with ``action``; return where it leads."""
    text = read(person, page)
    found = re.search(rf'<form method="post" action="({re.escape(action)}[^"]*)".*?</form>', text, re.DOTALL)
    assert found is not None, text
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', found[0]))
    answer = person.post(found[1], data=hidden | said, headers=PAGE)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"])


def asked(flow: Flow, town: Person) -> str:
    """The school asked; return the address of its page."""
    (place,) = flow.school.get(f"{API}/municipalities").json
    page = f"/leerlingen/{flow.student_id}/hulp"
    assert page in read(flow.school, f"/leerlingen/{flow.student_id}")
    send(flow.school, page, page, municipality=place["id"], what=WHAT, who="Het wijkteam", by="1-9-2026")
    assert WHAT not in read(town, "/hulpvragen")
    return page


def test_a_request_goes_to_the_municipality_after_the_students_yes_and_its_answer_comes_back(
    flow: Flow, town: Person
) -> None:
    page = asked(flow, town)
    assert "Wacht op de jongere" in read(flow.school, page)
    assert "Er is een vraag over hulp van de gemeente." in read(flow.student, "/mijn-voorstellen")
    mine = read(flow.student, "/mijn-toestemming")
    for part in (WHAT, "Zwolle", "Het wijkteam", "1 september 2026", "Mag Zwolle dit van je lezen?"):
        assert part in mine
    send(flow.student, "/mijn-toestemming", "/mijn-toestemming/hulp/", word="yes")
    assert WHAT in read(town, "/hulpvragen")
    send(town, "/hulpvragen", "/hulpvragen/", answer="Komt deze week")
    for person, path in ((flow.school, page), (flow.student, "/mijn-toestemming"), (town, "/hulpvragen"),
                         (flow.connector, page)):
        assert "Komt deze week" in read(person, path), path
    send(flow.student, "/mijn-toestemming", "/mijn-toestemming/hulp/", word="no")
    assert WHAT not in read(town, "/hulpvragen")
    assert "Teruggenomen" in read(flow.school, page)


def test_a_no_shows_the_municipality_nothing(flow: Flow, town: Person) -> None:
    asked(flow, town)
    send(flow.student, "/mijn-toestemming", "/mijn-toestemming/hulp/", word="no")
    assert WHAT not in read(town, "/hulpvragen")
    assert "Er is een vraag over hulp" not in read(flow.student, "/mijn-voorstellen")


def test_who_asked_takes_it_back_and_nobody_else_meddles(flow: Flow, town: Person) -> None:
    page = asked(flow, town)
    flow.service.add("other@example.org", Right("school", "99ZZ00", "Elders"))
    other = flow.service.person("other@example.org")
    (one,) = flow.school.get(f"{API}/help-requests").json["items"]
    back = f"{page}/{one['id']}/terug"
    for person, path in ((other, page), (other, back), (town, page), (flow.employer, page)):
        answer = person.post(path, data={"what": "x", "municipality": one["municipalityId"]}, headers=PAGE)
        assert answer.status_code in (403, 404), path
    assert town.post(f"/hulpvragen/{one['id']}", data={"answer": "x", "seen": "1"}, headers=PAGE).status_code == 404
    send(flow.school, page, back)
    assert "Teruggenomen" in read(flow.school, page)


def test_a_form_without_what_it_needs_says_so(flow: Flow, town: Person) -> None:
    page = asked(flow, town)
    empty = flow.school.post(page, data={}, headers=PAGE)
    assert empty.status_code == 400
    assert "Zeg wat er nodig is." in empty.text
    send(flow.student, "/mijn-toestemming", "/mijn-toestemming/hulp/", word="yes")
    (one,) = town.get(f"{API}/help-requests").json["items"]
    wordless = town.post(f"/hulpvragen/{one['id']}", data={"seen": "2"}, headers=PAGE)
    assert wordless.status_code == 400
    assert "Schrijf eerst een antwoord." in wordless.text


@pytest.mark.usefixtures("town")
def test_who_lost_the_student_reads_no_old_answer_by_sending_a_request_again(flow: Flow) -> None:
    """A coach of two, by the same key and body; what another coach sent twice is answered as before."""
    with flow.service.database.reading() as session:
        other = session.scalars(select(StoredStudent.id).where(StoredStudent.id != flow.student_id)).first()
    coaches = []
    for email in ("een@example.org", "twee@example.org"):
        flow.service.add(email, Right("coach", flow.student_id), Right("coach", str(other)))
        coaches.append(flow.service.person(email))
    (place,) = flow.school.get(f"{API}/municipalities").json
    wish = {"studentId": flow.student_id, "municipalityId": place["id"], "what": WHAT}

    def ask(coach: Person) -> TestResponse:
        return coach.post(f"{API}/help-requests", wish, headers={"Idempotency-Key": "k"})

    first = [ask(coach) for coach in coaches]
    assert [ask(coach).json for coach in coaches] == [answer.json for answer in first]
    path = f"{API}/students/{flow.student_id}/coaches"
    right = next(one["id"] for one in flow.school.get(path).json if one["email"] == "een@example.org")
    assert flow.school.ask("DELETE", f"{path}/{right}").status_code == 204
    again = ask(coaches[0])
    assert (again.status_code, "erased" in again.text, ask(coaches[1]).json) == (410, True, first[1].json)
    assert len(coaches[1].get(f"{API}/help-requests").json["items"]) == 2


@pytest.mark.usefixtures("town")
def test_a_request_sent_again_by_who_lost_another_right_has_one_effect(flow: Flow) -> None:
    """Its answer is gone, and what it asked for is not done once more; another key asks for something new."""
    with flow.service.database.reading() as session:
        other = session.scalars(select(StoredStudent.id).where(StoredStudent.id != flow.student_id)).first()
    flow.service.add("een@example.org", Right("coach", flow.student_id), Right("coach", str(other)))
    coach = flow.service.person("een@example.org")
    (place,) = flow.school.get(f"{API}/municipalities").json
    wish = {"studentId": flow.student_id, "municipalityId": place["id"], "what": WHAT}

    def sent(key: str) -> int:
        return coach.post(f"{API}/help-requests", wish, headers={"Idempotency-Key": key}).status_code

    assert sent("k") == 201
    with flow.service.database.writing() as session:
        account = session.scalars(select(Account).where(Account.email == "een@example.org")).one()
        right = next(one for one in account.grants if one.student_id == other)
        accounts.revoke(session, audit.SERVICE, account, right.id, now=flow.service.clock())
    assert sent("k") == 410
    assert len(coach.get(f"{API}/help-requests").json["items"]) == 1
    assert sent("l") == 201
