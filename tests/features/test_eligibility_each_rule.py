"""Each hard rule at both sides of its limit, and what it does when it cannot know; the answers are by hand."""
from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from typing import Any

import pytest

from features.eligibility import NEVER_FIXED, POINTS, RULES
from features.errors import FeatureError
from features.records import Demand, SupportNeed
from features.settings import RuleSettings
from tests.features.known_pair import DEVENTER, GRONINGEN, KNOWN, RAALTE, judge, opening, student

FINE: set[str] = set()


def check(
    s: dict[str, Any], o: dict[str, Any], refuses: set[str], asks: set[str], settings: RuleSettings = KNOWN
) -> None:
    refused, points, _ = judge(student(**s), opening(**o), settings)
    assert refused == refuses
    assert points == (FINE if refuses else asks)


def test_a_pair_of_which_all_is_known_and_fits_is_eligible_without_a_point_to_check() -> None:
    check({}, {}, FINE, FINE)


def test_the_codes_stand_in_the_order_of_the_contract() -> None:
    assert RULES[:4] == NEVER_FIXED == ("work_capacity", "work_capacity_unknown", "destination", "leaving_profile")
    assert RULES[4:] == (
        "age", "entry", "route", "contract_type", "dates", "hours", "region", "reach", "branch", "certificate",
        "level", "under_18", "support", "condition", "task", "skill", "participation", "freshness", "min_fit",
        "forbidden",
    )  # fmt: skip
    assert {"first_transport", "under_18_schooling", "age_usual", "consent", "planned", "load"} <= set(POINTS)


@pytest.mark.parametrize(
    ("s", "refuses"),
    [
        ({"work_capacity": "no"}, {"work_capacity"}),
        ({"work_capacity": "unknown"}, {"work_capacity_unknown"}),
        ({"destination": "mbo"}, {"destination"}),
        ({"destination": "none"}, FINE),
        ({"destination": "unknown"}, FINE),
        ({"background": {"leaving_profile": "day_activities"}}, {"leaving_profile"}),
        ({"background": {"leaving_profile": "work"}}, FINE),
    ],
)
def test_capacity_destination_and_profile(s: dict[str, Any], refuses: set[str]) -> None:
    check(s, {}, refuses, FINE)


@pytest.mark.parametrize(
    ("born", "starts", "o", "refuses", "asks"),
    [
        # 16 on the start date itself, and a day too young.
        (date(2010, 9, 1), date(2026, 9, 1), {"age_min": None, "age_max": None}, FINE, FINE),
        (date(2010, 9, 2), date(2026, 9, 1), {"age_min": None, "age_max": None}, {"age"}, FINE),
        # Up to and with 27; the day before the 28th birthday still counts as 27.
        (date(1998, 9, 2), date(2026, 9, 1), {}, FINE, FINE),
        (date(1998, 9, 1), date(2026, 9, 1), {}, {"age"}, FINE),
        # Born on 29 February: a year older on 1 March in a common year, on 29 February in a leap year.
        (date(2008, 2, 29), date(2026, 2, 28), {"age_min": 18}, {"age"}, FINE),
        (date(2008, 2, 29), date(2026, 3, 1), {"age_min": 18}, FINE, FINE),
        (date(2008, 2, 29), date(2028, 2, 29), {"age_min": 20}, FINE, FINE),
        # The vacancy's own ages stand above the defaults.
        (date(2011, 9, 1), date(2026, 9, 1), {"age_min": 15}, FINE, FINE),
        # Werkschool entry: 16 up to and with 21.
        (date(2004, 9, 2), date(2026, 9, 1), {"entry": "werkschool", "age_max": None}, FINE, FINE),
        (date(2004, 9, 1), date(2026, 9, 1), {"entry": "werkschool", "age_max": None}, {"age"}, FINE),
        # A group takes from 16, and warns outside 18 to 24.
        (date(2010, 9, 1), date(2026, 9, 1), {"route": "group", "age_min": None, "age_max": None}, FINE, {"age_usual"}),
        (date(2010, 9, 2), date(2026, 9, 1), {"route": "group", "age_min": None, "age_max": None}, {"age"}, FINE),
        (date(2008, 9, 1), date(2026, 9, 1), {"route": "group", "age_max": None}, FINE, FINE),
        (date(2001, 9, 2), date(2026, 9, 1), {"route": "group", "age_max": None}, FINE, FINE),
        (date(2001, 9, 1), date(2026, 9, 1), {"route": "group", "age_max": None}, FINE, {"age_usual"}),
    ],
)
def test_age_on_the_start_date(
    born: date, starts: date, o: dict[str, Any], refuses: set[str], asks: set[str]
) -> None:
    s = {"birth_date": born, "available_from": date(2026, 1, 1), "enrolled": True}
    check(s, {"starts_on": starts, **o}, refuses, asks)


