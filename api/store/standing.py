"""What the plans that hold say of students and openings as a whole, in the database."""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from api.store import placements, queues
from api.store.paging import Place, beyond
from api.store.tables import (
    Decided,
    OpeningOutcome,
    OpeningVersion,
    Organisation,
    Outcome,
    Plan,
    Profile,
    Proposal,
    RunDecision,
    RunStudent,
    StoredOpening,
    StoredStudent,
)


@dataclass(frozen=True, slots=True)
class Known:
    """A student as it is now: region, record, the plan of the region, whether in it, and if a place is held anyway.

    ``rests``: looks for no place after the last one (`api.store.placements.resting`). ``turned_down``: the place that
    the plan had was rejected, and nothing else of the plan is open or put off.
    """

    student_id: str
    region: str | None
    record: dict[str, Any]
    plan: str | None
    in_plan: bool
    holds: bool
    rests: bool
    turned_down: bool


def unplaced(session: Session, fresh_since: Mapping[str, date], after: Place, limit: int) -> list[Outcome]:
    """Students for whom the plan that holds has nobody, who hold no place by a decision and look for one.

    ``fresh_since`` is as `api.store.queues.nobody_found` takes it.
    """
    query = _without(select(Outcome), fresh_since).order_by(Outcome.student_id).limit(limit)
    if after:
        query = query.where(beyond((Outcome.student_id,), after))
    return list(session.scalars(query))


def unplaced_number(session: Session, fresh_since: Mapping[str, date]) -> int:
    """How many these are."""
    return session.scalar(_without(select(func.count()).select_from(Outcome), fresh_since)) or 0


def _without(query: Select[Any], fresh_since: Mapping[str, date]) -> Select[Any]:
    return (
        query.join(StoredStudent, StoredStudent.id == Outcome.student_id)
        .join(Plan, (Plan.region_code == StoredStudent.region_code) & (Plan.run_id == Outcome.run_id))
        .where(*queues.nobody_found(fresh_since))
    )


def outcome_of(session: Session, run_id: str, student_id: str) -> Outcome | None:
    """What a run says about one student."""
    return session.get(Outcome, (run_id, student_id))


def openings(session: Session, regions: Iterable[str]) -> list[tuple[OpeningOutcome, str, str]]:
    """What the plans that hold say of the openings of regions: with region and branch."""
    version = (OpeningVersion.opening_id == StoredOpening.id) & (OpeningVersion.number == StoredOpening.number)
    query = (
        select(OpeningOutcome, StoredOpening.region_code, OpeningVersion.record)
        .join(StoredOpening, StoredOpening.id == OpeningOutcome.opening_id)
        .join(OpeningVersion, version)
        .join(Plan, (Plan.region_code == StoredOpening.region_code) & (Plan.run_id == OpeningOutcome.run_id))
        .where(StoredOpening.region_code.in_(list(regions)))
        .order_by(OpeningOutcome.opening_id)
    )
    return [(outcome, region or "", record["branch"]) for outcome, region, record in session.execute(query)]


def students_of_parties(session: Session, organisation_ids: Iterable[str]) -> list[Known]:
    """Every student of these schools and referrers."""
    return _known(session, StoredStudent.organisation_id.in_(list(organisation_ids)))


def students_of_regions(session: Session, regions: Iterable[str]) -> list[Known]:
    """Every student of these regions; and those without one, of schools that have students or a seat here."""
    mine = list(regions)
    near = select(StoredStudent.organisation_id).where(StoredStudent.region_code.in_(mine))
    seat = select(Organisation.id).where(Organisation.region_code.in_(mine))
    homeless = StoredStudent.region_code.is_(None) & or_(
        StoredStudent.organisation_id.in_(near), StoredStudent.organisation_id.in_(seat))  # fmt: skip
    return _known(session, StoredStudent.region_code.in_(mine) | homeless)


def _known(session: Session, whose: Any) -> list[Known]:
    query = (
        select(StoredStudent.id, StoredStudent.region_code, Profile.record, Plan.run_id, RunStudent.student_id,
               exists().where(Decided.student_id == StoredStudent.id, Decided.holds))
        .join(Profile, (Profile.student_id == StoredStudent.id) & (Profile.number == StoredStudent.number))
        .outerjoin(Plan, Plan.region_code == StoredStudent.region_code)
        .outerjoin(RunStudent, (RunStudent.run_id == Plan.run_id) & (RunStudent.student_id == StoredStudent.id))
        .where(whose)
        .order_by(StoredStudent.id)
    )  # fmt: skip
    resting, down = placements.resting(session, whose), _turned_down(session, whose)
    return [Known(i, region, record, plan, there is not None, holds, i in resting, i in down)
            for i, region, record, plan, there, holds in session.execute(query)]  # fmt: skip


def _turned_down(session: Session, whose: Any) -> frozenset[str]:
    """Those of students whose place in the plan that holds was rejected, for whom nothing else is open or put off.

    A rejection that had lapsed by that plan is no word on what it proposes again.
    """
    stands = and_(Decided.student_id == Proposal.student_id, Decided.opening_id == Proposal.opening_id,
                  Decided.ended_at.is_(None), ~queues.lapsed_by(Proposal.run_id))  # fmt: skip
    added, word, later = aliased(Proposal), aliased(Decided), aliased(Decided)
    lapsed = exists().where(RunDecision.run_id == added.run_id, RunDecision.decision_id == word.id, ~RunDecision.kept)
    said = exists().where(word.student_id == added.student_id, word.opening_id == added.opening_id,
                          word.ended_at.is_(None), ~lapsed)  # fmt: skip
    waits = exists().where(added.run_id == Proposal.run_id, added.student_id == Proposal.student_id,
                           added.added_by.is_not(None), ~said)  # fmt: skip
    put_off = exists().where(later.student_id == Proposal.student_id, later.ended_at.is_(None), later.word == "defer")
    query = (
        select(Proposal.student_id)
        .join(StoredStudent, StoredStudent.id == Proposal.student_id)
        .join(Plan, and_(Plan.run_id == Proposal.run_id, Plan.region_code == StoredStudent.region_code))
        .join(Decided, stands)
        .where(whose, Proposal.chosen, Decided.word == "reject", ~waits, ~put_off)
    )
    return frozenset(session.scalars(query))


__all__ = [
    "Known", "Outcome", "openings", "outcome_of", "students_of_parties", "students_of_regions", "unplaced",
    "unplaced_number",
]  # fmt: skip
