"""``schakel sbom``: what the product is made of."""
from __future__ import annotations

from pathlib import Path

import click


@click.command("sbom")
@click.option("--lock", type=click.Path(path_type=Path, exists=True, dir_okay=False), default="requirements.lock",
              show_default=True, help="The locked packages, with their hashes.")  # fmt: skip
def command(lock: Path) -> None:
    """Print a bill of materials (CycloneDX 1.6, JSON) of the locked packages: the same lock, the same bytes."""
    from api.sbom import bill

    click.echo(bill(lock.read_text(encoding="utf-8")), nl=False)
