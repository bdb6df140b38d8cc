"""Many in one request while somebody else acts on one of them: who comes second waits, and nobody is sent away."""
from __future__ import annotations

from typing import Any

import pytest
from werkzeug.test import TestResponse

from api.services import decisions, releases
from tests.service.browser import Person, Service
from tests.service.flow import API, Flow, begin, on_both, people_of
from tests.service.test_closing_while_showing import Meanwhile, shown_at_closed
from tests.service.test_decisions import decide, proposals
from tests.service.test_held_outside import vacancy_of
from tests.service.test_vacancies import put

PAGE = {"Accept": "text/html"}


class Afterwards(Meanwhile):
    """Lets somebody else act once a verb was done the first time, when what it logged is kept from others already."""

    def _first(self, *args: Any, **named: Any) -> Any:
        done = self.verb(*args, **named)
        self.begin()
        return done


def two(cohort: Service) -> list[Flow]:
    """Two students who said yes to their places, in the order in which a request takes them."""
    first = begin(cohort)
    other = next(p for p in proposals(first.connector, first.run, chosen="true")
                 if p["student"]["id"] != first.student_id and p["opening"]["id"] != first.opening_id)  # fmt: skip
    flows = [first, people_of(cohort, first.connector, first.run, other, mark="2")]
    for flow in flows:
        flow.accept()
        assert flow.answer(flow.ask()).status_code == 200
    return sorted(flows, key=lambda flow: flow.student_id)


def take_back(person: Person, flow: Flow) -> TestResponse:
    """Somebody takes back the acceptance."""
    seen = person.get(f"{API}/proposals/{flow.proposal['id']}").headers["ETag"]
    return person.ask("DELETE", f"{API}/decisions/{flow.decision['id']}", headers={"If-Match": seen})


@on_both
def test_of_two_who_are_shown_together_the_second_may_be_asked_for_meanwhile(
    cohort: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    flows = two(cohort)
    colleague = cohort.person("c@example.org")
    wanted = [{"decisionId": flow.decision["id"], "digest": flow.preview()["digest"]} for flow in flows]
    other = Afterwards(monkeypatch, "_release", lambda: take_back(colleague, flows[1]), releases)
    shown = flows[0].connector.post(f"{API}/releases", {"candidates": wanted})
    assert (shown.status_code, other.ended().status_code) == (201, 409), other.ended().text
    assert len(shown.json["items"]) == 2


@on_both
def test_somebody_whose_vacancy_closes_may_be_taken_back_meanwhile(
    cohort: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    flow = begin(cohort)
    path = f"{API}/releases/{flow.released()['id']}"
    colleague = cohort.person("c@example.org")
    seen = {"If-Match": colleague.get(path).headers["ETag"]}
    other = Meanwhile(monkeypatch, "end_of_vacancy", lambda: colleague.ask("DELETE", path, headers=seen), releases)
    closed = put(flow.employer, vacancy_of(flow), "closed")
    assert closed.status_code == 200, closed.text
    first = {200: "taken_back", 412: "vacancy_closed"}[other.ended().status_code]  # on SQLite who closes is first
    assert colleague.get(path).json["endReason"] == first
    assert shown_at_closed(cohort) == []


@on_both
def test_of_several_who_get_one_word_a_colleague_may_be_judging_one_meanwhile(
    cohort: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    connector, colleague = cohort.person("c@example.org"), cohort.person("c@example.org")
    run = connector.get(f"{API}/runs").json["items"][0]["id"]
    first, second = proposals(connector, run, chosen="true")[:2]
    other = Afterwards(monkeypatch, "decide", lambda: decide(colleague, second, "defer", '"none"'), decisions)
    form = {"word": "defer", "seen": [f"{one['id']}:none" for one in (first, second)]}
    said = connector.post("/voorstellen/samen", data=form, headers=PAGE)
    assert said.status_code == 303, said.text
    assert "gemist" not in said.location
    assert (other.ended().status_code, other.ended().json["code"]) == (412, "changed"), other.ended().text
