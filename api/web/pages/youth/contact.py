"""Whom a student can call."""
from __future__ import annotations

from dataclasses import dataclass

from api.store import introductions
from api.web.database import rows


@dataclass(frozen=True, slots=True)
class Call:
    """Somebody to call; ``phone`` may be empty."""

    name: str
    phone: str


def contact_of(student_id: str) -> Call | None:
    """Somebody beside the student: a coach, or whom the own school or referrer names; one with a phone first."""
    found = sorted(introductions.whom_to_call(rows(), student_id), key=lambda one: not one[1])
    return Call(*found[0]) if found else None
