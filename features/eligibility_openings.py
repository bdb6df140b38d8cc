"""One row of whole numbers per opening: everything a hard rule may look at."""
from __future__ import annotations

from collections.abc import Sequence
from datetime import time
from functools import reduce
from operator import or_

from features.codes import code_list
from features.eligibility_columns import EVER, YEAR, Columns, Run, as_columns, bits, day_code, freshness, place_of
from features.eligibility_minors import minor_state
from features.eligibility_students import hours_bounds
from features.records import Opening
from features.settings import RuleSettings

OPENING_FIELDS = (
    "starts", "oldest", "youngest", "usual_oldest", "usual_youngest", "entry", "entry_oldest", "entry_youngest",
    "members_listed", "route", "contract", "latest", "closed", "most_at_least", "most_at_most", "least_at_least",
    "least_at_most", "region", "own", "branch", "certificates", "level", "not_offered", "offered", "conditions",
    "conditions_known", "must_vague", "must_steps", "must_vague_skill", "participation", "fresh", "adult", "sixteen",
    "minors", "children", "early", "planned", "schooling_job",
)  # fmt: skip
"""What `opening_columns` makes, besides place (reach) and the must-task words."""

_COMMON = ("concept", "results", "werkschool", "mentor_fte", "job_guarantee")
_STARTERS = (*_COMMON, "allies", "project_lead_fte", "rooms", "contract_after_trial", "academy")
_FOLLOWERS = (*_COMMON, "custom_work")
ENTRY = {"either": 0, "werkschool": 1, "side_entry": 2}


def criteria_of(option: int | None) -> tuple[str, ...]:
    """Return the participation criteria of an option; of an unknown option those that every option has."""
    if option is None:
        return _COMMON
    return _STARTERS if option <= 2 else _FOLLOWERS


def opening_columns(openings: Sequence[Opening], run: Run) -> Columns:
    """Return the columns of `OPENING_FIELDS`, of reach and of must-tasks; see `features.eligibility_rules`."""
    columns = as_columns([_row(j, o, run) for j, o in enumerate(openings)], OPENING_FIELDS)
    columns["place"] = run.near.opening
    columns["must"] = run.tasks.must
    columns["must_loose"] = run.tasks.must & ~run.tasks.listed
    return columns


def ages_of(o: Opening, settings: RuleSettings) -> tuple[int, int | None]:
    """Return the ages an opening admits: its own, and where it gives none those of its route and entry."""
    if o.route == "group":
        least, most = settings.age_group_min, None
    elif o.entry == "werkschool":
        least, most = settings.age_werkschool_min, settings.age_werkschool_max
    else:
        least, most = settings.age_individual_min, None
    return (least if o.age_min is None else o.age_min), (most if o.age_max is None else o.age_max)


def participation_state(o: Opening) -> int:
    """Return 0 every criterion is met, 1 something is not known, 2 a criterion is known not to be met."""
    criteria = criteria_of(o.participation_option)
    if any(code in o.criteria_not_met for code in criteria):
        return 2
    return int(o.participation_option is None or any(code not in o.criteria_met for code in criteria))


def members_listed(o: Opening, settings: RuleSettings) -> bool:
    """Say whether the policy lists the member schools of this opening's werkschool.

    A list under a labour-market region's code, or under the name of one of the policy's own regions, speaks
    of the openings there; under any other name it speaks of all.
    """
    for name in settings.werkschool_members:
        if name in settings.own_regions:
            inside = o.location is not None and o.location.municipality_code in settings.own_regions[name]
        elif name.startswith("AM") and name[2:].isdigit():
            inside = o.location is not None and o.location.region_code == name
        else:
            inside = True
        if inside:
            return True
    return False


def starts_early(o: Opening, first: time) -> bool:
    """Say whether work starts before the first public transport, by its time or else by its conditions."""
    if o.starts_at is None:
        return "early_start" in (o.conditions or ())
    return o.starts_at < first.hour * 60 + first.minute


def _row(j: int, o: Opening, run: Run) -> dict[str, int]:
    settings, where = run.settings, run.where
    start, group = day_code(o.starts_on), o.route == "group"
    entry = 0 if group else ENTRY[o.entry]
    least, most = ages_of(o, settings)
    offered = dict(o.support_offered or ())
    skills = code_list("work_skill").codes
    must_skills = [d for d in o.work_skills if d.must]
    return {
        "starts": o.starts_on.toordinal(),
        "youngest": start - least * YEAR,
        "oldest": -EVER if most is None else start - (most + 1) * YEAR,
        "usual_youngest": start - settings.age_group_usual_min * YEAR if group else EVER,
        "usual_oldest": start - (settings.age_group_usual_max + 1) * YEAR if group else -EVER,
        "entry": entry,
        # Nothing more is asked of an opening that takes either: equal rows are then one class.
        "entry_youngest": start - settings.age_werkschool_min * YEAR if entry == 2 else 0,
        "entry_oldest": start - (settings.age_werkschool_max + 1) * YEAR if entry == 2 else 0,
        "members_listed": bool(entry) and members_listed(o, settings),
        "route": 0 if o.route is None else bits((o.route,), "route"),
        "contract": 0 if o.contract_type is None else bits((o.contract_type,), "contract_type"),
        "latest": o.starts_on.toordinal() + settings.date_grace_days,
        "closed": o.closes_on is not None and o.closes_on < run.on,
        **hours_bounds(o.hours_min, o.hours_max),
        "region": 0 if o.location is None else where.region_number[o.location.region_code],
        "own": 0 if o.location is None else where.own_number.get(o.location.municipality_code, 0),
        "branch": bits((o.branch,), "branch"),
        "certificates": bits(set(o.certificates_required) - set(o.certificates_obtainable), "certificate"),
        "level": 0 if o.level_min is None else place_of(o.level_min, "level", code_list("level").codes),
        "not_offered": bits((code for code, how in offered.items() if how == "no"), "support"),
        "offered": bits((code for code, how in offered.items() if how == "yes"), "support"),
        "conditions": bits(o.conditions or (), "condition"),
        "conditions_known": o.conditions is not None,
        "must_vague": run.tasks.unmatched_must(j),
        "must_steps": reduce(
            or_, (((1 << (d.level or 0)) - 1) << 3 * place_of(d.text, "work_skill", skills) for d in must_skills), 0
        ),
        "must_vague_skill": any(d.level is None for d in must_skills),
        "participation": participation_state(o),
        "fresh": freshness(o.confirmed_on, run.on, settings),
        "adult": start - 18 * YEAR,
        "sixteen": start - 16 * YEAR,
        "minors": minor_state(o, settings, settings.under_18_windows),
        "children": minor_state(o, settings, settings.under_16_windows),
        "early": starts_early(o, settings.first_transport),
        "planned": o.certainty == "planned",
        "schooling_job": o.contract_type in settings.schooling_contracts and not o.crebo,
    }
