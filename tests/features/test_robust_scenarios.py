"""The fits of every scenario: unknowns at both ends, and each weight a fifth up and down against the others."""
from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.robust import scenarios, varied
from features.scoring import score_pairs
from features.settings import FEATURES, MILLION, Weights
from tests.features.test_scorer_exact import cohort


@st.composite
def weights(draw: st.DrawFn) -> Weights:
    cuts = sorted(draw(st.lists(st.integers(0, MILLION), min_size=9, max_size=9)))
    return Weights(*(b - a for a, b in zip([0, *cuts], [*cuts, MILLION], strict=True)))


@given(weights(), st.integers(0, 9), st.sampled_from([80, 120]))
def test_one_weight_changes_against_all_others_and_the_sum_stays(given: Weights, k: int, per_cent: int) -> None:
    before, after = given.as_tuple(), varied(given, k, per_cent)
    assert sum(after) == MILLION
    whole = MILLION + Fraction(before[k] * (per_cent - 100), 100)
    scale = MILLION / whole
    for place, (old, new) in enumerate(zip(before, after, strict=True)):
        wanted = old * scale * (Fraction(per_cent, 100) if place == k else 1)
        assert abs(new - wanted) < 1


def test_every_scenario_is_what_scoring_with_its_weights_gives() -> None:
    scored = cohort()
    made = {one.name: one.fit for one in scenarios(scored)}
    assert list(made) == ["low", "high", *(f"{name}{sign}" for name in FEATURES for sign in "-+")]
    e = scored.eligibility
    for k, name in enumerate(FEATURES):
        for sign, per_cent in (("-", 80), ("+", 120)):
            again = score_pairs(e.students, e.openings, e, Weights(*varied(scored.weights, k, per_cent)))
            assert made[name + sign].tolist() == again.fit.tolist()


def test_low_and_high_take_the_ends_of_what_is_not_known() -> None:
    scored = cohort()
    made = {one.name: one.fit for one in scenarios(scored)}
    w = scored.weights.as_tuple()
    for name, side in (("low", scored.features.low), ("high", scored.features.high)):
        for fit, values in zip(made[name].tolist(), side.tolist(), strict=True):
            exact = sum(Fraction(weight * value, MILLION) for weight, value in zip(w, values, strict=True))
            assert abs(fit - exact) <= 10  # ten parts, each rounded
    assert (made["low"] <= scored.fit).all()
    assert (made["high"] >= scored.fit).all()


def test_a_lone_weight_has_nothing_to_vary_against() -> None:
    scored = cohort()
    e = scored.eligibility
    alone = score_pairs(e.students, e.openings, e, Weights(MILLION, 0, 0, 0, 0, 0, 0, 0, 0, 0))
    assert [one.name for one in scenarios(alone)] == ["low", "high"]


@pytest.mark.parametrize("per_cent", [80, 120])
def test_two_equal_weights_by_hand(per_cent: int) -> None:
    found = varied(Weights(500_000, 500_000, 0, 0, 0, 0, 0, 0, 0, 0), 0, per_cent)
    assert found[:2] == {80: (444_444, 555_556), 120: (545_455, 454_545)}[per_cent]
