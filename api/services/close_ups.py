"""One pair looked at closely: why it fits in the reader's language, what must be right, what would make it fit better.

A run keeps the figures of its pairs and its sentences in one language. For a page the pair is worked out anew from the
very records and the policy of its run: the same fit to the millionth, words in any language, and the fit after one
change of the vacancy. Nothing is stored.
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from api.explain.points import codes_of
from api.explain.points_of_100 import POINT, rounded_points
from api.explain.reasons import statements
from api.explain.statement import Statement
from api.policy import Policy
from api.services.decisions import placed_nowhere
from api.services.improvements import Improvement, Judged, judge
from api.services.pairs import Rules
from api.services.records import opening_of, student_of
from api.services.run_inputs import policy_of
from api.store import placements, reviews, runs
from api.store.people import Session
from features.completeness import STUDENT, completeness, missing_of_student
from features.eligibility import POINTS, RULES
from features.eligibility_students import NO_DESTINATION
from features.pairwise_facts import PairFacts
from features.records import Opening, Student
from features.settings import FEATURES

SHOWN_CHANGES = 3
NO_CHANGE = " "
"""The key of no change."""


@dataclass(frozen=True, slots=True)
class Scored:
    """A pair with its figures: millionths, and whole points that add up to the points shown."""

    facts: PairFacts
    fit: int
    band: str
    parts: tuple[int, ...]
    known: tuple[bool, ...]
    points: tuple[str, ...]
    broken: tuple[str, ...]
    base: int

    @property
    def total(self) -> int:
        """Points of 100."""
        return self._rounded[0]

    @property
    def start(self) -> int:
        """Points of a pair of which nothing is known."""
        return self._rounded[1]

    @property
    def of_features(self) -> dict[str, int]:
        """Points per feature; with `start` they add up to `total`."""
        return dict(zip(FEATURES, self._rounded[2], strict=True))

    @property
    def _rounded(self) -> tuple[int, int, tuple[int, ...]]:
        return rounded_points(self.base, self.parts)


@dataclass(frozen=True, slots=True)
class Look:
    """All that a card tells of a pair."""

    student: Student
    opening: Opening
    scored: Scored
    reasons: tuple[Statement, ...]
    better: tuple[Improvement, ...]
    policy: Policy
    complete: int  # share of the profile that is filled in, in whole per cent
    changed: bool  # whether a record changed since the run
    nowhere: str = ""  # why the student is placed nowhere now, by its code
    beware: str = ""  # what is told of the student and forbids nothing, by its code of `LEFT_OUT`


def look(session: Session, proposal: runs.Proposal, lang: str) -> Look:
    """Work a proposal out anew, with what would make it fit better."""
    return looks(session, [proposal], lang)[0]


def looks(session: Session, proposals: Sequence[runs.Proposal], lang: str) -> list[Look]:
    """The same of several proposals: those of one run are weighed in one go."""
    found: dict[str, Look] = {}
    for run_id in dict.fromkeys(p.run_id for p in proposals):
        some = [p for p in proposals if p.run_id == run_id]
        inputs = [_inputs(session, p) for p in some]
        policy, run = inputs[0].policy, inputs[0].run
        judged = judge([one.pair for one in inputs], Rules(run, policy, run.on))
        for proposal, own, one in zip(some, inputs, judged, strict=True):
            shown = _look(own, one, lang, tuple(one.found[:SHOWN_CHANGES]))
            nowhere = _nowhere(session, proposal)
            beware = "not_looking" if not nowhere and placements.rests_now(session, proposal.student_id) else ""
            found[proposal.id] = replace(shown, nowhere=nowhere, beware=beware)
    return [found[p.id] for p in proposals]


def what_if(session: Session, proposal: runs.Proposal, key: str, lang: str) -> tuple[Look, Look, Improvement] | None:
    """The pair as it is and after the change ``key``, each worked out by itself; None: there is no such change."""
    own = _inputs(session, proposal)
    rules = Rules(own.run, own.policy, own.run.on)
    before = judge([own.pair], rules, key)[0]
    if not key or not before.found:
        return None
    change = before.found[0]
    changed = replace(own, student=change.variant.student, opening=change.variant.opening)
    after = judge([changed.pair], rules, NO_CHANGE)[0]
    return _look(own, before, lang), _look(changed, after, lang), change


def _look(own: _Inputs, judged: Judged, lang: str, better: tuple[Improvement, ...] = ()) -> Look:
    scored = _scored(judged, own.policy)
    said = statements(scored.facts, list(scored.parts), _said_known(scored, own.policy), lang)
    return Look(own.student, own.opening, scored, said, better, own.policy, _complete(own.student), own.changed)


@dataclass(frozen=True, slots=True)
class _Inputs:
    """What a run knew of a pair, and whether a record changed since."""

    student: Student
    opening: Opening
    policy: Policy
    run: runs.Run
    changed: bool

    @property
    def pair(self) -> tuple[Student, Opening]:
        """What is weighed: of who may not be placed any more, what fits is worked out all the same."""
        return _looking(self.student), self.opening


def _looking(student: Student) -> Student:
    """The student without what keeps anybody from being placed at all (`features.eligibility.NEVER_FIXED`).

    A pair that was proposed before that was known is still a proposal: its card is to be read, and says so.
    """
    if student.work_capacity == "yes" and student.destination in NO_DESTINATION and (
            student.background.leaving_profile != "day_activities"):  # fmt: skip
        return student
    gone = "" if student.destination not in NO_DESTINATION else student.destination
    return replace(student, work_capacity="yes", destination=gone, background=replace(student.background,
                                                                                     leaving_profile=""))  # fmt: skip


def _inputs(session: Session, proposal: runs.Proposal) -> _Inputs:
    run, student, opening, changed = reviews.records_of(session, proposal)
    policy = policy_of(runs.policy_text(session, run.policy_id))
    return _Inputs(student_of(student), opening_of(opening), policy, run, changed)


def _nowhere(session: Session, proposal: runs.Proposal) -> str:
    """Why the student is placed nowhere now; where somebody works, that they have a destination is no reason."""
    why = placed_nowhere(session, proposal.student_id)
    at_work = why == "destination" and placements.works(session, proposal.student_id, proposal.opening_id)
    return "" if at_work else why


def _complete(student: Student) -> int:
    return round(completeness(len(missing_of_student(student)), len(STUDENT)) / POINT)


def _said_known(scored: Scored, policy: Policy) -> list[bool]:
    """A feature without weight cannot change the fit: nobody need ask for it."""
    return [known or not weight for known, weight in zip(scored.known, policy.weights.as_tuple(), strict=True)]


def _scored(judged: Judged, policy: Policy) -> Scored:
    """The figures of a pair, whatever a rule says of it."""
    eligible, scored = judged.trial.eligibility, judged.trial.scored
    at = judged.trial.at(judged.at)
    assert at is not None  # a proposal that no rule could let through would be none
    fit = int(scored.fit[at])
    return Scored(
        scored.facts(*judged.trial.places[judged.at]), fit, policy.band(fit), tuple(scored.contributions[at].tolist()),
        tuple(bool(one) for one in scored.known[at]), tuple(codes_of(int(eligible.points[at]), POINTS)),
        tuple(codes_of(int(eligible.broken[at]), RULES)), int(scored.base),
    )  # fmt: skip


__all__ = ["Look", "Scored", "look", "looks", "what_if"]
