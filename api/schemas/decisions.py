"""One row of the decisions, from cells to a `Decision`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.records import Decision
from api.schemas.base import FIRST_DAY, LAST_DAY, CellField, RowSchema
from api.schemas.code_values import Code, Reason
from api.schemas.dates import DateOf
from api.schemas.values import Reference, SchoolOrReferrer

_DAY = DateOf(FIRST_DAY, LAST_DAY)


class DecisionSchema(RowSchema):
    """The decisions; field names are the English headers."""

    school = CellField(SchoolOrReferrer(), required=True)
    student_ref = CellField(Reference(), required=True)
    vacancy_ref = CellField(Reference(), required=True)
    starts_on = CellField(_DAY)
    decision = CellField(Code("decision"), required=True)
    reason = CellField(Reason(500), default="")
    on = CellField(_DAY)

    def record(self, row: Mapping[str, Any]) -> Decision:
        """Return the decision."""
        return Decision(**{name: row[name] for name in self.fields})
