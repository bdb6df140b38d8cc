"""Students and every version of their profile."""
from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped

from api.store.base import ID, Base, Instant, Versioned, column, key, record_column
from api.store.tables.organisations import Organisation
from api.store.tables.uploads import Upload


class StoredStudent(Versioned, Base):
    """A student of a school or referrer; ``number`` is the profile that holds, 0 when every upload was undone."""

    __tablename__ = "students"
    __table_args__ = (UniqueConstraint("organisation_id", "student_ref"), CheckConstraint("number >= 0", name="number"))

    id: Mapped[str] = key("student", "profile")
    organisation_id: Mapped[str] = column(ID, "whose student", "student", "profile", ForeignKey(Organisation.id),
                                          nullable=False)  # fmt: skip
    student_ref: Mapped[str] = column(String(40), "the school's own number", "student", "profile", nullable=False)
    region_code: Mapped[str | None] = column(String(10), "which connectors may see the student", "student", "profile",
                                             index=True)  # fmt: skip
    number: Mapped[int] = column(Integer, "profile version that holds", "student", "profile", nullable=False)
    created_at: Mapped[datetime] = column(Instant, "since when", "student", "profile", nullable=False)


class Profile(Base):
    """One version of a profile; never changed, a next version is added."""

    __tablename__ = "profiles"

    student_id: Mapped[str] = column(ID, "whose profile", "student", "profile", ForeignKey(StoredStudent.id),
                                     primary_key=True)  # fmt: skip
    number: Mapped[int] = column(Integer, "which version", "student", "profile", primary_key=True,
                                 autoincrement=False)  # fmt: skip
    record: Mapped[dict[str, Any]] = record_column("student", "student", "profile")
    upload_id: Mapped[str | None] = column(ID, "which list said so", "student", "profile", ForeignKey(Upload.id),
                                           index=True)  # fmt: skip
    account_id: Mapped[str | None] = column(ID, "who wrote it, where no list said so", "employee", "profile")
    created_at: Mapped[datetime] = column(Instant, "when", "student", "profile", nullable=False)
