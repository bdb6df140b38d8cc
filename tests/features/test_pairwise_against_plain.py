"""Features, fit and contributions of drawn pairs against fractions, one pair at a time."""
from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from features.codes import code_list
from features.eligibility import evaluate
from features.pairwise import pair_features
from features.pairwise_tasks import are_alike
from features.records import Opening, Student
from features.scoring import contributions, score_pairs
from features.settings import FEATURES, RuleSettings, Weights
from features.text import link_tasks
from tests.features import plain_features as plain
from tests.features.drawn_pairs import COHORTS, ON, TASKS

Cohort = tuple[list[Student], list[Opening], RuleSettings]
LINKED = dict(zip(TASKS, link_tasks(TASKS), strict=True))
SLOW_DRAWS = [HealthCheck.large_base_example, HealthCheck.data_too_large]


def names(text: str) -> set[str]:
    return {text} if text in code_list("task").codes else set(LINKED[text])


def expected(s: Student, o: Opening, rules: RuleSettings) -> list[plain.Answer]:
    return [
        plain.branch(s, o), plain.tasks(s, o, names, are_alike), plain.work_skills(s, o), plain.support(s, o),
        plain.travel(s, o, rules.road_factor), plain.hours(s, o), plain.conditions(s, o), plain.route(s, o),
        plain.development(s, o), plain.contract(o),
    ]  # fmt: skip


def agrees(cohort: Cohort) -> None:
    ours, theirs, rules = cohort
    e = evaluate(ours, theirs, rules, on=ON)
    i, j = (a.ravel() for a in np.indices((len(ours), len(theirs))))
    found = pair_features(e, i, j)
    for p, (a, b) in enumerate(zip(i.tolist(), j.tolist(), strict=True)):
        for k, answer in enumerate(expected(ours[a], theirs[b], rules)):
            got = (int(found.value[p, k]), int(found.low[p, k]), int(found.high[p, k]))
            if answer is None:
                assert got == (500_000, 0, 1_000_000), FEATURES[k]
                assert not found.known[p, k]
            else:
                # Decimal parts of a float are not exact fractions: one millionth is the grain.
                for g, f in zip(got, answer, strict=True):
                    assert abs(g - f * 1_000_000) <= Fraction(51, 100), (FEATURES[k], got, answer)
                assert got[1] <= got[0] <= got[2]


@settings(max_examples=40, suppress_health_check=SLOW_DRAWS)
@given(COHORTS)
def test_every_feature_equals_its_stated_meaning(cohort: Cohort) -> None:
    agrees(cohort)


@pytest.mark.slow
@settings(max_examples=2000, suppress_health_check=SLOW_DRAWS)
@given(COHORTS)
def test_every_feature_equals_its_stated_meaning_two_thousand_times(cohort: Cohort) -> None:
    agrees(cohort)


@st.composite
def weightings(draw: st.DrawFn) -> tuple[int, ...]:
    cuts = sorted(draw(st.lists(st.integers(0, 1_000_000), min_size=9, max_size=9)))
    ends = [0, *cuts, 1_000_000]
    return tuple(b - a for a, b in pairwise(ends))


@settings(max_examples=200)
@given(
    weightings(), st.lists(st.integers(0, 1_000_000), min_size=10, max_size=10),
    st.lists(st.integers(0, 1_000_000), min_size=10, max_size=10),
)  # fmt: skip
def test_contributions_are_rounded_half_even_and_never_leave_the_range(
    weights: tuple[int, ...], values: list[int], neutral: list[int]
) -> None:
    from features.scoring import shares

    base, _ = shares(weights, neutral)
    assert base == round(Fraction(sum(w * n for w, n in zip(weights, neutral, strict=True)), 1_000_000))
    parts = contributions(np.array([values]), weights, neutral)[0].tolist()
    assert 0 <= base + sum(parts) <= 1_000_000
    for part, w, v, n in zip(parts, weights, values, neutral, strict=True):
        exact = Fraction(w * (v - n), 1_000_000)
        assert abs(part - exact) <= 1  # the last digit may give way to the bounds
        if 2 <= v * w / 1_000_000 <= w - 2:  # away from the bounds it is the rounded product
            assert part == round(exact)
    least = contributions(np.zeros((1, 10), dtype=int), weights, neutral)[0].tolist()
    most = contributions(np.full((1, 10), 1_000_000), weights, neutral)[0].tolist()
    assert 0 <= base + sum(least) <= 10
    assert 999_990 <= base + sum(most) <= 1_000_000


@settings(max_examples=25, suppress_health_check=SLOW_DRAWS)
@given(COHORTS, weightings())
def test_fit_is_base_plus_contributions_exactly(cohort: Cohort, weights: tuple[int, ...]) -> None:
    ours, theirs, rules = cohort
    everywhere = frozenset((i, j) for i in range(len(ours)) for j in range(len(theirs)))
    ours = [replace(s, work_capacity="yes", destination="", background=replace(s.background, leaving_profile="work"))
            for s in ours]  # fmt: skip
    e = evaluate(ours, theirs, rules, on=ON, fixed=everywhere)
    scored = score_pairs(ours, theirs, e, Weights(**dict(zip(FEATURES, weights, strict=True))))
    assert len(scored.fit) == len(ours) * len(theirs)
    assert scored.base == 500_000
    assert scored.fit.dtype == scored.contributions.dtype == np.int64
    assert (scored.fit == scored.base + scored.contributions.sum(axis=1)).all()
    assert ((scored.fit >= 0) & (scored.fit <= 1_000_000)).all()
    assert (scored.contributions[(~scored.known) & (scored.features.value == 500_000)] == 0).all()
    known = [sum(w for w, yes in zip(weights, row, strict=True) if yes) for row in scored.known.tolist()]
    assert scored.known_share.tolist() == known
    low, high = scored.fit_range()
    assert ((low <= scored.fit) & (scored.fit <= high)).all()
    assert ((low >= 0) & (high <= 1_000_000)).all()


@settings(max_examples=25, suppress_health_check=SLOW_DRAWS)
@given(COHORTS, st.data())
def test_school_type_name_and_own_words_never_change_a_bit(cohort: Cohort, data: st.DataObject) -> None:
    ours, theirs, rules = cohort
    theirs = [replace(o, entry="either") for o in theirs]
    changed = [
        replace(
            s,
            school=data.draw(st.sampled_from(["01AA00", "25AB00", "Gemeente"])),
            student_ref=f"x{k}",
            background=replace(
                s.background,
                school_type=data.draw(st.sampled_from(["pro", "vso", "mbo1", "other", ""])),
                first_name=data.draw(st.text(max_size=5)),
                own_words=data.draw(st.text(max_size=5)),
            ),
        )
        for k, s in enumerate(ours)
    ]
    before, after = (evaluate(x, theirs, rules, on=ON) for x in (ours, changed))
    assert before.indices.tobytes() == after.indices.tobytes()
    assert before.points.tobytes() == after.points.tobytes()
    i, j = (a.ravel() for a in np.indices((len(ours), len(theirs))))
    one, two = pair_features(before, i, j), pair_features(after, i, j)
    for name in ("value", "low", "high"):
        assert getattr(one, name).tobytes() == getattr(two, name).tobytes()
    ones, twos = (score_pairs(x, theirs, e, Weights()) for x, e in ((ours, before), (changed, after)))
    assert ones.fit.tobytes() == twos.fit.tobytes()
