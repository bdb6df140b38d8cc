"""A second factor at sign-in: a code of an app, each once; recovery codes; who must have one cannot go on without."""
from __future__ import annotations

import base64
import hashlib
import hmac
import re
import struct
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from api.errors import WrongUsage
from api.services.accounts import Right
from api.settings import read_settings
from api.store import audit
from api.store.engine import Database
from api.store.tables import Account, AuditEvent, RecoveryCode, SignIn
from tests.service.browser import PASSWORD, Person, Service

WHO = "a@example.org"
ADMIN = Right("administrator")
OTHER, HTML = "seven green bicycles in the rain", {"Accept": "text/html"}
PRODUCTION = {"SCHAKEL_PRODUCTION": "yes", "SCHAKEL_PUBLIC_URL": "https://schakel.example",
              "SCHAKEL_SECRET_KEY": "0123456789abcdef" * 2}  # fmt: skip


def code_of(key: str, at: datetime, step: int = 0) -> str:
    """The code that an app shows, straight from RFC 6238 and 4226."""
    secret = base64.b32decode(key.replace("-", "").replace(" ", "").upper() + "=" * (-len(re.sub(r"\W", "", key)) % 8))
    counter = int(at.timestamp()) // 30 + step
    digest = hmac.new(secret, struct.pack(">Q", counter), hashlib.sha1).digest()
    offset = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[offset:offset + 4])[0] & 0x7FFFFFFF) % 10**6:06d}"


def test_the_codes_of_the_tests_are_those_of_the_standard() -> None:
    key = base64.b32encode(b"12345678901234567890").decode()
    from datetime import UTC

    assert code_of(key, datetime.fromtimestamp(59, UTC)) == "287082"
    assert code_of(key, datetime.fromtimestamp(1111111109, UTC)) == "081804"


def set_up(service: Service, person: Person) -> tuple[str, list[str]]:
    """Set a second factor up; return its key and the recovery codes. The first code is used by it."""
    drawn = person.post("/api/v1/account/second-factor")
    key = drawn.json["key"]
    made = confirm(person, code_of(key, service.clock()), drawn.headers["ETag"])
    assert made.status_code == 200, made.text
    return key, made.json["recoveryCodes"]


def confirm(person: Person, code: str, seen: str) -> Any:
    """Say the first code of the secret that was seen."""
    return person.ask("PUT", "/api/v1/account/second-factor", json={"code": code}, headers={"If-Match": seen})


def with_code(person: Person, code: str) -> Any:
    """The second step at sign-in."""
    shown = person.get("/inloggen/code", headers={"Accept": "application/json"})
    csrf = {"X-CSRFToken": shown.json["csrf_token"]} if shown.json and "csrf_token" in shown.json else {}
    token = person.client.get("/inloggen/code", headers={"Accept": "text/html"}).text
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', token)
    if found and not csrf:
        csrf = {"X-CSRFToken": found[1]}
    return person.client.post("/inloggen/code", json={"code": code}, headers=csrf)


def half_in(service: Service) -> Person:
    """Somebody whose password was right, and who is asked for a code."""
    person = service.person()
    shown = person.client.get("/inloggen", headers={"Accept": "application/json"})
    answer = person.client.post("/inloggen", json={"email": WHO, "password": PASSWORD},
                                headers={"X-CSRFToken": shown.json["csrf_token"]})  # fmt: skip
    assert answer.status_code == 200
    assert answer.json["tf_required"] is True
    return person


def account(person: Person) -> int:
    """The status that asking for the own account gives."""
    return person.get("/api/v1/account").status_code


def test_who_has_one_is_in_after_the_code_and_not_before(service: Service) -> None:
    service.add(WHO, ADMIN)
    key, _ = set_up(service, service.person(WHO))
    service.clock.forward(minutes=1)
    person = half_in(service)
    assert account(person) == 401
    assert with_code(person, "000000").status_code == 400
    assert account(person) == 401
    assert with_code(person, code_of(key, service.clock())).status_code == 200
    assert account(person) == 200
    with service.database.reading() as session:
        assert len(session.scalars(select(SignIn.id)).all()) == 2  # a session of its own, made at the second step
        assert audit.verify(session) == []


