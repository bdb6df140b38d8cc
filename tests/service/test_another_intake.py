"""A consent is for a vacancy, whatever its intake: what a student reads follows it to the one that it was used for."""
from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from api.store.tables import OpeningVersion, Proposal, Seat, StoredOpening
from tests.service.browser import Service
from tests.service.flow import API, Flow, begin, put
from tests.service.test_decisions import decide

PAGE = {"Accept": "text/html"}
FEBRUARY = date(2027, 2, 1)


@pytest.fixture
def flow(cohort: Service) -> Flow:
    """Asked about as an option at the first intake, answered with yes; then nothing yet."""
    made = begin(cohort)
    made.accept("defer")
    assert made.answer(made.ask()).status_code == 200
    return made


def later(flow: Flow) -> dict[str, Any]:
    """The proposal of the same student for a later intake of the same vacancy."""
    with flow.service.database.writing() as session:
        first = session.get_one(StoredOpening, flow.opening_id)
        known = session.get_one(OpeningVersion, (first.id, first.number))
        made = StoredOpening(vacancy_id=first.vacancy_id, starts_on=FEBRUARY, places=1, number=1,
                             region_code=first.region_code, created_at=first.created_at)  # fmt: skip
        session.add(made)
        session.flush()
        record = {**known.record, "starts_on": FEBRUARY.isoformat(), "places": 1}
        of = session.get_one(Proposal, flow.proposal["id"])
        same = {name: getattr(of, name) for name in
                ("run_id", "student_id", "fit", "band", "known", "parts", "reasons", "to_check")}  # fmt: skip
        next_one = Proposal(opening_id=made.id, chosen=False, rank=2, **same)
        session.add_all([OpeningVersion(opening_id=made.id, number=1, record=record, created_at=known.created_at),
                         Seat(opening_id=made.id, seat=1), next_one])  # fmt: skip
        session.flush()
        made_id = next_one.id
    found: dict[str, Any] = flow.connector.get(f"{API}/proposals/{made_id}").json
    return found


def shown_at_a_later_intake(flow: Flow) -> dict[str, Any]:
    """Accepted for the later intake and shown there, on the yes of the first; return the release."""
    flow.decision = decide(flow.connector, later(flow), "accept").json
    made = flow.release()
    assert made.status_code == 201, made.text
    found: dict[str, Any] = made.json["items"][0]
    return found


def planned(flow: Flow, release: dict[str, Any]) -> dict[str, Any]:
    """Asked to meet by the employer, planned by the connector; return the introduction."""
    assert put(flow.employer, f"/candidates/{release['id']}/word", {"word": "meet"}).status_code == 200
    (asked,) = flow.connector.get(f"{API}/introductions?state=asked").json["items"]
    plan = {"plannedAt": "2026-06-15T08:00:00+02:00", "where": "In de kantine"}
    assert put(flow.connector, f"/introductions/{asked['id']}/plan", plan).status_code == 200
    return dict(asked)


def placed(flow: Flow) -> None:
    """At work at the later intake."""
    met = planned(flow, shown_at_a_later_intake(flow))
    put(flow.employer, f"/introductions/{met['id']}/outcome", {"outcome": "go_on", "heldOn": "2026-06-15"})
    terms = {"introductionId": met["id"], "startsOn": "2026-06-15", "adaptations": []}
    agreed = flow.employer.post(f"{API}/agreements", terms).json["id"]
    for person in (flow.employer, flow.student):
        assert put(person, f"/agreements/{agreed}/approval", None).status_code == 200
    began = flow.connector.post(f"{API}/placements", {"agreementId": agreed, "startedOn": "2026-06-15"})
    assert began.status_code == 201, began.text


def option(flow: Flow) -> dict[str, Any]:
    """The one place that the student was asked about."""
    (found,) = flow.student.get(f"{API}/options").json
    return dict(found)


def test_a_student_reads_that_the_company_sees_the_card_also_when_it_is_for_a_later_intake(flow: Flow) -> None:
    """It read "Het bedrijf ziet je kaart nog niet" while the company did, and had the meeting planned unseen."""
    release = shown_at_a_later_intake(flow)
    page = f"/mijn-voorstellen/{option(flow)['requestId']}"
    assert (option(flow)["state"], option(flow)["work"]["startsOn"]) == ("shared", FEBRUARY.isoformat())
    text = flow.student.get(page, headers=PAGE).text
    assert "Het bedrijf ziet nu je kaart." in text
    assert "1 februari 2027" in text
    assert release["code"] in flow.student.get(f"{page}/kaart", headers=PAGE).text
    planned(flow, release)
    assert option(flow)["state"] == "meeting"
    assert "In de kantine" in flow.student.get(page, headers=PAGE).text
    named = flow.student.post(f"{page}/naam", data={"names": "yes"}, headers=PAGE)
    assert (named.status_code, named.location) == (303, f"{page}?gedaan=names_yes")


def test_a_place_shown_at_a_later_intake_is_not_over_when_the_word_on_the_first_is_undone(flow: Flow) -> None:
    first = flow.decision["id"]
    shown_at_a_later_intake(flow)
    assert flow.connector.ask("DELETE", f"{API}/decisions/{first}").status_code in (200, 204)
    assert option(flow)["state"] == "shared"
    page = flow.student.get(f"/mijn-voorstellen/{option(flow)['requestId']}", headers=PAGE).text
    assert "Het bedrijf ziet niets van je." not in page


