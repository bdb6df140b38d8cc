"""The benchmark itself: every peer reaches one optimum, and the instances are what they claim to be."""
from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from matcher.kernels import available
from tests.benchmarks.instances import PARTS, draw, load, save
from tests.benchmarks.peers import PEERS, value

NEEDS = {"OR-Tools min-cost flow": "ortools", "lapx lapmod": "lap"}
SMALL = (80, 40, 70, 8.0)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("peer", [name for name in PEERS if not name.startswith("greedy")])
def test_every_peer_reaches_the_optimum_that_prices_prove(peer: str) -> None:
    needed = NEEDS.get(peer)
    if needed and importlib.util.find_spec(needed) is None:
        pytest.skip(f"{needed} is not installed (extra `bench`)")
    if peer == "schakel, compiled" and not available():
        pytest.skip("numba is not installed (extra `fast`)")
    for seed in range(3):
        instance = draw("small", seed=seed, sizes=SMALL)
        assert value(instance, PEERS[peer](instance)) == value(instance, PEERS["schakel, SciPy alone"](instance))


def test_greedy_is_a_plan_but_not_the_best() -> None:
    instance = draw("small", sizes=SMALL)
    best = value(instance, PEERS["schakel, SciPy alone"](instance))
    assert value(instance, PEERS["greedy (not optimal)"](instance)) < best


def test_the_same_seed_draws_the_same_instance_and_files_keep_it(tmp_path: Path) -> None:
    first, second = draw("small", seed=5, sizes=SMALL), draw("small", seed=5, sizes=SMALL)
    save(first, tmp_path / "instance.npz")
    third = load(tmp_path / "instance.npz")
    for part in PARTS:
        assert np.array_equal(getattr(first, part), getattr(second, part))
        assert np.array_equal(getattr(first, part), getattr(third, part))
    assert (np.diff(first.indices)[np.diff(np.repeat(np.arange(80), np.diff(first.indptr))) == 0] > 0).all()
