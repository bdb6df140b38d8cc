"""The data dictionary: for every column what it is for, whom it is about, and how long it is kept.

A column says so where it is declared (`describe`), the fields inside a stored record say so below. A test walks
the tables and the records and fails on anything unclassified, and on any name that must never be stored.
"""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import MetaData

KEEP = (
    "organisation", "account", "session", "throttle", "profile", "upload_file", "run", "decision", "audit", "presence",
    "oversight", "answer", "code", "draft", "backup",
)  # fmt: skip
"""Retention classes; `api.terms.how_long` says in words how long each stays."""
ABOUT = ("nobody", "organisation", "employee", "student")
NEVER = (
    "bsn", "pgn", "burgerservicenummer", "diagnosis", "diagnose", "iq", "benefit", "uitkering", "doelgroepregister",
    "sex", "gender", "geslacht", "nationality", "nationaliteit", "origin", "herkomst", "ethnicity", "religion",
    "geloof",
)  # fmt: skip
"""Words that may be no part of the name of anything stored."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What one stored thing is for: ``about`` of `ABOUT`, ``keep`` of `KEEP`, ``purpose`` in a sentence."""

    purpose: str
    about: str
    keep: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the dictionary; ``field`` is the field inside a stored record, empty for the column itself."""

    table: str
    column: str
    field: str
    meaning: Meaning | None


def describe(purpose: str, about: str, keep: str, record: str = "") -> dict[str, Any]:
    """Return the ``info`` of a column; ``record`` names the kind of record it holds (a key of `RECORDS`)."""
    return {"meaning": Meaning(purpose, about, keep), "record": record}


def entries(metadata: MetaData) -> Iterator[Entry]:
    """Return every column, and every field of every record in a column, in the order of the tables."""
    for table in metadata.sorted_tables:
        for column in table.columns:
            meaning = column.info.get("meaning")
            yield Entry(table.name, column.name, "", meaning)
            if meaning is not None:
                for name, purpose in RECORDS.get(column.info["record"], {}).items():
                    yield Entry(table.name, column.name, name, Meaning(purpose, meaning.about, meaning.keep))


STUDENT = {
    "school": "whose list the student is on",
    "student_ref": "the school's own number: to know the student again in a next list",
    "birth_date": "age rules of places and of the law for minors",
    "work_capacity": "only who can work is proposed; the school's word, without a ground",
    "enrolled": "which route is open: with or without a school",
    "leaves_on": "from when a place is needed, and who has waited long",
    "available_from": "from when a place can start",
    "location": "distance and region; of a postcode only its four digits",
    "travel_means": "travel time",
    "max_km": "how far is too far",
    "max_minutes": "how long is too long",
    "travels_alone": "whether somebody must come along",
    "hours_min": "hours that fit",
    "hours_max": "hours that fit",
    "branches": "what the student wants",
    "branches_excluded": "what the student does not want",
    "route": "alone or in a group",
    "contract_types": "which kind of place",
    "tasks_wanted": "what the student wants to do",
    "tasks_disliked": "what the student does not want to do",
    "tasks_mastered": "what the student can do",
    "experience": "what the student has done",
    "work_skills": "how much help with which skill",
    "support_needed": "what the workplace must offer, in workplace words",
    "support_half_days": "supervision the student takes",
    "conditions_wanted": "circumstances the student likes",
    "conditions_unacceptable": "circumstances the student cannot accept, without a ground",
    "certificates": "what is held already",
    "level": "highest diploma",
    "consent_on": "a point to check before anything is shared",
    "confirmed_on": "how fresh the profile is",
    "destination": "who still looks for a place",
    "background.first_name": "so that school and connector know whom they speak about",
    "background.school_type": "monitoring; never part of a fit, never shown to an employer",
    "background.leaving_profile": "who is listed and not matched",
    "background.own_words": "the student's own words; school and connector only, never scored",
    "background.is_referrer": "whether a school or a referrer brought the student",
}
OPENING = {
    "vacancy_ref": "the employer's own number: to know the vacancy again",
    "employer_kvk": "whose vacancy it is",
    "employer": "the employer's name",
    "title": "what people call the work",
    "description": "the work in the employer's words",
    "branch": "the branch of the work",
    "tasks": "the work, and what of it is a must",
    "location": "where the work is",
    "starts_on": "when it starts",
    "places": "how many can come",
    "min_to_open": "how many are needed to start a group",
    "present": "how many are in the group already; a number, no names",
    "certainty": "firm or planned",
    "duration_months": "how long it lasts",
    "route": "alone or in a group",
    "entry": "for whom: werkschool or side entry",
    "contract_type": "which kind of place",
    "participation_option": "how the employer takes part",
    "criteria_met": "entry criteria of taking part",
    "criteria_not_met": "entry criteria of taking part",
    "hours_min": "hours offered",
    "hours_max": "hours offered",
    "starts_at": "time of day",
    "ends_at": "time of day",
    "age_min": "age bound of the place",
    "age_max": "age bound of the place",
    "level_min": "diploma asked",
    "certificates_required": "certificates asked",
    "certificates_obtainable": "certificates to be had there",
    "support_offered": "what guidance the workplace offers",
    "supervision_half_days": "supervision available",
    "conditions": "circumstances of the work",
    "work_skills": "skills asked",
    "leerbedrijf_id": "recognition as a training company",
    "crebo": "the training it belongs to",
    "job_guarantee": "whether a job follows",
    "trial_months": "length of the trial",
    "closes_on": "until when it is open",
    "confirmed_on": "how fresh the vacancy is",
}
RECORDS = {"student": STUDENT, "opening": OPENING}
