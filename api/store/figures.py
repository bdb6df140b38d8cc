"""What figures are counted from: a line per student with how far things came, a line per opening. No names."""
from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from sqlalchemy import ColumnElement, Engine, func, select
from sqlalchemy.orm import Session

from api.store.tables import (
    Decided,
    Destination,
    Introduction,
    OpeningOutcome,
    Outcome,
    Placement,
    Plan,
    Profile,
    Proposal,
    Release,
    StoredOpening,
    StoredStudent,
    Vacancy,
)


class Youth(NamedTuple):
    """One student: where, from what kind of school, leaving when, how far things came, how much is not filled in."""

    id: str
    region: str | None
    school_type: str | None
    leaves_on: date | None
    since: date
    confirmed_on: date | None
    destination: str | None
    expects_work: bool
    proposed: bool
    released: bool
    introduced: bool
    started_on: date | None
    ended_on: date | None
    missing: int

    @property
    def has_place(self) -> bool:
        """Whether a placement runs."""
        return self.started_on is not None and self.ended_on is None


def youths(session: Session, missing_of: Callable[[dict[str, Any]], int]) -> list[Youth]:
    """Every student whose profile holds; ``missing_of`` counts what a profile leaves out."""
    query = select(StoredStudent.id, StoredStudent.number, StoredStudent.region_code).where(StoredStudent.number > 0)
    heads = session.execute(query.order_by(StoredStudent.id)).all()
    facts = _facts(session, [(i, number) for i, number, _ in heads], missing_of)
    accepted = select(Decided.student_id).where(Decided.word.in_(("accept", "pin"))).distinct()
    plan = select(Proposal.student_id).join(Plan, Plan.run_id == Proposal.run_id).where(Proposal.chosen)
    proposed = set(session.scalars(plan)) | set(session.scalars(accepted))
    released = set(session.scalars(select(Release.student_id).distinct()))
    met = select(Introduction.student_id).where(Introduction.state.in_(("planned", "held"))).distinct()
    introduced = set(session.scalars(met))
    places = _placements(session)
    went = _destinations(session)
    found = []
    for (i, _, region), said in zip(heads, facts, strict=True):
        if said is not None:
            started, ended = places.get(i, (None, None))
            found.append(Youth(
                i, region, said.school_type, said.leaves_on, said.since, said.confirmed_on,
                went.get(i) or said.destination, said.expects_work, i in proposed, i in released, i in introduced,
                started, ended, said.missing,
            ))  # fmt: skip
    return found


class _Facts(NamedTuple):
    """What figures read of one version of a profile, and since when the student is in the service."""

    school_type: str | None
    leaves_on: date | None
    since: date
    confirmed_on: date | None
    destination: str | None
    expects_work: bool
    missing: int


Key = tuple[str, int]
_READ: WeakKeyDictionary[Engine, dict[Key, _Facts]] = WeakKeyDictionary()
"""What was read of the profiles that held at the last count, per database. A version of a profile never changes, so a
count reads only those that are new: reading ten thousand costs a fifth of a second, looking them up a hundredth."""


def _facts(
    session: Session, wanted: list[Key], missing_of: Callable[[dict[str, Any]], int]
) -> list[_Facts | None]:
    engine = session.get_bind().engine
    known = _READ.get(engine, {})
    new = {key for key in wanted if key not in known}
    if new or len(known) != len(wanted):
        known = {key: known[key] for key in wanted if key in known}
        ids = sorted(i for i, _ in new)
        for part in range(0, len(ids), 500):
            query = (
                select(StoredStudent.id, Profile.number, StoredStudent.created_at, Profile.record)
                .join(Profile, Profile.student_id == StoredStudent.id)
                .where(StoredStudent.id.in_(ids[part : part + 500]))
            )
            known |= {(i, number): _read(record, since, missing_of(record))
                      for i, number, since, record in session.execute(query) if (i, number) in new}  # fmt: skip
        _READ[engine] = known
    return [known.get(key) for key in wanted]


def _read(record: dict[str, Any], since: datetime, missing: int) -> _Facts:
    background = record["background"]
    expects = background["leaving_profile"] != "day_activities" and record["work_capacity"] != "no"
    return _Facts(background["school_type"], _day(record["leaves_on"]), since.date(), _day(record["confirmed_on"]),
                  record["destination"] or None, expects, missing)  # fmt: skip


def _placements(session: Session) -> dict[str, tuple[date, date | None]]:
    """The placement that runs, or else the latest one, per student."""
    query = select(Placement.student_id, Placement.started_on, Placement.ended_on)
    query = query.order_by(Placement.ended_on.is_(None), Placement.started_on, Placement.id)
    return {i: (started, ended) for i, started, ended in session.execute(query)}


def _destinations(session: Session) -> dict[str, str]:
    query = select(Destination.student_id, Destination.destination)
    # As `api.store.destinations.latest`: the newest report counts.
    return dict(session.execute(query.order_by(Destination.reported_at, Destination.since, Destination.id)).all())


def open_places(session: Session, begins: date, ends: date) -> dict[str | None, int]:
    """Places that nobody holds at openings that start from ``begins`` up to ``ends``, by region."""
    held = select(Decided.opening_id, func.count().label("number")).where(Decided.holds).group_by(Decided.opening_id)
    taken = held.subquery()
    query = (
        select(StoredOpening.region_code, func.sum(StoredOpening.places - func.coalesce(taken.c.number, 0)))
        .join(Vacancy, Vacancy.id == StoredOpening.vacancy_id)
        .outerjoin(taken, taken.c.opening_id == StoredOpening.id)
        .where(Vacancy.state == "open", StoredOpening.number > 0, StoredOpening.starts_on >= begins,
               StoredOpening.starts_on < ends)
        .group_by(StoredOpening.region_code)
    )  # fmt: skip
    return {region: int(number) for region, number in session.execute(query)}


def unplaced(session: Session, regions: Iterable[str] | None) -> list[tuple[dict[str, int], str | None]]:
    """What blocks, and the code of the smallest change, of everybody who has no place in the plan that holds."""
    query = (
        select(Outcome.blocked, Outcome.change)
        .join(Plan, Plan.run_id == Outcome.run_id)
        .join(StoredStudent, (StoredStudent.id == Outcome.student_id) & (StoredStudent.region_code == Plan.region_code))
        .where(Outcome.status == "unplaced", *_within(StoredStudent.region_code, regions))
    )
    return [(blocked, change["code"] if change else None) for blocked, change in session.execute(query)]


def unfilled(session: Session, regions: Iterable[str] | None) -> list[tuple[dict[str, int], str | None]]:
    """The same of every opening with places that nobody has."""
    query = (
        select(OpeningOutcome.blocked, OpeningOutcome.change)
        .join(Plan, Plan.run_id == OpeningOutcome.run_id)
        .join(StoredOpening, (StoredOpening.id == OpeningOutcome.opening_id)
              & (StoredOpening.region_code == Plan.region_code))
        .where(OpeningOutcome.left > 0, *_within(StoredOpening.region_code, regions))
    )  # fmt: skip
    return [(blocked, change["code"] if change else None) for blocked, change in session.execute(query)]


def _within(column: Any, regions: Iterable[str] | None) -> list[ColumnElement[bool]]:
    return [] if regions is None else [column.in_(sorted(regions))]


def _day(text: str | None) -> date | None:
    return None if text is None else datetime.fromisoformat(text).date()


__all__ = ["Youth", "open_places", "unfilled", "unplaced", "youths"]
