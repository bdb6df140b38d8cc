"""Which run's plan holds in a region, what a run stayed close to, and what it says about openings; questions as runs."""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Apply the change."""
    with op.batch_alter_table("runs") as batch_op:
        batch_op.add_column(sa.Column("kind", sa.String(length=10), nullable=False, server_default="match"))
        batch_op.add_column(sa.Column("question", sa.JSON(none_as_null=True), nullable=True))
        batch_op.add_column(sa.Column("basis", sa.JSON(none_as_null=True), nullable=True))
        batch_op.create_check_constraint(op.f("ck_runs_kind"), "kind IN ('match', 'group')")
        batch_op.create_check_constraint(op.f("ck_runs_only_plans_are_judged"),
                                         "kind = 'match' OR (taken_at IS NULL AND discarded_at IS NULL)")  # fmt: skip
    with op.batch_alter_table("outcomes") as batch_op:
        batch_op.add_column(sa.Column("facts", sa.JSON(none_as_null=True), nullable=True))
    added = sa.text("added_by IS NOT NULL")
    op.create_index("ix_proposals_added", "proposals", ["run_id", "student_id"], sqlite_where=added,
                    postgresql_where=added)  # fmt: skip
    op.create_table(
        "plans",
        sa.Column("region_code", sa.String(length=10), nullable=False),
        sa.Column("run_id", sa.String(length=32), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_plans_run_id")),
        sa.PrimaryKeyConstraint("region_code", name=op.f("pk_plans")),
    )
    op.create_index(op.f("ix_plans_run_id"), "plans", ["run_id"])
    op.create_table(
        "opening_outcomes",
        sa.Column("run_id", sa.String(length=32), nullable=False),
        sa.Column("opening_id", sa.String(length=32), nullable=False),
        sa.Column("filled", sa.Integer(), nullable=False),
        sa.Column("left", sa.Integer(), nullable=False),
        sa.Column("opens", sa.Boolean(), nullable=False),
        sa.Column("eligible", sa.Integer(), nullable=False),
        sa.Column("blocked", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("change", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("worth", sa.JSON(none_as_null=True), nullable=True),
        sa.ForeignKeyConstraint(["opening_id"], ["openings.id"], name=op.f("fk_opening_outcomes_opening_id")),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_opening_outcomes_run_id")),
        sa.PrimaryKeyConstraint("run_id", "opening_id", name=op.f("pk_opening_outcomes")),
    )
    if op.get_bind().dialect.name == "sqlite":
        broken = op.get_bind().exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        assert not broken, broken
