"""Why a pair fits: one true sentence per feature that counts, for, against or unknown."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from api.explain.items import support, tasks, unknown_support, work_skills
from api.explain.prospects import contract, development
from api.explain.statement import Statement
from api.explain.wishes import Said, branch, conditions, hours, route, travel
from api.match_report import MatchReport
from api.texts.catalogue import say
from api.texts.reasons import REASONS
from features.pairwise_facts import PairFacts
from features.settings import FEATURES

_SAY = {
    "branch": branch, "tasks": tasks, "work_skills": work_skills, "support": support, "travel": travel, "hours": hours,
    "conditions": conditions, "route": route, "development": development, "contract": contract,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reason:
    """What can be said of one feature of a pair: a key of `api.texts.reasons`, its facts, and the contribution."""

    feature: str
    kind: str  # plus | minus | unknown
    key: str
    words: Mapping[str, object]
    micro: int = 0


def reasons(report: MatchReport, pair: int) -> tuple[Statement, ...]:
    """Return the reasons of a pair for the connector, in words; see `found`."""
    return reasons_in(report, pair, (report.lang,))[0]


def reasons_in(report: MatchReport, pair: int, langs: Sequence[str]) -> list[tuple[Statement, ...]]:
    """Return `reasons` in several languages, from facts that are gathered once."""
    facts = _facts(report, pair)
    return [statements(*facts, lang) for lang in langs]


def found(report: MatchReport, pair: int) -> tuple[Reason, ...]:
    """Return the reasons of a pair, strongest first, then the minuses, strongest first, then the unknowns.

    A feature gives a plus only where its contribution is above 0 and a minus only where it is below. A feature
    that is not known stands under the unknowns, beside a plus or minus for the part that is known.
    """
    return found_in(*_facts(report, pair), report.lang)


def _facts(report: MatchReport, pair: int) -> tuple[PairFacts, list[int], list[bool]]:
    problem, scored = report.problem, report.scored
    facts = scored.facts(int(problem.rows[pair]), int(problem.indices[pair]))
    parts: list[int] = scored.contributions[pair].tolist()
    # A feature without weight cannot change the fit: nobody need ask for it.
    weights = report.policy.weights.as_tuple()
    known = [one or not weight for one, weight in zip(scored.known_of(pair), weights, strict=True)]
    return facts, parts, known


def statements(facts: PairFacts, parts: list[int], known: list[bool], lang: str) -> tuple[Statement, ...]:
    """Return the statements for contributions ``parts`` (millionths) in the order of `FEATURES`; see `found`."""
    return tuple(_statement(reason, lang) for reason in found_in(facts, parts, known, lang))


def _statement(reason: Reason, lang: str) -> Statement:
    return Statement(reason.feature, reason.kind, say(REASONS, reason.key, lang, **reason.words), reason.micro)


def found_in(facts: PairFacts, parts: list[int], known: list[bool], lang: str) -> tuple[Reason, ...]:
    """Return the reasons for contributions ``parts`` (millionths) in the order of `FEATURES`; see `found`."""
    counted = sorted((k for k, part in enumerate(parts) if part), key=lambda k: (-abs(parts[k]), k))
    made = []
    for k in (*(k for k in counted if parts[k] > 0), *(k for k in counted if parts[k] < 0)):
        key, words = _SAY[FEATURES[k]](facts, parts[k] > 0, lang)
        made.append(Reason(FEATURES[k], "plus" if parts[k] > 0 else "minus", key, words, parts[k]))
    for name, sure in zip(FEATURES, known, strict=True):
        if not sure:
            key, words = _unknown(name, facts, lang)
            made.append(Reason(name, "unknown", key, words))
    return tuple(made)


def _unknown(name: str, facts: PairFacts, lang: str) -> Said:
    return unknown_support(facts, lang) if name == "support" else (f"{name}_unknown", {})
