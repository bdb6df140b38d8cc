"""Pairs outside the list, in the database."""
from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, load_only

from api.store.base import new_id
from api.store.queues import lapsed_by
from api.store.tables import Decided, OpeningOutcome, Proposal, StoredStudent

_COPIED = ("student_id", "opening_id", "rank", "fit", "band", "known", "parts", "reasons", "to_check")
_SHORT = (Proposal.student_id, Proposal.opening_id, Proposal.rank, Proposal.chosen, Proposal.added_by)


def proposals_of(
    session: Session, run_id: str, student_ids: Iterable[str], opening_ids: Iterable[str]
) -> dict[tuple[str, str], Proposal]:
    """The proposals of a run on these pairs; their sentences are read only when somebody asks for them."""
    students, openings = set(student_ids), set(opening_ids)
    few = Proposal.opening_id.in_(openings) if len(openings) < len(students) else Proposal.student_id.in_(students)
    query = select(Proposal).where(Proposal.run_id == run_id, few).options(load_only(*_SHORT))
    return {(p.student_id, p.opening_id): p for p in session.scalars(query)
            if p.student_id in students and p.opening_id in openings}  # fmt: skip


def placed_in(session: Session, run_id: str, student_ids: Iterable[str]) -> list[str]:
    """Those of these students who have a place in the plan of a run."""
    query = select(Proposal.student_id).where(Proposal.run_id == run_id, Proposal.chosen)
    return list(session.scalars(query.where(Proposal.student_id.in_(list(student_ids)))))


def closed_in(session: Session, run_id: str, opening_ids: Iterable[str]) -> set[str]:
    """Those of these openings that stay closed in the plan of a run although there is room."""
    query = select(OpeningOutcome.opening_id).where(
        OpeningOutcome.run_id == run_id, ~OpeningOutcome.opens, OpeningOutcome.left > 0,
        OpeningOutcome.opening_id.in_(list(opening_ids)),
    )  # fmt: skip
    return set(session.scalars(query))


def fits_above(session: Session, run_id: str, student_id: str, fit: int) -> int:
    """How many pairs of a student in a run fit better."""
    query = select(func.count()).select_from(Proposal).where(
        Proposal.run_id == run_id, Proposal.student_id == student_id, Proposal.fit > fit)  # fmt: skip
    return session.scalar(query) or 0


def add_proposal(session: Session, run_id: str, row: dict[str, Any]) -> Proposal:
    """Add a pair to a run."""
    made = Proposal(**{**row, "id": new_id(), "run_id": run_id})
    session.add(made)
    session.flush()
    return made


def undecided_additions(session: Session, run_ids: Iterable[str], regions: Iterable[str]) -> list[Proposal]:
    """What people added to runs, for students of regions, on which nobody decided."""
    decided = select(Decided.id).where(
        Decided.student_id == Proposal.student_id, Decided.opening_id == Proposal.opening_id,
        Decided.ended_at.is_(None), ~lapsed_by(Proposal.run_id)
    ).exists()  # fmt: skip
    query = (
        select(Proposal)
        .join(StoredStudent, StoredStudent.id == Proposal.student_id)
        .where(Proposal.run_id.in_(list(run_ids)), Proposal.added_by.is_not(None), ~decided,
               StoredStudent.region_code.in_(list(regions)))
        .order_by(Proposal.student_id, Proposal.opening_id)
    )  # fmt: skip
    return list(session.scalars(query))


def copied(proposal: Proposal) -> dict[str, Any]:
    """What another run takes over of a pair."""
    return {name: getattr(proposal, name) for name in _COPIED} | {"chosen": False, "regret": None, "again": None}


