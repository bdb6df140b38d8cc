"""That a group has begun stays known of its opening once who began there is erased."""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    """Apply the change."""
    op.add_column("openings", sa.Column("begun_on", sa.Date(), nullable=True))
    op.add_column("openings", sa.Column("begun_told_at", sa.DateTime(timezone=True), nullable=True))
