"""A consent lasts as long as what it was asked for, and everybody reads the same about it."""
from __future__ import annotations

import re
from typing import Any

import pytest

from api.store import audit
from tests.service.browser import Service
from tests.service.flow import API, Flow, begin, on_both, put
from tests.service.test_decisions import decide
from tests.service.test_meeting_and_placement import TODAY, placed

PAGE = {"Accept": "text/html"}


@pytest.fixture
def flow(cohort: Service) -> Flow:
    """A run and the people of one of its proposals."""
    return begin(cohort)


def consented(flow: Flow) -> str:
    """Accepted, asked and answered with yes; return the consent."""
    flow.accept()
    assert flow.answer(flow.ask()).status_code == 200
    (given,) = flow.student.get(f"{API}/consents?live=true").json["items"]
    return str(given["id"])


def told(flow: Flow) -> tuple[str, str, str]:
    """What the card of the connector says of the consent, and the school by its list and by the API."""
    card = flow.connector.get(f"/voorstellen/{flow.proposal['id']}", headers=PAGE).text
    on_card = re.search(r"<dt>Toestemming</dt>\s*<dd>(.*?)</dd>", card, re.DOTALL)
    assert on_card is not None
    row = next(part for part in flow.school.get("/toestemming", headers=PAGE).text.split("<tr")
               if flow.student_id in part)  # fmt: skip
    in_list = re.search(r'data-label="Toestemming"[^>]*>\s*<span[^>]*>(.*?)</span>', row, re.DOTALL)
    assert in_list is not None
    of_api = flow.school.get(f"{API}/students/{flow.student_id}").json["consent"]
    words = (re.sub(r"<[^>]*>", "", found[1]).strip() for found in (on_card, in_list))
    return (*words, str(of_api))  # type: ignore[return-value]


def shown_after_an_option(flow: Flow) -> dict[str, Any]:
    """Asked and answered with yes as an option, accepted after that, and shown; return the release."""
    flow.accept("defer")
    flow.answer(flow.ask())
    flow.accept()
    (release,) = flow.release().json["items"]
    return dict(release)


def option(flow: Flow) -> dict[str, Any]:
    """The place as the student may choose it."""
    (found,) = flow.student.get(f"{API}/options").json
    return dict(found)


def test_everybody_reads_the_same_of_a_consent_from_the_question_to_the_withdrawal(flow: Flow) -> None:
    flow.accept()
    assert told(flow) == ("nog niet gevraagd voor deze plek", "Niet gevraagd", "none")
    request = flow.ask()
    assert told(flow) == ("gevraagd op 15 juni 2026, nog geen antwoord", "Gevraagd", "asked")
    flow.answer(request)
    assert told(flow) == ("ja, op 15 juni 2026", "Gegeven", "given")
    (given,) = flow.student.get(f"{API}/consents").json["items"]
    assert given["state"] == "live"
    flow.next_day()
    assert flow.student.ask("DELETE", f"{API}/consents/{given['id']}").json["state"] == "withdrawn"
    assert told(flow) == ("ingetrokken op 16 juni 2026", "Ingetrokken", "withdrawn")
    assert flow.connector.get(f"{API}/acceptances").json["items"][0]["consent"] == "withdrawn"
    flow.service.clock.forward(minutes=5)
    again = flow.ask()
    assert told(flow)[1:] == ("Gevraagd", "asked")
    flow.answer(again, "no")
    assert told(flow) == ("nee, op 16 juni 2026", "Zei nee", "no")


def test_a_consent_given_on_an_option_counts_on_the_card_once_it_is_chosen(flow: Flow) -> None:
    """The card looked at the question on the last word alone."""
    flow.accept("defer")
    flow.answer(flow.ask())
    flow.accept()
    assert told(flow) == ("ja, op 15 juni 2026", "Gegeven", "given")
    assert option(flow)["state"] == "yes"
    assert flow.release().status_code == 201


