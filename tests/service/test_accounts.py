"""The administrator gives and takes rights; nobody's password is known to anybody else."""
from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from api.services.accounts import Right
from api.store import audit
from api.store.tables import AuditEvent, Grant, Invitation, Organisation
from tests.service.browser import PASSWORD, Person, Service

ADMIN, NEW = "a@example.org", "n@example.org"


@pytest.fixture
def admin(service: Service) -> Person:
    """An administrator."""
    service.add(ADMIN, Right("administrator"))
    return service.person(ADMIN)


def invite(admin: Person, *rights: dict[str, str]) -> dict[str, Any]:
    """Add an account; return it with its invitation."""
    made = admin.post("/api/v1/accounts", {"email": NEW, "name": "New", "rights": list(rights)})
    assert made.status_code == 201, made.text
    told: dict[str, Any] = made.json
    return told


def activate(service: Service, code: str, password: str = PASSWORD) -> Any:
    """Choose a password with a code."""
    return service.person().begun().post("/api/v1/activations", {"code": code, "password": password})


def test_an_invited_person_chooses_a_password_once_and_signs_in(service: Service, admin: Person) -> None:
    school = {"role": "school", "code": "25AB00", "name": "De School"}
    made = invite(admin, school, {"role": "connector", "code": "AM36"})
    code = made["invitation"]["code"]
    assert made["account"]["hasPassword"] is False
    assert service.person().sign_in(NEW).status_code == 400
    assert activate(service, code, "short").status_code == 400
    assert activate(service, code.lower().replace("-", " ")).status_code == 204
    assert activate(service, code).status_code == 400
    rights = service.person(NEW).get("/api/v1/account").json["rights"]
    assert [right["role"] for right in rights] == ["connector", "school"]
    with service.database.reading() as session:
        assert code not in str(session.scalars(select(Invitation.digest)).all())
        assert audit.verify(session) == []


def test_codes_that_open_nothing_are_answered_alike(service: Service, admin: Person) -> None:
    made = invite(admin)
    first = made["invitation"]["code"]
    again = admin.post(f"/api/v1/accounts/{made['account']['id']}/invitations")
    ended, unknown = activate(service, first), activate(service, "K7M-4QP-X2R-9TBD")
    service.clock.forward(days=14)
    late = activate(service, again.json["code"])
    assert ended.status_code == unknown.status_code == late.status_code == 400
    assert ended.data == unknown.data == late.data


def test_guessing_codes_is_slowed_down(service: Service) -> None:
    assert [activate(service, "K7M-4QP").status_code for _ in range(10)] == [400] * 10
    slowed = activate(service, "k7m4qp")
    assert (slowed.status_code, slowed.headers["Retry-After"]) == (429, "3")


def test_a_new_invitation_ends_the_password_and_every_session(service: Service, admin: Person) -> None:
    who = service.add(NEW, Right("connector", "AM36"))
    person = service.person(NEW)
    told = admin.post(f"/api/v1/accounts/{who}/invitations").json
    assert person.get("/api/v1/account").status_code == 401
    assert service.person().sign_in(NEW).status_code == 400
    assert activate(service, told["code"], "another long password").status_code == 204
    assert service.person().sign_in(NEW, "another long password").status_code == 200


def test_rights_are_given_and_taken(service: Service, admin: Person) -> None:
    who = service.add(NEW)
    person, path = service.person(NEW), f"/api/v1/accounts/{who}"
    assert person.get("/api/v1/runs").status_code == 403
    for _ in range(2):  # a right does not stand twice
        held = admin.post(f"{path}/rights", {"role": "connector", "code": "AM36"}).json["rights"]
    assert [(right["role"], right["region"]) for right in held] == [("connector", "AM36")]
    person = service.person(NEW)
    assert person.get("/api/v1/runs").status_code == 200
    assert admin.post(f"{path}/rights", {"role": "connector", "code": "Zwolle"}).status_code == 400
    assert admin.post(f"{path}/rights", {"role": "coach", "code": "0" * 32}).status_code == 400
    assert admin.ask("DELETE", f"{path}/rights/{held[0]['id']}").json["rights"] == []
    assert service.person(NEW).get("/api/v1/runs").status_code == 403


