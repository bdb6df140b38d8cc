"""Every figure of a solved case as one list of rows: the table on stdout, the CSV and the page are made of it.

Figures of plan and schools come from `matcher.metrics`; shares, fits and ratios are millionths, counts are counts.
"""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from api.assign_files import limit_ids
from api.assign_read import Stated
from api.evaluate.agreement import Flags, Floats, auc, auc_interval, auc_within, brier, grouped, tau_b
from api.evaluate.outcomes import Outcomes
from api.fairness.intervals import MILLION, Estimate, mean_of, share_of
from api.fairness.suppression import SMALL, hidden_cells
from api.tables import Cell, Number, millionths
from matcher.metrics import Metrics, limits_used, metrics, metrics_by
from matcher.problem import FORBID, Ints, Problem

HEADER = ("part", "group", "metric", "value", "low", "high", "n")
BINS = 10
"""Groups of equal width of points against outcome."""
COUNTS = ("students", "placed", "blocking_pairs", "envious")
FITS = ("total_fit", "mean_fit", "worst_fit", "tenth_percentile", "own_best_ratio", "worst_ratio")


@dataclass(frozen=True, slots=True)
class Row:
    """One figure: ``value`` and its ends are counts, or millionths where ``micro``; ``n`` is over how many.

    ``part`` is plan, school, rank, limit, outcome, reliability or grouped. A hidden group has one row with the metric
    ``hidden``.
    """

    part: str
    group: str
    metric: str
    value: int | None = None
    low: int | None = None
    high: int | None = None
    n: int | None = None
    micro: bool = True

    def cells(self) -> tuple[Cell, ...]:
        """The row in the order of `HEADER`."""
        ends = tuple(self._cell(number) for number in (self.value, self.low, self.high))
        return (self.part, self.group, self.metric, *ends, self.n)

    def _cell(self, number: int | None) -> Cell:
        if number is None or not self.micro:
            return number
        return Number(millionths(number))


def plan_rows(case: Stated, assignment: Ints, schools: Sequence[str] | None) -> list[Row]:
    """Return every metric of the plan: of all, of each school with enough students, of every limit."""
    problem = case.problem
    whole = metrics(problem, assignment)
    rows = _figures("plan", "all", whole, _intervals("plan/all", problem, assignment, range(problem.n)))
    rows += [
        Row("rank", "all", str(k), number, n=whole.placed, micro=False) for k, number in enumerate(whole.ranks, 1)
    ]
    if schools is not None:
        rows += _school_rows(problem, assignment, schools)
    names = {"group": limit_ids(problem)}
    for use in limits_used(problem, assignment):
        name = names.get(use.kind, case.openings)[use.index]
        rows.append(Row("limit", name, use.kind, use.used, use.at_least, use.at_most, micro=use.kind == "load"))
    return rows


def _school_rows(problem: Problem, assignment: Ints, schools: Sequence[str]) -> list[Row]:
    members: dict[str, list[int]] = {}
    for i, school in enumerate(schools):
        members.setdefault(school, []).append(i)
    placed = {name: int((assignment[inside] >= 0).sum()) for name, inside in members.items()}
    whole = [dict.fromkeys(members, 1)]
    hidden = hidden_cells({name: len(inside) for name, inside in members.items()}, whole)
    few = hidden_cells(placed, whole, also=hidden)
    rows = []
    for name, found in metrics_by(problem, assignment, schools).items():
        if name in hidden:
            rows.append(Row("school", name, "hidden"))
        else:
            ends = None if name in few else _intervals(f"school/{name}", problem, assignment, members[name])
            rows += _figures("school", name, found, ends)
    return rows


def _figures(part: str, group: str, found: Metrics, ends: Mapping[str, Estimate] | None) -> list[Row]:
    """The figures of one group with the intervals of its means; None: they are over so few that they would tell of
    persons, and are left out.
    """
    rows = [Row(part, group, name, getattr(found, name), n=found.students, micro=False) for name in COUNTS]
    if found.students:
        share = share_of(found.placed, found.students)
        rows.append(Row(part, group, "placed_share", found.placed_share, share.low, share.high, found.students))
    for name in FITS if ends is not None else ():
        one = None if ends is None else ends.get(name)
        low, high = (None, None) if one is None else (one.low, one.high)
        rows.append(Row(part, group, name, getattr(found, name), low, high, found.placed))
    return rows


