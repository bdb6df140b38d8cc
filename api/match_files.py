"""The main job, file to file: read, check, score, solve, verify, explain, write.

Nothing is half-saved: the folder appears as a whole at the end, also when the files are refused (`rows.csv`
alone) or when no plan holds all limits (`report.json` with the conflict, `rows.csv` and `case/`).
"""
from __future__ import annotations

import json
import platform
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from importlib import metadata
from pathlib import Path

import numpy as np

from api.assign_files import write_case
from api.conflicts import conflict_as_json, conflict_message
from api.errors import NoPlan, Refused, TimeLimit, WrongUsage
from api.files import (
    ROWS_HEADER,
    ReadResult,
    RowError,
    check_columns,
    read_decisions,
    read_leavers,
    read_vacancies,
    row_cells,
)
from api.match_report import Decision, MatchReport
from api.outputs import output_folder
from api.pipeline import Case, conclude, prepare
from api.policy import Policy
from api.policy_files import read_policy
from api.report import summary_lines, write_report
from api.tables import Cell, write_csv
from api.texts.match import MATCH_WORDS
from api.travel_files import ReadTimes, read_travel_times
from features.geography import postcodes_in_use
from features.records import Opening, Student
from features.travel_times import TravelTimes
from matcher.errors import Infeasible, NoPlanYet

Step = Callable[[str], None]
STEPS = ("read", "score", "solve", "verify", "explain", "write")


@dataclass(frozen=True, slots=True)
class MatchFiles:
    """What goes in: paths of the lists, the day of the run, the language, and how strict to be."""

    leavers: Path
    vacancies: Path
    on: date
    policy: Path | None = None
    decisions: Path | None = None
    lang: str = "nl"
    strict: bool = False
    columns: Mapping[str, str] = field(default_factory=dict)
    travel_times: Path | None = None


class Clock:
    """Seconds per step, for `timings.json`; the one thing of a run that is not the same twice."""

    def __init__(self, step: Step) -> None:
        self.seconds: dict[str, float] = {}
        self._step = step
        self._current: tuple[str, float] | None = None

    def begin(self, name: str) -> None:
        """End the step that runs, begin step ``name`` and tell who watches."""
        self.end()
        self._step(name)
        self._current = name, time.perf_counter()

    def end(self) -> None:
        """End the step that runs, if any."""
        if self._current:
            name, began = self._current
            self.seconds[name] = round(self.seconds.get(name, 0.0) + time.perf_counter() - began, 6)
        self._current = None


def match_files(files: MatchFiles, out: Path, *, step: Step = lambda _: None) -> list[str]:
    """Do the main job and leave its results in ``out``; return the summary's lines.

    Raises
    ------
    WrongUsage
        If a file is missing or ``out`` holds something else.
    Refused
        If a file as a whole is refused, no usable row is left, or ``strict`` and a row is in error.
    NoPlan
        If no plan holds all limits.
    TimeLimit
        If the policy's time limit struck; the best plan found, if any, is written.
    """
    for path in (files.leavers, files.vacancies, files.policy, files.decisions, files.travel_times):
        if path is not None and not path.is_file():
            raise WrongUsage(f"{path}: there is no such file.")
    words = MATCH_WORDS[files.lang]
    clock = Clock(step)
    with output_folder(out, "match") as folder:
        clock.begin("read")
        found = read_files(files)
        case, refusal = None, refusal_of(found, files, words)
        if refusal is None:
            clock.begin("score")
            decisions = [decision for _, decision in found.decisions.records]
            case = prepare(found.students, found.openings, found.policy, decisions, on=files.on, times=found.times)
            found.of_decisions += unknown_decisions(case, found, files.lang)
            refusal = refusal_of(found, files, words)
        rows = [row_cells(error) for error in found.errors]
        write_csv(folder / "rows.csv", ROWS_HEADER, rows)
        if refusal is not None or case is None:
            end: Exception | list[str] = Refused(refusal)
        else:
            end = _solve_and_write(case, files, folder, rows, clock)
        clock.end()
        if (folder / "case").exists():
            (folder / "timings.json").write_text(json.dumps(clock.seconds, indent=1) + "\n", encoding="utf-8")
    if isinstance(end, Exception):
        raise end
    return end


@dataclass(slots=True)
class Found:
    """The records of the files, the policy, and every defect."""

    students: tuple[Student, ...]
    openings: tuple[Opening, ...]
    decisions: ReadResult[Decision]
    decision_file: str
    policy: Policy
    of_lists: list[RowError]
    of_decisions: list[RowError]
    of_policy: list[RowError]
    refused: bool
    times: TravelTimes | None = None
    of_times: list[RowError] = field(default_factory=list)

    @property
    def errors(self) -> list[RowError]:
        """Every defect, file by file in the order of the rows."""
        return [*self.of_lists, *sorted(self.of_decisions, key=lambda error: error.row or 0), *self.of_policy,
                *self.of_times]  # fmt: skip


