"""Lists that were handed in: the file, what each row did, and every defect."""
from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped

from api.store.base import ID, JSON, Base, Instant, Versioned, column, key
from api.store.tables.accounts import Account
from api.store.tables.organisations import Organisation

STATES = ("checked", "refused", "confirmed", "undone")


class Upload(Versioned, Base):
    """One list; ``state`` checked (nothing stored yet), refused, confirmed or undone."""

    __tablename__ = "uploads"
    __table_args__ = (
        CheckConstraint("kind IN ('leavers', 'vacancies')", name="kind"),
        CheckConstraint(f"state IN {STATES}", name="state"),
        CheckConstraint("(state IN ('confirmed', 'undone')) = (confirmed_at IS NOT NULL)", name="confirmed"),
        Index("ix_uploads_organisation_created", "organisation_id", "created_at"),
    )

    id: Mapped[str] = key("organisation", "profile")
    kind: Mapped[str] = column(String(20), "which list", "organisation", "profile", nullable=False)
    state: Mapped[str] = column(String(20), "how far it came", "organisation", "profile", nullable=False)
    organisation_id: Mapped[str | None] = column(ID, "whose list; empty: a connector's for several parties",
                                                 "organisation", "profile", ForeignKey(Organisation.id))  # fmt: skip
    account_id: Mapped[str] = column(ID, "who handed it in", "employee", "profile", ForeignKey(Account.id),
                                     nullable=False)  # fmt: skip
    file_name: Mapped[str] = column(String(120), "so that people know the file again", "organisation", "profile",
                                    nullable=False)  # fmt: skip
    digest: Mapped[str] = column(String(64), "SHA-256 of the file", "organisation", "profile", nullable=False)
    lang: Mapped[str] = column(String(2), "language of the messages", "nobody", "profile", nullable=False)
    options: Mapped[dict[str, Any]] = column(JSON, "how to read the file: columns that were named, the day",
                                             "nobody", "profile", nullable=False, server_default="{}")  # fmt: skip
    rows: Mapped[int] = column(Integer, "rows in the list", "nobody", "profile", nullable=False)
    counts: Mapped[dict[str, int]] = column(JSON, "rows per action", "nobody", "profile", nullable=False)
    created_at: Mapped[datetime] = column(Instant, "when", "nobody", "profile", nullable=False)
    confirmed_at: Mapped[datetime | None] = column(Instant, "when it was stored", "nobody", "profile")
    undone_at: Mapped[datetime | None] = column(Instant, "when it was undone", "nobody", "profile")


class UploadFile(Base):
    """The usable rows of a list between check and confirmation, as data; never the file itself."""

    __tablename__ = "upload_files"

    upload_id: Mapped[str] = column(ID, "which upload", "student", "upload_file", ForeignKey(Upload.id),
                                    primary_key=True)  # fmt: skip
    content: Mapped[bytes] = column(LargeBinary, "the usable rows, as they were checked", "student", "upload_file",
                                    nullable=False)  # fmt: skip


class UploadRow(Base):
    """What one row did or would do: new, changed, same, or skipped for a defect."""

    __tablename__ = "upload_rows"
    __table_args__ = (CheckConstraint("action IN ('new', 'changed', 'same', 'skipped')", name="action"),)

    upload_id: Mapped[str] = column(ID, "which upload", "student", "profile", ForeignKey(Upload.id), primary_key=True)
    row: Mapped[int] = column(Integer, "row as the spreadsheet counts", "nobody", "profile", primary_key=True,
                              autoincrement=False)  # fmt: skip
    action: Mapped[str] = column(String(10), "what it did", "nobody", "profile", nullable=False)
    subject_id: Mapped[str | None] = column(ID, "student or opening", "student", "profile")
    number: Mapped[int | None] = column(Integer, "version that it made", "nobody", "profile")


class UploadDefect(Base):
    """One defect of a list, a row of ``rows.csv``; every digit of a suspected BSN is masked before it comes here.

    Of rows that were not stored nobody can be found by it: it goes with the file.
    """

    __tablename__ = "upload_defects"
    __table_args__ = (ForeignKeyConstraint(["upload_id"], [Upload.id]),)

    upload_id: Mapped[str] = column(ID, "which upload", "student", "upload_file", primary_key=True)
    position: Mapped[int] = column(Integer, "order in the list", "nobody", "upload_file", primary_key=True,
                                   autoincrement=False)  # fmt: skip
    row: Mapped[int | None] = column(Integer, "row as the spreadsheet counts", "nobody", "upload_file")
    header: Mapped[str] = column(String(200), "header as in the file", "nobody", "upload_file", nullable=False)
    severity: Mapped[str] = column(String(10), "error or warning", "nobody", "upload_file", nullable=False)
    code: Mapped[str] = column(String(30), "which defect", "nobody", "upload_file", nullable=False)
    found: Mapped[str] = column(String(500), "what stood there", "student", "upload_file", nullable=False)
    expected: Mapped[str] = column(String(1000), "what was expected", "nobody", "upload_file", nullable=False)
    message: Mapped[str] = column(String(2000), "what to do", "student", "upload_file", nullable=False)
