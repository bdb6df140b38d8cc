"""What is not asked is not stored, what may not count does not count, and what is private stays where it belongs."""
from __future__ import annotations

import io
import zipfile

import pytest

from tests.end_to_end.match_contract_cases import (
    BRANCH_ALONE,
    NO_FLOOR,
    Desk,
    Done,
    csv_text,
    decision,
    leaver,
    vacancy,
)
from tests.end_to_end.match_contract_cohort import CAPS, Rows, cohort

SPECIAL = {
    "geslacht": "xvrouwx", "nationaliteit": "Syrisch-canary", "geboorteland": "Eritrea-canary", "telefoon": "06-canary",
    "achternaam": "Canarisma", "diagnose": "autisme-canary", "thuistaal": "Tigrinya-canary", "e-mail": "x@canary.nl",
    "uitkering": "wajong-canary", "Iets heel anders": "vrij-canary",
}  # fmt: skip
MARKS = ("canary", "Canarisma", "xvrouwx")


def contents(done: Done) -> dict[str, bytes]:
    """Every file of a folder, a workbook's parts unpacked, timings included."""
    found: dict[str, bytes] = {}
    for path in sorted(done.out.rglob("*")):
        if not path.is_file():
            continue
        name = str(path.relative_to(done.out))
        data = found[name] = path.read_bytes()
        if path.suffix == ".xlsx":
            with zipfile.ZipFile(io.BytesIO(data)) as book:
                found |= {f"{name}/{part}": book.read(part) for part in book.namelist()}
    return found


def holding(done: Done, mark: str) -> set[str]:
    """The files that hold a text, and the streams."""
    said = {"stdout": done.stdout.encode(), "stderr": done.stderr.encode()}
    return {name for name, data in (contents(done) | said).items() if mark.encode() in data}


def test_columns_nobody_asked_for_are_named_and_their_values_stand_nowhere(desk: Desk) -> None:
    rows = [leaver(**SPECIAL), leaver("B", **SPECIAL, birth_date="x")]
    done = desk.match(rows, [vacancy(salaris="loon-canary")])
    assert done.status == 0, done.stderr
    for mark in MARKS:
        assert holding(done, mark) == set()
    named = {row["column"]: row for row in done.rows("rows.csv") if row["row"] == ""}
    assert set(named) == {*SPECIAL, "salaris"}
    assert {row["severity"] for row in named.values()} == {"warning"}
    assert {row["code"] for name, row in named.items() if name != "Iets heel anders"} == {"unasked_column"}
    assert named["Iets heel anders"]["code"] == "unmapped_column"


PERSONAL = {
    "achternaam": ("de Vries", "El Idrissi", "Nguyen"), "geslacht": ("m", "v", "x"),
    "nationaliteit": ("Nederlandse", "Syrische", "Poolse"), "thuistaal": ("Nederlands", "Arabisch", "Pools"),
    "geboorteland": ("Nederland", "Eritrea", "Suriname"), "religie": ("geen", "islam", "rooms-katholiek"),
}  # fmt: skip


def test_columns_nobody_asked_for_change_nothing(desk: Desk) -> None:
    ours, theirs, said = cohort(students=10)
    bare = desk.match(ours, theirs, decisions=said)
    for turn in range(3):
        rows = [
            row | {name: values[(k + turn) % 3] for name, values in PERSONAL.items()} for k, row in enumerate(ours)
        ]
        full = desk.match(rows, theirs, decisions=said, out="full")
        assert full.status == 0, full.stderr
        before, after = bare.files(), full.files()
        changed = {name for name in before if before[name] != after[name]}
        assert changed == {"rows.csv", "report.html", "result.xlsx"}  # where the columns are named


def fits(done: Done) -> dict[tuple[str, str, str], tuple[str, ...]]:
    kept = ("rank", "fit", "band", "base", "branch", "tasks", "work_skills", "support", "travel", "hours", "conditions",
            "route", "development", "contract")  # fmt: skip
    return {
        (row["student_ref"], row["vacancy_ref"], row["starts_on"]): tuple(row[name] for name in kept)
        for row in done.rows("alternatives.csv")
    }


def test_school_and_school_type_leave_every_fit_as_it_is(desk: Desk) -> None:
    ours, theirs, _ = cohort(students=12)
    first = fits(desk.match(ours, theirs, policy=NO_FLOOR))
    assert len(first) > 20

    def changed(**over: object) -> Rows:
        return [row | over for row in ours]

    for over in (
        {"school": "30ZZ07"}, {"school_type": "mbo1"}, {"school_type": "vso", "leaving_profile": "work"},
        {"school": "", "school_type": "", "referrer": "Werkplein"}, {"first_name": "Ömer", "own_words": "ik werk hard"},
    ):  # fmt: skip
        assert fits(desk.match(changed(**over), theirs, policy=NO_FLOOR)) == first, over


