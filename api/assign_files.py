"""What `assign` writes: the assignment, ``result.json`` and ``case/``; the same bytes whatever the order of the input.

Prices in ``case/prices.csv`` are whole millionths of a stage's unit (a priority, a score, a tie number). For the
vectors over all stages, compared lexicographically: the price of a student is at least the worth of being unplaced
(not for a pinned student, who has only the pinned pair), that of an opening at least 0, that of a limit at least 0
where it is an upper and at most 0 where it is a lower one; for every pair that may be used, student + opening +
limits that count the pair are at least its worth. Then no assignment is worth more than the sum of the students'
prices, of places times the openings' prices and of bounds times the limits' prices.
"""
from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.assign_limits import limits_text
from api.assign_numbers import MILLION
from api.assign_read import Stated
from api.tables import Number, csv_bytes, csv_line, guard, millionths, plain_millionths
from matcher.problem import FORBID, NO_LOAD_LIMIT, PIN, Problem
from matcher.solution import PriceTable, Solution, Stage

CASE = "case"
TIE_RULE = (
    "highest sum of tie numbers; that of a pair: top 32 bits of splitmix64(student ^ rotl(opening, 32)), "
    "ids as 8-byte BLAKE2b digests of their text"
)


class Raw(str):
    """JSON text that is written as it is: a decimal number with all its digits."""

    __slots__ = ()


def write_case(
    folder: Path,
    problem: Problem,
    student_ids: Sequence[str],
    opening_ids: Sequence[str],
    solution: Solution | None,
    *,
    objective: str,
    unplaced_value: int = 0,
    time_limit: float | None = None,
) -> str:
    """Write the problem in the `assign` format, its options, and the plan with its prices if there is one.

    Ids are those of the problem's indices. Returns the digest of problem and options that ``options.json`` states.
    """
    folder.mkdir(parents=True, exist_ok=True)
    stated = Stated(problem, tuple(student_ids), tuple(opening_ids))
    tables = case_tables(stated)
    for name, data in tables.items():
        (folder / name).write_bytes(data)
    digest = _digest(tables, objective, unplaced_value)
    options = {
        "objective": objective,
        "unplaced_fit": decimal(unplaced_value),
        "time_limit": time_limit,
        "digest": digest,
    }
    if solution is not None:
        prices = price_bytes(stated, solution)
        (folder / "assignment.csv").write_bytes(assignment_bytes(stated, solution.assignment))
        (folder / "prices.csv").write_bytes(prices)
        options["prices_digest"] = hashlib.sha256(prices).hexdigest()
    (folder / "options.json").write_text(json_text(options), encoding="utf-8")
    return digest


def case_digest(stated: Stated, objective: str, unplaced_value: int) -> str:
    """SHA-256 of the problem and of what is asked of it; the same whatever the order of rows in any file."""
    return _digest(case_tables(stated), objective, unplaced_value)


def _digest(tables: Mapping[str, bytes], objective: str, unplaced_value: int) -> str:
    digest = hashlib.sha256()
    for name, data in tables.items():
        digest.update(f"{name}\0{len(data)}\0".encode())
        digest.update(data)
    digest.update(f"{objective}\0{unplaced_value}".encode())
    return digest.hexdigest()


def case_tables(stated: Stated) -> dict[str, bytes]:
    """The five input files, sorted by id."""
    problem = stated.problem
    loaded = bool(problem.load.any())
    openings = zip(
        stated.openings,
        problem.places.tolist(),
        problem.min_to_open.tolist(),
        problem.present.tolist(),
        (None if load == NO_LOAD_LIMIT else Number(millionths(load)) for load in problem.load_capacity.tolist()),
        strict=True,
    )
    return {
        "scores.csv": _score_bytes(stated, loaded),
        "openings.csv": csv_bytes(("opening", "places", "min_to_open", "present", "load_capacity"), openings),
        "students.csv": csv_bytes(
            ("student", "priority"), zip(stated.students, problem.priority.tolist(), strict=True)
        ),
        "pairs.csv": csv_bytes(("student", "opening", "constraint"), _lock_rows(stated)),
        "limits.json": limits_text(problem.limits, stated.students, stated.openings).encode(),
    }


def _score_bytes(stated: Stated, loaded: bool) -> bytes:
    """The pairs; by hand, because there can be millions."""
    problem = stated.problem
    students, openings = _cells(stated.students), _cells(stated.openings)
    columns: list[Iterable[str]] = [
        (students[i] for i in problem.rows.tolist()),
        (openings[j] for j in problem.indices.tolist()),
        map(millionths, problem.values.tolist()),
    ]
    if loaded:
        columns.append(map(millionths, problem.load.tolist()))
    header = "student,opening,score,load" if loaded else "student,opening,score"
    return "\n".join([header, *map(",".join, zip(*columns, strict=True)), ""]).encode()


def _cells(texts: Sequence[str]) -> list[str]:
    """Ids as CSV cells, guarded and quoted where needed."""
    result = []
    for text in map(guard, texts):
        if text and not any(mark in text for mark in ',"\r\n'):
            result.append(text)
            continue
        result.append(csv_line([text]))
    return result


