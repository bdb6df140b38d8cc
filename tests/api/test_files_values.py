"""Reading one cell: what is accepted, what is refused and with which code."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.schemas.cells import Cell, DefectError
from api.schemas.code_values import Code, Codes, Criteria, FreeTasks, Routes, Skills, SupportNeeds, SupportOffers
from api.schemas.dates import DateOf
from api.schemas.values import Clock, Kvk, Number, Postcode, Reference, Referrer, School, SchoolOrReferrer, Text, YesNo
from features.records import Demand, SupportNeed

DAY = DateOf(date(1940, 1, 1), date(2099, 12, 31))


def code_of(reader: Callable[[Cell], Any], cell: Cell) -> str:
    with pytest.raises(DefectError) as caught:
        reader(cell)
    assert len(caught.value.defects) == 1
    return caught.value.defects[0].code


@given(st.dates(date(1940, 1, 1), date(2099, 12, 31)))
def test_every_day_is_read_in_every_way_people_write_it(day: date) -> None:
    d, m, y = day.day, day.month, day.year
    for text in (
        f"{d}-{m}-{y}",
        f"{d:02}-{m:02}-{y}",
        f"{d}.{m}.{y}",
        f"{y}-{m:02}-{d:02}",
        f"{y}/{m}/{d}",
        f"{y}{m:02}{d:02}",
        f"{y}-{m:02}-{d:02}T00:00:00",
        f"{y}-{m:02}-{d:02} 08:30",
    ):
        assert DAY(text) == day
    assert DAY(datetime(y, m, d, 9, 30)) == DAY(day) == day
    serial = (day - date(1899, 12, 30)).days
    assert DAY(float(serial)) == DAY(str(serial)) == DAY(serial + 0.4) == day


@given(st.dates(date(1940, 1, 1), date(2099, 12, 31)))
def test_a_slash_is_day_month_year_only_where_nothing_else_is_possible(day: date) -> None:
    text = f"{day.day}/{day.month}/{day.year}"
    if day.day > 12 or day.day == day.month:
        assert DAY(text) == day
    else:
        assert code_of(DAY, text) == "ambiguous_date"


@pytest.mark.parametrize(
    "cell",
    [
        "31-02-2008",
        "29-02-2007",
        "12/25/2008",
        "14-03-08",
        "1-sep-08",
        "14/03/'08",
        "2008",
        2008.0,
        17,
        0.5,
        60,
        True,
        "morgen",
        "14-03-2008-1",
        "14-3",
        time(7, 30),
        "05012008",
        "14 03 2008",
        "32-01-2008",
        "0-1-2008",
        "14-13-2008",
        "١٤",
    ],
)
def test_what_is_no_date_is_refused(cell: Cell) -> None:
    assert code_of(DAY, cell) == "not_a_date"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("1 september 2026", date(2026, 9, 1)),
        ("1-sep-2026", date(2026, 9, 1)),
        ("1 mrt. 2008", date(2008, 3, 1)),
        ("1 May 2008", date(2008, 5, 1)),
        ("1 mei 2008", date(2008, 5, 1)),
        ("36526", date(2000, 1, 1)),
        ("20080305", date(2008, 3, 5)),
        (20080305.0, date(2008, 3, 5)),
    ],
)
def test_months_by_name_and_excels_count_are_dates(text: Cell, day: date) -> None:
    assert DAY(text) == day


@pytest.mark.parametrize("cell", ["14-03-1908", "14-03-2208", date(1900, 1, 1)])
def test_a_date_beyond_reason_is_out_of_range(cell: Cell) -> None:
    assert code_of(DAY, cell) == "out_of_range"


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("24", 24.0),
        ("24,5", 24.5),
        ("24.5", 24.5),
        ("32 uur", 32.0),
        ("32 uur per week", 32.0),
        ("32u/week", 32.0),
        (" 24 ", 24.0),
        (24, 24.0),
        (24.5, 24.5),
        ("0", 0.0),
        ("+5", 5.0),
        ("060", 60.0),
        ("32 hours", 32.0),
    ],
)
def test_numbers_are_read_with_comma_or_point_and_their_unit(cell: Cell, value: float) -> None:
    assert Number(0, 60, "hours")(cell) == value


@pytest.mark.parametrize(
    "cell", ["veel", "24-32", "1.000,5", "1 of 2", "12,", "", "uur", True, date(2008, 1, 2), "1e3", "--5"]
)
def test_what_is_no_number_is_refused(cell: Cell) -> None:
    assert code_of(Number(0, 60, "hours"), cell) == "not_a_number"


@pytest.mark.parametrize("cell", ["61", "-1", "1000", 1e308, float("inf"), 10**400, "9" * 400])
def test_a_number_beyond_its_range_is_out_of_range(cell: Cell) -> None:
    assert code_of(Number(0, 60, "hours"), cell) == "out_of_range"


def test_counts_are_whole() -> None:
    count = Number(0, 500, "places", whole=True)
    assert count("12") == count("12,0") == count(12.0) == count("12 plekken") == 12 and type(count(12.0)) is int
    assert code_of(count, "2,5") == code_of(count, 2.5) == "not_a_number"


@pytest.mark.parametrize(
    ("cell", "minutes"),
    [
        ("7.30", 450),
        ("07:30", 450),
        ("7:30 uur", 450),
        ("7u30", 450),
        ("7 uur", 420),
        ("7u", 420),
        ("07:30:00", 450),
        ("24:00", 1440),
        ("0:00", 0),
        (0.3125, 450),
        (7.0, 420),
        (0, 0),
        (time(7, 30), 450),
        (timedelta(hours=7, minutes=30), 450),
        (datetime(2026, 1, 1, 7, 30), 450),
        ("7h30", 450),
    ],
)
def test_times_are_minutes_after_midnight(cell: Cell, minutes: int) -> None:
    assert Clock()(cell) == minutes


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("25:00", "out_of_range"),
        ("07:60", "out_of_range"),
        ("24:01", "out_of_range"),
        (-3, "out_of_range"),
        (1e9, "out_of_range"),
        (timedelta(hours=30), "out_of_range"),
        ("ochtend", "not_a_number"),
        ("7.3", "not_a_number"),
        (7.3, "not_a_number"),
        ("7:30-16:00", "not_a_number"),
    ],
)
def test_what_is_no_time_of_day_is_refused(cell: Cell, code: str) -> None:
    assert code_of(Clock(), cell) == code


@pytest.mark.parametrize("cell", ["8102 HG", "8102hg", " 8102  hg ", "8102", 8102, 8102.0, "NL-8102 HG", "8102-HG"])
def test_of_a_postcode_the_four_digits_are_kept(cell: Cell) -> None:
    assert Postcode()(cell) == "8102"


@pytest.mark.parametrize(
    "cell", ["0102 HG", "810 HG", "81022 HG", "8102 SA", "8102 sd", "8102 SS", "8102 H", "Raalte", "8102 HGG", 810.5]
)
def test_what_is_no_postcode_is_refused(cell: Cell) -> None:
    assert code_of(Postcode(), cell) == "bad_postcode"


@pytest.mark.parametrize("cell", ["25AB00", "25ab", "25AB", "25 ab", "25AB-00", "25AB 00", "25ab.00"])
def test_a_brin_number_in_any_case_gets_its_branch(cell: Cell) -> None:
    assert School()(cell) == SchoolOrReferrer()(cell) == "25AB00"


@pytest.mark.parametrize("cell", ["2AB00", "25AB0", "25AB000", "AB25", "Praktijkschool", "12345678", 2500.0, "٢٥AB00"])
def test_what_is_no_brin_number_is_refused(cell: Cell) -> None:
    assert code_of(School(), cell) == "bad_school"


def test_kvk_numbers_have_eight_digits_and_a_lost_zero_is_noticed() -> None:
    assert Kvk()("12345678") == Kvk()(12345678.0) == Kvk()("1234 5678") == Kvk()("KvK 12345678") == "12345678"
    assert Kvk()("01234567") == "01234567"
    for cell in (1234567.0, "1234567", "123456789", "Bakker BV", "000012345678"):
        assert code_of(Kvk(), cell) == "bad_kvk"
    with pytest.raises(DefectError) as caught:
        Kvk()(1234567.0)
    assert caught.value.defects[0].hint is not None and caught.value.defects[0].hint.key == "lost_zero"


def test_a_referrer_is_a_kvk_number_or_a_name() -> None:
    assert Referrer()(" UWV   Zwolle ") == "UWV Zwolle" and Referrer()(12345678.0) == "12345678"
    assert code_of(Referrer(), "1234567") == "bad_kvk" and code_of(Referrer(), "x" * 101) == "too_long"


@pytest.mark.parametrize(
    ("cell", "text"),
    [("007", "007"), (7.0, "7"), (7, "7"), ("2025/014_b-1.x", "2025/014_b-1.x"), ("é 1", "é 1"), ("x" * 40, "x" * 40)],
)
def test_references_are_text(cell: Cell, text: str) -> None:
    assert Reference()(cell) == text


@pytest.mark.parametrize(
    "cell", ["x" * 41, "L#1", "a@b", "1,23E+08", 12.5, date(2026, 1, 2), True, "a\nb", "a\u200bb", "=1+1"]
)
def test_what_is_no_reference_is_refused(cell: Cell) -> None:
    assert code_of(Reference(), cell) == "bad_id"


@pytest.mark.parametrize(
    ("cell", "answer"),
    [
        ("Ja", "yes"),
        ("j", "yes"),
        ("YES", "yes"),
        ("1", "yes"),
        (True, "yes"),
        ("WAAR", "yes"),
        ("x", "yes"),
        (1.0, "yes"),
        ("nee", "no"),
        ("N", "no"),
        ("0", "no"),
        (False, "no"),
        ("ONWAAR", "no"),
        ("onbekend", "unknown"),
        ("unknown", "unknown"),
    ],
)
def test_yes_no_and_unknown_in_many_words(cell: Cell, answer: str) -> None:
    assert YesNo(unknown=True)(cell) == answer


def test_one_code_by_code_label_or_synonym_and_never_two() -> None:
    level = Code("level")
    assert level("Entree") == level("ENTREE") == level("mbo 1") == "entree"
    assert code_of(level, "entree|mbo2") == "two_of_one"
    assert code_of(level, "gymnasium") == "unknown_code"


def test_lists_of_codes_keep_their_order_and_take_each_code_once() -> None:
    branches = Codes("branch")
    assert branches("Groen | infra") == branches("groen\ninfra") == branches("green||infra|") == ("green", "infra")
    assert branches("geen") == () and branches("onbekend") is None
    assert code_of(branches, "infra|GWW") == "two_of_one"
    with pytest.raises(DefectError) as caught:
        branches("infar|groen|xyzzy")
    assert [(d.code, d.found, d.suggestion) for d in caught.value.defects] == [
        ("unknown_code", "infar", "infra"),
        ("unknown_code", "xyzzy", ""),
    ]
    with pytest.raises(DefectError) as caught:
        branches("infra, groen")
    assert caught.value.defects[0].suggestion == "infra|green"


def test_either_route_is_both() -> None:
    assert Routes()("maakt niet uit") == Routes()("individueel|groep") == ("individual", "group")
    assert Routes()("groep") == ("group",)


def test_tasks_are_codes_or_words_with_a_must_where_it_is_asked() -> None:
    assert FreeTasks()("iets heel bijzonders|iets heel bijzonders") == ("iets heel bijzonders",)
    assert FreeTasks(must=True)("iets! | anders") == (Demand("iets", True), Demand("anders", False))
    assert code_of(FreeTasks(), "x" * 121) == "too_long"


def test_work_skills_have_a_level_and_demands_may_be_a_must() -> None:
    assert Skills()("pace=2|tempo van verandering=1".replace("tempo van verandering", "change")) == (
        ("pace", 2),
        ("change", 1),
    )
    assert Skills(must=True)("pace=2!|safety = 3") == (Demand("pace", True, 2), Demand("safety", False, 3))
    assert code_of(Skills(), "pace=4") == code_of(Skills(), "pace=-1") == "out_of_range"
    assert code_of(Skills(), "pace") == code_of(Skills(), "pace=goed") == "not_a_number"
    assert code_of(Skills(), "pace=1|pace=1") == "two_of_one"
    assert code_of(Skills(), "pace=2!") == "unknown_code"


def test_support_needed_says_when_and_how_much_it_matters() -> None:
    assert SupportNeeds()("quiet_spot|own_pace=startup|fixed_instructor=structureel!|step_cards!") == (
        SupportNeed("quiet_spot"),
        SupportNeed("own_pace", "startup"),
        SupportNeed("fixed_instructor", "structural", True),
        SupportNeed("step_cards", None, True),
    )
    assert (
        SupportNeeds()("geen") == () and SupportNeeds()("quiet_spot=none") == () and SupportNeeds()("onbekend") is None
    )
    assert code_of(SupportNeeds(), "quiet_spot=soms") == "unknown_code"
    assert code_of(SupportNeeds(), "quiet_spot|quiet_spot=startup") == "two_of_one"


def test_support_offered_may_be_limited_or_refused() -> None:
    assert SupportOffers()("quiet_spot|own_pace=limited|-step_cards|demonstration=nee") == (
        ("quiet_spot", "yes"),
        ("own_pace", "limited"),
        ("step_cards", "no"),
        ("demonstration", "no"),
    )
    assert code_of(SupportOffers(), "quiet_spot|-quiet_spot") == "two_of_one"
    assert code_of(SupportOffers(), "-quiet_spot=limited") == "unknown_code"


def test_criteria_are_met_or_known_not_to_be() -> None:
    assert Criteria()("concept|-results") == (("concept", True), ("results", False))
    assert code_of(Criteria(), "concept|-concept") == "two_of_one"


READERS: list[Callable[[Cell], object]] = [
    DAY,
    Number(0, 60, "hours"),
    Number(0, 9, "places", whole=True),
    Clock(),
    Postcode(),
    School(),
    Referrer(),
    Kvk(),
    Reference(),
    YesNo(),
    Text(500),
    Code("branch"),
    Codes("branch"),
    Routes(),
    FreeTasks(must=True),
    Skills(must=True),
    SupportNeeds(),
    SupportOffers(),
    Criteria(),
    SchoolOrReferrer(),
]


@settings(max_examples=200)
@given(
    st.one_of(
        st.text(max_size=60),
        st.text(alphabet="0123456789-./:|=! ,;aAjnu\n", max_size=25),
        st.floats(allow_nan=False),
        st.integers(),
        st.booleans(),
        st.dates(),
        st.datetimes(),
        st.times(),
        st.timedeltas(),
    )
)
def test_no_cell_ever_does_more_than_be_refused(cell: Cell) -> None:
    for reader in READERS:
        try:
            reader(cell)
        except DefectError as error:
            assert error.defects
