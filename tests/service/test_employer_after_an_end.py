"""After whatever end an employer reads nothing, on no page and in no answer, of who is not its candidate any more."""
from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.service.browser import Service
from tests.service.flow import API, put
from tests.service.test_meeting_and_placement import TODAY
from tests.service.test_withdrawn_after_meeting import NEEDS, Held, hold

STEP, REASON = "Prikkelarme hoek inrichten", "Hij raakte overprikkeld"
PAGE = {"Accept": "text/html"}


@pytest.fixture
def held(cohort: Service) -> Held:
    """Met with the name permitted, and an agreement written."""
    return hold(cohort)


def read(held: Held, placement: str = "") -> dict[str, str]:
    """All that the employer may open, by address; none of it fails."""
    flow = held.flow
    release = flow.connector.get(f"{API}/releases").json["items"]
    at_work = [f"{API}/placements/{placement}", f"/plaatsingen/{placement}"] if placement else []
    paths = [*held.seen, *at_work, "/start", "/vacatures", f"{API}/candidates/table", f"{API}/check-moments",
             f"{API}/steps", "/kandidaten/tabel.csv", *(f"{API}/candidates/{one['id']}" for one in release),
             *(f"/kandidaten/{one['id']}" for one in release)]  # fmt: skip
    found = {}
    for path in paths:
        answer = flow.employer.get(path, headers={} if path.startswith(API) else PAGE)
        assert answer.status_code in (200, 403, 404), (path, answer.status_code)
        found[path] = answer.text
    return found


def known(told: dict[str, str]) -> set[tuple[str, str]]:
    """What stands there of the student, and where."""
    return {(word, path) for word in ("Noor", NEEDS, "coach", STEP, REASON) for path, text in told.items()
            if word in text}  # fmt: skip


def decline(held: Held) -> None:
    """The connector takes the candidate back, as after a no."""
    (release,) = held.flow.connector.get(f"{API}/releases?live=true").json["items"]
    assert put(held.flow.connector, f"/releases/{release['id']}", None, method="DELETE").status_code == 200


def erase(held: Held) -> None:
    """The student is erased."""
    gone = put(held.flow.school, f"/students/{held.flow.student_id}", None, method="DELETE")
    assert gone.status_code == 204, gone.text


@pytest.mark.parametrize("end", [Held.withdraw, decline, erase])
def test_after_an_end_before_the_start_the_employer_reads_nothing(held: Held, end: Callable[[Held], None]) -> None:
    assert {word for word, _ in known(read(held))} == {"Noor", NEEDS, "coach"}
    end(held)
    assert known(read(held)) == set()


def test_a_place_where_it_does_not_go_on_waits_for_no_agreement(held: Held) -> None:
    """The first page went on asking the employer to agree with who is not there any more."""
    asked = f"/kennismakingen/{held.introduction}/afspraken"
    assert asked in held.flow.employer.get("/start", headers=PAGE).text
    held.withdraw()
    assert asked not in held.flow.employer.get("/start", headers=PAGE).text


def at_work(held: Held) -> str:
    """At work, with a step for the employer to do, which is paused with a reason; return the placement."""
    flow, placement = held.flow, held.start()
    step = flow.school.post(f"{API}/steps", {"placementId": placement, "what": STEP, "who": "employer"})
    assert step.status_code == 201, step.text
    for state in ("active", "paused"):
        said = {"what": STEP, "who": "employer", "state": state, "reason": REASON}
        assert put(flow.school, f"/steps/{step.json['id']}", said).status_code == 200
    return placement


@pytest.mark.parametrize("erased", [False, True])
def test_after_the_work_ended_the_employer_reads_no_needs_steps_or_name(held: Held, erased: bool) -> None:
    """What it was to do said what the student needs, and why it was paused, for good."""
    flow, placement = held.flow, at_work(held)
    (step,) = flow.employer.get(f"{API}/steps").json["items"]
    assert {word for word, _ in known(read(held, placement))} == {"Noor", NEEDS, "coach", STEP, REASON}
    ended = {"endedOn": TODAY, "reason": "completed"}
    assert put(flow.employer, f"/placements/{placement}/end", ended).status_code == 200
    if erased:
        erase(held)
    assert known(read(held, placement)) == set()
    assert flow.employer.get(f"{API}/steps/{step['id']}").status_code == 404
    assert (flow.school.get(f"{API}/steps/{step['id']}").status_code == 200) is not erased


def test_how_it_goes_after_the_work_ended_is_not_for_the_employer(held: Held) -> None:
    flow, placement = held.flow, at_work(held)
    first, second, *_ = flow.school.get(f"{API}/check-moments").json["items"]
    said = {"heldOn": TODAY, "outcome": "needs_attention"}
    assert put(flow.school, f"/check-moments/{first['id']}", said).status_code == 200
    flow.next_day()
    ended = {"endedOn": "2026-06-16", "reason": "completed"}
    assert put(flow.employer, f"/placements/{placement}/end", ended).status_code == 200
    flow.next_day(100)
    said = {"heldOn": "2026-09-20", "outcome": "stopped"}
    assert put(flow.school, f"/check-moments/{second['id']}", said).status_code == 200

    def told(person: str) -> list[tuple[str, str]]:
        """What somebody reads of these two."""
        found = getattr(flow, person).get(f"{API}/check-moments").json["items"]
        return [(one["heldOn"], one["outcome"]) for one in found if one["id"] in (first["id"], second["id"])]

    assert told("school") == [(TODAY, "needs_attention"), ("2026-09-20", "stopped")]
    assert told("employer") == [(TODAY, "needs_attention"), (None, None)]
