"""Templates: what they hold, that they pass the check, and that a list made from them reads back."""

from __future__ import annotations

import csv
import io
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from api import cli
from api.files import Source, read_decisions, read_leavers, read_vacancies
from api.schemas.base import RowSchema
from api.schemas.columns import KINDS, plain
from api.schemas.values import Value
from api.template_files import SCHEMAS, template_csv, template_xlsx

READ = {"leavers": read_leavers, "vacancies": read_vacancies, "decisions": read_decisions}
INTERFACE = {
    "leavers": (
        "student_ref school referrer school_type leaving_profile first_name birth_date enrolled leaves_on"
        " available_from postcode place travel_means max_km max_minutes travels_alone hours_min hours_max"
        " branches branches_excluded route contract_types tasks_wanted tasks_disliked tasks_mastered"
        " experience own_words work_skills support_needed support_half_days conditions_wanted"
        " conditions_unacceptable certificates level work_capacity consent_on confirmed_on destination"
    ),
    "vacancies": (
        "vacancy_ref employer_kvk employer title tasks description branch postcode place starts_on places"
        " min_to_open present certainty duration_months route entry contract_type participation_option"
        " participation_criteria hours_min hours_max starts_at ends_at age_min age_max level_min"
        " certificates_required certificates_obtainable support_offered supervision_half_days conditions"
        " work_skills leerbedrijf_id crebo job_guarantee trial_months closes_on confirmed_on"
    ),
    "decisions": (
        "school student_ref vacancy_ref starts_on decision reason on"
    ),
}


@pytest.mark.parametrize("kind", KINDS)
def test_the_columns_are_those_of_the_interface_and_each_has_a_field(kind: str) -> None:
    assert [column.name for column in KINDS[kind]] == INTERFACE[kind].split()
    assert list(SCHEMAS[kind]().fields) == INTERFACE[kind].split()


@pytest.mark.parametrize("kind", KINDS)
def test_no_header_means_two_columns_of_one_list(kind: str) -> None:
    words = [word for column in KINDS[kind] for word in column.words()]
    assert len(words) == len(set(words)) and all(word == plain(word) for word in words)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_example_passes_the_check_and_says_the_same_in_both_languages(kind: str, form: str) -> None:
    make = template_csv if form == "csv" else template_xlsx
    dutch, english = (READ[kind](Source(f"t.{form}", make(kind, lang)), lang=lang) for lang in ("nl", "en"))
    for result in (dutch, english):
        assert result.errors == () and len(result.records) == result.rows == 1
    assert _facts(dutch.records[0][1]) == _facts(english.records[0][1])


def _facts(record: Any) -> dict[str, Any]:
    """The record without free text, which differs by language."""
    free = {"experience", "background", "employer", "title", "description", "reason"}
    return {field.name: getattr(record, field.name) for field in fields(record) if field.name not in free}


@pytest.mark.parametrize("kind", KINDS)
def test_the_csv_template_has_headers_one_example_and_what_each_column_takes(kind: str) -> None:
    header, example, notes = csv.reader(io.StringIO(template_csv(kind, "en").decode()))
    assert header == INTERFACE[kind].split() and len(example) == len(notes) == len(header)
    assert notes[0].startswith("# allowed values") and all(notes)
    codes = dict(zip(header, notes, strict=True))
    if kind == "leavers":
        assert (
            "infra" in codes["branches"]
            and "school_diploma" in codes["level"]
            and "quiet_spot" in codes["support_needed"]
        )


def test_templates_are_the_same_bytes_every_time() -> None:
    assert template_xlsx("leavers", "nl") == template_xlsx("leavers", "nl")


@pytest.mark.parametrize("schema", SCHEMAS.values())
def test_every_column_says_what_it_takes(schema: type[RowSchema]) -> None:
    readers: list[Value] = [schema.reader(name) for name in schema().fields]
    assert all(reader.expected for reader in readers)


def test_the_command_writes_templates_and_keeps_what_is_there(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert cli.run(["template", "leavers"]) == 0
    assert capfdbinary.readouterr().out == template_csv("leavers", "nl")
    assert (
        cli.run(["template", "vacancies", "--format", "xlsx", "--out", str(tmp_path / "v.xlsx"), "--lang", "en"]) == 0
    )
    assert (tmp_path / "v.xlsx").read_bytes() == template_xlsx("vacancies", "en")
    assert cli.run(["template", "vacancies", "--out", str(tmp_path / "v.xlsx")]) == 2
    assert (tmp_path / "v.xlsx").read_bytes() == template_xlsx("vacancies", "en")
    assert cli.run(["template", "leavers", "--format", "toml"]) == 2
    assert cli.run(["template", "nobody"]) == 2
    capfdbinary.readouterr()


def test_a_spreadsheet_goes_to_a_file_or_a_pipe_and_not_to_a_screen(
    capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cli.run(["template", "leavers", "--format", "xlsx"]) == 0
    assert capfdbinary.readouterr().out == template_xlsx("leavers", "nl")
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    assert cli.run(["template", "leavers", "--format", "xlsx"]) == 2
    told = capfdbinary.readouterr()
    assert (told.out, b"--out" in told.err) == (b"", True)


def test_a_policy_template_is_toml(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert cli.run(["template", "policy"]) == 0
    assert b"[weights]" in capfdbinary.readouterr().out
    assert cli.run(["template", "policy", "--format", "csv"]) == 2
