"""What goes into a run and what came out of it, in the database."""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from api.store.tables import (
    Decided,
    OpeningVersion,
    Organisation,
    Outcome,
    Profile,
    Proposal,
    Run,
    RunDecision,
    RunOpening,
    RunStudent,
    StoredOpening,
    StoredPolicy,
    StoredStudent,
    Vacancy,
)


def latest_policy(session: Session) -> StoredPolicy | None:
    """The policy that holds: the newest."""
    return session.scalar(select(StoredPolicy).order_by(StoredPolicy.number.desc()).limit(1))


def add_policy(session: Session, text: str, digest: str, account_id: str | None, now: datetime) -> StoredPolicy:
    """Add a version."""
    last = latest_policy(session)
    made = StoredPolicy(number=last.number + 1 if last else 1, text=text, digest=digest, account_id=account_id,
                        created_at=now)  # fmt: skip
    session.add(made)
    session.flush()
    return made


def policy_text(session: Session, policy_id: str) -> str:
    """The settings of a policy."""
    return session.get_one(StoredPolicy, policy_id).text


def add_run(session: Session, *, regions: list[str], on: date, policy_id: str, account_id: str, lang: str,
            now: datetime) -> Run:  # fmt: skip
    """Queue a run."""
    made = Run(state="queued", regions=regions, on=on, policy_id=policy_id, account_id=account_id, lang=lang,
               created_at=now)  # fmt: skip
    session.add(made)
    session.flush()
    return made


def runs_within(session: Session, regions: Iterable[str], after: str, limit: int) -> list[Run]:
    """Runs of whom all regions are among ``regions``, newest first."""
    allowed, found = set(regions), []
    query = select(Run).order_by(Run.created_at.desc(), Run.id.desc()).execution_options(yield_per=100)
    passed = not after
    for run in session.scalars(query):
        if passed and set(run.regions) <= allowed:
            found.append(run)
            if len(found) == limit:
                break
        passed = passed or run.id == after
    return found


def students_in(session: Session, regions: Iterable[str]) -> list[tuple[str, int, dict[str, Any]]]:
    """The students of regions as (id, version, record)."""
    query = (
        select(StoredStudent.id, Profile.number, Profile.record)
        .join(Profile, (Profile.student_id == StoredStudent.id) & (Profile.number == StoredStudent.number))
        .where(StoredStudent.region_code.in_(list(regions)))
        .order_by(StoredStudent.id)
    )
    return [(i, number, record) for i, number, record in session.execute(query)]


def openings_in(session: Session, regions: Iterable[str]) -> list[tuple[str, int, dict[str, Any]]]:
    """The openings of regions as (id, version, record)."""
    version = (OpeningVersion.opening_id == StoredOpening.id) & (OpeningVersion.number == StoredOpening.number)
    query = (
        select(StoredOpening.id, OpeningVersion.number, OpeningVersion.record)
        .join(OpeningVersion, version)
        .where(StoredOpening.region_code.in_(list(regions)))
        .order_by(StoredOpening.id)
    )
    return [(i, number, record) for i, number, record in session.execute(query)]


def live_decisions(session: Session) -> list[tuple[Decided, dict[str, Any], dict[str, Any]]]:
    """Every decision that stands, with the records that were looked at."""
    query = (
        select(Decided, Profile.record, OpeningVersion.record)
        .join(Profile, (Profile.student_id == Decided.student_id) & (Profile.number == Decided.profile_number))
        .join(OpeningVersion, (OpeningVersion.opening_id == Decided.opening_id)
              & (OpeningVersion.number == Decided.opening_number))
        .where(Decided.ended_at.is_(None))
        .order_by(Decided.decided_at, Decided.id)
    )  # fmt: skip
    return [(decision, student, opening) for decision, student, opening in session.execute(query)]


def write_result(
    session: Session, run_id: str, *, students: Sequence[dict[str, Any]], openings: Sequence[dict[str, Any]],
    decisions: Sequence[dict[str, Any]], proposals: Sequence[dict[str, Any]], outcomes: Sequence[dict[str, Any]],
) -> None:  # fmt: skip
    """Write what went in and what came out; what an earlier attempt left is replaced."""
    for table in (Outcome, Proposal, RunDecision, RunOpening, RunStudent):
        session.execute(delete(table).where(table.run_id == run_id))
    for table, rows in ((RunStudent, students), (RunOpening, openings), (RunDecision, decisions),
                        (Proposal, proposals), (Outcome, outcomes)):  # fmt: skip
        for begin in range(0, len(rows), 1_000):
            part = [{"run_id": run_id, **row} for row in rows[begin : begin + 1_000]]
            session.execute(insert(table), part)


