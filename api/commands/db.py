"""``schakel db``: the service's database from the command line."""
from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from api.terms import Terms


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
@click.argument("file", type=click.Path(path_type=Path), required=False)
def backup(file: Path | None) -> None:
    """Write all of it into FILE, while people go on working. It holds personal data: keep it safe.

    FILE may be on a stick or a share, and is never one that exists: a backup overwrites nothing.

    Without FILE it goes into the folder `backups` of the data folder, under the moment it was made; what is older
    than 35 days (fewer if the policy says so) goes there by itself, see `schakel db retention`. To put a backup back
    the same secret (or audit key) is needed, and so is the file `erasures.ledger` of the data folder: keep copies of
    both, apart from the backup.
    """
    from api.services import backup_list
    from api.services.upkeep import must_be_ready, open_database
    from api.settings import read_settings
    from api.store import audit

    settings, now = read_settings(begins=False), datetime.now(UTC)
    database = open_database(settings)
    must_be_ready(database)
    file, counts = backup_list.make(database, settings.data_dir, settings.audit_key, now=now, file=file)
    with database.writing() as session:
        backup_list.log(session, audit.SERVICE, counts, now=now)
    click.echo(f"{file}: {sum(counts.values())} rows of {len(counts)} tables")


@command.command("restore")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--ledger", "given", type=click.Path(path_type=Path, exists=True, dir_okay=False),
              help="The ledger of erased persons, if it is not in the data folder.")  # fmt: skip
@click.option("--no-ledger", "insist", is_flag=True,
              help="Restore without one, or from before the 35 days that it tells of: whoever was erased since the "
                   "backup was made, and stands in no ledger, comes back.")  # fmt: skip
def restore(file: Path, given: Path | None, *, insist: bool) -> None:
    """Fill an empty database from FILE, made by `schakel db backup`, on SQLite or PostgreSQL.

    Whoever was erased since the backup was made is erased again, by the ledger of erased persons, which goes back 35
    days: an older backup is refused. Needs the secret
    (or audit key) that the backup was made with: another one is refused, for the log would not hold under it.

    Where the log went on after the backup, the restore says so, in the log and in `audit.anchor`, and from then on
    `schakel audit verify` starts from the end that it prints: keep a copy of that on another machine.
    """
    from api.commands.options import even_without_anchor
    from api.services import anchor, restoring
    from api.services.upkeep import open_database
    from api.settings import read_settings

    if given is not None and insist:
        raise click.UsageError("--ledger or --no-ledger, not both.")
    settings, now = read_settings(), datetime.now(UTC)
    made = restoring.restore(open_database(settings), file, settings.data_dir, now=now, given=given, insist=insist)
    again = "nobody erased again, for there was no ledger" if made.again is None else f"{made.again} erased again"
    click.echo(f"{made.rows} rows of {made.tables} tables; {again}")
    if made.unknown:
        click.echo(f"The ledger is older than the backup: it misses {made.unknown} that the backup knows. Whoever was "
                   "erased after the backup may be back.", err=True)  # fmt: skip
    if made.cut:
        was, here = made.was.partition(":")[0], made.backup.partition(":")[0]
        click.echo(f"The log ended at event {was} when it was last checked here. In the backup it ends at event "
                   f"{here}, without that one: what came after the backup is gone, as the log now says.")  # fmt: skip
    click.echo(f"The log now ends at {made.end}")
    with even_without_anchor():
        anchor.renew(settings.data_dir, made.end, was=made.was, backup=made.backup, now=now)


@command.command("retention")
@click.option("--dry-run", is_flag=True, help="Only count what is due.")
def retention(dry_run: bool) -> None:
    """Delete what has had its time, class by class; the worker does so ten minutes after it starts and every night."""
    from api.services import retention as kept
    from api.services.upkeep import must_be_ready, open_database
    from api.settings import read_settings

    settings = read_settings(begins=False)
    database = open_database(settings)
    must_be_ready(database)
    counts = kept.carry_out(database, now=datetime.now(UTC), path=settings.data_dir, key=settings.audit_key,
                            dry_run=dry_run)  # fmt: skip
    for name, number in counts.items():
        click.echo(f"{name}: {number}")


@command.command("export")
@click.argument("student", metavar="STUDENT_ID")
@click.option("--form", type=click.Choice(["json", "html"]), default="json", show_default=True)
@click.option("--lang", type=click.Choice(["nl", "en"]), default="nl", show_default=True)
def export(student: str, form: str, lang: str) -> None:
    """Print everything that is stored about a student; it stands in the log that somebody did."""
    import json

    from api.errors import Refused
    from api.services import privacy
    from api.services.export_page import page
    from api.services.run_inputs import policy_now
    from api.services.upkeep import must_be_ready, open_database
    from api.settings import read_settings
    from api.store import audit, persons

    database, now = open_database(read_settings(begins=False)), datetime.now(UTC)
    must_be_ready(database)
    with database.writing() as session:
        if persons.student(session, student) is None:
            raise Refused(f"{student}: there is no such student.")
        made, terms = privacy.export(session, student, now=now), policy_now(session).terms
        audit.append(session, audit.SERVICE, "student.exported", ("student", student), now=now)
    told = page(made, lang, terms) if form == "html" else json.dumps(made, indent=1, ensure_ascii=False) + "\n"
    click.echo(told, nl=False)


@command.command("erase")
@click.argument("student", metavar="STUDENT_ID")
def erase(student: str) -> None:
    """Erase a student for good. Runs keep numbers under an id that names nobody."""
    from api.errors import Refused
    from api.services import ledger, privacy
    from api.services.upkeep import must_be_ready, open_database
    from api.settings import read_settings
    from api.store import audit, persons
    from api.store.engine import tidy_up

    settings, now = read_settings(begins=False), datetime.now(UTC)
    database = open_database(settings)
    must_be_ready(database)
    with database.writing() as session:
        if persons.student(session, student, lock=True) is None or persons.is_erased(session, student):
            raise Refused(f"{student}: there is no such student.")
        gone = privacy.erase(session, audit.SERVICE, student, ground="asked", now=now, key=settings.audit_key,
                             path=settings.data_dir / ledger.NAME)  # fmt: skip
    tidy_up(database)
    click.echo(f"{gone} rows erased or emptied")


@command.command("dictionary")
@click.option("--form", type=click.Choice(["csv", "markdown"]), default="csv", show_default=True)
def dictionary(form: str) -> None:
    """Print the data dictionary: every column, whom it is about, what for, how long."""
    from api.services.register import dictionary as lines
    from api.services.register import table

    click.echo(table(lines(_terms()), form), nl=False)


def _terms() -> Terms:
    """The terms of the policy that holds in the database; the longest, and that said, where there is no service."""
    from api.services.run_inputs import policy_now
    from api.services.upkeep import must_be_ready, open_database
    from api.settings import Unsafe, read_settings
    from api.terms import LONGEST

    try:
        database = open_database(read_settings(begins=False))
    except Unsafe:
        click.echo("There is no service here: the terms are those of the default policy.", err=True)
        return LONGEST
    must_be_ready(database)
    with database.reading() as session:
        return policy_now(session).terms


@command.command("register")
@click.option("--lang", type=click.Choice(["nl", "en"]), default="nl", show_default=True)
def register(lang: str) -> None:
    """Print the register of processing (GDPR, article 30), made from the data dictionary."""
    from api.services.register import register as made

    click.echo(made(lang, _terms()), nl=False)
