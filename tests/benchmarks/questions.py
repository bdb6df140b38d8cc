"""Measure what every other choice costs and every further place is worth, all at once and one by one."""
from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from statistics import median

from api.files import read_leavers, read_vacancies
from api.pipeline import prepare
from api.policy import Policy
from matcher.problem import Problem
from matcher.sensitivity import regret, sensitivities, worth
from matcher.sensitivity_changes import departure, rejection
from matcher.solution import Solution
from matcher.solver import search
from tests.benchmarks.instances import Instance
from tests.benchmarks.peers import only, problem_of

FIXTURE = Path(__file__).parents[2] / "fixtures" / "region"
DAY = date(2026, 6, 15)


def questions(instance: Instance, rounds: int = 20) -> list[str]:
    """All regrets and worths of a plain problem, and single questions about it, compiled and by SciPy alone."""
    problem = problem_of(instance)
    return _both(problem, search(problem), rounds)


def with_loads(rounds: int = 5) -> list[str]:
    """The same for the shipped region, where loads and groups bind; and how much of it is told."""
    leavers = read_leavers(FIXTURE / "leavers.csv", columns={}, lang="nl", on=DAY)
    vacancies = read_vacancies(FIXTURE / "vacancies.csv", columns={}, lang="nl", on=DAY)
    students, openings = ([record for _, record in read.records] for read in (leavers, vacancies))
    problem = prepare(students, openings, Policy(), on=DAY).problem
    start = time.perf_counter()
    plan = search(problem)
    solved = time.perf_counter() - start
    known = sensitivities(problem, plan)
    lines = [
        f"`fixtures/region` ({problem.n} students, {problem.m} openings, {problem.p:,} pairs, with loads and groups): "
        f"solved in {solved:.1f} s; {int(known.known.sum()):,} of {problem.p:,} regrets and "
        f"{int(known.worth_known.sum())} of {problem.m} worths told.",
        "",
    ]
    return [*lines, *_both(problem, plan, rounds)]


def _both(problem: Problem, plan: Solution, rounds: int) -> list[str]:
    lines = []
    for engine, told in (("compiled", "compiled"), ("plain", "SciPy alone")):
        with only(engine):
            cells = [f"{name} {clock}" for name, clock in _asked(problem, plan, rounds)]
        lines += [f"What other choices cost, {told}: {'; '.join(cells)}.", ""]
    return lines


def _asked(problem: Problem, plan: Solution, rounds: int) -> list[tuple[str, str]]:
    k = problem.p // 3
    i, j = int(problem.rows[k]), int(problem.indices[k])
    placed = int((plan.assignment >= 0).argmax())
    where = int(plan.assignment[placed])
    kinds: dict[str, Callable[[], object]] = {
        "all regrets and worths": lambda: sensitivities(problem, plan),
        "one pin": lambda: regret(problem, plan, i, j),
        "one place more": lambda: worth(problem, plan, j),
        "one rejection": lambda: rejection(problem, plan, placed, where),
        "one drop-out": lambda: departure(problem, plan, placed),
    }
    result = []
    for name, ask in kinds.items():
        ask()  # whatever is loaded or compiled on first use
        seconds = []
        for _ in range(rounds):
            start = time.perf_counter()
            ask()
            seconds.append(time.perf_counter() - start)
        result.append((name, f"{1000 * median(seconds):,.1f} ms"))
    return result
