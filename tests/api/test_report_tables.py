"""The four tables, column by column, against what the report says when it is read another way."""
from __future__ import annotations

import csv
import re
from dataclasses import replace
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path

import numpy as np
import pytest

from api.explain.points import codes_of
from api.match_report import MatchReport
from api.pipeline import run_match
from api.report import write_report
from api.report.view import build_view, ratio_of
from features.eligibility import RULES
from features.settings import FEATURES
from matcher.problem import FORBID
from matcher.sensitivity import Sensitivities
from tests.api.report_cohort import DECISIONS, ON, OPENINGS, ROWS, STUDENTS, report

SIX = re.compile(r"-?\d+\.\d{6}")
MICRO = Decimal("0.000001")


def read(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("report")
    write_report(made, report(), ROWS)
    return made


def test_headers_are_those_of_the_contract(folder: Path) -> None:
    first = {name: (folder / f"{name}.csv").read_bytes().split(b"\n")[0].decode() for name in
             ("proposals", "alternatives", "unplaced", "openings")}  # fmt: skip
    assert first["proposals"] == (
        "school,student_ref,status,vacancy_ref,starts_on,fit,band,known,own_rank,own_best_ratio,robust,reasons,to_check"
    )
    assert first["alternatives"] == (
        "school,student_ref,rank,vacancy_ref,starts_on,fit,band,placed_loss,fit_loss,others_loss,moves,base,branch,tasks,"
        "work_skills,support,travel,hours,conditions,route,development,contract"
    )
    assert first["unplaced"] == "school,student_ref,blocked,smallest_change,change_places"
    assert first["openings"] == (
        "vacancy_ref,starts_on,places,filled,left,opens,eligible,blocked,smallest_change,worth_placed,worth_fit"
    )


def test_every_student_kept_has_one_row_and_who_cannot_work_has_none(folder: Path) -> None:
    rows = read(folder, "proposals")
    kept = sorted((s.school, s.student_ref) for s in STUDENTS if s.work_capacity != "no")
    assert [(row["school"].removeprefix("'"), row["student_ref"]) for row in rows] == kept
    unplaced = [row["student_ref"] for row in rows if row["status"] == "unplaced"]
    assert unplaced == [row["student_ref"] for row in read(folder, "unplaced")]
    assert {"05", "06"} <= set(unplaced)
    for row in rows:
        if row["status"] == "unplaced":
            assert not any(row[name] for name in list(row)[3:])


def test_a_cell_that_a_spreadsheet_would_run_is_guarded(folder: Path) -> None:
    assert {row["school"] for row in read(folder, "proposals")} == {"25AB00", "'=SUM(1)"}


def test_rank_and_ratio_follow_from_the_alternatives(folder: Path) -> None:
    alternatives = read(folder, "alternatives")
    for row in read(folder, "proposals"):
        if row["status"] == "unplaced":
            continue
        own = [a for a in alternatives if (a["school"], a["student_ref"]) == (row["school"], row["student_ref"])]
        fits = [Decimal(a["fit"]) for a in own]
        chosen = [a for a in own if (a["vacancy_ref"], a["starts_on"]) == (row["vacancy_ref"], row["starts_on"])]
        assert len(chosen) == 1
        assert chosen[0]["fit"] == row["fit"]
        assert int(row["own_rank"]) == 1 + sum(fit > Decimal(row["fit"]) for fit in fits)
        ratio = (Decimal(row["fit"]) / max(fits)).quantize(MICRO, rounding=ROUND_HALF_EVEN)
        assert Decimal(row["own_best_ratio"]) == ratio
        assert all(SIX.fullmatch(row[name]) for name in ("fit", "known", "own_best_ratio"))


def test_alternatives_are_every_pair_left_in_the_order_of_the_contract(folder: Path) -> None:
    rows, problem = read(folder, "alternatives"), report().problem
    assert len(rows) == int((problem.locks != FORBID).sum())
    keys = [
        (r["school"].removeprefix("'"), r["student_ref"], -Decimal(r["fit"]), r["starts_on"], r["vacancy_ref"])
        for r in rows
    ]
    assert keys == sorted(keys)
    assert not any(r["student_ref"] == "01" and r["vacancy_ref"] == "V6" for r in rows), "the rejected pair"
    for row in rows:
        assert Decimal(row["base"]) + sum(Decimal(row[name]) for name in FEATURES) == Decimal(row["fit"])
        assert (row["placed_loss"] == "") == (row["fit_loss"] == "") == (row["others_loss"] == "")


def test_blocked_counts_every_refusing_rule_of_every_pair(folder: Path) -> None:
    made = report()
    rows = {row["student_ref"]: row["blocked"] for row in read(folder, "unplaced")}
    position = {s.student_ref: i for i, s in enumerate(made.students)}
    for ref, cell in rows.items():
        counted = dict.fromkeys(RULES, 0)
        for j in range(len(made.openings)):
            for code in codes_of(int(made.eligibility.refused_by(position[ref], j)), RULES):
                counted[code] += 1
        counted["min_fit"] += sum(i == position[ref] for i, _ in made.low_fit)
        rejected = [d for d in DECISIONS if d.decision == "reject" and d.student_ref == ref]
        counted["forbidden"] += len(rejected)
        listed = dict(part.split("=") for part in cell.split("|") if part)
        lost = {name: listed.pop(name) for name in ("full", "closed") if name in listed}
        assert listed == {code: str(n) for code, n in counted.items() if n}
        assert list(listed) == [code for code in RULES if code in listed]
        assert cell.endswith("|".join(f"{name}={n}" for name, n in lost.items()))


def test_openings_count_who_is_in_and_whether_they_open(folder: Path) -> None:
    proposals = read(folder, "proposals")
    rows = read(folder, "openings")
    keys = [(r["vacancy_ref"], r["starts_on"]) for r in rows]
    assert keys == sorted(keys)
    known = {(o.vacancy_ref, o.starts_on.isoformat()): o for o in OPENINGS}
    for row in rows:
        opening = known[row["vacancy_ref"], row["starts_on"]]
        inside = sum((p["vacancy_ref"], p["starts_on"]) == (row["vacancy_ref"], row["starts_on"]) for p in proposals)
        assert int(row["filled"]) == inside
        assert int(row["left"]) == opening.places - inside
        people = inside + opening.present
        assert row["opens"] == ("yes" if people and people >= opening.min_to_open else "no")


def test_a_fixed_pair_shows_the_rule_it_breaks(folder: Path) -> None:
    row = next(r for r in read(folder, "proposals") if r["student_ref"] == "08")
    assert (row["status"], row["vacancy_ref"]) == ("placed", "V1")
    assert row["to_check"].startswith("branch: Vastgezet, maar de leerling wil deze branche niet.")


def test_reasons_have_the_sign_of_their_contribution(folder: Path) -> None:
    made = report()
    for proposal in build_view(made).proposals:
        if not proposal.placed:
            continue
        parts = dict(zip(FEATURES, made.scored.contributions[proposal.pair].tolist(), strict=True))
        assert {s.code for s in proposal.of_kind("plus")} == {name for name, part in parts.items() if part > 0}
        assert {s.code for s in proposal.of_kind("minus")} == {name for name, part in parts.items() if part < 0}
        assert all(s.micro == parts[s.code] for s in proposal.statements if s.kind != "unknown")
        strengths = [s.micro for s in proposal.of_kind("plus")]
        assert strengths == sorted(strengths, reverse=True)
        known = dict(zip(FEATURES, made.scored.known[proposal.pair].tolist(), strict=True))
        assert {s.code for s in proposal.of_kind("unknown")} == {name for name, sure in known.items() if not sure}
    for row in read(folder, "proposals"):
        for part in [p for name in ("reasons", "to_check") for p in row[name].split("|") if p]:
            assert re.fullmatch(r"[a-z_0-9]+: [^|]+[.]", part), part


def with_sensitivity(made: MatchReport) -> MatchReport:
    pairs, places = len(made.problem.indices), len(made.openings)
    feasible = np.ones(pairs, dtype=bool)
    feasible[0] = False
    moves = tuple(((0, -1, 1), (1, 1, -1)) for _ in range(pairs))
    count = np.arange(pairs, dtype=np.int64)
    worth = np.arange(places, dtype=np.int64)
    return replace(made, sensitivity=Sensitivities(
        known=np.ones(pairs, dtype=bool), feasible=feasible, placed_loss=count, fit_loss=count * 250_001,
        others_loss=-count, moves=moves, worth_known=np.ones(places, dtype=bool), worth_placed=worth,
        worth_fit=worth * 500_000, worth_moves=(None,) * places,
    ))  # fmt: skip


def test_regret_and_worth_are_filled_in_when_they_are_known(tmp_path: Path) -> None:
    made = with_sensitivity(report())
    write_report(tmp_path, made, ())
    rows, view = read(tmp_path, "alternatives"), build_view(made)
    for row, pair in zip(rows, view.order.tolist(), strict=True):
        if pair == 0:
            assert (row["placed_loss"] == "") == (row["fit_loss"] == "") == (row["others_loss"] == "")
            continue
        assert (row["placed_loss"], Decimal(row["fit_loss"])) == (str(pair), pair * Decimal("0.250001"))
        assert row["others_loss"] == f"-{pair / 1e6:.6f}"
        first, second = made.students[0].key, made.students[1].key
        to = made.openings[1].key
        assert row["moves"].removeprefix("'") == f"{first}:>{to}|{second}:{to}>"
    assert [row["worth_fit"] for row in read(tmp_path, "openings")][:3] == ["0.000000", "0.500000", "1.000000"]


def test_equal_records_in_any_order_give_equal_bytes(folder: Path, tmp_path: Path) -> None:
    made = report()
    again = run_match(
        STUDENTS[::-1], OPENINGS[::-1], made.policy, DECISIONS[::-1], on=ON, versions={"schakel": "0.1.0"}
    )
    write_report(tmp_path, again, ROWS)
    names = sorted(path.name for path in folder.iterdir())
    assert names == sorted(path.name for path in tmp_path.iterdir())
    for name in names:
        assert (folder / name).read_bytes() == (tmp_path / name).read_bytes(), name


@pytest.mark.parametrize(
    ("fit", "best", "ratio"),
    [(1, 2, 500_000), (1, 3, 333_333), (2, 3, 666_667), (0, 0, 1_000_000), (1, 2_000_000, 0), (3, 2_000_000, 2)],
)
def test_ratio_rounds_halves_to_even(fit: int, best: int, ratio: int) -> None:
    assert ratio_of(fit, best) == ratio