def test_a_code_works_once_and_only_about_its_time(service: Service) -> None:
    service.add(WHO, ADMIN)
    key, _ = set_up(service, service.person(WHO))
    service.clock.forward(minutes=10)
    code = code_of(key, service.clock())
    assert with_code(half_in(service), code).status_code == 200
    assert with_code(half_in(service), code).status_code == 400
    assert with_code(half_in(service), code_of(key, service.clock(), step=-1)).status_code == 400  # older than the last
    for step in (-4, 4):
        assert with_code(half_in(service), code_of(key, service.clock(), step=step)).status_code == 400
    assert with_code(half_in(service), code_of(key, service.clock(), step=1)).status_code == 200  # a clock may differ


def test_a_code_used_twice_at_one_moment_works_once(service: Service) -> None:
    from api.store import factors

    made = service.add(WHO, ADMIN)
    with service.database.writing() as session:
        assert [factors.advance(session, made, counter) for counter in (5, 5, 4, 6)] == [True, False, False, True]


def test_guessing_codes_is_slowed_down_as_guessing_passwords_is(service: Service) -> None:
    service.add(WHO, ADMIN)
    set_up(service, service.person(WHO))
    service.clock.forward(minutes=1)
    person = half_in(service)
    said = [with_code(person, f"{number:06d}").status_code for number in range(11)]
    assert said == [400] * 10 + [429]
    assert with_code(half_in(service), "000000").status_code == 429  # in another browser as well


def test_before_the_password_is_right_nobody_is_told_who_has_one(service: Service) -> None:
    service.add(WHO, ADMIN)
    service.add("b@example.org", ADMIN)
    set_up(service, service.person(WHO))
    answers = [service.person().sign_in(email, "wrong password!") for email in (WHO, "b@example.org", "c@example.org")]
    assert {answer.status_code for answer in answers} == {400}
    assert len({answer.data for answer in answers}) == 1
    assert service.person().get("/inloggen/code", headers={"Accept": "application/json"}).status_code == 400


def test_a_recovery_code_opens_once_and_is_kept_as_a_digest(service: Service) -> None:
    service.add(WHO, ADMIN)
    _, codes = set_up(service, service.person(WHO))
    assert len(set(codes)) == 10
    service.clock.forward(minutes=1)
    assert with_code(half_in(service), codes[0].upper()).status_code == 200
    assert with_code(half_in(service), codes[0]).status_code == 400
    with service.database.reading() as session:
        kept = " ".join(session.scalars(select(RecoveryCode.digest)))
        actions = session.scalars(select(AuditEvent.action)).all()
    assert not [code for code in codes if code in kept]
    assert actions.count("account.recovery_used") == 1


def test_the_secret_stands_encrypted_in_the_database(service: Service) -> None:
    service.add(WHO, ADMIN)
    key, _ = set_up(service, service.person(WHO))
    with service.database.reading() as session:
        sealed = session.scalars(select(Account.tf_totp_secret)).one()
    assert sealed is not None
    plain = re.sub(r"\W", "", key).upper()
    assert plain not in sealed.upper()
    assert len(sealed) <= 255


def test_it_is_taken_away_with_a_code_and_by_who_runs_the_service(service: Service) -> None:
    service.add(WHO, ADMIN)
    person = service.person(WHO)
    key, _ = set_up(service, person)
    path = "/api/v1/account/second-factor"
    assert person.ask("DELETE", path, json={"code": "000000"}).status_code == 400
    service.clock.forward(minutes=1)
    assert person.ask("DELETE", path, json={"code": code_of(key, service.clock())}).status_code == 204
    assert account(service.person(WHO)) == 200
    with service.database.reading() as session:
        assert session.scalars(select(RecoveryCode)).all() == []


