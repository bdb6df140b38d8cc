"""What is told of one student where others stand beside: without their ids, names, and sentences about them."""
from __future__ import annotations

import json
from collections.abc import Mapping, Set
from typing import Any

from api.store.persons import SENTENCES

OTHER = "another student"
_STUDENT = ("student", "student_id", "studentId")
_OF_MANY = "sentences"
"""Where an answer says, in a list of words, who would move."""


def alone(value: Any, student_id: str) -> Any:
    """A value without the ids of other students, and without the sentences in which they are named."""
    if isinstance(value, list):
        return [alone(item, student_id) for item in value]
    if not isinstance(value, dict):
        return value
    others = {name for name, item in value.items() if name in _STUDENT and isinstance(item, str) and item != student_id}
    unsaid = {name for name in SENTENCES if others and isinstance(value.get(name), str)}
    return {name: OTHER if name in others else "" if name in unsaid else alone(item, student_id)
            for name, item in value.items()}  # fmt: skip


def kept_answer(row: Mapping[str, Any], student_id: str, marks: Set[str]) -> dict[str, Any]:
    """What is told of an answer that was kept for a request sent twice: what it says of the student by ``marks``.

    An answer may be about many, such as a batch of candidates. Of one that is no JSON, such as a page, or that says
    nothing by itself of this student, only who got it, when and with which status.
    """
    told = {name: row[name] for name in ("account_id", "status", "at")}
    try:
        said = _own(json.loads(row["body"]), marks)
    except ValueError:
        return told
    return told | {"body": alone(said, student_id), "headers": row["headers"]} if said else told


def _own(value: Any, marks: Set[str], *, mine: bool = False) -> Any:
    """The parts of an answer that are about the student; empty: there are none."""
    if isinstance(value, list):
        return [told for item in value if (told := _own(item, marks, mine=mine)) not in (None, {}, [])]
    if not isinstance(value, dict):
        return value if mine else None
    of = _whose(value)
    mine = bool(marks & (of | {item for item in value.values() if isinstance(item, str)})) or (mine and not of)
    unsaid = {*SENTENCES, _OF_MANY} if _names_others(value, marks) else set()
    parts = {name: _own(item, marks, mine=mine) for name, item in value.items() if name not in unsaid}
    return {name: told for name, told in parts.items() if told not in (None, {}, [])}


def _whose(value: Mapping[str, Any]) -> set[str]:
    """The students whom an object is about, as it says itself."""
    said = [value.get(name) for name in _STUDENT] + ([value] if "studentRef" in value else [])
    return {name for one in said if isinstance(name := one.get("id") if isinstance(one, dict) else one, str)}


def _names_others(value: Any, marks: Set[str]) -> bool:
    """Whether another student stands anywhere in a value."""
    if isinstance(value, list):
        return any(_names_others(item, marks) for item in value)
    return isinstance(value, dict) and (
        bool(_whose(value) - marks) or any(_names_others(item, marks) for item in value.values()))  # fmt: skip


__all__ = ["OTHER", "alone", "kept_answer"]
