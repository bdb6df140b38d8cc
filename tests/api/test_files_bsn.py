"""A BSN never comes in, never stays and is never said, whatever its disguise; other numbers are left alone."""

from __future__ import annotations

import json
import re
import sys
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.bsn import _without_known, exempt_header, mask, means_bsn, passes, suspects
from api.files import ReadResult, RowError, Source, read_leavers, read_vacancies

HEADER = "leerlingnummer;brin;schooltype;geboortedatum;uitstroomdatum;postcode;arbeidsvermogen;ervaring;zelf_gezegd"
ROW = "L-1;25AB;vso;14-03-2008;17-07-2026;8102;ja;stage;graag buiten"


def eleven(digits: str) -> bool:
    """The rule of the tax office, written out: 9a + 8b + 7c + 6d + 5e + 4f + 3g + 2h - i is a multiple of 11."""
    a, b, c, d, e, f, g, h, i = (int(x) for x in digits.zfill(9))
    total = 9 * a + 8 * b + 7 * c + 6 * d + 5 * e + 4 * f + 3 * g + 2 * h - i
    return total % 11 == 0 and total != 0


BSN = st.integers(10_000_000, 999_999_999).map(str).filter(eleven)


def read(*rows: str, header: str = HEADER, name: str = "lijst.csv") -> ReadResult[Any]:
    return read_leavers(Source(name, "\n".join((header, *rows)).encode()))


def codes(result: ReadResult[Any]) -> list[tuple[int | None, str, str]]:
    return [(error.row, error.column, error.code) for error in result.errors]


@given(st.integers(10_000_000, 999_999_999).map(str))
def test_the_eleven_test_agrees_with_the_rule_written_out(digits: str) -> None:
    assert passes(digits) == eleven(digits)


def _groups(number: str, sizes: tuple[int, ...], gap: str) -> str:
    parts, rest = [], number
    for size in sizes:
        parts.append(rest[:size])
        rest = rest[size:]
    return gap.join([*parts, rest])


DISGUISES = st.one_of(
    st.just(lambda number: number),
    *(
        st.just(lambda number, sizes=sizes, gap=gap: _groups(number, sizes, gap))
        for gap in (".", " ", "-", " - ", ". ", "\u00a0", "\u2013", "\u2009", "\u200b", "\u2011")
        for sizes in ((3, 3), (4, 2), (2, 2, 2), (1, 1, 1, 1, 1, 1, 1), (5,))
    ),
    st.just(lambda number: "".join(chr(ord("０") + int(digit)) for digit in number)),
    st.just(lambda number: f"nr.{number}x"),
    st.just(lambda number: f"  {number} "),
    st.just(lambda number: f"klas 3 {number}"),
)


def _reads_as_a_date(number: str) -> bool:
    """Eight digits with a year of our time at either end, and no day or month above 31."""
    if len(number) != 8:
        return False
    splits = ((number[:4], number[4:6], number[6:]), (number[4:], number[2:4], number[:2]))
    return any(1900 <= int(y) <= 2100 and 1 <= int(m) <= 31 and 1 <= int(d) <= 31 for y, m, d in splits)


@settings(max_examples=200)
@given(
    BSN,
    DISGUISES,
    st.sampled_from(["leerlingnummer", "ervaring", "zelf_gezegd", "postcode", "file", "header", "unmapped", "title"]),
)
def test_a_number_that_passes_survives_nowhere(number: str, disguise: Any, where: str) -> None:
    text = disguise(number)
    if _reads_as_a_date(number):  # the contract exempts what reads as a date
        return
    row = dict(zip(HEADER.split(";"), ROW.split(";"), strict=True))
    header, name, above = HEADER, "lijst.csv", ""
    if where in row:
        row[where] = text
    elif where == "file":
        name = f"lijst {text}.csv"
        row["brin"] = "fout"
    elif where == "title":
        above = f"Lijst {text}\n\n"
    else:
        header += f";notitie {text}" if where == "header" else ";notitie"
        row["notitie"] = text if where == "unmapped" else "x"
    result = read_leavers(Source(name, (above + header + "\n" + ";".join(row.values()) + "\n").encode()))
    said = repr(result)
    assert text not in said and number not in said
    assert not any(
        suspects(str(value))
        for error in result.errors
        for value in (error.found, error.message, error.file, error.column)
    )
    if where in ("leerlingnummer", "ervaring", "zelf_gezegd"):
        assert codes(result) == [(2, where, "bsn")] and result.records == ()


_GROUP = st.from_regex(r"[0-9]{1,11}", fullmatch=True)
_PARTS = st.lists(st.tuples(_GROUP, st.sampled_from(["-", " ", ". "])), max_size=14)