def test_none_is_put_in_its_place_before_it_was_taken_away_with_a_code_of_it(service: Service) -> None:
    """By whoever finds a session open; nor with a secret that another session drew before there was one."""
    service.add(WHO, ADMIN)
    person, other = service.person(WHO), service.person(WHO)
    path = "/api/v1/account/second-factor"
    drawn = other.post(path).json["key"]
    key, codes = set_up(service, person)
    service.clock.forward(minutes=1)
    for who in (person, other):
        again = who.post(path)
        assert (again.status_code, again.json["code"], "key" in again.json) == (409, "factor_set", False)
        said = confirm(who, code_of(drawn, service.clock()), "*")
        assert (said.status_code, said.json["code"]) == (409, "factor_set")
    assert with_code(half_in(service), code_of(key, service.clock())).status_code == 200
    assert person.ask("DELETE", path, json={"code": codes[0]}).status_code == 204  # who lost the phone
    service.clock.forward(minutes=1)
    assert set_up(service, person)[0] != key


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_a_code_is_for_the_secret_that_was_seen(service: Service) -> None:
    """Drawn anew in another window of the same session, the one of before is told as changed, not as a wrong code."""
    service.add(WHO, ADMIN)
    person, path = service.person(WHO), "/api/v1/account/second-factor"
    first, second = person.post(path), person.post(path)
    code = code_of(first.json["key"], service.clock())
    assert person.ask("PUT", path, json={"code": code}).status_code == 428
    stale = confirm(person, code, first.headers["ETag"])
    assert (stale.status_code, stale.headers["ETag"]) == (412, second.headers["ETag"])
    other = confirm(service.person(WHO), code_of(second.json["key"], service.clock()), second.headers["ETag"])
    assert other.status_code == 412  # it was drawn by another session
    done = confirm(person, code_of(second.json["key"], service.clock()), second.headers["ETag"])
    assert (done.status_code, done.json["isSet"]) == (200, True)
    assert confirm(person, "000000", second.headers["ETag"]).status_code == 412


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("wish", ["begin", "confirm"])
def test_the_page_puts_none_in_its_place_either(service: Service, wish: str) -> None:
    service.add(WHO, ADMIN)
    person, other = service.person(WHO), service.person(WHO)
    drawn = other.post("/api/v1/account/second-factor").json["key"]
    key, _ = set_up(service, person)
    service.clock.forward(minutes=1)
    form = {"wish": wish, "code": code_of(drawn, service.clock())}
    told = other.post("/mijn-account/tweede-stap", data=form, headers={"Accept": "text/html"})
    assert (told.status_code, "Je logt al in met twee stappen" in told.text) == (409, True)
    assert with_code(half_in(service), code_of(key, service.clock())).status_code == 200


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_where_it_is_required_nothing_goes_on_without(database: Database, tmp_path: Path) -> None:
    service = Service(database, tmp_path, {"SCHAKEL_TWO_FACTOR": "required"})
    service.add(WHO, ADMIN)
    person = service.person()
    person.sign_in(WHO)
    person.headers.pop("X-CSRFToken", None)
    person.headers["X-CSRFToken"] = person.get("/api/v1/account").json["csrfToken"]
    for path in ("/api/v1/accounts", "/beheer"):
        assert person.get(path).json["code"] == "second_factor"
    shown = person.get("/beheer", headers={"Accept": "text/html"})
    assert (shown.status_code, shown.headers["Location"]) == (303, "/mijn-account/tweede-stap")
    set_up(service, person)
    assert person.get("/api/v1/accounts").status_code == 200
    system = service.system(service.token(WHO, "read"))
    assert account(system) == 200  # a token is a factor of its own


@pytest.mark.parametrize(("environ", "rule"), [
    ({}, "offered"), (PRODUCTION, "required"), ({**PRODUCTION, "SCHAKEL_TWO_FACTOR": ""}, "required"),
    ({**PRODUCTION, "SCHAKEL_TWO_FACTOR": "offered"}, "offered"), ({"SCHAKEL_TWO_FACTOR": "off"}, "off"),
])  # fmt: skip
def test_in_production_it_is_required_where_nobody_says_otherwise(
    environ: dict[str, str], rule: str, tmp_path: Path
) -> None:
    assert read_settings({"SCHAKEL_DATA_DIR": str(tmp_path), **environ}).two_factor == rule


