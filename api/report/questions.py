"""``questions.csv`` and figures: how much is known of everybody, how fresh it is, what to ask next."""
from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from api.fairness.intervals import mean
from api.match_report import Known, MatchReport
from api.report.view import MILLION, View
from api.tables import Cell, Number, millionths
from api.texts.catalogue import say
from api.texts.questions import OF_OPENING, OF_STUDENT
from features.completeness import FRESHNESS

QUESTIONS = (
    "side", "school", "student_ref", "vacancy_ref", "starts_on", "complete", "freshness", "rank", "ask", "decides",
    "change", "best_low", "best_high", "question",
)  # fmt: skip
SIDES = {"student": OF_STUDENT, "opening": OF_OPENING}


def question_rows(view: View) -> tuple[tuple[Cell, ...], ...]:
    """Return a row per missing answer, students first, both by key; where none is missing one without a question."""
    report = view.report
    if report.questions is None:
        return ()
    rows: list[tuple[Cell, ...]] = []
    who = sorted(zip(report.students, report.questions.students, strict=True),
                 key=lambda one: (one[0].school, one[0].student_ref))  # fmt: skip
    for student, known in who:
        rows += _rows("student", (student.school, student.student_ref, None, None), known, view.lang)
    where = sorted(zip(report.openings, report.questions.openings, strict=True),
                   key=lambda one: (one[0].vacancy_ref, one[0].starts_on))  # fmt: skip
    for opening, known in where:
        rows += _rows("opening", (None, None, opening.vacancy_ref, opening.starts_on.isoformat()), known, view.lang)
    return tuple(rows)


def _rows(side: str, key: tuple[Cell, ...], known: Known, lang: str) -> Iterator[tuple[Cell, ...]]:
    head = (side, *key, _micro(known.complete), known.freshness)
    if not known.questions:
        yield (*head, *(None,) * 7)
    for rank, q in enumerate(known.questions, 1):
        figures = (q.decides, *(_micro(part) for part in (q.change, q.best_low, q.best_high)))
        yield (*head, rank, q.name, *figures, say(SIDES[side], q.name, lang))


def _micro(number: int | None) -> Number | None:
    return None if number is None else Number(millionths(number))


def known_figures(report: MatchReport) -> dict[str, Any] | None:
    """Return mean completeness and counts by freshness for ``report.json``."""
    if report.questions is None:
        return None
    return {
        "measured": report.questions.measured,
        "students": _figures(report.questions.students), "openings": _figures(report.questions.openings),
    }  # fmt: skip


def _figures(known: Sequence[Known]) -> dict[str, Any]:
    states = Counter(one.freshness for one in known)
    share = mean([one.complete for one in known])
    return {
        "mean_complete": None if share is None else share / MILLION,
        "complete": sum(one.complete == MILLION for one in known),
        "freshness": {state: states[state] for state in FRESHNESS},
    }
