"""People who bring a proposal to its end: a connector who accepts, a student who answers, an employer who looks."""
from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from api.services.accounts import Right
from api.store.tables import (
    Agreement,
    CheckMoment,
    Consent,
    ConsentRequest,
    Decided,
    HelpRequest,
    Introduction,
    Organisation,
    Placement,
    Release,
    Step,
    StoredOpening,
    StoredStudent,
    Vacancy,
)
from tests.service.browser import Person, Service
from tests.service.test_decisions import decide, proposals

API = "/api/v1"
on_both = pytest.mark.parametrize("cohort", ["sqlite", "postgresql"], indirect=True)
"""What leans on locks, constraints or snapshots is asked of both databases; the rest is the same on either."""


@dataclass
class Flow:
    """A service in which a run was made, and the people of one of its proposals."""

    service: Service
    connector: Person
    run: str
    proposal: dict[str, Any]
    student: Person
    school: Person
    employer: Person
    emails: dict[str, str]
    decision: dict[str, Any] = field(default_factory=dict)

    @property
    def student_id(self) -> str:
        """The student of the proposal."""
        found: str = self.proposal["student"]["id"]
        return found

    @property
    def opening_id(self) -> str:
        """The opening of the proposal."""
        found: str = self.proposal["opening"]["id"]
        return found

    def next_day(self, days: int = 1) -> None:
        """A day later everybody signs in anew."""
        self.service.clock.forward(days=days)
        for name, email in self.emails.items():
            getattr(self, name).sign_in(email)

    def accept(self, word: str = "accept") -> dict[str, Any]:
        """The connector finds the pair good."""
        made = decide(self.connector, self.proposal, word)
        assert made.status_code == 201, made.text
        self.decision = made.json
        return self.decision

    def ask(self, person: Person | None = None) -> dict[str, Any]:
        """The connector, or another, asks for consent."""
        answer = (person or self.connector).post(f"{API}/consent-requests", {"decisionId": self.decision["id"]})
        assert answer.status_code == 201, answer.text
        return answer.json

    def answer(self, request: dict[str, Any], word: str = "yes", person: Person | None = None, **more: Any
               ) -> TestResponse:  # fmt: skip
        """The student, or another, answers."""
        return put(person or self.student, f"/consent-requests/{request['id']}/answer", {"answer": word, **more})

    def preview(self) -> dict[str, Any]:
        """What the employer will see."""
        answer = self.connector.get(f"{API}/acceptances/{self.decision['id']}/preview")
        assert answer.status_code == 200, answer.text
        return answer.json

    def release(self, digest: str = "") -> TestResponse:
        """The connector shows the candidate."""
        digest = digest or self.preview()["digest"]
        wanted = [{"decisionId": self.decision["id"], "digest": digest}]
        return self.connector.post(f"{API}/releases", {"candidates": wanted})

    def released(self) -> dict[str, Any]:
        """Accepted, asked, answered with yes and shown; return the release."""
        self.accept()
        assert self.answer(self.ask()).status_code == 200
        made = self.release()
        assert made.status_code == 201, made.text
        found: dict[str, Any] = made.json["items"][0]
        return found


def begin(service: Service) -> Flow:
    """Bring in the people of the proposal of student C, in a service of the fixture `cohort`."""
    connector = service.person("c@example.org")
    run = connector.get(f"{API}/runs").json["items"][0]["id"]
    chosen = next(p for p in proposals(connector, run, chosen="true") if p["student"]["studentRef"] == "C")
    return people_of(service, connector, run, chosen)


