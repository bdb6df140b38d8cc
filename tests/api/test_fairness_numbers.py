"""Intervals against their definitions, hidden cells against an attacker who tries every table."""
from __future__ import annotations

import itertools
from collections.abc import Callable
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.fairness.intervals import MILLION, Z, mean, mean_of, ratio_of_shares, share_of, wilson
from api.fairness.suppression import SMALL, hidden_cells


def root(function: Callable[[float], float], low: float, high: float) -> float:
    """Where a function changes sign, by halving."""
    rising = function(high) > 0
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (low, middle) if (function(middle) > 0) == rising else (middle, high)
    return (low + high) / 2


counts = st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(counts)
def test_wilsons_ends_are_the_shares_that_the_score_test_just_keeps(counted: tuple[int, int]) -> None:
    k, n = counted
    found = wilson(k, n)

    def score(p: float) -> float:
        return (k / n - p) ** 2 - Z * Z * p * (1 - p) / n

    low = 0.0 if k == 0 else root(score, 0.0, k / n)
    high = 1.0 if k == n else root(score, k / n, 1.0)
    assert found == pytest.approx((low, high), abs=1e-9)
    assert found[0] <= k / n <= found[1]


def test_a_share_as_textbooks_have_it() -> None:
    # 15 of 148 (R. G. Newcombe, Statistics in Medicine 17, 1998, table I): 0.0624 to 0.1605
    shown = share_of(15, 148)
    assert (shown.low, shown.high) == (pytest.approx(62_400, abs=100), pytest.approx(160_500, abs=100))


@given(counts, counts.filter(lambda counted: counted[0] > 0))
def test_a_ratios_ends_are_where_the_difference_just_reaches_nothing(
    one: tuple[int, int], other: tuple[int, int]
) -> None:
    found = ratio_of_shares(*one, *other)
    p, q = one[0] / one[1], other[0] / other[1]
    (low_p, high_p), (low_q, high_q) = wilson(*one), wilson(*other)

    def lower(t: float) -> float:
        return p - t * q - ((p - low_p) ** 2 + (t * (high_q - q)) ** 2) ** 0.5

    def upper(t: float) -> float:
        return p - t * q + ((high_p - p) ** 2 + (t * (q - low_q)) ** 2) ** 0.5

    assert found.value == round(p / q * MILLION)
    assert found.low / MILLION == pytest.approx(root(lower, 0.0, p / q) if p else 0.0, abs=2e-6)
    most = 10_000.0
    if upper(most) < 0:
        assert found.high / MILLION == pytest.approx(root(upper, p / q, most), rel=1e-5, abs=2e-6)


def test_a_group_beside_its_equal_may_be_either_side_of_one() -> None:
    found = ratio_of_shares(10, 20, 10, 20)
    assert found.low < found.value == MILLION < found.high
    assert ratio_of_shares(20, 20, 20, 20).low < MILLION  # everybody placed is not certainty


@given(st.lists(st.integers(0, MILLION), min_size=1, max_size=5), st.randoms(use_true_random=False))
def test_a_bootstrap_interval_lies_where_all_resamples_together_have_it(values: list[int], draw: object) -> None:
    found = mean_of(values, "x")
    assert found is not None
    everything = sorted(Fraction(sum(one), len(values)) for one in itertools.product(values, repeat=len(values)))
    size = len(everything)
    for end, (least, most) in ((found.low, (0.008, 0.045)), (found.high, (0.955, 0.992))):
        inside = everything[int(least * size)], everything[min(int(most * size), size - 1)]
        assert round(inside[0]) - 1 <= end <= round(inside[1]) + 1
    draw.shuffle(values)  # type: ignore[attr-defined]
    assert mean_of(values, "x") == found
    assert found.value == mean(values)


def test_nobody_has_no_mean() -> None:
    assert mean_of([], "x") is None


# --- small cells ------------------------------------------------------------------------------------------------

tables = st.lists(  # schools: type and size
    st.tuples(st.sampled_from("pvm"), st.integers(1, 9)), min_size=1, max_size=5
)


def sums_of(schools: list[tuple[str, int]]) -> tuple[dict[str, int], list[dict[str, int]]]:
    sizes = {f"school {k}": size for k, (_, size) in enumerate(schools)}
    types = sorted({kind for kind, _ in schools})
    for kind in types:
        sizes[kind] = sum(size for one, size in schools if one == kind)
    names = [f"school {k}" for k in range(len(schools))]
    rows = [dict.fromkeys(names, 1), dict.fromkeys(types, 1)]
    for kind in types:
        rows.append({name: 1 for name, (one, _) in zip(names, schools, strict=True) if one == kind} | {kind: -1})
    return sizes, rows


@given(tables)
def test_whoever_tries_every_table_that_agrees_with_what_is_shown_learns_no_small_number(
    schools: list[tuple[str, int]],
) -> None:
    sizes, rows = sums_of(schools)
    hidden = sorted(hidden_cells(sizes, rows))
    small = [cell for cell, size in sizes.items() if size < SMALL]
    assert set(small) <= set(hidden)
    if len(sizes) == len(hidden):
        return  # nothing is shown
    total = sum(size for _, size in schools)
    kinds = [kind for kind, _ in schools]
    seen: dict[str, set[int]] = {cell: set() for cell in small}
    options = [
        [size] if f"school {k}" not in hidden else range(1, total + 1) for k, (_, size) in enumerate(schools)
    ]
    for guess in itertools.product(*options):
        if sum(guess) != total:
            continue
        by_kind = {kind: sum(n for one, n in zip(kinds, guess, strict=True) if one == kind) for kind in set(kinds)}
        if all(by_kind[kind] == sizes[kind] for kind in by_kind if kind not in hidden):
            world = {f"school {k}": n for k, n in enumerate(guess)} | by_kind
            for cell in small:
                seen[cell].add(world[cell])
    assert all(len(values) > 1 for values in seen.values()), (sizes, hidden, seen)


def test_nothing_is_hidden_where_nothing_is_small_and_nobody_is_no_secret() -> None:
    assert hidden_cells({"a": 5, "b": 9}, [{"a": 1, "b": 1}]) == frozenset()
    assert hidden_cells({"a": 0, "b": 9}, [{"a": 1, "b": 1}]) == frozenset()


def test_a_small_school_hides_another_of_its_own_type() -> None:
    sizes, rows = sums_of([("p", 3), ("p", 30), ("v", 6), ("v", 40)])
    assert hidden_cells(sizes, rows) == {"school 0", "school 1"}


def test_two_small_groups_whose_sum_is_small_take_a_third() -> None:
    assert hidden_cells({"a": 1, "b": 1, "c": 9, "d": 20}, [dict.fromkeys("abcd", 1)]) == {"a", "b", "c"}