WS = {"entry": "werkschool"}
SIDE = {"entry": "side_entry"}


@pytest.mark.parametrize(
    ("s", "o", "refuses", "asks"),
    [
        ({"enrolled": True}, WS, FINE, FINE),
        ({"enrolled": False}, WS, {"entry"}, FINE),
        # Left empty: enrolled until and on the day of leaving.
        ({"leaves_on": date(2026, 9, 1)}, WS, FINE, FINE),
        ({"leaves_on": date(2026, 8, 31)}, WS, {"entry"}, FINE),
        # A school on no list of this region is known not to be a member.
        ({"enrolled": True, "school": "99ZZ00"}, WS, {"entry"}, FINE),
        # Enrolled somewhere, but brought by a referrer: the school is not known, so neither is its membership.
        ({"enrolled": True, "school": "UWV Zwolle", "background": {"is_referrer": True}}, WS, FINE, {"entry"}),
        ({"leaves_on": None, "school": "UWV", "background": {"is_referrer": True}}, WS, {"entry"}, FINE),
        # Side entry is for who does not meet all of 1a.
        ({"enrolled": True}, SIDE, {"entry"}, FINE),
        ({"enrolled": False}, SIDE, FINE, FINE),
        ({"enrolled": True, "school": "99ZZ00"}, SIDE, FINE, FINE),
        ({"enrolled": True, "birth_date": date(2004, 9, 1)}, SIDE, FINE, FINE),  # 22 years old
        ({"enrolled": True, "birth_date": date(2004, 9, 2)}, SIDE, {"entry"}, FINE),  # 21 still
        ({"enrolled": True, "school": "UWV", "background": {"is_referrer": True}}, SIDE, FINE, {"entry"}),
        ({"leaves_on": None, "school": "UWV", "background": {"is_referrer": True}}, SIDE, FINE, FINE),
        # Enrolment is no bar to a group, nor a condition of it.
        ({"enrolled": True}, {"route": "group", **SIDE}, FINE, FINE),
        ({"enrolled": False}, {"route": "group", **WS}, FINE, FINE),
        ({"enrolled": False}, {"entry": "either"}, FINE, FINE),
    ],
)
def test_entry(s: dict[str, Any], o: dict[str, Any], refuses: set[str], asks: set[str]) -> None:
    check(s, o, refuses, asks)


def test_without_a_list_of_members_membership_is_asked() -> None:
    check({"enrolled": True}, WS, FINE, {"entry"}, RuleSettings())
    check({"enrolled": True}, SIDE, FINE, {"entry"}, RuleSettings())
    check({"enrolled": False}, WS, {"entry"}, FINE, RuleSettings())


