"""Parts solved apart give what the whole gives, wherever they are solved."""
from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import joblib
import numpy as np
import pytest

from matcher import verify
from matcher.errors import Infeasible, NoPlanYet
from matcher.limited import solve_limited
from matcher.parts import solve_apart, split
from matcher.problem import FORBID, Problem, build_problem
from matcher.reduction import pin_conflict
from matcher.solution import Solution
from matcher.solver import search
from tests.matcher.drawn_limited import draw
from tests.matcher.drawn_parts import beside, loaded, several

ROOT = Path(__file__).resolve().parents[2]


def _answer(problem: Problem, objective: str, *, apart: bool) -> Solution | Infeasible:
    try:
        call = solve_apart if apart else solve_limited
        return call(problem, objective=objective, unplaced_value=300_000)
    except Infeasible as error:
        return error


def _same(problem: Problem, objective: str) -> bool:
    """Whether there is a plan; both ways must say so, and the same one."""
    ours, whole = (_answer(problem, objective, apart=apart) for apart in (True, False))
    if isinstance(whole, Infeasible):
        assert isinstance(ours, Infeasible)
        assert ours.conflict == whole.conflict
        return False
    assert isinstance(ours, Solution)
    assert ours.assignment.tolist() == whole.assignment.tolist()
    assert [(s.name, s.value) for s in ours.stages] == [(s.name, s.value) for s in whole.stages]
    assert [s.bound for s in ours.stages[:-1]] == [s.bound for s in whole.stages[:-1]]
    verdict = verify(problem, ours, unplaced_value=300_000)
    assert verdict.ok, verdict.findings
    return True


def _check(seeds: range, objective: str) -> int:
    problems = [several(seed) for seed in seeds]
    return sum(_same(problem, objective) for problem in problems if not (problem.is_plain or pin_conflict(problem)))


@pytest.mark.parametrize("objective", ["placed", "fit"])
def test_parts_solved_apart_give_the_plan_of_the_whole(objective: str) -> None:
    assert _check(range(80), objective) > 30


@pytest.mark.slow
@pytest.mark.parametrize("objective", ["placed", "fit"])
def test_parts_solved_apart_give_the_plan_of_the_whole_many_times(objective: str) -> None:
    assert _check(range(80, 600), objective) > 200


def test_every_student_and_opening_is_in_one_part_and_no_pair_or_limit_lies_across() -> None:
    for seed in range(40):
        problem = several(seed)
        parts = () if pin_conflict(problem) else split(problem)
        if not parts:
            continue
        assert sorted(i for part in parts for i in part.students.tolist()) == list(range(problem.n))
        assert sorted(j for part in parts for j in part.openings.tolist()) == list(range(problem.m))
        assert parts[-1].problem.is_plain
        home = {i: p for p, part in enumerate(parts) for i in part.students.tolist()}
        place = {j: p for p, part in enumerate(parts) for j in part.openings.tolist()}
        kept = set()
        for part in parts:
            kept |= {
                (int(part.students[i]), int(part.openings[j]))
                for i, j in zip(part.problem.rows.tolist(), part.problem.indices.tolist(), strict=True)
            }
        assert all(home[i] == place[j] for i, j in kept)
        used = problem.locks != FORBID
        every = set(zip(problem.rows[used].tolist(), problem.indices[used].tolist(), strict=True))
        assert kept <= every


def test_blocks_that_share_nothing_are_parts_of_their_own_and_a_shared_limit_makes_them_one() -> None:
    # Two students compete for one place with a load that only one of them fits beside another; three such blocks.
    block = build_problem(
        [0, 1, 2], [0, 0, 0], [900_000, 800_000, 700_000], places=[2], load_capacity=[3_000_000],
        load=[2_000_000, 2_000_000, 1_000_000],
    )  # fmt: skip
    assert [part.problem.n for part in split(beside([block, block, block], 1))] == [3, 3, 3, 0]
    assert [part.problem.n for part in split(beside([block, block, block], 1, held=(0, 2)))] in ([6, 3, 0], [3, 6, 0])
    free = build_problem([0, 1], [0, 0], [900_000, 800_000], places=[2], load_capacity=[3_000_000], load=[1, 1])
    assert [part.problem.n for part in split(beside([block, free], 1))] == [3, 2]


def test_processes_give_the_same_plan() -> None:
    problem = beside([loaded(0), loaded(1), draw(6, kind="plain")], 2)
    alone = search(problem)
    with joblib.parallel_config(backend="loky", n_jobs=2):
        side_by_side = search(problem)
    assert side_by_side.assignment.tolist() == alone.assignment.tolist()
    assert side_by_side.stages == alone.stages
    assert [*side_by_side.prices] == [*alone.prices]


def test_a_deadline_that_has_passed_gives_no_plan_or_one_that_holds_every_limit() -> None:
    problem = beside([loaded(0), loaded(1)], 2)
    try:
        late = search(problem, time_limit=0.0)
    except NoPlanYet:
        return
    assert verify(problem, late, thorough=False).ok
    assert np.array_equal(late.assignment, search(problem).assignment) or late.status == "feasible"


def test_a_cluster_that_loses_a_worker_midway_gives_the_same_bytes() -> None:
    if os.environ.get("SCHAKEL_REQUIRE_PARTS") != "1":
        pytest.importorskip("distributed", reason="the extra `dask` is not installed")
    done = subprocess.run(
        [sys.executable, "-m", "tests.matcher.cluster"], cwd=ROOT, capture_output=True, text=True, check=False,
        timeout=240,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    alone, cluster, killed = done.stdout.split()
    assert cluster == alone
    assert killed == "1"
