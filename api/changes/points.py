"""How large a change is, in points: the stated order behind "smallest".

A point is about one conversation. What is a matter of degree counts a point per step (5 km, 10 minutes, 4 hours a
week, 14 days, 0.05 of fit), rounded up; asking somebody to confirm or find out counts one; what an employer or a
student must arrange or give up counts two or three; what goes against a person's word or beyond the region four.
"""
from __future__ import annotations

import math

STEPS = {"km": 5.0, "minutes": 10.0, "hours": 4.0, "days": 14.0, "fit": 0.05}
WEIGHTS = {
    "work_capacity_unknown": 1, "freshness": 1, "reach": 1, "hours": 1, "dates": 1, "min_fit": 1, "full": 2,
    "closed": 2, "support": 2, "task": 2, "certificate": 2, "level": 2, "skill": 2, "contract_type": 2, "age": 2,
    "condition": 3, "route": 3, "branch": 3, "entry": 3, "participation": 3, "forbidden": 4, "region": 4,
}  # fmt: skip
"""Points of a change of each kind; what is missing here (age by law, day activities) is no single change."""
ONE_ITEM = ("support", "task", "certificate", "condition", "participation")


def points(code: str, by: float | None, unit: str) -> int:
    """Return the points of a change of ``by`` units.

    >>> points("reach", 6.2, "km"), points("support", 1.0, "items"), points("skill", 2.0, "levels")
    (2, 2, 4)
    """
    if unit in STEPS and code != "freshness" and by is not None:
        return WEIGHTS[code] * max(math.ceil(by / STEPS[unit]), 1)
    if unit in ("levels", "years") and by is not None:
        return WEIGHTS[code] * max(math.ceil(by), 1)
    return WEIGHTS[code]
