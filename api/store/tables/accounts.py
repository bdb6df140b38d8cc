"""Who may come in, with which rights, and from where they are signed in."""
from __future__ import annotations

from datetime import date, datetime
from typing import Any

from flask_security import UserMixin
from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, relationship

from api.store.base import ID, JSON, Base, Instant, Versioned, column, key
from api.store.tables.organisations import Organisation

ROLES = (
    "school", "referrer", "employer", "connector", "coach", "student", "parent", "municipality", "administrator",
)  # fmt: skip
OF_ORGANISATION = ("school", "referrer", "employer", "municipality")
OF_STUDENT = ("coach", "student", "parent")
"""Roles of one student: a coach has one such right per student, a parent's holds as long as the mandate does."""


class Account(Versioned, Base, UserMixin):
    """A person who works with the service; names of the first four columns are Flask-Security's."""

    __tablename__ = "accounts"
    __table_args__ = (UniqueConstraint("email"), UniqueConstraint("fs_uniquifier"))

    id: Mapped[str] = key("employee", "account")  # type: ignore[assignment]
    email: Mapped[str | None] = column(String(254), "to sign in; a student signs in with a code", "employee",
                                       "account")  # type: ignore[assignment]  # fmt: skip
    password: Mapped[str | None] = column(String(255), "Argon2 hash, to sign in", "employee", "account")
    active: Mapped[bool] = column(Boolean, "whether it may be used", "employee", "account", nullable=False,
                                  default=True)  # fmt: skip
    fs_uniquifier: Mapped[str] = column(String(64), "ends every session at once when it changes", "employee",
                                        "account", nullable=False)  # fmt: skip
    name: Mapped[str] = column(String(120), "who decided, for people", "employee", "account", nullable=False)
    must_change: Mapped[bool] = column(Boolean, "a first password is for one use", "employee", "account",
                                       nullable=False, default=False)  # fmt: skip
    tf_primary_method: Mapped[str | None] = column(String(64), "second factor at sign-in", "employee", "account")
    tf_totp_secret: Mapped[str | None] = column(String(255), "second factor, sealed", "employee", "account")
    tf_counter: Mapped[int | None] = column(BigInteger, "second factor: the last code that was used, so that none is "
                                            "used twice", "employee", "account")  # fmt: skip
    preferences: Mapped[dict[str, Any]] = column(JSON, "language, keys, saved views", "employee", "account",
                                                 nullable=False, server_default="{}", default=dict)  # fmt: skip
    created_at: Mapped[datetime] = column(Instant, "since when", "employee", "account", nullable=False)
    grants: Mapped[list[Grant]] = relationship(back_populates="account", order_by="Grant.id")

    @property
    def roles(self) -> list[str]:  # type: ignore[override]
        """Nothing, for Flask-Security: rights are `grants`, at an organisation or in a region, read per request."""
        return []


class Grant(Base):
    """A role of an account, at an organisation or for a region."""

    __tablename__ = "grants"
    __table_args__ = (
        CheckConstraint(f"role IN {ROLES}", name="role"),
        CheckConstraint(f"(role IN {OF_ORGANISATION}) = (organisation_id IS NOT NULL)", name="of_organisation"),
        CheckConstraint("(role = 'connector') = (region_code IS NOT NULL)", name="of_region"),
        CheckConstraint(f"(role IN {OF_STUDENT}) = (student_id IS NOT NULL)", name="of_student"),
        # Empty columns are never equal to each other, so what the right is about stands once more in one column.
        CheckConstraint("subject = coalesce(organisation_id, region_code, student_id, '')", name="subject"),
        UniqueConstraint("account_id", "role", "subject"),
    )

    id: Mapped[str] = key("employee", "account")
    account_id: Mapped[str] = column(ID, "whose right", "employee", "account", ForeignKey(Account.id), nullable=False,
                                     index=True)  # fmt: skip
    role: Mapped[str] = column(String(20), "which right", "employee", "account", nullable=False)
    organisation_id: Mapped[str | None] = column(ID, "at which party", "employee", "account",
                                                 ForeignKey(Organisation.id))  # fmt: skip
    region_code: Mapped[str | None] = column(String(10), "in which region", "employee", "account")
    student_id: Mapped[str | None] = column(ID, "of which student", "student", "account", ForeignKey("students.id"),
                                            index=True)  # fmt: skip
    subject: Mapped[str] = column(String(32), "organisation, region or student, so that no right stands twice",
                                  "employee", "account", nullable=False)  # fmt: skip
    account: Mapped[Account] = relationship(back_populates="grants")


class Code(Base):
    """A code on paper: a student's for signing in, once; only its keyed digest is kept."""

    __tablename__ = "codes"
    __table_args__ = (UniqueConstraint("digest"), Index("ix_codes_student_id", "student_id"))

    id: Mapped[str] = key("student", "code")
    student_id: Mapped[str] = column(ID, "for which student", "student", "code", ForeignKey("students.id"),
                                     nullable=False)  # fmt: skip
    digest: Mapped[str] = column(String(64), "keyed digest of the code", "student", "code", nullable=False)
    account_id: Mapped[str] = column(ID, "who handed it out", "employee", "code", ForeignKey(Account.id),
                                     nullable=False)  # fmt: skip
    created_at: Mapped[datetime] = column(Instant, "when", "student", "code", nullable=False)
    expires_at: Mapped[datetime] = column(Instant, "until when", "student", "code", nullable=False)
    used_at: Mapped[datetime | None] = column(Instant, "when it was used", "student", "code")
    ended_at: Mapped[datetime | None] = column(Instant, "when a newer code took its place", "student", "code")
    wrong_tries: Mapped[int] = column(Integer, "how often the birth date was wrong: who finds the paper gets few tries",
                                      "student", "code", nullable=False, default=0, server_default="0")  # fmt: skip


