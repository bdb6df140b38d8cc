"""How the plan treats groups of students: who gets a place, how well it fits, how far it is, with small groups hidden.

Students who look for a place count: those with a destination, or who leave for day activities, do not. A group of
fewer than `SMALL` is not shown, nor are means over fewer than `SMALL` placed students, nor what would give them away
(`api.fairness.suppression`).
"""
from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from api.fairness.intervals import RESAMPLES, Estimate, mean_of, ratio_of_shares, share_of
from api.fairness.suppression import SMALL, Relation, hidden_cells
from api.report.view import MILLION, Proposal, View
from features.records import Student

UNKNOWN = "unknown"
ALARM = 800_000
"""A selection-rate ratio below this, in millionths, is an alarm: the four-fifths rule."""
METHOD = {
    "counted": "students without a destination who do not leave for day activities",
    "smallest_group": SMALL,
    "confidence": 0.95,
    "placed_share": "Wilson score interval",
    "selection_ratio": "placed share over that of the best placed known group; interval by MOVER-R from both Wilson "
    "intervals",
    "means": f"percentile bootstrap over the placed of the group, {RESAMPLES} resamples, seeded by its name",
    "alarm_below": ALARM / MILLION,
}
"""How the figures are made, in words for ``report.json``."""
_LOOKING = ("", "none", UNKNOWN)
Cell = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Group:
    """One group of a table, estimates in millionths (of a km for ``distance``).

    Everything is None where the group is hidden. ``rate_ratio`` is None for the best placed group itself and where
    nobody is placed anywhere. Means are over the placed of the group: None where nobody is placed, or, with
    ``few``, where they are too few to show.
    """

    code: str
    students: int | None
    placed: int | None = None
    share: Estimate | None = None
    rate_ratio: Estimate | None = None
    fit: Estimate | None = None
    own_best: Estimate | None = None
    distance: Estimate | None = None
    few: bool = False

    @property
    def hidden(self) -> bool:
        """Whether the group is too small to show."""
        return self.students is None

    @property
    def alarm(self) -> bool:
        """Whether the group is placed less than four fifths as often as the best placed one."""
        return self.rate_ratio is not None and self.rate_ratio.value < ALARM


def looks_for_a_place(student: Student) -> bool:
    """Whether the student could be given a place at all."""
    return student.destination in _LOOKING and student.background.leaving_profile != "day_activities"


def support_level(student: Student) -> str:
    """Return unknown (not asked), none, structural (any item), or startup (the rest)."""
    if student.support_needed is None:
        return UNKNOWN
    if not student.support_needed:
        return "none"
    return "structural" if any(need.when == "structural" for need in student.support_needed) else "startup"


def region(student: Student) -> str:
    """Return the labour-market region where the student lives."""
    return student.location.region_code if student.location is not None else UNKNOWN


def route(student: Student) -> str:
    """Return individual, group, either (both) or unknown."""
    if len(student.route) > 1:
        return "either"
    return student.route[0] if student.route else UNKNOWN


def school_type(student: Student) -> str:
    """Return the type of school, referrer for a side entrant without one."""
    if student.background.is_referrer and not student.background.school_type:
        return "referrer"
    return student.background.school_type or UNKNOWN


def waiting(student: Student, on: date) -> str:
    """Return how long ago the student left school, in four bands; not_left before that day, unknown without one."""
    if student.leaves_on is None:
        return UNKNOWN
    days = (on - student.leaves_on).days
    if days <= 0:
        return "not_left"
    return next((code for most, code in ((91, "3_months"), (182, "6_months"), (365, "12_months")) if days <= most),
                "longer")  # fmt: skip


DIMENSIONS: dict[str, Callable[[Student], str]] = {
    "support_level": support_level,
    "region": region,
    "route": route,
    "school_type": school_type,
}
"""What a policy can treat differently: the dimensions that need no name of a school and no day."""


def dimensions(on: date) -> dict[str, Callable[[Student], str]]:
    """Return every dimension of the tables, in their order, as a function from student to group."""
    return {
        "school": lambda student: student.school,
        "school_type": school_type,
        "route": route,
        "support_level": support_level,
        "region": region,
        "waiting": lambda student: waiting(student, on),
    }


