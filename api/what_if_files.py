"""New openings for `what-if` from a file: of scores, or a vacancy list scored as `match` would."""
from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from api.assign_read import Stated
from api.assign_table import Defects, decode, ids, numbers, read_table
from api.errors import Refused, WrongUsage
from api.texts.what_if import WHAT_IF
from api.what_if_opening import Lists, NewOpening
from matcher.problem import NO_LOAD_LIMIT

OF_OPENING = ("places", "min_to_open", "present", "load_capacity")


def read_new_openings(path: Path, case: Stated, lists: Lists, lang: str) -> list[NewOpening]:
    """Read FILE: scores when its header has student, opening and score, else a vacancy list.

    Raises
    ------
    WrongUsage
        If there is no such file, or a vacancy list comes without the leavers of the run.
    Refused
        If it cannot be used, with every defect.
    """
    words = WHAT_IF[lang]
    for given in (path, lists.leavers, lists.policy):
        if given is not None and not given.is_file():
            raise WrongUsage(words["no_file"].format(path=given))
    if _is_scores(path):
        return _from_scores(path, case, words)
    if lists.leavers is None:
        raise WrongUsage(words["needs_leavers"].format(file=path.name))
    from api.what_if_vacancies import from_vacancies  # reading a vacancy list takes the whole pipeline

    return from_vacancies(path, case, lists, lang)


def _is_scores(path: Path) -> bool:
    if path.suffix.lower() in (".xlsx", ".json"):
        return False
    header = decode(path).lstrip("\r\n").partition("\n")[0].lower()
    cells = {cell.strip(' "\r') for cell in header.replace(";", ",").replace("\t", ",").split(",")}
    return {"student", "opening", "score"} <= cells


def _from_scores(path: Path, case: Stated, words: Mapping[str, str]) -> list[NewOpening]:
    defects = Defects()
    table = read_table(path, ("student", "opening", "score"), ("load", *OF_OPENING), defects, lambda _: None)
    defects.refuse()
    students = {text: i for i, text in enumerate(case.students)}
    who, where = ids(table, "student", defects), ids(table, "opening", defects)
    columns = {
        "score": numbers(table, "score", defects),
        "load": numbers(table, "load", defects, least=0, empty=0),
        "places": numbers(table, "places", defects, whole=True, least=0, empty=1),
        "min_to_open": numbers(table, "min_to_open", defects, whole=True, least=0, empty=0),
        "present": numbers(table, "present", defects, whole=True, least=0, empty=0),
        "load_capacity": numbers(table, "load_capacity", defects, least=0, empty=NO_LOAD_LIMIT),
    }
    rows: dict[str, list[int]] = {}
    seen: set[tuple[str, str]] = set()
    for k, (number, student, opening) in enumerate(zip(table.row, who, where, strict=True)):
        if student and student not in students:
            defects.add(path.name, number, words["no_student"].format(id=student))
        if opening in case.openings:
            defects.add(path.name, number, words["exists"].format(id=opening))
        if (student, opening) in seen:
            defects.add(path.name, number, words["twice"].format(student=student, opening=opening))
        seen.add((student, opening))
        rows.setdefault(opening, []).append(k)
    for opening, at in sorted(rows.items()):
        for name, k in _different(at, columns):
            defects.add(path.name, table.row[k], words["differs"].format(column=name, opening=opening))
    defects.refuse()
    if not rows:
        raise Refused(words["no_rows"].format(file=path.name))
    result = []
    for opening, at in sorted(rows.items()):
        places, need, present, capacity = (int(columns[name][at[0]]) for name in OF_OPENING)
        eligible = np.array([students[who[k]] for k in at], dtype=np.int64)
        scores, loads = columns["score"][at], columns["load"][at]
        result.append(NewOpening(opening, places, need, present, capacity, eligible, scores, loads))
    return result


def _different(at: Sequence[int], columns: Mapping[str, NDArray[np.int64]]) -> Iterator[tuple[str, int]]:
    """Rows of one opening that say of it what the first does not."""
    for name in OF_OPENING:
        for k in at[1:]:
            if columns[name][k] != columns[name][at[0]]:
                yield name, k


__all__ = ["read_new_openings"]
