"""Settings of the hard rules and the weights, as plain numbers that a policy fills."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import time
from types import MappingProxyType

from features.errors import FeatureError
from features.measures import Measures

MILLION = 1_000_000
"""Weights, values and fits are whole millionths."""

FEATURES = (
    "branch", "tasks", "work_skills", "support", "travel", "hours", "conditions", "route", "development", "contract",
)  # fmt: skip
"""The pair features, in the order of the columns of ``alternatives.csv``."""

NEUTRAL = 500_000
"""What a feature is worth, in millionths, when nothing is known: neither a plus nor a minus."""

KNOWN_WIDTH = 500_000
"""A feature counts as known where what is not known can move its value by at most this much, in millionths."""


@dataclass(frozen=True, slots=True)
class Weights:
    """One weight per pair feature, in millionths; together exactly 1,000,000.

    Raises
    ------
    FeatureError
        If a weight is no whole number of 0 or more, or if they do not add up to 1,000,000.
    """

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

    def __post_init__(self) -> None:
        for part in fields(self):
            weight = getattr(self, part.name)
            if not isinstance(weight, int) or isinstance(weight, bool) or weight < 0:
                raise FeatureError(
                    f"The weight of {part.name} is {weight!r}; expected a whole number of millionths, 0 or more."
                )
        if (total := sum(self.as_tuple())) != MILLION:
            raise FeatureError(f"The weights add up to {total:,} millionths; expected exactly {MILLION:,}.")

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

    The rule `under_18` reads the rest. ``under_18_windows`` are the times, in minutes after midnight, one of
    which must hold the working day of somebody of 16 or 17: within 12 hours of rest lies either 22-06 or
    23-07 (Arbeidstijdenwet art. 5:3); ``under_16_windows`` the same for the younger (art. 3:2 and the
    Nadere regeling kinderarbeid: 07-19). ``under_18_hours_conditions`` are conditions that mean evening or
    night work by the employer's own word, ``under_18_forbidden`` work no minor is given here, and
    ``under_18_supervised`` and ``under_18_supervised_certificates`` work that asks expert supervision
    (Arbeidsomstandighedenbesluit art. 1.37): refused unless ``under_18_supervision`` is offered, and even
    then a point to check. ``schooling_contracts`` are jobs that bring no schooling of their own, and
    ``schooling_done_levels`` the levels with which the duty to qualify ends before 18 (Leerplichtwet 1969
    art. 4a: a start qualification; a vso- or pro-diploma).

    ``measures`` is no rule: it is what answers are worth within a pair feature.
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
    under_18_windows: tuple[tuple[int, int], ...] = ((360, 1320), (420, 1380))
    under_16_windows: tuple[tuple[int, int], ...] = ((420, 1140),)
    under_18_hours_conditions: tuple[str, ...] = ("shift_work", "evening_weekend")
    under_18_forbidden: tuple[str, ...] = ("heights",)
    under_18_supervised: tuple[str, ...] = ("machines",)
    under_18_supervised_certificates: tuple[str, ...] = ("forklift", "reach_truck", "chainsaw")
    under_18_supervision: str = "fixed_instructor"
    schooling_contracts: tuple[str, ...] = ("job", "supported_job", "secondment")
    schooling_done_levels: tuple[str, ...] = ("school_diploma", "mbo2")
    measures: Measures = field(default_factory=Measures)
