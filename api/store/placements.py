"""Placements, their check moments and the steps of the plan after them, in the database."""
from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, exists, or_, select, update
from sqlalchemy.orm import Session, aliased

from api.store.paging import START, Place, in_order, newest
from api.store.reach import Reach, over_pairs
from api.store.tables import CheckMoment, Decided, Destination, Placement, Release, Step, StoredOpening, StoredStudent

_END = aliased(Decided)
Part = TypeVar("Part", CheckMoment, Step)
_FRESH = {"populate_existing": True}
_STAYED = or_(Placement.ended_on.is_(None), Placement.ended_on >= Placement.started_on)
"""Not who backed out before the day of the start."""
_GOES_ON = ("completed", "next_step")
_FOLLOWED = or_(
    Placement.ended_on.is_(None), Placement.end_reason.in_(_GOES_ON),
    CheckMoment.due_on <= Placement.ended_on,
)  # fmt: skip
"""Check moments after a placement that broke off are not asked for: the next placement has its own."""


def add(session: Session, **values: Any) -> Placement:
    """Write a placement; the database refuses one without an acceptance that holds a place."""
    made = Placement(decision_holds=True, **values)
    session.add(made)
    session.flush()
    return made


def placement(session: Session, reach: Reach, placement_id: str) -> Placement | None:
    """One placement, if it is within reach."""
    return session.scalar(over_pairs(select(Placement), Placement).where(Placement.id == placement_id,
                                                                         reach.of_pairs()))  # fmt: skip


def placements(session: Session, reach: Reach, *, state: str = "", student_id: str = "", opening_id: str = "",
               after: Place = START, limit: int = 100) -> list[Placement]:  # fmt: skip
    """Placements within reach, newest first."""
    query = over_pairs(select(Placement), Placement).where(reach.of_pairs())
    for column, value in ((Placement.state, state), (Placement.student_id, student_id),
                          (Placement.opening_id, opening_id)):  # fmt: skip
        if value:
            query = query.where(column == value)
    return newest(session, query, Placement, Placement.created_at, after=after, limit=limit)


def begun(session: Session, on: date, reported_by: datetime | None) -> frozenset[str]:
    """The openings where somebody works by a day, or did, of what was reported by a moment (None: by now).

    Not where somebody backed out before the day of the start. Nothing of this changes afterwards, so that it can be
    asked again of a run of before: an end is of the moment its acceptance ended. Of who was erased, the opening has it.
    """
    query = select(Placement.opening_id).where(Placement.started_on <= on)
    kept = select(StoredOpening.id).where(StoredOpening.begun_on <= on)
    stayed = _STAYED
    if reported_by is not None:
        query = query.join(_END, _END.id == Placement.decision_id).where(Placement.created_at <= reported_by)
        kept = kept.where(StoredOpening.begun_told_at <= reported_by)
        stayed |= _END.ended_at > reported_by
    return frozenset((*session.scalars(query.where(stayed)), *session.scalars(kept)))


def begun_by(session: Session, student_id: str, on: date) -> list[tuple[str, date, datetime]]:
    """Where a student had begun by a day: the opening, on which day, and when that was told."""
    query = select(Placement.opening_id, Placement.started_on, Placement.created_at)
    query = query.where(Placement.student_id == student_id, Placement.started_on <= on, _STAYED)
    return [(i, day, told) for i, day, told in session.execute(query.order_by(Placement.opening_id))]


def keep_begun(session: Session, begun: Iterable[tuple[str, date, datetime]]) -> None:
    """Keep of openings that somebody began there who is erased; what was told first is what is kept."""
    for opening_id, day, told in begun:
        first = StoredOpening.begun_told_at.is_(None) | (StoredOpening.begun_told_at > told)
        session.execute(update(StoredOpening).where(StoredOpening.id == opening_id, first).values(
            begun_on=day, begun_told_at=told, version=StoredOpening.version + 1))  # fmt: skip


def resting(session: Session, whose: ColumnElement[bool]) -> frozenset[str]:
    """The students, of those ``whose``, of whom it was said with the end of the last placement that they look no more.

    Until somebody reports where they went, or that they are nowhere, after that; or accepts them for a place. An end
    is of the moment its acceptance ended: the day of it may lie before a report that was made earlier.
    """
    query = (
        select(Placement.student_id)
        .join(_END, _END.id == Placement.decision_id)
        .join(StoredStudent, StoredStudent.id == Placement.student_id)
        .where(whose, *_rest())
    )
    return frozenset(session.scalars(query))


def works(session: Session, student_id: str, opening_id: str) -> bool:
    """Whether a student works at an opening."""
    query = select(Placement.id).where(Placement.student_id == student_id, Placement.opening_id == opening_id,
                                       Placement.ended_on.is_(None))  # fmt: skip
    return session.scalar(query) is not None


def rests_now(session: Session, student_id: str) -> bool:
    """Whether that is so of one student."""
    return bool(resting(session, StoredStudent.id == student_id))


