"""What people hand in beside the two lists, as records."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Decision:
    """A connector's word on one pair; ``starts_on`` None means every intake of the vacancy."""

    school: str
    student_ref: str
    vacancy_ref: str
    starts_on: date | None
    decision: str  # accept | reject | pin | defer
    reason: str = ""
    on: date | None = None
