"""Hard rules: which pairs are eligible, what each refused pair failed by, and what is left to check.

Every rule is evaluated for every pair, without short cut: the counts of what blocks a student or an opening
need all of them. Records become columns of whole numbers once; equal rows are one class, so a count is a
small table of classes times how many share them, and only pairs within region and reach are looked at one by
one. At 10,000 students and 8,000 openings nothing of n x m entries is ever held.
"""
from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from features.eligibility_amounts import Refusal, amounts
from features.eligibility_columns import Areas, Columns, areas
from features.eligibility_openings import opening_columns
from features.eligibility_reach import Distances, distances
from features.eligibility_rules import ONLY_ASK, Rule, rules
from features.eligibility_students import student_columns
from features.eligibility_tasks import TaskSets, task_sets
from features.records import Opening, Student
from features.settings import RuleSettings

Ints = NDArray[np.int64]
Masks = NDArray[np.uint64]

RULES = (
    "work_capacity", "work_capacity_unknown", "destination", "leaving_profile", "age", "entry", "route",
    "contract_type", "dates", "hours", "region", "reach", "branch", "certificate", "level", "under_18", "support",
    "condition", "task", "skill", "participation", "freshness", "min_fit", "forbidden",
)  # fmt: skip
"""Everything that can refuse a pair, in the order of ``codes.md``; bit k of a mask over rules is ``RULES[k]``.

`evaluate` knows no fit and no decisions: the last two are counted by who does.
"""

POINTS = (
    "entry", "route", "contract_type", "dates", "hours", "region", "reach", "first_transport", "certificate", "level",
    "under_18", "under_18_schooling", "support", "condition", "task", "skill", "participation", "freshness",
    "age_usual", "consent", "planned", "load",
)  # fmt: skip
"""Everything that can stand in ``to_check``; bit k of a mask over points is ``POINTS[k]``."""

NEVER_FIXED = ("work_capacity", "work_capacity_unknown", "destination", "leaving_profile")
"""Rules that hold even against a connector's decision: such a student is not placed at all."""

_BLOCK = 4_000_000  # entries of one table of classes, or candidates looked at, at a time


@dataclass(frozen=True, eq=False)
class Eligibility:
    """The eligible pairs of n students and m openings, and what refused the others.

    Parameters
    ----------
    indptr, indices : int64 arrays, shapes (n + 1,) and (p,)
        Openings of student i are ``indices[indptr[i]:indptr[i + 1]]``, ascending.
    points : uint64 array, shape (p,)
        Points to check of each pair, as bits over `POINTS`.
    broken : uint64 array, shape (p,)
        Rules that a fixed pair breaks, as bits over `RULES`; 0 for every other pair.
    blocked_students, blocked_openings : int64 arrays, shapes (n, R) and (m, R)
        How many openings (students) each rule refuses; a pair counts under every rule that refuses it. A rule
        that a connector's decision overrides does not count for that pair.
    """

    indptr: Ints
    indices: Ints
    points: Masks
    broken: Masks
    blocked_students: Ints
    blocked_openings: Ints
    students: tuple[Student, ...]
    openings: tuple[Opening, ...]
    settings: RuleSettings
    on: date
    tasks: TaskSets
    near: Distances
    where: Areas
    student_columns: Columns
    opening_columns: Columns

    @property
    def rows(self) -> Ints:
        """Student of each pair, shape (p,)."""
        return np.repeat(np.arange(len(self.students), dtype=np.int64), np.diff(self.indptr))

    def refused_by(self, i: Ints | int, j: Ints | int) -> Masks:
        """Return the refusing rules of pairs ``i``, ``j`` (arrays that broadcast) as bits over `RULES`."""
        i, j = np.broadcast_arrays(np.asarray(i, dtype=np.int64), np.asarray(j, dtype=np.int64))
        mask = np.zeros(i.shape, dtype=np.uint64)
        for rule in rules(self.near, self.where):
            refuses, _ = _pairwise(rule, self.student_columns, self.opening_columns, i, j)
            mask |= refuses.astype(np.uint64) << np.uint64(RULES.index(rule.code))
        return mask

    def refusals(self, i: int, j: int) -> tuple[Refusal, ...]:
        """Return by how much each refusing rule fails the pair, in the order of `RULES`; empty if none does."""
        mask = int(self.refused_by(i, j))
        codes = [code for k, code in enumerate(RULES) if mask >> k & 1]
        metres = int(self.near.between(self.near.student[i], self.near.opening[j]))
        return tuple(
            refusal
            for code in codes
            for refusal in amounts(code, self.students[i], self.openings[j], self.settings, self.on, metres, self.tasks)
        )


