"""Each measure of a policy, set in a file, changes the one value it is about to what is worked out by hand."""
from __future__ import annotations

import dataclasses
import re
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from marshmallow import ValidationError

from api.explain.reasons import statements
from api.policy import parse_policy
from api.schemas.policy import defects, load_policy
from features.eligibility import evaluate
from features.errors import FeatureError
from features.measures import Measures, bounds, is_worth
from features.pairwise import pair_features
from features.pairwise_facts import pair_facts
from features.records import Demand, Opening, Student, SupportNeed
from features.scorer import contributions
from features.settings import FEATURES, NEUTRAL, RuleSettings, Weights
from tests.features.drawn_pairs import COHORTS, ON
from tests.features.known_pair import opening, student

CASES: list[tuple[str, str, str, dict[str, Any], dict[str, Any], float]] = [
    # measure, its text in the file, feature, the student, the opening, the value by hand
    ("branch_step", "0.1", "branch", {"branches": ("infra", "green")}, {"branch": "green"}, 0.9),
    ("branch_least", "0.6", "branch", {"branches": ("wood_furniture", "metal", "cleaning", "retail", "green")},
     {"branch": "green"}, 0.6),
    ("branch_unlisted", "0.5", "branch", {"branches": ("metal",)}, {"branch": "green"}, 0.5),
    ("task_wanted_able", "0.95", "tasks", {"tasks_wanted": ("mow",), "tasks_mastered": ("mow",)}, {}, 0.95),
    ("task_wanted", "0.8", "tasks", {"tasks_wanted": ("mow",), "tasks_mastered": ()}, {}, 0.8),
    ("task_able", "0.6", "tasks", {"tasks_wanted": (), "tasks_mastered": ("mow",)}, {}, 0.6),
    ("task_disliked", "0.1", "tasks", {"tasks_wanted": (), "tasks_mastered": (), "tasks_disliked": ("mow",)}, {}, 0.1),
    ("task_unnamed", "0.1", "tasks", {"tasks_wanted": ("other",), "tasks_mastered": ()}, {}, 0.1),
    ("skill_one_short", "0.7", "work_skills", {"work_skills": (("pace", 2),)}, {"demand": 3}, 0.7),
    ("skill_two_short", "0.3", "work_skills", {"work_skills": (("pace", 1),)}, {"demand": 3}, 0.3),
    ("skill_three_short", "0.2", "work_skills", {"work_skills": (("pace", 0),)}, {"demand": 3}, 0.2),
    # a structural item not offered (weight 4) beside the item at hand, which is offered
    ("weigh_startup", "12", "support", {"need": ("startup", False)}, {"offer": "yes"}, 12 / 16),
    ("weigh_unsaid", "1", "support", {"need": (None, False)}, {"offer": "yes"}, 1 / 5),
    ("weigh_structural", "6", "support", {"need": ("startup", False)}, {"offer": "yes"}, 2 / 8),
    ("weigh_essential", "10", "support", {"need": ("startup", True)}, {"offer": "yes"}, 20 / 24),
    ("limited_startup", "0.5", "support", {"need": ("startup", False)}, {"offer": "limited"}, 2 * 0.5 / 6),
    ("limited_unsaid", "0.9", "support", {"need": (None, False)}, {"offer": "limited"}, 3 * 0.9 / 7),
    ("limited_structural", "1", "support", {"need": ("structural", False)}, {"offer": "limited"}, 4 * 1 / 8),
    ("certificates_one", "0.8", "development", {"certificates": ()}, {"certificates_obtainable": ("vca",)},
     (0.8 + 0.5) / 2),
    ("certificates_two", "0.9", "development", {"certificates": ()}, {"certificates_obtainable": ("vca", "haccp")},
     (0.9 + 0.5) / 2),
    ("certificates_three", "0.9", "development", {"certificates": ()},
     {"certificates_obtainable": ("vca", "haccp", "sva1")}, (0.9 + 0.5) / 2),
    ("diploma_recognised", "0.7", "development", {}, {"contract_type": "apprenticeship"}, (0.5 + 0.7) / 2),
    ("diploma_crebo", "0.6", "development", {}, {"crebo": "25603", "leerbedrijf_id": ""}, (0.5 + 0.6) / 2),
    *((f"outlook_{kind}", "0.55", "contract", {}, {"contract_type": kind}, (5 * 0.55 + 3 * 0.5 + 0.5 + 0.5) / 10)
      for kind in ("job", "apprenticeship", "supported_job", "secondment", "sheltered_place", "work_experience",
                   "internship")),
    ("no_guarantee", "0.4", "contract", {}, {"contract_type": "job", "job_guarantee": False},
     (5 * 1 + 3 * 0.4 + 0.5 + 0.5) / 10),
    ("weigh_contract", "1", "contract", {}, {"contract_type": "job"}, (1 * 1 + 3 * 0.5 + 1) / 6),
    ("weigh_guarantee", "9", "contract", {}, {"contract_type": "job", "job_guarantee": True}, (5 + 9 + 1) / 16),
    ("weigh_duration", "4", "contract", {}, {"contract_type": "job", "duration_months": 24.0},
     (5 + 1.5 + 4 + 0.5) / 13),
    ("weigh_trial", "4", "contract", {}, {"contract_type": "job", "trial_months": 12.0}, (5 + 1.5 + 0.5 + 0) / 13),
]  # fmt: skip
MOW, OTHER = "mow_grass", "paving"


