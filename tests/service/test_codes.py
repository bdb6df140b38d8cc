"""Students come in with a code and their birth date, parents as long as their mandate stands."""
from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from api.services import codes, mandates
from api.services.accounts import Right
from api.store.tables import Account, Code, Grant
from tests.service.browser import Person, Service
from tests.service.test_students import change
from tests.service.youth import add_student

BORN = "2009-02-01"


@pytest.fixture
def student(service: Service) -> str:
    """A student of 17."""
    return add_student(service)


@pytest.fixture
def school(service: Service, student: str) -> Person:
    """Somebody of the student's school."""
    service.add("s@example.org", Right("school", "77XX00"))
    return service.person("s@example.org")


def hand_out(school: Person, *students: str) -> list[str]:
    """Codes for students."""
    made = school.post("/api/v1/codes", {"studentIds": list(students)})
    assert made.status_code == 201, made.text
    return [one["code"] for one in made.json]


def sign_in(service: Service, code: str, born: str = BORN) -> tuple[Person, Any]:
    """Sign in with a code; return who did, and the answer."""
    person = service.person().begun()
    answer = person.post("/api/v1/sessions", {"code": code, "birthDate": born})
    if answer.status_code == 201:
        person.headers["X-CSRFToken"] = answer.json["csrfToken"]
    return person, answer


def test_a_student_is_greeted_by_the_name_that_the_school_has_now(
    service: Service, student: str, school: Person
) -> None:
    """The name of the first code stayed, also after the school had put it right."""
    hand_out(school, student)
    assert change(school, student, firstName="Nora").status_code == 200
    code, = hand_out(school, student)
    with service.database.reading() as session:
        assert session.scalars(select(Account.name).join(Grant, Grant.account_id == Account.id)
                               .where(Grant.student_id == student)).all() == ["Nora"]  # fmt: skip
    assert change(school, student, firstName="Noortje").status_code == 200
    me, answer = sign_in(service, code)
    assert answer.json["name"] == "Noortje"
    assert "Hoi Noortje" in me.get("/mijn-voorstellen", headers={"Accept": "text/html"}).text
    assert change(school, student, firstName="Noa").status_code == 200  # also while the student is signed in
    assert "Hoi Noa<" in me.get("/mijn-voorstellen", headers={"Accept": "text/html"}).text


def test_an_account_with_an_address_keeps_the_name_of_its_owner(
    service: Service, student: str, school: Person
) -> None:
    service.add("noor@example.org", Right("student", student))
    code, = hand_out(school, student)
    me, answer = sign_in(service, code)
    assert answer.json["name"] == "noor"
    assert "Hoi noor<" in me.get("/mijn-voorstellen", headers={"Accept": "text/html"}).text


def test_a_code_is_long_readable_and_never_a_word() -> None:
    assert len(codes.ALPHABET) ** sum(codes.GROUPS) >= 2**60
    assert not set(codes.ALPHABET) & set("01OIAEIOUS5")
    assert len({codes.new_code() for _ in range(100)}) == 100


def test_a_student_comes_in_with_code_and_birth_date_once(service: Service, student: str, school: Person) -> None:
    code, = hand_out(school, student)
    person, answer = sign_in(service, code.lower().replace("-", ""))
    assert (answer.status_code, answer.json["name"], answer.json["email"]) == (201, "Noor", None)
    assert [(right["role"], right["studentId"]) for right in person.get("/api/v1/account").json["rights"]] == [
        ("student", student)]  # fmt: skip
    assert sign_in(service, code)[1].status_code == 400
    assert [one["state"] for one in school.get(f"/api/v1/students/{student}/codes").json] == ["used"]
    with service.database.reading() as session:
        assert session.scalars(select(Code.digest)).all() != [code]


def test_what_opens_nothing_is_answered_alike(service: Service, student: str, school: Person) -> None:
    old, = hand_out(school, student)
    newer, = hand_out(school, student)
    tries = ((old, BORN), ("K7M-4QP-X2R-9TBD", BORN), (newer, "2009-02-02"))
    answers = [sign_in(service, code, born)[1] for code, born in tries]
    service.clock.forward(days=14)
    answers.append(sign_in(service, newer)[1])
    assert {answer.status_code for answer in answers} == {400}
    assert len({answer.data for answer in answers}) == 1


def test_who_found_the_paper_gets_ten_tries_at_the_birth_date(service: Service, student: str, school: Person) -> None:
    code, = hand_out(school, student)
    for day in range(10, 20):
        assert sign_in(service, code, f"2009-03-{day}")[1].status_code == 400
    assert sign_in(service, code)[1].status_code == 429
    service.clock.forward(hours=1)
    assert sign_in(service, code)[1].status_code == 400
    assert [one["state"] for one in school.get(f"/api/v1/students/{student}/codes").json] == ["ended"]


