"""Which version the tables have, and bringing them to the newest: Alembic, without its own files on disk."""
from __future__ import annotations

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, literal, select

import api.store.tables  # noqa: F401 - makes every table known
from api.store.base import Base
from api.store.engine import Database


def _config(database: Database | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", "api.store:migrations")
    config.attributes["engine"] = database.engine if database else None
    return config


def newest() -> str:
    """Return the version that this program works with."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    assert head is not None
    return head


def current(database: Database) -> str | None:
    """Return the version that the database has; None when it is empty."""
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def is_of_others(database: Database) -> bool:
    """Whether a file of SQLite without our tables holds those of another program."""
    if not database.is_sqlite:
        return False  # a server has tables of its extensions
    with database.engine.connect() as connection:
        return bool(set(inspect(connection).get_table_names()) - {"alembic_version"})


def holds_nothing(database: Database) -> bool:
    """Whether no row was ever kept, or none is left; works on the tables of every version."""
    with database.engine.connect() as connection:
        there = set(inspect(connection).get_table_names()) & set(Base.metadata.tables)
        ours = [Base.metadata.tables[name] for name in sorted(there - {"audit_head"})]  # its row is made with it
        return not any(connection.execute(select(literal(1)).select_from(table).limit(1)).first() for table in ours)


def upgrade(database: Database, to: str = "head") -> None:
    """Bring the tables to a version; one transaction per step, so that a step is done or not done."""
    command.upgrade(_config(database), to)


def versions() -> list[str]:
    """Return every version, oldest first."""
    return [script.revision for script in reversed(list(ScriptDirectory.from_config(_config()).walk_revisions()))]
