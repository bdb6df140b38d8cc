"""``schakel serve``: the service."""
from __future__ import annotations

import click

from api.commands.options import in_logs_only


@click.command("serve")
@click.option("--settings", "show", is_flag=True, help="Only print the table of settings (environment variables).")
@click.option("--openapi", is_flag=True, help="Only print the description of the API (OpenAPI 3.1).")
def command(show: bool, openapi: bool) -> None:
    """Run the service: pages, API and worker.

    With nothing configured it makes a folder `schakel-data` with a SQLite file and a secret, and prints the
    administrator's first login, once. Stop it with Ctrl-C.
    """
    from api.settings import TABLE, read_settings

    if show:
        for setting in TABLE:
            click.echo(f"{setting.name}={setting.default}\n    {setting.meaning}")
        return
    if openapi:
        from api.service import description

        click.echo(description(), nl=False)
        return
    from api.service import serve

    settings = read_settings()
    with in_logs_only():
        serve(settings, say=click.echo)