def test_a_list_of_members_speaks_of_its_own_region() -> None:
    elsewhere = RuleSettings(werkschool_members={"AM01": ("25AB00",)})
    check({"enrolled": True, "school": "99ZZ00"}, WS, FINE, {"entry"}, elsewhere)
    check({"enrolled": True}, WS, FINE, FINE, elsewhere)  # a member of its own werkschool all the same
    salland = RuleSettings(werkschool_members={"Salland": ("25ab",)}, own_regions={"Salland": ("GM1773",)})
    check({"enrolled": True}, WS, FINE, FINE, salland)
    check({"enrolled": True, "school": "99ZZ00"}, WS, {"entry"}, FINE, salland)
    check({"enrolled": True, "school": "99ZZ00"}, {**WS, "location": RAALTE}, FINE, {"entry"}, salland)
    named = RuleSettings(werkschool_members={"Onze werkschool": ("25AB00",)})
    check({"enrolled": True, "school": "99ZZ00"}, {**WS, "location": None}, {"entry"}, FINE, named)


@pytest.mark.parametrize(
    ("s", "o", "refuses", "asks"),
    [
        ({"route": ("group",)}, {}, {"route"}, FINE),
        ({"route": ("individual",)}, {}, FINE, FINE),
        ({"route": ()}, {}, FINE, {"route"}),
        ({}, {"route": None}, FINE, {"route"}),
        ({"contract_types": ("job",)}, {}, {"contract_type"}, FINE),
        ({"contract_types": ()}, {}, FINE, {"contract_type"}),
        ({}, {"contract_type": None}, FINE, {"contract_type"}),
        ({"branches_excluded": ("infra",)}, {}, {"branch"}, FINE),
        ({"branches_excluded": (), "branches": ()}, {}, FINE, FINE),
    ],
)
def test_route_contract_and_branch(s: dict[str, Any], o: dict[str, Any], refuses: set[str], asks: set[str]) -> None:
    check(s, o, refuses, asks)


@pytest.mark.parametrize(
    ("s", "o", "refuses", "asks"),
    [
        ({"available_from": date(2026, 9, 1)}, {}, FINE, FINE),
        ({"available_from": date(2026, 9, 2)}, {}, {"dates"}, FINE),
        ({"available_from": None, "leaves_on": date(2026, 9, 2)}, {}, {"dates"}, FINE),
        ({"available_from": None, "leaves_on": None}, {}, FINE, {"dates"}),
        ({}, {"closes_on": date(2026, 6, 1)}, FINE, FINE),  # the day of the run
        ({}, {"closes_on": date(2026, 5, 31)}, {"dates"}, FINE),
    ],
)
def test_dates(s: dict[str, Any], o: dict[str, Any], refuses: set[str], asks: set[str]) -> None:
    check(s, o, refuses, asks)


def test_the_grace_moves_the_last_day_of_being_available() -> None:
    grace = RuleSettings(werkschool_members=KNOWN.werkschool_members, date_grace_days=14)
    check({"available_from": date(2026, 9, 15)}, {}, FINE, FINE, grace)
    check({"available_from": date(2026, 9, 16)}, {}, {"dates"}, FINE, grace)


@pytest.mark.parametrize(
    ("ours", "theirs", "refuses", "asks"),
    [
        ((16, 24), (24, 32), FINE, FINE),  # they meet in 24
        ((16, 23.5), (24, 32), {"hours"}, FINE),
        ((33, 36), (24, 32), {"hours"}, FINE),
        ((None, None), (24, 32), FINE, {"hours"}),
        ((16, 24), (None, None), FINE, {"hours"}),
        ((None, 23), (24, 32), {"hours"}, FINE),  # whatever the minimum is
        ((None, 32), (24, 32), FINE, FINE),  # a minimum of at most 32 always meets 24 to 32
        ((None, 36), (24, 32), FINE, {"hours"}),  # the minimum could be above 32
        ((24, None), (24, 32), FINE, FINE),
        ((20, None), (24, 32), FINE, {"hours"}),  # the maximum could be below 24
        ((33, None), (24, 32), {"hours"}, FINE),
        ((16, 24), (None, 15), {"hours"}, FINE),
    ],
)
def test_hours(ours: tuple[Any, Any], theirs: tuple[Any, Any], refuses: set[str], asks: set[str]) -> None:
    check(
        {"hours_min": ours[0], "hours_max": ours[1]}, {"hours_min": theirs[0], "hours_max": theirs[1]}, refuses, asks
    )


