"""Uploads, students, vacancies, seats."""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Apply the change."""
    op.create_table('students',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('organisation_id', sa.String(length=32), nullable=False),
    sa.Column('student_ref', sa.String(length=40), nullable=False),
    sa.Column('region_code', sa.String(length=10), nullable=True),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('number >= 0', name='ck_students_number'),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name='fk_students_organisation_id'),
    sa.PrimaryKeyConstraint('id', name='pk_students'),
    sa.UniqueConstraint('organisation_id', 'student_ref', name='uq_students_organisation_id_student_ref')
    )
    with op.batch_alter_table('students', schema=None) as batch_op:
        batch_op.create_index('ix_students_region_code', ['region_code'], unique=False)

    op.create_table('uploads',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('organisation_id', sa.String(length=32), nullable=True),
    sa.Column('account_id', sa.String(length=32), nullable=False),
    sa.Column('file_name', sa.String(length=120), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('lang', sa.String(length=2), nullable=False),
    sa.Column('rows', sa.Integer(), nullable=False),
    sa.Column('counts', sa.JSON(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('undone_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("(state IN ('confirmed', 'undone')) = (confirmed_at IS NOT NULL)", name='ck_uploads_confirmed'),
    sa.CheckConstraint("kind IN ('leavers', 'vacancies')", name='ck_uploads_kind'),
    sa.CheckConstraint("state IN ('checked', 'refused', 'confirmed', 'undone')", name='ck_uploads_state'),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name='fk_uploads_account_id'),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name='fk_uploads_organisation_id'),
    sa.PrimaryKeyConstraint('id', name='pk_uploads')
    )
    with op.batch_alter_table('uploads', schema=None) as batch_op:
        batch_op.create_index('ix_uploads_organisation_created', ['organisation_id', 'created_at'], unique=False)

    op.create_table('vacancies',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('organisation_id', sa.String(length=32), nullable=False),
    sa.Column('vacancy_ref', sa.String(length=40), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name='fk_vacancies_organisation_id'),
    sa.PrimaryKeyConstraint('id', name='pk_vacancies'),
    sa.UniqueConstraint('organisation_id', 'vacancy_ref', name='uq_vacancies_organisation_id_vacancy_ref')
    )
    op.create_table('openings',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('vacancy_id', sa.String(length=32), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('places', sa.Integer(), nullable=False),
    sa.Column('region_code', sa.String(length=10), nullable=True),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('number >= 0', name='ck_openings_number'),
    sa.CheckConstraint('places >= 0', name='ck_openings_places'),
    sa.ForeignKeyConstraint(['vacancy_id'], ['vacancies.id'], name='fk_openings_vacancy_id'),
    sa.PrimaryKeyConstraint('id', name='pk_openings'),
    sa.UniqueConstraint('id', 'vacancy_id', name='uq_openings_id_vacancy_id'),
    sa.UniqueConstraint('vacancy_id', 'starts_on', name='uq_openings_vacancy_id_starts_on')
    )
    with op.batch_alter_table('openings', schema=None) as batch_op:
        batch_op.create_index('ix_openings_region_code', ['region_code'], unique=False)

    op.create_table('profiles',
    sa.Column('student_id', sa.String(length=32), nullable=False),
    sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('record', sa.JSON(), nullable=False),
    sa.Column('upload_id', sa.String(length=32), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['student_id'], ['students.id'], name='fk_profiles_student_id'),
    sa.ForeignKeyConstraint(['upload_id'], ['uploads.id'], name='fk_profiles_upload_id'),
    sa.PrimaryKeyConstraint('student_id', 'number', name='pk_profiles')
    )
    with op.batch_alter_table('profiles', schema=None) as batch_op:
        batch_op.create_index('ix_profiles_upload_id', ['upload_id'], unique=False)

    op.create_table('upload_defects',
    sa.Column('upload_id', sa.String(length=32), nullable=False),
    sa.Column('position', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('row', sa.Integer(), nullable=True),
    sa.Column('header', sa.String(length=200), nullable=False),
    sa.Column('severity', sa.String(length=10), nullable=False),
    sa.Column('code', sa.String(length=30), nullable=False),
    sa.Column('found', sa.String(length=500), nullable=False),
    sa.Column('expected', sa.String(length=1000), nullable=False),
    sa.Column('message', sa.String(length=2000), nullable=False),
    sa.ForeignKeyConstraint(['upload_id'], ['uploads.id'], name='fk_upload_defects_upload_id'),
    sa.PrimaryKeyConstraint('upload_id', 'position', name='pk_upload_defects')
    )
    op.create_table('upload_files',
    sa.Column('upload_id', sa.String(length=32), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['upload_id'], ['uploads.id'], name='fk_upload_files_upload_id'),
    sa.PrimaryKeyConstraint('upload_id', name='pk_upload_files')
    )
    op.create_table('upload_rows',
    sa.Column('upload_id', sa.String(length=32), nullable=False),
    sa.Column('row', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('action', sa.String(length=10), nullable=False),
    sa.Column('subject_id', sa.String(length=32), nullable=True),
    sa.Column('number', sa.Integer(), nullable=True),
    sa.CheckConstraint("action IN ('new', 'changed', 'same', 'skipped')", name='ck_upload_rows_action'),
    sa.ForeignKeyConstraint(['upload_id'], ['uploads.id'], name='fk_upload_rows_upload_id'),
    sa.PrimaryKeyConstraint('upload_id', 'row', name='pk_upload_rows')
    )
    op.create_table('opening_versions',
    sa.Column('opening_id', sa.String(length=32), nullable=False),
    sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('record', sa.JSON(), nullable=False),
    sa.Column('upload_id', sa.String(length=32), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['opening_id'], ['openings.id'], name='fk_opening_versions_opening_id'),
    sa.ForeignKeyConstraint(['upload_id'], ['uploads.id'], name='fk_opening_versions_upload_id'),
    sa.PrimaryKeyConstraint('opening_id', 'number', name='pk_opening_versions')
    )
    with op.batch_alter_table('opening_versions', schema=None) as batch_op:
        batch_op.create_index('ix_opening_versions_upload_id', ['upload_id'], unique=False)

    op.create_table('seats',
    sa.Column('opening_id', sa.String(length=32), nullable=False),
    sa.Column('seat', sa.Integer(), autoincrement=False, nullable=False),
    sa.ForeignKeyConstraint(['opening_id'], ['openings.id'], name='fk_seats_opening_id'),
    sa.PrimaryKeyConstraint('opening_id', 'seat', name='pk_seats')
    )
