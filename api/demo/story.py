"""What people have done with the plan of the demo: decisions, questions to students, answers, candidates shown.

Everything goes by the services that pages and API use, so nothing can be here that could not happen there.
"""
from __future__ import annotations

from datetime import date, datetime, timedelta

from api.demo import people
from api.services import agreements, candidates, consents, decisions, mandates, placements, releases
from api.services import codes as code_verbs
from api.services import introductions as meetings
from api.services.days import local_day
from api.settings import Settings
from api.store import codes, introductions, plans, queues, runs
from api.store.audit import Actor
from api.store.engine import Database
from api.store.paging import START
from api.store.people import Session
from api.store.releases import Release
from features.eligibility_columns import age_on

WORDS = ("accept", "reject", "defer", "accept", "pin", "reject", "defer", "reject", "accept")
REASONS = ("travel", "guidance", "hours")
_ALL = 10_000
MOST = 30
"""Proposals that are looked at."""


def tell(database: Database, settings: Settings, now: datetime) -> dict[str, people.Login]:
    """Let the connector decide, students answer and an employer see candidates; return who else signs in."""
    with database.writing() as session:
        _Story(session, settings, now).decide()
    with database.writing() as session:
        return _Story(session, settings, now).answer()


class _Story:
    """The people of one transaction."""

    def __init__(self, session: Session, settings: Settings, now: datetime) -> None:
        self.session, self.settings, self.now = session, settings, now
        self.today = local_day(now)
        self.connector = people.actor(session, "connector")
        self.regions = tuple(runs.regions_in_use(session))
        self.key = settings.derive("codes")

    def waiting(self, state: str) -> list[runs.Proposal]:
        """Proposals in a state by school and number, so that the story is the same whatever the ids are."""
        lines = queues.waiting(self.session, queues.Wanted(state, self.regions), START, _ALL)
        found = queues.proposals(self.session, [line.proposal_id for line in lines])
        students, _ = runs.names_of(self.session, [p.student_id for p in found], [])
        who = {p.id: students[p.student_id] for p in found}
        return sorted(found, key=lambda p: (who[p.id]["school"], who[p.id]["student_ref"]))

    def own(self, found: list[runs.Proposal]) -> list[runs.Proposal]:
        """Those at the employer who signs in."""
        _, openings = runs.names_of(self.session, [], [p.opening_id for p in found])
        here = people.actor(self.session, "employer")
        name = runs.employer_of(self.session, here.id or "")
        return [p for p in found if openings[p.opening_id]["employer"] == name]

    def decide(self) -> None:
        """Accept whoever is planned at that employer, and of the others some of everything."""
        listed = self.waiting("to_review")
        here = self.own(listed)[:6]
        others = [p for p in listed if p not in here][:MOST]
        for proposal in here:
            self._say(proposal, "accept")
        reasons = iter(REASONS * MOST)
        for k, proposal in enumerate(others):
            if k % 2 == 0:  # the rest is still to be reviewed
                word = WORDS[k // 2 % len(WORDS)]
                self._say(proposal, word, next(reasons) if word == "reject" else None)

    def _say(self, proposal: runs.Proposal, word: str, reason: str | None = None) -> None:
        decisions.decide(self.session, self.connector, proposal, word, reason=reason, note=None, now=self.now)

    def answer(self) -> dict[str, people.Login]:
        """Ask students for consent; some answer, and those who say yes are shown to the employer."""
        ready = self.waiting("ready")
        here = self.own(ready)
        adults = [p for p in here if self._age(p.student_id) >= consents.OF_AGE]
        asked = [*adults, *(p for p in ready if p not in here and self._age(p.student_id) >= consents.OF_AGE)][:9]
        students = [student for p in asked if (student := codes.student_by_id(self.session, p.student_id)) is not None]
        papers = {paper.student_id: paper for paper in code_verbs.hand_out(
            self.session, self.connector, students, self.key, now=self.now)}  # fmt: skip
        show = []
        for k, proposal in enumerate(asked):
            (word,) = [d for d in plans.words_on(self.session, [proposal.student_id]) if d.holds]
            request = consents.ask(self.session, self.connector, word, now=self.now)
            if k == len(asked) - 1:
                last = proposal  # this student signs in, and has a question to answer
            elif k % 4 < 3:
                said = ("yes", "yes", "talk")[k % 4 % 3]
                account = codes.account_of_student(self.session, proposal.student_id)
                assert account is not None
                consents.answer(self.session, Actor("human", account.id, "command"), request, said,
                                roles=("student",), now=self.now)  # fmt: skip
                if said == "yes":
                    show.append(word)
        key = self.settings.derive("candidate codes")
        seen = [releases.preview(self.session, word, key=key, today=self.today) for word in show]
        shown = releases.release(self.session, self.connector, [(p.decision, p.digest) for p in seen if not p.blocks],
                                 key=key, now=self.now)  # fmt: skip
        self._meet([one for one in shown if one.opening_id in {p.opening_id for p in here}])
        return self._beside(last, papers[last.student_id])

    def _meet(self, shown: list[Release]) -> None:
        """The employer asks to meet three of the candidates: one begins today, with one the day is set."""
        employer = people.actor(self.session, "employer")
        for k, release in enumerate(shown[:3]):
            candidates.say_word(self.session, employer, release, "meet", reason=None, seen=lambda _: None, now=self.now)
            found = introductions.live_on(self.session, release.id)
            assert found is not None
            if k < 2:
                at = self.now + timedelta(days=6 * k)
                meetings.plan(self.session, self.connector, found, at=at, where="Bij het bedrijf", seen=lambda _: None,
                              now=self.now)  # fmt: skip
            if k == 0:
                self._begin(employer, found)

    def _begin(self, employer: Actor, met: introductions.Introduction) -> None:
        """They met, agreed on what is adapted, and the trial begins."""
        meetings.hold(self.session, employer, met, outcome="go_on", held_on=self.today, by_employer=True,
                      seen=lambda _: None, now=self.now)  # fmt: skip
        adapted = [
            {"who": "employer", "what": "Een vaste begeleider die de taken voordoet", "by": self.today},
            {"who": "employer", "what": "De eerste twee weken halve dagen", "by": self.today + timedelta(days=14)},
        ]
        made = agreements.write(self.session, self.connector, met, starts_on=self.today, hours=24, mentor="Henk Dekker",
                                adaptations=adapted, now=self.now)  # fmt: skip
        account = codes.account_of_student(self.session, met.student_id)
        assert account is not None
        for actor, roles in ((Actor("human", account.id, "command"), ("student",)), (employer, ("employer",))):
            agreements.agree(self.session, actor, made, roles=roles, seen=lambda _: None, now=self.now)
        placements.start(self.session, self.connector, made, started_on=self.today, trial_until=None, hours=None,
                         now=self.now)  # fmt: skip

    def _age(self, student_id: str) -> int:
        return consents.age_of(self.session, student_id, self.today)

    def _beside(self, proposal: runs.Proposal, paper: code_verbs.HandedOut) -> dict[str, people.Login]:
        """Who signs in for, and beside, one student."""
        student = codes.student_by_id(self.session, proposal.student_id)
        assert student is not None
        born = date.fromisoformat(str(codes.record_of(self.session, student)["birth_date"]))
        account = codes.account_of_student(self.session, student.id)
        assert account is not None
        minor = age_on(born, self.today) < 18
        mandates.record(
            self.session, self.connector if minor else Actor("human", account.id, "command"), student,
            email=people.email("parent"), name=people.STAFF["parent"], ground="minor" if minor else "student_gave",
            by_student=not minor, begins_on=None, ends_on=None, today=self.today, now=self.now,
        )  # fmt: skip
        mandates.assign_coach(self.session, self.connector, student, email=people.email("coach"),
                              name=people.STAFF["coach"], now=self.now)  # fmt: skip
        return {
            "student": people.Login("student", paper.name, paper.code, born.strftime("%d-%m-%Y")),
            "parent": people.give_password(self.session, "parent", self.now),
            "coach": people.give_password(self.session, "coach", self.now),
        }  # fmt: skip


__all__ = ["tell"]