def read_files(files: MatchFiles) -> Found:
    """Read the lists, the decisions and the policy."""
    policy, wrong = read_policy(files.policy, files.lang) if files.policy else (Policy(), [])
    leavers = read_leavers(files.leavers, columns=files.columns, lang=files.lang, on=files.on)
    vacancies = read_vacancies(files.vacancies, columns=files.columns, lang=files.lang, on=files.on)
    decisions: ReadResult[Decision] = ReadResult()
    if files.decisions is not None:
        decisions = read_decisions(files.decisions, columns=files.columns, lang=files.lang, on=files.on)
    timed = ReadTimes() if files.travel_times is None else read_travel_times(files.travel_times, files.lang)
    check_columns(files.columns, leavers.named | vacancies.named | decisions.named)
    return Found(
        tuple(record for _, record in leavers.records), tuple(record for _, record in vacancies.records),
        decisions, files.decisions.name if files.decisions else "", policy,
        [*leavers.errors, *vacancies.errors], list(decisions.errors), wrong,
        bool(wrong) or leavers.refused or vacancies.refused or decisions.refused
        or (files.travel_times is not None and timed.refused), timed.table, timed.errors,
    )  # fmt: skip


def refusal_of(found: Found, files: MatchFiles, words: Mapping[str, str]) -> str | None:
    """Why the run cannot go on, in a sentence; None when it can."""
    wrong = [error for error in found.errors if error.severity == "error"]
    first = words["first"].format(message=wrong[0].message) if wrong else "."
    if found.refused:
        names = sorted({error.file for error in wrong if error.row is None})
        return words["refused"].format(files=f" {words['and']} ".join(names), first=first)
    empty = [
        path.name
        for path, records in ((files.leavers, found.students), (files.vacancies, found.openings))
        if not records
    ]
    if empty:
        return words["no_rows"].format(files=f" {words['and']} ".join(empty), first=first)
    return words["strict"].format(count=len(wrong), first=first) if files.strict and wrong else None


def unknown_decisions(case: Case, found: Found, lang: str) -> list[RowError]:
    """The decisions about who or what is in no list, as defects of their file."""
    words, result = MATCH_WORDS[lang], []
    rows: dict[Decision, list[int]] = {}
    for row, decision in reversed(found.decisions.records):
        rows.setdefault(decision, []).append(row)
    for position, field_name in case.locks.unknown:
        decision = case.decisions[position]
        kind = "person" if field_name == "student_ref" else "vacancy"
        result.append(
            RowError(
                file=found.decision_file, row=rows[decision].pop(), severity="error",
                column=found.decisions.titles.get(field_name, field_name),
                code="unknown_person" if kind == "person" else "unknown_code",
                found=_named(decision, field_name), expected=words["student" if kind == "person" else "vacancy"],
                message=words[f"unknown_{kind}"],
            )
        )
    return result


def _named(decision: Decision, field_name: str) -> str:
    """What a decision says in the field at fault, with what it takes to know it again."""
    if field_name == "student_ref":
        return f"{decision.school}/{decision.student_ref}"
    if field_name == "starts_on" and decision.starts_on:
        return f"{decision.vacancy_ref}@{decision.starts_on.isoformat()}"
    return decision.vacancy_ref


def _solve_and_write(
    case: Case, files: MatchFiles, folder: Path, rows: Sequence[Sequence[Cell]], clock: Clock
) -> Exception | list[str]:
    words = MATCH_WORDS[files.lang]
    zero = np.flatnonzero(case.problem.values <= 0)
    if len(zero) and case.policy.objective == "balanced":  # relative to an own best of 0 nothing can be said
        who, where = case.students[case.problem.rows[zero[0]]], case.openings[case.problem.indices[zero[0]]]
        return Refused(words["no_fit"].format(student=who.key, opening=where.key))
    try:
        report = conclude(case, lang=files.lang, versions=versions(), step=clock.begin)
    except Infeasible as conflict:
        return _write_conflict(case, conflict, folder, files.lang)
    except NoPlanYet:
        _write_case(case, None, folder)
        body = {"status": "unknown", "objective": case.policy.objective, "digest": case.digest}
        _write_json(folder / "report.json", body)
        return TimeLimit(words["no_plan_yet"])
    clock.begin("write")
    write_report(folder, report, rows)
    _write_case(case, report, folder)
    if report.solution.status != "optimal":
        return TimeLimit(words["time_limit"])
    return summary_lines(report)


def _write_conflict(case: Case, conflict: Infeasible, folder: Path, lang: str) -> NoPlan:
    students, openings = [s.key for s in case.students], [o.key for o in case.openings]
    members = conflict_as_json(conflict.conflict, case.problem, students, openings, lang)
    _write_case(case, None, folder)
    body = {"status": "infeasible", "objective": case.policy.objective, "conflict": members, "digest": case.digest}
    _write_json(folder / "report.json", body)
    return NoPlan(conflict_message(conflict.conflict, case.problem, students, openings, lang))


def _write_case(case: Case, report: MatchReport | None, folder: Path) -> None:
    write_case(
        folder / "case", case.problem, [s.key for s in case.students], [o.key for o in case.openings],
        report.solution if report else None, objective=case.policy.objective, unplaced_value=case.policy.unplaced_fit,
        time_limit=case.policy.time_limit,
    )  # fmt: skip


def _write_json(path: Path, body: Mapping[str, object]) -> None:
    path.write_text(json.dumps(body, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def versions() -> dict[str, str]:
    """Versions of all that decides the bytes of a result."""
    names = ("schakel", "numpy", "scipy", "scikit-learn")
    found = {name: metadata.version(name) for name in names} | {"python": ".".join(platform.python_version_tuple()[:2])}
    own = postcodes_in_use()
    return found if own is None else found | {"postcodes": f"{own.source} {own.digest}"}
