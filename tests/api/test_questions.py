"""What to ask next, against one pair at a time: the missing answer that could change most comes first."""
from __future__ import annotations

import csv
import dataclasses
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from api.match_report import Known, MatchReport, Question
from api.pipeline import run_match
from api.policy import Policy
from api.report import write_report
from features.answers import World, opening_answers, participation_answers, student_answers
from features.codes import code_list
from features.completeness import OPENING, STUDENT, freshness_state, missing_of_opening, missing_of_student
from features.eligibility import evaluate
from features.records import Opening, Student, SupportNeed
from features.scoring import score_pairs
from features.settings import RuleSettings
from tests.api.report_cohort import DECISIONS, ON, OPENINGS, STUDENTS, opening, report, student
from tests.features.drawn_pairs import COHORTS
from tests.features.drawn_pairs import ON as DRAWN_ON

WHOLE = student(
    "W", tasks_wanted=("gras maaien",), conditions_unacceptable=("heights",), leaves_on=ON, max_km=60.0,
    certificates=("vca",),
)  # fmt: skip
FULL = opening(
    "F", participation_option=3, criteria_met=("concept", "results", "werkschool", "mentor_fte", "job_guarantee",
                                               "custom_work"),
    job_guarantee=True, duration_months=12.0, trial_months=1.0,
)  # fmt: skip


def value(s: Student, o: Opening, policy: Policy) -> int:
    found = evaluate([s], [o], policy.rules, on=ON)
    scored = score_pairs([s], [o], found, policy.weights)
    return int(scored.fit[0]) if len(scored.fit) and scored.fit[0] >= policy.min_fit else 0


def plain(values: list[list[int]]) -> tuple[int, int, int, int]:
    """Change, decides, best_low, best_high of answers (rows) over the other side (columns)."""
    columns = list(zip(*values, strict=True))
    best = [max(row) for row in values]
    return (
        sum(max(c) - min(c) for c in columns), sum(min(c) == 0 < max(c) for c in columns), min(best), max(best)
    )  # fmt: skip


def figures(q: Question) -> tuple[int | None, ...]:
    return q.change, q.decides, q.best_low, q.best_high


def test_every_question_is_what_asking_pair_by_pair_gives() -> None:
    made = report()
    assert made.questions is not None
    world, policy = World(made.students, made.openings, ON, made.policy.rules), made.policy
    barred = {("25AB00/01", "V6@2026-09-01")}  # the rejection among the decisions
    seen = 0
    for s, known in zip(made.students, made.questions.students, strict=True):
        assert {q.name for q in known.questions} == set(missing_of_student(s))
        for q in known.questions:
            answers = student_answers(world).get(q.name, ())
            if s.destination == "mbo" or not answers:
                assert figures(q) == (None,) * 4
                continue
            rows = [
                [0 if (s.key, o.key) in barred else value(dataclasses.replace(s, **answer), o, policy)
                 for o in made.openings]
                for answer in answers
            ]  # type: ignore[arg-type]  # fmt: skip
            assert figures(q) == plain(rows), (s.key, q.name)
            seen += 1
        changes = [q.change or 0 for q in known.questions]
        assert changes == sorted(changes, reverse=True)
    for o, known in zip(made.openings, made.questions.openings, strict=True):
        for q in known.questions[:2]:
            answers = opening_answers(world).get(q.name) or participation_answers(o)
            rows = [
                [0 if (s.key, o.key) in barred else value(s, dataclasses.replace(o, **answer), policy)
                 for s in made.students]
                for answer in answers
            ]  # type: ignore[arg-type]  # fmt: skip
            assert figures(q) == plain(rows), (o.key, q.name)
            seen += 1
    assert seen >= 15


def test_answers_in_turns_are_those_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = report().questions
    monkeypatch.setattr("api.questions._AT_ONCE", 1)
    again = run_match(STUDENTS, OPENINGS, Policy(min_fit=300_000), DECISIONS, on=ON, lang="nl")
    assert again.questions == whole


def test_too_many_answers_are_not_worked_out_and_said_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("api.questions.MOST_WORK", 0)
    made = run_match(STUDENTS, OPENINGS, Policy(min_fit=300_000), DECISIONS, on=ON, lang="nl", versions={"x": "1"})
    assert made.questions is not None
    assert not made.questions.measured
    assert all(q.change is None for known in made.questions.students for q in known.questions)
    write_report(tmp_path, made, [])
    assert json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))["known"]["measured"] is False


