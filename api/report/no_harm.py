"""The no-harm list: who has less in the plan than simple chance would have given on average."""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from api.report.view import Proposal, View
from matcher.turns import SEED

METHOD = (
    "everyone in turn takes the best place left, in random orders; places, load, caps and minimums to open hold, "
    "a person's decisions stand, lower bounds of caps are not heeded; unplaced counts as 0"
)
"""How chance is simulated, in words for ``report.json``."""


@dataclass(frozen=True, slots=True)
class Below:
    """One student of the list; ``fit`` in the plan and ``chance_fit`` on average, millionths, 0 without a place.

    ``chance_placed`` is in how many of the orders there was a place.
    """

    proposal: Proposal
    chance_fit: int
    chance_placed: int

    @property
    def fit(self) -> int:
        """Fit in the plan, 0 where unplaced."""
        return self.proposal.fit if self.proposal.placed else 0


def no_harm(view: View) -> tuple[Below, ...]:
    """Return the students whose fit in the plan is below their mean by chance, the largest gap first."""
    chance = view.report.chance
    if chance is None:
        return ()
    fit = np.array([p.fit if p.placed else 0 for p in view.proposals], dtype=np.int64)
    mean = chance.mean()
    below = np.flatnonzero(chance.above(fit)).tolist()
    found = [Below(view.proposals[i], int(mean[i]), int(chance.placed[i])) for i in below]
    return tuple(sorted(found, key=lambda one: (one.fit - one.chance_fit, one.proposal.i)))


__all__ = ["METHOD", "SEED", "Below", "no_harm"]
