"""The database: tables, sessions, the audit log, migrations and backups. No web, no files of users."""