def _intervals(name: str, problem: Problem, assignment: Ints, members: Sequence[int]) -> dict[str, Estimate]:
    """Bootstrap intervals of the means over the placed."""
    pair = problem.pairs_of(assignment)
    best = np.zeros(problem.n, dtype=np.int64)
    free = problem.locks != FORBID
    np.maximum.at(best, problem.rows[free], problem.values[free])
    inside = [i for i in members if pair[i] >= 0]
    fits = [int(problem.values[pair[i]]) for i in inside]
    ratios = [round(MILLION * int(problem.values[pair[i]]) / int(best[i])) for i in inside if best[i] > 0]
    found = {"mean_fit": mean_of(fits, f"{name}/fit"), "own_best_ratio": mean_of(ratios, f"{name}/own_best")}
    return {key: estimate for key, estimate in found.items() if estimate is not None}


def outcome_rows(case: Stated, schools: Sequence[str] | None, found: Outcomes) -> list[Row]:
    """Return how the fits compare with what came of the pairs."""
    problem = case.problem
    pairs = np.array([one.pair for one in found.known], dtype=np.int64)
    fit: Floats = problem.values[pairs] / MILLION
    well: Flags = np.array([one.went_well for one in found.known], dtype=bool)
    n = len(pairs)
    share = share_of(int(well.sum()), n)
    rows = [
        Row("outcome", "all", "outcomes", n, n=n, micro=False),
        Row("outcome", "all", "went_well", share.value, share.low, share.high, n),
        Row("outcome", "all", "brier_fit", _micro(brier(fit, well)), n=n),
        Row("outcome", "all", "brier_constant", _micro(brier(np.full(n, well.mean()), well)), n=n),
    ]
    bins, error = _reliability(problem.values[pairs], well)
    rows.append(Row("outcome", "all", "calibration_error", error, n=n))
    ends = auc_interval(fit, well) or (None, None)
    rows.append(Row("outcome", "all", "auc", _micro(auc(fit, well)), _micro(ends[0]), _micro(ends[1]), n))
    rows.append(Row("outcome", "all", "kendall_tau_b", _micro(tau_b(fit, well)), n=n))
    rows += bins
    for name, groups in _groupings(case, schools, found, pairs).items():
        rows += _grouped_rows(name, fit, well, groups)
    return rows


def _groupings(
    case: Stated, schools: Sequence[str] | None, found: Outcomes, pairs: Ints
) -> dict[str, list[str]]:
    """By what nobody may be on both sides: school, and employer or else vacancy; of an `assign` case the opening."""
    openings = [case.openings[j] for j in case.problem.indices[pairs].tolist()]
    if schools is None:
        return {"by_group": openings}
    made = {"by_school": [schools[i] for i in case.problem.rows[pairs].tolist()]}
    if all(one.employer for one in found.known):
        return made | {"by_employer": [one.employer for one in found.known]}
    return made | {"by_vacancy": [name.rpartition("@")[0] for name in openings]}


def _grouped_rows(name: str, fit: Floats, well: Flags, groups: Sequence[str]) -> list[Row]:
    n = len(fit)
    rows = [Row("grouped", name, "groups", len(set(groups)), n=n, micro=False)]
    rows.append(Row("grouped", name, "auc_within", _micro(auc_within(fit, well, groups)), n=n))
    measured = grouped(fit, well, groups)
    if measured is not None:
        rows += [
            Row("grouped", name, "folds", measured.folds, n=n, micro=False),
            Row("grouped", name, "brier_calibrated", _micro(measured.calibrated), n=n),
            Row("grouped", name, "brier_base", _micro(measured.base), n=n),
            Row("grouped", name, "skill", _micro(measured.skill), n=n),
        ]
    return rows


def _reliability(fit: Ints, well: Flags) -> tuple[list[Row], int]:
    """The share that went well per ten points, small groups hidden; and the mean gap between points and share."""
    width = MILLION // BINS
    number = np.clip(fit // width, 0, BINS - 1)
    sizes = {k: int((number == k).sum()) for k in range(BINS)}
    hidden = hidden_cells(sizes, [dict.fromkeys(sizes, 1)])
    rows, gap = [], 0.0
    for k, size in sizes.items():
        if not size:
            continue
        inside = number == k
        points = round(float(fit[inside].mean()))
        share = share_of(int(well[inside].sum()), size)
        gap += size * abs(float(fit[inside].mean()) - MILLION * float(well[inside].mean()))
        name = f"{k * width / MILLION:.1f}-{(k + 1) * width / MILLION:.1f}"
        if k in hidden:
            rows.append(Row("reliability", name, "hidden"))
        else:
            rows.append(Row("reliability", name, "predicted", points, n=size))
            rows.append(Row("reliability", name, "observed", share.value, share.low, share.high, size))
    return rows, round(gap / len(fit))


def _micro(number: float | None) -> int | None:
    return None if number is None else round(number * MILLION)


__all__ = ["BINS", "COUNTS", "FITS", "HEADER", "SMALL", "Row", "outcome_rows", "plan_rows"]