FAR: dict[str, Any] = {"max_km": 300.0, "max_minutes": 600.0}


def test_region_own_neighbour_and_own_regions_of_the_policy() -> None:
    check({}, {"location": DEVENTER}, FINE, FINE)  # a neighbour: the founding case
    check(FAR, {"location": GRONINGEN}, {"region"}, FINE)
    alone = RuleSettings(werkschool_members=KNOWN.werkschool_members, neighbours={"AM36": ()})
    check({}, {"location": DEVENTER}, {"region"}, FINE, alone)
    check({"location": DEVENTER}, {}, FINE, FINE, alone)  # Deventer's own neighbours were not replaced
    salland = RuleSettings(
        werkschool_members=KNOWN.werkschool_members,
        neighbours={"AM36": ()},
        own_regions={"Salland": ("GM0177", "GM1773", "GM0150"), "Elders": ("GM0014",)},
    )
    check({}, {"location": DEVENTER}, FINE, FINE, salland)
    check(FAR, {"location": GRONINGEN}, {"region"}, FINE, salland)
    widened = RuleSettings(werkschool_members=KNOWN.werkschool_members, neighbours={"AM36": ("AM01",)})
    check(FAR, {"location": GRONINGEN}, FINE, FINE, widened)


def test_an_unknown_place_asks_for_region_and_reach() -> None:
    check({"location": None}, {}, FINE, {"region", "reach"})
    check({}, {"location": None}, FINE, {"region", "reach"})


def road_km() -> float:
    _, _, e = judge(student(), opening())
    return int(e.near.between(e.near.student[0], e.near.opening[0])) * 1.3 / 1000


def test_reach_by_kilometres_holds_whatever_the_means() -> None:
    km = road_km()
    assert 14 < km < 17  # Raalte - Olst: 12.4 km as the crow flies
    check({"max_km": km + 0.002}, {}, FINE, FINE)
    check({"max_km": km - 0.002}, {}, {"reach"}, FINE)
    check({"max_km": km - 0.002, "travel_means": (), "max_minutes": None}, {}, {"reach"}, FINE)


def test_reach_by_minutes_refuses_only_when_every_means_takes_too_long() -> None:
    from features.travel import minutes  # the oracle for the minutes has tests of its own

    straight = road_km() / 1.3
    bicycle = float(minutes([straight], "bicycle")[0])
    moped = float(minutes([straight], "moped")[0])
    assert moped + 1 < bicycle
    check({"travel_means": ("bicycle",), "max_minutes": bicycle + 0.1}, {}, FINE, FINE)
    check({"travel_means": ("bicycle",), "max_minutes": bicycle - 0.1}, {}, {"reach"}, FINE)
    check({"travel_means": ("bicycle", "moped"), "max_minutes": bicycle - 0.1}, {}, FINE, FINE)
    check({"travel_means": ("bicycle", "moped"), "max_minutes": moped - 0.1}, {}, {"reach"}, FINE)
    # Not alone: only being brought counts, and the moped is of no use.
    s = {"travel_means": ("moped", "brought"), "max_minutes": moped - 0.1, "travels_alone": False}
    brought = float(minutes([straight], "brought")[0])
    check({**s, "max_minutes": brought + 0.1}, {}, FINE, FINE)
    check({**s, "max_minutes": brought - 0.1}, {}, {"reach"}, FINE)


