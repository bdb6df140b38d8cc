"""The texts for school, student and employer: plain, in the right voice, true, and silent where they must be."""
from __future__ import annotations

import csv
import dataclasses
import re
from datetime import date
from functools import cache
from pathlib import Path
from string import Formatter

import pytest

from api.explain.audiences import AUDIENCE, AUDIENCES, candidate, told
from api.explain.reasons import found
from api.files import read_leavers, read_vacancies
from api.match_report import MatchReport
from api.pipeline import run_match
from api.policy import Policy
from api.report import write_report
from api.texts.audience_employer import EMPLOYER_INTRO, EMPLOYER_REASONS, TRAVEL_BANDS
from api.texts.audience_student import STUDENT_INTRO, STUDENT_POINTS, STUDENT_REASONS
from api.texts.catalogue import Catalogue
from api.texts.changes import FOR_OPENING, FOR_STUDENT
from api.texts.compare import COMPARE
from api.texts.geo_import import GEO_IMPORT
from api.texts.points import POINTS as POINT_WORDS
from api.texts.questions import OF_OPENING, OF_STUDENT, SAYS
from api.texts.reasons import REASONS
from features.codes import code_list
from features.eligibility import POINTS
from features.records import Background, Location
from features.settings import FEATURES
from tests.api.plain_dutch import hard_words, lengths, mean_length
from tests.api.report_cohort import DECISIONS, ON, OPENINGS, STUDENTS, report
from tests.api.report_cohort import student as known_student

ROOT = Path(__file__).resolve().parents[2]
SAID = {
    f"{name} {part}": getattr(words, part)
    for name, words in AUDIENCE.items() for part in ("intro", "reasons", "points")
}
NOT_SAID = {"range", "range_equal", "range_from", "range_to"}
"""Parts of sentences."""


@cache
def salland() -> MatchReport:
    folder, on = ROOT / "fixtures" / "salland", date(2026, 6, 15)
    leavers = [record for _, record in read_leavers(folder / "leavers.csv", on=on).records]
    vacancies = [record for _, record in read_vacancies(folder / "vacancies.csv", on=on).records]
    return run_match(leavers, vacancies, Policy(), on=on)


def pairs(made: MatchReport) -> list[int]:
    return list(range(len(made.problem.rows)))


@cache
def everything(audience: str) -> list[str]:
    """Every text that two cohorts can give an audience, over all eligible pairs."""
    return [line for made in (report(), salland()) for pair in pairs(made) for line in told(made, pair, audience)]


@pytest.mark.parametrize("name", sorted(SAID))
def test_both_languages_say_the_same_with_facts_the_connector_has_too(name: str) -> None:
    for key, (dutch, english) in SAID[name].items():
        fields = [{field for _, field, _, _ in Formatter().parse(text) if field} for text in (dutch, english)]
        assert fields[0] == fields[1], key
        if name.endswith("reasons"):
            known = {field for _, field, _, _ in Formatter().parse(REASONS[key][0]) if field}
            assert fields[0] <= known, key


def test_every_key_is_one_that_can_be_met() -> None:
    for words in AUDIENCE.values():
        assert words.reasons.keys() <= REASONS.keys()
        assert words.points.keys() <= set(POINTS) & POINT_WORDS.keys()
    silent = set(REASONS) - set(STUDENT_REASONS)
    assert silent == {"work_skills_most", "development_little", "contract_trial_short"}


@pytest.mark.parametrize(("audience", "mean"), [("student", 10), ("school", 14), ("employer", 14)])
def test_sentences_are_as_short_as_plain_dutch_asks(audience: str, mean: int) -> None:
    texts = everything(audience)
    assert len(texts) > 100
    assert mean_length(texts) <= mean
    assert max(lengths(texts)) <= 20


@pytest.mark.parametrize("audience", AUDIENCES)
def test_no_sentence_has_a_word_that_readers_stumble_over(audience: str) -> None:
    assert {line: words for line in everything(audience) if (words := hard_words(line))} == {}


def test_the_connector_reads_plain_dutch_as_well() -> None:
    texts = [text for catalogue in (REASONS, POINT_WORDS) for text, _ in catalogue.values()]
    assert mean_length(texts) <= 14
    assert {text for text in texts if hard_words(text)} == set()


@pytest.mark.parametrize("catalogue", [OF_STUDENT, OF_OPENING, SAYS, COMPARE, GEO_IMPORT, FOR_STUDENT, FOR_OPENING])
def test_what_staff_read_elsewhere_is_plain_too(catalogue: Catalogue) -> None:
    texts = [text for text, _ in catalogue.values()]
    assert mean_length(texts) <= 14
    assert {text for text in texts if max(lengths([text])) > 20} == set()
    assert {text: words for text in texts if (words := hard_words(text))} == {}


def test_the_measure_itself_sees_what_is_not_plain() -> None:
    text = "Ten aanzien van de betreffende jongere is derhalve een indicatie relevant. Het werk is buiten."
    assert hard_words(text) == {"betreffende", "derhalve", "indicatie", "relevant"}
    assert lengths([text]) == [11, 4]
    assert mean_length(["Een twee drie. Vier vijf?|Zes"]) == 2


def words_of(catalogue: Catalogue) -> list[str]:
    return [text for key, (text, _) in catalogue.items() if key not in NOT_SAID]


