"""A vacancy has its own contact person, as long as the organisation has that person."""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Apply the change."""
    with op.batch_alter_table("vacancies") as batch_op:
        batch_op.add_column(sa.Column("contact_id", sa.String(length=32), nullable=True))
        batch_op.create_foreign_key("fk_vacancies_contact_id", "contacts", ["contact_id"], ["id"], ondelete="SET NULL")
        batch_op.create_index("ix_vacancies_contact_id", ["contact_id"])
