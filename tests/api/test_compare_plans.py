"""A comparison against separate runs: who moves is the difference of two matches, whatever the two policies are."""
from __future__ import annotations

import dataclasses
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from api import terms
from api.compare.figures import groups, hidden, hidden_cells
from api.compare.moves import moves
from api.compare.plans import compare
from api.compare.settings import deciding, differences, put_back
from api.pipeline import run_match
from api.policy import Cap, Policy
from features.measures import Measures, bounds
from features.records import Opening, Student
from features.settings import FEATURES, RuleSettings, Weights
from tests.api.report_cohort import DECISIONS, ON, OPENINGS, STUDENTS

EVEN = Weights(**dict.fromkeys(FEATURES, 100_000))
OTHER: dict[str, Any] = {
    "weights": EVEN, "min_fit": 550_000, "objective": "fit", "unplaced_fit": 100_000, "priority_weight": 5,
    "priority_days": 1,
    "rules.road_factor": 2.0, "rules.age_group_min": 19, "rules.fresh_refused_days": 130,
    "rules.under_18_forbidden": ("outdoors",), "neighbours": {"AM06": ()}, "own_regions": {"Salland": ("GM0150",)},
    "caps": (Cap("groen", "green", at_most=1), Cap("grond", "infra", at_most=2)),
}  # fmt: skip


def policy(names: tuple[str, ...]) -> Policy:
    made = Policy(min_fit=300_000)
    for name in names:
        head, _, rule = name.partition(".")
        if rule:
            made = dataclasses.replace(made, rules=dataclasses.replace(made.rules, **{rule: OTHER[name]}))
        elif name in ("neighbours", "own_regions"):
            entry: dict[str, Any] = {name: MappingProxyType(OTHER[name])}
            made = dataclasses.replace(made, rules=dataclasses.replace(made.rules, **entry))
        else:
            made = dataclasses.replace(made, **{head: OTHER[name]})
    return made


def places(students: tuple[Student, ...], openings: tuple[Opening, ...], by: Policy) -> dict[str, str]:
    report = run_match(students, openings, by, DECISIONS, on=ON)
    return {
        report.students[i].key: report.openings[int(report.problem.indices[pair])].key if pair >= 0 else ""
        for i, pair in enumerate(report.pair_of.tolist())
    }


@given(st.sets(st.sampled_from(sorted(OTHER)), min_size=1, max_size=4))
@examples(max_examples=10)
def test_who_moves_is_the_difference_of_two_runs(names: set[str]) -> None:
    old, new = policy(()), policy(tuple(sorted(names)))
    found = compare(STUDENTS, OPENINGS, old, new, DECISIONS, on=ON)
    before, after = places(STUDENTS, OPENINGS, old), places(STUDENTS, OPENINGS, new)
    told = {found.students[move.i].key: move for move in moves(found)}
    assert set(told) == {who for who in before if before[who] != after[who]}

    def key(j: int) -> str:
        return found.openings[j].key if j >= 0 else ""

    changed = found.changed
    for who, move in told.items():
        assert (key(move.old), key(move.new)) == (before[who], after[who])
        fits = [[fit or 0 for fit in pair] for pair in (move.old_fits, move.new_fits)]
        gain_new, gain_old = fits[1][1] - fits[0][1], fits[1][0] - fits[0][0]
        assert move.total_shift == (gain_new - gain_old if move.kind == "moves" else gain_new + gain_old)
        assert move.settings is not None
        for group in deciding(changed):
            again = places(STUDENTS, OPENINGS, put_back(new, old, group))
            assert (group in move.settings) == (again[who] == before[who])


@pytest.mark.parametrize("name", sorted(OTHER))
def test_a_changed_setting_is_named_and_can_be_put_back(name: str) -> None:
    old, new = policy(()), policy((name,))
    found = differences(old, new)
    assert found
    for group in deciding(found):
        new = put_back(new, old, group)
    assert new.canonical() == old.canonical()
    assert differences(old, new) == ()


def test_every_setting_that_decides_is_looked_at() -> None:
    # Change each field of the policy and of its rules in turn: none may go unseen.
    old = Policy()
    fresh: dict[type, Any] = {int: 17, float: 2.5, str: "fit"}
    for part in dataclasses.fields(Policy):
        if part.name in ("name", "version", "weights", "rules", "caps", "terms"):
            continue
        value = fresh[type(getattr(old, part.name))]
        assert [one.name.replace(".", "_").removesuffix("_seconds") for one in differences(
            old, dataclasses.replace(old, **{part.name: value})
        )] == [part.name.replace("band_", "bands_")]
    for name in terms.names():
        shorter = dataclasses.replace(old, terms=dataclasses.replace(old.terms, **{name: terms.bounds(name)[0]}))
        found = differences(old, shorter)
        assert [(one.name, one.new) for one in found] == [(f"retention.{name}", str(terms.bounds(name)[0]))]
        assert deciding(found) == ()
    for part in dataclasses.fields(Measures):
        low, high = bounds(part.name)
        was = getattr(old.rules.measures, part.name)
        measures = dataclasses.replace(old.rules.measures, **{part.name: high if was != high else (low + high) // 2})
        changed = dataclasses.replace(old, rules=dataclasses.replace(old.rules, measures=measures))
        [one] = differences(old, changed)
        assert one.name == f"measures.{part.name}"
        assert put_back(changed, old, one.group).canonical() == old.canonical()
    for part in dataclasses.fields(RuleSettings):
        if part.name == "measures":
            continue
        was = getattr(old.rules, part.name)
        if isinstance(was, MappingProxyType):
            other: Any = MappingProxyType({"X": ("Y",)})
        elif isinstance(was, tuple):
            other = ()
        elif isinstance(was, str):
            other = "quiet_spot"
        else:
            other = was.replace(hour=9) if part.name == "first_transport" else was + 1
        changed = dataclasses.replace(old, rules=dataclasses.replace(old.rules, **{part.name: other}))
        [one] = differences(old, changed)
        assert part.name in one.name
        assert put_back(changed, old, one.group).canonical() == old.canonical()


@given(st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 30)))
def test_no_lone_group_is_hidden(sizes: dict[str, int]) -> None:
    away = hidden(sizes)
    assert {code for code, size in sizes.items() if size < 5} <= away
    assert len(away) != 1 or len(sizes) == 1
    counts = {code: size // 2 for code, size in sizes.items()}
    cells = away | hidden_cells(counts, away)
    assert all(counts[code] == 0 or counts[code] >= 5 for code in counts if code not in cells)
    shown = [code for code in counts if code not in cells and counts[code]]
    assert len(cells) != 1 or not shown


def test_hidden_groups_have_no_figures() -> None:
    found = compare(STUDENTS, OPENINGS, policy(()), policy(("caps",)), DECISIONS, on=ON)
    rows = [row for part in groups(found).values() for row in part]
    assert any(row.students is None for row in rows)
    assert all(row.old is None and row.new is None for row in rows if row.students is None)
    assert all(row.students is None or row.students >= 5 for row in rows)
