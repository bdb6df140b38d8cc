"""What each feature says, by hand, and the directions in which it may never move."""
from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.codes import code_list
from features.eligibility import evaluate
from features.pairwise import PairFeatures, pair_features
from features.pairwise_numbers import half_even
from features.pairwise_tasks import are_alike
from features.records import Demand, Location, Opening, Student, SupportNeed
from features.settings import FEATURES
from tests.features.drawn_pairs import openings, students
from tests.features.known_pair import KNOWN, OLST, ON, opening, student

TASK = code_list("task").codes


def features_of(s: Student, o: Opening) -> PairFeatures:
    e = evaluate([s], [o], KNOWN, on=ON)
    return pair_features(e, np.array([0]), np.array([0]))


def worth(name: str, s: dict[str, Any], o: dict[str, Any]) -> float | None:
    """Return a feature of the known pair with changes, None where it is not known."""
    found = features_of(student(**s), opening(**o))
    k = FEATURES.index(name)
    if not found.known[0, k]:
        return None
    return float(found.value[0, k]) / 1_000_000


def test_branch_falls_with_rank() -> None:
    ranked = ("infra", "green", "metal", "retail", "hospitality", "cleaning")
    found = [worth("branch", {"branches": ranked, "branches_excluded": ()}, {"branch": b}) for b in ranked]
    assert found == [1.0, 0.85, 0.7, 0.55, 0.4, 0.4]
    assert worth("branch", {"branches": ("green",)}, {}) == 0.2
    assert worth("branch", {"branches": ()}, {}) is None
    assert worth("branch", {"branches_excluded": ("infra",), "branches": ()}, {}) == 0.0


def test_tasks_by_hand() -> None:
    a, b, c, d = TASK[:4]
    o = {"tasks": (Demand(a), Demand(b), Demand(c), Demand(d))}
    said = {"tasks_wanted": (a, b), "tasks_mastered": (b,), "experience": (c,)}
    assert worth("tasks", said, o) == pytest.approx((0.9 + 1.0 + 0.7 + 0.3) / 4)
    assert worth("tasks", {**said, "tasks_disliked": (a,)}, o) == pytest.approx((0 + 1.0 + 0.7 + 0.3) / 4)
    must = {"tasks": (Demand(a, True), Demand(d))}
    assert worth("tasks", {"tasks_wanted": (a,)}, must) == pytest.approx((2 * 0.9 + 0.3) / 3)
    # Who contradicts themselves: the dislike counts, and only once.
    torn = {"tasks_wanted": (a,), "tasks_disliked": (a,), "tasks_mastered": (a,)}
    assert worth("tasks", torn, {"tasks": (Demand(a), Demand(b))}) == pytest.approx((0 + 0.3) / 2)
    assert worth("tasks", {}, o) is None
    assert worth("tasks", said, {"tasks": ()}) is None
    # Only able named: what is not named is not known, at a half.
    found = features_of(student(tasks_mastered=(a,)), opening(tasks=(Demand(a), Demand(d))))
    assert [int(x[0, 1]) for x in (found.value, found.low, found.high)] == [600_000, 350_000, 850_000]


def test_texts_that_no_list_knows_meet_by_their_letters() -> None:
    assert are_alike("zzkq bbvw ttrp", "Bbvw, zzkq ttrp")
    assert are_alike("zzkq bbvw ttrp", "zzkq bbvw ttrq")
    assert not are_alike("zzkq bbvw ttrp", "qqjx mmnv wwzz")
    assert not are_alike("", "")
    text = {"tasks": (Demand("zzkq bbvw ttrp"),)}
    assert worth("tasks", {"tasks_wanted": ("zzkq bbvw ttrq",)}, text) == 0.9
    assert worth("tasks", {"tasks_wanted": ("qqjx mmnv wwzz",)}, text) is None


def test_support_by_hand() -> None:
    needs = (
        SupportNeed("fixed_instructor", "structural", True),  # 8
        SupportNeed("step_cards", "startup"),  # 2
        SupportNeed("quiet_spot"),  # 3
    )
    offered = (("fixed_instructor", "yes"), ("step_cards", "limited"), ("quiet_spot", "no"))
    assert worth("support", {"support_needed": needs}, {"support_offered": offered}) == pytest.approx(
        (8 * 1 + 2 * 0.7 + 3 * 0) / 13, abs=1e-6
    )
    assert worth("support", {"support_needed": ()}, {"support_offered": None}) == 1.0
    assert worth("support", {"support_needed": None}, {}) is None
    assert worth("support", {"support_needed": needs}, {"support_offered": None}) is None
    limited = {"support_offered": (("own_pace", "limited"),)}
    lasting = {"support_needed": (SupportNeed("own_pace", "structural"),)}
    starting = {"support_needed": (SupportNeed("own_pace", "startup"),)}
    assert (worth("support", lasting, limited), worth("support", starting, limited)) == (0.4, 0.7)


