"""The ``schakel`` command. Each subcommand lives in its own module and is loaded only when called."""
from __future__ import annotations

import gc
import importlib
import os
import secrets
import sys
from typing import Any

import click

from api.errors import ServiceError
from api.mendable import frames, mendable

# name -> (module, short help); the module's `command` is loaded when it is called, so that --help costs no numpy.
COMMANDS = {
    "match": ("api.commands.match", "The main job: read, check, score, solve, verify and explain, file to file."),
    "check": ("api.commands.check", "Only read files and report every defect, cell by cell."),
    "template": ("api.commands.template", "An empty file with headers, allowed values and one example row."),
    "assign": ("api.commands.assign", "The solver alone, on scores from elsewhere."),
    "verify": ("api.commands.verify", "Re-check a result of match or assign without the solver's code."),
    "what-if": ("api.commands.what_if", "Exact cost of a pair, worth of more places, effect of a change."),
    "evaluate": ("api.commands.evaluate", "Every metric of a solved case; with outcomes, calibration too."),
    "suggest": ("api.commands.suggest", "What free texts mean: ranks codes or your own labels."),
    "policy": ("api.commands.policy", "Compare two policies on one cohort before a change is adopted."),
    "geo": ("api.commands.geo", "Places, postcodes, municipalities and labour-market regions."),
    "demo": ("api.commands.demo", "The main job on the shipped cohort."),
    "serve": ("api.commands.serve", "The service: API, accounts, worker; with nothing configured on SQLite."),
    "worker": ("api.commands.worker", "Computes the runs of the service."),
    "user": ("api.commands.user", "The service's accounts, rights and tokens."),
    "db": ("api.commands.db", "The service's database: upgrade, backup, restore, data dictionary."),
    "sbom": ("api.commands.sbom", "What the product is made of, as a bill of materials (CycloneDX)."),
    "audit": ("api.commands.audit", "Check the service's log of who did what."),
}


class LazyGroup(click.Group):
    """A group whose subcommands are imported only when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All subcommands, in the order of the work."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the subcommand's module and return its command."""
        if cmd_name not in COMMANDS:
            return None
        command = importlib.import_module(COMMANDS[cmd_name][0]).command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the subcommands with their short help, without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="schakel")
def schakel() -> None:
    """Match school leavers with learn-work places: explained, verified, decided by people."""


def main(args: list[str] | None = None) -> None:
    """Run the command and end with the exit status of the contract."""
    _keep_stdout_clean()
    gc.set_threshold(100_000)  # records live to the end: looking for garbage among them took a tenth of a match
    sys.exit(run(args))


def _keep_stdout_clean() -> None:
    """Let only what this program writes reach stdout: HiGHS prints lines of its own there that no option silences."""
    try:
        ours = os.dup(1)
        nowhere = os.open(os.devnull, os.O_WRONLY)
    except OSError:
        return  # there is no stdout
    sys.stdout.flush()
    os.dup2(nowhere, 1)
    os.close(nowhere)
    sys.stdout = open(  # noqa: SIM115 - a stream for as long as the process lives
        ours, "w", encoding=sys.stdout.encoding, errors=sys.stdout.errors, newline=None,
        buffering=1 if os.isatty(ours) else -1, closefd=False,
    )  # fmt: skip


def run(args: list[str] | None = None) -> int:
    """Run the command; return its exit status (0 done, 1 refused, 2 usage, 3 no plan, 4 time limit, 5 our fault)."""
    try:
        result: Any = schakel.main(args=args, standalone_mode=False)
    except click.exceptions.Exit as stop:
        return int(stop.exit_code)
    except click.Abort:
        click.echo("Stopped.", err=True)
        return 130
    except click.ClickException as error:
        error.show()
        return int(error.exit_code)
    except ServiceError as error:
        click.echo(str(error), err=True)
        return error.status
    except Exception as error:  # the last net: whatever was not foreseen is our fault and gets a number to quote
        told = mendable(error)
        if told is not None:
            click.echo(str(told), err=True)
            return told.status
        reference = secrets.token_hex(4)
        click.echo(frames(error), err=True)
        click.echo(f"This is our fault, not yours. Please report it with reference {reference}.", err=True)
        return 5
    return result if isinstance(result, int) else 0
