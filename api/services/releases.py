"""Showing a candidate to an employer: previewed, released by a person, taken back.

A release stands on a person's acceptance, the student's consent, an open vacancy and a place, all looked at again in
the transaction that makes it; the database refuses what is left (`api.store.tables.decisions`). What the employer
will see is made once, at the preview, and what was previewed is what is released.
"""
from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from api.services import cards
from api.services.days import local_day
from api.services.records import student_of
from api.services.states import NotNow, move
from api.store import audit, consents, decisions, introductions, releases, runs
from api.store.audit import Actor
from api.store.consents import Consent, ConsentRequest
from api.store.decisions import Decided
from api.store.people import Session
from api.store.releases import Release
from api.store.tables import Organisation, Vacancy

MOST = 30
"""Candidates released in one go, so that each preview is looked at."""
_LETTERS = "23456789BCDFGHJKLMNPQRSTVWXZ"  # no vowels, so no words; nothing that reads as something else
_LENGTH = 4


@dataclass(frozen=True, slots=True)
class Ready:
    """An acceptance and how far it is towards the employer: ``blocks`` are the codes of what is in the way."""

    decision: Decided
    request: ConsentRequest | None
    consent: Consent | None
    release: Release | None
    blocks: tuple[str, ...]

    @property
    def consent_state(self) -> str:
        """not_asked, open, yes, no, talk or withdrawn."""
        if self.consent is not None:
            return "yes"
        if self.request is None or (self.request.answer is None and self.request.ended_at is not None):
            return "not_asked"
        if self.request.answer is None:
            return "open"
        return "withdrawn" if self.request.answer == "yes" else self.request.answer


