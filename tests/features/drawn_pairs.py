"""Drawn students and openings: a small world in which every rule and every unknown comes up often."""
from __future__ import annotations

from datetime import date, timedelta

from hypothesis import strategies as st

from features.codes import code_list
from features.records import Background, Demand, Location, Opening, Student, SupportNeed
from features.settings import RuleSettings
from tests.features.known_pair import DEVENTER, GRONINGEN, OLST, RAALTE

ON = date(2026, 6, 1)
NEARBY = Location("Raalte", 52.394, 6.275, "GM0177", "AM36")
PLACES: tuple[Location | None, ...] = (None, RAALTE, NEARBY, OLST, DEVENTER, GRONINGEN)
TASKS = (*code_list("task").codes[:4], "Xqvz wvrk", "xqvz, WVRK", "zzkq bbvw ttrp", "zzkq bbvw ttrq", "qqjx")
SETTINGS = (
    RuleSettings(),
    RuleSettings(
        date_grace_days=30,
        road_factor=1.5,
        neighbours={"AM36": ("AM01",)},
        own_regions={"Salland": ("GM0177", "GM1773", "GM0150"), "Noord": ("GM0014", "GM0177")},
        werkschool_members={"AM36": ("25AB00",), "Noord": ("30CD00",)},
    ),
    RuleSettings(werkschool_members={"Onze": ("25ab",)}, fresh_marked_days=30, fresh_refused_days=90),
)


def some(name: str, size: int, most: int = 3) -> st.SearchStrategy[tuple[str, ...]]:
    codes = code_list(name).codes[:size]
    return st.lists(st.sampled_from(codes), max_size=most, unique=True).map(tuple)


def maybe(strategy: st.SearchStrategy) -> st.SearchStrategy:  # type: ignore[type-arg]
    return st.one_of(st.none(), strategy)


def day(first: date, days: int) -> st.SearchStrategy[date]:
    return st.integers(0, days).map(lambda d: first + timedelta(days=d))


def one_of(name: str, size: int | None = None) -> st.SearchStrategy[str]:
    return st.sampled_from(code_list(name).codes[:size])


HOURS = st.sampled_from([0.0, 8.0, 12.5, 16.0, 24.0, 32.0, 40.0])
TEXTS = st.lists(st.sampled_from(TASKS), max_size=3, unique=True).map(tuple)
OFFERS = st.dictionaries(one_of("support", 4), st.sampled_from(["yes", "limited", "no"]), max_size=4).map(
    lambda d: tuple(d.items())
)
NEEDS = st.lists(
    st.builds(SupportNeed, one_of("support", 4), st.sampled_from([None, "startup", "structural"]), st.booleans()),
    max_size=3,
    unique_by=lambda need: need.code,
).map(tuple)


def ordered(pair: tuple[float | None, float | None]) -> tuple[float | None, float | None]:
    low, high = pair
    return (high, low) if low is not None and high is not None and low > high else pair


@st.composite
def students(draw: st.DrawFn) -> Student:
    low, high = ordered((draw(maybe(HOURS)), draw(maybe(HOURS))))
    return Student(
        school=draw(st.sampled_from(["25AB00", "30CD00", "99ZZ00"])),
        student_ref=str(draw(st.integers(1, 10**6))),
        birth_date=draw(day(date(2000, 2, 28), 4000)),
        work_capacity=draw(st.sampled_from(["yes", "yes", "yes", "yes", "no", "unknown"])),
        enrolled=draw(maybe(st.booleans())),
        leaves_on=draw(maybe(day(date(2026, 6, 1), 200))),
        available_from=draw(maybe(day(date(2026, 6, 1), 200))),
        location=draw(st.sampled_from(PLACES)),
        travel_means=draw(some("travel_means", 7, 2)),
        max_km=draw(maybe(st.sampled_from([0.0, 10.0, 16.0, 30.0, 150.0]))),
        max_minutes=draw(maybe(st.sampled_from([0.0, 7.0, 20.0, 45.0, 90.0, 240.0]))),
        travels_alone=draw(maybe(st.booleans())),
        hours_min=low,
        hours_max=high,
        branches=draw(some("branch", 4)),
        branches_excluded=draw(some("branch", 4, 1)),
        route=draw(some("route", 2)),
        contract_types=draw(some("contract_type", 4)),
        tasks_wanted=draw(TEXTS),
        tasks_disliked=draw(TEXTS),
        tasks_mastered=draw(TEXTS),
        experience=draw(TEXTS),
        work_skills=tuple(draw(st.dictionaries(one_of("work_skill", 4), st.integers(0, 3), max_size=4)).items()),
        support_needed=draw(maybe(NEEDS)),
        support_half_days=draw(maybe(st.just(2.0))),
        conditions_wanted=draw(some("condition", 5)),
        conditions_unacceptable=draw(maybe(some("condition", 5, 1))),
        certificates=draw(maybe(some("certificate", 4))),
        level=draw(maybe(one_of("level"))),
        consent_on=draw(maybe(st.just(date(2026, 5, 1)))),
        confirmed_on=draw(maybe(day(date(2026, 1, 25), 160))),
        destination=draw(st.sampled_from(["", "", "", "none", "unknown", "mbo"])),
        background=Background(
            leaving_profile=draw(st.sampled_from(["", "work", "work", "day_activities"])),
            is_referrer=draw(st.booleans()),
        ),
    )


