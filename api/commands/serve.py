"""``schakel serve``: the service."""
from __future__ import annotations

import click


@click.command("serve")
@click.option("--settings", "show", is_flag=True, help="Only print the table of settings (environment variables).")
def command(show: bool) -> None:
    """Run the service: pages, API and worker.

    With nothing configured it makes a folder `schakel-data` with a SQLite file and a secret, and prints the
    administrator's first login, once. Stop it with Ctrl-C.
    """
    from api.settings import TABLE, read_settings

    if show:
        for setting in TABLE:
            click.echo(f"{setting.name}={setting.default}\n    {setting.meaning}")
        return
    from api.service import serve

    serve(read_settings(), say=click.echo)
