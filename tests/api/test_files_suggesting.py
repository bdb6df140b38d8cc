"""Headers as schools write them, none of which is known: what they are suggested to be."""
from __future__ import annotations

import pytest

from api.files.grid import Grid
from api.files.suggesting import suggest
from api.schemas.leavers import LeaverSchema

ODD = {
    "Lln. nummer": "student_ref", "Nummer van de leerling": "student_ref", "Stamnummer (school)": "student_ref",
    "Leerling-ID Magister": "student_ref", "BRIN + vestiging": "school", "School BRIN-code": "school",
    "Soort school": "school_type", "Type onderwijs (pro/vso)": "school_type",
    "Profiel uitstroom": "leaving_profile", "Uitstroom profiel vso": "leaving_profile",
    "Voornaam leerling": "first_name", "Roepnaam lln": "first_name", "Geb.datum": "birth_date",
    "Datum van geboorte": "birth_date", "Geboorte datum lln": "birth_date", "Nog ingeschreven?": "enrolled",
    "Datum van school af": "leaves_on", "Verwachte uitstroomdatum": "leaves_on", "Gaat van school op": "leaves_on",
    "Kan starten vanaf": "available_from", "Beschikbaar per (datum)": "available_from",
    "PC (4 cijfers)": "postcode", "Postcode thuis": "postcode", "Woonplaats lln": "place",
    "Waar woont de leerling": "place", "Vervoer naar werk": "travel_means", "Reist met de": "travel_means",
    "Max. afstand in km": "max_km", "Max reistijd (min.)": "max_minutes",
    "Kan zelfstandig reizen": "travels_alone", "Uren minimaal per week": "hours_min",
    "Max aantal uren": "hours_max", "Voorkeur branche": "branches", "Wil niet in branche": "branches_excluded",
    "Wat wil de leerling doen": "tasks_wanted", "Stages tot nu toe": "experience",
    "Welke begeleiding nodig": "support_needed", "Behaalde certificaten": "certificates",
    "Heeft arbeidsvermogen?": "work_capacity", "Toestemming gegeven op": "consent_on",
}  # fmt: skip
"""Forty headers that no list of synonyms has, and what somebody means who writes them."""


def suggested(header: str, *values: str) -> tuple[str, str]:
    """Field and how it is known, for a column of its own."""
    rows = [(k + 2, [value]) for k, value in enumerate(values)]
    one, = suggest(Grid([header], 1, rows), "leavers", LeaverSchema())
    return one.field, one.how


def test_nine_in_ten_of_forty_odd_headers_are_suggested_right() -> None:
    assert len(ODD) == 40
    wrong = {header: suggested(header)[0] for header, field in ODD.items() if suggested(header)[0] != field}
    assert len(wrong) <= 4, wrong


def test_what_stands_below_overrules_the_words() -> None:
    assert suggested("Geboorte", "03-04-2009", "05-06-2009") == ("birth_date", "near")
    assert suggested("Geboorte", "Raalte", "Deventer")[0] != "birth_date"


@pytest.mark.parametrize(("values", "field"), [
    (("8102 HG", "7411 KT", "8011 AA"), "postcode"), (("25AB00", "25AB00", "31SB00"), "school"),
    (("vso", "pro", "vso"), "school_type"), (("fiets", "ov", "fiets|ov"), "travel_means"),
])  # fmt: skip
def test_values_that_look_like_nothing_else_suggest_their_field(values: tuple[str, ...], field: str) -> None:
    assert suggested("Kolom 7", *values) == (field, "content")


def test_a_column_that_means_nothing_is_suggested_nowhere() -> None:
    assert suggested("Lievelingskleur", "rood", "blauw", "groen") == ("", "none")


def test_a_field_is_suggested_once() -> None:
    found = suggest(Grid(["Datum van geboorte", "Geb. datum lln"], 1, []), "leavers", LeaverSchema())
    assert sorted(one.field for one in found) == ["", "birth_date"]
