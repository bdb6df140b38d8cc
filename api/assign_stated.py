"""What a result of `match` or `assign` says, read back: the case, the plan, the prices, and the stated figures."""
from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.assign_files import CASE, limit_ids, stage_number, stage_unit
from api.assign_numbers import NumberError, millionths_of
from api.assign_read import AssignFiles, Stated, read_problem
from api.assign_table import Defects, Table, ids, read_table
from api.errors import Refused, WrongUsage
from matcher.certificate_values import ratios
from matcher.problem import Problem
from matcher.solution import UNPLACED, Price, Solution, Stage


@dataclass(frozen=True, slots=True, eq=False)
class Result:
    """A folder of `match` or `assign` as read.

    ``stated`` is result.json or report.json; ``solution`` is None without a plan; ``findings`` came up while reading.
    """

    command: str  # match | assign
    case: Stated
    options: dict[str, Any]
    unplaced_value: int
    stated: dict[str, Any]
    solution: Solution | None
    findings: tuple[tuple[str, str], ...] = ()


def read_result(folder: Path) -> Result:
    """Read everything `verify` looks at.

    Raises
    ------
    WrongUsage
        If the folder is no result.
    Refused
        If a file in it cannot be read as what it should be.
    """
    names = {"assign": "result.json", "match": "report.json"}
    command = next((name for name, file in names.items() if (folder / file).is_file()), None)
    case = folder / CASE
    if command is None or not case.is_dir():
        raise WrongUsage(f"{folder} is no result of `schakel match` or `schakel assign` with a case: result.json or "
                         "report.json and case/ are needed.")  # fmt: skip
    stated, options = read_json(folder / names[command]), read_json(case / "options.json")
    if not (case / "scores.csv").is_file() or not (case / "openings.csv").is_file():
        raise Refused("case/ has no scores.csv or no openings.csv")
    others = [case / name for name in ("students.csv", "pairs.csv", "limits.json")]
    optional = [path if path.is_file() else None for path in others]
    problem = read_problem(AssignFiles(case / "scores.csv", case / "openings.csv", *optional))
    unplaced = millionths_stated(options.get("unplaced_fit", 0))
    if unplaced is None:
        raise Refused(f"case/options.json: unplaced_fit is {options.get('unplaced_fit')!r}; expected a number")
    solution, findings = None, []
    if (case / "assignment.csv").is_file():
        prices: tuple[Price, ...] = ()
        try:
            prices = _prices(case / "prices.csv", problem)
        except Refused as refusal:
            findings += [("prices", line) for line in str(refusal).splitlines()]
        try:
            assignment = read_assignment(case / "assignment.csv", problem)
            solution = _solution(stated, options, problem.problem, assignment, prices)
        except Refused as refusal:
            findings += [("assignment", line) for line in str(refusal).splitlines()]
    return Result(command, problem, options, unplaced, stated, solution, tuple(findings))


