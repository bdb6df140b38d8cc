"""``schakel user``: accounts from the command line."""
from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from api.bsn import suspects

if TYPE_CHECKING:
    from api.store.engine import Database
    from api.store.people import Account, Session


def _roles(_: click.Context, __: click.Parameter, rights: tuple[str, ...]) -> tuple[str, ...]:
    from api.store.tables.accounts import ROLES

    return _among(rights, tuple(right.partition(":")[0] for right in rights), "role", ROLES)


def _scopes(_: click.Context, __: click.Parameter, scopes: tuple[str, ...]) -> tuple[str, ...]:
    from api.services.accounts import SCOPES

    return _among(scopes, scopes, "scope", SCOPES)


def _among(said: tuple[str, ...], names: tuple[str, ...], kind: str, known: tuple[str, ...]) -> tuple[str, ...]:
    """What was said, if each of its names is known; wrong usage otherwise. Asked late: the lists load the database."""
    for name in names:
        if name not in known:
            raise click.BadParameter(f"{name!r} is no {kind}; the {kind}s are {', '.join(known)}.")
    return said


def _words(_: click.Context, __: click.Parameter, said: str) -> str:
    """What somebody typed, without a number that may be a BSN."""
    if suspects(said):
        raise click.BadParameter("leave out the number that may be a citizen service number (BSN).")
    return said


@click.group("user")
def command() -> None:
    """Add and look after accounts. Passwords and tokens are printed once and kept nowhere."""


@command.command("list")
def list_accounts() -> None:
    """List every account with its rights."""
    from api.store import people

    with _database().reading() as session:
        names = {found.id: f"{found.kind} {found.code}" for found in people.organisations(session)}
        for account in people.accounts(session):
            rights = [f"{g.role}:{names.get(g.organisation_id or '', g.region_code or '')}" for g in account.grants]
            state = "" if account.active else "  (disabled)"
            click.echo(f"{account.email}  {account.name}  {', '.join(sorted(rights))}{state}")


@command.command("add")
@click.argument("email")
@click.option("--name", required=True, callback=_words, help="The person's name, for colleagues.")
@click.option("--role", "rights", multiple=True, required=True, metavar="ROLE[:NUMBER[:NAME]]", callback=_roles,
              help="administrator, connector:AM36, school:25AB00:NAME, employer:KVK:NAME, ...; as often as needed.")
def add(email: str, name: str, rights: tuple[str, ...]) -> None:
    """Add an account; prints a password for one use."""
    from api.services import accounts
    from api.store import audit

    password = accounts.new_password()
    with _database().writing() as session:
        made = [accounts.Right(*right.split(":", 2)) for right in rights]
        accounts.add_account(session, audit.SERVICE, email, name, made, password=password, now=datetime.now(UTC))
    click.echo(password)


@command.command("password")
@click.argument("email")
def password(email: str) -> None:
    """Give an account a new password for one use; ends every session."""
    from api.services import accounts
    from api.store import audit

    made = accounts.new_password()
    with _database().writing() as session:
        accounts.set_password(session, audit.SERVICE, _account(session, email), made, now=datetime.now(UTC))
    click.echo(made)


@command.command("factor-off")
@click.argument("email")
def factor_off(email: str) -> None:
    """Take away the second factor of who lost phone and recovery codes; be sure who asks for it."""
    from api.services import factors
    from api.store import audit

    with _database().writing() as session:
        factors.take_away(session, audit.SERVICE, _account(session, email), now=datetime.now(UTC))


@command.command("disable")
@click.argument("email")
def disable(email: str) -> None:
    """Close an account; ends every session at once."""
    from api.services import accounts
    from api.store import audit

    with _database().writing() as session:
        accounts.disable(session, audit.SERVICE, _account(session, email), now=datetime.now(UTC))


@command.command("token")
@click.argument("email")
@click.option("--name", required=True, callback=_words, help="Which system uses it.")
@click.option("--scope", "scopes", multiple=True, required=True, callback=_scopes,
              help="read, upload or run; as often as needed.")
@click.option("--days", type=click.IntRange(1, 366), default=90, show_default=True)
def token(email: str, name: str, scopes: tuple[str, ...], days: int) -> None:
    """Make a bearer token for a system that works with this account's rights."""
    from api.services import accounts
    from api.store import audit

    with _database().writing() as session:
        secret, _ = accounts.new_token(session, audit.SERVICE, _account(session, email), name, list(scopes),
                                       now=datetime.now(UTC), days=days)  # fmt: skip
    click.echo(secret)


def _database() -> Database:
    from api.services.upkeep import must_be_ready, open_database
    from api.settings import read_settings

    database = open_database(read_settings(begins=False))
    must_be_ready(database)
    return database


def _account(session: Session, email: str) -> Account:
    from api.errors import Refused
    from api.store import people

    found = people.account_by_email(session, email)
    if found is None:
        raise Refused(f"{email}: there is no such account.")
    return found