def pair(ours: dict[str, Any], theirs: dict[str, Any]) -> tuple[Student, Opening]:
    tasks = {"mow": MOW, "other": OTHER}
    given = {
        key: tuple(tasks[code] for code in value) if key.startswith("tasks") else value for key, value in ours.items()
    }
    bare: dict[str, Any] = {
        "certificates_obtainable": (), "contract_type": None, "crebo": "", "job_guarantee": None, "trial_months": None,
        "duration_months": None, "tasks": (Demand(MOW),),
    }  # fmt: skip
    if "need" in given:
        when, essential = given.pop("need")
        given["support_needed"] = (SupportNeed("quiet_spot", when, essential), SupportNeed("step_cards", "structural"))
    other = dict(theirs)
    if "offer" in other:
        other["support_offered"] = (("quiet_spot", other.pop("offer")), ("step_cards", "no"))
    if "demand" in other:
        other["work_skills"] = (Demand("pace", False, other.pop("demand")),)
    return student(**({"experience": ()} | given)), opening(**(bare | other))


def value_of(feature: str, s: Student, o: Opening, rules: RuleSettings) -> float:
    e = evaluate([s], [o], rules, on=ON)
    zero = np.zeros(1, dtype=np.int64)
    return float(pair_features(e, zero, zero).value[0, FEATURES.index(feature)]) / 1_000_000


@pytest.mark.parametrize(("name", "text", "feature", "ours", "theirs", "by_hand"), CASES, ids=[c[0] for c in CASES])
def test_a_measure_in_a_policy_is_what_counts(  # noqa: PLR0917
    name: str, text: str, feature: str, ours: dict[str, Any], theirs: dict[str, Any], by_hand: float
) -> None:
    rules = load_policy(parse_policy(f"[measures]\n{name} = {text}")).rules
    s, o = pair(ours, theirs)
    assert value_of(feature, s, o, rules) == pytest.approx(by_hand, abs=1e-6)
    assert value_of(feature, s, o, RuleSettings()) != pytest.approx(by_hand, abs=1e-6)


def test_every_measure_has_a_case_here_or_is_the_presumed_way() -> None:
    assert {case[0] for case in CASES} | {"presumed_km"} == {part.name for part in dataclasses.fields(Measures)}


def test_comfort_is_measured_to_the_presumed_kilometres() -> None:
    s, o = student(max_km=None, max_minutes=None), opening()
    e = evaluate([s], [o], RuleSettings(), on=ON)
    road = int(e.near.between(e.near.student[0], e.near.opening[0])) * 1.3 / 1000
    for km in (25, 50):
        rules = load_policy(parse_policy(f"[measures]\npresumed_km = {km}")).rules
        assert value_of("travel", s, o, rules) == pytest.approx(1 - (road / km) ** 2, abs=1e-6)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("task_able = 0.4", "0.5 to 1"), ("branch_unlisted = 0.6", "0 to 0.5"), ("limited_startup = 1.2", "0 to 1"),
        ("weigh_startup = 0", "1 to 1000"), ("weigh_contract = 1.5", "whole number"), ("presumed_km = 0", "1 to 1000"),
        ("weigh_startupp = 1", "weigh_startup"), ('diploma_crebo = "veel"', "0.5 to 1"),
    ],
)  # fmt: skip
def test_a_wrong_measure_is_named_with_what_was_expected(line: str, words: str) -> None:
    with pytest.raises(ValidationError) as caught:
        load_policy(parse_policy(f"[measures]\n{line}"))
    [(name, said)] = defects(caught.value)
    assert name == f"measures.{line.partition(' =')[0]}"
    assert words in said


def test_weights_of_the_outlook_that_are_all_0_are_refused() -> None:
    names = ("weigh_contract", "weigh_guarantee", "weigh_duration", "weigh_trial")
    text = "[measures]\n" + "".join(f"{name} = 0\n" for name in names)
    with pytest.raises(ValidationError) as caught:
        load_policy(parse_policy(text))
    assert [name for name, _ in defects(caught.value)] == ["measures.weigh_contract"]
    with pytest.raises(FeatureError):
        Measures(**dict.fromkeys(names, 0))


@pytest.mark.parametrize("name", [part.name for part in dataclasses.fields(Measures)])
def test_a_measure_outside_its_bounds_is_no_measure(name: str) -> None:
    low, high = bounds(name)
    for value in (low - 1, high + 1, 0.5, True):
        with pytest.raises(FeatureError, match=name):
            Measures(**{name: value})  # type: ignore[arg-type]
    assert low <= getattr(Measures(), name) <= high
    assert is_worth(name) == (high > 1000)


DRAWN = {part.name: st.integers(*bounds(part.name)) for part in dataclasses.fields(Measures)}
MEASURES = st.builds(Measures, **DRAWN | {"weigh_contract": st.integers(1, 1000)})
Cohort = tuple[list[Student], list[Opening], RuleSettings]


@examples(max_examples=15, suppress_health_check=list(HealthCheck))
@given(COHORTS, MEASURES)
def test_whatever_the_measures_values_stay_within_their_range_and_sentences_have_facts(
    cohort: Cohort, measures: Measures
) -> None:
    ours, theirs, rules = cohort
    e = evaluate(ours, theirs, dataclasses.replace(rules, measures=measures), on=ON)
    i, j = (side.ravel() for side in np.indices((len(ours), len(theirs))))
    found = pair_features(e, i, j)
    assert (found.low <= found.value).all()
    assert (found.value <= found.high).all()
    assert found.low.min() >= 0
    assert found.high.max() <= 1_000_000
    parts = contributions(found.value, Weights().as_tuple(), (NEUTRAL,) * 10)
    for k in range(len(i)):
        facts = pair_facts(e, int(i[k]), int(j[k]))
        for statement in statements(facts, parts[k].tolist(), found.known[k].tolist(), "nl"):
            assert not re.search(r": ?\.|  |\{|\(\)", statement.sentence), statement
