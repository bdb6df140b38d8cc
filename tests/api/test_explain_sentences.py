"""Sentences: there is one for everything, in both languages, plain enough, and true of the pair it is about."""
from __future__ import annotations

import re
from dataclasses import replace
from string import Formatter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.explain.points import points_to_check
from api.explain.points_of_100 import rounded_points
from api.explain.reasons import statements
from api.explain.refusals import refusal_sentence
from api.report.view import build_view
from api.texts import points, reasons, rules, rules_helps, words
from api.texts.catalogue import Catalogue, listing, say
from api.texts.report import REPORT, SUMMARY
from features.codes import code_list
from features.eligibility import NEVER_FIXED, POINTS, RULES
from features.eligibility_amounts import Refusal
from features.pairwise_facts import PairFacts, SkillFact, SupportFact, TaskFact
from features.settings import FEATURES
from tests.api.report_cohort import report

SENTENCES: dict[str, Catalogue] = {
    "points": points.POINTS, "reasons": reasons.REASONS, "blocks a student": rules.BLOCKS_STUDENT,
    "blocks an opening": rules.BLOCKS_OPENING, "broken": rules_helps.BROKEN, "helps": rules_helps.HELPS,
}  # fmt: skip
EVERYTHING = SENTENCES | {"report": REPORT, "summary": SUMMARY}
JARGON = (
    "betreffende", "conform", "relevant", "verstrekken", "prioritair", "ongeldig", "verboden", "helaas", "oeps",
    "criterium", "algoritme", "indicatie", "optimaal", "significant", "derhalve", "tevens",
)  # fmt: skip
FACTS = PairFacts(
    km=8.2, minutes=(("bicycle", 31.0),), max_km=20.0, max_minutes=45.0, branch="green", branch_rank=1,
    branch_excluded=False, tasks=(TaskFact("gras", ("mow_grass",), must=False, kind="wanted"),),
    skills=(SkillFact("pace", 2, 1, must=True), SkillFact("planning", 0, 3, must=False)),
    support=(SupportFact("quiet_spot", None, essential=True, offered="yes"),
             SupportFact("repetition", None, essential=False, offered="no")),
    hours=(16.0, 32.0), conditions_wanted=("outdoors", "animals"), conditions_met=("outdoors",), conditions_hard=(),
    route="group", route_wanted=True, contract_type="apprenticeship", contract_wanted=True, certificates_new=("vca",),
    certificates_held=(), certificates_missing=(), diploma=True, job_guarantee=True, duration_months=12.0,
    trial_months=2.0, age=17,
)  # fmt: skip


def said(**given: object) -> dict[tuple[str, str], str]:
    """Everything that can be said of the facts for and against, by (feature, kind)."""
    facts = replace(FACTS, **given)  # type: ignore[arg-type]
    made = [s for sign in (1, -1) for s in statements(facts, [sign] * 10, [False] * 10, "nl")]
    return {(s.code, s.kind): s.sentence for s in made}


@pytest.mark.parametrize("name", EVERYTHING)
def test_both_languages_say_the_same_with_the_same_facts(name: str) -> None:
    for key, (dutch, english) in EVERYTHING[name].items():
        assert dutch.strip(), key
        assert english.strip(), key
        fields = [{field for _, field, _, _ in Formatter().parse(text) if field} for text in (dutch, english)]
        assert fields[0] == fields[1], key


def test_every_rule_and_point_has_its_sentence() -> None:
    assert set(points.POINTS) >= set(POINTS)
    assert set(rules.BLOCKS_STUDENT) == {*RULES, "full", "closed"}
    assert set(rules.BLOCKS_OPENING) == {*RULES, "full", "closed"}
    assert set(rules_helps.BROKEN) >= set(RULES) - set(NEVER_FIXED)
    assert set(rules_helps.HELPS) >= {*RULES, "full", "closed"} - {"work_capacity"}
    assert {f"{name}_unknown" for name in FEATURES} <= set(reasons.REASONS)


def test_every_code_has_words_of_its_own_inside_a_sentence() -> None:
    for name, catalogue in words.LISTS.items():
        assert tuple(catalogue) == code_list(name).codes, name


