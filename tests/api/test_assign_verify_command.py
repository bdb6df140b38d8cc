"""``schakel verify``: what it says of a result, and that it names whatever somebody changed in one."""
from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from api.cli import run
from tests.api.assign_cases import assign, rows

PLAIN: dict[str, str] = {
    "scores": "student,opening,score\na,x,0.9\na,y,0.7\nb,x,0.8\nb,y,0.8\nc,x,0.5\nc,z,0.4\nd,y,0.8\nd,x,0.8\n",
    "openings": "opening,places\nx,1\ny,2\nz,0\n",
    "students": "student,priority\na,1\nb,2\nc,1\nd,1\n",
    "pairs": "student,opening,constraint\na,y,-1\n",
}
LIMITED: dict[str, str] = PLAIN | {
    "openings": "opening,places,min_to_open,load_capacity\nx,2,2,1.5\ny,2,,2\nz,1,,\n",
    "students": "student,priority,load\na,1,1\nb,2,0.5\nc,1,1\nd,1,0.75\n",
    "limits": '[{"name": "n", "students": ["c", "d"], "openings": "*", "at_least": 1, "at_most": 2}]',
}


def _verify(folder: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    capsys.readouterr()
    status = run(["verify", str(folder)])
    return status, capsys.readouterr().out


def test_a_plain_plan_is_proved(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert assign(tmp_path, **PLAIN) == 0
    assert _verify(tmp_path / "out", capsys) == (0, "proved\n")


@pytest.mark.parametrize("objective", ["placed", "fit", "balanced"])
def test_a_plan_under_every_limit_is_proved_or_bounded(
    objective: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert assign(tmp_path, "--objective", objective, **LIMITED) == 0
    status, said = _verify(tmp_path / "out", capsys)
    assert status == 0
    assert re.fullmatch(r"proved\n|feasible, own bound [-0-9.]+, solver claims optimal\n", said)
    if objective == "balanced":
        assert "own bound" in said


def test_a_folder_that_is_no_result_is_wrong_usage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _verify(tmp_path, capsys)[0] == 2
    assert run(["verify", str(tmp_path / "absent")]) == 2


def _json(change: Callable[[dict[str, Any]], object], name: str = "result.json") -> Callable[[Path], None]:
    def apply(folder: Path) -> None:
        content = json.loads((folder / name).read_text(encoding="utf-8"))
        change(content)
        (folder / name).write_text(json.dumps(content), encoding="utf-8")

    return apply


def _text(name: str, old: str, new: str) -> Callable[[Path], None]:
    def apply(folder: Path) -> None:
        text = (folder / name).read_text(encoding="utf-8")
        assert old in text, (name, text)
        (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")

    return apply


def _both(one: Callable[[Path], None], other: Callable[[Path], None]) -> Callable[[Path], None]:
    def apply(folder: Path) -> None:
        one(folder)
        other(folder)

    return apply


def _stage(index: int, key: str, step: float) -> Callable[[Path], None]:
    return _json(lambda c: c["stages"][index].__setitem__(key, round(c["stages"][index][key] + step, 6)))


def _plan(student: str, old: str, new: str) -> Callable[[Path], None]:
    line, changed = f"\n{student},{old}\n", f"\n{student},{new}\n"
    return _both(_text("assignment.csv", line, changed), _text("case/assignment.csv", line, changed))


TAMPERED: list[tuple[Callable[[Path], None], str]] = [
    (_json(lambda c: c.update(status="feasible")), "status"),
    (_json(lambda c: c.update(status="best")), "status"),
    (_json(lambda c: c.update(placed=c["placed"] + 1)), "placed"),
    (_json(lambda c: c.update(priority_placed=c["priority_placed"] - 1)), "priority_placed"),
    (_json(lambda c: c.update(total_score=c["total_score"] + 0.000001)), "total_score"),
    (_json(lambda c: c.update(total_score=True)), "total_score"),
    (_json(lambda c: c.update(objective="fit")), "objective"),
    (_json(lambda c: c.update(bound=c["bound"] + 1)), "bound"),
    (_json(lambda c: c.update(gap=0.5)), "gap"),
    (_json(lambda c: c.update(digest="0" * 64)), "digest"),
    (_json(lambda c: c.update(conflict=[{"kind": "pin"}])), "conflict"),
    (_json(lambda c: c.update(stages=c["stages"][::-1])), "value"),
    (_json(lambda c: c.pop("stages")), "value"),
    (_json(lambda c: c.update(ties=None)), "ties"),
    (_json(lambda c: c["ties"].update(value=c["ties"]["value"] + 1)), "ties"),
    (_json(lambda c: c["ties"].update(bound=c["ties"]["bound"] + 1)), "bound"),
    (_stage(0, "value", 1), "value"),
    (_stage(0, "bound", 1), "bound"),
    (_stage(1, "value", 0.000001), "value"),
    (_stage(1, "bound", 0.000001), "bound"),
    (_text("assignment.csv", "a,x", "a,"), "assignment"),
    (_text("case/assignment.csv", "a,x,0.900000", "a,,"), "assignment"),
    (_text("case/assignment.csv", "a,x,0.900000", "a,x,0.900001"), "assignment"),
    (_text("case/assignment.csv", "a,x,0.900000\n", ""), "assignment"),
    (_text("case/assignment.csv", "a,x,0.900000\n", "a,x,0.900000\na,x,0.900000\n"), "assignment"),
    (_text("case/assignment.csv", "a,x,0.900000", "a,q,0.900000"), "assignment"),
    (_plan("a", "x,0.900000", "z,"), "not_eligible"),
    (_plan("c", ",", "z,0.400000"), "places"),
    (_plan("a", "x,0.900000", "y,0.700000"), "forbid"),
    (_plan("a", "x,0.900000", ","), "value"),
    (_text("case/prices.csv", "student,b,priority,", "student,b,priority,1"), "prices"),
    (_text("case/prices.csv", "opening,z,fit,", "opening,z,fit,1"), "prices"),
    (_text("case/prices.csv", "student,c,fit,0\n", ""), "prices"),
    (lambda folder: (folder / "case/prices.csv").unlink(), "prices"),
    (_text("case/openings.csv", "y,2,", "y,3,"), "digest"),
    (_text("case/scores.csv", "d,x,0.8", "d,x,0.9"), "digest"),
    (_text("case/students.csv", "c,1", "c,2"), "digest"),
    (_text("case/pairs.csv", "a,y,-1\n", ""), "digest"),
    (_text("case/limits.json", "[]", '[{"name": "n", "at_most": 2}]'), "at_most"),
    (_json(lambda c: c.update(objective="fit"), "case/options.json"), "objective"),
    (_json(lambda c: c.update(unplaced_fit=0.25), "case/options.json"), "digest"),
]  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A proven plain result."""
    folder = tmp_path_factory.mktemp("made")
    assert assign(folder, **PLAIN) == 0
    return folder / "out"


@pytest.mark.parametrize("number", range(len(TAMPERED)))
def test_whatever_was_changed_is_named(
    number: int, made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change, name = TAMPERED[number]
    folder = tmp_path / "out"
    shutil.copytree(made, folder)
    change(folder)
    status, said = _verify(folder, capsys)
    error = capsys.readouterr().err
    assert status == 1
    assert re.search(rf"^{name}: ", said + error, re.MULTILINE), (name, said, error)


def test_a_swap_between_equals_breaks_the_tie_rule_and_nothing_else(
    made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # b and d may each be at x or y for 0.8; exactly one distribution has the highest sum of tie numbers.
    tables = {
        "scores": "student,opening,score\nb,x,0.8\nb,y,0.8\nd,x,0.8\nd,y,0.8\n",
        "openings": "opening,places\nx,1\ny,1\n",
    }
    assert assign(tmp_path, **tables) == 0
    folder = tmp_path / "out"
    was = {row["student"]: row["opening"] for row in rows(folder / "assignment.csv")}
    for name in ("assignment.csv", "case/assignment.csv"):
        (folder / name).write_text(
            f"student,opening,score\nb,{was['d']},0.800000\nd,{was['b']},0.800000\n", encoding="utf-8"
        )
    status, said = _verify(folder, capsys)
    assert (status, {line.partition(":")[0] for line in said.splitlines()}) == (1, {"ties"})
    # Stating the sum of the plan that lies there does not help.
    stated = int(re.search(r"the assignment has (\d+)", said)[1])  # type: ignore[index]
    _json(lambda c: c["ties"].update(value=stated, bound=stated))(folder)
    status, said = _verify(folder, capsys)
    assert (status, {line.partition(":")[0] for line in said.splitlines()}) == (1, {"ties"})


@pytest.mark.parametrize(
    ("change", "name"),
    [
        (_text("case/limits.json", '"at_most": 2', '"at_most": 0'), "at_most"),
        (_text("case/openings.csv", "y,2,0,0,2.0", "y,2,3,0,2.0"), "min_to_open"),
        (_text("case/openings.csv", "y,2,0,0,2.000000", "y,2,0,0,0.500000"), "load"),
        (_stage(0, "bound", 1), "bound"),
        (_stage(1, "value", -0.1), "value"),
        (_text("case/prices.csv", ",priority,", ",priority,1"), "prices"),
    ],
)
def test_what_was_changed_under_other_limits_is_named(
    change: Callable[[Path], None], name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert assign(tmp_path, **LIMITED) == 0
    change(tmp_path / "out")
    status, said = _verify(tmp_path / "out", capsys)
    assert status == 1
    assert re.search(rf"^{name}: ", said, re.MULTILINE), said


@pytest.mark.slow
def test_random_changes_of_any_byte_are_refused_or_change_nothing(
    made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rng = np.random.default_rng(5)
    names = ["assignment.csv", "result.json", "case/scores.csv", "case/openings.csv", "case/assignment.csv",
             "case/prices.csv", "case/students.csv", "case/pairs.csv"]  # fmt: skip
    for trial in range(400):
        folder = tmp_path / str(trial)
        shutil.copytree(made, folder)
        path = folder / names[trial % len(names)]
        data = bytearray(path.read_bytes())
        digits = [k for k, byte in enumerate(data) if chr(byte).isdigit()]
        where = digits[rng.integers(len(digits))]
        data[where] = ord(str((int(chr(data[where])) + rng.integers(1, 10)) % 10))
        path.write_bytes(bytes(data))
        assert _verify(folder, capsys)[0] in (1, 2), (path.name, where)
        shutil.rmtree(folder)


def test_a_stated_conflict_that_is_none_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert assign(tmp_path, **(PLAIN | {"pairs": "student,opening,constraint\na,x,1\nb,x,1\nc,x,1\n"})) == 3
    assert _verify(tmp_path / "out", capsys)[0] == 0
    for change, words in (
        (lambda c: c["conflict"].pop(), "can hold together"),
        (lambda c: c.update(conflict=[]), "no members"),
        (lambda c: c["conflict"].append(c["conflict"][0] | {"students": ["d"]}), "is not in the case"),
        (lambda c: c.update(status="optimal"), "without a plan"),
    ):
        folder = tmp_path / words.replace(" ", "_")
        shutil.copytree(tmp_path / "out", folder)
        _json(change)(folder)
        status, said = _verify(folder, capsys)
        assert status == 1
        assert words in said
