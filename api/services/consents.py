"""Consent, per student and vacancy and apart from any legal ground: asked, answered, withdrawn.

A connector, or the school for its own student, asks once a person has found the pair good (accept, pin) or keeps it
as an option (defer): so a student may have several options to choose from. The student answers, or who has the
student's mandate; under 16 a parent or representative says yes. A withdrawal acts at once: in its transaction the
employer stops seeing the student and what was planned is cancelled. A consent lasts no longer than what it was asked
for: when the last word ends that made the student an option there, or the placement that followed, it ends too, and a
next time the student is asked anew.
"""
from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from api.services.cards import never_placed
from api.services.days import local_day
from api.services.records import student_of
from api.services.releases import end_release, must_be_open
from api.services.states import NotNow, move
from api.store import audit, consents, decisions, releases
from api.store.audit import Actor
from api.store.consents import Consent, ConsentRequest
from api.store.decisions import Decided
from api.store.people import Session
from features.eligibility_columns import age_on

OF_AGE = 16
ANSWERING = ("parent_answers", "student_answers")
"""Who answers for a student when somebody else may not, as a code of `api.texts.flow.IN_THE_WAY`."""


def ask(session: Session, actor: Actor, decision: Decided, *, now: datetime) -> ConsentRequest:
    """Ask the student of a decision for consent to be shown to its employer.

    Raises
    ------
    NotNow
        If the decision does not stand or is a rejection, it was asked or given already, or the vacancy is not open.
    """
    releases.hold_vacancies(session, [decision.opening_id])
    student, opening = decisions.lock_pair(session, decision.student_id, decision.opening_id)
    live = decisions.live_of(session, student.id, opening.id)
    if live is None or live.id != decision.id:
        raise NotNow("decision_ended")
    if decision.word not in consents.OPTION:
        raise NotNow("rejected")
    vacancy = must_be_open(session, opening.id, local_day(now))
    if never_placed(student_of(releases.profile_now(session, student.id))):
        raise NotNow("not_placeable")
    if consents.open_on(session, decision.id) is not None:
        raise NotNow("asked_already")
    given = consents.live(session, student.id, vacancy.id) is not None
    if given and not consents.unwilling(session, [(student.id, opening.id)]):
        raise NotNow("consented_already")
    made = consents.add_request(session, decision_id=decision.id, student_id=student.id, opening_id=opening.id,
                                account_id=actor.id, asked_at=now)  # fmt: skip
    audit.append(session, actor, "consent.asked", ("consent_request", made.id), now=now, student=student.id,
                 opening=opening.id, decision=decision.id)  # fmt: skip
    return made


def take_back(session: Session, actor: Actor, found: ConsentRequest, *, now: datetime) -> None:
    """Take a question back before it is answered."""
    decisions.lock_student(session, found.student_id)  # as who answers, who may let it fall away
    found = consents.lock_request(session, found.id)
    move("consent_request", consents.state_of(found), "take_back")
    found.ended_at = now
    session.flush()
    audit.append(session, actor, "consent.question_ended", ("consent_request", found.id), now=now,
                 student=found.student_id)  # fmt: skip


def answer(
    session: Session, actor: Actor, found: ConsentRequest, word: str, *, roles: Collection[str], now: datetime,
    only_this: bool = False,
) -> Consent | None:  # fmt: skip
    """Answer a question with yes, no or talk; yes makes a consent, which is returned.

    ``roles`` are those by which the account that acts is tied to this student: student, parent, or both. With
    ``only_this`` a yes lets the student's other open questions fall away: of several options this one is chosen.

    Raises
    ------
    NotNow
        If it was answered or fell away, or this is not for who answers to say.
    """
    decisions.lock_pair(session, found.student_id, found.opening_id)
    found = consents.lock_request(session, found.id)
    move("consent_request", consents.state_of(found), "answer")
    must_speak(session, actor, found.student_id, roles, local_day(now), yes=word == "yes")
    found.answer, found.answered_by, found.answered_at = word, actor.id, now
    session.flush()
    # Before the first event; a no, or a wish to talk, chooses none of them.
    others = consents.end_requests(session, now, student_id=found.student_id, but=found.id) \
        if only_this and word == "yes" else []
    audit.append(session, actor, f"consent.{word}", ("consent_request", found.id), now=now, student=found.student_id,
                 opening=found.opening_id)  # fmt: skip
    for gone in others:
        audit.append(session, actor, "consent.question_ended", ("consent_request", gone), now=now,
                     student=found.student_id)  # fmt: skip
    if word != "yes":
        return None
    vacancy, _ = releases.where_of(session, [found.opening_id])[found.opening_id]
    known = consents.live(session, found.student_id, vacancy.id)
    if known is not None:
        return known
    made = consents.add(session, student_id=found.student_id, vacancy_id=vacancy.id, request_id=found.id,
                        account_id=actor.id, given_at=now)  # fmt: skip
    audit.append(session, actor, "consent.given", ("consent", made.id), now=now, student=found.student_id,
                 vacancy=vacancy.id)  # fmt: skip
    return made


