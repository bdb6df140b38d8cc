"""``schakel audit``: the log of who did what."""
from __future__ import annotations

import click


@click.group("audit")
def command() -> None:
    """Check the log that shows who did what, and that nothing was taken out of it."""


@command.command("verify")
@click.option("--anchor", default="", metavar="NUMBER:SEAL", help="An earlier end of the log, kept elsewhere.")
def verify(anchor: str) -> int:
    """Check every seal of the log; exit status 1 when anything was edited, deleted, swapped or cut off.

    That stays so, however much is logged after it. Where the end of the log was changed, the service starts no more.

    The end of a log that is whole is written to `audit.anchor` in the data folder and printed: keep a copy on another
    machine. The next check starts from it, so that a whole older database put back is noticed as well.
    """
    from api.commands.options import even_without_anchor
    from api.services import anchor as anchors
    from api.services.upkeep import must_be_ready, open_database
    from api.settings import read_settings
    from api.store import audit

    settings = read_settings(begins=False)
    database = open_database(settings)
    must_be_ready(database, under_any_key=True)
    if anchor and not anchors.is_anchor(anchor):
        raise click.BadParameter("NUMBER:SEAL, as an earlier check printed it", param_hint="--anchor")
    anchor = anchor or anchors.read(settings.data_dir)
    with database.reading() as session:
        found, end = audit.verify(session, anchor), audit.end_of(session)
    for finding in found:
        click.echo(f"event {finding.sequence}: {finding.sentence}" if finding.sequence else finding.sentence)
    if found:
        return 1
    click.echo(f"whole {end}")
    with even_without_anchor():
        anchors.keep(settings.data_dir, end)
    return 0


@command.command("recompute")
@click.argument("proposals", nargs=-1, metavar="[PROPOSAL_ID]...")
@click.option("--sample", type=click.IntRange(1), help="So many proposals, drawn by chance, instead.")
@click.option("--seed", type=int, default=0, show_default=True, help="Which ones are drawn.")
def recompute(proposals: tuple[str, ...], sample: int | None, seed: int) -> int:
    """Compute proposals again from the log and the stored inputs alone; exit status 1 when anything differs.

    Needs the versions that the run was made with. Of a run with erased persons only what a proposal says of its own
    pair can be computed again.
    """
    from api.services.recompute import check
    from api.services.upkeep import must_be_ready, open_database
    from api.settings import read_settings
    from api.store import audit
    from api.store.recompute import drawn

    if bool(proposals) == bool(sample):
        raise click.UsageError("Name proposals, or --sample how many.")
    database = open_database(read_settings(begins=False))
    must_be_ready(database, under_any_key=True)
    different = 0
    with database.reading() as session:
        for finding in audit.verify(session):
            click.echo(f"the log: event {finding.sequence}: {finding.sentence}")
            different += 1
        for verdict in check(session, list(proposals) or drawn(session, sample or 0, seed)):
            click.echo(str(verdict))
            different += not verdict.equal
    return 1 if different else 0
