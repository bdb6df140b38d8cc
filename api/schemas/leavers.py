"""One row of the leaver list, from cells to a `Student`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from marshmallow import validates_schema

from api.defects import Defect, Phrase
from api.schemas.base import (
    FIRST_DAY,
    LAST_DAY,
    CellField,
    RowSchema,
    both,
    merge,
    min_above_max,
    place_defects,
    place_of,
    place_warnings,
)
from api.schemas.code_values import Code, Codes, FreeTasks, Routes, Skills, SupportNeeds
from api.schemas.dates import DateOf
from api.schemas.values import Number, Postcode, Reference, Referrer, School, Text, YesNo
from features.records import Background, Student

_BORN = DateOf(date(1940, 1, 1), date(2089, 12, 31))
_DAY = DateOf(FIRST_DAY, LAST_DAY)
_YOUNGEST = 10  # years old on leaving: anybody younger is a slip in one of the two dates
_CHILD = 12  # years old on the day of the run: who is younger is no leaver yet, as no vacancy asks for them
_LONG_GONE = 24  # months since leaving, after which a profile would be cleared if all were well
_TRUTH = {"yes": True, "no": False, "unknown": None, None: None}


class LeaverSchema(RowSchema):
    """The leaver list; field names are the English headers. ``on`` is the day of the run, if there is one."""

    def __init__(self, on: date | None = None) -> None:
        super().__init__()
        self.on = on

    student_ref = CellField(Reference(), required=True)
    school = CellField(School(), default="")
    referrer = CellField(Referrer(), default="")
    school_type = CellField(Code("school_type"), default="")
    leaving_profile = CellField(Code("leaving_profile"), default="")
    first_name = CellField(Text(60), default="")
    birth_date = CellField(_BORN, required=True)
    enrolled = CellField(YesNo(unknown=True))
    leaves_on = CellField(_DAY)
    available_from = CellField(_DAY)
    postcode = CellField(Postcode())
    place = CellField(Text(80))
    travel_means = CellField(Codes("travel_means"))
    max_km = CellField(Number(0, 300, "km"))
    max_minutes = CellField(Number(0, 300, "minutes"))
    travels_alone = CellField(YesNo(unknown=True))
    hours_min = CellField(Number(0, 60, "hours"))
    hours_max = CellField(Number(0, 60, "hours"))
    branches = CellField(Codes("branch"))
    branches_excluded = CellField(Codes("branch"))
    route = CellField(Routes())
    contract_types = CellField(Codes("contract_type"))
    tasks_wanted = CellField(FreeTasks())
    tasks_disliked = CellField(FreeTasks())
    tasks_mastered = CellField(FreeTasks())
    experience = CellField(FreeTasks())
    own_words = CellField(Text(500, lines=True), default="")
    work_skills = CellField(Skills())
    support_needed = CellField(SupportNeeds())
    support_half_days = CellField(Number(0, 14, "half_days"))
    conditions_wanted = CellField(Codes("condition"))
    conditions_unacceptable = CellField(Codes("condition"))
    certificates = CellField(Codes("certificate"))
    level = CellField(Code("level"))
    work_capacity = CellField(YesNo(unknown=True), required=True)
    consent_on = CellField(_DAY)
    confirmed_on = CellField(_DAY)
    destination = CellField(Code("destination"), default="")

    @validates_schema(pass_original=True, skip_on_field_errors=False)
    def check_row(self, data: Mapping[str, Any], given: Mapping[str, Any], **kwargs: Any) -> None:  # noqa: ARG002
        """Rules over several cells; a cell with a defect of its own is left out of them."""
        merge(
            _who(given),
            _born_before(data, self.on),
            min_above_max(data, "hours_min", "hours_max"),
            place_defects(data),
        )

    def record(self, row: Mapping[str, Any]) -> Student:
        """Return the student."""
        return to_student(row)

    def key(self, row: Mapping[str, Any]) -> str:
        """``school/student_ref``."""
        school, ref = row.get("school") or row.get("referrer"), row.get("student_ref")
        return f"{school}/{ref}" if school and ref else ""

    def warnings(self, row: Mapping[str, Any]) -> list[tuple[str, Defect]]:
        """Two names where one is used, contradictions between cells, nothing about where, dates that are unlikely."""
        found = place_warnings(row) + (_strange_dates(row, self.on) if self.on else [])
        if row.get("school") and row.get("referrer"):
            one = Phrase("school_wins")
            found.append(
                ("referrer", Defect("two_of_one", row["referrer"], Phrase("one_party"), one, severity="warning"))
            )
        found += both(row, "branches", "branches_excluded")
        found += both(row, "conditions_wanted", "conditions_unacceptable")
        return found + both(row, "tasks_wanted", "tasks_disliked")


def to_student(row: Mapping[str, Any]) -> Student:
    """Return the record of a row without defects."""
    return Student(
        school=row["school"] or row["referrer"],
        student_ref=row["student_ref"],
        birth_date=row["birth_date"],
        work_capacity=row["work_capacity"],
        enrolled=_TRUTH[row["enrolled"]],
        leaves_on=row["leaves_on"],
        available_from=row["available_from"],
        location=place_of(row),
        travel_means=row["travel_means"] or (),
        max_km=row["max_km"],
        max_minutes=row["max_minutes"],
        travels_alone=_TRUTH[row["travels_alone"]],
        hours_min=row["hours_min"],
        hours_max=row["hours_max"],
        branches=row["branches"] or (),
        branches_excluded=row["branches_excluded"] or (),
        route=row["route"] or (),
        contract_types=row["contract_types"] or (),
        tasks_wanted=row["tasks_wanted"] or (),
        tasks_disliked=row["tasks_disliked"] or (),
        tasks_mastered=row["tasks_mastered"] or (),
        experience=row["experience"] or (),
        work_skills=row["work_skills"] or (),
        support_needed=row["support_needed"],
        support_half_days=row["support_half_days"],
        conditions_wanted=row["conditions_wanted"] or (),
        conditions_unacceptable=row["conditions_unacceptable"],
        certificates=row["certificates"],
        level=row["level"],
        consent_on=row["consent_on"],
        confirmed_on=row["confirmed_on"],
        destination=row["destination"],
        background=Background(
            first_name=row["first_name"],
            school_type=row["school_type"],
            leaving_profile=row["leaving_profile"],
            own_words=row["own_words"],
            is_referrer=not row["school"],
        ),
    )


def _who(given: Mapping[str, Any]) -> dict[str, list[Defect]]:
    """A school or a referrer; with a school also its type and the date of leaving. ``given`` are the raw cells."""
    defects: dict[str, list[Defect]] = {}
    if "school" not in given and "referrer" not in given:
        return {"school": [Defect("required", "", Phrase("school_or_referrer"))]}
    if "school" in given:
        if "school_type" not in given:
            defects["school_type"] = [Defect("required", "", LeaverSchema.reader("school_type").expected)]
        if "leaves_on" not in given:
            defects["leaves_on"] = [Defect("required", "", _DAY.expected, Phrase("leaves_on"))]
    return defects


def _born_before(row: Mapping[str, Any], on: date | None) -> dict[str, list[Defect]]:
    """Nobody leaves within ten years of birth; whose birth fits the day of the run slipped in the other date."""
    born = row.get("birth_date")
    name = next((name for name in ("leaves_on", "available_from") if row.get(name)), "")
    then = row[name] if name else on
    if born is None or then is None or then.year - born.year >= _YOUNGEST:
        return {}
    if name and on is not None and on.year - born.year >= _YOUNGEST:
        return {name: [Defect("out_of_range", then.isoformat(), Phrase("after_birth", (("years", _YOUNGEST),)))]}
    return {"birth_date": [Defect("out_of_range", born.isoformat(), Phrase("born_before", (("years", _YOUNGEST),)))]}


def _strange_dates(row: Mapping[str, Any], on: date) -> list[tuple[str, Defect]]:
    """Warn of a child, and of somebody who left years ago: both may be, and both are slips more often."""
    found = []
    born, left = row.get("birth_date"), row.get("leaves_on")
    if born is not None and on.year - born.year < _CHILD:
        young = Phrase("born_before", (("years", _CHILD),))
        found.append(("birth_date", Defect("out_of_range", born.isoformat(), young, Phrase("may_stay"),
                                           severity="warning")))  # fmt: skip
    if left is not None and 12 * (on.year - left.year) + on.month - left.month > _LONG_GONE:
        late = Phrase("left_lately", (("months", _LONG_GONE),))
        found.append(("leaves_on", Defect("out_of_range", left.isoformat(), late, Phrase("may_stay"),
                                          severity="warning")))  # fmt: skip
    return found
