"""A file that is opened in a process of its own gives the very same sheets, and is given up where it takes too much."""
from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest

from api.files import Source, apart, read_leavers
from api.files.opening import sheets_of
from api.files.sheets import SERVICE, Sheet, UnusableError
from tests.api.test_files_reading import xlsx

BROKEN = sorted((Path(__file__).resolve().parents[2] / "fixtures" / "broken").glob("*.*"))
FILES = [path for path in BROKEN if path.suffix in (".csv", ".xlsx", ".json")]
HEADER = ["leerlingnummer", "schooltype", "geboortedatum", "uitstroomdatum", "arbeidsvermogen", "begintijd"]


def here(name: str, data: bytes) -> list[Sheet] | str:
    """What opening it in this process gives: sheets, or why there are none."""
    try:
        return sheets_of(Source(name, data))
    except UnusableError as error:
        return repr(error.defect)


def there(name: str, data: bytes) -> list[Sheet] | str:
    """The same, opened apart."""
    try:
        return apart.open_apart(name, data, SERVICE)
    except UnusableError as error:
        return repr(error.defect)


def kinds(sheets: list[Sheet] | str) -> list[list[str]]:
    """Of what kind each cell is: 1 equals 1.0 and True, and a masked text equals a plain one."""
    return [[type(cell).__name__ for cell in row] for sheet in sheets if isinstance(sheet, Sheet)
            for _, row in sheet.rows]  # fmt: skip


@pytest.mark.parametrize("path", [pytest.param(p, id=p.name, marks=() if k % 6 == 0 else pytest.mark.slow)
                                  for k, p in enumerate(FILES)])  # fmt: skip
def test_a_broken_file_is_the_same_apart(path: Path) -> None:
    data = path.read_bytes()
    assert there(path.name, data) == here(path.name, data)
    assert kinds(there(path.name, data)) == kinds(here(path.name, data))


def test_days_times_numbers_and_wrong_cells_of_a_workbook_are_the_same_apart() -> None:
    rows: list[list[Any]] = [HEADER, ["L-1", "vso", date(2008, 3, 14), datetime(2026, 7, 17, 9, 30), True, time(8, 30)],
                             ["L-2", "vso", 39521.5, 12, False, "=1/0"], ["L-3", None, "x", -1e9, "", "é\u200b"]]
    data = xlsx(rows, [["Ander blad"]])
    told = there("lijst.xlsx", data)
    assert told == here("lijst.xlsx", data)
    assert kinds(told) == kinds(here("lijst.xlsx", data))
    assert {"datetime", "float", "bool"} <= {kind for row in kinds(told) for kind in row}


def test_rows_that_leave_a_field_out_are_the_same_apart() -> None:
    data = b'[{"leerlingnummer": "A", "schooltype": "vso"}, {"leerlingnummer": "B"}, 3]'
    assert there("x.json", data) == here("x.json", data)
    assert isinstance(there("x.json", data), list)


def test_a_file_that_takes_too_long_is_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "SECONDS", 0.01)
    source = Source("lijst.xlsx", xlsx([HEADER, ["L-1"]]), limits=SERVICE, apart=True)
    found = read_leavers(source)
    assert (found.refused, [error.code for error in found.errors]) == (True, ["unreadable"])
    assert "te veel tijd of geheugen" in found.errors[0].message


@pytest.mark.parametrize(("act", "heavy"), [
    ("kill -9 $$", True), ("kill -6 $$", True), ("echo '{\"heavy\": true}'", True), ("exit 1", False),
    ("kill -15 $$", False),
])  # fmt: skip
def test_a_process_that_was_killed_took_too_much_and_one_that_failed_is_our_fault(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, act: str, heavy: bool
) -> None:
    program = tmp_path / "python"
    program.write_text(f"#!/bin/sh\ncat > {tmp_path}/read\n{act}\n")
    program.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(program))
    source = Source("lijst.xlsx", xlsx([HEADER, ["L-1"]]), limits=SERVICE, apart=True)
    if heavy:
        found = read_leavers(source)
        assert (found.refused, [error.code for error in found.errors]) == (True, ["unreadable"])
    else:
        with pytest.raises(RuntimeError, match="process that opens files"):
            read_leavers(source)


def test_nothing_of_the_folder_that_the_service_was_started_in_is_run(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit(3)\n")
    (tmp_path / "api").mkdir()
    monkeypatch.chdir(tmp_path)
    assert isinstance(there("x.xlsx", xlsx([HEADER])), list)


@pytest.mark.skipif(sys.platform != "linux", reason="a limit of memory is for Linux")
@pytest.mark.parametrize(("megabytes", "dies"), [(300, False), (600, True)])
def test_a_process_gets_no_more_memory_than_it_may(megabytes: int, dies: bool) -> None:
    act = f"from api.files import apart_child; apart_child.take_no_more(); bytearray({megabytes} << 20)"
    done = subprocess.run([sys.executable, "-c", act], capture_output=True, text=True, check=False)
    assert ("MemoryError" in done.stderr) is dies, done.stderr


def test_the_largest_workbook_that_may_be_handed_in_fits_into_that_memory() -> None:
    text = "de leerling wil graag buiten werken " * 2
    rows = [["leerlingnummer", *(f"k{n}" for n in range(59))], *([f"L-{n}", *[text] * 59] for n in range(600))]
    data = xlsx(rows)
    unpacked = sum(one.file_size for one in zipfile.ZipFile(io.BytesIO(data)).infolist())
    found = there("groot.xlsx", data)
    assert isinstance(found, list), (found, unpacked)
    assert len(found[0].rows) == 601


def test_no_secret_of_the_service_is_near_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[dict[str, str]] = []
    run = subprocess.run

    def look(*said: Any, **named: Any) -> Any:
        seen.append(named["env"])
        return run(*said, **named)

    for name in ("SCHAKEL_SECRET_KEY", "SCHAKEL_DATABASE_URL", "PGPASSWORD"):
        monkeypatch.setenv(name, "geheim")
    monkeypatch.setattr(subprocess, "run", look)
    there("x.xlsx", xlsx([HEADER]))
    assert "geheim" not in repr(seen)
    assert set(seen[0]) <= {"PATH", "PYTHONPATH", "PYTHONUTF8", "LANG", "LC_ALL", "SYSTEMROOT", "LD_LIBRARY_PATH",
                            "PYTHONHOME"}  # fmt: skip


def test_a_short_text_is_opened_here_and_what_is_packed_or_long_is_not() -> None:
    assert not apart.is_heavy(b"leerlingnummer;schooltype\n")
    assert apart.is_heavy(xlsx([HEADER]))
    assert apart.is_heavy(b"a;b\n" * 30_000)
