"""The cohort in numbers per branch and per region: what is filled, still open, and who is without a place."""
from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from api.report.view import View
from api.texts.catalogue import capital
from api.texts.words import word
from features.codes import code_list
from features.geography import region_name
from features.records import Location

_Counted = tuple[Counter[str], Counter[str], Counter[str]]


@dataclass(frozen=True, slots=True)
class Bar:
    """One branch or region. ``code`` is empty where it is not known."""

    code: str
    label: str
    placed: int
    unplaced: int
    open_places: int

    @property
    def empty(self) -> bool:
        """Whether there is nothing to show."""
        return not (self.placed or self.unplaced or self.open_places)


def by_branch(view: View, unknown: str) -> tuple[Bar, ...]:
    """Count per branch: places by the work, the unplaced by the branch they want most. In the order of the list."""
    report = view.report
    counted = _counters(
        view, [opening.branch for opening in report.openings], [(s.branches or ("",))[0] for s in report.students]
    )
    codes = [*code_list("branch").codes, ""]
    return _bars(codes, lambda code: capital(word("branch", code, view.lang)), unknown, counted)


def by_region(view: View, unknown: str) -> tuple[Bar, ...]:
    """Count per labour-market region: places where the work is, the unplaced where they live. By name."""
    report = view.report
    counted = _counters(
        view,
        [_region(opening.location) for opening in report.openings],
        [_region(student.location) for student in report.students],
    )
    codes = sorted(set().union(*counted) - {""}, key=lambda code: (region_name(code), code))
    return _bars([*codes, ""], region_name, unknown, counted)


def _region(location: Location | None) -> str:
    return location.region_code if location is not None else ""


def _counters(
    view: View, of_opening: Sequence[str], of_student: Sequence[str]
) -> _Counted:
    placed: Counter[str] = Counter()
    unplaced: Counter[str] = Counter()
    left: Counter[str] = Counter()
    for place in view.places:
        placed[of_opening[place.j]] += place.filled
        left[of_opening[place.j]] += place.left
    for proposal in view.proposals:
        if not proposal.placed:
            unplaced[of_student[proposal.i]] += 1
    return placed, unplaced, left


def _bars(
    codes: Sequence[str], name: Callable[[str], str], unknown: str, counted: _Counted
) -> tuple[Bar, ...]:
    placed, unplaced, left = counted
    bars = (
        Bar(code, name(code) if code else unknown, placed[code], unplaced[code], left[code]) for code in codes
    )
    return tuple(bar for bar in bars if not bar.empty)
