"""Which single changes could place a student or fill an opening, and how they are checked."""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from api.changes.alone import concerns_alone
from api.changes.lifting import Pair, lifted
from api.changes.points import ONE_ITEM, WEIGHTS, points
from api.changes.room import Room
from api.decisions import resolve
from api.match_report import MatchReport, SmallestChange
from features.eligibility import RULES, Refusal, evaluate
from features.scoring import score_pairs
from matcher.problem import FORBID

MILLION = 1_000_000
OWN = ("work_capacity_unknown",)
"""Rules of the student alone."""
THEIRS = ("participation",)
"""Rules of the opening alone."""
KINDS = (*RULES, "full", "closed")
MOST_PAIRS = 3_000_000
"""Unplaced students times openings with room beyond which nothing is looked for."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One change; ``more`` is set when it is verified already (further students placed)."""

    code: str
    i: int
    j: int
    refusal: Refusal
    more: int | None = None

    @classmethod
    def settled(cls, code: str, i: int, j: int, more: int) -> Candidate:
        """A change that the solver has verified."""
        return cls(code, i, j, Refusal(code, 1.0, "", "", ""), more)

    @property
    def order(self) -> tuple[int, int, float, int, int]:
        """The smallest comes first."""
        by = self.refusal.by
        return points(self.code, by, self.refusal.unit), KINDS.index(self.code), by or 0.0, self.j, self.i

    @property
    def key(self) -> tuple[str, int, int]:
        """What it is about."""
        return self.code, self.i, self.j

    @property
    def change(self) -> SmallestChange:
        """As the report keeps it."""
        r = self.refusal
        return SmallestChange(self.code, self.i, self.j, r.by, r.unit, r.found, r.limit, r.detail, self.more or 0)


