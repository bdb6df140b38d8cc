"""Who may come in, with which rights, and from where they are signed in."""
from __future__ import annotations

from datetime import datetime

from flask_security import UserMixin
from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, relationship

from api.store.base import ID, JSON, Base, Instant, Versioned, column, key
from api.store.tables.organisations import Organisation

ROLES = ("school", "referrer", "employer", "connector", "municipality", "administrator")
OF_ORGANISATION = ("school", "referrer", "employer", "municipality")


class Account(Versioned, Base, UserMixin):
    """A person who works with the service; names of the first four columns are Flask-Security's."""

    __tablename__ = "accounts"
    __table_args__ = (UniqueConstraint("email"), UniqueConstraint("fs_uniquifier"))

    id: Mapped[str] = key("employee", "account")  # type: ignore[assignment]
    email: Mapped[str] = column(String(254), "to sign in", "employee", "account", nullable=False)
    password: Mapped[str | None] = column(String(255), "Argon2 hash, to sign in", "employee", "account")
    active: Mapped[bool] = column(Boolean, "whether it may be used", "employee", "account", nullable=False,
                                  default=True)  # fmt: skip
    fs_uniquifier: Mapped[str] = column(String(64), "ends every session at once when it changes", "employee",
                                        "account", nullable=False)  # fmt: skip
    name: Mapped[str] = column(String(120), "who decided, for people", "employee", "account", nullable=False)
    must_change: Mapped[bool] = column(Boolean, "a first password is for one use", "employee", "account",
                                       nullable=False, default=False)  # fmt: skip
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
        UniqueConstraint("account_id", "role", "organisation_id", "region_code"),
    )

    id: Mapped[str] = key("employee", "account")
    account_id: Mapped[str] = column(ID, "whose right", "employee", "account", ForeignKey(Account.id), nullable=False,
                                     index=True)  # fmt: skip
    role: Mapped[str] = column(String(20), "which right", "employee", "account", nullable=False)
    organisation_id: Mapped[str | None] = column(ID, "at which party", "employee", "account",
                                                 ForeignKey(Organisation.id))  # fmt: skip
    region_code: Mapped[str | None] = column(String(10), "in which region", "employee", "account")
    account: Mapped[Account] = relationship(back_populates="grants")


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
