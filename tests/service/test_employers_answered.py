"""An employer that answered waits for a connector until somebody acts on it; who was turned down is not sent again."""
from __future__ import annotations

import re
from urllib.parse import urljoin

import pytest
from sqlalchemy import select

from api.store.tables import Release
from api.web.pages import answered as answered_pages
from tests.service.browser import Service
from tests.service.flow import API, Flow, begin, on_both, people_of, put
from tests.service.test_lists_that_go_on import onward, walked
from tests.service.test_meeting_and_placement import TODAY, met, placed
from tests.service.test_said_on_pages import HTML
from tests.service.test_take_over import judge, numbers, waiting


@pytest.fixture
def flow(cohort: Service) -> Flow:
    """A plan that holds and the people of one of its proposals."""
    flow = begin(cohort)
    assert judge(flow.connector, flow.run).status_code == 200
    return flow


def answered(flow: Flow) -> int:
    """How many answers wait; the page tells as many, each with its card."""
    number = numbers(flow.connector).get("employer_answered", 0)
    page = flow.connector.get("/vandaag?taal=nl", headers=HTML).text
    everybody = flow.connector.get("/werkgever-reageerde?taal=nl", headers=HTML).text
    assert everybody.count(f'<th scope="row"><a href="/voorstellen/{flow.proposal["id"]}">') == number
    assert ("Er wacht geen antwoord op je." in everybody) is (number == 0)
    part = next(one for one in page.split("<h2>") if "Werkgever reageerde" in one)
    assert f'<a href="/werkgever-reageerde"><span class="figure">{number}</span>' in part
    assert part.count(f'href="/voorstellen/{flow.proposal["id"]}"') == number
    return number


def say(flow: Flow, release: str, word: str, reason: str | None = None) -> None:
    """The employer's word."""
    said = put(flow.employer, f"/candidates/{release}/word", {"word": word, "reason": reason})
    assert said.status_code == 200, said.text


@on_both
def test_who_was_turned_down_waits_for_a_connector_and_is_not_ticked_to_be_shared_again(flow: Flow) -> None:
    release = flow.released()
    assert answered(flow) == 0
    say(flow, release["id"], "does_not_fit", "travel")
    assert answered(flow) == 1
    assert "zegt: past niet" in flow.connector.get("/vandaag?taal=nl", headers=HTML).text
    for lang, told in (("nl", "Werkgever zei 15 juni 2026 past niet: de reis is te lang"),
                       ("en", "Employer said 15 June 2026 does not fit: the journey is too long")):  # fmt: skip
        page = flow.connector.get(f"/delen?taal={lang}", headers=HTML).text
        assert told in page
        (box,) = re.findall(r'<input type="checkbox" name="keuze"[^>]*>', page)
        assert "checked" not in box
        assert told in flow.connector.get(f"/delen/controle?keuze={flow.decision['id']}&taal={lang}", headers=HTML).text
        assert told in flow.connector.get(f"/voorstellen/{flow.proposal['id']}?taal={lang}", headers=HTML).text
    told = flow.preview()
    assert (told["declinedReason"], told["declinedAt"][:10], told["blocks"]) == ("travel", TODAY, [])
    (held,) = flow.connector.get(f"{API}/acceptances").json["items"]
    assert (held["declinedReason"], held["declinedAt"]) == ("travel", told["declinedAt"])
    flow.service.clock.forward(hours=1)
    again = flow.release()
    assert again.status_code == 201  # the connector may: an employer may think again
    assert answered(flow) == 0
    path = f"/releases/{again.json['items'][0]['id']}"
    assert put(flow.connector, path, None, method="DELETE").status_code == 200
    assert answered(flow) == 0  # somebody acted on what the employer said


def test_who_was_turned_down_waits_no_more_once_the_word_is_taken_back(flow: Flow) -> None:
    say(flow, flow.released()["id"], "does_not_fit", "hours")
    assert flow.connector.ask("DELETE", f"{API}/decisions/{flow.decision['id']}",
                              headers={"If-Match": f'"{flow.decision["id"]}"'}).status_code < 300  # fmt: skip
    assert answered(flow) == 0
    flow.accept()  # another word on the same pair: what the employer said of it is still told
    page = flow.connector.get("/delen?tab=wacht&taal=nl", headers=HTML).text
    assert "past niet: de werktijden passen niet" in page


def test_who_is_not_shown_any_more_after_a_meeting_waits_as_well(flow: Flow) -> None:
    met(flow, "stop")
    assert answered(flow) == 1
    page = flow.connector.get("/delen?taal=nl", headers=HTML).text
    assert "Werkgever zei 15 juni 2026 past niet<" in page


