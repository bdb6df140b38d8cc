"""The `assign` job: read, solve, verify, write, with the time each took."""
from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from api.assign_files import CASE, assignment_bytes, json_text, no_result, result_of, write_case
from api.assign_read import AssignFiles, Stated, read_problem
from api.conflicts import conflict_as_json, conflict_message
from api.errors import NoPlan, Refused, ServiceError, TimeLimit
from api.outputs import output_folder
from matcher.certificate import verify
from matcher.errors import Infeasible, NoPlanYet, SolverFailure
from matcher.solution import Solution
from matcher.solver import search


@dataclass(frozen=True, slots=True)
class AssignJob:
    """What is asked: ``unplaced_value`` in millionths, ``time_limit`` in seconds."""

    files: AssignFiles
    objective: str = "placed"
    unplaced_value: int = 0
    time_limit: float | None = None


@dataclass(slots=True)
class _Clock:
    step: Callable[[str], None]
    seconds: dict[str, float] = field(default_factory=lambda: dict.fromkeys(("read", "solve", "verify", "write"), 0.0))

    @contextmanager
    def time(self, name: str) -> Iterator[None]:
        self.step(name)
        start = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] += time.perf_counter() - start


def run_assign(
    job: AssignJob,
    out: Path,
    *,
    step: Callable[[str], None] = lambda _: None,
    note: Callable[[str], None] = lambda _: None,
) -> None:
    """Do the job and put its files in ``out``.

    Raises
    ------
    WrongUsage
        If ``out`` cannot be used.
    Refused
        If a file cannot be used; ``result.json`` then says so and lists every defect.
    NoPlan
        If no plan holds all limits; ``result.json`` has the conflict.
    TimeLimit
        If the time limit struck; the best plan, if any, is written with its gap.
    """
    clock = _Clock(step)
    with output_folder(out, "assign") as folder:
        trouble = _work(job, folder, clock, note)
        timings = {name: round(seconds, 6) for name, seconds in clock.seconds.items()}
        (folder / "timings.json").write_text(json_text(timings), encoding="utf-8")
    if trouble is not None:
        raise trouble


def _work(job: AssignJob, folder: Path, clock: _Clock, note: Callable[[str], None]) -> ServiceError | None:
    try:
        with clock.time("read"):
            stated = read_problem(job.files, positive=job.objective == "balanced", note=note)
    except Refused as refusal:
        body = no_result("refused", job.objective, [], None) | {"defects": str(refusal).splitlines()}
        (folder / "result.json").write_text(json_text(body), encoding="utf-8")
        return refusal
    problem = stated.problem
    try:
        with clock.time("solve"):
            solution = search(
                problem, objective=job.objective, unplaced_value=job.unplaced_value, time_limit=job.time_limit
            )
    except Infeasible as infeasible:
        members = conflict_as_json(infeasible.conflict, problem, stated.students, stated.openings)
        digest = _case(job, stated, None, folder)
        body = no_result("infeasible", job.objective, members, digest)
        (folder / "result.json").write_text(json_text(body), encoding="utf-8")
        return NoPlan(conflict_message(infeasible.conflict, problem, stated.students, stated.openings))
    except NoPlanYet:
        body = no_result("unknown", job.objective, [], _case(job, stated, None, folder))
        (folder / "result.json").write_text(json_text(body), encoding="utf-8")
        return TimeLimit("The time limit struck before any plan was found. Allow more with --time-limit.")
    with clock.time("verify"):
        verdict = verify(problem, solution, unplaced_value=job.unplaced_value)
    if not verdict.ok:
        raise SolverFailure("; ".join(f"{found.name}: {found.sentence}" for found in verdict.findings))
    with clock.time("write"):
        digest = _case(job, stated, solution, folder)
        (folder / "assignment.csv").write_bytes(assignment_bytes(stated, solution.assignment))
        body = result_of(stated, solution, digest)
        (folder / "result.json").write_text(json_text(body), encoding="utf-8")
    if solution.status != "optimal":
        return TimeLimit(f"The time limit struck: the plan holds every limit, its gap is {body['gap']}.")
    return None


def _case(job: AssignJob, stated: Stated, solution: Solution | None, folder: Path) -> str:
    return write_case(
        folder / CASE, stated.problem, stated.students, stated.openings, solution, objective=job.objective,
        unplaced_value=job.unplaced_value, time_limit=job.time_limit,
    )  # fmt: skip
