"""What pages say: of one's own choice in the way, of a no, of who cannot work any more, of what was not saved."""
from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import select

from api.store.tables import Proposal
from tests.service.browser import Service
from tests.service.flow import API, Flow, begin, on_both, put
from tests.service.test_students import change

HTML = {"Accept": "text/html"}


@pytest.fixture
def flow(cohort: Service) -> Flow:
    """A run and the people of one of its proposals."""
    return begin(cohort)


def test_one_s_own_choice_in_the_way_is_called_that_and_can_be_looked_at(flow: Flow) -> None:
    flow.accept()
    with flow.service.database.reading() as session:
        other = session.scalars(select(Proposal.id).where(
            Proposal.run_id == flow.run, Proposal.student_id == flow.student_id,
            Proposal.opening_id != flow.opening_id)).first()  # fmt: skip
    assert other is not None
    form = {"csrf_token": flow.connector.headers["X-CSRFToken"], "word": "accept", "seen": "none"}
    answer = flow.connector.client.post(f"/voorstellen/{other}", data=form, headers=HTML)
    assert answer.status_code == 409, answer.text
    assert "<h1>Je koos zelf al iets anders</h1>" in answer.text
    assert "Iemand was je voor" not in answer.text
    assert f'href="/voorstellen/{flow.proposal["id"]}"' in answer.text


def test_a_no_is_said_with_its_day_and_asking_again_is_called_that(flow: Flow) -> None:
    flow.accept()
    flow.answer(flow.ask(), "no")
    told = flow.connector.get("/delen?tab=wacht", headers=HTML).text
    assert "De leerling zei nee op 15 juni 2026" in told
    assert "Vraag het pas opnieuw als er iets is veranderd, of als de leerling dat zelf wil." in told
    assert "Vraag het opnieuw<" in told


@on_both
def test_who_cannot_work_any_more_has_a_sign_on_the_card_and_where_it_is_shared_and_nothing_is_undone(
    flow: Flow
) -> None:
    release = flow.released()
    card, shared = f"/voorstellen/{flow.proposal['id']}", "/delen?tab=gedeeld"
    for page in (card, shared):
        assert "kan werken" not in flow.connector.get(page, headers=HTML).text
    changed = change(flow.school, flow.student_id, workCapacity="no")
    assert changed.status_code == 200, changed.text
    told = flow.connector.get(card, headers=HTML).text
    assert "werken nog niet kan. Klopt dat nog? De werkgever ziet de kaart nog: kijk of je die terugtrekt." in told
    assert "School: kan niet werken" in flow.connector.get(shared, headers=HTML).text
    assert flow.employer.get(f"{API}/candidates/{release['id']}").json["state"] == "new"


def test_after_stopping_nobody_is_told_that_nothing_was_chosen(flow: Flow) -> None:
    assert "Je hebt nog niets gekozen." in flow.student.get("/mijn-toestemming", headers=HTML).text
    flow.released()
    consent = flow.student.get(f"{API}/consents").json["items"][0]["id"]
    flow.student.ask("DELETE", f"{API}/consents/{consent}")
    told = flow.student.get("/mijn-toestemming", headers=HTML).text
    assert "Geen bedrijf mag nu iets van je zien." in told
    assert "Je hebt nog niets gekozen." not in told


def test_a_meeting_that_has_a_day_is_not_still_to_be_arranged(flow: Flow) -> None:
    release = flow.released()
    put(flow.employer, f"/candidates/{release['id']}/word", {"word": "meet"})
    (asked,) = flow.connector.get(f"{API}/introductions?state=asked").json["items"]
    where = flow.student.get("/mijn-voorstellen", headers=HTML).text.split('href="/mijn-voorstellen/')[1].split('"')[0]
    page = f"/mijn-voorstellen/{where}"
    assert "regelt een gesprek." in flow.student.get(page, headers=HTML).text
    plan = {"plannedAt": "2026-06-15T08:00:00+02:00", "where": "x"}
    put(flow.connector, f"/introductions/{asked['id']}/plan", plan)
    told = flow.student.get(page, headers=HTML).text
    assert "regelt een gesprek." not in told
    assert "Het gesprek is op 15 juni 2026, 08.00." in told


def test_what_was_sent_after_a_session_ended_is_said_not_to_be_saved_and_leads_back(flow: Flow) -> None:
    page = f"/voorstellen/{flow.proposal['id']}"
    form = {"csrf_token": flow.connector.headers["X-CSRFToken"], "word": "reject", "reason": "other", "seen": "none",
            "note": "hij wil dit zelf niet"}  # fmt: skip
    flow.connector.client.delete_cookie("session")
    for cookie in list(flow.connector.client._cookies or ()):
        flow.connector.client.delete_cookie(cookie[2], domain=cookie[0], path=cookie[1])
    answer = flow.connector.client.post(page, data=form, headers=HTML)
    assert answer.status_code == 303
    where = urlsplit(answer.location)
    assert (where.path, parse_qs(where.query)) == ("/inloggen", {"next": [page], "niet-bewaard": ["1"]})
    shown = flow.connector.client.get(answer.location, headers=HTML)
    assert "Wat je net verstuurde, is niet opgeslagen." in shown.text
    assert f'name="next" value="{page}"' in shown.text
    assert "hij wil dit zelf niet" not in shown.text
    assert "niet opgeslagen" not in flow.connector.client.get("/inloggen", headers=HTML).text


def test_a_student_reads_the_same_day_to_begin_as_a_connector(flow: Flow) -> None:
    assert change(flow.school, flow.student_id, availableFrom="", leavesOn="2026-07-03").status_code == 200
    told = flow.student.get("/mijn-gegevens", headers=HTML).text.split("Kan beginnen op")[1]
    assert "3 juli 2026" in told[:200]
