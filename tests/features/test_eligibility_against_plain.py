"""The vectorised rules against plain Python, one pair at a time, on drawn cohorts."""
from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from features.eligibility import NEVER_FIXED, POINTS, RULES, evaluate
from features.eligibility_pairs import points_to_check
from features.records import Opening, Student
from features.settings import RuleSettings
from features.text import link_tasks
from tests.features.drawn_pairs import COHORTS, ON, TASKS
from tests.features.plain_rules import Plain

Cohort = tuple[list[Student], list[Opening], RuleSettings]
LINKED = dict(zip(TASKS, link_tasks(TASKS), strict=True))


def answers(cohort: Cohort) -> dict[tuple[int, int], tuple[set[str], set[str]]]:
    ours, theirs, rules = cohort
    return {(i, j): Plain(s, o, rules, ON, LINKED).result() for i, s in enumerate(ours) for j, o in enumerate(theirs)}


def codes(mask: int, names: tuple[str, ...]) -> set[str]:
    return {name for k, name in enumerate(names) if mask >> k & 1}


def agrees(cohort: Cohort, fixed: frozenset[tuple[int, int]]) -> None:
    ours, theirs, rules = cohort
    fixed = frozenset((i, j) for i, j in fixed if i < len(ours) and j < len(theirs))
    e = evaluate(ours, theirs, rules, on=ON, fixed=fixed)
    plain = answers(cohort)
    pairs = list(zip(e.rows.tolist(), e.indices.tolist(), strict=True))
    overridden = {p for p in fixed if plain[p][0] and not plain[p][0] & set(NEVER_FIXED)}
    assert pairs == sorted({p for p, (refuses, _) in plain.items() if not refuses} | overridden)
    for pair, points, broken in zip(pairs, e.points.tolist(), e.broken.tolist(), strict=True):
        refuses, asks = plain[pair]
        assert codes(points, POINTS) == asks
        assert codes(broken, RULES) == refuses
    for k, rule in enumerate(RULES):
        for i in range(len(ours)):
            expected = [j for j in range(len(theirs)) if rule in plain[i, j][0] and (i, j) not in overridden]
            assert e.blocked_students[i, k] == len(expected), rule
        for j in range(len(theirs)):
            expected = [i for i in range(len(ours)) if rule in plain[i, j][0] and (i, j) not in overridden]
            assert e.blocked_openings[j, k] == len(expected), rule
    # Few drawn pairs pass every rule; what each rule asks of the others is looked at as well.
    every = np.array(sorted(plain), dtype=np.int64)
    points = points_to_check(e.sides, every[:, 0], every[:, 1])
    masks = e.refused_by(every[:, 0], every[:, 1])
    for (i, j), asked, refused in zip(every.tolist(), points.tolist(), masks.tolist(), strict=True):
        refuses, asks = plain[i, j]
        assert codes(refused, RULES) == refuses
        assert codes(asked, POINTS) == asks
        amounts = e.refusals(i, j)
        assert {r.rule for r in amounts} == refuses
        assert [RULES.index(r.rule) for r in amounts] == sorted(RULES.index(r.rule) for r in amounts)
        assert all(r.by is None or r.by > 0 for r in amounts)


FIXED = st.frozensets(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=4)


@settings(max_examples=60, suppress_health_check=[HealthCheck.large_base_example, HealthCheck.data_too_large])
@given(COHORTS, FIXED)
def test_refusals_points_and_counts_equal_the_plain_rules(
    cohort: Cohort, fixed: frozenset[tuple[int, int]]
) -> None:
    agrees(cohort, fixed)


@pytest.mark.slow
@settings(max_examples=2000, suppress_health_check=[HealthCheck.large_base_example, HealthCheck.data_too_large])
@given(COHORTS, FIXED)
def test_they_equal_the_plain_rules_two_thousand_times(
    cohort: Cohort, fixed: frozenset[tuple[int, int]]
) -> None:
    agrees(cohort, fixed)


@settings(max_examples=15, suppress_health_check=[HealthCheck.large_base_example, HealthCheck.data_too_large])
@given(COHORTS)
def test_a_pair_is_judged_alike_whoever_else_is_there(cohort: Cohort) -> None:
    ours, theirs, rules = cohort
    whole = evaluate(ours, theirs, rules, on=ON)
    turned = evaluate(ours[::-1], theirs[::-1], rules, on=ON)
    n, m = len(ours), len(theirs)
    for i in range(n):
        for j in range(m):
            assert whole.refused_by(i, j) == turned.refused_by(n - 1 - i, m - 1 - j)
    assert (whole.blocked_students == turned.blocked_students[::-1]).all()
