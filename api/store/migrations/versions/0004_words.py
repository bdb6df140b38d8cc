"""Decisions, consents, releases."""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Apply the change."""
    op.create_table('consents',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('student_id', sa.String(length=32), nullable=False),
    sa.Column('vacancy_id', sa.String(length=32), nullable=False),
    sa.Column('live', sa.Boolean(), nullable=False),
    sa.Column('given_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('live = (withdrawn_at IS NULL)', name='ck_consents_live'),
    sa.ForeignKeyConstraint(['student_id'], ['students.id'], name='fk_consents_student_id'),
    sa.ForeignKeyConstraint(['vacancy_id'], ['vacancies.id'], name='fk_consents_vacancy_id'),
    sa.PrimaryKeyConstraint('id', name='pk_consents'),
    sa.UniqueConstraint('id', 'student_id', 'vacancy_id', 'live', name='uq_consents_id_student_id_vacancy_id_live')
    )
    with op.batch_alter_table('consents', schema=None) as batch_op:
        batch_op.create_index('uq_consents_live', ['student_id', 'vacancy_id'], unique=True, sqlite_where=sa.text('live'), postgresql_where=sa.text('live'))

    op.create_table('decisions',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('proposal_id', sa.String(length=32), nullable=False),
    sa.Column('student_id', sa.String(length=32), nullable=False),
    sa.Column('opening_id', sa.String(length=32), nullable=False),
    sa.Column('word', sa.String(length=10), nullable=False),
    sa.Column('reason', sa.String(length=20), nullable=True),
    sa.Column('note', sa.String(length=500), nullable=True),
    sa.Column('seat', sa.Integer(), nullable=True),
    sa.Column('holds', sa.Boolean(), nullable=False),
    sa.Column('profile_number', sa.Integer(), nullable=False),
    sa.Column('opening_number', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.String(length=32), nullable=False),
    sa.Column('actor_kind', sa.String(length=10), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_by', sa.String(length=32), nullable=True),
    sa.CheckConstraint("(seat IS NOT NULL) = (word IN ('accept', 'pin'))", name='ck_decisions_seat'),
    sa.CheckConstraint("actor_kind = 'human'", name='ck_decisions_human'),
    sa.CheckConstraint("holds = (ended_at IS NULL AND word IN ('accept', 'pin'))", name='ck_decisions_holds'),
    sa.CheckConstraint("reason IS NULL OR reason IN ('travel', 'guidance', 'hours', 'load', 'student_declined', 'already_placed', 'data_wrong', 'other')", name='ck_decisions_reason'),
    sa.CheckConstraint("word <> 'reject' OR reason IS NOT NULL", name='ck_decisions_rejection_has_reason'),
    sa.CheckConstraint("word IN ('accept', 'reject', 'pin', 'defer')", name='ck_decisions_word'),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name='fk_decisions_account_id'),
    sa.ForeignKeyConstraint(['ended_by'], ['accounts.id'], name='fk_decisions_ended_by'),
    sa.ForeignKeyConstraint(['opening_id', 'opening_number'], ['opening_versions.opening_id', 'opening_versions.number'], name='fk_decisions_opening_id_opening_number'),
    sa.ForeignKeyConstraint(['opening_id', 'seat'], ['seats.opening_id', 'seats.seat'], name='fk_decisions_opening_id_seat'),
    sa.ForeignKeyConstraint(['proposal_id', 'student_id', 'opening_id'], ['proposals.id', 'proposals.student_id', 'proposals.opening_id'], name='fk_decisions_proposal_id_student_id_opening_id'),
    sa.ForeignKeyConstraint(['student_id', 'profile_number'], ['profiles.student_id', 'profiles.number'], name='fk_decisions_student_id_profile_number'),
    sa.PrimaryKeyConstraint('id', name='pk_decisions'),
    sa.UniqueConstraint('id', 'student_id', 'opening_id', 'holds', name='uq_decisions_id_student_id_opening_id_holds')
    )
    with op.batch_alter_table('decisions', schema=None) as batch_op:
        batch_op.create_index('ix_decisions_proposal_id', ['proposal_id'], unique=False)
        batch_op.create_index('uq_decisions_live', ['student_id', 'opening_id'], unique=True, sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))
        batch_op.create_index('uq_decisions_one_place', ['student_id'], unique=True, sqlite_where=sa.text('holds'), postgresql_where=sa.text('holds'))
        batch_op.create_index('uq_decisions_seat', ['opening_id', 'seat'], unique=True, sqlite_where=sa.text('holds'), postgresql_where=sa.text('holds'))

    op.create_table('releases',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('decision_id', sa.String(length=32), nullable=False),
    sa.Column('consent_id', sa.String(length=32), nullable=False),
    sa.Column('student_id', sa.String(length=32), nullable=False),
    sa.Column('opening_id', sa.String(length=32), nullable=False),
    sa.Column('vacancy_id', sa.String(length=32), nullable=False),
    sa.Column('decision_holds', sa.Boolean(), nullable=True),
    sa.Column('consent_live', sa.Boolean(), nullable=True),
    sa.Column('account_id', sa.String(length=32), nullable=False),
    sa.Column('actor_kind', sa.String(length=10), nullable=False),
    sa.Column('released_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("actor_kind = 'human'", name='ck_releases_human'),
    sa.CheckConstraint('(ended_at IS NULL AND decision_holds IS NOT NULL AND decision_holds AND consent_live IS NOT NULL AND consent_live) OR (ended_at IS NOT NULL AND decision_holds IS NULL AND consent_live IS NULL)', name='ck_releases_stands'),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name='fk_releases_account_id'),
    sa.ForeignKeyConstraint(['consent_id', 'student_id', 'vacancy_id', 'consent_live'], ['consents.id', 'consents.student_id', 'consents.vacancy_id', 'consents.live'], name='fk_releases_consent_id_student_id_vacancy_id_consent_live'),
    sa.ForeignKeyConstraint(['consent_id'], ['consents.id'], name='fk_releases_consent'),
    sa.ForeignKeyConstraint(['decision_id', 'student_id', 'opening_id', 'decision_holds'], ['decisions.id', 'decisions.student_id', 'decisions.opening_id', 'decisions.holds'], name='fk_releases_decision_id_student_id_opening_id_decision_holds'),
    sa.ForeignKeyConstraint(['decision_id'], ['decisions.id'], name='fk_releases_decision'),
    sa.ForeignKeyConstraint(['opening_id', 'vacancy_id'], ['openings.id', 'openings.vacancy_id'], name='fk_releases_opening_id_vacancy_id'),
    sa.PrimaryKeyConstraint('id', name='pk_releases')
    )
    with op.batch_alter_table('releases', schema=None) as batch_op:
        batch_op.create_index('uq_releases_live', ['decision_id'], unique=True, sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))
