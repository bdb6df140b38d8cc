"""The two records of a pair as they would be after a change, so that its fit is the fit it would have."""
from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

from features.eligibility import Refusal
from features.records import Opening, Student

Pair = tuple[Student, Opening]
Names = Callable[[str], tuple[str, ...]]


def lifted(student: Student, opening: Opening, refusal: Refusal, *, on: date, names: Names) -> Pair | None:
    """Return the records with one rule lifted; None where no record could say so.

    ``names`` gives the codes of a task text, as `features.eligibility_tasks.TaskSets.names`.
    """
    change = _CHANGES.get(refusal.rule)
    if change is not None:
        return change(student, opening, refusal, on)
    if refusal.rule == "task":
        gone = set(refusal.limit.split("|"))
        tasks = tuple(replace(t, must=t.must and not gone & set(names(t.text))) for t in opening.tasks)
        return student, replace(opening, tasks=tasks)
    return None


def _capacity(s: Student, o: Opening, _: Refusal, __: date) -> Pair:
    return replace(s, work_capacity="yes"), o


def _freshness(s: Student, o: Opening, refusal: Refusal, on: date) -> Pair:
    return (replace(s, confirmed_on=on), o) if refusal.detail == "student" else (s, replace(o, confirmed_on=on))


def _reach(s: Student, o: Opening, refusal: Refusal, _: date) -> Pair | None:
    if refusal.detail == "water":
        return None
    if refusal.detail == "alone":
        return replace(s, travel_means=(*s.travel_means, "brought")), o
    further = math.ceil(round((refusal.by or 0.0) + float(_limit(s, refusal)), 3))
    return (replace(s, max_km=further), o) if refusal.detail == "km" else (replace(s, max_minutes=further), o)


def _limit(s: Student, refusal: Refusal) -> float:
    return (s.max_km if refusal.detail == "km" else s.max_minutes) or 0.0


def _hours(s: Student, o: Opening, _: Refusal, __: date) -> Pair:
    if s.hours_min is not None and o.hours_max is not None and s.hours_min > o.hours_max:
        return replace(s, hours_min=o.hours_max), o
    return replace(s, hours_max=o.hours_min), o


def _dates(s: Student, o: Opening, refusal: Refusal, on: date) -> Pair:
    if refusal.detail == "closed":
        return s, replace(o, closes_on=on)
    return replace(s, available_from=o.starts_on), o


def _age(s: Student, o: Opening, refusal: Refusal, _: date) -> Pair:
    age = int(refusal.found)
    return s, replace(o, age_min=age) if refusal.detail == "young" else replace(o, age_max=age)


def _entry(s: Student, o: Opening, _: Refusal, __: date) -> Pair:
    return s, replace(o, entry="either")


def _route(s: Student, o: Opening, _: Refusal, __: date) -> Pair:
    return replace(s, route=(*s.route, o.route or "")), o


def _contract(s: Student, o: Opening, _: Refusal, __: date) -> Pair:
    return replace(s, contract_types=(*s.contract_types, o.contract_type or "")), o


def _branch(s: Student, o: Opening, _: Refusal, __: date) -> Pair:
    return replace(s, branches_excluded=tuple(code for code in s.branches_excluded if code != o.branch)), o


def _certificate(s: Student, o: Opening, refusal: Refusal, _: date) -> Pair:
    return s, replace(o, certificates_obtainable=(*o.certificates_obtainable, refusal.limit))


def _level(s: Student, o: Opening, _: Refusal, __: date) -> Pair:
    return s, replace(o, level_min=s.level)


def _support(s: Student, o: Opening, refusal: Refusal, _: date) -> Pair:
    offered = tuple((code, "yes" if code == refusal.limit else how) for code, how in o.support_offered or ())
    return s, replace(o, support_offered=offered)


def _condition(s: Student, o: Opening, refusal: Refusal, _: date) -> Pair:
    return s, replace(o, conditions=tuple(code for code in o.conditions or () if code != refusal.limit))


def _skill(s: Student, o: Opening, refusal: Refusal, _: date) -> Pair:
    code = refusal.limit.split("=")[0]
    return s, replace(o, work_skills=tuple(replace(d, must=d.must and d.text != code) for d in o.work_skills))


def _participation(s: Student, o: Opening, refusal: Refusal, _: date) -> Pair:
    return s, replace(o, criteria_not_met=tuple(code for code in o.criteria_not_met if code != refusal.limit))


def _unchanged(s: Student, o: Opening, _: Refusal, __: date) -> Pair:
    return s, o


_CHANGES: Mapping[str, Callable[[Student, Opening, Refusal, date], Pair | None]] = {
    "work_capacity_unknown": _capacity, "freshness": _freshness, "reach": _reach, "hours": _hours, "dates": _dates,
    "age": _age, "entry": _entry, "route": _route, "contract_type": _contract, "branch": _branch,
    "certificate": _certificate, "level": _level, "support": _support, "condition": _condition, "skill": _skill,
    "participation": _participation, "region": _unchanged, "min_fit": _unchanged, "forbidden": _unchanged,
}  # fmt: skip
