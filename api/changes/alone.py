"""Whether a change concerns the one pair it is about alone, so that solving again must give the student that place.

A change of an opening (support it offers, a task that is no longer a must) may let others in as well, or change their
fit below the floor: then others compete for the place, and nothing is certain. A change of a student gives that
student every opening it makes possible: which of them is taken decides whether one certain opening is filled.
"""
from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from api.match_report import MatchReport
from api.refit import refit
from features.records import Opening, Student
from matcher.problem import FORBID

Changed = tuple[int, int, Student, Opening, int]
"""Indices of student and opening, both records after the change, and the fit of the pair then."""


def concerns_alone(report: MatchReport, changes: Sequence[Changed], *, fills: bool) -> list[bool]:
    """Return for each change whether it leaves everybody else's possibilities as they are.

    ``fills`` asks more of a change of the student: no other opening it makes possible may fit as well.
    """
    result = [True] * len(changes)
    of_openings = [k for k, (_, j, _, o, _) in enumerate(changes) if o is not report.openings[j]]
    if of_openings:
        for k, alone in zip(of_openings, _openings_alone(report, [changes[k] for k in of_openings]), strict=True):
            result[k] = alone
    if fills:
        of_students = [k for k, (i, _, s, _, _) in enumerate(changes) if s is not report.students[i]]
        if of_students:
            for k, first in zip(of_students, _first_choices(report, [changes[k] for k in of_students]), strict=True):
                result[k] = result[k] and first
    return result


def _openings_alone(report: MatchReport, changes: Sequence[Changed]) -> list[bool]:
    """Whether nobody but the student gains or loses the opening; where fits count alone, no fit may change either."""
    now = refit(report, report.students, [o for _, _, _, o, _ in changes])
    before = np.zeros((len(report.students), len(changes)), dtype=np.int64)
    problem = report.problem
    for k, (_, j, _, _, _) in enumerate(changes):
        pairs = np.flatnonzero((problem.indices == j) & (problem.locks != FORBID))
        before[problem.rows[pairs], k] = problem.values[pairs]
        barred = problem.rows[(problem.indices == j) & (problem.locks == FORBID)]
        now[barred, k] = 0
        fixed = report.broken[pairs] != 0  # eligible by a decision, whatever the rules say
        now[problem.rows[pairs[fixed]], k] = problem.values[pairs[fixed]]
    differs = (now > 0) != (before > 0) if report.solution.objective == "placed" else now != before
    for k, (i, _, _, _, _) in enumerate(changes):
        differs[i, k] = False
    return [not any_other for any_other in differs.any(axis=0).tolist()]


def _first_choices(report: MatchReport, changes: Sequence[Changed]) -> list[bool]:
    """Whether no other opening that becomes possible fits the student as well as the one to be filled."""
    fits = refit(report, [s for _, _, s, _, _ in changes], report.openings)
    problem = report.problem
    result = []
    for k, (i, j, _, _, fit) in enumerate(changes):
        had = problem.indices[problem.indptr[i] : problem.indptr[i + 1]]  # full or closed to this student, or rejected
        others = fits[k].copy()
        others[had] = 0
        others[j] = 0
        result.append(bool(fit > others.max(initial=0)))
    return result
