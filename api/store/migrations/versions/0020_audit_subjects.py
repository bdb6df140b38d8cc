"""What was done to one record is found at once in a long log."""
from __future__ import annotations

from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    """Apply the change."""
    op.create_index("ix_audit_events_subject_id_sequence", "audit_events", ["subject_id", "sequence"])