def test_own_words_and_birth_dates_and_homes_stand_in_no_output_and_a_first_name_on_the_connectors_page_alone(
    desk: Desk,
) -> None:
    row = leaver(
        first_name="Canarina", own_words="ik hou van canaryvogels", birth_date="2006-03-09", postcode="8102 ZQ",
        experience="bij oom canaryboer",
    )  # fmt: skip
    done = desk.match([row, leaver("B", destination="mbo", first_name="Canarino")], [vacancy()])
    assert done.status == 0, done.stderr
    for name in ("Canarina", "Canarino"):
        assert holding(done, name) <= {"report.html"}
    for mark in ("canaryvogels", "canaryboer", "2006-03-09", "9 maart 2006", "8102 ZQ", "8102ZQ"):
        assert holding(done, mark) == set(), mark


def test_a_conflict_and_a_refusal_say_no_more_than_ids(desk: Desk) -> None:
    rows = [leaver(k, first_name="Canarina", own_words="canary") for k in "AB"]
    done = desk.match(rows, [vacancy()], decisions=[decision(k, "V1", "pin") for k in "AB"])
    assert done.status == 3
    assert holding(done, "anar") == set()


@pytest.mark.parametrize(
    ("number", "masked"), [("111222333", "*********"), ("111.222.333", "***.***.***"), ("123456782", "*********")]
)
def test_a_lone_bsn_is_an_error_of_its_row_and_stands_nowhere(desk: Desk, number: str, masked: str) -> None:
    rows = [leaver("A"), leaver(number), leaver("C", own_words=f"mijn nummer is {number} hoor")]
    done = desk.match(rows, [vacancy(places="3")])
    assert done.status == 0, done.stderr
    assert list(done.plan()) == ["A"]
    assert [(r["row"], r["column"], r["code"]) for r in done.rows("rows.csv")] == [
        ("3", "student_ref", "bsn"), ("4", "own_words", "bsn"),
    ]  # fmt: skip
    assert masked in done.rows("rows.csv")[0]["found"]
    assert holding(done, number) == set()


def test_a_bsn_column_or_a_bsn_beside_the_word_refuses_the_file(desk: Desk) -> None:
    numbers = ["111222333", "123456782", "111111110", "999999990", "200000007"]
    rows = [leaver(str(k), kenmerk=n) for k, n in enumerate(numbers)]
    beside = [leaver("A", own_words="BSN 111222333")]
    for given in (rows, beside, [leaver("A", **{"Burgerservicenummer": ""})]):
        done = desk.match(given, [vacancy()])
        assert done.status == 1, csv_text(given)
        assert done.names() == {"rows.csv"}
        assert {r["code"] for r in done.rows("rows.csv")} == {"bsn"}
        assert all(r["row"] == "" for r in done.rows("rows.csv"))
        for number in numbers:
            assert holding(done, number) == set()


def test_a_kvk_number_a_phone_or_a_date_is_no_bsn(desk: Desk) -> None:
    party = {"school": "", "school_type": "", "referrer": "11122233"}
    rows = [leaver("12345678", own_words="bel 06-11122233 na 01-01-2026", **party)]
    theirs = [vacancy(employer_kvk="11122233", leerbedrijf_id="100123456", description="tel. 0612345678")]
    done = desk.match(rows, theirs)
    assert done.status == 0, done.stderr
    assert [row["code"] for row in done.rows("rows.csv")] == ["personal"]  # the number to call is no BSN, and not asked
    assert done.rows("proposals.csv")[0]["school"] == "11122233"


def test_a_referrer_stands_under_school_in_every_output_and_in_decisions(desk: Desk) -> None:
    party = {"school": "", "school_type": "", "leaves_on": "", "available_from": "2026-08-01"}
    rows = [
        leaver("1", referrer="Werkplein Salland", **party), leaver("2", referrer="99030009", **party),
        leaver("3", referrer="Werkplein Salland", **party),
    ]  # fmt: skip
    said = [decision("3", "V1", "pin", school="Werkplein Salland"), decision("2", "V1", "reject", school="99030009")]
    done = desk.match(rows, [vacancy(places="2")], decisions=said, policy=BRANCH_ALONE + CAPS)
    assert done.status == 0, done.stderr
    assert done.rows("rows.csv") == []
    assert [(r["school"], r["student_ref"], r["status"]) for r in done.rows("proposals.csv")] == [
        ("99030009", "2", "unplaced"), ("Werkplein Salland", "1", "placed"), ("Werkplein Salland", "3", "placed"),
    ]  # fmt: skip
    assert [(r["school"], r["blocked"]) for r in done.rows("unplaced.csv")] == [("99030009", "forbidden=1")]
    assert {r["school"] for r in done.rows("alternatives.csv")} == {"Werkplein Salland"}
    assert {r["student"] for r in done.rows("case/students.csv")} == {
        "99030009/2", "Werkplein Salland/1", "Werkplein Salland/3",
    }  # fmt: skip
    assert desk.verify() == (0, "proved\n")