def test_other_rights_are_another_version_of_the_account(service: Service, admin: Person) -> None:
    path = f"/api/v1/accounts/{service.add(NEW, Right('school', '25AB00', 'De School'))}"
    seen = admin.get(path)
    given = admin.post(f"{path}/rights", {"role": "connector", "code": "AM36"})
    assert given.headers["ETag"] == admin.get(path).headers["ETag"] != seen.headers["ETag"]
    assert admin.ask("PATCH", path, json={"name": "X"}, headers={"If-Match": seen.headers["ETag"]}).status_code == 412
    right = next(held["id"] for held in given.json["rights"] if held["role"] == "connector")
    taken = admin.ask("DELETE", f"{path}/rights/{right}")
    assert taken.headers["ETag"] == admin.get(path).headers["ETag"] != given.headers["ETag"]
    late = admin.ask("PATCH", path, json={"name": "X"}, headers={"If-Match": given.headers["ETag"]})
    assert (late.status_code, admin.get(path).json["name"]) == (412, "n")
    again = admin.post(f"{path}/rights", {"role": "school", "code": "25AB00"})  # is there already
    assert again.headers["ETag"] == taken.headers["ETag"]


def test_who_gains_or_loses_a_role_signs_in_anew_and_who_gets_more_of_one_goes_on(
    service: Service, admin: Person
) -> None:
    path, signed_in = f"/api/v1/accounts/{service.add(NEW, Right('connector', 'AM36'))}", "/api/v1/account"
    token = service.system(service.token(NEW, "read"))

    def ended() -> int:
        with service.database.reading() as session:
            return len(session.scalars(select(AuditEvent.subject_id).where(
                AuditEvent.action == "account.sessions_ended")).all())  # fmt: skip

    person = service.person(NEW)
    region = admin.post(f"{path}/rights", {"role": "connector", "code": "AM01"}).json["rights"][0]["id"]
    assert (person.get(signed_in).status_code, ended()) == (200, 0)
    admin.ask("DELETE", f"{path}/rights/{region}")
    assert (person.get(signed_in).status_code, ended()) == (200, 0)
    held = admin.post(f"{path}/rights", {"role": "school", "code": "25AB00"}).json["rights"]
    assert (person.get(signed_in).status_code, ended()) == (401, 1)
    person = service.person(NEW)
    school = next(right["id"] for right in held if right["role"] == "school")
    admin.ask("DELETE", f"{path}/rights/{school}")
    assert (person.get(signed_in).status_code, ended()) == (401, 2)
    assert token.get(signed_in).status_code == 200  # a token is no session
    mine = admin.get(signed_in).json["id"]
    assert admin.post(f"/api/v1/accounts/{mine}/rights", {"role": "connector", "code": "AM36"}).status_code == 201
    assert (admin.get(signed_in).status_code, ended()) == (401, 3)  # one's own session as well


def test_a_right_is_given_once_per_key_and_a_key_is_for_one_request(service: Service, admin: Person) -> None:
    path = f"/api/v1/accounts/{service.add(NEW, Right('connector', 'AM36'))}/rights"

    def give(code: str) -> Any:
        return admin.post(path, {"role": "connector", "code": code}, headers={"Idempotency-Key": "k"})

    first, again = give("AM01"), give("AM01")
    assert (first.status_code, again.status_code, again.data) == (201, 201, first.data)
    assert again.headers["ETag"] == first.headers["ETag"]
    other = give("AM02")
    assert (other.status_code, other.json["code"]) == (409, "key_reused")


