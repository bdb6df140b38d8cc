"""People's words: decisions on proposals, consents of students, releases to employers.

What must never happen cannot be written, whoever writes:

- two live decisions on one pair, two places for one student, more people than places: unique indexes, and a
  seat (`api.store.tables.vacancies.Seat`) that every acceptance holds;
- a release without a live acceptance by a person and a live consent of the same student for the same vacancy:
  a live release points, by foreign keys, at the columns ``holds`` and ``live``, which are true only as long as
  decision and consent stand. So these cannot end either before the release has.
"""
from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped

from api.store.base import ID, JSON, Base, Instant, column, key
from api.store.tables.accounts import Account
from api.store.tables.runs import Proposal
from api.store.tables.students import Profile, StoredStudent
from api.store.tables.vacancies import OpeningVersion, Seat, StoredOpening, Vacancy

WORDS = ("accept", "reject", "pin", "defer")
REASONS = ("travel", "guidance", "hours", "load", "student_declined", "already_placed", "data_wrong", "other")
ENDS = ("taken_back", "consent_withdrawn", "employer_declined", "vacancy_closed", "placement_ended", "erased")
_LIVE, _HOLDS = text("ended_at IS NULL"), text("holds")
_HOLDS_1 = text("holds = 1")  # as queries say it on SQLite, which uses an index only for its very own term


class Decided(Base):
    """A person's word on a pair. Ended, never changed: ``ended_at`` when it was undone or followed by another."""

    __tablename__ = "decisions"
    __table_args__ = (
        ForeignKeyConstraint(["proposal_id", "student_id", "opening_id"],
                             [Proposal.id, Proposal.student_id, Proposal.opening_id]),
        ForeignKeyConstraint(["opening_id", "seat"], [Seat.opening_id, Seat.seat]),
        ForeignKeyConstraint(["student_id", "profile_number"], [Profile.student_id, Profile.number]),
        ForeignKeyConstraint(["opening_id", "opening_number"], [OpeningVersion.opening_id, OpeningVersion.number]),
        UniqueConstraint("id", "student_id", "opening_id", "holds"),
        Index("uq_decisions_pair", "id", "student_id", "opening_id", unique=True),  # what follows on it points at this
        CheckConstraint(f"word IN {WORDS}", name="word"),
        CheckConstraint(f"reason IS NULL OR reason IN {REASONS}", name="reason"),
        CheckConstraint("word <> 'reject' OR reason IS NOT NULL", name="rejection_has_reason"),
        CheckConstraint("actor_kind = 'human'", name="human"),
        CheckConstraint("holds = (ended_at IS NULL AND word IN ('accept', 'pin'))", name="holds"),
        CheckConstraint("(seat IS NOT NULL) = (word IN ('accept', 'pin'))", name="seat"),
        Index("uq_decisions_live", "student_id", "opening_id", unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE),
        Index("uq_decisions_one_place", "student_id", unique=True, sqlite_where=_HOLDS_1, postgresql_where=_HOLDS),
        Index("uq_decisions_seat", "opening_id", "seat", unique=True, sqlite_where=_HOLDS_1, postgresql_where=_HOLDS),
    )  # fmt: skip

    id: Mapped[str] = key("student", "decision")
    proposal_id: Mapped[str] = column(ID, "on which proposal", "student", "decision", nullable=False, index=True)
    student_id: Mapped[str] = column(ID, "who", "student", "decision", nullable=False)
    opening_id: Mapped[str] = column(ID, "where", "student", "decision", nullable=False)
    word: Mapped[str] = column(String(10), "accept, reject, pin or defer", "student", "decision", nullable=False)
    reason: Mapped[str | None] = column(String(20), "why, from the list", "student", "decision")
    note: Mapped[str | None] = column(String(500), "why, in own words; the student may read it", "student",
                                           "decision")  # fmt: skip
    seat: Mapped[int | None] = column(Integer, "which place it holds", "student", "decision")
    holds: Mapped[bool] = column(Boolean, "whether it keeps a place now", "student", "decision", nullable=False)
    profile_number: Mapped[int] = column(Integer, "the profile that was looked at", "student", "decision",
                                         nullable=False)  # fmt: skip
    opening_number: Mapped[int] = column(Integer, "the opening that was looked at", "student", "decision",
                                         nullable=False)  # fmt: skip
    account_id: Mapped[str] = column(ID, "who decided", "employee", "decision", ForeignKey(Account.id), nullable=False)
    actor_kind: Mapped[str] = column(String(10), "a person, never a machine", "employee", "decision", nullable=False)
    decided_at: Mapped[datetime] = column(Instant, "when", "student", "decision", nullable=False)
    ended_at: Mapped[datetime | None] = column(Instant, "when it no longer stood", "student", "decision")
    ended_by: Mapped[str | None] = column(ID, "who ended it", "employee", "decision", ForeignKey(Account.id))