def test_nearby_the_own_bicycle_is_quicker_but_of_no_use_to_who_must_be_brought() -> None:
    from features.travel import minutes

    near = {"location": replace(RAALTE, latitude=RAALTE.latitude + 0.009)}  # 1 km
    bicycle, brought = (float(minutes([1.0], means)[0]) for means in ("bicycle", "brought"))
    assert bicycle + 0.4 < brought
    s = {"travel_means": ("bicycle", "brought"), "max_minutes": (bicycle + brought) / 2}
    check({**s, "travels_alone": True}, near, FINE, FINE)
    check({**s, "travels_alone": False}, near, {"reach"}, FINE)
    check({**s, "travels_alone": None}, near, FINE, {"reach"})


@pytest.mark.parametrize(
    ("s", "refuses", "asks"),
    [
        ({"travel_means": ()}, FINE, {"reach"}),  # unknown means: the minutes are asked
        ({"travel_means": (), "max_minutes": None}, FINE, FINE),  # and nothing else
        ({"max_minutes": None}, FINE, FINE),
        ({"max_km": None}, FINE, FINE),
        ({"max_km": None, "max_minutes": None}, FINE, {"reach"}),
        ({"travels_alone": False}, {"reach"}, FINE),
        ({"travels_alone": False, "travel_means": ("bicycle", "brought")}, FINE, FINE),
        ({"travels_alone": False, "travel_means": ()}, FINE, {"reach"}),
        ({"travels_alone": None}, FINE, {"reach"}),
        ({"travels_alone": None, "travel_means": ("brought",)}, FINE, FINE),
        ({"travels_alone": None, "travel_means": ("bicycle", "brought")}, FINE, FINE),  # brought is in time either way
    ],
)
def test_reach_when_something_is_not_known(s: dict[str, Any], refuses: set[str], asks: set[str]) -> None:
    check(s, {}, refuses, asks)


def test_first_transport_only_asks_and_only_where_nothing_else_can_be_used() -> None:
    early = {"starts_at": 6 * 60 + 29}
    only = {"travel_means": ("public_transport",)}
    check(only, early, FINE, {"first_transport"})
    check(only, {"starts_at": 6 * 60 + 30}, FINE, FINE)
    check({}, early, FINE, FINE)
    check(only, {"starts_at": None, "conditions": ("early_start",)}, FINE, {"first_transport"})
    later = RuleSettings(werkschool_members=KNOWN.werkschool_members, first_transport=time(7, 0))
    check(only, {"starts_at": 6 * 60 + 45}, FINE, {"first_transport"}, later)


@pytest.mark.parametrize(
    ("s", "o", "refuses", "asks"),
    [
        ({"certificates": ()}, {}, {"certificate"}, FINE),
        ({"certificates": None}, {}, FINE, {"certificate"}),
        ({"certificates": None}, {"certificates_required": ()}, FINE, FINE),
        ({"certificates": ()}, {"certificates_obtainable": ("vca",)}, FINE, FINE),
        ({"level": "entree"}, {"level_min": "entree"}, FINE, FINE),
        ({"level": "school_diploma"}, {"level_min": "entree"}, {"level"}, FINE),
        ({"level": None}, {"level_min": "entree"}, FINE, {"level"}),
        ({"level": None}, {"level_min": "none"}, FINE, FINE),
        ({"level": None}, {"level_min": None}, FINE, FINE),
    ],
)
def test_certificate_and_level(s: dict[str, Any], o: dict[str, Any], refuses: set[str], asks: set[str]) -> None:
    check(s, o, refuses, asks)


YOUNG = {"birth_date": date(2008, 9, 2)}  # 17 on the start date, 18 the day after
FIFTEEN = {"birth_date": date(2010, 9, 2)}


