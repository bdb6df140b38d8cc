"""Every estimator the room offers passes scikit-learn's own checks."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sklearn.base import BaseEstimator
from sklearn.utils.estimator_checks import parametrize_with_checks

import features


def offered() -> list[BaseEstimator]:
    things = [getattr(features, name) for name in features.__all__]
    return [t() for t in things if isinstance(t, type) and issubclass(t, BaseEstimator) and takes_numbers(t)]


def takes_numbers(kind: type[BaseEstimator]) -> bool:
    tags = kind().__sklearn_tags__().input_tags
    return bool(tags.two_d_array and not tags.string)


def test_the_checked_list_is_not_empty_and_holds_the_scorer_and_the_encoders() -> None:
    names = {type(e).__name__ for e in offered()}
    assert {"PairScorer", "RankEncoder", "ComfortEncoder", "RangedMean"} <= names


@parametrize_with_checks(offered())
def test_the_estimator_keeps_the_contract_of_scikit_learn(
    estimator: BaseEstimator, check: Callable[[Any], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    # scikit-learn tells of the one check that needs an environment variable by a warning and a skip.
    check(estimator)


def test_names_are_loaded_when_used_and_an_unknown_one_says_so() -> None:
    assert set(features.__all__) <= set(dir(features))
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        features.nothing  # noqa: B018
