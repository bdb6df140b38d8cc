"""Help with a vacancy: what a job text may mean, and in words what a demand does to who can come.

A demand's effect is told in three words and never in numbers, over all students of the region and its neighbours
together, and not at all where these are few: nobody can find out about one student by asking again and again.
"""
from __future__ import annotations

from datetime import date
from typing import Any

from api.services.records import student_of
from api.store import vacancies
from api.store.people import Session
from api.texts.catalogue import say
from api.texts.vacancies import EFFECTS
from features.codes import code_list
from features.eligibility import RULES, evaluate
from features.geography import neighbours
from features.records import Opening
from features.settings import RuleSettings
from features.text import guess_branch, link, pieces, suggest_codes

FEWEST = 50
"""Students below which nothing is said."""
LARGE, PART = 0.5, 0.2
DEMANDS = ("age", "route", "contract_type", "hours", "certificate", "level", "under_18", "support", "condition", "task",
           "skill")  # fmt: skip
"""Rules that an employer's demands decide."""
FIELDS = {"task": "tasks", "condition": "conditions", "support": "support_offered",
          "certificate": "certificates_required"}  # fmt: skip
MOST = 12


def suggestions(text: str, lang: str) -> dict[str, list[dict[str, Any]]]:
    """What a job text may mean, for somebody to confirm: per field codes with their labels; the branch ranked."""
    parts = [part for part in pieces(text) if len(part) > 2][:200] or [text]
    head = next((line.strip() for line in text.splitlines() if line.strip()), "")[:120]
    sure = guess_branch([head, text[:500]])
    ranked = suggest_codes("branch", [text[:500]], 3)[0]
    order = dict.fromkeys([*(code for code in sure if code), *(one.label_id for one in ranked)])
    found: dict[str, list[dict[str, Any]]] = {
        "branch": [{"code": code, "label": _label("branch", code, lang), "sure": code in sure} for code in order][:3]
    }
    for kind, field in FIELDS.items():
        codes = dict.fromkeys(code for codes in link(kind, parts) for code in codes)
        found[field] = [{"code": code, "label": _label(kind, code, lang), "sure": True} for code in codes][:MOST]
    return found


def effects(session: Session, opening: Opening, settings: RuleSettings, *, on: date, lang: str) -> list[dict[str, str]]:
    """What the demands of an opening do to who can come: which demand, how much (large or part), in a sentence."""
    region = opening.location.region_code if opening.location else ""
    if not region:
        return []
    records = vacancies.looking_in(session, [region, *neighbours(region)])
    if len(records) < FEWEST:
        return []
    found = evaluate([student_of(record) for record in records], [opening], settings, on=on)
    told = []
    for code, refused in zip(RULES, found.blocked_openings[0].tolist(), strict=True):
        share = refused / len(records)
        if code in DEMANDS and share >= PART:
            size = "large" if share >= LARGE else "part"
            told.append({"code": code, "effect": size, "sentence": say(EFFECTS, f"{size}_{code}", lang)})
    return sorted(told, key=lambda one: one["effect"])


def _label(kind: str, code: str, lang: str) -> str:
    return code_list(kind).label(code, lang)


__all__ = ["DEMANDS", "effects", "suggestions"]
