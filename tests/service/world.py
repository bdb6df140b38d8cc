"""Rows for tests: the smallest world in which a decision can be made."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from api.store.base import new_id
from api.store.tables import (
    Account,
    Consent,
    Decided,
    OpeningVersion,
    Organisation,
    Profile,
    Proposal,
    Release,
    Run,
    Seat,
    StoredOpening,
    StoredPolicy,
    StoredStudent,
    Vacancy,
)
from tests.service.conftest import NOW


@dataclass
class World:
    """Ids of one account, one run, and students x openings that are all proposed."""

    account: str
    run: str
    students: list[str]
    openings: list[str]
    vacancies: list[str]
    proposals: dict[tuple[int, int], str]

    def decision(self, i: int, j: int, word: str, seat: int | None = None, **other: object) -> Decided:
        """A decision on a pair, correct unless ``other`` says otherwise."""
        values: dict[str, object] = {
            "proposal_id": self.proposals[i, j], "student_id": self.students[i], "opening_id": self.openings[j],
            "word": word, "reason": "travel" if word == "reject" else None, "seat": seat,
            "holds": word in ("accept", "pin"), "profile_number": 1, "opening_number": 1, "account_id": self.account,
            "actor_kind": "human", "decided_at": NOW,
        }  # fmt: skip
        return Decided(**{**values, **other})

    def consent(self, i: int, j: int) -> Consent:
        """A student's consent for a vacancy."""
        return Consent(student_id=self.students[i], vacancy_id=self.vacancies[j], live=True, given_at=NOW)

    def release(self, decision: Decided, consent: Consent, **other: object) -> Release:
        """A release on both, correct unless ``other`` says otherwise."""
        vacancy = self.vacancies[self.openings.index(decision.opening_id)]
        values: dict[str, object] = {
            "decision_id": decision.id, "consent_id": consent.id, "student_id": decision.student_id,
            "opening_id": decision.opening_id, "vacancy_id": vacancy, "decision_holds": True, "consent_live": True,
            "account_id": self.account, "actor_kind": "human", "released_at": NOW, "pseudonym": f"K-{new_id()[:6]}",
        }  # fmt: skip
        return Release(**{**values, **other})


def make_world(session: Session, students: int = 2, openings: int = 2, places: int = 1, at: datetime = NOW) -> World:
    """Write the world and return its ids."""
    account = Account(email="c@example.org", fs_uniquifier=new_id(), name="C", created_at=at)
    school = Organisation(kind="school", code="25AB00", name="School", created_at=at)
    employer = Organisation(kind="employer", code="12345678", name="Bedrijf", created_at=at)
    session.add_all([account, school, employer])
    session.flush()
    policy = StoredPolicy(number=1, text="", digest="0" * 64, account_id=account.id, created_at=at)
    session.add(policy)
    session.flush()
    run = Run(state="queued", regions=["AM36"], on=date(2026, 6, 15), policy_id=policy.id, account_id=account.id,
              lang="nl", created_at=at)  # fmt: skip
    session.add(run)
    who = [StoredStudent(organisation_id=school.id, student_ref=f"S{i}", number=1, created_at=at)
           for i in range(students)]  # fmt: skip
    what = [Vacancy(organisation_id=employer.id, vacancy_ref=f"V{j}", created_at=at) for j in range(openings)]
    session.add_all([*who, *what])
    session.flush()
    where = [StoredOpening(vacancy_id=v.id, starts_on=date(2026, 9, 1), places=places, number=1, created_at=at)
             for v in what]  # fmt: skip
    session.add_all(where)
    session.flush()
    session.add_all(Profile(student_id=s.id, number=1, record={}, created_at=at) for s in who)
    session.add_all(OpeningVersion(opening_id=o.id, number=1, record={}, created_at=at) for o in where)
    session.add_all(Seat(opening_id=o.id, seat=n) for o in where for n in range(1, places + 1))
    pairs = {
        (i, j): Proposal(run_id=run.id, student_id=s.id, opening_id=o.id, chosen=False, rank=1, fit=1, band="good",
                         known=1, parts={}, reasons=[], to_check=[])
        for i, s in enumerate(who) for j, o in enumerate(where)
    }  # fmt: skip
    session.add_all(pairs.values())
    session.flush()
    return World(account.id, run.id, [s.id for s in who], [o.id for o in where], [v.id for v in what],
                 {pair: p.id for pair, p in pairs.items()})  # fmt: skip
