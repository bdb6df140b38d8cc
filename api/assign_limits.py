"""Group limits as JSON, ``[{"name", "students", "openings", "at_least", "at_most"}]``: read strictly, kept sorted."""
from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from api.assign_numbers import LARGEST
from api.assign_table import Defects, decode
from api.errors import Refused
from matcher.problem import GroupLimit, Ints

_KEYS = ("name", "students", "openings", "at_least", "at_most")


def read_limits(
    path: Path, students: Mapping[str, int], openings: Mapping[str, int], defects: Defects
) -> tuple[GroupLimit, ...]:
    """The limits, sorted so that their order in the file does not matter; the mappings give the index of each id."""
    try:
        data = json.loads(decode(path))
    except ValueError as error:
        raise Refused(f"{path.name}: is no JSON: {error}") from error
    except RecursionError as error:
        raise Refused(f"{path.name}: is nested too deep; expected a list of limits") from error
    if not isinstance(data, list):
        defects.add(path.name, None, "expected a list of limits, [{...}, ...]")
        return ()
    reader = _Reader(students, openings, path.name, defects)
    limits = [reader.limit(f"limit {k}", item) for k, item in enumerate(data, start=1)]
    return tuple(sorted((limit for limit in limits if limit is not None), key=_order))


@dataclass(frozen=True, slots=True)
class _Reader:
    """Turns one item of the list after the other into a limit."""

    students: Mapping[str, int]
    openings: Mapping[str, int]
    file: str
    defects: Defects

    def wrong(self, message: str) -> None:
        self.defects.add(self.file, None, message)

    def limit(self, where: str, item: Any) -> GroupLimit | None:
        if not isinstance(item, dict):
            self.wrong(f"{where}: expected an object with {', '.join(_KEYS)}")
            return None
        for key in sorted(set(item) - set(_KEYS)):
            self.wrong(f"{where}: key {key!r} is not known; expected {', '.join(_KEYS)}")
        name = item.get("name", where)
        if not isinstance(name, str):
            self.wrong(f"{where}: name is {json.dumps(name)}; expected text")
            name = where
        return GroupLimit(
            name,
            self.members(f"{where}: students", item.get("students", "*"), self.students),
            self.members(f"{where}: openings", item.get("openings", "*"), self.openings),
            self.bound(f"{where}: at_least", item.get("at_least")),
            self.bound(f"{where}: at_most", item.get("at_most")),
        )

    def bound(self, where: str, given: Any) -> int | None:
        if given is None:
            return None
        if isinstance(given, bool) or not isinstance(given, (int, float)) or given != given // 1:
            self.wrong(f"{where} is {json.dumps(given)}; expected a whole number")
            return None
        if not 0 <= given <= LARGEST:
            self.wrong(f"{where} is {given}; expected 0 to 1e9")
            return None
        return int(given)

    def members(self, where: str, given: Any, index: Mapping[str, int]) -> Ints | None:
        if given == "*":
            return None
        if not isinstance(given, list):
            self.wrong(f'{where} is {json.dumps(given)}; expected a list of ids or "*"')
            return None
        found: set[int] = set()
        for entry in given:
            text = str(entry) if isinstance(entry, int) and not isinstance(entry, bool) else entry
            if not isinstance(text, str) or text.strip() not in index:
                known = "the openings file" if index is self.openings else "the scores or the students file"
                self.wrong(f"{where} has {json.dumps(entry, ensure_ascii=False)}; expected an id in {known}")
            elif index[text.strip()] in found:
                self.wrong(f"{where} has {text!r} twice; expected each once")
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
