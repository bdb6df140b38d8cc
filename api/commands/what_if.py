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
@click.option("--reject", metavar="STUDENT,OPENING", help="What if this student may not go there?")
@click.option(
    "--value", metavar="WHAT=CHANGE",
    help="What if a score changes? STUDENT,OPENING=0.8 (or =+0.05), or STUDENT=+0.05 or OPENING=-0.05 for all of one.",
)  # fmt: skip
@click.option("--extra-place", metavar="OPENING[=K]", help="What are K more places (default 1) at an opening worth?")
@click.option(
    "--without", metavar="STUDENT-or-OPENING",
    help="What if a student or an opening drops out? Write student:ID or opening:ID where an id is both.",
)  # fmt: skip
@click.option(
    "--new-opening", metavar="FILE", type=click.Path(path_type=Path),
    help="What if these openings were posted: would they open, with whom, who would move?",
)  # fmt: skip
@click.option("--plans", metavar="N", type=click.IntRange(1, 20), help="N other plans nearly as good as the best.")
@click.option("--front", is_flag=True, help="After the change: ever fewer who move, and what each such plan loses.")
@click.option("--keep", metavar="STUDENT", multiple=True, help="This student stays where the plan says; repeatable.")
@click.option("--leavers", type=click.Path(path_type=Path), help="Leaver list of the run, for a vacancy list.")
@click.option("--policy", type=click.Path(path_type=Path), help="Policy of the run, for a vacancy list.")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="Day of the run, for a vacancy list; default: its own.")
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON instead of sentences.")
@travel_times
@columns
@language
def command(
    folder: Path, pair: str | None, reject: str | None, value: str | None, extra_place: str | None,
    without: str | None, new_opening: Path | None, plans: int | None, front: bool, keep: tuple[str, ...],
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

    With --front the answer is not the best plan alone, but every plan that no other beats in both value and number of
    students moved. Pins never move, nor do students named with --keep (accepted proposals are pins in a result of
    match). --plans gives other plans within 1 % of the best total fit, with as many placed by weight, in each of which
    at least one placed student in ten is elsewhere than in the best plan and in every other one.

    After --value both plans are compared at the new scores.

    Exit status 3 when no plan holds all limits after the change, 4 when the run's time limit strikes.
    """
    from api.texts.what_if import WHAT_IF
    from api.what_if import NoConflictPlan, asked
    from api.what_if_files import read_new_openings
    from api.what_if_opening import Lists
    from api.what_if_plans import front as front_of
    from api.what_if_plans import others
    from api.what_if_text import conflict_json, outcome_json, outcome_lines, plans_json, plans_lines

    given = {
        "pair": pair, "reject": reject, "value": value, "extra_place": extra_place, "without": without,
        "new_opening": new_opening, "plans": plans,
    }  # fmt: skip
    kinds = [kind for kind, said in given.items() if said is not None]
    if len(kinds) != 1:
        raise WrongUsage(WHAT_IF[lang]["one_question"])
    if front and plans is not None:
        raise WrongUsage(WHAT_IF[lang]["front_of_what"])
    if not folder.is_dir():
        raise WrongUsage(WHAT_IF[lang]["no_file"].format(path=folder))
    result, kind = asked(folder, lang, keep), kinds[0]
    try:
        if plans is not None:
            found = others(result, plans)
        else:
            if new_opening is not None:
                day = on.date() if on else result.day
                lists = Lists(leavers, policy, day, columns, travel_times, result.travel_digest)
                question = result.reader.posted(read_new_openings(new_opening, result.case, lists, lang))
            else:
                question = result.reader.changed(kind, str(given[kind]))
            if not front:
                outcome = result.answer(question)
                lines = outcome_json(outcome) if as_json else "\n".join(outcome_lines(outcome, lang)) + "\n"
                click.echo(lines, nl=False)
                return 0 if outcome.status == "optimal" else 4
            found = front_of(result, question)
    except NoConflictPlan as none:
        if as_json:
            click.echo(conflict_json(kind, none.conflict), nl=False)
        raise
    click.echo(plans_json(found) if as_json else "\n".join(plans_lines(found, lang)) + "\n", nl=False)
    return 0 if all(point.proven for point in found.points) else 4
