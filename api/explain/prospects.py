"""Sentences on what the place leads to: certificates, a diploma, and the outlook of the contract."""
from __future__ import annotations

from api.explain.wishes import Said
from api.texts.dates import number
from api.texts.words import word, words
from features.pairwise_facts import PairFacts
from features.settings import MILLION


def development(facts: PairFacts, up: bool, lang: str) -> Said:
    """Say what can be earned there that the student does not have."""
    if up:
        if facts.certificates_new:
            return "development_new", {"items": words("certificate", facts.certificates_new, lang)}
        return "development_diploma", {}
    if facts.certificates_new:
        return "development_little", {}
    return ("development_mbo2" if facts.diploma else "development_held"), {}


def contract(facts: PairFacts, up: bool, lang: str) -> Said:
    """Say which part of the outlook weighs most in the direction of the contribution."""
    best, said = 0.0, ("contract_unknown", dict[str, object]())
    for (worth, plus, minus), weight in zip(_parts(facts, lang), facts.measures.outlook_weights, strict=True):
        if worth is None:
            continue
        pull = weight * (worth - 0.5) * (1 if up else -1)
        if pull > best:
            best, said = pull, plus if up else minus
    return said


def _parts(facts: PairFacts, lang: str) -> tuple[tuple[float | None, Said, Said], ...]:
    """Return worth in [0, 1] and what to say for and against: contract type, guarantee, duration, trial."""
    kind, months, trial = facts.contract_type, facts.duration_months, facts.trial_months
    named: dict[str, object] = {"contract": word("contract_type", kind, lang) if kind else ""}
    lasts: dict[str, object] = {"months": number(months or 0.0, lang, decimals=1)}
    tried: dict[str, object] = {"months": number(trial or 0.0, lang, decimals=1)}
    share = None if months is None else min(months, 24.0) / 24.0
    refused = facts.measures.no_guarantee / MILLION
    promised = None if facts.job_guarantee is None else (1.0 if facts.job_guarantee else refused)
    return (
        (facts.measures.outlook(kind) if kind else None, ("contract_type", named), ("contract_type_not", named)),
        (promised, ("contract_guarantee", {}), ("contract_guarantee_not", {})),
        (share, ("contract_months", lasts), ("contract_months_not", lasts)),
        (None if trial is None else 1.0 - min(trial, 12.0) / 12.0, ("contract_trial_short", {}),
         ("contract_trial_long", tried)),
    )  # fmt: skip
