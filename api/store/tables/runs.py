"""Runs: what went in, by version, and what came out."""
from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped

from api.store.base import ID, JSON, Base, Instant, Versioned, column, key
from api.store.tables.accounts import Account
from api.store.tables.policies import StoredPolicy
from api.store.tables.students import Profile, StoredStudent
from api.store.tables.vacancies import OpeningVersion, StoredOpening

STATES = ("queued", "running", "done", "failed", "cancelled")
KINDS = ("match", "group")
"""A run of the matcher, or a question that takes as long: would a group fit here?"""


class Run(Versioned, Base):
    """One run; this row is the truth about it, whatever happens to the process that computes it."""

    __tablename__ = "runs"
    __table_args__ = (
        CheckConstraint(f"state IN {STATES}", name="state"),
        CheckConstraint(f"kind IN {KINDS}", name="kind"),
        CheckConstraint("kind = 'match' OR (taken_at IS NULL AND discarded_at IS NULL)", name="only_plans_are_judged"),
        CheckConstraint("(state IN ('done', 'failed', 'cancelled')) = (ended_at IS NOT NULL)", name="ended"),
        CheckConstraint("taken_at IS NULL OR discarded_at IS NULL", name="taken_or_discarded"),
        CheckConstraint("(taken_at IS NULL AND discarded_at IS NULL) OR state = 'done'", name="judged_when_done"),
        Index("ix_runs_state_created", "state", "created_at"),
    )

    id: Mapped[str] = key("nobody", "run")
    state: Mapped[str] = column(String(10), "how far it is", "nobody", "run", nullable=False)
    kind: Mapped[str] = column(String(10), "a plan, or a question about one", "nobody", "run", nullable=False,
                               default="match", server_default="match")  # fmt: skip
    question: Mapped[dict[str, Any] | None] = column(JSON, "what was asked, where it is a question", "organisation",
                                                     "run")  # fmt: skip
    regions: Mapped[list[str]] = column(JSON, "which regions it is about", "nobody", "run", nullable=False)
    on: Mapped[date] = column(Date, "day of the rules", "nobody", "run", name="on_day", nullable=False)
    policy_id: Mapped[str] = column(ID, "with which policy", "nobody", "run", ForeignKey(StoredPolicy.id),
                                    nullable=False)  # fmt: skip
    account_id: Mapped[str] = column(ID, "who asked for it", "employee", "run", ForeignKey(Account.id), nullable=False)
    lang: Mapped[str] = column(String(2), "language of its sentences", "nobody", "run", nullable=False)
    step: Mapped[str] = column(String(20), "what it is doing", "nobody", "run", nullable=False, default="")
    attempts: Mapped[int] = column(Integer, "how often it was begun", "nobody", "run", nullable=False, default=0)
    stop: Mapped[bool] = column(Boolean, "whether somebody asked to stop it", "nobody", "run", nullable=False,
                                default=False)  # fmt: skip
    created_at: Mapped[datetime] = column(Instant, "when it was asked for", "nobody", "run", nullable=False)
    beat_at: Mapped[datetime | None] = column(Instant, "last sign of life", "nobody", "run")
    ended_at: Mapped[datetime | None] = column(Instant, "when it ended", "nobody", "run")
    basis: Mapped[dict[str, str] | None] = column(JSON, "the run whose plan held in each region when this one began: "
                                                  "what it stays close to", "nobody", "run")  # fmt: skip
    digest: Mapped[str | None] = column(String(64), "SHA-256 of all that went in", "nobody", "run")
    answer: Mapped[str | None] = column(String(64), "SHA-256 of all that came out", "nobody", "run")
    versions: Mapped[dict[str, str] | None] = column(JSON, "versions that decide the answer", "nobody", "run")
    totals: Mapped[dict[str, Any] | None] = column(JSON, "counts, value, bound and gap", "nobody", "run")
    fault: Mapped[str | None] = column(Text, "why it failed, in ids and codes", "nobody", "run")
    judged_by: Mapped[str | None] = column(ID, "who took it over or discarded it", "employee", "run",
                                           ForeignKey(Account.id))  # fmt: skip
    taken_at: Mapped[datetime | None] = column(Instant, "when a connector took it over", "nobody", "run")
    discarded_at: Mapped[datetime | None] = column(Instant, "when a connector discarded it", "nobody", "run")


class Plan(Versioned, Base):
    """The run whose plan holds in a region: the latest that a connector took over."""

    __tablename__ = "plans"

    region_code: Mapped[str] = column(String(10), "in which region", "nobody", "run", primary_key=True)
    run_id: Mapped[str] = column(ID, "which run", "nobody", "run", ForeignKey(Run.id), nullable=False, index=True)
    since: Mapped[datetime] = column(Instant, "since when", "nobody", "run", nullable=False)


class RunStudent(Base):
    """A student that went in, with the version of the profile."""

    __tablename__ = "run_students"
    __table_args__ = (ForeignKeyConstraint(["student_id", "number"], [Profile.student_id, Profile.number]),)

    run_id: Mapped[str] = column(ID, "which run", "student", "run", ForeignKey(Run.id), primary_key=True)
    student_id: Mapped[str] = column(ID, "who", "student", "run", primary_key=True)
    number: Mapped[int] = column(Integer, "which profile", "student", "run", nullable=False)


