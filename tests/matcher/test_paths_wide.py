"""The routes only large problems take, forced onto small ones that enumeration and the other kernels can judge."""
from __future__ import annotations

import numpy as np
import pytest

from matcher import levels
from matcher.kernels import available
from matcher.paths import solve_paths
from tests.matcher.drawn_paths import KINDS, Drawn, best_by_enumeration, draw_problem, same_bits, values_proved_by


def contested(seed: int, *, n: int, m: int) -> Drawn:
    """Draw more students than places, with wide values: what needs bids with a step, and holes filled."""
    rng = np.random.default_rng(seed)
    drawn = draw_problem(seed, "placed", n=n, m=m, sizes=(10**6,))
    places = rng.integers(0, max(2, n // m), m)
    return Drawn(drawn.indptr, drawn.indices, places, drawn.weights, drawn.unplaced)


@pytest.mark.parametrize("kind", KINDS)
def test_bids_in_rounds_equal_enumeration(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(levels, "WIDE", 0)
    for seed in range(40):
        drawn = draw_problem(seed, kind, n=seed % 6, m=seed % 5, sizes=(2, 100, 10**6))
        assert values_proved_by(drawn, solve_paths(*drawn.parts(), engine="plain")) == best_by_enumeration(drawn)


def test_bids_in_rounds_give_the_same_bits_as_single_bids(monkeypatch: pytest.MonkeyPatch) -> None:
    for seed in range(12):
        drawn = contested(seed, n=60, m=20)
        single = solve_paths(*drawn.parts(), engine="plain")
        values_proved_by(drawn, single)
        with monkeypatch.context() as patch:
            patch.setattr(levels, "WIDE", 0)
            assert same_bits(solve_paths(*drawn.parts(), engine="plain"), single)


@pytest.mark.skipif(not available(), reason="numba is absent")
def test_a_large_contested_problem_gives_the_same_bits_either_way() -> None:
    drawn = contested(1, n=400, m=120)
    assert len(drawn.indices) > levels.WIDE // 2
    first = solve_paths(*drawn.parts(), engine="compiled")
    values_proved_by(drawn, first)
    assert same_bits(first, solve_paths(*drawn.parts(), engine="plain"))


def test_near_pairs_alone_never_decide(monkeypatch: pytest.MonkeyPatch) -> None:
    """However few pairs the searches begin with, pricing the others brings the optimum."""
    for near in (0, 1, 2):
        monkeypatch.setattr(levels, "WIDE", 0)
        monkeypatch.setattr(levels, "NEAR", near)
        for seed in range(8):
            drawn = contested(seed, n=50, m=15)
            values_proved_by(drawn, solve_paths(*drawn.parts(), engine="plain"))


def test_the_engine_runs_where_numba_is_absent(monkeypatch: pytest.MonkeyPatch) -> None:
    from matcher import kernels, paths

    monkeypatch.setattr(paths, "available", lambda: False)
    drawn = contested(2, n=30, m=10)
    values_proved_by(drawn, solve_paths(*drawn.parts(), engine="auto"))
    monkeypatch.setattr(paths, "compiled_kernels", lambda: None)
    with pytest.raises(RuntimeError, match="numba"):
        solve_paths(*drawn.parts(), engine="compiled")
    assert kernels.PLAIN.FAR > 1 << 64


@pytest.mark.skipif(not available(), reason="numba is absent")
def test_a_folder_that_cannot_be_written_to_only_costs_the_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    import numba

    from matcher import kernels

    real = numba.njit

    def refuse(function: object, *, cache: bool = False) -> object:
        if cache:
            raise RuntimeError("cannot cache function: no locator available")
        return real(function)

    kernels.compiled_kernels.cache_clear()
    with monkeypatch.context() as patch:
        patch.setattr(numba, "njit", refuse)
        tool = kernels.compiled_kernels()
    kernels.compiled_kernels.cache_clear()
    lengths, chosen = np.zeros(1, dtype=np.int64), np.zeros(1, dtype=np.int64)
    one = np.array([1])
    assert tool.close((np.array([0, 1]), np.array([0]), one), one, np.array([0]), 1, lengths, chosen) == 1
