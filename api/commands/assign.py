"""``schakel assign``: the solver alone, on scores from elsewhere."""
from __future__ import annotations

import math
from pathlib import Path

import click

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def _fit(_: click.Context, __: click.Parameter, text: str) -> int:
    from api.assign_numbers import NumberError, millionths_of

    try:
        return millionths_of(text.strip())
    except NumberError as error:
        raise click.BadParameter(f"{text!r}: {error}") from error


def _seconds(_: click.Context, __: click.Parameter, seconds: float | None) -> float | None:
    if seconds is not None and not (math.isfinite(seconds) and seconds > 0):
        raise click.BadParameter("expected a number of seconds above 0")
    return seconds


@click.command("assign")
@click.option("--scores", type=_FILE, required=True, help="CSV student,opening,score[,load]; no row: not eligible.")
@click.option(
    "--openings", type=_FILE, required=True, help="CSV opening,places[,min_to_open][,present][,load_capacity]."
)
@click.option("--students", type=_FILE, help="CSV student[,priority][,load].")
@click.option("--pairs", type=_FILE, help="CSV student,opening,constraint: 1 pins the pair, -1 forbids it.")
@click.option("--limits", type=_FILE, help='JSON [{"name", "students", "openings", "at_least", "at_most"}].')
@click.option(
    "--objective", type=click.Choice(["placed", "fit", "balanced"]), default="placed", show_default=True,
    help="placed: highest priorities, then score; fit: highest score; balanced: priorities, the worst-off, score.",
)  # fmt: skip
@click.option(
    "--unplaced-fit", default="0", show_default=True, callback=_fit, help="Worth of an unplaced student (fit)."
)
@click.option("--time-limit", type=float, callback=_seconds, help="Seconds; then the best plan so far (status 4).")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Folder for the results.")
def command(
    scores: Path, openings: Path, students: Path | None, pairs: Path | None, limits: Path | None, objective: str,
    unplaced_fit: int, time_limit: float | None, out: Path,
) -> None:  # fmt: skip
    """Assign students to openings: the optimum, proven, under every limit given.

    Writes assignment.csv, result.json, timings.json and case/ (the problem, the plan and its prices, for
    `schakel verify`) into the folder --out. Exit status 3 when no plan holds all limits, 4 when the time limit struck.
    """
    from api.assign_job import AssignJob, run_assign
    from api.assign_read import AssignFiles
    from api.progress import progress

    job = AssignJob(AssignFiles(scores, openings, students, pairs, limits), objective, unplaced_fit, time_limit)
    with progress("read", "solve", "verify", "write") as steps:
        run_assign(job, out, step=steps.advance, note=lambda text: click.echo(text, err=True))