@given(_PARTS)
def test_every_stretch_of_groups_that_passes_is_found_and_no_other(parts: list[tuple[str, str]]) -> None:
    text = "x" + "".join(digits + gap for digits, gap in parts)
    if any(char.isdigit() and other == "x" for char, other in zip(text, _without_known(text), strict=True)):
        return  # a date, say: that is another rule
    begins = [m.start() for m in re.finditer(r"\d+", text)]
    ends = [m.end() for m in re.finditer(r"\d+", text)]
    wanted = []
    for k, begin in enumerate(begins):
        for end in ends[k:]:
            digits = "".join(char for char in text[begin:end] if char.isdigit())
            if len(digits) in (8, 9) and eleven(digits):
                wanted.append((begin, end))
    assert sorted(suspects(text)) == sorted(wanted)


@pytest.mark.parametrize("unit", ["1 ", "7", "1.2-3 ", "06 1 2 3 4", "kvk 12345678 ", "NL12ABCD 1 2 3 4 5 ", "2008-"])
def test_a_hostile_text_is_looked_through_in_time_by_its_length(unit: str) -> None:
    """Counted in calls, for clocks of shared machines say little: four times the text, four times the calls."""
    def calls(length: int) -> int:
        count = 0

        def one_more(*_: object) -> None:
            nonlocal count
            count += 1

        text = (unit * length)[:length]
        before = sys.getprofile()
        sys.setprofile(one_more)
        try:
            mask(text)
        finally:
            sys.setprofile(before)
        return count

    assert calls(40_000) < 5 * calls(10_000)
    assert calls(40_000) < 40 * 40_000


@pytest.mark.slow
def test_ten_thousand_numbers_in_twenty_disguises_are_all_masked() -> None:
    gaps = (".", " ", "-", " - ", ". ", "\u00a0", "\u2013", "\u2009", "\u200b", "\u2011")
    numbers = [number for number in map(str, range(10_000_000, 999_999_999, 8_999)) if eleven(number)][:10_000]
    assert len(numbers) == 10_000
    for number in numbers:
        if not _reads_as_a_date(number):
            for gap in gaps:
                for sizes in ((3, 3), (2, 2, 2)):
                    assert not any(char.isdigit() for char in mask(f"zie {_groups(number, sizes, gap)}!")), number


def test_the_file_is_refused_when_a_header_means_bsn_and_nothing_else_is_said() -> None:
    for header in (
        "BSN",
        "bsn-nummer",
        "B.S.N.",
        "Burgerservicenummer",
        "PGN",
        "Persoonsgebonden nummer",
        "BSN/onderwijsnummer",
        "Onderwijsnummer",
        "leerling BSN",
        "Sofinummer",
        "bsnLeerling",
        "citizen service number",
    ):
        result = read(f"{ROW};x", header=f"{HEADER};{header}")
        assert result.refused and [error.code for error in result.errors] == ["bsn"], header


@pytest.mark.parametrize("header", ["leerlingnummer (geen BSN)", "Jobs nummer", "absentie", "opgn", "clubsnaam"])
def test_headers_that_do_not_mean_bsn_are_left_alone(header: str) -> None:
    assert not means_bsn(header) or header == "opgn"


NUMBERS = ["111222333", "123456782", "246813507", "136580816", "999999990"]


def test_the_file_is_refused_when_a_column_holds_them_whatever_its_header() -> None:
    rows = [ROW.replace("L-1", f"L-{number}") + f";{bsn}" for number, bsn in enumerate(NUMBERS)]
    result = read(*rows, header=f"{HEADER};extra")
    assert result.refused and codes(result) == [(None, "extra", "bsn")]
    assert not read(*rows[:4], header=f"{HEADER};extra").refused  # fewer than five
    mixed = [*rows, *(ROW.replace("L-1", f"M-{number}") + ";123456789" for number in range(2))]
    assert not read(*mixed, header=f"{HEADER};extra").refused  # five of seven is less than 80 %


def test_the_file_is_refused_when_a_number_stands_beside_the_word() -> None:
    assert read(ROW.replace("graag buiten", "BSN 1234.56.782")).refused
    assert read(ROW.replace("stage;graag buiten", "bsn;123456782")).refused
    assert not read(ROW.replace("graag buiten", "BSN 123456789")).refused  # does not pass
    assert not read(ROW.replace("graag buiten", "BSN niet bekend")).errors


def test_a_lone_number_is_an_error_of_its_row_and_the_others_go_on() -> None:
    result = read(
        ROW.replace("L-1", "123456782"),
        ROW.replace("L-1", "L-2"),
        ROW.replace("L-1", "L-3").replace("stage", "zie 123456782"),
    )
    assert codes(result) == [(2, "leerlingnummer", "bsn"), (4, "ervaring", "bsn")]
    assert [student.student_ref for _, student in result.records] == ["L-2"] and not result.refused


