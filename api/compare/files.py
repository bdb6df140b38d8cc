"""``schakel policy compare`` file to file: two policies and two lists in, text and tables out."""
from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from api.compare.figures import Row, groups, refused, totals
from api.compare.moves import KINDS, Move, moves
from api.compare.plans import Comparison, NoPlanUnder, compare
from api.compare.text import lines, why
from api.conflicts import conflict_message
from api.errors import NoPlan, Refused, ServiceError, TimeLimit, WrongUsage
from api.files import ROWS_HEADER, row_cells
from api.match_files import Found, MatchFiles, read_files, refusal_of, unknown_decisions, versions
from api.outputs import check_free, output_folder
from api.pipeline import prepare
from api.policy import Policy
from api.policy_files import read_policy
from api.tables import Cell, Number, millionths, write_csv
from api.texts.catalogue import count, say
from api.texts.compare import COMPARE
from api.texts.match import MATCH_WORDS
from features.settings import FEATURES, MILLION
from matcher.errors import Infeasible

STEPS = ("read", "old", "new", "why", "write")
MOVES = (
    "school", "student_ref", "change", "old_vacancy", "old_starts_on", "new_vacancy", "new_starts_on",
    "old_fit_old_place", "old_fit_new_place", "new_fit_old_place", "new_fit_new_place", "refused_before",
    "refused_now", "base", *FEATURES, "settings", "why",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Answer:
    """What to print on stdout and stderr, and the error the command ends with, if any."""

    lines: tuple[str, ...]
    notes: tuple[str, ...] = ()
    end: ServiceError | None = None


def compare_files(
    files: MatchFiles, old: Path, out: Path | None, *, step: Callable[[str], None] = lambda _: None
) -> Answer:
    """Compare the policy ``old`` with that of ``files`` on the lists of ``files``.

    Returns
    -------
    Answer
        Its ``end`` is NoPlan when a policy has no plan and TimeLimit when a time limit struck.

    Raises
    ------
    WrongUsage
        If a file is missing or ``out`` holds something else.
    Refused
        If a file as a whole is refused, no usable row is left, or ``strict`` and a row is in error.
    """
    for path in (old, files.policy, files.leavers, files.vacancies, files.decisions, files.travel_times):
        if path is not None and not path.is_file():
            raise WrongUsage(f"{path}: there is no such file.")
    if out is not None:
        check_free(out, "policy compare")
    step("read")
    was, wrong = read_policy(old, files.lang)
    found = read_files(files)
    found = replace(found, of_policy=[*wrong, *found.of_policy], refused=found.refused or bool(wrong))
    refusal = refusal_of(found, files, MATCH_WORDS[files.lang])
    if refusal is None:
        decisions = [decision for _, decision in found.decisions.records]
        if decisions:
            case = prepare(found.students, found.openings, found.policy, decisions, on=files.on)
            found.of_decisions += unknown_decisions(case, found, files.lang)
            refusal = refusal_of(found, files, MATCH_WORDS[files.lang])
    rows = [row_cells(error) for error in found.errors]
    place = output_folder(out, "policy compare") if out is not None else contextlib.nullcontext()
    with place as folder:
        if folder is not None:
            write_csv(folder / "rows.csv", ROWS_HEADER, rows)
        if refusal is not None:
            answer = Answer((), end=Refused(_plain(refusal, out)))
        else:
            answer = _compared(found, was, files, folder, step)
    errors = sum(error.severity == "error" for error in found.errors)
    if errors and refusal is None:
        return replace(answer, notes=(count(COMPARE, "rows", errors, files.lang), *answer.notes))
    return answer


def _plain(refusal: str, out: Path | None) -> str:
    """Without a folder there is no rows.csv: `schakel check` says what is wrong."""
    return refusal if out is not None else refusal.replace("rows.csv", "`schakel check`")


def _compared(
    found: Found, old: Policy, files: MatchFiles, folder: Path | None, step: Callable[[str], None]
) -> Answer:
    lang, new = files.lang, found.policy
    students, openings = found.students, found.openings
    decisions = [decision for _, decision in found.decisions.records]
    for policy in (old, new):
        if policy.objective == "balanced":
            case = prepare(students, openings, policy, decisions, on=files.on, times=found.times)
            zero = np.flatnonzero(case.problem.values <= 0)
            if len(zero):
                pair = zero[0]
                who, where = case.students[case.problem.rows[pair]], case.openings[case.problem.indices[pair]]
                return Answer((), end=Refused(say(COMPARE, "no_fit", lang, student=who.key, opening=where.key)))
    try:
        result = compare(students, openings, old, new, decisions, on=files.on, times=found.times, step=step)
    except NoPlanUnder as none:
        return Answer((), end=_no_plan(none, folder, lang))
    step("write")
    moved = moves(result)
    if folder is not None:
        write_csv(folder / "moves.csv", MOVES, _rows(result, moved, lang))
        _write(folder, data_of(result, moved))
    end = None if result.settled else TimeLimit(say(COMPARE, "time_limit", lang))
    return Answer(tuple(lines(result, moved, lang)), end=end)


def _no_plan(none: NoPlanUnder, folder: Path | None, lang: str) -> ServiceError:
    case, cause = none.case, none.cause
    status = "infeasible" if isinstance(cause, Infeasible) else "unknown"
    if folder is not None:
        _write(folder, {"status": status, "policy": none.which})
    key = f"no_plan_{none.which}"
    if not isinstance(cause, Infeasible):
        return TimeLimit(say(COMPARE, key, lang, message=say(COMPARE, "no_plan_yet", lang)))
    names = [s.key for s in case.students], [o.key for o in case.openings]
    message = conflict_message(cause.conflict, case.problem, *names, lang)
    return NoPlan(COMPARE[key][0 if lang == "nl" else 1].format(message=message))


def _rows(found: Comparison, moved: Sequence[Move], lang: str) -> Iterator[tuple[Cell, ...]]:
    for move in moved:
        student = found.students[move.i]
        old_new = (found.openings[j] if j >= 0 else None for j in (move.old, move.new))
        places = [cell for o in old_new for cell in ((o.vacancy_ref, o.starts_on.isoformat()) if o else ("", ""))]
        fits = [None if fit is None else Number(millionths(fit)) for fit in (*move.old_fits, *move.new_fits)]
        yield (
            student.school, student.student_ref, move.kind, *places, *fits, "|".join(move.opened),
            "|".join(move.shut), Number(millionths(move.base_shift)), *(Number(millionths(p)) for p in move.shift),
            None if move.settings is None else "|".join(move.settings),
            "|".join(sentence.replace("|", "/") for sentence in why(found, move, lang)),
        )  # fmt: skip


def data_of(found: Comparison, moved: Sequence[Move]) -> dict[str, Any]:
    """Return what ``compare.json`` holds: counts and settings without a name, small groups hidden."""
    kinds = [move.kind for move in moved]
    return {
        "status": "optimal" if found.settled else "feasible",
        "on": found.new.case.on.isoformat(),
        **{
            name: {"name": plan.case.policy.name, "version": plan.case.policy.version,
                   "digest": plan.case.policy.digest(), "run_digest": plan.case.digest,
                   "status": plan.solution.status}
            for name, plan in (("old", found.old), ("new", found.new))
        },
        "settings": [{"name": one.name, "old": one.old, "new": one.new} for one in found.changed],
        "totals": {row.name: _two(row) for row in totals(found)},
        "refused_pairs": {row.name: _two(row) for row in refused(found)},
        "groups": {
            name: [
                {"group": row.code, "hidden": row.students is None, "students": row.students, "old": row.old,
                 "new": row.new}
                for row in rows
            ]
            for name, rows in groups(found).items()
        },
        "moves": {kind: kinds.count(kind) for kind in KINDS},
        "versions": versions(),
    }  # fmt: skip


def _two(row: Row) -> dict[str, int | float | None]:
    def shown(value: int | None) -> int | float | None:
        return value / MILLION if row.micro and value is not None else value

    return {"old": shown(row.old), "new": shown(row.new)}


def _write(folder: Path, body: dict[str, Any]) -> None:
    (folder / "compare.json").write_text(json.dumps(body, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
