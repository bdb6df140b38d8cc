"""Sentences on what the student wants: branch, travel, hours, conditions and route.

Each function takes the facts of a pair and the sign of the contribution, and returns the key and facts of a
sentence of `api.texts.reasons`. ``up`` says that the contribution is above 0.
"""
from __future__ import annotations

from api.texts.catalogue import say
from api.texts.dates import number
from api.texts.reasons import REASONS
from api.texts.words import word, words
from features.pairwise_facts import PairFacts

_OVERSEAS = 1000.0  # road km: an island, see features.water
Said = tuple[str, dict[str, object]]


def branch(facts: PairFacts, up: bool, lang: str) -> Said:
    """Say where the branch stands among the wishes."""
    named: dict[str, object] = {"branch": word("branch", facts.branch, lang)}
    if facts.branch_excluded:
        return "branch_excluded", named
    if not facts.branch_rank:
        return "branch_absent", named
    if facts.branch_rank == 1:
        return "branch_first", named
    return ("branch_rank" if up else "branch_late"), {**named, "rank": facts.branch_rank}


def travel(facts: PairFacts, up: bool, lang: str) -> Said:
    """Say how long or far it is; where it counts against the place, with the limit that is nearest."""
    km, means, minutes = facts.km or 0.0, facts.best_means, facts.best_minutes
    timed: dict[str, object] = {}
    if means is not None and minutes is not None:
        timed = {"minutes": number(minutes, lang), "means": word("travel_means", means, lang)}
    far: dict[str, object] = {"km": number(km, lang)}
    if up:
        if minutes is not None and timed and round(minutes) > 0:
            return "travel_minutes", timed
        return ("travel_km", far) if round(km) > 1 else ("travel_near", {})
    of_time = minutes / facts.max_minutes if minutes is not None and facts.max_minutes else 0.0
    of_way = km / facts.max_km if facts.max_km else 0.0
    if km >= _OVERSEAS:
        return "travel_water", {}
    if timed and facts.max_minutes and of_time >= of_way:
        return "travel_long", {**timed, "limit": number(facts.max_minutes, lang)}
    if facts.max_km:
        return "travel_far", {**far, "limit": number(facts.max_km, lang)}
    return "travel_distant", far


def hours(facts: PairFacts, up: bool, lang: str) -> Said:
    """Say which hours both sides can."""
    if facts.hours is None:
        return "hours_apart", {}
    low, high = (None if end is None else number(end, lang, decimals=1) for end in facts.hours)
    if low == high and low is not None:
        shown = say(REASONS, "range_equal", lang, low=low)
    elif low is None:
        shown = say(REASONS, "range_to", lang, high=high)
    elif high is None:
        shown = say(REASONS, "range_from", lang, low=low)
    else:
        shown = say(REASONS, "range", lang, low=low, high=high)
    return ("hours_fit" if up else "hours_partly"), {"hours": shown}


def conditions(facts: PairFacts, up: bool, lang: str) -> Said:
    """Say which wanted conditions are there, or which are not."""
    met = facts.conditions_met or ()
    if up:
        return "conditions_met", {"items": words("condition", met, lang)}
    missing = [code for code in facts.conditions_wanted if code not in met]
    return "conditions_missing", {"items": words("condition", missing, lang)}


def route(facts: PairFacts, up: bool, lang: str) -> Said:  # noqa: ARG001
    """Say whether group or individual is what the student chose."""
    kind = "group" if facts.route == "group" else "individual"
    return (f"route_{kind}" if up else f"route_{kind}_not"), {}
