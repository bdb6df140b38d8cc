"""Dates of a list that cannot be, or are a slip more often than not."""
from __future__ import annotations

import pytest

from tests.service.browser import Person, Service
from tests.service.test_upload_drafts import begin
from tests.service.test_uploads import HEAD, SCHOOL, hand_in

ROW = "A1,25AB00,pro,{},{},8011,ja\n"


@pytest.fixture
def school(service: Service) -> Person:
    """Somebody of the school; it is 15 June 2026."""
    service.add("s@example.org", SCHOOL)
    return service.person("s@example.org")


@pytest.mark.parametrize(("born", "leaves", "field"), [
    ("2009-03-05", "2007-07-01", "leaves_on"), ("2019-03-05", "2026-07-01", "birth_date"),
])  # fmt: skip
def test_of_two_dates_that_contradict_the_one_that_slipped_is_pointed_at(
    school: Person, born: str, leaves: str, field: str
) -> None:
    path, draft = begin(school, HEAD + ROW.format(born, leaves))
    faults = school.get(f"{path}/defects").json["faults"]
    slipped = leaves if field == "leaves_on" else born
    assert [(one["field"], one["code"], one["found"]) for one in faults] == [(field, "out_of_range", slipped)]
    page = school.get(f"/lijsten/concept/{draft['id']}/controleren", headers={"Accept": "text/html"}).text
    assert f'value="{slipped}"' in page


@pytest.mark.parametrize(("born", "leaves", "header"), [
    ("2015-01-01", "2030-07-01", "geboortedatum"),  # 11 in 2026
    ("2006-01-01", "2024-05-31", "uitstroomdatum"),  # 25 months ago
    ("2014-01-01", "2024-06-30", ""),  # 12 in 2026, and 24 months ago
])
def test_a_child_and_somebody_who_left_years_ago_are_warned_of_and_stay_in(
    school: Person, born: str, leaves: str, header: str
) -> None:
    upload = hand_in(school, HEAD + ROW.format(born, leaves))
    assert upload["counts"]["new"] == 1
    defects = school.get(f"/api/v1/uploads/{upload['id']}/defects").json["items"]
    told = [(one["row"], one["column"], one["severity"], one["code"]) for one in defects]
    assert told == ([(2, header, "warning", "out_of_range")] if header else [])
