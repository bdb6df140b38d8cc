"""Records as cells of a list, field by field, and back: what is typed on a screen is read as a file would be.

So a screen, the API and a file have one set of rules and one set of messages.
"""
from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from api.errors import ServiceError
from api.files import ReadResult, RowError, Source, read_leavers, read_vacancies, row_error
from api.files.headers import missing_columns, words_of
from api.schemas.columns import KINDS, plain
from features.records import Demand, Location, Opening, Student

Cells = dict[str, Any]
"""Field (the English header) -> what its cell holds; a field that is empty is not there."""
WHERE = ("postcode", "place")
OF_STUDENT = tuple(
    column.name for column in KINDS["leavers"] if column.name not in ("student_ref", "school", "referrer")
)
"""What of a profile can be changed: everything but who it is."""
OF_VACANCY = tuple(
    column.name for column in KINDS["vacancies"]
    if column.name not in ("vacancy_ref", "employer_kvk", "employer", "starts_on", "places", "min_to_open", "present",
                           "closes_on")
)  # fmt: skip
"""What all openings of a vacancy share."""
OF_OPENING = ("starts_on", "places", "min_to_open", "present", "closes_on")
"""What each opening says for itself."""
_NONE = "none"


class Unreadable(ServiceError):
    """What was typed cannot be read; ``errors`` says all of it, field by field, with the words a file would get."""

    code = "unreadable"

    def __init__(self, kind: str, errors: Sequence[RowError]) -> None:
        self.errors = told(kind, errors)
        super().__init__("; ".join(error["message"] for error in self.errors))  # each names its field


def told(kind: str, errors: Sequence[RowError]) -> list[dict[str, Any]]:
    """What is wrong, by field: row (from 1), severity, code and what to do."""
    words = words_of(kind)
    return [{"row": error.row, "field": words.get(plain(error.column), error.column), "severity": error.severity,
             "code": error.code, "message": error.message} for error in errors]  # fmt: skip


def student_cells(student: Student) -> Cells:
    """A student as a row of the leaver list."""
    told, own = student.background, "referrer" if student.background.is_referrer else "school"
    return _filled({
        "student_ref": student.student_ref, own: student.school, "school_type": told.school_type,
        "leaving_profile": told.leaving_profile, "first_name": told.first_name, "birth_date": student.birth_date,
        "enrolled": _yes_no(student.enrolled), "leaves_on": student.leaves_on,
        "available_from": student.available_from, **_where(student.location), "travel_means": student.travel_means,
        "max_km": student.max_km, "max_minutes": student.max_minutes, "travels_alone": _yes_no(student.travels_alone),
        "hours_min": student.hours_min, "hours_max": student.hours_max, "branches": student.branches,
        "branches_excluded": student.branches_excluded, "route": student.route,
        "contract_types": student.contract_types, "tasks_wanted": student.tasks_wanted,
        "tasks_disliked": student.tasks_disliked, "tasks_mastered": student.tasks_mastered,
        "experience": student.experience, "own_words": told.own_words,
        "work_skills": [f"{code}={level}" for code, level in student.work_skills],
        "support_needed": _asked(None if student.support_needed is None else [
            f"{need.code}{f'={need.when}' if need.when else ''}{'!' if need.essential else ''}"
            for need in student.support_needed
        ]),
        "support_half_days": student.support_half_days, "conditions_wanted": student.conditions_wanted,
        "conditions_unacceptable": _asked(student.conditions_unacceptable),
        "certificates": _asked(student.certificates), "level": student.level, "work_capacity": student.work_capacity,
        "consent_on": student.consent_on, "confirmed_on": student.confirmed_on, "destination": student.destination,
    })  # fmt: skip


def opening_cells(opening: Opening) -> Cells:
    """An opening as a row of the vacancy list."""
    criteria = [*opening.criteria_met, *(f"-{code}" for code in opening.criteria_not_met)]
    offers = opening.support_offered
    copied = (
        "vacancy_ref", "employer_kvk", "employer", "title", "description", "branch", "starts_on", "places",
        "min_to_open", "present", "certainty", "duration_months", "route", "entry", "contract_type",
        "participation_option", "hours_min", "hours_max", "age_min", "age_max", "level_min", "certificates_required",
        "certificates_obtainable", "supervision_half_days", "leerbedrijf_id", "crebo", "trial_months", "closes_on",
        "confirmed_on",
    )  # fmt: skip
    return _filled({
        **{name: getattr(opening, name) for name in copied}, **_where(opening.location),
        "tasks": [_demand(task) for task in opening.tasks], "participation_criteria": criteria,
        "starts_at": _clock(opening.starts_at), "ends_at": _clock(opening.ends_at),
        "support_offered": _asked(None if offers is None else [_offer(*offer) for offer in offers]),
        "conditions": _asked(opening.conditions),
        "work_skills": [f"{skill.text}={skill.level}{'!' if skill.must else ''}" for skill in opening.work_skills],
        "job_guarantee": _yes_no(opening.job_guarantee),
    })  # fmt: skip


