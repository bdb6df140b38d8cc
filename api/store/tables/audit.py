"""The audit log: who did what to what, chained so that nothing can be changed or left out unseen."""
from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Index, Integer, String
from sqlalchemy.orm import Mapped

from api.store.base import ID, JSON, Base, Instant, column

_SEQUENCE = BigInteger().with_variant(Integer, "sqlite")


class AuditEvent(Base):
    """One event; ids and codes only. Triggers refuse every change and deletion."""

    __tablename__ = "audit_events"
    __table_args__ = (
        Index("ix_audit_events_action_sequence", "action", "sequence"),
        Index("ix_audit_events_subject_id_sequence", "subject_id", "sequence"),
    )

    sequence: Mapped[int] = column(_SEQUENCE, "order, without a gap", "nobody", "audit", primary_key=True,
                                   autoincrement=False)  # fmt: skip
    at: Mapped[datetime] = column(Instant, "when", "employee", "audit", nullable=False)
    actor_kind: Mapped[str] = column(String(10), "person, system or the service itself", "employee", "audit",
                                     nullable=False)  # fmt: skip
    actor_id: Mapped[str | None] = column(ID, "who", "employee", "audit")
    action: Mapped[str] = column(String(40), "what was done", "employee", "audit", nullable=False)
    subject_kind: Mapped[str] = column(String(20), "to what kind of record", "student", "audit", nullable=False)
    subject_id: Mapped[str] = column(String(64), "to which record", "student", "audit", nullable=False)
    door: Mapped[str] = column(String(20), "through which door: web, worker or command", "nobody", "audit",
                                 nullable=False)  # fmt: skip
    result: Mapped[str] = column(String(10), "done or refused", "nobody", "audit", nullable=False)
    details: Mapped[dict[str, Any]] = column(JSON, "ids, codes and numbers", "student", "audit", nullable=False)
    previous: Mapped[str] = column(String(64), "chain: seal of the event before", "nobody", "audit", nullable=False)
    seal: Mapped[str] = column(String(64), "chain: keyed digest of this event", "nobody", "audit", nullable=False)


class AuditHead(Base):
    """The end of the chain, so that a log cut short is noticed; one row."""

    __tablename__ = "audit_head"
    __table_args__ = (CheckConstraint("id = 1", name="one"),)

    id: Mapped[int] = column(Integer, "there is one end", "nobody", "audit", primary_key=True, autoincrement=False)
    sequence: Mapped[int] = column(_SEQUENCE, "number of events", "nobody", "audit", nullable=False)
    seal: Mapped[str] = column(String(64), "seal of the last event", "nobody", "audit", nullable=False)
    first: Mapped[int] = column(_SEQUENCE, "where the log begins: what is older had its time", "nobody", "audit",
                                nullable=False, default=1, server_default="1")  # fmt: skip
    before: Mapped[str] = column(String(64), "seal of the event before the first", "nobody", "audit", nullable=False,
                                 default="", server_default="")  # fmt: skip
    proof: Mapped[str] = column(String(64), "keyed digest of this row", "nobody", "audit", nullable=False)
