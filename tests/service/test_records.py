"""What the database keeps of a record is the record."""
from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from api.files import read_leavers, read_vacancies
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
