"""From files of the `assign` format to a `Problem`; every defect of every file is told at once."""
from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from api.assign_limits import read_limits
from api.assign_table import Defects, Table, ids, numbers, read_table
from matcher.problem import FORBID, NO_LOAD_LIMIT, PIN, Problem, build_problem, id_digests

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class AssignFiles:
    """Where the tables lie; only scores and openings are needed."""

    scores: Path
    openings: Path
    students: Path | None = None
    pairs: Path | None = None
    limits: Path | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Stated:
    """A problem with its ids, both ascending: ``students`` (n,) and ``openings`` (m,)."""

    problem: Problem
    students: tuple[str, ...]
    openings: tuple[str, ...]


def read_problem(files: AssignFiles, *, positive: bool = False, note: Callable[[str], None] = lambda _: None) -> Stated:
    """Read and check everything.

    Parameters
    ----------
    files : AssignFiles
        Tables with a header, rows in any order.
    positive : bool
        Refuse a score of 0 or less, as the objective ``balanced`` must.
    note : callable
        Told what is not wrong but worth knowing (columns that are not used).

    Raises
    ------
    Refused
        With every defect: file, row, what was found and what was expected.
    """
    with _uncollected():
        return _read(files, positive, note)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Millions of small lists that all stay alive: looking through them for garbage would double the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _read(files: AssignFiles, positive: bool, note: Callable[[str], None]) -> Stated:
    defects = Defects()
    scores = read_table(files.scores, ("student", "opening", "score"), ("load",), defects, note)
    openings = read_table(
        files.openings, ("opening", "places"), ("min_to_open", "present", "load_capacity"), defects, note
    )
    students = pairs = None
    if files.students is not None:
        students = read_table(files.students, ("student",), ("priority", "load"), defects, note)
    if files.pairs is not None:
        pairs = read_table(files.pairs, ("student", "opening", "constraint"), (), defects, note)
    defects.refuse()  # without its columns a table says nothing more
    opening_ids = _unique(openings, "opening", defects)
    listed_students = _unique(students, "student", defects) if students else []
    known = sorted({*ids(scores, "student", defects), *listed_students} - {""})
    student_index = {text: i for i, text in enumerate(known)}
    listed = sorted(opening_ids)
    opening_index = {text: j for j, text in enumerate(listed)}
    columns = _opening_columns(openings, opening_index, defects)
    priority, own_load = _student_columns(students, student_index, defects)
    i, j, values, load = _scores(scores, student_index, opening_index, own_load, defects)
    if positive:
        for number, value in zip(scores.row, values.tolist(), strict=True):
            if value <= 0:
                defects.add(scores.file, number, "score is 0 or less; the objective balanced needs a score above 0")
    pins, forbids = _locks(pairs, student_index, opening_index, defects) if pairs else (set(), set())
    limits = read_limits(files.limits, student_index, opening_index, defects) if files.limits is not None else ()
    defects.refuse()
    locks, ineligible = _lock_pairs(i, j, len(listed), pins, forbids)
    problem = build_problem(
        i, j, values, columns["places"], n=len(known), priority=priority, min_to_open=columns["min_to_open"],
        present=columns["present"], load_capacity=columns["load_capacity"], load=load, locks=locks, limits=limits,
        ineligible_pins=ineligible, pinned_forbidden=sorted(pins & forbids), student_ids=id_digests(known),
        opening_ids=id_digests(listed),
    )  # fmt: skip
    return Stated(problem, tuple(known), tuple(listed))


def _unique(table: Table, name: str, defects: Defects) -> list[str]:
    seen: dict[str, int] = {}
    for number, text in zip(table.row, ids(table, name, defects), strict=True):
        if text and text in seen:
            defects.add(table.file, number, f"{name} {text!r} stands there twice; first in row {seen[text]}")
        seen.setdefault(text, number)
    return [text for text in seen if text]


