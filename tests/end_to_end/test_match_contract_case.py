"""`case/`: the problem that was solved; `assign` solves it to the same plan, `verify` holds all else against it."""
from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.match_contract_cases import BRANCH_ALONE, Desk, Done, decision, leaver, vacancy
from tests.end_to_end.match_contract_cohort import CAPS, cohort

Edit = Callable[[str], str]


def assign(desk: Desk, case: Path, out: str) -> Done:
    """Solve a case with the options it states."""
    options = json.loads((case / "options.json").read_text(), parse_float=Decimal)
    given: list[object] = ["--objective", options["objective"], "--unplaced-fit", options["unplaced_fit"]]
    if options["time_limit"]:
        given += ["--time-limit", options["time_limit"]]
    files = {name: case / f"{name}.csv" for name in ("scores", "openings", "students", "pairs")}
    for name, path in (files | {"limits": case / "limits.json"}).items():
        given += [f"--{name}", path]
    folder = desk.folder / out
    status, stdout, stderr = desk.run("assign", *given, "--out", folder)
    return Done(status, folder, stdout, stderr)


@pytest.mark.parametrize(
    "policy",
    ["", CAPS, 'objective = "fit"\nunplaced_fit = 0.55\n', 'objective = "balanced"\n' + CAPS],
    ids=["placed", "capped", "fit", "balanced"],
)
def test_assign_on_a_case_gives_the_same_plan(desk: Desk, policy: str) -> None:
    ours, theirs, said = cohort(2, students=16)
    done = desk.match(ours, theirs, decisions=said, policy=policy)
    assert done.status == 0, done.stderr
    solved = assign(desk, done.out / "case", "solved")
    assert solved.status == 0, solved.stderr
    plan = (done.out / "case" / "assignment.csv").read_bytes()
    assert (solved.out / "assignment.csv").read_bytes() == plan
    for name in sorted(path.name for path in (done.out / "case").iterdir()):
        assert (solved.out / "case" / name).read_bytes() == (done.out / "case" / name).read_bytes(), name
    result, report = solved.json("result.json"), done.json()
    assert result["stages"] == report["stages"]
    assert (result["status"], result["gap"], result["placed"]) == ("optimal", report["gap"], report["totals"]["placed"])
    assert desk.verify("solved")[0] == 0
    assert desk.verify()[0] == 0


def test_the_plan_is_one_and_the_same_in_every_file(desk: Desk) -> None:
    ours, theirs, said = cohort()
    done = desk.match(ours, theirs, decisions=said, policy=CAPS)
    plan = {row["student"]: (row["opening"], row["score"]) for row in done.rows("case/assignment.csv")}
    shown = {
        f"{row['school']}/{row['student_ref']}": (f"{row['vacancy_ref']}@{row['starts_on']}".strip("@"), row["fit"])
        for row in done.rows("proposals.csv")
    }
    assert shown == plan
    assert {row["student"] for row in done.rows("case/students.csv")} == set(plan)
    left = [f"{row['school']}/{row['student_ref']}" for row in done.rows("unplaced.csv")]
    assert left == sorted(student for student, (opening, _) in plan.items() if not opening)
    filled = {f"{row['vacancy_ref']}@{row['starts_on']}": int(row["filled"]) for row in done.rows("openings.csv")}
    assert filled == {name: sum(at == name for at, _ in plan.values()) for name in filled}
    assert len(filled) == len(theirs)
    pairs = {(row["student"], row["opening"]): row["score"] for row in done.rows("case/scores.csv")}
    forbidden = {(r["student"], r["opening"]) for r in done.rows("case/pairs.csv") if r["constraint"] == "-1"}
    listed = {
        (f"{row['school']}/{row['student_ref']}", f"{row['vacancy_ref']}@{row['starts_on']}"): row["fit"]
        for row in done.rows("alternatives.csv")
    }
    assert listed == {pair: score for pair, score in pairs.items() if pair not in forbidden}


def test_students_and_openings_of_a_case_carry_what_the_lists_say(desk: Desk) -> None:
    rows = [leaver("B", leaves_on="2025-07-01", enrolled="no"), leaver("A", destination="mbo")]
    group = {"places": "3", "min_to_open": "4", "present": "3", "supervision_half_days": "1,5"}
    theirs = [vacancy("V2", starts_on="2027-02-01", **group), vacancy("V1", places="0")]
    done = desk.match(rows, theirs)
    assert done.rows("case/students.csv") == [
        {"student": "31TA00/A", "priority": "1"}, {"student": "31TA00/B", "priority": "2"},
    ]  # fmt: skip
    assert done.rows("case/openings.csv") == [
        {"opening": "V1@2026-09-01", "places": "0", "min_to_open": "0", "present": "0", "load_capacity": ""},
        {"opening": "V2@2027-02-01", "places": "3", "min_to_open": "4", "present": "3", "load_capacity": "1.500000"},
    ]  # fmt: skip
    options = done.json("case/options.json")
    assert (options["objective"], options["unplaced_fit"]) == ("placed", 0)
    assert "time_limit" in options
    prices = done.rows("case/prices.csv")
    assert {row["kind"] for row in prices} <= {"student", "opening", "limit", "load", "open"}
    assert all(int(row["price"]) == Decimal(row["price"]) for row in prices)
    assert {row["id"] for row in prices if row["kind"] == "student"} == {"31TA00/A", "31TA00/B"}


