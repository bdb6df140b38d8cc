"""One row of the vacancy list, from cells to an `Opening`: a vacancy at one start date."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from marshmallow import validates_schema

from api.defects import Defect, Phrase
from api.schemas.base import (
    FIRST_DAY,
    LAST_DAY,
    CellField,
    RowSchema,
    merge,
    min_above_max,
    place_defects,
    place_of,
    place_warnings,
)
from api.schemas.code_values import Code, Codes, Criteria, FreeTasks, Skills, SupportOffers
from api.schemas.dates import DateOf
from api.schemas.values import Clock, Kvk, Number, Postcode, Reference, Text, YesNo
from features.records import Opening

_DAY = DateOf(FIRST_DAY, LAST_DAY)
_TRUTH = {"yes": True, "no": False, "unknown": None, None: None}
_LEERBEDRIJF = re.compile(r"[0-9]{7,9}")
_CREBO = re.compile(r"[0-9]{5}|[Kk][0-9]{4}")


class OpeningSchema(RowSchema):
    """The vacancy list; field names are the English headers."""

    vacancy_ref = CellField(Reference(), required=True)
    employer_kvk = CellField(Kvk(), required=True)
    employer = CellField(Text(120), default="")
    title = CellField(Text(120), default="")
    tasks = CellField(FreeTasks(must=True), required=True)
    description = CellField(Text(2000, lines=True), default="")
    branch = CellField(Code("branch"), required=True)
    postcode = CellField(Postcode())
    place = CellField(Text(80))
    starts_on = CellField(_DAY, required=True)
    places = CellField(Number(0, 500, "places", whole=True), required=True)
    min_to_open = CellField(Number(0, 500, "people", whole=True), default=0)
    present = CellField(Number(0, 500, "people", whole=True), default=0)
    certainty = CellField(Code("certainty"), default="firm")
    duration_months = CellField(Number(0, 120, "months"))
    route = CellField(Code("route", only=("individual", "group")))
    entry = CellField(Code("entry"), default="either")
    contract_type = CellField(Code("contract_type"))
    participation_option = CellField(Number(1, 5, "option", whole=True))
    participation_criteria = CellField(Criteria())
    hours_min = CellField(Number(0, 60, "hours"))
    hours_max = CellField(Number(0, 60, "hours"))
    starts_at = CellField(Clock())
    ends_at = CellField(Clock())
    age_min = CellField(Number(12, 99, "years", whole=True))
    age_max = CellField(Number(12, 99, "years", whole=True))
    level_min = CellField(Code("level"))
    certificates_required = CellField(Codes("certificate"))
    certificates_obtainable = CellField(Codes("certificate"))
    support_offered = CellField(SupportOffers())
    supervision_half_days = CellField(Number(0, 500, "half_days"))
    conditions = CellField(Codes("condition"))
    work_skills = CellField(Skills(must=True))
    leerbedrijf_id = CellField(Text(40), default="")
    crebo = CellField(Text(40), default="")
    job_guarantee = CellField(YesNo(unknown=True))
    trial_months = CellField(Number(0, 24, "months"))
    closes_on = CellField(_DAY)
    confirmed_on = CellField(_DAY)

    @validates_schema(skip_on_field_errors=False)
    def check_row(self, data: Mapping[str, Any], **kwargs: Any) -> None:  # noqa: ARG002
        """Rules over several cells; a cell with a defect of its own is left out of them."""
        no_task = {"tasks": [Defect("required", "", self.reader("tasks").expected)]} if data.get("tasks") == () else {}
        merge(
            no_task,
            min_above_max(data, "hours_min", "hours_max"),
            min_above_max(data, "age_min", "age_max"),
            place_defects(data),
        )

    def record(self, row: Mapping[str, Any]) -> Opening:
        """Return the opening."""
        return to_opening(row)

    def key(self, row: Mapping[str, Any]) -> str:
        """``vacancy_ref@yyyy-mm-dd``."""
        ref, start = row.get("vacancy_ref"), row.get("starts_on")
        return f"{ref}@{start.isoformat()}" if ref and start else ""

    def warnings(self, row: Mapping[str, Any]) -> list[tuple[str, Defect]]:
        """Numbers of the leerbedrijf and the training that have another shape, nothing about where."""
        found = place_warnings(row)
        if row.get("leerbedrijf_id") and not _LEERBEDRIJF.fullmatch(row["leerbedrijf_id"]):
            shape = Phrase("leerbedrijf")
            found.append(("leerbedrijf_id", Defect("bad_id", row["leerbedrijf_id"], shape, severity="warning")))
        if row.get("crebo") and not _CREBO.fullmatch(row["crebo"]):
            found.append(("crebo", Defect("bad_id", row["crebo"], Phrase("crebo"), severity="warning")))
        return found


def to_opening(row: Mapping[str, Any]) -> Opening:
    """Return the record of a row without defects."""
    criteria = row["participation_criteria"] or ()
    return Opening(
        vacancy_ref=row["vacancy_ref"],
        employer_kvk=row["employer_kvk"],
        branch=row["branch"],
        starts_on=row["starts_on"],
        places=row["places"],
        tasks=row["tasks"],
        employer=row["employer"],
        title=row["title"],
        description=row["description"],
        location=place_of(row),
        min_to_open=row["min_to_open"],
        present=row["present"],
        certainty=row["certainty"],
        duration_months=row["duration_months"],
        route=row["route"],
        entry=row["entry"],
        contract_type=row["contract_type"],
        participation_option=row["participation_option"],
        criteria_met=tuple(code for code, met in criteria if met),
        criteria_not_met=tuple(code for code, met in criteria if not met),
        hours_min=row["hours_min"],
        hours_max=row["hours_max"],
        starts_at=row["starts_at"],
        ends_at=row["ends_at"],
        age_min=row["age_min"],
        age_max=row["age_max"],
        level_min=row["level_min"],
        certificates_required=row["certificates_required"] or (),
        certificates_obtainable=row["certificates_obtainable"] or (),
        support_offered=row["support_offered"],
        supervision_half_days=row["supervision_half_days"],
        conditions=row["conditions"],
        work_skills=row["work_skills"] or (),
        leerbedrijf_id=row["leerbedrijf_id"],
        crebo=row["crebo"],
        job_guarantee=_TRUTH[row["job_guarantee"]],
        trial_months=row["trial_months"],
        closes_on=row["closes_on"],
        confirmed_on=row["confirmed_on"],
    )