def test_a_student_is_out_after_a_quarter_of_an_hour_and_after_two_hours(
    service: Service, student: str, school: Person
) -> None:
    person, _ = sign_in(service, hand_out(school, student)[0])
    for _ in range(8):
        service.clock.forward(minutes=14)
        assert person.get("/api/v1/account").status_code == 200
    service.clock.forward(minutes=9)
    assert person.get("/api/v1/account").status_code == 401
    person, _ = sign_in(service, hand_out(school, student)[0])
    service.clock.forward(minutes=16)
    assert person.get("/api/v1/account").status_code == 401
    staff = service.person("s@example.org")
    service.clock.forward(minutes=25)
    assert staff.get("/api/v1/account").status_code == 200


def test_codes_are_for_ones_own_students_alone(service: Service, school: Person) -> None:
    other = add_student(service, "L9", school="88YY00")
    own = add_student(service, "L2")
    for ids in ([other], [own, other], ["0" * 32]):
        assert school.post("/api/v1/codes", {"studentIds": ids}).status_code == 404
    made = school.post("/api/v1/codes", {"studentIds": [own]}, headers={"Idempotency-Key": "k"})
    again = school.post("/api/v1/codes", {"studentIds": [own]}, headers={"Idempotency-Key": "k"})
    assert (made.status_code, again.status_code) == (201, 409)
    assert sign_in(service, made.json[0]["code"])[1].status_code == 201


def test_who_has_only_the_api_comes_in_by_code_and_opens_an_account(service: Service, school: Person,
                                                                   student: str) -> None:  # fmt: skip
    """With what the description of the API says: the cookie and the token of /csrf-token."""
    paths = service.person().get("/api/v1/openapi.json").json["paths"]
    for path in ("/sessions", "/activations"):
        post = paths[path]["post"]
        assert [(one["name"], one["required"]) for one in post["parameters"]] == [("X-CSRFToken", True)]
        assert post["security"] == [{"session": []}]
    code, = hand_out(school, student)
    person = Person(service.app.test_client())
    assert person.post("/api/v1/sessions", {"code": code, "birthDate": BORN}).json["code"] == "csrf"
    answer = person.get("/api/v1/csrf-token")
    assert answer.headers["Cache-Control"] == "no-store"
    person.headers["X-CSRFToken"] = answer.json["csrfToken"]
    made = person.post("/api/v1/sessions", {"code": code, "birthDate": BORN})
    assert (made.status_code, made.json["name"]) == (201, "Noor")
    assert person.get("/api/v1/account").json["name"] == "Noor"
    told = record(school, student, "minor").json
    parent = Person(service.app.test_client())
    parent.headers["X-CSRFToken"] = parent.get("/api/v1/csrf-token").json["csrfToken"]
    chosen = {"code": told["invitation"]["code"], "password": "correct horse battery staple"}
    assert parent.post("/api/v1/activations", chosen).status_code == 204
    assert sees(service.person("p@example.org"), student)


def test_a_mandate_to_who_has_an_account_is_another_role_and_so_is_its_end(service: Service, school: Person,
                                                                           student: str) -> None:  # fmt: skip
    service.add("p@example.org", Right("connector", "AM36"))
    parent = service.person("p@example.org")
    mandate = record(school, student, "minor").json["mandate"]["id"]
    assert parent.get("/api/v1/account").status_code == 401
    parent = service.person("p@example.org")
    assert sees(parent, student)
    assert school.ask("DELETE", f"/api/v1/mandates/{mandate}").status_code == 204
    assert parent.get("/api/v1/account").status_code == 401


def test_one_student_has_one_account(service: Service, student: str, school: Person) -> None:
    for _ in range(3):
        hand_out(school, student)
    with service.database.reading() as session:
        assert len(session.scalars(select(Grant.id).where(Grant.student_id == student)).all()) == 1


def record(person: Person, student: str, ground: str, email: str = "p@example.org", **more: str) -> Any:
    """Record a mandate."""
    return person.post(f"/api/v1/students/{student}/mandates",
                       {"email": email, "name": "Ouder", "ground": ground, **more})  # fmt: skip


def parent_of(service: Service, recorded: Any) -> Person:
    """The parent, who has chosen a password."""
    told = {"code": recorded.json["invitation"]["code"], "password": "correct horse battery staple"}
    assert service.person().begun().post("/api/v1/activations", told).status_code == 204
    return service.person("p@example.org")


def sees(parent: Person, student: str) -> bool:
    """Whether a parent sees something of a student."""
    return bool(parent.get(f"/api/v1/students/{student}/coaches").status_code == 200)