@pytest.mark.parametrize(
    ("name", "gone"),
    [
        ("work_capacity", {"work_capacity": "unknown"}), ("location", {"location": None}),
        ("available_from", {"leaves_on": None}), ("travel_means", {"travel_means": ()}),
        ("travel_limit", {"max_km": None, "max_minutes": None}), ("travels_alone", {"travels_alone": None}),
        ("hours", {"hours_min": None, "hours_max": None}), ("branches", {"branches": ()}),
        ("tasks_wanted", {"tasks_wanted": ()}), ("route", {"route": ()}), ("contract_types", {"contract_types": ()}),
        ("work_skills", {"work_skills": ()}), ("support_needed", {"support_needed": None}),
        ("support_half_days", {"support_half_days": None}), ("conditions_wanted", {"conditions_wanted": ()}),
        ("conditions_unacceptable", {"conditions_unacceptable": None}), ("certificates", {"certificates": None}),
        ("level", {"level": None}), ("confirmed_on", {"confirmed_on": None}),
    ],
)  # fmt: skip
def test_each_answer_of_a_profile_counts_once(name: str, gone: dict[str, Any]) -> None:
    assert missing_of_student(WHOLE) == ()
    assert missing_of_student(dataclasses.replace(WHOLE, **gone)) == (name,)
    [known] = _known([dataclasses.replace(WHOLE, **gone)], [FULL]).questions.students  # type: ignore[union-attr]
    assert known.complete == round(1_000_000 * (len(STUDENT) - 1) / len(STUDENT))
    assert [q.name for q in known.questions] == [name]


@pytest.mark.parametrize(
    ("name", "gone"),
    [
        ("location", {"location": None}), ("hours", {"hours_min": None, "hours_max": None}),
        ("times", {"ends_at": None}), ("route", {"route": None}), ("contract_type", {"contract_type": None}),
        ("support_offered", {"support_offered": None}), ("conditions", {"conditions": None}),
        ("work_skills", {"work_skills": ()}), ("participation", {"participation_option": None}),
        ("participation", {"criteria_met": ("concept",)}), ("job_guarantee", {"job_guarantee": None}),
        ("duration_months", {"duration_months": None}), ("trial_months", {"trial_months": None}),
        ("confirmed_on", {"confirmed_on": None}),
        ("certificates_obtainable", {"certificates_obtainable": (), "contract_type": "internship"}),
    ],
)  # fmt: skip
def test_each_answer_of_a_vacancy_counts_once(name: str, gone: dict[str, Any]) -> None:
    assert missing_of_opening(FULL) == ()
    assert missing_of_opening(dataclasses.replace(FULL, **gone)) == (name,)
    [known] = _known([WHOLE], [dataclasses.replace(FULL, **gone)]).questions.openings  # type: ignore[union-attr]
    assert known.complete == round(1_000_000 * (len(OPENING) - 1) / len(OPENING))


def _known(students: list[Student], openings: list[Opening], **policy: Any) -> MatchReport:
    return run_match(students, openings, Policy(**policy), on=ON)


def test_the_answer_that_decides_comes_before_the_one_that_only_shifts() -> None:
    unsure = dataclasses.replace(WHOLE, support_needed=None, conditions_wanted=())
    dear = dataclasses.replace(FULL, support_offered=tuple((c, "no") for c in code_list("support").codes))
    made = _known([unsure], [dear])
    assert made.questions is not None
    first, second = made.questions.students[0].questions
    assert (first.name, first.decides) == ("support_needed", 1)
    assert (second.name, second.decides) == ("conditions_wanted", 0)
    assert first.best_low == 0 < (first.best_high or 0)
    assert second.best_low is not None and second.best_high is not None
    assert 0 < second.best_low < second.best_high  # weight 0.07 times none and all of the wishes
    assert second.best_high - second.best_low == 70_000


