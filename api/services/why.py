"""Why a person found a place good for a student, in the student's own words: what fits, what to look out for, and
what nobody knows yet. No score, no rank, nobody else.

It is said of what the person looked at: the profile and the opening of that day, with the weights of that run.
"""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from api.explain.reasons import found_in
from api.services.records import opening_of, student_of
from api.store import releases, runs
from api.store.decisions import Decided
from api.store.people import Session
from api.texts.audience_student import STUDENT_POINTS, STUDENT_REASONS
from api.texts.catalogue import say
from features.eligibility import evaluate
from features.pairwise_facts import PairFacts, pair_facts
from features.settings import FEATURES, RuleSettings


@dataclass(frozen=True, slots=True)
class Why:
    """Sentences for the student."""

    good: tuple[str, ...] = ()
    look_out: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


def for_student(session: Session, decision: Decided, lang: str, today: date) -> Why:
    """Say why of a decision; nothing where no run stands behind it."""
    proposal = runs.proposal_by_id(session, decision.proposal_id or "")
    if proposal is None:
        return Why()
    student, opening = releases.looked_at(session, decision)
    pair = evaluate([student_of(student)], [opening_of(opening)], RuleSettings(), on=today)
    return _why(pair_facts(pair, 0, 0), proposal.parts, proposal.to_check, lang)


def _why(facts: PairFacts, parts: Mapping[str, int], asked: Sequence[Mapping[str, str]], lang: str) -> Why:
    unknown = {said["code"] for said in asked if said["kind"] == "unknown"}
    found = found_in(facts, [int(parts.get(name, 0)) for name in FEATURES],
                     [name not in unknown for name in FEATURES], lang)  # fmt: skip
    said: dict[str, list[str]] = {"plus": [], "minus": [], "unknown": []}
    for reason in found:
        if reason.key in STUDENT_REASONS:
            said[reason.kind].append(say(STUDENT_REASONS, reason.key, lang, **reason.words))
    for point in asked:
        if point["kind"] != "unknown" and point["code"] in STUDENT_POINTS and point["code"] != "consent":
            said["unknown"].append(say(STUDENT_POINTS, point["code"], lang))
    return Why(*(tuple(dict.fromkeys(said[kind])) for kind in ("plus", "minus", "unknown")))


__all__ = ["Why", "for_student"]