@pytest.mark.parametrize(
    ("s", "o", "refuses", "asks"),
    [
        (YOUNG, {}, FINE, FINE),
        (YOUNG, {"conditions": ("heights",)}, {"under_18"}, FINE),
        ({"birth_date": date(2008, 9, 1)}, {"conditions": ("heights",)}, FINE, FINE),  # 18 on the day itself
        (YOUNG, {"conditions": ("evening_weekend",)}, {"under_18"}, FINE),
        (YOUNG, {"conditions": ("shift_work",)}, {"under_18"}, FINE),
        # Dangerous work is refused unless somebody is there to supervise it, and then it is a point to check.
        (YOUNG, {"conditions": ("machines",), "support_offered": (("fixed_instructor", "yes"),)}, FINE, {"under_18"}),
        (
            {**YOUNG, "support_needed": ()},
            {"conditions": ("machines",), "support_offered": (("fixed_instructor", "no"),)}, {"under_18"}, FINE,
        ),
        ({**YOUNG, "support_needed": ()}, {"conditions": ("machines",), "support_offered": None}, {"under_18"}, FINE),
        # From 22:00 on the day must start at 7, and nothing runs past 23:00 or into the night.
        (YOUNG, {"starts_at": 360, "ends_at": 1320}, FINE, FINE),
        (YOUNG, {"starts_at": 359, "ends_at": 900}, {"under_18"}, FINE),
        (YOUNG, {"starts_at": 400, "ends_at": 1321}, {"under_18"}, FINE),
        (YOUNG, {"starts_at": 420, "ends_at": 1380}, FINE, FINE),
        (YOUNG, {"starts_at": 420, "ends_at": 1381}, {"under_18"}, FINE),
        (YOUNG, {"starts_at": 1320, "ends_at": 360}, {"under_18"}, FINE),
        (YOUNG, {"starts_at": 300, "ends_at": None}, {"under_18"}, FINE),
        (YOUNG, {"starts_at": None, "ends_at": 1400}, {"under_18"}, FINE),
        (YOUNG, {"starts_at": None, "ends_at": None}, FINE, FINE),  # the conditions name no evening work
        ({**YOUNG, "conditions_unacceptable": ()}, {"conditions": None}, FINE, {"under_18"}),
        # Under 16 the window is 7 to 19.
        (FIFTEEN, {"age_min": 15, "starts_at": 420, "ends_at": 1140}, FINE, FINE),
        (FIFTEEN, {"age_min": 15, "starts_at": 420, "ends_at": 1141}, {"under_18"}, FINE),
    ],
)
def test_work_under_18(s: dict[str, Any], o: dict[str, Any], refuses: set[str], asks: set[str]) -> None:
    check({"enrolled": True, **s}, o, refuses, asks)


@pytest.mark.parametrize(
    ("s", "o", "asks"),
    [
        ({"level": "none"}, {}, {"under_18_schooling"}),
        ({"level": None}, {}, {"under_18_schooling"}),
        ({"level": "entree"}, {}, {"under_18_schooling"}),
        ({"level": "school_diploma"}, {}, FINE),  # with a vso- or pro-diploma the duty to qualify ends
        ({"level": "mbo2"}, {}, FINE),
        ({"level": "none", "enrolled": True}, {}, FINE),
        ({"level": "none"}, {"crebo": "25603"}, FINE),
        ({"level": "none"}, {"contract_type": "internship"}, FINE),
        ({"level": "none", "birth_date": date(2008, 9, 1)}, {}, FINE),
    ],
)
def test_a_job_under_18_without_schooling_is_a_point_to_check(
    s: dict[str, Any], o: dict[str, Any], asks: set[str]
) -> None:
    check({**YOUNG, **s}, {"contract_type": "job", **o}, FINE, asks)


