"""For how many pairs a table of travel times was used, and for how many the estimate."""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from api.match_report import MatchReport
from features.codes import code_list
from features.eligibility_reach import usable_means
from matcher.problem import FORBID


@dataclass(frozen=True, slots=True)
class TravelCounts:
    """Eligible pairs of students whose means are known: told by the table for every means, or not.

    ``places_missing`` counts the distinct pairs of places behind ``by_estimate``.
    """

    digest: str
    pairs_given: int
    by_table: int
    by_estimate: int
    places_missing: int


def travel_counts(report: MatchReport) -> TravelCounts | None:
    """Return the counts; None where no table was given."""
    near, table = report.eligibility.near, report.eligibility.times
    if near.times is None or table is None:
        return None
    order = code_list("travel_means").codes
    needed = np.array(
        [[code in usable_means(student) for code in order] for student in report.students], dtype=bool
    ).reshape(-1, len(order))
    pairs = np.flatnonzero(report.problem.locks != FORBID)
    i, j = report.problem.rows[pairs], report.problem.indices[pairs]
    timed = needed[i].any(axis=1)
    i, j = i[timed], j[timed]
    here, there = near.student[i], near.opening[j]
    slot = near.times.slot(here, there)
    told = np.zeros((len(i), len(order)), dtype=bool)
    has = slot >= 0
    told[has] = table.times[slot[has]] >= 0
    whole = (told | ~needed[i]).all(axis=1)
    missing = {(int(a), int(b)) for a, b in zip(here[~whole], there[~whole], strict=True)}
    return TravelCounts(table.digest, table.pairs, int(whole.sum()), int((~whole).sum()), len(missing))
