"""Would fit better if: single changes of a pair, each scored by the pipeline itself. Nothing is stored.

What is promised is what a recomputation gives: a change is tried on the records, and the fit told is the fit of the
records as they would be then.
"""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from api.changes.lifting import lifted
from api.explain.refusals import refusal_sentence
from api.services.pairs import Rules
from api.texts.catalogue import say
from api.texts.improvements import IMPROVEMENTS
from api.texts.standing import ACTORS, WHO
from api.texts.words import word
from features.codes import code_list
from features.eligibility import Eligibility, evaluate
from features.records import Opening, Student
from features.scoring import ScoredPairs, score_pairs

MOST = 6
LEAST = 10_000  # millionths: a point
_LATER = (480, 540)  # minutes after midnight


@dataclass(frozen=True, slots=True)
class Variant:
    """One change: what is changed (``key``), who could, both records as they would be, and what to say."""

    key: str
    who: str
    student: Student
    opening: Opening
    list_name: str = ""
    item: str = ""
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Improvement:
    """A change with the fit that it gives (millionths) and its band; ``gain`` over the fit now, if there is one."""

    variant: Variant
    fit: int
    band: str
    gain: int


@dataclass(frozen=True, eq=False)
class Trial:
    """Pairs and their changes, weighed all at once: as the rules see them, and as they score."""

    scored: ScoredPairs
    places: list[tuple[int, int]]

    @property
    def eligibility(self) -> Eligibility:
        """What the rules say."""
        return self.scored.eligibility

    def at(self, k: int) -> int | None:
        """Where pair ``k`` stands among the scored ones; None: a rule refuses it."""
        i, j = self.places[k]
        start, end = self.eligibility.indptr[i : i + 2]
        at = int(start + np.searchsorted(self.eligibility.indices[start:end], j))
        return at if at < end and self.eligibility.indices[at] == j else None

    def fit(self, k: int) -> int | None:
        """The fit of pair ``k`` in millionths; None: a rule refuses it, though somebody fixed it."""
        at = self.at(k)
        return None if at is None or self.eligibility.broken[at] else int(self.scored.fit[at])


@dataclass(frozen=True, slots=True)
class Judged:
    """A pair as it is (place ``at`` in ``trial``), its fit now (None: refused), and the changes that help most."""

    trial: Trial
    at: int
    fit: int | None
    found: list[Improvement]


def improvements(
    student: Student, opening: Opening, rules: Rules, key: str = ""
) -> tuple[int | None, list[Improvement]]:
    """Return the fit now (None: refused) and the changes that help most; with ``key`` that one alone."""
    judged = judge([(student, opening)], rules, key)[0]
    return judged.fit, judged.found


def judge(pairs: Sequence[tuple[Student, Opening]], rules: Rules, key: str = "") -> list[Judged]:
    """Weigh pairs and their single changes, all in one go: the rules cost much the same for one pair as for fifty.

    The pairs themselves are scored whatever a rule says of them; a change is told only if no rule refuses it and it
    reaches the floor, as in a run.
    """
    variants = [[v for v in (*_of_opening(s, o), *_of_student(s, o)) if key in ("", v.key)] for s, o in pairs]
    trial = _weigh([*pairs, *((v.student, v.opening) for some in variants for v in some)], rules, fixed=len(pairs))
    found, at = [], len(pairs)
    for k, ((student, opening), some) in enumerate(zip(pairs, variants, strict=True)):
        now, tried = trial.fit(k), [(variant, trial.fit(at + n)) for n, variant in enumerate(some)]
        at += len(some)
        if student.work_capacity == "no":  # the pipeline leaves such a student out, whatever else changes
            now, tried = None, []
        elif now is None:
            lifts = (_lift(trial.eligibility, trial.places[k], (student, opening), rules),)
            tried += [(v, _weigh([(v.student, v.opening)], rules).fit(0)) for v in lifts if v and key in ("", v.key)]
        found.append(Judged(trial, k, now, _best(tried, now or 0, rules)))
    return found


def _best(tried: Sequence[tuple[Variant, int | None]], now: int, rules: Rules) -> list[Improvement]:
    found = [Improvement(variant, fit, rules.policy.band(fit), fit - now) for variant, fit in tried
             if fit is not None and fit >= rules.policy.min_fit and fit - now >= LEAST]  # fmt: skip
    return sorted(found, key=lambda one: (-one.gain, one.variant.key))[:MOST]


def told(one: Improvement, lang: str) -> dict[str, Any]:
    """An improvement for people."""
    variant = one.variant
    facts = dict(variant.facts)
    if variant.list_name:
        facts["item"] = word(variant.list_name, variant.item, lang)
    if variant.key.startswith("rule."):
        facts["sentence"] = facts[lang]
    return {
        "key": variant.key, "who": variant.who, "who_label": say(ACTORS, variant.who, lang), "fit": one.fit,
        "band": one.band, "gain": one.gain, "sentence": say(IMPROVEMENTS, variant.key.split(".")[0], lang, **facts),
    }  # fmt: skip


