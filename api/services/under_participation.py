"""What a vacancy under a participation says of taking part: the participation's word, whatever a list says."""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from api.defects import Defect, Phrase
from api.store import organisations
from api.store.organisations import Participation
from api.store.people import Session
from features.eligibility_openings import criteria_of
from features.records import Opening

FIELDS = ("participation_option", "participation_criteria")


def values_of(found: Participation) -> dict[str, Any]:
    """The fields of an opening under a participation, by name in `features.records.Opening`."""
    asked = criteria_of(found.option)
    return {
        "participation_option": found.option,
        "criteria_met": tuple(code for code in asked if found.criteria.get(code) == "met"),
        "criteria_not_met": tuple(code for code in asked if found.criteria.get(code) == "not_met"),
    }


def of_vacancies(session: Session, home_ids: Iterable[str]) -> dict[tuple[str, str], dict[str, Any]]:
    """`values_of` by (organisation, vacancy_ref), of the vacancies of employers that are under one."""
    return {key: values_of(found) for key, found in organisations.over_vacancies(session, home_ids).items()}


def as_said(opening: Opening, values: Mapping[str, Any] | None) -> Opening:
    """The opening as its participation says; under none as it is."""
    return replace(opening, **values) if values else opening


def defects(opening: Opening, values: Mapping[str, Any] | None) -> list[tuple[str, Defect]]:
    """What a row of a list says otherwise than the participation, as (field, warning): that is not taken over.

    A row that says nothing of it says nothing otherwise.
    """
    if not values:
        return []
    told: list[tuple[str, str]] = []
    if opening.participation_option not in (None, values["participation_option"]):
        told.append((FIELDS[0], str(opening.participation_option)))
    criteria = [*opening.criteria_met, *(f"-{code}" for code in opening.criteria_not_met)]
    known = {*values["criteria_met"], *(f"-{code}" for code in values["criteria_not_met"])}
    if criteria and set(criteria) != known:
        told.append((FIELDS[1], "|".join(criteria)))
    why = Phrase("under_participation")
    return [(field, Defect("two_of_one", found, None, why, severity="warning")) for field, found in told]


__all__ = ["FIELDS", "as_said", "defects", "of_vacancies", "values_of"]
