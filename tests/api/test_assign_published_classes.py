"""``schakel assign`` on problems of the classes that OR-Library publishes, through its files, to proof."""
from __future__ import annotations

from pathlib import Path

import pytest

from api.assign_verify import verify_folder
from tests.api.assign_cases import assign, result
from tests.api.published_classes import Generalised, assignment, costs, profits


def proven(folder: Path, problem: Generalised) -> None:
    """Everybody placed at the optimum of another solver, bound and value equal, and nothing found against it."""
    assert assign(folder, **problem.tables()) == 0
    found = result(folder / "out")
    jobs = problem.worth.shape[1]
    assert (found["status"], found["placed"], found["gap"]) == ("optimal", jobs, 0)
    assert abs(found["total_score"]) == problem.optimum()
    assert all(stage["value"] == stage["bound"] for stage in found["stages"])
    assert not verify_folder(folder / "out").findings


def shortest(folder: Path, size: int, seed: int) -> None:
    tables, least = assignment(size, seed)
    assert assign(folder, **tables) == 0
    found = result(folder / "out")
    assert (found["status"], found["placed"], found["total_score"], found["bound"]) == ("optimal", size, -least, -least)
    assert verify_folder(folder / "out").statement == "proved"


def test_costs_are_scores_below_zero_and_the_least_total_is_proven(tmp_path: Path) -> None:
    shortest(tmp_path, 100, 1)


@pytest.mark.slow
@pytest.mark.parametrize("size", range(200, 900, 100))
def test_dense_assignment_problems_of_every_published_size_are_proven(size: int, tmp_path: Path) -> None:
    shortest(tmp_path, size, size)


@pytest.mark.parametrize(("agents", "jobs"), [(5, 15), (5, 20), (8, 24)])
def test_small_generalised_assignment_problems_are_proven(agents: int, jobs: int, tmp_path: Path) -> None:
    proven(tmp_path, profits(agents, jobs, agents * jobs))


def test_a_large_problem_with_wide_capacities_is_proven(tmp_path: Path) -> None:
    proven(tmp_path, costs("a", 20, 100, 1))


@pytest.mark.slow
@pytest.mark.parametrize("times", [3, 4, 5, 6])
@pytest.mark.parametrize("agents", [5, 8, 10])
@pytest.mark.parametrize("seed", range(5))
def test_sixty_problems_like_gap1_to_gap12_are_proven(agents: int, times: int, seed: int, tmp_path: Path) -> None:
    proven(tmp_path, profits(agents, agents * times, seed))


@pytest.mark.slow
@pytest.mark.parametrize("jobs", [100, 200])
@pytest.mark.parametrize("agents", [5, 10, 20])
@pytest.mark.parametrize("kind", ["a", "b", "c"])
def test_problems_like_the_sets_a_b_and_c_are_proven(kind: str, agents: int, jobs: int, tmp_path: Path) -> None:
    proven(tmp_path, costs(kind, agents, jobs, agents + jobs))