def rests(student_id: Any) -> ColumnElement[bool]:
    """Whether that is so (`resting`) of the student of a column."""
    found = select(Placement.id).join(_END, _END.id == Placement.decision_id)
    return found.where(Placement.student_id == student_id, *_rest()).correlate_except(Placement, _END).exists()


def _rest() -> tuple[ColumnElement[bool], ...]:
    """What makes a placement, of an acceptance that ended (`_END`), the last word on whether somebody looks."""
    later, said, held = aliased(Placement), aliased(Decided), aliased(Decided)
    since = exists().where(later.student_id == Placement.student_id, later.decision_id == said.id,
                           said.ended_at > _END.ended_at, later.ended_on.is_not(None))  # fmt: skip
    told = exists().where(Destination.student_id == Placement.student_id, Destination.reported_at >= _END.ended_at)
    placed = exists().where(held.student_id == Placement.student_id, held.holds)
    return Placement.ended_on.is_not(None), ~Placement.back_to_pool, ~since, ~told, ~placed


def lock(session: Session, placement_id: str) -> Placement:
    """The placement as it is now, for this transaction alone."""
    return session.get_one(Placement, placement_id, with_for_update=True, execution_options=_FRESH)


def decision_of(session: Session, found: Placement) -> Decided:
    """The acceptance that a placement stands on."""
    return session.get_one(Decided, found.decision_id, execution_options=_FRESH)


def live_release(session: Session, decision_id: str) -> Release | None:
    """The release that stands on an acceptance."""
    return session.scalar(select(Release).where(Release.decision_id == decision_id, Release.ended_at.is_(None)))


def add_parts(session: Session, parts: Iterable[CheckMoment | Step]) -> None:
    """Write check moments or steps."""
    session.add_all(list(parts))
    session.flush()


def moment(session: Session, reach: Reach, moment_id: str) -> CheckMoment | None:
    """One check moment, if its placement is within reach."""
    return session.scalar(_parts(CheckMoment, reach).where(CheckMoment.id == moment_id))


def lock_part(session: Session, of: type[Part], part_id: str) -> Part:
    """The check moment or step as it is now, for this transaction alone."""
    return session.get_one(of, part_id, with_for_update=True, execution_options=_FRESH)


def asked_for(of: Placement, one: CheckMoment) -> bool:
    """Whether a check moment that was not held is (still) asked for: what `moments` calls due, once its day comes.

    A page offers the form by this too, so that nothing stays due that nobody can report.
    """
    return of.ended_on is None or of.end_reason in _GOES_ON or one.due_on <= of.ended_on


def moments(
    session: Session, reach: Reach, *, placement_id: str = "", due_until: date | None = None, after: Place = START,
    limit: int = 100,
) -> list[CheckMoment]:  # fmt: skip
    """Check moments within reach, by day; with ``due_until`` those not held that should be by then."""
    query = _parts(CheckMoment, reach)
    if placement_id:
        query = query.where(CheckMoment.placement_id == placement_id)
    if due_until is not None:
        query = query.where(CheckMoment.held_on.is_(None), CheckMoment.due_on <= due_until, _FOLLOWED)
    return in_order(session, query, CheckMoment, CheckMoment.due_on, after=after, limit=limit)


def steps(session: Session, reach: Reach, at_work: Reach, account_id: str, *, placement_id: str = "",
          after: Place = START, limit: int = 100) -> list[Step]:  # fmt: skip
    """Steps within reach, and of those ``at_work`` the employer's own: for it to do, or written by ``account_id``.

    When the work ends, its employer has no more to do for the student, and reads nothing of it.
    """
    query = _steps(reach, at_work, account_id)
    if placement_id:
        query = query.where(Step.placement_id == placement_id)
    return newest(session, query, Step, Step.created_at, after=after, limit=limit)


def step(session: Session, reach: Reach, at_work: Reach, account_id: str, step_id: str) -> Step | None:
    """One step, as `steps` shows them."""
    return session.scalar(_steps(reach, at_work, account_id).where(Step.id == step_id))


def of_parts(session: Session, placement_ids: Iterable[str]) -> dict[str, Placement]:
    """Placements by id."""
    query = select(Placement).where(Placement.id.in_(set(placement_ids)))
    return {found.id: found for found in session.scalars(query)}


def _parts(of: Any, reach: Reach) -> Select[Any]:
    return _of_placements(of).where(reach.of_pairs())


def _steps(reach: Reach, at_work: Reach, account_id: str) -> Select[Any]:
    own = at_work.of_pairs() & Placement.ended_on.is_(None) & (
        (Step.who == "employer") | (Step.account_id == account_id))
    return _of_placements(Step).where(or_(reach.of_pairs(), own))


def _of_placements(of: Any) -> Select[Any]:
    return over_pairs(select(of).join(Placement, Placement.id == of.placement_id), Placement)


__all__ = [
    "CheckMoment", "Placement", "Step", "add", "add_parts", "asked_for", "begun", "begun_by", "decision_of",
    "keep_begun", "live_release", "lock", "lock_part", "moment", "moments", "of_parts", "placement", "placements",
    "resting", "rests", "rests_now", "step", "steps", "works",
]  # fmt: skip
