"""Where people and places stand under the plans that hold: unplaced and why, left out and what to do, what is wanted.

Nobody vanishes: who is in no run, or may not be proposed, is told by name with what somebody can do about it.
"""
from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from api.explain.blocks import STUDENT_RULES
from api.policy import Policy
from api.services.cards import never_placed
from api.services.records import student_of
from api.services.run_inputs import policy_now, policy_of
from api.store import plans, queues, releases, runs, standing
from api.store.paging import Place
from api.store.people import Session
from api.texts.catalogue import count, say
from api.texts.changes import named_vacancy
from api.texts.regret import move_sentences, named_moves
from api.texts.rules import BLOCKS_STUDENT, COUNTS
from api.texts.rules_helps import HELPS
from api.texts.standing import ACTORS, LEFT_OUT, WHO
from features.completeness import freshness_state
from features.records import Student
from features.settings import RuleSettings


def fresh_since(session: Session, regions: Iterable[str], today: date) -> dict[str, date]:
    """Per region with a plan, the first day on which a student's confirmation is not too old today, by its policy."""
    return {region: today - timedelta(days=rules.fresh_refused_days)
            for region, rules in _rules(session, regions).items()}  # fmt: skip


def numbers(session: Session, regions: Iterable[str], today: date) -> list[tuple[str, str, int, datetime]]:
    """Return how many wait as (state, region, number, since when the oldest), where any do."""
    mine = frozenset(regions)
    return queues.numbers(session, mine, fresh_since(session, mine, today))


def too_old(session: Session, student_id: str, policy: Policy, today: date) -> bool:
    """Whether the data of a student that hold now are too old for a next run."""
    confirmed = student_of(releases.profile_now(session, student_id)).confirmed_on
    return freshness_state(confirmed, today, policy.rules) == "old"


def _rules(session: Session, regions: Iterable[str]) -> dict[str, RuleSettings]:
    return {region: policy_of(text).rules for region, text in plans.policy_texts(session, regions).items()}


def unplaced_number(session: Session, regions: Iterable[str], today: date) -> int:
    """How many have no place in the plan that holds (`unplaced`)."""
    return standing.unplaced_number(session, fresh_since(session, regions, today))


def unplaced(
    session: Session, regions: Iterable[str], after: Place, limit: int, *, today: date, lang: str
) -> list[dict[str, Any]]:
    """Return who has no place in the plan that holds: what binds, the smallest change, and who can act."""
    found = standing.unplaced(session, fresh_since(session, regions, today), after, limit)
    at = [(one.change or {}).get("opening", "") for one in found]
    students, openings = runs.names_of(session, [one.student_id for one in found], at)
    return [
        {"student": students.get(one.student_id), "run_id": one.run_id, "blocked": blocks(one.blocked, lang),
         "change": _change(one.change, openings, lang), "facts": one.facts}
        for one in found
    ]  # fmt: skip


def blocks(blocked: Mapping[str, int], lang: str) -> list[dict[str, Any]]:
    """What blocks a student, the rule that binds most first: in words, what to try, and who can."""
    order = sorted(blocked, key=lambda code: (code not in STUDENT_RULES, -blocked[code], code))
    return [
        {"code": code, "number": blocked[code],
         "sentence": say(BLOCKS_STUDENT, code, lang, openings=count(COUNTS, "openings", blocked[code], lang)),
         "helps": say(HELPS, code, lang) if code in HELPS else "", "who": WHO[code],
         "who_label": say(ACTORS, WHO[code], lang)}
        for code in order
    ]  # fmt: skip


def _change(change: Mapping[str, Any] | None, openings: Mapping[str, Any], lang: str) -> dict[str, Any] | None:
    if change is None:
        return None
    who, opening = WHO[change["code"]], openings.get(change["opening"])
    return {"code": change["code"], "sentence": named_vacancy(change[lang], opening, lang), "more": change["more"],
            "who": who, "who_label": say(ACTORS, who, lang), "opening": opening}  # fmt: skip


def left_out(session: Session, known: Sequence[standing.Known], today: date, lang: str) -> list[dict[str, Any]]:
    """Return who takes part in no plan, may not be proposed, or lost the place there, with what one can do about it."""
    settings = _rules(session, {one.region for one in known if one.region is not None})
    other = policy_now(session).rules
    told = [(one, _why(one, settings.get(one.region or "", other), today)) for one in known]
    found = [(one, code) for one, code in told if code]
    students, _ = runs.names_of(session, [one.student_id for one, _ in found], [])
    return [
        {"student": students.get(one.student_id), "code": code, "sentence": say(LEFT_OUT, code, lang),
         "who": WHO[code], "who_label": say(ACTORS, WHO[code], lang)}
        for one, code in found
    ]  # fmt: skip


def _why(one: standing.Known, settings: RuleSettings, today: date) -> str:
    student: Student = student_of(one.record)
    for code, holds in (
        ("no_region", one.region is None),
        (never := never_placed(student), bool(never)),
        ("not_looking", one.rests),
        ("freshness", freshness_state(student.confirmed_on, today, settings) == "old"),
        ("no_plan", one.plan is None),
        ("next_run", not one.in_plan and not one.holds),  # whose place holds outside the plan is not left out
        ("rejected", one.turned_down and not one.holds),
    ):
        if holds:
            return code
    return ""


def places_wanted(session: Session, regions: frozenset[str], lang: str) -> list[dict[str, Any]]:
    """Return, per branch and region, what one more place gains at the opening where it gains most; most first.

    ``placed`` counts priorities, ``fit`` millionths; ``moves`` who would go where, ``placed_students`` who would get
    a place at last.
    """
    best: dict[tuple[str, str], tuple[int, int, Any]] = {}
    number: dict[tuple[str, str], int] = {}
    for outcome, region, branch in standing.openings(session, regions):
        cell = (branch, region)
        number[cell] = number.get(cell, 0) + 1
        worth = outcome.worth
        if worth and (worth["placed"], worth["fit"]) > best.get(cell, (0, 0, None))[:2]:
            best[cell] = (worth["placed"], worth["fit"], outcome)
    moves = [move for *_, outcome in best.values() for move in outcome.worth["moves"] or ()]
    students, openings = runs.names_of(
        session, [move["student"] for move in moves],
        [outcome.opening_id for *_, outcome in best.values()]
        + [move[end] for move in moves for end in ("from", "to") if move[end]],
    )  # fmt: skip
    found = []
    for (branch, region), (placed, fit, outcome) in best.items():
        told = named_moves(outcome.worth["moves"] or (), students, openings, lang=lang, regions=regions)
        found.append({
            "branch": branch, "region_code": region, "openings": number[branch, region], "placed": placed, "fit": fit,
            "opening": openings.get(outcome.opening_id), "moves": told, "sentences": move_sentences(told, lang),
            "placed_students": [move["student_name"] for move in told if not move["from"] and move["to"]],
        })  # fmt: skip
    return sorted(found, key=lambda one: (-one["placed"], -one["fit"], one["branch"], one["region_code"]))


__all__ = ["blocks", "fresh_since", "left_out", "numbers", "places_wanted", "too_old", "unplaced", "unplaced_number"]