ANSWERS = ("yes", "no", "talk")


class ConsentRequest(Base):
    """The question to a student, or a mandated parent: may this employer see you? Answered once; a next one is new."""

    __tablename__ = "consent_requests"
    __table_args__ = (
        ForeignKeyConstraint(["decision_id", "student_id", "opening_id"],
                             [Decided.id, Decided.student_id, Decided.opening_id]),
        CheckConstraint(f"answer IS NULL OR answer IN {ANSWERS}", name="answer"),
        CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="answered"),
        Index("uq_consent_requests_open", "decision_id", unique=True,
              sqlite_where=text("answer IS NULL AND ended_at IS NULL"),
              postgresql_where=text("answer IS NULL AND ended_at IS NULL")),
        Index("ix_consent_requests_student_id", "student_id"),
    )  # fmt: skip

    id: Mapped[str] = key("student", "decision")
    decision_id: Mapped[str] = column(ID, "on which acceptance", "student", "decision", nullable=False)
    student_id: Mapped[str] = column(ID, "to whom", "student", "decision", nullable=False)
    opening_id: Mapped[str] = column(ID, "about which opening", "student", "decision", nullable=False)
    account_id: Mapped[str] = column(ID, "who asked", "employee", "decision", ForeignKey(Account.id), nullable=False)
    asked_at: Mapped[datetime] = column(Instant, "when it was asked", "student", "decision", nullable=False)
    answer: Mapped[str | None] = column(String(10), "yes, no, or first a talk", "student", "decision")
    answered_by: Mapped[str | None] = column(ID, "who answered", "student", "decision", ForeignKey(Account.id))
    answered_at: Mapped[datetime | None] = column(Instant, "when it was answered", "student", "decision")
    ended_at: Mapped[datetime | None] = column(Instant, "when the question, or the yes to it, fell away", "student",
                                                  "decision")  # fmt: skip


class Consent(Base):
    """A student's permission to show the profile to the employer of one vacancy."""

    __tablename__ = "consents"
    __table_args__ = (
        UniqueConstraint("id", "student_id", "vacancy_id", "live"),
        CheckConstraint("live = (withdrawn_at IS NULL)", name="live"),
        Index("uq_consents_live", "student_id", "vacancy_id", unique=True, sqlite_where=text("live = 1"),
              postgresql_where=text("live")),
    )  # fmt: skip

    id: Mapped[str] = key("student", "decision")
    student_id: Mapped[str] = column(ID, "who", "student", "decision", ForeignKey(StoredStudent.id), nullable=False)
    vacancy_id: Mapped[str] = column(ID, "for which vacancy", "student", "decision", ForeignKey(Vacancy.id),
                                     nullable=False)  # fmt: skip
    live: Mapped[bool] = column(Boolean, "whether it stands now", "student", "decision", nullable=False)
    request_id: Mapped[str | None] = column(ID, "on which question", "student", "decision",
                                            ForeignKey(ConsentRequest.id))  # fmt: skip
    account_id: Mapped[str | None] = column(ID, "who gave it: the student or a mandated parent", "student", "decision",
                                            ForeignKey(Account.id))  # fmt: skip
    given_at: Mapped[datetime] = column(Instant, "when it was given", "student", "decision", nullable=False)
    withdrawn_at: Mapped[datetime | None] = column(Instant, "when it was withdrawn (no reason is asked), or ended "
                                                   "with the word it was about", "student", "decision")  # fmt: skip