def fairness(view: View) -> dict[str, tuple[Group, ...]]:
    """Return the table of every dimension, groups sorted by code."""
    report = view.report
    split = dimensions(report.on)
    counted = [p for p in view.proposals if looks_for_a_place(report.students[p.i])]
    members: dict[Cell, list[Proposal]] = {}
    for proposal in counted:
        for name, of in split.items():
            members.setdefault((name, of(report.students[proposal.i])), []).append(proposal)
    km = _kilometres(view, counted)
    placed = {cell: [p for p in inside if p.placed] for cell, inside in members.items()}
    away = {cell: [km[p.i] for p in inside if p.i in km] for cell, inside in placed.items()}
    sums = _sums(view, members)
    hidden = hidden_cells({cell: len(inside) for cell, inside in members.items()}, sums)
    no_means = hidden_cells({cell: len(inside) for cell, inside in placed.items()}, sums, also=hidden)
    no_distance = hidden_cells({cell: len(inside) for cell, inside in away.items()}, sums, also=no_means)
    made = {}
    for name in split:
        cells = sorted(cell for cell in members if cell[0] == name)
        shown = [cell for cell in cells if cell not in hidden]
        best = _best(name, {cell: (len(placed[cell]), len(members[cell])) for cell in shown})
        made[name] = tuple(
            Group(cell[1], None) if cell in hidden else
            _group(
                cell, members[cell], placed[cell], best, few=cell in no_means,
                away=None if cell in no_distance else away[cell],
            )
            for cell in cells
        )  # fmt: skip
    return made


def _best(name: str, shown: Mapping[Cell, tuple[int, int]]) -> tuple[Cell, int, int] | None:
    """The known group that is placed most often (the larger of equals), with its counts; None where nobody is."""
    known = [(cell, *counts) for cell, counts in shown.items() if cell != (name, UNKNOWN) and counts[0]]
    return max(known, key=lambda row: (row[1] / row[2], row[2], row[0]), default=None)


def _group(
    cell: Cell, members: Sequence[Proposal], placed: Sequence[Proposal], best: tuple[Cell, int, int] | None,
    *, few: bool, away: Sequence[int] | None,
) -> Group:  # fmt: skip
    ratio = None
    if best is not None and best[0] != cell:
        ratio = ratio_of_shares(len(placed), len(members), *best[1:])
    name = "/".join(cell)
    return Group(
        cell[1], len(members), len(placed), share_of(len(placed), len(members)), ratio,
        None if few else mean_of([proposal.fit for proposal in placed], f"{name}/fit"),
        None if few else mean_of([proposal.ratio for proposal in placed], f"{name}/own_best"),
        None if away is None else mean_of(away, f"{name}/distance"), few,
    )  # fmt: skip


def _kilometres(view: View, proposals: Sequence[Proposal]) -> dict[int, int]:
    """Road km from home to the proposed work in millionths, by student; who or what has no known place is left out."""
    placed = [proposal for proposal in proposals if proposal.placed]
    eligibility = view.report.eligibility
    near, factor = eligibility.near, eligibility.settings.road_factor
    who, where = (np.array(column, dtype=np.int64) for column in ([p.i for p in placed], [p.j for p in placed]))
    if not placed:
        return {}
    metres = near.between(near.student[who], near.opening[where]).tolist()
    return {p.i: round(m * factor * 1_000) for p, m in zip(placed, metres, strict=True) if m >= 0}


def _sums(view: View, members: Mapping[Cell, Sequence[Proposal]]) -> list[Relation[Cell]]:
    """What adds up: every dimension to the whole, and the schools of a type to that type.

    Schools that share a type, and types that share a school, are taken together: over them both add up to the same.
    """
    names = sorted({name for name, _ in members})
    sums: list[Relation[Cell]] = [{cell: 1 for cell in members if cell[0] == name} for name in names]
    group: dict[Cell, set[Cell]] = {}
    for cell, inside in members.items():
        if cell[0] == "school":
            types = {("school_type", school_type(view.report.students[proposal.i])) for proposal in inside}
            together = {cell, *types}.union(*(group.get(one, set()) for one in types))
            for one in together:
                group[one] = together
    for together in {id(cells): cells for cells in group.values()}.values():
        sums.append({cell: 1 if cell[0] == "school" else -1 for cell in together})
    return sums


__all__ = [
    "ALARM", "DIMENSIONS", "METHOD", "SMALL", "UNKNOWN", "Group", "dimensions", "fairness", "looks_for_a_place",
    "region", "route", "school_type", "support_level", "waiting",
]  # fmt: skip
