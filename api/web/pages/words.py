"""What a connector's pages say about a pair: what must be right, changes, names; words from codes and figures."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from api.report.html_parts import place_name
from api.services import improvements
from api.services.close_ups import Look
from api.services.improvements import Improvement
from api.texts.catalogue import listing, say
from api.texts.points import POINTS as POINT_WORDS
from api.texts.rules_helps import BROKEN
from api.texts.standing import LEFT_OUT
from api.texts.words import words
from api.web.pages.base import code_label, code_word, day, num, t
from api.web.pages.language import language
from features.records import Opening, Student

_ORDER = ("reach", "dates", "hours", "age", "support", "condition", "certificate", "level", "route", "contract_type")
_NOT_HERE = ("consent", "freshness")
"""Points that a card shows elsewhere."""


@dataclass(frozen=True, slots=True)
class Must:
    """One thing that must be right: met, unknown or unmet, in words."""

    state: str
    text: str


def musts(look: Look) -> list[Must]:
    """What must be right: what is not met first, then what is not known, then what is met."""
    scored = look.scored
    found = [Must("unmet", say(LEFT_OUT, look.nowhere, language()))] if look.nowhere else []
    found += [Must("unmet", say(BROKEN, code, language())) for code in scored.broken]
    asked = [code for code in scored.points if code not in scored.broken and code not in _NOT_HERE]
    found += [Must("unknown", say(POINT_WORDS, code, language())) for code in asked]
    open_ones = {*scored.broken, *asked, *(["age"] if {"under_18", "age_usual"} & set(asked) else [])}
    met = [(code, _met(code, look)) for code in _ORDER if code not in open_ones]
    return found + [Must("met", text) for _, text in met if text]


def _met(code: str, look: Look) -> str:
    """What is right about a rule, in words; empty where there is nothing to say."""
    facts, student, opening = look.scored.facts, look.student, look.opening
    if code == "reach":
        return _reach(look)
    if code == "dates":
        own = student.available_from or student.leaves_on
        start = day(opening.starts_on)
        return t("must.dates", own=day(own), start=start) if own else t("must.dates_start", start=start)
    if code == "hours":
        return t("must.hours", hours=span(*facts.hours)) if facts.hours and any(facts.hours) else ""
    if code == "age":
        return t("must.age", n=facts.age)
    if code == "support":
        essential = [need.code for need in facts.support or () if need.essential]
        return t("must.support", items=words("support", essential, language())) if essential else ""
    if code == "condition":
        asked = student.conditions_unacceptable is not None and opening.conditions is not None
        return t("must.condition") if asked else ""
    if code == "certificate":
        return t("must.certificate", items=words("certificate", facts.certificates_held, language())) \
            if facts.certificates_held else ""
    if code == "level":
        return t("must.level", own=code_label("level", student.level)) if student.level and opening.level_min else ""
    if code == "route":
        return t("must.route", item=code_label("route", opening.route)) if opening.route and student.route else ""
    return t("must.contract_type", item=code_word("contract_type", opening.contract_type)) \
        if opening.contract_type and student.contract_types else ""


def _reach(look: Look) -> str:
    facts = look.scored.facts
    if facts.best_minutes is not None and facts.best_means is not None:
        told = {"minutes": round(facts.best_minutes), "means": code_word("travel_means", facts.best_means)}
        if facts.max_minutes is not None:
            return t("must.reach_minutes", limit=num(facts.max_minutes), **told)
        return t("must.reach_free", **told)
    if facts.km is not None and facts.max_km is not None:
        return t("must.reach_km", km=num(facts.km, 1), limit=num(facts.max_km, 1))
    return ""


def journey(look: Look) -> str:
    """``35 min met de fiets``; empty where it is not known."""
    facts = look.scored.facts
    if facts.best_minutes is None or facts.best_means is None:
        return ""
    return f"{round(facts.best_minutes)} min {code_word('travel_means', facts.best_means)}"


def span(low: float | None, high: float | None) -> str:
    """``24–32``, ``24``, ``24+`` or ``0–32``."""
    if low is not None and high is not None:
        return num(low) if low == high else f"{num(low)}–{num(high)}"
    return f"{num(low)}+" if low is not None else f"0–{num(high or 0)}"


def change_words(better: Improvement) -> str:
    """What would have to be different, as a sentence."""
    return str(improvements.told(better, language())["sentence"])


def who_acts(better: Improvement) -> str:
    """Who could change it."""
    return str(improvements.told(better, language())["who_label"])


def tasks(texts: Sequence[str], most: int = 4) -> str:
    """Task codes and free texts as a list."""
    return listing([code_word("task", text) for text in texts], language(), most=most)


def names(name: str, codes: Sequence[str], most: int = 6) -> str:
    """Codes of a list as words."""
    return listing([code_word(name, code) for code in codes], language(), most=most)


def place(record: Student | Opening) -> str:
    """The municipality or place, never a postcode."""
    return place_name(record.location) if record.location else ""


def times(opening: Opening) -> str:
    """``7.00 tot 15.30``."""
    if opening.starts_at is None or opening.ends_at is None:
        return ""
    sign = "." if language() == "nl" else ":"
    start, end = (f"{at // 60}{sign}{at % 60:02d}" for at in (opening.starts_at, opening.ends_at))
    return t("review.times", start=start, end=end)


def age_on(born: date, on: date) -> int:
    """Whole years."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def data_state(look: Look) -> str:
    """How much is filled in, and when it was confirmed."""
    confirmed = look.student.confirmed_on
    if confirmed is None:
        return t("review.unconfirmed", percent=look.complete)
    return t("review.confirmed", percent=look.complete, date=day(confirmed))


__all__ = ["Must", "age_on", "change_words", "data_state", "journey", "musts", "names", "place", "span", "tasks",
           "times",
           "who_acts"]