@pytest.mark.parametrize(
    ("needed", "offered", "refuses", "asks"),
    [
        ((SupportNeed("quiet_spot", None, True),), (("quiet_spot", "no"),), {"support"}, FINE),
        ((SupportNeed("quiet_spot", None, False),), (("quiet_spot", "no"),), FINE, FINE),
        ((SupportNeed("quiet_spot", None, True),), (("quiet_spot", "limited"),), FINE, {"support"}),
        ((SupportNeed("quiet_spot", None, True),), (("step_cards", "yes"),), FINE, {"support"}),
        ((SupportNeed("quiet_spot", None, True),), None, FINE, {"support"}),
        ((SupportNeed("quiet_spot", None, True),), (("quiet_spot", "yes"),), FINE, FINE),
        ((), None, FINE, FINE),
        (None, (("quiet_spot", "yes"),), FINE, {"support"}),
    ],
)
def test_support(needed: Any, offered: Any, refuses: set[str], asks: set[str]) -> None:
    check({"support_needed": needed}, {"support_offered": offered}, refuses, asks)


@pytest.mark.parametrize(
    ("unacceptable", "present", "refuses", "asks"),
    [
        (("lifting",), ("outdoors", "lifting"), {"condition"}, FINE),
        (("smells",), ("outdoors", "lifting"), FINE, FINE),
        (None, ("outdoors",), FINE, {"condition"}),
        (None, (), FINE, FINE),
        (("smells",), None, FINE, {"condition"}),
        ((), None, FINE, FINE),
        (None, None, FINE, {"condition"}),
    ],
)
def test_condition(unacceptable: Any, present: Any, refuses: set[str], asks: set[str]) -> None:
    check({"conditions_unacceptable": unacceptable}, {"conditions": present}, refuses, asks)


@pytest.fixture(scope="module")
def tasks() -> tuple[str, str, str]:
    from features.codes import code_list

    first, second, third = code_list("task").codes[:3]
    return first, second, third


def test_task(tasks: tuple[str, str, str]) -> None:
    a, b, c = tasks
    must, may = Demand(a, True), Demand(a, False)
    check({"tasks_disliked": (a,)}, {"tasks": (must,)}, {"task"}, FINE)
    check({"tasks_disliked": (a,)}, {"tasks": (may,)}, FINE, FINE)
    check({"tasks_disliked": (b,)}, {"tasks": (must, Demand(c))}, FINE, FINE)
    check({"tasks_disliked": ()}, {"tasks": (must,)}, FINE, {"task"})
    check({"tasks_disliked": (), "tasks_wanted": (a,)}, {"tasks": (must,)}, FINE, FINE)
    check({"tasks_disliked": (), "tasks_wanted": (b,)}, {"tasks": (must,)}, FINE, {"task"})
    # A text nobody can read as a task: the same words on both sides are the same task, others are asked.
    check({"tasks_disliked": ("Xqvz wvrk!",)}, {"tasks": (Demand("xqvz  wvrk", True),)}, {"task"}, FINE)
    check({"tasks_disliked": (b,)}, {"tasks": (Demand("xqvz wvrk", True),)}, FINE, {"task"})
    check({"tasks_disliked": ("xqvz wvrk",)}, {"tasks": (must,)}, FINE, {"task"})


@pytest.mark.parametrize(
    ("demands", "refuses", "asks"),
    [
        ((Demand("pace", True, 2),), FINE, FINE),
        ((Demand("pace", True, 3),), {"skill"}, FINE),
        ((Demand("pace", False, 3),), FINE, FINE),
        ((Demand("rules", True, 1),), FINE, {"skill"}),
        ((Demand("rules", True, 0),), FINE, FINE),  # everybody reaches the lowest level
        ((Demand("pace", True, None),), FINE, {"skill"}),
        ((Demand("safety", True, 2), Demand("rules", True, 1)), {"skill"}, FINE),
    ],
)
def test_skill(demands: tuple[Demand, ...], refuses: set[str], asks: set[str]) -> None:
    check({}, {"work_skills": demands}, refuses, asks)


