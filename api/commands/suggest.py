"""``schakel suggest``: what free texts mean, in the product's own codes or in labels of one's own."""
from __future__ import annotations

from pathlib import Path

import click

from api.commands.options import language

_KINDS = ("branch", "task", "condition", "support", "certificate")


@click.command("suggest")
@click.argument("texts", type=click.Path(path_type=Path))
@click.option("--kind", type=click.Choice(_KINDS), help="List of the product to rank (task when nothing is given).")
@click.option("--labels", type=click.Path(path_type=Path), help="Your own list instead (CSV label_id,label).")
@click.option("--top", type=click.IntRange(min=1), default=5, show_default=True, help="Answers per text.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="File for the answers (CSV).")
@language
def command(*, texts: Path, kind: str | None, labels: Path | None, top: int, out: Path, lang: str) -> None:
    """Rank what each row of TEXTS may mean.

    TEXTS is a CSV with the columns id and text. The answers have the columns id, rank, label_id, score and
    sure: TOP rows a text, the best first, equal scores in the order of their ids. Score lies in [0, 1]; sure
    is yes for what the product would take as meant, and no where it would abstain and ask a person.
    """
    from api.suggest_files import suggest_file

    click.echo(suggest_file(texts, out, kind=kind, labels=labels, top=top, lang=lang), err=True)
