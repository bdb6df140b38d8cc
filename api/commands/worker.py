"""``schakel worker``: computes the runs that people ask for."""
from __future__ import annotations

import click

from api.commands.options import in_logs_only


@click.command("worker")
@click.option("--run", "one", hidden=True, help="Compute this run and end.")
@click.option("--of-service", is_flag=True, hidden=True, help="End when the service that started it ends.")
def command(one: str | None, of_service: bool) -> None:
    """Compute queued runs. `schakel serve` starts one itself unless SCHAKEL_WORKER is apart."""
    from api.settings import read_settings
    from api.worker import run_one, run_worker

    settings = read_settings()
    with in_logs_only():
        if one:
            run_id, _, attempt = one.partition(":")
            run_one(settings, run_id, int(attempt))
        else:
            run_worker(settings, of_service=of_service)