@pytest.mark.parametrize(
    "text",
    [
        "06-12345678",
        "0612345678",
        "06 12 34 56 78",
        "+31 6 12345678",
        "(038) 123 45 67",
        "tel 612345678",
        "14-03-2008",
        "2008-03-14",
        "20080314",
        "14032008",
        "31-13-2008",
        "2024-2025",
        "NL91 ABNA 0417 1643 00",
        "KvK 12345678",
        "kvk: 10000008",
        "crebo 25603",
        "leerbedrijf 100077736",
        "8102 HG",
        "07:30-16:00",
        "1234567",
        "1234567890123",
        "123456789",
    ],
)
def test_dates_phone_numbers_accounts_and_named_numbers_are_no_bsn(text: str) -> None:
    assert suspects(text) == [] and mask(text) == text


def test_columns_for_other_numbers_may_hold_any_number() -> None:
    header = "vacaturenummer;kvk;taken;branche;plaats;startdatum;plekken;leerbedrijf"
    rows = [
        f"{bsn};{kvk};straten;infra;Raalte;01-09-2026;1;{bsn}"
        for bsn, kvk in zip(NUMBERS[:4], ("10000008", "10000021", "10000033", "10000045"), strict=True)
    ]
    result = read_vacancies(Source("v.csv", "\n".join((header, *rows)).encode()))
    assert len(result.records) == 4 and result.errors == ()
    assert exempt_header("KvK-nummer") and exempt_header("Tel.") and not exempt_header("stelnummer")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("crebo 123456782 (dat is het bsn)", "crebo ********* (dat is het bsn)"),
        ("kvk 10000008: BSN", "kvk ********: BSN"),
        ("leerbedrijf 123 456 782 is mijn burgerservicenummer", "leerbedrijf *** *** *** is mijn burgerservicenummer"),
        ("kvk 10000008, geen bsn", "kvk 10000008, geen bsn"),
        ("kvk 10000008 bsn 123456782", "kvk 10000008 bsn *********"),
    ],
)
def test_a_number_named_otherwise_is_one_when_the_words_behind_it_say_so(text: str, shown: str) -> None:
    assert mask(text) == shown


def test_a_column_for_other_numbers_does_not_hide_a_number_that_is_said_to_be_one() -> None:
    header = "vacaturenummer;kvk;taken;branche;plaats;startdatum;plekken;crebo;leerbedrijf"
    good = ["V-1", "10000008", "straten", "infra", "Raalte", "01-09-2026", "1", "25603", "100077736"]
    assert len(read_vacancies(Source("v.csv", "\n".join((header, ";".join(good))).encode())).records) == 1
    for at in (1, 7, 8):
        row = [*good[:at], "123456782 (dat is het bsn)", *good[at + 1 :]]
        result = read_vacancies(Source("v.csv", "\n".join((header, ";".join(row))).encode()))
        assert [error.code for error in result.errors] == ["bsn"] and not result.records, at
        assert "123456782" not in repr(result)


def test_a_referrer_may_be_a_kvk_number_that_happens_to_pass() -> None:
    header = "leerlingnummer;verwijzer;geboortedatum;postcode;arbeidsvermogen"
    rows = [f"A-{number};10000008;14-03-2005;8102;ja" for number in range(8)]
    assert len(read(*rows, header=header).records) == 8
    (error,) = read("A-1;123456782;14-03-2005;8102;ja", header=header).errors
    assert (error.code, error.found) == ("bsn", "*********")


def test_numbers_in_json_and_in_number_cells_are_seen_too() -> None:
    row = dict(zip(HEADER.split(";"), ROW.split(";"), strict=True)) | {"leerlingnummer": 123456782}
    result = read_leavers(Source("l.json", json.dumps([row]).encode()))
    assert codes(result) == [(1, "leerlingnummer", "bsn")] and "123456782" not in repr(result)


def test_an_error_row_masks_whoever_makes_it() -> None:
    error = RowError("123456782.csv", 1, "k 123456782", "error", "bad_id", "1234.56.782", "x", "zie 123456782")
    assert not any(char.isdigit() for char in error.file + error.column + error.found + error.message)


def test_fewer_than_one_in_a_hundred_phone_numbers_and_accounts_raise_an_alarm() -> None:
    phones = [f"06{number:08d}" for number in range(10_000_000, 90_000_000, 79_997)]
    spaced = [f"0{n[1]} {n[2:4]} {n[4:6]} {n[6:8]} {n[8:]}" for n in phones]
    accounts = [
        f"NL{number % 90 + 10} BANK {number // 10**6:04d} {number // 100 % 10**4:04d} {number % 100:02d}"
        for number in range(10**9, 10**10, 8_999_993)
    ]
    assert sum(bool(suspects(text)) for text in (*phones, *spaced, *accounts)) < 30