def _opening_columns(table: Table, index: Mapping[str, int], defects: Defects) -> dict[str, Ints]:
    read = {
        "places": numbers(table, "places", defects, whole=True, least=0),
        "min_to_open": numbers(table, "min_to_open", defects, whole=True, least=0, empty=0),
        "present": numbers(table, "present", defects, whole=True, least=0, empty=0),
        "load_capacity": numbers(table, "load_capacity", defects, least=0, empty=NO_LOAD_LIMIT),
    }
    at = [index.get(text, 0) for text in table.columns["opening"]]
    result = {}
    for name, column in read.items():
        result[name] = np.zeros(len(index), dtype=np.int64)
        result[name][at] = column
    return result


def _student_columns(table: Table | None, index: Mapping[str, int], defects: Defects) -> tuple[Ints, Ints]:
    priority, load = np.ones(len(index), dtype=np.int64), np.zeros(len(index), dtype=np.int64)
    if table is not None and len(table):
        at = [index.get(text, 0) for text in table.columns["student"]]
        priority[at] = numbers(table, "priority", defects, whole=True, least=0, empty=1)
        load[at] = numbers(table, "load", defects, least=0, empty=0)
    return priority, load


def _scores(
    table: Table, students: Mapping[str, int], openings: Mapping[str, int], own_load: Ints, defects: Defects
) -> tuple[Ints, Ints, Ints, Ints]:
    i = np.array([students.get(text, -1) for text in table.columns["student"]], dtype=np.int64)
    j = _openings_of(table, openings, defects)
    values = numbers(table, "score", defects)
    load = numbers(table, "load", defects, least=0, empty=-1)
    load = np.where(load >= 0, load, own_load[i] if len(own_load) else 0)
    key = np.where((i >= 0) & (j >= 0), i * max(len(openings), 1) + j, -1 - np.arange(len(i)))
    order = np.argsort(key, kind="stable")
    for k in np.flatnonzero(np.diff(key[order]) == 0).tolist():
        first, again = int(order[k]), int(order[k + 1])
        pair = f"{table.columns['student'][again]!r}, {table.columns['opening'][again]!r}"
        message = f"the pair {pair} stands there twice; first in row {table.row[first]}"
        defects.add(table.file, table.row[again], message)
    return i, j, values, load


def _openings_of(table: Table, openings: Mapping[str, int], defects: Defects) -> Ints:
    cells = ids(table, "opening", defects)
    j = np.array([openings.get(text, -1) for text in cells], dtype=np.int64)
    told: set[str] = {""}
    for k in np.flatnonzero(j < 0).tolist():
        if cells[k] not in told:
            told.add(cells[k])
            defects.add(table.file, table.row[k], f"opening {cells[k]!r} is not in the openings file")
    return j


def _locks(
    table: Table, students: Mapping[str, int], openings: Mapping[str, int], defects: Defects
) -> tuple[set[tuple[int, int]], set[tuple[int, int]]]:
    columns = _openings_of(table, openings, defects)
    sets: dict[int, set[tuple[int, int]]] = {PIN: set(), FORBID: set()}
    constraints = numbers(table, "constraint", defects, whole=True)
    texts = zip(table.row, ids(table, "student", defects), columns.tolist(), constraints.tolist(), strict=True)
    for number, student, j, constraint in texts:
        if constraint not in sets:
            defects.add(table.file, number, f"constraint is {constraint}; expected 1 (pin) or -1 (forbid)")
        elif student and student not in students:
            defects.add(table.file, number, f"student {student!r} is in neither the scores nor the students file")
        elif student and j >= 0:
            pair = (students[student], j)
            if pair in sets[constraint]:
                defects.add(table.file, number, "the pair stands there twice with this constraint")
            sets[constraint].add(pair)
    return sets[PIN], sets[FORBID]


def _lock_pairs(
    i: Ints, j: Ints, m: int, pins: set[tuple[int, int]], forbids: set[tuple[int, int]]
) -> tuple[NDArray[np.int8], Sequence[tuple[int, int]]]:
    """The lock of each pair, and the pins on pairs that are not eligible."""
    locks = np.zeros(len(i), dtype=np.int8)
    if not pins and not forbids:
        return locks, ()
    key = i * m + j
    for pairs, lock in ((forbids, FORBID), (pins, PIN)):
        locks[np.isin(key, [a * m + b for a, b in pairs])] = lock
    eligible = set(key[locks == PIN].tolist())
    return locks, sorted(pair for pair in pins if pair[0] * m + pair[1] not in eligible)
