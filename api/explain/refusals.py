"""A refusal of one pair in words: which rule, and by how much."""
from __future__ import annotations

import math
from datetime import date

from api.texts.catalogue import count, say
from api.texts.dates import number, short_date
from api.texts.refusals import REFUSALS, UNITS
from api.texts.words import label, words
from features.codes import code_list
from features.eligibility import Refusal

_LISTS = {
    "support": "support", "task": "task", "certificate": "certificate", "condition": "condition",
    "skill": "work_skill", "contract_type": "contract_type", "participation": "participation_criterion",
}  # fmt: skip


def refusal_sentence(refusal: Refusal, lang: str) -> str:
    """Return the sentence of one refusal."""
    return say(REFUSALS, _key(refusal), lang, **_facts(refusal, lang))


def _key(refusal: Refusal) -> str:
    if refusal.rule in ("reach", "freshness"):
        return f"{refusal.rule}_{refusal.detail}"
    return "dates_closed" if refusal.rule == "dates" and refusal.detail == "closed" else refusal.rule


def _facts(refusal: Refusal, lang: str) -> dict[str, object]:
    facts: dict[str, object] = {"found": refusal.found, "limit": refusal.limit.strip("-")}
    if refusal.by is not None:
        by = math.ceil(round(refusal.by, 3)) if refusal.unit == "minutes" else refusal.by
        facts["by"] = number(by, lang, decimals=0 if refusal.unit == "points" else 1)
        if refusal.unit in UNITS:
            facts["by"] = count(UNITS, refusal.unit, 1, lang) if by == 1 and f"{refusal.unit}_one" in UNITS \
                else say(UNITS, refusal.unit, lang, n=facts["by"])  # fmt: skip
    if refusal.rule == "level":
        facts |= {"found": label("level", refusal.found, lang) if refusal.found else "?",
                  "limit": label("level", refusal.limit, lang)}  # fmt: skip
    if refusal.rule == "dates" and refusal.detail == "closed":
        facts["limit"] = short_date(date.fromisoformat(refusal.limit), lang)
    if refusal.rule in _LISTS:
        facts["items"] = _items(_LISTS[refusal.rule], refusal.limit, lang)
    return facts


def _items(name: str, limit: str, lang: str) -> str:
    codes = [code.split("=")[0] for code in limit.split("|") if code]
    known = set(code_list(name).codes)
    return words(name, codes, lang) if codes and set(codes) <= known else ", ".join(codes)
