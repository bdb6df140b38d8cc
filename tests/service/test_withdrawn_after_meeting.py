"""Consent withdrawn after a meeting was held: the employer reads no name, no number and no needs any more, at once."""
from __future__ import annotations

from dataclasses import dataclass

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from api.services.accounts import Right
from api.store.tables import Profile
from tests.service.browser import Person, Service
from tests.service.flow import API, Flow, begin, put
from tests.service.test_meeting_and_placement import TODAY, met

NEEDS = "Rustige plek"
TERMS = {"startsOn": TODAY, "hours": 24, "mentor": "Kim",
         "adaptations": [{"who": "employer", "what": NEEDS, "by": TODAY}]}  # fmt: skip


@dataclass
class Held:
    """A meeting that was held with the name permitted, and what was agreed after it."""

    flow: Flow
    introduction: str
    agreement: str

    @property
    def seen(self) -> tuple[str, ...]:
        """All that an employer may open of it: by the API and by pages."""
        page = f"/kennismakingen/{self.introduction}"
        return (f"{API}/introductions", f"{API}/introductions/{self.introduction}", f"{API}/agreements",
                f"{API}/agreements/{self.agreement}", f"{API}/placements", f"{API}/candidates", "/kennismakingen", page,
                f"{page}/afspraken", "/kandidaten", "/vandaag")  # fmt: skip

    def told(self, person: Person) -> str:
        """What somebody reads there."""
        return "".join(person.get(path).text for path in self.seen)

    def withdraw(self) -> None:
        """The student stops sharing; somebody comes to stand beside the student after that."""
        consent = self.flow.student.get(f"{API}/consents").json["items"][0]["id"]
        assert self.flow.student.ask("DELETE", f"{API}/consents/{consent}").status_code == 200
        self.flow.service.add("later@example.org", Right("coach", self.flow.student_id))

    def start(self) -> str:
        """Both sides agree and the work begins; return the placement."""
        for person in (self.flow.employer, self.flow.student):
            assert put(person, f"/agreements/{self.agreement}/approval", None).status_code == 200
        made = self.flow.connector.post(f"{API}/placements", {"agreementId": self.agreement, "startedOn": TODAY})
        assert made.status_code == 201, made.text
        return str(made.json["id"])


@pytest.fixture
def held(cohort: Service) -> Held:
    """A meeting that was held, with its agreement."""
    return hold(cohort)


def hold(cohort: Service) -> Held:
    """Met, with the first name and a coach to call permitted; they go on, and an agreement is written."""
    flow = begin(cohort)
    with cohort.database.writing() as session:
        for profile in session.scalars(select(Profile).where(Profile.student_id == flow.student_id)):
            background = {**profile.record["background"], "first_name": "Noor"}
            profile.record = {**profile.record, "background": background}
    cohort.add("coach@example.org", Right("coach", flow.student_id))
    introduction = met(flow)
    assert put(flow.student, f"/introductions/{introduction}/name-permission", None).status_code == 200
    made = flow.employer.post(f"{API}/agreements", {"introductionId": introduction, **TERMS})
    assert made.status_code == 201, made.text
    found = Held(flow, introduction, made.json["id"])
    for known in ("Noor", "coach", NEEDS):
        assert known in found.told(flow.employer)
    return found


def test_the_employer_reads_no_name_no_number_and_no_needs_any_more(held: Held) -> None:
    flow = held.flow
    held.withdraw()
    told = held.told(flow.employer)
    assert [known for known in ("Noor", '"coach"', "coach,", "later", NEEDS) if known in told] == []
    one = flow.employer.get(f"{API}/introductions/{held.introduction}").json
    assert (one["state"], one["firstName"], one["call"], one["namesPermitted"]) == ("held", None, [], False)
    assert flow.employer.get(f"{API}/agreements/{held.agreement}").json["adaptations"] == []


def test_who_stands_beside_the_student_reads_on(held: Held) -> None:
    flow = held.flow
    held.withdraw()
    for person in (flow.connector, flow.school, flow.student):
        one = person.get(f"{API}/introductions/{held.introduction}").json
        assert one["firstName"] == "Noor"
        assert [who["name"] for who in one["call"]] == ["coach", "later"]
        agreed = person.get(f"{API}/agreements/{held.agreement}").json
        assert [line["what"] for line in agreed["adaptations"]] == [NEEDS]


def test_nothing_is_agreed_any_more_by_whichever_side(held: Held) -> None:
    flow, path = held.flow, f"/agreements/{held.agreement}"
    page = f"/kennismakingen/{held.introduction}"
    held.withdraw()
    refused = [put(flow.employer, path, TERMS), put(flow.connector, path, TERMS),
               put(flow.employer, f"{path}/approval", None), put(flow.student, f"{path}/approval", None)]  # fmt: skip
    assert [(one.status_code, one.json["code"]) for one in refused] == [(409, "no_longer_available")] * 4
    csrf = {"csrf_token": flow.employer.headers["X-CSRFToken"]}
    flow.employer.post(f"{page}/akkoord", data={**csrf, "seen": "1"})
    flow.employer.post(f"{page}/afspraken", data={**csrf, "seen": "1", "starts_on": "16-06-2026", "mentor": "Bo"})
    told = flow.connector.get(f"{API}{path}").json
    assert (told["mentor"], told["employerAgreedAt"], told["studentAgreedAt"]) == ("Kim", None, None)


def test_nothing_is_written_after_a_meeting_of_somebody_who_withdrew(cohort: Service) -> None:
    flow = begin(cohort)
    introduction = met(flow)
    consent = flow.student.get(f"{API}/consents").json["items"][0]["id"]
    flow.student.ask("DELETE", f"{API}/consents/{consent}")
    refused = flow.employer.post(f"{API}/agreements", {"introductionId": introduction, **TERMS})
    assert (refused.status_code, refused.json["code"]) == (409, "no_longer_available")


