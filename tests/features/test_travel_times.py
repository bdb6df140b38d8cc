"""A table of travel times in place of the estimate: what it says counts, what it does not say stays estimated."""
from __future__ import annotations

import dataclasses
from typing import ClassVar

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from features.codes import code_list
from features.eligibility import RULES, Eligibility, evaluate
from features.eligibility_pairs import points_to_check
from features.errors import FeatureError
from features.pairwise import pair_features
from features.pairwise_facts import pair_facts
from features.records import Location, Opening, Student
from features.settings import FEATURES, RuleSettings
from features.text import link_tasks
from features.travel import minutes
from features.travel_times import TravelTimes, place_times, travel_times
from tests.features.drawn_pairs import COHORTS, ON, TASKS
from tests.features.plain_rules import Plain

MEANS = code_list("travel_means").codes
LINKED = dict(zip(TASKS, link_tasks(TASKS), strict=True))
AREAS = (8102, 8103, 8121, 7411)
"""8102 and 8103 lie at one point: to a table they are two places all the same."""
POINTS = {8102: (52.386, 6.276), 8103: (52.386, 6.276), 8121: (52.335, 6.11), 7411: (52.255, 6.163)}
Table = dict[tuple[int, int], dict[str, int]]
Cohort = tuple[list[Student], list[Opening], RuleSettings]


def place(area: int) -> Location:
    return Location(str(area), *POINTS[area], "GM0177", "AM36")


def build(table: Table) -> TravelTimes:
    rows = list(table)
    times = np.array([[table[row].get(m, -1) for m in MEANS] for row in rows], dtype=np.int32).reshape(-1, 7)
    return travel_times([a for a, _ in rows], [b for _, b in rows], times)


def told(table: Table, home: int, work: int, means: str) -> int | None:
    """What a table says: the way there, or else the way back."""
    found = table.get((home, work), {}).get(means)
    return table.get((work, home), {}).get(means) if found is None else found


class Timed(Plain):
    """The plain rules with a table."""

    table: ClassVar[Table] = {}

    def taken(self, straight: float, means: str) -> float:
        assert self.s.location is not None and self.o.location is not None
        found = told(self.table, int(self.s.location.label), int(self.o.location.label), means)
        return super().taken(straight, means) if found is None else found / 1000


TABLES = st.dictionaries(
    st.tuples(st.sampled_from(AREAS), st.sampled_from(AREAS)),
    st.dictionaries(st.sampled_from(MEANS), st.sampled_from([0, 5_000, 7_000, 19_999, 45_000, 46_500, 300_000])),
    max_size=8,
)
HOMES = st.lists(st.sampled_from(AREAS), min_size=12, max_size=12)


def moved(cohort: Cohort, where: list[int]) -> Cohort:
    ours, theirs, rules = cohort
    ours = [dataclasses.replace(s, location=s.location and place(where[i])) for i, s in enumerate(ours)]
    theirs = [dataclasses.replace(o, location=o.location and place(where[6 + j])) for j, o in enumerate(theirs)]
    return ours, theirs, rules


def masks(e: Eligibility) -> tuple[np.ndarray, np.ndarray]:
    i, j = (side.ravel() for side in np.indices((len(e.students), len(e.openings))))
    return e.refused_by(i, j), points_to_check(e.sides, i, j)


@settings(max_examples=40, suppress_health_check=list(HealthCheck))
@given(COHORTS, HOMES, TABLES)
def test_reach_equals_the_plain_rule_with_the_table(cohort: Cohort, where: list[int], table: Table) -> None:
    ours, theirs, rules = moved(cohort, where)
    e = evaluate(ours, theirs, rules, on=ON, times=build(table))
    Timed.table = table
    refused, asked = masks(e)
    reach, ask = RULES.index("reach"), 1 << 6
    for k, (s, o) in enumerate((s, o) for s in ours for o in theirs):
        plain = Timed(s, o, rules, ON, LINKED)
        refuses, asks = plain.result()
        assert bool(int(refused[k]) >> reach & 1) == ("reach" in refuses)
        assert bool(int(asked[k]) & ask) == ("reach" in asks)
        i, j = divmod(k, len(theirs))
        if "reach" in refuses:
            assert e.refusals_of("reach", i, j)
    for i in range(len(ours)):  # the pairs that are looked at one by one, and the counts over classes
        row = e.indices[e.indptr[i] : e.indptr[i + 1]].tolist()
        assert row == [j for j in range(len(theirs)) if not int(refused[i * len(theirs) + j])]
        count = sum(int(refused[i * len(theirs) + j]) >> reach & 1 for j in range(len(theirs)))
        assert e.blocked_students[i, reach] == count