def test_work_skills_by_hand() -> None:
    demands = (Demand("pace", True, 3), Demand("safety", False, 1), Demand("rules", False, 2))
    found = features_of(student(), opening(work_skills=demands))
    k = FEATURES.index("work_skills")
    # pace 2 of 3: 0.5, twice; safety met: 1; rules not known: a half.
    assert found.value[0, k] == 625_000
    assert (found.low[0, k], found.high[0, k]) == (500_000, 750_000)
    assert worth("work_skills", {}, {"work_skills": ()}) is None
    assert worth("work_skills", {"work_skills": ()}, {}) is None


def test_hours_are_the_overlap_over_the_narrower_range_ends_counted_in() -> None:
    def share(ours: tuple[float | None, float | None], theirs: tuple[float, float]) -> float | None:
        return worth(
            "hours", {"hours_min": ours[0], "hours_max": ours[1]}, {"hours_min": theirs[0], "hours_max": theirs[1]}
        )

    assert share((16, 24), (20, 40)) == pytest.approx(5 / 9, abs=1e-6)
    assert share((24, 24), (16, 32)) == 1.0
    assert share((16, 24), (24, 40)) == pytest.approx(1 / 9, abs=1e-6)
    assert share((None, None), (24, 40)) is None
    assert share((None, 24), (16, 24)) == 1.0


def test_conditions_and_route() -> None:
    assert worth("conditions", {"conditions_wanted": ("outdoors", "sitting")}, {}) == 0.5
    assert worth("conditions", {"conditions_wanted": ()}, {}) is None
    assert worth("conditions", {}, {"conditions": None}) is None
    assert worth("conditions", {}, {"conditions": ()}) == 0.0
    assert worth("route", {"route": ("individual",)}, {}) == 1.0
    assert worth("route", {"route": ()}, {}) is None


def test_development_by_hand() -> None:
    base = {"certificates_required": ()}
    two = {**base, "certificates_obtainable": ("vca", "forklift", "haccp")}
    assert worth("development", {"certificates": ("vca",)}, two) == 0.65  # two new 0.8, diploma not said
    assert worth("development", {"certificates": ("vca",)}, {**two, "contract_type": "apprenticeship"}) == 0.9
    assert worth("development", {"level": "mbo2"}, {**base, "crebo": "25603"}) == pytest.approx((0.5 + 0.4) / 2)
    assert worth("development", {}, base) is None


def test_contract_by_hand() -> None:
    full = {"contract_type": "job", "job_guarantee": True, "duration_months": 12.0, "trial_months": 3.0}
    assert worth("contract", {}, full) == pytest.approx((5 * 1 + 3 * 1 + 0.5 + 0.75) / 10)
    assert worth("contract", {}, {"contract_type": "internship"}) == pytest.approx((5 * 0.3 + 5 * 0.5) / 10)
    assert worth("contract", {}, {"contract_type": None}) is None


def moved(km_north: float) -> Location:
    return replace(OLST, latitude=OLST.latitude + km_north / 111.2)


def test_travel_is_one_next_door_and_nothing_at_the_limit() -> None:
    here = {"location": OLST, "max_minutes": None, "max_km": 13.0}
    assert worth("travel", here, {"location": OLST}) == 1.0
    half = worth("travel", here, {"location": moved(5.0)})  # 6.5 of 13 road km
    assert half == pytest.approx(0.75, abs=0.01)
    assert worth("travel", here, {"location": moved(9.99)}) == pytest.approx(0.0, abs=0.01)
    assert worth("travel", here, {"location": moved(12.0)}) == 0.0
    assert worth("travel", {**here, "location": None}, {}) is None
    unsaid = {"location": OLST, "max_minutes": None, "max_km": None}
    assert worth("travel", unsaid, {"location": moved(1.0)}) == pytest.approx(1 - (1.3 / 25) ** 2, abs=0.01)


def test_travel_counts_the_limit_that_is_used_up_most() -> None:
    from features.travel import minutes

    taken = float(minutes([5.0], "bicycle")[0])
    near = {"location": moved(5.0)}
    s = {"location": OLST, "travel_means": ("bicycle", "foot"), "max_km": 13.0, "max_minutes": taken * 1.01}
    tight = worth("travel", s, near)
    assert tight is not None and tight < 0.05
    assert worth("travel", {**s, "max_minutes": 600.0}, near) == pytest.approx(0.75, abs=0.01)
    assert worth("travel", {**s, "travel_means": ()}, near) == pytest.approx(0.75, abs=0.01)
    # Not alone: the bicycle is of no use, being brought decides.
    brought = float(minutes([5.0], "brought")[0])
    by_car = {**s, "travel_means": ("bicycle", "brought"), "travels_alone": False, "max_km": 300.0}
    assert worth("travel", by_car, near) == pytest.approx(1 - (brought / (taken * 1.01)) ** 2, abs=0.01)


