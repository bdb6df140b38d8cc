"""Group limits as JSON: ``[{"name", "students", "openings", "at_least", "at_most"}]``, read strictly and written sorted."""
from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from api.assign_numbers import LARGEST
from api.assign_table import Defects, decode
from api.errors import Refused
from matcher.problem import GroupLimit

_KEYS = ("name", "students", "openings", "at_least", "at_most")


def read_limits(
    path: Path, students: Mapping[str, int], openings: Mapping[str, int], defects: Defects
) -> tuple[GroupLimit, ...]:
    """The limits, sorted so that their order in the file does not matter; ``students`` and ``openings`` map id to index."""
    try:
        data = json.loads(decode(path))
    except ValueError as error:
        raise Refused(f"{path.name}: is no JSON: {error}") from error
    except RecursionError as error:
        raise Refused(f"{path.name}: is nested too deep; expected a list of limits") from error
    if not isinstance(data, list):
        defects.add(path.name, None, "expected a list of limits, [{...}, ...]")
        return ()
    limits = [_limit(f"limit {k}", item, students, openings, path.name, defects) for k, item in enumerate(data, start=1)]
    return tuple(sorted((limit for limit in limits if limit is not None), key=_order))


def _limit(
    where: str, item: Any, students: Mapping[str, int], openings: Mapping[str, int], file: str, defects: Defects
) -> GroupLimit | None:
    if not isinstance(item, dict):
        defects.add(file, None, f"{where}: expected an object with {', '.join(_KEYS)}")
        return None
    for key in sorted(set(item) - set(_KEYS)):
        defects.add(file, None, f"{where}: key {key!r} is not known; expected {', '.join(_KEYS)}")
    name = item.get("name", where)
    if not isinstance(name, str):
        defects.add(file, None, f"{where}: name is {json.dumps(name)}; expected text")
        name = where
    bounds = {}
    for key in ("at_least", "at_most"):
        bound = item.get(key)
        if bound is not None and (isinstance(bound, bool) or not isinstance(bound, (int, float)) or bound != bound // 1):
            defects.add(file, None, f"{where}: {key} is {json.dumps(bound)}; expected a whole number")
        elif bound is not None and not 0 <= bound <= LARGEST:
            defects.add(file, None, f"{where}: {key} is {bound}; expected 0 to 1e9")
        else:
            bounds[key] = None if bound is None else int(bound)
    return GroupLimit(
        name,
        _members(where, "students", "a student in scores or students", item, students, file=file, defects=defects),
        _members(where, "openings", "an opening in openings", item, openings, file=file, defects=defects),
        bounds.get("at_least"),
        bounds.get("at_most"),
    )


def _members(
    where: str, key: str, expected: str, item: Mapping[str, Any], index: Mapping[str, int], *, file: str, defects: Defects
) -> np.ndarray[tuple[int], np.dtype[np.int64]] | None:
    given = item.get(key, "*")
    if given == "*":
        return None
    if not isinstance(given, list):
        defects.add(file, None, f'{where}: {key} is {json.dumps(given)}; expected a list of ids or "*"')
        return None
    found: set[int] = set()
    for entry in given:
        text = str(entry) if isinstance(entry, int) and not isinstance(entry, bool) else entry
        if not isinstance(text, str) or text.strip() not in index:
            defects.add(file, None, f"{where}: {key} has {json.dumps(entry, ensure_ascii=False)}; expected {expected}")
        elif index[text.strip()] in found:
            defects.add(file, None, f"{where}: {key} has {text!r} twice; expected each once")
        else:
            found.add(index[text.strip()])
    return np.array(sorted(found), dtype=np.int64)


def _order(limit: GroupLimit) -> tuple[Any, ...]:
    return (
        limit.name,
        *((True, part.tolist()) if part is not None else (False, []) for part in (limit.students, limit.openings)),
        *((-1 if bound is None else bound) for bound in (limit.at_least, limit.at_most)),
    )


def limits_text(limits: Sequence[GroupLimit], students: Sequence[str], openings: Sequence[str]) -> str:
    """The limits as JSON text, one per line; an absent bound is left out."""
    lines = []
    for limit in limits:
        item: dict[str, Any] = {
            "name": limit.name,
            "students": "*" if limit.students is None else [students[i] for i in limit.students.tolist()],
            "openings": "*" if limit.openings is None else [openings[j] for j in limit.openings.tolist()],
        }
        if limit.at_least is not None:
            item["at_least"] = limit.at_least
        if limit.at_most is not None:
            item["at_most"] = limit.at_most
        lines.append(" " + json.dumps(item, ensure_ascii=False))
    return "[\n" + ",\n".join(lines) + "\n]\n" if lines else "[]\n"
