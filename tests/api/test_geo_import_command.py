"""`schakel geo import` on files of the official formats (own invented rows): kept as a whole or not at all."""
from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.cli import run
from features.geography import locate, use_postcodes
from tests.end_to_end.match_contract_cases import BRANCH_ALONE, ON, csv_text, leaver, vacancy

GEONAMES = (
    "NL\t8102\tRaalte\tOverijssel\t15\tRaalte\t0177\t\t\t52.3901\t6.2801\t6\n"
    "NL\t7411\tDeventer\tOverijssel\t15\tDeventer\t150\t\t\t52.2501\t6.1601\t6\n"
)
FULL = (
    "NL\t8102 AA\tRaalte\tOverijssel\t15\tRaalte\t0177\t\t\t52.3900\t6.2800\t6\n"
    "NL\t8102AB\tRaalte\tOverijssel\t15\tRaalte\t0177\t\t\t52.3902\t6.2804\t6\n"
    "NL\t8102 ZZ\tOlst\tOverijssel\t15\tOlst-Wijhe\t1773\t\t\t52.3904\t6.2808\t6\n"
)


@pytest.fixture(autouse=True)
def own_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    place = tmp_path / "data"
    monkeypatch.setenv("SCHAKEL_DATA", str(place))
    yield place
    use_postcodes(None)


def write(folder: Path, content: str | bytes, name: str = "NL.txt") -> str:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return str(path)


def zipped(parts: dict[str, str]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return stream.getvalue()


def point(postcode: str) -> tuple[float, float, str]:
    from api.geo_store import activate

    activate()
    where = locate(postcode, None).location
    assert where is not None
    return where.latitude, where.longitude, where.municipality_code


def test_geonames_points_are_kept_and_used_and_can_be_undone(
    tmp_path: Path, own_place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = point("8102"), point("8103")
    assert run(["geo", "import", write(tmp_path, GEONAMES)]) == 0
    said = capsys.readouterr()
    assert said.out == ""
    assert "2 postcodegebieden" in said.err
    assert "--undo" in said.err
    assert point("8102 HG") == (52.3901, 6.2801, "GM0177")
    assert point("7411") == (52.2501, 6.1601, "GM0150")
    assert point("8103") == before[1]
    kept = json.loads((own_place / "postcodes.json").read_text(encoding="utf-8"))
    assert (kept["source"], kept["file"], kept["rows"]) == ("geonames", "NL.txt", 2)
    assert len(kept["file_sha256"]) == 64
    assert [path.name for path in own_place.iterdir()] == ["postcodes.json"]
    assert run(["geo", "import", "--undo"]) == 0
    assert point("8102") == before[0]
    assert not (own_place / "postcodes.json").exists()
    assert run(["geo", "import", "--undo"]) == 0
    assert "niets geïmporteerd" in capsys.readouterr().err


def test_rows_of_six_characters_become_their_mean_and_most_of_their_municipalities(tmp_path: Path) -> None:
    assert run(["geo", "import", write(tmp_path, FULL, "NL_full.txt")]) == 0
    assert point("8102") == (52.3902, 6.2804, "GM0177")


def test_a_zip_of_geonames_is_opened(tmp_path: Path) -> None:
    data = zipped({"readme.txt": "NL\tnot\ta\tlist\n" * 300, "NL.txt": GEONAMES})
    assert run(["geo", "import", write(tmp_path, data, "NL.zip")]) == 0
    assert point("8102")[:2] == (52.3901, 6.2801)


@pytest.mark.parametrize(
    ("text", "latitude", "longitude", "town"),
    [
        ("PC4;lat;lon\n8102;52,41;6,29\n", 52.41, 6.29, "GM0177"),
        ("postcode,latitude,longitude,gemeentecode\n8102 HG,52.41,6.29,GM0150\n", 52.41, 6.29, "GM0150"),
        ("Postcode4;X;Y\n8102;216000;489000\n", 52.38544, 6.28305, "GM0177"),
        ("postcode4\tgeo_point_2d\n8102\t52.41, 6.29\n", 52.41, 6.29, "GM0177"),
        ("pc4;WKT\n8102;POINT (6.29 52.41)\n", 52.41, 6.29, "GM0177"),
        ("PC6;Huisnummer;Buurt2024;Wijk2024;Gemeente2024\n8102AA;1;01770000;017700;177\n8102AB;3;0;0;0177\n",
         None, None, "GM0177"),
        ("\ufeffpc6;gemeente\n8102AA;Olst\n8102AB;Deventer\n8102AC;Deventer\n", None, None, "GM0150"),
    ],
)  # fmt: skip
def test_tables_of_cbs_and_others_are_read_liberally(
    tmp_path: Path, text: str, latitude: float | None, longitude: float | None, town: str
) -> None:
    before = point("8102")
    assert run(["geo", "import", write(tmp_path, text, "pc4.csv")]) == 0
    found = point("8102")
    assert found[2] == town
    assert found[0] == pytest.approx(before[0] if latitude is None else latitude, abs=2e-3 if "X;Y" in text else 1e-9)
    assert found[1] == pytest.approx(before[1] if longitude is None else longitude, abs=2e-3 if "X;Y" in text else 1e-9)


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        ("", "NL.txt", "leeg"),
        ("pc4;lat;lon\n", "a.csv", "geen rijen"),
        ("naam;lat;lon\nx;52;6\n", "a.csv", "postcode"),
        ("pc4;inwoners\n8102;100\n", "a.csv", "gemeente"),
        ("pc4;lat;lon\n8102;6.29;52.41\n", "a.csv", "niet in Nederland"),
        ("pc4;lat;lon\n8102;noord;oost\n", "a.csv", "geen plek"),
        ("pc4;lat;lon\n810;52.4;6.2\n", "a.csv", "geen postcode"),
        ("pc4;gemeente\n8102;Nergenshuizen\n", "a.csv", "Nergenshuizen"),
        ("pc4;lat;lon\n8102;51.0;5.9\n7411;51.0;5.9\n", "a.csv", "ver van"),
        (GEONAMES.replace("NL\t8102", "BE\t8102"), "NL.txt", "ander land"),
        (b"PK\x03\x04 broken", "NL.zip", "zip"),
        (zipped({"readme.txt": "x"}), "NL.zip", "zip"),
        (b"%PDF-1.4\x00\x01\x02", "a.csv", "niet lezen"),
    ],
)
def test_what_is_no_download_is_refused_and_nothing_changes(  # noqa: PLR0917
    tmp_path: Path, own_place: Path, capsys: pytest.CaptureFixture[str], content: str | bytes, name: str, words: str
) -> None:
    assert run(["geo", "import", write(tmp_path, GEONAMES, "first.txt")]) == 0
    kept, here = (own_place / "postcodes.json").read_bytes(), point("8102")
    capsys.readouterr()
    assert run(["geo", "import", write(tmp_path, content, name)]) == 1
    assert words in capsys.readouterr().err
    assert (own_place / "postcodes.json").read_bytes() == kept
    assert [path.name for path in own_place.iterdir()] == ["postcodes.json"]
    assert point("8102") == here


