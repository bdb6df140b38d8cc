"""What is known about a pair of student and opening: records, codes, geography, hard rules, features and fit.

The names below are loaded when they are first used, so that asking for help or reading a code list does not
load the numerical packages.
"""
from __future__ import annotations

from importlib import import_module
from typing import Any

_HOME = {
    "CodeList": "features.codes",
    "ComfortEncoder": "features.encoders",
    "DutchVectorizer": "features.vectorizer",
    "Eligibility": "features.eligibility",
    "FeatureError": "features.errors",
    "Opening": "features.records",
    "POINTS": "features.eligibility",
    "PairFacts": "features.pairwise_facts",
    "PairFeatures": "features.pairwise",
    "PairScorer": "features.scorer",
    "RULES": "features.eligibility",
    "RangedMean": "features.encoders",
    "RankEncoder": "features.encoders",
    "Refusal": "features.eligibility",
    "RuleSettings": "features.settings",
    "ScoredPairs": "features.scoring",
    "Student": "features.records",
    "TextRanker": "features.ranker",
    "Weights": "features.settings",
    "code_list": "features.codes",
    "evaluate": "features.eligibility",
    "guess_branch": "features.text",
    "link_tasks": "features.text",
    "pair_features": "features.pairwise",
    "score_pairs": "features.scoring",
    "suggest_codes": "features.text",
}

__all__ = sorted(_HOME)  # noqa: PLE0605


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'features' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME})
