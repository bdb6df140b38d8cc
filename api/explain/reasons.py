"""Why a pair fits: one true sentence per feature that counts, for, against or unknown."""
from __future__ import annotations

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


def reasons(report: MatchReport, pair: int) -> tuple[Statement, ...]:
    """Return the reasons of a pair, strongest first, then the minuses, strongest first, then the unknowns.

    A feature gives a plus only where its contribution is above 0 and a minus only where it is below. A feature
    that is not known stands under the unknowns, beside a plus or minus for the part that is known.
    """
    problem, scored = report.problem, report.scored
    facts = scored.facts(int(problem.rows[pair]), int(problem.indices[pair]))
    parts = [int(part) for part in scored.contributions[pair]]
    # A feature without weight cannot change the fit: nobody need ask for it.
    weights = report.policy.weights.as_tuple()
    known = [bool(one) or not weight for one, weight in zip(scored.known[pair], weights, strict=True)]
    return statements(facts, parts, known, report.lang)


def statements(facts: PairFacts, parts: list[int], known: list[bool], lang: str) -> tuple[Statement, ...]:
    """Return the statements for contributions ``parts`` (millionths) in the order of `FEATURES`; see `reasons`."""
    counted = sorted((k for k, part in enumerate(parts) if part), key=lambda k: (-abs(parts[k]), k))
    made = []
    for k in (*(k for k in counted if parts[k] > 0), *(k for k in counted if parts[k] < 0)):
        key, words = _SAY[FEATURES[k]](facts, parts[k] > 0, lang)
        kind = "plus" if parts[k] > 0 else "minus"
        made.append(Statement(FEATURES[k], kind, say(REASONS, key, lang, **words), parts[k]))
    for name, sure in zip(FEATURES, known, strict=True):
        if not sure:
            key, words = _unknown(name, facts, lang)
            made.append(Statement(name, "unknown", say(REASONS, key, lang, **words)))
    return tuple(made)


def _unknown(name: str, facts: PairFacts, lang: str) -> Said:
    return unknown_support(facts, lang) if name == "support" else (f"{name}_unknown", {})
