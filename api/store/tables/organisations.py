"""Schools, referrers, employers and municipalities."""
from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Boolean, CheckConstraint, Date, ForeignKey, Index, Integer, String, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped

from api.store.base import ID, JSON, Base, Instant, Versioned, column, key

KINDS = ("school", "referrer", "employer", "municipality")


class Organisation(Versioned, Base):
    """A party; ``code`` is BRIN, KvK number or CBS code, or a referrer's name."""

    __tablename__ = "organisations"
    __table_args__ = (
        UniqueConstraint("kind", "code"),
        CheckConstraint(f"kind IN {KINDS}", name="kind"),
    )

    id: Mapped[str] = key("organisation", "organisation")
    kind: Mapped[str] = column(String(20), "what the party does", "organisation", "organisation", nullable=False)
    code: Mapped[str] = column(String(120), "official number of the party", "organisation", "organisation",
                               nullable=False)  # fmt: skip
    name: Mapped[str] = column(String(200), "what people call it", "organisation", "organisation", nullable=False)
    region_code: Mapped[str | None] = column(String(10), "labour-market region, for who may see what", "organisation",
                                             "organisation")  # fmt: skip
    place: Mapped[str] = column(String(120), "where it is", "organisation", "organisation", nullable=False, default="",
                                server_default="")  # fmt: skip
    about: Mapped[str] = column(String(1000), "what it offers, in its own words, for the directory", "organisation",
                                "organisation", nullable=False, default="", server_default="")  # fmt: skip
    offers: Mapped[dict[str, Any]] = column(JSON, "what it offers, in codes", "organisation", "organisation",
                                            nullable=False, default=dict, server_default="{}")  # fmt: skip
    listed: Mapped[bool] = column(Boolean, "whether the directory shows it", "organisation", "organisation",
                                  nullable=False, default=False, server_default=false())  # fmt: skip
    approved_at: Mapped[datetime | None] = column(Instant, "since when a person vouches for it: before, nothing of it "
                                                  "is matched", "organisation", "organisation")  # fmt: skip
    approved_by: Mapped[str | None] = column(ID, "who vouches for it; empty: who runs the service", "employee",
                                             "organisation", ForeignKey("accounts.id"))  # fmt: skip
    created_at: Mapped[datetime] = column(Instant, "since when it takes part", "organisation", "organisation",
                                          nullable=False)  # fmt: skip


class Contact(Versioned, Base):
    """A person to call at an organisation; an employee, never a student."""

    __tablename__ = "contacts"

    id: Mapped[str] = key("employee", "organisation")
    organisation_id: Mapped[str] = column(ID, "at which party", "employee", "organisation",
                                          ForeignKey(Organisation.id), nullable=False, index=True)  # fmt: skip
    name: Mapped[str] = column(String(120), "whom to ask for", "employee", "organisation", nullable=False)
    task: Mapped[str] = column(String(120), "what about", "employee", "organisation", nullable=False, default="")
    email: Mapped[str] = column(String(254), "to reach the person", "employee", "organisation", nullable=False,
                                default="")  # fmt: skip
    phone: Mapped[str] = column(String(30), "to reach the person", "employee", "organisation", nullable=False,
                                default="")  # fmt: skip
    listed: Mapped[bool] = column(Boolean, "whether the directory shows the person", "employee", "organisation",
                                  nullable=False, default=False)  # fmt: skip
    created_at: Mapped[datetime] = column(Instant, "since when", "employee", "organisation", nullable=False)