def withdraw(session: Session, actor: Actor, found: Consent, *, roles: Collection[str], now: datetime) -> None:
    """Withdraw a consent: the employer stops seeing the student now, and nobody is told why.

    One that was withdrawn before stays as it is: whoever asks twice gets what was asked for.
    """
    decisions.lock_student(session, found.student_id)
    standing = consents.live(session, found.student_id, found.vacancy_id)
    if standing is None or standing.id != found.id:
        return
    must_speak(session, actor, found.student_id, roles, local_day(now), yes=False)
    for shown in releases.live_by_consent(session, found.id):
        end_release(session, actor, shown, "consent_withdrawn", now=now)
    consents.withdraw(session, standing, now)
    audit.append(session, actor, "consent.withdrawn", ("consent", found.id), now=now, student=found.student_id,
                 vacancy=found.vacancy_id)  # fmt: skip


def end_questions(session: Session, actor: Actor, decision: Decided, *, now: datetime) -> None:
    """Let the open question on a word fall away with it."""
    for gone in consents.end_requests(session, now, decision_id=decision.id):
        audit.append(session, actor, "consent.question_ended", ("consent_request", gone), now=now,
                     student=decision.student_id)  # fmt: skip


def end_unless_option(session: Session, actor: Actor, decision: Decided, *, now: datetime) -> None:
    """End the consent for the vacancy of a word that ended, unless another one keeps the student an option there."""
    vacancy, _ = releases.where_of(session, [decision.opening_id])[decision.opening_id]
    standing = consents.live(session, decision.student_id, vacancy.id)
    if standing is None or consents.words_on(session, decision.student_id, vacancy.id):
        return
    consents.lapse(session, standing, now)
    audit.append(session, actor, "consent.ended", ("consent", standing.id), now=now, student=decision.student_id,
                 vacancy=vacancy.id, decision=decision.id)  # fmt: skip


def must_speak(
    session: Session, actor: Actor, student_id: str, roles: Collection[str], today: date, *, yes: bool
) -> None:
    """Refuse who may not speak for a student.

    Raises
    ------
    NotNow
        If somebody else answers (`who_answers`).
    """
    other = who_answers(session, actor.id or "", student_id, roles, today, yes=yes)
    if other:
        raise NotNow(other)


def who_answers(
    session: Session, account_id: str, student_id: str, roles: Collection[str], today: date, *, yes: bool
) -> str:
    """Who else answers for a student, one of `ANSWERING`; empty: this account may.

    From 16 on the student does, or who has a mandate that the student gave or is a legal representative. Under 16
    only a parent or representative says yes; the student may always say no, ask for a talk, or withdraw.
    """
    young = age_of(session, student_id, today) < OF_AGE
    if "student" in roles and not (young and yes):
        return ""
    grounds = consents.mandate_grounds(session, account_id, student_id, today) if "parent" in roles else set()
    good = grounds if young else grounds - {"minor"}
    return "" if good else ANSWERING[0] if young else ANSWERING[1]


def age_of(session: Session, student_id: str, today: date) -> int:
    """Age of a student in whole years."""
    return age_on(date.fromisoformat(releases.profile_now(session, student_id)["birth_date"]), today)


__all__ = [
    "ANSWERING", "OF_AGE", "age_of", "answer", "ask", "end_questions", "end_unless_option", "must_speak", "take_back",
    "who_answers", "withdraw",
]  # fmt: skip
