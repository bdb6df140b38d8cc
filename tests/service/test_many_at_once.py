"""Many in one request while somebody else acts on one of them: who comes second waits, and nobody is sent away."""
from __future__ import annotations

import io
from typing import Any

import pytest
from sqlalchemy import delete, select
from werkzeug.test import TestResponse

from api.services import decisions, releases, upload_drafts
from api.services.accounts import Right
from api.store import lists
from api.store.tables import LegalGround, StoredStudent
from api.web.json import uploads as uploads_api
from tests.service.browser import Person, Service
from tests.service.flow import API, Flow, begin, on_both, people_of
from tests.service.test_closing_while_showing import Meanwhile, shown_at_closed
from tests.service.test_decisions import decide, proposals
from tests.service.test_held_outside import vacancy_of
from tests.service.test_upload_drafts import begin as begin_list
from tests.service.test_upload_drafts import mend, seen
from tests.service.test_uploads import LIST, SCHOOL, confirm, hand_in
from tests.service.test_vacancies import put

PAGE = {"Accept": "text/html"}


class Afterwards(Meanwhile):
    """Lets somebody else act once a verb was done the first time, when what it logged is kept from others already."""

    def _first(self, *args: Any, **named: Any) -> Any:
        done = self.verb(*args, **named)
        self.begin()
        return done


class InTime(Meanwhile):
    """Lets somebody else act, who must not have to wait for the one in whose middle it is."""

    in_time = False

    def begin(self) -> None:
        """Let the other act; see whether that was done before this goes on."""
        super().begin()
        self.in_time = self.in_time or self.answer is not None


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


@pytest.mark.parametrize("when", [Meanwhile, Afterwards])
@pytest.mark.parametrize("by", ["api", "page", "page with its ground"])
def test_somebody_on_a_list_that_is_stored_may_be_changed_by_a_colleague_meanwhile(
    service: Service, monkeypatch: pytest.MonkeyPatch, by: str, when: type[Meanwhile]
) -> None:
    for email in ("s@example.org", "other@example.org"):
        service.add(email, SCHOOL)
    school, colleague = service.person("s@example.org"), service.person("other@example.org")
    confirm(school, hand_in(school, LIST))
    path, draft = begin_list(school, LIST.replace("8011", "8021"))
    page = f"/lijsten/concept/{draft['id']}/nakijken"
    form = {"csrf_token": school.headers["X-CSRFToken"], "version": seen(school, page), "ground": "public_task"}
    if by == "page with its ground":
        with service.database.writing() as session:
            session.execute(delete(LegalGround))
    with service.database.reading() as session:
        student = session.scalar(select(StoredStudent.id).order_by(StoredStudent.student_ref.desc()).limit(1))
    one = f"{API}/students/{student}"
    as_seen = {"If-Match": colleague.get(one).headers["ETag"]}
    other = when(monkeypatch, "lock_named", lambda: colleague.ask("PATCH", one, json={"hoursMax": 20}, headers=as_seen),
                 lists)  # fmt: skip
    stored = mend(school, path, "confirmation") if by == "api" else school.post(page, data=form, headers=PAGE)
    assert stored.status_code == (200 if by == "api" else 303), stored.text
    # Who comes second sees that the profile is another one now, or waited and changes it.
    assert other.ended().status_code in (200, 412), other.ended().text


@pytest.mark.parametrize("door", ["upload", "draft", "page", "stored by api", "stored by page"])
def test_nobody_waits_while_a_list_is_opened_and_read(
    service: Service, monkeypatch: pytest.MonkeyPatch, door: str
) -> None:
    """Somebody else writes in the middle of it, and is answered before it goes on."""
    service.add("s@example.org", SCHOOL)
    service.add("a@example.org", Right("administrator"))
    school, other = service.person("s@example.org"), service.person("a@example.org")
    path, draft = begin_list(school, LIST)
    page = f"/lijsten/concept/{draft['id']}/nakijken"
    form = {"version": str(seen(school, page)), "ground": "public_task", "form_key": "k"}
    if door.startswith("stored"):
        module, verb = upload_drafts, "read_rows"
    else:
        module, verb = (uploads_api, "read_rows") if door == "upload" else (upload_drafts, "open_list")
    body = {"kind": "employer", "code": "12345678", "name": "Bedrijf"}
    written = InTime(monkeypatch, verb, lambda: other.post(f"{API}/organisations", body), module)
    if door == "stored by api":
        answer = mend(school, path, "confirmation")
    elif door == "stored by page":
        answer = school.post(page, data=form, headers=PAGE)
    else:
        address = {"upload": f"{API}/uploads", "draft": f"{API}/upload-drafts", "page": "/lijsten/nieuw"}[door]
        answer = school.post(address, data={"file": (io.BytesIO(LIST.encode()), "x.csv")})
    assert (written.in_time, written.ended().status_code) == (True, 201), written.ended().text
    assert answer.status_code in (200, 201, 303), answer.text


def test_a_list_whose_storing_is_sent_twice_is_stored_once_and_answered_twice(service: Service) -> None:
    service.add("s@example.org", SCHOOL)
    school = service.person("s@example.org")
    _, draft = begin_list(school, LIST)
    page = f"/lijsten/concept/{draft['id']}/nakijken"
    form = {"version": str(seen(school, page)), "ground": "public_task", "form_key": "k"}
    first, again = (school.post(page, data=form, headers=PAGE) for _ in range(2))
    assert (first.status_code, first.location) == (303, again.location)
    assert len(school.get(f"{API}/uploads").json["items"]) == 1