def test_a_minors_parent_is_out_on_the_eighteenth_birthday_at_midnight(
    service: Service, student: str, school: Person
) -> None:
    service.clock.at = datetime(2027, 1, 31, 20, 0, tzinfo=UTC)
    school = service.person("s@example.org")
    recorded = record(school, student, "minor")
    assert recorded.json["mandate"]["endsOn"] == "2027-02-01"
    parent = parent_of(service, recorded)
    service.clock.at = datetime(2027, 1, 31, 22, 59, tzinfo=UTC)  # 23:59 in Amsterdam
    parent = service.person("p@example.org")
    assert sees(parent, student)
    service.clock.at = datetime(2027, 1, 31, 23, 0, tzinfo=UTC)
    assert not sees(parent, student)
    assert record(service.person("s@example.org"), student, "minor").status_code == 400


def test_a_mandate_that_the_student_gave_outlives_the_birthday_until_it_is_taken_back(
    service: Service, student: str, school: Person
) -> None:
    me, _ = sign_in(service, hand_out(school, student)[0])
    assert record(me, student, "minor").status_code == 400
    recorded = record(me, student, "student_gave")
    parent = parent_of(service, recorded)
    assert sees(parent, student)
    service.clock.at = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)
    me, _ = sign_in(service, hand_out(service.person("s@example.org"), student)[0])
    parent = service.person("p@example.org")
    assert sees(parent, student)
    assert me.ask("DELETE", f"/api/v1/mandates/{recorded.json['mandate']['id']}").status_code == 204
    assert not sees(parent, student)
    assert record(me, student, "student_gave").status_code == 201  # and may be given again


def test_under_sixteen_the_student_gives_no_mandate_and_a_parent_of_another_sees_nothing(
    service: Service, student: str, school: Person
) -> None:
    young = add_student(service, "L3", born=date(2011, 1, 1))
    me, _ = sign_in(service, hand_out(school, young)[0], "2011-01-01")
    assert record(me, young, "student_gave").json["code"] == "mandate_too_young"
    parent = parent_of(service, record(school, student, "representative"))
    assert sees(parent, student)
    assert not sees(parent, young)
    twice = record(school, student, "representative")
    assert (twice.status_code, twice.json["code"]) == (409, "mandate_there")
    # The student, still a minor, cannot take back what the school recorded.
    mine, _ = sign_in(service, hand_out(school, student)[0])
    listed = mine.get(f"/api/v1/students/{student}/mandates").json
    assert mine.ask("DELETE", f"/api/v1/mandates/{listed[0]['id']}").status_code == 404


def test_a_coach_sees_the_students_assigned_and_no_others(service: Service, student: str, school: Person) -> None:
    other = add_student(service, "L4")
    path = f"/api/v1/students/{student}/coaches"
    made = school.post(path, {"email": "k@example.org", "name": "Kim"})
    assert made.json["invitation"]["code"]
    assert school.post(path, {"email": "k@example.org", "name": "Kim"}).json["invitation"] is None
    told = {"code": made.json["invitation"]["code"], "password": "correct horse battery staple"}
    assert service.person().begun().post("/api/v1/activations", told).status_code == 204
    coach = service.person("k@example.org")
    assert [right["studentId"] for right in coach.get("/api/v1/account").json["rights"]] == [student]
    assert school.get(f"/api/v1/students/{other}/coaches").json == []
    assert school.ask("DELETE", f"{path}/{made.json['coaches'][0]['id']}").status_code == 204
    assert coach.get("/api/v1/account").status_code == 401  # a coach of nobody has another role: none
    assert service.person("k@example.org").get("/api/v1/account").json["rights"] == []


@given(st.dates(date(1990, 1, 1), date(2020, 12, 31)), st.integers(16, 21))
def test_a_birthday_is_the_first_day_of_that_age(born: date, years: int) -> None:
    from datetime import timedelta

    from features.eligibility_columns import age_on

    day = mandates.birthday(born, years)
    assert (age_on(born, day), age_on(born, day - timedelta(days=1))) == (years, years - 1)


@pytest.mark.parametrize("year", ["99999999999999999999", "9999999999", "0", "-2009", "tweeduizend"])
def test_a_year_that_is_none_is_said_to_be_no_date(service: Service, year: str) -> None:
    """A long one was an error of ours."""
    typed = {"code": "K7M-4QP-X2R-9TBD", "day": "1", "month": "2", "year": year}
    answer = service.person().begun().post("/code", data=typed, headers={"Accept": "text/html"})
    assert answer.status_code == 400
    assert "Vul je geboortedatum in, met dag, maand en jaar." in answer.text
