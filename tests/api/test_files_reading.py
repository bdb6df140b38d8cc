"""Files as people have them lead to one and the same list, whatever their dress."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from api.errors import WrongUsage
from api.files import ReadResult, Source, kind_of_file, read_decisions, read_leavers, read_vacancies
from api.files.sheets import FILES, SERVICE

HEADER = [
    "leerlingnummer",
    "brin",
    "schooltype",
    "geboortedatum",
    "uitstroomdatum",
    "postcode",
    "arbeidsvermogen",
    "voornaam",
    "zelf_gezegd",
    "branches",
]
ROW = [
    "L-1",
    "25ab",
    "VSO",
    "14-03-2008",
    "17-07-2026",
    "8102 hg",
    "Ja",
    "Zoë",
    "Graag buiten, met mijn handen",
    "infra|groen",
]
CSV = ";".join(HEADER) + "\r\n" + ";".join(ROW) + "\r\n"


def leavers(data: bytes | str, name: str = "lijst.csv", **options: Any) -> ReadResult[Any]:
    return read_leavers(Source(name, data.encode() if isinstance(data, str) else data), **options)


def codes(result: ReadResult[Any]) -> list[tuple[int | None, str, str]]:
    return [(error.row, error.column, error.code) for error in result.errors]


def xlsx(*sheets: list[list[Any]], change: Callable[[Any], None] | None = None) -> bytes:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "default_date_format": "dd-mm-yyyy"})
    for rows in sheets:
        page = book.add_worksheet()
        for index, row in enumerate(rows):
            page.write_row(index, 0, row)
    if change:
        change(book)
    book.close()
    return stream.getvalue()


REFERENCE = leavers(CSV)


def test_the_plain_list_is_read_as_a_person_reads_it() -> None:
    ((row, student),) = REFERENCE.records
    assert (row, REFERENCE.errors, REFERENCE.refused) == (2, (), False)
    assert (student.school, student.student_ref, student.birth_date) == ("25AB00", "L-1", date(2008, 3, 14))
    assert (student.leaves_on, student.work_capacity, student.branches) == (
        date(2026, 7, 17),
        "yes",
        ("infra", "green"),
    )
    assert student.location is not None and student.location.municipality_code == "GM0177"
    assert student.location.label == "8102"
    assert student.background.first_name == "Zoë" and student.background.school_type == "vso"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("mark", [";", ",", "\t"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_encoding_separator_and_line_ends_do_not_matter(encoding: str, mark: str, newline: str) -> None:
    rows = [[f'"{cell}"' if mark in cell else cell for cell in row] for row in (HEADER, ROW)]
    data = newline.join(mark.join(row) for row in rows).encode(encoding)
    assert leavers(data).records == REFERENCE.records


def test_a_file_pasted_together_of_utf_8_and_windows_1252_is_read_line_by_line() -> None:
    other = ";".join(["L-2", *ROW[1:]]) + "\r\n"
    result = leavers(CSV.encode("utf-8") + other.encode("cp1252"))
    assert [student.background.first_name for _, student in result.records] == ["Zoë", "Zoë"]


def test_excels_own_sep_line_names_the_separator_and_is_no_row() -> None:
    result = leavers("sep=,\n" + CSV.replace(", met", " met").replace(";", ",") + "L-1,25AB\n")
    assert [row for row, _ in result.records] == [2]
    assert {row for row, _, _ in codes(result)} == {3}


def test_rows_are_counted_as_the_spreadsheet_counts_them() -> None:
    quoted = CSV.replace("Graag buiten, met mijn handen", '"Graag buiten,\nmet mijn handen"')
    result = leavers(
        "Uitstroom 2026;;\r\n;;\r\n\r\n" + quoted + "\r\n" + CSV.split("\r\n")[1].replace("14-03-2008", "gisteren")
    )
    assert [row for row, _ in result.records] == [5]
    assert (7, "geboortedatum", "not_a_date") in codes(result)


def test_a_template_note_and_a_repeated_header_are_no_rows() -> None:
    result = leavers(CSV + ";".join(HEADER) + "\r\n# toegestane waarden: tekst;;;\r\n")
    assert result.errors == () and result.rows == 1


def test_english_headers_in_another_order_and_case_give_the_same_student() -> None:
    english = [
        "Branches",
        "OWN WORDS",
        "First-Name",
        "work_capacity",
        "Post Code",
        "Leaves on",
        "Date of birth",
        "school type",
        "School",
        "Student_Ref",
    ]
    text = ";".join(english) + "\n" + ";".join(reversed(ROW)) + "\n"
    assert leavers(text).records == REFERENCE.records


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Leerlingnr.", "student_ref"),
        ("Stamnr", "student_ref"),
        ("BRIN-nummer", "school"),
        ("Brin vestiging", "school"),
        ("Geb.datum", "birth_date"),
        ("Geboortedatum (dd-mm-jjjj)", "birth_date"),
        ("Datum uitstroom", "leaves_on"),
        ("Roepnaam", "first_name"),
        ("Soort onderwijs", "school_type"),
        ("Leerlingnummer (geen BSN)", "student_ref"),
        ("Kan werken", "work_capacity"),
        ("Voorkeursbranches", "branches"),
        ("POSTCODE *", "postcode"),
    ],
)
def test_headers_as_schools_write_them_are_known(header: str, field: str) -> None:
    dutch = {
        "student_ref": 0,
        "school": 1,
        "school_type": 2,
        "birth_date": 3,
        "leaves_on": 4,
        "postcode": 5,
        "work_capacity": 6,
        "first_name": 7,
        "branches": 9,
    }[field]
    result = leavers(CSV.replace(HEADER[dutch], header, 1))
    assert result.records == REFERENCE.records and result.errors == ()


def test_a_spreadsheet_with_titles_formats_and_numbers_as_text_gives_the_same_student() -> None:
    rows = [["Uitstroomlijst", None], [], HEADER, [], [*ROW[:3], date(2008, 3, 14), datetime(2026, 7, 17), *ROW[5:]]]
    ((row, student),) = leavers(xlsx(rows), "lijst.xlsx").records
    assert row == 5 and student == REFERENCE.records[0][1]


def test_numbers_in_a_spreadsheet_are_ids_postcodes_and_serial_dates() -> None:
    row = [12345, "25AB00", "vso", 39521, 46220.0, 8102, True, "Zoë", "Graag buiten, met mijn handen", "infra"]
    ((_, student),) = leavers(xlsx([HEADER, row]), "lijst.xlsx").records
    assert student.student_ref == "12345" and student.birth_date == date(2008, 3, 14)
    assert student.leaves_on == date(2026, 7, 17) and student.work_capacity == "yes"


def test_the_sheet_with_the_header_is_read_and_a_hidden_one_only_when_no_other_has_it() -> None:
    data = xlsx([["Uitleg"], ["Vul het volgende blad in"]], [HEADER, ROW])
    assert leavers(data, "a.xlsx").records == REFERENCE.records
    hidden = xlsx([["Uitleg"]], [HEADER, ROW], change=lambda book: book.worksheets()[1].hide())
    assert leavers(hidden, "b.xlsx").records == REFERENCE.records
    old = [HEADER, ["L-9", *ROW[1:]]]
    shown = xlsx(old, [HEADER, ROW], change=lambda book: (book.worksheets()[1].activate(), book.worksheets()[0].hide()))
    assert leavers(shown, "c.xlsx").records == REFERENCE.records


def test_json_with_lists_gives_the_same_student() -> None:
    body = dict(zip(HEADER, ROW, strict=True)) | {
        "branches": ["infra", "groen"],
        "arbeidsvermogen": True,
        "postcode": "8102",
    }
    result = leavers(json.dumps([body]), "lijst.json")
    assert result.records == ((1, REFERENCE.records[0][1]),) and result.errors == ()


def test_every_defect_of_every_row_is_reported_in_one_pass_and_good_rows_go_on() -> None:
    bad = [
        ["L-2", "x", "vso", "1/2/2008", "17-07-2026", "81", "Ja", "", "", "infar|groen|nope"],
        ["L-1", "25AB", "vso", "14-03-2008", "17-07-2026", "8102", "soms eens", "", "", ""],
    ]
    result = leavers(CSV + "".join(";".join(row) + "\r\n" for row in bad) + ";".join(["L-3", *ROW[1:]]))
    assert codes(result) == [
        (3, "brin", "bad_school"),
        (3, "geboortedatum", "ambiguous_date"),
        (3, "postcode", "bad_postcode"),
        (3, "branches", "unknown_code"),
        (3, "branches", "unknown_code"),
        (4, "leerlingnummer", "duplicate"),
        (4, "arbeidsvermogen", "unknown_code"),
    ]
    assert [row for row, _ in result.records] == [2, 5] and result.rows == 4
    assert "Bedoel je `infra`" in result.errors[3].message
    assert result.left_out == {"25AB00/L-1"}


def test_messages_come_in_english_as_well() -> None:
    result = leavers(CSV.replace("infra", "infar"), lang="en")
    assert "Did you mean `infra` (civil engineering)?" in result.errors[0].message


def test_our_own_guarded_cells_are_read_without_their_apostrophe() -> None:
    text = CSV.replace("Graag buiten, met mijn handen", "'-5 graden is prima")
    assert leavers(text).records[0][1].background.own_words == "-5 graden is prima"


def test_columns_nobody_asked_for_are_named_and_leave_no_trace() -> None:
    text = "Geslacht;Nationaliteit;IQ;Diagnose;Doelgroepregister;Achternaam;hobbies;" + CSV.replace(
        "\r\nL-1", "\r\nv;Nederlandse;81;autisme;ja;Jansen;vissen;L-1"
    )
    result = leavers(text)
    assert result.records == REFERENCE.records
    assert [code for _, _, code in codes(result)] == ["unasked_column"] * 6 + ["unmapped_column"]
    said = " ".join(str(error) for error in result.errors)
    assert not any(word in said for word in ("Nederlandse", "81", "autisme", "Jansen", "vissen"))


def test_a_near_miss_of_a_header_gets_a_suggestion() -> None:
    result = leavers(CSV.replace("branches", "brnaches"))
    assert codes(result) == [(None, "brnaches", "unmapped_column")] and "`branches`" in result.errors[0].message


def test_a_header_that_only_the_user_knows_can_be_named() -> None:
    text = CSV.replace("geboortedatum", "dd").replace("branches", "sectorcode")
    named = leavers(text, columns={"DD": "geboortedatum", "sectorcode": "branches"})
    assert named.records == REFERENCE.records and named.named == {"dd", "sectorcode"}
    with pytest.raises(WrongUsage, match="birthdate_of"):
        leavers(text, columns={"dd": "birthdate_of"})


def test_a_named_header_comes_before_our_own_words() -> None:
    text = CSV.replace("postcode", "wijk;postcode").replace("8102 hg", "8111;8102 hg")
    result = leavers(text, columns={"wijk": "postcode"})
    location = result.records[0][1].location
    assert location is not None and location.label == "8111"
    assert codes(result) == [(None, "postcode", "unmapped_column")]


def test_a_side_entrant_has_a_referrer_and_needs_no_leaving_date() -> None:
    text = (
        "student_ref,referrer,birth_date,work_capacity\nA-1,12345678,2005-01-31,yes\nA-2,UWV  Zwolle,2005-01-31,yes\n"
    )
    result = leavers(text)
    assert [(student.school, student.leaves_on, student.background.is_referrer) for _, student in result.records] == [
        ("12345678", None, True),
        ("UWV Zwolle", None, True),
    ]
    assert {error.severity for error in result.errors} == {"warning"}  # nothing says where they live


def test_a_student_at_two_schools_is_two_students_and_a_repeat_in_a_second_file_is_one_too_many() -> None:
    other = leavers(CSV + ";".join(["L-1", "25AC", *ROW[2:]]))
    assert len(other.records) == 2 and other.errors == ()
    both = read_leavers([Source("a.csv", CSV.encode()), Source("b.csv", CSV.encode())])
    assert [(error.file, error.row, error.code) for error in both.errors] == [("b.csv", 2, "duplicate")]


def test_the_latest_of_two_intakes_is_another_opening() -> None:
    header = "vacancy_ref,employer_kvk,tasks,branch,place,starts_on,places"
    text = f"{header}\nV1,12345678,straten!|groen,infra,Raalte,2026-09-01,2\n"
    result = read_vacancies(Source("v.csv", (text + text.split("\n")[1].replace("09-01", "02-01") + "\n").encode()))
    assert [opening.key for _, opening in result.records] == ["V1@2026-09-01", "V1@2026-02-01"]
    assert [demand.must for demand in result.records[0][1].tasks] == [True, False]


def test_a_vacancy_with_every_cell_filled_is_read_whole() -> None:
    header = (
        "vacancy_ref,employer_kvk,tasks,branch,place,starts_on,places,min_to_open,present,route,hours_min,hours_max,"
        "starts_at,ends_at,support_offered,participation_option,participation_criteria,work_skills,job_guarantee"
    )
    row = (
        'V1,1234 5678,straten,infra,Raalte,1-9-2026,12,10,3,groep,28,"32,5",7.30,16:00 uur,'
        "quiet_spot=limited|-step_cards|own_pace,1,concept|-allies,pace=2!|planning=0,nee"
    )
    result = read_vacancies(Source("v.csv", f"{header}\n{row}\n".encode()))
    assert result.errors == ()
    opening = result.records[0][1]
    assert (opening.places, opening.min_to_open, opening.present, opening.route) == (12, 10, 3, "group")
    assert (opening.hours_max, opening.starts_at, opening.ends_at) == (32.5, 450, 960)
    assert opening.support_offered == (("quiet_spot", "limited"), ("step_cards", "no"), ("own_pace", "yes"))
    assert (opening.criteria_met, opening.criteria_not_met) == (("concept",), ("allies",))
    assert [(d.text, d.level, d.must) for d in opening.work_skills] == [("pace", 2, True), ("planning", 0, False)]
    assert opening.job_guarantee is False and opening.certainty == "firm" and opening.entry == "either"


def test_time_cells_of_a_spreadsheet_are_times() -> None:
    header = ["vacaturenummer", "kvk", "taken", "branche", "plaats", "startdatum", "plekken", "begintijd", "eindtijd"]
    row = ["V1", "12345678", "straten", "infra", "Raalte", date(2026, 9, 1), 2.0, 0.3125, time(16, 15)]
    ((_, opening),) = read_vacancies(Source("v.xlsx", xlsx([header, row]))).records
    assert (opening.starts_at, opening.ends_at, opening.places) == (450, 975, 2)


def test_none_in_words_is_known_to_be_none_and_an_empty_cell_is_unknown() -> None:
    text = CSV.replace("branches", "begeleiding_nodig;certificaten;werk_niet").replace("infra|groen", "geen;none;Geen")
    student = leavers(text).records[0][1]
    assert (student.support_needed, student.certificates, student.conditions_unacceptable) == ((), (), ())
    unknown = leavers(text.replace("geen;none;Geen", ";onbekend;n.v.t.")).records[0][1]
    assert (unknown.support_needed, unknown.certificates, unknown.conditions_unacceptable) == (None, None, None)


def test_the_headers_tell_which_list_a_file_is() -> None:
    decisions = b"school;student_ref;vacancy_ref;decision\n25AB;L-1;V1;pin\n"
    assert kind_of_file(Source("x.csv", CSV.encode())) == "leavers"
    assert kind_of_file(Source("x.csv", b"vacaturenummer;kvk;taken;branche;startdatum;plekken\n")) == "vacancies"
    assert kind_of_file(Source("x.csv", decisions)) == "decisions"
    assert kind_of_file(Source("x.csv", b"naam;adres\n")) is None


def test_a_decision_names_the_school_as_the_outputs_do() -> None:
    text = "school,student_ref,vacancy_ref,starts_on,decision,reason,on\n25ab,L-1,V1,,reject,te ver,2026-06-01\n"
    ((_, decision),) = read_decisions(Source("d.csv", text.encode())).records
    assert (decision.school, decision.decision, decision.starts_on) == ("25AB00", "reject", None)


def test_a_file_that_is_not_there_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(WrongUsage, match="nergens"):
        read_leavers(tmp_path / "nergens.csv")


def test_ten_thousand_rows_are_read_and_too_many_are_refused() -> None:
    line = ";".join(ROW) + "\n"
    body = "".join(line.replace("L-1", f"L-{number}") for number in range(10_000))
    result = leavers(";".join(HEADER) + "\n" + body)
    assert len(result.records) == 10_000 and result.errors == ()
    many = leavers(";".join(HEADER) + "\n" + ";\n" * 3 + "L;\n" * 50_200)
    assert many.refused and codes(many) == [(None, "", "unreadable")]


FEW = ("leerlingnummer", "brin", "schooltype", "geboortedatum", "uitstroomdatum", "postcode", "arbeidsvermogen")
CELLS = ("25AB00", "pro", "14-03-2008", "17-07-2026", "8102", "ja")


def big(kind: str, rows: int, columns: int) -> Source:
    """A leaver list of so many rows and columns, as it is handed in to the service."""
    header = [*FEW, *(f"extra {k}" for k in range(columns - len(FEW)))]
    lines = [(f"L{k}", *CELLS, *("",) * (columns - len(FEW))) for k in range(rows)]
    if kind == "xlsx":
        return Source("lijst.xlsx", xlsx([header, *map(list, lines)]), limits=SERVICE)
    if kind == "json":
        text = json.dumps([dict(zip(header, line, strict=True)) for line in lines])
    else:
        text = "\n".join(map(";".join, [header, *lines]))
    return Source(f"lijst.{kind}", text.encode(), limits=SERVICE)


@pytest.mark.parametrize("kind", ["csv", "xlsx", "json"])
def test_the_service_takes_lists_of_5000_rows_and_60_columns_and_a_machine_of_ones_own_takes_more(kind: str) -> None:
    full, long, wide = big(kind, 5_000, 60), big(kind, 5_001, 7), big(kind, 1, 61)
    assert len(read_leavers(full).records) == 5_000
    for source, found in ((long, "5001"), (wide, "61")):
        refused = read_leavers(source)
        assert (refused.refused, refused.rows, refused.records, refused.defects) == (True, 0, (), ())
        assert [(e.row, e.code, e.found) for e in refused.errors] == [(None, "unreadable", found)]
        own = read_leavers(replace(source, limits=FILES, opened=[]))
        assert (own.refused, own.rows) == (False, 5_001 if source is long else 1)
