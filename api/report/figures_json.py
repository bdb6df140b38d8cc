"""``report.json``: the figures of a run for other programs.

Counts and priorities are integers. Fits, shares, ratios and loads are numbers with at most six decimals, made
from integer millionths, so that they read back exactly. A group hidden for its size has ``hidden`` true and no
figures; how the fairness figures and their intervals are made stands beside them. Keys stand in a fixed order, lists
are sorted; equal runs give equal bytes.
"""
from __future__ import annotations

import json
from typing import Any

import numpy as np

from api.fairness.intervals import Estimate
from api.match_report import MatchReport
from api.report import no_harm
from api.report.fairness import METHOD, Group, fairness
from api.report.questions import known_figures
from api.report.totals import Totals, gap, totals
from api.report.travel import travel_counts
from api.report.view import MILLION, View
from matcher.problem import GroupLimit
from matcher.solution import Stage


def report_json(view: View) -> str:
    """Return the text of ``report.json``, two spaces to a level, with a line end."""
    return json.dumps(report_data(view), ensure_ascii=False, indent=2) + "\n"


def report_data(view: View) -> dict[str, Any]:
    """Return the figures as plain data in the order in which they are written."""
    report = view.report
    stages = report.solution.stages
    last_gap = gap(stages)
    return {
        "on": report.on.isoformat(),
        "lang": report.lang,
        "status": report.solution.status,
        "proved": report.proved,
        "objective": report.solution.objective,
        "totals": _totals(totals(view)),
        "stages": [_stage(stage) for stage in stages if stage.name != "tie"],
        "gap": _gap_number(stages, last_gap),
        "ties": next((_tie(stage) for stage in stages if stage.name == "tie"), None),
        "limits": _limits(view),
        "sensitivity": _sensitivity(view),
        "fairness": {name: [_group(group) for group in groups] for name, groups in fairness(view).items()},
        "fairness_method": METHOD,
        "no_harm": _no_harm(view),
        "travel": _travel(report),
        "robustness": _robustness(view),
        "known": known_figures(report),
        "policy": {
            "name": report.policy.name, "version": report.policy.version, "digest": report.policy.digest(),
            "settings": report.policy.canonical(),
        },
        "digest": report.digest,
        "versions": dict(sorted(report.versions.items())),
    }  # fmt: skip


def decimal(micro: int | None) -> float | None:
    """Return integer millionths as the nearest number; its shortest text has at most six decimals."""
    return None if micro is None else micro / MILLION


def _totals(figures: Totals) -> dict[str, Any]:
    return {
        "students": figures.students,
        "left_out": figures.left_out,
        "placed": figures.placed,
        "unplaced": figures.unplaced,
        "unplaced_with_raised_priority": figures.kept_waiting,
        "openings": figures.openings,
        "places": figures.places,
        "filled": figures.filled,
        "left": figures.left,
        "groups_opened": figures.groups_opened,
        "groups_closed": figures.groups_closed,
        "bands": dict(figures.bands),
        "mean_fit": decimal(figures.mean_fit),
        "mean_own_best_ratio": decimal(figures.mean_ratio),
        "points_to_check": figures.to_check,
    }


def _stage(stage: Stage) -> dict[str, Any]:
    return {"name": stage.name, "value": _stage_value(stage.name, stage.value),
            "bound": _stage_value(stage.name, stage.bound)}  # fmt: skip


def _stage_value(name: str, value: int | tuple[tuple[int, int], ...]) -> Any:
    if isinstance(value, int):
        return value if name == "priority" else decimal(value)
    return [above / below for above, below in value]


def _gap_number(stages: tuple[Stage, ...], last_gap: int | None) -> int | float | None:
    names = [stage.name for stage in stages if stage.name != "tie" and isinstance(stage.value, int)]
    return last_gap if names and names[-1] == "priority" else decimal(last_gap)


def _tie(stage: Stage) -> dict[str, Any]:
    return {"rule": "highest sum of tie numbers drawn from the ids", "value": stage.value, "bound": stage.bound}


def _travel(report: MatchReport) -> dict[str, Any]:
    """Where travel times come from; pairs are eligible ones of students whose means of travel are known."""
    counts = travel_counts(report)
    if counts is None:
        return {"source": "estimate"}
    return {
        "source": "table", "digest": counts.digest, "pairs_given": counts.pairs_given, "by_table": counts.by_table,
        "by_estimate": counts.by_estimate, "places_missing": counts.places_missing,
    }  # fmt: skip