def test_the_pages_say_that_it_does_not_go_on(held: Held) -> None:
    flow, page = held.flow, f"/kennismakingen/{held.introduction}"
    assert "Dit gaat niet door." not in flow.student.get("/mijn-plek").text
    held.withdraw()
    for path in (page, f"{page}/afspraken"):
        told = flow.employer.get(path)
        assert told.status_code == 200
        assert "Deze kandidaat is niet meer beschikbaar." in told.text
    assert "Afspraken opslaan" not in told.text
    mine = flow.student.get("/mijn-plek").text
    assert ("Dit gaat niet door." in mine, "Ja, ik ben het eens" in mine) == (True, False)


def test_work_that_began_goes_on_with_the_name_and_ends_without_it(held: Held) -> None:
    flow, placement = held.flow, f"/placements/{held.start()}"
    held.withdraw()
    assert flow.employer.get(f"{API}{placement}").json["firstName"] == "Noor"
    one = flow.employer.get(f"{API}/introductions/{held.introduction}").json
    assert (one["firstName"], [who["name"] for who in one["call"]]) == ("Noor", ["coach", "later"])
    assert NEEDS in held.told(flow.employer)
    ended = put(flow.employer, f"{placement}/end", {"endedOn": TODAY, "reason": "employer_stopped"})
    assert ended.status_code == 200, ended.text
    assert ended.json["firstName"] is None
    assert "Noor" not in held.told(flow.employer) + flow.employer.get(f"/plaatsingen/{ended.json['id']}").text
    assert flow.connector.get(f"{API}{placement}").json["firstName"] == "Noor"


def test_the_employer_reads_no_needs_any_more_once_the_work_ended(held: Held) -> None:
    """For good it did, in the agreement and on the page of the placement, though it has the student no more."""
    flow, placement = held.flow, held.start()
    page = f"/plaatsingen/{placement}"
    assert NEEDS in flow.employer.get(page).text
    ended = {"endedOn": TODAY, "reason": "employer_stopped"}
    assert put(flow.employer, f"/placements/{placement}/end", ended).status_code == 200
    assert NEEDS not in held.told(flow.employer) + flow.employer.get(page).text
    one = flow.employer.get(f"{API}/agreements/{held.agreement}").json
    assert (one["state"], one["adaptations"]) == ("started", [])
    assert "Deze kandidaat is niet meer beschikbaar." in flow.employer.get(
        f"/kennismakingen/{held.introduction}/afspraken").text  # fmt: skip
    for person in (flow.connector, flow.school, flow.student):
        assert NEEDS in person.get(f"{API}/agreements/{held.agreement}").text


def promised(held: Held) -> tuple[Person, str]:
    """Agreed by both sides, with something for the coach; return the coach, and how it is asked for."""
    flow = held.flow
    lines = [*TERMS["adaptations"], {"who": "coach", "what": "Reis oefenen", "by": TODAY}]  # type: ignore[misc]
    assert put(flow.employer, f"/agreements/{held.agreement}", TERMS | {"adaptations": lines}).status_code == 200
    for person in (flow.employer, flow.student):
        assert put(person, f"/agreements/{held.agreement}/approval", None).status_code == 200
    return flow.service.person("coach@example.org"), f"/agreements/{held.agreement}/adaptations/2"


def finish(person: Person, held: Held, line: str) -> TestResponse:
    """Say that something agreed is done, as somebody who read the agreement just now."""
    seen = person.get(f"{API}/agreements/{held.agreement}").headers["ETag"]
    return put(person, line, {"doneOn": TODAY}, seen)


def test_nobody_goes_on_arranging_what_does_not_go_on(held: Held) -> None:
    """The coach, the school and the connector read it as a task, with a button, while the student read that it is off.
    """
    flow = held.flow
    coach, line = promised(held)
    places = ("/afspraken", f"/route/{flow.student_id}")
    assert all("Reis oefenen" in coach.get(path).text for path in places)
    assert "Wat jij regelt" in coach.get("/mijn-jongeren").text
    meeting = f"/opvolging/kennismaking/{held.introduction}"
    assert ("vervallen" in flow.connector.get(meeting).text, "Meld de start" in flow.connector.get(meeting).text) == (
        False, True)  # fmt: skip
    held.withdraw()
    assert not any("Reis oefenen" in coach.get(path).text for path in places)
    done = coach.post(f"/afspraken/{held.agreement}/2", data={"seen": "5"})
    assert done.status_code == 404
    told = flow.connector.get(meeting).text
    assert ("vervallen" in told, "Meld de start" in told, "Dit gaat niet door" in told) == (True, False, True)
    for person in (flow.employer, flow.connector):
        refused = finish(person, held, line)
        assert (refused.status_code, refused.json["code"]) == (409, "no_longer_available")
    page = flow.employer.post(f"/kennismakingen/{held.introduction}/afspraken/1", data={"seen": "5"})
    assert page.status_code in (303, 404)


def test_what_was_agreed_is_arranged_on_for_who_works_there(held: Held) -> None:
    """Whoever withdraws while at work goes on working."""
    flow = held.flow
    coach, line = promised(held)
    made = flow.connector.post(f"{API}/placements", {"agreementId": held.agreement, "startedOn": TODAY})
    assert made.status_code == 201, made.text
    held.withdraw()
    assert "Reis oefenen" in coach.get("/afspraken").text
    assert finish(flow.employer, held, line).status_code == 200