class RunOpening(Base):
    """An opening that went in, with its version and the reference it had in the run."""

    __tablename__ = "run_openings"
    __table_args__ = (
        ForeignKeyConstraint(["opening_id", "number"], [OpeningVersion.opening_id, OpeningVersion.number]),
    )

    run_id: Mapped[str] = column(ID, "which run", "organisation", "run", ForeignKey(Run.id), primary_key=True)
    opening_id: Mapped[str] = column(ID, "which opening", "organisation", "run", primary_key=True)
    number: Mapped[int] = column(Integer, "which version", "organisation", "run", nullable=False)
    ref: Mapped[str] = column(String(60), "its reference in the run", "organisation", "run", nullable=False)
    places: Mapped[int | None] = column(Integer, "places that were free when it went in", "organisation", "run")


class RunDecision(Base):
    """A decision that the run kept, within it or outside, or one that lapsed because what caused it changed."""

    __tablename__ = "run_decisions"

    run_id: Mapped[str] = column(ID, "which run", "student", "run", ForeignKey(Run.id), primary_key=True)
    decision_id: Mapped[str] = column(ID, "which decision", "student", "run", primary_key=True)
    kept: Mapped[bool] = column(Boolean, "whether it held in the run", "nobody", "run", nullable=False)


class Proposal(Base):
    """An eligible pair of a run; ``chosen`` marks the plan. Fits are whole millionths."""

    __tablename__ = "proposals"
    __table_args__ = (
        UniqueConstraint("run_id", "student_id", "opening_id"),
        UniqueConstraint("id", "student_id", "opening_id"),  # what a decision points at
        Index("ix_proposals_run_opening", "run_id", "opening_id"),
        Index("uq_proposals_chosen", "run_id", "student_id", unique=True, sqlite_where=text("chosen = 1"),
              postgresql_where=text("chosen")),
        Index("ix_proposals_added", "run_id", "student_id", sqlite_where=text("added_by IS NOT NULL"),
              postgresql_where=text("added_by IS NOT NULL")),
    )

    id: Mapped[str] = key("student", "run")
    run_id: Mapped[str] = column(ID, "which run", "student", "run", ForeignKey(Run.id), nullable=False)
    student_id: Mapped[str] = column(ID, "who", "student", "run", ForeignKey(StoredStudent.id), nullable=False)
    opening_id: Mapped[str] = column(ID, "where", "student", "run", ForeignKey(StoredOpening.id), nullable=False)
    chosen: Mapped[bool] = column(Boolean, "whether the plan has it", "student", "run", nullable=False)
    rank: Mapped[int] = column(Integer, "rank among the student's own", "student", "run", nullable=False)
    fit: Mapped[int] = column(BigInteger, "fit in millionths", "student", "run", nullable=False)
    band: Mapped[str] = column(String(10), "band of the fit", "student", "run", nullable=False)
    known: Mapped[int] = column(BigInteger, "share of known features in millionths", "student", "run", nullable=False)
    parts: Mapped[dict[str, int]] = column(JSON, "base and contributions in millionths", "student", "run",
                                           nullable=False)  # fmt: skip
    regret: Mapped[dict[str, Any] | None] = column(JSON, "what it would cost others", "student", "run")
    reasons: Mapped[list[dict[str, str]]] = column(JSON, "why, in sentences", "student", "run", nullable=False)
    to_check: Mapped[list[dict[str, str]]] = column(JSON, "points to check", "student", "run", nullable=False)
    again: Mapped[dict[str, str] | None] = column(JSON, "the rejection that lapsed, and why", "student", "run")
    added_by: Mapped[str | None] = column(ID, "who proposed it outside the list; empty: the run", "employee", "run",
                                          ForeignKey(Account.id))  # fmt: skip
    why: Mapped[str | None] = column(String(500), "why it was proposed all the same; the student may read it",
                                     "student", "run")  # fmt: skip


class Outcome(Base):
    """What a run says about one student as a whole: placed, or what blocks and the smallest change."""

    __tablename__ = "outcomes"

    run_id: Mapped[str] = column(ID, "which run", "student", "run", ForeignKey(Run.id), primary_key=True)
    student_id: Mapped[str] = column(ID, "who", "student", "run", ForeignKey(StoredStudent.id), primary_key=True)
    status: Mapped[str] = column(String(10), "placed or unplaced", "student", "run", nullable=False)
    blocked: Mapped[dict[str, int]] = column(JSON, "openings refused per rule", "student", "run", nullable=False)
    change: Mapped[dict[str, Any] | None] = column(JSON, "smallest change that places", "student", "run")
    facts: Mapped[dict[str, Any] | None] = column(JSON, "how complete and fresh the profile is, what to ask next, "
                                                  "whether the plan is robust", "student", "run")  # fmt: skip


class OpeningOutcome(Base):
    """What a run says about one opening as a whole: how full, what blocks, and what one more place would do."""

    __tablename__ = "opening_outcomes"

    run_id: Mapped[str] = column(ID, "which run", "organisation", "run", ForeignKey(Run.id), primary_key=True)
    opening_id: Mapped[str] = column(ID, "which opening", "organisation", "run", ForeignKey(StoredOpening.id),
                                     primary_key=True)  # fmt: skip
    filled: Mapped[int] = column(Integer, "students in the plan", "organisation", "run", nullable=False)
    left: Mapped[int] = column(Integer, "places nobody has", "organisation", "run", nullable=False)
    opens: Mapped[bool] = column(Boolean, "whether anybody is in and the minimum is met", "organisation", "run",
                                 nullable=False)  # fmt: skip
    eligible: Mapped[int] = column(Integer, "students that no rule refuses", "organisation", "run", nullable=False)
    blocked: Mapped[dict[str, int]] = column(JSON, "students refused per rule", "organisation", "run", nullable=False)
    change: Mapped[dict[str, Any] | None] = column(JSON, "smallest change that fills it", "student", "run")
    worth: Mapped[dict[str, Any] | None] = column(JSON, "what one more place gains, and who moves then", "student",
                                                  "run")  # fmt: skip
