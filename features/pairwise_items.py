"""Support needed against support offered, and work skills against demands, item by item."""
from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from features.codes import code_list
from features.eligibility import Eligibility
from features.measures import Measures
from features.pairwise_numbers import Ints, Ranged, half_even, where_known
from features.records import Demand, SupportNeed
from features.settings import MILLION, NEUTRAL

OFFER = ("unknown", "no", "limited", "yes")

_NEEDS: tuple[tuple[str | None, bool], ...] = tuple(
    (when, essential) for when in ("startup", None, "structural") for essential in (False, True)
)
Table = NDArray[np.int64]


def need_weight(need: SupportNeed, measures: Measures) -> int:
    """Return what a needed item weighs in `SupportFeature`."""
    return measures.when_weight[need.when] * (measures.weigh_essential if need.essential else 1)


def offer_worth(when: str | None, offer: str, measures: Measures) -> int:
    """Return what an offer is worth to a need, in millionths: yes all, no nothing, limited some."""
    return {"yes": MILLION, "no": 0, "limited": measures.limited[when]}[offer]


def demand_weight(demand: Demand) -> int:
    """Return what a demanded skill or task weighs: a must counts twice."""
    return 2 if demand.must else 1


class SupportFeature:
    """Part of the needed support that the workplace offers, heavier items counting more.

    What an item weighs and what limited support is worth say `Measures`: by default 2 (start-up), 3 (not said) or 4
    (structural), twice that when essential; limited counts in part (0.70 for start-up, 0.55, 0.40 for structural:
    it goes a long way at the start, less far for good), offered in full, not offered for nothing. An item
    the workplace says nothing about counts neutral. 1 when the student needs none; unknown when the
    student's needs were not asked.
    """

    def __init__(self, e: Eligibility) -> None:
        order = code_list("support").codes
        self._needs = np.zeros((len(order), len(e.students)), dtype=np.int8)
        self._offers = np.zeros((len(order), len(e.openings)), dtype=np.int8)
        self._total = np.zeros(len(e.students), dtype=np.int64)
        self._asked = np.array([s.support_needed is not None for s in e.students], dtype=bool)
        for i, s in enumerate(e.students):
            for need in s.support_needed or ():
                self._needs[order.index(need.code), i] = 1 + _NEEDS.index((need.when, need.essential))
                self._total[i] += need_weight(need, e.settings.measures)
        for j, o in enumerate(e.openings):
            for code, how in o.support_offered or ():
                self._offers[order.index(code), j] = OFFER.index(how)
        self._tables = _support_tables(e.settings.measures)

    def __call__(self, i: Ints, j: Ints) -> Ranged:
        """Return the feature of the pairs (i, j)."""
        sums = _item_sums((row[i] for row in self._needs), (row[j] for row in self._offers), self._tables)
        total = self._total[i]
        none = total == 0
        value, low, high = (
            np.where(none, MILLION, half_even(part, np.maximum(total, 1))) for part in sums
        )
        return where_known(self._asked[i], Ranged(value, low, high))


def _support_tables(measures: Measures) -> tuple[Table, Table, Table]:
    """Return weight x worth per (need, offer), with unknown offers at neutral, nothing and all."""
    shape = (1 + len(_NEEDS), len(OFFER))
    tables = (np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64))
    for row, (when, essential) in enumerate(_NEEDS, 1):
        weight = need_weight(SupportNeed("", when, essential), measures)
        for table, unknown in zip(tables, (NEUTRAL, 0, MILLION), strict=True):
            table[row] = [weight * (unknown if o == "unknown" else offer_worth(when, o, measures)) for o in OFFER]
    return tables


class WorkSkillsFeature:
    """How far the student's work skills reach the demanded levels; a must counts twice.

    A skill at or above its demand counts 1; one, two or three levels short as `Measures` says (0.5, 0.2, 0). A skill
    whose level or demand is not known counts neutral. Unknown when nothing is demanded or no skill is known.
    """

    def __init__(self, e: Eligibility) -> None:
        order = code_list("work_skill").codes
        self._levels = np.zeros((len(order), len(e.students)), dtype=np.int8)  # 0 unknown, else level + 1
        self._demands = np.zeros((len(order), len(e.openings)), dtype=np.int8)  # see _demand_state
        self._total = np.zeros(len(e.openings), dtype=np.int64)
        self._known = np.array([bool(s.work_skills) for s in e.students], dtype=bool)
        for i, s in enumerate(e.students):
            for code, level in s.work_skills:
                self._levels[order.index(code), i] = level + 1
        for j, o in enumerate(e.openings):
            for demand in distinct_demands(o.work_skills):
                self._demands[order.index(demand.text), j] = _demand_state(demand)
                self._total[j] += demand_weight(demand)
        self._tables = _skill_tables(e.settings.measures)

    def __call__(self, i: Ints, j: Ints) -> Ranged:
        """Return the feature of the pairs (i, j)."""
        sums = _item_sums((row[i] for row in self._levels), (row[j] for row in self._demands), self._tables)
        total = self._total[j]
        value, low, high = (half_even(part, np.maximum(total, 1)) for part in sums)
        return where_known((total > 0) & self._known[i], Ranged(value, low, high))


def distinct_demands(demands: Sequence[Demand]) -> list[Demand]:
    """Return one demand per text, the strictest where a text comes twice."""
    best: dict[str, Demand] = {}
    for d in demands:
        other = best.get(d.text)
        if other is None or (d.must, d.level or 0) > (other.must, other.level or 0):
            best[d.text] = d
    return [best[text] for text in sorted(best)]


def _demand_state(demand: Demand) -> int:
    """Return 1-5 for a wish and 6-10 for a must: level not said, then levels 0 to 3; 0 is no demand."""
    return 1 + 5 * demand.must + (0 if demand.level is None else demand.level + 1)


def _skill_tables(measures: Measures) -> tuple[Table, Table, Table]:
    """Return weight x worth per (own level or unknown, demand), with unknowns at neutral, nothing and all."""
    tables = (np.zeros((5, 11), dtype=np.int64), np.zeros((5, 11), dtype=np.int64), np.zeros((5, 11), dtype=np.int64))
    for table, unknown in zip(tables, (NEUTRAL, 0, MILLION), strict=True):
        for own in range(5):
            for state in range(1, 11):
                weight, level = 1 + (state > 5), (state - 1) % 5 - 1
                met = level == 0  # everybody reaches the lowest level
                unsure = not met and (own == 0 or level < 0)
                worth = unknown if unsure else measures.shortfall[max(0, level - own + 1) if own else 0]
                table[own, state] = weight * worth
    return tables


def _item_sums(
    own: Iterable[NDArray[np.int8]], other: Iterable[NDArray[np.int8]], tables: tuple[Table, Table, Table]
) -> tuple[Ints, Ints, Ints]:
    """Add up, over the items, each table's entry at (own state, other side's state), per pair."""
    value, low, high = (table.ravel() for table in tables)
    width = tables[0].shape[1]
    sums: list[Ints] = []
    for ours, theirs in zip(own, other, strict=True):
        state = ours.astype(np.intp) * width + theirs
        if sums:
            sums[0] += value[state]
            sums[1] += low[state]
            sums[2] += high[state]
        else:
            sums = [value[state], low[state], high[state]]
    return sums[0], sums[1], sums[2]
