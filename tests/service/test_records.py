"""What the database keeps of a record is the record."""
from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from api.files import read_leavers, read_vacancies
from api.services import cells
from api.services.records import opening_of, plain, student_of

FIXTURES = Path(__file__).resolve().parent.parent.parent / "fixtures"


@pytest.mark.parametrize("cohort", ["region", "salland", "tiny"])
def test_every_shipped_record_comes_back_as_it_was(cohort: str) -> None:
    students = read_leavers(FIXTURES / cohort / "leavers.csv", on=date(2026, 6, 15)).records
    openings = read_vacancies(FIXTURES / cohort / "vacancies.csv").records
    assert students
    assert openings
    for _, student in students:
        assert student_of(json.loads(json.dumps(plain(student)))) == student
    for _, opening in openings:
        assert opening_of(json.loads(json.dumps(plain(opening)))) == opening


@pytest.mark.parametrize("cohort", ["region", "salland", "tiny"])
def test_every_shipped_record_reads_the_same_from_its_cells(cohort: str) -> None:
    """A screen shows a record as cells; saved untouched it is the same record."""
    on = date(2026, 6, 15)
    for _, student in read_leavers(FIXTURES / cohort / "leavers.csv", on=on).records[:150]:
        again, errors = cells.read_student(cells.student_cells(student), lang="nl", on=on, before=student)
        assert again == student
        assert not [error for error in errors if error.severity == "error"]
    openings = [opening for _, opening in read_vacancies(FIXTURES / cohort / "vacancies.csv").records]
    for opening in openings[:150]:
        found, errors = cells.read_openings([cells.opening_cells(opening)], lang="nl",
                                            before={opening.starts_on: opening})  # fmt: skip
        assert found == [opening]
