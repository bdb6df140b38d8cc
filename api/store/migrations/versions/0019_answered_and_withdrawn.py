"""A request for help may be withdrawn after it was answered: the answer stays."""
from __future__ import annotations

from alembic import op

revision = "0019"
down_revision = "0018"
NAME = "ck_help_requests_answered"
RULE = (
    "(state <> 'answered' OR answered_at IS NOT NULL) AND "
    "(answered_at IS NULL OR state IN ('answered', 'withdrawn'))"
)


def upgrade() -> None:
    """Apply the change."""
    with op.batch_alter_table("help_requests") as batch_op:
        batch_op.drop_constraint(op.f(NAME), type_="check")
        batch_op.create_check_constraint(op.f(NAME), RULE)
    if op.get_bind().dialect.name == "sqlite":
        broken = op.get_bind().exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        assert not broken, broken