@pytest.mark.parametrize("name", SENTENCES)
def test_sentences_are_short_and_plain(name: str) -> None:
    for key, texts in SENTENCES[name].items():
        if key.startswith("range"):
            continue
        for text in texts:
            assert "|" not in text
            assert text.endswith("."), key
            for sentence in re.split(r"(?<=[.:]) ", text):
                assert len(sentence.split()) <= 15, (key, sentence)
        assert not any(re.search(rf"\b{word}", texts[0].lower()) for word in JARGON), key


def test_mean_length_of_a_dutch_sentence_is_that_of_plain_language() -> None:
    lengths = [
        len(sentence.split())
        for catalogue in SENTENCES.values()
        for dutch, _ in catalogue.values()
        for sentence in re.split(r"(?<=[.]) ", dutch)
    ]
    assert sum(lengths) / len(lengths) <= 9


def test_a_bar_in_a_fact_cannot_break_the_cell() -> None:
    assert say(reasons.REASONS, "tasks_wanted", "nl", tasks="a|b\nc") == "De leerling wil dit graag doen: a/b c."


@pytest.mark.parametrize(("items", "expected"), [((), ""), (("a",), "a"), (("a", "b"), "a en b"),
    (("a", "b", "c"), "a, b en c"), (("a", "b", "c", "d", "e"), "a, b, c en nog 2")])  # fmt: skip
def test_a_list_reads_as_people_say_it(items: tuple[str, ...], expected: str) -> None:
    assert listing(items, "nl") == expected


def test_what_is_said_for_and_against_follows_the_facts() -> None:
    told = said()
    assert told["branch", "plus"] == "De branche groen en hovenier staat bovenaan bij de wensen."
    assert told["travel", "plus"] == "De reis duurt ongeveer 31 minuten met de fiets."
    assert told["travel", "minus"] == "De reis duurt ongeveer 31 minuten met de fiets. De grens is 45."
    assert told["work_skills", "plus"] == "De leerling kan genoeg bij: werktempo."
    assert told["work_skills", "minus"] == "Het werk vraagt meer bij: plannen."
    assert told["support", "plus"] == "De werkplek biedt begeleiding die nodig is: een rustige plek."
    assert told["support", "minus"] == "Deze begeleiding biedt de werkplek niet: vaker oefenen."
    assert told["hours", "plus"] == "De uren passen: 16 tot 32 uur per week."
    assert told["conditions", "plus"] == "Dit wil de leerling graag en is er: buiten werken."
    assert told["conditions", "minus"] == "Dit wil de leerling graag, maar is er niet: werken met dieren."
    assert told["route", "plus"] == "Het is een groep. Dat wil de leerling ook."
    assert told["development", "plus"] == "De leerling kan hier halen: VCA."
    assert told["contract", "plus"] == "Het is een leerbaan. Dat geeft uitzicht op werk."


