"""Bounds hold for prices of any origin, cuts hold for every plan, and nothing reaches standard output."""
from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest

from matcher.bounds import Prices, bound
from matcher.constraints import closing, dropping, opening, residual, taking
from matcher.cuts import with_cuts
from matcher.milp import relax
from matcher.quiet import quiet
from tests.matcher.drawn_limits import draw_limited, holds_all, plans

SEEDS = range(60)


def test_no_plan_is_worth_more_than_the_bound_whatever_the_prices() -> None:
    for seed in SEEDS:
        problem, rng = draw_limited(seed), np.random.default_rng(seed)
        state = residual(problem)
        if state is None:
            continue
        drawn = Prices(
            4, rng.integers(-10, 3 * 10**6, problem.n), rng.integers(-10**6, 10**6, len(state.rows)),
            rng.integers(-5, 10, problem.m),
        )
        held = [pairs for plan, pairs in plans(problem) if holds_all(problem, plan, pairs)]
        for prices in (drawn, relax(state, problem.values).prices):
            found = bound(state, problem.values, prices)
            for pairs in held:
                taken = np.array([k for k in pairs if k >= 0], dtype=np.int64)
                value = int(problem.values[taken].sum())
                assert value <= found.most
                assert not found.below(value)[np.isin(state.pair, taken)].any()


def test_a_residual_and_its_parts_keep_every_plan() -> None:
    for seed in SEEDS:
        problem = draw_limited(seed)
        state = residual(problem)
        for plan, pairs in plans(problem):
            if not holds_all(problem, plan, pairs):
                continue
            assert state is not None
            chosen = np.array([k for k in pairs if k >= 0], dtype=np.int64)
            assert np.isin(chosen, np.concatenate((state.pair, state.taken))).all()
            assert np.isin(state.taken, chosen).all()
            if len(state.pair):
                first = state.pair[:1]
                mask = state.pair == first
                part = taking(state, 0) if first[0] in chosen else dropping(state, mask)
                assert part is not None
            for j in state.grouped.tolist():
                assert (opening(state, j) if j in plan else closing(state, j)) is not None


def test_every_plan_holds_every_cut() -> None:
    cuts = 0
    for seed in range(150):
        problem = draw_limited(seed)
        state = residual(problem)
        if state is None or not (state.capacity >= 0).any():
            continue
        tightened = with_cuts(state, problem.values)
        new = tightened.rows[len(state.rows) :]
        cuts += len(new)
        for plan, pairs in plans(problem) if new else ():
            if holds_all(problem, plan, pairs):
                for row in new:
                    inside = np.isin(row.pairs, pairs)
                    used = inside.sum() if row.coefficients is None else row.coefficients[inside].sum()
                    assert row.upper is not None
                    assert used <= row.upper
    assert cuts > 0


def test_what_compiled_code_prints_goes_nowhere_and_the_rest_comes_through() -> None:
    lines = [
        "import ctypes, os", "from matcher.quiet import quiet", "print('before')", "with quiet():",
        "    os.write(1, b'unwanted')", "print('after')",
    ]
    done = subprocess.run([sys.executable, "-c", "\n".join(lines)], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["before", "after"]


def test_quiet_works_without_a_standard_output(monkeypatch: pytest.MonkeyPatch) -> None:
    def none_there(number: int) -> int:
        raise OSError(9, "Bad file descriptor")

    monkeypatch.setattr(os, "dup", none_there)
    with quiet():
        entered = True
    assert entered
