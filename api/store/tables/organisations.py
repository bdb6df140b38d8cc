"""Schools, referrers, employers and municipalities."""
from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped

from api.store.base import Base, Instant, Versioned, column, key

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
    created_at: Mapped[datetime] = column(Instant, "since when it takes part", "organisation", "organisation",
                                          nullable=False)  # fmt: skip
