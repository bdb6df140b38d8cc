"""Contacts, legal grounds, participations, cooperations; roles of a student; what people see and switch."""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

revision = "0007"
down_revision = "0006"

CHECKS = {
    "grants": {
        "role": "role IN ('school', 'referrer', 'employer', 'connector', 'coach', 'student', 'parent', 'municipality', 'administrator')",
        "of_student": "(role IN ('coach', 'student', 'parent')) = (student_id IS NOT NULL)",
        "subject": "subject = coalesce(organisation_id, region_code, student_id, '')",
    },
    "vacancies": {"state": "state IN ('posted', 'open', 'closed')"},
    "runs": {
        "taken_or_discarded": "taken_at IS NULL OR discarded_at IS NULL",
        "judged_when_done": "(taken_at IS NULL AND discarded_at IS NULL) OR state = 'done'",
    },
    "releases": {
        "end_reason": "end_reason IS NULL OR end_reason IN ('taken_back', 'consent_withdrawn', 'employer_declined', 'vacancy_closed', 'placement_ended', 'erased')",
        "employer_word": "employer_word IS NULL OR employer_word IN ('meet', 'does_not_fit')",
        "employer_reason": "employer_word <> 'does_not_fit' OR employer_reason IS NOT NULL",
    },
}
"""New checks of the tables that change here, by name."""


def upgrade() -> None:
    """Apply the change."""
    op.create_index('uq_decisions_pair', 'decisions', ['id', 'student_id', 'opening_id'], unique=True)
    _alter_releases()
    _new_tables()
    _alter_parties()
    _alter_words()
    if op.get_bind().dialect.name == "sqlite":
        broken = op.get_bind().exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        assert not broken, broken


def _add_checks(batch_op: BatchOperations, table: str) -> None:
    for name, rule in CHECKS[table].items():
        batch_op.create_check_constraint(op.f(f"ck_{table}_{name}"), sa.text(rule))


