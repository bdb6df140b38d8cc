"""``schakel evaluate``: every metric of a solved case, and how its fits compare with outcomes."""
from __future__ import annotations

from pathlib import Path

import click

from api.commands.options import language


@click.command("evaluate")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--outcomes", metavar="FILE", type=click.Path(path_type=Path), help="What came of placements (CSV).")
@click.option("--out", metavar="FOLDER", type=click.Path(path_type=Path), help="Where to write; default: DIR itself.")
@language
def command(folder: Path, outcomes: Path | None, out: Path | None, lang: str) -> None:
    """Measure the plan in DIR, a result of match or assign: every figure as a table on stdout, as evaluation.csv and
    as a page, evaluation.html.

    FILE for --outcomes is CSV with the columns school, student_ref, vacancy_ref, starts_on, outcome (yes, no or
    empty: not known yet), and employer_kvk where employers must be kept apart; Dutch headers will do. After assign
    they are student, opening, outcome. It adds the Brier score, points against outcome with intervals, AUC and
    Kendall's tau-b, and what the fit tells about schools and employers it was not calibrated on.
    """
    from api.evaluate.files import evaluate_folder

    made = evaluate_folder(folder, outcomes, out, lang)
    click.echo(made.table.decode(), nl=False)
    for note in made.notes:
        click.echo(note, err=True)
