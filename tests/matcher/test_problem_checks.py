"""A problem is checked once, with messages, and cannot change afterwards."""
from __future__ import annotations

import numpy as np
import pytest

from matcher import GroupLimit, InvalidProblem, build_problem, id_digests


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"places": [1, -1]}, r"places\[1\] is -1; expected 0 to"),
        ({"priority": [1, -2]}, r"priority\[1\] is -2"),
        ({"values": [1.5, 2]}, r"values has dtype float64; expected integers"),
        ({"values": [10**16, 2]}, r"values\[0\] is 10000000000000000"),
        ({"values": [1, 2, 3]}, r"values has length 3; expected 2"),
        ({"students": [0, -1]}, r"students\[1\] is -1; expected 0 to 1"),
        ({"openings": [0, 2]}, r"openings\[1\] is 2; expected 0 to 1"),
        ({"students": [0, 0]}, r"the pair \(0, 0\) stands there twice"),
        ({"load": [0, -1]}, r"load\[1\] is -1"),
        ({"load_capacity": [-2, 0]}, r"load_capacity\[0\] is -2; expected -1 to"),
        ({"locks": [0, 2]}, r"locks\[1\] is 2; expected -1 to 1"),
        ({"locks": [0, 300]}, r"locks\[1\] is 300; expected a number that fits int8"),
        ({"student_ids": [1]}, r"student_ids has length 1; expected 2"),
        ({"limits": [GroupLimit("a", students=np.array([1, 0]))]}, r"limits\[0\].students\[1\] is 0 after 1"),
        ({"limits": [GroupLimit("a", openings=np.array([5]))]}, r"limits\[0\].openings\[0\] is 5"),
        ({"limits": [GroupLimit("a", at_most=-1)]}, r"limits\[0\].at_most is -1; expected 0 or more"),
        ({"ineligible_pins": [(0, 9)]}, r"ineligible_pins has \(0, 9\)"),
    ],
)
def test_the_message_names_array_index_value_and_what_was_expected(changes: dict[str, object], message: str) -> None:
    arguments: dict[str, object] = {"students": [0, 1], "openings": [0, 0], "values": [1, 2], "places": [1, 1], "n": 2}
    with pytest.raises(InvalidProblem, match=message):
        build_problem(**(arguments | changes))  # type: ignore[arg-type]


def test_arrays_cannot_change_under_a_problem() -> None:
    places = np.array([1, 1])
    problem = build_problem([0, 1], [0, 1], [5, 6], places)
    places[0] = 9
    assert problem.places.tolist() == [1, 1]
    with pytest.raises(ValueError, match="read-only"):
        problem.places[0] = 9


def test_pairs_in_any_order_give_the_same_problem() -> None:
    one = build_problem([1, 0, 0], [0, 1, 0], [3, 2, 1], [1, 1], load=[30, 20, 10], locks=[1, 0, -1])
    assert (one.indptr.tolist(), one.indices.tolist(), one.values.tolist()) == ([0, 2, 3], [0, 1, 0], [1, 2, 3])
    assert (one.load.tolist(), one.locks.tolist()) == ([10, 20, 30], [-1, 0, 1])
    assert [one.pair(0, 1), one.pair(1, 1), one.pair(1, 0)] == [1, -1, 2]


def test_tie_numbers_come_from_the_ids_alone_as_written_down() -> None:
    # Worked out by hand in Python integers from the published constants of splitmix64.
    mask = 2**64 - 1
    problem = build_problem([0], [0], [1], [1], student_ids=id_digests(["anna"]), opening_ids=id_digests(["bakery"]))
    student, opening = int(problem.student_ids[0]), int(problem.opening_ids[0])
    z = (student ^ ((opening << 32 | opening >> 32) & mask)) + 0x9E3779B97F4A7C15 & mask
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9 & mask
    z = (z ^ z >> 27) * 0x94D049BB133111EB & mask
    assert problem.ties.tolist() == [(z ^ z >> 31) >> 32]
