"""Candidates as their employer sees them: released ones of own vacancies, by code; meeting, or not with a reason.

One that ended in whatever way answers "no longer available" and nothing else. Who is not released is in no list and
in no count.
"""
from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from api.services.card_words import Item, words
from api.services.days import local_day
from api.services.releases import end_release
from api.services.states import NotNow, move
from api.store import audit, decisions, introductions, releases, runs
from api.store.audit import Actor
from api.store.paging import START, Place
from api.store.people import Session
from api.store.reach import Reach
from api.store.releases import Release
from api.tables import csv_bytes
from api.texts.catalogue import say
from api.texts.dates import long_date
from api.texts.flow import EMPLOYER_REASONS, HEADERS, STATES, TURNED_DOWN

REASONS = tuple(EMPLOYER_REASONS)
GONE = "no_longer_available"
NEW = "new"


@dataclass(frozen=True, slots=True)
class Candidate:
    """What an employer has of one candidate; without a card once it ended."""

    id: str
    code: str
    state: str
    opening: Mapping[str, Any]
    released_at: datetime
    card: Mapping[str, Any] | None
    reason: str | None = None


def state_of(found: Release) -> str:
    """new, meet, does_not_fit or no_longer_available."""
    if found.employer_word == "does_not_fit":
        return "does_not_fit"
    if found.ended_at is not None:
        return GONE
    return found.employer_word or NEW


def version_of(found: Release) -> str:
    """What an employer must have seen before acting on a candidate."""
    return state_of(found)


def shown(session: Session, found: Sequence[Release]) -> list[Candidate]:
    """Make what an employer sees of releases; the card is shown as long as the release stands."""
    _, openings = runs.names_of(session, [], [one.opening_id for one in found])
    return [
        Candidate(one.id, one.pseudonym, state_of(one), openings[one.opening_id], one.released_at,
                  one.card if one.ended_at is None else None, one.employer_reason)
        for one in found
    ]  # fmt: skip


def say_word(
    session: Session, actor: Actor, found: Release, word: str, *, reason: str | None, seen: Callable[[str], None],
    now: datetime,
) -> Release:  # fmt: skip
    """Write an employer's word: meet asks for an introduction, does_not_fit ends the release with a reason.

    Once more meet asks for another introduction after one that was called off; the word and its day stay as they are.
    ``seen`` is called with the state as it is under the lock; it refuses who saw another.

    Raises
    ------
    NotNow
        If the candidate is no longer available, the word does not follow on the one before, they meet already, or it
        does not fit of whom a placement runs: that is ended instead.
    """
    decisions.lock_pair(session, found.student_id, found.opening_id)
    found = releases.lock(session, found.id)
    if state_of(found) == GONE:
        raise NotNow(GONE)
    seen(version_of(found))
    before = state_of(found)
    after = move("candidate", before, word)
    if word == "meet" and introductions.live_on(session, found.id) is not None:
        raise NotNow("wrong_state", kind="candidate", state=before, verb=word)
    if word == "does_not_fit" and introductions.runs_on(session, found.decision_id):
        raise NotNow("at_work")
    if after != before:
        found.employer_word, found.employer_reason, found.employer_at = word, reason, now
        session.flush()
    audit.append(session, actor, f"candidate.{word}", ("release", found.id), now=now, student=found.student_id,
                 opening=found.opening_id, reason=reason)  # fmt: skip
    if word == "does_not_fit":
        end_release(session, actor, found, "employer_declined", now=now)
    else:
        made = introductions.add(session, release_id=found.id, student_id=found.student_id, state="asked",
                                 opening_id=found.opening_id, asked_by=actor.id, asked_at=now)  # fmt: skip
        audit.append(session, actor, "introduction.asked", ("introduction", made.id), now=now,
                     student=found.student_id, release=found.id)  # fmt: skip
    return found


def told_no(found: Release, lang: str) -> str:
    """What a connector reads of a candidate whom the employer turned down: when, and why if the employer said so."""
    on = long_date(local_day(found.ended_at), lang) if found.ended_at else ""
    why = say(EMPLOYER_REASONS, found.employer_reason, lang) if found.employer_reason else ""
    return say(TURNED_DOWN, "why" if why else "no", lang, date=on, reason=why)


def of_employers(
    session: Session, employers: Iterable[str], *, opening_id: str = "", vacancy_id: str = "", after: Place = START,
    limit: int | None = 50, ids: Iterable[str] | None = None,
) -> list[Release]:  # fmt: skip
    """The releases that stand of employers' own vacancies, newest first; without ``limit`` all of them."""
    return releases.releases(session, Reach(employers=frozenset(employers)), live=True, opening_id=opening_id,
                             vacancy_id=vacancy_id, ids=ids, after=after, limit=limit)  # fmt: skip


def as_csv(found: Sequence[Candidate], lang: str) -> bytes:
    """Return candidates with a card as a table, one row each; cells are safe in a spreadsheet."""
    rows: list[list[str | None]] = []
    for one in found:
        if one.card is not None:
            told = words(one.card, lang)
            hours = "-".join(f"{h:g}" for h in (told["hours_min"], told["hours_max"]) if h is not None)
            rows.append([
                one.code, one.opening["vacancy_ref"], one.opening["title"], one.opening["starts_on"].isoformat(),
                say(STATES, one.state, lang), _joined(told["strengths"]), _joined(told["support"]),
                _label(told["available"]), _label(told["travel"]), hours,
                _joined(told["certificates"]), _label(told["level"]), _label(told["age"]),
            ])  # fmt: skip
    return csv_bytes([say(HEADERS, name, lang) for name in HEADERS], rows)


def _joined(items: Sequence[Item] | None) -> str | None:
    return None if items is None else "; ".join(item["label"] for item in items)


def _label(item: Item | None) -> str | None:
    return None if item is None else item["label"]


__all__ = [
    "GONE", "NEW", "REASONS", "Candidate", "as_csv", "of_employers", "say_word", "shown", "state_of", "told_no",
    "version_of",
]  # fmt: skip
