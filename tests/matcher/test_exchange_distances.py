"""Shortest exchanges against relaxing every arc until nothing changes; compiled and not, to the same bits."""
from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher import paths
from matcher.exchange import FAR, Arcs, packed
from matcher.kernels import available

Cost = tuple[int, ...]


def drawn(seed: int, planes: int, *, wide: bool = False) -> tuple[Arcs, int]:
    """Arcs without a cycle that gains, though many cost less than nothing: a height at every node makes them so."""
    rng = np.random.default_rng(seed)
    nodes = int(rng.integers(1, 12))
    count = int(rng.integers(0, 40))
    begin, end = rng.integers(0, nodes, count), rng.integers(0, nodes, count)
    scale = 10**20 if wide else 1
    costs = []
    for _ in range(planes):
        height = rng.integers(0, 50, nodes)
        cost = rng.integers(0, 4, count) + height[begin] - height[end]
        costs.append(cost.astype(object) * scale if wide else cost)
    costs[0] = np.where(rng.random(count) < 0.1, FAR * scale, costs[0])
    return Arcs.of(begin, end, np.arange(count), costs, nodes=nodes, far=FAR * scale), nodes


def by_hand(arcs: Arcs, source: int) -> dict[int, Cost]:
    """Distances of what can be reached."""
    known: dict[int, Cost] = {source: (0,) * len(arcs.cost)}
    for _ in range(arcs.nodes):
        for e in range(len(arcs.begin)):
            a, b = int(arcs.begin[e]), int(arcs.end[e])
            if a in known and arcs.cost[0][e] < arcs.far // 2:
                cost = tuple(int(d + plane[e]) for d, plane in zip(known[a], arcs.cost, strict=True))
                known[b] = min(known.get(b, cost), cost)
    return known


def check(arcs: Arcs, source: int, dist: list[np.ndarray], before: np.ndarray) -> None:
    """Distances are those by hand, and following the arcs back gives a path of that cost."""
    known = by_hand(arcs, source)
    for node in range(arcs.nodes):
        if node not in known:
            assert dist[0][node] >= arcs.far // 2
            continue
        assert tuple(int(plane[node]) for plane in dist) == known[node]
        total, at = [0] * len(dist), node
        for _ in range(arcs.nodes):
            if at == source:
                break
            arc = int(before[at])
            assert arcs.end[arc] == at
            total = [t + int(plane[arc]) for t, plane in zip(total, arcs.cost, strict=True)]
            at = int(arcs.begin[arc])
        assert at == source
        assert tuple(total) == known[node]


@settings(max_examples=80)
@given(st.integers(0, 10**6), st.integers(1, 3), st.booleans())
def test_distances_and_paths_are_those_of_relaxing_every_arc(seed: int, planes: int, wide: bool) -> None:
    arcs, nodes = drawn(seed, planes, wide=wide)
    every, before = arcs.all_pairs()
    for source in range(nodes):
        dist, last = arcs.from_one(source)
        check(arcs, source, dist, last)
        check(arcs, source, [plane[source] for plane in every], before[source])


def test_a_cycle_that_gains_is_an_error_and_no_endless_loop() -> None:
    cost = [np.array([1, -2])]
    arcs = Arcs.of(np.array([0, 1]), np.array([1, 0]), np.arange(2), cost, nodes=2, far=FAR)
    with pytest.raises(ArithmeticError, match="gains"):
        arcs.from_one(0)


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    if not available():
        pytest.skip("numba is not installed")
    yield


def test_compiled_distances_have_the_same_bits(compiled: None, monkeypatch: pytest.MonkeyPatch) -> None:
    for seed in range(40):
        arcs, nodes = drawn(seed, 1 + seed % 2)
        found = []
        for engine in ("plain", "compiled"):
            monkeypatch.setattr(paths, "use_compiled", lambda *_, engine=engine: engine == "compiled")
            found.append([arcs.all_pairs(), *(arcs.from_one(source) for source in range(nodes))])
        for (dist, before), (dist2, before2) in zip(*found, strict=True):
            assert np.array_equal(before, before2)
            reached = dist[0] < FAR // 2
            assert np.array_equal(reached, dist2[0] < FAR // 2)
            assert all(np.array_equal(a[reached], b[reached]) for a, b in zip(dist, dist2, strict=True))


stages_of_a_pair = st.tuples(st.integers(0, 3), st.integers(-(10**6), 10**6), st.integers(0, 2**32))


@settings(max_examples=60)
@given(st.lists(stages_of_a_pair, min_size=2, max_size=8))
def test_packed_stages_order_and_unpack_like_the_stages(rows: list[tuple[int, int, int]]) -> None:
    stages = [np.array(column, dtype=np.int64) for column in zip(*rows, strict=True)]
    planes = packed(stages, 20)
    steps = [[int(plane[b]) - int(plane[a]) for plane in planes.weights] for a, b in pairwise(range(len(rows)))]
    true = [tuple(y - x for x, y in zip(rows[a], rows[b], strict=True)) for a, b in pairwise(range(len(rows)))]
    back = planes.unpack([np.array([step[k] for step in steps], dtype=object) for k in range(len(planes.weights))])
    assert [tuple(int(part[e]) for part in back) for e in range(len(steps))] == true
    order = sorted(range(len(steps)), key=lambda e: steps[e])
    assert [true[e] for e in order] == sorted(true)
