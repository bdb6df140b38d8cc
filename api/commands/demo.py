"""``schakel demo``: the main job on the shipped cohort; with ``--serve`` the service with people in it."""
from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import click

from api.commands.options import language
from api.errors import WrongUsage

COHORT = Path(__file__).resolve().parents[2] / "fixtures" / "region"
DAY = date(2026, 6, 15)  # the cohort's own day: its leavers leave that summer

ROLES = {
    "connector": ("verbinder", "connector"), "school": ("school", "school"), "referrer": ("verwijzer", "referrer"),
    "employer": ("werkgever", "employer"), "student": ("leerling", "student"), "parent": ("ouder", "parent"),
    "coach": ("coach", "coach"), "municipality": ("gemeente", "municipality"),
    "administrator": ("beheerder", "administrator"),
}  # fmt: skip


@click.command("demo")
@click.option("--out", type=click.Path(path_type=Path), default=Path("out/demo"), show_default=True)
@click.option("--serve", "served", is_flag=True, help="The service with two cohorts in it, and a login per role.")
@click.option("--data", type=click.Path(path_type=Path, file_okay=False), default=None,
              help="With --serve: a new folder that stays; without it all is gone at the end.")  # fmt: skip
@language
def command(out: Path, lang: str, *, served: bool, data: Path | None) -> None:
    """Match the shipped cohort: about 400 leavers and 150 openings of one labour-market region and its neighbours.

    With --serve: run the service, with that cohort and the founding case in it as if they were of today, a plan that is
    taken over, and somebody for every role, whose passwords are made for this one run.
    """
    if served:
        _serve(data, lang)
        return
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


def _serve(data: Path | None, lang: str) -> None:
    import os
    import shutil
    import tempfile

    from api.demo import STEPS, fill
    from api.progress import progress
    from api.service import must_be_free, serve
    from api.services.upkeep import make_ready, open_database
    from api.settings import read_settings

    if not COHORT.is_dir():
        raise WrongUsage("The shipped cohorts are not here: run the demo from a checkout of the project.")
    if data is not None and data.exists() and any(data.iterdir()):
        raise WrongUsage(f"{data}: the demo begins in a folder of its own; this one is not empty.")
    folder = data or Path(tempfile.mkdtemp(prefix="schakel-demo-"))
    try:
        os.environ["SCHAKEL_DATA_DIR"] = str(folder)  # the worker, a process of its own, reads it there
        settings = read_settings()
        must_be_free(settings)
        database = open_database(settings)
        make_ready(database, now=datetime.now(UTC))
        with progress(*STEPS) as steps:
            logins = fill(database, settings, steps.advance)
        database.close()
        for login in logins:
            click.echo(f"{ROLES[login.role][lang == 'en']:<16} {login.name:<22} {login.sign_in:<32} {login.secret}")
        serve(settings, say=click.echo)
    finally:
        if data is None:
            shutil.rmtree(folder, ignore_errors=True)
