"""What keeps the service honest: who looked at whom, drafts, the stop switch, erased persons, counted requests."""
from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Boolean, CheckConstraint, Date, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped

from api.store.base import ID, JSON, Base, Instant, Versioned, column, key
from api.store.tables.accounts import Account
from api.store.tables.organisations import Organisation
from api.store.tables.runs import Proposal
from api.store.tables.students import StoredStudent


class Seen(Base):
    """That an account looked at a student on a day: what the student reads under "who looked, and when"."""

    __tablename__ = "seen"

    student_id: Mapped[str] = column(ID, "at whom", "student", "audit", ForeignKey(StoredStudent.id), primary_key=True)
    account_id: Mapped[str] = column(ID, "who", "employee", "audit", ForeignKey(Account.id), primary_key=True)
    day: Mapped[date] = column(Date, "on which day", "student", "audit", primary_key=True)
    at: Mapped[datetime] = column(Instant, "when first", "student", "audit", nullable=False)


class OpenCard(Base):
    """The card that a connector opened last; for some minutes colleagues read that somebody is at it."""

    __tablename__ = "open_cards"
    __table_args__ = (Index("ix_open_cards_student_id", "student_id"),)

    account_id: Mapped[str] = column(ID, "who has it open", "employee", "presence", ForeignKey(Account.id),
                                     primary_key=True)  # fmt: skip
    student_id: Mapped[str] = column(ID, "whose card", "student", "presence", ForeignKey(StoredStudent.id),
                                     nullable=False)  # fmt: skip
    opening_id: Mapped[str] = column(ID, "for which place", "organisation", "presence", nullable=False)
    at: Mapped[datetime] = column(Instant, "since when", "employee", "presence", nullable=False)


class OpenedCard(Base):
    """When somebody had the card of a proposal open for the first time: were proposals looked at before the word?

    Only figures are made of it: of many, and of oneself for oneself.
    """

    __tablename__ = "opened_cards"

    proposal_id: Mapped[str] = column(ID, "of which proposal", "student", "oversight", ForeignKey(Proposal.id),
                                      primary_key=True)  # fmt: skip
    account_id: Mapped[str] = column(ID, "who opened it", "employee", "oversight", ForeignKey(Account.id),
                                     primary_key=True)  # fmt: skip
    at: Mapped[datetime] = column(Instant, "when first", "employee", "oversight", nullable=False)


class Draft(Versioned, Base):
    """Work that somebody has begun and not finished: a list, a vacancy, a profile. Nothing of it is matched."""

    __tablename__ = "drafts"
    __table_args__ = (
        CheckConstraint("kind IN ('upload', 'vacancy', 'student')", name="kind"),
        Index("ix_drafts_account_id", "account_id"),
    )

    id: Mapped[str] = key("employee", "draft")
    account_id: Mapped[str] = column(ID, "whose", "employee", "draft", ForeignKey(Account.id), nullable=False)
    organisation_id: Mapped[str | None] = column(ID, "for which party", "organisation", "draft",
                                                 ForeignKey(Organisation.id), index=True)  # fmt: skip
    kind: Mapped[str] = column(String(10), "of what", "nobody", "draft", nullable=False)
    subject_id: Mapped[str | None] = column(ID, "of which record, when there is one", "nobody", "draft")
    step: Mapped[str] = column(String(30), "how far it came", "nobody", "draft", nullable=False, default="")
    content: Mapped[dict[str, Any]] = column(JSON, "what was filled in so far", "student", "draft", nullable=False)
    created_at: Mapped[datetime] = column(Instant, "since when", "nobody", "draft", nullable=False)
    changed_at: Mapped[datetime] = column(Instant, "last change", "nobody", "draft", nullable=False)


class Switch(Versioned, Base):
    """A switch of the service; ``stop`` halts every run, running and queued, until it is set back."""

    __tablename__ = "switches"

    name: Mapped[str] = column(String(20), "which switch", "nobody", "organisation", primary_key=True)
    on: Mapped[bool] = column(Boolean, "whether it is on", "nobody", "organisation", name="is_on", nullable=False)
    reason: Mapped[str] = column(String(300), "why, in own words", "employee", "organisation", nullable=False,
                                 default="")  # fmt: skip
    account_id: Mapped[str | None] = column(ID, "who set it", "employee", "organisation", ForeignKey(Account.id))
    at: Mapped[datetime] = column(Instant, "when", "nobody", "organisation", nullable=False)


class Erasure(Base):
    """That a person was erased: the record's random id, which names nobody any more."""

    __tablename__ = "erasures"

    student_id: Mapped[str] = column(ID, "which record", "nobody", "backup", primary_key=True)
    at: Mapped[datetime] = column(Instant, "when", "nobody", "backup", nullable=False)
    account_id: Mapped[str | None] = column(ID, "who did it", "employee", "backup")
    ground: Mapped[str] = column(String(20), "asked for, or the end of its term", "nobody", "backup", nullable=False)


class RequestCount(Base):
    """How often something was asked in a window of time, for limits that hold across processes."""

    __tablename__ = "request_counts"

    what: Mapped[str] = column(String(40), "which kind of request", "nobody", "throttle", primary_key=True)
    who: Mapped[str] = column(String(64), "account, or keyed digest of an address", "employee", "throttle",
                              primary_key=True)  # fmt: skip
    window: Mapped[datetime] = column(Instant, "begin of the window", "nobody", "throttle", primary_key=True)
    number: Mapped[int] = column(Integer, "how often", "nobody", "throttle", nullable=False)
