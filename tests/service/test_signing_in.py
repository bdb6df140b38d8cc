"""Who may come in, for how long, and who is kept out."""
from __future__ import annotations

import pytest
from sqlalchemy import select

from api.services.accounts import Right
from api.store import audit, people
from api.store.tables import AuditEvent
from tests.service.browser import PASSWORD, Person, Service

ADMIN = Right("administrator")
WHO = "a@example.org"


def account(person: Person) -> int:
    """The status that asking for the own account gives."""
    return person.get("/api/v1/account").status_code


def test_somebody_signs_in_and_out_again(service: Service) -> None:
    service.add(WHO, Right("connector", "AM36"), Right("school", "25AB00", "De School"))
    person = service.person()
    assert account(person) == 401
    assert person.sign_in(WHO).status_code == 200
    seen = person.get("/api/v1/account").json
    assert [(right["role"], right["region"], right["organisation"]) for right in seen["rights"]] == [
        ("connector", "AM36", None), ("school", None, "De School"),
    ]  # fmt: skip
    assert person.post("/uitloggen").status_code in (200, 302)
    assert account(person) == 401


def test_a_cookie_copied_before_signing_out_is_worth_nothing_after(service: Service) -> None:
    service.add(WHO, ADMIN)
    person, thief = service.person(WHO), service.person()
    cookie = person.client.get_cookie("sid")
    assert cookie is not None
    thief.client.set_cookie("sid", cookie.value)
    assert account(thief) == 200
    person.post("/uitloggen")
    assert account(thief) == 401


def test_an_idle_session_and_an_old_one_end(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    service.add(WHO, ADMIN)
    person = service.person(WHO)
    service.clock.forward(hours=7, minutes=59)
    assert account(person) == 200
    service.clock.forward(minutes=2)
    assert account(person) == 401
    person = service.person(WHO)
    # The cookie's own time is real time: let it pass for who reads the signature.
    import time

    later = time.time() + 31 * 60
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: later)
    assert account(person) == 401


def test_a_first_password_is_for_choosing_another_one_and_nothing_else(service: Service) -> None:
    service.add(WHO, ADMIN, must_change=True)
    person, other = service.person(WHO), service.person(WHO)
    assert person.get("/api/v1/account").json["mustChangePassword"]
    new = "another long password"
    chosen = {"password": PASSWORD, "new_password": new, "new_password_confirm": new}
    assert person.post("/wachtwoord", chosen).status_code == 200
    assert account(other) == 401  # every other session ended
    assert person.get("/api/v1/account").json["mustChangePassword"] is False
    assert service.person().sign_in(WHO).status_code == 400
    assert service.person().sign_in(WHO, new).status_code == 200


def test_a_short_password_is_refused_with_the_reason(service: Service) -> None:
    service.add(WHO, ADMIN)
    person = service.person(WHO)
    said = person.post("/wachtwoord", {"password": PASSWORD, "new_password": "short", "new_password_confirm": "short"})
    assert (said.status_code, said.content_type) == (400, "application/problem+json")
    assert "12" in said.json["detail"]


def test_what_changes_something_needs_the_token_against_other_sites(service: Service) -> None:
    service.add(WHO, ADMIN)
    person = service.person(WHO)
    csrf = person.headers.pop("X-CSRFToken")
    for headers in ({}, {"X-CSRFToken": "x"}, {"X-CSRFToken": csrf, "Sec-Fetch-Site": "cross-site"}):
        assert person.post("/uitloggen", headers=headers).status_code == 403
    assert account(person) == 200
    assert person.client.post("/inloggen", json={"email": WHO, "password": PASSWORD}).status_code in (400, 403)


def test_signing_in_without_the_token_of_the_form_is_refused_as_from_elsewhere(service: Service) -> None:
    service.add(WHO, ADMIN)
    person = service.person().begun()
    good = person.headers.pop("X-CSRFToken")
    told = {"email": WHO, "password": PASSWORD}
    for token in ({}, {"csrf_token": "x"}):
        page = person.client.post("/inloggen", data=told | token, headers={"Accept": "text/html"})
        assert page.status_code == 403
        assert 'href="/inloggen"' in page.text  # where the form is, with a token that is good
        asked = person.post("/inloggen", told, headers={"X-CSRFToken": "x"} if token else {})
        assert (asked.status_code, asked.json["code"]) == (403, "csrf")
        assert account(person) == 401
    page = person.client.post("/inloggen", data=told | {"csrf_token": good}, headers={"Accept": "text/html"})
    assert (page.status_code, account(person)) == (302, 200)


def test_who_is_unknown_and_who_is_wrong_get_the_same_answer(service: Service) -> None:
    service.add(WHO, ADMIN)
    wrong, unknown = (service.person().sign_in(email, "wrong password!") for email in (WHO, "b@example.org"))
    assert wrong.status_code == unknown.status_code == 400
    assert wrong.data == unknown.data


def test_guessing_is_slowed_down_and_nobody_is_locked_out_for_long(service: Service) -> None:
    service.add(WHO, ADMIN)
    for _ in range(10):
        assert service.person().sign_in(WHO, "wrong password!").status_code == 400
    slowed = service.person().sign_in(WHO)
    assert (slowed.status_code, slowed.headers["Retry-After"]) == (429, "3")
    assert service.person().sign_in("b@example.org", "wrong password!").status_code == 400  # others are not
    service.clock.forward(seconds=3)
    assert service.person().sign_in(WHO).status_code == 200
    assert service.person().sign_in(WHO, "wrong password!").status_code == 400  # counting began anew


def test_an_account_that_is_closed_is_out_at_once(service: Service) -> None:
    from api.services import accounts

    service.add(WHO, ADMIN)
    service.add("b@example.org", ADMIN)
    person = service.person(WHO)
    token = service.system(service.token(WHO, "read"))
    assert account(person) == account(token) == 200
    with service.database.writing() as session:
        found = people.account_by_email(session, WHO)
        assert found is not None
        accounts.disable(session, audit.SERVICE, found, now=service.clock())
    assert account(person) == account(token) == 401
    assert service.person().sign_in(WHO).status_code == 400


def test_tokens_end_and_are_kept_as_digests_only(service: Service) -> None:
    service.add(WHO, ADMIN)
    made = service.token(WHO, "read", days=2)
    assert account(service.system(made)) == 200
    assert account(service.system(made + "x")) == account(service.system("")) == 401
    assert service.person().get(f"/api/v1/account?auth_token={made}").status_code == 401
    service.clock.forward(days=2)
    assert account(service.system(made)) == 401


def test_signing_in_and_out_stand_in_the_log_which_is_whole(service: Service) -> None:
    who = service.add(WHO, ADMIN)
    person = service.person(WHO)
    person.post("/uitloggen")
    with service.database.reading() as session:
        seen = session.execute(select(AuditEvent.action, AuditEvent.actor_id).order_by(AuditEvent.sequence)).all()
        assert audit.verify(session) == []
    assert [(action, actor == who) for action, actor in seen] == [
        ("database.made", False), ("account.added", False), ("account.granted", False), ("session.began", True),
        ("session.ended", True),
    ]  # fmt: skip
