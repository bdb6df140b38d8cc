"""``schakel what-if``: what one change would mean for the whole plan."""
from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from api.commands.options import columns, language, travel_times
from api.errors import WrongUsage


@click.command("what-if")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--pair", metavar="STUDENT,OPENING", help="What if this student goes there? Exact regret, and who moves.")
@click.option("--extra-place", metavar="OPENING[=K]", help="What are K more places (default 1) at an opening worth?")
@click.option(
    "--without", metavar="STUDENT-or-OPENING",
    help="What if a student or an opening drops out? Write student:ID or opening:ID where an id is both.",
)  # fmt: skip
@click.option(
    "--new-opening", metavar="FILE", type=click.Path(path_type=Path),
    help="What if these openings were posted: would they open, with whom, who would move?",
)  # fmt: skip
@click.option("--leavers", type=click.Path(path_type=Path), help="Leaver list of the run, for a vacancy list.")
@click.option("--policy", type=click.Path(path_type=Path), help="Policy of the run, for a vacancy list.")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="Day of the run, for a vacancy list; default: its own.")
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON instead of sentences.")
@travel_times
@columns
@language
def command(
    folder: Path, pair: str | None, extra_place: str | None, without: str | None, new_opening: Path | None,
    leavers: Path | None, policy: Path | None, on: datetime | None, as_json: bool, travel_times: Path | None,
    columns: dict[str, str], lang: str,
) -> int:  # fmt: skip
    """Ask what one change would mean for the whole plan in DIR, a result of match or assign.

    The changed problem is solved exactly and compared with the plan in DIR, which is not touched. A student is written
    school/student_ref and an opening vacancy_ref@yyyy-mm-dd after match; after assign the ids are your own.

    FILE for --new-opening is CSV with the columns student, opening, score (and load, places, min_to_open, present,
    load_capacity where they matter; places is 1 if not given): the eligible students of each new opening with their
    scores. After match it may also be a vacancy list (CSV, XLSX, JSON), scored as match does; give --leavers, and
    --policy and --travel-times if the run had them.

    Exit status 3 when no plan holds all limits after the change, 4 when the run's time limit strikes.
    """
    from api.texts.what_if import WHAT_IF
    from api.what_if import NoConflictPlan, Outcome, asked
    from api.what_if_opening import Lists, read_new_openings
    from api.what_if_text import conflict_json, outcome_json, outcome_lines

    given = {"pair": pair, "extra_place": extra_place, "without": without, "new_opening": new_opening}
    kinds = [kind for kind, value in given.items() if value is not None]
    if len(kinds) != 1:
        raise WrongUsage(WHAT_IF[lang]["one_question"])
    if not folder.is_dir():
        raise WrongUsage(WHAT_IF[lang]["no_file"].format(path=folder))
    result = asked(folder, lang)
    try:
        if new_opening is not None:
            day = on.date() if on else result.day
            lists = Lists(leavers, policy, day, columns, travel_times, result.travel_digest)
            outcome: Outcome = result.new_opening(read_new_openings(new_opening, result.case, lists, lang))
        else:
            outcome = getattr(result, kinds[0])(given[kinds[0]])
    except NoConflictPlan as none:
        if as_json:
            click.echo(conflict_json(kinds[0], none.conflict), nl=False)
        raise
    click.echo(outcome_json(outcome) if as_json else "\n".join(outcome_lines(outcome, lang)) + "\n", nl=False)
    return 0 if outcome.status == "optimal" else 4
