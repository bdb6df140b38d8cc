"""``schakel policy``: what a change of weights or rules would mean, before it is adopted."""
from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import click

from api.commands.options import columns, language, travel_times


@click.group("policy")
def command() -> None:
    """Compare two policies on one cohort before a change is adopted."""


@command.command("compare")
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@click.argument("leavers", type=click.Path(path_type=Path))
@click.argument("vacancies", type=click.Path(path_type=Path))
@click.option("--decisions", type=click.Path(path_type=Path), help="Connectors' decisions: accept, reject, pin, defer.")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="Day of the run; default today.")
@click.option("--out", type=click.Path(path_type=Path), help="Folder for moves.csv, compare.json and rows.csv.")
@click.option("--strict", is_flag=True, help="Stop when any row has an error, instead of going on without it.")
@travel_times
@columns
@language
def compare(
    old: Path, new: Path, leavers: Path, vacancies: Path, decisions: Path | None, on: datetime | None,
    out: Path | None, strict: bool, travel_times: Path | None, columns: dict[str, str], lang: str,
) -> None:  # fmt: skip
    """Match LEAVERS with VACANCIES under the policies OLD and NEW and tell who would move, and why.

    For each student who moves: the rules that no longer refuse or now do, by how many points of 100 the weights
    move, feature by feature, who goes where in turn, and which changed settings decide, told by solving with each
    of them put back. Nothing is adopted: this only looks. Groups of fewer than 5 students are not shown.

    Exit status 3 when a policy has no plan that holds all limits, 4 when a time limit struck.
    """
    from api.compare.files import STEPS, compare_files
    from api.match_files import MatchFiles
    from api.progress import progress

    day = on.date() if on else date.today()
    files = MatchFiles(leavers, vacancies, day, new, decisions, lang, strict, columns, travel_times)
    with progress(*STEPS) as steps:
        answer = compare_files(files, old, out, step=steps.advance)
    for line in answer.lines:
        click.echo(line)
    for note in answer.notes:
        click.echo(note, err=True)
    if answer.end is not None:
        raise answer.end