def test_in_production_it_is_never_off(tmp_path: Path) -> None:
    with pytest.raises(WrongUsage, match=r"SCHAKEL_TWO_FACTOR: in production required or offered"):
        read_settings({"SCHAKEL_DATA_DIR": str(tmp_path), **PRODUCTION, "SCHAKEL_TWO_FACTOR": "off"})


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_a_first_administrator_in_production_comes_in_by_the_pages_alone(database: Database, tmp_path: Path) -> None:
    """With the password that `schakel user add` prints: an own one, then the second step, then the work."""
    service = Service(database, tmp_path, PRODUCTION)
    service.add(WHO, ADMIN, must_change=True)
    client, site = service.app.test_client(), {"base_url": PRODUCTION["SCHAKEL_PUBLIC_URL"]}

    def send(to: str, **fields: str) -> Any:
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(to, headers=HTML, **site).text)
        assert found is not None
        headers = {**HTML, "Sec-Fetch-Site": "same-origin", "Referer": f"{site['base_url']}{to}"}
        return client.post(to, data={"csrf_token": found[1], **fields}, headers=headers, **site)

    assert send("/inloggen", email=WHO, password=PASSWORD).status_code == 302
    sent = client.get("/beheer", headers=HTML, **site)
    assert (sent.status_code, sent.headers.get("Location")) == (303, "/wachtwoord")
    changed = send("/wachtwoord", password=PASSWORD, new_password=OTHER, new_password_confirm=OTHER)
    assert changed.status_code == 302, changed.text
    sent = client.get(changed.headers["Location"], headers=HTML, **site)
    assert (sent.status_code, sent.headers.get("Location")) == (303, "/mijn-account/tweede-stap")
    shown = client.get("/mijn-account/tweede-stap", headers=HTML, **site).text
    assert "Stel dit eerst in. Je werkt met gegevens van anderen." in shown
    assert send("/mijn-account/tweede-stap", wish="begin").status_code in (302, 303)
    key = re.search(r"<code>([^<]+)</code>", client.get("/mijn-account/tweede-stap", headers=HTML, **site).text)
    assert key is not None
    done = send("/mijn-account/tweede-stap", wish="confirm", code=code_of(key[1], service.clock()))
    assert done.status_code == 200
    assert len(re.findall(r"<code>[a-z0-9]{5}-[a-z0-9]{5}</code>", done.text)) == 10
    assert client.get("/beheer", headers=HTML, **site).status_code == 200


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_where_it_is_off_nobody_is_asked(database: Database, tmp_path: Path) -> None:
    service = Service(database, tmp_path, {"SCHAKEL_TWO_FACTOR": "off"})
    service.add(WHO, ADMIN)
    assert account(service.person(WHO)) == 200
    assert "tweede-stap" not in service.person(WHO).get("/mijn-account", headers={"Accept": "text/html"}).text


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_by_the_pages_alone_it_works_as_well(service: Service) -> None:
    """Forms as a browser without scripts sends them: set up, sign in with both steps, stop."""
    service.add(WHO, ADMIN)
    person, path = service.person(WHO), "/mijn-account/tweede-stap"
    html = {"Accept": "text/html"}

    def send(who: Person, to: str, **fields: str) -> Any:
        page = who.client.get(to, headers=html).text
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
        assert token is not None
        return who.client.post(to, data={"csrf_token": token[1], **fields}, headers=html)

    send(person, path, wish="begin")
    page = person.client.get(path, headers=html).text
    key = re.search(r"<code>([A-Z2-7-]+)</code>", page)
    assert key is not None
    assert "data:image/svg+xml;base64," in page
    assert send(person, path, wish="confirm", code="12").status_code == 400
    done = send(person, path, wish="confirm", code=code_of(key[1], service.clock()))
    assert len(re.findall(r"<li><code>[a-z0-9]{5}-[a-z0-9]{5}</code>", done.text)) == 10
    service.clock.forward(minutes=1)
    other = service.person()
    asked = send(other, "/inloggen", email=WHO, password=PASSWORD)
    assert asked.status_code == 302
    assert asked.headers["Location"].startswith("/inloggen/code")
    assert "Typ de code van je app" in other.client.get("/inloggen/code", headers=html).text
    wrong = send(other, "/inloggen/code", code="111111")
    assert "Deze code klopt niet" in wrong.text
    right = send(other, "/inloggen/code", code=code_of(key[1], service.clock()))
    assert right.status_code == 302
    assert account(other) == 200
    service.clock.forward(minutes=1)
    assert send(other, path, wish="stop", code=code_of(key[1], service.clock())).status_code in (302, 303)
    assert account(service.person(WHO)) == 200
