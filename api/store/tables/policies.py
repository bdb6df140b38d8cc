"""Policies: every version of the weights, rules and limits that a run was made with."""
from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped

from api.store.base import ID, Base, Instant, column, key
from api.store.tables.accounts import Account


class StoredPolicy(Base):
    """One version of a policy; never changed. ``text`` is the TOML file, empty for the shipped defaults."""

    __tablename__ = "policies"
    __table_args__ = (UniqueConstraint("number"),)

    id: Mapped[str] = key("nobody", "run")
    number: Mapped[int] = column(Integer, "which version", "nobody", "run", nullable=False)
    text: Mapped[str] = column(Text, "the settings", "nobody", "run", nullable=False)
    digest: Mapped[str] = column(String(64), "SHA-256 of the settings", "nobody", "run", nullable=False)
    account_id: Mapped[str | None] = column(ID, "who adopted it", "employee", "run", ForeignKey(Account.id))
    created_at: Mapped[datetime] = column(Instant, "when", "nobody", "run", nullable=False)
