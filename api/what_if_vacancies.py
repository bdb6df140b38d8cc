"""A vacancy list for `what-if`: its openings scored against the students of the run, as `match` would have."""
from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np

from api.assign_numbers import MILLION
from api.assign_read import Stated
from api.errors import Refused, WrongUsage
from api.files import RowError, check_columns, read_leavers, read_vacancies
from api.pipeline import cap_limits
from api.policy import Policy
from api.policy_files import read_policy
from api.texts.what_if import WHAT_IF
from api.travel_files import read_travel_times
from api.what_if_opening import Lists, NewOpening
from features.eligibility import evaluate
from features.records import Opening, Student
from features.scoring import score_pairs
from features.travel_times import TravelTimes
from matcher.problem import NO_LOAD_LIMIT

SHOWN = 5


def from_vacancies(path: Path, case: Stated, lists: Lists, lang: str) -> list[NewOpening]:
    """The openings of a vacancy list; pairs that a hard rule or the floor of the fit refuses are not eligible.

    Raises
    ------
    WrongUsage
        If no day of the run is known.
    Refused
        If a list or the policy has errors, a student of the case is not in the leaver list, or an opening exists.
    """
    words = WHAT_IF[lang]
    if lists.on is None or lists.leavers is None:
        raise WrongUsage(words["needs_on"])
    policy, wrong = read_policy(lists.policy, lang) if lists.policy else (Policy(), [])
    times = _times(lists, lang)
    leavers = read_leavers(lists.leavers, columns=lists.columns, lang=lang, on=lists.on)
    vacancies = read_vacancies(path, columns=lists.columns, lang=lang, on=lists.on)
    check_columns(lists.columns, leavers.named | vacancies.named)
    _refuse([*vacancies.errors, *wrong])
    if leavers.refused:
        _refuse(leavers.errors)
    students = _students([record for _, record in leavers.records], case, lists.leavers, words["not_listed"])
    openings = sorted((record for _, record in vacancies.records), key=lambda opening: opening.key)
    for opening in openings:
        if opening.key in case.openings:
            raise Refused(words["exists"].format(id=opening.key))
    return _scored(students, openings, case, policy, on=lists.on, times=times)


def _times(lists: Lists, lang: str) -> TravelTimes | None:
    """The table of travel times, which must be the run's own: half-old times would tell nothing."""
    words = WHAT_IF[lang]
    if lists.travel_times is None:
        if lists.travel_digest:
            raise WrongUsage(words["needs_times"])
        return None
    read = read_travel_times(lists.travel_times, lang)
    if read.table is None:
        _refuse(read.errors)
    elif read.table.digest != lists.travel_digest:
        raise Refused(words["other_times"].format(file=lists.travel_times.name))
    return read.table


def _refuse(errors: Sequence[RowError]) -> None:
    """Unlike `match`, an answer about half a list would mislead: any error refuses."""
    lines = [
        f"{error.file}{'' if error.row is None else f' row {error.row}'}: {error.message}"
        for error in errors
        if error.severity == "error"
    ]
    if lines:
        raise Refused("\n".join(lines[:20]))


def _students(records: Sequence[Student], case: Stated, file: Path, message: str) -> list[Student]:
    known = {student.key: student for student in records}
    missing = [key for key in case.students if key not in known]
    if missing:
        shown = ", ".join(missing[:SHOWN]) + (", ..." if len(missing) > SHOWN else "")
        raise Refused(message.format(file=file.name, students=shown))
    return [known[key] for key in case.students]


def _scored(
    students: Sequence[Student], openings: Sequence[Opening], case: Stated, policy: Policy, *, on: date,
    times: TravelTimes | None,
) -> list[NewOpening]:
    found = evaluate(students, openings, policy.rules, on=on, times=times)
    scored = score_pairs(students, openings, found, policy.weights)
    rows, columns = found.rows, scored.indices
    kept = scored.fit >= policy.min_fit
    positions: dict[str, list[int]] = {}
    for g, limit in enumerate(case.problem.limits):
        positions.setdefault(limit.name, []).append(g)
    caps = cap_limits(policy.caps, openings)
    result = []
    for j, opening in enumerate(openings):
        mine = np.flatnonzero(kept & (columns == j))
        loads = [round((students[i].support_half_days or 0.0) * MILLION) for i in rows[mine].tolist()]
        capacity = opening.supervision_half_days
        inside = [cap.name for cap in caps if cap.openings is None or j in cap.openings]
        result.append(
            NewOpening(
                opening.key, opening.places, opening.min_to_open, opening.present,
                NO_LOAD_LIMIT if capacity is None else round(capacity * MILLION), rows[mine], scored.fit[mine],
                np.array(loads, dtype=np.int64), tuple(g for name in inside for g in positions.get(name, ())),
            )
        )
    return result
