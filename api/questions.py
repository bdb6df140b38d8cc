"""What to ask next: for every missing answer what it could change, told by computing again with each it can have.

A *question* is one missing field of a student or an opening. For each answer of `features.answers` every rule and every
fit is computed again; a pair that a rule or the floor refuses counts 0. What a question can change is, summed over the
other side, the greatest value less the least. The question with most comes first.
"""
from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from api.match_report import Known, MatchReport, Question, Questions
from api.refit import refit
from features.answers import Changes, World, opening_answers, participation_answers, student_answers
from features.completeness import (
    OPENING,
    STUDENT,
    completeness,
    freshness_state,
    missing_of_opening,
    missing_of_student,
)
from features.records import Opening, Student
from matcher.problem import FORBID

LOOKING = ("", "none", "unknown")
MOST_WORK = 12_000_000
"""Records with an answer times the other side beyond which nothing is computed again: it would take longer than
the plan itself (some ten seconds)."""
_AT_ONCE = 4_000_000  # pairs per turn
Record = TypeVar("Record", Student, Opening)
Values = NDArray[np.int64]


@dataclass(slots=True)
class _Side(Generic[Record]):
    """Records with one answer each, and whose and which question they answer."""

    records: list[Record] = field(default_factory=list)
    owner: list[int] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def add(self, record: Record, owner: int, name: str, answers: Sequence[Changes]) -> None:
        for changes in answers:
            given: dict[str, Any] = dict(changes)
            self.records.append(replace(record, **given))
            self.owner.append(owner)
            self.asked.append(name)


def questions(report: MatchReport) -> Questions:
    """Work out completeness, freshness and the questions of a run; a pure function of the report."""
    students, openings = report.students, report.openings
    world = World(students, openings, report.on, report.policy.rules)
    of_students = [_asked(missing_of_student(student), student.confirmed_on, report) for student in students]
    of_openings = [_asked(missing_of_opening(opening), opening.confirmed_on, report) for opening in openings]
    ours, theirs = _Side[Student](), _Side[Opening]()
    answers = student_answers(world)
    for i, (student, missing) in enumerate(zip(students, of_students, strict=True)):
        if student.destination in LOOKING and student.background.leaving_profile != "day_activities":
            for name in missing:
                ours.add(student, i, name, answers.get(name, ()))
    other_answers = opening_answers(world)
    for j, (opening, missing) in enumerate(zip(openings, of_openings, strict=True)):
        for name in missing:
            found = participation_answers(opening) if name == "participation" else other_answers.get(name, ())
            theirs.add(opening, j, name, found)
    measured = len(ours.records) * len(openings) + len(theirs.records) * len(students) <= MOST_WORK
    by_student: dict[int, dict[str, Question]] = {}
    by_opening: dict[int, dict[str, Question]] = {}
    if measured:
        by_student, by_opening = _measure(report, ours, theirs)
    rules, on = report.policy.rules, report.on
    return Questions(
        tuple(
            Known(completeness(len(missing_of_student(student)), len(STUDENT)),
                  freshness_state(student.confirmed_on, on, rules),
                  _ranked(missing, by_student.get(i, {})))
            for i, (student, missing) in enumerate(zip(students, of_students, strict=True))
        ),
        tuple(
            Known(completeness(len(missing_of_opening(opening)), len(OPENING)),
                  freshness_state(opening.confirmed_on, on, rules),
                  _ranked(missing, by_opening.get(j, {})))
            for j, (opening, missing) in enumerate(zip(openings, of_openings, strict=True))
        ),
        measured,
    )  # fmt: skip


def _asked(missing: tuple[str, ...], confirmed: date | None, report: MatchReport) -> tuple[str, ...]:
    """What is missing, and to be confirmed again what is no longer fresh."""
    state = freshness_state(confirmed, report.on, report.policy.rules)
    return (*missing, "confirmed_on") if state in ("marked", "old") else missing


def _ranked(missing: Sequence[str], told: Mapping[str, Question]) -> tuple[Question, ...]:
    """Most first; what nothing depends on last, in the order of the fields."""
    found = [told.get(name, Question(name)) for name in missing]
    return tuple(sorted(found, key=lambda q: (-(q.change or 0), -(q.decides or 0), missing.index(q.name))))


def _measure(
    report: MatchReport, ours: _Side[Student], theirs: _Side[Opening]
) -> tuple[dict[int, dict[str, Question]], dict[int, dict[str, Question]]]:
    forbidden = np.flatnonzero(report.problem.locks == FORBID)
    barred = np.zeros((len(report.students), len(report.openings)), dtype=bool)
    barred[report.problem.rows[forbidden], report.problem.indices[forbidden]] = True

    def of_students(records: Sequence[Student], owner: Sequence[int]) -> Values:
        return np.where(barred[list(owner)], 0, refit(report, records, report.openings))

    def of_openings(records: Sequence[Opening], owner: Sequence[int]) -> Values:
        return np.where(barred[:, list(owner)], 0, refit(report, report.students, records)).T

    return (
        _told(ours, len(report.openings), of_students), _told(theirs, len(report.students), of_openings)
    )  # fmt: skip


def _told(
    side: _Side[Record], width: int, fits: Callable[[Sequence[Record], Sequence[int]], Values]
) -> dict[int, dict[str, Question]]:
    """One question per record and field: rows of ``fits`` are answers, columns the other side."""
    result: dict[int, dict[str, Question]] = {}
    for begin, end in _turns(side, width):
        values = fits(side.records[begin:end], side.owner[begin:end])
        at = begin
        while at < end:
            after = at
            while after < end and (side.owner[after], side.asked[after]) == (side.owner[at], side.asked[at]):
                after += 1
            question = _question(side.asked[at], values[at - begin : after - begin])
            result.setdefault(side.owner[at], {})[side.asked[at]] = question
            at = after
    return result


def _turns(side: _Side[Record], width: int) -> list[tuple[int, int]]:
    """Whole questions at a time, so many that the pairs fit in memory."""
    most = max(1, _AT_ONCE // max(width, 1))
    found, begin = [], 0
    for at in range(1, len(side.records) + 1):
        last = at == len(side.records)
        new = not last and (side.owner[at], side.asked[at]) != (side.owner[at - 1], side.asked[at - 1])
        if last or (new and at - begin >= most):
            found.append((begin, at))
            begin = at
    return found


def _question(name: str, values: Values) -> Question:
    if not values.size:
        return Question(name, 0, 0, 0, 0)
    low, high, best = values.min(axis=0), values.max(axis=0), values.max(axis=1)
    decides = int(((low == 0) & (high > 0)).sum())
    return Question(name, int((high - low).sum()), decides, int(best.min()), int(best.max()))
