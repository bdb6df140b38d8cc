"""``schakel worker``: computes the runs that people ask for."""
from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

import click

from api.commands.options import in_logs_only

if TYPE_CHECKING:
    from api.settings import Settings


@click.command("worker")
@click.option("--run", "one", hidden=True, help="Compute this run and end.")
@click.option("--of-service", is_flag=True, hidden=True, help="End when the service that started it ends.")
def command(one: str | None, of_service: bool) -> None:
    """Compute queued runs. `schakel serve` starts one itself unless SCHAKEL_WORKER is apart."""
    from api.behind import behind
    from api.settings import read_settings

    settings = read_settings(begins=False)
    with in_logs_only():
        if one:
            # Loading it takes seconds of processor: nothing waits for them.
            run_one = behind(lambda: importlib.import_module("api.worker").run_one)
            run_id, _, attempt = one.partition(":")
            run_one(settings, run_id, int(attempt))
        else:
            from api.worker import run_worker

            if not of_service:  # who started it has looked
                _must_be_safe(settings)
            run_worker(settings, of_service=of_service)


def _must_be_safe(settings: Settings) -> None:
    """Refuse a database that `schakel serve` would refuse."""
    from api.services.upkeep import must_be_safe, open_database
    from api.web.logs import set_up_logs

    set_up_logs(settings.log_level)
    database = open_database(settings)
    try:
        must_be_safe(database, production=settings.production)
    finally:
        database.close()
