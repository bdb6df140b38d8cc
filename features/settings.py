"""Settings of the hard rules and the weights, as plain numbers that a policy fills."""
from __future__ import annotations

from dataclasses import dataclass, field
from datetime import time
from types import MappingProxyType
from collections.abc import Mapping

FEATURES = (
    "branch", "tasks", "work_skills", "support", "travel", "hours", "conditions", "route", "development", "contract",
)
"""The pair features, in the order of the columns of ``alternatives.csv``."""


@dataclass(frozen=True, slots=True)
class Weights:
    """One weight per pair feature, in millionths; together exactly 1,000,000."""

    branch: int = 200_000
    tasks: int = 180_000
    work_skills: int = 100_000
    support: int = 200_000
    travel: int = 100_000
    hours: int = 50_000
    conditions: int = 70_000
    route: int = 30_000
    development: int = 40_000
    contract: int = 30_000

    def as_tuple(self) -> tuple[int, ...]:
        """The weights in the order of `FEATURES`."""
        return tuple(getattr(self, name) for name in FEATURES)


@dataclass(frozen=True, slots=True)
class RuleSettings:
    """Figures of the hard rules; the defaults are those of the founding documents.

    Ages are whole years on the start date, ``date_grace_days`` how much later than the start a student
    may become available, ``road_factor`` road km per km as the crow flies. ``neighbours`` replaces the
    built-in neighbours of a region where it names one; ``own_regions`` are named sets of CBS
    municipality codes within which anybody may be placed; ``werkschool_members`` maps a werkschool
    region to its member schools (empty: nothing is known about membership).
    """

    age_individual_min: int = 16
    age_werkschool_min: int = 16
    age_werkschool_max: int = 21
    age_group_min: int = 16
    age_group_usual_min: int = 18
    age_group_usual_max: int = 24
    date_grace_days: int = 0
    road_factor: float = 1.3
    first_transport: time = time(6, 30)
    fresh_marked_days: int = 60
    fresh_refused_days: int = 120
    neighbours: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    own_regions: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    werkschool_members: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