def test_the_student_is_je_and_reads_no_score_rank_or_others() -> None:
    for text in [*words_of(STUDENT_REASONS), *words_of(STUDENT_POINTS), *words_of(STUDENT_INTRO)]:
        assert not re.search(r"\b(u|uw|leerling|kandidaat|jongere|hij|zij)\b", text.lower()), text
    for line in everything("student"):
        assert not re.search(r"%|\bpunt(en)?\b|\bplaats \d|\bnummer\b|\brang|\banderen?\b|beter dan", line), line
    spoken = [line for line in everything("student") if re.search(r"\b(je|jij|jouw)\b", line.lower())]
    assert len(spoken) > 0.6 * len(everything("student"))


def test_the_employer_is_u_and_the_words_have_no_place_for_a_fact() -> None:
    for catalogue in (EMPLOYER_REASONS, EMPLOYER_INTRO, TRAVEL_BANDS):
        for text in catalogue.values():
            assert "{" not in "".join(text)
        for text in words_of(catalogue):
            assert not re.search(r"\b(je|jij|jouw|leerling|jongere|school)\b", text.lower()), text
    assert "uw" in " ".join(everything("employer")).split()


def test_an_employer_reads_nothing_that_says_who_it_is() -> None:
    """Canaries in every personal field: none of them, and nothing made from them, reaches the employer's text."""
    home = Location("8191", 52.39, 6.12, "GM0177", "AM36")
    canary = known_student(
        "REF-77", school="31XY09", location=home, birth_date=date(2004, 2, 29), max_minutes=77.0, max_km=33.0,
        conditions_unacceptable=("heights",), background=Background("Okapi", "vso", "", "ik hou van zeldzame okapi"),
        tasks_disliked=("snoeien",), level="school_diploma", certificates=("vca",), leaves_on=date(2026, 7, 13),
    )  # fmt: skip
    made = run_match([canary, *STUDENTS], OPENINGS, Policy(min_fit=300_000), DECISIONS, on=ON)
    i = [s.key for s in made.students].index(canary.key)
    own = [p for p in pairs(made) if made.problem.rows[p] == i]
    assert own
    for pair in own:
        text = " ".join(told(made, pair, "employer")).lower()
        assert not re.search(r"\d", text), text
        for secret in ("okapi", "ref-77", "31xy09", "8191", "vso", "pro", "raalte", "deventer", "zwolle", "jaar"):
            assert not re.search(rf"\b{secret}\b", text), secret
        for name in ("support", "condition", "work_skill", "certificate", "level"):
            for code in code_list(name).codes:
                assert code_list(name).label(code, "nl").lower() not in text


def test_changing_who_somebody_is_leaves_the_employers_text_as_it_was() -> None:
    """Other names, school, age within the rules, place at the same time away: the same words to the employer."""
    made = report()
    others = [
        dataclasses.replace(s, birth_date=date(2007, 12, 1) if s.birth_date.year == 2008 else s.birth_date,
                            background=Background("Ander", "other", "", "iets anders"))
        for s in STUDENTS
    ]  # fmt: skip
    again = run_match(others, OPENINGS, Policy(min_fit=300_000), DECISIONS, on=ON)
    assert pairs(again) == pairs(made)
    assert [told(again, p, "employer") for p in pairs(again)] == [told(made, p, "employer") for p in pairs(made)]


@pytest.mark.parametrize("audience", AUDIENCES)
def test_what_is_said_follows_the_reasons_of_the_pair(audience: str) -> None:
    made, words = report(), AUDIENCE[audience]
    for pair in pairs(made):
        lines = told(made, pair, audience)
        reasons = found(made, pair)
        expected = {
            words.reasons[r.key][0].format(**r.words) for r in reasons
            if r.key in words.reasons and (audience != "employer" or r.feature != "travel")
        }  # fmt: skip
        assert expected <= set(lines)
        frame = {text for text, _ in words.intro.values()} | {text for text, _ in TRAVEL_BANDS.values()}
        points = {text for text, _ in words.points.values()}
        assert set(lines) - expected - frame <= points
        assert lines[-1] == words.intro["choice"][0]
        assert len(lines) == len(set(lines))


def test_an_employer_cannot_tell_by_the_order_what_weighs_most() -> None:
    made = report()
    place = {EMPLOYER_REASONS[key][0]: key for key in EMPLOYER_REASONS}
    for pair in pairs(made):
        keys = [place[line] for line in told(made, pair, "employer") if line in place]
        at = [next(k for k, name in enumerate(FEATURES) if key.startswith(name)) for key in keys]
        assert at == sorted(at)


def test_a_code_of_a_candidate_is_another_one_at_each_vacancy() -> None:
    made = report()
    codes = {candidate(made, i, j) for i in range(len(made.students)) for j in range(len(made.openings))}
    assert len(codes) == len(made.students) * len(made.openings)
    assert all(re.fullmatch(r"K-[A-Z2-7]{6}", code) for code in codes)


def test_the_file_has_each_text_once_and_no_student_beside_an_employers(tmp_path: Path) -> None:
    made = report()
    write_report(tmp_path, made, [])
    with (tmp_path / "texts.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    placed = int((made.pair_of >= 0).sum())
    assert [row["audience"] for row in rows] == [name for name in AUDIENCES for _ in range(placed)]
    for row in rows:
        assert bool(row["school"]) == bool(row["student_ref"]) == (row["audience"] != "employer")
    by_code = {name: {row["candidate"] for row in rows if row["audience"] == name} for name in AUDIENCES}
    assert by_code["school"] == by_code["student"] == by_code["employer"]
    mine = next(row for row in rows if row["audience"] == "student" and row["student_ref"] == "03")
    i = [s.student_ref for s in made.students].index("03")
    assert mine["text"].split("|") == list(told(made, int(made.pair_of[i]), "student"))
