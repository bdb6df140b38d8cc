"""From meeting to follow-up: introductions, agreements before the start, placements, check moments, destinations."""
from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped

from api.store.base import ID, Base, Instant, Versioned, column, key
from api.store.tables.accounts import Account
from api.store.tables.decisions import Decided, Release
from api.store.tables.students import StoredStudent

WHO = ("employer", "school", "connector", "coach", "student", "parent", "municipality", "other")
VERDICTS = ("passed", "extended", "not_passed")
END_REASONS = ("completed", "next_step", "student_stopped", "employer_stopped", "not_passed", "circumstances", "other")
ONLY_BEGUN = ("completed", "next_step", "not_passed")
"""Ends of what had begun; the others may also come before the day of the start."""
KINDS = ("weeks_2", "months_3", "months_6", "months_12", "months_24", "extra")
STEP_STATES = ("planned", "active", "paused", "stopped", "done")


class Introduction(Versioned, Base):
    """A meeting of a released candidate with the employer; names only by a permission of its own."""

    __tablename__ = "introductions"
    __table_args__ = (
        ForeignKeyConstraint(["release_id", "student_id", "opening_id"],
                             [Release.id, Release.student_id, Release.opening_id]),
        CheckConstraint("state IN ('asked', 'planned', 'held', 'cancelled')", name="state"),
        CheckConstraint("outcome IS NULL OR outcome IN ('go_on', 'stop')", name="outcome"),
        CheckConstraint("(outcome IS NOT NULL) = (state = 'held')", name="held"),
        CheckConstraint("(names_at IS NULL) = (names_by IS NULL)", name="names"),
        Index("uq_introductions_live", "release_id", unique=True, sqlite_where=text("state <> 'cancelled'"),
              postgresql_where=text("state <> 'cancelled'")),
    )  # fmt: skip

    id: Mapped[str] = key("student", "decision")
    release_id: Mapped[str] = column(ID, "of which candidate", "student", "decision", nullable=False)
    student_id: Mapped[str] = column(ID, "who", "student", "decision", nullable=False, index=True)
    opening_id: Mapped[str] = column(ID, "where", "student", "decision", nullable=False)
    state: Mapped[str] = column(String(10), "how far it is", "student", "decision", nullable=False)
    asked_by: Mapped[str] = column(ID, "who asked for it", "employee", "decision", ForeignKey(Account.id),
                                   nullable=False)  # fmt: skip
    asked_at: Mapped[datetime] = column(Instant, "when it was asked for", "student", "decision", nullable=False)
    planned_at: Mapped[datetime | None] = column(Instant, "when they meet", "student", "decision")
    where: Mapped[str] = column(String(200), "where they meet and who comes along", "student", "decision",
                                nullable=False, default="")  # fmt: skip
    names_by: Mapped[str | None] = column(ID, "who permitted the name to be given: student or mandated parent",
                                          "student", "decision", ForeignKey(Account.id))  # fmt: skip
    names_at: Mapped[datetime | None] = column(Instant, "when that was permitted", "student", "decision")
    outcome: Mapped[str | None] = column(String(10), "whether they go on", "student", "decision")
    outcome_by: Mapped[str | None] = column(ID, "who reported it", "employee", "decision", ForeignKey(Account.id))
    held_on: Mapped[date | None] = column(Date, "when they met", "student", "decision")


class Agreement(Versioned, Base):
    """What is agreed before the start: who adapts what, by when."""

    __tablename__ = "agreements"
    __table_args__ = (UniqueConstraint("introduction_id"),)

    id: Mapped[str] = key("student", "profile")
    introduction_id: Mapped[str] = column(ID, "after which meeting", "student", "profile", ForeignKey(Introduction.id),
                                          nullable=False)  # fmt: skip
    student_id: Mapped[str] = column(ID, "who", "student", "profile", ForeignKey(StoredStudent.id), nullable=False,
                                     index=True)  # fmt: skip
    opening_id: Mapped[str] = column(ID, "where", "student", "profile", ForeignKey("openings.id"), nullable=False)
    starts_on: Mapped[date] = column(Date, "when it starts", "student", "profile", nullable=False)
    hours: Mapped[int | None] = column(Integer, "hours a week", "student", "profile")
    mentor: Mapped[str] = column(String(120), "who guides on the work floor", "employee", "profile", nullable=False,
                                 default="")  # fmt: skip
    account_id: Mapped[str] = column(ID, "who wrote it down", "employee", "profile", ForeignKey(Account.id),
                                     nullable=False)  # fmt: skip
    created_at: Mapped[datetime] = column(Instant, "when", "student", "profile", nullable=False)
    student_agreed_at: Mapped[datetime | None] = column(Instant, "when the student agreed", "student", "profile")
    employer_agreed_at: Mapped[datetime | None] = column(Instant, "when the employer agreed", "student", "profile")


