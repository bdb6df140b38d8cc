"""Vacancies, their openings (a vacancy at one start date), every version, and the seats."""
from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Date, ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped

from api.store.base import ID, JSON, Base, Instant, Versioned, column, key, record_column
from api.store.tables.organisations import Contact, Organisation, Participation
from api.store.tables.uploads import Upload


class Vacancy(Versioned, Base):
    """An employer's vacancy under the employer's own number."""

    __tablename__ = "vacancies"
    __table_args__ = (
        UniqueConstraint("organisation_id", "vacancy_ref"),
        CheckConstraint("state IN ('posted', 'open', 'closed')", name="state"),
    )

    id: Mapped[str] = key("organisation", "organisation")
    organisation_id: Mapped[str] = column(ID, "whose vacancy", "organisation", "organisation",
                                          ForeignKey(Organisation.id), nullable=False)  # fmt: skip
    vacancy_ref: Mapped[str] = column(String(40), "the employer's own number", "organisation", "organisation",
                                      nullable=False)  # fmt: skip
    state: Mapped[str] = column(String(10), "posted (a connector looks at it first), open (is matched) or closed",
                                "organisation", "organisation", nullable=False, default="open",
                                server_default="open")  # fmt: skip
    to_review: Mapped[list[str]] = column(JSON, "what a connector should look at before it opens, in codes",
                                          "organisation", "organisation", nullable=False, default=list,
                                          server_default="[]")  # fmt: skip
    participation_id: Mapped[str | None] = column(ID, "under which participation", "organisation", "organisation",
                                                  ForeignKey(Participation.id))  # fmt: skip
    contact_id: Mapped[str | None] = column(ID, "whom to call about it; empty: anybody of the employer", "employee",
                                            "organisation", ForeignKey(Contact.id, ondelete="SET NULL"),
                                            index=True)  # fmt: skip
    created_at: Mapped[datetime] = column(Instant, "since when", "organisation", "organisation", nullable=False)


class StoredOpening(Versioned, Base):
    """A vacancy at one start date; ``number`` is the version that holds, 0 when every upload was undone."""

    __tablename__ = "openings"
    __table_args__ = (
        UniqueConstraint("vacancy_id", "starts_on"),
        UniqueConstraint("id", "vacancy_id"),  # what a release points at
        CheckConstraint("places >= 0", name="places"),
        CheckConstraint("number >= 0", name="number"),
    )

    id: Mapped[str] = key("organisation", "organisation")
    vacancy_id: Mapped[str] = column(ID, "which vacancy", "organisation", "organisation", ForeignKey(Vacancy.id),
                                     nullable=False)  # fmt: skip
    starts_on: Mapped[date] = column(Date, "when it starts", "organisation", "organisation", nullable=False)
    places: Mapped[int] = column(Integer, "how many can come", "organisation", "organisation", nullable=False)
    region_code: Mapped[str | None] = column(String(10), "which connectors may see it", "organisation", "organisation",
                                             index=True)  # fmt: skip
    number: Mapped[int] = column(Integer, "version that holds", "organisation", "organisation", nullable=False)
    created_at: Mapped[datetime] = column(Instant, "since when", "organisation", "organisation", nullable=False)
    begun_on: Mapped[date | None] = column(
        Date, "its group has begun, where nobody is known any more who began: it need not open again", "organisation",
        "organisation")  # fmt: skip
    begun_told_at: Mapped[datetime | None] = column(
        Instant, "since when that was known: a run of before is computed again without it", "organisation",
        "organisation")  # fmt: skip


class OpeningVersion(Base):
    """One version of an opening; never changed, a next version is added."""

    __tablename__ = "opening_versions"

    opening_id: Mapped[str] = column(ID, "which opening", "organisation", "organisation", ForeignKey(StoredOpening.id),
                                     primary_key=True)  # fmt: skip
    number: Mapped[int] = column(Integer, "which version", "organisation", "organisation", primary_key=True,
                                 autoincrement=False)  # fmt: skip
    record: Mapped[dict[str, Any]] = record_column("opening", "organisation", "organisation")
    upload_id: Mapped[str | None] = column(ID, "which list said so", "organisation", "organisation",
                                           ForeignKey(Upload.id), index=True)  # fmt: skip
    account_id: Mapped[str | None] = column(ID, "who wrote it, where no list said so", "employee", "organisation")
    created_at: Mapped[datetime] = column(Instant, "when", "organisation", "organisation", nullable=False)


class Seat(Base):
    """One place of an opening.

    Who is accepted holds a seat, and a seat is held once: so there can never be more people than places, whoever
    writes to the database, and a place that somebody holds cannot be taken away.
    """

    __tablename__ = "seats"

    opening_id: Mapped[str] = column(ID, "which opening", "organisation", "organisation", ForeignKey(StoredOpening.id),
                                     primary_key=True)  # fmt: skip
    seat: Mapped[int] = column(Integer, "which place", "nobody", "organisation", primary_key=True,
                               autoincrement=False)  # fmt: skip
