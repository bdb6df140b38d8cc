"""Contributions as whole points of 100 that add up to the shown fit."""
from __future__ import annotations

from collections.abc import Sequence

POINT = 10_000  # millionths in one point


def rounded_points(base: int, contributions: Sequence[int]) -> tuple[int, int, tuple[int, ...]]:
    """Return (fit, base, contributions) in whole points; base and contributions add up to the fit exactly.

    Parameters
    ----------
    base, contributions : millionths
        Their sum is the fit.

    Notes
    -----
    Largest remainder: every part is rounded down, and the points still missing go to the parts that lost
    most, the earlier part first among equals. The fit itself is rounded half-even. A part of 0 stays 0 and no
    part changes its sign.
    """
    parts = [base, *contributions]
    total, rest = divmod(sum(parts), POINT)
    total += 2 * rest > POINT or (2 * rest == POINT and total % 2 == 1)
    shown = [part // POINT for part in parts]
    lost = sorted(range(len(parts)), key=lambda k: (-(parts[k] % POINT), k))
    for k in lost[: total - sum(shown)]:
        shown[k] += 1
    return total, shown[0], tuple(shown[1:])
