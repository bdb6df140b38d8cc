"""Calibration and rank agreement against counting by hand; groups are never on both sides."""
from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.assign_read import Stated
from api.evaluate.agreement import auc, auc_interval, auc_within, brier, grouped, tau_b
from api.evaluate.outcomes import Outcome, Outcomes
from api.evaluate.rows import HEADER, Row, outcome_rows, plan_rows
from api.fairness.intervals import wilson
from matcher import GroupLimit, build_problem, solve

Pairs = list[tuple[int, bool]]
drawn = st.lists(st.tuples(st.integers(0, 6), st.booleans()), min_size=1, max_size=12)


def arrays(pairs: Pairs) -> tuple[np.ndarray, np.ndarray]:
    return np.array([fit / 6 for fit, _ in pairs]), np.array([well for _, well in pairs], dtype=bool)


@given(drawn)
def test_auc_counts_the_pairs_that_stand_in_the_right_order(pairs: Pairs) -> None:
    good, bad = [fit for fit, well in pairs if well], [fit for fit, well in pairs if not well]
    found = auc(*arrays(pairs))
    if not good or not bad:
        assert found is None
        return
    won = sum((g > b) + (g == b) / 2 for g in good for b in bad)
    assert found == pytest.approx(won / (len(good) * len(bad)))


@given(drawn)
def test_tau_b_is_concordant_less_discordant_over_the_pairs_that_are_not_tied(pairs: Pairs) -> None:
    found = tau_b(*arrays(pairs))
    score = tied_fit = tied_well = 0
    total = len(pairs) * (len(pairs) - 1) // 2
    for k, (fit, well) in enumerate(pairs):
        for other_fit, other_well in pairs[k + 1 :]:
            score += int(np.sign(fit - other_fit) * (int(well) - int(other_well)))
            tied_fit += fit == other_fit
            tied_well += well == other_well
    below = ((total - tied_fit) * (total - tied_well)) ** 0.5
    assert found == (None if not below else pytest.approx(score / below))


@given(drawn)
def test_brier_is_the_mean_square(pairs: Pairs) -> None:
    assert brier(*arrays(pairs)) == pytest.approx(sum((fit / 6 - well) ** 2 for fit, well in pairs) / len(pairs))


def test_within_groups_no_group_is_judged_against_another() -> None:
    # group a: all well at low fits; group b: all badly at high fits; within them nothing can be compared
    fit, well = np.array([0.1, 0.2, 0.8, 0.9]), np.array([True, True, False, False])
    assert auc(fit, well) == 0.0
    assert auc_within(fit, well, ["a", "a", "b", "b"]) is None
    assert auc_within(fit, ~well, ["a", "b", "a", "b"]) == 1.0


def test_what_is_learnt_is_judged_on_other_groups() -> None:
    fit, well = np.array([0.2] * 4 + [0.8] * 4), np.array([True] * 4 + [False] * 4)
    found = grouped(fit, well, ["a"] * 4 + ["b"] * 4)
    assert found is not None
    # who learnt from a knows only successes, who learnt from b only failures: each is wrong about the other
    assert (found.groups, found.folds, found.calibrated, found.base) == (2, 2, 1.0, 1.0)
    assert found.skill == 0.0
    assert grouped(fit, well, ["a"] * 8) is None


def test_a_fit_that_tells_something_gains_on_groups_not_seen() -> None:
    draw = np.random.default_rng(5)
    fit = draw.uniform(0, 1, 600)
    well = draw.uniform(0, 1, 600) < fit
    found = grouped(fit, well, [f"s{k % 12}" for k in range(600)])
    assert found is not None
    assert found.skill is not None
    assert 0.25 < found.skill < 0.4  # 1/6 against 1/4 is a third, in the limit
    assert found.base == pytest.approx(0.25, abs=0.01)
    assert found.calibrated == pytest.approx(1 / 6, abs=0.02)


@settings(max_examples=8)
@given(st.permutations(range(40)))
def test_the_order_of_the_rows_changes_nothing(turn: list[int]) -> None:
    draw = np.random.default_rng(1)
    fit, well = np.round(draw.uniform(0, 1, 40), 1), draw.uniform(0, 1, 40) < 0.5
    groups = [f"s{k % 4}" for k in range(40)]
    assert grouped(fit[turn], well[turn], [groups[k] for k in turn]) == grouped(fit, well, groups)


def test_the_interval_of_the_auc_holds_it_and_does_not_hang_on_the_order() -> None:
    draw = np.random.default_rng(1)
    fit, well = draw.uniform(0, 1, 60), draw.uniform(0, 1, 60) < 0.5
    ends, value = auc_interval(fit, well), auc(fit, well)
    assert ends is not None
    assert value is not None
    assert ends[0] < value < ends[1]
    assert auc_interval(fit[::-1], well[::-1]) == ends
    assert auc_interval(fit, np.ones(60, dtype=bool)) is None


