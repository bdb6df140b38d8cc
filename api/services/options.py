"""What a student may choose from: every place that a person found good for them, how far it is, and what the employer
would see. No score, no rank, nobody else.
"""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from api.services import releases as verbs
from api.services.days import local_day
from api.services.records import opening_of
from api.store import consents, decisions, introductions, releases
from api.store.consents import Consent, ConsentRequest
from api.store.decisions import Decided
from api.store.people import Session
from api.store.reach import Reach
from api.store.releases import Release
from features.geography import called_place
from features.records import Opening

STATES = ("asked", "talk", "no", "yes", "shared", "meeting", "placed", "ended")


@dataclass(frozen=True, slots=True)
class Option:
    """One place for one student; ``state`` is of `STATES`, ``shows`` the card that the employer sees or would see.

    ``decision`` is the word that keeps the student an option there now, or the ended one that was asked about; it may
    be on another opening of the vacancy than the question, and ``work`` is of that one.
    """

    request: ConsentRequest
    decision: Decided
    state: str
    work: Mapping[str, Any]
    consent: Consent | None
    release: Release | None
    shows: Mapping[str, Any] | None
    asked_by: str


def of_students(session: Session, student_ids: Sequence[str], *, key: bytes, now: datetime) -> list[Option]:
    """The options of students, newest question first; of each place the latest question counts."""
    asked = consents.requests(session, Reach(students=frozenset(student_ids)))
    latest: dict[tuple[str, str], ConsentRequest] = {}
    for request in asked:
        latest.setdefault((request.student_id, request.opening_id), request)
    names = decisions.names(session, [request.account_id for request in latest.values()])
    return [_option(session, request, names.get(request.account_id, ""), key, now) for request in latest.values()]


def _option(session: Session, request: ConsentRequest, asked_by: str, key: bytes, now: datetime) -> Option:
    vacancy, employer = releases.where_of(session, [request.opening_id])[request.opening_id]
    consent = consents.live(session, request.student_id, vacancy.id)
    decision = _word(session, request, consent, vacancy.id)
    release = releases.live_on(session, [decision.id]).get(decision.id)
    shows = None
    if decision.ended_at is None:
        shows = verbs.preview(session, decision, key=key, today=local_day(now)).card
    state = _state(session, request, decision, consent, release)
    record = releases.record_now(session, decision.opening_id)
    work = _work(record, employer.name, vacancy.vacancy_ref)
    return Option(request, decision, state, work, consent, release, shows, asked_by)


def _word(session: Session, request: ConsentRequest, consent: Consent | None, vacancy_id: str) -> Decided:
    """The word by which the student is an option now: a yes goes along from the one asked about to a next one.

    A consent is for the vacancy, so at whichever of its openings: where the student works or is shown comes first,
    then the opening of the question. A no to this place, or a wish to talk, goes nowhere.
    """
    words = consents.words_on(session, request.student_id, vacancy_id)
    own = next((one for one in words if one.opening_id == request.opening_id), None)
    if own is not None and request.answer in ("no", "talk"):
        return own
    if own is None or consents.state_of(request) != "open":
        shown = releases.live_on(session, [one.id for one in words])
        begun = [one for one in words if one.id in shown or introductions.runs_on(session, one.id)]
        goes_along = words if request.answer == "yes" and consent is not None else []
        own = next((one for one in (*begun, own, *goes_along) if one is not None), None)
    return own or decisions.refreshed(session, request.decision_id)


def _state(
    session: Session, request: ConsentRequest, decision: Decided, consent: Consent | None, release: Release | None
) -> str:
    if introductions.runs_on(session, decision.id):
        return "placed"
    if release is not None:
        return "meeting" if introductions.live_on(session, release.id) else "shared"
    if decision.ended_at is not None or (request.answer is None and request.ended_at is not None):
        return "ended"
    if request.answer == "yes":
        return "yes" if consent is not None else "ended"
    return request.answer or "asked"


def _work(record: Mapping[str, Any], employer: str, vacancy_ref: str) -> dict[str, Any]:
    """The place as the employer describes it."""
    opening = opening_of(record)
    return {
        "employer": employer, "vacancy_ref": vacancy_ref, "title": opening.title, "description": opening.description,
        "branch": opening.branch, "place": _place(opening),
        "starts_on": opening.starts_on, "duration_months": opening.duration_months,
        "contract_type": opening.contract_type, "route": opening.route, "hours_min": opening.hours_min,
        "hours_max": opening.hours_max, "starts_at": opening.starts_at, "ends_at": opening.ends_at,
        "tasks": [demand.text for demand in opening.tasks], "conditions": list(opening.conditions or ()),
        "support_offered": [code for code, said in opening.support_offered or () if said != "no"],
        "certificates_obtainable": list(opening.certificates_obtainable), "job_guarantee": opening.job_guarantee,
    }  # fmt: skip


def _place(opening: Opening) -> str:
    """The place as people call it; of a postcode the municipality."""
    if opening.location is None:
        return ""
    return called_place(opening.location.label, opening.location.municipality_code)


__all__ = ["STATES", "Option", "of_students"]
