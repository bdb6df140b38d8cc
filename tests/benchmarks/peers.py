"""The peers: every solver gets the same pairs and must reach the same objective."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment, milp
from scipy.sparse import csr_array, hstack
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from matcher import Problem, groups, paths, solve
from tests.benchmarks.instances import Instance

Ints = NDArray[np.int64]


def combined(instance: Instance) -> Ints:
    """One whole number per pair that ranks priority before fit, exact in a double; for the peers."""
    heavy = int(instance.fit.max(initial=0)) * (min(len(instance.priority), len(instance.places)) + 1) + 1
    return instance.row_priority() * heavy + instance.fit


def value(instance: Instance, assignment: Ints) -> tuple[int, int]:
    """Return the sum of priorities and of fits of a plan; it must use eligible pairs and existing places."""
    rows = np.repeat(np.arange(len(instance.priority)), np.diff(instance.indptr))
    held = assignment[rows] == instance.indices
    if int(held.sum()) != int((assignment >= 0).sum()):
        raise AssertionError("a plan uses a pair that is not eligible")
    if (np.bincount(instance.indices[held], minlength=len(instance.places)) > instance.places).any():
        raise AssertionError("a plan uses a place that does not exist")
    return int(instance.priority[assignment >= 0].sum()), int(instance.fit[held].sum())


def problem_of(instance: Instance) -> Problem:
    """The instance as the public `Problem`, which checks it."""
    m, p = len(instance.places), instance.pairs
    none = np.zeros(m, dtype=np.int64)
    return Problem(
        indptr=instance.indptr, indices=instance.indices, values=instance.fit, places=instance.places,
        priority=instance.priority, min_to_open=none, present=none, load_capacity=none - 1,
        load=np.zeros(p, dtype=np.int64), locks=np.zeros(p, dtype=np.int8), student_ids=instance.students,
        opening_ids=instance.openings,
    )  # fmt: skip


def ours(engine: str) -> Callable[[Instance], Ints]:
    """Return the public call: `Problem` and `solve`, with priority, fit and ties, proven by prices and verified."""

    def run(instance: Instance) -> Ints:
        with only(engine):
            return solve(problem_of(instance)).assignment

    return run


@contextmanager
def only(engine: str) -> Iterator[None]:
    """Let the kernels be compiled, or nothing but NumPy and SciPy be there, while the block runs."""
    kept = paths.use_compiled
    for module in (paths, groups):
        module.use_compiled = lambda _, pairs: kept(engine, pairs)
    try:
        yield
    finally:
        for module in (paths, groups):
            module.use_compiled = kept


def ortools_flow(instance: Instance) -> Ints:
    """OR-Tools ``SimpleMinCostFlow``: source, students, openings, sink, and a bypass for the unplaced."""
    from ortools.graph.python import min_cost_flow

    n, m = len(instance.priority), len(instance.places)
    rows = np.repeat(np.arange(n), np.diff(instance.indptr))
    source, sink = n + m, n + m + 1
    students, openings = np.arange(n), np.arange(m)
    one = np.ones(n, dtype=np.int64)
    flow = min_cost_flow.SimpleMinCostFlow()
    pairs = flow.add_arcs_with_capacity_and_unit_cost(
        rows, n + instance.indices, np.ones(instance.pairs, dtype=np.int64), -combined(instance)
    )
    flow.add_arcs_with_capacity_and_unit_cost(n + openings, np.full(m, sink), instance.places, 0 * openings)
    flow.add_arcs_with_capacity_and_unit_cost(np.full(n, source), students, one, 0 * one)
    flow.add_arcs_with_capacity_and_unit_cost(students, np.full(n, sink), one, 0 * one)
    flow.set_nodes_supplies(np.array([source, sink]), np.array([n, -n]))
    if flow.solve() != flow.OPTIMAL:
        raise AssertionError("OR-Tools did not reach the optimum")
    used = np.flatnonzero(flow.flows(pairs))
    assignment = np.full(n, -1, dtype=np.int64)
    assignment[rows[used]] = instance.indices[used]
    return assignment


def _split(instance: Instance) -> tuple[csr_array, Ints]:
    """Give costs with one column per place and one private column per student, and the opening of each column."""
    n, m = len(instance.priority), len(instance.places)
    seats = np.repeat(np.arange(m), instance.places)
    weight = combined(instance)
    top = int(weight.max(initial=0)) + 1
    table = csr_array((top - weight, instance.indices, instance.indptr), shape=(n, m))
    copies = csr_array((np.ones(len(seats), dtype=np.int64), (seats, np.arange(len(seats)))), shape=(m, len(seats)))
    private = csr_array((np.full(n, top), (np.arange(n), np.arange(n))), shape=(n, n))
    return csr_array(hstack((table @ copies, private), format="csr")), np.concatenate((seats, np.full(n, -1)))


def scipy_sparse(instance: Instance) -> Ints:
    """SciPy ``min_weight_full_bipartite_matching`` with columns copied per place."""
    costs, opening = _split(instance)
    rows, columns = min_weight_full_bipartite_matching(costs.astype(np.float64))
    assignment = np.full(len(instance.priority), -1, dtype=np.int64)
    assignment[rows] = opening[columns]
    return assignment


def lapx_sparse(instance: Instance) -> Ints:
    """lapx ``lapmod`` on the same copied columns.

    It wants a square table: each place gets a row of its own, which takes the place if nobody does, and else, at no
    cost, the private column of the student who did. It also wants costs below a million: they are divided by a power
    of two, which loses nothing.
    """
    import lap

    costs, opening = _split(instance)
    n, width = costs.shape
    seats = width - n
    taken = csr_array(costs[:, :seats])
    taken.data[:] = 1
    free = csr_array((np.ones(seats, dtype=np.int64), (np.arange(seats), np.arange(seats))), shape=(seats, seats))
    rest = csr_array(hstack((free, taken.T), format="csr"))
    costs.sort_indices()
    rest.sort_indices()
    scale = 2.0 ** max(0, int(costs.data.max()).bit_length() - 19)
    data = np.concatenate((costs.data / scale, np.zeros(len(rest.data))))
    indptr = np.concatenate((costs.indptr, costs.indptr[-1] + rest.indptr[1:])).astype(np.int32)
    indices = np.concatenate((costs.indices, rest.indices)).astype(np.int32)
    _cost, chosen, _rows = lap.lapmod(width, data, indptr, indices)
    return opening[np.asarray(chosen)[:n]].astype(np.int64)


def dense(instance: Instance) -> Ints:
    """SciPy ``linear_sum_assignment`` on the whole table."""
    costs, opening = _split(instance)
    table = np.full(costs.shape, float(4 * int(costs.data.max())))
    rows = np.repeat(np.arange(costs.shape[0]), np.diff(costs.indptr))
    table[rows, costs.indices] = costs.data
    _rows, columns = linear_sum_assignment(table)
    return opening[columns].astype(np.int64)


def highs(instance: Instance) -> Ints:
    """HiGHS through SciPy, as a linear programme: whole by total unimodularity.

    Doubles leave no room for a priority that outweighs every sum of fits; one that outweighs a thousand of them
    reaches the same optimum here, which is checked like everybody's.
    """
    from scipy.optimize import Bounds, LinearConstraint

    n, m, p = len(instance.priority), len(instance.places), instance.pairs
    rows = np.repeat(np.arange(n), np.diff(instance.indptr))
    pairs = np.arange(p)
    student = csr_array((np.ones(p), (rows, pairs)), shape=(n, p))
    opening = csr_array((np.ones(p), (instance.indices, pairs)), shape=(m, p))
    limits = [LinearConstraint(student, ub=1), LinearConstraint(opening, ub=instance.places.astype(float))]
    worth = 1000.0 * instance.row_priority() + instance.fit / 1e6
    found = milp(-worth, constraints=limits, bounds=Bounds(0, 1))
    assignment = np.full(n, -1, dtype=np.int64)
    used = np.flatnonzero(found.x > 0.5)
    assignment[rows[used]] = instance.indices[used]
    return assignment


def greedy(instance: Instance) -> Ints:
    """Take the best pair that still fits, priorities first: what people do by hand; not optimal."""
    n = len(instance.priority)
    rows = np.repeat(np.arange(n), np.diff(instance.indptr))
    room = instance.places.tolist()
    assignment = np.full(n, -1, dtype=np.int64)
    for e in np.lexsort((-instance.fit, -instance.priority[rows])).tolist():
        i, j = rows[e], instance.indices[e]
        if assignment[i] < 0 and room[j] > 0:
            assignment[i] = j
            room[j] -= 1
    return assignment


PEERS: dict[str, Callable[[Instance], Ints]] = {
    "schakel, compiled": ours("compiled"),
    "schakel, SciPy alone": ours("plain"),
    "OR-Tools min-cost flow": ortools_flow,
    "SciPy sparse matching": scipy_sparse,
    "lapx lapmod": lapx_sparse,
    "SciPy dense LSA": dense,
    "HiGHS through SciPy": highs,
    "greedy (not optimal)": greedy,
}
"""Who is measured, by the name in the table."""
PROVES = ("schakel, compiled", "schakel, SciPy alone")
LARGE = {"stress": ("schakel, compiled", "OR-Tools min-cost flow")}
"""Who is asked at sizes that the others do not finish."""
ONCE = {"nation": ("SciPy dense LSA", "HiGHS through SciPy"), "stress": ("OR-Tools min-cost flow",)}
"""Who is run only once at a size, for time's sake."""
