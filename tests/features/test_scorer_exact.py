"""The scorer as people and pipelines use it: weights, exact sums, selections, facts."""
from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from features import ComfortEncoder, PairScorer, RangedMean, RankEncoder, score_pairs
from features.codes import code_list
from features.eligibility import evaluate
from features.errors import FeatureError
from features.records import Demand, SupportNeed
from features.scoring import ScoredPairs
from features.settings import FEATURES, Weights
from tests.features.known_pair import DEVENTER, KNOWN, ON, opening, student


def cohort() -> ScoredPairs:
    ours = [student(student_ref=str(k), branches=b) for k, b in enumerate((("infra",), ("green",), ()))]
    theirs = [opening(vacancy_ref="a"), opening(vacancy_ref="b", branch="green")]
    theirs.append(opening(vacancy_ref="c", route="group"))
    return score_pairs(ours, theirs, evaluate(ours, theirs, KNOWN, on=ON), Weights())


def test_weights_that_do_not_add_up_are_refused_with_the_sum() -> None:
    with pytest.raises(FeatureError, match=r"add up to 1,000,001 millionths; expected exactly 1,000,000"):
        Weights(branch=200_001)
    with pytest.raises(FeatureError, match="weight of branch is -1; expected a whole number"):
        Weights(branch=-1, tasks=380_001)
    with pytest.raises(FeatureError, match="weight of route is True"):
        Weights(route=True)  # type: ignore[arg-type]
    assert sum(Weights().as_tuple()) == 1_000_000
    assert len(FEATURES) == len(Weights().as_tuple()) == 10


def test_the_fit_of_a_known_pair_by_hand() -> None:
    scored = cohort()
    first = scored.contributions[0].tolist()
    values = scored.features.value[0].tolist()
    assert first == [round(w * (v - 500_000) / 1_000_000) for w, v in zip(Weights().as_tuple(), values, strict=True)]
    assert first[0] == 100_000  # first wish: 0.2 x (1 - 0.5)
    assert scored.base == 500_000
    assert int(scored.fit[0]) == 500_000 + sum(first)
    assert scored.values[0, 0] == 1.0
    # No branch named: nothing added, nothing taken, and that weight is not known.
    third = scored.indptr[2]
    assert scored.contributions[third, 0] == 0
    assert not scored.known[third, 0]
    assert scored.known_share[0] - scored.known_share[third] == 200_000


def test_take_keeps_the_chosen_pairs_in_their_rows() -> None:
    scored = cohort()
    assert scored.indptr.tolist() == [0, 3, 6, 9]
    some = scored.take(np.array([1, 2, 6]))
    assert some.indptr.tolist() == [0, 2, 2, 3]
    assert some.indices.tolist() == [1, 2, 0]
    assert some.fit.tolist() == scored.fit[[1, 2, 6]].tolist()
    assert some.contributions.tolist() == scored.contributions[[1, 2, 6]].tolist()
    assert scored.take(scored.fit >= 0).indices.tolist() == scored.indices.tolist()
    assert some.facts(0, 1).branch == "green"


def test_other_records_than_the_eligibility_are_refused() -> None:
    s, o = student(), opening()
    e = evaluate([s], [o], KNOWN, on=ON)
    with pytest.raises(FeatureError, match="eligibility is of 1 students and 1 openings; got 2 and 1"):
        score_pairs([s, s], [o], e, Weights())


def test_the_estimator_and_the_pipeline_give_the_same_fit() -> None:
    scored = cohort()
    scorer = PairScorer(Weights()).fit(scored.values)
    assert scorer.contributions_of(scored.values).tolist() == scored.contributions.tolist()
    assert scorer.fit_of(scored.values).tolist() == scored.fit.tolist()
    assert scorer.base_ == 0.5
    assert scorer.get_feature_names_out(list(FEATURES)).tolist() == list(FEATURES)


def test_an_unknown_feature_is_neither_plus_nor_minus() -> None:
    scorer = PairScorer(weights=[600_000, 400_000]).fit([[0.0, 1.0]])
    assert scorer.transform([[np.nan, 1.0]]).tolist() == [[0.0, 0.2]]
    assert scorer.score_samples([[np.nan, np.nan]]).tolist() == [0.5]


@pytest.mark.parametrize(
    "scorer",
    [
        PairScorer(weights=[1_000_000]),
        PairScorer(weights=[600_000, 400_001]),
        PairScorer(weights=[1_000_001, -1]),
        PairScorer(weights=[500_000.5, 499_999.5]),
        PairScorer(neutral=1.5),
        RankEncoder(least=0.1),
        RankEncoder(step=-0.1),
        ComfortEncoder(limit=0),
        RangedMean(weights=[1.0]),
        RangedMean(weights=[1.0, -1.0]),
        RangedMean(neutral=-0.1),
    ],
    ids=repr,
)
def test_parameters_out_of_range_are_refused(scorer: PairScorer) -> None:
    with pytest.raises(ValueError, match="expected"):
        scorer.fit([[0.0, 1.0]])


