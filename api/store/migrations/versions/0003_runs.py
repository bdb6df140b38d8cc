"""Policies, runs, proposals."""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Apply the change."""
    op.create_table('policies',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('account_id', sa.String(length=32), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name='fk_policies_account_id'),
    sa.PrimaryKeyConstraint('id', name='pk_policies'),
    sa.UniqueConstraint('number', name='uq_policies_number')
    )
    op.create_table('runs',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('regions', sa.JSON(), nullable=False),
    sa.Column('on_day', sa.Date(), nullable=False),
    sa.Column('policy_id', sa.String(length=32), nullable=False),
    sa.Column('account_id', sa.String(length=32), nullable=False),
    sa.Column('lang', sa.String(length=2), nullable=False),
    sa.Column('step', sa.String(length=20), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('stop', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('beat_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('digest', sa.String(length=64), nullable=True),
    sa.Column('answer', sa.String(length=64), nullable=True),
    sa.Column('versions', sa.JSON(), nullable=True),
    sa.Column('totals', sa.JSON(), nullable=True),
    sa.Column('fault', sa.Text(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("(state IN ('done', 'failed', 'cancelled')) = (ended_at IS NOT NULL)", name='ck_runs_ended'),
    sa.CheckConstraint("state IN ('queued', 'running', 'done', 'failed', 'cancelled')", name='ck_runs_state'),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name='fk_runs_account_id'),
    sa.ForeignKeyConstraint(['policy_id'], ['policies.id'], name='fk_runs_policy_id'),
    sa.PrimaryKeyConstraint('id', name='pk_runs')
    )
    with op.batch_alter_table('runs', schema=None) as batch_op:
        batch_op.create_index('ix_runs_state_created', ['state', 'created_at'], unique=False)

    op.create_table('outcomes',
    sa.Column('run_id', sa.String(length=32), nullable=False),
    sa.Column('student_id', sa.String(length=32), nullable=False),
    sa.Column('status', sa.String(length=10), nullable=False),
    sa.Column('blocked', sa.JSON(), nullable=False),
    sa.Column('change', sa.JSON(), nullable=True),
    sa.ForeignKeyConstraint(['run_id'], ['runs.id'], name='fk_outcomes_run_id'),
    sa.ForeignKeyConstraint(['student_id'], ['students.id'], name='fk_outcomes_student_id'),
    sa.PrimaryKeyConstraint('run_id', 'student_id', name='pk_outcomes')
    )
    op.create_table('proposals',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('run_id', sa.String(length=32), nullable=False),
    sa.Column('student_id', sa.String(length=32), nullable=False),
    sa.Column('opening_id', sa.String(length=32), nullable=False),
    sa.Column('chosen', sa.Boolean(), nullable=False),
    sa.Column('rank', sa.Integer(), nullable=False),
    sa.Column('fit', sa.BigInteger(), nullable=False),
    sa.Column('band', sa.String(length=10), nullable=False),
    sa.Column('known', sa.BigInteger(), nullable=False),
    sa.Column('parts', sa.JSON(), nullable=False),
    sa.Column('regret', sa.JSON(), nullable=True),
    sa.Column('reasons', sa.JSON(), nullable=False),
    sa.Column('to_check', sa.JSON(), nullable=False),
    sa.Column('again', sa.JSON(), nullable=True),
    sa.ForeignKeyConstraint(['opening_id'], ['openings.id'], name='fk_proposals_opening_id'),
    sa.ForeignKeyConstraint(['run_id'], ['runs.id'], name='fk_proposals_run_id'),
    sa.ForeignKeyConstraint(['student_id'], ['students.id'], name='fk_proposals_student_id'),
    sa.PrimaryKeyConstraint('id', name='pk_proposals'),
    sa.UniqueConstraint('id', 'student_id', 'opening_id', name='uq_proposals_id_student_id_opening_id'),
    sa.UniqueConstraint('run_id', 'student_id', 'opening_id', name='uq_proposals_run_id_student_id_opening_id')
    )
    with op.batch_alter_table('proposals', schema=None) as batch_op:
        batch_op.create_index('ix_proposals_run_opening', ['run_id', 'opening_id'], unique=False)
        batch_op.create_index('uq_proposals_chosen', ['run_id', 'student_id'], unique=True, sqlite_where=sa.text('chosen'), postgresql_where=sa.text('chosen'))

    op.create_table('run_decisions',
    sa.Column('run_id', sa.String(length=32), nullable=False),
    sa.Column('decision_id', sa.String(length=32), nullable=False),
    sa.Column('kept', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['run_id'], ['runs.id'], name='fk_run_decisions_run_id'),
    sa.PrimaryKeyConstraint('run_id', 'decision_id', name='pk_run_decisions')
    )
    op.create_table('run_students',
    sa.Column('run_id', sa.String(length=32), nullable=False),
    sa.Column('student_id', sa.String(length=32), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['run_id'], ['runs.id'], name='fk_run_students_run_id'),
    sa.ForeignKeyConstraint(['student_id', 'number'], ['profiles.student_id', 'profiles.number'], name='fk_run_students_student_id_number'),
    sa.PrimaryKeyConstraint('run_id', 'student_id', name='pk_run_students')
    )
    op.create_table('run_openings',
    sa.Column('run_id', sa.String(length=32), nullable=False),
    sa.Column('opening_id', sa.String(length=32), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('ref', sa.String(length=60), nullable=False),
    sa.ForeignKeyConstraint(['opening_id', 'number'], ['opening_versions.opening_id', 'opening_versions.number'], name='fk_run_openings_opening_id_number'),
    sa.ForeignKeyConstraint(['run_id'], ['runs.id'], name='fk_run_openings_run_id'),
    sa.PrimaryKeyConstraint('run_id', 'opening_id', name='pk_run_openings')
    )
