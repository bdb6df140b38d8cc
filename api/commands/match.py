"""``schakel match``: the main job, file to file."""
from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import click

from api.commands.options import columns, language, travel_times


@click.command("match")
@click.argument("leavers", type=click.Path(path_type=Path))
@click.argument("vacancies", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Folder for the results.")
@click.option("--policy", type=click.Path(path_type=Path), help="Policy file (TOML); see `schakel template policy`.")
@click.option("--decisions", type=click.Path(path_type=Path), help="Connectors' decisions: accept, reject, pin, defer.")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="Day of the run; default today.")
@click.option("--strict", is_flag=True, help="Stop when any row has an error, instead of going on without it.")
@travel_times
@columns
@language
def command(
    leavers: Path, vacancies: Path, out: Path, policy: Path | None, decisions: Path | None, on: datetime | None,
    strict: bool, travel_times: Path | None, columns: dict[str, str], lang: str,
) -> None:  # fmt: skip
    """Match the LEAVERS list with the VACANCIES list (CSV, XLSX or JSON).

    A table of --travel-times has the columns from and to (four digits of the postcode) and a column per means of
    travel (foot, bicycle, e_bike, moped, public_transport, car, brought) with minutes one way; or the columns from,
    to, means and minutes. What it does not say stays an estimate, and is counted.

    Writes proposals, alternatives, who is unplaced and why, openings, defects of rows, a report to print and
    the solver's case with its proof into the folder --out.
    """
    from api.match_files import STEPS, MatchFiles, match_files
    from api.progress import progress

    day = on.date() if on else date.today()
    files = MatchFiles(leavers, vacancies, day, policy, decisions, lang, strict, columns, travel_times)
    with progress(*STEPS) as steps:
        lines = match_files(files, out, step=steps.advance)
    for line in lines:
        click.echo(line)
