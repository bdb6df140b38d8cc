"""What an employer sees stands with the release; a placement that runs is tied to an acceptance that stands."""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

STANDS = (
    "(ended_on IS NULL AND decision_holds IS NOT NULL AND decision_holds) OR "
    "(ended_on IS NOT NULL AND decision_holds IS NULL)"
)


def upgrade() -> None:
    """Apply the change."""
    op.add_column("releases", sa.Column("card", sa.JSON(), server_default="{}", nullable=False))
    with op.batch_alter_table("placements") as batch_op:
        batch_op.add_column(sa.Column("decision_holds", sa.Boolean(), nullable=True))
    op.execute(sa.text("UPDATE placements SET decision_holds = :yes WHERE ended_on IS NULL").bindparams(yes=True))
    with op.batch_alter_table("placements") as batch_op:
        batch_op.create_check_constraint(op.f("ck_placements_stands"), sa.text(STANDS))
        batch_op.create_foreign_key(
            "fk_placements_holds", "decisions", ["decision_id", "student_id", "opening_id", "decision_holds"],
            ["id", "student_id", "opening_id", "holds"],
        )  # fmt: skip