def test_a_student_reads_on_every_page_that_the_company_sees_the_card_when_the_yes_was_said_on_an_option(
    flow: Flow
) -> None:
    """The place was over for the student, and nothing shown, while the company saw the card and met the student."""
    release = shown_after_an_option(flow)
    assert (option(flow)["state"], option(flow)["shows"] is None) == ("shared", False)
    page = f"/mijn-voorstellen/{option(flow)['requestId']}"
    assert "Het bedrijf ziet je kaart" in flow.student.get("/mijn-voorstellen", headers=PAGE).text
    shown = flow.student.get(page, headers=PAGE).text
    assert "Het bedrijf ziet nu je kaart." in shown
    assert "Het bedrijf ziet niets van je." not in shown
    assert release["code"] in flow.student.get(f"{page}/kaart", headers=PAGE).text
    put(flow.employer, f"/candidates/{release['id']}/word", {"word": "meet"})
    assert option(flow)["state"] == "meeting"
    named = flow.student.post(f"{page}/naam", data={"names": "yes"}, headers=PAGE)
    assert (named.status_code, named.location) == (303, f"{page}?gedaan=names_yes")


def test_a_place_that_was_consented_to_as_an_option_is_the_students_place_once_it_began(
    flow: Flow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flow, "released", lambda: shown_after_an_option(flow))
    placed(flow)
    assert option(flow)["state"] == "placed"
    stop = f"/mijn-toestemming/{option(flow)['consentId']}/stoppen"
    assert "Dan gaat je werk gewoon door." in flow.student.get(stop, headers=PAGE).text


@on_both
def test_a_consent_ends_with_the_acceptance_and_the_next_one_asks_anew(flow: Flow) -> None:
    consent = consented(flow)
    first = flow.decision["id"]
    assert flow.connector.ask("DELETE", f"{API}/decisions/{first}").status_code == 200
    over = flow.student.get(f"{API}/consents/{consent}").json
    assert (over["live"], over["state"]) == (False, "ended")
    assert told(flow)[1:] == ("Afgelopen", "ended")
    page = flow.student.get("/mijn-toestemming", headers=PAGE).text
    assert "Je plek of dit voorstel is voorbij." in page
    assert "Stop met delen" not in page
    flow.accept()
    acceptance = flow.connector.get(f"{API}/acceptances").json["items"][0]
    assert (acceptance["consent"], acceptance["blocks"]) == ("not_asked", ["no_consent"])
    assert flow.release().json["code"] == "no_consent"
    assert flow.answer(flow.ask()).status_code == 200
    assert flow.release().status_code == 201
    with flow.service.database.reading() as session:
        said = audit.details_of(session, "consent.ended", consent)
        assert said is not None
        assert (said["student"], said["decision"]) == (flow.student_id, first)
        assert audit.verify(session) == []


def test_a_consent_ends_with_the_placement_and_lasts_as_long_as_it_runs(flow: Flow) -> None:
    placement = placed(flow)
    (given,) = flow.student.get(f"{API}/consents").json["items"]
    assert given["state"] == "live"
    assert put(flow.connector, f"/placements/{placement}/end", {"endedOn": TODAY, "reason": "other"}).status_code == 200
    assert flow.student.get(f"{API}/consents/{given['id']}").json["state"] == "ended"
    flow.accept()
    assert flow.release().json["code"] == "no_consent"
    withdrawn = flow.student.ask("DELETE", f"{API}/consents/{given['id']}")
    assert (withdrawn.status_code, withdrawn.json["state"]) == (200, "ended")


@pytest.mark.parametrize(("word", "state"), [("pin", "live"), ("defer", "live"), ("reject", "ended")])
def test_a_consent_goes_along_to_a_next_word_but_not_to_a_rejection(flow: Flow, word: str, state: str) -> None:
    consent = consented(flow)
    more = {"reason": "travel"} if word == "reject" else {}
    assert decide(flow.connector, flow.proposal, word, **more).status_code == 201
    assert flow.student.get(f"{API}/consents/{consent}").json["state"] == state
    assert option(flow)["state"] == ("yes" if state == "live" else "ended")


def test_a_consent_stays_when_the_employer_sees_the_student_no_more(flow: Flow) -> None:
    """Sharing was taken back, the acceptance stands: what it was asked for may still come."""
    release = flow.released()
    assert put(flow.connector, f"/releases/{release['id']}", None, method="DELETE").status_code == 200
    (given,) = flow.student.get(f"{API}/consents").json["items"]
    assert given["state"] == "live"
