"""The same records give the same bytes: whatever the order, format, place, clock, zone or hash seed."""
from __future__ import annotations

import io
import json
import os
import random
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path

import pytest
import xlsxwriter

from tests.end_to_end.match_contract_cases import ON, Desk, Done, csv_text, leaver, vacancy
from tests.end_to_end.match_contract_cohort import CAPS, Rows, cohort

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def first(desk: Desk) -> Done:
    """The cohort, matched once."""
    ours, theirs, said = cohort()
    done = desk.match(ours, theirs, decisions=said, policy=CAPS)
    assert done.status == 0, done.stderr
    return done


def shuffled(rows: Rows, seed: int) -> Rows:
    """The rows in another order, each with its columns in another order."""
    draw = random.Random(seed)
    names = list(dict.fromkeys(name for row in rows for name in row))
    draw.shuffle(names)
    return [{name: row.get(name, "") for name in names} for row in draw.sample(rows, len(rows))]


def assert_same(one: Done, other: Done) -> None:
    ours, theirs = one.files(), other.files()
    assert ours.keys() == theirs.keys()
    assert [name for name in ours if ours[name] != theirs[name]] == []


def typed(name: str, cell: object) -> object:
    """A cell as a spreadsheet or a program would hold it."""
    text = str(cell)
    if name.endswith(("_on", "_date", "_from")) and text:
        return date.fromisoformat(text)
    if name.startswith(("hours_", "max_")) or name in ("places", "support_half_days", "supervision_half_days"):
        return float(text) if "." in text else int(text) if text else None
    return text or None


