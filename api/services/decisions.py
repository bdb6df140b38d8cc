"""A connector's word on a proposal: accept, reject with a reason, pin, defer, and taking it back.

What a word may not do, the database refuses in any case (`api.store.tables.decisions`); here it is said in words, and
nobody decides about one pair at the same moment. Decisions are never changed: each ends the one before it.
"""
from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from api.services.cards import never_placed
from api.services.consents import end_questions, end_unless_option
from api.services.records import student_of
from api.services.states import NotNow
from api.services.uploads import Conflict
from api.store import audit, decisions, introductions, releases
from api.store.audit import Actor
from api.store.decisions import Decided, Proposal
from api.store.people import Session

HOLDING = ("accept", "pin")
NOBODY = "none"


def state_of(live: Decided | None) -> str:
    """The state of a proposal that somebody must have seen before deciding: the decision that stands on it."""
    return live.id if live else NOBODY


def placed_nowhere(session: Session, student_id: str) -> str:
    """Why a student is placed nowhere by the record that holds now, by its code; empty: may be placed."""
    return never_placed(student_of(releases.profile_now(session, student_id)))


def hold_all(session: Session, proposals: Sequence[Proposal]) -> None:
    """Let nobody else decide on these pairs, or discard their runs, until this transaction ends; before `decide`."""
    decisions.lock_pairs(session, [(one.student_id, one.opening_id) for one in proposals])
    for one in {one.run_id: one for one in sorted(proposals, key=lambda one: one.run_id)}.values():
        decisions.is_discarded(session, one, lock=True)


def decide(
    session: Session, actor: Actor, proposal: Proposal, word: str, *, reason: str | None, note: str | None,
    now: datetime,
) -> Decided:  # fmt: skip
    """Write a person's word on a pair that `api.store.decisions.lock_pair` has locked.

    Raises
    ------
    NotNow
        If the run was discarded; what was said on it before may still be changed. If a place is given to who is placed
        nowhere now; one that is held already may still be pinned.
    Conflict
        If the student has another place, every place is taken, or an employer sees the student on the word before.
    """
    student, opening = decisions.lock_pair(session, proposal.student_id, proposal.opening_id)
    before = decisions.live_of(session, student.id, opening.id)
    if decisions.is_discarded(session, proposal, lock=True) and not _said_on(proposal, before):
        raise NotNow("run_discarded")
    if word in HOLDING and not (before and before.holds) and placed_nowhere(session, student.id):
        raise NotNow("not_placeable")
    if before is not None:
        _end(session, actor, before, now)
    seat = None
    if word in HOLDING:
        elsewhere = decisions.place_of(session, student.id)
        if elsewhere is not None:
            raise Conflict("This student has a place at another opening. Take that decision back first.", elsewhere)
        seat = decisions.free_seat(session, opening)
        if seat is None:
            raise Conflict("Every place of this opening is taken.", decisions.last_holder(session, opening))
    # A rejection is about the card, and that shows what went into the run: held against what changed since, a cause
    # that was gone before it was said would keep the pair out for good. Where there is a place, what holds now counts.
    profile, version = decisions.versions_in_run(session, proposal) if word == "reject" else (None, None)
    made = decisions.add(
        session, proposal_id=proposal.id, student_id=student.id, opening_id=opening.id, word=word, reason=reason,
        note=note, seat=seat, holds=word in HOLDING, profile_number=profile or student.number,
        opening_number=version or opening.number, account_id=actor.id, decided_at=now,
    )  # fmt: skip
    audit.append(
        session, actor, f"decision.{word}", ("decision", made.id), now=now, student=student.id, opening=opening.id,
        proposal=proposal.id, reason=reason, before=before.id if before else None,
    )  # fmt: skip
    if before is not None:
        end_unless_option(session, actor, before, now=now)
    return made


def _said_on(proposal: Proposal, before: Decided | None) -> bool:
    return before is not None and before.proposal_id == proposal.id


def undo(session: Session, actor: Actor, decision: Decided, *, now: datetime) -> None:
    """Take a word back; the pair is open again, and a consent to be shown there ends.

    Raises
    ------
    Conflict
        If it does not stand any more, or an employer sees the student on it.
    """
    decisions.lock_pair(session, decision.student_id, decision.opening_id)
    live = decisions.live_of(session, decision.student_id, decision.opening_id)
    if live is None or live.id != decision.id:
        raise Conflict("This decision does not stand any more.", decision)
    _end(session, actor, live, now)
    end_unless_option(session, actor, live, now=now)


def _end(session: Session, actor: Actor, decision: Decided, now: datetime) -> None:
    if decisions.is_released(session, decision):
        raise Conflict("The employer sees this student already. End that first.", decision)
    if introductions.runs_on(session, decision.id):
        raise Conflict("There is a placement. End that first.", decision)
    end_questions(session, actor, decision, now=now)
    decisions.end(session, decision, actor.id, now)
    audit.append(session, actor, "decision.ended", ("decision", decision.id), now=now, student=decision.student_id,
                 opening=decision.opening_id)  # fmt: skip
