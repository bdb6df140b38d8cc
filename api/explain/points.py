"""Points to check and broken rules of a pair, from its bit masks to sentences."""
from __future__ import annotations

from api.explain.statement import Statement
from api.texts.catalogue import say
from api.texts.points import POINTS as POINT_WORDS
from api.texts.rules_helps import BROKEN
from features.eligibility import POINTS, RULES


def codes_of(mask: int, codes: tuple[str, ...]) -> list[str]:
    """Return the codes whose bit is set, in their order: bit k stands for ``codes[k]``."""
    return [code for k, code in enumerate(codes) if mask >> k & 1]


def points_to_check(points: int, broken: int, lang: str) -> tuple[Statement, ...]:
    """Return the rules a fixed pair breaks, then its points to check, each in the order of their lists."""
    rules = codes_of(broken, RULES)
    checks = [code for code in codes_of(points, POINTS) if code not in rules]
    return (
        *(Statement(code, "broken", say(BROKEN, code, lang)) for code in rules),
        *(Statement(code, "check", say(POINT_WORDS, code, lang)) for code in checks),
    )