class Release(Base):
    """A candidate shown to an employer, by a person, on a standing acceptance and a standing consent."""

    __tablename__ = "releases"
    __table_args__ = (
        ForeignKeyConstraint(["decision_id", "student_id", "opening_id", "decision_holds"],
                             [Decided.id, Decided.student_id, Decided.opening_id, Decided.holds]),
        ForeignKeyConstraint(["consent_id", "student_id", "vacancy_id", "consent_live"],
                             [Consent.id, Consent.student_id, Consent.vacancy_id, Consent.live]),
        ForeignKeyConstraint(["opening_id", "vacancy_id"], [StoredOpening.id, StoredOpening.vacancy_id]),
        ForeignKeyConstraint(["decision_id"], [Decided.id], name="fk_releases_decision"),
        ForeignKeyConstraint(["consent_id"], [Consent.id], name="fk_releases_consent"),
        CheckConstraint("actor_kind = 'human'", name="human"),
        CheckConstraint(
            "(ended_at IS NULL AND decision_holds IS NOT NULL AND decision_holds AND consent_live IS NOT NULL AND "
            "consent_live) OR (ended_at IS NOT NULL AND decision_holds IS NULL AND consent_live IS NULL)",
            name="stands",
        ),
        CheckConstraint(f"end_reason IS NULL OR end_reason IN {ENDS}", name="end_reason"),
        UniqueConstraint("id", "student_id", "opening_id"),  # what an introduction points at
        UniqueConstraint("pseudonym"),
        CheckConstraint("employer_word IS NULL OR employer_word IN ('meet', 'does_not_fit')", name="employer_word"),
        CheckConstraint("employer_word <> 'does_not_fit' OR employer_reason IS NOT NULL", name="employer_reason"),
        Index("ix_releases_decision_id", "decision_id"),
        Index("uq_releases_live", "decision_id", unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE),
    )  # fmt: skip

    id: Mapped[str] = key("student", "decision")
    decision_id: Mapped[str] = column(ID, "on which acceptance", "student", "decision", nullable=False)
    consent_id: Mapped[str] = column(ID, "on which consent", "student", "decision", nullable=False)
    student_id: Mapped[str] = column(ID, "who", "student", "decision", nullable=False)
    opening_id: Mapped[str] = column(ID, "where", "student", "decision", nullable=False)
    vacancy_id: Mapped[str] = column(ID, "which vacancy", "student", "decision", nullable=False)
    decision_holds: Mapped[bool | None] = column(Boolean, "ties it to an acceptance that stands", "student",
                                                 "decision")  # fmt: skip
    consent_live: Mapped[bool | None] = column(Boolean, "ties it to a consent that stands", "student", "decision")
    account_id: Mapped[str] = column(ID, "who released", "employee", "decision", ForeignKey(Account.id),
                                     nullable=False)  # fmt: skip
    actor_kind: Mapped[str] = column(String(10), "a person, never a machine", "employee", "decision", nullable=False)
    pseudonym: Mapped[str] = column(String(12), "what the employer calls the candidate, another one per vacancy",
                                    "student", "decision", nullable=False)  # fmt: skip
    card: Mapped[dict[str, Any]] = column(JSON, "what the employer sees, as it was previewed: codes and bands only",
                                          "student", "decision", nullable=False, server_default="{}",
                                          default=dict)  # fmt: skip
    released_at: Mapped[datetime] = column(Instant, "when", "student", "decision", nullable=False)
    ended_at: Mapped[datetime | None] = column(Instant, "when it ended", "student", "decision")
    ended_by: Mapped[str | None] = column(ID, "who ended it", "employee", "decision", ForeignKey(Account.id))
    end_reason: Mapped[str | None] = column(String(20), "why, in a code; never shown to the employer", "student",
                                            "decision")  # fmt: skip
    employer_word: Mapped[str | None] = column(String(20), "what the employer said: meet or not, by reason", "student",
                                               "decision")  # fmt: skip
    employer_reason: Mapped[str | None] = column(String(20), "why not, from the list", "student", "decision")
    employer_at: Mapped[datetime | None] = column(Instant, "when the employer said it", "student", "decision")
