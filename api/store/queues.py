"""What waits for a connector, in the database: proposals by their state, for the regions of a student.

A pair is *to review* when the plan that holds in the student's region has it (or a connector proposed it all the same),
the student still looks for a place, and no word stands on it but a rejection that had lapsed when that plan was
computed; *later* when it was deferred; *ready* when it was accepted or pinned and no employer sees it; *released* when
one does, or the student works there, also after the consent was withdrawn; *rejected*. Whoever holds a place is to be
reviewed nowhere else.
"""
from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, literal, null, or_, select, text, union_all
from sqlalchemy.orm import Session, aliased

from api.store.base import IDS, among
from api.store.paging import Place, beyond
from api.store.placements import rests
from api.store.tables import (
    ConsentRequest,
    Decided,
    Introduction,
    Outcome,
    Placement,
    Plan,
    Profile,
    Proposal,
    Release,
    RunDecision,
    StoredOpening,
    StoredStudent,
)
from features.eligibility_students import NO_DESTINATION

Counts = Select[Any, Any, Any]
STATES = ("to_review", "later", "ready", "released", "rejected")
_FEW = 10
_NOT_CANCELLED = text("introductions.state <> 'cancelled'")  # as its index says it: SQLite uses that for nothing else
_WORDS = {"later": ("defer",), "ready": ("accept", "pin"), "released": ("accept", "pin"), "rejected": ("reject",)}


