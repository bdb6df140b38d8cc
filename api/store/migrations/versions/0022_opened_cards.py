"""When somebody had the card of a proposal open for the first time."""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "opened_cards",
        sa.Column("proposal_id", sa.String(length=32), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_opened_cards_account_id")),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposals.id"], name=op.f("fk_opened_cards_proposal_id")),
        sa.PrimaryKeyConstraint("proposal_id", "account_id", name=op.f("pk_opened_cards")),
    )
