"""Every broken file leads to exactly the defect it is named after, and to nothing else."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from api.check_files import check_files
from api.files import ROWS_HEADER, row_cells
from api.tables import csv_bytes

FOLDER = Path(__file__).resolve().parents[2] / "fixtures" / "broken"
E, W = "error", "warning"

# file -> rows as a person who looks at the file would write them: (row, column, severity, code)
DECLARED: dict[str, list[tuple[int | None, str, str, str]]] = {
    "empty_file.csv": [(None, "", E, "empty_file")],
    "only_separators.csv": [(None, "", E, "empty_file")],
    "header_only.csv": [(None, "", E, "header_only")],
    "missing_column.csv": [(None, "arbeidsvermogen", E, "missing_column")],
    "misspelt_required_column.csv": [
        (None, "geboortedatum", E, "missing_column"), (None, "gebortedatum", W, "unmapped_column"),
    ],
    "nul_byte.csv": [(None, "", E, "unreadable")],
    "html_named.csv": [(None, "", E, "unreadable")],
    "pdf_named.csv": [(None, "", E, "unreadable")],
    "old_excel_renamed.xlsx": [(None, "", E, "unreadable")],
    "password.xlsx": [(None, "", E, "unreadable")],
    "cut_off.xlsx": [(None, "", E, "unreadable")],
    "no_spreadsheet.xlsx": [(None, "", E, "unreadable")],
    "unpacks_too_big.xlsx": [(None, "", E, "unreadable")],
    "document_type.xlsx": [(None, "", E, "unreadable")],
    "cell_too_far_out.xlsx": [(None, "", E, "unreadable")],
    "not_json.json": [(None, "", E, "unreadable")],
    "json_object.json": [(None, "", E, "unreadable")],
    "bsn_header.csv": [(None, "BSN leerling", E, "bsn")],
    "bsn_column.csv": [(None, "leerlingnummer", E, "bsn")],
    "bsn_beside_the_word.csv": [(None, "zelf_gezegd", E, "bsn")],
    "bsn_in_a_title_row.csv": [(None, "", E, "bsn")],
    "bsn_as_student_ref.csv": [(3, "leerlingnummer", E, "bsn")],
    "bsn_in_words.csv": [(3, "ervaring", E, "bsn")],
    "bsn_on_another_sheet.xlsx": [(None, "", E, "bsn")],
    "unasked_column.csv": [(None, "Geslacht", W, "unasked_column")],
    "sex_under_another_name.csv": [(None, "kolom 12", W, "unasked_column")],
    "unmapped_column.csv": [(None, "vrvoer", W, "unmapped_column")],
    "column_without_header.csv": [(None, "(L)", W, "unmapped_column")],
    "two_columns_one_field.csv": [(3, "postcode", E, "two_of_one")],
    "two_lists_in_one_file.xlsx": [(None, "", W, "unreadable")],
    "required.csv": [(3, "geboortedatum", E, "required")],
    "required_with_a_school.csv": [(3, "uitstroomdatum", E, "required")],
    "no_school_no_referrer.csv": [(3, "brin", E, "required")],
    "school_and_referrer.csv": [(3, "verwijzer", W, "two_of_one")],
    "not_a_date.csv": [(3, "geboortedatum", E, "not_a_date")],
    "ambiguous_date.csv": [(3, "geboortedatum", E, "ambiguous_date")],
    "month_first.csv": [(3, "geboortedatum", E, "not_a_date")],
    "short_year.csv": [(3, "geboortedatum", E, "not_a_date")],
    "year_alone.csv": [(3, "geboortedatum", E, "not_a_date")],
    "date_out_of_range.csv": [(3, "uitstroomdatum", E, "out_of_range")],
    "born_after_leaving.csv": [(3, "geboortedatum", E, "out_of_range")],
    "not_a_number.csv": [(3, "uren_min", E, "not_a_number")],
    "two_numbers.csv": [(3, "uren_min", E, "not_a_number")],
    "out_of_range.csv": [(3, "uren_max", E, "out_of_range")],
    "min_above_max.csv": [(3, "uren_min", E, "min_above_max")],
    "unknown_code.csv": [(3, "branches", E, "unknown_code")],
    "comma_between_codes.csv": [(3, "branches", E, "unknown_code")],
    "code_twice.csv": [(3, "branches", E, "two_of_one")],
    "two_of_one.csv": [(3, "niveau", E, "two_of_one")],
    "level_out_of_range.csv": [(3, "werkvaardigheden", E, "out_of_range")],
    "wanted_and_excluded.csv": [(3, "branches_niet", W, "two_of_one")],
    "bad_id.csv": [(3, "leerlingnummer", E, "bad_id")],
    "bad_postcode.csv": [(3, "postcode", E, "bad_postcode")],
    "unknown_place.csv": [(3, "woonplaats", E, "unknown_place")],
    "ambiguous_place.csv": [(3, "woonplaats", E, "ambiguous_place")],
    "nothing_about_where.csv": [(3, "postcode", W, "required")],
    "postcode_and_place_differ.csv": [(3, "woonplaats", W, "two_of_one")],
    "bad_school.csv": [(3, "brin", E, "bad_school")],
    "personal.csv": [(3, "zelf_gezegd", W, "personal")] * 3,
    "too_long.csv": [(3, "zelf_gezegd", E, "too_long")],
    "duplicate.csv": [(3, "leerlingnummer", E, "duplicate")],
    "open_quote.csv": [(3, "", E, "unreadable")],
    "quote_inside.csv": [(3, "", E, "unreadable")],
    "separator_inside.csv": [(3, "", E, "unreadable")],
    "windows_1252.csv": [(3, "branches", E, "unknown_code")],
    "utf_16.csv": [(3, "branches", E, "unknown_code")],
    "formula_without_outcome.xlsx": [(3, "uren_min", E, "unreadable")],
    "error_cell.xlsx": [(3, "uren_min", E, "unreadable")],
    "fraction_as_student_ref.xlsx": [(5, "leerlingnummer", E, "bad_id")],
    "not_an_object.json": [(2, "", E, "unreadable")],
    "nested_value.json": [(2, "branches", E, "unreadable")],
    "vacancy_bad_kvk.csv": [(3, "kvk", E, "bad_kvk")],
    "vacancy_half_a_place.csv": [(3, "plekken", E, "not_a_number")],
    "vacancy_no_such_time.csv": [(3, "begintijd", E, "out_of_range")],
    "vacancy_ages_crossed.csv": [(3, "leeftijd_min", E, "min_above_max")],
    "vacancy_opening_twice.csv": [(3, "vacaturenummer", E, "duplicate")],
    "vacancy_leerbedrijf.csv": [(3, "leerbedrijf", W, "bad_id")],
    "vacancy_yes_and_no.csv": [(3, "instapcriteria", E, "two_of_one")],
    "decision_unknown.csv": [(3, "besluit", E, "unknown_code")],
}  # fmt: skip


def _maker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_broken", FOLDER / "make.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _broken_files() -> set[str]:
    return {path.name for path in FOLDER.iterdir() if path.suffix in (".csv", ".xlsx", ".json")} - {
        path.name for path in FOLDER.glob("*.expected.csv")
    }


def test_every_broken_file_is_declared_and_has_its_expected_rows_beside_it() -> None:
    assert _broken_files() == set(DECLARED)
    assert {path.name.removesuffix(".expected.csv") for path in FOLDER.glob("*.expected.csv")} == set(DECLARED)
    assert len(DECLARED) >= 60


def test_the_script_makes_the_files_that_lie_here() -> None:
    for name, content in _maker().FILES.items():
        data = content.encode() if isinstance(content, str) else content
        assert (FOLDER / name).read_bytes() == data, name


@pytest.mark.parametrize("name", DECLARED)
def test_a_broken_file_gives_its_one_defect(name: str) -> None:
    errors, _ = check_files([FOLDER / name], {}, "nl")
    assert [(error.row, error.column, error.severity, error.code) for error in errors] == DECLARED[name]


@pytest.mark.parametrize("name", DECLARED)
def test_the_check_prints_the_expected_rows_to_the_byte(name: str) -> None:
    errors, _ = check_files([FOLDER / name], {}, "nl")
    assert csv_bytes(ROWS_HEADER, map(row_cells, errors)) == (FOLDER / f"{name}.expected.csv").read_bytes()


@pytest.mark.parametrize("name", DECLARED)
def test_every_message_says_something_of_its_own_in_english_too(name: str) -> None:
    dutch, english = (check_files([FOLDER / name], {}, lang)[0] for lang in ("nl", "en"))
    assert len(dutch) == len(english)
    for one, other in zip(dutch, english, strict=True):
        assert one.message and other.message and one.message != other.message
        assert "{" not in one.message.replace("{…}", "") and "{" not in other.message.replace("{…}", "")