@pytest.mark.parametrize(
    ("o", "refuses", "asks"),
    [
        ({"criteria_not_met": ("custom_work",), "criteria_met": ()}, {"participation"}, FINE),
        # Custom work is no criterion of a starter, rooms are none of a follower.
        ({"participation_option": 3, "criteria_not_met": ("rooms",)}, FINE, FINE),
        ({"participation_option": 1, "criteria_not_met": ("custom_work",)}, FINE, {"participation"}),
        ({"participation_option": 2, "criteria_not_met": ("rooms",)}, {"participation"}, FINE),
        ({"criteria_met": ("concept",)}, FINE, {"participation"}),
        ({"participation_option": None}, FINE, {"participation"}),
        ({"participation_option": None, "criteria_not_met": ("concept",)}, {"participation"}, FINE),
    ],
)
def test_participation(o: dict[str, Any], refuses: set[str], asks: set[str]) -> None:
    check({}, o, refuses, asks)


@pytest.mark.parametrize(
    ("confirmed", "refuses", "asks"),
    [
        (date(2026, 4, 3), FINE, FINE),  # 59 days before the run
        (date(2026, 4, 2), FINE, {"freshness"}),
        (date(2026, 2, 1), FINE, {"freshness"}),  # 120 days
        (date(2026, 1, 31), {"freshness"}, FINE),
        (None, FINE, {"freshness"}),
        (date(2026, 7, 1), FINE, FINE),
    ],
)
def test_freshness_of_either_side(confirmed: date | None, refuses: set[str], asks: set[str]) -> None:
    check({"confirmed_on": confirmed}, {}, refuses, asks)
    check({}, {"confirmed_on": confirmed}, refuses, asks)


def test_points_that_never_refuse() -> None:
    check({"consent_on": None}, {}, FINE, {"consent"})
    check({}, {"certainty": "planned"}, FINE, {"planned"})
    check({"support_half_days": None}, {}, FINE, {"load"})
    check({"support_half_days": None}, {"supervision_half_days": None}, FINE, {"load"})


def test_a_fixed_pair_is_eligible_whatever_it_breaks_except_who_cannot_be_placed_at_all() -> None:
    broken = student(branches_excluded=("infra",), level="none", certificates=())
    refused, _, e = judge(broken, opening(), fixed=True)
    assert refused == {"branch", "certificate"}
    assert e.indices.tolist() == [0]
    assert {r for k, r in enumerate(RULES) if int(e.broken[0]) >> k & 1} == refused
    assert not e.blocked_students.any() and not e.blocked_openings.any()  # overridden rules block nothing
    for change in ({"work_capacity": "no"}, {"work_capacity": "unknown"}, {"destination": "work"},
                   {"background": {"leaving_profile": "day_activities"}}):  # fmt: skip
        _, _, e = judge(student(**change), opening(), fixed=True)
        assert len(e.indices) == 0


def test_every_refusing_rule_counts() -> None:
    s = student(branches_excluded=("infra",), certificates=(), work_capacity="unknown")
    refused, _, e = judge(s, opening(closes_on=date(2026, 1, 1)))
    assert refused == {"branch", "certificate", "work_capacity_unknown", "dates"}
    counted = {rule for k, rule in enumerate(RULES) if e.blocked_students[0, k] == 1}
    assert counted == refused
    assert (e.blocked_students == e.blocked_openings).all()


def test_nobody_or_nothing_gives_no_pairs() -> None:
    from features.eligibility import evaluate
    from tests.features.known_pair import ON

    for students, openings in (([], [opening()]), ([student()], []), ([], [])):
        e = evaluate(students, openings, KNOWN, on=ON)
        assert e.indptr.tolist() == [0] * (len(students) + 1)
        assert len(e.indices) == len(e.points) == len(e.broken) == 0
        assert e.blocked_students.shape == (len(students), len(RULES))
        assert e.blocked_openings.shape == (len(openings), len(RULES))


def test_a_code_outside_its_list_is_named() -> None:
    with pytest.raises(FeatureError, match="'gardening' is no branch code; expected one of infra"):
        judge(student(branches_excluded=("gardening",)), opening())