class Candidates:
    """The unplaced students, the empty openings, and the pairs that one rule alone keeps apart."""

    def __init__(self, report: MatchReport, room: Room) -> None:
        self.report, self.room = report, room
        away = tuple(RULES.index(code) for code in ("work_capacity", "destination", "leaving_profile"))
        gone = (report.blocked_students[:, away] > 0).any(axis=1)
        self.unplaced: list[int] = np.flatnonzero((report.pair_of < 0) & ~gone).tolist()
        empty = (room.filled == 0) & room.direct
        self.empty: list[int] = np.flatnonzero(empty).tolist()
        self.openings = np.flatnonzero(room.open)
        if len(self.unplaced) * len(self.openings) > MOST_PAIRS:
            self.unplaced, self.empty = [], []
        self.rejected = resolve(report.decisions, report.students, report.openings).forbidden

    @cached_property
    def rules(self) -> np.ndarray:
        """Per unplaced student and opening with room the one rule that refuses: its number, or -1."""
        i, j = np.array(self.unplaced, dtype=np.int64), self.openings
        result = np.full((len(i), len(j)), -1, dtype=np.int64)
        if not len(i) or not len(j):
            return result
        mask = self.report.eligibility.refused_by(i[:, None], j[None, :])
        for k in range(len(RULES)):
            result[mask == np.uint64(1 << k)] = k
        return result

    @cached_property
    def kept(self) -> dict[tuple[int, int], tuple[str, int]]:
        """Pairs no rule refuses that are no pairs all the same: rejected, or below the floor (by how much)."""
        problem, floor = self.report.problem, self.report.policy.min_fit
        forbidden = np.flatnonzero(problem.locks == FORBID)
        result = {(int(problem.rows[k]), int(problem.indices[k])): ("forbidden", 0) for k in forbidden}
        low = {pair: fit for pair, fit in self.report.low_fit.items() if fit < floor and pair not in self.rejected}
        return result | {pair: ("min_fit", floor - fit) for pair, fit in low.items()}

    def of_student(self, i: int) -> Iterator[Candidate]:
        """Changes of a pair or of the student that could give student i a place."""
        row = self.rules[self.unplaced.index(i)]
        for at in np.flatnonzero(row >= 0).tolist():
            yield from self._lifts(i, int(self.openings[at]), int(row[at]), THEIRS, "opening")
        yield from (c for c in self._kept if c.i == i)

    def of_opening(self, j: int) -> Iterator[Candidate]:
        """Changes of a pair or of the opening that could bring an unplaced student to opening j."""
        column = self.rules[:, int(np.searchsorted(self.openings, j))]
        for at in np.flatnonzero(column >= 0).tolist():
            yield from self._lifts(self.unplaced[at], j, int(column[at]), OWN, "student")
        yield from (c for c in self._kept if c.j == j)

    @cached_property
    def _kept(self) -> list[Candidate]:
        waiting = set(self.unplaced)
        return [
            Candidate(code, i, j, Refusal(code, by / MILLION, "fit" if by else "", "", ""))
            for (i, j), (code, by) in sorted(self.kept.items())
            if i in waiting and self.room.open[j]
        ]

    def _lifts(self, i: int, j: int, rule: int, others: tuple[str, ...], detail: str) -> Iterator[Candidate]:
        """The rule as one change; none when it is not one, or is a matter of the other side alone."""
        code = RULES[rule]
        if code not in WEIGHTS or code in others or (i, j) in self.rejected:  # rejected besides: two things to change
            return
        refusals = self.report.eligibility.refusals_of(code, i, j)
        if len(refusals) != 1:
            return
        refusal = refusals[0]
        one_sided = (code == "freshness" and refusal.detail == detail) or (
            code == "dates" and refusal.detail == "closed" and detail == "opening"
        )
        if one_sided or (code in ONE_ITEM and refusal.by != 1.0) or (code == "skill" and "|" in refusal.limit):
            return
        yield Candidate(code, i, j, refusal)

    def verified(self, candidates: Sequence[Candidate], *, fills: bool) -> dict[tuple[str, int, int], bool]:
        """Which of these changes give the student a place; with ``fills`` at that very opening."""
        result: dict[tuple[str, int, int], bool] = {c.key: c.more is not None for c in candidates}
        rest = [c for c in {c.key: c for c in candidates}.values() if c.more is None]
        records = [self._records(c) for c in rest]
        known = [(c, pair) for c, pair in zip(rest, records, strict=True) if pair is not None]
        if known:
            fits = self._fits([c for c, _ in known], [pair for _, pair in known])
            likely: list[tuple[Candidate, Pair, int]] = []
            for (c, pair), fit in zip(known, fits, strict=True):
                load = round((pair[0].support_half_days or 0.0) * MILLION)
                if fit is not None and self.room.has(c.i, c.j, load, fit):
                    likely.append((c, pair, fit))
            changed = [(c.i, c.j, *pair, fit) for c, pair, fit in likely]
            for (c, _, _), alone in zip(likely, concerns_alone(self.report, changed, fills=fills), strict=True):
                result[c.key] = alone
        return result

    def _records(self, c: Candidate) -> Pair | None:
        report = self.report
        names = report.eligibility.tasks.names
        return lifted(report.students[c.i], report.openings[c.j], c.refusal, on=report.on, names=names)

    def _fits(self, candidates: Sequence[Candidate], pairs: Sequence[Pair]) -> list[int | None]:
        """The fit of each changed pair; None where a rule still refuses it, or the floor does."""
        report = self.report
        students, openings = [s for s, _ in pairs], [o for _, o in pairs]
        fixed = frozenset((k, k) for k in range(len(pairs)))
        times = report.eligibility.times
        found = evaluate(students, openings, report.policy.rules, on=report.on, fixed=fixed, times=times)
        scored = score_pairs(students, openings, found, report.policy.weights)
        here = np.flatnonzero(found.rows == scored.indices)
        fit = dict(zip(found.rows[here].tolist(), scored.fit[here].tolist(), strict=True))
        broken = dict(zip(found.rows[here].tolist(), found.broken[here].tolist(), strict=True))
        region = 1 << RULES.index("region")
        result: list[int | None] = []
        for k, c in enumerate(candidates):
            allowed = region if c.code == "region" else 0
            low = c.code != "min_fit" and fit.get(k, 0) < report.policy.min_fit
            result.append(None if k not in fit or low or broken[k] & ~allowed else fit[k])
        return result
