"""The totals of a run: the first thing anybody wants to know."""
from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from api.fairness.intervals import mean
from api.report.view import View
from matcher.solution import Stage

BANDS = ("good", "fair", "not_yet")


@dataclass(frozen=True, slots=True)
class Totals:
    """Counts of one run; ``mean_fit`` and ``mean_ratio`` are millionths over the placed, None when nobody is.

    A *group* is an opening with a minimum above 1. ``to_check`` counts points to check over all proposals,
    ``kept_waiting`` the unplaced students with a raised priority.
    """

    students: int
    left_out: int
    placed: int
    unplaced: int
    kept_waiting: int
    openings: int
    places: int
    filled: int
    left: int
    groups_opened: int
    groups_closed: int
    bands: tuple[tuple[str, int], ...]
    mean_fit: int | None
    mean_ratio: int | None
    to_check: int


def totals(view: View) -> Totals:
    """Count everything once."""
    report = view.report
    placed = [proposal for proposal in view.proposals if proposal.placed]
    bands = Counter(report.policy.band(proposal.fit) for proposal in placed)
    groups = [place for place in view.places if report.openings[place.j].min_to_open > 1]
    return Totals(
        students=len(report.students),
        left_out=report.left_out,
        placed=len(placed),
        unplaced=len(report.students) - len(placed),
        kept_waiting=sum(1 for p in view.proposals if not p.placed and int(report.priorities[p.i]) > 1),
        openings=len(report.openings),
        places=sum(opening.places for opening in report.openings),
        filled=sum(place.filled for place in view.places),
        left=sum(place.left for place in view.places),
        groups_opened=sum(place.opens for place in groups),
        groups_closed=sum(not place.opens for place in groups),
        bands=tuple((band, bands[band]) for band in BANDS),
        mean_fit=mean([proposal.fit for proposal in placed]),
        mean_ratio=mean([proposal.ratio for proposal in placed]),
        to_check=sum(len(proposal.asked) for proposal in placed),
    )


def gap(stages: Sequence[Stage]) -> int | None:
    """Return bound - value of the last stage that is one number, ties left aside; None where there is none."""
    numeric = [stage for stage in stages if stage.name != "tie" and isinstance(stage.value, int)]
    if not numeric:
        return None
    value, bound = numeric[-1].value, numeric[-1].bound
    return bound - value if isinstance(value, int) and isinstance(bound, int) else None