def proposals_of(
    session: Session, run_id: str, *, student_id: str = "", opening_id: str = "", chosen: bool | None = None,
    after: tuple[Any, ...] | None = None, limit: int,
) -> list[Proposal]:  # fmt: skip
    """Proposals of a run: by student and rank, or for one opening by fit."""
    order: tuple[Any, ...] = (Proposal.student_id, Proposal.rank, Proposal.id)
    if opening_id:
        order = (-Proposal.fit, Proposal.student_id, Proposal.id)
    query = select(Proposal).where(Proposal.run_id == run_id).order_by(*order)
    if student_id:
        query = query.where(Proposal.student_id == student_id)
    if opening_id:
        query = query.where(Proposal.opening_id == opening_id)
    if chosen is not None:
        query = query.where(Proposal.chosen == chosen)
    last = session.get(Proposal, after[0]) if after else None
    if last is not None:
        query = query.where(_beyond(order, last, by_fit=bool(opening_id)))
    return list(session.scalars(query.limit(limit)))


def _beyond(order: tuple[Any, ...], last: Proposal, *, by_fit: bool) -> Any:
    values = (-last.fit, last.student_id, last.id) if by_fit else (last.student_id, last.rank, last.id)
    (a, b, c), (x, y, z) = order, values
    return (a > x) | ((a == x) & ((b > y) | ((b == y) & (c > z))))


def proposal_by_id(session: Session, proposal_id: str) -> Proposal | None:
    """One proposal."""
    return session.get(Proposal, proposal_id)


def outcomes_of(session: Session, run_id: str, status: str, after: str, limit: int) -> list[Outcome]:
    """What a run says about each student."""
    query = select(Outcome).where(Outcome.run_id == run_id, Outcome.student_id > after)
    if status:
        query = query.where(Outcome.status == status)
    return list(session.scalars(query.order_by(Outcome.student_id).limit(limit)))


def names_of(
    session: Session, student_ids: Iterable[str], opening_ids: Iterable[str]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """What connectors call students and openings: school and number, first name; employer, number, title, start."""
    query = (
        select(StoredStudent.id, Organisation.code, StoredStudent.student_ref, Profile.record)
        .join(Organisation, Organisation.id == StoredStudent.organisation_id)
        .join(Profile, (Profile.student_id == StoredStudent.id) & (Profile.number == StoredStudent.number))
        .where(StoredStudent.id.in_(set(student_ids)))
    )
    students = {i: {"id": i, "school": code, "student_ref": ref, "first_name": record["background"]["first_name"]}
                for i, code, ref, record in session.execute(query)}  # fmt: skip
    version = (OpeningVersion.opening_id == StoredOpening.id) & (OpeningVersion.number == StoredOpening.number)
    found = (
        select(StoredOpening.id, Organisation.name, Vacancy.vacancy_ref, StoredOpening.starts_on, OpeningVersion.record)
        .join(Vacancy, Vacancy.id == StoredOpening.vacancy_id)
        .join(Organisation, Organisation.id == Vacancy.organisation_id)
        .join(OpeningVersion, version)
        .where(StoredOpening.id.in_(set(opening_ids)))
    )
    openings = {i: {"id": i, "employer": name, "vacancy_ref": ref, "starts_on": day, "title": record["title"]}
                for i, name, ref, day, record in session.execute(found)}  # fmt: skip
    return students, openings


def latest_done(session: Session, regions: Sequence[str], but: str) -> Run | None:
    """The newest finished run over the same regions, other than one."""
    query = select(Run).where(Run.state == "done", Run.id != but).order_by(Run.ended_at.desc())
    return next((run for run in session.scalars(query) if sorted(run.regions) == sorted(regions)), None)


def chosen_of(session: Session, run_id: str) -> dict[str, str]:
    """The plan of a run: opening per student."""
    query = select(Proposal.student_id, Proposal.opening_id).where(Proposal.run_id == run_id, Proposal.chosen)
    return dict(session.execute(query).all())


__all__ = [
    "Decided", "Outcome", "Proposal", "Run", "add_policy", "add_run", "chosen_of", "latest_done", "latest_policy",
    "live_decisions", "names_of", "openings_in", "outcomes_of", "policy_text", "proposal_by_id", "proposals_of",
    "runs_within", "students_in", "write_result",
]  # fmt: skip