def read_json(path: Path) -> dict[str, Any]:
    """An object, its decimal numbers as `Decimal`."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    except OSError as error:
        raise Refused(f"{path.name}: cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise Refused(f"{path.name}: is no JSON: {error}") from error
    if not isinstance(content, dict):
        raise Refused(f"{path.name}: expected an object")
    return content


def read_assignment(path: Path, case: Stated) -> NDArray[np.int64]:
    """The opening of each student, shape (n,); every student of the case must stand there once."""
    defects = Defects()
    table = read_table(path, ("student", "opening"), ("score",), defects, lambda _: None)
    defects.refuse()
    student = {text: i for i, text in enumerate(case.students)}
    opening = {text: j for j, text in enumerate(case.openings)}
    assignment = np.full(len(student), -2, dtype=np.int64)
    scores = table.columns["score"]
    for number, who, where, score in zip(
        table.row, ids(table, "student", defects), table.columns["opening"], scores, strict=True
    ):
        if who not in student:
            defects.add(path.name, number, f"student {who!r} is not in the case")
        elif assignment[student[who]] != -2:
            defects.add(path.name, number, f"student {who!r} stands there twice")
        elif where and where not in opening:
            defects.add(path.name, number, f"opening {where!r} is not in the case")
        else:
            assignment[student[who]] = opening[where] if where else UNPLACED
            if not _score_fits(case.problem, student[who], int(assignment[student[who]]), score):
                defects.add(path.name, number, f"score is {score!r}; the case has another")
    for i in np.flatnonzero(assignment == -2).tolist():
        defects.add(path.name, None, f"student {case.students[i]!r} is missing")
    defects.refuse()
    return assignment


def _score_fits(problem: Problem, i: int, j: int, score: str) -> bool:
    """Whether a stated score is that of the pair; one of a pair that is not eligible is told by its name elsewhere."""
    pair = problem.pair(i, j) if j >= 0 else -1
    if pair < 0:
        return j >= 0 or not score
    return bool(millionths_stated(score or "x") == problem.values[pair])


def _prices(path: Path, case: Stated) -> tuple[Price, ...]:
    defects = Defects()
    table = read_table(path, ("kind", "id", "stage", "price"), (), defects, lambda _: None)
    defects.refuse()
    names: dict[str, Sequence[str]] = {"student": case.students, "limit": limit_ids(case.problem)}
    index = {
        kind: {text: k for k, text in enumerate(names.get(kind, case.openings))}
        for kind in ("student", "opening", "limit", "load", "open")
    }
    result = []
    for number, kind, name, stage, price in _price_rows(table):
        unit = stage_unit(stage)
        try:
            amount = int(price)
        except ValueError:
            defects.add(path.name, number, f"price is {price!r}; expected a whole number")
            continue
        if kind not in index or name not in index[kind] or amount % unit:
            defects.add(path.name, number, f"a price {price} of {kind} {name!r} in stage {stage!r} cannot be")
            continue
        result.append(Price(kind, index[kind][name], stage, amount // unit))
    defects.refuse()
    return tuple(result)


def _price_rows(table: Table) -> Sequence[tuple[int, str, str, str, str]]:
    columns = table.columns
    return list(zip(table.row, columns["kind"], columns["id"], columns["stage"], columns["price"], strict=True))


def _solution(
    stated: dict[str, Any],
    options: dict[str, Any],
    problem: Problem,
    assignment: NDArray[np.int64],
    prices: tuple[Price, ...],
) -> Solution:
    """The stated stages and status as a `Solution`; what is no number becomes one that matches nothing."""
    stages = [item for item in stated.get("stages") or [] if isinstance(item, dict)]
    ties = stated.get("ties")
    if isinstance(ties, dict):
        stages.append({"name": "tie", "value": ties.get("value"), "bound": ties.get("bound")})
    found = ratios(problem, problem.pairs_of(assignment))
    return Solution(
        assignment=assignment,
        status=str(stated.get("status")),
        objective=str(options.get("objective")),
        stages=tuple(
            Stage(name, _number(name, item.get("value"), found), _number(name, item.get("bound"), found))
            for name, item in ((str(item.get("name")), item) for item in stages)
        ),
        prices=prices,
    )


def _number(name: str, shown: Any, found: tuple[tuple[int, int], ...]) -> int | tuple[tuple[int, int], ...]:
    if name == "leximin":
        return _list(shown, found)
    if name == "fit":
        number = millionths_stated(shown)
        return -(2**200) if number is None else number
    return shown if isinstance(shown, int) and not isinstance(shown, bool) else -(2**200)


def _list(shown: Any, found: tuple[tuple[int, int], ...]) -> tuple[tuple[int, int], ...]:
    """A stated list of ratios: the exact ones where it is those of the plan, else as written."""
    if not isinstance(shown, list):
        return ((-1, 1),)
    exact = [f"{a}/{b}" for a, b in found]
    if shown == exact or [_float(item) for item in shown] == stage_number("leximin", found):
        return found
    return tuple(_fraction(item) for item in shown)


def _float(item: Any) -> float | None:
    return float(item) if isinstance(item, (int, Decimal)) and not isinstance(item, bool) else None


def _fraction(item: Any) -> tuple[int, int]:
    try:
        return Fraction(item).as_integer_ratio()
    except (TypeError, ValueError, ZeroDivisionError):
        return (-1, 1)


def millionths_stated(shown: Any) -> int | None:
    """A stated decimal number in millionths; None when it is none, or has more decimals than that."""
    if isinstance(shown, bool) or not isinstance(shown, (int, str, Decimal)):
        return None
    if isinstance(shown, (int, Decimal)):
        number = Decimal(shown).scaleb(6)
        return int(number) if number == number.to_integral_value() else None
    try:
        return millionths_of(shown)
    except NumberError:
        return None
