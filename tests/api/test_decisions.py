"""Decisions become locks: the latest word counts, and a word on every intake leaves the choice of intake open."""
from __future__ import annotations

from datetime import date

from api.decisions import resolve
from api.match_report import Decision
from features.records import Opening, Student

STUDENTS = tuple(Student("31TA00", ref, date(2008, 1, 1), "yes") for ref in ("A", "B"))
OPENINGS = tuple(
    Opening(ref, "99030001", "green", start, 1)
    for ref, start in (("V1", date(2026, 9, 1)), ("V2", date(2026, 9, 1)), ("V2", date(2027, 2, 1)))
)


def word(ref: str, vacancy: str, said: str, on: int = 1, start: date | None = None) -> Decision:
    return Decision("31TA00", ref, vacancy, start, said, on=date(2026, 6, on))


def test_the_latest_decision_on_a_pair_wins() -> None:
    locks = resolve([word("A", "V1", "accept", 1), word("A", "V1", "reject", 2)], STUDENTS, OPENINGS)
    assert (locks.forbidden, locks.pins) == (frozenset({(0, 0)}), frozenset())
    locks = resolve([word("A", "V1", "reject", 1), word("A", "V1", "pin", 2)], STUDENTS, OPENINGS)
    assert (locks.forbidden, locks.pins) == (frozenset(), frozenset({(0, 0)}))


def test_defer_takes_an_earlier_word_back() -> None:
    locks = resolve([word("A", "V1", "pin", 1), word("A", "V1", "defer", 2)], STUDENTS, OPENINGS)
    assert not locks.fixed
    assert not locks.forbidden


def test_a_rejection_without_a_start_date_counts_for_every_intake() -> None:
    assert resolve([word("B", "V2", "reject")], STUDENTS, OPENINGS).forbidden == {(1, 1), (1, 2)}


def test_an_acceptance_without_a_start_date_leaves_the_intake_open() -> None:
    locks = resolve([word("B", "V2", "accept")], STUDENTS, OPENINGS)
    assert locks.either == ((1, (1, 2)),)
    assert locks.fixed == {(1, 1), (1, 2)}
    assert not locks.pins


def test_an_acceptance_of_the_only_intake_is_a_pin() -> None:
    assert resolve([word("A", "V1", "accept")], STUDENTS, OPENINGS).pins == {(0, 0)}


def test_a_rejected_intake_narrows_an_open_acceptance_to_the_other() -> None:
    said = [word("B", "V2", "accept", 1), word("B", "V2", "reject", 2, date(2026, 9, 1))]
    locks = resolve(said, STUDENTS, OPENINGS)
    assert locks.pins == {(1, 2)}
    assert locks.forbidden == {(1, 1)}


def test_the_more_precise_word_wins_on_one_day() -> None:
    said = [word("B", "V2", "reject", 1), word("B", "V2", "pin", 1, date(2027, 2, 1))]
    locks = resolve(said, STUDENTS, OPENINGS)
    assert locks.pins == {(1, 2)}
    assert locks.forbidden == {(1, 1)}


def test_the_order_of_the_decisions_does_not_matter() -> None:
    said = [word("A", "V1", "pin", 1), word("A", "V1", "reject", 1)]
    said += [word("B", "V2", "accept", 3), word("B", "V2", "defer", 2)]
    assert resolve(said, STUDENTS, OPENINGS) == resolve(said[::-1], STUDENTS, OPENINGS)


def test_a_decision_about_somebody_or_something_unknown_is_named_with_its_column() -> None:
    said = [word("Z", "V1", "pin"), word("A", "V9", "pin"), word("A", "V1", "pin", 1, date(2030, 1, 1))]
    assert resolve(said, STUDENTS, OPENINGS).unknown == ((0, "student_ref"), (1, "vacancy_ref"), (2, "starts_on"))
