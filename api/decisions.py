"""Connectors' decisions on pairs, turned into locks: who is fixed where, and which pairs are forbidden.

The latest decision on a pair wins. On one and the same day the more precise one wins (one that names an
intake over one for every intake), then reject over pin over accept over defer: the more careful word.
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from api.match_report import Decision
from features.records import Opening, Student

_CARE = {"defer": 0, "accept": 1, "pin": 2, "reject": 3}


@dataclass(frozen=True, slots=True)
class Locks:
    """What the decisions fix.

    ``fixed`` are pairs (i, j) that a person wants, eligible whatever rule they break; ``either`` lists per
    student the openings of one vacancy of which one must be theirs, where a decision was about every intake of
    a vacancy with several; ``forbidden`` are the rejected pairs. ``unknown`` are the positions of decisions
    about a student or vacancy that is not in the lists, with the name of the column at fault.
    """

    fixed: frozenset[tuple[int, int]]
    pins: frozenset[tuple[int, int]]
    either: tuple[tuple[int, tuple[int, ...]], ...]
    forbidden: frozenset[tuple[int, int]]
    unknown: tuple[tuple[int, str], ...]


def resolve(decisions: Sequence[Decision], students: Sequence[Student], openings: Sequence[Opening]) -> Locks:
    """Return the locks of ``decisions`` on these students and openings (indices into both)."""
    rows = {(student.school, student.student_ref): i for i, student in enumerate(students)}
    intakes: dict[str, list[int]] = {}
    for j, opening in enumerate(openings):
        intakes.setdefault(opening.vacancy_ref, []).append(j)
    unknown: list[tuple[int, str]] = []
    last: dict[tuple[int, int], tuple[date, bool, int, bool]] = {}
    for position, decision in enumerate(decisions):
        i = rows.get((decision.school, decision.student_ref))
        columns = intakes.get(decision.vacancy_ref, [])
        if decision.starts_on is not None:
            columns = [j for j in columns if openings[j].starts_on == decision.starts_on]
        fault = _fault(i, columns, intakes, decision)
        if fault:
            unknown.append((position, fault))
            continue
        assert i is not None
        for j in columns:
            word = (decision.on or date.min, decision.starts_on is not None, _CARE[decision.decision], len(columns) > 1)
            last[i, j] = max(word, last.get((i, j), word))
    return _locks(last, openings, tuple(unknown))


def _fault(i: int | None, columns: list[int], intakes: dict[str, list[int]], decision: Decision) -> str:
    if i is None:
        return "student_ref"
    if decision.vacancy_ref not in intakes:
        return "vacancy_ref"
    return "" if columns else "starts_on"


def _locks(
    last: dict[tuple[int, int], tuple[date, bool, int, bool]],
    openings: Sequence[Opening],
    unknown: tuple[tuple[int, str], ...],
) -> Locks:
    pins, either, forbidden = set(), dict[tuple[int, str], list[int]](), set()
    for (i, j), (_, _, care, several) in sorted(last.items()):
        if care == _CARE["reject"]:
            forbidden.add((i, j))
        elif care in (_CARE["pin"], _CARE["accept"]):
            if several:
                either.setdefault((i, openings[j].vacancy_ref), []).append(j)
            else:
                pins.add((i, j))
    groups = []
    for (i, _), columns in sorted(either.items()):
        if len(columns) == 1:
            pins.add((i, columns[0]))
        elif not any((i, j) in pins for j in columns):  # a pin on one intake already says which
            groups.append((i, tuple(columns)))
    fixed = pins | {(i, j) for i, columns in groups for j in columns}
    return Locks(frozenset(fixed), frozenset(pins), tuple(groups), frozenset(forbidden), unknown)