@pytest.mark.parametrize(("given", "key", "sentence"), [
    ({"branch_rank": 3}, ("branch", "plus"), "De branche groen en hovenier staat op plek 3 bij de wensen."),
    ({"branch_rank": 5}, ("branch", "minus"), "De branche groen en hovenier staat pas op plek 5 bij de wensen."),
    ({"branch_rank": 0}, ("branch", "minus"), "De branche groen en hovenier staat niet bij de wensen."),
    ({"branch_excluded": True}, ("branch", "minus"), "De leerling wil de branche groen en hovenier niet."),
    ({"minutes": ()}, ("travel", "plus"), "Het is ongeveer 8 kilometer naar het werk."),
    ({"minutes": (), "km": 0.4}, ("travel", "plus"), "Het werk is vlakbij."),
    ({"km": 19.0}, ("travel", "minus"), "Het is ongeveer 19 kilometer. De grens is 20."),
    ({"max_km": None, "max_minutes": None}, ("travel", "minus"), "Het is ver: ongeveer 8 kilometer."),
    ({"support": ()}, ("support", "plus"), "De leerling heeft geen extra begeleiding nodig."),
    ({"hours": (None, 24.5)}, ("hours", "plus"), "De uren passen: tot 24,5 uur per week."),
    ({"hours": (24.0, None)}, ("hours", "minus"), "De uren passen maar voor een deel: vanaf 24 uur per week."),
    ({"hours": (24.0, 24.0)}, ("hours", "plus"), "De uren passen: 24 uur per week."),
    ({"hours": None}, ("hours", "minus"), "De uren passen niet."),
    ({"tasks": (TaskFact("x", ("mow_grass",), must=False, kind="disliked"),)}, ("tasks", "minus"),
     f"De leerling doet dit liever niet: {code_list('task').label('mow_grass', 'nl')}."),
    ({"certificates_new": ()}, ("development", "plus"), "De leerling kan hier leren voor een diploma."),
    ({"certificates_new": (), "diploma": None}, ("development", "minus"),
     "Wat hier te halen is, heeft de leerling al."),
    ({"contract_type": "internship", "job_guarantee": False}, ("contract", "minus"),
     "Het is een stage. Dat geeft minder zicht op een baan."),
    ({"contract_type": "internship"}, ("contract", "plus"), "De werkgever geeft een baangarantie."),
    ({"contract_type": None, "job_guarantee": None, "duration_months": 24.0}, ("contract", "plus"),
     "Het werk duurt 24 maanden."),
    ({"support": (SupportFact("quiet_spot", None, essential=False, offered="unknown"),)}, ("support", "unknown"),
     "Niet bekend of de werkplek dit biedt: een rustige plek."),
])  # fmt: skip
def test_each_case_has_its_own_sentence(given: dict[str, object], key: tuple[str, str], sentence: str) -> None:
    assert said(**given)[key] == sentence


def test_task_codes_of_the_examples_exist() -> None:
    assert "mow_grass" in code_list("task").codes


def test_rules_a_fixed_pair_breaks_come_first_and_once() -> None:
    hours, support = (1 << RULES.index(code) for code in ("hours", "support"))
    asked = (1 << POINTS.index("hours")) | (1 << POINTS.index("consent"))
    made = points_to_check(asked, hours | support, "nl")
    assert [(s.code, s.kind) for s in made] == [("hours", "broken"), ("support", "broken"), ("consent", "check")]


@given(st.integers(0, 1_000_000), st.lists(st.integers(-200_000, 200_000), max_size=10))
def test_points_of_100_add_up_and_keep_their_sign(base: int, parts: list[int]) -> None:
    total, shown, points = rounded_points(base, parts)
    assert shown + sum(points) == total
    assert abs(total * 10_000 - (base + sum(parts))) <= 5_000
    for part, point in zip(parts, points, strict=True):
        assert abs(point * 10_000 - part) < 10_000
        assert point * part >= 0
        assert part or not point


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_no_sentence_of_a_real_run_is_long(lang: str) -> None:
    view = build_view(report(lang))
    told = [s.sentence for p in view.proposals for s in (*p.statements, *p.checks)]
    told += [block.sentence for p in (*view.proposals, *view.places) for block in p.blocks]
    assert told
    for text in told:
        assert "{" not in text
        for sentence in re.split(r"(?<=[.:]) ", text):
            assert len(sentence.split()) <= 20, sentence


@pytest.mark.parametrize(("by", "unit", "nl", "en"), [
    (12.3, "minutes", "De reis duurt 13 minuten langer dan mag.", "The journey takes 13 minutes longer than allowed."),
    (0.2, "minutes", "De reis duurt 1 minuut langer dan mag.", "The journey takes 1 minute longer than allowed."),
    (1.0, "km", "De reis is 1 km verder dan mag.", "The journey is 1 km further than allowed."),
    (1.0, "hours", "De uren liggen 1 uur per week uit elkaar.", "The hours are 1 hour a week apart."),
    (2.5, "hours", "De uren liggen 2,5 uur per week uit elkaar.", "The hours are 2.5 hours a week apart."),
])  # fmt: skip
def test_what_is_too_long_is_said_in_whole_minutes_and_never_none(by: float, unit: str, nl: str, en: str) -> None:
    rule = Refusal("hours" if unit == "hours" else "reach", by, unit, "", "", "" if unit == "hours" else unit)
    assert (refusal_sentence(rule, "nl"), refusal_sentence(rule, "en")) == (nl, en)
