"""Who and what an undone list had moved belongs again where the version that holds says it is."""
from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
_KINDS = (("students", "profiles", "student_id"), ("openings", "opening_versions", "opening_id"))


def upgrade() -> None:
    """Apply the change."""
    bind = op.get_bind()
    for holders, versions, owner in _KINDS:
        holder = sa.table(holders, sa.column("id"), sa.column("number"), sa.column("region_code"))
        version = sa.table(versions, sa.column(owner), sa.column("number"), sa.column("record"))
        query = sa.select(holder.c.id, holder.c.region_code, version.c.record).where(
            version.c[owner] == holder.c.id, version.c.number == holder.c.number)  # fmt: skip
        moved = [{"i": i, "region": there} for i, region, record in bind.execute(query)
                 if (there := _region(record)) and there != region]  # fmt: skip
        if moved:
            change = sa.update(holder).where(holder.c.id == sa.bindparam("i"))
            bind.execute(change.values(region_code=sa.bindparam("region")), moved)


def _region(record: Any) -> str | None:
    """Where a record says it is; None where it says nothing, as one that was emptied."""
    said = json.loads(record) if isinstance(record, str) else record
    place = said.get("location") or {}
    return str(place["region_code"]) if place.get("region_code") else None
