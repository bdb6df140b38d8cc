"""``schakel check``: only read files and report every defect."""

from __future__ import annotations

from pathlib import Path

import click

from api.commands.options import columns, language


@click.command("check")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@columns
@language
def command(files: tuple[Path, ...], columns: dict[str, str], lang: str) -> int:
    """Read each FILE (leavers, vacancies or decisions as CSV, XLSX or JSON; a policy as
    TOML; a table of travel times as CSV) and report every defect.

    The headers tell which list a file is. Prints the table of rows.csv: file, row, column, severity, code, found,
    expected, message. Exit status 0 when there is nothing or only warnings, 1 when anything is an error.
    """
    from api.check_files import check_files
    from api.files import ROWS_HEADER, row_cells
    from api.progress import progress
    from api.tables import csv_bytes

    with progress("read"):
        errors, summary = check_files(files, columns, lang)
    click.echo(csv_bytes(ROWS_HEADER, map(row_cells, errors)), nl=False)
    click.echo(summary, err=True)
    return int(any(error.severity == "error" for error in errors))
