"""Who gets an account signs in with its address, however it was typed; what nobody can sign in with is no address."""
from __future__ import annotations

from typing import Any

import pytest
from click.testing import CliRunner

from api.commands.user import command
from api.errors import Faults
from api.services.accounts import Right
from tests.service.browser import Person, Service
from tests.service.test_accounts import activate

ADMIN = Right("administrator")
NOWHERE = ("jan@school.local", "jan@school.test", "jan@10.0.0.5", "jan..p@example.org", ".jan@example.org",
           "jan@example_org.nl", "jan @example.org", "jan@localhost")  # fmt: skip
"""Addresses that an account could have, and that were then refused at every sign-in."""
SPELLED = {
    "Jan@EXAMPLE.org": "Jan@example.org", "jan@ｅｘａｍｐｌｅ.org": "jan@example.org",
    "jan@example。org": "jan@example.org", "jan@xn--bcher-kva.example": "jan@bücher.example",
    "ja\u0301n@schakel.example": "j\u00e1n@schakel.example",
}  # fmt: skip


@pytest.fixture
def admin(service: Service) -> Person:
    """An administrator."""
    service.add("a@example.org", ADMIN)
    return service.person("a@example.org")


def add(admin: Person, email: str) -> Any:
    """Add an account."""
    return admin.post("/api/v1/accounts", {"email": email, "name": "Jan", "rights": []})


@pytest.mark.parametrize("typed", SPELLED)
def test_whoever_gets_an_account_signs_in_with_the_address_as_it_was_typed(
    service: Service, admin: Person, typed: str
) -> None:
    made = add(admin, typed)
    assert (made.status_code, made.json["account"]["email"]) == (201, SPELLED[typed])
    assert activate(service, made.json["invitation"]["code"]).status_code == 204
    for spelling in (typed, SPELLED[typed], SPELLED[typed].upper()):
        if spelling.isascii() or spelling != SPELLED[typed].upper():  # SQLite knows capitals of ASCII alone
            assert service.person().sign_in(spelling).status_code == 200, spelling
    again = add(admin, typed)
    assert (again.status_code, again.json["code"]) == (400, "email_taken")


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_an_address_that_nobody_can_sign_in_with_gets_no_account(service: Service, admin: Person) -> None:
    for email in NOWHERE:
        refused = add(admin, email)
        assert (refused.status_code, refused.json["code"]) == (400, "email"), email
        with pytest.raises(Faults, match="to sign in with"):
            service.add(email)
    assert "special-use" in add(admin, NOWHERE[0]).json["detail"]
    page = admin.get("/beheer/accounts/nieuw", headers={"Accept": "text/html"}).text
    csrf = page.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    form = {"email": NOWHERE[0], "name": "Jan", "role": "administrator", "csrf_token": csrf}
    told = admin.post("/beheer/accounts/nieuw", data=form, headers={"Accept": "text/html"})
    assert (told.status_code, "Eindigt het op .local?" in told.text) == (400, True)


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_the_command_refuses_it_too(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.commands.user._database", lambda: service.database)
    words = ("--name", "Jan", "--role", "administrator")
    refused = CliRunner().invoke(command, ["add", NOWHERE[0], *words])
    assert "to sign in with" in str(refused.exception)
    assert CliRunner().invoke(command, ["add", "Jan@EXAMPLE.org", *words]).exit_code == 0
    assert "Jan@example.org" in CliRunner().invoke(command, ["list"]).output


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_a_parent_who_has_an_account_is_found_by_every_spelling_of_the_address(service: Service) -> None:
    from api.services import mandates
    from api.store import audit, people

    who = service.add("p@example.org")
    with service.database.writing() as session:
        for typed in ("P@Example.org", "p@ｅｘａｍｐｌｅ。org"):
            found, new = mandates._account(session, audit.SERVICE, typed, "P", service.clock())
            assert (found.id, new) == (who, False)
        assert people.account_by_email(session, "p@example.org") is not None

SPELLINGS = ("a@example.org", "A@EXAMPLE.ORG", "a@ｅxample.org", "a@eｘample.org", "a@exａmple.org", "a@exaｍple.org",
             "a@examｐle.org", "a@exampｌe.org", "a@examplｅ.org", "a@example。org", "a@example．org")  # fmt: skip


def test_guesses_at_one_account_count_together_however_its_domain_is_spelled(service: Service) -> None:
    service.add("a@example.org", ADMIN)
    said = [service.person().sign_in(email, "wrong password!").status_code for email in SPELLINGS]
    assert said == [400] * 10 + [429]
    service.clock.forward(seconds=3)
    assert service.person().sign_in(SPELLINGS[2]).status_code == 200  # and who gets in begins anew with all of them
    assert service.person().sign_in(SPELLINGS[0], "wrong password!").status_code == 400


def test_guesses_at_one_account_count_together_whatever_capitals_the_database_knows(service: Service) -> None:
    """PostgreSQL takes the capital I with a dot for an i."""
    service.add("iiii@example.org", ADMIN)
    names = [f"{number:04b}".replace("0", "i").replace("1", "İ") for number in range(11)]
    said = [service.person().sign_in(f"{name}@example.org", "wrong password!").status_code for name in names]
    assert said == [400] * 10 + [429]
