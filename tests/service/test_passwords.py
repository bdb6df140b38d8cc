"""Passwords that are tried first are refused wherever somebody chooses one, and no others."""
from __future__ import annotations

import secrets
import string

import pytest

from api.errors import Refused
from api.services import passwords
from api.services.accounts import Right, new_password
from tests.service.browser import PASSWORD, Service

WHO = "jansen@bakkerij-voorbeeld.example"
TRIED_FIRST = [
    "123456789012", "passwordpassword", "qwertyuiop12", "aaaaaaaaaaaa", "iloveyou1234", "welkom123456", "Welkom2026!!",
    "wachtwoordwachtwoord", "zomer2026zomer", "Maandag-2026!", "Zomervakantie2026", "schakelschakel",
    "bakkerij-voorbeeld1", "Jo Jansen 2026",
]  # fmt: skip
GOOD = ["correct horse battery staple", "een lange zin die ik onthou", "482957-103847-22", "tuinbroek lamp dinsdag 7"]


@pytest.mark.parametrize("password", TRIED_FIRST)
def test_what_is_tried_first_is_refused(password: str) -> None:
    with pytest.raises(Refused) as refused:
        passwords.check(password, WHO, "Jo Jansen")
    assert refused.value.code == "password_guessed"


@pytest.mark.parametrize("password", GOOD)
def test_a_sentence_of_a_few_words_or_many_digits_is_good(password: str) -> None:
    passwords.check(password, WHO, "Jo Jansen")


def test_no_password_that_was_drawn_is_refused() -> None:
    """Whoever has a password manager is never sent back: no rules of composition."""
    for signs in (string.digits, string.ascii_lowercase, string.ascii_letters + string.digits, string.printable):
        for _ in range(50):
            passwords.check("".join(secrets.choice(signs) for _ in range(16)), WHO, "Jo Jansen")
    for _ in range(50):
        passwords.check(new_password(), WHO, "Jo Jansen")


def test_a_password_of_64_signs_and_more_is_allowed_and_read_to_its_end(service: Service) -> None:
    service.add(WHO, Right("administrator"))
    long = "een lange zin die ik onthou " * 4 + "en nog meer"
    assert change(service, long).status_code == 200
    assert service.person().sign_in(WHO, long[:-1]).status_code == 400
    assert service.person().sign_in(WHO, long).status_code == 200


def change(service: Service, new: str) -> object:
    return service.person(WHO).post("/wachtwoord", {"password": PASSWORD, "new_password": new,
                                                    "new_password_confirm": new})  # fmt: skip


@pytest.mark.parametrize("password", ["Welkom2026!!", "bakkerij-voorbeeld1"])
def test_whoever_changes_or_first_chooses_a_password_is_told(service: Service, password: str) -> None:
    service.add("admin@example.org", Right("administrator"))
    admin = service.person("admin@example.org")
    made = admin.post("/api/v1/accounts", {"email": WHO, "name": "Jo Jansen", "rights": []}).json
    first = {"code": made["invitation"]["code"], "password": password}
    refused = service.person().begun().post("/api/v1/activations", first)
    assert (refused.status_code, refused.json["code"]) == (400, "password_guessed")
    assert service.person().begun().post("/api/v1/activations", {**first, "password": PASSWORD}).status_code == 204
    said = change(service, password)
    assert said.status_code == 400 and "tried first" in said.json["detail"]  # type: ignore[attr-defined]
    assert service.person().sign_in(WHO, PASSWORD).status_code == 200