def _weigh(pairs: Sequence[tuple[Student, Opening]], rules: Rules, *, fixed: int = 0) -> Trial:
    """Weigh pairs, the first ``fixed`` of them whatever a rule says.

    Each record takes part once: a change leaves one of the two as it is, so that far fewer pairs are looked at than
    changed students times changed openings.
    """
    students = list({id(s): s for s, _ in pairs}.values())
    openings = list({id(o): o for _, o in pairs}.values())
    rows, columns = ({id(one): k for k, one in enumerate(side)} for side in (students, openings))
    places = [(rows[id(s)], columns[id(o)]) for s, o in pairs]
    eligible = evaluate(students, openings, rules.policy.rules, on=rules.on, fixed=frozenset(places[:fixed]))
    return Trial(score_pairs(students, openings, eligible, rules.policy.weights), places)


def _of_opening(s: Student, o: Opening) -> Iterator[Variant]:
    """What the employer could change."""
    offered = dict(o.support_offered or ())
    for need in s.support_needed or ():
        if offered.get(need.code) != "yes":
            more = tuple(sorted({**offered, need.code: "yes"}.items()))
            yield Variant(f"support.{need.code}", "employer", s, replace(o, support_offered=more), "support", need.code)
    for code in o.conditions or ():
        if code in (s.conditions_unacceptable or ()) or code not in s.conditions_wanted:
            rest = tuple(one for one in o.conditions or () if one != code)
            yield Variant(f"condition.{code}", "employer", s, replace(o, conditions=rest), "condition", code)
    if s.hours_max is not None and o.hours_min is not None and (o.hours_min, o.hours_max) != (s.hours_min, s.hours_max):
        low = s.hours_min if s.hours_min is not None else s.hours_max
        text = f"{low:g}" if low == s.hours_max else f"{low:g}-{s.hours_max:g}"
        yield Variant("hours", "employer", s, replace(o, hours_min=low, hours_max=s.hours_max),
                      facts=(("hours", text),))  # fmt: skip
    for at in _LATER:
        if o.starts_at is not None and o.starts_at < at:
            rest = tuple(one for one in o.conditions or () if one != "early_start")
            late = replace(o, starts_at=at, conditions=rest if o.conditions is not None else None,
                           ends_at=None if o.ends_at is None else o.ends_at + at - o.starts_at)  # fmt: skip
            yield Variant(f"later.{at}", "employer", s, late, facts=(("time", f"{at // 60}.{at % 60:02d}"),))
    for demand in o.tasks:
        tasks = tuple(one for one in o.tasks if one != demand)
        yield Variant(f"task.{demand.text}"[:60], "employer", s, replace(o, tasks=tasks), "task", demand.text)
    for demand in o.work_skills:
        level = dict(s.work_skills).get(demand.text)
        if level is not None and level < (demand.level or 0):
            easier = tuple(replace(one, level=level) if one == demand else one for one in o.work_skills)
            yield Variant(f"skill.{demand.text}", "employer", s, replace(o, work_skills=easier), "work_skill",
                          demand.text)  # fmt: skip
    for code in s.contract_types:
        if code != o.contract_type:
            yield Variant(f"contract.{code}", "employer", s, replace(o, contract_type=code), "contract_type", code)


def _of_student(s: Student, o: Opening) -> Iterator[Variant]:
    """What the student could be asked."""
    if o.branch not in s.branches:
        away = tuple(code for code in s.branches_excluded if code != o.branch)
        wish = replace(s, branches=(*s.branches, o.branch), branches_excluded=away)
        yield Variant(f"branch.{o.branch}", "student", wish, o, "branch", o.branch)
    for means in ("e_bike", "moped", "brought"):
        if s.travel_means and means not in s.travel_means and means in code_list("travel_means"):
            yield Variant(f"travel.{means}", "student", replace(s, travel_means=(*s.travel_means, means)), o,
                          "travel_means", means)  # fmt: skip
    if s.route and o.route and o.route not in s.route:
        yield Variant(f"route.{o.route}", "student", replace(s, route=(*s.route, o.route)), o, "route", o.route)


def _lift(eligible: Eligibility, at: tuple[int, int], pair: tuple[Student, Opening], rules: Rules) -> Variant | None:
    """The one rule that refuses, lifted: several are no single change."""
    refusals = eligible.refusals(*at)
    if len(refusals) != 1:
        return None
    (refusal,) = refusals
    changed = lifted(*pair, refusal, on=rules.on, names=eligible.tasks.names)
    if changed is None or changed == pair:
        return None
    said = tuple((lang, refusal_sentence(refusal, lang)) for lang in ("nl", "en"))
    return Variant(f"rule.{refusal.rule}", WHO[refusal.rule], *changed, facts=said)


__all__ = ["Improvement", "Judged", "Trial", "Variant", "improvements", "judge", "told"]