def changed_cells(before: Cells, changes: Mapping[str, Any]) -> Cells:
    """The cells after some of them were changed; None or an empty text empties one. A postcode replaces a place."""
    after = {**before, **changes}
    if any(changes.get(name) for name in WHERE):
        after |= {name: changes.get(name) for name in WHERE if name not in changes}
    return {name: value for name, value in after.items() if value is not None and value != ""}


def read_student(
    cells: Cells, *, lang: str, on: date, before: Student | None = None
) -> tuple[Student | None, list[RowError]]:
    """Read a row of the leaver list; the record (None: it cannot be) and what is wrong, warnings as well.

    Where somebody lives stays as it was read before as long as nobody says otherwise.
    """
    found = read_leavers(_file("leavers", [cells]), lang=lang, on=on)
    record = found.records[0][1] if found.records else None
    if record is not None and before is not None and _where(before.location) == _said(cells):
        record = replace(record, location=before.location)
    return record, _of_fields("leavers", found, lang)


def read_openings(
    rows: Sequence[Cells], *, lang: str, before: Mapping[date, Opening]
) -> tuple[list[Opening], list[RowError]]:
    """Read rows of the vacancy list; ``before`` are the openings there were, by start. Rows in error are left out."""
    found = read_vacancies(_file("vacancies", rows), lang=lang)
    records = []
    for number, record in found.records:
        known = before.get(record.starts_on)
        same = known is not None and _where(known.location) == _said(rows[number - 1])
        records.append(replace(record, location=known.location) if known and same else record)
    return records, _of_fields("vacancies", found, lang)


def faults_of(kind: str, rows: Sequence[Cells], *, lang: str, on: date) -> list[dict[str, Any]]:
    """What cannot be read of the fields that are said, as `told`, whatever else is missing or wrong."""
    if kind == "leavers":
        found = [error for row in rows for error in read_student(row, lang=lang, on=on)[1]]
    else:
        found = read_openings(rows, lang=lang, before={})[1]
    said = {name for row in rows for name, value in row.items() if value not in (None, "", [])}
    return [one for one in told(kind, found) if one["severity"] == "error" and one["field"] in said]


def part_of(row: Cells, names: Sequence[str]) -> Opening | None:
    """What some fields of a row say, whatever else is wrong with it; None: they cannot be read."""
    known = {"vacancy_ref": "x", "employer_kvk": "00000000", "branch": "green", "tasks": ["x"],
             "starts_on": "2026-01-01", "places": 1}  # fmt: skip
    given = {name: row[name] for name in names if row.get(name)}
    found = read_vacancies(_file("vacancies", [{**known, **given}]), lang="nl").records
    return found[0][1] if found else None


def _file(kind: str, rows: Sequence[Cells]) -> Source:
    """The rows as a file; what is required and nobody filled in is empty, so that it hides nothing else."""
    given = [{name: value for name, value in row.items() if value is not None} for row in rows]
    missing = missing_columns(kind, dict.fromkeys(name for row in given for name in row))
    text = json.dumps([dict.fromkeys(missing) | row for row in given], default=str)
    return Source("form.json", text.encode())


def _of_fields(kind: str, found: ReadResult[Any], lang: str) -> list[RowError]:
    """What is wrong in words of fields, by row; what rows share is said once, at the first of them."""
    errors = {("", error.code, error.message): error for error in found.errors if error.row is None}
    order = [column.name for column in KINDS[kind]]
    for row, field, defect in sorted(found.defects, key=lambda one: (one[0], order.index(one[1]) if one[1] else -1)):
        name, said = field, defect
        if defect.code == "duplicate":  # of what names a row in a list, a form asks the start alone
            name, said = "starts_on", replace(defect, found=defect.found.rpartition("@")[2])
        error = row_error("", row, name, said, lang, form=True)
        own = row if name in OF_OPENING else ""
        errors.setdefault((f"{name} {own}", error.code, error.message), error)
    return list(errors.values())


def _filled(cells: Mapping[str, Any]) -> Cells:
    return {name: _cell(value) for name, value in cells.items() if value not in (None, "", (), [])}


def _cell(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return list(value) if isinstance(value, tuple) else value


def _where(location: Location | None) -> dict[str, str]:
    if location is None:
        return {}
    return {"postcode" if location.label.isdigit() else "place": location.label}


def _said(cells: Cells) -> dict[str, str]:
    return {name: str(cells[name]) for name in WHERE if cells.get(name)}


def _asked(items: Sequence[str] | None) -> Sequence[str] | None:
    """None: not asked; an empty list: none, in words."""
    return None if items is None else list(items) or [_NONE]


def _yes_no(value: bool | None) -> str | None:
    return None if value is None else "yes" if value else "no"


def _demand(task: Demand) -> str:
    return f"{task.text}{'!' if task.must else ''}"


def _offer(code: str, level: str) -> str:
    return {"yes": code, "no": f"-{code}"}.get(level, f"{code}={level}")


def _clock(minutes: int | None) -> str | None:
    return None if minutes is None else f"{minutes // 60:02d}:{minutes % 60:02d}"


__all__ = [
    "OF_OPENING", "OF_STUDENT", "OF_VACANCY", "Cells", "Unreadable", "changed_cells", "faults_of", "opening_cells",
    "part_of", "read_openings", "read_student", "student_cells", "told",
]  # fmt: skip