@pytest.mark.parametrize(
    ("days", "state", "placed"),
    [(0, "fresh", True), (59, "fresh", True), (60, "marked", True), (120, "marked", True), (121, "old", False),
     (None, "unknown", True)],
)  # fmt: skip
@pytest.mark.parametrize("side", ["student", "opening"])
def test_data_are_marked_after_60_days_and_not_proposed_after_120(
    days: int | None, state: str, placed: bool, side: str
) -> None:
    confirmed = None if days is None else ON - timedelta(days=days)
    s = dataclasses.replace(WHOLE, confirmed_on=confirmed) if side == "student" else WHOLE
    o = dataclasses.replace(FULL, confirmed_on=confirmed) if side == "opening" else FULL
    made = _known([s], [o])
    assert made.questions is not None
    known: Known = (made.questions.students if side == "student" else made.questions.openings)[0]
    assert known.freshness == state == freshness_state(confirmed, ON, RuleSettings())
    assert bool((made.pair_of >= 0).any()) == placed
    assert ("confirmed_on" in [q.name for q in known.questions]) == (state != "fresh")
    if state == "old":  # nothing else matters before that
        assert known.questions[0].name == "confirmed_on"
        assert known.questions[0].decides == 1


def test_the_file_and_the_page_say_the_same(tmp_path: Path) -> None:
    made = report()
    assert made.questions is not None
    write_report(tmp_path, made, [])
    with (tmp_path / "questions.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    four = [row for row in rows if row["student_ref"] == "04" and row["side"] == "student"]
    known = made.questions.students[[s.student_ref for s in made.students].index("04")]
    assert [row["ask"] for row in four] == [q.name for q in known.questions]
    assert [row["rank"] for row in four] == [str(k) for k in range(1, len(four) + 1)]
    assert {row["complete"] for row in four} == {f"{known.complete / 10**6:.6f}"}
    sides = [row["side"] for row in rows]
    assert sides == sorted(sides, reverse=True)
    assert {(row["vacancy_ref"], row["starts_on"]) for row in rows if row["side"] == "opening"} == {
        (o.vacancy_ref, o.starts_on.isoformat()) for o in made.openings
    }
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert four[0]["question"] in page
    assert "% ingevuld" in page


Cohort = tuple[list[Student], list[Opening], RuleSettings]
SUBSET = {
    "travel_means": "travel_means", "branches": "branch", "route": "route", "contract_types": "contract_type",
    "conditions_wanted": "condition", "conditions_unacceptable": "condition",
}  # fmt: skip


@examples(max_examples=12, suppress_health_check=list(HealthCheck))
@given(COHORTS, st.data())
def test_no_answer_leads_outside_the_ends(cohort: Cohort, data: st.DataObject) -> None:
    """Whatever a person answers, every fit lies between the least and the greatest that were told."""
    ours, theirs, rules = cohort
    answers = student_answers(World(ours, theirs, DRAWN_ON, rules))
    name = data.draw(st.sampled_from([*SUBSET, "travels_alone", "level", "work_skills", "support_needed"]))
    who = [s for s in ours if name in missing_of_student(s)]
    if not who:
        return
    if name in SUBSET:
        codes = code_list(SUBSET[name]).codes
        if name == "branches":
            codes = tuple(o.branch for o in theirs)
        given: Any = tuple(data.draw(st.lists(st.sampled_from(codes), min_size=1, max_size=3, unique=True)))
    elif name == "travels_alone":
        given = data.draw(st.booleans())
    elif name == "level":
        given = data.draw(st.sampled_from(code_list("level").codes))
    elif name == "work_skills":
        given = tuple((c, data.draw(st.integers(0, 3))) for c in code_list("work_skill").codes)
    else:
        given = tuple(data.draw(st.lists(
            st.builds(SupportNeed, st.sampled_from(code_list("support").codes), st.just("structural"), st.booleans()),
            max_size=3, unique_by=lambda need: need.code,
        )))  # fmt: skip
    for s in who:
        ends = np.array([_values(dataclasses.replace(s, **answer), theirs, rules) for answer in answers[name]])
        real = np.array(_values(dataclasses.replace(s, **{name: given}), theirs, rules))
        assert (real <= ends.max(axis=0) + 2).all()
        assert (real >= ends.min(axis=0) - 2).all()


def _values(s: Student, openings: list[Opening], rules: RuleSettings) -> list[int]:
    found = evaluate([s], openings, rules, on=DRAWN_ON)
    scored = score_pairs([s], openings, found, Policy().weights)
    fits = dict(zip(scored.indices.tolist(), scored.fit.tolist(), strict=True))
    return [fits.get(j, 0) for j in range(len(openings))]
