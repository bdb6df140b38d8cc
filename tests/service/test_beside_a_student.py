"""Who may stand beside a student: nobody of an employer; and a school finds out nothing about addresses it types."""
from __future__ import annotations

import html
from dataclasses import replace

import pytest
from sqlalchemy import select

from api.services.accounts import Right
from api.store.tables import Account, Grant
from tests.service.browser import Service
from tests.service.flow import API, Flow, begin

PAGE = {"Accept": "text/html"}
BOSS = "employer@example.org"


@pytest.fixture
def flow(cohort: Service) -> Flow:
    """A run and the people of one of its proposals."""
    return begin(cohort)


def rights_of(flow: Flow, email: str) -> list[str]:
    """The roles of an account."""
    with flow.service.database.reading() as session:
        query = select(Grant.role).join(Account, Account.id == Grant.account_id).where(Account.email == email)
        return sorted(session.scalars(query))


@pytest.mark.parametrize(("kind", "more"), [("coaches", {}), ("mandates", {"ground": "representative"})])
def test_an_employers_address_becomes_no_coach_and_no_parent(flow: Flow, kind: str, more: dict[str, str]) -> None:
    """The answer does not say whose address it is."""
    given = {"email": BOSS, "name": "Ouder", **more}
    refused = flow.school.post(f"{API}/students/{flow.student_id}/{kind}", given)
    assert (refused.status_code, refused.json["code"]) == (400, "address_unusable")
    assert refused.json["detail"] == "This address cannot be used for a parent or a coach. Ask for another address."
    page = {"coaches": "begeleiders", "mandates": "machtigingen"}[kind]
    shown = flow.school.post(f"/leerlingen/{flow.student_id}/naast/{page}", data=given, headers=PAGE)
    assert shown.status_code == 400
    assert "Dit adres kan niet voor een ouder of begeleider worden gebruikt. Vraag een ander adres." in shown.text
    assert rights_of(flow, BOSS) == ["employer"]


def test_a_coach_gets_no_right_at_an_employer(flow: Flow) -> None:
    """Neither by the API nor by the administrator's page; and the other way round neither."""
    coach = flow.service.add("k@example.org", Right("coach", flow.student_id))
    flow.service.add("b@example.org", Right("administrator"))
    admin = flow.service.person("b@example.org")
    right = {"role": "employer", "code": "12345678", "name": "Bedrijf"}
    refused = admin.post(f"{API}/accounts/{coach}/rights", right)
    assert (refused.status_code, refused.json["code"]) == (400, "apart")
    shown = admin.post(f"/beheer/accounts/{coach}/rechten", data={"role": "employer", "code": "12345678"}, headers=PAGE)
    assert shown.status_code == 400
    assert "Een werkgever heeft een eigen account nodig" in shown.text
    assert rights_of(flow, "k@example.org") == ["coach"]


def test_a_school_does_not_find_out_whose_account_an_address_is(flow: Flow) -> None:
    """Who has rights elsewhere is told by the address that was typed, wherever the school reads it."""
    flow.service.add("ander@example.org", Right("administrator"))
    with flow.service.database.writing() as session:
        known = session.scalar(select(Account).where(Account.email == "ander@example.org"))
        assert known is not None
        known.name = "Zonnebloem"
    given = {"email": "ander@example.org", "name": "Jan"}
    said = flow.school.post(f"/leerlingen/{flow.student_id}/naast/begeleiders", data=given, headers=PAGE)
    shown = flow.school.get(said.headers["Location"], headers=PAGE).text
    assert "Dit adres was al bekend" in shown
    assert "Zonnebloem" not in shown
    path = f"{API}/students/{flow.student_id}/coaches"
    assert [one["name"] for one in flow.school.get(path).json] == ["ander@example.org"]
    assert [one["name"] for one in flow.student.get(path).json] == ["Zonnebloem"]  # who goes along with me
    flow.school.post(path, {"email": "nieuw@example.org", "name": "Kim"})
    assert sorted(one["name"] for one in flow.school.get(path).json) == ["Kim", "ander@example.org"]


@pytest.mark.parametrize("public", ["", "https://schakel.example"])
def test_a_code_for_a_parent_says_where_to_use_it(flow: Flow, public: str) -> None:
    """By the public address where it is set; and whoever looks on the pages of signing in finds the way."""
    app = flow.service.app
    app.config["SCHAKEL_SETTINGS"] = replace(app.config["SCHAKEL_SETTINGS"], public_url=public)
    given = {"email": "p@example.org", "name": "Ouder", "ground": "representative"}
    shown = flow.school.post(f"/leerlingen/{flow.student_id}/naast/machtigingen", data=given, headers=PAGE)
    assert shown.status_code == 200
    assert f"{public or 'http://localhost'}/account-openen" in html.unescape(shown.text)
    for path in ("/inloggen", "/code", "/hulp"):
        assert 'href="/account-openen"' in flow.service.person().get(path, headers=PAGE).text, path
    assert 'href="/code"' in flow.service.person().get("/account-openen", headers=PAGE).text