class Invitation(Base):
    """A code with which an account gets its first, or a next, password: once, and only its keyed digest is kept."""

    __tablename__ = "invitations"
    __table_args__ = (UniqueConstraint("digest"),)

    id: Mapped[str] = key("employee", "code")
    account_id: Mapped[str] = column(ID, "for which account", "employee", "code", ForeignKey(Account.id),
                                     nullable=False, index=True)  # fmt: skip
    digest: Mapped[str] = column(String(64), "keyed digest of the code", "employee", "code", nullable=False)
    made_by: Mapped[str | None] = column(ID, "who handed it out; empty: who runs the service", "employee", "code",
                                         ForeignKey(Account.id))  # fmt: skip
    created_at: Mapped[datetime] = column(Instant, "when", "employee", "code", nullable=False)
    expires_at: Mapped[datetime] = column(Instant, "until when", "employee", "code", nullable=False)
    used_at: Mapped[datetime | None] = column(Instant, "when it was used", "employee", "code")
    ended_at: Mapped[datetime | None] = column(Instant, "when a newer one took its place", "employee", "code")


class Mandate(Versioned, Base):
    """A student's mandate to a parent or representative: who may look along and answer, and until when."""

    __tablename__ = "mandates"
    __table_args__ = (
        CheckConstraint("ends_on > begins_on", name="ends_after_it_begins"),
        CheckConstraint("ground IN ('minor', 'student_gave', 'representative')", name="ground"),
        Index("uq_mandates_live", "student_id", "account_id", unique=True, sqlite_where=text("ended_at IS NULL"),
              postgresql_where=text("ended_at IS NULL")),
    )

    id: Mapped[str] = key("student", "profile")
    student_id: Mapped[str] = column(ID, "whose mandate", "student", "profile", ForeignKey("students.id"),
                                     nullable=False)  # fmt: skip
    account_id: Mapped[str] = column(ID, "to whom", "student", "profile", ForeignKey(Account.id), nullable=False)
    ground: Mapped[str] = column(String(20), "why: a minor's parent, given by the student, or a legal representative",
                                 "student", "profile", nullable=False)  # fmt: skip
    recorded_by: Mapped[str] = column(ID, "who recorded it", "employee", "profile", ForeignKey(Account.id),
                                      nullable=False)  # fmt: skip
    begins_on: Mapped[date] = column(Date, "from when", "student", "profile", nullable=False)
    ends_on: Mapped[date] = column(Date, "until when; a minor's at 18 at the latest", "student", "profile",
                                   nullable=False)  # fmt: skip
    created_at: Mapped[datetime] = column(Instant, "when it was recorded", "student", "profile", nullable=False)
    ended_at: Mapped[datetime | None] = column(Instant, "when it was taken back", "student", "profile")


class RecoveryCode(Base):
    """A code for one sign-in by who has lost the second factor; only its keyed digest is kept."""

    __tablename__ = "recovery_codes"
    __table_args__ = (UniqueConstraint("digest"),)

    id: Mapped[str] = key("employee", "account")
    account_id: Mapped[str] = column(ID, "whose", "employee", "account", ForeignKey(Account.id), nullable=False,
                                     index=True)  # fmt: skip
    digest: Mapped[str] = column(String(64), "keyed digest of the code", "employee", "account", nullable=False)
    created_at: Mapped[datetime] = column(Instant, "when", "employee", "account", nullable=False)
    used_at: Mapped[datetime | None] = column(Instant, "when it was used", "employee", "account")


class SignIn(Base):
    """A session on the server's side: a cookie that is stolen is worth nothing once this has ended."""

    __tablename__ = "sign_ins"

    id: Mapped[str] = key("employee", "session")
    account_id: Mapped[str] = column(ID, "whose session", "employee", "session", ForeignKey(Account.id),
                                     nullable=False, index=True)  # fmt: skip
    began_at: Mapped[datetime] = column(Instant, "when it began", "employee", "session", nullable=False)
    ends_at: Mapped[datetime] = column(Instant, "when it ends whatever happens", "employee", "session", nullable=False)
    ended_at: Mapped[datetime | None] = column(Instant, "when it was ended", "employee", "session")


class Token(Base):
    """A bearer token of a system; only its digest is kept."""

    __tablename__ = "tokens"
    __table_args__ = (UniqueConstraint("digest"),)

    id: Mapped[str] = key("employee", "account")
    account_id: Mapped[str] = column(ID, "with whose rights", "employee", "account", ForeignKey(Account.id),
                                     nullable=False, index=True)  # fmt: skip
    name: Mapped[str] = column(String(120), "which system uses it", "employee", "account", nullable=False)
    digest: Mapped[str] = column(String(64), "SHA-256 of the token", "employee", "account", nullable=False)
    scopes: Mapped[list[str]] = column(JSON, "what it may do", "employee", "account", nullable=False)
    created_at: Mapped[datetime] = column(Instant, "since when", "employee", "account", nullable=False)
    expires_at: Mapped[datetime] = column(Instant, "until when", "employee", "account", nullable=False)
    revoked_at: Mapped[datetime | None] = column(Instant, "when it was taken back", "employee", "account")


class LoginFailure(Base):
    """A wrong sign-in, to slow the next ones down; the address stands here as a keyed digest only."""

    __tablename__ = "login_failures"
    __table_args__ = (Index("ix_login_failures_who_at", "who", "at"),)

    id: Mapped[str] = key("employee", "throttle")
    who: Mapped[str] = column(String(64), "keyed digest of the address tried", "employee", "throttle", nullable=False)
    at: Mapped[datetime] = column(Instant, "when", "employee", "throttle", nullable=False)
