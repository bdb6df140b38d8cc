"""Organisations, accounts, sessions."""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table('accounts',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('password', sa.String(length=255), nullable=True),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('fs_uniquifier', sa.String(length=64), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('must_change', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name='pk_accounts'),
    sa.UniqueConstraint('email', name='uq_accounts_email'),
    sa.UniqueConstraint('fs_uniquifier', name='uq_accounts_fs_uniquifier')
    )
    op.create_table('login_failures',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('who', sa.String(length=64), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name='pk_login_failures')
    )
    with op.batch_alter_table('login_failures', schema=None) as batch_op:
        batch_op.create_index('ix_login_failures_who_at', ['who', 'at'], unique=False)

    op.create_table('organisations',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('code', sa.String(length=120), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('region_code', sa.String(length=10), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("kind IN ('school', 'referrer', 'employer', 'municipality')", name='ck_organisations_kind'),
    sa.PrimaryKeyConstraint('id', name='pk_organisations'),
    sa.UniqueConstraint('kind', 'code', name='uq_organisations_kind_code')
    )
    op.create_table('answers',
    sa.Column('account_id', sa.String(length=32), nullable=False),
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('request', sa.String(length=64), nullable=False),
    sa.Column('status', sa.Integer(), nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.Column('headers', sa.String(length=1000), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name='fk_answers_account_id'),
    sa.PrimaryKeyConstraint('account_id', 'key', name='pk_answers')
    )
    op.create_table('grants',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('account_id', sa.String(length=32), nullable=False),
    sa.Column('role', sa.String(length=20), nullable=False),
    sa.Column('organisation_id', sa.String(length=32), nullable=True),
    sa.Column('region_code', sa.String(length=10), nullable=True),
    sa.CheckConstraint("(role = 'connector') = (region_code IS NOT NULL)", name='ck_grants_of_region'),
    sa.CheckConstraint("(role IN ('school', 'referrer', 'employer', 'municipality')) = (organisation_id IS NOT NULL)", name='ck_grants_of_organisation'),
    sa.CheckConstraint("role IN ('school', 'referrer', 'employer', 'connector', 'municipality', 'administrator')", name='ck_grants_role'),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name='fk_grants_account_id'),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name='fk_grants_organisation_id'),
    sa.PrimaryKeyConstraint('id', name='pk_grants'),
    sa.UniqueConstraint('account_id', 'role', 'organisation_id', 'region_code', name='uq_grants_account_id_role_organisation_id_region_code')
    )
    with op.batch_alter_table('grants', schema=None) as batch_op:
        batch_op.create_index('ix_grants_account_id', ['account_id'], unique=False)

    op.create_table('sign_ins',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('account_id', sa.String(length=32), nullable=False),
    sa.Column('began_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name='fk_sign_ins_account_id'),
    sa.PrimaryKeyConstraint('id', name='pk_sign_ins')
    )
    with op.batch_alter_table('sign_ins', schema=None) as batch_op:
        batch_op.create_index('ix_sign_ins_account_id', ['account_id'], unique=False)

    op.create_table('tokens',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('account_id', sa.String(length=32), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('scopes', sa.JSON(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name='fk_tokens_account_id'),
    sa.PrimaryKeyConstraint('id', name='pk_tokens'),
    sa.UniqueConstraint('digest', name='uq_tokens_digest')
    )
    with op.batch_alter_table('tokens', schema=None) as batch_op:
        batch_op.create_index('ix_tokens_account_id', ['account_id'], unique=False)
