"""Which card a connector has open now: a row per connector."""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "open_cards",
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("student_id", sa.String(length=32), nullable=False),
        sa.Column("opening_id", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_open_cards_account_id")),
        sa.ForeignKeyConstraint(["student_id"], ["students.id"], name=op.f("fk_open_cards_student_id")),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_open_cards")),
    )
    op.create_index("ix_open_cards_student_id", "open_cards", ["student_id"])
