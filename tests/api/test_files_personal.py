"""Names, phone numbers and words about health in free text: a warning per row, said back masked; the row stays."""
from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.files import ReadResult, Source, read_leavers
from api.files.personal import hidden, personal

HEADER = (
    "leerlingnummer;brin;schooltype;geboortedatum;uitstroomdatum;postcode;arbeidsvermogen;voornaam;wil_doen;zelf_gezegd"
)
ROW = "L-1;25AB00;vso;14-03-2008;17-07-2026;8102;ja;{name};{task};{words}"


def read(words: str = "", *, name: str = "", task: str = "", lang: str = "nl") -> ReadResult[Any]:
    row = ROW.format(name=name, task=task, words=words)
    return read_leavers(Source("lijst.csv", f"{HEADER}\n{row}".encode()), lang=lang)


def kinds(text: str) -> list[str]:
    return [kind for kind, *_ in personal(text)]


def test_the_row_stays_and_nothing_of_what_was_found_is_repeated() -> None:
    found = read("Hij heeft ADHD en autisme, bel moeder Fatima 06-12345678")
    assert (len(found.records), found.refused) == (1, False)
    assert [(e.row, e.column, e.severity, e.code, e.found) for e in found.errors] == [
        (2, "zelf_gezegd", "warning", "personal", "**-********"),
        (2, "zelf_gezegd", "warning", "personal", "A***, a******"),
        (2, "zelf_gezegd", "warning", "personal", "F*****"),
    ]
    told = [error.message for error in found.errors]
    assert [message.split(" te staan")[0] for message in told] == [
        "zelf_gezegd: hier lijkt een telefoonnummer", "zelf_gezegd: hier lijkt iets over gezondheid",
        "zelf_gezegd: hier lijkt een naam",
    ]  # fmt: skip
    for word in ("ADHD", "autisme", "Fatima", "1234"):
        assert word not in " ".join(told) and all(word not in defect.found for *_, defect in found.defects)


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_every_kind_says_in_both_languages_what_to_do(lang: str) -> None:
    found = read("Heeft ADHD. Bel oma Riet 0572 351234 of riet@example.org", lang=lang)
    assert len({error.message for error in found.errors}) == 4


def test_a_text_that_is_too_long_repeats_no_number_either() -> None:
    found = read("Bel 06-12345678. " + "Ik werk graag buiten. " * 25)
    assert [(e.code, e.found[:16]) for e in found.errors] == [("too_long", "Bel **-********.")]


@pytest.mark.parametrize("text", [
    "werkt graag buiten", "belt zelf af als hij ziek is", "Ik wil graag iets leren.", "de as van de wagen",
    "Ik help mijn moeder thuis", "mijn vader Nederlands leren", "met mijn oma Turks praten", "de dokter belde",
    "van 01-09-2026 08:30 tot 16:30", "ma 08.30-12.00 13.00-16.30", "01-02-26 - 08-03-26", "op 2026-09-01 08.00",
    "KvK 99000001 in 8102 HG", "1.250,00 euro per maand", "I add things up, my ass hurts", "10 - 12 uur, 3 dagen",
    "Ik wil dokter worden in een ziekenhuis", "telefoon opgenomen", "blind typen", "0,5 uur en 0.75 uur per dag",
])  # fmt: skip
def test_ordinary_sentences_are_left_alone(text: str) -> None:
    assert kinds(text) == []


@pytest.mark.parametrize(("text", "kind"), [
    ("Hij is autistisch", "health"), ("met adhd-medicatie", "health"), ("diagnose ASS", "health"), ("IQ 70", "health"),
    ("slikt Ritalin", "health"), ("gaat naar de psycholoog", "health"), ("She has dyslexia", "health"),
    ("lag in het ziekenhuis", "health"), ("heeft het syndroom van Down", "health"), ("zit in een rolstoel", "health"),
    ("bel mevrouw De Vries", "name"), ("Mijn mentor Kees zei dat", "name"), ("ask my mother Anna", "name"),
    ("via mw. Jansen", "name"), ("tante van der Berg", "name"), ("mail anna.b@school.nl", "mail"),
])  # fmt: skip
def test_what_is_certain_is_found(text: str, kind: str) -> None:
    assert kind in kinds(text)
    assert hidden(text) != text and len(hidden(text)) == len(text)