def test_a_yes_goes_along_to_a_later_intake_before_anything_is_shown(flow: Flow) -> None:
    """The consent stands and the next click may show the card: the place is not over."""
    first = flow.decision["id"]
    assert decide(flow.connector, later(flow), "accept").status_code == 201
    flow.connector.ask("DELETE", f"{API}/decisions/{first}")
    assert (option(flow)["state"], option(flow)["work"]["startsOn"]) == ("yes", FEBRUARY.isoformat())


def test_a_place_that_nothing_keeps_is_over(flow: Flow) -> None:
    flow.connector.ask("DELETE", f"{API}/decisions/{flow.decision['id']}")
    later(flow)
    assert option(flow)["state"] == "ended"


def test_who_works_at_a_later_intake_reads_that_the_work_goes_on(flow: Flow) -> None:
    placed(flow)
    assert option(flow)["state"] == "placed"
    consent = f"/mijn-toestemming/{option(flow)['consentId']}/stoppen"
    assert "Dan gaat je werk gewoon door." in flow.student.get(consent, headers=PAGE).text
    assert flow.student.post(consent, headers=PAGE).status_code == 303
    assert option(flow)["state"] == "placed"


def test_two_intakes_that_were_both_asked_about_are_one_place_once_the_company_sees_the_card(cohort: Service) -> None:
    """Which of the two was asked first says nothing about what the company sees."""
    flow = begin(cohort)
    flow.accept("defer")
    first = flow.ask()
    flow.decision = decide(flow.connector, later(flow), "accept").json
    second = flow.ask()
    flow.answer(first)
    assert sorted(one["state"] for one in flow.student.get(f"{API}/options").json) == ["asked", "yes"]
    assert flow.release().json["code"] == "no_consent"  # not before this one is answered too
    flow.answer(second)
    assert flow.release().status_code == 201
    listed = flow.student.get("/mijn-voorstellen", headers=PAGE).text
    assert listed.count("Het bedrijf ziet je kaart") == 1
    for asked in (first, second):
        page = flow.student.get(f"/mijn-voorstellen/{asked['id']}", headers=PAGE)
        assert (page.status_code, "Het bedrijf ziet nu je kaart." in page.text) == (200, True)
    (consent,) = flow.student.get(f"{API}/consents?live=true").json["items"]
    planned(flow, flow.connector.get(f"{API}/releases").json["items"][0])
    assert "Kennismaken" in flow.student.get("/mijn-voorstellen", headers=PAGE).text
    assert flow.student.get(f"/mijn-toestemming/{consent['id']}/stoppen", headers=PAGE).status_code == 200


@pytest.mark.parametrize("word", ["no", "talk", None])
def test_a_yes_to_one_intake_shows_nobody_at_another_that_was_not_said_yes_to(flow: Flow, word: str | None) -> None:
    """Deferred and yes at the first; the later one is asked about, and answered otherwise or not yet."""
    first = flow.decision
    other = later(flow)
    flow.service.clock.forward(minutes=2)
    given = flow.student.get(f"{API}/consents").json["items"][0]["id"]
    assert flow.student.ask("DELETE", f"{API}/consents/{given}").status_code == 200  # so that the later one is asked
    flow.decision = decide(flow.connector, other, "accept").json
    question = flow.ask()
    if word:
        assert flow.answer(question, word).status_code == 200
    flow.service.clock.forward(minutes=2)
    accepted, flow.decision = flow.decision, first
    assert flow.answer(flow.ask()).status_code == 200  # again yes to the first alone
    flow.decision = accepted
    assert flow.preview()["blocks"] == ["no_consent"]
    refused = flow.release()
    assert (refused.status_code, refused.json["code"]) == (409, "no_consent"), refused.text
    waits = flow.connector.get("/delen?tab=wacht", headers=PAGE).text
    assert f"/voorstellen/{other['id']}" in waits or accepted["id"] in waits
    if word:  # asked anew and yes: then it may be
        assert flow.answer(flow.ask()).status_code == 200
        assert flow.release().status_code == 201


@pytest.mark.parametrize("word", ["no", "talk"])
def test_an_answer_to_one_intake_stays_what_it_is_when_the_card_is_shown_at_another(flow: Flow, word: str) -> None:
    """Yes at the first and shown there; no, or first a talk, at the later one: neither hides the other."""
    other, first = later(flow), flow.decision
    given = flow.student.get(f"{API}/consents").json["items"][0]["id"]
    assert flow.student.ask("DELETE", f"{API}/consents/{given}").status_code == 200
    flow.decision = decide(flow.connector, other, "defer").json
    about_other = flow.ask()
    assert flow.answer(about_other, word).status_code == 200
    flow.service.clock.forward(minutes=2)
    flow.decision = first
    assert flow.answer(flow.ask()).status_code == 200
    accepted = decide(flow.connector, flow.proposal, "accept")
    assert accepted.status_code == 201, accepted.text
    flow.decision = accepted.json
    assert flow.release().status_code == 201
    told = {one["requestId"]: one for one in flow.student.get(f"{API}/options").json}
    assert (told[about_other["id"]]["state"], told[about_other["id"]]["work"]["startsOn"]) == (word, "2027-02-01")
    card = flow.connector.get(f"/voorstellen/{other['id']}", headers=PAGE).text
    assert "Toestemming: ja" not in " ".join(card.split())
    assert flow.student.get(f"/mijn-voorstellen/{about_other['id']}", headers=PAGE).status_code == 200
