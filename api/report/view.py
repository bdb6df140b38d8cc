"""A report made ready once for every writer: ranks, ratios, statements and blocks per student and opening."""
from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from api.explain.blocks import Block, opening_blocks, student_blocks
from api.explain.points import points_to_check
from api.explain.reasons import reasons
from api.explain.statement import Statement
from api.match_report import MatchReport
from matcher.problem import FORBID

MILLION = 1_000_000
_SAME = {"hours", "route"}  # rules that ask exactly what the feature of that name does not know


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the plan says about one student: pair and opening are -1 where there is no place.

    ``rank`` is the place of the opening among the student's own eligible ones (equal fits share the lowest),
    ``ratio`` fit / best eligible fit in millionths, half-even. ``statements`` are reasons, minuses and
    unknowns; ``checks`` the points to check. ``blocks`` is filled for the unplaced. ``robust`` says whether the
    student keeps the opening under the stated uncertainty, None where that is left open.
    """

    i: int
    j: int = -1
    pair: int = -1
    fit: int = 0
    rank: int = 0
    ratio: int = 0
    known: int = 0
    robust: bool | None = None
    statements: tuple[Statement, ...] = ()
    checks: tuple[Statement, ...] = ()
    blocks: tuple[Block, ...] = ()

    @property
    def placed(self) -> bool:
        """Whether the student has a place in the plan."""
        return self.pair >= 0

    @property
    def look_first(self) -> bool:
        """Whether the proposal could fall under the stated uncertainty: to be looked at before the others."""
        return self.robust is False

    @property
    def asked(self) -> tuple[Statement, ...]:
        """Everything to ask about: points to check, then the unknowns that no point covers already."""
        covered = {check.code for check in self.checks} & _SAME
        return (*self.checks, *(s for s in self.of_kind("unknown") if s.code not in covered))

    def of_kind(self, kind: str) -> tuple[Statement, ...]:
        """Return the statements of one kind: plus, minus or unknown."""
        return tuple(statement for statement in self.statements if statement.kind == kind)


@dataclass(frozen=True, slots=True)
class Place:
    """What the plan says about one opening; ``inside`` are the students placed, by key."""

    j: int
    filled: int
    left: int
    opens: bool
    eligible: int
    inside: tuple[int, ...]
    blocks: tuple[Block, ...]

    @property
    def stays_closed(self) -> bool:
        """Whether nobody comes in at all."""
        return not self.opens


@dataclass(frozen=True, eq=False)
class View:
    """The report with everything derived from it; indices are those of the report."""

    report: MatchReport
    proposals: tuple[Proposal, ...]
    places: tuple[Place, ...]
    order: NDArray[np.int64]
    """Eligible pairs by student, then fit (highest first), start date and vacancy."""
    ranks: NDArray[np.int64]
    """Rank of every pair among the student's eligible ones; 0 for a forbidden pair."""

    @cached_property
    def load(self) -> NDArray[np.int64]:
        """Load taken at every opening in millionths, shape (m,)."""
        report = self.report
        used = np.zeros(len(report.openings), dtype=np.int64)
        pairs = report.pair_of[report.pair_of >= 0]
        np.add.at(used, report.problem.indices[pairs], report.problem.load[pairs])
        return used

    @cached_property
    def queue(self) -> tuple[Proposal, ...]:
        """Those with a place, in the order in which a connector looks: look first, then by key."""
        return tuple(sorted((p for p in self.proposals if p.placed), key=lambda p: (not p.look_first, p.i)))

    @property
    def lang(self) -> str:
        """The language of every sentence."""
        return self.report.lang

    def alternatives(self, i: int) -> NDArray[np.int64]:
        """Return the eligible pairs of student ``i`` in the order of ``alternatives.csv``."""
        return self.order[np.searchsorted(self._rows, i) : np.searchsorted(self._rows, i, side="right")]

    @cached_property
    def _rows(self) -> NDArray[np.int64]:
        rows: NDArray[np.int64] = self.report.problem.rows[self.order]
        return rows


def build_view(report: MatchReport) -> View:
    """Derive everything the writers need from a report; pure."""
    order, ranks = _rank(report)
    best = np.zeros(len(report.students), dtype=np.int64)
    open_pairs = report.problem.locks != FORBID
    np.maximum.at(best, report.problem.rows[open_pairs], report.scored.fit[open_pairs])
    firm = None if report.robustness is None else report.robustness.robust
    proposals = tuple(_proposal(report, i, ranks, best, firm) for i in range(len(report.students)))
    inside: list[list[int]] = [[] for _ in report.openings]
    for proposal in proposals:
        if proposal.placed:
            inside[proposal.j].append(proposal.i)
    eligible = np.bincount(report.problem.indices[open_pairs], minlength=len(report.openings))
    places = tuple(
        _place(report, j, tuple(inside[j]), int(eligible[j])) for j in range(len(report.openings))
    )
    return View(report, proposals, places, order, ranks)


def ratio_of(fit: int, best: int) -> int:
    """Return fit / best in millionths, rounded half-even; 1 where the best fit is 0."""
    if best <= 0:
        return MILLION
    whole, rest = divmod(fit * MILLION, best)
    return whole + (2 * rest > best or (2 * rest == best and whole % 2 == 1))


def _rank(report: MatchReport) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    problem = report.problem
    start = np.array([opening.starts_on.toordinal() for opening in report.openings], dtype=np.int64)
    names = sorted({opening.vacancy_ref for opening in report.openings})
    place_of = {name: k for k, name in enumerate(names)}
    name = np.array([place_of[opening.vacancy_ref] for opening in report.openings], dtype=np.int64)
    pairs = np.flatnonzero(problem.locks != FORBID)
    columns = problem.indices[pairs]
    keys = (name[columns], start[columns], -report.scored.fit[pairs], problem.rows[pairs])
    order = pairs[np.lexsort(keys)]
    ranks = np.zeros(len(problem.rows), dtype=np.int64)
    student, rank, last, seen = -1, 0, 0, 0
    for pair in order.tolist():
        if problem.rows[pair] != student:
            student, rank, seen, last = int(problem.rows[pair]), 0, 0, -1
        seen += 1
        if report.scored.fit[pair] != last:
            rank, last = seen, int(report.scored.fit[pair])
        ranks[pair] = rank
    return order, ranks


def _proposal(
    report: MatchReport, i: int, ranks: NDArray[np.int64], best: NDArray[np.int64], firm: NDArray[np.bool_] | None
) -> Proposal:
    pair = int(report.pair_of[i])
    if pair < 0:
        return Proposal(i, blocks=student_blocks(report, i))
    fit = int(report.scored.fit[pair])
    return Proposal(
        i,
        int(report.problem.indices[pair]),
        pair,
        fit,
        int(ranks[pair]),
        ratio_of(fit, int(best[i])),
        int(report.scored.known_share[pair]),
        None if firm is None else bool(firm[i]),
        reasons(report, pair),
        points_to_check(int(report.points[pair]), int(report.broken[pair]), report.lang),
    )


def _place(report: MatchReport, j: int, inside: tuple[int, ...], eligible: int) -> Place:
    opening = report.openings[j]
    within = len(inside) + opening.present
    opens = within >= max(opening.min_to_open, 1)
    left = max(opening.places - len(inside), 0)
    return Place(j, len(inside), left, opens, eligible, inside, opening_blocks(report, j))
