"""A placement may be ended before the day of its start: then it never began."""
from __future__ import annotations

from alembic import op

revision = "0018"
down_revision = "0017"
NAME = "ck_placements_ends_after_it_starts"
RULE = (
    "ended_on IS NULL OR ended_on >= started_on OR "
    "(verdict IS NULL AND contract_on IS NULL AND end_reason NOT IN ('completed', 'next_step', 'not_passed'))"
)


def upgrade() -> None:
    """Apply the change."""
    with op.batch_alter_table("placements") as batch_op:
        batch_op.drop_constraint(op.f(NAME), type_="check")
        batch_op.create_check_constraint(op.f(NAME), RULE)
    if op.get_bind().dialect.name == "sqlite":
        broken = op.get_bind().exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        assert not broken, broken
