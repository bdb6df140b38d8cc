"""What may not count does not: other schools, types, names and own words leave every figure of every pair as it was."""
from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import date
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.files import read_leavers, read_vacancies
from features.eligibility import evaluate
from features.records import Background, Opening, Student
from features.robust import scenarios
from features.scoring import ScoredPairs, score_pairs
from features.settings import RuleSettings, Weights
from tests.conftest import ROOT
from tests.features.drawn_pairs import ON, SETTINGS, openings, students

DAY = date(2026, 6, 15)
SCHOOLS = ("31ZA00", "25AB00", "00AA01", "Gemeente Raalte", "99030009")
TYPES = ("pro", "vso", "mbo1", "other", "")
PROFILES = ("", "work", "further_education")
NAMES = ("Sanne", "Mohammed", "Ömer", "Nguyễn", "")


def otherwise(people: Sequence[Student], seed: int) -> list[Student]:
    """The same people from other schools, of other types, with other names and words; order and ids stay."""
    draw = random.Random(seed)
    return [
        replace(
            person, school=draw.choice(SCHOOLS),
            background=Background(
                first_name=draw.choice(NAMES), school_type=draw.choice(TYPES), own_words=draw.choice(("", "ik wil")),
                leaving_profile=person.background.leaving_profile or draw.choice(PROFILES),
                is_referrer=draw.random() < 0.5,
            ),
        )
        for person in people
    ]  # fmt: skip


def scored(people: Sequence[Student], theirs: Sequence[Opening], rules: RuleSettings, on: date) -> ScoredPairs:
    return score_pairs(people, theirs, evaluate(people, theirs, rules, on=on), Weights())


def same(one: ScoredPairs, other: ScoredPairs) -> None:
    """Bit for bit: pairs, fits, contributions, what is known, ranges, and the fits of every scenario."""
    for name in ("indptr", "indices", "fit", "contributions", "known_share"):
        assert np.array_equal(getattr(one, name), getattr(other, name)), name
    for name in ("value", "low", "high"):
        assert np.array_equal(getattr(one.features, name), getattr(other.features, name)), name
    for before, after in zip(scenarios(one), scenarios(other), strict=True):
        assert np.array_equal(before.fit, after.fit), before.name


@cache
def region() -> tuple[tuple[Student, ...], tuple[Opening, ...]]:
    folder = ROOT / "fixtures" / "region"
    ours = read_leavers(folder / "leavers.csv", columns={}, lang="nl", on=DAY)
    theirs = read_vacancies(folder / "vacancies.csv", columns={}, lang="nl", on=DAY)
    return tuple(record for _, record in ours.records), tuple(record for _, record in theirs.records)


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_ten_thousand_pairs_of_a_region_stay_as_they_are(seed: int) -> None:
    people, theirs = region()
    first = scored(people, theirs, RuleSettings(), DAY)
    assert 4 * len(first.fit) >= 10_000  # over the four seeds
    same(first, scored(otherwise(people, seed), theirs, RuleSettings(), DAY))


@settings(max_examples=40)
@given(st.lists(students(), min_size=1, max_size=5), st.lists(openings(), min_size=1, max_size=5), st.integers(0, 99))
def test_any_people_and_any_work_stay_as_they_are(people: list[Student], theirs: list[Opening], seed: int) -> None:
    # without members of a werkschool: whether a school is one is a rule of entry, and no part of a fit
    same(scored(people, theirs, SETTINGS[0], ON), scored(otherwise(people, seed), theirs, SETTINGS[0], ON))


def test_a_record_has_no_field_for_what_may_not_be_asked() -> None:
    names = {part.name for record in (Student, Background, Opening) for part in fields(record)}
    for word in ("sex", "gender", "nationality", "origin", "religion", "language", "diagnosis", "iq", "benefit", "bsn",
                 "last_name", "surname"):  # fmt: skip
        assert not any(word in name.split("_") or word == name for name in names), word


def test_a_change_that_does_count_is_seen() -> None:
    people, theirs = region()
    first = scored(people, theirs, RuleSettings(), DAY)
    changed = [replace(person, support_needed=()) for person in people]
    with pytest.raises(AssertionError):
        same(first, scored(changed, theirs, RuleSettings(), DAY))
