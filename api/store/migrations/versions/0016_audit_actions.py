"""The latest event of a kind is found at once, also where no such event happened in a long log."""
from __future__ import annotations

from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Apply the change."""
    op.create_index("ix_audit_events_action_sequence", "audit_events", ["action", "sequence"])