def _alter_parties() -> None:
    with op.batch_alter_table('accounts') as batch_op:
        batch_op.add_column(sa.Column('tf_primary_method', sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column('tf_totp_secret', sa.String(length=255), nullable=True))
        batch_op.add_column(sa.Column('preferences', sa.JSON(), server_default='{}', nullable=False))
        batch_op.alter_column('email', existing_type=sa.VARCHAR(length=254), nullable=True)
    # The new column is filled before the checks on it hold.
    with op.batch_alter_table('grants') as batch_op:
        batch_op.add_column(sa.Column('student_id', sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column('subject', sa.String(length=32), nullable=True))
    op.execute("UPDATE grants SET subject = coalesce(organisation_id, region_code, '')")
    with op.batch_alter_table('grants') as batch_op:
        batch_op.drop_constraint(op.f('ck_grants_ck_grants_role'), type_='check')
        batch_op.alter_column('subject', existing_type=sa.String(length=32), nullable=False)
        batch_op.drop_constraint('uq_grants_account_id_role_organisation_id_region_code', type_='unique')
        batch_op.create_index('ix_grants_student_id', ['student_id'], unique=False)
        batch_op.create_unique_constraint('uq_grants_account_id_role_subject', ['account_id', 'role', 'subject'])
        batch_op.create_foreign_key('fk_grants_student_id', 'students', ['student_id'], ['id'])
        _add_checks(batch_op, 'grants')
    with op.batch_alter_table('organisations') as batch_op:
        batch_op.add_column(sa.Column('place', sa.String(length=120), server_default='', nullable=False))
        batch_op.add_column(sa.Column('about', sa.String(length=1000), server_default='', nullable=False))
        batch_op.add_column(sa.Column('offers', sa.JSON(), server_default='{}', nullable=False))
        batch_op.add_column(sa.Column('listed', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column('approved_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('approved_by', sa.String(length=32), nullable=True))
        batch_op.create_foreign_key('fk_organisations_approved_by', 'accounts', ['approved_by'], ['id'])
    op.execute("UPDATE organisations SET approved_at = created_at")
    with op.batch_alter_table('vacancies') as batch_op:
        batch_op.add_column(sa.Column('state', sa.String(length=10), server_default='open', nullable=False))
        batch_op.add_column(sa.Column('to_review', sa.JSON(), server_default='[]', nullable=False))
        batch_op.add_column(sa.Column('participation_id', sa.String(length=32), nullable=True))
        batch_op.create_foreign_key('fk_vacancies_participation_id', 'participations', ['participation_id'], ['id'])
        _add_checks(batch_op, 'vacancies')


def _alter_words() -> None:
    with op.batch_alter_table('runs') as batch_op:
        batch_op.add_column(sa.Column('judged_by', sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column('taken_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('discarded_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.create_foreign_key('fk_runs_judged_by', 'accounts', ['judged_by'], ['id'])
        _add_checks(batch_op, 'runs')
    with op.batch_alter_table('proposals') as batch_op:
        batch_op.add_column(sa.Column('added_by', sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column('why', sa.String(length=500), nullable=True))
        batch_op.create_foreign_key('fk_proposals_added_by', 'accounts', ['added_by'], ['id'])
    with op.batch_alter_table('consents') as batch_op:
        batch_op.add_column(sa.Column('request_id', sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column('account_id', sa.String(length=32), nullable=True))
        batch_op.create_foreign_key('fk_consents_account_id', 'accounts', ['account_id'], ['id'])
        batch_op.create_foreign_key('fk_consents_request_id', 'consent_requests', ['request_id'], ['id'])


def _alter_releases() -> None:
    with op.batch_alter_table('releases') as batch_op:
        batch_op.add_column(sa.Column('pseudonym', sa.String(length=12), nullable=True))
    op.execute("UPDATE releases SET pseudonym = 'K-' || upper(substr(id, 1, 8))")
    with op.batch_alter_table('releases') as batch_op:
        batch_op.alter_column('pseudonym', existing_type=sa.String(length=12), nullable=False)
        batch_op.add_column(sa.Column('ended_by', sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column('end_reason', sa.String(length=20), nullable=True))
        batch_op.add_column(sa.Column('employer_word', sa.String(length=20), nullable=True))
        batch_op.add_column(sa.Column('employer_reason', sa.String(length=20), nullable=True))
        batch_op.add_column(sa.Column('employer_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.create_unique_constraint('uq_releases_id_student_id_opening_id', ['id', 'student_id', 'opening_id'])
        batch_op.create_unique_constraint('uq_releases_pseudonym', ['pseudonym'])
        batch_op.create_foreign_key('fk_releases_ended_by', 'accounts', ['ended_by'], ['id'])
        _add_checks(batch_op, 'releases')


def _new_tables() -> None:
    op.create_table('cooperations',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('region_code', sa.String(length=10), nullable=True),
    sa.Column('school_types', sa.JSON(), nullable=False),
    sa.Column('branches', sa.JSON(), nullable=False),
    sa.Column('signed_on', sa.Date(), nullable=True),
    sa.Column('ended_on', sa.Date(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name='pk_cooperations')
    )
    op.create_table('erasures',
    sa.Column('student_id', sa.String(length=32), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('account_id', sa.String(length=32), nullable=True),
    sa.Column('ground', sa.String(length=20), nullable=False),
    sa.PrimaryKeyConstraint('student_id', name='pk_erasures')
    )
    op.create_table('request_counts',
    sa.Column('what', sa.String(length=40), nullable=False),
    sa.Column('who', sa.String(length=64), nullable=False),
    sa.Column('window', sa.DateTime(timezone=True), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('what', 'who', 'window', name='pk_request_counts')
    )
    op.create_table('switches',
    sa.Column('name', sa.String(length=20), nullable=False),
    sa.Column('is_on', sa.Boolean(), nullable=False),
    sa.Column('reason', sa.String(length=300), nullable=False),
    sa.Column('account_id', sa.String(length=32), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name='fk_switches_account_id'),
    sa.PrimaryKeyConstraint('name', name='pk_switches')
    )
    op.create_table('contacts',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('organisation_id', sa.String(length=32), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('task', sa.String(length=120), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('phone', sa.String(length=30), nullable=False),
    sa.Column('listed', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name='fk_contacts_organisation_id'),
    sa.PrimaryKeyConstraint('id', name='pk_contacts')
    )
    with op.batch_alter_table('contacts', schema=None) as batch_op:
        batch_op.create_index('ix_contacts_organisation_id', ['organisation_id'], unique=False)

    op.create_table('cooperation_members',
    sa.Column('cooperation_id', sa.String(length=32), nullable=False),
    sa.Column('organisation_id', sa.String(length=32), nullable=False),
    sa.Column('tasks', sa.String(length=500), nullable=False),
    sa.ForeignKeyConstraint(['cooperation_id'], ['cooperations.id'], name='fk_cooperation_members_cooperation_id'),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name='fk_cooperation_members_organisation_id'),
    sa.PrimaryKeyConstraint('cooperation_id', 'organisation_id', name='pk_cooperation_members')
    )
    op.create_table('drafts',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('account_id', sa.String(length=32), nullable=False),
    sa.Column('organisation_id', sa.String(length=32), nullable=True),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('subject_id', sa.String(length=32), nullable=True),
    sa.Column('step', sa.String(length=30), nullable=False),
    sa.Column('content', sa.JSON(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("kind IN ('upload', 'vacancy', 'student')", name=op.f('ck_drafts_kind')),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name='fk_drafts_account_id'),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name='fk_drafts_organisation_id'),
    sa.PrimaryKeyConstraint('id', name='pk_drafts')
    )
    with op.batch_alter_table('drafts', schema=None) as batch_op:
        batch_op.create_index('ix_drafts_account_id', ['account_id'], unique=False)
        batch_op.create_index('ix_drafts_organisation_id', ['organisation_id'], unique=False)

    op.create_table('legal_grounds',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('organisation_id', sa.String(length=32), nullable=False),
    sa.Column('ground', sa.String(length=20), nullable=False),
    sa.Column('explanation', sa.String(length=500), nullable=False),
    sa.Column('account_id', sa.String(length=32), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("ground IN ('public_task', 'legal_duty', 'legitimate_interest', 'agreement', 'consent')", name=op.f('ck_legal_grounds_ground')),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name='fk_legal_grounds_account_id'),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name='fk_legal_grounds_organisation_id'),
    sa.PrimaryKeyConstraint('id', name='pk_legal_grounds')
    )
    with op.batch_alter_table('legal_grounds', schema=None) as batch_op:
        batch_op.create_index('uq_legal_grounds_live', ['organisation_id'], unique=True, sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))

    op.create_table('participations',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('organisation_id', sa.String(length=32), nullable=False),
    sa.Column('project', sa.String(length=120), nullable=False),
    sa.Column('branch', sa.String(length=30), nullable=False),
    sa.Column('region_code', sa.String(length=10), nullable=True),
    sa.Column('option', sa.Integer(), nullable=False),
    sa.Column('criteria', sa.JSON(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('option BETWEEN 1 AND 5', name=op.f('ck_participations_option')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name='fk_participations_organisation_id'),
    sa.PrimaryKeyConstraint('id', name='pk_participations'),
    sa.UniqueConstraint('organisation_id', 'project', name='uq_participations_organisation_id_project')
    )
    _new_tables_of_students()


def _new_tables_of_students() -> None:
    op.create_table('codes',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('student_id', sa.String(length=32), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('account_id', sa.String(length=32), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name='fk_codes_account_id'),
    sa.ForeignKeyConstraint(['student_id'], ['students.id'], name='fk_codes_student_id'),
    sa.PrimaryKeyConstraint('id', name='pk_codes'),
    sa.UniqueConstraint('digest', name='uq_codes_digest')
    )
    with op.batch_alter_table('codes', schema=None) as batch_op:
        batch_op.create_index('ix_codes_student_id', ['student_id'], unique=False)

    op.create_table('destinations',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('student_id', sa.String(length=32), nullable=False),
    sa.Column('destination', sa.String(length=20), nullable=False),
    sa.Column('since', sa.Date(), nullable=False),
    sa.Column('source', sa.String(length=10), nullable=False),
    sa.Column('account_id', sa.String(length=32), nullable=True),
    sa.Column('reported_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("source IN ('list', 'school', 'connector', 'placement', 'student')", name=op.f('ck_destinations_source')),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name='fk_destinations_account_id'),
    sa.ForeignKeyConstraint(['student_id'], ['students.id'], name='fk_destinations_student_id'),
    sa.PrimaryKeyConstraint('id', name='pk_destinations')
    )
    with op.batch_alter_table('destinations', schema=None) as batch_op:
        batch_op.create_index('ix_destinations_student_since', ['student_id', 'since'], unique=False)

    op.create_table('help_requests',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('student_id', sa.String(length=32), nullable=False),
    sa.Column('organisation_id', sa.String(length=32), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('what', sa.String(length=500), nullable=False),
    sa.Column('who', sa.String(length=200), nullable=False),
    sa.Column('by_day', sa.Date(), nullable=True),
    sa.Column('asked_by', sa.String(length=32), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('consented_by', sa.String(length=32), nullable=True),
    sa.Column('consented_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answer', sa.String(length=500), nullable=False),
    sa.Column('answered_by', sa.String(length=32), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("(state = 'answered') = (answered_at IS NOT NULL)", name=op.f('ck_help_requests_answered')),
    sa.CheckConstraint("state IN ('asked', 'open', 'answered', 'withdrawn')", name=op.f('ck_help_requests_state')),
    sa.CheckConstraint("state NOT IN ('open', 'answered') OR consented_at IS NOT NULL", name=op.f('ck_help_requests_consented')),
    sa.ForeignKeyConstraint(['answered_by'], ['accounts.id'], name='fk_help_requests_answered_by'),
    sa.ForeignKeyConstraint(['asked_by'], ['accounts.id'], name='fk_help_requests_asked_by'),
    sa.ForeignKeyConstraint(['consented_by'], ['accounts.id'], name='fk_help_requests_consented_by'),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name='fk_help_requests_organisation_id'),
    sa.ForeignKeyConstraint(['student_id'], ['students.id'], name='fk_help_requests_student_id'),
    sa.PrimaryKeyConstraint('id', name='pk_help_requests')
    )
    with op.batch_alter_table('help_requests', schema=None) as batch_op:
        batch_op.create_index('ix_help_requests_organisation_id', ['organisation_id'], unique=False)
        batch_op.create_index('ix_help_requests_student_id', ['student_id'], unique=False)

    op.create_table('mandates',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('student_id', sa.String(length=32), nullable=False),
    sa.Column('account_id', sa.String(length=32), nullable=False),
    sa.Column('ground', sa.String(length=20), nullable=False),
    sa.Column('recorded_by', sa.String(length=32), nullable=False),
    sa.Column('begins_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("ground IN ('minor', 'student_gave', 'representative')", name=op.f('ck_mandates_ground')),
    sa.CheckConstraint('ends_on > begins_on', name=op.f('ck_mandates_ends_after_it_begins')),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name='fk_mandates_account_id'),
    sa.ForeignKeyConstraint(['recorded_by'], ['accounts.id'], name='fk_mandates_recorded_by'),
    sa.ForeignKeyConstraint(['student_id'], ['students.id'], name='fk_mandates_student_id'),
    sa.PrimaryKeyConstraint('id', name='pk_mandates')
    )
    with op.batch_alter_table('mandates', schema=None) as batch_op:
        batch_op.create_index('uq_mandates_live', ['student_id', 'account_id'], unique=True, sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))

    op.create_table('questions',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('student_id', sa.String(length=32), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('text', sa.String(length=500), nullable=False),
    sa.Column('asked_by', sa.String(length=32), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('answer', sa.String(length=500), nullable=False),
    sa.Column('answered_by', sa.String(length=32), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("kind IN ('to_school', 'data_correction', 'objection', 'talk')", name=op.f('ck_questions_kind')),
    sa.CheckConstraint('(answered_at IS NULL) = (answered_by IS NULL)', name=op.f('ck_questions_answered')),
    sa.ForeignKeyConstraint(['answered_by'], ['accounts.id'], name='fk_questions_answered_by'),
    sa.ForeignKeyConstraint(['asked_by'], ['accounts.id'], name='fk_questions_asked_by'),
    sa.ForeignKeyConstraint(['student_id'], ['students.id'], name='fk_questions_student_id'),
    sa.PrimaryKeyConstraint('id', name='pk_questions')
    )
    with op.batch_alter_table('questions', schema=None) as batch_op:
        batch_op.create_index('ix_questions_student_id', ['student_id'], unique=False)

    op.create_table('seen',
    sa.Column('student_id', sa.String(length=32), nullable=False),
    sa.Column('account_id', sa.String(length=32), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name='fk_seen_account_id'),
    sa.ForeignKeyConstraint(['student_id'], ['students.id'], name='fk_seen_student_id'),
    sa.PrimaryKeyConstraint('student_id', 'account_id', 'day', name='pk_seen')
    )
    op.create_table('consent_requests',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('decision_id', sa.String(length=32), nullable=False),
    sa.Column('student_id', sa.String(length=32), nullable=False),
    sa.Column('opening_id', sa.String(length=32), nullable=False),
    sa.Column('account_id', sa.String(length=32), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('answer', sa.String(length=10), nullable=True),
    sa.Column('answered_by', sa.String(length=32), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("answer IS NULL OR answer IN ('yes', 'no', 'talk')", name=op.f('ck_consent_requests_answer')),
    sa.CheckConstraint('(answer IS NULL) = (answered_at IS NULL)', name=op.f('ck_consent_requests_answered')),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name='fk_consent_requests_account_id'),
    sa.ForeignKeyConstraint(['answered_by'], ['accounts.id'], name='fk_consent_requests_answered_by'),
    sa.ForeignKeyConstraint(['decision_id', 'student_id', 'opening_id'], ['decisions.id', 'decisions.student_id', 'decisions.opening_id'], name='fk_consent_requests_decision_id_student_id_opening_id'),
    sa.PrimaryKeyConstraint('id', name='pk_consent_requests')
    )
    with op.batch_alter_table('consent_requests', schema=None) as batch_op:
        batch_op.create_index('ix_consent_requests_student_id', ['student_id'], unique=False)
        batch_op.create_index('uq_consent_requests_open', ['decision_id'], unique=True, sqlite_where=sa.text('answer IS NULL AND ended_at IS NULL'), postgresql_where=sa.text('answer IS NULL AND ended_at IS NULL'))

    op.create_table('introductions',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('release_id', sa.String(length=32), nullable=False),
    sa.Column('student_id', sa.String(length=32), nullable=False),
    sa.Column('opening_id', sa.String(length=32), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('asked_by', sa.String(length=32), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('planned_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('where', sa.String(length=200), nullable=False),
    sa.Column('names_by', sa.String(length=32), nullable=True),
    sa.Column('names_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('outcome', sa.String(length=10), nullable=True),
    sa.Column('outcome_by', sa.String(length=32), nullable=True),
    sa.Column('held_on', sa.Date(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("(outcome IS NOT NULL) = (state = 'held')", name=op.f('ck_introductions_held')),
    sa.CheckConstraint("outcome IS NULL OR outcome IN ('go_on', 'stop')", name=op.f('ck_introductions_outcome')),
    sa.CheckConstraint("state IN ('asked', 'planned', 'held', 'cancelled')", name=op.f('ck_introductions_state')),
    sa.CheckConstraint('(names_at IS NULL) = (names_by IS NULL)', name=op.f('ck_introductions_names')),
    sa.ForeignKeyConstraint(['asked_by'], ['accounts.id'], name='fk_introductions_asked_by'),
    sa.ForeignKeyConstraint(['names_by'], ['accounts.id'], name='fk_introductions_names_by'),
    sa.ForeignKeyConstraint(['outcome_by'], ['accounts.id'], name='fk_introductions_outcome_by'),
    sa.ForeignKeyConstraint(['release_id', 'student_id', 'opening_id'], ['releases.id', 'releases.student_id', 'releases.opening_id'], name='fk_introductions_release_id_student_id_opening_id'),
    sa.PrimaryKeyConstraint('id', name='pk_introductions')
    )
    with op.batch_alter_table('introductions', schema=None) as batch_op:
        batch_op.create_index('ix_introductions_student_id', ['student_id'], unique=False)
        batch_op.create_index('uq_introductions_live', ['release_id'], unique=True, sqlite_where=sa.text("state <> 'cancelled'"), postgresql_where=sa.text("state <> 'cancelled'"))

    op.create_table('agreements',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('introduction_id', sa.String(length=32), nullable=False),
    sa.Column('student_id', sa.String(length=32), nullable=False),
    sa.Column('opening_id', sa.String(length=32), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('hours', sa.Integer(), nullable=True),
    sa.Column('mentor', sa.String(length=120), nullable=False),
    sa.Column('account_id', sa.String(length=32), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('student_agreed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('employer_agreed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name='fk_agreements_account_id'),
    sa.ForeignKeyConstraint(['introduction_id'], ['introductions.id'], name='fk_agreements_introduction_id'),
    sa.ForeignKeyConstraint(['opening_id'], ['openings.id'], name='fk_agreements_opening_id'),
    sa.ForeignKeyConstraint(['student_id'], ['students.id'], name='fk_agreements_student_id'),
    sa.PrimaryKeyConstraint('id', name='pk_agreements'),
    sa.UniqueConstraint('introduction_id', name='uq_agreements_introduction_id')
    )
    with op.batch_alter_table('agreements', schema=None) as batch_op:
        batch_op.create_index('ix_agreements_student_id', ['student_id'], unique=False)

    op.create_table('placements',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('decision_id', sa.String(length=32), nullable=False),
    sa.Column('introduction_id', sa.String(length=32), nullable=False),
    sa.Column('student_id', sa.String(length=32), nullable=False),
    sa.Column('opening_id', sa.String(length=32), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('started_on', sa.Date(), nullable=False),
    sa.Column('trial_until', sa.Date(), nullable=True),
    sa.Column('verdict', sa.String(length=20), nullable=True),
    sa.Column('verdict_on', sa.Date(), nullable=True),
    sa.Column('contract_on', sa.Date(), nullable=True),
    sa.Column('contract_type', sa.String(length=30), nullable=True),
    sa.Column('hours', sa.Integer(), nullable=True),
    sa.Column('ended_on', sa.Date(), nullable=True),
    sa.Column('end_reason', sa.String(length=20), nullable=True),
    sa.Column('back_to_pool', sa.Boolean(), nullable=False),
    sa.Column('account_id', sa.String(length=32), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("(state = 'ended') = (ended_on IS NOT NULL)", name=op.f('ck_placements_ended')),
    sa.CheckConstraint("end_reason IS NULL OR end_reason IN ('completed', 'next_step', 'student_stopped', 'employer_stopped', 'not_passed', 'circumstances', 'other')", name=op.f('ck_placements_end_reason')),
    sa.CheckConstraint("state <> 'contract' OR contract_on IS NOT NULL", name=op.f('ck_placements_contract')),
    sa.CheckConstraint("state IN ('trial', 'contract', 'ended')", name=op.f('ck_placements_state')),
    sa.CheckConstraint("verdict IS NULL OR verdict IN ('passed', 'extended', 'not_passed')", name=op.f('ck_placements_verdict')),
    sa.CheckConstraint('(ended_on IS NULL) = (end_reason IS NULL)', name=op.f('ck_placements_end_has_reason')),
    sa.CheckConstraint('ended_on IS NULL OR ended_on >= started_on', name=op.f('ck_placements_ends_after_it_starts')),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name='fk_placements_account_id'),
    sa.ForeignKeyConstraint(['decision_id', 'student_id', 'opening_id'], ['decisions.id', 'decisions.student_id', 'decisions.opening_id'], name='fk_placements_decision_id_student_id_opening_id'),
    sa.ForeignKeyConstraint(['introduction_id'], ['introductions.id'], name='fk_placements_introduction_id'),
    sa.PrimaryKeyConstraint('id', name='pk_placements')
    )
    with op.batch_alter_table('placements', schema=None) as batch_op:
        batch_op.create_index('ix_placements_opening_id', ['opening_id'], unique=False)
        batch_op.create_index('ix_placements_student_id', ['student_id'], unique=False)
        batch_op.create_index('uq_placements_decision', ['decision_id'], unique=True)
        batch_op.create_index('uq_placements_running', ['student_id', 'opening_id'], unique=True, sqlite_where=sa.text('ended_on IS NULL'), postgresql_where=sa.text('ended_on IS NULL'))

    op.create_table('adaptations',
    sa.Column('agreement_id', sa.String(length=32), nullable=False),
    sa.Column('position', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('who', sa.String(length=20), nullable=False),
    sa.Column('what', sa.String(length=300), nullable=False),
    sa.Column('support', sa.String(length=30), nullable=True),
    sa.Column('by_day', sa.Date(), nullable=True),
    sa.Column('done_on', sa.Date(), nullable=True),
    sa.CheckConstraint("who IN ('employer', 'school', 'connector', 'coach', 'student', 'parent', 'municipality', 'other')", name=op.f('ck_adaptations_who')),
    sa.ForeignKeyConstraint(['agreement_id'], ['agreements.id'], name='fk_adaptations_agreement_id'),
    sa.PrimaryKeyConstraint('agreement_id', 'position', name='pk_adaptations')
    )
    op.create_table('check_moments',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('placement_id', sa.String(length=32), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('held_on', sa.Date(), nullable=True),
    sa.Column('outcome', sa.String(length=20), nullable=True),
    sa.Column('note', sa.String(length=500), nullable=True),
    sa.Column('account_id', sa.String(length=32), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("kind IN ('weeks_2', 'months_3', 'months_6', 'months_12', 'months_24', 'extra')", name=op.f('ck_check_moments_kind')),
    sa.CheckConstraint("outcome IS NULL OR outcome IN ('goes_well', 'needs_attention', 'stopped', 'not_reached')", name=op.f('ck_check_moments_outcome')),
    sa.CheckConstraint('(held_on IS NULL) = (outcome IS NULL)', name=op.f('ck_check_moments_held')),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name='fk_check_moments_account_id'),
    sa.ForeignKeyConstraint(['placement_id'], ['placements.id'], name='fk_check_moments_placement_id'),
    sa.PrimaryKeyConstraint('id', name='pk_check_moments'),
    sa.UniqueConstraint('placement_id', 'kind', 'due_on', name='uq_check_moments_placement_id_kind_due_on')
    )
    op.create_table('steps',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('placement_id', sa.String(length=32), nullable=False),
    sa.Column('goal', sa.String(length=200), nullable=False),
    sa.Column('what', sa.String(length=300), nullable=False),
    sa.Column('who', sa.String(length=20), nullable=False),
    sa.Column('by_day', sa.Date(), nullable=True),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('reason', sa.String(length=300), nullable=True),
    sa.Column('account_id', sa.String(length=32), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("state IN ('planned', 'active', 'paused', 'stopped', 'done')", name=op.f('ck_steps_state')),
    sa.CheckConstraint("state NOT IN ('paused', 'stopped') OR reason IS NOT NULL", name=op.f('ck_steps_reason')),
    sa.CheckConstraint("who IN ('employer', 'school', 'connector', 'coach', 'student', 'parent', 'municipality', 'other')", name=op.f('ck_steps_who')),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name='fk_steps_account_id'),
    sa.ForeignKeyConstraint(['placement_id'], ['placements.id'], name='fk_steps_placement_id'),
    sa.PrimaryKeyConstraint('id', name='pk_steps')
    )
    with op.batch_alter_table('steps', schema=None) as batch_op:
        batch_op.create_index('ix_steps_placement_id', ['placement_id'], unique=False)