def test_the_first_name_of_the_list_is_found_in_the_own_words_and_not_as_a_part_of_a_word() -> None:
    assert [e.code for e in read("Roos wil graag buiten werken", name="Roos").errors] == ["personal"]
    assert read("Ik houd van roosters en Roosendaal", name="Roos").errors == ()


def test_care_is_work_in_the_tasks_and_a_diagnosis_is_not() -> None:
    assert read(task="medicijnen klaarzetten|diagnose stellen bij auto's").errors == ()
    assert [(e.column, e.code) for e in read(task="iets rustigs door ADHD").errors] == [("wil_doen", "personal")]


ORDINARY = """
ik werk graag buiten met dieren en mensen op maandag tot vrijdag in de tuin of winkel soms help mijn broer zus moeder
vader thuis bij het klussen school stage mentor telefoon bellen ziek moe rustig druk hard samen alleen machine bus
vorkheftruck schilderen koken schoonmaken leren lezen rekenen fiets
"""
WORDS = st.lists(st.sampled_from([*ORDINARY.split(), "in Raalte", "naar Zwolle"]), min_size=1, max_size=12)
TOKENS = st.one_of(
    st.dates().map(lambda day: f"{day.day:02d}-{day.month:02d}-{2000 + day.year % 60}"),
    st.dates().map(lambda day: f"{2000 + day.year % 60}-{day.month:02d}-{day.day:02d}"),
    st.integers(0, 99_999).map(lambda cents: f"€ {cents // 100},{cents % 100:02d}"),
    st.integers(1000, 9999).map(lambda digits: f"{digits} HG"),
    st.tuples(st.integers(0, 23), st.integers(0, 59)).map(lambda at: f"{at[0]:02d}.{at[1]:02d} uur"),
    st.integers(0, 300).map(lambda km: f"{km} km"),
)


@given(WORDS, TOKENS, WORDS)
def test_ordinary_words_dates_amounts_and_postcodes_give_no_warning(one: list[str], token: str, two: list[str]) -> None:
    assert personal(" ".join([*one, token, *two])) == ()


MOBILE = st.integers(0, 99_999_999).map(lambda rest: f"06{rest:08d}")
LAND = st.tuples(st.sampled_from(("0572", "0570", "0529", "0341")), st.integers(0, 999_999)).map(
    lambda parts: f"{parts[0]}{parts[1]:06d}"
)
SPELLINGS = st.sampled_from([
    lambda n: n, lambda n: f"{n[:2]}-{n[2:]}", lambda n: f"{n[:2]} {n[2:]}", lambda n: f"{n[:4]}-{n[4:]}",
    lambda n: " ".join(n[k : k + 2] for k in range(0, 10, 2)), lambda n: f"({n[:4]}) {n[4:]}",
    lambda n: f"{n[:2]}-{n[2:6]} {n[6:]}", lambda n: f"+31{n[1:]}", lambda n: f"+31 {n[1:2]} {n[2:6]} {n[6:]}",
    lambda n: f"+31(0){n[1:]}", lambda n: f"+31 (0){n[1:2]}-{n[2:]}", lambda n: f"0031{n[1:]}",
    lambda n: f"0031 {n[1:]}",
    lambda n: f"{n[:2]}\u2013{n[2:]}", lambda n: f"{n[:2]}\u00a0{n[2:]}", lambda n: f"{n[:2]}/{n[2:]}",
])  # fmt: skip


@given(st.one_of(MOBILE, LAND), SPELLINGS, WORDS, WORDS)
def test_a_phone_number_is_found_however_it_is_spelled_and_none_of_it_said(
    number: str, spelled: Any, before: list[str], after: list[str]
) -> None:
    text = " ".join([*before, spelled(number), *after])
    assert kinds(text) == ["phone"]
    assert not any(char.isdigit() for char in hidden(text))
