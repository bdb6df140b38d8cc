"""``schakel geo locate`` from the outside: bytes in, bytes out, exit status, messages."""
from __future__ import annotations

from pathlib import Path

import pytest

from api.cli import run

HEADER = "id,status,municipality_code,municipality,region_code,region,latitude,longitude\n"
LIST = "id,postcode,place\nb,8102 hg,\na,,Bergen\n007,,Bergen (NH.)\nc,,Nergenshuizen\n"
ANSWER = (
    HEADER + "b,found,GM0177,Raalte,AM36,Regio Zwolle,52.4131,6.2837\na,ambiguous,,,,,,\n"
    "007,found,GM0373,Bergen (NH.),AM15,Noord-Holland Noord,52.6692,4.7042\nc,unknown,,,,,,\n"
)


def _locate(folder: Path, data: bytes, *more: str) -> tuple[int, Path]:
    (folder / "places.csv").write_bytes(data)
    out = folder / "made" / "answers.csv"
    return run(["geo", "locate", str(folder / "places.csv"), "--out", str(out), *more]), out


def test_rows_keep_their_order_and_ids_stay_text(tmp_path: Path) -> None:
    status, out = _locate(tmp_path, LIST.encode())
    assert status == 0
    assert out.read_bytes() == ANSWER.encode()


@pytest.mark.parametrize(
    "data",
    [
        LIST.replace(",", ";").encode("utf-8-sig"),
        LIST.replace(",", "\t").encode(),
        LIST.replace("\n", "\r\n").encode("utf-16"),
        LIST.replace("id,postcode,place", "ID, Postcode ,Woonplaats").encode("cp1252"),
        ("Lijst van plaatsen,,\n,,\n" + LIST).encode(),
    ],
)
def test_the_file_may_come_as_people_have_it(tmp_path: Path, data: bytes) -> None:
    status, out = _locate(tmp_path, data)
    assert status == 0
    assert out.read_text(encoding="utf-8") == ANSWER


def test_windows_1252_letters_and_columns_in_any_order(tmp_path: Path) -> None:
    status, out = _locate(tmp_path, "place;kleur;id;postcode\nSúdwest-Fryslân;rood;1;\n".encode("cp1252"))
    assert status == 0
    assert out.read_text(encoding="utf-8").splitlines()[1].startswith("1,found,GM1900,Súdwest-Fryslân,AM02,Friesland,")


@pytest.mark.parametrize("column", ["id", "postcode", "place"])
def test_a_missing_column_is_refused_by_name(tmp_path: Path, capsys: pytest.CaptureFixture[str], column: str) -> None:
    status, out = _locate(tmp_path, LIST.replace(column, "kolom", 1).encode(), "--lang", "en")
    assert (status, out.exists()) == (1, False)
    message = capsys.readouterr()
    assert message.out == ""
    assert f"The column “{column}” is missing" in message.err and "places.csv" in message.err


@pytest.mark.parametrize(
    "data", [b"", b"\xef\xbb\xbf\n", b"id,postcode,place\n", b"%PDF-1.7", b'id,postcode,place\n1,"8102,\n']
)
def test_a_file_that_cannot_be_used_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str], data: bytes) -> None:
    status, out = _locate(tmp_path, data)
    assert (status, out.exists()) == (1, False)
    assert "places.csv" in capsys.readouterr().err


def test_a_missing_file_is_wrong_usage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["geo", "locate", str(tmp_path / "none.csv"), "--out", str(tmp_path / "out.csv")]) == 2
    assert "none.csv" in capsys.readouterr().err


def test_an_earlier_answer_is_replaced_but_no_other_file(tmp_path: Path) -> None:
    _, out = _locate(tmp_path, LIST.encode())
    status, _ = _locate(tmp_path, b"id,postcode,place\n1,8102,\n")
    assert (status, len(out.read_text().splitlines())) == (0, 2)
    out.write_text("something of my own\n")
    assert _locate(tmp_path, LIST.encode())[0] == 2
    assert out.read_text() == "something of my own\n"
    source = tmp_path / "places.csv"
    assert run(["geo", "locate", str(source), "--out", str(source)]) == 2
    assert source.read_bytes() == LIST.encode()


def test_rows_that_need_a_look_are_named_and_stdout_stays_clean(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _locate(tmp_path, b"id,postcode,place\n1,,Bergen\n2,,Ralte\n3,8102,Maastricht\n4,,Nes\n5,,\n", "--lang", "en")
    message = capsys.readouterr()
    assert message.out == ""
    lines = message.err.splitlines()
    assert lines[0].startswith("Row 2: “Bergen” can be “Bergen, Bergen (NH.)” or “Bergen, Bergen (L.)”.")
    assert lines[1] == "Row 3: we do not know “Ralte”. Do you mean Raalte?"
    assert lines[2].startswith("Row 4: the postcode 8102 lies in Regio Zwolle")
    assert lines[3].startswith("Row 5: “Nes” lies in one region")
    assert lines[4] == "Row 6: postcode and place are empty."
    assert lines[5] == "2 found, 1 ambiguous, 2 unknown."


def test_a_formula_in_an_id_is_written_harmless(tmp_path: Path) -> None:
    _, out = _locate(tmp_path, b"id,postcode,place\n=1+1,8102,\n'=2,8102,\n")
    assert [line.split(",")[0] for line in out.read_text().splitlines()[1:]] == ["'=1+1", "'=2"]
