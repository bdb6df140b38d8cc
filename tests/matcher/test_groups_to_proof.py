"""Groups with a minimum to open, nothing else but places: against enumeration, another solver, and at every bound."""
from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array, csr_array, hstack, vstack

from matcher import Infeasible, Problem, build_problem, search, verify
from matcher import disjunctions as disjunctions_module
from matcher import groups as groups_module
from matcher import limited as limited_module
from matcher import rounding as rounding_module
from matcher.certificate_bounds import Prices, bound
from matcher.certificate_prices import by_stage
from matcher.constraints import residual
from matcher.rounding import rounded
from matcher.transport import slack
from tests.matcher.drawn_limits import best_by_enumeration
from tests.matcher.plans_by_hand import plans
from tests.matcher.test_limits_against_enumeration import stated


def draw_groups(seed: int) -> Problem:
    """At most six students and four openings, any of which may be a group; forbidden and pinned pairs, low scores."""
    rng = np.random.default_rng(seed)
    n, m = int(rng.integers(1, 7)), int(rng.integers(1, 5))
    share = rng.choice([0.5, 0.8, 1.0])
    pairs = [(i, j) for i in range(n) for j in range(m) if rng.random() < share]
    few = rng.random() < 0.5
    values = [int(rng.integers(1, 3)) if few else int(rng.integers(-200, 10**6)) for _ in pairs]
    drawn = rng.random(len(pairs)) if rng.random() < 0.4 else np.full(len(pairs), 0.5)
    return build_problem(
        [i for i, _ in pairs], [j for _, j in pairs], values, rng.integers(0, 5, m), n=n,
        priority=rng.integers(0, 3, n) if rng.random() < 0.4 else None, min_to_open=rng.integers(0, 5, m),
        present=rng.integers(0, 2, m), locks=np.where(drawn < 0.12, -1, np.where(drawn > 0.92, 1, 0)),
    )  # fmt: skip


def contest(seed: int, *, n: int = 60, m: int = 24, groups: int = 12) -> Problem:
    """Groups that ask for more students than there are, and openings without a minimum beside them."""
    rng = np.random.default_rng(seed)
    eligible = rng.random((n, m)) < 0.4
    i, j = np.nonzero(eligible)
    quality = rng.normal(0, 0.1, m)
    values = (1e6 * np.clip(0.6 + quality[j] + rng.normal(0, 0.12, len(i)), 0.05, 0.99)).astype(np.int64)
    places, minimum = rng.integers(1, 3, m), np.zeros(m, dtype=np.int64)
    minimum[:groups] = rng.integers(4, 9, groups)
    places[:groups] = minimum[:groups] + rng.integers(0, 4, groups)
    return build_problem(i, j, values, places, priority=rng.choice([1, 1, 1, 2], n), min_to_open=minimum)


def by_another_solver(problem: Problem) -> tuple[int, int]:
    """Priority, then fit held at that priority, by HiGHS with its relative gap set to 0."""
    p, n, m = problem.p, problem.n, problem.m
    group = np.flatnonzero(problem.min_to_open > 1)
    pick = csr_array((np.ones(len(group)), (group, np.arange(len(group)))), shape=(m, len(group)))
    student = coo_array((np.ones(p), (problem.rows, np.arange(p))), shape=(n, p)).tocsr()
    opening = coo_array((np.ones(p), (problem.indices, np.arange(p))), shape=(m, p)).tocsr()
    plain = np.where(problem.min_to_open > 1, 0, problem.places)
    rows = vstack((
        hstack((student, csr_array((n, len(group))))),
        hstack((opening, -pick * problem.places[group])),
        hstack((-opening[group], csr_array(np.diag(problem.min_to_open[group].astype(float))))),
    ))  # fmt: skip
    limits = [LinearConstraint(rows, -np.inf, np.concatenate((np.ones(n), plain, np.zeros(len(group)))))]

    def most(worth: np.ndarray) -> int:
        found = milp(
            -np.concatenate((worth, np.zeros(len(group)))), integrality=np.ones(p + len(group)), bounds=Bounds(0, 1),
            constraints=limits, options={"mip_rel_gap": 0.0},
        )  # fmt: skip
        return int(worth[found.x[:p] > 0.5].sum())

    priority = problem.priority[problem.rows]
    first = most(priority)
    limits.append(LinearConstraint(np.concatenate((priority, np.zeros(len(group))))[None, :], first, np.inf))
    return first, most(problem.values)


@pytest.mark.parametrize("block", range(2))
def test_the_answer_is_the_best_of_all_assignments(block: int) -> None:
    count = 0
    for seed in range(150 * block, 150 * (block + 1)):
        problem = draw_groups(seed)
        objective = ("placed", "fit")[seed % 2]
        unplaced = (seed % 7 - 3) * 100_000 if objective == "fit" else 0
        best = best_by_enumeration(problem, objective, unplaced)
        try:
            solution = search(problem, objective=objective, unplaced_value=unplaced)
        except Infeasible:
            assert best is None
            continue
        assert best is not None
        assert stated(solution) == best[0]
        assert tuple(solution.assignment.tolist()) == best[1]
        assert all(stage.value == stage.bound for stage in solution.stages)
        assert verify(problem, solution, unplaced_value=unplaced).ok
        count += 1
    assert count > 100


