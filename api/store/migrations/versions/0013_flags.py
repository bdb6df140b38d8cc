"""On SQLite, partial indexes say a flag as queries say it (`= 1`): an index is used only for its very own term."""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

INDEXES = (
    ("uq_decisions_one_place", "decisions", ["student_id"], "holds"),
    ("uq_decisions_seat", "decisions", ["opening_id", "seat"], "holds"),
    ("uq_consents_live", "consents", ["student_id", "vacancy_id"], "live"),
    ("uq_proposals_chosen", "proposals", ["run_id", "student_id"], "chosen"),
)


def upgrade() -> None:
    """Apply the change."""
    if op.get_bind().dialect.name != "sqlite":
        return
    for name, table, columns, flag in INDEXES:
        op.drop_index(name, table_name=table)
        op.create_index(name, table, columns, unique=True, sqlite_where=sa.text(f"{flag} = 1"))