def evaluate(
    students: Sequence[Student],
    openings: Sequence[Opening],
    settings: RuleSettings,
    *,
    on: date,
    fixed: frozenset[tuple[int, int]] = frozenset(),
) -> Eligibility:
    """Apply every hard rule to every pair.

    Parameters
    ----------
    students, openings : sequences of n students and m openings
    settings : RuleSettings
    on : date
        The day of the run, for freshness and closing dates; nothing here reads a clock.
    fixed : pairs (i, j) that a connector accepted or pinned
        Eligible whatever rule they break, except those of `NEVER_FIXED`.

    Returns
    -------
    Eligibility

    Raises
    ------
    FeatureError
        If a record holds a code that is not in its closed list.
    """
    tasks = task_sets(students, openings)
    near = distances([s.location for s in students], [o.location for o in openings])
    where = areas(students, openings, settings)
    ours = student_columns(students, tasks, near, where, settings, on)
    theirs = opening_columns(openings, tasks, near, where, settings, on)
    listed = rules(near, where)
    i, j = _eligible(listed, ours, theirs, near, where)
    i, j, broken = _with_fixed(i, j, fixed, listed, ours, theirs, len(openings))
    by_student, by_opening = _counts(listed, ours, theirs, len(students), len(openings))
    for k in range(len(RULES)):
        overridden = (broken >> np.uint64(k) & np.uint64(1)).astype(np.int64)
        by_student[:, k] -= np.bincount(i, overridden, len(students)).astype(np.int64)
        by_opening[:, k] -= np.bincount(j, overridden, len(openings)).astype(np.int64)
    indptr = np.concatenate([[0], np.cumsum(np.bincount(i, minlength=len(students)))]).astype(np.int64)
    return Eligibility(
        indptr, j, _points(listed, ours, theirs, i, j), broken, by_student, by_opening, tuple(students),
        tuple(openings), settings, on, tasks, near, where, ours, theirs,
    )  # fmt: skip


def _pairwise(rule: Rule, ours: Columns, theirs: Columns, i: Ints, j: Ints) -> tuple[NDArray[Any], NDArray[Any]]:
    """Apply a rule to the pairs (i, j)."""
    columns = (*(ours[name][i] for name in rule.student), *(theirs[name][j] for name in rule.opening))
    refuses, asks = rule.formula(*columns)
    return np.broadcast_to(refuses, i.shape), np.broadcast_to(asks, i.shape)


def _eligible(
    listed: Sequence[Rule], ours: Columns, theirs: Columns, near: Distances, where: Areas
) -> tuple[Ints, Ints]:
    """Return the pairs that no rule refuses, by student and then opening.

    Region, and reach within it, leave few pairs; the other rules see only those.
    """
    n, m = len(ours["capacity"]), len(theirs["starts"])
    no_student, no_opening = np.zeros(n, dtype=bool), np.zeros(m, dtype=bool)
    for rule in listed:
        if not rule.opening:
            no_student |= _pairwise(rule, ours, theirs, np.arange(n), np.zeros(n, dtype=np.int64))[0] if m else False
        elif not rule.student:
            no_opening |= _pairwise(rule, ours, theirs, np.zeros(m, dtype=np.int64), np.arange(m))[0] if n else False
    region = next(rule for rule in listed if rule.code == "region")
    rest = [rule for rule in listed if rule.student and rule.opening and rule.code not in ("region", "reach")]
    near_by = _openings_by_area(region, ours, theirs, np.flatnonzero(~no_opening))
    found_i: list[Ints] = []
    found_j: list[Ints] = []
    wait_i: list[Ints] = []
    wait_j: list[Ints] = []
    waiting = 0
    for i in np.flatnonzero(~no_student & (ours["stranded"] == 0)):
        cols = near_by(int(i))
        cols = cols[near.between(ours["place"][i], theirs["place"][cols]) <= ours["limit_m"][i]]
        wait_i.append(np.full(len(cols), i, dtype=np.int64))
        wait_j.append(cols)
        waiting += len(cols)
        if waiting > _BLOCK // 4:
            _sift(rest, ours, theirs, wait_i, wait_j, found_i, found_j)
            waiting = 0
    _sift(rest, ours, theirs, wait_i, wait_j, found_i, found_j)
    return _joined(found_i), _joined(found_j)


def _openings_by_area(region: Rule, ours: Columns, theirs: Columns, candidates: Ints) -> Callable[[int], Ints]:
    """Return the function student -> openings its region allows; students of one area share one list."""
    lists: dict[tuple[int, int], Ints] = {}

    def openings(i: int) -> Ints:
        area = int(ours["region"][i]), int(ours["own"][i])
        if area not in lists:
            refuses, _ = _pairwise(region, ours, theirs, np.full(len(candidates), i), candidates)
            lists[area] = candidates[~refuses]
        return lists[area]

    return openings


