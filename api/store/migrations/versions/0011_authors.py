"""Who wrote a version of a profile or an opening that no list said."""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Apply the change."""
    for table in ("profiles", "opening_versions"):
        op.add_column(table, sa.Column("account_id", sa.String(length=32), nullable=True))