class LegalGround(Base):
    """On which ground of the law a party hands in data about persons; apart from any consent. Ended, never changed."""

    __tablename__ = "legal_grounds"
    __table_args__ = (
        CheckConstraint("ground IN ('public_task', 'legal_duty', 'legitimate_interest', 'agreement', 'consent')",
                        name="ground"),
        Index("uq_legal_grounds_live", "organisation_id", unique=True, sqlite_where=text("ended_at IS NULL"),
              postgresql_where=text("ended_at IS NULL")),
    )  # fmt: skip

    id: Mapped[str] = key("organisation", "organisation")
    organisation_id: Mapped[str] = column(ID, "which party", "organisation", "organisation",
                                          ForeignKey(Organisation.id), nullable=False)  # fmt: skip
    ground: Mapped[str] = column(String(20), "which ground", "organisation", "organisation", nullable=False)
    explanation: Mapped[str] = column(String(500), "why it applies, in own words", "organisation", "organisation",
                                      nullable=False, default="")  # fmt: skip
    account_id: Mapped[str] = column(ID, "who recorded it", "employee", "organisation", ForeignKey("accounts.id"),
                                     nullable=False)  # fmt: skip
    recorded_at: Mapped[datetime] = column(Instant, "when", "organisation", "organisation", nullable=False)
    ended_at: Mapped[datetime | None] = column(Instant, "when another took its place", "organisation", "organisation")


class Participation(Versioned, Base):
    """How an employer takes part in a project: the option and its entry criteria, met or not."""

    __tablename__ = "participations"
    __table_args__ = (
        UniqueConstraint("organisation_id", "project"),
        CheckConstraint("option BETWEEN 1 AND 5", name="option"),
    )

    id: Mapped[str] = key("organisation", "organisation")
    organisation_id: Mapped[str] = column(ID, "which employer", "organisation", "organisation",
                                          ForeignKey(Organisation.id), nullable=False)  # fmt: skip
    project: Mapped[str] = column(String(120), "which project", "organisation", "organisation", nullable=False)
    branch: Mapped[str] = column(String(30), "in which branch", "organisation", "organisation", nullable=False)
    region_code: Mapped[str | None] = column(String(10), "in which region", "organisation", "organisation")
    option: Mapped[int] = column(Integer, "participation option", "organisation", "organisation", nullable=False)
    criteria: Mapped[dict[str, str]] = column(JSON, "entry criteria: met or not_met by code", "organisation",
                                              "organisation", nullable=False, default=dict)  # fmt: skip
    created_at: Mapped[datetime] = column(Instant, "since when", "organisation", "organisation", nullable=False)
    ended_at: Mapped[datetime | None] = column(Instant, "until when", "organisation", "organisation")


class Cooperation(Versioned, Base):
    """Parties that work together under a covenant; narrow or broad follows from its school types and branches."""

    __tablename__ = "cooperations"

    id: Mapped[str] = key("organisation", "organisation")
    name: Mapped[str] = column(String(120), "what people call it", "organisation", "organisation", nullable=False)
    region_code: Mapped[str | None] = column(String(10), "in which region", "organisation", "organisation")
    school_types: Mapped[list[str]] = column(JSON, "which school types", "organisation", "organisation", nullable=False)
    branches: Mapped[list[str]] = column(JSON, "which branches", "organisation", "organisation", nullable=False)
    signed_on: Mapped[date | None] = column(Date, "when the covenant was signed", "organisation", "organisation")
    ended_on: Mapped[date | None] = column(Date, "when it ended", "organisation", "organisation")
    created_at: Mapped[datetime] = column(Instant, "since when", "organisation", "organisation", nullable=False)


class CooperationMember(Base):
    """A party in a cooperation, and what it does there."""

    __tablename__ = "cooperation_members"

    cooperation_id: Mapped[str] = column(ID, "in which cooperation", "organisation", "organisation",
                                         ForeignKey(Cooperation.id), primary_key=True)  # fmt: skip
    organisation_id: Mapped[str] = column(ID, "which party", "organisation", "organisation",
                                          ForeignKey(Organisation.id), primary_key=True)  # fmt: skip
    tasks: Mapped[str] = column(String(500), "what it does there", "organisation", "organisation", nullable=False,
                                default="")  # fmt: skip
