"""``schakel db``: the service's database from the command line."""
from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click


@click.group("db")
def command() -> None:
    """Look after the database that SCHAKEL_DATABASE_URL or SCHAKEL_DATA_DIR says."""


@command.command("upgrade")
def upgrade() -> None:
    """Bring the tables to the newest version."""
    from api.services.upkeep import make_ready, open_database
    from api.settings import read_settings
    from api.store import schema

    database = open_database(read_settings())
    before = make_ready(database, now=datetime.now(UTC))
    click.echo(f"{before or 'empty'} -> {schema.newest()}")


@command.command("backup")
@click.argument("file", type=click.Path(path_type=Path))
def backup(file: Path) -> None:
    """Write all of it into FILE, while people go on working. It holds personal data: keep it safe."""
    from api.services.upkeep import must_be_ready, open_database
    from api.settings import read_settings
    from api.store import audit
    from api.store import backup as backups

    database = open_database(read_settings())
    must_be_ready(database)
    counts = backups.backup(database, file)
    with database.writing() as session:
        audit.append(session, audit.SERVICE, "database.backed_up", ("database", "all"), now=datetime.now(UTC),
                     rows=sum(counts.values()))  # fmt: skip
    click.echo(f"{file}: {sum(counts.values())} rows of {len(counts)} tables")


@command.command("restore")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def restore(file: Path) -> None:
    """Fill an empty database from FILE, made by `schakel db backup`, on SQLite or PostgreSQL."""
    from api.services.upkeep import open_database
    from api.settings import read_settings
    from api.store import audit
    from api.store import backup as backups

    database = open_database(read_settings())
    counts = backups.restore(database, file)
    with database.writing() as session:
        audit.append(session, audit.SERVICE, "database.restored", ("database", "all"), now=datetime.now(UTC),
                     rows=sum(counts.values()))  # fmt: skip
    click.echo(f"{sum(counts.values())} rows of {len(counts)} tables")


@command.command("dictionary")
def dictionary() -> None:
    """Print the data dictionary as CSV: every column, whom it is about, what for, how long."""
    import csv
    import sys

    import api.store.tables  # noqa: F401 - makes every table known
    from api.store.base import Base
    from api.store.dictionary import KEEP, entries

    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(("table", "column", "field", "about", "purpose", "retention"))
    for entry in entries(Base.metadata):
        assert entry.meaning is not None
        meaning = entry.meaning
        out.writerow((entry.table, entry.column, entry.field, meaning.about, meaning.purpose, KEEP[meaning.keep]))
