"""What a run was made from, by the versions it kept."""
from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.store.tables import (
    AuditEvent,
    Decided,
    OpeningVersion,
    Organisation,
    Profile,
    Proposal,
    Run,
    RunDecision,
    RunOpening,
    RunStudent,
    StoredStudent,
)

Record = dict[str, Any]
_ERASED = ("student.erased", "student.erased_again")


def run(session: Session, run_id: str) -> Run:
    """The run."""
    return session.get_one(Run, run_id)


def students(session: Session, run_id: str) -> list[tuple[str, int, Record]]:
    """The students that went in, with the version of then; an erased person's record is empty."""
    same = (Profile.student_id == RunStudent.student_id) & (Profile.number == RunStudent.number)
    query = select(RunStudent.student_id, RunStudent.number, Profile.record).join(Profile, same)
    query = query.where(RunStudent.run_id == run_id).order_by(RunStudent.student_id)
    return [(i, number, record) for i, number, record in session.execute(query)]


def homes(session: Session, run_id: str) -> dict[str, Organisation]:
    """The school or referrer of every student that went in."""
    query = (
        select(RunStudent.student_id, Organisation)
        .join(StoredStudent, StoredStudent.id == RunStudent.student_id)
        .join(Organisation, Organisation.id == StoredStudent.organisation_id)
        .where(RunStudent.run_id == run_id)
    )
    return dict(session.execute(query).all())


def moved_homes(session: Session, since: datetime) -> set[str]:
    """The organisations whose region was changed since then, by the log."""
    query = select(AuditEvent.subject_id, AuditEvent.details)
    query = query.where(AuditEvent.action == "organisation.changed", AuditEvent.at >= since)
    return {i for i, details in session.execute(query) if i and "region_code" in details.get("fields", ())}


def plans_of(session: Session, run_ids: Iterable[str]) -> dict[tuple[str, str], str]:
    """The plans of runs: opening by (run, student), wherever the student belongs by now."""
    query = select(Proposal.run_id, Proposal.student_id, Proposal.opening_id)
    query = query.where(Proposal.run_id.in_(set(run_ids)), Proposal.chosen)
    return {(run, student): opening for run, student, opening in session.execute(query)}


def openings(session: Session, run_id: str) -> list[tuple[str, int, str, int | None, Record]]:
    """The openings that went in: id, version, reference, places that were free, record."""
    same = (OpeningVersion.opening_id == RunOpening.opening_id) & (OpeningVersion.number == RunOpening.number)
    query = (
        select(RunOpening.opening_id, RunOpening.number, RunOpening.ref, RunOpening.places, OpeningVersion.record)
        .join(OpeningVersion, same)
        .where(RunOpening.run_id == run_id)
        .order_by(RunOpening.opening_id)
    )
    return [tuple(row) for row in session.execute(query)]


def opening_record(session: Session, opening_id: str, number: int) -> Record:
    """One version of an opening."""
    return session.get_one(OpeningVersion, (opening_id, number)).record


def decisions(session: Session, run_id: str) -> list[tuple[Decided, bool, Record, Record]]:
    """The decisions that stood then, whether the run kept them, and the records that were looked at."""
    query = (
        select(Decided, RunDecision.kept, Profile.record, OpeningVersion.record)
        .join(RunDecision, RunDecision.decision_id == Decided.id)
        .join(Profile, (Profile.student_id == Decided.student_id) & (Profile.number == Decided.profile_number))
        .join(OpeningVersion, (OpeningVersion.opening_id == Decided.opening_id)
              & (OpeningVersion.number == Decided.opening_number))
        .where(RunDecision.run_id == run_id)
        .order_by(Decided.decided_at, Decided.id)
    )  # fmt: skip
    return [(decision, kept, student, opening) for decision, kept, student, opening in session.execute(query)]


def held_by_erased(session: Session, by: datetime) -> dict[str, set[str]]:
    """Who were erased after a moment and had a place by then, by opening: what followed on it is gone.

    By the log, which stays as long as what was decided: the list of who was erased stays no longer than a backup.
    """
    query = (
        select(Decided.opening_id, Decided.student_id)
        .join(AuditEvent, (AuditEvent.subject_id == Decided.student_id) & AuditEvent.action.in_(_ERASED))
        .where(AuditEvent.at >= by, Decided.decided_at <= by, Decided.word.in_(("accept", "pin")))
    )
    found: dict[str, set[str]] = {}
    for opening_id, student_id in session.execute(query):
        found.setdefault(opening_id, set()).add(student_id)
    return found


def drawn(session: Session, number: int, seed: int) -> list[str]:
    """So many proposals of finished runs within their term, drawn by chance; all when there are fewer."""
    query = select(Proposal.id).join(Run, Run.id == Proposal.run_id)
    query = query.where(Run.state == "done", Run.digest.is_not(None), Proposal.added_by.is_(None)).order_by(Proposal.id)
    ids = list(session.scalars(query))
    return sorted(random.Random(seed).sample(ids, min(number, len(ids))))