def _sift(
    rest: Sequence[Rule], ours: Columns, theirs: Columns,
    wait_i: list[Ints], wait_j: list[Ints], found_i: list[Ints], found_j: list[Ints],
) -> None:  # fmt: skip
    """Move the waiting pairs that no other rule refuses to the found ones."""
    i, j = _joined(wait_i), _joined(wait_j)
    wait_i.clear()
    wait_j.clear()
    for rule in rest:
        keep = ~_pairwise(rule, ours, theirs, i, j)[0]
        i, j = i[keep], j[keep]
    found_i.append(i)
    found_j.append(j)


def _joined(parts: Sequence[Ints]) -> Ints:
    return np.concatenate(parts) if parts else np.empty(0, dtype=np.int64)


def _with_fixed(
    i: Ints, j: Ints, fixed: frozenset[tuple[int, int]], listed: Sequence[Rule], ours: Columns, theirs: Columns, m: int
) -> tuple[Ints, Ints, Masks]:
    """Add the fixed pairs that no rule of `NEVER_FIXED` refuses, and return what each pair breaks."""
    broken = np.zeros(len(i), dtype=np.uint64)
    if not fixed:
        return i, j, broken
    pairs = np.array(sorted(fixed), dtype=np.int64)
    mask = np.zeros(len(pairs), dtype=np.uint64)
    for rule in listed:
        refuses = _pairwise(rule, ours, theirs, pairs[:, 0], pairs[:, 1])[0]
        mask |= refuses.astype(np.uint64) << np.uint64(RULES.index(rule.code))
    never = sum(1 << RULES.index(code) for code in NEVER_FIXED)
    added = (mask != 0) & (mask & np.uint64(never) == 0)  # a pair that breaks nothing is among the eligible already
    i, j = np.concatenate([i, pairs[added, 0]]), np.concatenate([j, pairs[added, 1]])
    broken = np.concatenate([broken, mask[added]])
    order = np.argsort(i * m + j, kind="stable")
    return i[order], j[order], broken[order]


def _points(listed: Sequence[Rule], ours: Columns, theirs: Columns, i: Ints, j: Ints) -> Masks:
    points = np.zeros(len(i), dtype=np.uint64)
    for rule in (*listed, *ONLY_ASK):
        if rule.code not in POINTS:
            continue
        bit = np.uint64(1 << POINTS.index(rule.code))
        for start in range(0, len(i), _BLOCK // 4):
            part = slice(start, start + _BLOCK // 4)
            refuses, asks = _pairwise(rule, ours, theirs, i[part], j[part])
            points[part] |= np.where(asks & ~refuses, bit, np.uint64(0))
    return points


def _counts(listed: Sequence[Rule], ours: Columns, theirs: Columns, n: int, m: int) -> tuple[Ints, Ints]:
    by_student = np.zeros((n, len(RULES)), dtype=np.int64)
    by_opening = np.zeros((m, len(RULES)), dtype=np.int64)
    if n and m:
        for rule in listed:
            k = RULES.index(rule.code)
            by_student[:, k], by_opening[:, k] = _count(rule, ours, theirs, n, m)
    return by_student, by_opening


def _count(rule: Rule, ours: Columns, theirs: Columns, n: int, m: int) -> tuple[Ints, Ints]:
    """Count the refusals of one rule over its classes.

    A table of classes is multiplied by the class sizes in single precision: every partial sum is a whole
    number below 2**24, so the counts are exact whatever the order of summing.
    """
    first, inverse, size = _classes([ours[name] for name in rule.student], n)
    first_o, inverse_o, size_o = _classes([theirs[name] for name in rule.opening], m)
    right = [theirs[name][first_o][None] for name in rule.opening]
    student_counts = np.empty(len(first), dtype=np.int64)
    opening_counts = np.zeros(len(first_o), dtype=np.int64)
    step = max(1, _BLOCK // 4 // len(first_o))
    for start in range(0, len(first), step):
        part = slice(start, start + step)
        left = [ours[name][first[part]][:, None] for name in rule.student]
        refuses, _ = rule.formula(*left, *right)
        table = np.broadcast_to(refuses, (len(first[part]), len(first_o))).astype(np.float32)
        student_counts[part] = np.rint(table @ size_o.astype(np.float32)).astype(np.int64)
        opening_counts += np.rint(size[part].astype(np.float32) @ table).astype(np.int64)
    return student_counts[inverse], opening_counts[inverse_o]


def _classes(columns: Sequence[NDArray[Any]], count: int) -> tuple[Ints, Ints, Ints]:
    """Return of the distinct rows: where each is met first, the class of every row, and how many share it."""
    if not columns:
        return np.zeros(1, dtype=np.int64), np.zeros(count, dtype=np.int64), np.array([count])
    key = np.concatenate([column.reshape(count, -1).astype(np.int64) for column in columns], axis=1)
    order = np.lexsort(key.T)
    new = np.concatenate([[True], np.any(key[order[1:]] != key[order[:-1]], axis=1)])
    inverse = np.empty(count, dtype=np.int64)
    inverse[order] = np.cumsum(new) - 1
    return order[new], inverse, np.bincount(inverse)
