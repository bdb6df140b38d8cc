"""Looking at a student is written down, once per person and day: the student reads who looked, and when.

Every card that an employer is shown goes through `look` first, in a transaction of its own that is kept before the
card is made. So this is the one place where the number of looks of a day can be held to a limit.
"""
from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from api.services.days import local_day
from api.store import oversight, presence, releases
from api.store.audit import Actor
from api.store.people import Session
from api.store.runs import Proposal


def not_yet(session: Session, actor: Actor, student_ids: Iterable[str], now: datetime) -> set[str]:
    """Of these students, those whom this person has not looked at today."""
    return releases.not_seen(session, actor.id or "", student_ids, local_day(now))


def look(session: Session, actor: Actor, student_ids: Iterable[str], now: datetime) -> int:
    """Write down that a person looks at students; return how many of them are looked at first today."""
    return len(releases.add_seen(session, actor.id or "", student_ids, local_day(now), now))


MINUTES = timedelta(minutes=5)
"""So long after it was opened somebody is taken to be at a card still."""
_AGAIN = timedelta(minutes=1)


def must_say_open(session: Session, actor: Actor, proposal: Proposal, now: datetime) -> bool:
    """Whether it is to be written that this person has a card open: it is news, or a minute old."""
    who = actor.id or ""
    at = presence.is_at(session, who, proposal.student_id, proposal.opening_id, now - _AGAIN)
    return not (at and oversight.has_opened(session, who, proposal.id))


def say_open(session: Session, actor: Actor, proposal: Proposal, now: datetime) -> None:
    """Write that a person has a card open now: for colleagues, a day; and when that was first, for figures."""
    presence.set_at(session, actor.id or "", proposal.student_id, proposal.opening_id, now)
    oversight.add_opened(session, actor.id or "", proposal.id, now)


def not_opened(session: Session, actor: Actor, proposals: Iterable[Proposal]) -> list[Proposal]:
    """Of these proposals, those of which it is not written that this person has had the card open."""
    return [one for one in proposals if not oversight.has_opened(session, actor.id or "", one.id)]


def say_compared(session: Session, actor: Actor, proposals: Iterable[Proposal], now: datetime) -> None:
    """Write that a person has all that is on these cards side by side now, for figures; they are at none of them."""
    for one in proposals:
        oversight.add_opened(session, actor.id or "", one.id, now)


def also_open(session: Session, actor: Actor, student_id: str, opening_id: str, now: datetime) -> list[str]:
    """Who else has this card open now, by name."""
    return presence.others_at(session, actor.id or "", student_id, opening_id, now - MINUTES)


__all__ = ["also_open", "look", "must_say_open", "not_opened", "not_yet", "say_compared", "say_open"]
