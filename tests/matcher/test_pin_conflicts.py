"""Pins that cannot hold: one irreducible set, chosen by a stated rule."""
from __future__ import annotations

import pytest

from matcher import ConflictMember, Infeasible, build_problem, solve
from matcher.certificate_conflict import false_conflict


def _conflict(**changes: object) -> tuple[ConflictMember, ...]:
    arguments: dict[str, object] = {"places": [2, 1]} | changes
    problem = build_problem([0, 1, 2, 2], [0, 0, 0, 1], [1, 2, 3, 4], **arguments)  # type: ignore[arg-type]
    with pytest.raises(Infeasible) as caught:
        solve(problem)
    assert false_conflict(problem, caught.value.conflict) == ()
    return caught.value.conflict


def test_three_pins_at_two_places() -> None:
    assert _conflict(locks=[1, 1, 1, 0]) == (
        ConflictMember("pin", -1, (0,), (0,)),
        ConflictMember("pin", -1, (1,), (0,)),
        ConflictMember("pin", -1, (2,), (0,)),
        ConflictMember("places", -1, (), (0,)),
    )


def test_only_as_many_pins_as_it_takes_are_named() -> None:
    assert _conflict(locks=[1, 1, 1, 0], places=[0, 1]) == (
        ConflictMember("pin", -1, (0,), (0,)),
        ConflictMember("places", -1, (), (0,)),
    )


def test_two_pins_of_one_student() -> None:
    assert _conflict(locks=[0, 0, 1, 1]) == (
        ConflictMember("pin", -1, (2,), (0,)),
        ConflictMember("pin", -1, (2,), (1,)),
    )


def test_a_pin_on_a_pair_that_is_not_eligible() -> None:
    assert _conflict(ineligible_pins=[(1, 1), (0, 1)]) == (ConflictMember("ineligible_pin", -1, (0,), (1,)),)


def test_a_pair_pinned_and_forbidden() -> None:
    assert _conflict(pinned_forbidden=[(1, 0)]) == (
        ConflictMember("pin", -1, (1,), (0,)),
        ConflictMember("forbid", -1, (1,), (0,)),
    )


def test_a_pair_pinned_forbidden_and_not_eligible_is_named_as_not_eligible() -> None:
    assert _conflict(pinned_forbidden=[(0, 1)]) == (ConflictMember("ineligible_pin", -1, (0,), (1,)),)
