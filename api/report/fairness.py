"""How the plan treats groups: placed share and mean fit, with small groups hidden.

A group of fewer than `SMALL` students is not shown. Where just one group of a table would be hidden, its
numbers could be worked out from the total, so the next smallest group is hidden with it.
"""
from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from api.report.view import MILLION, Proposal, View
from features.records import Student

SMALL = 5
UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Group:
    """One group of a table; the figures are None where the group is hidden, ``mean_*`` where nobody is placed.

    ``placed_share``, ``mean_fit`` and ``mean_own_best_ratio`` are millionths, rounded half-even; the means are
    over the placed students of the group.
    """

    code: str
    students: int | None
    placed: int | None = None
    placed_share: int | None = None
    mean_fit: int | None = None
    mean_own_best_ratio: int | None = None

    @property
    def hidden(self) -> bool:
        """Whether the group is too small to show."""
        return self.students is None


def support_level(student: Student) -> str:
    """Return unknown (not asked), none, structural (any item), or startup (the rest)."""
    if student.support_needed is None:
        return UNKNOWN
    if not student.support_needed:
        return "none"
    return "structural" if any(need.when == "structural" for need in student.support_needed) else "startup"


def region(student: Student) -> str:
    """Return the labour-market region where the student lives."""
    return student.location.region_code if student.location is not None else UNKNOWN


def route(student: Student) -> str:
    """Return individual, group, either (both) or unknown."""
    if len(student.route) > 1:
        return "either"
    return student.route[0] if student.route else UNKNOWN


def school_type(student: Student) -> str:
    """Return the type of school, referrer for a side entrant without one."""
    if student.background.is_referrer and not student.background.school_type:
        return "referrer"
    return student.background.school_type or UNKNOWN


DIMENSIONS: dict[str, Callable[[Student], str]] = {
    "support_level": support_level,
    "region": region,
    "route": route,
    "school_type": school_type,
}


def fairness(view: View) -> dict[str, tuple[Group, ...]]:
    """Return the table of every dimension, groups sorted by code."""
    students = view.report.students
    made = {}
    for name, of in DIMENSIONS.items():
        members: dict[str, list[Proposal]] = {}
        for proposal in view.proposals:
            members.setdefault(of(students[proposal.i]), []).append(proposal)
        hidden = _hidden({code: len(inside) for code, inside in members.items()})
        made[name] = tuple(
            Group(code, None) if code in hidden else _group(code, members[code]) for code in sorted(members)
        )
    return made


def _hidden(sizes: dict[str, int]) -> set[str]:
    small = {code for code, size in sizes.items() if size < SMALL}
    rest = sorted((size, code) for code, size in sizes.items() if code not in small)
    if len(small) == 1 and rest:
        small.add(rest[0][1])
    return small


def _group(code: str, members: Sequence[Proposal]) -> Group:
    placed = [proposal for proposal in members if proposal.placed]
    return Group(
        code,
        len(members),
        len(placed),
        mean([MILLION] * len(placed), len(members)),
        mean([proposal.fit for proposal in placed]),
        mean([proposal.ratio for proposal in placed]),
    )


def mean(numbers: Sequence[int], over: int | None = None) -> int | None:
    """Return the mean of integer millionths, rounded half-even; None over nothing."""
    size = len(numbers) if over is None else over
    if not size:
        return None
    whole, rest = divmod(sum(numbers), size)
    return whole + (2 * rest > size or (2 * rest == size and whole % 2 == 1))
