"""Whatever bytes come in, the reader answers with rows and sentences, never with a crash."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.files import ReadResult, Source, kind_of_file, read_decisions, read_leavers, read_vacancies
from api.schemas.columns import KINDS

BROKEN = Path(__file__).resolve().parents[2] / "fixtures" / "broken"
BOOK = (BROKEN / "fraction_as_student_ref.xlsx").read_bytes()
CODES = {
    "required",
    "not_a_date",
    "ambiguous_date",
    "not_a_number",
    "out_of_range",
    "unknown_code",
    "min_above_max",
    "duplicate",
    "bsn",
    "bad_id",
    "bad_postcode",
    "unknown_place",
    "ambiguous_place",
    "bad_school",
    "bad_kvk",
    "too_long",
    "two_of_one",
    "unasked_column",
    "unmapped_column",
    "unknown_person",
    "unreadable",
    "empty_file",
    "header_only",
    "missing_column",
}
NAMES = st.sampled_from(["a.csv", "a.xlsx", "a.json", "a.txt", "a", "a.xls"])
READ = {"leavers": read_leavers, "vacancies": read_vacancies, "decisions": read_decisions}


def check(result: ReadResult[Any]) -> None:
    rows = [row for row, _ in result.records]
    assert rows == sorted(rows)
    assert not (result.refused and result.records)
    wrong = {error.row for error in result.errors if error.severity == "error"}
    assert not wrong & set(rows), "a row is a record or in error, never both"
    assert result.refused == (None in wrong)
    for error in result.errors:
        assert error.code in CODES and error.message and error.severity in ("error", "warning")


def read_all(name: str, data: bytes) -> None:
    source = Source(name, data)
    kind_of_file(source)
    for read in READ.values():
        check(read(source))


@settings(max_examples=150)
@given(NAMES, st.binary(max_size=300))
def test_any_bytes(name: str, data: bytes) -> None:
    read_all(name, data)


@settings(max_examples=100)
@given(
    NAMES,
    st.text(alphabet="leringnumebsc;,\t\"\n\r0123456789[]{}:|=!'é\x00<", max_size=200),
    st.sampled_from(["utf-8", "utf-16", "utf-16-le"]),
)
def test_any_text_in_any_encoding(name: str, text: str, encoding: str) -> None:
    read_all(name, text.encode(encoding))


CELLS = st.one_of(
    st.sampled_from(
        [
            "",
            "ja",
            "L-1",
            "25AB",
            "14-03-2008",
            "1/2/2008",
            "8102 HG",
            "infra|green",
            "pace=2!",
            "quiet_spot=startup!",
            "-x",
            "vso",
            "12345678",
            "7:30",
            "geen",
            "n.v.t.",
            "'=1",
            "|",
            "!",
            "=",
            "2008",
            "99999",
            "1e9",
        ]
    ),
    st.text(max_size=12),
)


@settings(
    max_examples=100,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)
@given(st.sampled_from(list(KINDS)), st.sampled_from(["nl", "en"]), st.data())
def test_any_cells_under_the_right_headers(kind: str, lang: str, data: st.DataObject) -> None:
    columns = KINDS[kind]
    rows = data.draw(st.lists(st.fixed_dictionaries({}, optional={c.header(lang): CELLS for c in columns}), max_size=4))
    stream = io.StringIO()
    writer = csv.DictWriter(stream, [column.header(lang) for column in columns], restval="", delimiter=";")
    writer.writeheader()
    writer.writerows(rows)
    result = READ[kind](Source("a.csv", stream.getvalue().encode("utf-8", "replace")), lang=lang)
    check(result)


VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=10)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=100)
@given(
    st.lists(st.dictionaries(st.sampled_from([c.name for c in KINDS["leavers"]]), VALUES, max_size=12), max_size=3)
    | VALUES
)
def test_any_json(body: Any) -> None:
    read_all("a.json", json.dumps(body).encode())


@settings(max_examples=150)
@given(st.lists(st.tuples(st.integers(0, len(BOOK) - 1), st.integers(0, 255)), min_size=1, max_size=30))
def test_a_spreadsheet_with_bytes_changed(changes: list[tuple[int, int]]) -> None:
    data = bytearray(BOOK)
    for place, byte in changes:
        data[place] = byte
    check(read_leavers(Source("a.xlsx", bytes(data))))


PARTS = {
    entry.filename: zipfile.ZipFile(io.BytesIO(BOOK)).read(entry)
    for entry in zipfile.ZipFile(io.BytesIO(BOOK)).infolist()
}


@settings(max_examples=150)
@given(st.sampled_from(sorted(PARTS)), st.integers(0, 5000), st.integers(0, 40), st.binary(max_size=20), st.booleans())
def test_a_spreadsheet_with_a_part_damaged_inside(part: str, at: int, cut: int, put: bytes, drop: bool) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as book:
        for name, content in PARTS.items():
            place = at % (len(content) + 1)
            if name != part:
                book.writestr(name, content)
            elif not drop:
                book.writestr(name, content[:place] + put + content[place + cut :])
    check(read_leavers(Source("a.xlsx", stream.getvalue())))