@pytest.mark.parametrize(("lang", "changed", "never"), [
    ("nl", "Je rechten zijn gewijzigd", "Deze pagina is niet voor jouw rol"),
    ("en", "Your rights were changed", "This page is not for your role"),
])
def test_who_is_signed_out_because_of_other_rights_is_told_so_where_one_signs_in(
    service: Service, admin: Person, lang: str, changed: str, never: str
) -> None:
    """With a tab still open; a new session, or who never had the page, is not told so, nor who signed out."""
    who = service.add(NEW)
    path = f"/api/v1/accounts/{who}/rights"
    held = admin.post(path, {"role": "connector", "code": "AM36"}).json["rights"]
    person, html = service.person(NEW), {"Accept": "text/html", "Accept-Language": lang}
    assert person.get("/vandaag", headers=html).status_code == 200
    assert never in person.get("/beheer/back-ups", headers=html).text
    service.clock.forward(minutes=1)
    admin.ask("DELETE", f"{path}/{held[0]['id']}")
    sent = person.get("/vandaag", headers=html)
    assert sent.status_code == 303
    assert changed in person.get(sent.headers["Location"], headers=html).text
    service.clock.forward(minutes=1)
    other = service.person(NEW)
    other.post("/uitloggen")
    sent = other.get("/vandaag", headers=html)
    assert changed not in other.get(sent.headers["Location"], headers=html).text
    told = service.person(NEW).get("/vandaag", headers=html)
    assert (told.status_code, changed in told.text, never in told.text) == (403, False, True)


def test_the_last_administrator_stays(service: Service, admin: Person) -> None:
    seen = admin.get("/api/v1/account").json
    path = f"/api/v1/accounts/{seen['id']}"
    account = admin.get(path)
    closed = admin.ask("PATCH", path, json={"active": False}, headers={"If-Match": account.headers["ETag"]})
    assert (closed.status_code, closed.json["code"]) == (400, "last_administrator")
    assert admin.ask("DELETE", f"{path}/rights/{account.json['rights'][0]['id']}").status_code == 400


def test_a_closed_account_is_out_and_may_be_opened_again(service: Service, admin: Person) -> None:
    who = service.add(NEW)
    person, path = service.person(NEW), f"/api/v1/accounts/{who}"

    def change(**what: Any) -> Any:
        return admin.ask("PATCH", path, json=what, headers={"If-Match": admin.get(path).headers["ETag"]})

    assert admin.ask("PATCH", path, json={"name": "X"}).status_code == 428
    assert admin.ask("PATCH", path, json={"name": "X"}, headers={"If-Match": '"9"'}).status_code == 412
    assert change(active=False, name="X").json["active"] is False
    assert person.get("/api/v1/account").status_code == 401
    assert service.person().sign_in(NEW).status_code == 400
    assert change(active=True).json["name"] == "X"
    assert service.person().sign_in(NEW).status_code == 200


def test_tokens_are_made_listed_and_taken_back(service: Service, admin: Person) -> None:
    who = service.add(NEW, Right("connector", "AM36"))
    path = f"/api/v1/accounts/{who}/tokens"
    made = admin.post(path, {"name": "Export", "scopes": ["read"]}, headers={"Idempotency-Key": "k"})
    system = service.system(made.json["token"])
    assert system.get("/api/v1/runs").status_code == 200
    again = admin.post(path, {"name": "Export", "scopes": ["read"]}, headers={"Idempotency-Key": "k"})
    assert (again.status_code, again.json["code"]) == (409, "key_used")  # a secret is not kept, not even for a day
    listed = admin.get(path).json
    assert [(made.json["id"], made.json["expiresAt"])] == [(token["id"], token["expiresAt"]) for token in listed]
    assert [(token["name"], token["live"]) for token in listed] == [("Export", True)]
    assert admin.ask("DELETE", f"/api/v1/tokens/{listed[0]['id']}").status_code == 204
    assert system.get("/api/v1/runs").status_code == 401
    assert admin.get(path).json[0]["live"] is False


