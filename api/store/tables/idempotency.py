"""Answers already given, so that a request sent twice has one effect."""
from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped

from api.store.base import ID, Base, Instant, column
from api.store.tables.accounts import Account


class Answer(Base):
    """The answer to one ``Idempotency-Key`` of one account."""

    __tablename__ = "answers"

    account_id: Mapped[str] = column(ID, "who asked", "employee", "answer", ForeignKey(Account.id), primary_key=True)
    key: Mapped[str] = column(String(64), "SHA-256 of the key they sent", "nobody", "answer", primary_key=True)
    request: Mapped[str] = column(String(64), "SHA-256 of method, path and body", "nobody", "answer", nullable=False)
    status: Mapped[int] = column(Integer, "status of the answer", "nobody", "answer", nullable=False)
    body: Mapped[bytes] = column(LargeBinary, "the answer", "student", "answer", nullable=False)
    headers: Mapped[str] = column(String(1000), "headers that belong to it, as JSON", "nobody", "answer",
                                  nullable=False)  # fmt: skip
    at: Mapped[datetime] = column(Instant, "when", "nobody", "answer", nullable=False)
