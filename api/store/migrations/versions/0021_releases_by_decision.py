"""What an employer answered on an acceptance is found at once, also where the release ended."""
from __future__ import annotations

from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    """Apply the change."""
    op.create_index("ix_releases_decision_id", "releases", ["decision_id"])
