"""Which roles see which field of a profile; what is not listed here nobody sees but who hands it in."""
from __future__ import annotations

from collections.abc import Mapping

from api.services.cells import OF_STUDENT

NEAR = ("school", "connector", "coach", "student", "parent")
_RELEASED = (
    "available_from", "travel_means", "hours_min", "hours_max", "branches", "tasks_wanted", "tasks_mastered",
    "experience", "work_skills", "support_needed", "conditions_wanted", "conditions_unacceptable", "certificates",
    "level",
)  # fmt: skip
"""What a card for an employer is made from, coarsened, once it was shared: never a name, a day of birth or a place."""
SEES: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(OF_STUDENT, NEAR),
    **dict.fromkeys(_RELEASED, (*NEAR, "employer_once_shared")),
    "own_words": ("school", "connector", "student"),
}
"""Field -> who sees it; a referrer sees what a school does."""


def visible(role: str) -> tuple[str, ...]:
    """The fields that somebody sees in a role, in the order of the list."""
    asked = "school" if role == "referrer" else role
    return tuple(name for name in OF_STUDENT if asked in SEES[name])


__all__ = ["NEAR", "SEES", "visible"]
