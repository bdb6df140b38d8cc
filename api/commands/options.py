"""Options that several commands share."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import click

from api.errors import ServiceError
from api.mendable import mendable

Function = TypeVar("Function", bound=Callable[..., Any])


@contextmanager
def in_logs_only() -> Iterator[None]:
    """Let an error that nobody foresaw reach the log by its kind alone: its text may hold somebody's data."""
    try:
        yield
    except (ServiceError, click.exceptions.Exit, click.ClickException):
        raise
    except Exception as error:
        told = mendable(error)
        if told is not None:
            raise told from None
        from api.web.logs import unforeseen

        click.echo(f"This is our fault, not yours. Please report it with reference {unforeseen(error)}.", err=True)
        raise click.exceptions.Exit(5) from None


@contextmanager
def even_without_anchor() -> Iterator[None]:
    """Let what was done stand where `audit.anchor` cannot be written, as on a copy that cannot be changed; say so."""
    try:
        yield
    except OSError as error:
        told = f"{error.filename}: {error.strerror}, so the next check here does not start from this end of the log."
        click.echo(f"{told} Keep it elsewhere.", err=True)


def language(function: Function) -> Function:
    """``--lang nl|en``, the language of messages and reports."""
    option = click.option(
        "--lang", type=click.Choice(["nl", "en"]), default="nl", show_default=True,
        help="Language of messages and reports.",
    )  # fmt: skip
    return option(function)


def columns(function: Function) -> Function:
    """``--column "HEADER=field"``, as often as needed; the function gets a dict."""
    option = click.option(
        "--column", "columns", multiple=True, metavar='"HEADER=field"', callback=_pairs,
        help="Read the column HEADER as this field; may be given more than once.",
    )  # fmt: skip
    return option(function)


def travel_times(function: Function) -> Function:
    """``--travel-times FILE``: a table that goes before the estimate of travel time."""
    option = click.option(
        "--travel-times", "travel_times", metavar="FILE", type=click.Path(path_type=Path),
        help="Travel times between postcode areas (CSV: from, to, and minutes per means), before our estimate.",
    )  # fmt: skip
    return option(function)


def _pairs(_: click.Context, __: click.Parameter, given: tuple[str, ...]) -> dict[str, str]:
    from api.files import parse_columns

    return parse_columns(given)
