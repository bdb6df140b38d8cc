"""A conflict as people and files read it: `ConflictMember` indices become ids and sentences."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from api.tables import plain_millionths
from api.texts.conflicts import CONFLICT_WORDS
from matcher.errors import ConflictMember
from matcher.problem import Problem


def conflict_as_json(
    conflict: Sequence[ConflictMember],
    problem: Problem,
    students: Sequence[str],
    openings: Sequence[str],
    lang: str = "en",
) -> list[dict[str, Any]]:
    """Each member as ``kind, name, students, openings, sentence``; ids are given by index, (n,) and (m,)."""
    return [
        {
            "kind": member.kind,
            "name": problem.limits[member.limit].name if member.limit >= 0 else None,
            "students": [students[i] for i in member.students],
            "openings": [openings[j] for j in member.openings],
            "sentence": _sentence(member, problem, students, openings, lang),
        }
        for member in conflict
    ]


def conflict_message(
    conflict: Sequence[ConflictMember],
    problem: Problem,
    students: Sequence[str],
    openings: Sequence[str],
    lang: str = "en",
) -> str:
    """The whole conflict in words, for stderr: the number of pins at a full opening first, then a line per member."""
    words = CONFLICT_WORDS[lang]
    lines = [words["none"]]
    pins = [member for member in conflict if member.kind == "pin"]
    full = [member for member in conflict if member.kind == "places"]
    if len(full) == 1 and len(pins) + 1 == len(conflict) > 2:
        j = full[0].openings[0]
        places = _places(int(problem.places[j]), lang)
        lines.append(words["pins"].format(count=len(pins), opening=openings[j], places=places) + ":")
        conflict = pins
    lines += [f"- {_sentence(member, problem, students, openings, lang)}" for member in conflict]
    return "\n".join(lines)


def _places(count: int, lang: str) -> str:
    words = CONFLICT_WORDS[lang]
    return words["place"] if count == 1 else words["many_places"].format(n=count)


def _sentence(
    member: ConflictMember, problem: Problem, students: Sequence[str], openings: Sequence[str], lang: str
) -> str:
    facts: dict[str, object] = {}
    if member.students:
        facts["student"] = students[member.students[0]]
    if member.openings:
        j = member.openings[0]
        facts |= {
            "opening": openings[j],
            "places": _places(int(problem.places[j]), lang),
            "load": plain_millionths(int(problem.load_capacity[j])),
            "minimum": problem.min_to_open[j],
            "present": problem.present[j],
        }
    if member.limit >= 0:
        limit = problem.limits[member.limit]
        facts |= {"name": limit.name, "bound": getattr(limit, member.kind)}
    return CONFLICT_WORDS[lang][member.kind].format(**facts)