@settings(max_examples=30)
@given(students(), openings(), st.lists(st.floats(0, 60), min_size=2, max_size=6))
def test_closer_never_lowers_travel(s: Student, o: Opening, ways: list[float]) -> None:
    s = replace(s, location=OLST)
    nearer = [replace(o, location=moved(km)) for km in sorted(ways)]
    e = evaluate([s], nearer, KNOWN, on=ON)
    found = pair_features(e, np.zeros(len(nearer), dtype=int), np.arange(len(nearer)))
    k = FEATURES.index("travel")
    for side in (found.value, found.low, found.high):
        assert (np.diff(side[:, k]) <= 0).all()


ORDER = ("no", "limited", "yes")


@settings(max_examples=40)
@given(students(), openings(), st.sampled_from(code_list("support").codes[:4]))
def test_more_support_offered_never_lowers_support(s: Student, o: Opening, code: str) -> None:
    rest = tuple((c, how) for c, how in o.support_offered or () if c != code)
    ladder = [replace(o, support_offered=(*rest, (code, how))) for how in ORDER]
    e = evaluate([s], ladder, KNOWN, on=ON)
    found = pair_features(e, np.zeros(3, dtype=int), np.arange(3)).value[:, FEATURES.index("support")]
    assert (np.diff(found) >= 0).all()


@settings(max_examples=40)
@given(students(), openings(), st.sampled_from(code_list("work_skill").codes[:4]))
def test_a_higher_skill_never_lowers_work_skills(s: Student, o: Opening, code: str) -> None:
    rest = tuple((c, level) for c, level in s.work_skills if c != code)
    ladder = [replace(s, work_skills=(*rest, (code, level))) for level in range(4)]
    e = evaluate(ladder, [o], KNOWN, on=ON)
    found = pair_features(e, np.arange(4), np.zeros(4, dtype=int)).value[:, FEATURES.index("work_skills")]
    assert (np.diff(found) >= 0).all()


@settings(max_examples=40)
@given(students(), openings(), st.sampled_from(TASK[:4]))
def test_disliking_a_task_never_raises_and_mastering_one_never_lowers_tasks(
    s: Student, o: Opening, task: str
) -> None:
    s = replace(s, tasks_wanted=(TASK[0],), tasks_disliked=())
    rows = [s, replace(s, tasks_disliked=(task,)), replace(s, tasks_mastered=(*s.tasks_mastered, task))]
    e = evaluate(rows, [o], KNOWN, on=ON)
    plain, disliked, mastered = pair_features(e, np.arange(3), np.zeros(3, dtype=int)).value[:, 1].tolist()
    assert disliked <= plain <= mastered


@settings(max_examples=30)
@given(students(), openings(), st.sampled_from(code_list("branch").codes[:4]))
def test_a_higher_rank_never_lowers_branch(s: Student, o: Opening, branch: str) -> None:
    others = tuple(c for c in code_list("branch").codes[4:9])
    ladder = [replace(s, branches=(*others[:k], branch, *others[k:]), branches_excluded=()) for k in range(5, -1, -1)]
    e = evaluate(ladder, [replace(o, branch=branch)], KNOWN, on=ON)
    found = pair_features(e, np.arange(len(ladder)), np.zeros(len(ladder), dtype=int)).value[:, 0]
    assert (np.diff(found) >= 0).all()
    assert found[-1] == 1_000_000


@given(st.lists(st.integers(-(10**12), 10**12), min_size=1, max_size=5), st.integers(1, 10**6))
def test_half_even_rounds_like_python(dividends: list[int], divisor: int) -> None:
    from fractions import Fraction

    assert half_even(dividends, divisor).tolist() == [round(Fraction(d, divisor)) for d in dividends]


def test_features_speak_of_any_pair_in_any_order() -> None:
    two = [student(), student(birth_date=date(2006, 1, 1), branches=("metal",), student_ref="2")]
    e = evaluate(two, [opening(), opening(vacancy_ref="v2", branch="metal")], KNOWN, on=ON)
    i, j = np.array([1, 0, 1, 0]), np.array([1, 1, 0, 0])
    assert pair_features(e, i, j).value[:, 0].tolist() == [1_000_000, 200_000, 200_000, 1_000_000]
    assert pair_features(e, i[:0], j[:0]).value.shape == (0, 10)