def case() -> Stated:
    """Two schools of six and one of two; one place each but for the last, who has none."""
    n = 14
    problem = build_problem(
        [*range(n - 1), n - 1], [*range(n - 1), 0], [400_000 + 40_000 * i for i in range(n - 1)] + [100_000],
        places=[1] * (n - 1), load=[1_000_000] * n, load_capacity=[2_000_000] + [-1] * (n - 2),
        min_to_open=[0] * (n - 2) + [1], limits=[GroupLimit("cap", None, np.array([0, 1]), None, 5)],
    )  # fmt: skip
    return Stated(problem, tuple(f"{'ABC'[min(i // 6, 2)]}/{i:02d}" for i in range(n)),
                  tuple(f"v{j:02d}@2026-09-01" for j in range(n - 1)))  # fmt: skip


def test_a_plan_by_hand() -> None:
    stated = case()
    plan = solve(stated.problem).assignment
    rows = plan_rows(stated, plan, ["ABC"[min(i // 6, 2)] for i in range(14)])
    found = {(row.part, row.group, row.metric): row for row in rows}
    assert found["plan", "all", "placed"].value == 13
    assert found["plan", "all", "placed_share"].value == 928_571
    fits = [400_000 + 40_000 * i for i in range(13)]
    assert found["plan", "all", "mean_fit"].value == sum(fits) // 13
    assert found["plan", "all", "worst_fit"].value == 400_000
    assert found["plan", "all", "tenth_percentile"].value == 440_000  # the second of thirteen
    assert found["plan", "all", "own_best_ratio"].value == 1_000_000
    assert found["rank", "all", "1"].value == 13
    assert found["plan", "all", "envious"].value == 1
    assert found["plan", "all", "blocking_pairs"].value == 0
    # C has two: hidden, and one of the others with it
    hidden = {group for part, group, metric in found if part == "school" and metric == "hidden"}
    assert hidden == {"A", "C"}
    assert found["school", "B", "mean_fit"].value == sum(fits[6:12]) // 6
    assert found["limit", "cap", "group"].cells() == ("limit", "cap", "group", 2, None, 5, None)
    assert found["limit", "v00@2026-09-01", "load"].cells()[3:6] == ("1.000000", None, "2.000000")
    assert found["limit", "v00@2026-09-01", "places"].cells()[3:6] == (1, None, 1)


def test_outcomes_by_hand() -> None:
    stated = case()
    pairs = range(10)  # fits 0.40, 0.44, ... 0.76
    known = tuple(Outcome(k, k >= 4) for k in pairs)
    schools = ["ABC"[min(i // 6, 2)] for i in range(14)]
    rows = outcome_rows(stated, schools, Outcomes(known, 0, ()))
    found = {(row.part, row.group, row.metric): row for row in rows}
    exact = [(0.40 + 0.04 * k - (k >= 4)) ** 2 for k in pairs]
    assert found["outcome", "all", "brier_fit"].value == round(1e6 * sum(exact) / 10)
    assert found["outcome", "all", "brier_constant"].value == 240_000
    assert found["outcome", "all", "auc"].value == 1_000_000
    assert found["outcome", "all", "went_well"].value == 600_000
    # 0.40-0.48 has three and 0.50 begins the next: 3, 2, 3 and 2 are all small
    assert {metric for part, _, metric in found if part == "reliability"} == {"hidden"}
    wide = tuple(Outcome(k, k % 3 == 0) for k in range(13)) * 5  # the same pairs again and again
    rows = outcome_rows(stated, schools, Outcomes(wide, 0, ()))
    found = {(row.part, row.group, row.metric): row for row in rows}
    row = found["reliability", "0.4-0.5", "observed"]
    assert (row.value, row.n) == (333_333, 15)  # pairs 0, 1 and 2, of which 0 went well
    assert (row.low, row.high) == tuple(round(end * 1e6) for end in wilson(5, 15))
    assert found["reliability", "0.4-0.5", "predicted"].value == 440_000
    assert {row.group for row in rows if row.part == "grouped"} == {"by_school", "by_vacancy"}
    kvk = tuple(Outcome(one.pair, one.went_well, f"k{one.pair % 3}") for one in wide)
    groups = {row.group for row in outcome_rows(stated, schools, Outcomes(kvk, 0, ())) if row.part == "grouped"}
    assert groups == {"by_school", "by_employer"}


def test_a_row_has_a_cell_for_every_column() -> None:
    assert len(Row("plan", "all", "placed").cells()) == len(HEADER)