@on_both
def test_who_is_invited_waits_until_a_meeting_is_planned_and_not_while_at_work(flow: Flow) -> None:
    release = flow.released()
    say(flow, release["id"], "meet")
    assert answered(flow) == 1
    (asked,) = flow.connector.get(f"{API}/introductions?state=asked").json["items"]
    path = f"/introductions/{asked['id']}"
    assert put(flow.connector, f"{path}/plan", {"plannedAt": "2026-06-16T10:00:00+02:00", "where": "x"}
               ).status_code == 200  # fmt: skip
    assert answered(flow) == 0
    assert put(flow.connector, path, None, method="DELETE").status_code == 200
    assert answered(flow) == 0  # called off: only the employer can ask again
    flow.next_day()
    say(flow, release["id"], "meet")
    assert answered(flow) == 1
    (told,) = [one for one in flow.connector.get(f"{API}/queues").json if one["state"] == "employer_answered"]
    assert told["oldestAt"][:10] == "2026-06-16"  # since it asked again


@on_both
def test_who_works_waits_for_nobody_and_is_not_turned_down(flow: Flow) -> None:
    """The placement is ended instead; as long as it runs the card offers no such word and says so."""
    placement = placed(flow)
    assert answered(flow) == 0
    (release,) = flow.connector.get(f"{API}/releases").json["items"]
    path = f"/kandidaten/{release['id']}"
    page = flow.employer.get(f"{path}?taal=nl", headers=HTML).text
    assert "Deze kandidaat werkt bij u. Gaat dat niet verder? Beëindig dan de plaatsing." in page
    assert f'href="/plaatsingen/{placement}"' in page
    assert 'name="word"' not in page
    said = put(flow.employer, f"/candidates/{release['id']}/word", {"word": "does_not_fit", "reason": "travel"})
    assert (said.status_code, said.json["code"]) == (409, "at_work")
    assert "end the placement" in said.json["detail"]
    assert flow.employer.post(path, data={"word": "does_not_fit", "reason": "travel"}).location == path
    assert flow.connector.get(f"{API}/releases/{release['id']}").json["endedAt"] is None
    assert answered(flow) == 0
    end = {"endedOn": TODAY, "reason": "employer_stopped", "backToPool": True}
    assert put(flow.employer, f"/placements/{placement}/end", end).status_code == 200
    assert 'name="word"' not in flow.employer.get(path, headers=HTML).text


def test_a_word_against_somebody_at_work_that_was_kept_waits_for_nobody(flow: Flow) -> None:
    placed(flow)
    with flow.service.database.writing() as session:
        release = session.scalars(select(Release)).one()
        release.employer_word, release.employer_reason = "does_not_fit", "travel"
        release.ended_at, release.end_reason = flow.service.clock(), "employer_declined"
        release.decision_holds = release.consent_live = None
    assert answered(flow) == 0


@on_both
def test_who_is_to_be_met_comes_before_who_was_turned_down_and_the_list_goes_on(
    flow: Flow, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each with what a connector can do: only for the one somebody waits who can do nothing."""
    others = [p for p in waiting(flow.connector) if p["student"]["id"] != flow.student_id]
    second, third = (people_of(flow.service, flow.connector, flow.run, one, mark=str(mark))
                     for mark, one in enumerate(others[:2], 2))  # fmt: skip
    told = []
    for one, word, reason in ((flow, "does_not_fit", "travel"), (second, "meet", None), (third, "meet", None)):
        say(one, one.released()["id"], word, reason)
        flow.service.clock.forward(minutes=1)
        told.append(one.proposal["id"])
    order = [told[1], told[2], told[0]]
    line = r'<th scope="row"><a href="/voorstellen/([0-9a-f]{32})"'
    assert walked(flow.connector, "/werkgever-reageerde?taal=nl", line) == [order]
    monkeypatch.setattr(answered_pages, "MOST", 2)
    assert walked(flow.connector, "/werkgever-reageerde?taal=nl", line) == [order[:2], order[2:]]
    first = flow.connector.get("/werkgever-reageerde?taal=nl", headers=HTML).text
    assert "Hier staan er 2 van de 3." in first
    asked = {one["id"] for one in flow.connector.get(f"{API}/introductions?state=asked").json["items"]}
    assert set(re.findall(r'href="/opvolging/kennismaking/([0-9a-f]{32})"', first)) == asked
    assert first.count("Wil kennismaken sinds 15 juni 2026") == len(asked) == 2
    last = flow.connector.get(urljoin("/werkgever-reageerde", onward(first)), headers=HTML).text
    assert "Werkgever zei 15 juni 2026 past niet: de reis is te lang" in last
    assert f'href="/delen/controle?keuze={flow.decision["id"]}"' in last
    today = flow.connector.get("/vandaag?taal=nl", headers=HTML).text
    part = next(one for one in today.split("<h2>") if "Werkgever reageerde" in one)
    assert re.findall(r'href="/voorstellen/([0-9a-f]{32})"', part) == order
    say(second, flow.connector.get(f"{API}/releases").json["items"][1]["id"], "does_not_fit", "hours")
    assert walked(flow.connector, "/werkgever-reageerde?taal=nl", line) == [[told[2], told[0]], [told[1]]]
