"""The tables of `match` against its case: the same plan, the same fits, the same counts."""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from api.assign_files import CASE
from api.assign_stated import Result, millionths_stated
from api.assign_table import Defects, Table, read_table
from api.errors import Refused
from features.settings import FEATURES
from matcher.problem import FORBID, Problem

Named = tuple[str, str]
_PAIR = ("school", "student_ref", "vacancy_ref", "starts_on", "fit")


def match_findings(folder: Path, result: Result) -> Iterator[Named]:
    """What the tables and the totals say otherwise than the case."""
    ranks = own_ranks(result.case.problem)
    yield from _proposals(folder / "proposals.csv", result, ranks)
    yield from _unplaced(folder / "unplaced.csv", result)
    yield from _openings(folder / "openings.csv", result)
    yield from _alternatives(folder / "alternatives.csv", result, ranks)
    yield from _totals(result)


def own_ranks(problem: Problem) -> NDArray[np.int64]:
    """Rank of every pair, shape (p,), among the student's own that are not forbidden; equal values share the lowest.

    0 for a forbidden pair.
    """
    ranks = np.zeros(len(problem.rows), dtype=np.int64)
    free = np.flatnonzero(problem.locks != FORBID)
    order = free[np.lexsort((-problem.values[free], problem.rows[free]))]
    rows, values, place = problem.rows[order], problem.values[order], np.arange(len(order))
    new_row = np.append(True, rows[1:] != rows[:-1])
    new_value = new_row | np.append(True, values[1:] != values[:-1])
    begin = np.maximum.accumulate(np.where(new_row, place, 0))
    ranks[order] = np.maximum.accumulate(np.where(new_value, place, 0)) - begin + 1
    return ranks


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


def _proposals(path: Path, result: Result, ranks: NDArray[np.int64]) -> Iterator[Named]:
    table = _read(path, ("school", "student_ref", "status", *_PAIR[2:], "own_rank", "own_best_ratio"))
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
    yield from _own(path.name, table, result, ranks)


def _own(name: str, table: Table, result: Result, ranks: NDArray[np.int64]) -> Iterator[Named]:
    """The place of a proposal among the student's own openings, and its fit relative to the best of them."""
    problem, index = result.case.problem, _Index(result)
    best = np.zeros(problem.n, dtype=np.int64)
    free = problem.locks != FORBID
    np.maximum.at(best, problem.rows[free], problem.values[free])
    columns = [table.columns[column] for column in (*_PAIR[:4], "status", "own_rank", "own_best_ratio")]
    for row, *who, status, rank, ratio in zip(table.row, *columns, strict=True):
        pair = index.pair(*who) if status == "placed" else -1
        expected: tuple[str, int | None] = ("", None)
        if pair >= 0:
            most = int(best[problem.rows[pair]])
            share = Decimal(int(problem.values[pair])) / most if most > 0 else Decimal(1)
            expected = (str(ranks[pair]), int(share.scaleb(6).quantize(Decimal(1), ROUND_HALF_EVEN)))
        if (rank, millionths_stated(ratio) if ratio else None) != expected:
            yield "own_rank", f"{name} row {row}: own_rank and own_best_ratio are not what the case gives"


def _unplaced(path: Path, result: Result) -> Iterator[Named]:
    table = _read(path, _PAIR[:2])
    if isinstance(table, str):
        yield "unplaced", table
        return
    assert result.solution is not None
    expected = [s for s, j in zip(result.case.students, result.solution.assignment.tolist(), strict=True) if j < 0]
    columns = (table.columns["school"], table.columns["student_ref"])
    if sorted(f"{school}/{student_ref}" for school, student_ref in zip(*columns, strict=True)) != sorted(expected):
        yield "unplaced", f"{path.name} does not list the students without an opening, each once"


def _openings(path: Path, result: Result) -> Iterator[Named]:
    shown = ("vacancy_ref", "starts_on", "places", "filled", "left", "opens", "eligible")
    table = _read(path, shown)
    if isinstance(table, str):
        yield "openings", table
        return
    assert result.solution is not None
    problem = result.case.problem
    assignment = result.solution.assignment
    filled = np.bincount(assignment[assignment >= 0], minlength=problem.m)
    inside = filled + problem.present
    opens = (inside > 0) & (inside >= problem.min_to_open)
    eligible = np.bincount(problem.indices[problem.locks != FORBID], minlength=problem.m)
    expected = {
        name: (
            str(problem.places[j]), str(filled[j]), str(problem.places[j] - filled[j]), "yes" if opens[j] else "no",
            str(eligible[j]),
        )
        for j, name in enumerate(result.case.openings)
    }  # fmt: skip
    columns = [table.columns[name] for name in shown]
    for row, vacancy, starts_on, *found in zip(table.row, *columns, strict=True):
        if expected.get(f"{vacancy}@{starts_on}") != tuple(found):
            yield "openings", f"{path.name} row {row}: not what the case has for {vacancy}@{starts_on}"
    if len(table) != len(expected):
        yield "openings", f"{path.name} has {len(table)} rows for {len(expected)} openings"


def _alternatives(path: Path, result: Result, ranks: NDArray[np.int64]) -> Iterator[Named]:
    table = _read(path, (*_PAIR, "rank", "base", *FEATURES))
    if isinstance(table, str):
        yield "alternatives", table
        return
    problem, index = result.case.problem, _Index(result)
    columns = [table.columns[name] for name in (*_PAIR, "rank", "base", *FEATURES)]
    seen = np.zeros(len(problem.rows), dtype=bool)
    for row, *cells in zip(table.row, *columns, strict=True):
        pair, (fit, rank, *parts) = index.pair(*cells[:4]), cells[4:]
        if pair < 0 or millionths_stated(fit) != problem.values[pair] or seen[pair] or rank != str(ranks[pair]):
            yield "alternatives", f"{path.name} row {row}: no eligible pair of the case with this fit and rank, once"
        elif millionths_stated(fit) != _sum(parts):
            yield "alternatives", f"{path.name} row {row}: the fit is not its base and contributions"
        if pair >= 0:
            seen[pair] = True
    missing = int(((problem.locks != FORBID) & ~seen).sum())
    if missing:
        yield "alternatives", f"{path.name} lacks {missing} eligible pairs of the case"


def _sum(parts: Sequence[str]) -> int | None:
    numbers = [millionths_stated(part) for part in parts]
    return None if None in numbers else sum(number for number in numbers if number is not None)


class _Index:
    """Pairs of the case by what the tables call them."""

    def __init__(self, result: Result) -> None:
        self._problem = result.case.problem
        self._student = {text: i for i, text in enumerate(result.case.students)}
        self._opening = {text: j for j, text in enumerate(result.case.openings)}

    def pair(self, school: str, student_ref: str, vacancy_ref: str, starts_on: str) -> int:
        """The pair's position in the problem, or -1."""
        i = self._student.get(f"{school}/{student_ref}", -1)
        j = self._opening.get(f"{vacancy_ref}@{starts_on}", -1)
        return self._problem.pair(i, j) if i >= 0 and j >= 0 else -1


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
