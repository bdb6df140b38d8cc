"""``schakel template``: an empty file with headers, allowed values and one example row."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from api.commands.options import language
from api.errors import WrongUsage

_FORMATS = {"leavers": ("csv", "xlsx"), "vacancies": ("csv", "xlsx"), "decisions": ("csv", "xlsx"), "policy": ("toml",)}


@click.command("template")
@click.argument("kind", metavar="leavers|vacancies|policy|decisions", type=click.Choice(list(_FORMATS)))
@click.option(
    "--format", "form", type=click.Choice(["csv", "xlsx", "toml"]), help="csv (default), xlsx; a policy is toml."
)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write to this file instead of stdout.")
@language
def command(kind: str, form: str | None, out: Path | None, lang: str) -> None:
    """Print a template: headers, allowed values and one example row, or a policy with every setting explained.

    In a CSV the last row, which begins with "# allowed values", says what each column takes; it may stay, it is
    not read. An XLSX (with --out, or sent on to a file) has sheets for that, and pick lists.
    """
    form = form or _FORMATS[kind][0]
    if form not in _FORMATS[kind]:
        raise WrongUsage(f"--format {form}: a template of {kind} comes as {' or '.join(_FORMATS[kind])}.")
    if form == "xlsx" and out is None and sys.stdout.isatty():
        raise WrongUsage("--format xlsx is not for a screen: name a file with --out.")
    data = _bytes(kind, form, lang)
    if out is None:
        click.echo(data, nl=False)
        return
    if out.exists() and out.stat().st_size:
        raise WrongUsage(f"--out {out} exists already; name a new file.")
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(data)


def _bytes(kind: str, form: str, lang: str) -> bytes:
    if kind == "policy":
        from api.policy import policy_template

        return policy_template(lang).encode()
    from api.template_files import template_csv, template_xlsx

    return template_csv(kind, lang) if form == "csv" else template_xlsx(kind, lang)