class Adaptation(Base):
    """One thing that somebody adapts or arranges."""

    __tablename__ = "adaptations"
    __table_args__ = (CheckConstraint(f"who IN {WHO}", name="who"),)

    agreement_id: Mapped[str] = column(ID, "in which agreement", "student", "profile", ForeignKey(Agreement.id),
                                       primary_key=True)  # fmt: skip
    position: Mapped[int] = column(Integer, "order", "nobody", "profile", primary_key=True, autoincrement=False)
    who: Mapped[str] = column(String(20), "who does it", "nobody", "profile", nullable=False)
    what: Mapped[str] = column(String(300), "what is adapted", "student", "profile", nullable=False)
    support: Mapped[str | None] = column(String(30), "which support it gives, in a code", "student", "profile")
    by: Mapped[date | None] = column(Date, "by when", "student", "profile", name="by_day")
    done_on: Mapped[date | None] = column(Date, "when it was done", "student", "profile")


class Placement(Versioned, Base):
    """A student at work: trial, then contract, then an end with its reason.

    One that runs is tied to an acceptance that stands, and so to a seat: never more people at work than places. One
    that ended before the day of its start never began: nothing was judged, signed or completed.
    """

    __tablename__ = "placements"
    __table_args__ = (
        ForeignKeyConstraint(["decision_id", "student_id", "opening_id"],
                             [Decided.id, Decided.student_id, Decided.opening_id]),
        ForeignKeyConstraint(["decision_id", "student_id", "opening_id", "decision_holds"],
                             [Decided.id, Decided.student_id, Decided.opening_id, Decided.holds],
                             name="fk_placements_holds"),
        CheckConstraint(
            "(ended_on IS NULL AND decision_holds IS NOT NULL AND decision_holds) OR "
            "(ended_on IS NOT NULL AND decision_holds IS NULL)",
            name="stands",
        ),
        CheckConstraint("state IN ('trial', 'contract', 'ended')", name="state"),
        CheckConstraint(f"verdict IS NULL OR verdict IN {VERDICTS}", name="verdict"),
        CheckConstraint(f"end_reason IS NULL OR end_reason IN {END_REASONS}", name="end_reason"),
        CheckConstraint("(state = 'ended') = (ended_on IS NOT NULL)", name="ended"),
        CheckConstraint("(ended_on IS NULL) = (end_reason IS NULL)", name="end_has_reason"),
        CheckConstraint("state <> 'contract' OR contract_on IS NOT NULL", name="contract"),
        CheckConstraint(
            f"ended_on IS NULL OR ended_on >= started_on OR "
            f"(verdict IS NULL AND contract_on IS NULL AND end_reason NOT IN {ONLY_BEGUN})",
            name="ends_after_it_starts",
        ),
        Index("uq_placements_decision", "decision_id", unique=True),
        Index("uq_placements_running", "student_id", "opening_id", unique=True, sqlite_where=text("ended_on IS NULL"),
              postgresql_where=text("ended_on IS NULL")),
    )  # fmt: skip

    id: Mapped[str] = key("student", "profile")
    decision_id: Mapped[str] = column(ID, "on which acceptance", "student", "profile", nullable=False)
    decision_holds: Mapped[bool | None] = column(Boolean, "ties it to an acceptance that stands", "student",
                                                 "profile")  # fmt: skip
    introduction_id: Mapped[str] = column(ID, "after which meeting", "student", "profile", ForeignKey(Introduction.id),
                                          nullable=False)  # fmt: skip
    student_id: Mapped[str] = column(ID, "who", "student", "profile", nullable=False, index=True)
    opening_id: Mapped[str] = column(ID, "where", "student", "profile", nullable=False, index=True)
    state: Mapped[str] = column(String(10), "trial, contract or ended", "student", "profile", nullable=False)
    started_on: Mapped[date] = column(Date, "when it started", "student", "profile", nullable=False)
    trial_until: Mapped[date | None] = column(Date, "until when the trial lasts", "student", "profile")
    verdict: Mapped[str | None] = column(String(20), "how the trial went", "student", "profile")
    verdict_on: Mapped[date | None] = column(Date, "when that was said", "student", "profile")
    contract_on: Mapped[date | None] = column(Date, "from when there is a contract", "student", "profile")
    contract_type: Mapped[str | None] = column(String(30), "which contract", "student", "profile")
    hours: Mapped[int | None] = column(Integer, "hours a week", "student", "profile")
    ended_on: Mapped[date | None] = column(Date, "when it ended", "student", "profile")
    end_reason: Mapped[str | None] = column(String(20), "why it ended", "student", "profile")
    back_to_pool: Mapped[bool] = column(Boolean, "whether the student looks for a place again", "student", "profile",
                                        nullable=False, default=False)  # fmt: skip
    account_id: Mapped[str] = column(ID, "who reported it", "employee", "profile", ForeignKey(Account.id),
                                     nullable=False)  # fmt: skip
    created_at: Mapped[datetime] = column(Instant, "when it was reported", "student", "profile", nullable=False)