def test_accounts_are_listed_by_name_in_parts_and_by_role(service: Service, admin: Person) -> None:
    for number in range(3):
        service.add(f"{number}@example.org", Right("connector", "AM36"))
    first = admin.get("/api/v1/accounts?limit=2").json
    rest = admin.get(f"/api/v1/accounts?limit=2&after={first['next']}").json
    assert [account["name"] for account in first["items"] + rest["items"]] == ["0", "1", "2", "a"]
    assert rest["next"] is None
    found = admin.get("/api/v1/accounts?role=administrator").json["items"]
    assert [account["name"] for account in found] == ["a"]


def test_every_session_of_somebody_ends_at_once(service: Service, admin: Person) -> None:
    who = service.add(NEW)
    people = [service.person(NEW) for _ in range(2)]
    assert admin.get(f"/api/v1/accounts/{who}").json["sessions"] == 2
    assert admin.ask("DELETE", f"/api/v1/accounts/{who}/sessions").status_code == 204
    assert [person.get("/api/v1/account").status_code for person in people] == [401, 401]


def test_what_was_done_stands_in_the_log(service: Service, admin: Person) -> None:
    made = invite(admin, {"role": "connector", "code": "AM36"})
    activate(service, made["invitation"]["code"])
    with service.database.reading() as session:
        query = select(AuditEvent.action).where(AuditEvent.subject_id == made["account"]["id"])
        assert session.scalars(query.order_by(AuditEvent.sequence)).all() == [
            "account.added", "account.granted", "account.invited", "account.password_chosen",
        ]  # fmt: skip


def test_everything_that_is_wrong_with_an_account_is_said_at_once_and_nothing_of_it_is_stored(
    service: Service, admin: Person
) -> None:
    rights = [("connector", "AM99"), ("employer", "12"), ("school", "12"), ("municipality", "Raalte")]
    asked = {"email": "nobody", "name": "X", "rights": [{"role": role, "code": code} for role, code in rights]}
    refused = admin.post("/api/v1/accounts", asked)
    assert refused.status_code == 400
    assert [error["field"] for error in refused.json["errors"]] == [
        "email", "rights.0.code", "rights.1.code", "rights.2.code", "rights.3.code"]  # fmt: skip
    who = service.add(NEW)
    for role, code in [*rights, ("municipality", "GM9999"), ("referrer", "1234"), ("connector", "")]:
        one = admin.post(f"/api/v1/accounts/{who}/rights", {"role": role, "code": code})
        assert (one.status_code, [error["field"] for error in one.json["errors"]]) == (400, ["code"])
        if role != "connector":
            party = {"kind": role, "code": code, "name": "X"}
            assert admin.post("/api/v1/organisations", party).status_code == 400
    with service.database.reading() as session:
        assert session.scalars(select(Organisation.code)).all() == []
        assert set(session.scalars(select(Grant.role))) == {"administrator"}


@pytest.mark.parametrize(("role", "code", "stored"), [
    ("connector", "am36", "AM36"), ("employer", " 12345678", "12345678"), ("school", "25ab00", "25AB00"),
    ("municipality", "gm0177", "GM0177"), ("referrer", "Gemeente Raalte", "Gemeente Raalte"),
    ("referrer", "12345678", "12345678"),
])  # fmt: skip
def test_a_number_is_stored_as_lists_write_it(service: Service, admin: Person, role: str, code: str, stored: str
                                              ) -> None:  # fmt: skip
    given = admin.post("/api/v1/accounts", {"email": NEW, "name": "X", "rights": [{"role": role, "code": code}]})
    assert given.status_code == 201
    with service.database.reading() as session:
        found = [*session.scalars(select(Organisation.code)),
                 *session.scalars(select(Grant.region_code).where(Grant.role == "connector"))]  # fmt: skip
    assert found == [stored]
