"""Whose records somebody may see, as a condition of a query."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, false, or_

from api.store.tables import StoredOpening, StoredStudent, Vacancy


@dataclass(frozen=True, slots=True)
class Reach:
    """Whose records: of regions, of the students of schools (``homes``), of employers' places, of students by id."""

    regions: frozenset[str] = frozenset()
    homes: frozenset[str] = frozenset()
    employers: frozenset[str] = frozenset()
    students: frozenset[str] = frozenset()

    def of_pairs(self) -> ColumnElement[bool]:
        """Which rows of a query over students, openings and vacancies; a region's are those with both sides in it."""
        found = list(self._students())
        if self.regions:
            found.append(StoredStudent.region_code.in_(self.regions) & StoredOpening.region_code.in_(self.regions))
        if self.employers:
            found.append(Vacancy.organisation_id.in_(self.employers))
        return or_(*found) if found else false()

    def of_students(self) -> ColumnElement[bool]:
        """Which rows of a query over students; employers reach none by themselves."""
        found = list(self._students())
        if self.regions:
            found.append(StoredStudent.region_code.in_(self.regions))
        return or_(*found) if found else false()

    def _students(self) -> list[ColumnElement[bool]]:
        found: list[ColumnElement[bool]] = []
        if self.homes:
            found.append(StoredStudent.organisation_id.in_(self.homes))
        if self.students:
            found.append(StoredStudent.id.in_(self.students))
        return found


def over_pairs(query: Select[Any], of: Any) -> Select[Any]:
    """Join a query of rows with ``student_id`` and ``opening_id`` to what `Reach.of_pairs` speaks of."""
    return (
        query.join(StoredStudent, StoredStudent.id == of.student_id)
        .join(StoredOpening, StoredOpening.id == of.opening_id)
        .join(Vacancy, Vacancy.id == StoredOpening.vacancy_id)
    )


__all__ = ["Reach", "over_pairs"]