# Stated once, for stating a question costs more than asking it: acceptances that an employer sees or that somebody
# works on, and the plan that holds for students.
_SEEN = union_all(
    select(Release.decision_id).where(Release.decision_id.in_(IDS), Release.ended_at.is_(None)),
    select(Placement.decision_id).where(Placement.decision_id.in_(IDS), Placement.ended_on.is_(None)),
)
_HOLDING = (
    select(StoredStudent.id, Plan.run_id)
    .join(Plan, Plan.region_code == StoredStudent.region_code)
    .where(StoredStudent.id.in_(IDS))
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which part of a queue: empty means any."""

    state: str
    regions: tuple[str, ...]
    student_id: str = ""
    opening_id: str = ""
    vacancy_id: str = ""
    by: str = "student"  # or vacancy


@dataclass(frozen=True, slots=True)
class Waiting:
    """One line: a proposal, the student's region, since when it waits, and where it stands."""

    proposal_id: str
    region: str
    since: datetime
    place: Place


def waiting(session: Session, wanted: Wanted, after: Place, limit: int) -> list[Waiting]:
    """Return a part of a queue, who waits longest first; where a line stands does not change when it is judged."""
    found, order = _in_order(wanted)
    if after:
        found = found.where(beyond(order, after))
    return [Waiting(i, region, since, tuple(place)) for i, region, since, *place in session.execute(found.limit(limit))]


@lru_cache(maxsize=128)
def _in_order(wanted: Wanted) -> tuple[Select[Any], list[Any]]:
    """The question for a part of a queue, and its order; kept, for stating it costs more than asking it."""
    lines = _queue(wanted).subquery()
    order = [lines.c.starts_on, lines.c.opening_id] if wanted.by == "vacancy" else []
    order += [lines.c.since, lines.c.student_id, lines.c.proposal_id]
    told = [lines.c.proposal_id, lines.c.region_code, lines.c.since]
    return select(*told, *(column.label(f"at_{column.name}") for column in order)).order_by(*order), order


def numbers(
    session: Session, regions: Iterable[str], fresh_since: Mapping[str, date]
) -> list[tuple[str, str, int, datetime]]:
    """Return how many wait as (state, region, number, since when the oldest), where any do.

    ``fresh_since`` is as `nobody_found` takes it, of the same regions.
    """
    found: list[tuple[str, str, int, datetime]] = []
    unplaced = _unplaced(tuple(sorted(fresh_since.items())))
    for state, query in (*_counts(tuple(sorted(regions))), ("nobody_found", unplaced)):
        found += [(state, region, number, oldest) for region, number, oldest in session.execute(query)]
    return found


@lru_cache(maxsize=32)
def _counts(regions: tuple[str, ...]) -> list[tuple[str, Counts]]:
    """The question for the number in each state."""
    found: list[tuple[str, Counts]] = []
    for state in STATES:
        lines = _queue(Wanted(state, regions)).subquery()
        query = select(lines.c.region_code, func.count(), func.min(lines.c.since)).group_by(lines.c.region_code)
        found.append((state, query))
    return [*found, ("consent_asked", _asked(regions)), ("employer_answered", _answered(regions))]


def _queue(wanted: Wanted) -> Select[Any]:
    if wanted.state != "to_review":
        return _decided(wanted)
    return select(union_all(_from_plans(wanted, chosen=True), _from_plans(wanted, chosen=False)).subquery())


def _columns(since: Any) -> tuple[Any, ...]:
    return (
        Proposal.id.label("proposal_id"), StoredStudent.region_code.label("region_code"), since.label("since"),
        StoredStudent.id.label("student_id"), StoredOpening.id.label("opening_id"),
        StoredOpening.starts_on.label("starts_on"),
    )  # fmt: skip


def _from_plans(wanted: Wanted, *, chosen: bool) -> Select[Any]:
    """Pairs of the plans that hold, or (not ``chosen``) those added by hand, on which no word stands."""
    held = aliased(Decided, name="held")
    open_pair = ~select(Decided.id).where(
        Decided.student_id == Proposal.student_id, Decided.opening_id == Proposal.opening_id,
        Decided.ended_at.is_(None), ~lapsed_by(Proposal.run_id)
    ).exists()  # fmt: skip
    nowhere = ~select(held.id).where(held.student_id == StoredStudent.id, held.holds).exists()
    kind = Proposal.chosen if chosen else and_(Proposal.added_by.is_not(None), ~Proposal.chosen)
    query = (
        select(*_columns(StoredStudent.created_at))
        .select_from(StoredStudent)
        .join(Plan, Plan.region_code == StoredStudent.region_code)
        .join(Proposal, and_(Proposal.run_id == Plan.run_id, Proposal.student_id == StoredStudent.id, kind))
        .join(StoredOpening, StoredOpening.id == Proposal.opening_id)
        .where(StoredStudent.region_code.in_(wanted.regions), open_pair, nowhere, ~_hidden())
    )
    if len(wanted.regions) < _FEW:  # else the whole plan of the nation is looked through for one region
        mine = select(StoredStudent.id).where(StoredStudent.region_code.in_(wanted.regions))
        query = query.where(Proposal.student_id.in_(mine))
    return _narrowed(query, wanted)


def _never() -> ColumnElement[bool]:
    """Whether a student is placed nowhere, by what never fits (`NEVER_FIXED`)."""
    record = Profile.record
    return select(Profile.student_id).where(
        Profile.student_id == StoredStudent.id, Profile.number == StoredStudent.number,
        or_(record["destination"].as_string().not_in(NO_DESTINATION), record["work_capacity"].as_string() != "yes",
            record["background"]["leaving_profile"].as_string() == "day_activities")).exists()  # fmt: skip


def _elsewhere() -> ColumnElement[bool]:
    """Whether a student is placed nowhere now: by what never fits, or said with the last place."""
    return or_(_never(), rests(StoredStudent.id))


def _hidden() -> ColumnElement[bool]:
    """Whether an open pair waits for nobody, for its student is placed nowhere now.

    Whom somebody proposes all the same who looks no more is waited for, but not at the very place that ended.
    """
    had = aliased(Placement, name="had")
    there = select(had.id).where(had.student_id == Proposal.student_id, had.opening_id == Proposal.opening_id).exists()
    return or_(_never(), rests(StoredStudent.id) & or_(Proposal.added_by.is_(None), there))


def lapsed_by(run_id: Any) -> ColumnElement[bool]:
    """Whether a rejection had lapsed when the run of a column ``run_id`` was computed: what it stood on had changed."""
    told = select(RunDecision.run_id).where(
        RunDecision.run_id == run_id, RunDecision.decision_id == Decided.id, ~RunDecision.kept)  # fmt: skip
    return told.correlate_except(RunDecision).exists()  # said, for the records it is about may stand two levels up


def _brought_back() -> ColumnElement[bool]:
    """Whether the plan that holds proposes a rejected pair again, for its rejection has lapsed."""
    again = aliased(Proposal, name="again")
    return (
        select(again.id)
        .join(Plan, Plan.run_id == again.run_id)
        .where(Plan.region_code == StoredStudent.region_code, again.student_id == Decided.student_id,
               again.opening_id == Decided.opening_id, or_(again.chosen, again.added_by.is_not(None)),
               lapsed_by(again.run_id))
        .exists()
    )  # fmt: skip


def lapsed(session: Session, decision_ids: Iterable[str]) -> set[tuple[str, str]]:
    """The runs by which these rejections had lapsed, as (run, decision)."""
    query = select(RunDecision.run_id, RunDecision.decision_id).where(RunDecision.decision_id.in_(IDS))
    ids = among(decision_ids)
    return {(run, i) for run, i in session.execute(query.where(~RunDecision.kept), ids)} if ids["ids"] else set()


def _decided(wanted: Wanted) -> Select[Any]:
    """Pairs by the word that stands on them."""
    seen = select(Release.id).where(Release.decision_id == Decided.id, Release.ended_at.is_(None)).exists()
    known = seen | at_work_on(Decided).exists()
    query = (
        select(*_columns(Decided.decided_at))
        .select_from(StoredStudent)
        .join(Decided, (Decided.student_id == StoredStudent.id) & Decided.ended_at.is_(None))
        .join(Proposal, Proposal.id == Decided.proposal_id)
        .join(StoredOpening, StoredOpening.id == Decided.opening_id)
        .where(StoredStudent.region_code.in_(wanted.regions), Decided.word.in_(_WORDS[wanted.state]))
    )
    if wanted.state in ("ready", "released"):
        query = query.where(known if wanted.state == "released" else ~known)
    if wanted.state == "rejected":
        query = query.where(~_brought_back())
    return _narrowed(query, wanted)


def at_work_on(decided: Any) -> Select[Any]:
    """The placement that runs on an acceptance."""
    return select(Placement.id).where(Placement.decision_id == decided.id, Placement.ended_on.is_(None))


def _narrowed(query: Select[Any], wanted: Wanted) -> Select[Any]:
    if wanted.student_id:
        query = query.where(StoredStudent.id == wanted.student_id)
    if wanted.opening_id:
        query = query.where(StoredOpening.id == wanted.opening_id)
    if wanted.vacancy_id:
        query = query.where(StoredOpening.vacancy_id == wanted.vacancy_id)
    return query


def _asked(regions: tuple[str, ...]) -> Counts:
    """Students who have not answered yet whether an employer may see them."""
    since = ConsentRequest.asked_at
    return (
        select(StoredStudent.region_code, func.count(), func.min(since))
        .join(ConsentRequest, ConsentRequest.student_id == StoredStudent.id)
        .where(StoredStudent.region_code.in_(regions), ConsentRequest.answer.is_(None),
               ConsentRequest.ended_at.is_(None))
        .group_by(StoredStudent.region_code)
    )  # fmt: skip


def _answered(regions: tuple[str, ...]) -> Counts:
    """Candidates of whom the employer has said something that a connector is to act on."""
    lines = answered(regions).subquery()
    return select(lines.c.region_code, func.count(), func.min(lines.c.since)).group_by(lines.c.region_code)


@lru_cache(maxsize=32)
def answered(regions: tuple[str, ...]) -> Select[Any]:
    """The question for the releases on which an employer waits for a connector, since when, and which meeting it asked.

    It asked to meet, and nobody has planned that yet (of a meeting that was called off it is the employer who may ask
    again); or it said no, and the acceptance still holds, nobody works on it and it was not shown again.
    """
    told = StoredStudent.region_code.label("region_code")
    asks = and_(Introduction.release_id == Release.id, Introduction.state == "asked", _NOT_CANCELLED)
    wants = (
        select(Release.id.label("release_id"), Decided.proposal_id.label("proposal_id"), told,
               Introduction.asked_at.label("since"), Introduction.id.label("introduction_id"),
               literal(0).label("turned_down"))
        .join(Introduction, asks)
        .join(Decided, Decided.id == Release.decision_id)
        .join(StoredStudent, StoredStudent.id == Release.student_id)
        .where(StoredStudent.region_code.in_(regions), Release.ended_at.is_(None), ~at_work_on(Decided).exists())
    )  # fmt: skip
    later = aliased(Release)
    again = exists().where(later.decision_id == Release.decision_id, later.released_at > Release.released_at)
    declined = (
        select(Release.id, Decided.proposal_id, told, Release.ended_at, null(), literal(1))
        .join(Decided, and_(Decided.id == Release.decision_id, Decided.holds))
        .join(StoredStudent, StoredStudent.id == Decided.student_id)
        .where(StoredStudent.region_code.in_(regions), Release.end_reason == "employer_declined", ~again,
               ~at_work_on(Decided).exists())
    )
    return select(union_all(wants, declined).subquery())


def nobody_found(fresh_since: Mapping[str, date]) -> tuple[ColumnElement[bool], ...]:
    """What an `Outcome` of the plan that holds, with its student, tells of whom nobody was found for.

    Of the regions of ``fresh_since``: per region the first day on which a confirmation is not too old today. Who looks
    no more, or of whom the data are too old, is told elsewhere, with why, and needs no advice.
    """
    held = select(Decided.id).where(Decided.student_id == StoredStudent.id, Decided.holds).exists()
    regions: dict[date, list[str]] = {}
    for region, day in fresh_since.items():
        regions.setdefault(day, []).append(region)
    confirmed = Profile.record["confirmed_on"].as_string()
    old = or_(false(), *(StoredStudent.region_code.in_(some) & (confirmed < day.isoformat())
                         for day, some in regions.items()))  # fmt: skip
    too_old = select(Profile.student_id).where(
        Profile.student_id == StoredStudent.id, Profile.number == StoredStudent.number, old).exists()  # fmt: skip
    mine = StoredStudent.region_code.in_(tuple(fresh_since))
    return mine, Outcome.status == "unplaced", ~held, ~_elsewhere(), ~too_old


@lru_cache(maxsize=32)
def _unplaced(fresh_since: tuple[tuple[str, date], ...]) -> Counts:
    """Students for whom the plan that holds has nobody."""
    return (
        select(StoredStudent.region_code, func.count(), func.min(StoredStudent.created_at))
        .join(Plan, Plan.region_code == StoredStudent.region_code)
        .join(Outcome, (Outcome.run_id == Plan.run_id) & (Outcome.student_id == StoredStudent.id))
        .where(*nobody_found(dict(fresh_since)))
        .group_by(StoredStudent.region_code)
    )


@lru_cache(maxsize=1)
def _out_of_sight() -> Select[Any]:
    """The question for those of proposals that wait for nobody."""
    query = select(Proposal.id).join(StoredStudent, StoredStudent.id == Proposal.student_id)
    return query.where(Proposal.id.in_(IDS), _hidden())


def states_of(
    session: Session, pairs: Sequence[Proposal], decided: Mapping[tuple[str, str], Decided]
) -> dict[str, str]:
    """The state of proposals, by id; a pair that no plan proposes and nobody decided on is missing.

    So is one that nobody decided on of who looks for no place any more (`_hidden`).

    ``decided`` are the decisions that stand on them (`api.store.decisions.live_among`).
    """
    holds = [d.id for d in decided.values() if d.holds]
    released = set(session.scalars(_SEEN, among(holds))) if holds else set()
    students = among(pair.student_id for pair in pairs)
    holding = {(i, run_id) for i, run_id in session.execute(_HOLDING, students)} if pairs else set()
    gone = lapsed(session, (d.id for d in decided.values() if d.word == "reject"))
    hidden = set(session.scalars(_out_of_sight(), among(pair.id for pair in pairs))) if pairs else set()
    found = {}
    for pair in pairs:
        word = decided.get((pair.student_id, pair.opening_id))
        proposed = (pair.student_id, pair.run_id) in holding and (pair.chosen or pair.added_by is not None)
        if word is not None and not (proposed and (pair.run_id, word.id) in gone):
            found[pair.id] = {"defer": "later", "reject": "rejected"}.get(
                word.word, "released" if word.id in released else "ready")  # fmt: skip
        elif proposed and pair.id not in hidden:
            found[pair.id] = "to_review"
    return found


def proposals(session: Session, ids: Sequence[str]) -> list[Proposal]:
    """Proposals in the order of their ids as given."""
    found = {proposal.id: proposal for proposal in session.scalars(select(Proposal).where(Proposal.id.in_(ids)))}
    return [found[i] for i in ids if i in found]


__all__ = [
    "STATES", "Waiting", "Wanted", "answered", "at_work_on", "lapsed", "lapsed_by", "nobody_found", "numbers",
    "proposals", "states_of", "waiting",
]  # fmt: skip