def _limits(view: View) -> dict[str, Any]:
    report = view.report
    return {
        "places": {"filled": sum(place.filled for place in view.places),
                   "places": sum(opening.places for opening in report.openings)},
        "groups": [_minimum(view, place.j) for place in view.places if report.openings[place.j].min_to_open > 1],
        "load": _loads(view),
        "caps": [_cap(report, limit) for limit in sorted(report.problem.limits, key=lambda limit: limit.name)],
    }  # fmt: skip


def _sensitivity(view: View) -> dict[str, Any] | None:
    """How many regrets and worths are known, and where one more place helps, most first."""
    known = view.report.sensitivity
    if known is None:
        return None
    helps = np.flatnonzero(known.worth_known & ((known.worth_placed > 0) | (known.worth_fit > 0))).tolist()
    return {
        "pairs": len(known.known), "pairs_known": int(known.known.sum()),
        "openings": len(known.worth_known), "openings_known": int(known.worth_known.sum()),
        "one_more_place": [
            {"opening": view.report.openings[j].key, "worth_placed": int(known.worth_placed[j]),
             "worth_fit": decimal(int(known.worth_fit[j]))}
            for j in sorted(helps, key=lambda j: (-int(known.worth_placed[j]), -int(known.worth_fit[j]), j))
        ],
    }  # fmt: skip


def _robustness(view: View) -> dict[str, Any] | None:
    """How many proposals hold in every scenario; None where that is left open."""
    known = view.report.robustness
    if known is None:
        return None
    first = sum(proposal.look_first for proposal in view.queue)
    return {"scenarios": list(known.names), "robust": len(view.queue) - first, "look_first": first}


def _no_harm(view: View) -> dict[str, Any] | None:
    """Who has less than chance would have given, the largest gap first; no place counts as 0."""
    chance = view.report.chance
    if chance is None:
        return None
    listed = [
        {"student": view.report.students[one.proposal.i].key, "placed": one.proposal.placed, "fit": decimal(one.fit),
         "chance_fit": decimal(one.chance_fit), "chance_placed": one.chance_placed}
        for one in no_harm.no_harm(view)
    ]  # fmt: skip
    return {"orders": chance.orders, "seed": no_harm.SEED, "method": no_harm.METHOD, "below": listed}


def _minimum(view: View, j: int) -> dict[str, Any]:
    opening, place = view.report.openings[j], view.places[j]
    return {"opening": opening.key, "min_to_open": opening.min_to_open, "present": opening.present,
            "filled": place.filled, "places": opening.places, "opens": place.opens}  # fmt: skip


def _loads(view: View) -> list[dict[str, Any]]:
    report, used = view.report, view.load
    capacity = report.problem.load_capacity
    return [
        {"opening": opening.key, "used": decimal(int(used[j])), "capacity": decimal(int(capacity[j]))}
        for j, opening in enumerate(report.openings)
        if capacity[j] >= 0
    ]


def _cap(report: MatchReport, limit: GroupLimit) -> dict[str, Any]:
    placed = limit_used(report, limit)
    return {"name": limit.name, "at_least": limit.at_least, "at_most": limit.at_most, "placed": placed}


def limit_used(report: MatchReport, limit: GroupLimit) -> int:
    """Return how many placements of the plan count for a limit."""
    pairs = report.pair_of[report.pair_of >= 0]
    rows, columns = report.problem.rows[pairs], report.problem.indices[pairs]
    inside = np.ones(len(pairs), dtype=bool)
    if limit.students is not None:
        inside &= np.isin(rows, limit.students)
    if limit.openings is not None:
        inside &= np.isin(columns, limit.openings)
    return int(inside.sum())


def _group(group: Group) -> dict[str, Any]:
    if group.hidden:
        return {"group": group.code, "hidden": True}
    made: dict[str, Any] = {"group": group.code, "hidden": False, "students": group.students, "placed": group.placed}
    for name, estimate in (
        ("placed_share", group.share), ("selection_ratio", group.rate_ratio), ("mean_fit", group.fit),
        ("mean_own_best_ratio", group.own_best), ("mean_km", group.distance),
    ):  # fmt: skip
        made[name] = None if estimate is None else decimal(estimate.value)
        made[f"{name}_interval"] = _ends(estimate)
    return made | {"alarm": group.alarm, "means_hidden": group.few}


def _ends(estimate: Estimate | None) -> list[float | None] | None:
    return None if estimate is None else [decimal(estimate.low), decimal(estimate.high)]
