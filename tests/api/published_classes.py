"""Instances of the classes that OR-Library publishes, drawn anew: its files are not part of this repository.

The rules are those that the papers state:

- assignment, J. E. Beasley, "OR-Library: distributing test problems by electronic mail", J. Oper. Res. Soc. 41, 1990,
  doi:10.1057/jors.1990.166: dense, as many agents as jobs, whole costs 1 to 100
- generalised assignment, profits (gap1 to gap12), I. H. Osman, "Heuristics for the generalised assignment problem",
  OR Spektrum 17, 1995, doi:10.1007/BF01720977: profits 15 to 25, resources 5 to 25, capacity 0.8 of the mean need
- generalised assignment, costs (a, b, c), P. C. Chu, J. E. Beasley, "A genetic algorithm for the generalised assignment
  problem", Computers & Operations Research 24, 1997, doi:10.1016/S0305-0548(96)00032-9: costs 10 to 50, resources 5 to
  25; a: capacity 0.6 (jobs/agents) 15 + 0.4 R, R being the largest need when every job goes where it is cheapest;
  b: 0.7 of that; c: 0.8 of the mean need
"""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, linear_sum_assignment, milp
from scipy.sparse import coo_array

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Generalised:
    """Worth and need of each job at each agent, shape (agents, jobs), and the capacity of each agent."""

    worth: Ints
    need: Ints
    capacity: Ints
    costs: bool

    def tables(self) -> dict[str, str]:
        """The files of ``schakel assign``: a job is a student, an agent an opening; costs are scores below 0."""
        agents, jobs = self.worth.shape
        sign = -1 if self.costs else 1
        scores = [
            f"j{j},a{i},{sign * int(self.worth[i, j])},{int(self.need[i, j])}"
            for j in range(jobs)
            for i in range(agents)
        ]
        openings = [f"a{i},{jobs},{int(self.capacity[i])}" for i in range(agents)]
        return {
            "scores": "\n".join(["student,opening,score,load", *scores, ""]),
            "openings": "\n".join(["opening,places,load_capacity", *openings, ""]),
        }

    def optimum(self) -> int:
        """By HiGHS, with its relative gap set to 0 and every job placed."""
        agents, jobs = self.worth.shape
        at = np.arange(agents * jobs)
        agent, job = np.divmod(at, jobs)
        once = coo_array((np.ones(len(at)), (job, at))).tocsr()
        load = coo_array((self.need.ravel().astype(float), (agent, at))).tocsr()
        worth = self.worth.ravel().astype(float)
        found = milp(
            worth if self.costs else -worth, integrality=np.ones(len(at)), bounds=Bounds(0, 1),
            constraints=[LinearConstraint(once, 1, 1), LinearConstraint(load, -np.inf, self.capacity)],
            options={"mip_rel_gap": 0.0},
        )  # fmt: skip
        return int(self.worth.ravel()[found.x > 0.5].sum())


def profits(agents: int, jobs: int, seed: int) -> Generalised:
    """A problem like gap1 to gap12 (5 to 10 agents, 3 to 6 jobs for each)."""
    rng = np.random.default_rng(seed)
    worth, need = rng.integers(15, 26, (agents, jobs)), rng.integers(5, 26, (agents, jobs))
    return Generalised(worth, need, need.sum(axis=1) * 8 // (10 * agents), False)


def costs(kind: str, agents: int, jobs: int, seed: int) -> Generalised:
    """A problem like those of the sets a, b and c (5 to 20 agents, 100 or 200 jobs)."""
    rng = np.random.default_rng(seed)
    worth, need = rng.integers(10, 51, (agents, jobs)), rng.integers(5, 26, (agents, jobs))
    cheapest = np.bincount(worth.argmin(axis=0), weights=need[worth.argmin(axis=0), np.arange(jobs)], minlength=agents)
    wide = 0.6 * (jobs / agents) * 15 + 0.4 * cheapest.max()
    capacity = {"a": np.full(agents, wide), "b": np.full(agents, 0.7 * wide), "c": 0.8 * need.sum(axis=1) / agents}
    return Generalised(worth, need, capacity[kind].astype(np.int64), True)


def assignment(size: int, seed: int) -> tuple[dict[str, str], int]:
    """A problem like assign100 to assign800: its files, and its optimum by SciPy."""
    cost = np.random.default_rng(seed).integers(1, 101, (size, size))
    rows, columns = linear_sum_assignment(cost)
    scores = [f"r{i},c{j},{-int(cost[i, j])}" for i in range(size) for j in range(size)]
    tables = {
        "scores": "\n".join(["student,opening,score", *scores, ""]),
        "openings": "\n".join(["opening,places", *(f"c{j},1" for j in range(size)), ""]),
    }
    return tables, int(cost[rows, columns].sum())
