"""The administrator's work in a browser: somebody let in and out again, everything halted and set going."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from api.services import switches
from api.store import runs
from tests.pages.conftest import Site

pytestmark = pytest.mark.ui
PASSWORD = "vier rode fietsen bij de sluis"


@pytest.mark.parametrize("js", [True, False])
def test_somebody_is_let_in_with_a_code_and_kept_out_when_the_account_is_closed(
    own_site: Site, open_as: Callable[..., Any], js: bool
) -> None:
    page = open_as(own_site, "administrator", js=js)
    page.goto("/beheer/accounts/nieuw")
    page.fill("#name", "Nina Nieuw")
    page.fill("#email", "nina@example.org")
    page.select_option("#role", "connector")
    page.fill("#code", "am36")
    page.click("main form button")
    code = page.text_content("strong.code").strip()

    other = open_as(own_site, "", js=js)
    other.goto("/account-openen")
    other.fill("#code", code)
    other.fill("#password", PASSWORD)
    other.fill("#again", PASSWORD)
    other.click("main form button")
    assert other.url.split("?")[0].endswith("/inloggen")
    other.fill("[name=email]", "nina@example.org")
    other.fill("[name=password]", PASSWORD)
    other.click("main form button")
    assert other.url.endswith("/vandaag")

    page.goto("/beheer/accounts")
    page.click("text=Nina Nieuw")
    page.fill("#word", "sluit")
    page.click("main form[action$='/stand'] button")
    assert "Gesloten" in page.text_content("main")
    other.goto("/vandaag")
    assert "/inloggen" in other.url


def test_everything_is_halted_with_a_reason_and_a_word_and_set_going_again(
    own_site: Site, open_as: Callable[..., Any]
) -> None:
    page = open_as(own_site, "administrator")
    page.goto("/beheer/stopknop")
    page.fill("#reason", "Vreemde voorstellen in Zwolle")
    page.fill("#word", "stap")
    page.click("main form button")
    assert page.title().startswith("Fout: ")
    assert page.input_value("#reason") == "Vreemde voorstellen in Zwolle"
    with own_site.service.database.reading() as session:
        assert not switches.is_stopped(session)
    page.fill("#word", "STOP")
    page.click("main form button")
    assert "Vreemde voorstellen in Zwolle" in page.text_content("main")
    with own_site.service.database.reading() as session:
        assert switches.is_stopped(session)
    page.click("main form button")
    with own_site.service.database.reading() as session:
        assert not switches.is_stopped(session)


def test_a_policy_is_compared_before_it_is_adopted_and_what_is_wrong_is_said(
    own_site: Site, open_as: Callable[..., Any]
) -> None:
    page = open_as(own_site, "administrator")
    page.goto("/beheer/beleid/nieuw")
    text = page.input_value("#text")
    page.fill("#text", text + "\nfrom_nowhere = 3\n")
    page.click("button[value=adopt]")
    assert page.title().startswith("Fout: ")
    assert "from_nowhere" in page.input_value("#text")
    page.fill("#text", 'name = "ruimer"\nmin_fit = 0.2\n')
    page.select_option("#region", "AM36")
    page.click("button[value=compare]")
    told = page.text_content("section[aria-labelledby=compared]")
    assert "min_fit" in told
    with own_site.service.database.reading() as session:
        before = len(runs.policies(session, "", None))
    page.click("button[value=adopt]")
    assert "ruimer" in page.text_content("main table")
    with own_site.service.database.reading() as session:
        assert len(runs.policies(session, "", None)) == before + 1
        assert "min_fit = 0.2" in runs.latest_policy(session).text


def test_an_employer_is_vouched_for_and_no_more(own_site: Site, open_as: Callable[..., Any]) -> None:
    page = open_as(own_site, "administrator")
    page.goto(own_site.world.address("/beheer/organisaties/{employer_party}"))
    page.click("main form button")
    assert "Wacht op goedkeuring" in page.text_content("main")
    page.goto("/beheer/organisaties?wacht=ja")
    assert "Bedrijf 001" in page.text_content("main")
    page.click("text=Bedrijf 001")
    page.click("main form button")
    assert "Goedgekeurd" in page.text_content("main")
