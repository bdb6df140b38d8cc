"""Which run's plan holds in a region, and the plan itself, in the database."""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from api.store.tables import (
    Decided,
    OpeningVersion,
    Plan,
    Profile,
    Proposal,
    Run,
    RunDecision,
    RunOpening,
    RunStudent,
    StoredOpening,
    StoredPolicy,
    StoredStudent,
)


@dataclass(frozen=True, slots=True)
class Chosen:
    """A pair of a plan: fit in millionths, rank among the student's own."""

    opening_id: str
    fit: int
    rank: int


def holding(session: Session, regions: Iterable[str], *, lock: bool = False) -> dict[str, Plan]:
    """The plan that holds in each of these regions; a region that never had one is missing."""
    query = select(Plan).where(Plan.region_code.in_(list(regions))).order_by(Plan.region_code)
    query = query.execution_options(populate_existing=True)
    return {plan.region_code: plan for plan in session.scalars(query.with_for_update() if lock else query)}


def policy_texts(session: Session, regions: Iterable[str]) -> dict[str, str]:
    """The policy of the plan that holds in each of these regions that has one."""
    query = (
        select(Plan.region_code, StoredPolicy.text)
        .join(Run, Run.id == Plan.run_id)
        .join(StoredPolicy, StoredPolicy.id == Run.policy_id)
        .where(Plan.region_code.in_(list(regions)))
    )
    return dict(session.execute(query).all())


def hold(session: Session, regions: Iterable[str], run_id: str, now: datetime) -> None:
    """Let a run's plan hold in these regions."""
    there = holding(session, regions, lock=True)
    for region in sorted(regions):
        if region in there:
            there[region].run_id, there[region].since = run_id, now
        else:
            session.add(Plan(region_code=region, run_id=run_id, since=now))
    session.flush()


def plan_of(session: Session, regions: Iterable[str]) -> dict[str, str]:
    """The plan that holds in these regions: opening per student."""
    query = (
        select(Proposal.student_id, Proposal.opening_id)
        .join(StoredStudent, StoredStudent.id == Proposal.student_id)
        .join(Plan, (Plan.region_code == StoredStudent.region_code) & (Plan.run_id == Proposal.run_id))
        .where(Proposal.chosen, StoredStudent.region_code.in_(list(regions)))
    )
    return dict(session.execute(query).all())


def chosen_in(session: Session, by_region: dict[str, str]) -> dict[str, Chosen]:
    """The plan of the run of each region, for the students of that region."""
    found: dict[str, Chosen] = {}
    for run_id in sorted(set(by_region.values())):
        regions = [region for region, of in by_region.items() if of == run_id]
        query = (
            select(Proposal.student_id, Proposal.opening_id, Proposal.fit, Proposal.rank)
            .join(StoredStudent, StoredStudent.id == Proposal.student_id)
            .where(Proposal.run_id == run_id, Proposal.chosen, StoredStudent.region_code.in_(regions))
        )
        found |= {i: Chosen(opening, fit, rank) for i, opening, fit, rank in session.execute(query)}
    return found


@dataclass(frozen=True, slots=True)
class Outside:
    """A place that a student held when a run was computed, and that was no part of it; ``holds`` says if still so."""

    opening_id: str
    word: str
    holds: bool


def outside(session: Session, by_region: dict[str, str]) -> dict[str, Outside]:
    """Who held a place outside the run of each region, of the students of that region."""
    found: dict[str, Outside] = {}
    for run_id in sorted(set(by_region.values())):
        regions = [region for region, of in by_region.items() if of == run_id]
        there = exists().where(RunStudent.run_id == run_id, RunStudent.student_id == Decided.student_id)
        query = (
            select(Decided.student_id, Decided.opening_id, Decided.word, Decided.holds)
            .join(RunDecision, RunDecision.decision_id == Decided.id)
            .join(StoredStudent, StoredStudent.id == Decided.student_id)
            .where(RunDecision.run_id == run_id, RunDecision.kept, StoredStudent.region_code.in_(regions), ~there)
        )
        found |= {i: Outside(opening, word, holds) for i, opening, word, holds in session.execute(query)}
    return found


def students_of(session: Session, run_ids: Iterable[str]) -> dict[str, int]:
    """The students that went into runs, with the version of each profile."""
    query = select(RunStudent.student_id, RunStudent.number).where(RunStudent.run_id.in_(list(run_ids)))
    return dict(session.execute(query).all())


def openings_of(session: Session, run_ids: Iterable[str]) -> dict[str, int]:
    """The openings that went into runs, with the version of each."""
    query = select(RunOpening.opening_id, RunOpening.number).where(RunOpening.run_id.in_(list(run_ids)))
    return dict(session.execute(query).all())


def decisions_of(session: Session, run_ids: Iterable[str]) -> dict[str, Decided]:
    """The decisions that runs kept, by id."""
    query = (
        select(Decided)
        .join(RunDecision, RunDecision.decision_id == Decided.id)
        .where(RunDecision.run_id.in_(list(run_ids)), RunDecision.kept)
    )
    return {decision.id: decision for decision in session.scalars(query)}


def known_to(session: Session, run_id: str) -> set[str]:
    """The ids of the decisions that a run looked at: those it kept, and the rejections that had lapsed."""
    return set(session.scalars(select(RunDecision.decision_id).where(RunDecision.run_id == run_id)))


def profiles(session: Session, versions: Iterable[tuple[str, int]]) -> dict[tuple[str, int], dict[str, object]]:
    """Records of students by (id, version)."""
    wanted = set(versions)
    query = select(Profile.student_id, Profile.number, Profile.record)
    query = query.where(Profile.student_id.in_({i for i, _ in wanted}))
    return {(i, number): record for i, number, record in session.execute(query) if (i, number) in wanted}


def opening_records(session: Session, versions: Iterable[tuple[str, int]]) -> dict[tuple[str, int], dict[str, object]]:
    """Records of openings by (id, version)."""
    wanted = set(versions)
    query = select(OpeningVersion.opening_id, OpeningVersion.number, OpeningVersion.record)
    query = query.where(OpeningVersion.opening_id.in_({i for i, _ in wanted}))
    return {(i, number): record for i, number, record in session.execute(query) if (i, number) in wanted}


def places_held(session: Session, opening_ids: Iterable[str]) -> dict[str, list[Decided]]:
    """The decisions that hold a place at these openings now, by opening."""
    found: dict[str, list[Decided]] = {}
    query = select(Decided).where(Decided.holds, Decided.opening_id.in_(list(opening_ids)))
    for decision in session.scalars(query.order_by(Decided.opening_id, Decided.seat)):
        found.setdefault(decision.opening_id, []).append(decision)
    return found


def words_on(session: Session, student_ids: Iterable[str]) -> list[Decided]:
    """Every decision that stands about these students."""
    query = select(Decided).where(Decided.ended_at.is_(None), Decided.student_id.in_(list(student_ids)))
    return list(session.scalars(query.order_by(Decided.student_id, Decided.id)))


def places(session: Session, opening_ids: Iterable[str]) -> dict[str, int]:
    """How many places openings have."""
    query = select(StoredOpening.id, StoredOpening.places).where(StoredOpening.id.in_(list(opening_ids)))
    return dict(session.execute(query).all())


__all__ = [
    "Chosen", "Decided", "Plan", "Run", "chosen_in", "decisions_of", "hold", "holding", "known_to",
    "opening_records", "openings_of", "places", "places_held", "plan_of", "profiles", "students_of", "words_on",
]  # fmt: skip
