"""Questions between people about a student, and a student's consented request for help to a municipality."""
from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped

from api.store.base import ID, Base, Instant, Versioned, column, key
from api.store.tables.accounts import Account
from api.store.tables.organisations import Organisation
from api.store.tables.students import StoredStudent

QUESTIONS = ("to_school", "data_correction", "objection", "talk")


class Question(Versioned, Base):
    """A question, a correction or an objection, and its answer; the student may read both."""

    __tablename__ = "questions"
    __table_args__ = (
        CheckConstraint(f"kind IN {QUESTIONS}", name="kind"),
        CheckConstraint("(answered_at IS NULL) = (answered_by IS NULL)", name="answered"),
        Index("ix_questions_student_id", "student_id"),
    )

    id: Mapped[str] = key("student", "profile")
    kind: Mapped[str] = column(String(20), "what it is", "student", "profile", nullable=False)
    student_id: Mapped[str] = column(ID, "about whom", "student", "profile", ForeignKey(StoredStudent.id),
                                     nullable=False)  # fmt: skip
    code: Mapped[str] = column(String(40), "about which point or field", "student", "profile", nullable=False,
                               default="")  # fmt: skip
    text: Mapped[str] = column(String(500), "the question", "student", "profile", nullable=False, default="")
    asked_by: Mapped[str] = column(ID, "who asked", "employee", "profile", ForeignKey(Account.id), nullable=False)
    asked_at: Mapped[datetime] = column(Instant, "when", "student", "profile", nullable=False)
    answer: Mapped[str] = column(String(500), "the answer", "student", "profile", nullable=False, default="")
    answered_by: Mapped[str | None] = column(ID, "who answered", "employee", "profile", ForeignKey(Account.id))
    answered_at: Mapped[datetime | None] = column(Instant, "when it was answered", "student", "profile")


class HelpRequest(Versioned, Base):
    """A request for help to a municipality: who, what, by when, answer. Nothing is seen before the student consents."""

    __tablename__ = "help_requests"
    __table_args__ = (
        CheckConstraint("state IN ('asked', 'open', 'answered', 'withdrawn')", name="state"),
        CheckConstraint("state NOT IN ('open', 'answered') OR consented_at IS NOT NULL", name="consented"),
        CheckConstraint("(state <> 'answered' OR answered_at IS NOT NULL) AND "
                        "(answered_at IS NULL OR state IN ('answered', 'withdrawn'))", name="answered"),
        Index("ix_help_requests_organisation_id", "organisation_id"),
    )

    id: Mapped[str] = key("student", "profile")
    student_id: Mapped[str] = column(ID, "for whom", "student", "profile", ForeignKey(StoredStudent.id), nullable=False,
                                     index=True)  # fmt: skip
    organisation_id: Mapped[str] = column(ID, "to which municipality", "student", "profile",
                                          ForeignKey(Organisation.id), nullable=False)  # fmt: skip
    state: Mapped[str] = column(String(10), "how far it is", "student", "profile", nullable=False)
    what: Mapped[str] = column(String(500), "what is asked", "student", "profile", nullable=False)
    who: Mapped[str] = column(String(200), "who should do it", "student", "profile", nullable=False, default="")
    by: Mapped[date | None] = column(Date, "by when", "student", "profile", name="by_day")
    asked_by: Mapped[str] = column(ID, "who asked", "employee", "profile", ForeignKey(Account.id), nullable=False)
    asked_at: Mapped[datetime] = column(Instant, "when", "student", "profile", nullable=False)
    consented_by: Mapped[str | None] = column(ID, "who consented: student or mandated parent", "student", "profile",
                                              ForeignKey(Account.id))  # fmt: skip
    consented_at: Mapped[datetime | None] = column(Instant, "when", "student", "profile")
    answer: Mapped[str] = column(String(500), "the answer", "student", "profile", nullable=False, default="")
    answered_by: Mapped[str | None] = column(ID, "who answered", "employee", "profile", ForeignKey(Account.id))
    answered_at: Mapped[datetime | None] = column(Instant, "when it was answered", "student", "profile")
