"""How fits compare with outcomes: calibration and rank agreement, with groups kept apart where anything is learnt.

A fit is no chance, so it is judged twice. As it is: the Brier score [1]_ of reading it as one, and the share that went
well per ten points. And by what it tells after a logistic curve has turned it into a chance [2]_: the curve is learnt
on other groups (schools, or employers) than those it is judged on, so nobody is on both sides.

References
----------
.. [1] G. W. Brier, "Verification of forecasts expressed in terms of probability", Monthly Weather Review 78, 1950.
.. [2] J. Platt, "Probabilistic outputs for support vector machines", in Advances in Large Margin Classifiers, 1999.
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import kendalltau, rankdata
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from api.fairness.intervals import RESAMPLES

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
FOLDS = 5
"""Parts the groups are divided into; fewer where there are fewer groups."""
TAIL = 0.025
SEED = 1_950


def brier(chance: Floats, well: Flags) -> float:
    """Return the mean squared difference of chance and outcome.

    Examples
    --------
    >>> brier(np.array([1.0, 0.5]), np.array([True, False]))
    0.125
    """
    return float(np.mean((chance - well) ** 2))


def auc(fit: Floats, well: Flags) -> float | None:
    """Return how often a pair that went well has a higher fit than one that did not, equal fits counting half.

    None where all went the same way.
    """
    good, bad = int(well.sum()), int((~well).sum())
    if not good or not bad:
        return None
    ranks = rankdata(fit)
    return float((ranks[well].sum() - good * (good + 1) / 2) / (good * bad))


def auc_interval(fit: Floats, well: Flags) -> tuple[float, float] | None:
    """Return the ends of the seeded bootstrap interval over the pairs; None where all went the same way."""
    if auc(fit, well) is None:
        return None
    order = np.lexsort((well, fit))  # the order of the rows must not matter
    fit, well = fit[order], well[order]
    draw = np.random.default_rng(SEED)
    found: list[float] = []
    for _ in range(RESAMPLES):
        chosen = draw.integers(0, len(fit), len(fit))
        value = auc(fit[chosen], well[chosen])
        if value is not None:
            found.append(value)
    low, high = np.quantile(found, [TAIL, 1 - TAIL])
    return float(low), float(high)


def auc_within(fit: Floats, well: Flags, groups: Sequence[str]) -> float | None:
    """Return the AUC over pairs of one group only, so that no group is judged against another; None without any."""
    names = np.asarray(groups, dtype=object)
    won = compared = 0.0
    for name in sorted(set(groups)):
        inside = names == name
        value = auc(fit[inside], well[inside])
        if value is not None:
            pairs = int(well[inside].sum()) * int((~well[inside]).sum())
            won, compared = won + value * pairs, compared + pairs
    return won / compared if compared else None


def tau_b(fit: Floats, well: Flags) -> float | None:
    """Return Kendall's tau-b of fit and outcome; None where either is the same for all."""
    if len(set(fit.tolist())) < 2 or len(set(well.tolist())) < 2:
        return None
    return float(kendalltau(fit, well.astype(float)).statistic)


@dataclass(frozen=True, slots=True)
class Grouped:
    """What was measured with groups kept apart; ``calibrated`` and ``base`` are Brier scores of unseen groups.

    ``base`` gives every pair the share that went well in the other groups.
    """

    groups: int
    folds: int
    calibrated: float
    base: float

    @property
    def skill(self) -> float | None:
        """How much of the base's score the fit takes off; None where the base is perfect."""
        return 1 - self.calibrated / self.base if self.base > 0 else None


def grouped(fit: Floats, well: Flags, groups: Sequence[str]) -> Grouped | None:
    """Learn the curve on some groups and judge it on the others; None with fewer than two groups.

    Rows are put in the order of group, fit and outcome first, so that the order of the file does not matter.
    """
    names = np.asarray(groups, dtype=object)
    codes = {name: k for k, name in enumerate(sorted(set(groups)))}
    if len(codes) < 2:
        return None
    number = np.array([codes[name] for name in names.tolist()])
    order = np.lexsort((well, fit, number))
    fit, well, number = fit[order], well[order], number[order]
    folds = min(FOLDS, len(codes))
    chance, base = np.empty(len(fit)), np.empty(len(fit))
    for learn, judge in GroupKFold(n_splits=folds).split(fit, groups=number):
        base[judge] = well[learn].mean()
        chance[judge] = base[judge]
        if 0 < well[learn].sum() < len(learn):
            curve = LogisticRegression(C=1e3).fit(fit[learn, None], well[learn])
            chance[judge] = curve.predict_proba(fit[judge, None])[:, 1]
    return Grouped(len(codes), folds, brier(chance, well), brier(base, well))
