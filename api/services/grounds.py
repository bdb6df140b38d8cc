"""On which ground of the law a party hands in data about persons: without one, no list of persons is stored."""
from __future__ import annotations

from api.store import organisations
from api.store.people import Session

GROUNDS = ("public_task", "legal_duty", "legitimate_interest", "agreement", "consent")
MISSING = (
    "Record first on which ground of the law your organisation hands in data about students: under Organisation, "
    "Legal ground. The list is kept for you until then."
)


def has_ground(session: Session, organisation_id: str) -> bool:
    """Whether a party has recorded a ground that stands."""
    return organisations.live_ground(session, organisation_id) is not None


__all__ = ["GROUNDS", "MISSING", "has_ground"]
