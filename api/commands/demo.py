"""``schakel demo``: the main job on the shipped cohort."""
from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from api.commands.options import language
from api.errors import WrongUsage

COHORT = Path(__file__).resolve().parents[2] / "fixtures" / "region"
DAY = date(2026, 6, 15)  # the cohort's own day: its leavers leave that summer


@click.command("demo")
@click.option("--out", type=click.Path(path_type=Path), default=Path("out/demo"), show_default=True)
@language
def command(out: Path, lang: str) -> None:
    """Match the shipped cohort: about 400 leavers and 150 openings of one labour-market region and its neighbours."""
    from api.match_files import STEPS, MatchFiles, match_files
    from api.progress import progress

    if not COHORT.is_dir():
        raise WrongUsage("The shipped cohort is not here: run the demo from a checkout of the project.")
    with progress(*STEPS) as steps:
        files = MatchFiles(COHORT / "leavers.csv", COHORT / "vacancies.csv", DAY, lang=lang)
        lines = match_files(files, out, step=steps.advance)
    for line in lines:
        click.echo(line)
    click.echo(f"{'Rapport' if lang == 'nl' else 'Report'}: {out / 'report.html'}")