@st.composite
def openings(draw: st.DrawFn) -> Opening:
    low, high = ordered((draw(maybe(HOURS)), draw(maybe(HOURS))))
    ages = sorted((draw(st.integers(14, 20)), draw(st.integers(14, 30))))
    criteria = code_list("participation_criterion").codes
    met = draw(st.lists(st.sampled_from(criteria), unique=True))
    risky = ("outdoors", "heights", "machines", "evening_weekend", "shift_work", "early_start")
    conditions = st.lists(
        st.sampled_from([*code_list("condition").codes[:5], *risky]), max_size=3, unique=True
    ).map(tuple)
    demands = st.builds(Demand, one_of("work_skill", 4), st.booleans(), maybe(st.integers(0, 3)))
    return Opening(
        vacancy_ref=str(draw(st.integers(1, 10**6))),
        employer_kvk="12345678",
        branch=draw(one_of("branch", 4)),
        starts_on=draw(day(date(2026, 6, 1), 250)),
        places=1,
        tasks=tuple(
            Demand(text, draw(st.booleans())) for text in draw(TEXTS)
        ),
        location=draw(st.sampled_from(PLACES)),
        certainty=draw(st.sampled_from(["firm", "planned"])),
        duration_months=draw(maybe(st.sampled_from([3.0, 12.0, 30.0]))),
        route=draw(maybe(one_of("route"))),
        entry=draw(st.sampled_from(["either", "werkschool", "side_entry"])),
        contract_type=draw(maybe(one_of("contract_type"))),
        participation_option=draw(maybe(st.integers(1, 5))),
        criteria_met=tuple(met),
        criteria_not_met=tuple(draw(st.lists(st.sampled_from([c for c in criteria if c not in met] or ["concept"]),
                                             max_size=1))) if len(met) < len(criteria) else (),
        hours_min=low,
        hours_max=high,
        starts_at=draw(maybe(st.sampled_from([300, 360, 389, 390, 420, 480, 1320]))),
        ends_at=draw(maybe(st.sampled_from([360, 960, 1140, 1141, 1320, 1321, 1380, 1381]))),
        age_min=draw(maybe(st.just(ages[0]))),
        age_max=draw(maybe(st.just(ages[1]))),
        level_min=draw(maybe(one_of("level"))),
        certificates_required=draw(some("certificate", 4)),
        certificates_obtainable=draw(some("certificate", 4)),
        support_offered=draw(maybe(OFFERS)),
        supervision_half_days=draw(maybe(st.just(4.0))),
        conditions=draw(maybe(conditions)),
        work_skills=tuple(draw(st.lists(demands, max_size=3, unique_by=lambda d: d.text))),
        leerbedrijf_id=draw(st.sampled_from(["", "100077736"])),
        crebo=draw(st.sampled_from(["", "25603"])),
        job_guarantee=draw(maybe(st.booleans())),
        trial_months=draw(maybe(st.sampled_from([0.0, 2.0, 6.0]))),
        closes_on=draw(maybe(day(date(2026, 5, 20), 30))),
        confirmed_on=draw(maybe(day(date(2026, 1, 25), 160))),
    )  # fmt: skip


COHORTS = st.tuples(
    st.lists(students(), min_size=1, max_size=6), st.lists(openings(), min_size=1, max_size=6),
    st.sampled_from(SETTINGS),
)  # fmt: skip