def workbook(rows: Rows, title: str) -> bytes:
    """The rows as a workbook with typed cells, a title above the header and an empty row."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet, day = book.add_worksheet("Lijst"), book.add_format({"num_format": "dd-mm-yyyy"})
    sheet.write_string(0, 0, title)
    for column, name in enumerate(rows[0]):
        sheet.write_string(2, column, name.upper())
        for line, row in enumerate(rows, start=3):
            value = typed(name, row[name])
            if isinstance(value, date):
                sheet.write_datetime(line, column, datetime.combine(value, datetime.min.time()), day)
            elif isinstance(value, (int, float)):
                sheet.write_number(line, column, value)
            elif value is not None:
                sheet.write_string(line, column, str(value))
    book.close()
    return stream.getvalue()


def as_json(rows: Rows) -> str:
    """The rows as JSON: numbers as numbers, lists as lists, empty cells left out."""
    lists = ("branches", "travel_means", "route", "participation_criteria")
    objects = []
    for row in rows:
        values = {name: typed(name, cell) for name, cell in row.items()}
        objects.append(
            {
                name: str(value) if isinstance(value, date)
                else value.split("|") if name in lists and isinstance(value, str) else value
                for name, value in values.items() if value is not None
            }
        )  # fmt: skip
    return json.dumps(objects)


@pytest.mark.parametrize("seed", range(4))
def test_rows_and_columns_in_any_order(desk: Desk, first: Done, seed: int) -> None:
    ours, theirs, said = (shuffled(rows, seed) for rows in cohort())
    again = desk.match(ours, theirs, decisions=said, policy=CAPS, out="again")
    assert again.status == 0, again.stderr
    assert_same(first, again)


def test_files_with_defects_in_another_order_change_rows_csv_alone(desk: Desk) -> None:
    ours, theirs, _ = cohort(students=8)
    ours += [leaver("x", birth_date="3/4/2008"), leaver("y", branches="infr")]
    theirs += [vacancy("W", places="veel"), vacancy("X", crebo="12")]
    for row in ours:
        row["geslacht"] = "m"
    one = desk.match(ours, theirs)
    other = desk.match(shuffled(ours, 1), shuffled(theirs, 2), out="other")
    ours_found, theirs_found = one.rows("rows.csv"), other.rows("rows.csv")
    assert len(ours_found) == 5
    assert ours_found != theirs_found
    assert {(r["file"], r["column"], r["code"]) for r in ours_found} == {
        (r["file"], r["column"], r["code"]) for r in theirs_found
    }  # fmt: skip
    before, after = one.files(), other.files()
    assert [name for name in before if before[name] != after[name]] == ["rows.csv"]


def test_another_way_to_write_the_same_csv(desk: Desk, first: Done) -> None:
    ours, theirs, _ = cohort()
    dutch = {"student_ref": "Leerlingnummer", "school": "BRIN", "birth_date": "Geboortedatum", "branches": "BRANCHES",
             "hours_min": "Uren min"}  # fmt: skip
    renamed = [{dutch.get(name, name): cell for name, cell in row.items()} for row in ours]
    for row in renamed:
        year, month, day = str(row["Geboortedatum"]).split("-")
        row["Geboortedatum"] = f"{int(day)}-{int(month)}-{year}"
        row["BRIN"] = str(row["BRIN"])[:4].lower()
        row["BRANCHES"] = str(row["BRANCHES"]).replace("green", "Groen").replace("retail", "winkel")
    text = csv_text(renamed).replace(",", ";").replace("\n", "\r\n")
    path = desk.write("leavers.csv", b"\xef\xbb\xbf" + text.encode())
    again = desk.match(path, theirs, "--decisions", desk.folder / "decisions.csv", policy=CAPS, out="again")
    assert again.status == 0, again.stderr
    assert again.rows("rows.csv") == []
    assert_same(first, again)


def test_a_workbook_or_json_of_the_same_records(desk: Desk, first: Done) -> None:
    ours, theirs, _ = cohort()
    for suffix, pack in (("xlsx", lambda rows: workbook(rows, "Lijst 2026")), ("json", as_json)):
        paths = [desk.write(f"{name}.{suffix}", pack(rows)) for name, rows in (("l", ours), ("v", theirs))]
        again = desk.match(*paths, "--decisions", desk.folder / "decisions.csv", policy=CAPS, out=suffix)
        assert again.status == 0, again.stderr
        assert again.rows("rows.csv") == []
        assert_same(first, again)


def test_another_folder_zone_hash_seed_locale_and_number_of_workers(desk: Desk, first: Done) -> None:
    for number, (zone, seed) in enumerate((("Asia/Tokyo", "1"), ("America/Los_Angeles", "4242"))):
        out = desk.folder / f"elders {number}" / "uit"
        env = os.environ | {
            "PYTHONPATH": str(ROOT), "TZ": zone, "PYTHONHASHSEED": seed, "LC_ALL": "C", "COLUMNS": "40",
            "OMP_NUM_THREADS": str(number + 1),
        }  # fmt: skip
        theirs = Path("..", desk.folder.name, "vacancies.csv")
        command = [
            sys.executable, "-m", "api", "match", "leavers.csv", theirs, "--on", ON, "--policy", "policy.toml",
            "--decisions", "decisions.csv", "--out", out,
        ]  # fmt: skip
        ended = subprocess.run(command, cwd=desk.folder, env=env, capture_output=True, text=True, check=False)
        assert ended.returncode == 0, ended.stderr
        assert_same(first, Done(0, out, "", ""))


def test_a_second_run_over_the_first(desk: Desk, first: Done) -> None:
    before = first.files()
    ours, theirs, said = cohort()
    assert desk.match(ours, theirs, decisions=said, policy=CAPS).files() == before


def test_equal_students_are_parted_by_a_rule_that_knows_no_order(desk: Desk) -> None:
    rows, theirs = [leaver(str(k)) for k in range(6)], [vacancy("V1", places="2"), vacancy("V2")]
    plan = desk.match(rows, theirs).plan()
    assert sorted(plan.values()) == ["", "", "", "V1", "V1", "V2"]
    for seed in range(3):
        assert desk.match(shuffled(rows, seed), shuffled(theirs, seed), out=f"o{seed}").plan() == plan


@pytest.mark.parametrize("objective", ["fit", "balanced"])
def test_other_objectives_too(desk: Desk, objective: str) -> None:
    policy = f'objective = "{objective}"\nunplaced_fit = 0.5\n' + CAPS
    ours, theirs, said = cohort(3, students=14)
    one = desk.match(ours, theirs, decisions=said, policy=policy)
    assert one.status == 0, one.stderr
    ours, theirs, said = shuffled(ours, 1), shuffled(theirs, 2), shuffled(said, 3)
    other = desk.match(ours, theirs, decisions=said, policy=policy, out="other")
    assert_same(one, other)


def test_the_digest_follows_records_policy_decisions_and_day(desk: Desk) -> None:
    def digest(ours: Rows, theirs: Rows, said: Rows, policy: str, on: str) -> str:
        done = desk.match(ours, theirs, decisions=said, policy=policy, on=on)
        return str(done.json()["digest"])

    ours, theirs, said = cohort(students=8)
    seen = [digest(ours, theirs, said, CAPS, ON)]
    assert digest(ours[::-1], theirs, said, CAPS, ON) == seen[0]
    seen.append(digest([ours[0] | {"hours_min": "25"}, *ours[1:]], theirs, said, CAPS, ON))
    seen.append(digest(ours, [theirs[0] | {"title": "Anders"}, *theirs[1:]], said, CAPS, ON))
    seen.append(digest(ours, theirs, said[1:], CAPS, ON))
    seen.append(digest(ours, theirs, said, "min_fit = 0.41\n" + CAPS, ON))
    seen.append(digest(ours, theirs, said, CAPS, "2026-06-16"))
    assert len(set(seen)) == len(seen)
