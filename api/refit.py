"""Fits of changed records under the settings of a run: what a pair would be worth, were something else the case."""
from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from api.match_report import MatchReport
from features.eligibility import evaluate
from features.records import Opening, Student
from features.scoring import score_pairs


def refit(
    report: MatchReport, students: Sequence[Student], openings: Sequence[Opening]
) -> NDArray[np.int64]:
    """Return the fit of every pair, shape (students, openings), in millionths; 0 where a rule or the floor refuses it.

    The records need not be those of the report; rules, weights, day and travel times are. Decisions count for nothing.
    """
    found = evaluate(students, openings, report.policy.rules, on=report.on, times=report.eligibility.times)
    scored = score_pairs(students, openings, found, report.policy.weights)
    fits = np.zeros((len(students), len(openings)), dtype=np.int64)
    fits[found.rows, scored.indices] = np.where(scored.fit >= report.policy.min_fit, scored.fit, 0)
    return fits
