"""What Alembic runs: the migrations on the engine it was given, SQLite's tables altered by copying."""
from __future__ import annotations

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

import api.store.tables  # noqa: F401 - makes every table known
from api.store.base import Base, Instant


def render_item(kind: str, item: Any, _: AutogenContext) -> str | Literal[False]:
    """Write our own type as what it is in the database."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, Instant) else False


engine = context.config.attributes["engine"]
with engine.connect() as connection:
    driver: Any = connection.connection.driver_connection
    if connection.dialect.name == "sqlite":
        # A table is altered by copying it and dropping the old one, which nothing may point at meanwhile. Only outside
        # a transaction can this be said; a migration that copies checks every reference before it ends.
        driver.execute("PRAGMA foreign_keys=OFF")
    context.configure(
        connection=connection, target_metadata=Base.metadata, render_as_batch=True,
        transactional_ddl=True, transaction_per_migration=True,
        render_item=render_item,
    )  # fmt: skip
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
    if connection.dialect.name == "sqlite":
        driver.execute("PRAGMA foreign_keys=ON")
