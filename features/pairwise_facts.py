"""What reasons are made of: the plain facts of one pair, in codes and figures, without a sentence."""
from __future__ import annotations

from dataclasses import dataclass, field

from features.codes import code_list
from features.eligibility import Eligibility
from features.eligibility_columns import age_on
from features.eligibility_reach import usable_means
from features.eligibility_tasks import TaskSets
from features.measures import Measures
from features.pairwise_items import distinct_demands
from features.pairwise_tasks import are_alike, kind_of
from features.records import Demand, Opening, Student


@dataclass(frozen=True, slots=True)
class TaskFact:
    """One task of the opening, as written; ``codes`` is what it was read as.

    ``kind`` is what the student says of it: disliked, wanted_able, wanted, able, or "" when not named.
    """

    text: str
    codes: tuple[str, ...]
    must: bool
    kind: str


@dataclass(frozen=True, slots=True)
class SupportFact:
    """One needed support item and what the workplace says of it: yes, limited, no, or unknown."""

    code: str
    when: str | None
    essential: bool
    offered: str


@dataclass(frozen=True, slots=True)
class SkillFact:
    """One demanded work skill; ``own`` or ``demanded`` is None where it is not known."""

    code: str
    own: int | None
    demanded: int | None
    must: bool

    @property
    def met(self) -> bool | None:
        """Whether the level is reached, None where that is not known."""
        if self.demanded == 0:
            return True
        return None if self.own is None or self.demanded is None else self.own >= self.demanded


@dataclass(frozen=True, slots=True)
class PairFacts:
    """Everything a sentence about the pair may need.

    ``km`` is by road, ``minutes`` one way per usable means, quickest first; ``branch_rank`` counts from 1, 0
    for a branch not named while others are, None when none is. ``hours`` is the overlap of the two ranges
    (either end None where open), None where they do not meet or a side gives none. Tuples of codes are in
    the order of their closed list. ``age`` is in whole years on the start date.
    """

    km: float | None
    minutes: tuple[tuple[str, float], ...]
    max_km: float | None
    max_minutes: float | None
    branch: str
    branch_rank: int | None
    branch_excluded: bool
    tasks: tuple[TaskFact, ...]
    skills: tuple[SkillFact, ...]
    support: tuple[SupportFact, ...] | None  # None: needs not asked; (): needs none
    hours: tuple[float | None, float | None] | None
    conditions_wanted: tuple[str, ...]
    conditions_met: tuple[str, ...] | None  # None: the work's conditions are not known
    conditions_hard: tuple[str, ...]  # present and unacceptable
    route: str | None
    route_wanted: bool | None
    contract_type: str | None
    contract_wanted: bool | None
    certificates_new: tuple[str, ...]
    certificates_held: tuple[str, ...]  # required there and held
    certificates_missing: tuple[str, ...]  # required there and neither held nor obtainable
    diploma: bool | None
    job_guarantee: bool | None
    duration_months: float | None
    trial_months: float | None
    age: int
    measures: Measures = field(default_factory=Measures)

    @property
    def best_means(self) -> str | None:
        """The quickest usable means, None when distance or means are unknown."""
        return self.minutes[0][0] if self.minutes else None

    @property
    def best_minutes(self) -> float | None:
        """Minutes by the quickest usable means."""
        return self.minutes[0][1] if self.minutes else None


def pair_facts(e: Eligibility, i: int, j: int) -> PairFacts:
    """Gather the facts of student ``i`` and opening ``j``."""
    s, o = e.students[i], e.openings[j]
    metres = int(e.near.between(e.near.student[i], e.near.opening[j]))
    wished = list(dict.fromkeys(s.branches))
    required, held = set(o.certificates_required), set(s.certificates or ())
    obtainable = set(o.certificates_obtainable)
    conditions = set(o.conditions or ())
    return PairFacts(
        km=None if metres < 0 else round(metres * e.settings.road_factor / 1000.0, 3),
        minutes=_minutes(e, i, j) if metres >= 0 else (),
        max_km=s.max_km,
        max_minutes=s.max_minutes,
        branch=o.branch,
        branch_rank=(wished.index(o.branch) + 1 if o.branch in wished else 0) if wished else None,
        branch_excluded=o.branch in s.branches_excluded,
        tasks=tuple(_task(s, demand, e.tasks) for demand in o.tasks),
        skills=_skills(s, o),
        support=_support(s, o),
        hours=_hours(s, o),
        conditions_wanted=_ordered(set(s.conditions_wanted), "condition"),
        conditions_met=None if o.conditions is None else _ordered(set(s.conditions_wanted) & conditions, "condition"),
        conditions_hard=_ordered(set(s.conditions_unacceptable or ()) & conditions, "condition"),
        route=o.route,
        route_wanted=o.route in s.route if o.route and s.route else None,
        contract_type=o.contract_type,
        contract_wanted=o.contract_type in s.contract_types if o.contract_type and s.contract_types else None,
        certificates_new=_ordered(obtainable - held, "certificate"),
        certificates_held=_ordered(required & held, "certificate"),
        certificates_missing=_ordered(required - held - obtainable, "certificate"),
        diploma=True if o.contract_type == "apprenticeship" or o.crebo else None,
        job_guarantee=o.job_guarantee,
        duration_months=o.duration_months,
        trial_months=o.trial_months,
        age=age_on(s.birth_date, o.starts_on),
        measures=e.settings.measures,
    )


def _ordered(codes: set[str], name: str) -> tuple[str, ...]:
    return tuple(code for code in code_list(name).codes if code in codes)


def _minutes(e: Eligibility, i: int, j: int) -> tuple[tuple[str, float], ...]:
    taken = [(means, round(e.minutes(i, j, means), 3)) for means in usable_means(e.students[i])]
    return tuple(sorted(taken, key=lambda pair: (pair[1], pair[0])))


def _task(s: Student, demand: Demand, t: TaskSets) -> TaskFact:
    """Say what the student says of one task, by what both texts mean or by their likeness."""
    codes = t.meaning[demand.text]

    def named(texts: tuple[str, ...]) -> bool:
        return any(
            set(codes) & set(t.meaning[text])
            or (not codes and not t.meaning[text] and are_alike(text, demand.text))
            for text in texts
        )

    kind = kind_of(named(s.tasks_disliked), named(s.tasks_wanted), named((*s.tasks_mastered, *s.experience)))
    return TaskFact(demand.text, codes, demand.must, kind)


def _skills(s: Student, o: Opening) -> tuple[SkillFact, ...]:
    own = dict(s.work_skills)
    order = code_list("work_skill").codes
    demands = sorted(distinct_demands(o.work_skills), key=lambda d: order.index(d.text))
    return tuple(SkillFact(d.text, own.get(d.text), d.level, d.must) for d in demands)


def _support(s: Student, o: Opening) -> tuple[SupportFact, ...] | None:
    if s.support_needed is None:
        return None
    offered = dict(o.support_offered or ())
    order = code_list("support").codes
    needs = sorted(s.support_needed, key=lambda need: order.index(need.code))
    return tuple(SupportFact(n.code, n.when, n.essential, offered.get(n.code, "unknown")) for n in needs)


def _hours(s: Student, o: Opening) -> tuple[float | None, float | None] | None:
    if (s.hours_min is None and s.hours_max is None) or (o.hours_min is None and o.hours_max is None):
        return None
    lows = [low for low in (s.hours_min, o.hours_min) if low is not None]
    highs = [high for high in (s.hours_max, o.hours_max) if high is not None]
    low, high = max(lows, default=None), min(highs, default=None)
    return None if low is not None and high is not None and low > high else (low, high)
