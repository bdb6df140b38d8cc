"""A vacancy that closes while somebody is shown there: whoever comes first, nobody is shown at a closed vacancy."""
from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from api.services import releases
from api.store.tables import ConsentRequest, Release, Vacancy
from tests.service.browser import Service
from tests.service.flow import API, Flow, begin, on_both
from tests.service.test_held_outside import vacancy_of
from tests.service.test_vacancies import put

WAIT = 1.5
"""How many seconds somebody who is not held up is given to be ready."""


class Meanwhile:
    """Lets somebody else act in the middle of a verb, the first time that one comes by."""

    def __init__(
        self, monkeypatch: pytest.MonkeyPatch, name: str, act: Callable[[], TestResponse], of: Any = releases
    ) -> None:
        self.verb, self.act = getattr(of, name), act
        self.answer: TestResponse | None = None
        self.thread = threading.Thread(target=self._other)
        monkeypatch.setattr(of, name, self._first)

    def _other(self) -> None:
        self.answer = self.act()

    def _first(self, *args: Any, **named: Any) -> Any:
        self.begin()
        return self.verb(*args, **named)

    def begin(self) -> None:
        """Let the other act, unless that was done, and be ready if nothing is in the way."""
        if self.thread.ident is None:
            self.thread.start()
            self.thread.join(WAIT)

    def ended(self) -> TestResponse:
        """Wait for the other; return the answer."""
        self.thread.join(60)
        assert self.answer is not None
        return self.answer


def shown_at_closed(service: Service) -> list[str]:
    """The releases that stand at vacancies that are closed."""
    with service.database.reading() as session:
        query = select(Release.id).join(Vacancy, Vacancy.id == Release.vacancy_id)
        return list(session.scalars(query.where(Release.ended_at.is_(None), Vacancy.state != "open")))


def ready(cohort: Service) -> tuple[Flow, str, Callable[[], TestResponse]]:
    """A student who said yes, what is previewed, and how the employer closes the vacancy."""
    flow = begin(cohort)
    flow.accept()
    assert flow.answer(flow.ask()).status_code == 200
    return flow, flow.preview()["digest"], lambda: put(flow.employer, vacancy_of(flow), "closed")


@on_both
def test_who_is_shown_first_is_shown_no_more_once_the_vacancy_closes(
    cohort: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    flow, digest, close = ready(cohort)
    closing = Meanwhile(monkeypatch, "_release", close)
    assert flow.release(digest).status_code == 201
    assert closing.ended().json["state"] == "closed"
    assert shown_at_closed(cohort) == []
    assert flow.connector.get(f"{API}/releases").json["items"][0]["endReason"] == "vacancy_closed"


@on_both
def test_nobody_is_shown_at_a_vacancy_that_closed_first(cohort: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    flow, digest, close = ready(cohort)
    showing = Meanwhile(monkeypatch, "end_of_vacancy", lambda: flow.release(digest))
    assert close().json["state"] == "closed"
    refused = showing.ended()
    assert (refused.status_code, refused.json["code"]) == (409, "vacancy_not_open")
    assert shown_at_closed(cohort) == []


@on_both
def test_nobody_is_asked_for_a_vacancy_that_closed_first(cohort: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    flow = begin(cohort)
    flow.accept()
    asking = Meanwhile(monkeypatch, "end_of_vacancy", lambda: flow.connector.post(
        f"{API}/consent-requests", {"decisionId": flow.decision["id"]}))  # fmt: skip
    assert put(flow.employer, vacancy_of(flow), "closed").json["state"] == "closed"
    refused = asking.ended()
    assert (refused.status_code, refused.json["code"]) == (409, "vacancy_not_open")
    with cohort.database.reading() as session:
        assert session.scalars(select(ConsentRequest)).all() == []