@pytest.mark.parametrize("seed", range(6))
def test_groups_that_compete_are_opened_as_another_solver_opens_them(seed: int) -> None:
    problem = contest(seed)
    solution = search(problem)
    assert solution.status == "optimal"
    assert tuple(stage.value for stage in solution.stages[:2]) == by_another_solver(problem)
    assert verify(problem, solution).ok


def test_every_bound_of_a_chain_holds_for_the_best_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever was asked: with nothing known, the chain bounds the optimum of its node, and so does its slack."""
    seen = []
    chain = disjunctions_module.chain

    def noted(field, state, enough, stop):  # type: ignore[no-untyped-def]
        seen.append((state.value, chain(field, state, None, stop)))
        return chain(field, state, enough, stop)

    monkeypatch.setattr(groups_module, "chain", noted)
    for seed in range(6):
        seen.clear()
        problem = contest(seed, n=30, m=12, groups=8)
        best = search(problem)
        priority, fit = (stage.value for stage in best.stages[:2])
        assert isinstance(priority, int)
        assert isinstance(fit, int)
        value, link = seen[0]  # the root: every plan is in it
        scale = 4 * int(problem.values.max()) * (problem.n + 2) + 1
        assert link is not None
        assert priority * scale + fit <= link.most <= value


def test_no_plan_is_worth_more_than_the_chain_says_its_pairs_leave_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """All plans of small problems: value + slack of its pairs <= bound, pair by pair, with nothing known before."""
    links = []
    chain = disjunctions_module.chain

    def noted(field, state, enough, stop):  # type: ignore[no-untyped-def]
        links.append((field, chain(field, state, None, stop)))
        return links[-1][1] and chain(field, state, enough, stop)

    monkeypatch.setattr(groups_module, "chain", noted)
    seen = 0
    for seed in range(250):
        links.clear()
        problem = draw_groups(seed)
        if (problem.locks != 0).any() or not problem.p:
            continue
        search(problem)
        if not links or links[0][1] is None:
            continue
        field, link = links[0]
        gap = slack(link.field, link.state.own, link.state.price)
        first = field.graph.indices < field.m
        lack = np.minimum(gap[first], np.where(field.twin[first] >= 0, gap[field.twin[first]], gap[first]))
        worth = dict(zip(field.origin[first].tolist(), zip(field.graph.weight[first], lack, strict=True), strict=True))
        state = residual(problem)
        assert state is not None
        free = {int(pair): k for k, pair in enumerate(state.pair)}
        for plan in plans(problem):
            pairs = [free.get(problem.pair(i, j), -1) for i, j in enumerate(plan) if j >= 0]
            if all(k in worth for k in pairs):
                assert sum(int(sum(worth[k])) for k in pairs) <= link.most
                seen += 1
    assert seen > 100


@pytest.mark.parametrize("steps", [150, 400, 800])
def test_a_search_that_is_stopped_leaves_a_bound_above_the_optimum(steps: int, monkeypatch: pytest.MonkeyPatch) -> None:
    problem = contest(3)
    best = [stage.value for stage in search(problem).stages]
    looks = iter(range(10**6))
    monkeypatch.setattr(groups_module._Search, "_late", lambda _: next(looks) > steps)
    early = search(problem)
    assert verify(problem, early).ok
    priority, fit, _ = early.stages
    assert priority.value <= best[0] <= priority.bound
    if priority.bound == best[0]:
        assert best[1] <= fit.bound
    assert (early.status == "optimal") == all(stage.value == stage.bound for stage in early.stages[:2])
    assert early.status == "feasible" or [stage.value for stage in early.stages[:2]] == best[:2]


@pytest.mark.parametrize("seed", range(6))
def test_every_way_to_decide_about_groups_gives_the_same_plan(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    problem = contest(seed, n=40, m=16, groups=8)
    answers = []
    begun = []
    monkeypatch.setattr(limited_module, "rounded", lambda *a, **k: begun.append(rounded(*a, **k)) or begun[-1])
    monkeypatch.setattr(rounding_module, "PAIRS", 150)
    monkeypatch.setattr(limited_module, "MANY_GROUPS", 0)
    for small, nodes, contested in ((0, 10_000, 99), (0, 1, 99), (20_000, 1, 99), (0, 1, 0)):
        # flows to the end, one node of them, linear programmes alone, and those with a plan to begin with
        monkeypatch.setattr(limited_module, "SMALL", small)
        monkeypatch.setattr(limited_module, "GROUP_NODES", nodes)
        monkeypatch.setattr(limited_module, "CONTESTED", contested)
        found = search(problem)
        assert found.status == "optimal"
        answers.append((found.assignment.tolist(), [stage.value for stage in found.stages]))
    assert answers[1:] == answers[:1] * 3
    assert len(begun) == 1
    if begun[0] is not None:  # a plan, and nobody places more
        assert len(begun[0]) == sum(j >= 0 for j in answers[0][0])
        told = by_stage(problem, found.prices, ("priority", "fit", "tie"))[0]["priority"]  # by the way that began so
        prices = Prices(told.student, told.limit, told.load)
        assert bound(problem, problem.priority[problem.rows], 0, prices) == found.stages[0].value