@dataclass(frozen=True, slots=True)
class Preview:
    """What an employer will see: the card and its code, and a digest of both to release by."""

    decision: Decided
    pseudonym: str
    card: cards.Card
    digest: str
    blocks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why one of a batch cannot be released."""

    decision_id: str
    why: str


class BatchRefused(NotNow):
    """One or more of a batch cannot be released, so none was; ``refusals`` says which and why."""

    def __init__(self, refusals: Sequence[Refusal]) -> None:
        super().__init__(refusals[0].why)
        self.refusals = tuple(refusals)


def standing(session: Session, found: Sequence[Decided], *, today: date) -> list[Ready]:
    """Say of acceptances how far they are."""
    asked = consents.last_on(session, [d.id for d in found])
    given = consents.live_of(session, [d.student_id for d in found])
    unwilling = consents.unwilling(session, [(d.student_id, d.opening_id) for d in found])
    shown = releases.live_on(session, [d.id for d in found])
    now = releases.now_of(session, found)
    made = []
    for decision in found:
        consent = given.get((decision.student_id, now[decision.id].vacancy.id))
        consent = None if (decision.student_id, decision.opening_id) in unwilling else consent
        release = shown.get(decision.id)
        blocks = _blocks(decision, consent, release, now[decision.id], today)
        made.append(Ready(decision, asked.get(decision.id), consent, release, blocks))
    return made


def preview(session: Session, decision: Decided, *, key: bytes, today: date) -> Preview:
    """Make exactly what the employer will see, whether or not it may be released yet."""
    (ready,) = standing(session, [decision], today=today)
    if ready.release is not None:
        card, pseudonym = ready.release.card, ready.release.pseudonym
    else:
        student, opening = releases.looked_at(session, decision)
        card = cards.make(student, opening, _pool(session, decision.student_id), today)
        pseudonym = _pseudonym(session, key, decision)
    return Preview(decision, pseudonym, card, cards.digest(card, pseudonym), ready.blocks)


def release(
    session: Session, actor: Actor, wanted: Sequence[tuple[Decided, str]], *, key: bytes, now: datetime
) -> list[Release]:
    """Show candidates to their employers, all of them or none; ``wanted`` are acceptances with the digest previewed.

    Raises
    ------
    BatchRefused
        If something is in the way of one of them, or its card is not the one that was previewed.
    """
    releases.hold_vacancies(session, [decision.opening_id for decision, _ in wanted])
    decisions.lock_pairs(session, [(decision.student_id, decision.opening_id) for decision, _ in wanted])
    refusals, made = [], []
    for decision, seen in sorted(wanted, key=lambda one: (one[0].student_id, one[0].opening_id)):
        fresh = decisions.refreshed(session, decision.id)
        shown = preview(session, fresh, key=key, today=local_day(now))
        why = shown.blocks[0] if shown.blocks else "" if shown.digest == seen else "preview_changed"
        if why:
            refusals.append(Refusal(decision.id, why))
        elif not refusals:
            made.append(_release(session, actor, shown, now))
    if refusals:
        raise BatchRefused(refusals)
    return made


def take_back(session: Session, actor: Actor, found: Release, *, now: datetime) -> Release:
    """Stop showing a candidate; what was planned with the employer is cancelled.

    Raises
    ------
    NotNow
        If it ended already, or a placement runs on it.
    """
    decisions.lock_pair(session, found.student_id, found.opening_id)
    found = releases.lock(session, found.id)
    move("release", state_of(found), "take_back")
    if introductions.runs_on(session, found.decision_id):
        raise NotNow("placement_runs")
    end_release(session, actor, found, "taken_back", now=now)
    return found


def end_release(session: Session, actor: Actor, found: Release, reason: str, *, now: datetime) -> None:
    """End a release for a reason of `api.store.tables.decisions.ENDS`, and cancel what was planned on it."""
    releases.end(session, found, reason, actor.id, now)
    for cancelled in introductions.cancel_open(session, found.id):
        audit.append(session, actor, "introduction.cancelled", ("introduction", cancelled), now=now,
                     student=found.student_id, release=found.id)  # fmt: skip
    audit.append(session, actor, "release.ended", ("release", found.id), now=now, student=found.student_id,
                 opening=found.opening_id, reason=reason)  # fmt: skip


def end_of_vacancy(session: Session, actor: Actor, vacancy_id: str, *, now: datetime) -> int:
    """Stop showing every candidate of a vacancy that closes whom the employer does not meet; return how many.

    A vacancy is often closed because of somebody: what has begun with them goes on.
    """
    decisions.lock_pairs(session, [(o.student_id, o.opening_id) for o in releases.live_of_vacancy(session, vacancy_id)])
    found = [one for one in releases.live_of_vacancy(session, vacancy_id)  # as they are now that they are locked
             if introductions.live_on(session, one.id) is None]  # fmt: skip
    for one in found:
        end_release(session, actor, one, "vacancy_closed", now=now)
    return len(found)


def seen_by_employer(session: Session, found: Release) -> list[tuple[str, datetime]]:
    """Who of the employer looked at the candidate since the release, and when first on each day."""
    _, employer = releases.where_of(session, [found.opening_id])[found.opening_id]
    return releases.seen_by(session, found.student_id, employer.id, found.released_at, found.ended_at)


def state_of(found: Release) -> str:
    """Live or ended."""
    return "live" if found.ended_at is None else "ended"


def must_be_open(session: Session, opening_id: str, today: date) -> Vacancy:
    """The vacancy of an opening; refuses one that is not open to candidates."""
    vacancy, employer = releases.where_of(session, [opening_id])[opening_id]
    why = _closed(vacancy, employer, releases.record_now(session, opening_id), today)
    if why:
        raise NotNow(why)
    return vacancy


def _closed(vacancy: Vacancy, employer: Organisation, record: Mapping[str, Any], today: date) -> str:
    closes = record.get("closes_on")
    if vacancy.state != "open":
        return "vacancy_not_open"
    if employer.approved_at is None:
        return "employer_not_approved"
    return "vacancy_closed" if closes is not None and date.fromisoformat(closes) < today else ""


def _blocks(
    decision: Decided, consent: Consent | None, release: Release | None, now: releases.Now, today: date
) -> tuple[str, ...]:
    if not decision.holds:
        return ("decision_ended" if decision.ended_at is not None else "not_accepted",)
    if release is not None:
        return ("released_already",)
    closed = _closed(now.vacancy, now.employer, now.opening, today)
    looking = cards.looks(now.profile)
    never = looking and bool(cards.never_placed(student_of(now.profile)))
    full = now.held > now.places
    said = ((consent is None, "no_consent"), (bool(closed), closed), (not looking, "destination_known"),
            (never, "not_placeable"), (full, "no_place_left"))  # fmt: skip
    return tuple(code for blocked, code in said if blocked)


def _release(session: Session, actor: Actor, shown: Preview, now: datetime) -> Release:
    decision = shown.decision
    vacancy, _ = releases.where_of(session, [decision.opening_id])[decision.opening_id]
    consent = consents.live(session, decision.student_id, vacancy.id)
    if consent is None:
        raise NotNow("no_consent")
    made = releases.add(
        session, decision_id=decision.id, consent_id=consent.id, student_id=decision.student_id,
        opening_id=decision.opening_id, vacancy_id=vacancy.id, account_id=actor.id, pseudonym=shown.pseudonym,
        card=shown.card, released_at=now,
    )  # fmt: skip
    audit.append(session, actor, "release.made", ("release", made.id), now=now, student=made.student_id,
                 opening=made.opening_id, decision=decision.id, consent=consent.id, card=shown.digest)  # fmt: skip
    return made


def _pool(session: Session, student_id: str) -> list[dict[str, object]]:
    """The records of the students of one's region who look for a place."""
    region = decisions.region_of(session, student_id)
    if region is None:
        return []
    return [record for _, _, record in runs.students_in(session, [region]) if cards.looks(record)]


def _pseudonym(session: Session, key: bytes, decision: Decided) -> str:
    """The code of a candidate at a vacancy: keyed, so that nobody else can make it, and given once.

    Another vacancy gives another code, so that two employers cannot find out that they see one student. A code that
    was given before, to whomever, is passed over.
    """
    vacancy, _ = releases.where_of(session, [decision.opening_id])[decision.opening_id]
    turn = 0
    while True:
        text = f"{decision.student_id}\n{vacancy.id}\n{turn}"
        number = int.from_bytes(hmac.digest(key, text.encode(), "sha256"), "big")
        letters = ""
        for _ in range(_LENGTH + turn // 50):  # a longer one, should all the short ones be given
            number, rest = divmod(number, len(_LETTERS))
            letters += _LETTERS[rest]
        if not releases.is_taken(session, f"K-{letters}"):
            return f"K-{letters}"
        turn += 1


__all__ = [
    "MOST", "BatchRefused", "Preview", "Ready", "Refusal", "end_of_vacancy", "end_release", "must_be_open",
    "preview", "release", "seen_by_employer", "standing", "state_of", "take_back",
]  # fmt: skip