def test_a_few_wrong_rows_are_named_and_left_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [f"8102 {a}{b};52.4;6.28" for a in "ABCDEFGHIJK" for b in "ABCDEFGHI"]  # 99 of them
    text = "\n".join(["pc4;lat;lon", *rows, "81;52.4;6.28"])
    status = run(["geo", "import", write(tmp_path, text, "a.csv")])
    assert status == 0, capsys.readouterr().err
    said = capsys.readouterr().err
    assert "rij 101: “81” is geen postcode" in said
    assert "1 van 100 rijen" in said


def test_a_missing_file_and_no_choice_are_wrong_usage(tmp_path: Path) -> None:
    assert run(["geo", "import", str(tmp_path / "none.txt")]) == 2
    assert run(["geo", "import"]) == 2
    assert run(["geo", "import", write(tmp_path, GEONAMES), "--undo"]) == 2


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCHAKEL_DATA", write(tmp_path, "x", "a-file") + "/below")
    assert run(["geo", "import", write(tmp_path, GEONAMES)]) == 2


def test_damaged_postcodes_stop_the_run_with_what_to_do(
    tmp_path: Path, own_place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["geo", "import", write(tmp_path, GEONAMES)]) == 0
    kept = (own_place / "postcodes.json").read_text(encoding="utf-8")
    (own_place / "postcodes.json").write_text(kept.replace("52.3901", "52.3902"), encoding="utf-8")
    places = write(tmp_path, "id,postcode,place\n1,8102,\n", "places.csv")
    assert run(["geo", "locate", places, "--out", str(tmp_path / "found.csv")]) == 1
    assert "--undo" in capsys.readouterr().err
    assert run(["geo", "import", "--undo"]) == 0
    assert run(["geo", "locate", places, "--out", str(tmp_path / "found.csv")]) == 0


def test_locating_and_matching_go_by_what_was_imported(tmp_path: Path) -> None:
    places = write(tmp_path, "id,postcode,place\n1,8102,\n", "places.csv")
    lists = [write(tmp_path, csv_text([leaver(max_km="3")]), "leavers.csv"),
             write(tmp_path, csv_text([vacancy(postcode="8103")]), "vacancies.csv")]  # fmt: skip
    policy = write(tmp_path, BRANCH_ALONE, "policy.toml")

    def matched(out: str) -> tuple[str, dict[str, str], str]:
        folder = tmp_path / out
        assert run(["match", *lists, "--policy", policy, "--on", ON, "--out", str(folder)]) == 0
        report = json.loads((folder / "report.json").read_text(encoding="utf-8"))
        with (folder / "proposals.csv").open(encoding="utf-8", newline="") as stream:
            return next(csv.DictReader(stream))["status"], report["versions"], report["digest"]

    status, versions, digest = matched("before")
    assert status == "placed"
    assert "postcodes" not in versions
    apart = GEONAMES.replace("NL\t7411\tDeventer", "NL\t8103\tRaalte").replace("52.2501\t6.1601", "52.43\t6.28")
    assert run(["geo", "import", write(tmp_path, apart)]) == 0
    assert run(["geo", "locate", places, "--out", str(tmp_path / "found.csv")]) == 0
    assert "52.3901,6.2801" in (tmp_path / "found.csv").read_text(encoding="utf-8")
    status, versions, other = matched("after")
    assert status == "unplaced"  # 4.4 km as the crow flies
    assert versions["postcodes"].startswith("geonames ")
    assert other != digest