def _lock_rows(stated: Stated) -> list[tuple[str, str, int]]:
    problem = stated.problem
    locked = np.flatnonzero(problem.locks)
    columns = (problem.rows[locked].tolist(), problem.indices[locked].tolist(), problem.locks[locked].tolist())
    rows = set(zip(*columns, strict=True))
    rows |= {(i, j, PIN) for i, j in (*problem.ineligible_pins, *problem.pinned_forbidden)}
    rows |= {(i, j, FORBID) for i, j in problem.pinned_forbidden}
    return [(stated.students[i], stated.openings[j], lock) for i, j, lock in sorted(rows)]


def assignment_bytes(stated: Stated, assignment: NDArray[np.int64]) -> bytes:
    """``student,opening,score``, a row per student; opening and score are empty for the unplaced."""
    pair = stated.problem.pairs_of(assignment)
    values = stated.problem.values
    rows = (
        (student, stated.openings[j], Number(millionths(int(values[k])))) if k >= 0 else (student, None, None)
        for student, j, k in zip(stated.students, assignment.tolist(), pair.tolist(), strict=True)
    )
    return csv_bytes(("student", "opening", "score"), rows)


def price_bytes(stated: Stated, solution: Solution) -> bytes:
    """``kind,id,stage,price``, sorted by stage as the objective has them, then kind, then id."""
    stages = {stage.name: k for k, stage in enumerate(solution.stages)}
    kinds = {kind: k for k, kind in enumerate(("student", "opening", "limit", "load", "open"))}
    names = {"student": stated.students, "limit": limit_ids(stated.problem)}
    blocks = PriceTable.of(solution.prices).blocks
    rows: list[tuple[str, str, str, int]] = []
    for block in sorted(blocks, key=lambda block: (stages[block.stage], kinds[block.kind])):
        ids, unit = names.get(block.kind, stated.openings), stage_unit(block.stage)
        priced = sorted(zip(block.index.tolist(), block.price.tolist(), strict=True))
        rows += [(block.kind, ids[index], block.stage, price * unit) for index, price in priced]
    return csv_bytes(("kind", "id", "stage", "price"), rows)


def limit_ids(problem: Problem) -> tuple[str, ...]:
    """The name of each limit, with its number behind it where names repeat."""
    names = [limit.name for limit in problem.limits]
    return tuple(name if names.count(name) == 1 else f"{name} #{k}" for k, name in enumerate(names, start=1))


def stage_unit(stage: str) -> int:
    """What one unit of a stage's value is in millionths: scores are in millionths already."""
    return 1 if stage == "fit" else MILLION


def result_of(stated: Stated, solution: Solution, digest: str) -> dict[str, Any]:
    """The content of ``result.json`` for a plan."""
    problem = stated.problem
    pair = problem.pairs_of(solution.assignment)
    placed = np.flatnonzero(pair >= 0)
    shown = [stage for stage in solution.stages if stage.name != "tie"]
    last, tie = shown[-1], solution.stages[-1]
    assert isinstance(last.value, int)
    assert isinstance(last.bound, int)
    return {
        "status": solution.status,
        "placed": len(placed),
        "priority_placed": sum(problem.priority[placed].tolist()),
        "total_score": decimal(sum(problem.values[pair[placed]].tolist())),
        "objective": solution.objective,
        "stages": [stage_json(stage) for stage in shown],
        "bound": decimal(last.bound),
        "gap": decimal(last.bound - last.value),
        "conflict": [],
        "ties": {"rule": TIE_RULE, "value": tie.value, "bound": tie.bound},
        "digest": digest,
    }


def no_result(status: str, objective: str, conflict: Sequence[dict[str, Any]], digest: str | None) -> dict[str, Any]:
    """The content of ``result.json`` when there is no plan: infeasible, or unknown."""
    return {
        "status": status,
        "placed": None,
        "priority_placed": None,
        "total_score": None,
        "objective": objective,
        "stages": [],
        "bound": None,
        "gap": None,
        "conflict": list(conflict),
        "ties": None,
        "digest": digest,
    }


def stage_json(stage: Stage) -> dict[str, Any]:
    """A stage with value and bound as people read them: fit as a decimal, leximin as the list of ratios."""
    name = stage.name
    return {"name": name, "value": stage_number(name, stage.value), "bound": stage_number(name, stage.bound)}


def stage_number(name: str, value: int | tuple[tuple[int, int], ...]) -> Any:
    """The value or bound of a stage as JSON has it; ratios are the nearest doubles of the exact fractions."""
    if isinstance(value, tuple):
        return [a / b for a, b in value]
    return decimal(value) if name == "fit" else value


def decimal(number: int) -> Raw:
    """Millionths as a JSON number with all its digits."""
    return Raw(plain_millionths(number))


def json_text(content: Any) -> str:
    """JSON with two spaces a level (lists of numbers on one line), `Raw` texts as numbers, and a line end."""
    return _json(content, "\n") + "\n"


def _json(value: Any, line: str) -> str:
    inner = line + "  "
    if isinstance(value, Raw):
        return str(value)
    if isinstance(value, dict) and value:
        parts = [f"{json.dumps(str(key), ensure_ascii=False)}: {_json(item, inner)}" for key, item in value.items()]
        return "{" + inner + f",{inner}".join(parts) + line + "}"
    if isinstance(value, list) and any(isinstance(item, (dict, list)) for item in value):
        return "[" + inner + f",{inner}".join(_json(item, inner) for item in value) + line + "]"
    return json.dumps(value, ensure_ascii=False)