class CheckMoment(Versioned, Base):
    """A moment to ask how it goes."""

    __tablename__ = "check_moments"
    __table_args__ = (
        CheckConstraint(f"kind IN {KINDS}", name="kind"),
        CheckConstraint("outcome IS NULL OR outcome IN ('goes_well', 'needs_attention', 'stopped', 'not_reached')",
                        name="outcome"),
        CheckConstraint("(held_on IS NULL) = (outcome IS NULL)", name="held"),
        UniqueConstraint("placement_id", "kind", "due_on"),
    )  # fmt: skip

    id: Mapped[str] = key("student", "profile")
    placement_id: Mapped[str] = column(ID, "of which placement", "student", "profile", ForeignKey(Placement.id),
                                       nullable=False)  # fmt: skip
    kind: Mapped[str] = column(String(10), "which moment", "nobody", "profile", nullable=False)
    due_on: Mapped[date] = column(Date, "when it should be", "student", "profile", nullable=False)
    held_on: Mapped[date | None] = column(Date, "when it was", "student", "profile")
    outcome: Mapped[str | None] = column(String(20), "how it goes", "student", "profile")
    note: Mapped[str | None] = column(String(500), "what was said; the student may read it", "student", "profile")
    account_id: Mapped[str | None] = column(ID, "who reported it", "employee", "profile", ForeignKey(Account.id))


class Step(Versioned, Base):
    """A step of the plan after the placement: what, who, by when, how far, and why it stopped."""

    __tablename__ = "steps"
    __table_args__ = (
        CheckConstraint(f"state IN {STEP_STATES}", name="state"),
        CheckConstraint(f"who IN {WHO}", name="who"),
        CheckConstraint("state NOT IN ('paused', 'stopped') OR reason IS NOT NULL", name="reason"),
    )

    id: Mapped[str] = key("student", "profile")
    placement_id: Mapped[str] = column(ID, "of which placement", "student", "profile", ForeignKey(Placement.id),
                                       nullable=False, index=True)  # fmt: skip
    goal: Mapped[str] = column(String(200), "to what end", "student", "profile", nullable=False, default="")
    what: Mapped[str] = column(String(300), "what is done", "student", "profile", nullable=False)
    who: Mapped[str] = column(String(20), "who does it", "nobody", "profile", nullable=False)
    by: Mapped[date | None] = column(Date, "by when", "student", "profile", name="by_day")
    state: Mapped[str] = column(String(10), "how far it is", "student", "profile", nullable=False)
    reason: Mapped[str | None] = column(String(300), "why it paused or stopped", "student", "profile")
    account_id: Mapped[str] = column(ID, "who wrote it down", "employee", "profile", ForeignKey(Account.id),
                                     nullable=False)  # fmt: skip
    created_at: Mapped[datetime] = column(Instant, "when", "student", "profile", nullable=False)


class Destination(Base):
    """Where a student went, as reported; never changed, the latest one counts."""

    __tablename__ = "destinations"
    __table_args__ = (
        CheckConstraint("source IN ('list', 'school', 'connector', 'placement', 'student')", name="source"),
        Index("ix_destinations_student_since", "student_id", "since"),
    )

    id: Mapped[str] = key("student", "profile")
    student_id: Mapped[str] = column(ID, "who", "student", "profile", ForeignKey(StoredStudent.id), nullable=False)
    destination: Mapped[str] = column(String(20), "where to", "student", "profile", nullable=False)
    since: Mapped[date] = column(Date, "since when", "student", "profile", nullable=False)
    source: Mapped[str] = column(String(10), "who says so", "nobody", "profile", nullable=False)
    account_id: Mapped[str | None] = column(ID, "who reported it", "employee", "profile", ForeignKey(Account.id))
    reported_at: Mapped[datetime] = column(Instant, "when it was reported", "student", "profile", nullable=False)
