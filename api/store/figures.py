"""What figures are counted from: a line per student with how far things came, a line per opening. No names."""
from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from sqlalchemy import ColumnElement, Engine, Select, String, cast, func, or_, select
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


_Head = tuple[str, int, int, str | None]
"""A student, the number of the profile that holds, of the student's own row, and the region."""


class _Marks(NamedTuple):
    """All that a count is made of beside profiles: which hold, and who came how far."""

    heads: str
    proposed: frozenset[str]
    released: frozenset[str]
    introduced: frozenset[str]
    places: dict[str, tuple[date, date | None]]
    went: dict[str, str]


class _Count(NamedTuple):
    """A count with its marks: whoever finds the same again need not count again."""

    marks: _Marks
    plans: tuple[Any, ...]
    chosen: frozenset[str]
    people: list[Youth]


_COUNTS: WeakKeyDictionary[Engine, _Count] = WeakKeyDictionary()
"""The last count per database. Asking whether it still holds takes a few thousandths of a second, counting ten
thousand students a tenth."""


def _in_one_text(*columns: Any) -> Select[Any]:
    """Columns of every row in one text, in the order in which the rows lie there."""
    parts = functools.reduce(lambda text, column: text + " " + func.coalesce(cast(column, String), ""), columns)
    return select(func.aggregate_strings(parts, ","))


_HEADS = _in_one_text(StoredStudent.id, StoredStudent.number, StoredStudent.version, StoredStudent.region_code)
_PLACES = _in_one_text(StoredOpening.id, StoredOpening.region_code)
"""Which version of whose profile holds, and where; which openings are where. Equal texts: nothing has changed."""


def youths(session: Session, missing_of: Callable[[dict[str, Any]], int]) -> list[Youth]:
    """Every student whose profile holds; ``missing_of`` counts what a profile leaves out.

    The same list as the last time when nothing of it has changed: not to be changed by who reads it.
    """
    engine = session.get_bind().engine
    last = _COUNTS.get(engine)
    heads, plans = session.scalar(_HEADS) or "", plans_that_hold(session)
    chosen = last.chosen if last is not None and last.plans == plans else _in_plans(session, plans)
    accepted = session.scalars(select(Decided.student_id).where(Decided.word.in_(("accept", "pin"))).distinct())
    met = select(Introduction.student_id).where(Introduction.state.in_(("planned", "held"))).distinct()
    marks = _Marks(
        heads, chosen.union(accepted), frozenset(session.scalars(select(Release.student_id).distinct())),
        frozenset(session.scalars(met)), _placements(session), _destinations(session),
    )  # fmt: skip
    if last is None or last.marks != marks:
        people = _people(_facts(session, _split(heads), missing_of), marks)
        _COUNTS[engine] = last = _Count(marks, plans, chosen, people)
    return last.people


def plans_that_hold(session: Session) -> tuple[Any, ...]:
    """Which run's plan holds where; what a run said never changes."""
    found = session.execute(select(Plan.region_code, Plan.run_id).order_by(Plan.region_code))
    return tuple((region, run_id) for region, run_id in found)


def _in_plans(session: Session, plans: tuple[Any, ...]) -> frozenset[str]:
    """Who has a place in one of these plans."""
    runs = {run_id for _, run_id in plans}
    return frozenset(session.scalars(select(Proposal.student_id).where(Proposal.run_id.in_(runs), Proposal.chosen)))


def _split(heads: str) -> list[_Head]:
    parts = (line.split(" ") for line in heads.split(",") if line)
    return [(i, int(number), int(row), region or None) for i, number, row, region in parts if int(number) > 0]


def _people(facts: list[tuple[_Head, _Facts | None]], marks: _Marks) -> list[Youth]:
    found = []
    for (i, _, _, region), said in facts:
        if said is not None:
            started, ended = marks.places.get(i, (None, None))
            found.append(Youth(
                i, region, said.school_type, said.leaves_on, said.since, said.confirmed_on,
                marks.went.get(i) or said.destination, said.expects_work, i in marks.proposed, i in marks.released,
                i in marks.introduced, started, ended, said.missing,
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


Key = tuple[str, int, int]
_READ: WeakKeyDictionary[Engine, dict[Key, _Facts]] = WeakKeyDictionary()
"""What was read of the profiles that held at the last count, per database. A count reads only those that are new:
reading ten thousand costs a fifth of a second, looking them up a hundredth. A student's row has another number after
every change; a profile's own number is given out again after an undo."""


def _facts(
    session: Session, heads: list[_Head], missing_of: Callable[[dict[str, Any]], int]
) -> list[tuple[_Head, _Facts | None]]:
    """What figures read of the profile of each."""
    engine = session.get_bind().engine
    wanted = [(i, number, row) for i, number, row, _ in heads]
    known = _READ.get(engine, {})
    new = {key for key in wanted if key not in known}
    if new or len(known) != len(wanted):
        known = {key: known[key] for key in wanted if key in known}
        rows = {(i, number): row for i, number, row in new}
        ids = sorted(i for i, _ in rows)
        for part in range(0, len(ids), 500):
            query = (
                select(StoredStudent.id, Profile.number, StoredStudent.created_at, Profile.record)
                .join(Profile, Profile.student_id == StoredStudent.id)
                .where(StoredStudent.id.in_(ids[part : part + 500]))
            )
            known |= {(i, number, rows[i, number]): _read(record, since, missing_of(record))
                      for i, number, since, record in session.execute(query) if (i, number) in rows}  # fmt: skip
        _READ[engine] = known
    return [(head, known.get(key)) for head, key in zip(heads, wanted, strict=True)]


def _read(record: dict[str, Any], since: datetime, missing: int) -> _Facts:
    background = record["background"]
    expects = background["leaving_profile"] != "day_activities" and record["work_capacity"] != "no"
    return _Facts(background["school_type"], _day(record["leaves_on"]), since.date(), _day(record["confirmed_on"]),
                  record["destination"] or None, expects, missing)  # fmt: skip


def _placements(session: Session) -> dict[str, tuple[date, date | None]]:
    """The placement that runs, or else the latest one, per student; what ended before its start never was one."""
    query = select(Placement.student_id, Placement.started_on, Placement.ended_on)
    query = query.where(or_(Placement.ended_on.is_(None), Placement.ended_on >= Placement.started_on))
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


def forget() -> None:
    """Let every count go."""
    _COUNTS.clear()
    _READ.clear()


def marks_of_plans(session: Session) -> tuple[Any, ...]:
    """All that `unplaced` and `unfilled` depend on: which plan holds where, and who and what belongs where."""
    return plans_that_hold(session), session.scalar(_HEADS), session.scalar(_PLACES)


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


__all__ = ["Youth", "forget", "marks_of_plans", "open_places", "unfilled", "unplaced", "youths"]
