"""Who moves between two plans, and by what: rules, weights, others, and the settings that make it so."""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from api.compare.plans import Comparison, Plan
from features.eligibility import RULES
from features.pairwise import pair_features
from features.scoring import contributions
from features.settings import FEATURES, NEUTRAL
from matcher.problem import FORBID

KINDS = ("gains", "loses", "moves")


@dataclass(frozen=True, slots=True)
class Move:
    """One student whose place differs. ``old`` and ``new`` are openings, -1: none; fits are millionths.

    ``old_fits`` are the fits of (old place, new place) under the old policy, ``new_fits`` under the new one; None
    where there is no such place. ``shift`` is by how much each feature's part moves in favour of the new place, over
    the old one where there are two (and ``base_shift`` what no feature tells); together exactly the
    difference of the fits. ``opened`` are rules that refused the new place and no longer do, ``shut``
    rules that refuse the old place now. ``taken_by`` are those who come to the old place, ``left_by`` those who go
    from the new one. ``settings`` are the changed settings without which the student would be where the old plan
    had them; None where that was not worked out.
    """

    i: int
    old: int
    new: int
    old_fits: tuple[int | None, int | None]
    new_fits: tuple[int | None, int | None]
    shift: tuple[int, ...]
    base_shift: int
    opened: tuple[str, ...]
    shut: tuple[str, ...]
    taken_by: tuple[int, ...]
    left_by: tuple[int, ...]
    settings: tuple[str, ...] | None

    @property
    def kind(self) -> str:
        """Gains a place, loses it, or moves to another."""
        if self.old < 0:
            return "gains"
        return "loses" if self.new < 0 else "moves"

    @property
    def total_shift(self) -> int:
        """By how much the fit of the new place gains on that of the old one, or the fit of the only one changes."""
        return self.base_shift + sum(self.shift)


def moves(found: Comparison) -> tuple[Move, ...]:
    """Return every student whose place differs, by key."""
    before, after = found.old.assignment, found.new.assignment
    who = np.flatnonzero(before != after).tolist()
    return tuple(_move(found, i, int(before[i]), int(after[i])) for i in who)


def _move(found: Comparison, i: int, old: int, new: int) -> Move:
    before, after = found.old.assignment, found.new.assignment
    measured = {(name, j): _measure(plan, i, j) for name, plan in (("old", found.old), ("new", found.new))
                for j in (old, new) if j >= 0}  # fmt: skip
    sides = [(1, j) for j in (new,) if j >= 0] + [(-1, j) for j in (old,) if j >= 0]
    if len(sides) == 1:  # one place only: how its own fit changes
        sides = [(1, sides[0][1])]
    shift, base_shift = np.zeros(len(FEATURES), dtype=np.int64), 0
    for sign, j in sides:
        (base, parts), (base_was, parts_was) = measured["new", j], measured["old", j]
        shift += sign * (parts - parts_was)
        base_shift += sign * (base - base_was)

    def fit(name: str, j: int) -> int | None:
        return None if j < 0 else measured[name, j][0] + int(measured[name, j][1].sum())

    settings = None
    if found.without is not None:
        settings = tuple(group for group, plan in found.without.items() if plan[i] == old)
    return Move(
        i, old, new, (fit("old", old), fit("old", new)), (fit("new", old), fit("new", new)),
        tuple(shift.tolist()), base_shift, _refused(found.old, i, new), _refused(found.new, i, old),
        tuple(np.flatnonzero((after == old) & (before != old)).tolist()) if old >= 0 else (),
        tuple(np.flatnonzero((before == new) & (after != new)).tolist()) if new >= 0 else (), settings,
    )  # fmt: skip


def _measure(plan: Plan, i: int, j: int) -> tuple[int, np.ndarray]:
    """Base and contributions of a pair under a plan's policy, eligible or not."""
    case = plan.case
    value = pair_features(case.eligibility, np.array([i]), np.array([j])).value
    weights = case.policy.weights.as_tuple()
    return int(case.scored.base), contributions(value, weights, (NEUTRAL,) * len(weights))[0]


def _refused(plan: Plan, i: int, j: int) -> tuple[str, ...]:
    """The rules that keep a pair out of a plan; none where it is eligible."""
    case = plan.case
    if j < 0:
        return ()
    pair = case.problem.pair(i, j)
    if pair >= 0:
        return ("forbidden",) if case.problem.locks[pair] == FORBID else ()
    mask = int(case.eligibility.refused_by(i, j))
    codes = [code for k, code in enumerate(RULES) if mask >> k & 1]
    return tuple(codes) or ("min_fit",)