def test_caps_are_limits_over_the_openings_they_name(desk: Desk) -> None:
    caps = '[[caps]]\nname = "groen"\nbranch = "green"\nat_most = 1\n'
    done = desk.match([leaver(), leaver("B")], [vacancy(), vacancy("V2"), vacancy("V3", branch="retail")],
                      policy=BRANCH_ALONE + caps)  # fmt: skip
    limits = json.loads((done.out / "case" / "limits.json").read_text())
    assert limits == [
        {"name": "groen", "students": "*", "openings": ["V1@2026-09-01", "V2@2026-09-01"], "at_most": 1},
    ]  # fmt: skip
    assert sorted(done.plan().values()) == ["", "V1"] or sorted(done.plan().values()) == ["", "V2"]


@pytest.fixture(scope="module")
def solved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A result that verifies: five students, five openings, one pin, one rejection, one group that opens."""
    from api.cli import run
    from tests.end_to_end.match_contract_cases import csv_text

    folder = tmp_path_factory.mktemp("solved")
    rows = [leaver("A", branches="green|retail"), leaver("B", branches="green|metal"), leaver("C", branches="retail"),
            leaver("D", branches="metal|green"), leaver("E", destination="mbo")]  # fmt: skip
    theirs = [vacancy("V1"), vacancy("V2", branch="retail", places="2"), vacancy("V3", branch="metal"),
              vacancy("V4", branch="logistics", places="2"), vacancy("V5", branch="retail", places="0")]  # fmt: skip
    said = [decision("A", "V2", "pin"), decision("D", "V1", "reject")]
    for name, table in (("l", rows), ("v", theirs), ("d", said)):
        (folder / f"{name}.csv").write_text(csv_text(table))
    (folder / "p.toml").write_text(BRANCH_ALONE)
    given = [folder / "l.csv", folder / "v.csv", "--decisions", folder / "d.csv", "--policy", folder / "p.toml"]
    assert run(["match", *map(str, given), "--on", "2026-06-15", "--out", str(folder / "out")]) == 0
    return folder / "out"


def cell(at: int, column: str, value: str | Callable[[str], str]) -> Edit:
    """Change one cell of a CSV."""

    def edit(text: str) -> str:
        rows = list(csv.reader(io.StringIO(text)))
        place = rows[0].index(column)
        before = rows[at][place]
        rows[at][place] = value if isinstance(value, str) else value(before)
        assert rows[at][place] != before, "nothing was changed"
        stream = io.StringIO()
        csv.writer(stream, lineterminator="\n").writerows(rows)
        return stream.getvalue()

    return edit


def line(at: int) -> Edit:
    """Take a row out of a CSV."""
    return lambda text: "".join(row for k, row in enumerate(text.splitlines(keepends=True)) if k != at)


def key(*path: str | int, value: Any) -> Edit:
    """Change one value of a JSON file."""

    def edit(text: str) -> str:
        content = json.loads(text)
        inner = content
        for part in path[:-1]:
            inner = inner[part]
        assert inner[path[-1]] != value, "nothing was changed"
        inner[path[-1]] = value
        return json.dumps(content)

    return edit


TAMPERED: list[tuple[str, Edit | None]] = [
    ("case/scores.csv", cell(1, "score", "0.999999")),
    ("case/scores.csv", line(1)),
    ("case/openings.csv", cell(1, "places", "2")),
    ("case/openings.csv", cell(2, "present", "1")),
    ("case/openings.csv", cell(2, "min_to_open", "2")),
    ("case/openings.csv", cell(1, "load_capacity", "5")),
    ("case/students.csv", cell(2, "priority", "2")),
    ("case/pairs.csv", line(1)),
    ("case/pairs.csv", lambda text: text + "31TA00/C,V2@2026-09-01,1\n"),
    ("case/limits.json", lambda _: '[{"name": "x", "students": "*", "openings": "*", "at_most": 9}]'),
    ("case/options.json", key("objective", value="fit")),
    ("case/options.json", key("unplaced_fit", value=0.1)),
    ("case/options.json", key("digest", value="0" * 64)),
    ("case/assignment.csv", cell(2, "opening", "")),
    ("case/assignment.csv", cell(1, "score", "0.5")),
    ("case/prices.csv", cell(1, "price", lambda price: str(int(price) + 1_000_000))),
    ("case/prices.csv", line(1)),
    ("case/prices.csv", None),
    ("case/assignment.csv", None),
    ("proposals.csv", cell(1, "vacancy_ref", "V3")),
    ("proposals.csv", cell(1, "fit", "0.900000")),
    ("proposals.csv", cell(1, "status", "unplaced")),
    ("proposals.csv", cell(1, "starts_on", "2027-02-01")),
    ("proposals.csv", cell(1, "own_rank", lambda rank: str(int(rank) + 1))),
    ("proposals.csv", cell(1, "own_best_ratio", "0.123456")),
    ("proposals.csv", line(2)),
    ("proposals.csv", lambda text: text + text.splitlines()[1] + "\n"),
    ("proposals.csv", None),
    ("openings.csv", cell(1, "filled", "0")),
    ("openings.csv", cell(1, "left", "1")),
    ("openings.csv", cell(1, "places", "2")),
    ("openings.csv", cell(1, "opens", "no")),
    ("openings.csv", cell(1, "eligible", "9")),
    ("openings.csv", line(5)),
    ("openings.csv", None),
    ("alternatives.csv", cell(1, "fit", "0.999999")),
    ("alternatives.csv", cell(1, "rank", "7")),
    ("alternatives.csv", cell(1, "vacancy_ref", "V4")),
    ("alternatives.csv", cell(1, "branch", "0.400000")),
    ("alternatives.csv", line(2)),
    ("alternatives.csv", lambda text: text + text.splitlines()[1] + "\n"),
    ("alternatives.csv", None),
    ("unplaced.csv", line(1)),
    ("unplaced.csv", lambda text: text + "31TA00,A,reach=1,,\n"),
    ("unplaced.csv", None),
    ("report.json", key("status", value="feasible")),
    ("report.json", key("objective", value="fit")),
    ("report.json", key("gap", value=0.1)),
    ("report.json", key("totals", "placed", value=5)),
    ("report.json", key("totals", "unplaced", value=0)),
    ("report.json", key("totals", "places", value=50)),
    ("report.json", key("stages", 0, "value", value=9)),
    ("report.json", key("stages", 0, "bound", value=9)),
    ("report.json", key("stages", 1, "value", value=2.5)),
    ("report.json", key("stages", 1, "bound", value=2.5)),
    ("report.json", key("ties", "value", value=1)),
    ("report.json", key("stages", value=[])),
    ("report.json", None),
]


@pytest.mark.parametrize(
    ("name", "edit"), TAMPERED, ids=[f"{k}-{name.replace('/', '-')}" for k, (name, _) in enumerate(TAMPERED)]
)
def test_verify_refuses_what_was_tampered_with(desk: Desk, solved: Path, name: str, edit: Edit | None) -> None:
    folder = desk.folder / "copy"
    shutil.copytree(solved, folder)
    path = folder / name
    if edit is None:
        path.unlink()
    else:
        path.write_text(edit(path.read_text()))
    status, said = desk.verify(folder)
    assert status == (2 if name == "report.json" and edit is None else 1), said
    assert "proved" not in said.splitlines()
    assert "Traceback" not in said
    assert said.strip()


def test_verify_proves_what_nobody_touched(desk: Desk, solved: Path) -> None:
    shutil.copytree(solved, desk.folder / "elsewhere")
    assert desk.verify("elsewhere") == (0, "proved\n")
    assert desk.verify("nowhere")[0] == 2
    (desk.folder / "empty").mkdir()
    assert desk.verify("empty")[0] == 2


def test_a_better_plan_passed_off_as_worse_is_found(desk: Desk, solved: Path) -> None:
    """All figures are changed together, so that nothing but the optimum itself is against it."""
    folder = desk.folder / "copy"
    shutil.copytree(solved, folder)
    rows = list(csv.DictReader(io.StringIO((folder / "case" / "assignment.csv").read_text())))
    out = next(row for row in rows if row["student"] == "31TA00/C")
    assert out["score"] == "1.000000"
    for path, column, value in ((folder / "case" / "assignment.csv", "opening", ""),):
        text = path.read_text().replace("31TA00/C,V2@2026-09-01,1.000000", "31TA00/C,,")
        assert value == "" and column
        path.write_text(text)
    path = folder / "proposals.csv"
    lines = path.read_text().splitlines()
    at = next(k for k, row in enumerate(lines) if row.startswith("31TA00,C,"))
    lines[at] = "31TA00,C,unplaced" + "," * 10
    path.write_text("\n".join(lines) + "\n")
    path = folder / "openings.csv"
    path.write_text(path.read_text().replace("V2,2026-09-01,2,2,0,yes", "V2,2026-09-01,2,1,1,yes"))
    path = folder / "report.json"
    report = json.loads(path.read_text())
    report["totals"]["placed"] -= 1
    report["totals"]["filled"] -= 1
    report["totals"]["unplaced"] += 1
    for stage in report["stages"]:
        stage["value"] = stage["bound"] = stage["value"] - 1
    path.write_text(json.dumps(report))
    status, said = desk.verify(folder)
    assert status == 1
    assert "proved" not in said.splitlines()
