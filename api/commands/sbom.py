"""``schakel sbom``: what the product is made of."""
from __future__ import annotations

from pathlib import Path

import click

from api.errors import WrongUsage

LOCK = Path(__file__).resolve().parents[2] / "requirements.lock"


@click.command("sbom")
@click.option("--lock", type=click.Path(path_type=Path, exists=True, dir_okay=False), default=None,
              help="The locked packages, with their hashes; else the one beside the program.")  # fmt: skip
def command(lock: Path | None) -> None:
    """Print a bill of materials (CycloneDX 1.6, JSON) of the locked packages: the same lock, the same bytes."""
    from api.sbom import bill

    lock = lock or LOCK
    if not lock.is_file():
        raise WrongUsage(f"{lock}: the lock is not there. Say with --lock where it is.")
    click.echo(bill(lock.read_text(encoding="utf-8")), nl=False)
