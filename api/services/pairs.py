"""Pairs outside the list: why a student and an opening are no proposal, and proposing them all the same.

Every pair is weighed by the rules and weights of the plan that holds in the student's region, on the records as they
are now. A pair that somebody proposes all the same is scored and explained by the same pipeline, with the rules it
breaks among the points to check; from there on it goes the way of every proposal.
"""
from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import numpy as np

from api.explain.points import codes_of
from api.explain.refusals import refusal_sentence
from api.match_report import Decision
from api.pipeline import conclude, prepare
from api.policy import Policy
from api.services.days import local_day
from api.services.records import opening_of, student_of
from api.services.run_inputs import Inputs, policy_now, policy_of
from api.services.run_results import rows_of
from api.services.states import NotNow
from api.store import audit, pairs, plans, queue, queues, runs
from api.store.audit import Actor
from api.store.people import Session
from api.texts.catalogue import LANGUAGES, say
from api.texts.refusals import STANDINGS
from features.eligibility import RULES, Eligibility, Refusal, evaluate
from features.eligibility_rules import NEVER_FIXED
from features.scoring import ScoredPairs, score_pairs

_POINT = 10_000  # millionths
Stored = tuple[str, int, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Rules:
    """By what pairs are weighed: the plan that holds (None: none yet), its policy and its day."""

    run: runs.Run | None
    policy: Policy
    on: date


@dataclass(frozen=True, slots=True)
class Weighed:
    """One pair: how it stands, its fit in millionths (None: refused by a rule), rules in the way, proposal if any."""

    student_id: str
    opening_id: str
    standing: str  # planned | elsewhere | full | closed | refused
    fit: int | None
    band: str | None
    refusals: tuple[Refusal, ...]
    proposal: runs.Proposal | None

    @property
    def order(self) -> tuple[int, int, str, str]:
        """What fits best comes first, then what fewest rules are in the way of."""
        return len(self.refusals), -(self.fit or 0), self.student_id, self.opening_id


class Refused(NotNow):
    """A pair that is not proposed: why, the proposal and the word that are there, the rules that always hold."""

    def __init__(
        self, why: str, *, proposal_id: str = "", decision: plans.Decided | None = None, rules: Sequence[Refusal] = ()
    ) -> None:
        super().__init__(why)
        self.proposal_id, self.decision, self.rules = proposal_id, decision, tuple(rules)


def rules_of(session: Session, region: str | None, today: date) -> Rules:
    """Return by what a student of a region is weighed."""
    plan = plans.holding(session, [region]).get(region) if region else None
    run = queue.run_by_id(session, plan.run_id) if plan else None
    if run is not None:
        return Rules(run, policy_of(runs.policy_text(session, run.policy_id)), run.on)
    return Rules(None, policy_now(session), today)


def weigh(
    session: Session, students: Sequence[Stored], openings: Sequence[Stored], rules: Rules
) -> list[Weighed]:
    """Return every pair of these students and openings, the nearest to a proposal first."""
    if not students or not openings:
        return []
    scored = _scored(students, openings, rules)
    ids, places = [i for i, *_ in students], [i for i, *_ in openings]
    never = {i for i, _, record in students if record["work_capacity"] == "no"}
    rejected = {(d.student_id, d.opening_id) for d in _words(session, ids, rules) if d.word == "reject"}
    known = pairs.proposals_of(session, rules.run.id if rules.run else "", ids, places)
    closed = pairs.closed_in(session, rules.run.id if rules.run else "", places)
    fits = dict(zip(zip(scored.eligibility.rows.tolist(), scored.indices.tolist(), strict=True), scored.fit.tolist(),
                    strict=True))  # fmt: skip
    placed = set(pairs.placed_in(session, rules.run.id if rules.run else "", ids))
    broken = scored.eligibility.refused_by(np.arange(len(ids))[:, None], np.arange(len(places))[None, :]).tolist()
    found = []
    for i, student_id in enumerate(ids):
        for j, opening_id in enumerate(places):
            fit, proposal = fits.get((i, j)), known.get((student_id, opening_id))
            refusals = tuple(_refusals(scored.eligibility, broken[i][j], i, j))
            if fit is not None and fit < rules.policy.min_fit:
                short = float(-(-(rules.policy.min_fit - fit) // _POINT))
                refusals += (Refusal("min_fit", short, "points", "", ""),)
            if (student_id, opening_id) in rejected:
                refusals += (Refusal("forbidden", None, "", "", ""),)
            if student_id in never:
                refusals = (Refusal("work_capacity", None, "", "no", "yes"), *refusals[1:])
            standing = "refused" if refusals else "planned" if proposal and proposal.chosen else \
                "elsewhere" if student_id in placed else "closed" if opening_id in closed else "full"  # fmt: skip
            found.append(Weighed(student_id, opening_id, standing, fit,
                                 None if fit is None else rules.policy.band(fit), refusals, proposal))  # fmt: skip
    return sorted(found, key=lambda pair: pair.order)


def _words(session: Session, student_ids: Sequence[str], rules: Rules) -> list[plans.Decided]:
    """The words that stand about students, but for rejections that had lapsed by the plan that holds."""
    found = plans.words_on(session, student_ids)
    gone = queues.lapsed(session, (d.id for d in found if d.word == "reject"))
    return [d for d in found if rules.run is None or (rules.run.id, d.id) not in gone]


def _scored(students: Sequence[Stored], openings: Sequence[Stored], rules: Rules) -> ScoredPairs:
    """The pairs as a run sees and scores them."""
    ours = [student_of(record) for _, _, record in students]
    # A run leaves out who cannot work; here they are told as well, by that rule first.
    ours = [replace(s, work_capacity="unknown") if s.work_capacity == "no" else s for s in ours]
    theirs = [opening_of(record) for _, _, record in openings]
    eligible = evaluate(ours, theirs, rules.policy.rules, on=rules.on)
    return score_pairs(ours, theirs, eligible, rules.policy.weights)


def _refusals(eligible: Eligibility, broken: int, i: int, j: int) -> Iterator[Refusal]:
    """By how much each rule in ``broken`` refuses a pair."""
    for code in codes_of(broken, RULES):
        yield from eligible.refusals_of(code, i, j)


def told(pair: Weighed, lang: str) -> dict[str, Any]:
    """A weighed pair for people."""
    return {
        "standing": pair.standing, "sentence": say(STANDINGS, pair.standing, lang), "fit": pair.fit, "band": pair.band,
        "rank": pair.proposal.rank if pair.proposal else None,
        "proposal_id": pair.proposal.id if pair.proposal else None,
        "refusals": [{"code": r.rule, "by": r.by, "unit": r.unit or None, "found": r.found, "limit": r.limit,
                      "sentence": refusal_sentence(r, lang)} for r in pair.refusals],
    }  # fmt: skip


def add(
    session: Session, actor: Actor, student: Stored, opening: Stored, *, region: str, why: str, now: datetime
) -> runs.Proposal:
    """Propose a pair all the same, on the run whose plan holds in the student's region.

    Raises
    ------
    Refused
        If no plan holds there yet, the pair is proposed already or was decided on, or the student cannot be placed at
        all: no work capacity, or a destination.
    """
    rules = rules_of(session, region, local_day(now))
    if rules.run is None:
        raise Refused("no_plan")
    pair = (student[0], opening[0])
    word = next((d for d in _words(session, [student[0]], rules) if d.opening_id == opening[0]), None)
    if word is not None:
        raise Refused("pair_decided", proposal_id=word.proposal_id, decision=word)
    known = pairs.proposals_of(session, rules.run.id, [pair[0]], [pair[1]]).get(pair)
    if known is not None and (known.chosen or known.added_by is not None):
        raise Refused("pair_proposed", proposal_id=known.id)
    if known is None:
        known = pairs.add_proposal(session, rules.run.id, _row(student, opening, rules, session))
    known.added_by, known.why = actor.id, why
    session.flush()
    audit.append(session, actor, "proposal.added", ("proposal", known.id), now=now, student=pair[0], opening=pair[1],
                 run=rules.run.id)  # fmt: skip
    return known


def _row(student: Stored, opening: Stored, rules: Rules, session: Session) -> dict[str, Any]:
    """The pair as a run would have written it, as if it were fixed."""
    assert rules.run is not None
    ours, theirs = student_of(student[2]), opening_of(opening[2])
    room = replace(theirs, places=max(theirs.places, 1), min_to_open=0, supervision_half_days=None)
    wish = Decision(ours.school, ours.student_ref, theirs.vacancy_ref, theirs.starts_on, "pin")
    case = prepare([ours], [room], replace(rules.policy, caps=()), [wish], on=rules.on)
    if not len(case.problem.indices):
        found = case.eligibility.refusals(0, 0) if case.students else [Refusal("work_capacity", None, "", "no", "yes")]
        raise Refused("not_placeable", rules=[r for r in found if r.rule in NEVER_FIXED])
    report = conclude(case, lang=LANGUAGES[0], versions={})
    inputs = Inputs(((student[0], student[1], ours),), ((opening[0], opening[1], room),), (), (), {}, rules.policy,
                    rules.on, LANGUAGES[0])  # fmt: skip
    row = rows_of(report, inputs)["proposals"][0]
    better = pairs.fits_above(session, rules.run.id, student[0], row["fit"])
    return {**row, "chosen": False, "rank": better + 1, "regret": None}


def carry_over(session: Session, run: runs.Run, before: Iterable[str]) -> None:
    """Take what people proposed all the same, and nobody decided on, along to the plan that holds from now on."""
    for old in pairs.undecided_additions(session, before, run.regions):
        known = pairs.proposals_of(session, run.id, [old.student_id], [old.opening_id]).get(
            (old.student_id, old.opening_id))  # fmt: skip
        if known is None:
            known = pairs.add_proposal(session, run.id, pairs.copied(old))
        if not known.chosen:
            known.added_by, known.why = old.added_by, old.why
    session.flush()


__all__ = ["Refused", "Rules", "Stored", "Weighed", "add", "carry_over", "rules_of", "told", "weigh"]