def test_facts_are_what_the_records_say() -> None:
    a, b = code_list("task").codes[:2]
    s = student(
        tasks_wanted=(a,), tasks_mastered=("Zzkq bbvw ttrp",), certificates=("vca", "forklift"),
        support_needed=(SupportNeed("quiet_spot", "startup"), SupportNeed("fixed_instructor", "structural", True)),
    )  # fmt: skip
    o = opening(
        tasks=(Demand(a, True), Demand(b), Demand("zzkq bbvw ttrq")), certificates_obtainable=("haccp", "forklift"),
        location=DEVENTER, trial_months=2.0,
    )  # fmt: skip
    f = score_pairs([s], [o], evaluate([s], [o], KNOWN, on=ON), Weights()).facts(0, 0)
    assert [(t.text, t.codes, t.must, t.kind) for t in f.tasks] == [
        (a, (a,), True, "wanted"), (b, (b,), False, ""), ("zzkq bbvw ttrq", (), False, "able"),
    ]  # fmt: skip
    assert f.km == pytest.approx(21.5, abs=1.0)
    assert [m for m, _ in f.minutes] == sorted(s.travel_means, key=dict(f.minutes).get)  # type: ignore[arg-type]
    assert (f.best_means, f.best_minutes) == f.minutes[0]
    assert (f.max_km, f.max_minutes) == (30.0, 90.0)
    assert (f.branch, f.branch_rank, f.branch_excluded) == ("infra", 1, False)
    assert [(x.code, x.when, x.essential, x.offered) for x in f.support or ()] == [
        ("fixed_instructor", "structural", True, "yes"), ("quiet_spot", "startup", False, "no"),
    ]  # fmt: skip
    assert [(x.code, x.own, x.demanded, x.must, x.met) for x in f.skills] == [("pace", 2, 2, True, True)]
    assert f.hours == (24.0, 32.0)
    assert (f.conditions_wanted, f.conditions_met, f.conditions_hard) == (("outdoors",), ("outdoors",), ())
    assert (f.route, f.route_wanted) == ("individual", True)
    assert (f.contract_type, f.contract_wanted) == ("work_experience", True)
    assert (f.certificates_new, f.certificates_held, f.certificates_missing) == (("haccp",), ("vca",), ())
    assert (f.diploma, f.job_guarantee, f.duration_months, f.trial_months, f.age) == (None, None, None, 2.0, 19)


def test_facts_say_what_is_not_known() -> None:
    s = student(
        location=None, branches=(), support_needed=None, hours_min=None, hours_max=None, route=(), contract_types=(),
        work_skills=(), travel_means=(), certificates=None,
    )  # fmt: skip
    o = opening(conditions=None, work_skills=(Demand("pace", False, None), Demand("rules", True, 0)))
    f = score_pairs([s], [o], evaluate([s], [o], KNOWN, on=ON), Weights()).facts(0, 0)
    assert (f.km, f.minutes, f.best_means, f.best_minutes, f.branch_rank) == (None, (), None, None, None)
    assert (f.support, f.hours, f.conditions_met, f.route_wanted, f.contract_wanted) == (None,) * 5
    assert [x.met for x in f.skills] == [None, True]


def test_the_facts_of_tasks_are_those_of_the_feature() -> None:
    """The kinds in the facts give the value of the feature."""
    a, b, c = code_list("task").codes[:3]
    s = student(tasks_wanted=(a, "zzkq bbvw ttrp"), tasks_disliked=(b,), experience=("zzkq bbvw ttrp",))
    o = opening(tasks=(Demand(a, True), Demand(b), Demand(c), Demand("zzkq bbvw ttrq")))
    scored = score_pairs([s], [o], evaluate([s], [o], KNOWN, on=ON), Weights())
    value = {"wanted": 0.9, "disliked": 0.0, "": 0.3, "wanted_able": 1.0}
    facts = scored.facts(0, 0).tasks
    assert [t.kind for t in facts] == ["wanted", "disliked", "", "wanted_able"]
    mean = sum(value[t.kind] * (1 + t.must) for t in facts) / sum(1 + t.must for t in facts)
    assert scored.values[0, 1] == pytest.approx(mean, abs=1e-6)


def test_the_order_of_rows_changes_no_figure() -> None:
    scored = cohort()
    ours, theirs = scored.eligibility.students[::-1], scored.eligibility.openings[::-1]
    turned = score_pairs(ours, theirs, evaluate(ours, theirs, KNOWN, on=ON), Weights())
    one = {(i, j): f for i, j, f in zip(scored.eligibility.rows, scored.indices, scored.fit, strict=True)}
    two = {(2 - i, 2 - j): f for i, j, f in zip(turned.eligibility.rows, turned.indices, turned.fit, strict=True)}
    assert one == two


def test_a_repeated_wish_counts_once() -> None:
    s = replace(student(), branches=("green", "green", "infra"))
    e = evaluate([s], [opening()], KNOWN, on=ON)
    assert score_pairs([s], [opening()], e, Weights()).values[0, 0] == 0.85
