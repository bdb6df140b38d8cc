"""``schakel verify``: re-check a result of match or assign without the solver's code."""
from __future__ import annotations

from pathlib import Path

import click


@click.command("verify")
@click.argument("folder", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path))
def command(folder: Path) -> int:
    """Re-check the result in DIR: every limit, the value of every stage, the bound, the status, the tie rule.

    Says `proved` where the prices prove the optimum; `feasible, own bound B, solver claims optimal` where only the
    solver's search does. Exit status 1 when something does not hold, a line for each with its name.
    """
    from api.assign_verify import verify_folder

    outcome = verify_folder(folder)
    for name, sentence in outcome.findings:
        click.echo(f"{name}: {sentence}")
    if outcome.findings:
        return 1
    click.echo(outcome.statement)
    return 0