def people_of(service: Service, connector: Person, run: str, proposal: dict[str, Any], mark: str = "") -> Flow:
    """Bring in the student, the school and the employer of a proposal."""
    with service.database.reading() as session:
        home = session.get_one(Organisation, session.get_one(StoredStudent, proposal["student"]["id"]).organisation_id)
        kvk = session.scalar(select(Organisation.code).join(Vacancy, Vacancy.organisation_id == Organisation.id)
                             .join(StoredOpening, StoredOpening.vacancy_id == Vacancy.id)
                             .where(StoredOpening.id == proposal["opening"]["id"]))  # fmt: skip
    service.add(f"student{mark}@example.org", Right("student", proposal["student"]["id"]))
    service.add(f"employer{mark}@example.org", Right("employer", kvk))
    emails = {"connector": "c@example.org", "student": f"student{mark}@example.org",
              "school": f"{home.code}@example.org", "employer": f"employer{mark}@example.org"}  # fmt: skip
    others = {name: service.person(email) for name, email in emails.items() if name != "connector"}
    return Flow(service, connector, run, proposal, emails=emails, **others)


def followed(service: Service, decision_id: str) -> dict[str, str]:
    """Write, past the service, all that may follow on an acceptance; return the ids by the names in addresses."""
    at = service.clock()
    with service.database.writing() as session:
        decision = session.get_one(Decided, decision_id)
        pair = {"student_id": decision.student_id, "opening_id": decision.opening_id}
        vacancy_id = session.get_one(StoredOpening, decision.opening_id).vacancy_id
        request = ConsentRequest(**pair, decision_id=decision.id, account_id=decision.account_id, asked_at=at)
        consent = Consent(student_id=decision.student_id, vacancy_id=vacancy_id, live=True, given_at=at)
        session.add_all([request, consent])
        session.flush()
        release = Release(**pair, decision_id=decision.id, consent_id=consent.id, vacancy_id=vacancy_id,
                          decision_holds=True, consent_live=True, account_id=decision.account_id, actor_kind="human",
                          pseudonym="K-TEST", released_at=at)  # fmt: skip
        session.add(release)
        session.flush()
        met = Introduction(**pair, release_id=release.id, state="held", outcome="go_on", asked_at=at,
                           asked_by=decision.account_id)  # fmt: skip
        session.add(met)
        session.flush()
        agreed = Agreement(**pair, introduction_id=met.id, starts_on=at.date(), account_id=decision.account_id,
                           created_at=at)  # fmt: skip
        placed = Placement(**pair, decision_id=decision.id, decision_holds=True, introduction_id=met.id, state="trial",
                           started_on=at.date(), account_id=decision.account_id, created_at=at)  # fmt: skip
        session.add_all([agreed, placed])
        session.flush()
        moment = CheckMoment(placement_id=placed.id, kind="weeks_2", due_on=at.date())
        step = Step(placement_id=placed.id, what="x", who="school", state="planned", account_id=decision.account_id,
                    created_at=at)  # fmt: skip
        helper = Organisation(kind="municipality", code="GM0150", name="Elders", created_at=at)
        session.add_all([moment, step, helper])
        session.flush()
        asked = HelpRequest(student_id=decision.student_id, organisation_id=helper.id, state="open", what="x",
                            asked_by=decision.account_id, asked_at=at, consented_at=at)  # fmt: skip
        session.add(asked)
        session.flush()
        return {
            "request_id": request.id, "consent_id": consent.id, "release_id": release.id, "candidate_id": release.id,
            "introduction_id": met.id, "agreement_id": agreed.id, "placement_id": placed.id,
            "check_moment_id": moment.id, "step_id": step.id, "help_request_id": asked.id,
            "municipality_id": helper.id, "position": "1",
        }  # fmt: skip


def put(person: Person, path: str, body: Any, seen: str = "", method: str = "PUT") -> TestResponse:
    """Change what stands at a path, as somebody who saw its latest state, or ``seen``."""
    if not seen:
        of = path if method == "DELETE" or path.count("/") == 2 else path.rsplit("/", 1)[0]
        seen = person.get(f"{API}{of}").headers.get("ETag", "")
    options = {} if body is None else {"json": body}
    return person.ask(method, f"{API}{path}", headers={"If-Match": seen} if seen else {}, **options)
