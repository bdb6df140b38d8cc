"""The tables of `match` against its case: the same plan, the same fits, the same counts."""
from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from api.assign_files import CASE
from api.assign_stated import Result, millionths_stated
from api.assign_table import Defects, Table, read_table
from api.errors import Refused

Named = tuple[str, str]
_NOT_A_PART = ("school", "student_ref", "rank", "vacancy_ref", "starts_on", "fit", "band", "placed_loss", "fit_loss",
               "others_loss", "moves", "base")  # fmt: skip


def match_findings(folder: Path, result: Result) -> Iterator[Named]:
    """What proposals.csv, openings.csv, alternatives.csv and the totals say otherwise than the case."""
    yield from _proposals(folder / "proposals.csv", result)
    yield from _openings(folder / "openings.csv", result)
    yield from _alternatives(folder / "alternatives.csv", result)
    yield from _totals(result)


def _read(path: Path, needed: tuple[str, ...]) -> Table | str:
    defects = Defects()
    if not path.is_file():
        return f"{path.name} is missing"
    try:
        table = read_table(path, needed, (), defects, lambda _: None)
        defects.refuse()
    except Refused as refusal:
        return str(refusal)
    return table


def _proposals(path: Path, result: Result) -> Iterator[Named]:
    table = _read(path, ("school", "student_ref", "status", "vacancy_ref", "starts_on", "fit"))
    if isinstance(table, str):
        yield "proposals", table
        return
    assert result.solution is not None
    case = result.case
    pair = case.problem.pairs_of(result.solution.assignment)
    expected = {
        student: (case.openings[j], int(case.problem.values[k])) if k >= 0 else None
        for student, j, k in zip(case.students, result.solution.assignment.tolist(), pair.tolist(), strict=True)
    }
    columns = [table.columns[name] for name in ("school", "student_ref", "status", "vacancy_ref", "starts_on", "fit")]
    seen: set[str] = set()
    for row, school, student_ref, status, vacancy, starts_on, fit in zip(table.row, *columns, strict=True):
        student = f"{school}/{student_ref}"
        found = (f"{vacancy}@{starts_on}", millionths_stated(fit)) if status == "placed" else None
        if student not in expected or student in seen:
            yield "proposals", f"{path.name} row {row}: student {student!r} is not in the case, or a second time"
        elif found != expected[student] or (status != "placed" and (status != "unplaced" or vacancy or starts_on)):
            yield "assignment", f"{path.name} row {row}: not what {CASE}/assignment.csv has for {student!r}"
        seen.add(student)
    if len(seen) < len(expected):
        yield "proposals", f"{path.name} lacks {len(expected) - len(seen & set(expected))} students of the case"


def _openings(path: Path, result: Result) -> Iterator[Named]:
    table = _read(path, ("vacancy_ref", "starts_on", "places", "filled", "left", "opens"))
    if isinstance(table, str):
        yield "openings", table
        return
    assert result.solution is not None
    problem = result.case.problem
    assignment = result.solution.assignment
    filled = np.bincount(assignment[assignment >= 0], minlength=problem.m)
    inside = filled + problem.present
    opens = (inside > 0) & (inside >= problem.min_to_open)
    expected = {
        name: (str(problem.places[j]), str(filled[j]), str(problem.places[j] - filled[j]), "yes" if opens[j] else "no")
        for j, name in enumerate(result.case.openings)
    }
    columns = [table.columns[name] for name in ("vacancy_ref", "starts_on", "places", "filled", "left", "opens")]
    for row, vacancy, starts_on, *found in zip(table.row, *columns, strict=True):
        if expected.get(f"{vacancy}@{starts_on}") != tuple(found):
            yield "openings", f"{path.name} row {row}: not what the case has for {vacancy}@{starts_on}"
    if len(table) != len(expected):
        yield "openings", f"{path.name} has {len(table)} rows for {len(expected)} openings"


def _alternatives(path: Path, result: Result) -> Iterator[Named]:
    table = _read(path, ("school", "student_ref", "vacancy_ref", "starts_on", "fit"))
    if isinstance(table, str):
        yield "alternatives", table
        return
    problem = result.case.problem
    student = {text: i for i, text in enumerate(result.case.students)}
    opening = {text: j for j, text in enumerate(result.case.openings)}
    columns = [table.columns[name] for name in ("school", "student_ref", "vacancy_ref", "starts_on", "fit")]
    for row, school, student_ref, vacancy, starts_on, fit in zip(table.row, *columns, strict=True):
        i, j = student.get(f"{school}/{student_ref}", -1), opening.get(f"{vacancy}@{starts_on}", -1)
        pair = problem.pair(i, j) if i >= 0 and j >= 0 else -1
        if pair < 0 or millionths_stated(fit) != problem.values[pair]:
            yield "alternatives", f"{path.name} row {row}: not an eligible pair of the case with this fit"


def _totals(result: Result) -> Iterator[Named]:
    stated = result.stated.get("totals")
    if not isinstance(stated, dict):
        yield "totals", "report.json has no totals"
        return
    assert result.solution is not None
    problem = result.case.problem
    placed = int((result.solution.assignment >= 0).sum())
    for name, count in {
        "students": problem.n,
        "placed": placed,
        "unplaced": problem.n - placed,
        "openings": problem.m,
        "places": sum(problem.places.tolist()),
        "filled": placed,
    }.items():
        if stated.get(name) != count:
            yield name, f"report.json states {stated.get(name)}; the case has {count}"