@settings(max_examples=15, suppress_health_check=list(HealthCheck))
@given(COHORTS, HOMES, TABLES)
def test_comfort_and_facts_are_those_of_the_quickest_time(cohort: Cohort, where: list[int], table: Table) -> None:
    ours, theirs, rules = moved(cohort, where)
    e = evaluate(ours, theirs, rules, on=ON, times=build(table))
    bare = evaluate(ours, theirs, rules, on=ON)
    i, j = (side.ravel() for side in np.indices((len(ours), len(theirs))))
    travel = FEATURES.index("travel")
    value, estimate = (pair_features(x, i, j).value[:, travel].tolist() for x in (e, bare))
    for k, (s, o) in enumerate((s, o) for s in ours for o in theirs):
        facts = pair_facts(e, int(i[k]), int(j[k]))
        if s.location is None or o.location is None:
            assert value[k] == 500_000
            continue
        taken = {}
        for means in (m for m in s.travel_means if s.travels_alone is not False or m == "brought"):
            found = told(table, int(s.location.label), int(o.location.label), means)
            straight = int(e.near.between(e.near.student[i[k]], e.near.opening[j[k]])) / 1000
            taken[means] = float(minutes(straight, means)) if found is None else found / 1000
        assert dict(facts.minutes) == {means: round(time, 3) for means, time in taken.items()}
        if s.max_minutes is None or not taken:
            assert value[k] == estimate[k]
        elif s.max_km is None and s.max_minutes:
            share = min(min(taken.values()) / s.max_minutes, 1.0)
            assert abs(value[k] - 1_000_000 * (1 - share * share)) <= 1
            assert value[k] >= 0


@settings(max_examples=10, suppress_health_check=list(HealthCheck))
@given(COHORTS, HOMES)
def test_a_table_that_says_nothing_changes_nothing(cohort: Cohort, where: list[int]) -> None:
    ours, theirs, rules = moved(cohort, where)
    bare = evaluate(ours, theirs, rules, on=ON)
    for table in ({}, {(8102, 8102): {}}, {(1011, 9999): {"car": 1}}):
        e = evaluate(ours, theirs, rules, on=ON, times=build(table))
        assert [m.tolist() for m in masks(e)] == [m.tolist() for m in masks(bare)]
        assert (e.blocked_openings == bare.blocked_openings).all()


def test_who_does_not_travel_alone_gets_the_time_of_being_brought() -> None:
    student = Student("25AB00", "1", ON, "yes", location=place(8102), travel_means=("bicycle", "brought"),
                      travels_alone=False, max_minutes=30)  # fmt: skip
    opening = Opening("V", "12345678", "green", ON, 1, location=place(8121))
    reach = 1 << RULES.index("reach")
    for table, refused in (
        ({(8102, 8121): {"bicycle": 1_000, "brought": 30_001}}, True),
        ({(8102, 8121): {"bicycle": 99_000, "brought": 30_000}}, False),
    ):
        e = evaluate([student], [opening], RuleSettings(), on=ON, times=build(table))
        assert bool(int(e.refused_by(0, 0)) & reach) == refused
        assert [means for means, _ in pair_facts(e, 0, 0).minutes] == ["brought"]


def test_the_digest_is_of_the_table_whatever_the_order_of_its_rows() -> None:
    rows = [(8102, 8121, {"car": 600}), (8121, 8102, {"foot": 7}), (7411, 8102, {})]
    one, other = (build({(a, b): t for a, b, t in order}) for order in (rows, rows[::-1]))
    assert one.digest == other.digest
    assert one.pairs == 3
    assert build({(8102, 8121): {"car": 601}, (8121, 8102): {"foot": 7}, (7411, 8102): {}}).digest != one.digest


@pytest.mark.parametrize("pairs", [[(999, 8102)], [(8102, 10_000)], [(8102, 8121), (8102, 8121)]])
def test_impossible_tables_are_refused(pairs: list[tuple[int, int]]) -> None:
    with pytest.raises(FeatureError):
        travel_times([a for a, _ in pairs], [b for _, b in pairs], np.zeros((len(pairs), 7), dtype=np.int32))


def test_a_table_too_large_for_one_array_is_looked_up_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    table = build({(8102, 8121): {"car": 600}, (7411, 8102): {"foot": 5}})
    homes, works = [8102, -1, 7411, 8102], [8121, 8102, 1011]
    here, there = np.indices((5, 4))
    here, there = here - 1, there - 1
    dense = place_times(table, homes, works)
    monkeypatch.setattr("features.travel_times._KEPT", 0)
    sparse = place_times(table, homes, works)
    assert dense.slots is not None
    assert sparse.slots is None
    assert (dense.slot(here, there) == sparse.slot(here, there)).all()
    assert (sparse.slot(here, there) >= 0).sum() == 3
